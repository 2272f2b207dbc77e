"""Only like is ranked with like, with ties, small numbers and what is not given told apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.model import REQUESTS, Finding, Key, Level, Origin, Section
from gongkai.publish.catalog import Catalog
from gongkai.publish.indicators import load_indicators
from gongkai.publish.peer_comparison import IndicatorLine, Median
from gongkai.publish.rankings import BodyCount, Ranking
from tests.builders import AGENCY, make_report

INDICATORS = load_indicators().indicators


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.sqlite") as opened:
        yield opened


def add(
    catalog: Catalog,
    name: str,
    granted: int | None = 6,
    processed: int = 100,
    findings: tuple[Finding, ...] = (),
    level: Level = "county",
    kind: str = "government",
    received: int | None = 10,
    **changes: Any,
) -> None:
    agency = replace(AGENCY, id=f"990101-{name}", name=f"示例{name}", level=level, kind=kind)
    values = {"granted": granted, "processed_total": processed, "new_received": received}
    figures = {Key(REQUESTS, row, "total"): value for row, value in values.items()}
    catalog.add(make_report(agency=agency, values=figures, **changes), findings, Path(), "")


def ranked(ranking: Ranking) -> list[tuple[int | None, str]]:
    return [(line.rank, line.agency.id.removeprefix("990101-")) for line in ranking.ranked]


def test_the_highest_comes_first_equals_share_a_rank_and_small_numbers_have_none(catalog: Catalog) -> None:
    for name, granted, processed in [("a", 20, 100), ("b", 50, 100), ("c", 20, 100), ("d", 10, 100), ("e", 29, 29)]:
        add(catalog, name, granted, processed)
    add(catalog, "f", None)

    (ranking,) = catalog.rankings(INDICATORS["full_disclosure_rate"])

    assert ranked(ranking) == [(1, "b"), (2, "a"), (2, "c"), (4, "d")]
    assert [(line.rank, line.agency.name) for line in ranking.few] == [(None, "示例e")]
    assert [(line.agency.name, line.value.status) for line in ranking.without] == [("示例f", "blank")]


def test_only_one_level_kind_and_scope_is_ranked_together_the_highest_level_first(catalog: Catalog) -> None:
    add(catalog, "a")
    add(catalog, "b", kind="department")
    add(catalog, "c", level="city")
    add(catalog, "d", scope="region")

    rankings = list(catalog.rankings(INDICATORS["full_disclosure_rate"]))

    assert [(r.peer_group.level, r.peer_group.kind, r.peer_group.scope) for r in rankings] == [
        ("city", "government", "unknown"),
        ("county", "department", "unknown"),
        ("county", "government", "region"),
        ("county", "government", "unknown"),
    ]
    assert [len(ranking.ranked) for ranking in rankings] == [1, 1, 1, 1]


def test_a_ranking_is_of_the_newest_year_that_has_any(catalog: Catalog) -> None:
    add(catalog, "a", year=2021)
    add(catalog, "b", year=2022)
    add(catalog, "c", year=2022)
    add(catalog, "d", granted=None, year=2023)

    (ranking,) = catalog.rankings(INDICATORS["full_disclosure_rate"])

    assert (ranking.year, ranked(ranking)) == (2022, [(1, "b"), (1, "c")])


def test_what_carries_findings_is_ranked_and_marked(catalog: Catalog) -> None:
    add(catalog, "a", findings=(Finding(check="row_total", severity="error", at=Key(REQUESTS, "granted", "total")),))
    add(catalog, "b")

    (ranking,) = catalog.rankings(INDICATORS["full_disclosure_rate"])

    assert [line.value.in_doubt for line in ranking.ranked] == [True, False]


def test_the_fewest_days_come_first(catalog: Catalog) -> None:
    add(catalog, "a", origin=Origin(published=date(2024, 3, 1)))
    add(catalog, "b", origin=Origin(published=date(2024, 1, 20)))
    add(catalog, "c")

    (ranking,) = catalog.rankings(INDICATORS["publication_days"])

    assert ranked(ranking) == [(1, "b"), (2, "a")]
    assert [line.value.status for line in ranking.without] == ["no_date"]


@pytest.mark.parametrize("years", [(2022, 2023), (2023, 2022)], ids=["in-order", "the-later-first"])
def test_growth_looks_back_whatever_the_order_in_which_reports_come(catalog: Catalog, years: tuple[int, int]) -> None:
    for year in years:
        add(catalog, "a", received=40 if year == 2022 else 50, year=year)

    (ranking,) = catalog.rankings(INDICATORS["growth"])

    (line,) = ranking.ranked
    assert (ranking.year, str(line.value.value)) == (2023, "0.250000")


def test_an_indicator_that_nobody_has_ranks_nobody(catalog: Catalog) -> None:
    add(catalog, "a", edition="2019")
    assert list(catalog.rankings(INDICATORS["catch_all_share"])) == []


def test_bodies_are_counted_by_year_and_a_share_is_given_from_thirty_on(catalog: Catalog) -> None:
    add(catalog, "b0", received=0, year=2022)
    for n in range(30):
        add(catalog, f"b{n}", received=0 if n < 12 else 5)
    add(catalog, "blank", received=None)

    newest, before = catalog.body_counts(INDICATORS["bodies_without_requests"])

    assert (newest.year, newest.none, newest.bodies, str(newest.share)) == (2023, 12, 30, "0.4")
    assert (before.year, before.none, before.bodies, before.share) == (2022, 1, 1, None)


def test_counts_say_how_many_have_findings(catalog: Catalog) -> None:
    add(
        catalog,
        "a",
        received=0,
        findings=(Finding(check="row_total", severity="error", at=Key(REQUESTS, "new_received", "total")),),
    )
    (count,) = catalog.body_counts(INDICATORS["bodies_without_requests"])
    assert isinstance(count, BodyCount)
    assert (count.none, count.in_doubt) == (1, 1)


def test_sums_that_reports_state_are_listed_with_all_years_and_not_ranked(catalog: Catalog) -> None:
    def says(text: str) -> dict[str, Any]:
        return {"sections": (Section(6, "其他需要报告的事项", text),), "kind": "department"}

    add(catalog, "a", year=2022, **says("收取信息处理费500元。"))
    add(catalog, "a", year=2023, **says("未收取信息处理费。"))
    add(catalog, "b", year=2023, **says("收取信息处理费0.1万元。"))
    add(catalog, "c", year=2023, **says("无。"))
    add(catalog, "d", year=2023, level="city", **says("无。") | {"kind": "government"})

    (sums,) = catalog.stated_sums(INDICATORS["processing_fees"])

    assert (sums.peer_group.level, sums.reports) == ("county", 4)
    assert [(line.agency.name, line.year, line.amount_cny) for line in sums.stated] == [
        ("示例b", 2023, Decimal(1000)),
        ("示例a", 2022, Decimal(500)),
        ("示例a", 2023, Decimal(0)),
    ]


# ---------------------------------------------------------------- an agency's indicators beside like ones


def line_of(catalog: Catalog, name: str, indicator: str = "full_disclosure_rate", **alike: Any) -> IndicatorLine:
    agency = replace(AGENCY, id=f"990101-{name}", **({"kind": "government"} | alike))
    lines = catalog.indicators_of(agency, "unknown", 2023)
    return next(line for line in lines if line.indicator.id == indicator)


def test_four_others_give_no_median(catalog: Catalog) -> None:
    for name, granted in zip("abcde", (10, 20, 30, 40, 50), strict=True):
        add(catalog, name, granted)
    line = line_of(catalog, "a")
    assert (line.value.value, line.elsewhere) == (Decimal("0.1"), None)


@pytest.mark.parametrize(
    ("name", "median", "agencies"),
    [
        pytest.param("a", "0.4", 5, id="the-lowest"),
        pytest.param("c", "0.4", 5, id="in-the-middle"),
        pytest.param("f", "0.3", 5, id="the-highest"),
        pytest.param("few", "0.35", 6, id="fewer-than-thirty-cases"),
        pytest.param("doubt", "0.35", 6, id="with-a-finding"),
        pytest.param("blank", "0.35", 6, id="without-a-value"),
    ],
)
def test_a_median_leaves_out_ones_own_and_what_is_not_sure(
    catalog: Catalog, name: str, median: str, agencies: int
) -> None:
    for other, granted in zip("abcdef", (10, 20, 30, 40, 50, 90), strict=True):
        add(catalog, other, granted)
    add(catalog, "few", 29, 29)
    add(
        catalog,
        "doubt",
        99,
        findings=(Finding(check="row_total", severity="error", at=Key(REQUESTS, "granted", "total")),),
    )
    add(catalog, "blank", None)
    add(catalog, "elsewhere", 99, level="city")
    add(catalog, "wide", 99, scope="region")

    assert line_of(catalog, name).elsewhere == Median(Decimal(median), agencies)


def test_agencies_of_no_known_kind_are_compared_with_none(catalog: Catalog) -> None:
    for name in "abcdef":
        add(catalog, name, kind="")
    assert line_of(catalog, "a", kind="").elsewhere is None


def test_sums_that_reports_state_have_no_median(catalog: Catalog) -> None:
    for name in "abcdef":
        add(catalog, name, sections=(Section(6, "其他需要报告的事项", "收取信息处理费500元。"),))
    line = line_of(catalog, "a", "processing_fees")
    assert (line.value.value, line.elsewhere) == (Decimal(500), None)
