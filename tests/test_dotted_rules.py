"""Dots become rules where they follow each other."""

from __future__ import annotations

from gongkai.read.page import Rule
from gongkai.read.pdf.dotted_rules import Dot, dotted


def row(y: float, x0: float, count: int, apart: float = 1.5) -> list[Dot]:
    return [(x0 + i * apart, y, 0.75) for i in range(count)]


def column(x: float, y0: float, count: int) -> list[Dot]:
    return [(y, x, 0.75) for x, y, _ in row(x, y0, count)]


def test_dots_that_follow_each_other_are_a_rule_across_or_down() -> None:
    assert dotted([*row(20.0, 50.0, 41), *column(50.0, 20.0, 21)]) == (
        [Rule(20.0, 50.0, 110.0)],
        [Rule(50.0, 20.0, 50.0)],
    )


def test_a_gap_between_dots_parts_two_rules() -> None:
    across, _ = dotted([*row(20.0, 50.0, 11), *row(20.0, 80.0, 11)])
    assert across == [Rule(20.0, 50.0, 65.0), Rule(20.0, 80.0, 95.0)]


def test_a_square_at_each_crossing_of_borders_is_no_rule() -> None:
    assert dotted([(x, y, 0.5) for x in range(50, 500, 40) for y in range(50, 500, 20)]) == ([], [])
