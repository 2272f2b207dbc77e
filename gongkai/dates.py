"""Days as reports, and the files and pages that hold them, state them.

In: text. Out: a day of the calendar, or ``None`` where it states none. Which of several is meant is told elsewhere.
What never happens: a day that the calendar does not have becomes another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from gongkai.numerals import ONE_TO_TEN, YEAR

PRINTED_DAY = r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
DAY = f"{PRINTED_DAY}|{YEAR}年[{ONE_TO_TEN}]{{1,3}}月[{ONE_TO_TEN}]{{1,3}}日"
"""A day in digits or in Chinese numerals."""
_PERIOD = re.compile(PRINTED_DAY + r"[^0-9]{0,6}?[至到—–\-~～][^0-9]{0,3}(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日")
STATED_DAY = re.compile(
    r"(?<![0-9])(20[0-9]{2})(?:\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})|([01][0-9])([0-3][0-9]))(?![0-9])"
)
"""A day as web pages have it, in digits of whatever order of signs: 2024-01-31, 2024年1月31日, 20240131."""
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [0-9]{2}) [0-9:]{8} (?:CST|GMT\+0?8(?::00)?) (20[0-9]{2})")
"""``Wed Jan 31 10:12:00 CST 2024``: what a server writes where nobody said how."""
_BEIJING = timezone(timedelta(hours=8))


def day_of(parts: Sequence[str]) -> date | None:
    """The day of a year, a month and a day in digits."""
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        return None


def period(text: str) -> tuple[date | None, date | None]:
    """The period that a report says it covers (统计期限), ``None`` where it does not or where digits are missing."""
    found = _PERIOD.search(re.sub(r"\s", "", text))
    if not found:
        return None, None
    year, month, day, end_year, end_month, end_day = found.groups()
    start, end = day_of((year, month, day)), day_of((end_year or year, end_month, end_day))
    return (start, end) if start and end and start < end else (None, None)


def stated_day(text: str) -> date | None:
    """The first day that a web page states in a text, as the calendar of Beijing has it."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment.astimezone(_BEIJING) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        pass
    try:
        if java := _JAVA.search(text):
            return datetime.strptime(" ".join(java.groups()), "%b %d %Y").date()  # noqa: DTZ007 - the day alone
    except ValueError:
        return None
    found = STATED_DAY.search(text)
    return day_of([part for part in found.groups() if part]) if found else None


def iso_day(text: str) -> date | None:
    """The day with which an ISO 8601 time begins."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
