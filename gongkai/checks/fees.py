"""Section 6 of a report -> the processing fees (信息处理费) that it says were collected.

In: a Report. Out: the sum in 元 with the words that state it, or nothing. Precision goes first: where two sums are
stated, where the text speaks of another year or of other bodies, or where one clause about money isn't understood,
nothing is. No table holds the sum, so that nothing is compared with it; what was billed and not collected is not it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from gongkai.checks.clauses import Clause, Sentence, sentences
from gongkai.checks.own_names import own_names
from gongkai.checks.phrases import CLAUSE_LIMIT, expanded, load_grammar
from gongkai.checks.stated_numbers import CLAUSES_LIMIT
from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.model import Report
from gongkai.read.formats import method_of

SECTION = 6
"""Where the circular wants fees to be reported."""

_AMOUNT = (
    "(?:人民币)?(?:(?P<sum>[0-9]{1,12}(?:[.][0-9]{1,6})?|零)(?P<unit>万?元)(?:整|人民币)?"
    "|(?P<zero>0)(?:件次|件|例|起|次|笔|宗|个)?)"
)
_UNITS = {"元": 1, "万元": 10_000}

_PHRASES = data_files(__file__, "fees.toml")


@dataclass(frozen=True, slots=True)
class Fee:
    """What was collected, in 元, exactly. ``start`` and ``end`` are character offsets in the text of section 6."""

    amount_cny: Decimal
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Phrases:
    """All of fees.toml; what each field means is said there."""

    topic: re.Pattern[str]
    money: re.Pattern[str]
    states: re.Pattern[str]
    documents: re.Pattern[str]
    region: re.Pattern[str]
    collected: tuple[re.Pattern[str], ...]
    none: tuple[re.Pattern[str], ...]
    aside: tuple[re.Pattern[str], ...]


def read_fee(report: Report) -> Fee | None:
    """What the report says that it collected; ``None`` if it says nothing, or nothing that is sure.

    Prose that was recognised from a picture may itself be misread, and is left alone.
    """
    text = next((section.text for section in report.sections if section.number == SECTION), "")
    if method_of(report.reader).recognised:
        return None
    fees: list[Fee] = []
    for sentence in _about_fees(sentences(text)):
        read = _read(report, sentence, text)
        if read is None:
            return None
        fees += read
    return fees[0] if len({fee.amount_cny for fee in fees}) == 1 else None


@cache
def _load_phrases() -> _Phrases:
    """The phrases. Raises ``UsageError`` if their file is not as it must be."""
    path = _PHRASES["fees.toml"]
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        plain = {name: re.compile(data[name]) for name in ("topic", "money", "states", "documents", "region")}
        kinds = {name: tuple(_patterns(data[name]["patterns"], data)) for name in ("collected", "none", "aside")}
        return _Phrases(**plain, **kinds)  # type: ignore[arg-type] # one dict a kind of value
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise UsageError(f"{path}: not a list of phrases: {error!r}") from error


def _patterns(texts: Iterable[str], data: dict[str, dict[str, str]]) -> Iterator[re.Pattern[str]]:
    for text in texts:
        yield re.compile(expanded(text, "", data).replace("{amount}", _AMOUNT))


def _about_fees(all_sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences about fees, and those after a heading about them."""
    phrases = _load_phrases()
    after_heading = False
    for sentence in all_sentences:
        has_topic = any(phrases.topic.search(clause.plain) for clause in sentence.clauses)
        if has_topic or (after_heading and not sentence.marked):
            yield sentence
        after_heading = has_topic and not any(_states(clause) for clause in sentence.clauses)


def _states(clause: Clause) -> bool:
    """Whether a clause has anything that may state a sum, or that there is none."""
    phrases = _load_phrases()
    return phrases.states.search(phrases.documents.sub("", clause.plain)) is not None


def _read(report: Report, sentence: Sentence, text: str) -> list[Fee] | None:
    """The sums that a sentence states; ``None`` where it isn't understood. What follows 其中 are parts of a sum."""
    phrases, grammar = _load_phrases(), load_grammar()
    own_body = own_names(report)
    fees: list[Fee] = []
    if len(sentence.clauses) > CLAUSES_LIMIT:
        return None
    for clause in sentence.clauses:
        plain = phrases.documents.sub("", clause.plain)
        after = _after_lead(report, plain, own_body)
        if after is None:
            return fees
        words = plain[after:]
        value = _value(words) if len(words) <= CLAUSE_LIMIT else None
        if value is not None:
            fees.append(Fee(value, clause.start, clause.end, text[clause.start : clause.end]))
        elif any(pattern.fullmatch(words) for pattern in phrases.aside if len(words) <= CLAUSE_LIMIT):
            continue
        elif grammar.others.search(own_body.sub("", words)) or (
            phrases.money.search(words) and phrases.states.search(words)
        ):
            return None
    return fees


def _after_lead(report: Report, plain: str, own_body: re.Pattern[str]) -> int | None:
    """Where the words end that lead a clause in; ``None`` where parts of a whole follow.

    A year that is not the report's is left standing, so that the clause isn't understood. A region's report may mean
    its region or, by 本机关, one office of it: only the first leads in.
    """
    grammar, region = load_grammar(), _load_phrases().region
    bodies = region if report.scope == "region" else grammar.bodies
    after = 0
    while match := grammar.lead.match(plain, after) or bodies.match(plain, after) or own_body.match(plain, after):
        parts = match.groupdict()
        years = [int(year) for name in ("year", "until", "whole") if (year := parts.get(name))]
        if not match[0] or any(year != report.year for year in years):
            break
        if parts.get("among"):
            return None
        after = match.end()
    return after


def _value(words: str) -> Decimal | None:
    phrases = _load_phrases()
    for pattern in phrases.collected:
        if match := pattern.fullmatch(words):
            if match["zero"]:
                return Decimal(0)
            number = Decimal(0) if match["sum"] == "零" else Decimal(match["sum"])
            return number * _UNITS[match["unit"]]
    return Decimal(0) if any(pattern.fullmatch(words) for pattern in phrases.none) else None
