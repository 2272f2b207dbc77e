"""Packages on disk -> the catalog: everything is gathered before anything is written.

In: a folder of packages and the files that this run refused. Out: the catalog has every report that can be read, what
is there and what isn't as of a day, and the reasons of what isn't. No clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from gongkai.errors import PackageError
from gongkai.model import Report
from gongkai.names.registry import Registry
from gongkai.package.descriptor import source_date
from gongkai.package.folder import iter_packages
from gongkai.package.index import PackageIndex
from gongkai.package.recovery import LEFT, left_aside
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import Refusal, coverage, refusals_of
from gongkai.publish.packaged_report import read_packaged_report


def gather_packages(catalog: Catalog, datasets: Path) -> list[tuple[Path, str]]:
    """Read every package into the catalog; the folders of those that can't be read, and why."""
    registry = Registry.read(datasets / "agencies.csv")
    index = PackageIndex(datasets, registry)
    before: Report | None = None
    problems = [(left, f"{left}: {LEFT}") for left in left_aside(datasets)]
    # Packages come by agency and year: what the year before says is the report that was read before.
    for folder in iter_packages(datasets):
        try:
            package = read_packaged_report(folder)
            report = with_kind(package.report, registry)
            catalog.add(
                report, package.findings, folder, package.extractor_version, index.other_reports(report, before)
            )
            before = report
        except PackageError as error:
            problems.append((folder, str(error)))
    return problems


def with_kind(report: Report, registry: Registry) -> Report:
    """The report of an agency whose kind is known: the registry alone says what kind of body it is."""
    known = registry.by_id(report.agency.id)
    return replace(report, agency=replace(report.agency, kind=known.kind)) if known else report


def take_stock(catalog: Catalog, datasets: Path, refused: Iterable[tuple[Path, str]]) -> tuple[Refusal, ...]:
    """Put into the catalog which reports are there, as of today; the refusals. Agencies of the registry count too."""
    refusals = refusals_of(refused, datasets)
    registered = (entry.agency for entry in Registry.read(datasets / "agencies.csv"))
    agencies = {agency.id: agency for agency in (*registered, *catalog.agencies())}
    if today := as_of(catalog):
        catalog.cover(coverage(agencies.values(), catalog.years(), refusals, today))
    return refusals


def as_of(catalog: Catalog) -> date | None:
    """Today, for pages that must not change from day to day: SOURCE_DATE_EPOCH, else the day that the reports tell."""
    moment = source_date()
    return moment.date() if moment else catalog.as_of()
