"""The rules of a picture: the lines that its tables are drawn with, also where they are pale, dashed or broken.

In: a straightened page. Out: its rules across and down, in points, and the pixels that they take.
What never happens: a stroke of a character is taken for a border between two cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from gongkai.read.page import Rule
from gongkai.read.ruled_tables import lines_of_rules
from gongkai.read.scan.raster import Image, Mask, Raster, ink


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """When a stroke of a picture is a rule. Shades go from 0, black, to 255."""

    long_across_pt: float = 18.0
    """A horizontal stroke at least this long, in points, may be a rule; characters of a table are smaller."""
    long_down_pt: float = 13.0
    """The same of a vertical stroke."""
    long_pt: float = 42.0
    """No character has a stroke this long, in points."""
    long_dashed_pt: float = 60.0
    """No strokes of characters below each other make a dashed one this long."""
    near_pt: float = 1.8
    """A stroke that ends this near to a rule, in points, ends there."""
    paler_times: float = 1.25
    """Where pale and dashed strokes together are longer than the dark ones by this factor, they are the rules."""
    pale_rule_shades: float = 14.0
    """A pale rule is darker than its paper by this much, of 255."""
    beside_px: int = 5
    """So many pixels beside a rule there is paper."""
    dash_px: int = 2
    """Half the longest gap between two dashes, in pixels."""
    drawn_share: float = 0.83
    """A rule, gaps between its dashes included, is dark along at least this part of its length."""
    same_place_pt: float = 1.5
    """Places nearer than this, in points, are one."""
    within_pt: float = 0.6
    """A rule leads up to the rules at its ends but for this; a digit that fills a low row leaves more paper."""
    trace_shade: int = 232
    """A pixel darker than this may be a trace of a rule."""
    thick_pt: float = 4.0
    """Thicker strokes, in points, are no rules."""


SETTINGS = RuleSettings()


def rules_of(raster: Raster) -> tuple[list[Rule], list[Rule], Image]:
    """The rules across and down, in points, and the pixels that they take (255).

    A stroke that no character is long enough for is a rule; a shorter one is, where it leads from rule to rule.
    """
    level, plumb, taken = _seen_rules(raster, ink)
    traces = _seen_rules(raster, _traces)
    if min(len(traces[0]), len(traces[1])) >= 3 and _length(*traces[:2]) > SETTINGS.paler_times * _length(level, plumb):
        level, plumb, taken = traces
    faint_level = _faint(raster.grey, raster.px_per_pt, level, plumb)
    faint_plumb = _faint(np.ascontiguousarray(raster.grey.T), raster.px_per_pt, plumb, level)
    _draw(taken, faint_level, raster.px_per_pt)
    _draw(taken.T, faint_plumb, raster.px_per_pt)
    wiped = cv2.dilate(taken, np.ones((5, 5), np.uint8))
    return level + faint_level, plumb + faint_plumb, np.asarray(wiped, np.uint8)


def _seen_rules(raster: Raster, black: Callable[[Image], Image]) -> tuple[list[Rule], list[Rule], Image]:
    """The rules across and down and their pixels, as ``black`` tells ink from paper along the rows of a picture."""
    across = _Strokes.of(black(raster.grey), raster.px_per_pt, SETTINGS.long_across_pt)
    down = _Strokes.of(black(np.ascontiguousarray(raster.grey.T)), raster.px_per_pt, SETTINGS.long_down_pt)
    rows, columns = _long(across.rules), _long(down.rules)
    if black is _traces:
        # What stands beside a rule is paper; beside strokes that follow each other in a line of text, more strokes.
        across = across.chosen(_plain(across.rules, raster.grey, raster.px_per_pt, 0.25, 0.25))
        down = down.chosen(_plain(down.rules, raster.grey.T, raster.px_per_pt, 0.15, 0.65))
        # The strokes of labels that stand below each other make a dashed one, over a few rows of them.
        rows, columns = _long(across.rules), _long(down.rules, SETTINGS.long_dashed_pt)
    for _ in range(2):
        more_columns = columns | _leading(down.rules, [across.rules[i] for i in rows])
        rows |= _leading(across.rules, [down.rules[i] for i in columns])
        columns = more_columns
    columns -= _lone(down.rules, columns)
    taken = (across.pixels(rows) | down.pixels(columns).T).astype(np.uint8) * 255
    return [across.rules[i] for i in sorted(rows)], [down.rules[i] for i in sorted(columns)], taken


def _plain(rules: Sequence[Rule], grey: Image, px_per_pt: float, emptier: float, fuller: float) -> set[int]:
    """Those of the rules that are drawn along their whole way and stand alone."""
    return {
        i
        for i, rule in enumerate(rules)
        if _is_alone(rule, grey, px_per_pt, emptier, fuller) and _is_drawn(rule, grey, px_per_pt)
    }


def _is_alone(rule: Rule, grey: Image, px_per_pt: float, emptier: float, fuller: float) -> bool:
    """Whether there is paper above and below a stroke: ink along less than these parts of its length."""
    row, start, end = round(rule.at * px_per_pt - 0.5), round(rule.start * px_per_pt), round(rule.end * px_per_pt)
    shares = []
    for side in (row - SETTINGS.beside_px, row + SETTINGS.beside_px):
        strip = grey[max(side - 1, 0) : side + 2, start:end]
        shares.append(float((strip.min(axis=0) < SETTINGS.trace_shade - 20).mean()) if strip.size else 0.0)
    return min(shares) < emptier and max(shares) < fuller


def _is_drawn(rule: Rule, grey: Image, px_per_pt: float) -> bool:
    """Whether a stroke is dark along most of its way, gaps between dashes included.

    The arcs of a column of noughts and the rules between its rows follow each other, too, with more paper between.
    """
    row = round(rule.at * px_per_pt - 0.5)
    strip = grey[max(row - 1, 0) : row + 2, round(rule.start * px_per_pt) : round(rule.end * px_per_pt)]
    if not strip.size:
        return False
    dark = 255.0 - cv2.blur(strip.astype(np.float32), (2 * SETTINGS.dash_px + 1, 1)).min(axis=0)
    return bool((dark > SETTINGS.pale_rule_shades * 0.7).mean() >= SETTINGS.drawn_share)


def _length(*rules: Sequence[Rule]) -> float:
    return sum(rule.end - rule.start for own in rules for rule in own)


def _traces(grey: Image) -> Image:
    """255 where a picture may hold pale or dashed strokes along its rows: darker than what is above and below."""
    dark = 255.0 - cv2.blur(grey.astype(np.float32), (9, 1))
    beside = np.maximum(np.roll(dark, SETTINGS.beside_px, axis=0), np.roll(dark, -SETTINGS.beside_px, axis=0))
    trace = np.where(
        (dark > SETTINGS.pale_rule_shades) & (dark - beside > SETTINGS.pale_rule_shades * 0.7), 255, 0
    ).astype(np.uint8)
    return np.asarray(
        cv2.morphologyEx(trace, cv2.MORPH_CLOSE, np.ones((1, 2 * SETTINGS.dash_px + 1), np.uint8)), np.uint8
    )


def _long(rules: Sequence[Rule], shortest: float = SETTINGS.long_pt) -> set[int]:
    return {i for i, rule in enumerate(rules) if rule.end - rule.start >= shortest}


def _leading(rules: Sequence[Rule], others: Sequence[Rule]) -> set[int]:
    """Those of the rules that begin and end at one of the others, which go the other way."""

    def met(rule: Rule, place: float) -> bool:
        return any(
            abs(o.at - place) <= SETTINGS.near_pt and o.start - SETTINGS.near_pt <= rule.at <= o.end + SETTINGS.near_pt
            for o in others
        )

    return {i for i, rule in enumerate(rules) if met(rule, rule.start) and met(rule, rule.end)}


def _lone(rules: Sequence[Rule], chosen: Collection[int]) -> set[int]:
    """The short ones of the chosen rules that are no border: strokes of a watermark that lead from rule to rule.

    The borders between the columns of a table follow each other from row to row, or stand beside each other in a row.
    """

    def continues(rule: Rule, other: Rule) -> bool:
        return abs(rule.at - other.at) < SETTINGS.same_place_pt

    def stands_beside(rule: Rule, other: Rule) -> bool:
        return abs(rule.start - other.start) <= SETTINGS.near_pt and abs(rule.end - other.end) <= SETTINGS.near_pt

    lone = set()
    for i in chosen:
        others = [rules[other] for other in chosen if other != i]
        short = rules[i].end - rules[i].start < SETTINGS.long_pt
        beside = sum(stands_beside(rules[i], other) for other in others)
        if short and beside < 2 and not any(continues(rules[i], other) for other in others):
            lone.add(i)
    return lone


def _faint(grey: Image, px_per_pt: float, rules: Sequence[Rule], others: Sequence[Rule]) -> list[Rule]:
    """What is missing of the rules along the rows of a picture, where a trace leads from rule to rule."""
    lines = lines_of_rules(rules)
    crossing = lines_of_rules(others)
    missing = []
    # Where rules end, the table's side may be too faint to be seen at first.
    ends = [place for o in crossing for place in (o.start, o.end)]
    for at in dict.fromkeys(round(place, 1) for place in (*(line.at for line in lines), *ends)):
        on_line = [line for line in lines if abs(line.at - at) < SETTINGS.same_place_pt]
        places = sorted(o.at for o in crossing if o.start - SETTINGS.near_pt <= at <= o.end + SETTINGS.near_pt)
        for start, end in pairwise(places):
            if end - start < SETTINGS.same_place_pt or any(
                line.start <= start + SETTINGS.same_place_pt and line.end >= end - SETTINGS.same_place_pt
                for line in on_line
            ):
                continue
            top = max(round((at - 2 * SETTINGS.same_place_pt) * px_per_pt), 0)
            left, right = round((start + SETTINGS.within_pt) * px_per_pt), round((end - SETTINGS.within_pt) * px_per_pt)
            strip = grey[top : round((at + 2 * SETTINGS.same_place_pt) * px_per_pt) + 1, left:right]
            row = _trace(strip) if strip.size else None
            if row is not None:
                missing.append(Rule((top + row + 0.5) / px_per_pt, start, end))
    return missing


def _trace(strip: Image) -> int | None:
    """The row of a strip on which a rule left its trace; ``None`` if what is there may be strokes of characters.

    A rule is dark along its length, and there is paper on both sides of it.
    """
    # A trace may wander by a pixel: each place is as dark as the darkest of three rows.
    shares = (cv2.erode(strip, np.ones((3, 1), np.uint8)) < SETTINGS.trace_shade).mean(axis=1)
    quarter = len(shares) // 4
    row = quarter + int(shares[quarter : len(shares) - quarter].argmax())
    beside = max(float(shares[:row].min(initial=1.0)), float(shares[row + 1 :].min(initial=1.0)))
    traced = (shares[row] >= 0.97 and beside <= 0.3) or (shares[row] >= 0.85 and beside <= 0.05)
    return row if traced else None


def _draw(taken: Image, rules: Sequence[Rule], px_per_pt: float) -> None:
    """Mark the pixels of rules along the rows of a picture: they become 255 in ``taken``."""
    for rule in rules:
        row = round(rule.at * px_per_pt - 0.5)
        taken[max(row - 1, 0) : row + 2, round(rule.start * px_per_pt) : round(rule.end * px_per_pt)] = 255


@dataclass(frozen=True, slots=True)
class _Strokes:
    """Long thin strokes along the rows of a picture, and the pixels of each."""

    rules: list[Rule]
    labels: NDArray[np.int32]
    numbers: list[int]
    """The label of each rule's pixels in ``labels``, which is (rows, columns), int32, 0 where there is no stroke."""

    @classmethod
    def of(cls, black: Image, px_per_pt: float, shortest: float) -> _Strokes:
        """``shortest`` is in points."""
        # Thickened, a rule that is a little bent or still a little askew is one stroke.
        thick = cv2.dilate(black, np.ones((3, 1), np.uint8))
        long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, round(shortest * px_per_pt)), np.uint8))
        count, labels, stats, centres = cv2.connectedComponentsWithStats(long, connectivity=8)
        rules, numbers = [], []
        for number in range(1, count):
            left, _, width, _, area = (int(value) for value in stats[number])
            if area / width - 2 <= SETTINGS.thick_pt * px_per_pt:
                rules.append(
                    Rule(float(centres[number][1] + 0.5) / px_per_pt, left / px_per_pt, (left + width) / px_per_pt)
                )
                numbers.append(number)
        return cls(rules, np.asarray(labels, np.int32), numbers)

    def chosen(self, kept: Iterable[int]) -> _Strokes:
        order = sorted(kept)
        return _Strokes([self.rules[i] for i in order], self.labels, [self.numbers[i] for i in order])

    def pixels(self, chosen: Iterable[int]) -> Mask:
        """Where the chosen rules lie, in the shape of ``labels``."""
        mine = np.zeros(int(self.labels.max()) + 1, np.bool_)
        mine[[self.numbers[i] for i in chosen]] = True
        return mine[self.labels]
