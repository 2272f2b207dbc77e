"""Page numbers and running heads: what stands at the top or foot of pages and is no part of the text.

In: the lines of each page. Out: the same without running heads and page numbers. A line is one only at the edge of its
page, and only if it says a page number or stands at the edge of other pages too, numbers apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai.model import Line

EDGE = 2
"""How many lines from the top and from the foot of a page may be running heads."""

_DASHES = r"\s*[-—–_·•~〜－]{0,3}\s*"
_NUMBER = re.compile(
    rf"{_DASHES}(?:第\s*)?[0-9]{{1,3}}(?:\s*页)?(?:[\s,，]*共\s*[0-9]{{1,3}}\s*页|\s*[/／]\s*(?:共\s*)?[0-9]{{1,3}}(?:\s*页)?)?{_DASHES}"
)
"""One number, or a second one that 共 or a stroke announces: two numbers side by side may be figures."""


def is_page_number(text: str) -> bool:
    """Whether a line says a page number and nothing else: ``- 1 -``, ``第1页``, ``第 1 页 共 5 页``, ``1/5``."""
    return _NUMBER.fullmatch(text) is not None


def is_decorated_page_number(text: str) -> bool:
    """Whether a line is a page number that no figure can be taken for: ``- 1 -``, ``第1页``."""
    return is_page_number(text) and bool(re.search(r"^\s*[-—–－]\s*[0-9]+\s*[-—–－]\s*$|第|页", text))


def without_running_heads(pages: Sequence[tuple[int, Sequence[Line]]]) -> dict[int, list[Line]]:
    """The lines of each page that are text, by its number. ``pages`` are (number, lines from top to bottom)."""
    at_edge = {number: _at_edge(lines) for number, lines in pages}
    repeated = Counter(place for number, lines in pages for place in {_place(lines[i]) for i in at_edge[number]})
    kept = {}
    for number, lines in pages:
        drop = {i for i in at_edge[number] if is_page_number(lines[i].text) or repeated[_place(lines[i])] >= 2}
        kept[number] = [line for i, line in enumerate(lines) if i not in drop]
    return kept


def _at_edge(lines: Sequence[Line]) -> set[int]:
    return {*range(min(EDGE, len(lines))), *range(max(len(lines) - EDGE, 0), len(lines))}


def _place(line: Line) -> tuple[str, int, int]:
    """What a running head has in common on all its pages: its text, numbers apart, and where it stands.

    A line without a place (a text file) is one of its kind.
    """
    text = re.sub(r"[0-9\s]+", "#", line.text)
    return (text, round(line.box.top / 2), round(line.box.x0 / 8)) if line.box else (text, id(line), 0)
