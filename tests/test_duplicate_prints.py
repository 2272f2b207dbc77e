"""Of a table that is printed more than once only stands what all of its prints say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gongkai.extract.tables.duplicate_prints import locate_all
from gongkai.extract.tables.locate import LocatedTable
from gongkai.extract.tables.rows import rows_of_grids, rows_of_lines
from gongkai.form import Edition, load_forms
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, REVIEWS, Key
from tests.grids import line, table_grid

FORMS = load_forms()
CASES = [(resource, edition) for resource in RESOURCES for edition in ("2019", "2021")]
PLACES = {
    REQUESTS: Key(REQUESTS, "granted", "total"),
    PROACTIVE: Key(PROACTIVE, "6/penalties", "decisions"),
    REVIEWS: Key(REVIEWS, "litigation_direct", "upheld"),
}


def found_in(resource: str, edition: Edition, *prints: Mapping[Key, str]) -> LocatedTable:
    """The table printed so many times, with 5 where nothing else is said."""
    everywhere = dict.fromkeys(next(f for f in FORMS if f.edition == edition).table(resource).keys(), "5")
    grids = [table_grid(edition, resource, {**everywhere, **own}) for own in prints]
    return locate_all(resource, rows_of_grids(grids), FORMS)


def texts(found: LocatedTable) -> dict[Key, str]:
    return {key: source.cell.text for key, source in found.sources.items()}


@pytest.mark.parametrize(("resource", "edition"), CASES)
def test_prints_that_say_the_same_are_one_table(resource: str, edition: Edition) -> None:
    once, twice = found_in(resource, edition, {}), found_in(resource, edition, {}, {})
    assert texts(twice) == texts(once)
    assert twice.findings == once.findings
    assert len(twice.used) > len(once.used)


@pytest.mark.parametrize(("resource", "edition"), CASES)
def test_a_figure_that_prints_have_otherwise_is_left_empty_and_named(resource: str, edition: Edition) -> None:
    key = PLACES[resource]
    once = found_in(resource, edition, {})
    found = found_in(resource, edition, {}, {key: "7"})
    assert texts(found) == {k: text for k, text in texts(once).items() if k != key}
    (finding,) = [finding for finding in found.findings if finding not in once.findings]
    assert (finding.check, finding.severity, Key(finding.resource, finding.row, finding.column)) == (
        "reading",
        "error",
        key,
    )
    assert {finding.expected, finding.actual} == {"5", "7"}


def test_the_same_number_otherwise_written_is_the_same_figure() -> None:
    key = PLACES[REQUESTS]
    found = found_in(REQUESTS, "2021", {key: "1234"}, {key: "1,234"})
    assert texts(found)[key] == "1234"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_form_that_nobody_filled_in_says_nothing_against_the_table(order: tuple[int, int]) -> None:
    prints = [{}, dict.fromkeys(texts(found_in(REQUESTS, "2021", {})), "")]
    found = found_in(REQUESTS, "2021", *(prints[i] for i in order))
    assert set(texts(found).values()) == {"5"}


def test_a_third_print_is_heard_too() -> None:
    found = found_in(REQUESTS, "2021", {}, {}, {PLACES[REQUESTS]: "7"})
    assert PLACES[REQUESTS] not in found.sources


def test_tables_of_lines_are_heard_too() -> None:
    key = PLACES[REQUESTS]
    block = next(block for form in FORMS if form.edition == "2021" for block in form.table(REQUESTS).blocks)

    def lines(figure: str) -> list[str]:
        heads = ["  ".join(column.label for column in block.columns)]
        rows = [row for row in block.rows if not row.instead_of]
        return heads + [
            f"{row.label}    " + "    ".join([*"123450", figure if row.id == key.row else "15"]) for row in rows
        ]

    for second, kept in ("15", True), ("16", False):
        printed = rows_of_lines([line(text) for text in lines("15") + lines(second)], "text")
        assert (key in locate_all(REQUESTS, printed, FORMS).sources) == kept
