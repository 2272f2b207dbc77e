"""The pages of a PDF, and what stands on them in reading order.

In: a PDF's bytes. Out: each page's characters and rules, upright (``read_page``), and of pages, whoever has read them,
the lines and ruled grids (``blocks_of``). Text that stands sideways on its page (a landscape table) is read upright;
text at another angle than the page's own is a watermark.
What never happens: a stroke or a character that can't be placed is dropped from a table in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, zip_longest
from math import pi

from gongkai.errors import NotAReport, UnreadableFile
from gongkai.model import Grid, Line, Word
from gongkai.read.page import (
    Char,
    Page,
    Rule,
    drawn_once,
    line_of,
    margins_of,
    rows_of,
    top_of,
    without_watermark,
    words_of,
)
from gongkai.read.pdf.dotted_rules import dotted
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.read.pdf.pdfium_objects import THIN, Rectangle, page_chars, page_strokes
from gongkai.read.ruled_tables import ruled_grids
from gongkai.read.running_heads import without_running_heads
from gongkai.read.two_up import split_sheets
from gongkai.system.limits import current

SAME_ANGLE = 0.02
"""Characters whose angles differ by more, in radians, are no text of one direction."""
NO_ROW: tuple[list[Char], list[Word]] = ([], [])

_PASSWORD_ERRORS = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF. Raises ``UnreadableFile`` with what is wrong in plain words."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS:
            raise UnreadableFile("encrypted with a password; save it without one") from error
        raise UnreadableFile("damaged, or not a PDF; download it again") from error
    if len(pdf) == 0:
        pdf.close()
        raise UnreadableFile("damaged: a PDF without pages; download it again")
    if len(pdf) > (most := current().pdf_pages):
        pages = len(pdf)
        pdf.close()
        raise NotAReport(f"{pages} pages: not a report (at most {most}); cut out the report's pages")
    return pdf


def blocks_of(pages: Sequence[Page]) -> Iterator[Line | Grid]:
    """The lines and grids of all pages in reading order, without page numbers and running heads."""
    content = []
    pages = split_sheets(pages)
    for page in pages:
        grids, outside = ruled_grids(page)
        rows = [(row, words) for row in rows_of(outside) if (words := words_of(row))]
        content.append((page, grids, rows))
    # Pages that are read in another direction have margins of their own.
    margins = {
        width: margins_of([words for _, words in rows] for page, _, rows in content if round(page.width) == width)
        for width in {round(page.width) for page in pages}
    }
    lines = [
        [
            line_of(page, row, words, margins[round(page.width)], after)
            for (row, words), (after, _) in zip_longest(rows, rows[1:], fillvalue=NO_ROW)
        ]
        for page, _, rows in content
    ]
    kept = without_running_heads(list(enumerate(lines)))
    for index, (page, grids, _) in enumerate(content):
        # Of two lines that overlap (a group's label reaches over its rows) the one that stands lower stays the later.
        tops = accumulate((top_of(line, page.turns) for line in kept[index]), max)
        placed: list[tuple[float, Line | Grid]] = list(zip(tops, kept[index], strict=True))
        placed += [(top_of(grid, page.turns), grid) for grid in grids]
        yield from (block for _, block in sorted(placed, key=lambda pair: pair[0]))


def read_page(pdf: pdfium.PdfDocument, index: int) -> Page:
    """Characters and rules of a page, in points from the top left of the upright text."""
    try:
        page = pdf[index]
    except pdfium.PdfiumError as error:
        raise UnreadableFile(f"damaged: page {index + 1} cannot be read; download it again") from error
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    raw = page_chars(page)
    angles = Counter([char[-1] for char in raw])
    angle = angles.most_common(1)[0][0] if angles else 0.0
    if len(angles) > 1:
        raw = [char for char in raw if abs(char[-1] - angle) <= SAME_ANGLE]
    turn = -round(angle / (pi / 2)) % 4
    upright = _upright(turn, box.left, box.bottom, box.right, box.top)
    if turn == 0:
        left, top = box.left, box.top
        new = partial(tuple.__new__, Char)  # what Char(…) comes to, at half its cost
        placed = [
            new((text, x0 - left, top - y1, x1 - left, top - y0, top - y)) for text, x0, y0, x1, y1, _, y, _ in raw
        ]
    else:
        placed = [Char(text, *upright(x0, y0, x1, y1), upright(x, y, x, y)[1]) for text, x0, y0, x1, y1, x, y, _ in raw]
    chars = without_watermark(drawn_once(placed))
    horizontals, verticals, dots = [], [], []
    for stroke in page_strokes(page):
        x0, top, x1, bottom = upright(*stroke)
        if (x1 - x0 <= THIN and bottom - top <= THIN) and 0.5 <= (x1 - x0) / max(bottom - top, 0.01) <= 2:
            dots.append(((x0 + x1) / 2, (top + bottom) / 2, x1 - x0))
        elif bottom - top <= THIN and x1 - x0 > bottom - top:
            horizontals.append(Rule((top + bottom) / 2, x0, x1))
        elif x1 - x0 <= THIN and bottom - top > x1 - x0:
            verticals.append(Rule((x0 + x1) / 2, top, bottom))
    across, down = dotted(dots)
    width, height = box.right - box.left, box.top - box.bottom
    return Page(
        number=index + 1,
        width=width if turn % 2 == 0 else height,
        height=height if turn % 2 == 0 else width,
        chars=chars,
        horizontals=horizontals + across,
        verticals=verticals + down,
        turns=(page.get_rotation() // 90 - turn) % 4,
    )


def _upright(turn: int, left: float, bottom: float, right: float, top: float) -> Callable[..., Rectangle]:
    """From two corners in the page's own coordinates to (x0, top, x1, bottom) with the text upright.

    ``turn`` is the direction of the text, in quarter turns against the clock.
    """

    def to_upright(xa: float, ya: float, xb: float, yb: float) -> Rectangle:
        x0, x1 = (xa, xb) if xa < xb else (xb, xa)
        y0, y1 = (ya, yb) if ya < yb else (yb, ya)
        if turn == 0:
            return x0 - left, top - y1, x1 - left, top - y0
        if turn == 1:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if turn == 2:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        return top - y1, right - x1, top - y0, right - x0

    return to_upright
