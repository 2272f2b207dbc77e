"""Which reports are there, agency by agency and year by year, and why the others are not.

In: the agencies, the years of their reports, the files that were refused, and the day as of which this is said. Out: a
line for each agency, a cell for each year from the first report's to the last that is due. A report that is not here is
missing from this collection; whether the agency published it is not known and never said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Literal

from gongkai.errors import ReportError, one_line
from gongkai.model import Agency
from gongkai.names.registry import Registry
from gongkai.package.folder import is_regular
from gongkai.package.origin import read_origin

TABLE = """
CREATE TABLE coverage (
    agency TEXT NOT NULL, name TEXT NOT NULL, division_code TEXT NOT NULL, level TEXT NOT NULL, kind TEXT NOT NULL,
    year INTEGER NOT NULL, presence TEXT NOT NULL, due TEXT NOT NULL, problem TEXT NOT NULL,
    PRIMARY KEY (agency, year)
) WITHOUT ROWID;
"""

Presence = Literal["there", "missing", "refused", "not_due"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A report file that was not taken in, and why. ``agency`` is its id; it and ``year`` may not be known."""

    file: str
    problem: str
    agency: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CoverageCell:
    year: int
    presence: Presence
    due: date
    problem: str = ""
    """Why a file for this year was refused."""


@dataclass(frozen=True, slots=True)
class CoverageLine:
    agency: Agency
    cells: tuple[CoverageCell, ...]


def deadline(agency: Agency, year: int) -> date:
    """The last day on which the agency's report for ``year`` is to be published.

    Source: article 49 of 《政府信息公开条例》: departments by 31 January of the next year, governments from the county
    up by 31 March; townships and street offices publish by 31 January by practice.
    """
    is_government = agency.kind == "government" and agency.level != "township"
    return date(year + 1, 3 if is_government else 1, 31)


def coverage(
    agencies: Iterable[Agency], there: Mapping[str, Iterable[int]], refusals: Iterable[Refusal], today: date
) -> tuple[CoverageLine, ...]:
    """A line for each agency, in their order. ``there`` are the years of each agency's reports, by its id.

    A refusal without an agency or a year has no cell here.
    """
    known = {id: frozenset(years) for id, years in there.items()}
    years = covered_years(frozenset[int]().union(*known.values()), today)
    problems = {(refusal.agency, refusal.year): refusal.problem for refusal in refusals}
    return tuple(
        CoverageLine(
            agency,
            tuple(_cell(agency, year, year in known.get(agency.id, ()), problems, today) for year in years),
        )
        for agency in agencies
    )


def covered_years(there: Iterable[int], today: date) -> range:
    """From the first report's year to the last one's, or to the last year whose first deadline has passed."""
    years = sorted(there)
    if not years:
        return range(0)
    last_due = today.year - 1 if (today.month, today.day) > (1, 31) else today.year - 2
    return range(years[0], max(years[-1], last_due) + 1)


def cover(db: sqlite3.Connection, lines: Iterable[CoverageLine]) -> None:
    """Put the lines into the catalog's table."""
    for line in lines:
        body = line.agency
        at = (body.id, body.name, body.division_code, body.level, body.kind)
        rows = [(*at, cell.year, cell.presence, cell.due.isoformat(), cell.problem) for cell in line.cells]
        db.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def presences(cells: Iterable[CoverageCell], there: Collection[int]) -> dict[int, Presence]:
    """What is known of each year of an agency, the latest first. ``there`` are the years of its reports, at least one.

    Where no day is known as of which coverage is told, there are no ``cells``: years between two reports are missing.
    """
    between: dict[int, Presence] = dict.fromkeys(range(min(there), max(there) + 1), "missing")
    stated: dict[int, Presence] = {cell.year: cell.presence for cell in cells}
    collected: dict[int, Presence] = dict.fromkeys(there, "there")
    return dict(sorted((between | stated | collected).items(), reverse=True))


def covered(db: sqlite3.Connection) -> Iterator[CoverageLine]:
    """The lines of the catalog's table, by division code and id."""
    rows = db.execute(
        "SELECT agency, name, division_code, level, kind, year, presence, due, problem FROM coverage"
        " ORDER BY division_code, agency, year"
    )
    for agency, of_agency in groupby(rows, key=lambda row: row[:5]):
        cells = (
            CoverageCell(year, presence, date.fromisoformat(due), problem)
            for *_, year, presence, due, problem in of_agency
        )
        yield CoverageLine(Agency(*agency), tuple(cells))


def covered_by(db: sqlite3.Connection, agency: Agency) -> tuple[CoverageCell, ...]:
    """The cells of one agency, by year."""
    rows = db.execute("SELECT year, presence, due, problem FROM coverage WHERE agency = ? ORDER BY year", (agency.id,))
    return tuple(
        CoverageCell(year, presence, date.fromisoformat(due), problem) for year, presence, due, problem in rows
    )


def refusals_of(refused: Iterable[tuple[Path, str]], datasets: Path) -> tuple[Refusal, ...]:
    """The files that a run refused, with the agency and the year that their folder or their origin.toml states."""
    registry = Registry.read(datasets / "agencies.csv")
    return tuple(_refusal(path, problem, datasets, registry) for path, problem in refused)


def _cell(
    agency: Agency, year: int, is_there: bool, problems: Mapping[tuple[str, int | None], str], today: date
) -> CoverageCell:
    due, problem = deadline(agency, year), problems.get((agency.id, year), "")
    if is_there:
        return CoverageCell(year, "there", due)
    if problem:
        return CoverageCell(year, "refused", due, problem)
    return CoverageCell(year, "not_due" if today <= due else "missing", due)


def _refusal(path: Path, problem: str, datasets: Path, registry: Registry) -> Refusal:
    # Where the datasets lie on the machine that builds is nobody's business.
    problem = one_line(problem.replace(f"{datasets}/", ""))
    within: Sequence[str] = path.relative_to(datasets).parts if path.is_relative_to(datasets) else (path.name,)
    if len(within) > 1:
        year = int(within[1]) if within[1].isascii() and within[1].isdecimal() else None
        return Refusal(one_line("/".join(within)), problem, within[0], year)
    stated = path.with_name(f"{path.stem}.origin.toml")
    try:
        origin = read_origin(stated if is_regular(stated) else None)
    except ReportError:
        return Refusal(one_line(path.name), problem)
    agency = registry.find(origin.agency) if origin.agency else None
    return Refusal(one_line(path.name), problem, agency.id if agency else "", origin.year)
