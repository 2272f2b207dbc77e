"""Word's tables -> grids, or the passages that stand in them.

In: a table's rows, and what its cells hold. Out: a ``Grid``, or the lines and grids of a table that is only layout.
Rows of a table needn't have the same borders: where a hand moved one by a hair, or rows state widths but no spans,
columns are told from where the borders are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree.ElementTree import Element

from gongkai.figures import looks_like_figure
from gongkai.model import Cell, Grid, Line
from gongkai.numerals import SECTIONS
from gongkai.read import ragged
from gongkai.read.docx.ooxml import child, number, value
from gongkai.read.nested import unnested
from gongkai.read.page import is_undecodable
from gongkai.read.ragged import doubted

Block = Line | Grid


@dataclass(frozen=True, slots=True)
class WordTableSettings:
    """Which borders of a Word table are one, and which tables hold the report."""

    most_columns: int = 200
    """Word has 63. What is wider is no table."""
    snap_twentieths_pt: int = 120
    """Borders nearer than this, in twentieths of a point, are one; the form's narrowest column is thrice as wide."""
    report_headings: int = 3
    """A table in which so many rows are section headings holds the report, not figures alone."""


SETTINGS = WordTableSettings()

_HEADING = re.compile(rf"(?:第\s*)?[{SECTIONS}]\s*(?:部分|章)?\s*[、.．:：\s]")


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell in its row: the grid columns that it takes, its width in twentieths of a point (0: not stated)."""

    element: Element
    start: int
    end: int
    width: int
    continues: bool
    """It belongs to the cell above."""


@dataclass(frozen=True, slots=True)
class Row:
    """``before`` is the width that is left out before the first cell, ``end`` the grid column after the last."""

    cells: tuple[RowCell, ...]
    before: int
    end: int


def table_rows(table: Element, printed: Callable[[Element], Iterator[Element]]) -> list[Row]:
    """The rows that are printed."""
    rows = []
    for element in printed(table):
        properties = child(element, "w:trPr")
        gone = child(properties, "w:del") is not None or child(properties, "w:hidden") is not None
        if element.tag == "w:tr" and not gone:
            rows.append(_row([e for e in printed(element) if e.tag == "w:tc"], properties))
    return rows


def _row(elements: Sequence[Element], properties: Element | None) -> Row:
    cells: list[RowCell] = []
    column = min(max(number(value(properties, "w:gridBefore"), 0), 0), SETTINGS.most_columns)
    for element in elements:
        own = child(element, "w:tcPr")
        span = min(max(number(value(own, "w:gridSpan"), 1), 1), SETTINGS.most_columns)
        width = _width(child(own, "w:tcW"))
        if cells and child(own, "w:hMerge") is not None and value(own, "w:hMerge") != "restart":
            cells[-1] = replace(cells[-1], end=column + span, width=cells[-1].width + width)
        elif child(own, "w:cellDel") is None:
            merge = child(own, "w:vMerge")
            continues = merge is not None and merge.get("w:val", "continue") != "restart"
            cells.append(RowCell(element, column, column + span, width, continues))
        column += span
    after = min(max(number(value(properties, "w:gridAfter"), 0), 0), SETTINGS.most_columns)
    return Row(tuple(cells), _width(child(properties, "w:wBefore")), column + after)


def _width(element: Element | None) -> int:
    """A width in twentieths of a point, 0 if it is stated otherwise or not at all."""
    if element is None or element.get("w:type", "dxa") != "dxa":
        return 0
    return max(number(element.get("w:w"), 0), 0)


def layout_or_grid(
    rows: Sequence[Row], columns: Element | None, blocks: Callable[[Element], list[Block]]
) -> list[Block]:
    """The table as a grid, or what stands in it. ``columns`` are the widths that it states; ``blocks`` reads a cell."""
    places = _places(rows, [number(e.get("w:w"), 0) for e in columns] if columns is not None else [])
    wide = max((end for row in places for _, end in row), default=0)
    cells: list[Cell] = []
    inside: list[list[Block]] = []
    above: dict[int, int] = {}
    for index, (row, own) in enumerate(zip(rows, places, strict=True)):
        here: dict[int, int] = {}
        for cell, (start, end) in zip(row.cells, own, strict=True):
            merged = above.get(start) if cell.continues else None
            if merged is not None:
                cells[merged] = cells[merged]._replace(row_span=cells[merged].row_span + 1)
            else:
                merged = len(cells)
                held = blocks(cell.element)
                text = _text(held)
                inside.append(held)
                cells.append(Cell(index, start, 1, end - start, text, doubtful=is_undecodable(text)))
            here[start] = merged
        above = here
    nested = {index: inner for index, held in enumerate(inside) if (inner := _row_in(held))}
    if len(nested) < ragged.SETTINGS.enough_rows:
        nested = {}
    if not 1 < wide <= SETTINGS.most_columns or _is_layout(cells, inside, nested):
        return [block for held in inside for block in held]
    parted, wide = unnested(cells, nested, wide)
    return list(_parts([cell for _, cell in parted], [inside[index] for index, _ in parted], len(rows), wide))


def _row_in(held: Sequence[Block]) -> Grid | None:
    """The table of one row that a cell holds, if it holds nothing else."""
    only = held[0] if len(held) == 1 else None
    return only if isinstance(only, Grid) and only.rows == 1 < only.columns else None


def _is_layout(cells: Sequence[Cell], inside: Sequence[Sequence[Block]], rows: Container[int]) -> bool:
    """Whether a table holds more in tables within it than in cells of its own and the ``rows`` in these."""
    tables = [
        0 if index in rows else sum(len(block.cells) for block in held if isinstance(block, Grid))
        for index, held in enumerate(inside)
    ]
    own = sum(bool(cell.text) and not within for cell, within in zip(cells, tables, strict=True))
    return sum(tables) > max(own, 1)


def _parts(cells: Sequence[Cell], inside: Sequence[list[Block]], rows: int, columns: int) -> Iterator[Block]:
    """The grid; or, if the report's sections stand in its rows, their lines and a grid for each table between them."""
    across = {
        c.row: held for c, held in zip(cells, inside, strict=True) if c.column_span == columns and c.row_span == 1
    }
    headings = [row for row, held in across.items() if _is_heading(held)]
    prose: set[int] = set()
    if len(headings) >= SETTINGS.report_headings:
        prose = {
            row
            for row, held in across.items()
            if row in headings or row < headings[0] or any(isinstance(b, Line) and "。" in b.text for b in held)
        }
    start = 0
    for row in (*sorted(prose), rows):
        own = [cell._replace(row=cell.row - start) for cell in cells if start <= cell.row < row]
        if own:
            yield Grid(tuple(doubted(own)), row - start, columns, "docx")
        if row < rows:
            yield from across[row]
        start = row + 1


def _is_heading(held: Sequence[Block]) -> bool:
    return len(held) == 1 and isinstance(held[0], Line) and _HEADING.match(held[0].text) is not None


def _text(blocks: Sequence[Block]) -> str:
    """What a cell holds, its lines joined; two figures stay apart."""
    texts = [text for block in blocks for text in _texts(block) if text]
    joined = texts[0] if texts else ""
    for before, text in pairwise(texts):
        joined += ("  " if looks_like_figure(before) and looks_like_figure(text) else "") + text
    return joined


def _texts(block: Block) -> list[str]:
    return [block.text] if isinstance(block, Line) else [cell.text for cell in block.cells]


# ---------------------------------------------------------------- columns


def _places(rows: Sequence[Row], widths: Sequence[int]) -> list[list[tuple[int, int]]]:
    """(first column, column after the last) of each row's cells."""
    # Word lays out rows whose spans disagree by the widths of their cells.
    agree = len({row.end for row in rows}) == 1
    borders = _by_spans(rows, widths) if agree else _by_widths(rows)
    if borders is not None:
        columns = _snapped(x for row in borders for cell in row for x in cell)
        placed = [[(columns[x0], columns[x1]) for x0, x1 in row] for row in borders]
        if all(end > start for row in placed for start, end in row):
            return placed
    return [[(cell.start, cell.end) for cell in row.cells] for row in rows]


def _by_spans(rows: Sequence[Row], widths: Sequence[int]) -> list[list[tuple[int, int]]] | None:
    """Where the borders of each cell are, from the widths of the grid's columns."""
    if not widths or len(widths) < rows[0].end or min(widths) <= 0:
        return None
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width)
    return [[(edges[cell.start], edges[cell.end]) for cell in row.cells] for row in rows]


def _by_widths(rows: Sequence[Row]) -> list[list[tuple[int, int]]] | None:
    """Where the borders of each cell are, from the cells' own widths; ``None`` if rows then don't end together."""
    placed = []
    for row in rows:
        if not all(cell.width for cell in row.cells) or (row.cells and row.cells[0].start and not row.before):
            return None
        edges = [row.before]
        for cell in row.cells:
            edges.append(edges[-1] + cell.width)
        placed.append(list(pairwise(edges)))
    ends = [row[-1][1] for row in placed if row]
    return placed if ends and max(ends) - min(ends) <= SETTINGS.snap_twentieths_pt else None


def _snapped(borders: Iterator[int]) -> dict[int, int]:
    """The number of the column that each border begins; borders that are nearly one begin the same."""
    columns: dict[int, int] = {}
    count, first = -1, -SETTINGS.snap_twentieths_pt - 1
    for x in sorted(set(borders)):
        if x - first > SETTINGS.snap_twentieths_pt:
            count, first = count + 1, x
        columns[x] = count
    return columns
