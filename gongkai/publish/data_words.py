"""The words that our data files hold, which are translated as those of the templates are.

In: the checks' rules, the indicators, the formats of reports, and the glossary beside the templates. Out: each of their
words by language. They are written in the languages of ``WRITTEN_IN``; a language beyond these has them in its catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gongkai.checks.rules import load_reasons, load_rules
from gongkai.publish.glossary import glossary_words
from gongkai.publish.indicators import load_indicators
from gongkai.read.formats import CORRECTION, FORMATS, UNREAD, Words


def data_words(templates: Path) -> Iterator[Mapping[str, str]]:
    """Every word of a data file that a page may show."""
    for rule in load_rules().values():
        yield from (rule.title, rule.plain, rule.finding)
    yield from (reason.words for reason in load_reasons())
    topics, indicators = load_indicators()
    yield from topics.values()
    for indicator in indicators.values():
        yield from (indicator.title, indicator.definition, indicator.formula, indicator.source)
        for caveats in zip(*indicator.caveats.values(), strict=True):
            yield dict(zip(indicator.caveats, caveats, strict=True))
    yield from (words._asdict() for words in _format_words())
    yield from glossary_words(templates)


def _format_words() -> Iterator[Words]:
    for each in FORMATS:
        yield from (each.name, each.saved_as)
        if each.pictures:
            yield each.pictures
        yield from (method.words for method in each.methods)
    yield from (other.told for other in UNREAD if other.told)
    yield CORRECTION.words
