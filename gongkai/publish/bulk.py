"""The catalog -> all reports in a few CSVs, one a kind, for those who want everything at once.

In: the catalog's database, once every report is in it. Out: ``data/<name>.csv``, and what a page says of each: its
columns, rows, size and hash. Rows are streamed in a fixed order, so that the same packages give the same bytes. Nothing
is added up: a row is what one report prints, or what a check or an indicator says of one report. A blank is empty,
never 0.
"""

from __future__ import annotations

import csv
import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_FIGURES = """
SELECT f.agency, a.name AS agency_name, f.year, {columns}, f.value
FROM figures f JOIN agencies a ON a.id = f.agency
WHERE f.resource = '{resource}' ORDER BY f.agency, f.year, f.row_id, f.column_id
"""

QUERIES = {
    "agencies": "SELECT a.id, a.name, a.division_code, a.level, a.kind, count(*) AS reports, min(r.year) AS first_year,"
    " max(r.year) AS last_year FROM agencies a JOIN reports r ON r.agency = a.id GROUP BY a.id ORDER BY a.id",
    "reports": "SELECT agency, year, form, scope, title, period_start, period_end, reader, extractor_version,"
    " source_name, 'sha256:' || source_sha256 AS source_hash, source_bytes, url, publisher,"
    " coalesce(published, dated) AS published, retrieved, licence FROM reports ORDER BY agency, year",
    "requests": _FIGURES.format(columns="f.row_id AS outcome, f.column_id AS applicant", resource="requests"),
    "proactive_disclosure": _FIGURES.format(
        columns="substr(f.row_id, 1, instr(f.row_id, '/') - 1) AS article_item,"
        " substr(f.row_id, instr(f.row_id, '/') + 1) AS category, f.column_id AS measure, f.unit",
        resource="proactive_disclosure",
    ),
    "reviews_litigation": _FIGURES.format(
        columns="f.row_id AS channel, f.column_id AS result", resource="reviews_litigation"
    ),
    "indicators": "SELECT * FROM indicators ORDER BY indicator, agency, year",
    "findings": "SELECT agency, year, check_name AS 'check', severity, resource, row_id AS 'row',"
    " column_id AS 'column', expected, actual, message FROM findings ORDER BY agency, year, position",
    "checks": "SELECT agency, year, check_name AS 'check', holds, fails, undecided, not_applicable, reason"
    " FROM checks ORDER BY agency, year, position",
    "coverage": "SELECT agency, name, division_code, level, kind, year, presence, due, problem FROM coverage"
    " ORDER BY agency, year",
}
"""What each download holds; its columns are the query's."""


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A download: ``columns`` in order, ``rows`` without the header, ``size`` in bytes, SHA-256."""

    name: str
    columns: tuple[str, ...]
    rows: int
    size: int
    sha256: str


def write_bulk(db: sqlite3.Connection, folder: Path) -> tuple[BulkFile, ...]:
    """Write every download into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(folder / f"{name}.csv", db.execute(query)) for name, query in QUERIES.items())


def _write(path: Path, rows: sqlite3.Cursor) -> BulkFile:
    columns = tuple(column[0] for column in rows.description)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(_inert(row))
            count += 1
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return BulkFile(path.stem, columns, count, path.stat().st_size, digest)


def _inert(row: Iterable[object]) -> list[object]:
    """A row whose texts no spreadsheet takes for a formula: a stranger's title may begin with ``=``."""
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "@", "\t", "\r") else cell for cell in row]
