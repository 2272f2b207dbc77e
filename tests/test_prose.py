"""How much of what prose states is understood, and that nothing is understood that it doesn't state.

tests/prose/*.toml hold sentences and what a careful reader marks in them. Each text is read beside tables that print
what it states, so that whatever disagrees is our fault. The phrases are made by development.toml; held_out.toml
measures them. ``pytest tests/test_prose.py -s`` shows the figures.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from gongkai.checks.figure_groups import members, resource_of
from gongkai.checks.narrative import read_statements
from gongkai.model import Agency, Key, Report, Section, Statement
from tests.builders import AGENCY, make_report

FOLDER = Path(__file__).parent / "prose"
BODIES: dict[str, dict[str, Any]] = {
    "bureau": {"agency": Agency("990100-cai-zheng-ju", "示例市财政局", "990100", "city", "department")},
    "street": {"agency": Agency("990101-jie-dao", "示例市虚构区样板街道办事处", "990101", "township", "")},
    "hall": {"agency": Agency("990100-ban-gong-ting", "示例市人民政府办公厅", "990100", "city", "office")},
    "government": {"agency": AGENCY},
    "region": {"agency": AGENCY, "scope": "region"},
}
RECALL = {"development": 0.97, "held_out": 0.95}
CONTRADICTED = {"development": 0.85, "held_out": 0.85}


@dataclass(frozen=True)
class Marked:
    """A figure that a reader marks. The first of ``rows`` and of ``columns`` is the likeliest."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    value: int

    def fits(self, statement: Statement) -> bool:
        return statement.row in self.rows and statement.column in self.columns and statement.value == self.value


@dataclass(frozen=True)
class Text:
    says: str
    states: tuple[Marked, ...]
    prints: tuple[Marked, ...]
    body: str
    section: int
    form: Any
    about: str


_TABLE = "table "
"""Before what the tables print of a text that states something else."""


def texts(name: str) -> tuple[Text, ...]:
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(
        Text(
            says,
            tuple(_marked(words) for words in marks if not words.startswith(_TABLE)),
            tuple(_marked(words.removeprefix(_TABLE)) for words in marks if words.startswith(_TABLE)),
            group.get("body", "bureau"),
            group.get("section", 1),
            group.get("form", "2021"),
            group["about"],
        )
        for group in data["group"]
        for says, *marks in group["texts"]
    )


def _marked(text: str) -> Marked:
    match = re.fullmatch(r"([^.=]+)(?:[.]([^=]+))?=([0-9]+)", text)
    assert match, text
    return Marked(tuple(match[1].split("|")), tuple((match[2] or "total").split("|")), int(match[3]))


def read(text: Text, more: int = 0) -> Report:
    """A report that says the text, and whose tables print what it states and ``more``; where it states a group, too."""
    empty = make_report(text.form)
    values: dict[Key, int | None] = dict.fromkeys(empty.figures, 0)
    addresses = [
        (marked, Key(resource_of(marked.rows[0]), marked.rows[0], marked.columns[0]))
        for marked in text.prints or text.states
    ]
    sizes = [(len(members(empty, key)), number) for number, (_, key) in enumerate(addresses)]
    stated = set()
    for _, number in sorted(sizes):
        marked, key = addresses[number]
        keys = members(empty, key)
        if left := [key for key in keys if key not in stated]:
            values[left[0]] = max(0, marked.value - sum(values[key] or 0 for key in keys if key in stated)) + more
            stated.add(left[0])
    report = make_report(text.form, values, sections=(Section(text.section, "", text.says),), **BODIES[text.body])
    return replace(report, statements=read_statements(report))


def compared(text: Text, report: Report) -> tuple[list[Statement], list[Marked]]:
    """What was read and is not stated, and what is stated and was not read."""
    missed = list(text.states)
    wrong = []
    for statement in report.statements:
        if fit := next((marked for marked in missed if marked.fits(statement)), None):
            missed.remove(fit)
        else:
            wrong.append(statement)
    return wrong, missed


def shown(text: Text, what: Iterable[Statement | Marked]) -> str:
    words = (
        f"{'|'.join(at.rows)}.{'|'.join(at.columns)}={at.value}"
        if isinstance(at, Marked)
        else f"{at.row}.{at.column}={at.value} ({at.agrees})"
        for at in what
    )
    return f"{text.says!r} ({text.body}, section {text.section}): {', '.join(words)}"


@pytest.mark.parametrize("name", RECALL)
def test_nothing_is_understood_that_the_text_does_not_state(name: str) -> None:
    found = [(text, compared(text, read(text))[0]) for text in texts(name)]
    assert [shown(text, wrong) for text, wrong in found if wrong] == []


@pytest.mark.parametrize("name", RECALL)
def test_a_number_that_is_the_tables_by_chance_is_not_taken(name: str) -> None:
    """Where the text states nothing, also beside tables whose every figure is one of its numbers."""
    found = []
    for text in texts(name):
        for number in set(re.findall("[0-9]+", text.says)) if not text.states else ():
            values = dict.fromkeys(make_report(text.form).figures, int(number))
            report = make_report(
                text.form, values, sections=(Section(text.section, "", text.says),), **BODIES[text.body]
            )
            found += [(text, [statement]) for statement in read_statements(report)]
    assert [shown(text, wrong) for text, wrong in found] == []


@pytest.mark.parametrize("name", RECALL)
def test_of_what_a_reader_marks_nine_in_ten_are_understood(name: str) -> None:
    found = [(text, compared(text, read(text))[1]) for text in texts(name)]
    stated, missed = sum(len(text.states) for text, _ in found), sum(len(missed) for _, missed in found)
    report = "\n".join(shown(text, missed) for text, missed in found if missed)
    print(f"{name}: {stated - missed} of {stated} understood\n{report}")  # noqa: T201 # the measure, for -s
    assert stated - missed >= RECALL[name] * stated


@pytest.mark.parametrize("name", RECALL)
def test_tables_that_print_what_the_text_states_are_contradicted_by_nothing(name: str) -> None:
    found = [(text, [s for s in read(text).statements if s.agrees is False]) for text in texts(name)]
    assert [shown(text, wrong) for text, wrong in found if wrong] == []


def test_tables_that_count_something_else_are_contradicted_by_nothing() -> None:
    found = [(text, [s for s in read(text).statements if s.agrees is False]) for text in texts("traps")]
    assert [shown(text, wrong) for text, wrong in found if wrong] == []


@pytest.mark.parametrize("name", RECALL)
def test_tables_that_print_something_else_are_contradicted_or_the_words_are_open(name: str) -> None:
    reports = [read(text, more=1) for text in texts(name)]
    found = [statement.agrees for report in reports for statement in report.statements]
    print(f"{name}: {found.count(False)} contradictions of {len(found)}")  # noqa: T201 # the measure, for -s
    assert found.count(False) >= CONTRADICTED[name] * len(found)
