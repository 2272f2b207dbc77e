"""An agency's reports -> its charts.

In: the view of an agency. Out: the geometry of each chart, from the totals that the reports state. A total that an
error of the checks names is drawn and marked; one that is blank or couldn't be read is a gap, as is a year without a
report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from gongkai.checks.figure_groups import PREFIX_GROUPS
from gongkai.model import REQUESTS, REVIEWS, Key
from gongkai.publish.catalog import ListLine
from gongkai.publish.chart_shapes import BandChart, BarChart, Datum, Distribution, Missing, Parts, StackChart
from gongkai.publish.charts import band_chart, bar_chart, distribution, scale_of, stack_chart
from gongkai.publish.indicators import Kind
from gongkai.publish.peer_comparison import FEWEST, Peers
from gongkai.publish.rankings import PeerGroup, Ranking
from gongkai.publish.report_summary import BALANCED
from gongkai.publish.report_view import AgencyView, ReportView

FLOW = ("new_received", "processed_total", "carried_out")
OUTCOMES = ("granted", "partially_granted", *PREFIX_GROUPS)
RESULTS = ("upheld", "corrected", "other", "pending")
REVIEW = ("administrative_review",)
LITIGATION = ("litigation_direct", "litigation_after_review")


MOST_MARKED = 8
"""So many agencies are named in a distribution at most; more names would hide it."""

Chart = BandChart | StackChart | BarChart | Distribution


def agency_charts(view: AgencyView, peers: Peers) -> dict[str, Chart]:
    """The charts by what they show, without those for which nothing is stated.

    ``grounds`` are the latest report's, and ``peers`` the like agencies of its year.
    """
    agency = view.latest.report.agency
    reviews = _parts(view, lambda report: _results(report, REVIEW))
    litigation = _parts(view, lambda report: _results(report, LITIGATION))
    highest = max((parts.total for parts in (*reviews, *litigation)), default=Decimal(0))
    charts: dict[str, Chart | None] = {
        "applications": band_chart({row: _series(view, Key(REQUESTS, row, "total")) for row in FLOW}),
        "outcomes": stack_chart(_parts(view, _outcomes), OUTCOMES, as_shares=True),
        "grounds": bar_chart(_grounds(view.latest)),
        "reviews": stack_chart(reviews, RESULTS, as_shares=False, highest=highest),
        "litigation": stack_chart(litigation, RESULTS, as_shares=False, highest=highest),
        "among": among(peers, {agency.id: agency.name}),
    }
    return {kind: chart for kind, chart in charts.items() if chart}


def among(peers: Peers, named: Mapping[str, str]) -> Distribution | None:
    """The shares that like agencies disclosed, with the agencies in ``named`` (id -> name) marked.

    ``None`` where an agency has fewer than five others, none of the named ones has a share, or too many have.
    """
    marked = {name: peers.disclosed[agency] for agency, name in named.items() if agency in peers.disclosed}
    if len(peers.disclosed) <= FEWEST or not 0 < len(marked) <= MOST_MARKED:
        return None
    return distribution(list(peers.disclosed.values()), marked)


def region_charts(
    lines: Iterable[ListLine], peers: Callable[[PeerGroup, int], Peers]
) -> list[tuple[int, Distribution]]:
    """For each kind of agency in a region, its latest reports among those of like agencies; with their year."""
    groups: dict[tuple[PeerGroup, int], dict[str, str]] = {}
    for line in lines:
        peer_group = PeerGroup(line.agency.level, line.agency.kind, line.scope)
        groups.setdefault((peer_group, line.year), {})[line.agency.id] = line.agency.name
    charts = [(year, among(peers(peer_group, year), named)) for (peer_group, year), named in groups.items()]
    return [(year, chart) for year, chart in charts if chart]


def ranking_chart(ranking: Ranking, kind: Kind) -> Distribution | None:
    """How the values of like agencies are spread, without those with findings; ``None`` if fewer than five have one.

    ``kind`` is the indicator's.
    """
    stated = (line.value for line in ranking.ranked if not line.value.in_doubt)
    values = [value.value for value in stated if value.value is not None]
    if len(values) < FEWEST:
        return None
    if kind == "days":
        return distribution(values, {}, scale_of(values, Decimal(1)), "days")
    if kind == "share":
        return distribution(values, {})
    return distribution(values, {}, scale_of(values, Decimal("0.01")), "growth" if kind == "growth" else "share")


def _series(view: AgencyView, key: Key) -> tuple[Datum, ...]:
    reports = {report.report.year: report for report in view.reports}
    return tuple(
        _datum(reports[year], key) if year in reports else Datum(year, None, "not_collected") for year in view.years
    )


def _parts(view: AgencyView, of: Callable[[ReportView], Parts]) -> tuple[Parts, ...]:
    reports = {report.report.year: report for report in view.reports}
    return tuple(of(reports[year]) if year in reports else Parts(year, None, "not_collected") for year in view.years)


def _datum(view: ReportView, key: Key) -> Datum:
    value = view.report.value(*key)
    missing = _why(view, [key]) if value is None else None
    unbalanced = key.row in BALANCED and Key(REQUESTS, "", key.column) in view.contradicted
    return Datum(view.report.year, value, missing, key in view.contradicted or unbalanced)


def _outcomes(view: ReportView) -> Parts:
    """The groups of outcomes; none of them where one is not stated, since a share of the rest would be too high."""
    values = {name: getattr(view.summary, name) for name in OUTCOMES}
    keys = [Key(REQUESTS, row.id, "total") for row in view.report.table(REQUESTS).rows if row.id not in BALANCED]
    in_doubt = bool(view.contradicted.intersection((*keys, Key(REQUESTS, "processed_total", "total"))))
    return _whole(view, values, keys, in_doubt)


def _grounds(view: ReportView) -> dict[str, Datum]:
    rows = [row.id for row in view.report.table(REQUESTS).rows if row.id.startswith("denied_")]
    return {row: _datum(view, Key(REQUESTS, row, "total")) for row in rows}


def _results(view: ReportView, channels: tuple[str, ...]) -> Parts:
    """The results of some channels together. A blank is none where the channel's total holds without it."""
    values: dict[str, Decimal | None] = dict.fromkeys(RESULTS, Decimal(0))
    for channel in channels:
        printed = {result: view.report.value(REVIEWS, channel, result) for result in RESULTS}
        stated = [value for value in printed.values() if value is not None]
        holds = bool(stated) and sum(stated) == view.report.value(REVIEWS, channel, "total")
        for result, value in printed.items():
            term, before = Decimal(0) if value is None and holds else value, values[result]
            values[result] = None if term is None or before is None else before + term
    keys = [Key(REVIEWS, channel, column) for channel in channels for column in (*RESULTS, "total")]
    return _whole(view, values, keys, bool(view.contradicted.intersection(keys)))


def _whole(view: ReportView, values: dict[str, Decimal | None], keys: Iterable[Key], in_doubt: bool) -> Parts:
    stated = {name: value for name, value in values.items() if value is not None}
    if len(stated) < len(values):
        return Parts(view.report.year, None, _why(view, keys))
    return Parts(view.report.year, stated, None, in_doubt)


def _why(view: ReportView, keys: Iterable[Key]) -> Missing:
    cells = (view.tables[key.resource].cells.get(key) for key in keys)
    return "unread" if any(cell and cell.unread for cell in cells) else "blank"
