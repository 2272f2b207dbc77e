"""Whether the text layer of a PDF page says what the page shows.

In: a page, and what was read from its text layer. Out: whether the page must be read from its picture, and the pictures
on a page of text that may be tables. Nothing is rendered here, so that pages of text cost nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gongkai.errors import UnreadableFile
from gongkai.model import Grid, Line
from gongkai.read.page import UNDECODABLE, Char, Page

GARBLED = 0.05
"""A text layer of which a larger share has no meaning is not read."""
COVERED = 0.5
"""Pictures that take a larger part of a page are the page."""
FEW = 40
"""Fewer characters upon the picture of a page are a page number or a stamp, not its text."""
DRAWN = 100
"""A page with at least this many drawn shapes and hardly a character has its characters drawn as shapes."""
WIDE, HIGH = 0.4, 0.05
"""A picture at least this part of the page's width and height may be a table."""
MAX_OBJECTS = 50_000
MAX_DEPTH = 4

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Object:
    kind: int
    bounds: Rectangle
    """Left, bottom, right, top, in the page's own coordinates."""
    characters: int = 0


def needs_ocr(pdf_page: pdfium.PdfPage, chars: Sequence[Char]) -> bool:
    """Whether a page must be read from its picture: its text layer is missing, hidden, or has no meaning.

    ``chars`` are those of its text layer.
    """
    printed = [char for char in chars if not char.text.isspace()]
    if printed and sum(char.text == UNDECODABLE for char in printed) > GARBLED * len(printed):
        return True
    if len(printed) >= FEW and not _has_picture(pdf_page):
        return False
    objects = list(_objects(pdf_page))
    seen = _seen(objects)
    if _covered(objects, pdf_page) >= COVERED:
        return seen < FEW
    return seen == 0 and (
        _covered(objects, pdf_page) > HIGH or sum(o.kind == pdfium_c.FPDF_PAGEOBJ_PATH for o in objects) >= DRAWN
    )


def pictures_of_tables(pdf_page: pdfium.PdfPage, chars: Sequence[Char]) -> tuple[Rectangle, ...]:
    """The pictures on a page of text that are large enough for a table and bear no text: (x0, top, x1, bottom) in points.

    The page is one on which text stands upright, and ``chars`` are those of its text layer.
    """
    if pdf_page.get_rotation() or not _has_picture(pdf_page):
        return ()
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(pdf_page, box)
    width, height = box.right - box.left, box.top - box.bottom
    found = []
    for item in _objects(pdf_page):
        left, bottom, right, top = item.bounds
        x0, y0, x1, y1 = left - box.left, box.top - top, right - box.left, box.top - bottom
        if item.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE and x1 - x0 >= WIDE * width and y1 - y0 >= HIGH * height:
            over = sum(x0 < (c.x0 + c.x1) / 2 < x1 and y0 < (c.top + c.bottom) / 2 < y1 for c in chars)
            if over < FEW:
                found.append((x0, y0, x1, y1))
    return tuple(found)


def with_scans(pdf: pdfium.PdfDocument, pages: Sequence[Page], blocks: Sequence[Line | Grid]) -> list[Line | Grid]:
    """The blocks of a document's text, with those that its pictures show. Raises ``UnreadableFile`` if nothing reads them.

    The libraries that read pictures are heavy, and loaded here alone.
    """
    try:
        from gongkai.read.scan import merged
    except ImportError as error:
        if not any(page.scanned for page in pages):
            return list(blocks)
        raise UnreadableFile(
            f"its pages are pictures (a scan), and {error.name or 'the reader of scans'} is not installed: "
            "install the extra gongkai[scan], or find the text version"
        ) from error
    return merged(pdf, pages, blocks)


def _has_picture(pdf_page: pdfium.PdfPage) -> bool:
    """Whether the page may have pictures: it has one, or a form that may hold one."""
    raw = pdf_page.raw
    kind, item = pdfium_c.FPDFPageObj_GetType, pdfium_c.FPDFPage_GetObject
    pictured = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM)
    return any(kind(item(raw, index)) in pictured for index in range(pdfium_c.FPDFPage_CountObjects(raw)))


def _seen(objects: list[_Object]) -> int:
    """How many characters can be seen: those that are not hidden, nor under a picture that is drawn later."""
    seen = 0
    for place, item in enumerate(objects):
        if item.characters and not any(
            other.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE and _lies_in(item.bounds, other.bounds)
            for other in objects[place + 1 :]
        ):
            seen += item.characters
    return seen


def _lies_in(inner: Rectangle, outer: Rectangle) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _covered(objects: list[_Object], pdf_page: pdfium.PdfPage) -> float:
    """The part of the page that pictures take; strips of one picture are added up."""
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(pdf_page, box)
    area = 0.0
    for item in objects:
        if item.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.bounds
            width = min(right, box.right) - max(left, box.left)
            height = min(top, box.top) - max(bottom, box.bottom)
            area += max(width, 0.0) * max(height, 0.0)
    return area / max((box.right - box.left) * (box.top - box.bottom), 1.0)


def _objects(pdf_page: pdfium.PdfPage) -> Iterator[_Object]:
    """What is drawn on a page, in order. Pictures within a form have the bounds that the form gives them."""
    text_page = pdf_page.get_textpage()
    try:
        for number, obj in enumerate(pdf_page.get_objects(max_depth=MAX_DEPTH, textpage=text_page)):
            if number >= MAX_OBJECTS:
                return
            kind = obj.type
            characters = 0
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                hidden = pdfium_c.FPDFTextObj_GetTextRenderMode(obj.raw) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
                length = pdfium_c.FPDFTextObj_GetText(obj.raw, text_page.raw, None, 0)
                characters = 0 if hidden else max(length // 2 - 1, 0)
            yield _Object(kind, _bounds(obj), characters)
    finally:
        text_page.close()


def _bounds(obj: pdfium.PdfObject) -> Rectangle:
    """The bounds of an object on its page, also where it is drawn within a form."""
    sides = tuple(ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(obj.raw, *sides):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = (side.value for side in sides)
    outer = obj.container
    while outer is not None:
        matrix = outer.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        x0, x1 = min(x for x, _ in corners), max(x for x, _ in corners)
        y0, y1 = min(y for _, y in corners), max(y for _, y in corners)
        outer = outer.container
    return x0, y0, x1, y1
