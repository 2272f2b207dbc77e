"""The days that a page gives for a report's publication -> the one on which it was published, or none.

In: those days, the year and the end of the period that the report covers, and what a person states. Out: the one day
that can be meant, unless a person states another. Sites date a page by their templates, too, and anew when they move
it: a day before the period's end, long after it or after the retrieval says nothing, and of two that differ neither is
taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from gongkai.model import Origin

LATEST_AFTER_PERIOD = timedelta(days=366)
"""A day later than this after the period's end is more likely that of a page that was put up again."""


def publication_day(given: Iterable[date], year: int, period_end: date | None, origin: Origin) -> date | None:
    """The day of publication; ``None`` if no day given is plausible, several are, or one is stated."""
    if origin.published:
        return None
    end = period_end or date(year, 12, 31)
    plausible = {
        day
        for day in given
        if end < day <= end + LATEST_AFTER_PERIOD and (origin.retrieved is None or day <= origin.retrieved)
    }
    return plausible.pop() if len(plausible) == 1 else None
