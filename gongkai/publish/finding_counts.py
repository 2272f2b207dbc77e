"""The catalog -> what the checks found over all reports, for the page of findings.

In: the catalog's database. Out: for each check its newest findings, a line a report, and how many reports have any, by
year. Reports are counted, never figures added up: a check that fails in ten places of one report is one report.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.checks.rules import two_sided_checks
from gongkai.model import Agency


class ReportFindings(NamedTuple):
    """A report in which a check found something, and in how many places."""

    agency: Agency
    year: int
    places: int


@dataclass(frozen=True, slots=True)
class CheckFindings:
    """What a check found. ``newest`` are the reports of the latest years, out of ``reports``."""

    check: str
    reports: int
    newest: tuple[ReportFindings, ...]


class YearFindings(NamedTuple):
    """A year's reports: how many there are, have a contradiction, have any error or warning."""

    year: int
    reports: int
    with_contradictions: int
    with_doubts: int


def contradicts(finding: str) -> str:
    """The condition that a row of the table of findings, under that name, is a contradiction, as pages say it."""
    checks = ", ".join(f"'{check}'" for check in sorted(two_sided_checks()))
    return f"({finding}.severity <> 'info' AND NOT {finding}.is_open AND {finding}.check_name IN ({checks}))"


def findings_by_check(db: sqlite3.Connection, limit: int) -> dict[str, CheckFindings]:
    """By check; at most ``limit`` reports of each, the latest years first."""
    counts = db.execute(
        "SELECT check_name, count(*) FROM (SELECT DISTINCT check_name, agency, year FROM findings) GROUP BY check_name"
    ).fetchall()
    return {check: CheckFindings(check, reports, _newest(db, check, limit)) for check, reports in counts}


def findings_by_year(db: sqlite3.Connection) -> tuple[YearFindings, ...]:
    """By year, the latest first."""
    rows = db.execute(
        f"""
        SELECT year, count(*), sum(differ > 0), sum(doubts > 0) FROM (
            SELECT r.year, sum({contradicts("f")}) AS differ, sum(f.severity <> 'info') AS doubts
            FROM reports r LEFT JOIN findings f ON f.agency = r.agency AND f.year = r.year
            GROUP BY r.agency, r.year
        ) GROUP BY year ORDER BY year DESC
        """  # noqa: S608 - our own condition
    )
    return tuple(YearFindings(*row) for row in rows)


def _newest(db: sqlite3.Connection, check: str, limit: int) -> tuple[ReportFindings, ...]:
    rows = db.execute(
        "SELECT a.id, a.name, a.division_code, a.level, a.kind, f.year, count(*) FROM findings f"
        " JOIN agencies a ON a.id = f.agency WHERE f.check_name = ? GROUP BY f.agency, f.year"
        " ORDER BY f.year DESC, a.division_code, a.id LIMIT ?",
        (check, limit),
    )
    return tuple(ReportFindings(Agency(*row[:5]), *row[5:]) for row in rows)
