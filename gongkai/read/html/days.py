"""The days that a web page states of itself: when it was published, and when what it holds was written.

In: the page's metadata and the lines that it prints. Out: days. The day of publication is only taken from what says
that it is this: 成文日期, 更新时间 and a crawler's 采集时间 are others. Which label says what is data (``days.toml``).
Which of several days is meant is told where the report is known.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from gongkai.data_files import data_files
from gongkai.dates import STATED_DAY, stated_day

_DATA = data_files(__file__, "days.toml")
_WORDS: Mapping[str, Sequence[str]] = tomllib.loads(_DATA["days.toml"].read_text(encoding="utf-8"))
_PUBLISHED = tuple(_WORDS["meta_publication"])
METADATA = (*_PUBLISHED, *_WORDS["meta_document"])
"""The names under which a page's metadata state days."""
TIMES = "#publish_time, time[pubdate], time[itemprop=datePublished]"
"""The elements that hold the day of publication and nothing else; the first is that of articles in WeChat."""
LONGEST = 200
"""A line of more characters is prose."""


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ALONE = rf"(?<![^\W\d])(?:{_any(_WORDS['alone'])})"
_LABEL = rf"(?:(?<![{''.join(_WORDS['not_behind'])}])(?:{_any(_WORDS['publication'])})|{_ALONE})"
_LABELLED = re.compile(rf"{_LABEL}[\s\])】:：]{{1,4}}(?={STATED_DAY.pattern})")
_LABEL_ALONE = re.compile(rf"[\[(【]?{_LABEL}[\])】]?[:：]?")
_WRITTEN = re.compile(rf"(?:{_LABEL}|{_any(_WORDS['document'])})\s*[:：]\s*(?={STATED_DAY.pattern})")


def published(said: Mapping[str, str], head: Sequence[str], times: Iterable[str]) -> tuple[date, ...]:
    """The days that the page gives for its publication: in its metadata, in lines above the report, in ``times``."""
    printed = [line for line in head if len(line) < LONGEST]
    labelled = [line[found.end() :] for line in printed for found in _LABELLED.finditer(line)]
    labelled += [
        below for label, below in pairwise(printed) if _LABEL_ALONE.fullmatch(label) and STATED_DAY.match(below)
    ]
    stated = [said[name] for name in _PUBLISHED if name in said]
    return tuple(dict.fromkeys(_days((*stated, *labelled, *times))))


def written(said: Mapping[str, str], lines: Iterable[str]) -> date | None:
    """The day of the page: as its metadata say, else as it prints."""
    stated = [said[name] for name in METADATA if name in said]
    printed = (line[found.end() :] for line in lines if len(line) < LONGEST and (found := _WRITTEN.search(line)))
    return next(_days((*stated, *printed)), None)


def _days(texts: Iterable[str]) -> Iterator[date]:
    """The first day in each text."""
    return filter(None, map(stated_day, texts))
