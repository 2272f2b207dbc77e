"""The days that a web page states of itself: when it was published, and when what it holds was written.

In: the page's metadata and the lines that it prints. Out: days. The day of publication is only taken from what says
that it is this: 成文日期 and 更新时间 are others. Which of several is meant is told where the report is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

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

_DAY = re.compile(
    r"(?<![0-9])(20[0-9]{2})(?:\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})|([01][0-9])([0-3][0-9]))(?![0-9])"
)
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [0-9]{2}) [0-9:]{8} (?:CST|GMT\+0?8(?::00)?) (20[0-9]{2})")
"""``Wed Jan 31 10:12:00 CST 2024``: what a server writes where nobody said how."""
_LABEL = r"(?:(?<![新后])(?:发布|发稿|公布|公开)|(?<!\w))(?:日期|时间)"
_LABELLED = re.compile(rf"{_LABEL}[\s\])】:：]{{1,4}}(?={_DAY.pattern})")
_LABEL_ALONE = re.compile(rf"[\[(【]?{_LABEL}[\])】]?[:：]?")
_WRITTEN = re.compile(rf"(?:发布|发文|发稿|公开|成文|公布)?(?:日期|时间)\s*[:：]\s*(?={_DAY.pattern})")
_BEIJING = timezone(timedelta(hours=8))


def published(said: Mapping[str, str], head: Sequence[str], times: Iterable[str]) -> tuple[date, ...]:
    """The days that the page gives for its publication: in its metadata, in lines above the report, in ``times``."""
    printed = [line for line in head if len(line) < LONGEST]
    labelled = [line[found.end() :] for line in printed for found in _LABELLED.finditer(line)]
    labelled += [below for label, below in pairwise(printed) if _LABEL_ALONE.fullmatch(label) and _DAY.match(below)]
    stated = [said[name] for name in _PUBLISHED if name in said]
    return tuple(dict.fromkeys(_days((*stated, *labelled, *times))))


def written(said: Mapping[str, str], lines: Iterable[str]) -> date | None:
    """The day of the page: as its metadata say, else as it prints."""
    stated = [said[name] for name in METADATA if name in said]
    printed = (line[found.end() :] for line in lines if len(line) < LONGEST and (found := _WRITTEN.search(line)))
    return next(_days((*stated, *printed)), None)


def _days(texts: Iterable[str]) -> Iterator[date]:
    """The first day in each text, as the calendar of Beijing has it."""
    for text in texts:
        try:
            moment = datetime.fromisoformat(text.strip())
            yield (moment.astimezone(_BEIJING) if moment.tzinfo else moment).date()
        except (ValueError, OverflowError):
            if day := _written_out(text):
                yield day


def _written_out(text: str) -> date | None:
    try:
        if java := _JAVA.search(text):
            return datetime.strptime(" ".join(java.groups()), "%b %d %Y").date()  # noqa: DTZ007 - the day alone
        found = _DAY.search(text)
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None
