"""Pages of a PDF -> lines and grids by pdfplumber: the second, independent reader.

In: a file and the pages to read. Out: what ``gongkai.read.pdf.reader`` yields for them, from another parser (pdfminer)
and another table finder, so that two readings that agree are evidence. It is about ten times slower, and used where the
first reading leaves a doubt.
"""

from __future__ import annotations

import logging
import os
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pdfminer
import pdfplumber
from pdfminer.layout import LTChar, LTContainer

from gongkai.errors import UnreadableFile
from gongkai.model import Cell, Grid, Line
from gongkai.read import ruled_tables
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
from gongkai.read.running_heads import without_running_heads
from gongkai.read.two_up import split_sheets
from gongkai.system.forked_step import attempt


@dataclass(frozen=True, slots=True)
class SecondReaderSettings:
    """What pdfplumber is helped with."""

    same_angle_rad: float = 0.02
    """Text is sideways if its angle, in radians, differs less from a quarter turn."""
    descent_em: float = 0.2
    """How far characters reach below the line that they stand on, in their size: as a rule,"""
    lowest_em: float = 0.5
    """and at most."""
    open_pt: float = 6.0
    """A table whose rules run on for more points than this beyond its last cells is open there."""
    frame_rules: int = 2
    """A row alone has more rules across it: frames have two."""


SETTINGS = SecondReaderSettings()

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
# pdfminer would rather take its tables of characters from a folder of the machine's than from its own wheel.
os.environ["CMAP_PATH"] = str(Path(pdfminer.__file__).with_name("cmap"))


def read_pages(path: Path, numbers: Sequence[int]) -> list[Line | Grid]:
    """The lines and grids of those pages (from 1), in order. Raises ``UnreadableFile``."""
    try:
        return attempt(partial(_blocks, path, numbers))
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile(
            f"damaged: the second reader cannot read it ({type(error).__name__}); download it again"
        ) from error


def _blocks(path: Path, numbers: Sequence[int]) -> list[Line | Grid]:
    with pdfplumber.open(path, pages=list(numbers)) as pdf:
        by_number = {page.page_number: page for page in pdf.pages}
        pages = [
            _with_tables(page, by_number[page.number]) for page in split_sheets(list(map(_plain, by_number.values())))
        ]
    margins = margins_of([[words_of(row) for row in rows_of(outside)] for _, _, outside in pages])
    lines = [
        [line_of(page, row, words, margins) for row in rows_of(outside) if (words := words_of(row))]
        for page, _, outside in pages
    ]
    kept = without_running_heads(list(enumerate(lines)))
    blocks: list[Line | Grid] = []
    for index, (_, grids, _) in enumerate(pages):
        placed: list[tuple[float, Line | Grid]] = [(line.box.top, line) for line in kept[index] if line.box]
        placed += [(grid.cells[0].box.top, grid) for grid in grids if grid.cells[0].box]
        blocks += [block for _, block in sorted(placed, key=lambda pair: pair[0])]
    return blocks


def _plain(page: Any) -> Page:
    """A page with its characters and the strokes across it, as it is read."""
    chars = list(_taken_out(page.layout))
    turns = _turns(chars)
    (left, top), height = page.mediabox[:2], page.height
    edges = page.vertical_edges if turns else page.horizontal_edges
    strokes = [_read_from(turns, page, edge["x0"], edge["top"], edge["x1"], edge["bottom"]) for edge in edges]
    placed = []
    for c in chars:
        if _direction(c) == turns if turns else c.upright:
            down = 0.0 if turns else _sunken(c)
            box = _read_from(
                turns, page, left + c.x0, top + height - c.y1 - down, left + c.x1, top + height - c.y0 - down
            )
            placed.append(Char(_text(c.get_text()), *box, box[3]))
    shown = float(page.width), float(page.height)
    return Page(
        number=page.page_number,
        width=shown[1] if turns else shown[0],
        height=shown[0] if turns else shown[1],
        chars=without_watermark(drawn_once(placed)),
        horizontals=[Rule(upper, x0, x1) for x0, upper, x1, _ in strokes],
        verticals=(),
        turns=turns,
    )


def _sunken(char: LTChar) -> float:
    """By how much a character's box stands too low, in points: where its font tells a descent that no letters have."""
    below = char.matrix[5] - char.y0
    return 0.0 if 0 <= below <= SETTINGS.lowest_em * char.size else below - SETTINGS.descent_em * char.size


def _turns(chars: Sequence[LTChar]) -> int:
    """How many quarter turns clockwise lead from the page as it is read to the page: 1 or 3 if text stands sideways."""
    sideways = Counter(map(_direction, chars))
    turns, count = max(sideways.items(), key=lambda item: item[1], default=(0, 0))
    return turns if 2 * count > len(chars) else 0


def _direction(char: LTChar) -> int:
    """1 if a line of such characters runs down the page, 3 if it runs up, else 0."""
    along, up = char.matrix[:2]
    if abs(along) > SETTINGS.same_angle_rad * abs(up):
        return 0
    return 3 if up > 0 else 1


Sides = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


def _read_from(turns: int, page: Any, x0: float, top: float, x1: float, bottom: float) -> Sides:
    """A place on pdfplumber's page as it stands on the page that is read, with the text upright."""
    if turns == 1:
        return top, page.width - x1, bottom, page.width - x0
    if turns == 3:
        return page.height - bottom, x0, page.height - top, x1
    return x0, top, x1, bottom


def _with_tables(plain: Page, page: Any) -> tuple[Page, list[Grid], list[Char]]:
    """A page, its tables, and the characters outside them; ``page`` is pdfplumber's: it, or the sheet it is half of."""
    left, whole = plain.left, page
    if plain.sheet:
        half = plain.box(0.0, 0.0, plain.width, plain.height)
        x0, upper, x1, lower = page.bbox
        page = page.crop((max(half.x0, x0), max(half.top, upper), min(half.x1, x1), min(half.bottom, lower)))
    grids: list[Grid] = []
    outside = list(plain.chars)
    for table in _tables(page):
        x0, top, x1, bottom = _read_from(plain.turns, whole, *table.bbox)
        x0, x1 = x0 - left, x1 - left
        inside: list[Char] = []
        beside: list[Char] = []
        for c in outside:
            within = x0 <= (c.x0 + c.x1) / 2 <= x1 and top <= (c.top + c.bottom) / 2 <= bottom
            (inside if within else beside).append(c)
        cells = []
        for cell in filter(None, table.cells):
            x0, top, x1, bottom = _read_from(plain.turns, whole, *map(float, cell))
            cells.append((x0 - left, top, x1 - left, bottom))
        grid = _grid(plain, cells, inside)
        if grid is not None:
            grids.append(grid)
            outside = beside
    return plain, grids, outside


def _tables(page: Any) -> list[Any]:
    """The tables of pdfplumber's finder.

    Its cells need a rule on each side. A table that is open at a side, at its head or foot, gets one there: where the
    rules that run across it end.
    """
    tables = page.find_tables()
    verticals: list[dict[str, Any]] = []
    horizontals: list[dict[str, Any]] = []
    # Each of these is worked out anew whenever it is asked for.
    boxes = [table.bbox for table in tables]
    horizontal_edges, vertical_edges = page.horizontal_edges, page.vertical_edges
    for box in boxes:
        x0, top, x1, bottom = box
        across = [e for e in horizontal_edges if _meets(e, box)]
        down = [e for e in vertical_edges if _meets(e, box)]
        left, right = min([e["x0"] for e in across], default=x0), max([e["x1"] for e in across], default=x1)
        upper, lower = min([e["top"] for e in down], default=top), max([e["bottom"] for e in down], default=bottom)
        verticals += [
            _stroke(x, upper, x, lower) for x, side in ((left, x0), (right, x1)) if abs(x - side) > SETTINGS.open_pt
        ]
        horizontals += [
            _stroke(left, y, right, y)
            for y, side in ((upper, top), (lower, bottom))
            if abs(y - side) > SETTINGS.open_pt
        ]
    horizontals += _lone_rows([e for e in vertical_edges if not any(_meets(e, box) for box in boxes)])
    if not verticals and not horizontals:
        return list(tables)
    return list(page.find_tables({"explicit_vertical_lines": verticals, "explicit_horizontal_lines": horizontals}))


def _lone_rows(edges: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The head and foot of rows that stand between page breaks and have no rules but those beside their cells."""
    spans: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for edge in edges:
        spans[round(edge["top"]), round(edge["bottom"])].append(edge)
    rows = [
        row
        for row in spans.values()
        if len(row) > SETTINGS.frame_rules and row[0]["bottom"] - row[0]["top"] > SETTINGS.open_pt
    ]
    return [
        _stroke(min(e["x0"] for e in row), y, max(e["x1"] for e in row), y)
        for row in rows
        for y in (row[0]["top"], row[0]["bottom"])
    ]


def _meets(edge: dict[str, Any], box: Sequence[float]) -> bool:
    x0, top, x1, bottom = box
    return bool(
        edge["x0"] < x1 + ruled_tables.SETTINGS.snap_pt
        and edge["x1"] > x0 - ruled_tables.SETTINGS.snap_pt
        and edge["top"] < bottom + ruled_tables.SETTINGS.snap_pt
        and edge["bottom"] > top - ruled_tables.SETTINGS.snap_pt
    )


def _stroke(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    """A line as pdfplumber has it."""
    return {
        "object_type": "line", "x0": x0, "top": top, "x1": x1, "bottom": bottom,
        "width": x1 - x0, "height": bottom - top, "orientation": "v" if x0 == x1 else "h",
    }  # fmt: skip


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
        if not borders or value - borders[-1] > ruled_tables.SETTINGS.snap_pt:
            borders.append(value)
    return borders


def _index(borders: Sequence[float], value: float) -> int:
    """The border that a cell's side lies on."""
    return max(bisect_right(borders, value + 0.01) - 1, 0)
