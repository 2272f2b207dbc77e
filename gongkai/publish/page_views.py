"""The catalog -> what each kind of page is told: a frozen view a page, whose fields are the names in its template.

In: what the pages of one subject are made from: the whole site, one agency, one report. Out: the views of each kind of
page, in the order in which they are listed, the same in every language. No words are chosen here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from gongkai.checks.all_checks import CheckCount
from gongkai.checks.rules import Rule, load_rules
from gongkai.model import Agency
from gongkai.publish.agency_charts import Chart, agency_charts, ranking_chart, region_charts
from gongkai.publish.catalog import Catalog, ListLine, Size
from gongkai.publish.chart_shapes import Distribution
from gongkai.publish.check_counts import CheckReports
from gongkai.publish.coverage import CoverageLine, Presence, Refusal, presences
from gongkai.publish.finding_counts import CheckFindings, YearFindings
from gongkai.publish.indicators import Indicator, Words, load_indicators
from gongkai.publish.peer_comparison import IndicatorLine
from gongkai.publish.rankings import BodyCount, PeerGroup, Ranking, StatedSums
from gongkai.publish.regions import Region
from gongkai.publish.report_downloads import Downloads
from gongkai.publish.report_view import AgencyView, ReportView, agency_view
from gongkai.publish.source_images import PageImage
from gongkai.publish.source_view import SourceView, source_view
from gongkai.publish.table_formats import TableFile

NEWEST_ON_HOME = 20

MOST_LISTED = 120
"""Reports that the page of findings lists for each check, the newest: all are in findings.csv."""

AGENCIES_A_PAGE = 300
"""A longer list of agencies and years would make a page too heavy for a phone."""


# ---------------------------------------------------------------- what pages are made from


@dataclass(frozen=True, slots=True)
class SiteInputs:
    """What the pages that look over all agencies are made from. ``today`` is the day as of which coverage is told."""

    catalog: Catalog
    regions: Mapping[str, Region]
    downloads: tuple[TableFile, ...]
    refusals: tuple[Refusal, ...]
    today: date | None


@dataclass(frozen=True, slots=True)
class AgencyInputs:
    """What an agency's pages are made from: its reports, its like, and where it stands."""

    catalog: Catalog
    agency: Agency
    view: AgencyView
    years: Mapping[int, Presence]
    above: tuple[Region, ...]
    """The regions over it, the outermost first."""

    @property
    def peer_group(self) -> PeerGroup:
        return PeerGroup(self.agency.level, self.agency.kind, self.view.latest.report.scope)


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """What a report's pages are made from. ``downloads`` lie beside its page; ``None`` if they couldn't be copied."""

    of_agency: AgencyInputs
    view: ReportView
    downloads: Downloads | None
    images: Mapping[int, PageImage]


def agency_inputs(catalog: Catalog, agency: Agency, regions: Mapping[str, Region]) -> AgencyInputs:
    view = agency_view(catalog.reports_of(agency), catalog.peers)
    region = regions[agency.division_code]
    there = [report.report.year for report in view.reports]
    return AgencyInputs(
        catalog=catalog,
        agency=agency,
        view=view,
        years=presences(catalog.coverage_of(agency), there),
        above=(*_above(region, regions), region),
    )


def _above(region: Region, regions: Mapping[str, Region]) -> tuple[Region, ...]:
    return tuple(regions[code] for code in region.parents)


# ---------------------------------------------------------------- over all agencies


@dataclass(frozen=True, slots=True)
class HomePage:
    size: Size
    newest: Sequence[ListLine]
    regions: Mapping[str, Region]


def home_pages(inputs: SiteInputs) -> Iterator[HomePage]:
    yield HomePage(inputs.catalog.size(), inputs.catalog.newest(NEWEST_ON_HOME), inputs.regions)


@dataclass(frozen=True, slots=True)
class RegionPage:
    """``lines`` are the latest reports of the division's own agencies, ``governments`` those below it."""

    region: Region
    lines: Sequence[ListLine]
    charts: Sequence[tuple[int, Distribution]]
    governments: Sequence[ListLine]
    above: tuple[Region, ...]
    regions: Mapping[str, Region]


def region_pages(inputs: SiteInputs) -> Iterator[RegionPage]:
    catalog = inputs.catalog
    for region in inputs.regions.values():
        lines = catalog.latest_of(region.code)
        yield RegionPage(
            region=region,
            lines=lines,
            charts=region_charts(lines, catalog.peers),
            governments=catalog.governments_of(region.children),
            above=_above(region, inputs.regions),
            regions=inputs.regions,
        )


@dataclass(frozen=True, slots=True)
class DataPage:
    bulk: tuple[TableFile, ...]


def data_pages(inputs: SiteInputs) -> Iterator[DataPage]:
    yield DataPage(inputs.downloads)


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    topics: Mapping[str, Words]
    indicators: Collection[Indicator]


def indicators_pages(_inputs: SiteInputs) -> Iterator[IndicatorsPage]:
    topics, indicators = load_indicators()
    yield IndicatorsPage(topics, indicators.values())


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """Of ``rankings``, ``groups`` and ``sums`` the one that fits the indicator's kind has something in it."""

    indicator: Indicator
    topic: Words
    rankings: Sequence[tuple[Ranking, Distribution | None]]
    groups: Sequence[tuple[PeerGroup, tuple[BodyCount, ...]]]
    sums: Sequence[StatedSums]


def indicator_pages(inputs: SiteInputs) -> Iterator[IndicatorPage]:
    catalog = inputs.catalog
    topics, indicators = load_indicators()
    for indicator in indicators.values():
        is_of_bodies, is_of_sums = indicator.kind == "bodies", indicator.kind == "stated"
        rankings = () if is_of_bodies or is_of_sums else tuple(catalog.rankings(indicator))
        yield IndicatorPage(
            indicator=indicator,
            topic=topics[indicator.topic],
            rankings=[(ranking, ranking_chart(ranking, indicator.kind)) for ranking in rankings],
            groups=_by_group(catalog.body_counts(indicator)) if is_of_bodies else (),
            sums=tuple(catalog.stated_sums(indicator)) if is_of_sums else (),
        )


def _by_group(counts: Iterable[BodyCount]) -> tuple[tuple[PeerGroup, tuple[BodyCount, ...]], ...]:
    """Counts of like bodies together, in their order."""
    groups = groupby(counts, key=lambda count: count.peer_group)
    return tuple((peer_group, tuple(of_group)) for peer_group, of_group in groups)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """A part of the list of agencies and years; ``pages`` are the parts' addresses with their first agencies."""

    part: str
    """What its address ends with: nothing for the first part."""
    lines: Sequence[CoverageLine]
    first: bool
    current: str
    pages: Sequence[tuple[str, Agency]]
    counts: Mapping[Presence, int]
    agencies: Collection[str]
    """The ids of those that have a page."""
    refusals: tuple[Refusal, ...]
    today: date | None


def coverage_pages(inputs: SiteInputs) -> Iterator[CoveragePage]:
    """As many as keep each of them light."""
    lines = tuple(inputs.catalog.coverage())
    starts = range(0, len(lines), AGENCIES_A_PAGE) or range(1)
    parts = {start: f"{start // AGENCIES_A_PAGE + 1}/" if start else "" for start in starts}
    for start, part in parts.items():
        yield CoveragePage(
            part=part,
            lines=lines[start : start + AGENCIES_A_PAGE],
            first=start == 0,
            current=f"coverage/{part}",
            pages=[(f"coverage/{other}", lines[at].agency) for at, other in parts.items() if lines],
            counts=Counter(cell.presence for line in lines for cell in line.cells),
            agencies=frozenset(inputs.catalog.years()),
            refusals=inputs.refusals,
            today=inputs.today,
        )


@dataclass(frozen=True, slots=True)
class FindingsPage:
    checks: Sequence[CheckReports]
    by_check: Mapping[str, CheckFindings]
    by_year: Sequence[YearFindings]


def findings_pages(inputs: SiteInputs) -> Iterator[FindingsPage]:
    catalog = inputs.catalog
    yield FindingsPage(tuple(catalog.checks()), catalog.findings_by_check(MOST_LISTED), catalog.findings_by_year())


# ---------------------------------------------------------------- those that explain


@dataclass(frozen=True, slots=True)
class MethodPage:
    rule_book: Sequence[Rule]


def method_pages(_inputs: SiteInputs) -> Iterator[MethodPage]:
    yield MethodPage(tuple(load_rules().values()))


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page that is the same whatever reports there are: its template has all that it says."""


def plain_pages(_inputs: SiteInputs) -> Iterator[PlainPage]:
    yield PlainPage()


# ---------------------------------------------------------------- of an agency, and of a report


@dataclass(frozen=True, slots=True)
class AgencyPage:
    agency: Agency
    agency_view: AgencyView
    years: Mapping[int, Presence]
    above: tuple[Region, ...]
    peer_group: PeerGroup
    charts: Mapping[str, Chart]
    indicators: Sequence[IndicatorLine]


def agency_pages(inputs: AgencyInputs) -> Iterator[AgencyPage]:
    catalog, peer_group, year = inputs.catalog, inputs.peer_group, inputs.view.latest.report.year
    yield AgencyPage(
        agency=inputs.agency,
        agency_view=inputs.view,
        years=inputs.years,
        above=inputs.above,
        peer_group=peer_group,
        charts=agency_charts(inputs.view, catalog.peers(peer_group, year)),
        indicators=catalog.indicators_of(inputs.agency, peer_group.scope, year),
    )


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A chart as a file that stands alone. ``kind`` says what it shows, ``year`` is the latest report's."""

    kind: str
    chart: Chart
    agency: Agency
    year: int


def chart_files(page: AgencyPage) -> Iterator[ChartFile]:
    """Each chart of an agency's page."""
    for kind, chart in page.charts.items():
        yield ChartFile(kind, chart, page.agency, page.agency_view.latest.report.year)


@dataclass(frozen=True, slots=True)
class ReportPage:
    view: ReportView
    agency: Agency
    agency_view: AgencyView
    years: Mapping[int, Presence]
    above: tuple[Region, ...]
    above_agency: Agency
    downloads: Downloads | None
    checks: Sequence[CheckCount]


def report_pages(inputs: ReportInputs) -> Iterator[ReportPage]:
    of_agency = inputs.of_agency
    yield ReportPage(
        view=inputs.view,
        agency=of_agency.agency,
        agency_view=of_agency.view,
        years=of_agency.years,
        above=of_agency.above,
        above_agency=of_agency.agency,
        downloads=inputs.downloads,
        checks=of_agency.catalog.checks_of(of_agency.agency, inputs.view.report.year),
    )


@dataclass(frozen=True, slots=True)
class SourcePage:
    view: ReportView
    source: SourceView
    agency: Agency
    above: tuple[Region, ...]
    above_agency: Agency


def source_pages(inputs: ReportInputs) -> Iterator[SourcePage]:
    of_agency = inputs.of_agency
    yield SourcePage(
        view=inputs.view,
        source=source_view(inputs.view, inputs.images),
        agency=of_agency.agency,
        above=of_agency.above,
        above_agency=of_agency.agency,
    )
