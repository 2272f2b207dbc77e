"""The catalog -> the pages that look over all agencies, and those that explain.

In: a catalog that has every report, and the files that were refused. Out: the addresses of pages, their templates and
what these are told, the same in every language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from gongkai.checks.rules import load_rules
from gongkai.names.registry import Registry
from gongkai.package.descriptor import source_date
from gongkai.publish.agency_charts import ranking_chart
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import Refusal, coverage, refusals_of
from gongkai.publish.indicators import load_indicators
from gongkai.publish.rankings import BodyCount, PeerGroup

MOST_LISTED = 120
"""Reports that the page of findings lists for each check, the newest: all are in findings.csv."""

AGENCIES_A_PAGE = 300
"""A longer list of agencies and years would make a page too heavy for a phone."""


class Overview(NamedTuple):
    """A page: its path below its language's root, its template, and the template's context."""

    path: str
    template: str
    context: Mapping[str, Any]


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


def overviews(catalog: Catalog, refusals: Iterable[Refusal]) -> Iterator[Overview]:
    """The pages of indicators, of coverage, of findings, and those that explain."""
    topics, indicators = load_indicators()
    yield Overview("indicators/", "indicators.html", {"topics": topics, "indicators": indicators.values()})
    for indicator in indicators.values():
        of_bodies, of_sums = indicator.kind == "bodies", indicator.kind == "stated"
        rankings = () if of_bodies or of_sums else tuple(catalog.rankings(indicator))
        context = {
            "indicator": indicator,
            "topic": topics[indicator.topic],
            "rankings": [(ranking, ranking_chart(ranking, indicator.kind)) for ranking in rankings],
            "groups": _by_group(catalog.body_counts(indicator)) if of_bodies else (),
            "sums": tuple(catalog.stated_sums(indicator)) if of_sums else (),
        }
        yield Overview(f"indicators/{indicator.id}/", "indicator.html", context)
    yield from _coverage(catalog, tuple(refusals))
    findings = {
        "checks": tuple(catalog.checks()),
        "found": catalog.findings_by_check(MOST_LISTED),
        "by_year": catalog.findings_by_year(),
    }
    yield Overview("findings/", "findings.html", findings)
    yield Overview("method/", "method.html", {"rule_book": tuple(load_rules().values())})
    yield Overview("contribute/", "contribute.html", {})


def _coverage(catalog: Catalog, refusals: tuple[Refusal, ...]) -> Iterator[Overview]:
    """The pages of coverage: as many as keep each of them light."""
    lines = tuple(catalog.coverage())
    starts = range(0, len(lines), AGENCIES_A_PAGE) or range(1)
    firsts = [(_address(start), lines[start].agency) for start in starts if lines]
    for start in starts:
        context = {
            "lines": lines[start : start + AGENCIES_A_PAGE],
            "first": start == 0,
            "current": _address(start),
            "pages": firsts,
            "counts": Counter(cell.presence for line in lines for cell in line.cells),
            "agencies": frozenset(catalog.years()),
            "refusals": refusals,
            "today": as_of(catalog),
        }
        yield Overview(_address(start), "coverage.html", context)


def _address(start: int) -> str:
    return f"coverage/{start // AGENCIES_A_PAGE + 1}/" if start else "coverage/"


def _by_group(counts: Iterable[BodyCount]) -> tuple[tuple[PeerGroup, tuple[BodyCount, ...]], ...]:
    """Counts of like bodies together, in their order."""
    return tuple(
        (peer_group, tuple(of_group)) for peer_group, of_group in groupby(counts, key=lambda count: count.peer_group)
    )
