"""A report <-> its rows in the catalog's tables.

In: a report with its findings, and the catalog's database. Out: rows, and from these the same report again. A figure
goes in and comes out as it was read: a blank as a blank, an amount with all its digits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.checks.form_checks import left_open
from gongkai.model import (
    RESOURCES,
    Agency,
    Box,
    Change,
    Correction,
    Figure,
    Finding,
    Key,
    Origin,
    Report,
    Section,
    Source,
    Statement,
    Table,
    TableRow,
)
from gongkai.package import corrections, history
from gongkai.package.csv_tables import number

TABLES = """
CREATE TABLE agencies (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, division_code TEXT NOT NULL, level TEXT NOT NULL, kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reports (
    agency TEXT NOT NULL REFERENCES agencies (id), year INTEGER NOT NULL, folder TEXT NOT NULL,
    form TEXT NOT NULL, scope TEXT NOT NULL, title TEXT NOT NULL, period_start TEXT, period_end TEXT,
    reader TEXT NOT NULL, extractor_version TEXT NOT NULL, created TEXT, dated TEXT,
    source_name TEXT NOT NULL, source_suffix TEXT NOT NULL, source_sha256 TEXT NOT NULL, source_bytes INTEGER NOT NULL,
    url TEXT, publisher TEXT, published TEXT, retrieved TEXT, licence TEXT, note TEXT,
    PRIMARY KEY (agency, year)
) WITHOUT ROWID;
CREATE TABLE table_rows (
    agency TEXT NOT NULL, year INTEGER NOT NULL, resource TEXT NOT NULL, position INTEGER NOT NULL,
    form TEXT, row_id TEXT NOT NULL, label TEXT NOT NULL, columns TEXT NOT NULL,
    PRIMARY KEY (agency, year, resource, position)
) WITHOUT ROWID;
CREATE TABLE figures (
    agency TEXT NOT NULL, year INTEGER NOT NULL, resource TEXT NOT NULL, row_id TEXT NOT NULL, column_id TEXT NOT NULL,
    value TEXT, printed TEXT NOT NULL, unit TEXT NOT NULL, reader TEXT NOT NULL,
    page INTEGER, x0 REAL, top REAL, x1 REAL, bottom REAL,
    PRIMARY KEY (agency, year, resource, row_id, column_id)
) WITHOUT ROWID;
CREATE TABLE sections (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL,
    number INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE TABLE statements (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL,
    section INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    resource TEXT NOT NULL, row_id TEXT NOT NULL, column_id TEXT NOT NULL, value TEXT NOT NULL, agrees INTEGER,
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE TABLE findings (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL,
    check_name TEXT NOT NULL, severity TEXT NOT NULL, resource TEXT NOT NULL, row_id TEXT NOT NULL,
    column_id TEXT NOT NULL, expected TEXT NOT NULL, actual TEXT NOT NULL, message TEXT NOT NULL,
    is_open INTEGER NOT NULL, -- blanks leave it open whether its two sides agree
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE TABLE corrections (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL, resource TEXT NOT NULL,
    row_id TEXT NOT NULL, column_id TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL,
    by TEXT NOT NULL, date TEXT NOT NULL,
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE TABLE history (
    agency TEXT NOT NULL, year INTEGER NOT NULL, position INTEGER NOT NULL, date TEXT NOT NULL,
    resource TEXT NOT NULL, row_id TEXT NOT NULL, column_id TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (agency, year, position)
) WITHOUT ROWID;
CREATE INDEX agencies_by_division ON agencies (division_code);
CREATE INDEX reports_by_year ON reports (year);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as the catalog holds it; ``folder`` is its package, from which only downloads are copied."""

    report: Report
    findings: tuple[Finding, ...]
    folder: Path
    extractor_version: str


def store(
    db: sqlite3.Connection, report: Report, findings: Sequence[Finding], folder: Path, extractor_version: str
) -> None:
    """Put a report's rows into the tables. Raises ``sqlite3.Error`` where its address is taken."""
    at = (report.agency.id, report.year)
    _insert(db, "reports", [(*at, str(folder), *_report_columns(report, extractor_version))])
    _insert(db, "table_rows", [(*at, *columns) for columns in _table_columns(report)])
    _insert(db, "figures", [(*at, *_figure_columns(figure)) for figure in report.figures.values()])
    _insert(
        db,
        "sections",
        [(*at, n, section.number, section.heading, section.text) for n, section in enumerate(report.sections)],
    )
    _insert(db, "corrections", [(*at, n, *row) for n, row in enumerate(corrections.rows_of(report.corrections))])
    _insert(db, "history", [(*at, n, *row) for n, row in enumerate(history.rows_of(report.history))])
    _insert(db, "statements", [(*at, n, *_statement_columns(s)) for n, s in enumerate(report.statements)])
    open_ = left_open(report)
    rows = [(*at, n, *_finding_columns(found), (found.check, found.at) in open_) for n, found in enumerate(findings)]
    _insert(db, "findings", rows)


def _insert(db: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own table names


def entries_of(db: sqlite3.Connection, agency: Agency, where: str, *values: object) -> tuple[Entry, ...]:
    """The agency's reports that meet a condition of ours, with everything in them."""
    rows = db.execute(f"SELECT * FROM reports WHERE {where}", values)  # noqa: S608 - our own conditions
    names = [column[0] for column in rows.description]
    return tuple(_entry(db, agency, dict(zip(names, row, strict=True))) for row in rows.fetchall())


def _entry(db: sqlite3.Connection, agency: Agency, row: dict[str, Any]) -> Entry:
    at = (agency.id, row["year"])
    report = Report(
        agency=agency,
        year=row["year"],
        form=row["form"],
        scope=row["scope"],
        title=row["title"],
        period_start=to_date(row["period_start"]),
        period_end=to_date(row["period_end"]),
        reader=row["reader"],
        tables=_tables(db, at),
        figures={figure.key: figure for figure in _figures(db, at)},
        sections=tuple(Section(*columns) for columns in _of(db, "sections", "number, heading, text", at)),
        source=Source(row["source_name"], row["source_suffix"], row["source_sha256"], row["source_bytes"]),
        origin=Origin(
            url=row["url"],
            publisher=row["publisher"],
            published=to_date(row["published"]),
            retrieved=to_date(row["retrieved"]),
            licence=row["licence"],
            note=row["note"],
        ),
        created=to_date(row["created"]),
        dated=to_date(row["dated"]),
        statements=tuple(_statement(columns) for columns in _of(db, "statements", _STATEMENT, at)),
        corrections=_corrections(db, at),
        history=_history(db, at),
    )
    columns = "check_name, severity, resource, row_id, column_id, expected, actual, message"
    findings = tuple(_finding(columns) for columns in _of(db, "findings", columns, at))
    return Entry(report, findings, Path(row["folder"]), row["extractor_version"])


def _corrections(db: sqlite3.Connection, at: tuple[str, int]) -> tuple[Correction, ...]:
    rows = _of(db, "corrections", "resource, row_id, column_id, value, reason, evidence, by, date", at)
    return tuple(
        Correction(Key(*key), number(value), reason, evidence, by, date.fromisoformat(day))
        for *key, value, reason, evidence, by, day in rows
    )


def _history(db: sqlite3.Connection, at: tuple[str, int]) -> tuple[Change, ...]:
    rows = _of(db, "history", "date, resource, row_id, column_id, old, new, cause", at)
    return tuple(
        Change(date.fromisoformat(row[0]), Key(*row[1:4]), number(row[4]), number(row[5]), row[6]) for row in rows
    )


def _of(db: sqlite3.Connection, table: str, columns: str, at: tuple[str, int]) -> list[tuple[Any, ...]]:
    query = f"SELECT {columns} FROM {table} WHERE agency = ? AND year = ? ORDER BY position"  # noqa: S608 - our own names
    return db.execute(query, at).fetchall()


def _tables(db: sqlite3.Connection, at: tuple[str, int]) -> tuple[Table, ...]:
    # A table without rows left none here, and yet is one of the three.
    tables = {resource: Table(resource, None, ()) for resource in RESOURCES}
    rows = db.execute(
        "SELECT resource, form, row_id, label, columns FROM table_rows"
        " WHERE agency = ? AND year = ? ORDER BY resource, position",
        at,
    )
    for resource, form, row_id, label, columns in rows:
        row = TableRow(row_id, label, tuple(columns.split()))
        tables[resource] = Table(resource, form, (*tables[resource].rows, row))
    return tuple(tables.values())


def _figures(db: sqlite3.Connection, at: tuple[str, int]) -> Iterator[Figure]:
    rows = db.execute(
        "SELECT resource, row_id, column_id, value, printed, unit, reader, page, x0, top, x1, bottom FROM figures"
        " WHERE agency = ? AND year = ?",
        at,
    )
    for resource, row_id, column_id, value, printed, unit, reader, *box in rows:
        key = Key(resource, row_id, column_id)
        yield Figure(key, to_decimal(value), printed, unit, reader, None if box[0] is None else Box(*box))


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
        _iso(report.created),
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
        origin.note,
    )


def _table_columns(report: Report) -> Iterator[tuple[Any, ...]]:
    for table in report.tables:
        for position, row in enumerate(table.rows):
            yield table.resource, position, table.form, row.id, row.label, " ".join(row.columns)


def _figure_columns(figure: Figure) -> tuple[Any, ...]:
    box = figure.box
    where = (box.page, box.x0, box.top, box.x1, box.bottom) if box else (None,) * 5
    value = None if figure.value is None else format(figure.value, "f")
    return (*figure.key, value, figure.printed, figure.unit, figure.reader, *where)


_STATEMENT = 'section, start, "end", text, resource, row_id, column_id, value, agrees'


def _statement_columns(statement: Statement) -> tuple[Any, ...]:
    *columns, value, agrees = astuple(statement)
    return (*columns, format(value, "f"), agrees)


def _statement(columns: tuple[Any, ...]) -> Statement:
    section, start, end, text, resource, row, column, value, agrees = columns
    known = None if agrees is None else bool(agrees)
    return Statement(section, start, end, text, resource, row, column, Decimal(value), known)


def _finding(columns: Sequence[Any]) -> Finding:
    check, severity, resource, row, column, expected, actual, message = columns
    return Finding(
        check=check,
        severity=severity,
        at=Key(resource, row, column),
        expected=expected,
        actual=actual,
        message=message,
    )


def _finding_columns(finding: Finding) -> tuple[str, ...]:
    return (
        finding.check,
        finding.severity,
        finding.resource,
        finding.row,
        finding.column,
        finding.expected,
        finding.actual,
        finding.message,
    )


def agency_columns(agency: Agency) -> tuple[str, ...]:
    return agency.id, agency.name, agency.division_code, agency.level, agency.kind


def to_decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def to_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
