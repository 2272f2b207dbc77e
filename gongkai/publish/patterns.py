"""An invented agency, with everything that a page can show: what the pages of patterns are made from.

In: nothing. Out: the view of ``patterns.html`` in either colour scheme. Agency, figures and findings are invented and
look so (示例市); none of them enters the catalog, and the pages are in no list of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from gongkai import __version__
from gongkai.checks.all_checks import CheckCount, check_results, counts
from gongkai.checks.rules import load_rules
from gongkai.form import Edition, load_form, printed_rows
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    REVIEWS,
    Agency,
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
)
from gongkai.publish.agency_charts import Chart, agency_charts
from gongkai.publish.catalog import ListLine, Size
from gongkai.publish.coverage import Presence, presences
from gongkai.publish.indicators import indicator_values, load_indicators
from gongkai.publish.packaged_report import PackagedReport
from gongkai.publish.page_views import SiteInputs
from gongkai.publish.peer_comparison import IndicatorLine, Peers, indicator_lines
from gongkai.publish.rankings import PeerGroup
from gongkai.publish.regions import Region, region_tree
from gongkai.publish.report_view import AgencyView, ReportView, agency_view

AGENCY = Agency("990100-ren-min-zheng-fu", "示例市人民政府", "990100", "city", "government")
PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区", "990102": "虚构县"}
YEARS = (2017, 2018, 2021, 2022, 2023)
PROSE = "全年共收到政府信息公开申请350件，均已答复。"

_TOTALS = {
    "new_received": (180, 220, 260, 410, 340),
    "carried_in": (0, 4, 9, 12, 31),
    "granted": (101, 120, 140, 201, 180),
    "partially_granted": (10, 14, 25, 40, 31),
    "denied_state_secret": (0, 1, 1, 2, 1),
    "denied_third_party": (9, 10, 12, 20, 14),
    "denied_internal_affairs": (8, 9, 11, 18, 12),
    "denied_administrative_query": (4, 6, 18, 25, 22),
    "unavailable_not_held": (40, 52, 46, 73, 70),
    "not_processed_petition": (4, 3, 4, 12, 9),
    "processed_total": (176, 215, 257, 391, 339),
    "carried_out": (4, 9, 12, 31, 33),
}
_RESULTS = {
    "upheld": (3, 4, 5, 9, 7),
    "corrected": (1, 0, 2, 3, 1),
    "other": (1, 1, 1, 2, 2),
    "pending": (0, 0, 1, 1, 0),
}
_BLANK = {Key(REQUESTS, "new_received", "total"): 2018, Key(REQUESTS, "granted", "natural_person"): 2023}
_UNREAD = Key(REQUESTS, "unavailable_not_held", "natural_person")


@dataclass(frozen=True, slots=True)
class PatternsPage:
    """What every component is shown with, in one colour scheme."""

    scheme: Literal["light", "dark"]
    agency: Agency
    agency_view: AgencyView
    years: Mapping[int, Presence]
    view: ReportView
    charts: Mapping[str, Chart]
    regions: Mapping[str, Region]
    peer_group: PeerGroup
    indicators: Sequence[IndicatorLine]
    checks: Sequence[CheckCount]
    lines: Sequence[ListLine]
    size: Size


def patterns_pages(_inputs: SiteInputs) -> Iterator[PatternsPage]:
    yield _patterns()


def dark_patterns_pages(_inputs: SiteInputs) -> Iterator[PatternsPage]:
    yield replace(_patterns(), scheme="dark")


@cache
def _patterns() -> PatternsPage:
    received = {str(number): Decimal(80 + 30 * number) for number in range(9)}
    shares = {str(number): Decimal(30 + 7 * number) / 100 for number in range(9)} | {AGENCY.id: Decimal("0.621")}
    peers = Peers(received, shares)
    view = agency_view([_packaged(index, year) for index, year in enumerate(YEARS)], lambda _group, _year: peers)
    totals = {row: Decimal(numbers[-1]) for row, numbers in _TOTALS.items()} | {"granted": None}
    latest = view.latest
    return PatternsPage(
        scheme="light",
        agency=AGENCY,
        agency_view=view,
        years=presences((), [report.report.year for report in view.reports]),
        view=latest,
        charts=agency_charts(view, peers),
        regions=region_tree(dict.fromkeys(PLACES, (1, 2)), PLACES.get),
        peer_group=PeerGroup(AGENCY.level, AGENCY.kind, latest.report.scope),
        indicators=_indicators(latest.package, view.reports[-2].package),
        checks=counts(check_results(latest.report, latest.package.findings)),
        lines=[ListLine(AGENCY, YEARS[-1], "region", totals, 2)],
        size=Size(1234, 321, 245678, 98, 2017, 2023),
    )


def _indicators(package: PackagedReport, earlier: PackagedReport) -> tuple[IndicatorLine, ...]:
    """The main indicators of a report among six others, one of which has the very same."""
    computed = indicator_values(package.report, package.findings, earlier.report, earlier.findings)
    values = {value.indicator: value for value in computed}
    others = [Decimal(tenths) / 10 for tenths in range(5)]
    among = {
        id: sorted([*others, *([own] * 2 if (own := values[id].value) is not None else [])])
        for id, indicator in load_indicators().indicators.items()
        if indicator.main
    }
    return indicator_lines(values, among)


def _packaged(index: int, year: int) -> PackagedReport:
    edition: Edition = "2019" if year < 2021 else "2021"
    last = year == YEARS[-1]
    return PackagedReport(_report(index, year, edition, last), tuple(_findings()) if last else (), Path(), __version__)


def _report(index: int, year: int, edition: Edition, last: bool) -> Report:
    form = load_form(edition)
    tables = tuple(Table(name, edition, printed_rows(form.table(name), set())) for name in RESOURCES)
    keys = [Key(table.resource, row.id, column) for table in tables for row in table.rows for column in row.columns]
    changed = Key(REQUESTS, "granted", "total")
    when = date(year + 1, 5, 6)
    return Report(
        agency=AGENCY,
        year=year,
        form=edition,
        scope="region",
        title=f"{AGENCY.name}{year}年政府信息公开工作年度报告",
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        reader="pdf-lines",
        tables=tables,
        figures={key: _figure(key, index, year) for key in keys},
        sections=tuple(Section(part.number, part.heading, PROSE) for part in form.sections),
        source=Source("示例.pdf", ".pdf", "0" * 64, 123456),
        origin=Origin(url="https://example.org/", publisher="示例市人民政府办公室", note="机关和数字均为虚构。"),
        statements=(Statement(1, 3, 17, PROSE[3:17], REQUESTS, "new_received", "total", Decimal(350), False),),
        corrections=(Correction(changed, Decimal(180), "扫描件中误读为130", "第2页", "示例", when),) if last else (),
        history=(Change(when, changed, Decimal(130), Decimal(180), "correction"),) if last else (),
    )


def _figure(key: Key, index: int, year: int) -> Figure:
    if _BLANK.get(key) == year or (key == _UNREAD and year == YEARS[-1]):
        return Figure(key, None, "", "requests", "pdf-lines")
    number = 0
    if key.resource == PROACTIVE:
        number = 10 + index
    elif key.resource == REVIEWS:
        number = sum(row[index] for row in _RESULTS.values()) if key.column == "total" else _RESULTS[key.column][index]
    elif key.column in ("natural_person", "total"):
        number = _TOTALS.get(key.row, (0,) * len(YEARS))[index]
    return Figure(key, Decimal(number), str(number), "requests", "pdf-lines")


def _findings() -> Iterator[Finding]:
    """One of every check, each about a figure of its own kind."""
    received = Key(REQUESTS, "new_received", "total")
    about = {
        "balance": (Key(REQUESTS, "", "total"), ("371", "372")),
        "processed_total": (Key(REQUESTS, "processed_total", "total"), ("338", "339")),
        "reading": (_UNREAD, ("", "7?")),
        "missing_cell": (Key(REQUESTS, "granted", "natural_person"), ("", "")),
        "review_total": (Key(REVIEWS, "litigation_direct", "total"), ("11", "10")),
        "narrative": (received, ("340", "350")),
        "carry_over": (Key(REQUESTS, "carried_in", "total"), ("32", "31")),
        "documents_in_force": (Key(PROACTIVE, "1/regulations", "in_force"), ("15", "14")),
    }
    others = iter(_TOTALS)
    for check, rule in load_rules().items():
        key, (expected, actual) = about.get(check) or (Key(REQUESTS, next(others), "research_institution"), ("1", "0"))
        yield Finding(check=check, severity=rule.severities[0], at=key, expected=expected, actual=actual)
