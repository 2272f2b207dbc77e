"""All packages -> the tables that the pages are made of, in one SQLite file.

In: reports with their findings, one at a time (``add``). Out: what a page needs, one agency or one list at a time;
never all reports at once. The file belongs to one build and is thrown away with it. It holds what is asked of all
reports; the reports themselves stay in their packages, from which they are read again (``reports_of``).
Nothing is computed here that a report doesn't print but its indicators, and counts of reports, figures and findings:
figures of several agencies are never added up, since a government's report already contains its departments'.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from gongkai.checks.all_checks import CheckCount, check_results, counts
from gongkai.errors import PackageError
from gongkai.model import (
    REQUESTS,
    Agency,
    Finding,
    OtherReports,
    Report,
    Scope,
)
from gongkai.names.registry import DIVISION_CODE
from gongkai.package.folder import is_agency_id
from gongkai.publish.bulk_tables import bulk_tables
from gongkai.publish.catalog_tables import TABLES, agency_columns, put_report, to_date, to_decimal
from gongkai.publish.check_counts import TABLE as CHECKS
from gongkai.publish.check_counts import CheckReports, counts_of, counts_of_reports, put_counts
from gongkai.publish.coverage import TABLE as COVERAGE
from gongkai.publish.coverage import CoverageCell, CoverageLine, cover, covered, covered_by
from gongkai.publish.finding_counts import CheckFindings, YearFindings, contradicts, findings_by_check, findings_by_year
from gongkai.publish.indicators import Indicator, indicator_values
from gongkai.publish.packaged_report import PackagedReport, read_packaged_report
from gongkai.publish.peer_comparison import IndicatorLine, Peers, indicator_lines, read_peers, read_values
from gongkai.publish.rankings import TABLE as INDICATORS
from gongkai.publish.rankings import (
    BodyCount,
    PeerGroup,
    Ranking,
    StatedSums,
    body_counts,
    put,
    rankings,
    stated_sums,
    values_of,
)
from gongkai.publish.table_formats import DataTable

LISTED = ("new_received", "carried_in", "processed_total", "granted", "partially_granted", "carried_out")
"""The outcomes whose totals a list of agencies shows."""

LIST_LINES = f"""
SELECT a.id, a.name, a.division_code, a.level, a.kind, r.year, r.scope,
    (SELECT count(*) FROM findings f
     WHERE f.agency = r.agency AND f.year = r.year AND f.severity <> 'info') AS doubts,
    EXISTS (SELECT 1 FROM findings f WHERE f.agency = r.agency AND f.year = r.year AND {contradicts("f")}) AS disputed,
    {", ".join(f"max(CASE WHEN g.row_id = '{outcome}' THEN g.value END) AS {outcome}" for outcome in LISTED)}
FROM reports r JOIN agencies a ON a.id = r.agency
LEFT JOIN figures g ON g.agency = r.agency AND g.year = r.year AND g.resource = '{REQUESTS}' AND g.column_id = 'total'
"""  # noqa: S608 - the names are the constants above


@dataclass(frozen=True, slots=True)
class ListLine:
    """One report in a list: its agency, its year and the totals of the outcomes in ``LISTED``.

    ``doubts`` counts the findings that are errors or warnings; ``disputed``: a contradiction is among them.
    """

    agency: Agency
    year: int
    scope: Scope
    totals: Mapping[str, Decimal | None]
    doubts: int
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """The whole in a few numbers; ``contradictions`` are findings of figures that ought to be one and differ."""

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
        self._of_one_agency: dict[tuple[str, int], tuple[Report, Sequence[Finding]]] = {}
        """The reports that came last, of one agency: what indicators of the next one look back at."""
        self._peers: dict[tuple[PeerGroup, int], Peers] = {}
        self._values: dict[tuple[PeerGroup, int], dict[str, list[Decimal]]] = {}
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
        others: OtherReports | None = None,
    ) -> None:
        """Put a report in, whole or not at all. Raises ``PackageError`` if its address is unsafe or taken.

        An agency takes its name and its place from its newest report. ``others`` is what other reports say, for checks.
        """
        agency, year = report.agency, report.year
        # Both become paths of pages, whatever a package says.
        safe = is_agency_id(agency.id) and DIVISION_CODE.fullmatch(agency.division_code)
        if not safe or not 1900 <= year <= 9999:
            raise PackageError(
                f"{folder}: agency id, division code or year is not of the contract's pattern: extract the report again"
            )
        at = (agency.id, year)
        try:
            with self._db:
                put_report(self._db, report, findings, folder, extractor_version)
                put_counts(self._db, at, counts(check_results(report, findings, others)))
                self._put_indicators(report, findings)
                newest = self._db.execute("SELECT max(year) FROM reports WHERE agency = ?", (agency.id,)).fetchone()[0]
                if newest == year:
                    self._db.execute(
                        "INSERT OR REPLACE INTO agencies VALUES (?, ?, ?, ?, ?)",
                        agency_columns(agency),
                    )
            self._keep(report, findings)
        except sqlite3.OperationalError:
            raise  # the disk is at fault, not the package
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise PackageError(
                f"{folder}: {agency.id} {year} can't enter the catalog ({error}): is it there twice?"
            ) from error

    def _put_indicators(self, report: Report, findings: Sequence[Finding]) -> None:
        """The report's indicators; and those of the year after, which look back at it, where that one came first."""
        agency, year = report.agency, report.year
        before, after = self._of_year(agency, year - 1), self._of_year(agency, year + 1)
        put(self._db, (agency.id, year), indicator_values(report, findings, *(before or (None, ()))))
        if after:
            put(self._db, (agency.id, year + 1), indicator_values(*after, report, findings))

    def _of_year(self, agency: Agency, year: int) -> tuple[Report, Sequence[Finding]] | None:
        """The agency's report for a year and its findings, if they are in."""
        if (agency.id, year) in self._of_one_agency:
            return self._of_one_agency[agency.id, year]
        where = "SELECT folder FROM reports WHERE agency = ? AND year = ?"
        for (folder,) in self._db.execute(where, (agency.id, year)):
            packaged = read_packaged_report(Path(folder), agency)
            return packaged.report, packaged.findings
        return None

    def _keep(self, report: Report, findings: Sequence[Finding]) -> None:
        """Keep a report for those of its agency that come next; packages come by agency."""
        if any(id != report.agency.id for id, _ in self._of_one_agency):
            self._of_one_agency.clear()
        self._of_one_agency[report.agency.id, report.year] = report, findings

    def cover(self, lines: Iterable[CoverageLine]) -> None:
        """Put in which reports are there and which are not; agencies that have no report are among them."""
        with self._db:
            cover(self._db, lines)

    # ------------------------------------------------------------ out

    def agencies(self) -> Iterator[Agency]:
        """Every agency, by division code and id."""
        rows = self._db.execute("SELECT id, name, division_code, level, kind FROM agencies ORDER BY division_code, id")
        for row in rows:
            yield Agency(*row)

    def years(self) -> dict[str, list[int]]:
        """The years of each agency's reports, by its id."""
        years: dict[str, list[int]] = {}
        for agency, year in self._db.execute("SELECT agency, year FROM reports ORDER BY agency, year"):
            years.setdefault(agency, []).append(year)
        return years

    def as_of(self) -> date | None:
        """The day as of which the reports are known: the newest ``retrieved``, else the end of the newest period.

        A report that states no period is taken to cover its calendar year.
        """
        row = self._db.execute(
            "SELECT coalesce(max(retrieved), max(coalesce(period_end, year || '-12-31'))) FROM reports"
        ).fetchone()
        return to_date(row[0])

    def coverage(self) -> Iterator[CoverageLine]:
        """Each agency with its years, by division code and id."""
        return covered(self._db)

    def coverage_of(self, agency: Agency) -> tuple[CoverageCell, ...]:
        """The years of one agency; none where it isn't known as of which day to tell them."""
        return covered_by(self._db, agency)

    def checks(self) -> Iterator[CheckReports]:
        """Of how many reports each check says what."""
        return counts_of_reports(self._db)

    def tables(self) -> tuple[DataTable, ...]:
        """Everything as tables to download, once every report is in."""
        return bulk_tables(self._db)

    def findings_by_check(self, limit: int) -> dict[str, CheckFindings]:
        """What each check found, with at most ``limit`` of its newest reports."""
        return findings_by_check(self._db, limit)

    def findings_by_year(self) -> tuple[YearFindings, ...]:
        """In how many reports of each year something was found."""
        return findings_by_year(self._db)

    def checks_of(self, agency: Agency, year: int) -> tuple[CheckCount, ...]:
        """How often each check holds, fails, is open or does not apply in a report."""
        return counts_of(self._db, (agency.id, year))

    def rankings(self, indicator: Indicator) -> Iterator[Ranking]:
        """Like agencies by an indicator, in their newest year."""
        return rankings(self._db, indicator)

    def body_counts(self, indicator: Indicator) -> Iterator[BodyCount]:
        """Of like bodies, for how many a figure is 0."""
        return body_counts(self._db, indicator)

    def stated_sums(self, indicator: Indicator) -> Iterator[StatedSums]:
        """What reports of like agencies state of a sum."""
        return stated_sums(self._db, indicator)

    def peers(self, peer_group: PeerGroup, year: int) -> Peers:
        """Like agencies in a year."""
        if (peer_group, year) not in self._peers:
            self._peers[peer_group, year] = read_peers(self._db, peer_group, year)
        return self._peers[peer_group, year]

    def indicators_of(self, agency: Agency, scope: Scope, year: int) -> tuple[IndicatorLine, ...]:
        """The main indicators of an agency's report, of that scope, beside those of like agencies."""
        peer_group = PeerGroup(agency.level, agency.kind, scope)
        if (peer_group, year) not in self._values:
            self._values[peer_group, year] = read_values(self._db, peer_group, year)
        return indicator_lines(values_of(self._db, (agency.id, year)), self._values[peer_group, year])

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
        query = f"SELECT count(*) FROM findings f WHERE {contradicts('f')}"  # noqa: S608 - our own condition
        differ = self._db.execute(query).fetchone()[0]
        return Size(reports, agencies, figures, differ, first, last)

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

    def governments_of(self, division_codes: Sequence[str]) -> list[ListLine]:
        """The latest report of the government of each of these divisions, in the order of their codes."""
        return self._lines(
            "WHERE a.division_code IN (SELECT value FROM json_each(?))"
            " AND a.kind = 'government' AND a.level <> 'township'"
            " AND r.year = (SELECT max(year) FROM reports WHERE agency = a.id)"
            " GROUP BY r.agency, r.year ORDER BY a.division_code, a.id",
            json.dumps(division_codes),
        )

    def _lines(self, where: str, argument: object) -> list[ListLine]:
        rows = self._db.execute(LIST_LINES + where, (argument,))
        return [
            ListLine(
                agency=Agency(*row[:5]),
                year=row[5],
                scope=row[6],
                totals={outcome: to_decimal(value) for outcome, value in zip(LISTED, row[9:], strict=True)},
                doubts=row[7],
                disputed=bool(row[8]),
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

    def reports_of(self, agency: Agency) -> tuple[PackagedReport, ...]:
        """An agency's reports with everything in them, the earliest year first, out of their packages.

        Raises ``PackageError`` if one can't be read any more.
        """
        folders = self._db.execute("SELECT folder FROM reports WHERE agency = ? ORDER BY year", (agency.id,))
        return tuple(read_packaged_report(Path(folder), agency) for (folder,) in folders.fetchall())
