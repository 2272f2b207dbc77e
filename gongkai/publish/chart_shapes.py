"""What charts are made of: figures that go in, and shapes with their positions that come out.

Across, a position is in per cent of the chart's width; down, in pixels from its top, so that a chart grows with its
page and its letters don't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Missing = Literal["not_collected", "blank", "unread", "none"]
"""Why nothing is drawn: no report, an empty cell, a figure that couldn't be read, no cases to take shares of."""

Shown = Literal["always", "wide", "never"]
"""Whether there is room for a label: on a phone too, on a wide page only, or nowhere."""


@dataclass(frozen=True, slots=True)
class Datum:
    """A year's figure. ``missing`` says why it is ``None``; ``in_doubt``: an error of the checks names it."""

    year: int
    value: Decimal | None
    missing: Missing | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """A year's figures that make up a whole, by series; ``None`` as a whole if one of them is not stated."""

    year: int
    values: Mapping[str, Decimal] | None
    missing: Missing | None = None
    in_doubt: bool = False

    @property
    def total(self) -> Decimal:
        return sum((self.values or {}).values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Tick:
    """A value of a scale, and where its line is."""

    value: Decimal
    position: float


@dataclass(frozen=True, slots=True)
class Year:
    """A year under the columns; ``shown`` says whether there is room for it."""

    year: int
    middle: float
    shown: Shown


@dataclass(frozen=True, slots=True)
class Gap:
    """Years without a column, for one reason. ``upright``: its word needs to run down, since the gap is narrow."""

    missing: Missing
    left: float
    width: float
    middle: float
    upright: bool


@dataclass(frozen=True, slots=True)
class Column:
    datum: Datum
    left: float
    width: float
    middle: float
    top: float
    height: float
    shown: Shown


@dataclass(frozen=True, slots=True)
class Band:
    """One series over the years. ``top`` is where it begins, ``base`` its zero line."""

    series: str
    top: float
    base: float
    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class BandChart:
    """Series one under another, on one scale, over one axis of years.

    ``plot`` is the height of each one's columns, ``right`` where the last year ends.
    """

    height: float
    plot: float
    right: float
    bands: tuple[Band, ...]
    years: tuple[Year, ...]
    series: Mapping[str, tuple[Datum, ...]]


@dataclass(frozen=True, slots=True)
class Segment:
    series: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Stack:
    """A year's parts on top of each other. ``shown``: whether there is room for their total above them."""

    parts: Parts
    left: float
    width: float
    middle: float
    top: float
    segments: tuple[Segment, ...]
    shown: Shown


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A series' name beside the last stack, written at ``position``; ``start`` is the middle of its segment."""

    series: str
    value: Decimal
    share: Decimal | None
    position: float
    start: float


@dataclass(frozen=True, slots=True)
class StackChart:
    """Parts over the years, named beside the last stack. ``base`` is the zero line, ``right`` where the plot ends."""

    height: float
    plot_top: float
    base: float
    right: float
    as_shares: bool
    stacks: tuple[Stack, ...]
    gaps: tuple[Gap, ...]
    years: tuple[Year, ...]
    labels: tuple[EndLabel, ...]
    label_left: float
    order: tuple[str, ...]
    columns: tuple[Parts, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A named bar: its name stands above it, its value at its end. ``missing`` says why there is none."""

    name: str
    value: Decimal | None
    missing: Missing | None
    in_doubt: bool
    top: float
    width: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, the longest first, and those without one; ``zeros`` are the names whose value is 0."""

    height: float
    bars: tuple[Bar, ...]
    zeros: tuple[str, ...]


Unit = Literal["share", "growth", "days"]


@dataclass(frozen=True, slots=True)
class Scale:
    """The steps that values are counted in: so many of them, each ``step`` wide, from ``low`` on."""

    low: Decimal
    step: Decimal
    steps: int

    @property
    def high(self) -> Decimal:
        return self.low + self.step * self.steps

    def position(self, value: Decimal) -> float:
        """Where a value stands, in per cent of the width."""
        return float((value - self.low) / (self.high - self.low) * 100)


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values lie from ``low`` to below ``high``; the last bin holds its ``high`` too."""

    count: int
    low: Decimal
    high: Decimal
    left: float
    width: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Marker:
    """A named value: a line at ``position``, named at ``name_at``. ``before``: its name stands left of its line.

    ``fits``: a phone has room for the name there; else it begins or ends there at the chart's edge.
    """

    name: str
    value: Decimal
    position: float
    name_at: float
    before: bool
    fits: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values are spread over a scale, and where some of them stand; ``median`` is that of all.

    ``unit`` says what the values are: fractions of 1, changes in fractions of 1, or days.
    """

    height: float
    base: float
    bins: tuple[Bin, ...]
    markers: tuple[Marker, ...]
    values: int
    median: Decimal
    median_at: float
    """The position of the median, in per cent of the width."""
    scale: Scale
    ticks: tuple[Tick, ...]
    """The labels of the axis; their positions are in per cent of the width."""
    unit: Unit
