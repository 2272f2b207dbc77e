"""Numbers -> the geometry of a chart, as plain data that a template draws.

In: figures by year, or by name. Out: bars, columns, gaps and labels with their positions. Every scale begins at zero.
What is not stated is never drawn as 0: it is a ``Gap`` with the reason. No words are chosen here, and no figure is
changed.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from statistics import median

from gongkai.publish.chart_shapes import (
    Band,
    BandChart,
    Bar,
    BarChart,
    Bin,
    Column,
    Datum,
    Distribution,
    EndLabel,
    Gap,
    Marker,
    Missing,
    Parts,
    Scale,
    Segment,
    Shown,
    Stack,
    StackChart,
    Tick,
    Unit,
    Year,
)

NARROW, WIDE = 280, 520
"""The widths in pixels of a chart on a phone and in a column of a wide page: what must fit into them is known here."""

MOST_YEARS = 24
"""A chart shows the last years only, if there are more; its columns would be hairlines."""

LETTER, NAME_LETTER, AIR = 7.0, 12.0, 5.0
"""The widths of a digit, of a Chinese character and of what parts two numbers, in pixels."""

BAND_HEAD, BAND_PLOT, BAND_GAP, AXIS = 40.0, 64.0, 8.0, 24.0
STACK_TOP, STACK_PLOT, LABEL_STEP = 20.0, 168.0, 17.0
LABEL_ROOM, LOWEST_PLOT = 37.0, 60.0
BAR_STEP, BAR_ROOM = 40.0, 84.0
MARKER_STEP, STRIP_HEAD, STRIP_PLOT, MEDIAN_ROOM = 18.0, 16.0, 72.0, 16.0
BINS, MOST_TICKS = 20, 4
SHARES = Scale(Decimal(0), Decimal("0.05"), BINS)
"""From none to all, in steps of five per cent."""
LEAST_FULL = Decimal(5)
"""What a scale's full length stands for at least, so that one application is no tower."""

FEWEST_SLOTS = 5
YEAR_WIDTH, MARK = 36.0, 14.0


def band_chart(series: Mapping[str, Sequence[Datum]]) -> BandChart | None:
    """Columns for each series, all over the same years and on the same scale; ``None`` if no figure is stated."""
    kept = {name: tuple(data[-MOST_YEARS:]) for name, data in series.items()}
    values = [datum.value for data in kept.values() for datum in data if datum.value is not None]
    if not values:
        return None
    highest = max(*values, LEAST_FULL)
    count = len(next(iter(kept.values())))
    shown = {name: _room_for_values(data) for name, data in kept.items()}
    scale = ticks(highest) if any("never" in row for row in shown.values()) else ()
    left = max((_width(tick) for tick in scale), default=0) / NARROW * 100
    if left:
        shown = {name: _room_for_values(data, 100 - left) for name, data in kept.items()}
    bands = []
    for index, (name, data) in enumerate(kept.items()):
        top = index * (BAND_HEAD + BAND_PLOT + BAND_GAP)
        base = top + BAND_HEAD + BAND_PLOT
        slots = _slots(count, left, 100)
        columns = tuple(
            Column(datum, *slots.bar(index), *_rise(datum.value, highest, base), how)
            for index, (datum, how) in enumerate(zip(data, shown[name], strict=True))
            if datum.value is not None
        )
        lines = tuple(Tick(tick, base - float(tick / highest) * BAND_PLOT) for tick in scale if tick)
        bands.append(Band(name, top, base, columns, _gaps(data, slots), lines))
    return BandChart(
        height=bands[-1].base + AXIS,
        plot=BAND_PLOT,
        right=_slots(count, left, 100).end(count),
        bands=tuple(bands),
        years=_years([datum.year for datum in next(iter(kept.values()))], _slots(count, left, 100)),
        series=kept,
    )


def stack_chart(
    columns: Sequence[Parts], order: Sequence[str], *, as_shares: bool, highest: Decimal | None = None
) -> StackChart | None:
    """Stacks of parts, the first of ``order`` at the bottom; ``None`` if there is nothing to draw.

    As shares, each stack is as high as every other. Else ``highest`` is the value of the full height, by default the
    highest total; a chart that doesn't reach it is lower, so that charts with one ``highest`` have one scale.
    """
    kept = tuple(_drawable(parts, as_shares) for parts in columns[-MOST_YEARS:])
    drawn = [parts for parts in kept if parts.values is not None]
    if not any(parts.total for parts in drawn):
        return None
    named = [name for name in order if any((parts.values or {}).get(name) for parts in drawn)]
    top_total = max(parts.total for parts in drawn)
    full = max(highest or top_total, top_total, LEAST_FULL)
    needed = STACK_PLOT * (1 if as_shares else float(top_total / full))
    base = STACK_TOP + max(needed, LABEL_STEP * len(named), LOWEST_PLOT)
    right = 100 - LABEL_ROOM
    slots = _slots(len(kept), 0, right)
    room = _room_for_values([Datum(parts.year, parts.total, None, parts.in_doubt) for parts in kept], right)
    stacks = []
    for index, (parts, how) in enumerate(zip(kept, room, strict=True)):
        if parts.values is not None:
            whole = parts.total if as_shares else full
            segments = _segments(parts.values, order, whole, base)
            top = min((segment.top for segment in segments), default=base)
            stacks.append(Stack(parts, *slots.bar(index), top, segments, how))
    last = next(stack for stack in reversed(stacks) if not as_shares or stack.segments)
    return StackChart(
        height=base + AXIS,
        plot_top=STACK_TOP,
        base=base,
        right=slots.end(len(kept)),
        as_shares=as_shares,
        stacks=tuple(stacks),
        gaps=_gaps([Datum(parts.year, None, parts.missing) for parts in kept], slots),
        years=_years([parts.year for parts in kept], slots),
        labels=_end_labels(last, named, base),
        label_left=last.left + last.width,
        order=tuple(named),
        columns=kept,
    )


def bar_chart(values: Mapping[str, Datum]) -> BarChart | None:
    """Bars by name, the longest first; zeros are only listed. ``None`` if nothing above 0 is stated."""
    stated = {name: datum.value for name, datum in values.items() if datum.value is not None}
    if max(stated.values(), default=Decimal(0)) <= 0:
        return None
    highest = max(*stated.values(), LEAST_FULL)
    zeros = tuple(name for name, value in stated.items() if not value)
    named = [name for name in values if name not in zeros]
    bars = tuple(
        Bar(
            name=name,
            value=values[name].value,
            missing=values[name].missing,
            in_doubt=values[name].in_doubt,
            top=index * BAR_STEP,
            width=max(0.0, float(stated.get(name, Decimal(0)) / highest)) * BAR_ROOM,
        )
        for index, name in enumerate(sorted(named, key=lambda name: -stated.get(name, Decimal(-1))))
    )
    return BarChart(len(bars) * BAR_STEP, bars, zeros)


def distribution(
    values: Sequence[Decimal], marked: Mapping[str, Decimal], scale: Scale = SHARES, unit: Unit = "share"
) -> Distribution | None:
    """How many of ``values`` lie in each step of the scale, with the ``marked`` ones named; ``None`` without values."""
    if not values:
        return None
    base = MARKER_STEP * len(marked) + STRIP_HEAD + STRIP_PLOT
    counts = Counter(min(max(int((value - scale.low) / scale.step), 0), scale.steps - 1) for value in values)
    highest = max(counts.values())
    width = 100 / scale.steps
    bins = tuple(
        Bin(
            count=count,
            low=scale.low + scale.step * index,
            high=scale.low + scale.step * (index + 1),
            left=index * width,
            width=width,
            top=base - count / highest * STRIP_PLOT,
            height=count / highest * STRIP_PLOT,
        )
        for index, count in sorted(counts.items())
    )
    # All names run one way if there is room, that with the longest way standing highest: then no line crosses a
    # name. Else each runs away from the nearer edge.
    positions = {name: scale.position(value) for name, value in marked.items()}
    halfway = 50.0
    if all(_name_fits(name, 100 - position, WIDE) for name, position in positions.items()):
        halfway = 101.0
    elif all(_name_fits(name, position, WIDE) for name, position in positions.items()):
        halfway = -1.0
    left = sorted((name for name in marked if positions[name] < halfway), key=lambda name: marked[name])
    right = sorted((name for name in marked if positions[name] >= halfway), key=lambda name: -marked[name])
    markers = tuple(
        Marker(
            name=name,
            value=marked[name],
            position=positions[name],
            name_at=MARKER_STEP * (index + 1) - 4,
            before=name in right,
            fits=_name_fits(name, positions[name] if name in right else 100 - positions[name], NARROW),
        )
        for index, name in enumerate([*left, *right])
    )
    middle = median(values)
    return Distribution(
        height=base + AXIS + MEDIAN_ROOM,
        base=base,
        bins=bins,
        markers=markers,
        values=len(values),
        median=middle,
        median_at=scale.position(middle),
        scale=scale,
        ticks=_axis(scale),
        unit=unit,
    )


def scale_of(values: Sequence[Decimal], least: Decimal) -> Scale:
    """A scale that has room for all values and for zero: at most ``BINS`` round steps, none smaller than ``least``."""
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    step = least
    for times in itertools.cycle((Decimal(2), Decimal("2.5"), Decimal(2))):  # 1, 2, 5, 10, 20, …
        if high - low <= step * (BINS - 1):
            break
        step *= times
    start = (low / step).to_integral_value(ROUND_FLOOR)
    end = max((high / step).to_integral_value(ROUND_CEILING), start + 1)
    return Scale(start * step, step, int(end - start))


def ticks(highest: Decimal, about: int = 2) -> tuple[Decimal, ...]:
    """Round values from zero to at most ``highest``, about so many steps: 1, 2 or 5 times a power of ten apart."""
    if highest <= 0:
        return (Decimal(0),)
    power = Decimal(10) ** (highest / about).adjusted()
    step = next(power * times for times in (1, 2, 5, 10) if power * times * about >= highest)
    step = max(step, Decimal(1))
    return tuple(step * count for count in range(int(highest / step) + 1))


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> tuple[float, ...]:
    """Positions in the order given, each near where it is wanted, ``apart`` from the next, within ``low`` and ``high``.

    ``wanted`` rises; where there is no room for all, they run on past ``low``.
    """
    positions: list[float] = []
    for position in wanted:
        positions.append(max(position, positions[-1] + apart if positions else low))
    limit = high
    for index in reversed(range(len(positions))):
        positions[index] = min(positions[index], limit)
        limit = positions[index] - apart
    return tuple(positions)


# ---------------------------------------------------------------- pieces


@dataclass(frozen=True, slots=True)
class _Slots:
    """Equal slots for columns from ``left`` on, each ``step`` wide."""

    left: float
    step: float

    def end(self, count: int) -> float:
        """Where the last of so many slots ends."""
        return self.left + self.step * count

    def bar(self, index: int) -> tuple[float, float, float]:
        """The left edge, the width and the middle of the column in a slot."""
        width = self.step * 0.72
        middle = self.left + self.step * (index + 0.5)
        return middle - width / 2, width, middle


def _slots(count: int, left: float, right: float) -> _Slots:
    """Few years don't make fat columns: there are slots for five at least."""
    return _Slots(left, (right - left) / max(count, FEWEST_SLOTS))


def _rise(value: Decimal, highest: Decimal, base: float) -> tuple[float, float]:
    """The top and the height of a column; a negative count, which can't be, has no height."""
    height = max(0.0, float(value / highest)) * BAND_PLOT
    return base - height, height


def _drawable(parts: Parts, as_shares: bool) -> Parts:
    """The parts if they can be stacked: a negative count can't be, and nothing has no shares."""
    if parts.values is None:
        return parts
    if min(parts.values.values(), default=Decimal(0)) < 0:
        return Parts(parts.year, None, "unread", in_doubt=True)
    if as_shares and not parts.total:
        return Parts(parts.year, None, "none", parts.in_doubt)
    return parts


def _segments(values: Mapping[str, Decimal], order: Iterable[str], whole: Decimal, base: float) -> tuple[Segment, ...]:
    segments = []
    top = base
    for name in order:
        height = float(values.get(name, Decimal(0)) / whole) * STACK_PLOT if whole else 0.0
        top -= height
        segments.append(Segment(name, top, height))
    return tuple(segments)


def _end_labels(stack: Stack, named: Sequence[str], base: float) -> tuple[EndLabel, ...]:
    """The names beside a stack, from the top down, as near to their segments as they can be without touching."""
    at = {segment.series: segment.top + segment.height / 2 for segment in stack.segments}
    downward = list(reversed(named))
    positions = spread([at[name] for name in downward], LABEL_STEP, STACK_TOP, base - LABEL_STEP / 3)
    values, total = stack.parts.values or {}, stack.parts.total
    return tuple(
        EndLabel(
            series=name,
            value=values.get(name, Decimal(0)),
            share=values.get(name, Decimal(0)) / total * 100 if total else None,
            position=position,
            start=at[name],
        )
        for name, position in zip(downward, positions, strict=True)
    )


def _gaps(data: Sequence[Datum], slots: _Slots) -> tuple[Gap, ...]:
    """Neighbouring years that lack a figure for one reason are one gap."""
    runs: list[tuple[Missing, int, int]] = []
    for index, datum in enumerate(data):
        if datum.missing is None:
            continue
        if runs and runs[-1][0] == datum.missing and runs[-1][2] == index:
            runs[-1] = (datum.missing, runs[-1][1], index + 1)
        else:
            runs.append((datum.missing, index, index + 1))
    gaps = []
    for missing, start, end in runs:
        left, width = slots.left + slots.step * start, slots.step * (end - start)
        gaps.append(Gap(missing, left, width, left + width / 2, width / 100 * NARROW < 12 * LETTER))
    return tuple(gaps)


def _axis(scale: Scale) -> tuple[Tick, ...]:
    """The ends of some steps, zero among them: as many as a phone has room for."""
    apart = next(apart for apart in (1, 2, 5, 10) if scale.steps <= apart * MOST_TICKS)
    first = int(scale.low / scale.step)
    ends = (index for index in range(scale.steps + 1) if not (first + index) % apart)
    return tuple(Tick(scale.low + scale.step * index, index / scale.steps * 100) for index in ends)


def _years(years: Sequence[int], slots: _Slots) -> tuple[Year, ...]:
    """Years under their slots, counted back from the last one where there is room for some only."""
    wide, narrow = (max(1, math.ceil(YEAR_WIDTH / (slots.step / 100 * width))) for width in (WIDE, NARROW))
    narrow = math.ceil(narrow / wide) * wide  # so that a wide page adds years between those of a phone
    last = len(years) - 1
    return tuple(
        Year(
            year,
            slots.bar(index)[2],
            "always" if not (last - index) % narrow else "wide" if not (last - index) % wide else "never",
        )
        for index, year in enumerate(years)
    )


def _room_for_values(data: Sequence[Datum], room: float = 100) -> tuple[Shown, ...]:
    """Whether there is room for each column's value: for all, or for the last, the highest and the first alone."""
    widths = [_width(datum.value) + MARK * datum.in_doubt for datum in data if datum.value is not None]
    widest = max(widths, default=0.0)
    step = room / 100 / max(len(data), FEWEST_SLOTS)
    rest: Shown = "always" if widest <= step * NARROW else "wide" if widest <= step * WIDE else "never"
    indices = [index for index, datum in enumerate(data) if datum.value is not None] or [0]
    chosen: list[int] = []
    for index in (indices[-1], max(indices, key=lambda index: data[index].value or 0), indices[0]):
        if all(abs(index - other) * step * NARROW >= widest for other in chosen):
            chosen.append(index)
    return tuple("always" if index in chosen else rest for index in range(len(data)))


def _name_fits(name: str, room: float, width: int) -> bool:
    """Whether a Chinese name, with a share behind it, fits into so many per cent of a chart of that width in pixels."""
    return len(name) * NAME_LETTER + 6 * LETTER + AIR <= room / 100 * width


def _width(value: Decimal) -> float:
    """About the width of a number in pixels, its thousands parted."""
    return len(f"{value:,f}") * LETTER + AIR
