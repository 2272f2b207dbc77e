"""All packages -> the tables that the pages are made of, in one SQLite file.

In: reports with their findings, one at a time (``add``). Out: what a page needs, one agency or one list at a time;
never all reports at once. The file belongs to one build and is thrown away with it.
Nothing is computed here that a report doesn't print but its indicators, and counts of reports, figures and findings:
figures of several agencies are never added up, since a government's report already contains its departments'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai import corrections, history
from gongkai.bulk import BulkFile, write_bulk
from gongkai.check_counts import TABLE as CHECKS
from gongkai.check_counts import Reports, counts_of, counts_of_reports, put_counts
from gongkai.coverage import TABLE as COVERAGE
from gongkai.coverage import CoverageLine, cover, covered
from gongkai.errors import PackageError
from gongkai.found import Found, FoundInYear, found_by_check, found_by_year
from gongkai.indicators import Indicator, indicator_values
from gongkai.model import (
    REQUESTS,
    RESOURCES,
    Agency,
    Box,
    Change,
    Correction,
    Figure,
    Finding,
    Key,
    Origin,
    Others,
    Report,
    Scope,
    Section,
    Source,
    Statement,
    Table,
    TableRow,
)
from gongkai.package import is_agency_id
from gongkai.peers import Peers, read_peers
from gongkai.rankings import TABLE as INDICATORS
from gongkai.rankings import Alike, BodyCount, Ranking, body_counts, put, rankings
from gongkai.rulings import Count, all_rulings, counts
from gongkai.tables import number

LISTED = ("new_received", "carried_in", "processed_total", "granted", "partially_granted", "carried_out")
"""The outcomes whose totals a list of agencies shows."""

TABLES = """
CREATE TABLE agencies (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, division_code TEXT NOT NULL, level TEXT NOT NULL, kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE reports (
    agency TEXT NOT NULL REFERENCES agencies (id), year INTEGER NOT NULL, folder TEXT NOT NULL,
    form TEXT NOT NULL, scope TEXT NOT NULL, title TEXT NOT NULL, period_start TEXT, period_end TEXT,
    reader TEXT NOT NULL, extractor_version TEXT NOT NULL, created TEXT,
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

LIST_LINES = f"""
SELECT a.id, a.name, a.division_code, a.level, a.kind, r.year, r.scope,
    (SELECT count(*) FROM findings f
     WHERE f.agency = r.agency AND f.year = r.year AND f.severity <> 'info') AS doubts,
    {", ".join(f"max(CASE WHEN g.row_id = '{outcome}' THEN g.value END) AS {outcome}" for outcome in LISTED)}
FROM reports r JOIN agencies a ON a.id = r.agency
LEFT JOIN figures g ON g.agency = r.agency AND g.year = r.year AND g.resource = '{REQUESTS}' AND g.column_id = 'total'
"""  # noqa: S608 - the names are the constants above


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as the catalog holds it; ``folder`` is its package, from which only downloads are copied."""

    report: Report
    findings: tuple[Finding, ...]
    folder: Path
    extractor_version: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """One report in a list: its agency, its year and the totals of the outcomes in ``LISTED``.

    ``doubts`` counts the findings that are errors or warnings.
    """

    agency: Agency
    year: int
    scope: Scope
    totals: Mapping[str, Decimal | None]
    doubts: int


@dataclass(frozen=True, slots=True)
class Size:
    """The whole in a few numbers; ``contradictions`` are findings that are errors."""

    reports: int
    agencies: int
    figures: int
    contradictions: int
    first_year: int | None
    last_year: int | None


class Catalog:
    """The tables of one build. Use it as a context manager, so that the file is closed before it is removed."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._peers: dict[tuple[Alike, int], Peers] = {}
        # A build that dies is begun anew: durability would only cost time.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA journal_mode = MEMORY")
        self._db.executescript(TABLES + CHECKS + INDICATORS + COVERAGE)

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    # ------------------------------------------------------------ in

    def add(
        self,
        report: Report,
        findings: Sequence[Finding],
        folder: Path,
        extractor_version: str,
        others: Others | None = None,
    ) -> None:
        """Put a report in, whole or not at all. Raises ``PackageError`` if its address is unsafe or taken.

        An agency takes its name and its place from its newest report. ``others`` is what other reports say, for checks.
        """
        agency, year = report.agency, report.year
        if not is_agency_id(agency.id) or not 1900 <= year <= 9999:
            raise PackageError(
                f"{folder}: agency id or year is not of the contract's pattern: extract the report again"
            )
        at = (agency.id, year)
        try:
            with self._db:
                self._insert("reports", [(*at, str(folder), *_report_columns(report, extractor_version))])
                self._insert("table_rows", [(*at, *columns) for columns in _table_columns(report)])
                self._insert("figures", [(*at, *_figure_columns(figure)) for figure in report.figures.values()])
                self._insert(
                    "sections",
                    [
                        (*at, n, section.number, section.heading, section.text)
                        for n, section in enumerate(report.sections)
                    ],
                )
                self._insert(
                    "corrections", [(*at, n, *row) for n, row in enumerate(corrections.rows_of(report.corrections))]
                )
                self._insert("history", [(*at, n, *row) for n, row in enumerate(history.rows_of(report.history))])
                self._insert("statements", [(*at, n, *_statement_columns(s)) for n, s in enumerate(report.statements)])
                self._insert("findings", [(*at, n, *_finding_columns(finding)) for n, finding in enumerate(findings)])
                put_counts(self._db, at, counts(all_rulings(report, findings, others)))
                self._put_indicators(report, findings)
                newest = self._db.execute("SELECT max(year) FROM reports WHERE agency = ?", (agency.id,)).fetchone()[0]
                if newest == year:
                    self._db.execute(
                        "INSERT OR REPLACE INTO agencies VALUES (?, ?, ?, ?, ?)",
                        _agency_columns(agency),
                    )
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise PackageError(
                f"{folder}: {agency.id} {year} can't enter the catalog ({error}): is it there twice?"
            ) from error

    def _put_indicators(self, report: Report, findings: Sequence[Finding]) -> None:
        """The report's indicators; and those of the year after, which look back at it, where that one came first."""
        agency, year = report.agency, report.year
        before, after = self._of_year(agency, year - 1), self._of_year(agency, year + 1)
        earlier = (before.report, before.findings) if before else (None, ())
        put(self._db, (agency.id, year), indicator_values(report, findings, *earlier))
        if after:
            values = indicator_values(after.report, after.findings, report, findings)
            put(self._db, (agency.id, year + 1), values)

    def cover(self, lines: Iterable[CoverageLine]) -> None:
        """Put in which reports are there and which are not; agencies that have no report are among them."""
        with self._db:
            cover(self._db, lines)

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            places = ", ".join("?" * len(rows[0]))
            self._db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own table names

    # ------------------------------------------------------------ out

    def agencies(self) -> Iterator[Agency]:
        """Every agency, by division code and id."""
        rows = self._db.execute("SELECT id, name, division_code, level, kind FROM agencies ORDER BY division_code, id")
        for row in rows:
            yield Agency(*row)

    def years(self) -> dict[str, list[int]]:
        """The years of each agency's reports, by its id."""
        found: dict[str, list[int]] = {}
        for agency, year in self._db.execute("SELECT agency, year FROM reports ORDER BY agency, year"):
            found.setdefault(agency, []).append(year)
        return found

    def as_of(self) -> date | None:
        """The day as of which the reports are known: the newest ``retrieved``, else the newest period's end, if any."""
        retrieved, ended, year = self._db.execute(
            "SELECT max(retrieved), max(period_end), max(year) FROM reports"
        ).fetchone()
        return _date(retrieved or ended) or (date(year, 12, 31) if year else None)

    def coverage(self) -> Iterator[CoverageLine]:
        """Each agency with its years, by division code and id."""
        return covered(self._db)

    def checks(self) -> Iterator[Reports]:
        """Of how many reports each check says what."""
        return counts_of_reports(self._db)

    def write_bulk(self, folder: Path) -> tuple[BulkFile, ...]:
        """Everything as CSVs in that folder."""
        return write_bulk(self._db, folder)

    def found_by_check(self, limit: int) -> dict[str, Found]:
        """What each check found, with at most ``limit`` of its newest reports."""
        return found_by_check(self._db, limit)

    def found_by_year(self) -> tuple[FoundInYear, ...]:
        """In how many reports of each year something was found."""
        return found_by_year(self._db)

    def checks_of(self, agency: Agency, year: int) -> tuple[Count, ...]:
        """How often each check holds, fails, is open or does not apply in a report."""
        return counts_of(self._db, (agency.id, year))

    def rankings(self, indicator: Indicator) -> Iterator[Ranking]:
        """Like agencies by an indicator, in their newest year."""
        return rankings(self._db, indicator)

    def body_counts(self, indicator: Indicator) -> Iterator[BodyCount]:
        """Of like bodies, for how many a figure is 0."""
        return body_counts(self._db, indicator)

    def peers(self, alike: Alike, year: int) -> Peers:
        """Like agencies in a year."""
        if (alike, year) not in self._peers:
            self._peers[alike, year] = read_peers(self._db, alike, year)
        return self._peers[alike, year]

    def divisions(self) -> dict[str, tuple[int, int]]:
        """The division codes that have agencies -> how many agencies, how many reports."""
        rows = self._db.execute(
            "SELECT division_code, count(DISTINCT id), count(*) FROM agencies JOIN reports ON agency = id"
            " GROUP BY division_code ORDER BY division_code"
        )
        return {code: (agencies, reports) for code, agencies, reports in rows}

    def size(self) -> Size:
        reports, agencies, first, last = self._db.execute(
            "SELECT count(*), count(DISTINCT agency), min(year), max(year) FROM reports"
        ).fetchone()
        figures = self._db.execute("SELECT count(*) FROM figures WHERE value IS NOT NULL").fetchone()[0]
        errors = self._db.execute("SELECT count(*) FROM findings WHERE severity = 'error'").fetchone()[0]
        return Size(reports, agencies, figures, errors, first, last)

    def newest(self, limit: int) -> list[ListLine]:
        """The reports of the latest years, the latest first."""
        return self._lines(
            "WHERE (r.agency, r.year) IN (SELECT agency, year FROM reports ORDER BY year DESC, agency LIMIT ?)"
            " GROUP BY r.agency, r.year ORDER BY r.year DESC, a.division_code, a.id",
            limit,
        )

    def latest_of(self, division_code: str) -> list[ListLine]:
        """The latest report of each agency of a division, governments and their offices first."""
        return self._lines(
            "WHERE a.division_code = ? AND r.year = (SELECT max(year) FROM reports WHERE agency = a.id)"
            " GROUP BY r.agency, r.year ORDER BY instr(a.name, '人民政府') = 0, length(a.name), a.id",
            division_code,
        )

    def _lines(self, where: str, argument: object) -> list[ListLine]:
        rows = self._db.execute(LIST_LINES + where, (argument,))
        return [
            ListLine(
                agency=Agency(*row[:5]),
                year=row[5],
                scope=row[6],
                totals={outcome: _decimal(value) for outcome, value in zip(LISTED, row[8:], strict=True)},
                doubts=row[7],
            )
            for row in rows
        ]

    def pictured(self) -> Iterator[tuple[str, int, Path, tuple[int, ...]]]:
        """Each PDF with figures whose page is known: agency id, year, package folder, those pages."""
        rows = self._db.execute(
            "SELECT r.agency, r.year, r.folder, group_concat(DISTINCT f.page) FROM reports r JOIN figures f"
            " ON f.agency = r.agency AND f.year = r.year WHERE r.source_suffix = '.pdf' AND f.page IS NOT NULL"
            " GROUP BY r.agency, r.year ORDER BY r.agency, r.year"
        )
        for agency, year, folder, pages in rows:
            yield agency, year, Path(folder), tuple(sorted(map(int, pages.split(","))))

    def entries(self, agency: Agency) -> tuple[Entry, ...]:
        """An agency's reports with everything in them, the earliest year first."""
        return self._entries(agency, "agency = ? ORDER BY year", agency.id)

    def _of_year(self, agency: Agency, year: int) -> Entry | None:
        return next(iter(self._entries(agency, "agency = ? AND year = ?", agency.id, year)), None)

    def _entries(self, agency: Agency, where: str, *values: object) -> tuple[Entry, ...]:
        rows = self._db.execute(f"SELECT * FROM reports WHERE {where}", values)  # noqa: S608 - our own conditions
        names = [column[0] for column in rows.description]
        return tuple(self._entry(agency, dict(zip(names, row, strict=True))) for row in rows.fetchall())

    def _entry(self, agency: Agency, row: dict[str, Any]) -> Entry:
        at = (agency.id, row["year"])
        report = Report(
            agency=agency,
            year=row["year"],
            form=row["form"],
            scope=row["scope"],
            title=row["title"],
            period_start=_date(row["period_start"]),
            period_end=_date(row["period_end"]),
            reader=row["reader"],
            tables=self._tables(at),
            figures={figure.key: figure for figure in self._figures(at)},
            sections=tuple(Section(*columns) for columns in self._of("sections", "number, heading, text", at)),
            source=Source(row["source_name"], row["source_suffix"], row["source_sha256"], row["source_bytes"]),
            origin=Origin(
                url=row["url"],
                publisher=row["publisher"],
                published=_date(row["published"]),
                retrieved=_date(row["retrieved"]),
                licence=row["licence"],
                note=row["note"],
            ),
            created=_date(row["created"]),
            statements=tuple(_statement(columns) for columns in self._of("statements", _STATEMENT, at)),
            corrections=self._corrections(at),
            history=self._history(at),
        )
        columns = "check_name, severity, resource, row_id, column_id, expected, actual, message"
        findings = tuple(Finding(*values) for values in self._of("findings", columns, at))
        return Entry(report, findings, Path(row["folder"]), row["extractor_version"])

    def _corrections(self, at: tuple[str, int]) -> tuple[Correction, ...]:
        rows = self._of("corrections", "resource, row_id, column_id, value, reason, evidence, by, date", at)
        return tuple(
            Correction(Key(*key), number(value), reason, evidence, by, date.fromisoformat(day))
            for *key, value, reason, evidence, by, day in rows
        )

    def _history(self, at: tuple[str, int]) -> tuple[Change, ...]:
        rows = self._of("history", "date, resource, row_id, column_id, old, new, cause", at)
        return tuple(
            Change(date.fromisoformat(row[0]), Key(*row[1:4]), number(row[4]), number(row[5]), row[6]) for row in rows
        )

    def _of(self, table: str, columns: str, at: tuple[str, int]) -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM {table} WHERE agency = ? AND year = ? ORDER BY position"  # noqa: S608 - our own names
        return self._db.execute(query, at).fetchall()

    def _tables(self, at: tuple[str, int]) -> tuple[Table, ...]:
        # A table without rows left none here, and yet is one of the three.
        tables = {resource: Table(resource, None, ()) for resource in RESOURCES}
        rows = self._db.execute(
            "SELECT resource, form, row_id, label, columns FROM table_rows"
            " WHERE agency = ? AND year = ? ORDER BY resource, position",
            at,
        )
        for resource, form, row_id, label, columns in rows:
            row = TableRow(row_id, label, tuple(columns.split()))
            tables[resource] = Table(resource, form, (*tables[resource].rows, row))
        return tuple(tables.values())

    def _figures(self, at: tuple[str, int]) -> Iterator[Figure]:
        rows = self._db.execute(
            "SELECT resource, row_id, column_id, value, printed, unit, reader, page, x0, top, x1, bottom FROM figures"
            " WHERE agency = ? AND year = ?",
            at,
        )
        for resource, row_id, column_id, value, printed, unit, reader, *box in rows:
            key = Key(resource, row_id, column_id)
            yield Figure(key, _decimal(value), printed, unit, reader, None if box[0] is None else Box(*box))


# ---------------------------------------------------------------- a report -> columns, and back


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


def _agency_columns(agency: Agency) -> tuple[str, ...]:
    return agency.id, agency.name, agency.division_code, agency.level, agency.kind


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
