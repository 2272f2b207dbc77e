"""A web page's tables -> grids, or what stands in tables that only lay out the page.

In: a table's rows and what its cells hold. Out: pieces: a ``Grid`` whose cells stand where HTML's table algorithm puts
them, or the lines and grids within. Spans are bounded by the table and by the cells that are there.
What never happens: prose that stands in a table is swallowed by it (a page without end tags puts it there).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise

from gongkai.figures import is_blank, looks_like_figure
from gongkai.model import Cell, Grid, Line
from gongkai.numerals import ONE_TO_NINE
from gongkai.read.headings import is_around, is_section_heading, is_title
from gongkai.read.nested import unnested
from gongkai.read.page import is_undecodable
from gongkai.read.ragged import doubted


@dataclass(frozen=True, slots=True)
class HtmlTableSettings:
    """Which tables of a page are tables, and what of a cell is no figure."""

    most_columns: int = 300
    """What is wider is no table of the form (Excel once had 256 columns),"""
    most_rows: int = 2000
    """nor what is longer."""
    label_chars: int = 120
    """A cell of more characters is a passage."""
    passage_chars: int = 30
    """So many characters below a figure are no part of its cell."""
    enough_figures: int = 3
    """A table with so many figures in cells of its own is no layout, whatever tables stand in it."""
    record_labels: int = 2
    """A table with so many labels of a page's record is one."""


SETTINGS = HtmlTableSettings()


_NOTES = ("注", "备注", "说明")
_DAY = re.compile(rf"[^0-9]{{0,8}}(?:20)?[0-9〇○零{ONE_TO_NINE}]{{2,4}}[年/.-].{{1,3}}[月/.-].{{1,3}}日?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or a grid of a page: the number of the block element that it stands in, and how it is marked up.

    ``linked`` is the share of its characters that are links to elsewhere, ``heading`` whether it is in ``<h1>`` to
    ``<h6>``.
    """

    block: Line | Grid
    container: int
    linked: float = 0.0
    heading: bool = False


@dataclass(slots=True)
class Content:
    """Pieces in order. Contents are nested in contents, so that tables in tables don't copy them again and again."""

    items: list[Piece | Content] = field(default_factory=list)
    characters: int = 0
    grids: int = 0

    def add(self, item: Piece | Content) -> None:
        if isinstance(item, Content):
            self.characters += item.characters
            self.grids += item.grids
            if not item.items:
                return
            if not self.items:
                self.items = item.items
                return
        elif isinstance(item.block, Grid):
            self.grids += 1
        else:
            self.characters += len(item.block.text)
        self.items.append(item)

    def pieces(self) -> Iterator[Piece]:
        stack: list[Piece | Content] = [self]
        while stack:
            item = stack.pop()
            if isinstance(item, Content):
                stack += reversed(item.items)
            else:
                yield item


@dataclass(slots=True)
class TableCell:
    row_span: int
    column_span: int
    content: Content = field(default_factory=Content)

    @property
    def is_short(self) -> bool:
        return not self.content.grids and self.content.characters <= SETTINGS.label_chars

    @property
    def lines(self) -> list[str]:
        return [piece.block.text for piece in self.content.pieces() if isinstance(piece.block, Line)]


@dataclass(slots=True)
class Row:
    """``section`` is ``thead``, ``tbody`` or ``tfoot``; a ``flat`` row has no height."""

    section: str
    flat: bool
    cells: list[TableCell] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    container: int
    rows: list[Row] = field(default_factory=list)
    caption: Content = field(default_factory=Content)
    stated_widths: bool = False
    """Its columns have widths of their own, whatever stands in them."""

    def open_cell(self, row_span: str, column_span: str) -> None:
        """A cell begins. Its spans are as written; 0 rows are all that follow."""
        if not self.rows:
            self.rows.append(Row("tbody", False))
        self.rows[-1].cells.append(TableCell(_number(row_span) if row_span else 1, _number(column_span) or 1))

    def close_cell(self, content: Content) -> None:
        self.rows[-1].cells[-1].content = content


def _number(text: str) -> int:
    """The number that an attribute begins with, at most 9999, as browsers read it; 0 if it is none."""
    found = re.match(r"\s*\+?([0-9]{1,4})", text)
    return int(found[1]) if found else 0


def table_content(table: Table) -> Content:
    """The table as grids and the passages between them, or what stands in it if it is layout."""
    rows = _in_order(
        [row for row in table.rows if not (row.flat and not any(cell.content.items for cell in row.cells))]
    )
    found = Content()
    if not is_layout(rows):
        if table.caption.items:
            wide = max(sum(cell.column_span for cell in row.cells) for row in rows)
            rows.insert(0, Row("thead", False, [TableCell(1, wide, table.caption)]))
        placed, columns = _unnested(*_laid_out(rows, stated_widths=table.stated_widths))
        if columns <= SETTINGS.most_columns:
            for piece in _pieces(placed, len(rows), columns, table.container):
                found.add(piece)
            return found
    found.add(table.caption)
    for row in table.rows:
        for cell in row.cells:
            found.add(cell.content)
    return found


def is_layout(rows: Sequence[Row]) -> bool:
    """Whether a table only lays out the page: it holds passages or tables rather than labels and figures."""
    cells = [cell for row in rows for cell in row.cells]
    if (
        not 1 < max((len(row.cells) for row in rows), default=0) <= SETTINGS.most_columns
        or len(rows) > SETTINGS.most_rows
    ):
        return True
    short = [cell.lines for cell in cells if cell.is_short]
    figures = sum(len(lines) == 1 and looks_like_figure(lines[0]) and not is_blank(lines[0]) for lines in short)
    nested = [cell for cell in cells if cell.content.grids]
    in_cells = [own for cell in nested if (own := row_in(cell.content.pieces()))]
    if len(in_cells) == len(nested) >= SETTINGS.enough_figures:
        figures += sum(looks_like_figure(cell.text) for own in in_cells for cell in own.cells)
    if nested:
        # Without end tags all that follows stands in the last cell, behind its figure.
        unended = nested == cells[-1:] and _is_figure(next(cells[-1].content.pieces()))
        return figures < SETTINGS.enough_figures and not unended
    if not figures:
        whole = ["".join(lines) for lines in short]
        if describes_page(whole):
            return False
        told = any("。" in text or _DAY.fullmatch(text) or is_title(text) for text in whole)
        return len(rows) < 2 or len(short) < len(cells) or told or any(map(is_section_heading, whole))
    passages = sum(not cell.is_short and len(row.cells) > 1 for row in rows for cell in row.cells)
    return figures <= 2 * passages


def describes_page(texts: Iterable[str]) -> bool:
    """Whether the cells of a table say how the page is filed (索引号, 发布机构), as sites set it above an article."""
    return sum(map(is_around, texts)) >= SETTINGS.record_labels


# ---------------------------------------------------------------- where cells stand


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """The rows as a browser shows them: the head first, the foot last. What holds figures is neither."""
    if any(row.section != "tbody" and _figures_in(row) >= SETTINGS.enough_figures for row in rows):
        return list(rows)
    return [row for section in ("thead", "tbody", "tfoot") for row in rows if row.section == section]


def _figures_in(row: Row) -> int:
    lines = [cell.lines for cell in row.cells if cell.is_short]
    return sum(len(own) == 1 and looks_like_figure(own[0]) and not is_blank(own[0]) for own in lines)


def _laid_out(rows: Sequence[Row], *, stated_widths: bool) -> tuple[list[tuple[Cell, list[Piece]]], int]:
    """The cells where a browser shows them, each with what it holds; the number of columns that have a width.

    A head that ends within the spans of its cells (``<thead>`` around its first row alone) is none: if then more rows
    end alike, cells span beyond it.
    """
    found = _placed(rows, _section_ends(rows))
    if len({row.section for row in rows}) > 1 and (here := _count_ragged(found[0])):
        whole = _placed(rows, [len(rows)] * len(rows))
        found = whole if _count_ragged(whole[0]) < here else found
    return found if stated_widths else _without_empty_columns(*found)


def _count_ragged(placed: Sequence[tuple[Cell, list[Piece]]]) -> int:
    cells = [cell._replace(text=_joined(_parted(held)[0])) for cell, held in placed]
    return sum(cell.ragged for cell in doubted(cells))


def _without_empty_columns(
    placed: list[tuple[Cell, list[Piece]]], columns: int
) -> tuple[list[tuple[Cell, list[Piece]]], int]:
    """The cells without the columns that a browser gives no width: none that is a single cell's, in cells with others.

    Source: CSS Tables 3, 4.2 Computing column measures: what a cell of several columns needs goes to those that cells
    of fewer have made wide, and only if there are none to all of them.
    """
    wide = [False] * columns
    for span in sorted({cell.column_span for cell, _ in placed}):
        starts = {cell.column for cell, _ in placed if cell.column_span == span}
        without = [start for start in starts if not any(wide[start : start + span])]
        for start in without:
            wide[start : start + span] = [True] * span
    if all(wide):
        return placed, columns
    place = [0, *accumulate(wide)]
    moved = [
        (
            cell._replace(
                column=place[cell.column],
                column_span=place[cell.column + cell.column_span] - place[cell.column],
            ),
            held,
        )
        for cell, held in placed
    ]
    return moved, place[-1]


def _placed(rows: Sequence[Row], ends: Sequence[int]) -> tuple[list[tuple[Cell, list[Piece]]], int]:
    """The cells where HTML's algorithm for tables puts them, each with what it holds; the number of columns.

    ``ends``: for each row the one that no cell reaches. Source: HTML Standard, 4.9.12.1 Forming a table. Where cells
    would overlap, the later one is cut short.
    """
    taken: list[int] = []
    """For each column the row in which it is free again."""
    placed = []
    for index, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while column < len(taken) and taken[column] > index:
                column += 1
            width = 1
            while (
                width < cell.column_span
                and column + width < SETTINGS.most_columns
                and (column + width >= len(taken) or taken[column + width] <= index)
            ):
                width += 1
            height = min(cell.row_span or len(rows), ends[index] - index)
            taken += [0] * (column + width - len(taken))
            taken[column : column + width] = [index + height] * width
            placed.append((Cell(index, column, height, width, ""), list(cell.content.pieces())))
            column += width
    return placed, len(taken)


def row_in(held: Iterable[Piece]) -> Grid | None:
    """The table of one row that a cell holds, if it holds nothing else."""
    pieces = list(islice(held, 2))
    block = pieces[0].block if len(pieces) == 1 else None
    return block if isinstance(block, Grid) and block.rows == 1 < block.columns else None


def _unnested(placed: list[tuple[Cell, list[Piece]]], columns: int) -> tuple[list[tuple[Cell, list[Piece]]], int]:
    """The cells with the rows of figures that are tables within cells in place of these."""
    nested = {index: own for index, (_, held) in enumerate(placed) if (own := row_in(held))}
    if len(nested) < SETTINGS.enough_figures:
        return placed, columns
    cells, wide = unnested([cell for cell, _ in placed], nested, columns)
    parted = {index for (index, _), (before, _) in pairwise(cells) if index == before}
    found = []
    for index, cell in cells:
        line = [Piece(Line(cell.text), 0)] if cell.text else []
        found.append((cell, line if index in parted else placed[index][1]))
    return found, wide


def _section_ends(rows: Sequence[Row]) -> list[int]:
    """For each row the end of the part of the table (head, body, foot) that it is in: no cell reaches beyond."""
    ends = [len(rows)] * len(rows)
    for index in range(len(rows) - 2, -1, -1):
        ends[index] = ends[index + 1] if rows[index].section == rows[index + 1].section else index + 1
    return ends


# ---------------------------------------------------------------- grids, and the passages between them


def _pieces(placed: Sequence[tuple[Cell, list[Piece]]], rows: int, columns: int, container: int) -> Iterator[Piece]:
    """The grid; or, if the report's sections stand in its rows, their lines and a grid for each table between them."""
    covering = Counter(row for cell, _ in placed for row in range(cell.row, cell.row + cell.row_span))
    across = {cell.row: held for cell, held in placed if covering[cell.row] == 1}
    outside = _passages(across, max((row for row in covering if row not in across), default=-1))
    cells: list[Cell] = []
    behind: list[Piece] = []
    first = 0
    for cell, held in placed:
        if cell.row in outside:
            yield from _grid(cells, behind, first, cell.row, columns, container)
            yield from held
            cells, behind, first = [], [], cell.row + 1
        else:
            own, rest = _parted(held)
            text = _joined(own)
            cells.append(cell._replace(row=cell.row - first, text=text, doubtful=is_undecodable(text)))
            behind += rest
    yield from _grid(cells, behind, first, rows, columns, container)


def _grid(
    cells: Sequence[Cell], behind: Sequence[Piece], first: int, end: int, columns: int, container: int
) -> Iterator[Piece]:
    if cells:
        yield Piece(Grid(tuple(doubted(cells)), end - first, columns, "html"), container)
    yield from behind


def _passages(across: Mapping[int, list[Piece]], last: int) -> set[int]:
    """The rows that are passages of the report among the rows of its tables, of those that are one cell.

    They are the title and the sections' headings, the rows of prose next to them, and all behind the ``last`` row of
    the tables.
    """
    found: set[int] = set()
    for mark in [row for row, held in across.items() if any(map(_is_mark, held)) and not _is_note(held)]:
        found.add(mark)
        for step in (1, -1):
            row = mark + step
            while row in across and row not in found and (row > last or _is_prose(across[row])):
                found.add(row)
                row += step
    return found


def _is_mark(piece: Piece) -> bool:
    return isinstance(piece.block, Line) and (is_section_heading(piece.block.text) or is_title(piece.block.text))


def _is_prose(held: Sequence[Piece]) -> bool:
    text = "".join(piece.block.text for piece in held if isinstance(piece.block, Line))
    return not text or ("。" in text and not _is_note(held))


def _is_note(held: Sequence[Piece]) -> bool:
    return isinstance(held[0].block, Line) and held[0].block.text.startswith(_NOTES)


def _parted(held: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is a cell's own, and what stands in it only because the page lacks an end tag."""
    for index, piece in enumerate(held):
        if isinstance(piece.block, Grid):
            own = 1 if held[0].block is not piece.block and _is_figure(held[0]) else index
            return held[:own], held[own:]
        if is_section_heading(piece.block.text):
            return held[:index], held[index:]
    rest = sum(len(piece.block.text) for piece in held[1:] if isinstance(piece.block, Line))
    if len(held) > 1 and _is_figure(held[0]) and rest > SETTINGS.passage_chars:
        return held[:1], held[1:]
    return held, []


def _is_figure(piece: Piece) -> bool:
    return isinstance(piece.block, Line) and looks_like_figure(piece.block.text)


def _joined(held: Sequence[Piece]) -> str:
    """A cell's lines in one; two figures stay apart."""
    texts = [piece.block.text for piece in held if isinstance(piece.block, Line)]
    joined = texts[0] if texts else ""
    for before, text in pairwise(texts):
        joined += ("  " if looks_like_figure(before) and looks_like_figure(text) else "") + text
    return joined
