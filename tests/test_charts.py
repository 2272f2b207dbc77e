"""Charts: scales from zero, what is missing said to be missing, and room for every label that is drawn."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model import REQUESTS, REVIEWS, Finding, Key
from gongkai.publish.agency_charts import agency_charts, among
from gongkai.publish.chart_shapes import BandChart, Datum, Missing, Parts, StackChart
from gongkai.publish.charts import (
    BAR_ROOM,
    LABEL_STEP,
    MOST_YEARS,
    NARROW,
    STACK_PLOT,
    band_chart,
    bar_chart,
    distribution,
    scale_of,
    spread,
    stack_chart,
    ticks,
)
from gongkai.publish.packaged_report import PackagedReport
from gongkai.publish.peer_comparison import Peers
from gongkai.publish.report_view import AgencyView, agency_view
from tests.builders import make_report

NOBODY = Peers({}, {})
COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=1, max_size=40)


def data(*values: int | None, missing: Missing = "not_collected") -> list[Datum]:
    """A figure a year, up to 2024."""
    first = 2025 - len(values)
    return [
        Datum(first + place, None if value is None else Decimal(value), missing if value is None else None)
        for place, value in enumerate(values)
    ]


def parts(year: int, values: Mapping[str, int] | None, missing: Missing | None = None) -> Parts:
    stated = None if values is None else {name: Decimal(value) for name, value in values.items()}
    return Parts(year, stated, missing)


def bands(*values: int | None) -> BandChart:
    chart = band_chart({"a": data(*values)})
    assert chart
    return chart


def stacks(*columns: Parts, as_shares: bool = True, highest: int | None = None) -> StackChart:
    chart = stack_chart(columns, ("a", "b", "c"), as_shares=as_shares, highest=Decimal(highest) if highest else None)
    assert chart
    return chart


def view_of(values: Mapping[Key, int | None], *findings: Finding, year: int = 2023) -> AgencyView:
    """An agency with that report, and one of the year before last."""
    reports = [make_report(year=year - 2), make_report(year=year, values=values)]
    return agency_view(
        [PackagedReport(report, findings if report.year == year else (), Path(), "1") for report in reports]
    )


def total(row: str, column: str = "total") -> Key:
    return Key(REQUESTS, row, column)


# ---------------------------------------------------------------- columns


def test_columns_begin_at_zero_and_are_as_high_as_their_values() -> None:
    chart = bands(0, 5, 10)
    (band,) = chart.bands
    assert [column.height for column in band.columns] == [0, chart.plot / 2, chart.plot]
    assert all(column.top + column.height == band.base for column in band.columns)


def test_all_series_share_one_scale() -> None:
    chart = band_chart({"a": data(100), "b": data(25)})
    assert chart
    assert [band.columns[0].height / chart.plot for band in chart.bands] == [1, 0.25]


def test_a_year_without_a_figure_is_a_gap_with_its_reason_and_never_a_column_of_zero() -> None:
    chart = band_chart({"a": [*data(4, None, None), Datum(2025, None, "blank"), Datum(2026, Decimal(0))]})
    assert chart
    (band,) = chart.bands
    assert [column.datum.year for column in band.columns] == [2022, 2026]
    assert [(gap.missing, round(gap.width / 20)) for gap in band.gaps] == [("not_collected", 2), ("blank", 1)]


def test_zeros_are_drawn_as_zeros() -> None:
    assert [column.height for column in bands(0, 0).bands[0].columns] == [0, 0]


def test_a_negative_count_has_no_height() -> None:
    assert next(column.height for column in bands(-5, 10).bands[0].columns) == 0


@pytest.mark.parametrize("values", [(None,), (None, None, None)])
def test_nothing_is_drawn_of_nothing(values: tuple[None, ...]) -> None:
    assert band_chart({"a": data(*values)}) is None
    assert stack_chart([parts(2024, None, "blank")], ("a",), as_shares=True) is None
    assert bar_chart({"a": Datum(2024, Decimal(0))}) is None
    assert distribution([], {"a": Decimal("0.5")}) is None


@given(COUNTS)
def test_labels_that_a_phone_shows_do_not_touch(values: list[int | None]) -> None:
    chart = band_chart({"a": data(*values)})
    if chart is None:
        return
    shown = [column for column in chart.bands[0].columns if column.shown == "always"]
    for left, right in itertools.pairwise(shown):
        room = (right.middle - left.middle) / 100 * NARROW
        half_widths = sum(len(f"{column.datum.value:,}") for column in (left, right)) * 7 / 2
        assert room >= half_widths


@given(COUNTS)
def test_everything_lies_within_the_chart(values: list[int | None]) -> None:
    chart = band_chart({"a": data(*values)})
    if chart is None:
        return
    for column in chart.bands[0].columns:
        assert column.left >= 0
        assert column.left + column.width <= 100.001
        assert 0 <= column.top <= column.top + column.height <= chart.height
    for gap in chart.bands[0].gaps:
        assert 0 <= gap.left <= gap.left + gap.width <= 100.001


def test_the_last_value_is_always_told_and_a_scale_stands_beside_values_that_are_not() -> None:
    chart = bands(*range(99_981, 100_001))
    assert chart.bands[0].columns[-1].shown == "always"
    assert "never" in {column.shown for column in chart.bands[0].columns}
    assert [tick.value for tick in chart.bands[0].ticks] == [50_000, 100_000]
    assert bands(1, 2, 3).bands[0].ticks == ()


def test_only_the_last_years_are_drawn_of_a_long_history() -> None:
    chart = bands(*range(1, 200))
    assert len(chart.years) == MOST_YEARS
    assert chart.years[-1].year == 2024


def test_the_years_of_a_phone_are_among_those_of_a_wide_page() -> None:
    chart = bands(*range(1, 20))
    assert chart.years[-1].shown == "always"
    places = {how: [place for place, year in enumerate(chart.years) if year.shown == how] for how in ("always", "wide")}
    assert places["wide"]
    steps = {right - left for left, right in zip(places["always"], places["always"][1:], strict=False)}
    assert len(steps) == 1


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, [0]), (1, [0, 1]), (2, [0, 1, 2]), (7, [0, 5]), (10, [0, 5, 10]), (370, [0, 200]), (99_999, [0, 50_000])],
)
def test_ticks_are_round_numbers_from_zero(highest: int, expected: list[int]) -> None:
    assert [int(tick) for tick in ticks(Decimal(highest))] == expected


# ---------------------------------------------------------------- stacks


def test_a_stack_of_shares_is_full_whatever_its_total() -> None:
    chart = stacks(parts(2023, {"a": 1, "b": 1, "c": 2}), parts(2024, {"a": 100, "b": 0, "c": 300}))
    heights = [[segment.height for segment in stack.segments] for stack in chart.stacks]
    plot = chart.base - chart.plot_top
    assert heights == [[plot / 4, plot / 4, plot / 2], [plot / 4, 0, plot * 3 / 4]]
    assert [(label.series, label.share) for label in chart.labels] == [
        ("c", Decimal(75)),
        ("b", Decimal(0)),
        ("a", Decimal(25)),
    ]


def test_a_year_of_which_a_part_is_not_stated_is_a_gap() -> None:
    chart = stacks(parts(2023, None, "blank"), parts(2024, {"a": 1}))
    assert [stack.parts.year for stack in chart.stacks] == [2024]
    assert [gap.missing for gap in chart.gaps] == ["blank"]


def test_nothing_has_no_shares_but_is_a_count() -> None:
    columns = parts(2023, {"a": 0}), parts(2024, {"a": 1})
    assert [gap.missing for gap in stacks(*columns).gaps] == ["none"]
    assert [stack.parts.total for stack in stacks(*columns, as_shares=False).stacks] == [0, 1]


def test_charts_with_one_highest_value_have_one_scale() -> None:
    high = stacks(parts(2024, {"a": 100}), as_shares=False, highest=100)
    low = stacks(parts(2024, {"a": 50}), as_shares=False, highest=100)
    assert low.stacks[0].segments[0].height * 2 == high.stacks[0].segments[0].height
    assert low.height < high.height


def test_a_series_that_no_year_has_is_not_named() -> None:
    assert stacks(parts(2023, {"a": 1, "b": 0, "c": 2}), parts(2024, {"a": 1, "b": 0, "c": 0})).order == ("a", "c")


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any))
def test_names_beside_a_stack_do_not_touch_and_keep_its_order(values: list[int]) -> None:
    chart = stacks(parts(2024, dict(zip("abc", values, strict=True))))
    places = [label.position for label in chart.labels]
    assert all(below - above >= LABEL_STEP - 0.001 for above, below in itertools.pairwise(places))
    assert [label.series for label in chart.labels] == sorted((label.series for label in chart.labels), reverse=True)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param([10, 50], [10, 50], id="where-there-is-room-places-stay"),
        pytest.param([10, 12], [10, 20], id="else-the-later-moves-down"),
        pytest.param([95, 98], [90, 100], id="and-at-the-end-the-earlier-up"),
        pytest.param([-5, 3], [0, 10], id="nothing-begins-before-the-start"),
    ],
)
def test_labels_are_spread_near_where_they_are_wanted(wanted: list[float], expected: list[float]) -> None:
    assert list(spread(wanted, 10, 0, 100)) == expected


# ---------------------------------------------------------------- bars and distributions


def test_bars_come_by_length_zeros_are_listed_and_a_blank_is_no_zero() -> None:
    chart = bar_chart(
        {
            "few": Datum(2024, Decimal(1)),
            "none": Datum(2024, Decimal(0)),
            "blank": Datum(2024, None, "blank"),
            "many": Datum(2024, Decimal(4)),
        }
    )
    assert chart
    assert [(bar.name, bar.missing) for bar in chart.bars] == [("many", None), ("few", None), ("blank", "blank")]
    assert chart.bars[0].width == 4 * chart.bars[1].width
    assert chart.zeros == ("none",)


def test_one_application_is_no_tower() -> None:
    columns, bars = bands(1), bar_chart({"a": Datum(2024, Decimal(1))})
    stack = stacks(parts(2024, {"a": 1}), as_shares=False).stacks[0]
    assert bars
    assert columns.bands[0].columns[0].height == columns.plot / 5
    assert bars.bars[0].width == BAR_ROOM / 5
    assert stack.segments[0].height == STACK_PLOT / 5


def test_a_distribution_counts_every_value_once_from_none_to_all() -> None:
    values = [Decimal(0), Decimal("0.049"), Decimal("0.05"), Decimal("0.62"), Decimal(1)]
    chart = distribution(values, {"a": Decimal("0.62")})
    assert chart
    assert [(round(bin.left), bin.count) for bin in chart.bins] == [(0, 2), (5, 1), (60, 1), (95, 1)]
    assert (chart.values, chart.median, chart.markers[0].position) == (5, Decimal("0.05"), 62)


@pytest.mark.parametrize(
    ("values", "least", "low", "step", "steps"),
    [
        pytest.param(["0.004", "0.061"], "0.01", "0", "0.01", 7, id="small-shares-from-zero"),
        pytest.param(["-0.4", "1.9"], "0.01", "-0.4", "0.2", 12, id="growth-on-both-sides-of-zero"),
        pytest.param(["20", "90"], "1", "0", "5", 18, id="days-from-zero"),
        pytest.param(["0", "0"], "1", "0", "1", 1, id="nothing-but-zeros"),
    ],
)
def test_a_scale_has_round_steps_and_room_for_every_value_and_zero(
    values: list[str], least: str, low: str, step: str, steps: int
) -> None:
    scale = scale_of([Decimal(value) for value in values], Decimal(least))
    assert (scale.low, scale.step, scale.steps) == (Decimal(low), Decimal(step), steps)
    chart = distribution([Decimal(value) for value in values], {}, scale, "growth")
    assert chart
    assert sum(bin.count for bin in chart.bins) == len(values)
    assert 2 <= len(chart.ticks) <= 6
    assert Decimal(0) in {tick.value for tick in chart.ticks}


def test_a_name_runs_away_from_the_nearer_edge() -> None:
    chart = distribution([Decimal(0), Decimal(1)], {"low": Decimal("0.1"), "high": Decimal("0.9")})
    assert chart
    assert [(marker.name, marker.before) for marker in chart.markers] == [("low", False), ("high", True)]


def test_like_agencies_are_drawn_only_where_there_are_five_others_and_one_to_mark() -> None:
    def peers(count: int) -> Peers:
        return Peers({}, {str(number): Decimal(number) / 10 for number in range(count)})

    assert among(peers(5), {"1": "甲"}) is None
    assert among(peers(6), {"1": "甲"})
    assert among(peers(6), {"elsewhere": "甲"}) is None
    assert among(peers(10), {str(number): str(number) for number in range(9)}) is None


# ---------------------------------------------------------------- of an agency


def test_an_agency_has_its_charts_with_the_year_between_as_a_gap() -> None:
    charts = agency_charts(view_of({}), NOBODY)
    applications = charts["applications"]
    assert isinstance(applications, BandChart)
    assert list(applications.series) == ["new_received", "processed_total", "carried_out"]
    assert [datum.missing for datum in applications.series["new_received"]] == [None, "not_collected", None]
    assert {"outcomes", "reviews", "litigation"} <= set(charts)
    assert "grounds" not in charts  # the built report has none
    assert "among" not in charts


def test_a_blank_total_is_a_gap_and_takes_its_years_shares_with_it() -> None:
    blank = total("processed_total"), total("unavailable_not_held")
    charts = agency_charts(view_of(dict.fromkeys(blank)), NOBODY)
    applications, outcomes = charts["applications"], charts["outcomes"]
    assert isinstance(applications, BandChart)
    assert isinstance(outcomes, StackChart)
    assert applications.series["processed_total"][-1] == Datum(2023, None, "blank")
    assert outcomes.columns[-1].missing == "blank"


def test_a_figure_that_could_not_be_read_is_not_called_blank() -> None:
    key = total("new_received")
    charts = agency_charts(view_of({key: None}, Finding(check="reading", severity="error", at=key)), NOBODY)
    assert isinstance(charts["applications"], BandChart)
    assert charts["applications"].series["new_received"][-1].missing == "unread"


def test_what_an_error_names_is_drawn_and_marked() -> None:
    charts = agency_charts(
        view_of(
            {},
            Finding(check="row_total", severity="error", at=total("granted"), expected="7", actual="6"),
            Finding(check="form", severity="warning"),
        ),
        NOBODY,
    )
    assert isinstance(charts["outcomes"], StackChart)
    assert [column.in_doubt for column in charts["outcomes"].columns if column.values] == [False, True]
    assert isinstance(charts["applications"], BandChart)
    assert not any(datum.in_doubt for series in charts["applications"].series.values() for datum in series)


def test_totals_that_do_not_balance_are_all_marked() -> None:
    charts = agency_charts(
        view_of(
            {}, Finding(check="balance", severity="error", at=Key(REQUESTS, column="total"), expected="12", actual="13")
        ),
        NOBODY,
    )
    assert isinstance(charts["applications"], BandChart)
    assert [series[-1].in_doubt for series in charts["applications"].series.values()] == [True, True, True]


def test_a_blank_result_is_none_only_where_the_channels_total_holds_without_it() -> None:
    blank, sum_of = Key(REVIEWS, "administrative_review", "other"), Key(REVIEWS, "administrative_review", "total")
    holds, open_ = (agency_charts(view_of(values), NOBODY) for values in ({blank: None}, {blank: None, sum_of: 9}))
    assert isinstance(holds["reviews"], StackChart)
    assert isinstance(open_["reviews"], StackChart)
    assert holds["reviews"].columns[-1].total == 4
    assert open_["reviews"].columns[-1].missing == "blank"


def test_litigation_adds_both_channels() -> None:
    charts = agency_charts(view_of({}), NOBODY)
    assert isinstance(charts["litigation"], StackChart)
    assert charts["litigation"].columns[-1].values == {
        "upheld": Decimal(4),
        "corrected": Decimal(2),
        "other": Decimal(0),
        "pending": Decimal(2),
    }
