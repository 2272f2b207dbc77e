"""A PDF with a text layer -> Document, by pdfium: the first reader.

In: a file's path. Out: a ``Document`` whose grids are the ruled tables and whose lines are all else, page furniture
apart. What never happens: a stroke or a character that this reader can't place is dropped from a table in silence.
Text that stands sideways on its page (a landscape table) is read upright; text at another angle than the page's own
is a watermark.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from math import pi
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gongkai.errors import NotAReport, UnreadableFile
from gongkai.model import Document, Grid, Line
from gongkai.read.furniture import without_furniture
from gongkai.read.page import Char, Page, Rule, line_of, margins_of, rows_of, words_of
from gongkai.read.rules import is_undecodable, ruled_grids

THIN = 3.0
"""A filled rectangle at most this thick, in points, is drawn as a rule."""
HUGE = 40.0
"""A character wider than this, in points, is not believed without a look at its tight box."""
MAX_PAGES = 400
MAX_FORM_DEPTH = 8

_PASSWORD_ERRORS = frozenset({pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY})


def read_pdf(path: Path) -> Document:
    """The document. Raises ``UnreadableFile`` if it is no readable PDF, ``NotAReport`` if it has no text."""
    with open_pdf(path) as pdf:
        pages = [read_page(pdf, index) for index in range(len(pdf))]
        created = _created(pdf)
        title = pdf.get_metadata_value("Title").strip()
    if not any(page.chars for page in pages):
        raise NotAReport("its pages carry no text (a scan?): scans are not read; find the text version")
    return Document(
        blocks=tuple(blocks_of(pages)),
        reader="pdf-lines",
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
    for page in pages:
        grids, outside = ruled_grids(page)
        rows = [(row, words) for row in rows_of(outside) if (words := words_of(row))]
        content.append((page, grids, rows))
    # Pages that are read in another direction have margins of their own.
    margins = {
        width: margins_of([words for _, words in rows] for page, _, rows in content if round(page.width) == width)
        for width in {round(page.width) for page in pages}
    }
    lines = {
        page.number: [line_of(page, row, words, margins[round(page.width)]) for row, words in rows]
        for page, _, rows in content
    }
    kept = without_furniture(list(lines.items()))
    for page, grids, _ in content:
        placed: list[tuple[float, Line | Grid]] = [(_top(page, line), line) for line in kept[page.number]]
        placed += [(_top(page, grid), grid) for grid in grids]
        yield from (block for _, block in sorted(placed, key=lambda pair: pair[0]))


def _top(page: Page, block: Line | Grid) -> float:
    """Where a block begins, in the direction in which the page is read."""
    boxes = [block.box] if isinstance(block, Line) else [cell.box for cell in block.cells]
    edges = {0: "top", 1: "x1", 2: "bottom", 3: "x0"}
    values = [getattr(box, edges[page.turns]) for box in boxes if box is not None]
    return min(-v if page.turns in (1, 2) else v for v in values)


def read_page(pdf: pdfium.PdfDocument, index: int) -> Page:
    """Characters, rules and filled rectangles of a page, in points from the top left of the upright text."""
    try:
        page = pdf[index]
    except pdfium.PdfiumError as error:
        raise UnreadableFile(f"damaged: page {index + 1} cannot be read; download it again") from error
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    raw = list(_raw_chars(page))
    angles = Counter(angle for _, _, _, angle in raw)
    angle = angles.most_common(1)[0][0] if angles else 0.0
    turn = -round(angle / (pi / 2)) % 4
    left, bottom, right, top = box.left, box.bottom, box.right, box.top

    def upright(x: float, y: float) -> tuple[float, float]:
        match turn:
            case 0:
                return x - left, top - y
            case 1:
                return y - bottom, x - left
            case 2:
                return right - x, y - bottom
            case _:
                return top - y, right - x

    chars: list[Char] = []
    seen: set[tuple[str, int, int]] = set()
    undecodable = 0
    for text, loose, origin, char_angle in raw:
        if abs(char_angle - angle) > 0.02:
            continue
        xa, ya = upright(loose[0], loose[1])
        xb, yb = upright(loose[2], loose[3])
        baseline = upright(*origin)[1]
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        if _drawn_already(seen, text, x0, baseline):
            continue
        undecodable += is_undecodable(text)
        chars.append(Char(text, x0, y0, x1, y1, baseline))
    horizontals, verticals = [], []
    for x0, y0, x1, y1 in _strokes(page):
        (xa, ya), (xb, yb) = upright(x0, y0), upright(x1, y1)
        xa, xb, ya, yb = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        if yb - ya <= THIN and xb - xa > yb - ya:
            horizontals.append(Rule((ya + yb) / 2, xa, xb))
        elif xb - xa <= THIN and yb - ya > xb - xa:
            verticals.append(Rule((xa + xb) / 2, ya, yb))
    width, height = (right - left, top - bottom) if turn % 2 == 0 else (top - bottom, right - left)
    return Page(
        number=index + 1,
        width=width,
        height=height,
        chars=chars,
        horizontals=horizontals,
        verticals=verticals,
        turns=(page.get_rotation() // 90 - turn) % 4,
        undecodable=undecodable,
    )


def _drawn_already(seen: set[tuple[str, int, int]], text: str, x: float, baseline: float) -> bool:
    """Whether the same character stands there already: text drawn twice, a little apart, for boldness."""
    column, row = round(x), round(baseline)
    if any((text, column + dx, row + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
        return True
    seen.add((text, column, row))
    return False


RawChar = tuple[str, tuple[float, float, float, float], tuple[float, float], float]


def _raw_chars(page: pdfium.PdfPage) -> Iterator[RawChar]:
    """Each character that is drawn, with its loose box, its origin and its angle, in the page's own coordinates."""
    text_page = page.get_textpage()
    box = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for index in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text_page, index)
        if code in (10, 13) or pdfium_c.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if pdfium_c.FPDFText_HasUnicodeMapError(text_page, index) == 1:
            code = 0xFFFD
        pdfium_c.FPDFText_GetLooseCharBox(text_page, index, box)
        pdfium_c.FPDFText_GetCharOrigin(text_page, index, x, y)
        angle = pdfium_c.FPDFText_GetCharAngle(text_page, index)
        around = box.left, box.bottom, box.right, box.top
        if box.right - box.left > HUGE and code != 32:
            # Fonts for vertical writing: pdfium takes the font's unscaled size for the character's.
            pdfium_c.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
            if right.value - left.value < (box.right - box.left) / 3:
                around = left.value, bottom.value, right.value, top.value
        yield chr(code), around, (x.value, y.value), round(angle, 2)
    text_page.close()


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _strokes(page: pdfium.PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of a page and the thin rectangles, in the page's own coordinates."""
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        yield from _strokes_of(pdfium_c.FPDFPage_GetObject(page, index), IDENTITY, 0)


def _strokes_of(obj: object, outer: Matrix, depth: int) -> Iterator[tuple[float, float, float, float]]:
    kind = pdfium_c.FPDFPageObj_GetType(obj)
    if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
        inner = _times(_matrix(obj), outer)
        for index in range(pdfium_c.FPDFFormObj_CountObjects(obj)):
            yield from _strokes_of(pdfium_c.FPDFFormObj_GetObject(obj, index), inner, depth + 1)
    if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
        return
    segments = pdfium_c.FPDFPath_CountSegments(obj)
    if segments > 20_000:
        return
    points = _points(obj, segments, _times(_matrix(obj), outer))
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(obj, fill, stroke)
    for path in points:
        if stroke.value:
            yield from ((ax, ay, bx, by) for (ax, ay), (bx, by) in zip(path, path[1:], strict=False))
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
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None
