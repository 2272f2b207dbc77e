"""What a report's prose states, against what its tables print.

In: a Report. Out: a ``Statement`` for each figure that the prose states and that was understood, and a ``CheckResult``
for each. Precision goes first: a sentence is read up to the first number in it that is not understood; where words can
be read in two ways and one of them agrees, they agree; a blank cell, or prose that was recognised from a picture,
contradicts nothing. Nobody is said to be right: a finding shows both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.checks.clauses import Clause, Sentence, sentences
from gongkai.checks.figure_groups import may_equal, resource_of, statement_problem, sum_agrees, total_of
from gongkai.checks.phrases import Phrase, Said, load_grammar, understood
from gongkai.checks.registry import ReportCheck
from gongkai.model import REQUESTS, CheckResult, Finding, Report, Section, Statement, Verdict
from gongkai.read.formats import method_of

CHECK = "narrative"
SECTIONS = (1, 3, 4, 6)
"""The sections that are read. The second states documents, which bodies count in many ways, the fifth plans."""

_WHOLES = ("new_received", "processed_total", "to_handle")
"""What applicants' shares may be shares of, the likeliest first."""
CLAUSES_LIMIT = 200
"""Of a sentence; none that a person wrote has more."""
_SHOWN = 120
"""Characters of a sentence that a finding shows to either side."""
_MARKS = "。！？!?\n"


@dataclass(slots=True)
class _Stated:
    """A number that was understood, before it is compared. ``whole`` is what it is a part of."""

    said: Said
    clause: Clause
    certain: bool
    among: bool
    whole: _Stated | None = None


@dataclass(slots=True)
class _Context:
    """What has been said in the sentence so far."""

    topic: str | None
    stated: list[_Stated] = field(default_factory=list)
    whole: _Stated | None = None
    among: bool = False
    dated: bool = False
    rest: str = ""
    """What was not read of the sentence."""


def read_statements(report: Report) -> tuple[Statement, ...]:
    """What sections one, three, four and six state, in their order."""
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


# ---------------------------------------------------------------- prose


def _section_statements(report: Report, section: Section, own_body: re.Pattern[str]) -> Iterator[Statement]:
    topic = start = load_grammar().section_topics.get(section.number)
    matches: list[_Match] = []
    for sentence in sentences(section.text):
        context = _Context(start if sentence.marked else topic)
        if len(sentence.clauses) <= CLAUSES_LIMIT:
            _read(report, sentence, context, own_body)
        topic = context.topic
        matches += _matches(report, context)
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


def _read(report: Report, sentence: Sentence, context: _Context, own_body: re.Pattern[str]) -> None:
    """Read a sentence as far as it is understood, into ``context``."""
    grammar = load_grammar()
    for number, clause in enumerate(sentence.clauses):
        after, among, ours = _lead(report, clause, context, own_body)
        if ours and after == len(clause.plain):
            context.among = among
            continue
        if ours and _understand(report, clause, after, among or context.among, context):
            context.among = False
            continue
        if stops := _stop(clause, own_body):
            context.topic = None if stops == "topic" else context.topic
            context.rest = ",".join(clause.plain for clause in sentence.clauses[number:])
            return
        for topic, pattern in grammar.topics.items():
            if pattern.search(clause.plain):
                context.topic = topic


def _lead(report: Report, clause: Clause, context: _Context, own_body: re.Pattern[str]) -> tuple[int, bool, bool]:
    """Where the words end that lead a clause in, whether 其中 is among them, and whether they speak of this report.

    They speak of it if they name no other year; 累计 without a period may mean all years.
    """
    grammar = load_grammar()
    after, among, cumulative = 0, False, False
    while (
        match := grammar.lead.match(clause.plain, after)
        or grammar.bodies.match(clause.plain, after)
        or (own_body.match(clause.plain, after))
    ):
        if not match[0]:
            break
        parts = match.groupdict()
        years = [int(year) for name in ("year", "until", "whole") if (year := parts.get(name))]
        if any(year != report.year for year in years):
            return after, among, False
        among = among or bool(parts.get("among"))
        cumulative = cumulative or match[0] == "累计"
        context.dated = context.dated or bool(parts.get("year") or parts.get("whole") or _PERIOD.match(match[0]))
        after = match.end()
    return after, among, context.dated or not cumulative


_PERIOD = re.compile("全年|本年|年度?内|当年|今年|一年来|本?(?:报告|统计)")


def _understand(report: Report, clause: Clause, after: int, among: bool, context: _Context) -> bool:
    """Take what a clause says into the context; false if it isn't understood."""
    for said in understood(clause.plain, after, context.topic):
        phrase = said.phrase
        if said.prior not in (None, report.year - 1) or said.next not in (None, report.year + 1):
            continue
        if phrase.channel:
            return False
        if phrase.aside:
            context.whole = context.whole if phrase.among else None
            return True
        if (phrase.part or among) and context.whole is None:
            return False
        if phrase.part and phrase.part != _resource(context.whole):
            return False
        certain = phrase.certain and not (among and not phrase.part and not _is_share(phrase, context.whole))
        stated = _Stated(said, clause, certain, among, context.whole if phrase.part else None)
        context.stated.append(stated)
        context.topic = phrase.opens or context.topic
        if not phrase.part and not clause.nested and said.value is not None:
            context.whole = stated
        return True
    return False


def _is_share(phrase: Phrase, whole: _Stated | None) -> bool:
    """Whether a number after 其中 is one outcome of all applications: only then is it sure what it is a part of."""
    first = phrase.figures[0][0]
    return whole is not None and first not in _WHOLES and whole.said.phrase.figures[0][0] in _WHOLES


def _resource(whole: _Stated | None) -> str:
    return resource_of(whole.said.phrase.figures[0][0]) if whole else REQUESTS


def _stop(clause: Clause, own_body: re.Pattern[str]) -> str:
    """Why no more of the sentence is read: ``topic`` where the text turns to another matter, ``sentence``, or empty."""
    grammar = load_grammar()
    words = own_body.sub("", clause.plain)
    if grammar.counted.search(re.sub("《[^《》]*》", "", words)) or grammar.other_matters.search(words):
        return "topic"
    return "sentence" if grammar.others.search(words) else ""


def own_names(report: Report) -> re.Pattern[str]:
    """What the reporting body calls itself: by its name, without its place or in part, or 我 and its kind.

    A government's report may count all its bodies or its own office; so its name alone says nothing of which. Where
    it says that it counts all of them, so does 全区 of a district.
    """
    name = report.agency.name
    government = re.match("(.+)(?:人民政府|行政公署)$", name)
    if name.endswith(("人民政府", "行政公署", "管理委员会")) and report.agency.level != "township":
        pattern = "[我本][省市州盟县区旗]"
        if government and report.scope == "region":
            pattern += f"|全{government[1][-1]}(?:各级)?(?:行政机关|政府系统)?|各级行政机关"
        return re.compile(pattern)
    ends = {name[start:] for start in range(len(name) - 2)}
    ends |= {end.removesuffix("办事处").removesuffix("人民政府") for end in ends}
    alternatives = [re.escape(end) for end in sorted(ends, key=len, reverse=True) if len(end) >= 3]
    # 区财政局 is not the 财政局 of a city.
    return re.compile(
        f"(?<![省市州盟县区旗镇乡各分])(?:{'|'.join([*alternatives, f'[我本](?:街道|镇|乡|办|{name[-1:]})'])})"
    )


# ---------------------------------------------------------------- prose against figures


@dataclass(frozen=True, slots=True)
class _Match:
    """A number beside the figure that fits it best. ``meant`` is the likeliest meaning of the words: row and column.

    ``loose`` is true where the words have other meanings, too.
    """

    clause: Clause
    meant: tuple[str, str]
    loose: bool
    row: str
    column: str
    value: Decimal
    agrees: bool | None


def _matches(report: Report, context: _Context) -> Iterator[_Match]:
    """Each number that a sentence states, beside the table."""
    for stated in context.stated:
        value = stated.said.value
        if value is None:
            continue
        if stated.whole is None:
            for readings in stated.said.phrase.figures:
                row, agrees = _plain_figure(report, stated, readings, value, context.stated)
                agrees = _settled(report, row, "total", agrees, context)
                loose = len(readings) > 1 or bool(stated.said.phrase.open)
                yield _Match(stated.clause, (readings[0], "total"), loose, row, "total", value, agrees)
        else:
            column = stated.said.phrase.column
            parts = [other for other in context.stated if other.whole is stated.whole]
            row, sure = _row_of(report, parts, stated.whole)
            agrees = sum_agrees(report, row, column, value)
            agrees = None if agrees is False and not (sure and stated.certain and stated.whole.certain) else agrees
            agrees = _settled(report, row, column, agrees, context)
            meant = (stated.whole.said.phrase.figures[0][0], column)
            yield _Match(stated.clause, meant, True, row, column, value, agrees)


def _wording(match: _Match) -> str:
    """The words without the number."""
    return re.sub("[0-9]+", "", match.clause.plain)


def _plain_figure(
    report: Report, stated: _Stated, readings: Sequence[str], value: Decimal, all_stated: Iterable[_Stated]
) -> tuple[str, bool | None]:
    """The row that a number fits, else the likeliest, and whether it agrees."""
    readings = [row for row in readings if not _is_ruled_out(row, stated, all_stated)] or readings
    agreements = {row: sum_agrees(report, row, "total", value) for row in readings}
    for row, agrees in agreements.items():
        if agrees:
            return row, True
    beside = {
        row for other in all_stated for row, *_ in other.said.phrase.figures if not (other.among or other.clause.nested)
    }
    sums = [terms for terms in stated.said.phrase.open if not beside.intersection(terms.split("+")[1:])]
    is_open = None in agreements.values() or any(may_equal(report, terms, value) for terms in sums)
    return readings[0], None if is_open or not stated.certain else False


def _settled(report: Report, row: str, column: str, agrees: bool | None, context: _Context) -> bool | None:
    """An agreement as it stands; a contradiction only where nothing else in the sentence may explain it.

    Prose that was recognised from a picture may itself be misread. Where what was not read of the sentence speaks of
    other bodies or of withdrawn applications, or holds the table's number, the number before may be another count.
    """
    if agrees is not False:
        return agrees
    grammar = load_grammar()
    number = format(total_of(report, row, column).value or Decimal(0), "f")
    explained = grammar.others.search(context.rest) or grammar.narrows.search(context.rest)
    shown = re.search(rf"(?<![0-9]){number}(?![0-9])", context.rest)
    return None if method_of(report.reader).recognised or explained or shown else False


def _is_ruled_out(row: str, stated: _Stated, all_stated: Iterable[_Stated]) -> bool:
    """Whether the sentence itself says that a reading isn't meant: what it would include is stated beside it."""
    beside = {
        other.said.phrase.figures[0][0]: not other.clause.nested
        for other in all_stated
        if other.said.phrase.figures and not other.among
    }
    if row == "disclosed":
        return "partially_granted" in beside and stated.said.phrase.figures[0][0] == "granted"
    received = stated.said.phrase.figures[0][0] == "new_received"
    if row == "new_received" and "to_handle" in stated.said.phrase.figures[0]:
        return any(other.said.phrase.figures == (("new_received",),) for other in all_stated)
    return row == "to_handle" and received and beside.get("carried_in", False) and not any(o.among for o in all_stated)


def _row_of(report: Report, parts: Sequence[_Stated], whole: _Stated) -> tuple[str, bool]:
    """The row that the parts of a whole fit best, and whether one that doesn't fit contradicts it.

    It does where another part fits that row, or where the parts together make the whole: then they are all of it. Of
    rows that the parts don't fit altogether, those that the whole fits go first.
    """
    readings = whole.said.phrase.figures[0]
    rows = _WHOLES if set(readings) & set(_WHOLES) else readings
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
    total = total_of(report, statement.row, statement.column).value or Decimal(0)
    expected, actual = format(total, "f"), format(statement.value, "f")
    words = _words(report, statement)
    message = f"section {statement.section} states {actual} where the table prints {expected}: {words}"
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
