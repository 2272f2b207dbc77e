"""Pages of a PDF -> lines and grids by pdfplumber: the second, independent reader.

In: a file and the pages to read. Out: what ``gongkai.read.pdf`` yields for them, from another parser (pdfminer) and
another table finder, so that two readings that agree are evidence. It is about ten times slower, and used where the
first reading leaves a doubt.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTContainer

from gongkai.errors import UnreadableFile
from gongkai.model import Cell, Grid, Line
from gongkai.read.furniture import without_furniture
from gongkai.read.halves import parted
from gongkai.read.page import (
    UNDECODABLE,
    Char,
    Page,
    Rule,
    bounds,
    cell_text,
    drawn_once,
    is_undecodable,
    line_of,
    margins_of,
    rows_of,
    without_watermark,
    words_of,
)
from gongkai.read.rules import SNAP

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


def read_pages(path: Path, numbers: Sequence[int]) -> list[Line | Grid]:
    """The lines and grids of those pages (from 1), in order. Raises ``UnreadableFile``."""
    try:
        with pdfplumber.open(path, pages=list(numbers)) as pdf:
            found = {page.page_number: page for page in pdf.pages}
            pages = [_with_tables(page, found[page.number]) for page in parted(list(map(_plain, found.values())))]
    except Exception as error:
        raise UnreadableFile(
            f"damaged: the second reader cannot read it ({type(error).__name__}); download it again"
        ) from error
    margins = margins_of([[words_of(row) for row in rows_of(outside)] for _, _, outside in pages])
    lines = [
        [line_of(page, row, words, margins) for row in rows_of(outside) if (words := words_of(row))]
        for page, _, outside in pages
    ]
    kept = without_furniture(list(enumerate(lines)))
    blocks: list[Line | Grid] = []
    for index, (_, grids, _) in enumerate(pages):
        placed: list[tuple[float, Line | Grid]] = [(line.box.top, line) for line in kept[index] if line.box]
        placed += [(grid.cells[0].box.top, grid) for grid in grids if grid.cells[0].box]
        blocks += [block for _, block in sorted(placed, key=lambda pair: pair[0])]
    return blocks


def _plain(page: Any) -> Page:
    """A page with its characters and the strokes across it."""
    chars = without_watermark(drawn_once(_chars(page)))
    strokes = [Rule(edge["top"], edge["x0"], edge["x1"]) for edge in page.horizontal_edges]
    return Page(page.page_number, float(page.width), float(page.height), chars, strokes, ())


def _with_tables(plain: Page, page: Any) -> tuple[Page, list[Grid], list[Char]]:
    """A page, its tables, and the characters outside them; ``page`` is pdfplumber's: it, or the sheet it is half of."""
    left = plain.left
    if plain.sheet:
        page = page.crop((left, page.bbox[1], left + plain.width, page.bbox[3]))
    grids: list[Grid] = []
    outside = list(plain.chars)
    for table in page.find_tables():
        x0, top, x1, bottom = table.bbox
        x0, x1 = x0 - left, x1 - left
        inside: list[Char] = []
        beside: list[Char] = []
        for c in outside:
            within = x0 <= (c.x0 + c.x1) / 2 <= x1 and top <= (c.top + c.bottom) / 2 <= bottom
            (inside if within else beside).append(c)
        cells = [(float(a) - left, float(b), float(c) - left, float(d)) for a, b, c, d in filter(None, table.cells)]
        grid = _grid(plain, cells, inside)
        if grid is not None:
            grids.append(grid)
            outside = beside
    return plain, grids, outside


def _chars(page: Any) -> list[Char]:
    """The upright characters of a page, which are taken out of its layout.

    pdfplumber would make a dictionary of each when it looks for tables, for which only lines and rectangles count.
    """
    (left, top), height = page.mediabox[:2], page.height
    return [
        Char(
            _text(c.get_text()), left + c.x0, top + height - c.y1, left + c.x1, top + height - c.y0, top + height - c.y0
        )
        for c in _taken_out(page.layout)
        if c.upright
    ]


def _taken_out(container: Any) -> Iterator[LTChar]:
    """The characters of a layout, and of what it contains, in order; they are in it no more."""
    parts = list(container)
    container._objs = [part for part in parts if not isinstance(part, LTChar)]
    for part in parts:
        if isinstance(part, LTChar):
            yield part
        elif isinstance(part, LTContainer):
            yield from _taken_out(part)


def _text(char: str) -> str:
    """The character; pdfminer writes ``(cid:123)`` for one that it cannot decode."""
    return UNDECODABLE if char.startswith("(cid:") or is_undecodable(char) else char


def _grid(page: Page, boxes: Sequence[tuple[float, ...]], chars: Sequence[Char]) -> Grid | None:
    """The grid of a table's cells; ``None`` for a frame, which has one column."""
    xs, ys = _borders([x for b in boxes for x in (b[0], b[2])]), _borders([y for b in boxes for y in (b[1], b[3])])
    if len(xs) < 3 or not any(not c.text.isspace() for c in chars):
        return None
    places = [(_index(ys, b[1]), _index(xs, b[0]), _index(ys, b[3]), _index(xs, b[2]), b) for b in boxes]
    squares = {
        (row, column): number
        for number, (top, left, bottom, right, _) in enumerate(places)
        for row in range(top, bottom)
        for column in range(left, right)
    }
    inside: list[list[Char]] = [[] for _ in places]
    for c in chars:
        number = squares.get((_index(ys, (c.top + c.bottom) / 2), _index(xs, (c.x0 + c.x1) / 2)))
        if number is not None:
            inside[number].append(c)
    cells = []
    for (row, column, row_end, column_end, sides), own in zip(places, inside, strict=True):
        if column_end > column and row_end > row:
            text = cell_text(own)
            box = page.box(*(bounds(own) if text else sides))
            cells.append(Cell(row, column, row_end - row, column_end - column, text, box, UNDECODABLE in text))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(tuple(cells), len(ys) - 1, len(xs) - 1, "pdf-lines", tuple(xs), page.number) if cells else None


def _borders(values: Sequence[float]) -> list[float]:
    borders: list[float] = []
    for value in sorted(values):
        if not borders or value - borders[-1] > SNAP:
            borders.append(value)
    return borders


def _index(borders: Sequence[float], value: float) -> int:
    """The border that a cell's side lies on."""
    return max(bisect_right(borders, value + 0.01) - 1, 0)
