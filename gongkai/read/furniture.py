"""Page numbers and running heads: what stands at the top or foot of pages and is no part of the text.

In: the lines of each page. Out: the same without furniture. A line is furniture only at the edge of its page, and
only if it is a page number or stands at the edge of other pages too, numbers apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gongkai.model import Line

EDGE = 2
"""How many lines from the top and from the foot of a page may be furniture."""

_NUMBER = re.compile(r"[-—–_·•~〜－\s]*(第?\s*[0-9]{1,3}\s*页?)([\s,，/／]*(共?\s*[0-9]{1,3}\s*页))?[-—–_·•~〜－\s]*")
_SLASHED = re.compile(r"\s*[0-9]{1,3}\s*/\s*[0-9]{1,3}\s*")


def is_page_number(text: str) -> bool:
    """Whether a line says a page number and nothing else: ``- 1 -``, ``第1页``, ``第 1 页 共 5 页``, ``1/5``."""
    return bool(_NUMBER.fullmatch(text) or _SLASHED.fullmatch(text))


def without_furniture(pages: Sequence[tuple[int, float, Sequence[Line]]]) -> dict[int, list[Line]]:
    """The lines of each page, by its number. ``pages`` are (number, height, lines from top to bottom)."""
    at_edge = {number: _edge_lines(lines) for number, _, lines in pages}
    places = Counter(
        key for number, _, lines in pages for key in {(side, _fold(lines[i].text)) for i, side in at_edge[number]}
    )
    kept = {}
    for number, _, lines in pages:
        drop = set()
        for i, side in at_edge[number]:
            text = lines[i].text
            if is_page_number(text) or places[side, _fold(text)] >= 2:
                drop.add(i)
        kept[number] = [line for i, line in enumerate(lines) if i not in drop]
    return kept


def _edge_lines(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """(index, side) of the lines near the top and the foot, the outermost first."""
    head = [(i, "top") for i in range(min(EDGE, len(lines)))]
    foot = [(i, "foot") for i in range(len(lines) - 1, max(len(lines) - 1 - EDGE, -1), -1)]
    return head + foot


def _fold(text: str) -> str:
    return re.sub(r"[0-9\s]+", "#", text)
