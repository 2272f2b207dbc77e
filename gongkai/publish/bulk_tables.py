"""The catalog -> the tables of all reports, one a kind, for those who want everything at once.

In: the catalog's database, once every report is in it. Out: tables whose rows come in a fixed order. Nothing is added
up: a row is what one report prints, or what a check or an indicator says of one report. A blank is ``None``, never 0.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from gongkai.publish.table_formats import DataTable

_FIGURES = """
SELECT f.agency, a.name AS agency_name, f.year, {columns}, f.value
FROM figures f JOIN agencies a ON a.id = f.agency
WHERE f.resource = '{resource}' ORDER BY f.agency, f.year, f.row_id, f.column_id
"""


class BulkTable(NamedTuple):
    """A table of all reports. ``contents`` says what it holds, as a message of the templates."""

    name: str
    contents: str
    query: str
    """Its columns are those of the download."""


BULK_TABLES = (
    BulkTable(
        "agencies",
        "The agencies, with the years that there are",
        "SELECT a.id, a.name, a.division_code, a.level, a.kind, count(*) AS reports, min(r.year) AS first_year,"
        " max(r.year) AS last_year FROM agencies a JOIN reports r ON r.agency = a.id GROUP BY a.id ORDER BY a.id",
    ),
    BulkTable(
        "reports",
        "The reports: form, scope, period, where each comes from",
        "SELECT agency, year, form, scope, title, period_start, period_end, reader, extractor_version,"
        " source_name, 'sha256:' || source_sha256 AS source_hash, source_bytes, url, publisher,"
        " coalesce(published, dated) AS published, retrieved, licence FROM reports ORDER BY agency, year",
    ),
    BulkTable(
        "requests",
        "Applications received and handled (table three), a row a figure",
        _FIGURES.format(columns="f.row_id AS outcome, f.column_id AS applicant", resource="requests"),
    ),
    BulkTable(
        "proactive_disclosure",
        "Proactive disclosure (table two), a row a figure with its unit",
        _FIGURES.format(
            columns="substr(f.row_id, 1, instr(f.row_id, '/') - 1) AS article_item,"
            " substr(f.row_id, instr(f.row_id, '/') + 1) AS category, f.column_id AS measure, f.unit",
            resource="proactive_disclosure",
        ),
    ),
    BulkTable(
        "reviews_litigation",
        "Administrative review and litigation (table four), a row a figure",
        _FIGURES.format(columns="f.row_id AS channel, f.column_id AS result", resource="reviews_litigation"),
    ),
    BulkTable(
        "indicators",
        "Every indicator of every report, with numerator, denominator and interval",
        "SELECT * FROM indicators ORDER BY indicator, agency, year",
    ),
    BulkTable(
        "findings",
        "What the checks found, with both sides",
        "SELECT agency, year, check_name AS 'check', severity, resource, row_id AS 'row',"
        " column_id AS 'column', expected, actual, message FROM findings ORDER BY agency, year, position",
    ),
    BulkTable(
        "checks",
        "What every check said of every report: holds, fails, open, not applicable",
        "SELECT agency, year, check_name AS 'check', holds, fails, undecided, not_applicable, reason"
        " FROM checks ORDER BY agency, year, position",
    ),
    BulkTable(
        "coverage",
        "Which reports are there, missing, refused or not yet due",
        "SELECT agency, name, division_code, level, kind, year, presence, due, problem FROM coverage"
        " ORDER BY agency, year",
    ),
)
"""Every table of all reports, in the order in which the page of data lists them."""


def bulk_tables(db: sqlite3.Connection) -> tuple[DataTable, ...]:
    return tuple(_table(db, table) for table in BULK_TABLES)


def _table(db: sqlite3.Connection, table: BulkTable) -> DataTable:
    columns = tuple(column[0] for column in db.execute(f"{table.query} LIMIT 0").description)

    def rows() -> Iterator[tuple[str | int | float | None, ...]]:
        yield from db.execute(table.query)

    return DataTable(table.name, columns, rows, table.contents)
