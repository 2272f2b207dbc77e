"""What a report's prose states, against what its tables print.

In: a Report. Out: a ``Statement`` for each figure that the prose states and that was understood, and a ``CheckResult``
for each. Precision goes first: after a number that is not understood, or that is of other bodies or years, what goes on
with it is taken only where it is the table's; where words can be read in two ways and one of them agrees, they agree;
prose that was recognised from a picture contradicts nothing, nor does a blank, unless what is printed is more already.
Nobody is said to be right: a finding shows both sides.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from gongkai.checks.clauses import Clause, Sentence, sentences
from gongkai.checks.figure_groups import may_equal, resource_of, statement_problem, sum_agrees, total_of
from gongkai.checks.phrases import Phrase, Reading, Said, load_grammar, recognised, understood
from gongkai.checks.registry import ReportCheck
from gongkai.model import REQUESTS, CheckResult, Finding, Report, Section, Statement, Verdict
from gongkai.read.formats import method_of

CHECK = "narrative"
SECTIONS = (1, 2, 3, 4, 6)
"""The sections that are read. The fifth tells of troubles and plans."""

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
    doubtful: bool = False
    """It is taken only where it is the table's."""

    @property
    def likeliest(self) -> Reading:
        return self.said.phrase.figures[0][0]


@dataclass(slots=True)
class _Context:
    """What has been said in the sentence so far.

    ``before`` is what the sentence before counted as a whole, if all of it was understood: a sentence that begins with
    其中 goes on with it.
    """

    topic: str | None
    before: _Stated | None = None
    firm: bool = True
    """The topic is that of the section or of the item's heading: it lasts until the next item."""
    faint: bool = False
    """Something else was said since: what goes on with the topic has to name it."""
    stated: list[_Stated] = field(default_factory=list)
    whole: _Stated | None = None
    among: bool = False
    dated: bool = False
    doubtful: bool = False
    """The sentence names a body that may be more than the reporting one."""
    elsewhere: bool = False
    """A number before was that of other bodies or of another year, and we weren't named since."""
    opened: bool = False
    """The sentence's own words opened the topic."""
    unread: bool = False
    """A number of the topic wasn't understood: what follows in the sentence may be a part of it."""
    parted: bool = False
    """The clause has the share of a channel, or of applicants of we don't know what."""
    rest: str = ""
    """What was not read of the sentence."""


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


# ---------------------------------------------------------------- prose


def _section_statements(report: Report, section: Section, own_body: re.Pattern[str]) -> Iterator[Statement]:
    grammar = load_grammar()
    topic = start = grammar.section_topics.get(section.number)
    matches: list[_Match] = []
    before = None
    firm, faint, elsewhere = start is not None, False, False
    for sentence in sentences(section.text):
        if sentence.marked:
            topic, before, firm, faint, elsewhere = start, None, start is not None, False, False
        context = _Context(topic, before, firm, faint, elsewhere=elsewhere)
        if len(sentence.clauses) <= CLAUSES_LIMIT:
            _read(report, sentence, context, own_body)
        topic = start if context.topic in grammar.brief_topics else context.topic
        before = None if context.rest else context.whole or context.before
        elsewhere = context.elsewhere
        firm = topic is not None and (firm or sentence.marked)
        faint = context.faint or context.unread or not (context.stated or context.opened or firm)
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
    """Read a sentence as far as it is understood, into ``context``.

    A remark in brackets that isn't understood is passed over, and remembered as not read; so is what follows the shares
    of channels or applicants, until the sentence goes on with all applications.
    """
    grammar = load_grammar()
    everything = ",".join(clause.plain for clause in sentence.clauses)
    evident = (topic for topic, pattern in grammar.evident.items() if pattern.match(everything))
    context.topic = context.topic or next(evident, None)
    passing = ""
    for number, clause in enumerate(sentence.clauses):
        if (passing == "remark" and clause.nested) or (
            passing == "shares" and not grammar.resumes.search(clause.plain)
        ):
            context.rest += clause.plain
            continue
        passing = _read_clause(report, sentence.clauses, number, context, own_body)
        if passing in ("sentence", "topic"):
            context.rest += ",".join(clause.plain for clause in sentence.clauses[number:])
            context.topic = None if passing == "topic" else context.topic
            return


def _read_clause(
    report: Report, clauses: Sequence[Clause], number: int, context: _Context, own_body: re.Pattern[str]
) -> str:
    """Read one clause into ``context``.

    Out: what isn't to be read behind it (``remark``, ``shares``, ``sentence``, or all of the ``topic``), or nothing.
    """
    grammar = load_grammar()
    clause = clauses[number]
    lead = _lead(report, clause, context, own_body)
    if lead.ours and lead.end == len(clause.plain):
        context.among = lead.among or context.among
        return ""
    context.parted = False
    if lead.ours and _understand(report, clause, lead, context, (clauses[:number], clauses[number + 1 :])):
        context.among = False
        return ""
    if lead.ours and _DIGIT.search(clause.plain, lead.end) and _recognise(report, clause, lead, context):
        return ""
    stops = "others" if lead.other_year else _stop(clause.plain[lead.end :], own_body)
    context.elsewhere = context.elsewhere or (stops == "others" and not clause.nested)
    if stops and context.parted:
        return "shares"
    if stops and clause.nested and number:
        context.rest += clause.plain
        # What a remark says of the number before it may be why the table's is another.
        if context.stated and _DIGIT.search(clause.plain):
            context.stated[-1].certain = False
        return "remark"
    if stops == "number" and context.topic and _names(context.topic, clause):
        context.unread = True
        context.rest += clause.plain
        return ""
    if stops:
        return "sentence" if stops == "sentence" else "topic"
    if context.stated and grammar.explains.search(clause.plain) and not _DENIED.search(clause.plain):
        context.rest += clause.plain
    opened = next((topic for topic, pattern in grammar.topics.items() if pattern.search(clause.plain)), None)
    context.topic = opened or context.topic
    context.opened = context.opened or opened is not None
    context.faint = not (context.opened or context.firm)
    return ""


_DENIED = re.compile("[无未没]")
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class _Lead:
    """The words that lead a clause in: where they end, whether 其中 is among them, and whether they speak of us.

    They don't where 累计 has no period with it: it may mean all years. Another year leads nothing in; it is left to the
    phrases that name one.
    """

    end: int
    among: bool
    ours: bool
    other_year: bool
    names_us: bool


def _lead(report: Report, clause: Clause, context: _Context, own_body: re.Pattern[str]) -> _Lead:
    grammar = load_grammar()
    principal = _principal(report.agency.name)
    after, among, cumulative, other_year, names_us = 0, False, False, False, False
    while True:
        match = grammar.lead.match(clause.plain, after) or grammar.bodies.match(clause.plain, after)
        match = match or own_body.match(clause.plain, after)
        names_us = names_us or (match is not None and match.re in (own_body, grammar.bodies))
        if not match and principal and (match := principal.match(clause.plain, after)):
            context.doubtful = True
        if not match or not match[0]:
            break
        parts = match.groupdict()
        years = [int(year) for name in ("year", "until", "whole") if (year := parts.get(name))]
        if other_year := any(year != report.year for year in years):
            break
        among = among or bool(parts.get("among"))
        cumulative = cumulative or match[0] == "累计"
        context.dated = context.dated or bool(parts.get("year") or parts.get("whole") or _PERIOD.match(match[0]))
        after = match.end()
    context.elsewhere = context.elsewhere and not names_us
    return _Lead(after, among, context.dated or not cumulative, other_year, names_us)


_PERIOD = re.compile("全年|本年|年度?内|当年|今年|一年来|本?(?:报告|统计)")


_Around = tuple[Sequence[Clause], Sequence[Clause]]
"""The clauses before and after one."""


def _understand(report: Report, clause: Clause, lead: _Lead, context: _Context, around: _Around) -> bool:
    """Take what a clause says into the context; false if it isn't understood."""
    among = lead.among or context.among
    topics = load_grammar().topics.items()
    topic = context.topic
    if context.faint and topic and not _names(topic, clause):
        topic = None
    topic = topic or next((topic for topic, pattern in topics if pattern.search(clause.plain)), None)
    for said in understood(clause.plain, lead.end, topic):
        phrase = said.phrase
        if said.prior not in (None, report.year - 1) or said.next not in (None, report.year + 1):
            continue
        if not _fits(phrase, clause.plain[: lead.end], context, around):
            continue
        if phrase.channel:
            context.parted = True
            return False
        if phrase.aside:
            context.whole = context.whole if phrase.among else None
            context.topic = phrase.opens or topic
            return True
        if among and context.whole is None and not context.stated:
            context.whole = context.before
        if context.whole is None and (phrase.part or (among and not phrase.within and not lead.names_us)):
            context.parted = context.parted or bool(phrase.part)
            return False
        if phrase.part and phrase.part != _resource(context.whole):
            return False
        certain = phrase.certain and not (among and not phrase.part and not _is_share(phrase, context.whole))
        context.faint = False
        certain = certain and not context.doubtful
        doubtful = phrase.doubtful or context.unread or context.elsewhere
        stated = _Stated(said, clause, certain, among, context.whole if phrase.part else None, doubtful)
        context.topic = phrase.opens or topic
        if not phrase.whole:
            context.stated.append(stated)
        if phrase.whole or (not phrase.part and not clause.nested and said.value is not None):
            context.whole = stated
        return True
    return False


def _recognise(report: Report, clause: Clause, lead: _Lead, context: _Context) -> bool:
    """Take a phrase that stands among words that aren't understood, if its number is the table's; else false."""
    found = recognised(clause.plain, lead.end, context.topic)
    if found is None or context.faint:
        return False
    said, words = found
    if load_grammar().foreign.search(words) or _DIGIT.search(words) or said.phrase.unless or said.phrase.after:
        return False
    readings = [reading for reading, *_ in said.phrase.figures if _has(report, reading)]
    value = said.value or Decimal(0)
    if not value or not any(sum_agrees(report, *reading, value) for reading in readings):
        return False
    context.topic = said.phrase.opens or context.topic
    context.stated.append(_Stated(said, clause, certain=False, among=lead.among))
    return True


def _fits(phrase: Phrase, led: str, context: _Context, around: _Around) -> bool:
    """Whether what stands around a phrase is as it must be."""
    before, after = around
    remark = itertools.takewhile(lambda clause: clause.nested, after)
    rows = {reading.row for stated in context.stated for readings in stated.said.phrase.figures for reading in readings}
    return (
        (phrase.beside is None or any(phrase.beside.search(other.plain) for other in (*before, *after)))
        and (phrase.unless is None or not any(phrase.unless.search(clause.plain) for clause in remark))
        and (phrase.led is None or phrase.led.search(led) is not None)
        and rows.issuperset(phrase.after)
        and (not phrase.after or context.stated[-1].likeliest.row in phrase.after)
    )


def _is_share(phrase: Phrase, whole: _Stated | None) -> bool:
    """Whether a number after 其中 is one outcome of all applications: only then is it sure what it is a part of."""
    if whole is None or not whole.said.phrase.figures:
        return whole is not None
    return phrase.figures[0][0].row not in _WHOLES and whole.likeliest.row in _WHOLES


def _resource(whole: _Stated | None) -> str:
    return resource_of(whole.likeliest.row) if whole and whole.said.phrase.figures else REQUESTS


def _stop(plain: str, own_body: re.Pattern[str]) -> str:
    """Why no more of the sentence is read: another ``matter``, a ``number``, that of ``others``, a ``sentence`` about
    other bodies or years; or nothing.
    """
    grammar = load_grammar()
    words = own_body.sub("", plain)
    if grammar.other_matters.search(words):
        return "matter"
    if grammar.counted.search(re.sub("《[^《》]*》", "", words)):
        return "others" if grammar.others.search(words) else "number"
    return "sentence" if grammar.others.search(words) else ""


def _names(topic: str, clause: Clause) -> bool:
    pattern = load_grammar().named.get(topic)
    return pattern is not None and pattern.search(clause.plain) is not None


def own_names(report: Report) -> re.Pattern[str]:
    """What the reporting body calls itself: by its name, without its place or in part, or 我 and its kind.

    A government's report may count all its bodies or its own office; so its name alone says nothing of which. Where
    it says that it counts all of them, so does 全区 of a district.
    """
    name = report.agency.name
    government = re.match("(.+)(?:人民政府|行政公署)$", name)
    township = report.agency.level == "township"
    if name.endswith(("人民政府", "行政公署", "管理委员会")) and not township:
        pattern = "[我本][省市州盟县区旗]"
        if government and report.scope == "region":
            parts = "|".join(re.escape(government[1][start:]) for start in range(len(government[1]) - 1))
            all_bodies = "各?(?:职能|有关)?部门(?:、|和|及)?各?(?:镇街|街镇|街道|乡镇)|(?:各级)?(?:行政机关|政府系统)?"
            pattern += f"|(?:{parts})?全{government[1][-1]}(?:{all_bodies})|各级行政机关"
        return re.compile(pattern)
    names = {name, name.replace("人民政府", "政府")}
    names |= {short.removesuffix("公厅").removesuffix("公室") for short in names if short.endswith(("公厅", "公室"))}
    ends = {short[start:] for short in names for start in range(len(short) - 2)}
    ends |= {end.removesuffix("办事处").removesuffix("人民政府") for end in ends}
    alternatives = [re.escape(end) for end in sorted(ends, key=len, reverse=True) if len(end) >= 3]
    we = "[我本]?(?:街道|镇|乡)|[我本]办" if township else f"[我本](?:街道|镇|乡|办)|[我本全]{name[-1:]}"
    # 区财政局 is not the 财政局 of a city.
    return re.compile(f"(?<![省市州盟县区旗镇乡各分])(?:{'|'.join([*alternatives, we])})")


@cache
def _principal(name: str) -> re.Pattern[str] | None:
    """The government that an office (办公厅, 办公室) works for: the office's report counts what that receives.

    It may count its own apart from it, so that nothing that is said of it is a contradiction.
    """
    match = re.match("(.+)人民政府办公[厅室]$", name)
    return (
        re.compile(f"(?:{re.escape(match[1])}|{match[1][-1]})(?:人民)?政府(?!各|部门|系统|网|门户|办)")
        if match
        else None
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


def _matches(report: Report, context: _Context) -> Iterator[_Match]:
    """Each number that a sentence states, beside the table, if the report's form has a figure for it."""
    for stated in context.stated:
        value = stated.said.value
        if value is None:
            continue
        if stated.whole is None:
            for all_readings in stated.said.phrase.figures:
                if readings := [reading for reading in all_readings if _has(report, reading)]:
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


def _has(report: Report, reading: Reading) -> bool:
    try:
        total_of(report, *reading)
    except KeyError:
        return False
    return True


def _wording(match: _Match) -> str:
    """The words without the number."""
    return re.sub("[0-9]+", "", match.clause.plain)


def _plain_figure(
    report: Report, stated: _Stated, readings: Sequence[Reading], value: Decimal, all_stated: Iterable[_Stated]
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


def _settled(report: Report, reading: Reading, agrees: bool | None, context: _Context) -> bool | None:
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


def _is_ruled_out(row: str, stated: _Stated, all_stated: Iterable[_Stated]) -> bool:
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


def _row_of(report: Report, parts: Sequence[_Stated], whole: _Stated) -> tuple[str, bool]:
    """The row that the parts of a whole fit best, and whether one that doesn't fit contradicts it.

    It does where another part fits that row, or where the parts together make the whole: then they are all of it. Of
    rows that the parts don't fit altogether, those that the whole fits go first.
    """
    readings = [reading.row for reading in whole.said.phrase.figures[0]]
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
