"""A section's sentences -> the numbers that they state, each in the light of what was said before it.

In: a Report and one of its sections. Out: a context for each sentence, with a ``Stated`` for each number in it that was
understood. A number that isn't understood, a share of channels or applicants, other bodies and
other years end what may be taken for certain: what goes on with them is doubtful, or not read.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.checks.clauses import Clause, Sentence, sentences
from gongkai.checks.figure_groups import has_figure, resource_of, sum_agrees
from gongkai.checks.own_names import principal_of
from gongkai.checks.phrases import Phrase, Reading, Said, load_grammar, recognised, understood
from gongkai.model import REQUESTS, Report, Section

WHOLES = ("new_received", "processed_total", "to_handle")
"""What applicants' shares may be shares of, the likeliest first."""
CLAUSES_LIMIT = 200
"""Of a sentence; none that a person wrote has more."""


@dataclass(slots=True)
class Stated:
    """A number that was understood, before it is compared. ``whole`` is what it is a part of."""

    said: Said
    clause: Clause
    certain: bool
    among: bool
    whole: Stated | None = None
    doubtful: bool = False
    """It is taken only where it is the table's."""

    @property
    def likeliest(self) -> Reading:
        return self.said.phrase.figures[0][0]


@dataclass(slots=True)
class Context:
    """What has been said in the sentence so far.

    ``before`` is what the sentence before counted as a whole, if all of it was understood: a sentence that begins with
    其中 goes on with it.
    """

    topic: str | None
    before: Stated | None = None
    firm: bool = True
    """The topic is that of the section or of the item's heading: it lasts until the next item."""
    faint: bool = False
    """Something else was said since: what goes on with the topic has to name it."""
    stated: list[Stated] = field(default_factory=list)
    whole: Stated | None = None
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


def read_sentences(report: Report, section: Section, own_body: re.Pattern[str]) -> Iterator[Context]:
    """The section's sentences, read one after the other. An item's mark, as （二）, begins anew."""
    grammar = load_grammar()
    topic = start = grammar.section_topics.get(section.number)
    before = None
    firm, faint, elsewhere = start is not None, False, False
    for sentence in sentences(section.text):
        if sentence.marked:
            topic, before, firm, faint, elsewhere = start, None, start is not None, False, False
        context = Context(topic, before, firm, faint, elsewhere=elsewhere)
        if len(sentence.clauses) <= CLAUSES_LIMIT:
            _read(report, sentence, context, own_body)
        yield context
        topic = start if context.topic in grammar.brief_topics else context.topic
        before = None if context.rest else context.whole or context.before
        elsewhere = context.elsewhere
        firm = topic is not None and (firm or sentence.marked)
        faint = context.faint or context.unread or not (context.stated or context.opened or firm)


def _read(report: Report, sentence: Sentence, context: Context, own_body: re.Pattern[str]) -> None:
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
    report: Report, clauses: Sequence[Clause], number: int, context: Context, own_body: re.Pattern[str]
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
    around = clauses[:number], clauses[number + 1 :]
    if lead.ours and _understand(report, clause, lead, context, around):
        context.among = False
        return ""
    if lead.ours and _DIGIT.search(clause.plain, lead.end) and _recognise(report, clause, lead, context, around):
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
    goes_on = grammar.goes_on.get(context.topic or "")
    more = goes_on is not None and goes_on.search(clause.plain) is not None
    context.faint = context.faint or not (context.opened or context.firm or more)
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


def _lead(report: Report, clause: Clause, context: Context, own_body: re.Pattern[str]) -> _Lead:
    grammar = load_grammar()
    principal = principal_of(report.agency.name)
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
        if parts.get("next_point"):
            context.firm, context.faint = False, True
        among = among or bool(parts.get("among"))
        cumulative = cumulative or match[0] == "累计"
        context.dated = context.dated or bool(parts.get("year") or parts.get("whole") or _PERIOD.match(match[0]))
        after = match.end()
    context.elsewhere = context.elsewhere and not names_us
    return _Lead(after, among, context.dated or not cumulative, other_year, names_us)


_PERIOD = re.compile("全年|本年|年度?内|当年|今年|一年来|本?(?:报告|统计)")


_Around = tuple[Sequence[Clause], Sequence[Clause]]
"""The clauses before and after one."""


def _understand(report: Report, clause: Clause, lead: _Lead, context: Context, around: _Around) -> bool:
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
        stated = Stated(said, clause, certain, among, context.whole if phrase.part else None, doubtful)
        context.topic = phrase.opens or topic
        if not phrase.whole:
            context.stated.append(stated)
        if phrase.whole or (not phrase.part and not clause.nested and said.value is not None):
            context.whole = stated
        return True
    return False


def _recognise(report: Report, clause: Clause, lead: _Lead, context: Context, around: _Around) -> bool:
    """Take a phrase that stands among words that aren't understood, if its number is the table's; else false."""
    found = recognised(clause.plain, lead.end, context.topic)
    if found is None or context.faint:
        return False
    said, words = found
    if load_grammar().foreign.search(words) or _DIGIT.search(words):
        return False
    if not _fits(said.phrase, clause.plain[: lead.end], context, around):
        return False
    readings = [reading for reading, *_ in said.phrase.figures if has_figure(report, *reading)]
    value = said.value or Decimal(0)
    if not value or not any(sum_agrees(report, *reading, value) for reading in readings):
        return False
    context.topic = said.phrase.opens or context.topic
    context.stated.append(Stated(said, clause, certain=False, among=lead.among))
    return True


def _fits(phrase: Phrase, led: str, context: Context, around: _Around) -> bool:
    """Whether what stands around a phrase is as it must be."""
    before, after = around
    remark = itertools.takewhile(lambda clause: clause.nested, after)
    said = {reading for stated in context.stated for readings in stated.said.phrase.figures for reading in readings}
    return (
        (phrase.beside is None or any(phrase.beside.search(other.plain) for other in (*before, *after)))
        and (phrase.unless is None or not any(phrase.unless.search(clause.plain) for clause in remark))
        and (phrase.led is None or phrase.led.search(led) is not None)
        and said.issuperset(phrase.after)
        and (not phrase.after or context.stated[-1].likeliest in phrase.after)
    )


def _is_share(phrase: Phrase, whole: Stated | None) -> bool:
    """Whether a number after 其中 is one outcome of all applications: only then is it sure what it is a part of."""
    if whole is None or not whole.said.phrase.figures:
        return whole is not None
    return phrase.figures[0][0].row not in WHOLES and whole.likeliest.row in WHOLES


def _resource(whole: Stated | None) -> str:
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
