"""Borders that are drawn as dots: each dot is a square, and says nothing of its direction.

In: the dots of a page. Out: the rules that they form. Dots that follow each other along a line form one; a dot alone,
as engines draw where borders cross, forms none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.read.page import Rule


@dataclass(frozen=True, slots=True)
class DottedRuleSettings:
    """When dots are a border."""

    spaced_widths: float = 3.0
    """Dots of one line follow each other within so many of their widths."""
    fewest_dots: int = 5
    """Fewer dots are no border."""
    places_per_pt: int = 4
    """Dots of one line lie on it to a part of a point: one through this."""


SETTINGS = DottedRuleSettings()

Dot = tuple[float, float, float]
"""The middle of a dot (x, y), and its width."""


def dotted(dots: Sequence[Dot]) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules that dots form."""
    if len(dots) < SETTINGS.fewest_dots:
        return [], []
    return _rules(dots), _rules([(y, x, width) for x, y, width in dots])


def _rules(dots: Sequence[Dot]) -> list[Rule]:
    """The rules along the first coordinate."""
    lines: dict[int, list[Dot]] = defaultdict(list)
    for dot in dots:
        lines[round(SETTINGS.places_per_pt * dot[1])].append(dot)
    rules = []
    for line in lines.values():
        line.sort()
        first = 0
        for end in range(1, len(line) + 1):
            if end < len(line) and line[end][0] - line[end - 1][0] <= SETTINGS.spaced_widths * max(
                line[end][2], line[end - 1][2]
            ):
                continue
            if end - first >= SETTINGS.fewest_dots:
                rules.append(Rule(line[first][1], line[first][0], line[end - 1][0]))
            first = end
    return rules
