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
from typing import Any

from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.numerals import COUNT, count_of

CLAUSE_LIMIT = 80
"""Characters; no phrase is longer, and a hostile clause may be."""

_NUMBER = f"(?P<n>[0-9]{{1,9}}|{COUNT})"

_PHRASES = data_files(__file__, "narrative.toml")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way of stating a figure. What each field means is said in narrative.toml."""

    patterns: tuple[re.Pattern[str], ...]
    opens: str
    within: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]
    open: tuple[str, ...]
    value: int | None
    part: str
    column: str
    certain: bool
    aside: bool
    among: bool
    channel: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """All of narrative.toml. ``topics`` are those that a clause without a figure opens."""

    section_topics: Mapping[int, str]
    topics: Mapping[str, re.Pattern[str]]
    other_matters: re.Pattern[str]
    others: re.Pattern[str]
    """Other years, parts of the year, and other bodies."""
    narrows: re.Pattern[str]
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
            topics={topic: re.compile(pattern) for topic, pattern in topics.items()},
            other_matters=re.compile(data["stops"]["matters"]),
            others=re.compile(f"{data['stops']['periods']}|{data['stops']['bodies']}"),
            narrows=re.compile(data["stops"]["narrows"]),
            lead=re.compile(f"{words['lead']}|{words['period']}"),
            bodies=re.compile(words["bodies"]),
            counted=re.compile(data["counted"]),
            phrases=tuple(_phrase(entry, data) for entry in data["phrase"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise UsageError(f"{path}: not a grammar of phrases: {error!r}") from error


def understood(plain: str, start: int, topic: str | None) -> Iterator[Said]:
    """The phrases that the clause is from ``start`` to its end, in their order; ``topic`` is what the text is about."""
    if len(plain) > CLAUSE_LIMIT:
        return
    for phrase in load_grammar().phrases:
        if phrase.within and topic not in phrase.within:
            continue
        for pattern in phrase.patterns:
            if match := pattern.fullmatch(plain, start):
                said = match.groupdict()
                number = count_of(said["n"]) if said.get("n") else phrase.value
                if number is not None or phrase.aside:
                    years = [int(said[name]) if said.get(name) else None for name in ("prior", "next")]
                    yield Said(phrase, None if number is None else Decimal(number), *years)
                    break


def _phrase(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Phrase:
    patterns = entry.get("patterns") or data["templates"][entry["template"]]
    return Phrase(
        patterns=tuple(re.compile(expanded(pattern, entry.get("words", ""), data)) for pattern in patterns),
        opens=entry.get("opens", ""),
        within=tuple(entry.get("within", ())),
        figures=tuple(tuple(readings) for readings in entry.get("figures", ())),
        open=tuple(entry.get("open", ())),
        value=entry.get("value"),
        part=entry.get("part", ""),
        column=entry.get("column", ""),
        certain=entry.get("certain", True),
        aside=entry.get("aside", False),
        among=entry.get("among", True),
        channel=entry.get("channel", False),
    )


def expanded(pattern: str, it: str, data: Mapping[str, Any]) -> str:
    """The pattern with its fragments put in, those within fragments too."""
    fragments = data["words"] | {"it": it}
    while nested := re.search(r"(?<!\?P)<([a-z]+)>", pattern):
        pattern = pattern.replace(nested[0], f"(?:{fragments[nested[1]]})")
    return pattern.replace("{n}", _NUMBER).replace("{c}", f"(?:{data['counters']})")
