"""What a report's prose states, against what its tables print.

In: a Report. Out: a ``Statement`` for each figure that the prose states and that was understood, and a ``CheckResult``
for each. Precision goes first: after a number that is not understood, or that is of other bodies or years, what goes on
with it is taken only where it is the table's; where words can be read in two ways and one of them agrees, they agree;
prose that was recognised from a picture contradicts nothing, nor does a blank, unless what is printed is more already.
Nobody is said to be right: a finding shows both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks.clauses import Clause
from gongkai.checks.figure_groups import has_figure, may_equal, resource_of, statement_problem, sum_agrees, total_of
from gongkai.checks.own_names import own_names
from gongkai.checks.phrases import Reading, load_grammar
from gongkai.checks.registry import ReportCheck
from gongkai.checks.stated_numbers import WHOLES, Context, Stated, read_sentences
from gongkai.model import CheckResult, Finding, Report, Section, Statement, Verdict
from gongkai.read.formats import method_of

CHECK = "narrative"
SECTIONS = (1, 2, 3, 4, 6)
"""The sections that are read. The fifth tells of troubles and plans."""

_SHOWN = 120
"""Characters of a sentence that a finding shows to either side."""
_MARKS = "。！？!?\n"


def read_statements(report: Report) -> tuple[Statement, ...]:
    """What the sections that are read state, in their order."""
    own_body = own_names(report)
    return tuple(
        statement
        for section in report.sections
        if section.number in SECTIONS
        for statement in _section_statements(report, section, own_body)
    )


def check_narrative(report: Report) -> Iterator[CheckResult]:
    """A result for each statement of the report: holds, fails with a finding, or is open; one if there is none.

    A figure that the prose states twice in the same words of number is found once.
    """
    told = set()
    for statement in report.statements:
        at = statement.key
        if problem := statement_problem(report, statement):
            yield CheckResult(CHECK, Verdict.UNDECIDED, at, reason=problem)
        elif statement.agrees is None:
            yield CheckResult(
                CHECK, Verdict.UNDECIDED, at, reason="a cell is blank, or the words may mean another count"
            )
        elif statement.agrees:
            yield CheckResult(CHECK, Verdict.HOLDS, at)
        elif (at, statement.value) not in told:
            told.add((at, statement.value))
            yield CheckResult(CHECK, Verdict.FAILS, at, finding=_finding(report, statement))
    if not report.statements:
        yield CheckResult(CHECK, Verdict.NOT_APPLICABLE, reason="the prose states no figure that is understood")


FUNCTIONS: Mapping[str, ReportCheck] = {CHECK: check_narrative}


def _section_statements(report: Report, section: Section, own_body: re.Pattern[str]) -> Iterator[Statement]:
    matches = [match for context in read_sentences(report, section, own_body) for match in _matches(report, context)]
    # Of two numbers for one thing, of which one is the table's, the other counts something else: unless the words are
    # the same, or are such as have one meaning only.
    right = {match.meant: _wording(match) for match in matches if match.agrees}
    for match in matches:
        wording = _wording(match)
        excused = match.agrees is False and match.loose and right.get(match.meant, wording) != wording
        yield Statement(
            section=section.number,
            start=match.clause.start,
            end=match.clause.end,
            text=section.text[match.clause.start : match.clause.end],
            resource=resource_of(match.row),
            row=match.row,
            column=match.column,
            value=match.value,
            agrees=None if excused else match.agrees,
        )


# ---------------------------------------------------------------- prose against figures


@dataclass(frozen=True, slots=True)
class _Match:
    """A number beside the figure that fits it best. ``meant`` is the likeliest meaning of the words.

    ``loose`` is true where the words have other meanings, too.
    """

    clause: Clause
    meant: Reading
    loose: bool
    row: str
    column: str
    value: Decimal
    agrees: bool | None


def _matches(report: Report, context: Context) -> Iterator[_Match]:
    """Each number that a sentence states, beside the table, if the report's form has a figure for it."""
    for stated in context.stated:
        value = stated.said.value
        if value is None:
            continue
        if stated.whole is None:
            for all_readings in stated.said.phrase.figures:
                if readings := [reading for reading in all_readings if has_figure(report, *reading)]:
                    reading, agrees = _plain_figure(report, stated, readings, value, context.stated)
                    if stated.doubtful and not agrees:
                        continue
                    agrees = _settled(report, reading, agrees, context)
                    loose = len(readings) > 1 or bool(stated.said.phrase.open)
                    yield _Match(stated.clause, readings[0], loose, *reading, value, agrees)
        else:
            column = stated.said.phrase.column
            parts = [other for other in context.stated if other.whole is stated.whole]
            row, sure = _row_of(report, parts, stated.whole)
            agrees = sum_agrees(report, row, column, value)
            if stated.doubtful and not agrees:
                continue
            agrees = None if agrees is False and not (sure and stated.certain and stated.whole.certain) else agrees
            agrees = _settled(report, Reading(row, column), agrees, context)
            yield _Match(stated.clause, Reading(stated.whole.likeliest.row, column), True, row, column, value, agrees)


def _wording(match: _Match) -> str:
    """The words without the number."""
    return re.sub("[0-9]+", "", match.clause.plain)


def _plain_figure(
    report: Report, stated: Stated, readings: Sequence[Reading], value: Decimal, all_stated: Iterable[Stated]
) -> tuple[Reading, bool | None]:
    """The reading that a number fits, else the likeliest, and whether it agrees."""
    readings = [reading for reading in readings if not _is_ruled_out(reading.row, stated, all_stated)] or readings
    agreements = {reading: sum_agrees(report, *reading, value) for reading in readings}
    for reading, agrees in agreements.items():
        if agrees:
            return reading, True
    beside = {
        reading.row
        for other in all_stated
        for reading, *_ in other.said.phrase.figures
        if not (other.among or other.clause.nested)
    }
    sums = [terms for terms in stated.said.phrase.open if not beside.intersection(terms.split("+")[1:])]
    is_open = None in agreements.values() or any(may_equal(report, terms, value) for terms in sums)
    return readings[0], None if is_open or not stated.certain else False


def _settled(report: Report, reading: Reading, agrees: bool | None, context: Context) -> bool | None:
    """An agreement as it stands; a contradiction only where nothing else in the sentence may explain it.

    Prose that was recognised from a picture may itself be misread. Where what was not read of the sentence speaks of
    other bodies or of withdrawn applications, or holds the table's number, the number before may be another count.
    """
    if agrees is not False:
        return agrees
    grammar = load_grammar()
    number = format(total_of(report, *reading).value or Decimal(0), "f")
    explained = grammar.others.search(context.rest) or grammar.narrows.search(context.rest)
    shown = re.search(rf"(?<![0-9]){number}(?![0-9])", context.rest)
    return None if method_of(report.reader).recognised or explained or shown else False


def _is_ruled_out(row: str, stated: Stated, all_stated: Iterable[Stated]) -> bool:
    """Whether the sentence itself says that a reading isn't meant: what it would include is stated beside it."""
    beside = {
        other.likeliest.row: not other.clause.nested
        for other in all_stated
        if other.said.phrase.figures and not other.among
    }
    if row == "disclosed":
        return "partially_granted" in beside and stated.likeliest.row == "granted"
    received = stated.likeliest.row == "new_received"
    if row == "new_received" and "to_handle" in {reading.row for reading in stated.said.phrase.figures[0]}:
        return any(other.said.phrase.figures == ((Reading("new_received", "total"),),) for other in all_stated)
    return row == "to_handle" and received and beside.get("carried_in", False) and not any(o.among for o in all_stated)


def _row_of(report: Report, parts: Sequence[Stated], whole: Stated) -> tuple[str, bool]:
    """The row that the parts of a whole fit best, and whether one that doesn't fit contradicts it.

    It does where another part fits that row, or where the parts together make the whole: then they are all of it. Of
    rows that the parts don't fit altogether, those that the whole fits go first.
    """
    readings = [reading.row for reading in whole.said.phrase.figures[0]]
    rows = WHOLES if set(readings) & set(WHOLES) else readings
    values = [(part.said.phrase.column, part.said.value or Decimal(0)) for part in parts]
    fits = {row: [sum_agrees(report, row, column, value) for column, value in values] for row in rows}
    for acceptable in ({True}, {True, None}):
        for row, agreements in fits.items():
            if set(agreements) <= acceptable:
                return row, True
    shared = [row for row in rows if sum_agrees(report, row, "total", whole.said.value or Decimal(0))]
    best = max(shared or rows, key=lambda row: fits[row].count(True))
    complete = sum(value for _, value in values) == whole.said.value
    return best, fits[best].count(True) > 0 or complete


def _finding(report: Report, statement: Statement) -> Finding:
    total = total_of(report, statement.row, statement.column)
    expected, actual = format(total.value or Decimal(0), "f"), format(statement.value, "f")
    prints = f"what the table prints of it adds up to {expected} already" if total.blank else ""
    prints = prints or f"the table prints {expected}"
    message = f"section {statement.section} states {actual} where {prints}: {_words(report, statement)}"
    return Finding(
        check=CHECK,
        severity="warning",
        at=statement.key,
        expected=expected,
        actual=actual,
        message=message,
    )


def _words(report: Report, statement: Statement) -> str:
    """The sentence, cut about the statement where it is long."""
    text = next(section.text for section in report.sections if section.number == statement.section)
    first, last = max(0, statement.end - _SHOWN), min(len(text), statement.start + _SHOWN)
    start = max(text.rfind(mark, first, statement.start) + 1 for mark in _MARKS)
    ends = [end for mark in _MARKS if (end := text.find(mark, statement.end, last)) >= 0]
    whole = start or not first
    return (
        ("" if whole else "…")
        + text[start or first : min(ends, default=last)]
        + ("" if ends or last == len(text) else "…")
    )
