"""A PDF -> Document, by pdfium: the first reader.

In: a file's path. Out: a ``Document`` whose grids are the ruled tables and whose lines are all else, page furniture
apart. Pages that are pictures are handed to the reader of scans. What never happens: a stroke or a character that this
reader can't place is dropped from a table in silence. Text that stands sideways on its page (a landscape table) is read
upright; text at another angle than the page's own is a watermark.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from math import pi
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gongkai.errors import NotAReport, UnreadableFile
from gongkai.model import Document, Grid, Line
from gongkai.read.furniture import without_furniture
from gongkai.read.halves import parted
from gongkai.read.page import (
    UNDECODABLE,
    Char,
    Page,
    Rule,
    drawn_once,
    line_of,
    margins_of,
    rows_of,
    without_watermark,
    words_of,
)
from gongkai.read.rules import ruled_grids
from gongkai.read.textlayer import pictures_to_read, with_scans

THIN = 3.0
"""A filled rectangle at most this thick, in points, is drawn as a rule."""
HUGE = 40.0
"""A character wider than this, in points, is not believed without a look at its tight box."""
SAME_ANGLE = 0.02
"""Characters whose angles differ by more, in radians, are no text of one direction."""
MAX_PAGES = 400
MAX_FORM_DEPTH = 8
MAX_SEGMENTS = 20_000
"""A path of more segments is a drawing (a watermark in outlines), no rule."""

_PASSWORD_ERRORS = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})


def read_pdf(path: Path) -> Document:
    """The document. Raises ``UnreadableFile`` if it is no readable PDF, ``NotAReport`` if it has too many pages."""
    with open_pdf(path) as pdf:
        pages = [read_page(pdf, index) for index in range(len(pdf))]
        created = _created(pdf)
        title = pdf.get_metadata_value("Title").strip()
        pictures = pictures_to_read(path, pdf, pages)
        blocks = list(blocks_of([page for page in pages if page.number not in pictures.pages]))
        if pictures:
            blocks = with_scans(pdf, pages, blocks, pictures)
    return Document(
        blocks=tuple(blocks),
        reader="ocr" if 2 * len(pictures.pages) > len(pages) else "pdf-lines",
        title=title,
        created=created,
        pages=len(pages),
    )


def open_pdf(path: Path) -> pdfium.PdfDocument:
    """Open a PDF. Raises ``UnreadableFile`` with what is wrong in plain words."""
    try:
        pdf = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in _PASSWORD_ERRORS:
            raise UnreadableFile("encrypted with a password; save it without one") from error
        raise UnreadableFile("damaged, or not a PDF; download it again") from error
    if len(pdf) == 0:
        pdf.close()
        raise UnreadableFile("damaged: a PDF without pages; download it again")
    if len(pdf) > MAX_PAGES:
        pages = len(pdf)
        pdf.close()
        raise NotAReport(f"{pages} pages: not a report (at most {MAX_PAGES}); cut out the report's pages")
    return pdf


def blocks_of(pages: Sequence[Page]) -> Iterator[Line | Grid]:
    """The lines and grids of all pages in reading order, without page numbers and running heads."""
    content = []
    pages = parted(pages)
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
        [line_of(page, row, words, margins[round(page.width)]) for row, words in rows] for page, _, rows in content
    ]
    kept = without_furniture(list(enumerate(lines)))
    for index, (page, grids, _) in enumerate(content):
        placed: list[tuple[float, Line | Grid]] = [(_top(page, line), line) for line in kept[index]]
        placed += [(_top(page, grid), grid) for grid in grids]
        yield from (block for _, block in sorted(placed, key=lambda pair: pair[0]))


def _top(page: Page, block: Line | Grid) -> float:
    """Where a block begins, in the direction in which the page is read."""
    boxes = [block.box] if isinstance(block, Line) else [cell.box for cell in block.cells]
    known = [box for box in boxes if box is not None]
    match page.turns:
        case 0:
            return min(box.top for box in known)
        case 1:
            return min(-box.x1 for box in known)
        case 2:
            return min(-box.bottom for box in known)
        case _:
            return min(box.x0 for box in known)


def read_page(pdf: pdfium.PdfDocument, index: int) -> Page:
    """Characters and rules of a page, in points from the top left of the upright text."""
    try:
        page = pdf[index]
    except pdfium.PdfiumError as error:
        raise UnreadableFile(f"damaged: page {index + 1} cannot be read; download it again") from error
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    raw = _raw_chars(page)
    angles = Counter(char[-1] for char in raw)
    angle = angles.most_common(1)[0][0] if angles else 0.0
    turn = -round(angle / (pi / 2)) % 4
    upright = _upright(turn, box.left, box.bottom, box.right, box.top)
    if turn == 0:
        left, top = box.left, box.top
        placed = [
            Char(text, x0 - left, top - y1, x1 - left, top - y0, top - y)
            for text, x0, y0, x1, y1, _, y, char_angle in raw
            if -SAME_ANGLE <= char_angle - angle <= SAME_ANGLE
        ]
    else:
        placed = [
            Char(text, *upright(x0, y0, x1, y1), upright(x, y, x, y)[1])
            for text, x0, y0, x1, y1, x, y, char_angle in raw
            if abs(char_angle - angle) <= SAME_ANGLE
        ]
    chars = without_watermark(drawn_once(placed))
    horizontals, verticals = [], []
    for stroke in _strokes(page):
        x0, top, x1, bottom = upright(*stroke)
        if bottom - top <= THIN and x1 - x0 > bottom - top:
            horizontals.append(Rule((top + bottom) / 2, x0, x1))
        elif x1 - x0 <= THIN and bottom - top > x1 - x0:
            verticals.append(Rule((x0 + x1) / 2, top, bottom))
    width, height = box.right - box.left, box.top - box.bottom
    return Page(
        number=index + 1,
        width=width if turn % 2 == 0 else height,
        height=height if turn % 2 == 0 else width,
        chars=chars,
        horizontals=horizontals,
        verticals=verticals,
        turns=(page.get_rotation() // 90 - turn) % 4,
        undecodable=sum(char.text == UNDECODABLE for char in chars),
    )


Rectangle = tuple[float, float, float, float]


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


RawChar = tuple[str, float, float, float, float, float, float, float]
"""Text, loose box (left, bottom, right, top), origin (x, y) and angle in the page's own coordinates."""


def _raw_chars(page: pdfium.PdfPage) -> list[RawChar]:
    """Each character that is drawn, in the order of the file."""
    text_page = page.get_textpage()
    raw = text_page.raw
    unicode, generated = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_IsGenerated
    unmapped, angle = pdfium_c.FPDFText_HasUnicodeMapError, pdfium_c.FPDFText_GetCharAngle
    loose, tight = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharBox
    origin = pdfium_c.FPDFText_GetCharOrigin
    box = pdfium_c.FS_RECTF()
    at_box = ctypes.byref(box)
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    sides = tuple(ctypes.byref(side) for side in (left, right, bottom, top))
    chars: list[RawChar] = []
    last_end = last_bottom = direction = 0.0
    for index in range(text_page.count_chars()):
        code = unicode(raw, index)
        if code <= 32 and (code in (10, 13) or generated(raw, index) == 1):
            continue
        legible = code >= 32 and not 0xE000 <= code <= 0xF8FF and unmapped(raw, index) != 1
        loose(raw, index, at_box)
        x0, y0, x1, y1 = box.left, box.bottom, box.right, box.top
        if x1 - x0 > HUGE and code != 32:
            # Fonts for vertical writing: pdfium takes the font's unscaled size for the character's.
            tight(raw, index, *sides)
            if right.value - left.value < (x1 - x0) / 3:
                x0, y0, x1, y1 = left.value, bottom.value, right.value, top.value
        # A character that follows the last one on its line has its baseline and its angle.
        if y0 != last_bottom or not -1.0 < x0 - last_end < 1.0:
            direction = round(angle(raw, index), 2)
            origin(raw, index, at_x, at_y)
        last_end, last_bottom = x1, y0
        chars.append((chr(code) if legible else UNDECODABLE, x0, y0, x1, y1, x.value, y.value, direction))
    text_page.close()
    return chars


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _strokes(page: pdfium.PdfPage) -> Iterator[Rectangle]:
    """The straight strokes of a page and the thin rectangles, in the page's own coordinates."""
    raw = page.raw
    kind_of, object_at = pdfium_c.FPDFPageObj_GetType, pdfium_c.FPDFPage_GetObject
    for index in range(pdfium_c.FPDFPage_CountObjects(raw)):
        obj = object_at(raw, index)
        kind = kind_of(obj)
        if kind in (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_FORM):
            yield from _strokes_of(obj, kind, IDENTITY, 0)


def _strokes_of(obj: object, kind: int, outer: Matrix, depth: int) -> Iterator[Rectangle]:
    if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
        inner = _times(_matrix(obj), outer)
        for index in range(pdfium_c.FPDFFormObj_CountObjects(obj)):
            part = pdfium_c.FPDFFormObj_GetObject(obj, index)
            yield from _strokes_of(part, pdfium_c.FPDFPageObj_GetType(part), inner, depth + 1)
    if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
        return
    segments = pdfium_c.FPDFPath_CountSegments(obj)
    if segments > MAX_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(obj, fill, stroke)
    if segments <= 5 and outer is IDENTITY and (segments == 2 or not stroke.value):
        # One line, or one rectangle that is filled: its bounds say all, in one call.
        x0, y0, x1, y1 = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFPageObj_GetBounds(obj, x0, y0, x1, y1)
        if min(x1.value - x0.value, y1.value - y0.value) <= THIN:
            yield x0.value, y0.value, x1.value, y1.value
            return
    for path in _points(obj, segments, _times(_matrix(obj), outer)):
        if stroke.value:
            yield from ((ax, ay, bx, by) for (ax, ay), (bx, by) in pairwise(path))
        elif fill.value and len(path) >= 4:
            xs, ys = [p[0] for p in path], [p[1] for p in path]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
                yield min(xs), min(ys), max(xs), max(ys)


def _points(obj: object, segments: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The subpaths of a path as corner points; a curve is its end points."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    paths: list[list[tuple[float, float]]] = []
    for index in range(segments):
        segment = pdfium_c.FPDFPath_GetPathSegment(obj, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if pdfium_c.FPDFPathSegment_GetType(segment) == pdfium_c.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        else:
            paths[-1].append(point)
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _matrix(obj: object) -> Matrix:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(obj, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(m: Matrix, n: Matrix) -> Matrix:
    """First ``m``, then ``n``."""
    if n == IDENTITY:
        return m
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _created(pdf: pdfium.PdfDocument) -> date | None:
    """The date in the file's own metadata, ``D:20240130…``."""
    text = pdf.get_metadata_value("CreationDate").removeprefix("D:")[:8]
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
