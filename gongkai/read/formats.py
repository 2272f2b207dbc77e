"""Every format of a report: those that are read, each with all that others need to know of it, and those that are not.

In: nothing. Out: ``FORMATS``, one entry a format. From it follow how a file is told and read, the names and media types
of originals in packages, the codes of ``reader`` in schemas, what code and libraries count for a package, which figures
are read twice, and what the site's pages say of formats. A new format is an entry here, its reader in this room, a
writer of reports in it for the tests, and its line in docs/formats.md; one that is not read is an entry of ``UNREAD``.
What never happens: a reader's library is loaded before a file of its format is read; readers are imported in functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gongkai.model import Document, Grid, Line

Blocks = list[Line | Grid]


class Words(NamedTuple):
    """What people call something, in the languages that our data files are written in."""

    zh: str
    en: str


class Method(NamedTuple):
    """A way in which figures are read. ``code`` is what packages call it (``reader``), ``words`` what pages do."""

    code: str
    words: Words
    without_rules: str = ""
    """The code of figures that this method finds in lines, where others stand between drawn rules; empty: the same."""
    recognised: bool = False
    """Characters are recognised from pictures, whole words at once: any may be misread, and none stands astride."""


class Kept(NamedTuple):
    """A suffix under which packages keep reports. ``inert``: no browser runs such a file in the site's name."""

    suffix: str
    media_type: str
    inert: bool = False


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Another, independent way to read pages. ``fits``: whether it is worth beginning within what is left of limits."""

    method: str
    """The code of the method that its blocks are said to be read by."""
    fits: Callable[[Path, Sequence[int]], bool]
    read_pages: Callable[[Path, Sequence[int]], Blocks]


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read."""

    name: Words
    saved_as: Words
    """What people choose where they save a report."""
    what: str
    """What a message calls such a file, with its article."""
    kept: tuple[Kept, ...]
    """The first is what a file of this format under another suffix should be called."""
    methods: tuple[Method, ...]
    read: Callable[[Path], Document]
    """Raises ``UnreadableFile`` or ``NotAReport``."""
    modules: tuple[str, ...]
    """Those of ours that are entered for this format alone: every one that a function of this module imports."""
    libraries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What is installed to import a library that only this format needs, and what that one hands work on to."""
    aliases: tuple[str, ...] = ()
    """Suffixes under which such files are read, too; packages keep them under the first of ``kept``."""
    is_told_by: Callable[[bytes], bool] | None = None
    """Whether a file's first bytes say that it is one; ``None`` where they cannot."""
    unlike: str = ""
    """What to say of a file that has the suffix and not the first bytes; empty: its reader says what is wrong."""
    is_zip: bool = False
    """Its files are zips: a broken one is believed to be what its name says."""
    zip_member: str = ""
    """The member, in lower case, by which a zip is known to be one; Word files are known by what they declare."""
    missing: str = "install the project again (make venv)"
    """What to do where a library that its reader needs is not installed."""
    pictures: Words | None = None
    """What its files are called whose pages are pictures."""
    picture_modules: tuple[str, ...] = ()
    """The modules that are entered for such files, besides."""
    read_without_rules: Callable[[Path], Document] | None = None
    """Reads all as lines, where what is ruled may be something else than the form's cells."""
    second: SecondReader | None = None
    opens_at_page: bool = False
    """Browsers open a file at the page that its address names (``#page=3``)."""

    @property
    def suffix(self) -> str:
        return self.kept[0].suffix

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (*(kept.suffix for kept in self.kept), *self.aliases)


SAVE_OTHERWISE = "this format is not read; save it as .docx or PDF"


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is not read: how it is told, and what to do instead."""

    suffixes: tuple[str, ...]
    what: str
    advice: str = SAVE_OTHERWISE
    starts: tuple[bytes, ...] = ()
    zip_member: str = ""
    zip_mimetype: str = ""
    told: Words | None = None
    """What the page for contributors calls it, if it names it."""


# ---------------------------------------------------------------- readers, each imported where it is needed


def _begins_as_pdf(head: bytes) -> bool:
    """Something may stand before a PDF's head."""
    return b"%PDF-" in head[:1024]


def _begins_as_html(head: bytes) -> bool:
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<?xml"))


def _read_pdf(path: Path) -> Document:
    from gongkai.read.pdf.reader import read_pdf

    return read_pdf(path)


def _read_pdf_without_rules(path: Path) -> Document:
    from gongkai.read.pdf.reader import read_pdf

    return read_pdf(path, ruled=False)


def _fits_again(path: Path, pages: Sequence[int]) -> bool:
    from gongkai.read.pdf.second_reader_cost import fits

    return fits(path, pages)


def _read_pages_again(path: Path, pages: Sequence[int]) -> Blocks:
    from gongkai.read.pdf.second_reader import read_pages

    return read_pages(path, pages)


def _read_html(path: Path) -> Document:
    from gongkai.read.html.reader import read_html

    return read_html(path)


def _read_docx(path: Path) -> Document:
    from gongkai.read.docx.reader import read_docx

    return read_docx(path)


def _read_text(path: Path) -> Document:
    from gongkai.read.text import read_text

    return read_text(path)


FORMATS = (
    Format(
        name=Words("PDF", "PDF"),
        saved_as=Words("PDF", "PDF"),
        what="a PDF",
        kept=(Kept(".pdf", "application/pdf", inert=True),),
        methods=(
            Method(
                "pdf-lines",
                Words("PDF 文字层（按表格线）", "PDF text, in the cells that its rules draw"),
                without_rules="pdf-text",
            ),
            Method("pdf-text", Words("PDF 文字层（按文字对齐）", "PDF text, by its alignment")),
            Method("ocr", Words("文字识别", "character recognition"), recognised=True),
        ),
        read=_read_pdf,
        modules=("gongkai.read.pdf.reader", "gongkai.read.pdf.second_reader_cost", "gongkai.read.pdf.second_reader"),
        libraries={
            "cv2": ("opencv-python-headless",),
            "noto_cjk_sans_otc": ("noto-cjk-sans-otc",),
            "numpy": ("numpy",),
            "onnxruntime": ("onnxruntime",),
            "pdfminer": ("pdfminer.six",),
            "pdfplumber": ("pdfplumber", "pdfminer.six"),
            "pypdfium2": ("pypdfium2",),
            "rapidocr": ("rapidocr", "pyclipper", "shapely"),  # the latter two give a run of text its outline
        },
        is_told_by=_begins_as_pdf,
        unlike="damaged, or not a PDF; download it again",
        pictures=Words("扫描件", "scan"),
        picture_modules=("gongkai.read.scan.reader",),
        read_without_rules=_read_pdf_without_rules,
        second=SecondReader("pdf-lines", _fits_again, _read_pages_again),
        opens_at_page=True,
    ),
    Format(
        name=Words("网页", "web page"),
        saved_as=Words("网页（.html）", "web page (.html)"),
        what="an HTML page",
        kept=(Kept(".html", "text/html"),),
        aliases=(".htm",),
        methods=(Method("html", Words("网页", "web page")),),
        read=_read_html,
        modules=("gongkai.read.html.reader",),
        libraries={"selectolax": ("selectolax",)},
        is_told_by=_begins_as_html,
    ),
    Format(
        name=Words("Word文件", "Word file"),
        saved_as=Words("Word（.docx）", "Word (.docx)"),
        what="a Word file (.docx)",
        kept=(Kept(".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", inert=True),),
        methods=(Method("docx", Words("Word 文档", "Word document")),),
        read=_read_docx,
        modules=("gongkai.read.docx.reader", "gongkai.read.docx.ooxml"),
        is_zip=True,
    ),
    Format(
        name=Words("文本", "text"),
        saved_as=Words("文本", "text"),
        what="a text",
        kept=(Kept(".txt", "text/plain", inert=True), Kept(".md", "text/markdown")),
        methods=(Method("text", Words("纯文本", "plain text")),),
        read=_read_text,
        modules=("gongkai.read.text",),
    ),
)
"""What is read, in the order in which people are told of it. Contents are told in this order, too."""

CORRECTION = Method("correction", Words("人工更正", "correction by hand"))
"""The method of figures that a person corrected."""

ZIP = Unread((".zip",), "a zip", "it is not read; take the report out of it", (b"PK\x03\x04", b"PK\x05\x06"))
"""A zip of which nothing else is known."""
OLD_OFFICE = Unread(
    (".doc", ".wps"),
    "an old Office file (.doc, .wps)",
    "it is not read; save it as .docx or PDF",
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    told=Words(".doc、.wps", ".doc, .wps"),
)
PROTECTED = Unread(
    (".protected",),
    "an Office file encrypted with a password",
    "it cannot be read; open it in Word, remove the password and save it again as .docx",
)
"""In an old Office file: Word keeps a .docx with a password in one."""
_PICTURES = "pictures are not read; give the report as PDF"
_GIVE_THE_REPORT = "it is not read; give the report itself, as PDF or .docx"

UNREAD = (
    ZIP,
    OLD_OFFICE,
    PROTECTED,
    Unread(
        (".ofd",), "an OFD file", "it is not read; save it as PDF", zip_member="ofd.xml", told=Words(".ofd", ".ofd")
    ),
    Unread((".jpg", ".jpeg"), "a picture (JPEG image)", _PICTURES, (b"\xff\xd8\xff",), told=Words("图片", "pictures")),
    Unread((".png",), "a picture (PNG image)", _PICTURES, (b"\x89PNG",)),
    Unread((".gif",), "a picture (GIF image)", _PICTURES, (b"GIF8",)),
    Unread((".tif", ".tiff"), "a picture (TIFF image)", _PICTURES, (b"II*\x00",)),
    Unread((".rtf",), "an RTF file", "it is not read; save it as PDF", (b"{\\rtf",)),
    Unread((".docm",), "a Word file with macros (.docm)", "it is not read; save it as .docx without macros"),
    Unread((".dotx",), "a Word template (.dotx)"),
    Unread((".dotm",), "a Word template with macros (.dotm)"),
    Unread((".xlsx",), "an Excel workbook (.xlsx)", _GIVE_THE_REPORT, zip_member="xl/workbook.xml"),
    Unread((".xlsb",), "an Excel workbook (.xlsb)", zip_member="xl/workbook.bin"),
    Unread((".pptx",), "a PowerPoint presentation (.pptx)", _GIVE_THE_REPORT, zip_member="ppt/presentation.xml"),
    Unread(
        (".odt",),
        "an OpenDocument text (.odt)",
        "it is not read; save it as .docx or PDF",
        zip_mimetype="application/vnd.oasis.opendocument.text",
    ),
    Unread(
        (".ods",), "an OpenDocument spreadsheet (.ods)", zip_mimetype="application/vnd.oasis.opendocument.spreadsheet"
    ),
    Unread((".epub",), "an e-book (.epub)", zip_mimetype="application/epub+zip"),
)
"""What is known and not read."""


# ---------------------------------------------------------------- what follows


def format_of(suffix: str) -> Format | None:
    """The format that is read from files with that suffix (lower case, with the dot)."""
    return next((each for each in FORMATS if suffix in each.suffixes), None)


def unread_format_of(suffix: str) -> Unread | None:
    """The format that is known, and not read, from files with that suffix."""
    return next((each for each in UNREAD if suffix in each.suffixes), None)


def method_of(code: str) -> Method:
    """The method that packages call so. Raises ``KeyError``."""
    return {method.code: method for method in _methods()}[code]


def reader_codes() -> tuple[str, ...]:
    """What ``reader`` may be in a package."""
    return tuple(method.code for method in _methods())


def _methods() -> tuple[Method, ...]:
    return (*(method for each in FORMATS for method in each.methods), CORRECTION)


def kept_suffixes() -> Mapping[str, Kept]:
    """The suffixes under which packages keep reports, with what is known of each."""
    return {kept.suffix: kept for each in FORMATS for kept in each.kept}


def kept_suffix(suffix: str) -> str:
    """The suffix under which a package keeps a report that has this one; empty if it is not read."""
    own = format_of(suffix)
    return "" if own is None else own.suffix if suffix in own.aliases else suffix
