"""The catalog's tables of reports: what lists, downloads and comparisons ask of all reports, and no more.

In: a report with its findings, and the catalog's database. Out: rows. A figure goes in as it was read: a blank as
``NULL``, an amount with all its digits. What only the pages of the report itself show stays in its package.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.checks.form_checks import left_open
from gongkai.model import Agency, Figure, Finding, Report

TABLES = """
CREATE TABLE agencies (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, division_code TEXT NOT NULL, level TEXT NOT NULL, kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reports (
    agency TEXT NOT NULL REFERENCES agencies (id), year INTEGER NOT NULL, folder TEXT NOT NULL,
    form TEXT NOT NULL, scope TEXT NOT NULL, title TEXT NOT NULL, period_start TEXT, period_end TEXT,
    reader TEXT NOT NULL, extractor_version TEXT NOT NULL, dated TEXT,
    source_name TEXT NOT NULL, source_suffix TEXT NOT NULL, source_sha256 TEXT NOT NULL, source_bytes INTEGER NOT NULL,
    url TEXT, publisher TEXT, published TEXT, retrieved TEXT, licence TEXT,
    PRIMARY KEY (agency, year)
) WITHOUT ROWID;
CREATE TABLE figures (
    agency TEXT NOT NULL, year INTEGER NOT NULL, resource TEXT NOT NULL, row_id TEXT NOT NULL, column_id TEXT NOT NULL,
    value TEXT, unit TEXT NOT NULL, page INTEGER,
    PRIMARY KEY (agency, year, resource, row_id, column_id)
) WITHOUT ROWID;
CREATE TABLE findings (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL,
    check_name TEXT NOT NULL, severity TEXT NOT NULL, resource TEXT NOT NULL, row_id TEXT NOT NULL,
    column_id TEXT NOT NULL, expected TEXT NOT NULL, actual TEXT NOT NULL, message TEXT NOT NULL,
    is_open INTEGER NOT NULL, -- blanks leave it open whether its two sides agree
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE INDEX agencies_by_division ON agencies (division_code);
CREATE INDEX reports_by_year ON reports (year);
"""


def put_report(
    db: sqlite3.Connection, report: Report, findings: Sequence[Finding], folder: Path, extractor_version: str
) -> None:
    """Put a report's rows into the tables. Raises ``sqlite3.Error`` where its address is taken."""
    at = (report.agency.id, report.year)
    _insert(db, "reports", [(*at, str(folder), *_report_columns(report, extractor_version))])
    _insert(db, "figures", [(*at, *_figure_columns(figure)) for figure in report.figures.values()])
    open_ = left_open(report)
    rows = [(*at, n, *_finding_columns(each), (each.check, each.at) in open_) for n, each in enumerate(findings)]
    _insert(db, "findings", rows)


def _insert(db: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own table names


def _report_columns(report: Report, extractor_version: str) -> tuple[Any, ...]:
    source, origin = report.source, report.origin
    return (
        report.form,
        report.scope,
        report.title,
        _iso(report.period_start),
        _iso(report.period_end),
        report.reader,
        extractor_version,
        _iso(report.dated),
        source.name,
        source.suffix,
        source.sha256,
        source.size,
        origin.url,
        origin.publisher,
        _iso(origin.published),
        _iso(origin.retrieved),
        origin.licence,
    )


def _figure_columns(figure: Figure) -> tuple[Any, ...]:
    value = None if figure.value is None else format(figure.value, "f")
    return (*figure.key, value, figure.unit, figure.box.page if figure.box else None)


def _finding_columns(finding: Finding) -> tuple[str, ...]:
    return (finding.check, finding.severity, *finding.at, finding.expected, finding.actual, finding.message)


def agency_columns(agency: Agency) -> tuple[str, ...]:
    return agency.id, agency.name, agency.division_code, agency.level, agency.kind


def to_decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def to_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
