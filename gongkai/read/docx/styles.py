"""Word's styles, as far as they say what is printed: hidden text, automatic numbers, and the lines of a contents list.

In: the tree of ``styles.xml``. Out: answers about a style and those that it is based on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gongkai.read.docx.ooxml import child, number, switch, value

MAX_CHAIN = 20
"""Word itself allows ten styles, each based on the next."""


class Styles:
    """The styles of a document, by id."""

    def __init__(self, root: Element | None) -> None:
        styles = [e for e in root if e.tag == "w:style"] if root is not None else []
        self._by_id = {style.get("w:styleId", ""): style for style in styles}
        self._default = next(
            (
                style.get("w:styleId", "")
                for style in styles
                if style.get("w:type") == "paragraph" and style.get("w:default", "0") not in ("0", "false", "off")
            ),
            "",
        )

    def of_paragraph(self, properties: Element | None) -> str:
        """The id of a paragraph's style."""
        return value(properties, "w:pStyle") or self._default

    def is_hidden(self, style: str) -> bool | None:
        """Whether text in this style is hidden; ``None`` where it does not say."""
        stated = (switch(e, "w:rPr", "w:vanish") for e in self._chain(style))
        return next((hidden for hidden in stated if hidden is not None), None)

    def numbering(self, style: str) -> tuple[str, int | None] | None:
        """The list and the level that number a style's paragraphs; the level is ``None`` where it is not stated."""
        for element in self._chain(style):
            of = child(element, "w:pPr", "w:numPr")
            if (id := value(of, "w:numId")) is not None:
                level = value(of, "w:ilvl")
                return id, None if level is None else number(level, 0)
        return None

    def is_contents_list(self, style: str) -> bool:
        """Whether its paragraphs are lines of a contents list, which repeats headings."""
        name = value(self._by_id.get(style), "w:name") or ""
        return re.fullmatch(r"toc ([1-9]|heading)", name.strip(), re.IGNORECASE) is not None

    def _chain(self, style: str) -> Iterator[Element]:
        """The style, and those that it is based on."""
        for _ in range(MAX_CHAIN):
            element = self._by_id.get(style)
            if element is None:
                return
            yield element
            style = value(element, "w:basedOn") or ""
