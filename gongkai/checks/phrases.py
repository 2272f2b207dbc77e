"""narrative.toml -> the phrases in which prose states figures, ready to be matched.

In: the data file, and a clause in plain characters. Out: the phrase that the whole clause is, and its number. A clause
of which a part is not understood is not understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.numerals import COUNT, count_of

CLAUSE_LIMIT = 80
"""Characters; no phrase is longer, and a hostile clause may be."""

_NUMBER = f"(?P<n>[0-9]{{1,9}}|{COUNT})"
_NO_COUNTER = "(?<=[^0-9]0)|(?<=零)"
"""None counts nothing."""

_STATES = re.compile("[0-9零一二两三四五六七八九十百未没无尚比较与同和相《]")
"""Every phrase has one of these: a number, a denial, or a comparison."""

_PHRASES = data_files(__file__, "narrative.toml")


class Reading(NamedTuple):
    """What a number may state: a row, or a group of rows, and its column."""

    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of stating a figure. What each field means is said in narrative.toml."""

    patterns: tuple[re.Pattern[str], ...]
    opens: str
    within: tuple[str, ...]
    beside: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    after: tuple[Reading, ...]
    led: re.Pattern[str] | None
    figures: tuple[tuple[Reading, ...], ...]
    open: tuple[str, ...]
    value: int | None
    part: str
    column: str
    certain: bool
    aside: bool
    among: bool
    channel: bool
    doubtful: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """All of narrative.toml. ``topics`` are those that a clause without a figure opens."""

    section_topics: Mapping[int, str]
    brief_topics: frozenset[str]
    """Topics that end with their sentence."""
    topics: Mapping[str, re.Pattern[str]]
    goes_on: Mapping[str, re.Pattern[str]]
    evident: Mapping[str, re.Pattern[str]]
    """What a whole sentence has that needs nothing else to open a topic."""
    named: Mapping[str, re.Pattern[str]]
    """What a clause has that names the topic by itself."""
    other_matters: re.Pattern[str]
    others: re.Pattern[str]
    """Other years, parts of the year, and other bodies."""
    narrows: re.Pattern[str]
    explains: re.Pattern[str]
    resumes: re.Pattern[str]
    foreign: re.Pattern[str]
    """Words about a phrase that make it another count."""
    lead: re.Pattern[str]
    bodies: re.Pattern[str]
    counted: re.Pattern[str]
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a clause says. ``prior`` and ``next`` are the years that it names as the one before or after, if any."""

    phrase: Phrase
    value: Decimal | None
    prior: int | None
    next: int | None


@cache
def load_grammar() -> Grammar:
    """The grammar. Raises ``UsageError`` if its file is not as it must be."""
    path = _PHRASES["narrative.toml"]
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        words = data["words"] | {"period": data["words"]["period"]}
        topics = dict(data["topics"])
        return Grammar(
            section_topics={int(number): topic for number, topic in topics.pop("sections").items()},
            brief_topics=frozenset(topics.pop("brief")),
            evident={topic: re.compile(pattern) for topic, pattern in topics.pop("evident").items()},
            named={topic: re.compile(pattern) for topic, pattern in topics.pop("named").items()},
            goes_on={topic: re.compile(pattern) for topic, pattern in topics.pop("goes_on").items()},
            topics={topic: re.compile(pattern) for topic, pattern in topics.items()},
            other_matters=re.compile(data["stops"]["matters"]),
            others=re.compile(f"{data['stops']['periods']}|{data['stops']['bodies']}"),
            narrows=re.compile(data["stops"]["narrows"]),
            explains=re.compile(data["stops"]["explains"]),
            resumes=re.compile(data["resumes"]),
            foreign=re.compile("|".join(data["stops"].values())),
            lead=re.compile(f"{words['lead']}|{words['period']}"),
            bodies=re.compile(words["bodies"]),
            counted=re.compile(data["counted"]),
            phrases=tuple(_phrase(entry, data) for entry in data["phrase"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise UsageError(f"{path}: not a grammar of phrases: {error!r}") from error


def understood(plain: str, start: int, topic: str | None) -> Iterator[Said]:
    """The phrases that the clause is from ``start`` to its end, in their order; ``topic`` is what the text is about."""
    if len(plain) > CLAUSE_LIMIT or not _STATES.search(plain, start):
        return
    for phrase in load_grammar().phrases:
        if phrase.within and topic not in phrase.within:
            continue
        for pattern in phrase.patterns:
            if match := pattern.fullmatch(plain, start):
                said = match.groupdict()
                number = count_of(said["n"]) if said.get("n") else phrase.value
                if number is not None or phrase.aside or phrase.whole:
                    years = [int(said[name]) if said.get(name) else None for name in ("prior", "next")]
                    yield Said(phrase, None if number is None else Decimal(number), *years)
                    break


def recognised(plain: str, start: int, topic: str | None) -> tuple[Said, str] | None:
    """The longest phrase with a number that stands in the clause, with the words about it that are not understood."""
    longest: tuple[int, Said, str] | None = None
    for phrase in load_grammar().phrases if len(plain) <= CLAUSE_LIMIT else ():
        if not phrase.figures or phrase.doubtful or phrase.value is not None:
            continue
        if phrase.within and topic not in phrase.within:
            continue
        for pattern in phrase.patterns:
            match = pattern.search(plain, start)
            if match and (longest is None or match.end() - match.start() > longest[0]):
                number = count_of(match["n"])
                named = match.groupdict()
                if number is not None and not (named.get("prior") or named.get("next")):
                    said = Said(phrase, Decimal(number), None, None)
                    longest = (
                        match.end() - match.start(),
                        said,
                        f"{plain[start : match.start()]} {plain[match.end() :]}",
                    )
    return longest[1:] if longest else None


def _phrase(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Phrase:
    patterns = entry.get("patterns") or data["templates"][entry["template"]]
    return Phrase(
        patterns=tuple(re.compile(expanded(pattern, entry.get("words", ""), data)) for pattern in patterns),
        opens=entry.get("opens", ""),
        within=tuple(entry.get("within", ())),
        beside=re.compile(entry["beside"]) if "beside" in entry else None,
        unless=re.compile(entry["unless"]) if "unless" in entry else None,
        after=tuple(_reading(reading) for reading in entry.get("after", ())),
        led=re.compile(entry["led"]) if "led" in entry else None,
        figures=tuple(tuple(_reading(reading) for reading in readings) for readings in entry.get("figures", ())),
        open=tuple(entry.get("open", ())),
        value=entry.get("value"),
        part=entry.get("part", ""),
        column=entry.get("column", ""),
        certain=entry.get("certain", True),
        aside=entry.get("aside", False),
        among=entry.get("among", True),
        channel=entry.get("channel", False),
        doubtful=entry.get("doubtful", False),
        whole=entry.get("whole", False),
    )


def _reading(text: str) -> Reading:
    """``row``, of which the total is meant, or ``row:column``."""
    row, _, column = text.partition(":")
    return Reading(row, column or "total")


def expanded(pattern: str, it: str, data: Mapping[str, Any]) -> str:
    """The pattern with its fragments put in, those within fragments too."""
    fragments = data["words"] | {"it": it}
    while nested := re.search(r"(?<!\?P)<([a-z]+)>", pattern):
        pattern = pattern.replace(nested[0], f"(?:{fragments[nested[1]]})")
    counter = f"(?:{data['counters']}|{_NO_COUNTER})"
    return pattern.replace("{n}", _NUMBER).replace("{k}", "[0-9]{1,9}").replace("{c}", counter)
