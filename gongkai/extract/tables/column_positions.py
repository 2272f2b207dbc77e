"""Where the columns of a table stand across it.

In: the rows of a table. Out: ``ColumnSpan``s, from left to right: of a ruled table the intervals between the borders of
its figures' cells, of a table without rules where the figures of its lines stand. Which of the form's columns one is,
is told elsewhere (``columns``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gongkai.extract.tables.rows import POINTS, PrintedCell, PrintedRow
from gongkai.extract.tables.settings import COLUMNS
from gongkai.figures import is_blank


class ColumnSpan(NamedTuple):
    """A printed column: the interval that it takes across the table, and all that stands above it."""

    x0: float
    x1: float
    header: tuple[str, ...] = ()
    start: float = 0.0
    """Where its figures begin, in a table without rules."""

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


def spans_between_borders(rows: Sequence[PrintedRow]) -> list[ColumnSpan]:
    """The columns of a ruled table: the intervals between the borders of its figures' cells."""
    borders: list[float] = []
    for x in sorted({x for row in rows for cell in row.figures for x in (cell.x0, cell.x1)}):
        snap = COLUMNS.border_snap_pt if rows[0].scale == POINTS else 0.0
        if not borders or x - borders[-1] > snap:
            borders.append(x)
    return [ColumnSpan(a, b) for a, b in pairwise(borders)]


def stands_in(cell: PrintedCell, span: ColumnSpan, ruled: bool) -> bool:
    """Something stands in each column whose middle it covers; a word also where its own middle is."""
    return cell.x0 <= span.center <= cell.x1 or (not ruled and span.x0 <= cell.center <= span.x1)


def has_figure_in(rows: Sequence[PrintedRow], spans: Sequence[ColumnSpan]) -> bool:
    """Whether a figure stands in one of these spans."""
    cells = [cell for row in rows for cell in row.figures if not is_blank(cell.text)]
    return any(stands_in(cell, span, True) for cell in cells for span in spans)


def header_above(span: ColumnSpan, zone: Sequence[PrintedRow], scale: str | None, ruled: bool) -> tuple[str, ...]:
    """What stands above a column, from the top."""
    center = span.center
    above: dict[PrintedCell, str] = {}  # a cell that spans rows stands in each of them, and is said once
    for row in zone:
        if row.scale == scale:
            for cell in row.texts:
                if cell.x0 <= center <= cell.x1 or (not ruled and stands_in(cell, span, ruled)):
                    above[cell] = cell.text
    return tuple(above.values())


def clusters_of(zone: Sequence[PrintedRow], body: Sequence[PrintedRow]) -> list[list[PrintedCell]]:
    """The columns of lines of which none is complete: figures that overlap across, and headers where none stands."""
    clusters = _overlapping([cell for row in body for cell in row.figures])
    heads = [
        cell
        for row in zone
        for cell in row.texts
        if not any(cell.x0 <= s.x1 and s.x0 <= cell.x1 for cluster in clusters for s in cluster)
    ]
    return sorted(clusters + _overlapping(heads), key=lambda cluster: cluster[0].x0)


def is_crowded(cluster: Sequence[PrintedCell], zone: Sequence[PrintedRow], body: Sequence[PrintedRow]) -> bool:
    """Whether figures that overlap across are of several columns: two stand in one line, or under two headers."""
    members = set(cluster)
    if any(sum(cell in members for cell in row.figures) > 1 for row in body):
        return True
    x0, x1 = min(cell.x0 for cell in cluster), max(cell.x1 for cell in cluster)
    # A figure overlaps the header of the next column only where what stands before it pushed it aside.
    return any(sum(s.x0 < x1 and x0 < s.x1 and len(s.text) > 1 for s in row.texts) > 1 for row in zone)


def _overlapping(cells: Sequence[PrintedCell]) -> list[list[PrintedCell]]:
    clusters: list[list[PrintedCell]] = []
    for cell in sorted(cells, key=lambda s: s.x0):
        if clusters and cell.x0 <= max(s.x1 for s in clusters[-1]):
            clusters[-1].append(cell)
        else:
            clusters.append([cell])
    return clusters


def spans_of_lines(lines: Sequence[Sequence[PrintedCell]]) -> list[ColumnSpan]:
    """The columns of lines that all have as many figures."""
    return spans_of_columns([[*column] for column in zip(*lines, strict=True)])


def spans_of_columns(columns: Sequence[Sequence[PrintedCell]]) -> list[ColumnSpan]:
    """The columns of a table without rules: where their figures stand, and half the gap beside them.

    None if figures of two columns overlap across.
    """
    if not columns:
        return []
    hulls = [(min(s.x0 for s in column), max(s.x1 for s in column)) for column in columns]
    if any(after[0] <= before[1] for before, after in pairwise(hulls)):
        return []
    gaps = [(before[1] + after[0]) / 2 for before, after in pairwise(hulls)]
    reach = max([gap - before[1] for gap, before in zip(gaps, hulls, strict=False)], default=COLUMNS.lone_reach_pt)
    borders = [hulls[0][0] - reach, *gaps, hulls[-1][1] + reach]
    return [ColumnSpan(a, b, start=hull[0]) for (a, b), hull in zip(pairwise(borders), hulls, strict=True)]
