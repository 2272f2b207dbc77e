"""Whether a PDF of very many pages is worth reading: a book is told from a report before all its pages are read.

In: a PDF of pdfium's. Out: nothing, or ``NotAReport``. Only text is looked at: that of the first and last pages, which
in a report say what it is, and then that of all pages, one of which must have the words of the table of requests.
Pages that are pictures, or have hardly a character, say nothing either way. What never happens: a document of as many
pages as reports have is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.characters import fold
from gongkai.errors import NotAReport
from gongkai.read.pdf import text_layer
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.pdfium_objects import page_text
from gongkai.read.pdf.text_layer import says_what_reports_say
from gongkai.system.limits import current

FIRST, LAST = 10, 5
"""So many pages say what a document is: its title, its list of contents, its introduction; its signature."""
OF_THE_TABLE = ("收到和处理", "本年新收", "结转下年度")
"""The table of requests, by its section's heading or by one of its rows."""


def refuse_book(pdf: pdfium.PdfDocument) -> None:
    """Raise ``NotAReport`` if a document that is longer than reports are is none."""
    count = len(pdf)
    if count <= current().pdf_pages_unseen:
        return
    sample = "".join(_texts(pdf, (*range(FIRST), *range(count - LAST, count))))
    if len(sample) >= text_layer.SETTINGS.shortest_text_chars and not says_what_reports_say(sample):
        raise NotAReport(
            f"{count} pages, of which the first and the last say nothing of 信息公开: not a report; "
            "if one is in it, cut out its pages"
        )
    length = 0
    for text in _texts(pdf, range(count)):
        length += len(text)
        if any(word in text for word in OF_THE_TABLE) or any(word in fold(text) for word in OF_THE_TABLE):
            return
    if length >= text_layer.SETTINGS.shortest_text_chars:
        raise NotAReport(
            f"{count} pages, and no table of requests (收到和处理政府信息公开申请情况) on any: not a report"
        )


def _texts(pdf: pdfium.PdfDocument, indices: Iterable[int]) -> Iterator[str]:
    """The text of pages, without spaces; nothing of a page that cannot be read."""
    for index in indices:
        try:
            page = pdf[index]
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            continue
        yield "".join(page_text(text_page).split())
        text_page.close()
        page.close()
