"""Where the columns of a table stand across it.

In: the rows of a table. Out: ``Place``s, from left to right: of a ruled table the intervals between the borders of its
figures' cells, of a table without rules where the figures of its lines stand. Which of the form's column one is, is
told elsewhere (``columns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gongkai.extract.tables.rows import POINTS, PrintedRow, Slot
from gongkai.figures import is_blank

SNAP = 3.0
"""Borders of columns nearer than this, in points, are one."""
LONE = 60.0
"""How far from where the figures of a block's only column stand, in points, another one may stand."""


class Place(NamedTuple):
    """A printed column: the interval that it takes across the table, and all that stands above it."""

    x0: float
    x1: float
    header: tuple[str, ...] = ()
    start: float = 0.0
    """Where its figures begin, in a table without rules."""

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


def intervals(rows: Sequence[PrintedRow]) -> list[Place]:
    """The columns of a ruled table: the intervals between the borders of its figures' cells."""
    borders: list[float] = []
    for x in sorted({x for row in rows for slot in row.figures for x in (slot.x0, slot.x1)}):
        snap = SNAP if rows[0].scale == POINTS else 0.0
        if not borders or x - borders[-1] > snap:
            borders.append(x)
    return [Place(a, b) for a, b in pairwise(borders)]


def stands_in(slot: Slot, place: Place, ruled: bool) -> bool:
    """Something stands in each column whose middle it covers; a word also where its own middle is."""
    return slot.x0 <= place.center <= slot.x1 or (not ruled and place.x0 <= slot.center <= place.x1)


def filled_in(rows: Sequence[PrintedRow], places: Sequence[Place]) -> bool:
    """Whether a figure stands in one of these places."""
    return any(stands_in(s, p, True) and not is_blank(s.text) for row in rows for s in row.figures for p in places)


def header_above(place: Place, zone: Sequence[PrintedRow], scale: str | None, ruled: bool) -> tuple[str, ...]:
    """What stands above a column, from the top."""
    found: dict[Slot, str] = {}
    for row in zone:
        if row.scale == scale:
            for slot in row.texts:
                if slot.x0 <= place.center <= slot.x1 or (not ruled and place.x0 <= slot.center <= place.x1):
                    found[slot] = slot.text
    return tuple(found.values())


def clusters_of(zone: Sequence[PrintedRow], body: Sequence[PrintedRow]) -> list[list[Slot]]:
    """The columns of lines of which none is complete: figures that overlap across, and headers where none stands."""
    clusters = _overlapping([slot for row in body for slot in row.figures])
    heads = [
        slot
        for row in zone
        for slot in row.texts
        if not any(slot.x0 <= s.x1 and s.x0 <= slot.x1 for cluster in clusters for s in cluster)
    ]
    return sorted(clusters + _overlapping(heads), key=lambda cluster: cluster[0].x0)


def is_crowded(cluster: Sequence[Slot], zone: Sequence[PrintedRow], body: Sequence[PrintedRow]) -> bool:
    """Whether figures that overlap across are of several columns: two stand in one line, or under two headers."""
    own = set(map(id, cluster))
    if any(sum(id(slot) in own for slot in row.figures) > 1 for row in body):
        return True
    x0, x1 = min(slot.x0 for slot in cluster), max(slot.x1 for slot in cluster)
    # A figure overlaps the header of the next column only where what stands before it pushed it aside.
    return any(sum(s.x0 < x1 and x0 < s.x1 and len(s.text) > 1 for s in row.texts) > 1 for row in zone)


def _overlapping(slots: Sequence[Slot]) -> list[list[Slot]]:
    clusters: list[list[Slot]] = []
    for slot in sorted(slots, key=lambda s: s.x0):
        if clusters and slot.x0 <= max(s.x1 for s in clusters[-1]):
            clusters[-1].append(slot)
        else:
            clusters.append([slot])
    return clusters


def complete_hulls(lines: Sequence[Sequence[Slot]]) -> list[Place]:
    return hulls_of([[*column] for column in zip(*lines, strict=True)])


def hulls_of(columns: Sequence[Sequence[Slot]]) -> list[Place]:
    """The columns of a table without rules: where their figures stand, and half the gap beside them.

    None if figures of two columns overlap across.
    """
    if not columns:
        return []
    hulls = [(min(s.x0 for s in column), max(s.x1 for s in column)) for column in columns]
    if any(after[0] <= before[1] for before, after in pairwise(hulls)):
        return []
    gaps = [(before[1] + after[0]) / 2 for before, after in pairwise(hulls)]
    reach = max([gap - before[1] for gap, before in zip(gaps, hulls, strict=False)], default=LONE)
    borders = [hulls[0][0] - reach, *gaps, hulls[-1][1] + reach]
    return [Place(a, b, start=hull[0]) for (a, b), hull in zip(pairwise(borders), hulls, strict=True)]
