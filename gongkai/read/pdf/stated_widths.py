"""How wide characters are where their font is not in the file: as wide as the file says.

In: a page and the characters on it, as pdfium has them. Out: the boxes of those whose font is not embedded, along
their line as wide as the PDF states. pdfium's own box reaches as far as the glyph of the font that stands in, which is
another font's. Pages whose fonts are all embedded cost one look at each piece of text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import compress, repeat
from math import hypot

from gongkai.read.pdf.pdfium import direct, pdfium, pdfium_c

LEVEL = 1e-3
"""A line of characters runs along the page or down it if it leaves that direction by less than this part."""
SLACK = 0.01
"""Points by which a stated width may reach beyond pdfium's box: it is a float's."""

_AT, _INT = ctypes.c_void_p, ctypes.c_int
_object_at = direct(pdfium_c.FPDFPage_GetObject, _AT, _INT, result=_AT)
_kind_of = direct(pdfium_c.FPDFPageObj_GetType, _AT)
_font_of = direct(pdfium_c.FPDFTextObj_GetFont, _AT, result=_AT)
_is_embedded = direct(pdfium_c.FPDFFont_GetIsEmbedded, _AT)
_text_of_char = direct(pdfium_c.FPDFText_GetTextObject, _AT, _INT, result=_AT)
_width_of = direct(pdfium_c.FPDFFont_GetGlyphWidth, _AT, ctypes.c_uint32, ctypes.c_float, _AT)
_matrix_of = direct(pdfium_c.FPDFText_GetMatrix, _AT, _INT, _AT)
_size_of = direct(pdfium_c.FPDFText_GetFontSize, _AT, _INT, result=ctypes.c_double)

Rectangle = tuple[float, float, float, float]


def lacks_fonts(page: pdfium.PdfPage) -> bool:
    """Whether a text of the page may be in a font that is not embedded; texts within forms may be."""
    raw = ctypes.addressof(page.raw.contents)
    objects = list(map(_object_at, repeat(raw), range(pdfium_c.FPDFPage_CountObjects(page.raw))))
    kinds = list(map(_kind_of, objects))
    if pdfium_c.FPDF_PAGEOBJ_FORM in kinds:
        return True
    fonts = set(map(_font_of, compress(objects, map(pdfium_c.FPDF_PAGEOBJ_TEXT.__eq__, kinds))))
    return not all(font and _is_embedded(font) == 1 for font in fonts)


def stated_boxes(
    text_page: pdfium.PdfTextPage, chars: Sequence[tuple[int, str, float, float]], boxes: Sequence[Rectangle]
) -> list[Rectangle]:
    """The boxes of characters, those in fonts that are not embedded as wide as is stated.

    ``chars`` are each character's index, what it says, and its origin; ``boxes`` are left, bottom, right, top. A width
    that pdfium cannot tell, or that does not fit into its box, changes nothing.
    """
    raw = ctypes.addressof(text_page.raw.contents)
    embedded: dict[int, bool] = {}
    width, matrix = ctypes.c_float(), pdfium_c.FS_MATRIX()
    at_width, at_matrix = ctypes.addressof(width), ctypes.addressof(matrix)
    stated = []
    for (index, text, x, y), loose in zip(chars, boxes, strict=True):
        box = loose
        obj = _text_of_char(raw, index)
        font = _font_of(obj) if obj else None
        if font and font not in embedded:
            embedded[font] = _is_embedded(font) == 1
        if (
            font
            and not embedded[font]
            and _width_of(font, ord(text), _size_of(raw, index), at_width)
            and _matrix_of(raw, index, at_matrix)
        ):
            box = _along(loose, x, y, width.value * matrix.a, width.value * matrix.b)
        stated.append(box)
    return stated


def _along(box: Rectangle, x: float, y: float, across: float, up: float) -> Rectangle:
    """The box from the origin ``x``, ``y`` as far as the next one, if the way leads along a side and stays within."""
    left, bottom, right, top = box
    length = hypot(across, up)
    if length and abs(up) < LEVEL * length:
        x0, x1 = min(x, x + across), max(x, x + across)
        return (x0, bottom, x1, top) if left - SLACK <= x0 and x1 <= right + SLACK else box
    if length and abs(across) < LEVEL * length:
        y0, y1 = min(y, y + up), max(y, y + up)
        return (left, y0, right, y1) if bottom - SLACK <= y0 and y1 <= top + SLACK else box
    return box
