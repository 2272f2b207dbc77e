"""A web page's elements -> the lines and grids that a reader of the page sees, with where each stands.

In: the page's body, as an HTML5 parser has made it whole. Out: ``Seen``: pieces in order, and the nesting of the
elements that they stand in. Scripts, menus' controls and whatever the page hides are left out.
What never happens: nesting, however deep, costs more than its length (nothing here recurses).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from selectolax.lexbor import LexborNode

from gongkai.characters import IGNORABLE, unify
from gongkai.model import Line, Word
from gongkai.numerals import ONE_TO_TEN
from gongkai.read.html.style import COLOUR, INVISIBLE, PALE, SIZE, STRUCK, TINY, is_not_shown
from gongkai.read.html.tables import Content, Piece, Row, Table, table_content
from gongkai.read.page import UNDECODABLE

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav noframes ol p pre search "
    "section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = frozenset(
    "applet audio button canvas colgroup datalist embed frame head iframe link map math meta nav noscript object "
    "optgroup option rp rt script select style svg template textarea title video".split()
)
"""Elements that print nothing of a report: code, controls, what is drawn or played, and menus."""
_DRAWN = frozenset("button canvas embed iframe math object select svg textarea video".split())
"""Those of them that may show a figure in its cell."""
_STRUCK = frozenset(("bdo", "del", "s", "strike"))
"""Elements whose characters do not count, or stand in another order."""
_FONT_COLOUR = re.compile(r"\s*(#?\w+)\s*")
_SMALL = frozenset(("sub", "sup"))
_TYPED = frozenset(("", "text", "number", "tel"))
"""Kinds of ``<input>`` that show their value."""
_AS_BLOCK = re.compile(r"display\s*:\s*block")
_COLLAPSING = re.compile("[ \t\n\r\f]+")
_INDENTED = re.compile("[ \t\n\r\f]*(?:\u3000|[\u00a0\u2000-\u200a]{2})")
_ENDED = ("。", "！", "；", "？", "：", ".", "!", ";", "?", ":", "，", "、")
_NEW = re.compile(rf"[（(【\[]|第?[{ONE_TO_TEN}0-9]{{1,3}}[、.．章节部条是)）]|[^。，]{{1,8}}[:：]")
WRAPPED = 20
"""A line of fewer characters that ends with a ``<br>`` was ended by it, and not only broken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of a page. Block elements are numbered as they begin: an element holds those up to its ``ends``."""

    pieces: tuple[Piece, ...]
    parents: tuple[int, ...]
    ends: tuple[int, ...]


def tidy(text: str) -> str:
    """The characters of a line or cell as they are shown, with no space at the ends or beside Chinese characters.

    A gap of several spaces that don't collapse, between two digits, stays two spaces: it parts two figures.
    """
    shown = _COLLAPSING.sub(" ", IGNORABLE.sub("", text))
    words = [(m[0], m.start(), m.end()) for m in re.finditer(r"\S+", shown)]
    parts = [words[0][0]] if words else []
    for (before, _, end), (word, start, _) in pairwise(words):
        if before[-1].isdigit() and word[0].isdigit():
            parts.append("  " if start - end > 1 else " ")
        elif (before[-1] + word[0]).isascii():
            parts.append(" ")
        parts.append(word)
    return "".join(parts)


def see(body: LexborNode, *, styled: frozenset[int] = frozenset(), hidden: bool = False) -> Seen:
    """What is seen of the page, without the elements that its sheets hide (``styled``, by ``mem_id``).

    ``hidden``: also what its own style hides, as a script may show it.
    """
    walk = _Walk(hidden, styled)
    stack: list[tuple[LexborNode, str]] = [(body, "")]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            walk.leave(leaving)
        elif node.is_text_node:
            walk.text(node.text_content or "")
        elif node.is_element_node and (tag := walk.enter(node)):
            stack.append((node, tag))
            children = list(node.iter(include_text=True))
            stack += [(child, "") for child in reversed(children)]
    return walk.seen()


@dataclass(slots=True)
class _State:
    """What an open element changes until it ends."""

    container: int
    linked: int
    invisible: int
    kept: int
    heading: int
    tiny: bool = False
    struck: bool = False
    pale: bool = False


@dataclass(slots=True)
class _Walk:
    hidden: bool
    styled: frozenset[int]
    parents: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    _content: list[Content] = field(default_factory=lambda: [Content()])
    """The page's, and that of each cell that is open."""
    _tables: list[Table] = field(default_factory=list)
    _states: list[_State] = field(default_factory=lambda: [_State(0, 0, 0, 0, 0)])
    _open: list[bool] = field(default_factory=list)
    """For each element that is open whether it is a block."""
    _raw: list[str] = field(default_factory=list)
    _linked: int = 0
    _breaks: int = 0
    _before: str = ""

    def enter(self, node: LexborNode) -> str:
        """Begin an element; ``""`` if nothing in it is read."""
        tag = (node.tag or "").lower()
        if tag in _UNSEEN and tag not in _DRAWN:
            self._note_columns(tag, node)
            return ""
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        style = attributes.get("style", "").lower()
        if not self.hidden and ("hidden" in attributes or is_not_shown(style) or node.mem_id in self.styled):
            return ""
        if tag in ("br", "img", "input", "wbr") or tag in _DRAWN:
            self._void(tag, attributes)
            return ""
        block = tag in _BLOCKS or _AS_BLOCK.search(style) is not None
        here = self._states[-1]
        state = replace(here)
        if block:
            self._flush()
            state.container = len(self.parents)
            self.parents.append(here.container if self.parents else -1)
            self.ends.append(state.container)
        target = attributes.get("href", "").strip()
        state.linked += tag == "a" and bool(target) and not target.startswith("#")
        state.invisible += not self.hidden and INVISIBLE.search(style) is not None
        if sized := SIZE.search(style):
            state.tiny = TINY.fullmatch(sized[1]) is not None
        if coloured := COLOUR.search(style) or _FONT_COLOUR.match(attributes.get("color", "").lower()):
            state.pale = PALE.fullmatch(coloured[1]) is not None
        state.struck |= tag in _STRUCK or STRUCK.search(style) is not None
        state.kept += tag in ("pre", "listing", "textarea")
        state.heading += tag in _HEADINGS
        self._states.append(state)
        self._open.append(block)
        if tag in _SMALL:
            self._apart()
        if tag == "table":
            self._tables.append(Table(state.container))
        elif tag == "caption" and self._tables:
            self._content.append(Content())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append(Row(_section(node), _is_flat(attributes)))
        elif tag in ("td", "th") and self._tables:
            self._content.append(Content())
            self._tables[-1].open_cell(attributes.get("rowspan", ""), attributes.get("colspan", ""))
        return tag

    def _note_columns(self, tag: str, node: LexborNode) -> None:
        if tag == "colgroup" and self._tables:
            self._tables[-1].stated_widths |= _states_width(node)

    def leave(self, tag: str) -> None:
        """End an element."""
        if self._open.pop():
            self._flush()
            self.ends[self._states[-1].container] = len(self.parents) - 1
        self._states.pop()
        if tag in _SMALL:
            self._apart()
        if tag in ("td", "th") and self._tables:
            self._tables[-1].close_cell(self._content.pop())
        elif tag == "caption" and self._tables:
            self._tables[-1].caption.add(self._content.pop())
        elif tag == "table":
            self._content[-1].add(table_content(self._tables.pop()))

    def text(self, text: str) -> None:
        state = self._states[-1]
        if state.invisible or state.tiny:
            return
        if ((state.struck and text.strip()) or (state.pale and text.strip().isdigit())) and len(self._content) > 1:
            # What was struck out, or is as white as the page, is no part of the figure that stands beside it.
            self._write(UNDECODABLE)
        elif state.kept:
            first, *more = text.split("\n")
            self._write(first)
            for part in more:
                self._break()
                self._write(part)
        else:
            self._write(text)

    def seen(self) -> Seen:
        self._flush()
        return Seen(tuple(self._content[0].pieces()), tuple(self.parents), tuple(self.ends))

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        in_cell = len(self._content) > 1
        if tag == "br":
            self._break()
        elif tag in _DRAWN or tag == "img":
            # A figure may be a picture: its cell is not blank.
            if in_cell and not {attributes.get("width"), attributes.get("height")} & {"0", "1"}:
                self._write(UNDECODABLE)
        elif tag == "input" and in_cell and attributes.get("type", "").lower() in _TYPED:
            self._write(attributes.get("value", ""))

    def _apart(self) -> None:
        """What is raised or lowered in a cell is no digit of the figure beside it."""
        if len(self._content) > 1:
            self._raw.append("\u2003\u2003")

    def _write(self, text: str) -> None:
        self._raw.append(text)
        if self._states[-1].linked:
            self._linked += len(text.strip())

    def _break(self) -> None:
        self._flush(broken=True)
        self._breaks += 1

    def _flush(self, *, broken: bool = False) -> None:
        """End a line. ``broken``: by a ``<br>``, so that the paragraph may go on."""
        raw = "".join(self._raw)
        text = unify(tidy(raw))
        if text:
            state = self._states[-1]
            # A <br> ends a paragraph as often as it only breaks its line.
            goes_on = self._breaks == 1 and len(self._before) >= WRAPPED and not self._before.endswith(_ENDED)
            starts = not goes_on or _INDENTED.match(raw) is not None or _NEW.match(text) is not None
            words = tuple(Word(word, 0.0, 0.0) for word in text.split())
            line = Line(text, words, starts=starts)
            self._content[-1].add(Piece(line, state.container, self._linked / len(text), state.heading > 0))
            self._before, self._breaks = text, 0
        if not broken:
            self._before, self._breaks = "", 0
        self._raw.clear()
        self._linked = 0


def _section(node: LexborNode) -> str:
    parent = node.parent
    tag = (parent.tag or "").lower() if parent else ""
    return tag if tag in ("thead", "tfoot") else "tbody"


def _states_width(node: LexborNode) -> bool:
    """Whether a column, or one of a group, is given a width."""
    columns = [node, *(child for child in node.iter() if child.tag == "col")]
    return any(
        "width" in (name.lower() + (value or "").lower()) for own in columns for name, value in own.attributes.items()
    )


def _is_flat(attributes: dict[str, str]) -> bool:
    """Whether a row has no height: word processors end tables with one that only states the columns' widths."""
    return attributes.get("height", "").strip() == "0"
