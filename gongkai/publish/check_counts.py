"""The catalog's table of what each check said of each report: so that what was not checked is never taken for right.

In: the counts of a report's check results, and the catalog's database. Out: they are in its table ``checks``; and back,
for a report, or for all of them by check.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gongkai.checks.all_checks import CheckCount

TABLE = """
CREATE TABLE checks (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL, check_name TEXT NOT NULL,
    holds INTEGER NOT NULL, fails INTEGER NOT NULL, undecided INTEGER NOT NULL, not_applicable INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
"""


class CheckReports(NamedTuple):
    """Of how many reports a check says what. One that fails somewhere counts there, else one that is open somewhere.

    ``not_applicable``: the check applies nowhere in them.
    """

    check: str
    hold: int
    fail: int
    undecided: int
    not_applicable: int


def put_counts(db: sqlite3.Connection, at: tuple[str, int], counts: Iterable[CheckCount]) -> None:
    """Put a report's counts into the catalog's table."""
    rows = [(*at, n, c.check, c.holds, c.fails, c.undecided, c.not_applicable, c.reason) for n, c in enumerate(counts)]
    db.executemany("INSERT INTO checks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def counts_of(db: sqlite3.Connection, at: tuple[str, int]) -> tuple[CheckCount, ...]:
    """A report's counts, in the order of the checks."""
    rows = db.execute(
        "SELECT check_name, holds, fails, undecided, not_applicable, reason FROM checks"
        " WHERE agency = ? AND year = ? ORDER BY position",
        at,
    )
    return tuple(CheckCount(*row) for row in rows)


def counts_of_reports(db: sqlite3.Connection) -> Iterator[CheckReports]:
    """Of how many reports each check says what, in the order of the checks."""
    rows = db.execute(
        "SELECT check_name, sum(fails = 0 AND undecided = 0 AND holds > 0), sum(fails > 0),"
        " sum(fails = 0 AND undecided > 0), sum(fails = 0 AND undecided = 0 AND holds = 0)"
        " FROM checks GROUP BY check_name ORDER BY min(position), check_name"
    )
    return (CheckReports(*row) for row in rows)
