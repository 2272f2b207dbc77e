"""Figures that are wrapped in a table without rules, and rows that a page parts: right, or left open by name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gongkai.extract.tables.locate import LocatedTable
from gongkai.model import REQUESTS, Key
from tests.grids import edges_of, grid
from tests.test_locate import (
    adding_up,
    numbered,
    place_of,
    printed,
    requests_lines,
    requests_rows,
    ruled,
    told,
    unruled,
)

FIGURES = adding_up(numbered("2021", REQUESTS))


def wrapped(text: str, key: Key, head: str, rest: str, label: int) -> list[str]:
    """A line of which one figure is ``head``, with ``rest`` below it and the label from its character ``label`` on."""
    at = text.index(FIGURES[key])
    above = text[:label] + "　" * (24 - label) + text[24:at] + head.ljust(len(FIGURES[key])) + text[at + 4 :]
    return [above, (text[label:24].strip("　")).ljust(24, "　") + " " * (at - 24) + rest]


@pytest.mark.parametrize(
    ("head", "rest"),
    [("1,", "049"), ("10", "49"), ("104", "9"), ("1,04", "06")],
    ids=["after-its-comma", "in-two", "its-last-digit", "within-its-thousands"],
)
@pytest.mark.parametrize("column", ["natural_person", "legal_services_organization"])
def test_a_figure_that_is_wrapped_as_its_label_is_gives_neither_part(head: str, rest: str, column: str) -> None:
    lines = requests_lines(FIGURES)
    key = Key(REQUESTS, "denied_prohibited_by_law", column)
    place = next(i for i, text in enumerate(lines) if FIGURES[key] in text)
    lines[place : place + 1] = wrapped(lines[place], key, head, rest, label=6)
    found = unruled(lines)
    assert key not in found.sources
    assert {(key.row, ""), (key.row, key.column)} & told(found)
    assert right(found, {key.row})


def test_a_strange_row_s_label_is_no_rest_of_the_label_above_it() -> None:
    lines = requests_lines(FIGURES)
    place = next(i for i, text in enumerate(lines) if FIGURES[Key(REQUESTS, "granted", "total")] in text)
    lines.insert(place + 1, "平台浏览点击次数统计" + "　" * 14 + lines[place][24:])
    assert printed(unruled(lines)) == FIGURES


def test_two_figures_that_stand_a_little_lower_than_their_row_leave_it_open() -> None:
    lines = requests_lines(FIGURES)
    place = next(i for i, text in enumerate(lines) if FIGURES[Key(REQUESTS, "granted", "total")] in text)
    text = lines[place]
    low = [FIGURES[Key(REQUESTS, "granted", column)] for column in ("commercial_enterprise", "other_organization")]
    upper, lower = text, " " * len(text)
    for figure in low:
        at = text.index(figure)
        upper, lower = upper[:at] + "    " + upper[at + 4 :], lower[:at] + figure + lower[at + 4 :]
    lines[place : place + 1] = [upper, lower]
    found = unruled(lines)
    lost = {key.row for key in FIGURES if key not in found.sources}
    assert "granted" in lost
    assert {(row, "") for row in lost} <= told(found)


@pytest.mark.parametrize("again", [False, True], ids=["once", "header-again"])
def test_a_row_whose_figures_stand_on_two_pages_is_left_open(again: bool) -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    at = place_of(rows, figures[Key(REQUESTS, "not_processed_repeated", "total")])
    above = ["", "", "", *rows[at][3:6], "", "", "", ""]
    below = ["", "", rows[at][2], "", "", "", *rows[at][6:]]
    header: Sequence[list[str]] = rows[:3] if again else ()
    edges = edges_of(len(rows[0]))
    found = ruled(REQUESTS, grid([*rows[:at], above], edges), grid([*header, below, *rows[at + 1 :]], edges, page=2))
    assert not [key for key in found.sources if key.row == "not_processed_repeated"]
    assert ("not_processed_repeated", "") in told(found)


def test_lines_of_figures_that_a_watermark_moved_from_their_labels_are_given_to_none() -> None:
    lines = requests_lines(FIGURES)
    first = next(i for i, text in enumerate(lines) if FIGURES[Key(REQUESTS, "denied_third_party", "total")] in text)
    one, two, three = lines[first : first + 3]
    at = one.index(FIGURES[Key(REQUESTS, "denied_third_party", "commercial_enterprise")])
    lines[first : first + 3] = [
        one[:24],
        " " * 24 + one[24:at],
        "求".ljust(at) + one[at:],
        two[:24],
        three[:24] + two[24:],
        "征",
        " " * 24 + three[24:],
    ]
    found = unruled(lines)
    read = printed(found)
    assert {key: text for key, text in read.items() if FIGURES[key] != text} == {}
    lost = {key.row for key in FIGURES if key not in read}
    assert {(row, "") for row in lost} <= told(found)
    assert {"denied_third_party", "denied_internal_affairs", "denied_deliberative_process"} <= lost


def right(found: LocatedTable, but: set[str]) -> bool:
    """Whether all figures of other rows are read, and none is another's."""
    read = printed(found)
    rest = {key: text for key, text in FIGURES.items() if key.row not in but}
    return {key: text for key, text in read.items() if key.row not in but} == rest and all(
        FIGURES[key] == text for key, text in read.items()
    )
