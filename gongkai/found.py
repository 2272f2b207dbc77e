"""The catalog -> what the checks found over all reports, for the page of findings.

In: the catalog's database. Out: for each check its newest findings, a line a report, and how many reports have any, by
year. Reports are counted, never figures added up: a check that fails in ten places of one report is one report.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.model import Agency


class FoundIn(NamedTuple):
    """A report in which a check found something, and in how many places."""

    agency: Agency
    year: int
    places: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found. ``newest`` are the reports of the latest years, out of ``reports``."""

    check: str
    reports: int
    newest: tuple[FoundIn, ...]


class FoundInYear(NamedTuple):
    """A year's reports: how many there are, have an error, have an error or a warning."""

    year: int
    reports: int
    with_errors: int
    with_doubts: int


def found_by_check(db: sqlite3.Connection, limit: int) -> dict[str, Found]:
    """By check; at most ``limit`` reports of each, the latest years first."""
    counts = db.execute(
        "SELECT check_name, count(*) FROM (SELECT DISTINCT check_name, agency, year FROM findings) GROUP BY check_name"
    ).fetchall()
    return {check: Found(check, reports, _newest(db, check, limit)) for check, reports in counts}


def found_by_year(db: sqlite3.Connection) -> tuple[FoundInYear, ...]:
    """By year, the latest first."""
    rows = db.execute(
        "SELECT year, count(*), sum(errors > 0), sum(doubts > 0) FROM (SELECT r.year,"
        " (SELECT count(*) FROM findings f WHERE f.agency = r.agency AND f.year = r.year AND f.severity = 'error')"
        " AS errors,"
        " (SELECT count(*) FROM findings f WHERE f.agency = r.agency AND f.year = r.year AND f.severity <> 'info')"
        " AS doubts FROM reports r) GROUP BY year ORDER BY year DESC"
    )
    return tuple(FoundInYear(*row) for row in rows)


def _newest(db: sqlite3.Connection, check: str, limit: int) -> tuple[FoundIn, ...]:
    rows = db.execute(
        "SELECT a.id, a.name, a.division_code, a.level, a.kind, f.year, count(*) FROM findings f"
        " JOIN agencies a ON a.id = f.agency WHERE f.check_name = ? GROUP BY f.agency, f.year"
        " ORDER BY f.year DESC, a.division_code, a.id LIMIT ?",
        (check, limit),
    )
    return tuple(FoundIn(Agency(*row[:5]), *row[5:]) for row in rows)
