"""A Word file -> Document: its paragraphs and tables in order, as they are printed.

In: a ``.docx`` file. Out: a ``Document`` with a line for each paragraph (its automatic number before it) and a grid for
each table. What is not printed is left out (deleted and hidden text, field codes, contents lists), and so is what is no
part of the text (heads, feet, notes, comments). Tables in which whole passages stand are layout, and are opened.
What never happens: a file that the text points to is fetched, or two figures in one cell become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

from gongkai.characters import IGNORABLE, unify
from gongkai.dates import iso_day
from gongkai.errors import UnreadableFile
from gongkai.figures import looks_like_figure
from gongkai.model import Document, Grid, Line
from gongkai.read.docx.numbering import Numbering
from gongkai.read.docx.ooxml import DAMAGED, OoxmlPackage, child, number, switch, value
from gongkai.read.docx.styles import Styles
from gongkai.read.docx.tables import Block, Row, layout_or_grid, table_rows
from gongkai.read.html.reader import blocks_of_page, decoded, is_page
from gongkai.read.page import UNDECODABLE
from gongkai.system.limits import current

_SKIPPED_BY = {"w:sdt": ("w:sdtContent",), "w:ruby": ("w:rubyBase",)}
"""Wrappers of which only one part is printed."""
_TRANSPARENT = {
    *_SKIPPED_BY,
    "w:sdtContent",
    "w:rubyBase",
    "w:customXml",
    "w:smartTag",
    "w:hyperlink",
    "w:fldSimple",
    "w:ins",
    "w:moveTo",
    "w:dir",
    "w:bdo",
    "m:oMathPara",
    "m:oMath",
    "m:r",
}
"""Elements whose content is printed as if they weren't there. ``w:del`` and ``w:moveFrom`` are not among them."""
_PICTURES = {"a:blip", "v:imagedata"}
_SYMBOLS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_EMPTY = " \t\r\n\u3000\u00a0\u200b\ufeff" + UNDECODABLE
_LONGEST_TITLE = 300
_DRAWN_FIELD = re.compile(r"\s*(?:EQ\b|=|FORMDROPDOWN)", re.IGNORECASE)
"""Fields that draw something though they have no result in the text."""
_SAVE_AGAIN = "(altChunk); open it in Word and save it again as .docx"
TINY = 4
"""A size, in half points, in which nothing can be read."""


def read_docx(path: Path) -> Document:
    """The document. Raises ``UnreadableFile`` if the file is broken, encrypted, or no Word file."""
    with OoxmlPackage(path) as package:
        if package.declared_kind() not in ("", ".docx"):
            raise UnreadableFile("not a Word file (.docx) but another of Word's kinds; save it as .docx or PDF")
        properties = package.tree(package.related("").get("core-properties", ""))
        blocks = tuple(_marks_left_out(_text(package, _Embedded())))
    if not blocks:
        raise UnreadableFile("a Word file without text, or with pictures alone; give the report as a PDF")
    return Document(blocks, "docx", title=_title(properties), created=_created(properties))


def _text(package: OoxmlPackage, embedded: _Embedded) -> list[Block]:
    """The blocks of a Word file's text, with those of the files that stand for some of it."""
    main = package.main_part()
    body = child(package.tree(main), "w:body")
    if body is None:
        raise UnreadableFile(DAMAGED)
    parts = package.related(main)
    styles = Styles(package.tree(parts.get("styles", "")))
    numbering = Numbering(package.tree(parts.get("numbering", "")), styles)
    named = package.related_by_id(main)

    def chunk(name: str) -> list[Block]:
        return embedded.blocks(package.read(named[name]) if name in named else None)

    return _Body(styles, numbering, chunk).blocks(body)


class _Embedded:
    """The files that Word embeds in place of text (altChunk): in one Word file, and in those that it embeds.

    Each is read by the reader of its format. What lies elsewhere is not fetched, and text that lies there is not passed
    over in silence.
    """

    def __init__(self) -> None:
        self._limits = current()
        self._parts = self._depth = 0

    def blocks(self, data: bytes | None) -> list[Block]:
        if data is None:
            raise UnreadableFile(f"its text is another file that Word embeds, and that is not in it {_SAVE_AGAIN}")
        self._parts += 1
        if self._parts > self._limits.embedded_parts:
            raise UnreadableFile(f"its text is more than {self._limits.embedded_parts} embedded files {_SAVE_AGAIN}")
        if data.startswith(b"PK"):
            return self._word(data)
        if data.startswith(b"{\\rtf"):
            raise UnreadableFile(f"its text is an RTF file that Word embeds {_SAVE_AGAIN}")
        data = page_of_archive(data) or data
        if is_page(data):
            return [replace(b, reader="docx") if isinstance(b, Grid) else b for b in blocks_of_page(data)]
        return [line for text in decoded(data).splitlines() for line in _lines(text, "")]

    def _word(self, data: bytes) -> list[Block]:
        self._depth += 1
        if self._depth > self._limits.embedded_depth:
            raise UnreadableFile(f"Word files that embed each other as text {_SAVE_AGAIN}")
        with OoxmlPackage(data) as package:
            blocks = _text(package, self)
        self._depth -= 1
        return blocks


def page_of_archive(data: bytes) -> bytes | None:
    """The page in a web archive (.mht); ``None`` if this is none."""
    if b"mime-version:" not in data[:4096].lower():
        return None
    for part in message_from_bytes(data).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            return payload if isinstance(payload, bytes) else None
    return None


def _marks_left_out(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without the marks of pictures and symbols, which matter in cells alone."""
    for block in blocks:
        if isinstance(block, Grid) or UNDECODABLE not in block.text:
            yield block
        elif text := block.text.replace(UNDECODABLE, ""):
            yield replace(block, text=text)


def _title(properties: Element | None) -> str:
    found = child(properties, "dc:title")
    return _tidy((found.text or "")[:_LONGEST_TITLE]) if found is not None else ""


def _created(properties: Element | None) -> date | None:
    found = child(properties, "dcterms:created")
    text = (found.text or "").strip() if found is not None else ""
    return iso_day(text)


class _Body:
    """Walks a document once, in order: automatic numbers count on from paragraph to paragraph."""

    def __init__(self, styles: Styles, numbering: Numbering, chunk: Callable[[str], list[Block]]) -> None:
        """``chunk``: the blocks of the file that a relation names."""
        self._styles = styles
        self._numbering = numbering
        self._chunk = chunk

    def blocks(self, container: Element, *, in_cell: bool = False) -> list[Block]:
        """The lines and grids in a body, a cell or a text box."""
        found: list[Block] = []
        carried = ""
        for element in _printed(container):
            if element.tag == "w:p":
                carried = self._paragraph(element, carried, found, in_cell)
            elif element.tag == "w:tbl":
                found += self._table(element)
            elif element.tag == "w:altChunk":
                found += [*_lines(carried, ""), *self._chunk(element.get("r:id", ""))]
                carried = ""
        return found + _lines(carried, "")

    def _paragraph(self, element: Element, carried: str, found: list[Block], in_cell: bool) -> str:
        """Add a paragraph; return its text instead if its end is deleted, so that it goes on in the next one."""
        properties = child(element, "w:pPr")
        style = self._styles.of_paragraph(properties)
        if self._styles.is_contents_list(style):
            return carried
        run = _Run(self._styles, bool(self._styles.is_hidden(style)))
        run.read(element)
        text = carried + "".join(run.text)
        if child(properties, "w:rPr", "w:del") is not None:
            below = text
            lines: list[Block] = []
        else:
            below = ""
            hidden = switch(properties, "w:rPr", "w:vanish") and not text.strip(_EMPTY)
            numbered = self._numbering.number(properties, style)
            lines = [] if hidden else _lines(text, numbered)
            if in_cell and re.search("[0-9]", numbered) and not lines and not hidden:
                # A number alone is printed; whether it is meant as a figure is open.
                lines = [Line(UNDECODABLE)]
        for box, before in run.boxes:
            if before:
                found += self.blocks(box)
        found += lines
        for box, before in run.boxes:
            if not before:
                found += self.blocks(box)
        return below

    def _table(self, element: Element) -> list[Block]:
        rows: list[Row] = table_rows(element, _printed)
        return layout_or_grid(rows, child(element, "w:tblGrid"), lambda cell: self.blocks(cell, in_cell=True))


class _Run:
    """What a paragraph prints: its text, line breaks in it, and the text boxes that are anchored in it."""

    def __init__(self, styles: Styles, hidden: bool) -> None:
        self._styles = styles
        self._hidden = hidden
        self._fields: list[bool] = []
        """The fields that are open here, each with whether its result has begun."""
        self._code = ""
        self.text: list[str] = []
        self.boxes: list[tuple[Element, bool]] = []
        """Each with whether it stands above the paragraph's text."""

    def read(self, container: Element, hidden: bool | None = None) -> None:
        hidden = self._hidden if hidden is None else hidden
        for element in _printed(container):
            tag = element.tag
            if tag == "w:r":
                self._run(element)
            elif hidden:
                continue
            elif tag == "w:fldChar":
                self._field(element)
            elif not all(self._fields):
                self._code += (element.text or "") if tag == "w:instrText" else ""
            elif tag in ("w:t", "m:t"):
                self.text.append(_typed(element))
            elif tag in _SYMBOLS:
                self.text.append(_SYMBOLS[tag])
            elif tag == "w:sym":
                self.text.append(_symbol(element))
            elif tag in ("w:drawing", "w:pict", "w:object"):
                self._drawing(element)
            elif tag.startswith("m:") and not tag.endswith("Pr"):
                # A fraction or a power: its characters in a row would write another number.
                self.text.append(UNDECODABLE)

    def _run(self, run: Element) -> None:
        """A run of characters; what is struck out, raised, lowered or white is no digit of the figure beside it."""
        properties = child(run, "w:rPr")
        before = len(self.text)
        self.read(run, self._is_hidden(run))
        if len(self.text) == before:
            return
        white = (value(properties, "w:color") or "").upper() == "FFFFFF"
        unseen = white or number(value(properties, "w:sz"), TINY + 1) <= TINY
        if (
            (unseen and "".join(self.text[before:]).strip().isdigit())
            or switch(properties, "w:strike")
            or switch(properties, "w:dstrike")
        ):
            self.text[before:] = [UNDECODABLE]
        elif value(properties, "w:vertAlign") in ("superscript", "subscript"):
            self.text[before:] = ["\u2003\u2003", *self.text[before:], "\u2003\u2003"]

    def _is_hidden(self, run: Element) -> bool:
        properties = child(run, "w:rPr")
        stated = switch(properties, "w:vanish")
        if stated is None:
            stated = self._styles.is_hidden(value(properties, "w:rStyle") or "")
        return self._hidden if stated is None else stated

    def _field(self, element: Element) -> None:
        kind = element.get("w:fldCharType", "")
        if kind == "begin":
            self._fields.append(False)
            self._code = "FORMDROPDOWN" if child(element, "w:ffData", "w:ddList") is not None else ""
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end" and not self._fields.pop() and _DRAWN_FIELD.match(self._code):
            self.text.append(UNDECODABLE)

    def _drawing(self, element: Element) -> None:
        boxes = list(_text_boxes(element))
        if boxes:
            begun = bool("".join(self.text).strip(_EMPTY))
            before = not begun and not _is_below(element)
            self.boxes += [(box, before and next(box.iter("w:tbl"), None) is None) for box in boxes]
        elif any(e.tag in _PICTURES for e in element.iter()):
            self.text.append(UNDECODABLE)


def _printed(container: Element) -> Iterator[Element]:
    """The elements in a container, those in wrappers that print nothing themselves among them."""
    for element in container:
        if element.tag == "mc:AlternateContent":
            branch = _chosen(element)
            if branch is not None:
                yield from _printed(branch)
        elif element.tag not in _TRANSPARENT:
            yield element
        elif element.tag in _SKIPPED_BY:
            if not _is_generated(element):
                yield from (e for part in element if part.tag in _SKIPPED_BY[element.tag] for e in _printed(part))
        else:
            yield from _printed(element)


def _is_generated(control: Element) -> bool:
    """Whether a content control holds a prompt that nobody filled in, or a contents list.

    A prompt that is a figure was filled in by a program: it is printed as any other.
    """
    if value(control, "w:sdtPr", "w:docPartObj", "w:docPartGallery") == "Table of Contents":
        return True
    if not switch(control, "w:sdtPr", "w:showingPlcHdr"):
        return False
    typed = "".join(element.text or "" for element in control.iter("w:t")).strip()
    return not typed or not looks_like_figure(typed)


def _chosen(alternatives: Element) -> Element | None:
    """The one of several forms of a drawing that is read: the first with text, else the first with a picture."""
    for wanted in ({"w:t"}, _PICTURES):
        for branch in alternatives:
            if any(e.tag in wanted for e in branch.iter()):
                return branch
    return None


def _text_boxes(drawing: Element) -> Iterator[Element]:
    """The outermost text boxes in a drawing; a group or a canvas holds several."""
    for element in drawing:
        if element.tag == "mc:AlternateContent":
            branch = _chosen(element)
            if branch is not None:
                yield from _text_boxes(branch)
        elif element.tag == "w:txbxContent":
            yield element
        else:
            yield from _text_boxes(element)


def _is_below(drawing: Element) -> bool:
    """Whether a drawing is set below the first line of its paragraph."""
    for position in drawing.iter("wp:positionV"):
        offset = child(position, "wp:posOffset")
        if position.get("relativeFrom") in ("paragraph", "line") and offset is not None:
            return number(offset.text, 0) > 0
    style = next((e.get("style", "") for e in drawing.iter() if e.tag.startswith("v:") and e.get("style")), "")
    found = re.search(r"margin-top:([0-9.]{1,9})", style)
    return found is not None and found[1].strip("0.") != "" and "relative:page" not in style


def _typed(element: Element) -> str:
    """The characters of a ``w:t``: spaces at its ends count only where it says so."""
    text = re.sub(r"[\t\r\n]", " ", element.text or "")
    return text if element.get("xml:space") == "preserve" else text.strip(" ")


def _symbol(element: Element) -> str:
    """A character of a symbol font: those that Symbol shares with ASCII are known, no other is."""
    code = element.get("w:char", "")
    point = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", code) else 0
    if 0xF020 <= point <= 0xF07E and element.get("w:font", "") == "Symbol":
        character = chr(point - 0xF000)
        return character if not character.isalpha() else UNDECODABLE
    return chr(point) if 0x20 <= point < 0xD800 else UNDECODABLE


def _lines(text: str, numbered: str) -> list[Block]:
    """A paragraph as lines: one for each line break that was typed in it. Its number stands before the first.

    A line that is indented begins a paragraph: who types a line break for a new paragraph types the indent, too.
    """
    lines: list[Line] = []
    parts = [part for part in text.split("\n") if part.strip(_EMPTY.replace(UNDECODABLE, ""))]
    for index, part in enumerate(parts):
        tidy = _tidy(part)
        if index == 0 and numbered and not looks_like_figure(tidy):
            ends = numbered[-1] + tidy[:1]
            tidy = f"{numbered} {tidy}" if ends.isascii() and ends.isalnum() else numbered + tidy
        indented = re.match(r"\s*\t|\s{2}|\s*\u3000", part) is not None
        lines.append(Line(tidy, starts=index == 0 or indented, full=index + 1 < len(parts)))
    return list(lines)


def _tidy(text: str) -> str:
    """The characters with no space at the ends or between Chinese ones.

    A tab or several spaces between two digits stay two: they part two figures.
    """
    text = IGNORABLE.sub("", text)
    words = [(m[0], m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    if not words:
        return ""
    tidy = words[0][0]
    for (before, _, end), (word, start, _) in pairwise(words):
        gap = text[end:start]
        if before[-1].isdigit() and word[0].isdigit():
            tidy += "  " if "\t" in gap or len(gap) > 1 else " "
        elif (before[-1] + word[0]).isascii():
            tidy += " "
        tidy += word
    return unify(tidy)
