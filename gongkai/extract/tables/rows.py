"""Grids and lines -> printed rows: what alignment works on, the same for every format.

In: a document's grids, or the lines of a section that has no grid. Out: ``PrintedRow``s in reading order. A printed
row is a row of a ruled table or a line of a table without rules; a wrapped label makes several lines of one row, which
alignment puts together again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gongkai.extract.tables.alignment import folded
from gongkai.extract.tables.settings import TABLES
from gongkai.figures import is_blank, looks_like_figure, may_be_part_of_figure
from gongkai.model import Box, Cell, Grid, Line, Reader, Word

POINTS = "points"
"""The scale of all rows whose grids have borders on the page."""

_ROW_NUMBER = re.compile("[1-9][0-9]?", re.ASCII)


class PrintedCell(NamedTuple):
    """A cell of a printed row, or a word of a line.

    ``x0`` and ``x1`` are where it stands across the table: points, or columns of the grid. They compare between two
    rows of the same ``PrintedRow.scale``.
    """

    text: str
    x0: float
    x1: float
    box: Box | None
    doubtful: bool = False
    spans: bool = False
    """It spans rows: then it is the label of none of them alone."""
    candidates: tuple[str, ...] = ()
    """What it may say, most likely first, where a recogniser read it."""
    open: bool = False
    """It may say something else than any of these."""

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row or line of a table.

    ``texts`` head it, outermost first; ``figures`` are what may be figures. ``said`` is what heads it, as labels are
    compared (``folded``): its labels, or all that a line has before its figures. ``piece`` is the grid, or the part of
    one that has columns of its own, or the page of lines that it stands on. ``scale`` names the coordinates of its
    cells (rows of one scale share them); ``None``: only their order is known. ``ruled`` rows keep their empty cells; in
    a line an empty cell leaves no trace.
    """

    texts: tuple[PrintedCell, ...]
    figures: tuple[PrintedCell, ...]
    labels: tuple[str, ...]
    """What heads the row, outermost first; the last one is its own, empty where only others span it."""
    said: tuple[str, ...]
    piece: int
    scale: str | None
    ruled: bool
    reader: Reader
    has_figures: bool


def _printed_row(
    texts: Sequence[PrintedCell],
    figures: Sequence[PrintedCell],
    piece: int,
    scale: str | None,
    ruled: bool,
    reader: Reader,
) -> PrintedRow:
    # In a line, marks of blanks are figures as well: it is the line of a row.
    filled = any(not is_blank(cell.text) for cell in figures) if ruled else bool(figures)
    printed = [cell.text for cell in texts]
    labels = tuple(printed) if texts and not texts[-1].spans else (*printed, "")
    said = folded(labels if ruled else ("".join(printed),))
    return PrintedRow(tuple(texts), tuple(figures), labels, said, piece, scale, ruled, reader, filled)


def rows_of_grids(grids: Sequence[Grid]) -> list[PrintedRow]:
    """The rows of all grids in order. A label that spans rows belongs to each, a figure to the one with a label.

    Where several of its rows have one it is doubtful in each.
    """
    rows: list[PrintedRow] = []
    piece = -1
    for grid in grids:
        scale = POINTS if grid.edges else f"{grid.columns} columns"
        piece += 1
        above: Sequence[PrintedCell] = ()
        edges = grid.edges or tuple(float(i) for i in range(grid.columns + 1))
        by_row: list[list[tuple[int, PrintedCell, bool]]] = [[] for _ in range(grid.rows)]
        for cell in grid.cells:
            x0, x1 = edges[cell.column], edges[cell.column + cell.column_span]
            printed = PrintedCell(
                cell.text, x0, x1, cell.box, cell.doubtful, cell.row_span > 1, cell.candidates, cell.open
            )
            # A figure may be wrapped in its cell; whether it is one is for those to say who know its row.
            figure = looks_like_figure(cell.text.replace("\n", ""))
            rows_of_cell: Sequence[int] = range(cell.row, cell.row + cell.row_span)
            if figure and cell.row_span > 1 and not is_blank(cell.text):
                rows_of_cell = _labelled(cell, grid)
                printed = printed._replace(doubtful=printed.doubtful or len(rows_of_cell) > 1)
            for row in rows_of_cell:
                by_row[row].append((cell.column, printed, figure))
        for cells in by_row:
            cells.sort(key=lambda item: item[0])
            texts = [printed for _, printed, figure in cells if not figure]
            figures = [printed for _, printed, figure in cells if figure]
            piece += _stand_elsewhere(figures, above)
            above = figures or above
            rows.append(_printed_row(texts, figures, piece, scale, True, grid.reader))
    return rows


def rows_in_order(grids: Sequence[Grid]) -> list[PrintedRow]:
    """The rows of grids of which only the order of cells is believed, for tables whose spans are wrong.

    Unlike lines they keep their empty cells. A cell stands in the row in which it begins.
    """
    rows: list[PrintedRow] = []
    for piece, grid in enumerate(grids):
        by_row: list[list[Cell]] = [[] for _ in range(grid.rows)]
        for cell in grid.cells:
            by_row[cell.row].append(cell)
        for cells in by_row:
            cells.sort(key=lambda cell: cell.column)
            first = len(cells)
            while first and _is_one_figure(cells[first - 1]):
                first -= 1
            filled = any(not is_blank(cell.text) for cell in cells[first:])
            printed = [
                PrintedCell(c.text, 0.0, 0.0, c.box, c.doubtful and not c.ragged, False, c.candidates, c.open)
                for c in cells
            ]
            texts = [cell for cell in printed[:first] if cell.text]
            rows.append(_printed_row(texts, printed[first:] if filled else (), piece, None, False, grid.reader))
    return rows


def _is_one_figure(cell: Cell) -> bool:
    return cell.row_span == cell.column_span == 1 and looks_like_figure(cell.text.replace("\n", ""))


def _stand_elsewhere(figures: Sequence[PrintedCell], above: Sequence[PrintedCell]) -> bool:
    """Whether figures stand in other columns than those of the row above: two tables touch, and look like one."""
    columns = {(cell.x0, cell.x1) for cell in above}
    same = [(cell.x0, cell.x1) in columns for cell in figures if not is_blank(cell.text)]
    return bool(columns) and len(same) >= TABLES.moved_figures and sum(same) < TABLES.kept_columns_share * len(same)


def _labelled(figure: Cell, grid: Grid) -> list[int]:
    """Of the rows that a figure spans those that have a label of their own, or the first."""
    end = figure.row + figure.row_span
    labelled = {
        cell.row
        for cell in grid.cells
        if figure.row <= cell.row < cell.row + cell.row_span <= end and not looks_like_figure(cell.text)
    }
    return sorted(labelled) or [figure.row]


def rows_of_lines(lines: Sequence[Line], reader: Reader) -> list[PrintedRow]:
    """The lines as rows: the figures at the end of a line are figures, the words before them its label."""
    rows = []
    numbered = _numbered(lines)
    for index, line in enumerate(lines):
        words = line.words[1:] if index in numbered else line.words
        first = len(words)
        while first and (words[first - 1].doubtful or _stands_for_figure(words[first - 1].text)):
            first -= 1
        cells = [_cell_of(word, line.box) for word in words]
        # The pages of a PDF share their coordinates; an extractor lays out each page of a text anew.
        piece = 0 if line.box else line.page
        placed = any(word.x1 > word.x0 for word in words)
        scale = f"line {piece}" if placed else None
        rows.append(_printed_row(cells[:first], cells[first:], piece, scale, False, reader))
    return rows


def _stands_for_figure(text: str) -> bool:
    return looks_like_figure(text) or may_be_part_of_figure(text)


def _numbered(lines: Sequence[Line]) -> set[int]:
    """The lines that begin with the number of their row: a column of 1, 2, 3 … stands before the labels.

    Numbers that begin anew are those of the labels. Where a label is wrapped, its row's number may stand before figures
    alone: it is the next one, and stands where the others do.
    """
    starts = [(i, int(line.words[0].text)) for i, line in enumerate(lines) if _begins_with_number(line)]
    told = [(i, n) for i, n in starts if len(lines[i].words) > 1 and not looks_like_figure(lines[i].words[1].text)]
    if len(told) < TABLES.fewest_row_numbers or any(before[1] >= after[1] for before, after in pairwise(told)):
        return set()
    heads = [lines[i].words[0] for i, _ in told]
    numbered, last = set(), 0
    certain = set(told)
    for i, number in starts:
        beneath = any(lines[i].words[0].x0 <= head.x1 and head.x0 <= lines[i].words[0].x1 for head in heads)
        if (i, number) in certain or (number == last + 1 and beneath):
            numbered.add(i)
            last = number
    return numbered


def _begins_with_number(line: Line) -> bool:
    return bool(line.words) and _ROW_NUMBER.fullmatch(line.words[0].text) is not None


def _cell_of(word: Word, box: Box | None) -> PrintedCell:
    text = word.candidates[0] if word.candidates else word.text
    place = _part(box, word.x0, word.x1)
    return PrintedCell(text, word.x0, word.x1, place, word.doubtful, candidates=word.candidates, open=word.open)


def _part(box: Box | None, x0: float, x1: float) -> Box | None:
    """The box of a word in its line. A line that stands sideways on its page keeps the whole line's box."""
    if box is None or x0 < box.x0 - 1 or x1 > box.x1 + 1:
        return box
    return Box(box.page, x0, box.top, x1, box.bottom)
