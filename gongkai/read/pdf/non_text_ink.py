"""Cells of a PDF's tables that hold no characters, and yet something is drawn in them.

In: a PDF and the blocks that were read from its text. Out: the blocks, with each empty cell in which ink stands marked
as one that could not be read: a figure that is a picture or an outline, that stands sideways, or whose font says that
it is a space. What never happens: a blank with ink in it is taken for a blank.
Only pages that have an empty cell are drawn. A shade, a pale watermark and a stroke across the cell are no ink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from gongkai.model import Box, Cell, Grid, Line
from gongkai.read.page import UNDECODABLE
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.system.forked_step import StepFailed, attempt


@dataclass(frozen=True, slots=True)
class InkSettings:
    """When something that is no text stands in a cell. Shades go from 0, black, to 255."""

    px_per_pt: float = 1.5
    """Pixels a point: the strokes of the smallest digit are then seen."""
    most_px: int = 4_000_000
    """A page larger than A4 is drawn at fewer pixels a point."""
    border_pt: float = 2.0
    """So near to the sides of a cell, in points, stand the rules around it."""
    dark_shade: int = 160
    """Ink is at least this dark, of 255,"""
    contrast_shades: int = 80
    """and darker by this than the lightest place of its cell."""
    struck_share: float = 0.7
    """A stroke that takes this part of a cell's width, and all its height, strikes it out."""


SETTINGS = InkSettings()

_PLAIN = frozenset({pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH})


@dataclass(frozen=True, slots=True)
class _Picture:
    """A page in shades of grey."""

    pixels: bytes
    stride: int
    width: int
    height: int
    scale: float


def with_non_text_ink(
    pdf: pdfium.PdfDocument, blocks: Sequence[Line | Grid], *, heavy: bool = False
) -> list[Line | Grid]:
    """The blocks, with the empty cells that are not quite empty marked as doubtful.

    So are those of a page that cannot be drawn: nobody knows what stands in them. ``heavy``: the file has what may
    make any stroke or character long to draw.
    """
    blanks = {place: set(_blanks(block)) for place, block in enumerate(blocks) if isinstance(block, Grid)}
    pictures = _drawn(pdf, {page for place, cells in blanks.items() if cells and (page := blocks[place].page)}, heavy)
    marked: list[Line | Grid] = []
    for place, block in enumerate(blocks):
        if not isinstance(block, Grid) or block.page not in pictures:
            marked.append(block)
            continue
        picture = pictures[block.page]
        # Of a page that nobody sees the cells are what they seem to be, and in doubt.
        text = UNDECODABLE if picture else ""
        inked = {cell for cell in blanks[place] if cell.box and (picture is None or _has_ink(picture, cell.box))}
        cells = (cell._replace(text=text, doubtful=True) if cell in inked else cell for cell in block.cells)
        marked.append(replace(block, cells=tuple(cells)) if inked else block)
    return marked


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


def _drawn(pdf: pdfium.PdfDocument, numbers: Collection[int], heavy: bool) -> dict[int, _Picture | None]:
    """The pages as they are shown; ``None`` for one that cannot be drawn.

    What text and strokes come to is known; pictures, patterns and drawings within drawings may be anything, and are
    drawn where they harm nobody.
    """
    plain = {number for number in numbers if not heavy and _is_plain(pdf, number)}
    others = sorted(set(numbers) - plain)
    pictures: dict[int, _Picture | None] = {number: _picture(pdf, number) for number in plain}
    if others:
        try:
            pictures |= attempt(lambda: {number: _picture(pdf, number) for number in others})
        except StepFailed:
            pictures |= dict.fromkeys(others)
    return pictures


def _is_plain(pdf: pdfium.PdfDocument, number: int) -> bool:
    """Whether a page is drawn with text and strokes alone."""
    page = pdf[number - 1]
    kinds = {
        pdfium_c.FPDFPageObj_GetType(pdfium_c.FPDFPage_GetObject(page, index))
        for index in range(pdfium_c.FPDFPage_CountObjects(page))
    }
    return kinds <= _PLAIN and pdfium_c.FPDFPage_GetAnnotCount(page) <= 0


def _picture(pdf: pdfium.PdfDocument, number: int) -> _Picture | None:
    try:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(SETTINGS.px_per_pt, sqrt(SETTINGS.most_px / max(width * height, 1.0)))
        bitmap = page.render(scale=scale, grayscale=True)
    except (pdfium.PdfiumError, MemoryError):
        return None
    return _Picture(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height, scale)


def _has_ink(picture: _Picture, box: Box) -> bool:
    """Whether something dark stands in a cell, apart from its left and right side."""
    x0, x1 = (round(x * picture.scale) for x in (box.x0 + SETTINGS.border_pt, box.x1 - SETTINGS.border_pt))
    top, bottom = (round(y * picture.scale) for y in (box.top + SETTINGS.border_pt, box.bottom - SETTINGS.border_pt))
    x0, x1 = max(x0, 0), min(x1, picture.width)
    top, bottom = max(top, 0), min(bottom, picture.height)
    if x1 - x0 < 3 or bottom - top < 3:
        return False
    columns = [
        picture.pixels[top * picture.stride + x : (bottom - 1) * picture.stride + x + 1 : picture.stride]
        for x in range(x0, x1)
    ]
    most = min(SETTINGS.dark_shade, max(map(max, columns)) - SETTINGS.contrast_shades)
    dark = [x for x, column in enumerate(columns) if min(column) <= most]
    if not dark or dark[0] == 0 or dark[-1] == len(columns) - 1:
        return False
    # From corner to corner a stroke leaves by the upper and the lower side.
    leaves = min(column[0] for column in columns) <= most and min(column[-1] for column in columns) <= most
    return not (leaves and dark[-1] - dark[0] >= SETTINGS.struck_share * len(columns))
