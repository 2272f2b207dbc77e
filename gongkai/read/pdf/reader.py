"""A PDF -> Document, by pdfium: the first reader.

In: a file's path. Out: a ``Document`` whose grids are the ruled tables and whose lines are all else but
running heads. Pages that are pictures are handed to the reader of scans. What never happens: a stroke or a character
that this reader can't place is dropped from a table in silence. Text that stands sideways on its page (a landscape
table) is read upright; text at another angle than the page's own is a watermark.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from gongkai.dates import day_of
from gongkai.errors import UnreadableFile
from gongkai.model import Document, Grid, Line
from gongkai.read.page import (
    Page,
)
from gongkai.read.pdf.books import refuse_book
from gongkai.read.pdf.non_text_ink import with_non_text_ink
from gongkai.read.pdf.pages import blocks_of, open_pdf, read_page
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.read.pdf.text_layer import Pictures, pictures_to_read
from gongkai.system import resource_limits

MOST_SAID = 1000
"""A title of more characters is none."""

_HEAVY = re.compile(rb"/(?:PatternType|Type3)\b")
"""With a pattern, or a font of drawings, each stroke and character may be anything."""


def read_pdf(path: Path, *, ruled: bool = True) -> Document:
    """The document. Raises ``UnreadableFile`` if it is no readable PDF, ``NotAReport`` if it has too many pages.

    ``ruled``: whether strokes are looked at; without them all is lines.
    """
    # In memory, since pdfium asks for a file on disk in thousands of small pieces.
    data = path.read_bytes()
    with open_pdf(data) as pdf:
        refuse_book(pdf)
        pages = []
        with resource_limits.within_page_time() as begin:
            for index in range(len(pdf)):
                begin()
                pages.append(read_page(pdf, index))
        if not ruled:
            pages = [replace(page, horizontals=(), verticals=()) for page in pages]
        created = _created(pdf)
        title = _metadata(pdf, "Title").strip()
        pictures = pictures_to_read(data, pdf, pages)
        blocks = list(blocks_of([page for page in pages if page.number not in pictures.pages]))
        blocks = with_non_text_ink(pdf, blocks, heavy=_HEAVY.search(data) is not None)
        if pictures:
            blocks = with_scans(pdf, pages, blocks, pictures)
    return Document(
        blocks=tuple(blocks),
        reader="ocr" if 2 * len(pictures.pages) > len(pages) else "pdf-lines",
        title=title,
        created=created,
        pages=len(pages),
        pictures=bool(pictures),
    )


def with_scans(
    pdf: pdfium.PdfDocument, pages: Sequence[Page], blocks: Sequence[Line | Grid], pictures: Pictures
) -> list[Line | Grid]:
    """The blocks of a document's text, with those that its pictures show. Raises ``ReportError`` if they are not read.

    The libraries that read pictures are heavy, and loaded here alone.
    """
    try:
        from gongkai.read.scan.reader import merged
    except ImportError as error:
        library = error.name or "a library"
        if library.startswith("gongkai"):
            raise
        if not pictures.pages:
            return list(blocks)
        raise UnreadableFile(
            f"its pages are pictures (a scan), and {library} is not installed: "
            "install the extra gongkai[scan], or find the text version"
        ) from error
    return merged(pdf, [page.number for page in pages], blocks, pictures)


def _created(pdf: pdfium.PdfDocument) -> date | None:
    """The date in the file's own metadata, ``D:20240130…``."""
    text = _metadata(pdf, "CreationDate").removeprefix("D:")[:8]
    return day_of((text[:4], text[4:6], text[6:]))


def _metadata(pdf: pdfium.PdfDocument, entry: str) -> str:
    """What the file says of itself, as far as it is text: at most ``MOST_SAID`` characters."""
    room = ctypes.create_string_buffer(2 * MOST_SAID + 2)
    length = pdfium_c.FPDF_GetMetaText(pdf, entry.encode(), None, 0)
    if not 2 < length <= len(room):
        return ""
    pdfium_c.FPDF_GetMetaText(pdf, entry.encode(), room, length)
    return room.raw[: length - 2].decode("utf-16-le", "replace")
