"""A zip of XML parts, as Word files are: what it is, its relations, and its parts as trees with short names.

In: a file that begins as a zip does. Out: what kind of file it is, and the parts asked for, parsed. The standard
library reads both layers: no part may declare a document type, so that there is no entity to expand and nothing to
fetch; sizes are counted while reading, never believed; and no name in the file becomes a path on disk.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from xml.etree import ElementTree  # document types are refused before any entity is declared

from gongkai.errors import UnreadableFile
from gongkai.system.limits import current

_MEMBER = b"PK\x01\x02"
"""What a member's entry in a zip's directory begins with."""
DAMAGED = "damaged, or not a Word file (zip of XML parts); download it again, or save it anew as .docx"
ENCRYPTED = "encrypted with a password; open it in Word, remove the password and save it again"

_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp:",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp:",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "urn:schemas-microsoft-com:vml": "v:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
}
"""Short names of the namespaces: the strict ones are read as the transitional ones."""

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": ".docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": ".dotx",
    "application/vnd.ms-word.document.macroenabled.main+xml": ".docm",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml": ".dotm",
}
"""The kinds of Word files, by the type that they declare of their text."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OSError,
    OverflowError,
)
"""What ``zipfile`` raises for bytes that are no zip, or a part that is not what its header says."""


class OoxmlPackage:
    """An open zip of parts. Part names are compared without regard to case, as the standard has it."""

    def __init__(self, file: Path | bytes) -> None:
        data = file if isinstance(file, bytes) else file.read_bytes()
        limits = current()
        if data.count(_MEMBER) > limits.zip_members:
            raise UnreadableFile(f"a zip of more than {limits.zip_members} files: not a Word file that holds a report")
        self._left = limits.zip_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise UnreadableFile(DAMAGED) from error
        self._members = {
            member.filename.replace("\\", "/").lstrip("/").casefold(): member for member in self._zip.infolist()
        }

    def __enter__(self) -> OoxmlPackage:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes | None:
        """A part's bytes; ``None`` if there is no such part."""
        member = self._members.get(name.casefold())
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableFile(ENCRYPTED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The standard allows no other, and the others unpack without a limit.
            raise UnreadableFile(DAMAGED)
        most = min(current().part_bytes, self._left)
        try:
            with self._zip.open(member) as part:
                data = part.read(most + 1)
        except _BROKEN as error:
            raise UnreadableFile(DAMAGED) from error
        if len(data) > most:
            raise UnreadableFile(f"its part {name!r} has more than {most} bytes: too large for a report")
        self._left -= len(data)
        return data

    def tree(self, name: str) -> ElementTree.Element | None:
        """A part's XML, with short names (``w:p``); ``None`` if there is no such part."""
        data = self.read(name)
        return None if data is None else _parsed(data)

    def related(self, name: str) -> dict[str, str]:
        """The parts that ``name`` points to, by the last word of the relation's type; "" is the package itself.

        What lies outside the package is left out: nothing is ever fetched.
        """
        found: dict[str, str] = {}
        for relation, target in self._relations(name):
            found.setdefault(relation.get("Type", "").rstrip("/").rsplit("/", 1)[-1], target)
        return found

    def related_by_id(self, name: str) -> dict[str, str]:
        """The parts that ``name`` points to, by the relation's id."""
        return {relation.get("Id", ""): target for relation, target in self._relations(name)}

    def _relations(self, name: str) -> Iterator[tuple[ElementTree.Element, str]]:
        folder, base = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode", "").casefold() != "external" and target:
                yield relation, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

    def declared_kind(self) -> str:
        """The suffix that the file declares to be of its kind; empty if it declares none, or another than Word's."""
        types = self.tree("[Content_Types].xml")
        main = self.main_part().casefold() if types is not None else ""
        declared = {
            override.get("PartName", "").lstrip("/").casefold(): override.get("ContentType", "").casefold()
            for override in (types if types is not None else ())
        }
        return _MAIN.get(declared.get(main, ""), "")

    def kind(self, members: Mapping[str, str], mimetypes: Mapping[str, str]) -> str:
        """The suffix that a file of its kind has: of a Word file, or of what has such a member or media type."""
        if declared := self.declared_kind():
            return declared
        for part, suffix in members.items():
            if part in self._members:
                return suffix
        mimetype = (self.read("mimetype") or b"")[:80].decode("ascii", "replace").strip()
        if mimetype in mimetypes:
            return mimetypes[mimetype]
        if self.tree("[Content_Types].xml") is not None and self._members.get(self.main_part().casefold()):
            # Writers that declare no type, or one of their own.
            return ".docx"
        return ".zip"

    def main_part(self) -> str:
        """The name of the part that holds the text."""
        return self.related("").get("officeDocument", "word/document.xml")


def zip_kind(path: Path, members: Mapping[str, str], mimetypes: Mapping[str, str]) -> str | None:
    """The suffix that a zip of its kind has; ``None`` if it cannot be told because the zip is broken.

    ``members`` and ``mimetypes`` are the suffixes of kinds by a member that each has, and by the type that it states.
    """
    try:
        with OoxmlPackage(path) as package:
            return package.kind(members, mimetypes)
    except UnreadableFile:
        return None


def number(text: str | None, default: int) -> int:
    """A number in an attribute, as far as it is one that a document may hold."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,7}", text, re.ASCII) else default


def child(element: ElementTree.Element | None, *path: str) -> ElementTree.Element | None:
    """The first descendant along a path of names."""
    for name in path:
        element = next((e for e in element if e.tag == name), None) if element is not None else None
    return element


def value(element: ElementTree.Element | None, *path: str) -> str | None:
    """The ``w:val`` of the first descendant along a path of names."""
    found = child(element, *path)
    return None if found is None else found.get("w:val")


def switch(element: ElementTree.Element | None, *path: str) -> bool | None:
    """Whether a property is on; ``None`` where it is not stated."""
    found = child(element, *path)
    return None if found is None else found.get("w:val", "1").casefold() not in ("0", "false", "off")


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree of bounded size with short names, and stops at a document type, before anything in it counts."""

    def __init__(self) -> None:
        super().__init__()
        self._short: dict[str, str] = {}
        self._depth = self._count = 0
        self._limits = current()

    def doctype(self, *_: str | None) -> None:
        raise UnreadableFile("damaged, or not a Word file: it declares a document type, which Word never does")

    def start(self, tag: str, attrs: dict[str, str]) -> ElementTree.Element:
        self._depth += 1
        self._count += 1
        if self._depth > self._limits.part_depth or self._count > self._limits.part_elements:
            raise UnreadableFile("too many elements, or nested too deeply, for a report")
        return super().start(self._name(tag), {self._name(name): text for name, text in attrs.items()})

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(self._name(tag))

    def _name(self, name: str) -> str:
        short = self._short.get(name)
        if short is None:
            space, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
            short = _PREFIXES.get(space, "" if not space else "other:") + local
            self._short[name] = short
        return short


def _parsed(data: bytes) -> ElementTree.Element:
    try:
        parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314  # see the module's docstring
        parser.feed(data)
        return parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(DAMAGED) from error
