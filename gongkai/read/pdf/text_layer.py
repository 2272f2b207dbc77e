"""Whether the text layer of a PDF page says what the page shows.

In: the pages of a PDF as read from their text layer. Out: which of them must be read from their picture, and the
pictures on pages of text that may be tables. Nothing is rendered here, so that pages of text cost nothing.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from gongkai.characters import fold
from gongkai.read.page import UNDECODABLE, Page
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.system.limits import current


@dataclass(frozen=True, slots=True)
class TextLayerSettings:
    """When the text of a page is not what the page shows."""

    garbled_share: float = 0.15
    """A text layer of which more has no meaning is not read: all digits of a table, not the label of one row."""
    foreign_share: float = 0.01
    """Nor one of which a larger share is letters of other languages: its fonts say something else than they draw."""
    name_chars: int = 5
    """So many may be those of a name."""
    covered_share: float = 0.5
    """Pictures that take a larger part of a page are the page."""
    stamp_chars: int = 40
    """Fewer characters upon the picture of a page are a page number or a stamp, not its text."""
    shortest_text_chars: int = 200
    """Fewer characters are not enough to say them."""
    most_pages: int = 20
    """A longer document is believed to be what its text says."""
    drawn_shapes: int = 100
    """A page with at least this many drawn shapes and hardly a character has its characters drawn as shapes."""
    table_width_share: float = 0.4
    """A picture at least this part of the page's width,"""
    table_height_share: float = 0.05
    """and this part of its height, may be a table."""


SETTINGS = TextLayerSettings()
WORDS = "信息公开"
"""Every report says them."""
MAX_DEPTH = 4

Rectangle = tuple[float, float, float, float]

_FOREIGN = re.compile(r"[\x7f-\x9f\xc0-\u024f]")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pages that must be read from their picture, and the pictures on pages of text that may be tables.

    Pages count from 1; a picture is (x0, top, x1, bottom) in points of the page.
    """

    pages: frozenset[int]
    tables: Mapping[int, tuple[Rectangle, ...]]
    supposed: bool = False
    """The pages have text, of another document perhaps: their pictures tell after a few pages."""

    def __bool__(self) -> bool:
        return bool(self.pages or self.tables)


@dataclass(frozen=True, slots=True)
class _Object:
    kind: int
    bounds: Rectangle
    """Left, bottom, right, top, in the page's own coordinates."""
    characters: int = 0
    pixels: int = 0
    """Of a picture, as it is stored."""


def pictures_to_read(data: bytes, pdf: pdfium.PdfDocument, pages: Sequence[Page]) -> Pictures:
    """What of a document must be read from pictures.

    ``data`` is the file, ``pages`` are its pages as read from their text layer.
    """
    texts = ["".join([char.text for char in page.chars]) for page in pages]
    if _says_something_else(texts):
        return Pictures(frozenset(page.number for page in pages), {}, supposed=True)
    # The dictionary of a picture is never compressed; where there is none, full pages of text need no look.
    pictured = _PICTURE.search(data) is not None
    scanned: set[int] = set()
    tables = {}
    for page, text in zip(pages, texts, strict=True):
        unknown, foreign = text.count(UNDECODABLE), len(_FOREIGN.findall(text))
        garbled = unknown > SETTINGS.garbled_share * len(page.chars) or foreign > max(
            SETTINGS.foreign_share * len(page.chars), SETTINGS.name_chars
        )
        if garbled or pictured or len(page.chars) < SETTINGS.stamp_chars:
            pdf_page = pdf[page.number - 1]
            if garbled or needs_ocr(pdf_page):
                scanned.add(page.number)
            elif pictured and (regions := _pictures_of_tables(pdf_page, page)):
                tables[page.number] = regions
    return Pictures(frozenset(scanned), tables)


def _says_something_else(texts: Sequence[str]) -> bool:
    """Whether the text of a document's pages lacks the words that every report has: its fonts may not say what they
    draw.

    It may as well be another document; then its pictures say so, too.
    """
    text = "".join("".join(texts).split())
    return (
        len(text) >= SETTINGS.shortest_text_chars
        and len(texts) <= SETTINGS.most_pages
        and not says_what_reports_say(text)
    )


def says_what_reports_say(text: str) -> bool:
    """Whether a text, without spaces, has the words that every report has."""
    return WORDS in text or WORDS in fold(text)


def needs_ocr(pdf_page: pdfium.PdfPage) -> bool:
    """Whether the text of a page is hidden or missing: what is seen of it is a picture, or shapes."""
    objects = list(_objects(pdf_page))
    seen, covered = _seen(objects), _covered(objects, pdf_page)
    if covered >= SETTINGS.covered_share:
        return seen < SETTINGS.stamp_chars
    return seen == 0 and (
        covered > SETTINGS.table_height_share
        or sum(o.kind == pdfium_c.FPDF_PAGEOBJ_PATH for o in objects) >= SETTINGS.drawn_shapes
    )


def resolution(pdf_page: pdfium.PdfPage) -> float:
    """How many pixels a point of the page's pictures has; infinite if it has none, as where letters are outlines."""
    pixels, area = 0, 0.0
    for item in _objects(pdf_page):
        left, bottom, right, top = item.bounds
        if item.pixels:
            pixels, area = pixels + item.pixels, area + (right - left) * (top - bottom)
    return float((pixels / area) ** 0.5) if area > 0 else inf


def _pictures_of_tables(pdf_page: pdfium.PdfPage, page: Page) -> tuple[Rectangle, ...]:
    """The pictures on a page of text that are large enough for a table and bear no text."""
    if page.turns or pdf_page.get_rotation():
        return ()
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(pdf_page, box)
    regions = []
    for item in _objects(pdf_page):
        left, bottom, right, top = item.bounds
        x0, y0, x1, y1 = left - box.left, box.top - top, right - box.left, box.top - bottom
        large = (
            x1 - x0 >= SETTINGS.table_width_share * page.width and y1 - y0 >= SETTINGS.table_height_share * page.height
        )
        if item.kind == pdfium_c.FPDF_PAGEOBJ_IMAGE and large:
            over = sum(x0 < (c.x0 + c.x1) / 2 < x1 and y0 < (c.top + c.bottom) / 2 < y1 for c in page.chars)
            if over < SETTINGS.stamp_chars:
                regions.append((x0, y0, x1, y1))
    return tuple(regions)


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
    return float(area / max((box.right - box.left) * (box.top - box.bottom), 1.0))


def _objects(pdf_page: pdfium.PdfPage) -> Iterator[_Object]:
    """What is drawn on a page, in order. Pictures within a form have the bounds that the form gives them."""
    text_page = pdf_page.get_textpage()
    most = current().pdf_objects_per_page
    try:
        for number, obj in enumerate(pdf_page.get_objects(max_depth=MAX_DEPTH, textpage=text_page)):
            if number >= most:
                return
            kind = obj.type
            characters = pixels = 0
            if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                pixels = stored_pixels(obj)
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                hidden = pdfium_c.FPDFTextObj_GetTextRenderMode(obj.raw) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
                length = pdfium_c.FPDFTextObj_GetText(obj.raw, text_page.raw, None, 0)
                characters = 0 if hidden else max(length // 2 - 1, 0)
            yield _Object(kind, _bounds(obj), characters, pixels)
    finally:
        text_page.close()


def stored_pixels(obj: pdfium.PdfObject) -> int:
    """How many pixels a picture has, told without decoding it; none if pdfium cannot tell."""
    columns, rows = ctypes.c_uint(), ctypes.c_uint()
    known = pdfium_c.FPDFImageObj_GetImagePixelSize(obj.raw, columns, rows)
    return columns.value * rows.value if known else 0


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
