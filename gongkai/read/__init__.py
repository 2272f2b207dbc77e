"""A report file -> Document, whatever its format.

In: a file's path. Out: a ``Document``; every format yields the same. What the file is, is told from its content: a
suffix that says otherwise is refused with the name that it should have.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gongkai.errors import UnreadableFile
from gongkai.model import Document
from gongkai.system.limits import current

_MAGIC = (
    (b"%PDF-", ".pdf", "a PDF"),
    (b"PK\x03\x04", ".zip", "a zip"),
    (b"PK\x05\x06", ".zip", "a zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "an old Office file (.doc, .wps)"),
    (b"\xff\xd8\xff", ".jpg", "a picture (JPEG image)"),
    (b"\x89PNG", ".png", "a picture (PNG image)"),
    (b"GIF8", ".gif", "a picture (GIF image)"),
    (b"II*\x00", ".tif", "a picture (TIFF image)"),
    (b"{\\rtf", ".rtf", "an RTF file"),
)

_CONVERT = {
    ".pdf": "",
    ".docx": "",
    ".doc": "it is not read; save it as .docx or PDF",
    ".docm": "it is not read; save it as .docx without macros",
    ".zip": "it is not read; take the report out of it",
    ".xlsx": "it is not read; give the report itself, as PDF or .docx",
    ".pptx": "it is not read; give the report itself, as PDF or .docx",
    ".odt": "it is not read; save it as .docx or PDF",
    ".ofd": "it is not read; save it as PDF",
    **dict.fromkeys((".jpg", ".png", ".gif", ".tif"), "pictures are not read; give the report as PDF"),
    ".protected": "it cannot be read; open it in Word, remove the password and save it again as .docx",
    ".html": "",
    ".rtf": "it is not read; save it as PDF",
}

_UNREAD = "this format is not read; save it as .docx or PDF"
_ALIASES = {".html": ".htm", ".doc": ".wps", ".jpg": ".jpeg", ".tif": ".tiff"}


def read(path: Path) -> Document:
    """The document in a file. Raises ``UnreadableFile`` or ``NotAReport`` with what to do."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("empty file (0 bytes); download it again")
    if size > (most := current().file_bytes):
        raise UnreadableFile(f"{size} bytes: too large for a report (at most {most})")
    with path.open("rb") as handle:
        head = handle.read(4096)
    suffix = path.suffix.lower()
    actual, what = _content(head)
    if actual == ".zip":
        actual, what = _zip(path, suffix)
    elif actual == ".doc" and _is_encrypted_package(path):
        actual, what = ".protected", "an Office file encrypted with a password"
    if actual is None and suffix == ".pdf":
        raise UnreadableFile("damaged, or not a PDF; download it again")
    if actual is not None and suffix not in (actual, _ALIASES.get(actual)):
        if actual in READERS:
            raise UnreadableFile(
                f"not a {suffix or 'file without suffix'} but {what}: rename it to {path.stem}{actual}"
            )
        raise UnreadableFile(f"not a {suffix} file but {what}; {_CONVERT.get(actual, _UNREAD)}")
    reader = READERS.get(suffix)
    if reader is None:
        hint = _CONVERT.get(actual or suffix, _UNREAD)
        raise UnreadableFile(f"{what or suffix or 'no suffix'}: {hint}")
    return reader(path)


def _content(head: bytes) -> tuple[str | None, str]:
    """(suffix, plain words) of what a file's first bytes say; (None, "") if they say nothing, as those of a text."""
    if b"%PDF-" in head[:1024]:
        return ".pdf", "a PDF"
    for magic, suffix, words in _MAGIC:
        if head.startswith(magic):
            return suffix, words
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<?xml")):
        return ".html", "an HTML page"
    return None, ""


def _zip(path: Path, suffix: str) -> tuple[str, str]:
    """(suffix, plain words) of what a zip is. A broken one is what its name says: its reader says that it is broken."""
    from gongkai.read.docx.ooxml import zip_kind

    return zip_kind(path) or (".docx" if suffix == ".docx" else ".zip", "a zip, and damaged")


def _is_encrypted_package(path: Path) -> bool:
    """Whether an Office container holds an encrypted file: Word keeps .docx with a password in one."""
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()


def _docx(path: Path) -> Document:
    from gongkai.read.docx.reader import read_docx

    return read_docx(path)


def _html(path: Path) -> Document:
    from gongkai.read.html.reader import read_html

    return read_html(path)


def _pdf(path: Path) -> Document:
    from gongkai.read.pdf.reader import read_pdf

    return read_pdf(path)


def _text(path: Path) -> Document:
    from gongkai.read.text import read_text

    return read_text(path)


READERS: dict[str, Callable[[Path], Document]] = {
    ".docx": _docx,
    ".htm": _html,
    ".html": _html,
    ".pdf": _pdf,
    ".txt": _text,
}
