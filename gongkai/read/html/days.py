"""The days that a web page states of itself: when it was published, and when what it holds was written.

In: the page's metadata and the lines that it prints. Out: days. The day of publication is only taken from what says
that it is this: 成文日期 and 更新时间 are others. Which of several is meant is told where the report is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from gongkai.dates import STATED_DAY, stated_day

_PUBLISHED = (
    "pubdate",
    "publishdate",
    "publish-date",
    "pubtime",
    "datepublished",
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
)
METADATA = (*_PUBLISHED, "createdate")
"""The names under which a page's metadata state days."""
TIMES = "#publish_time, time[pubdate], time[itemprop=datePublished]"
"""The elements that hold the day of publication and nothing else; the first is that of articles in WeChat."""
LONGEST = 200
"""A line of more characters is prose."""

_LABEL = r"(?:(?<![新后])(?:发布|发稿|公布|公开)|(?<!\w))(?:日期|时间)"
_LABELLED = re.compile(rf"{_LABEL}[\s\])】:：]{{1,4}}(?={STATED_DAY.pattern})")
_LABEL_ALONE = re.compile(rf"[\[(【]?{_LABEL}[\])】]?[:：]?")
_WRITTEN = re.compile(rf"(?:发布|发文|发稿|公开|成文|公布)?(?:日期|时间)\s*[:：]\s*(?={STATED_DAY.pattern})")


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
