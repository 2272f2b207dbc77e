"""Rows of a table that end elsewhere than those around them -> figures in doubt.

In: the cells of a table whose places follow from their order and their spans, as in web pages and Word files. Out: the
same, with the figures doubtful of which it is open which column they are in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.figures import is_blank, looks_like_figure
from gongkai.model import Cell


@dataclass(frozen=True, slots=True)
class RaggedSettings:
    """When a row of figures ends elsewhere than it should."""

    enough_rows: int = 3
    """So many rows of figures tell where they usually end; fewer are compared with their header."""
    wide_header_cells: int = 5
    """A header of so many cells tells how many its rows have."""
    usual_share: float = 0.75
    """The share of rows that end alike with as many figures from which on another with as many was pushed aside."""
    several_figures: int = 5
    """Fewer figures may be as many by chance."""


SETTINGS = RaggedSettings()


def doubted(cells: Sequence[Cell]) -> Iterator[Cell]:
    """The cells, with figures doubtful in rows that end elsewhere than the rows around them, or than their header.

    Such a row lacks a cell or has one too many, or a span above it is wrong: which figure is whose is open.
    """
    cells = _shifted(cells)
    ragged = _ragged(_without_empty_rows(cells))
    for index, cell in enumerate(cells):
        yield cell._replace(doubtful=True, ragged=not cell.doubtful) if index in ragged else cell


def _shifted(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, with a row moved to where those around it end if it has as many figures as they have.

    Then only what stands before its figures is pushed aside, by a group's label that spans a row too many or too few.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    tails = {row: tail for row, own in rows.items() if (tail := _figures_at_end(own))}
    usual = Counter(tails.values()).most_common(1)
    least = max(SETTINGS.enough_rows, SETTINGS.usual_share * len(tails))
    if not usual or usual[0][1] < least or usual[0][0][0] < SETTINGS.several_figures:
        return list(cells)
    (figures, end), _ = usual[0]
    aside = {row: end - own for row, (count, own) in tails.items() if count == figures and own != end}
    return [cell._replace(column=max(cell.column + aside.get(cell.row, 0), 0)) for cell in cells]


def _figures_at_end(row: Sequence[Cell]) -> tuple[int, int] | None:
    """How many figures and blanks end a row behind its label, and where it ends; ``None`` if it is no such row."""
    ordered = sorted(row, key=lambda cell: cell.column)
    first = len(ordered)
    while first and looks_like_figure(ordered[first - 1].text) and _is_single(ordered[first - 1]):
        first -= 1
    tail = ordered[first:]
    if not first or not ordered[first - 1].text or all(is_blank(cell.text) for cell in tail):
        return None
    apart = any(after.column != before.column + 1 for before, after in pairwise(tail))
    return None if apart or looks_like_figure(ordered[first - 1].text) else (len(tail), tail[-1].column + 1)


def _is_single(cell: Cell) -> bool:
    return cell.row_span == cell.column_span == 1


def _without_empty_rows(cells: Sequence[Cell]) -> list[Cell]:
    """The cells in rows numbered anew, without those in which none begins."""
    begun = sorted({cell.row for cell in cells})
    renumbered = []
    for cell in cells:
        first, end = bisect_left(begun, cell.row), bisect_left(begun, cell.row + cell.row_span)
        renumbered.append(cell._replace(row=first, row_span=end - first))
    return renumbered


def _ragged(cells: Sequence[Cell]) -> set[int]:
    """The places in ``cells`` of figures in rows that end elsewhere."""
    ends: dict[int, int] = {}
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            ends[row] = max(ends.get(row, 0), cell.column + cell.column_span)
    begun = Counter(cell.row for cell in cells)
    figures = {cell.row for cell in cells if looks_like_figure(cell.text)}
    ragged: set[int] = set()
    run: list[int] = []
    above = 0
    for row in (*sorted(figures), -1):
        if run and row != run[-1] + 1:
            usual = Counter(ends[own] for own in run).most_common(1)[0][0]
            if len(run) < SETTINGS.enough_rows:
                usual = ends[run[0] - 1] if begun[run[0] - 1] >= SETTINGS.wide_header_cells else 0
            ragged.update(own for own in run if usual and ends[own] != usual)
            header = [own for own in range(above, run[0]) if begun[own] > 1]
            if header and not _agree(header, ends, usual, [cell for cell in cells if header[0] <= cell.row <= run[-1]]):
                ragged.update(run)
            if not above and not header and len({ends[own] for own in run}) > 1:
                # Nothing in this piece of a table says which of its rows are whole.
                ragged.update(run)
            above, run = run[-1] + 1, []
        run.append(row)
    return {index for index, cell in enumerate(cells) if cell.row in ragged and looks_like_figure(cell.text)}


def _agree(header: Sequence[int], ends: Mapping[int, int], usual: int, cells: Sequence[Cell]) -> bool:
    """Whether the rows of a header end where the rows below it end, but for columns that are blank.

    A cell at the end of a header's row that spans the next one is its last: what stands beyond was pushed aside.
    """
    widest = max(ends[row] for row in header)
    if ends[header[-1]] < widest - 1:
        return False
    last = [cell for cell in cells if cell.row in header and cell.column + cell.column_span == ends[cell.row]]
    if any(ends[row] > ends[cell.row] for cell in last for row in range(cell.row + 1, cell.row + cell.row_span)):
        return False
    low, high = sorted((usual or widest, widest))
    return not any(cell.text for cell in cells if low <= cell.column < high)
