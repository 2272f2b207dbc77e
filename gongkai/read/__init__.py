"""A report file -> Document, whatever its format.

In: a file's path. Out: a ``Document``; every format yields the same. What the file is, is told from its content: a
suffix that says otherwise is refused with the name that it should have. ``gongkai.read.formats`` has the formats.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongkai.errors import UnreadableFile
from gongkai.model import Document
from gongkai.read import formats
from gongkai.read.formats import OLD_OFFICE, PROTECTED, SAVE_OTHERWISE, ZIP, Format, Unread, format_of, unread_format_of
from gongkai.system.limits import current


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
    named, actual = format_of(suffix), _format_of_content(head, path, suffix)
    if actual is None and named and named.unlike:
        raise UnreadableFile(named.unlike)
    if actual is not None and suffix not in actual.suffixes:
        if isinstance(actual, Format):
            raise UnreadableFile(
                f"not a {suffix or 'file without suffix'} but {actual.what}: rename it to {path.stem}{actual.suffix}"
            )
        raise UnreadableFile(f"not a {suffix} file but {actual.what}; {actual.advice}")
    if named is None:
        known = unread_format_of(suffix)
        what = actual.what if actual else suffix or "no suffix"
        raise UnreadableFile(f"{what}: {known.advice if known else SAVE_OTHERWISE}")
    try:
        return named.read(path)
    except ModuleNotFoundError as error:
        if (error.name or "gongkai").startswith("gongkai"):
            raise
        raise UnreadableFile(
            f"{named.what} is read with {error.name}, which is not installed; {named.missing}"
        ) from error


def _format_of_content(head: bytes, path: Path, suffix: str) -> Format | Unread | None:
    """The format that a file's content shows, by its first bytes; ``None`` if they say nothing, as those of a text."""
    for each in formats.FORMATS:
        if each.is_told_by is not None and each.is_told_by(head):
            return each
    for other in formats.UNREAD:
        if other.starts and head.startswith(other.starts):
            if other is ZIP:
                return _format_of_zip(path, suffix)
            return PROTECTED if other is OLD_OFFICE and _is_encrypted_package(path) else other
    return None


def _format_of_zip(path: Path, suffix: str) -> Format | Unread:
    """What a zip is. A broken one is what its name says: its reader says that it is broken."""
    from gongkai.read.docx.ooxml import zip_kind

    all_of_them = (*formats.FORMATS, *formats.UNREAD)
    members = {each.zip_member: each.suffixes[0] for each in all_of_them if each.zip_member}
    mimetypes = {other.zip_mimetype: other.suffixes[0] for other in formats.UNREAD if other.zip_mimetype}
    kind = zip_kind(path, members, mimetypes)
    if kind is not None:
        return next((each for each in all_of_them if kind in each.suffixes), ZIP)
    named = format_of(suffix)
    return named if named and named.is_zip else replace(ZIP, what="a zip, and damaged")


def _is_encrypted_package(path: Path) -> bool:
    """Whether an Office container holds an encrypted file: Word keeps .docx with a password in one."""
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
