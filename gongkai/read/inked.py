"""Cells of a PDF's tables that hold no characters, and yet something is drawn in them.

In: a PDF and the blocks that were read from its text. Out: the blocks, with each empty cell in which ink stands marked
as one that could not be read: a figure that is a picture or an outline, that stands sideways, or whose font says that
it is a space. What never happens: a blank with ink in it is taken for a blank.
Only pages that have an empty cell are drawn. A shade, a pale watermark and a stroke across the cell are no ink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from gongkai.model import Box, Cell, Grid, Line
from gongkai.read.page import UNDECODABLE
from gongkai.read.pdfium import pdfium

SCALE = 1.5
"""Pixels a point: the strokes of the smallest digit are then seen."""
MOST_PIXELS = 4_000_000
"""A page larger than A4 is drawn at fewer pixels a point."""
BORDER = 2.0
"""So near to the sides of a cell, in points, stand the rules around it."""
DARK = 160
"""Ink is at least this dark, of 255,"""
CONTRAST = 80
"""and darker by this than the lightest place of its cell."""
ACROSS = 0.7
"""A stroke that takes this part of a cell's width, and all its height, strikes it out."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """A page in shades of grey."""

    pixels: bytes
    stride: int
    width: int
    height: int
    scale: float


def with_inked_cells(pdf: pdfium.PdfDocument, blocks: Sequence[Line | Grid]) -> list[Line | Grid]:
    """The blocks, with the empty cells that are not quite empty marked as doubtful."""
    pictures: dict[int, _Picture | None] = {}
    found: list[Line | Grid] = []
    for block in blocks:
        blanks = set(_blanks(block)) if isinstance(block, Grid) else set()
        if not isinstance(block, Grid) or block.page is None or not blanks:
            found.append(block)
            continue
        if block.page not in pictures:
            pictures[block.page] = _drawn(pdf, block.page)
        picture = pictures[block.page]
        inked = {cell for cell in blanks if picture and cell.box and _has_ink(picture, cell.box)}
        cells = (cell._replace(text=UNDECODABLE, doubtful=True) if cell in inked else cell for cell in block.cells)
        found.append(replace(block, cells=tuple(cells)) if inked else block)
    return found


def _blanks(grid: Grid) -> Iterator[Cell]:
    """The empty cells that are rectangles: the hull of another shape holds what stands in its neighbours."""
    empty = [cell for cell in grid.cells if not cell.text and cell.box is not None]
    if empty:
        taken = Counter(square for cell in grid.cells for square in _squares(cell))
        yield from (cell for cell in empty if all(taken[square] == 1 for square in _squares(cell)))


def _squares(cell: Cell) -> Iterator[tuple[int, int]]:
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            yield row, column


def _drawn(pdf: pdfium.PdfDocument, number: int) -> _Picture | None:
    """The page as it is shown; ``None`` if it cannot be drawn."""
    try:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(SCALE, sqrt(MOST_PIXELS / max(width * height, 1.0)))
        bitmap = page.render(scale=scale, grayscale=True)
    except pdfium.PdfiumError:
        return None
    return _Picture(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, scale)


def _has_ink(picture: _Picture, box: Box) -> bool:
    """Whether something dark stands in a cell, apart from its left and right side."""
    x0, x1 = (round(x * picture.scale) for x in (box.x0 + BORDER, box.x1 - BORDER))
    top, bottom = (round(y * picture.scale) for y in (box.top + BORDER, box.bottom - BORDER))
    x0, x1 = max(x0, 0), min(x1, picture.width)
    top, bottom = max(top, 0), min(bottom, picture.height)
    if x1 - x0 < 3 or bottom - top < 3:
        return False
    columns = [
        picture.pixels[top * picture.stride + x : (bottom - 1) * picture.stride + x + 1 : picture.stride]
        for x in range(x0, x1)
    ]
    most = min(DARK, max(map(max, columns)) - CONTRAST)
    dark = [x for x, column in enumerate(columns) if min(column) <= most]
    if not dark or dark[0] == 0 or dark[-1] == len(columns) - 1:
        return False
    # From corner to corner a stroke leaves by the upper and the lower side.
    leaves = min(column[0] for column in columns) <= most and min(column[-1] for column in columns) <= most
    return not (leaves and dark[-1] - dark[0] >= ACROSS * len(columns))
