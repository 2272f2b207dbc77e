"""Each indicator is what its formula says, of what a report states, and never of what it doesn't."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gongkai.checks.figure_groups import GROUPS, ORGANIZATION_COLUMNS, PREFIX_GROUPS, members
from gongkai.data_files import WRITTEN_IN
from gongkai.form import EDITIONS, Edition, FormTable, load_form
from gongkai.model import REQUESTS, REVIEWS, Agency, Finding, Key, Origin, Report, Section, Table
from gongkai.publish.indicators import (
    Indicator,
    IndicatorValue,
    indicator_values,
    load_indicators,
    wilson,
)
from tests.builders import AGENCY, make_report

ALL = list(load_indicators().indicators.values())


def requests(column: str = "total", /, **rows: int | None) -> dict[Key, int | None]:
    return {Key(REQUESTS, row, column): value for row, value in rows.items()}


def reviews(channel: str, **columns: int | None) -> dict[Key, int | None]:
    return {Key(REVIEWS, channel, column): value for column, value in columns.items()}


def form_keys(table: FormTable) -> tuple[Key, ...]:
    return table.keys()


def value_of(
    indicator: str, report: Report, findings: Sequence[Finding] = (), earlier: Report | None = None
) -> IndicatorValue:
    return next(value for value in indicator_values(report, findings, earlier) if value.indicator == indicator)


def of(indicator: str, values: Mapping[Key, int | None], edition: Edition = "2021", **changes: Any) -> IndicatorValue:
    return value_of(indicator, make_report(edition, values, **changes))


# ---------------------------------------------------------------- the data


@pytest.mark.parametrize("indicator", ALL, ids=lambda indicator: indicator.id)
def test_every_indicator_says_in_both_languages_what_it_is_and_where_it_comes_from(indicator: Indicator) -> None:
    for words in (indicator.title, indicator.definition, indicator.formula, indicator.source):
        assert set(words) == set(WRITTEN_IN)
        assert all(text.strip() and "{" not in text for text in words.values())
    assert all(indicator.caveats[language] for language in WRITTEN_IN)
    assert len(indicator.caveats["zh"]) == len(indicator.caveats["en"])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("indicator", ALL, ids=lambda indicator: indicator.id)
def test_every_address_is_a_figure_of_both_forms_but_the_catch_all_row(indicator: Indicator, edition: Edition) -> None:
    report = make_report(edition)
    known = {key for table in load_form(edition).tables for key in form_keys(table)}
    for term in (*indicator.numerator, *indicator.denominator, *indicator.apart):
        figures = members(report, term)
        assert figures
        if (term.row, edition) != ("other_miscellaneous", "2019"):
            assert set(figures) <= known, term


def test_every_kind_has_the_terms_that_it_needs() -> None:
    for indicator in ALL:
        assert bool(indicator.numerator) == (indicator.kind not in {"days", "stated"}), indicator.id
        assert bool(indicator.denominator) == (indicator.kind in {"share", "ratio"}), indicator.id
        assert bool(indicator.since) == (indicator.kind == "days"), indicator.id


def test_every_ground_of_refusal_and_every_kind_of_applicant_has_its_share() -> None:
    form = load_form("2021").table(REQUESTS)
    grounds = {row.id for row in form.rows() if row.id.startswith("denied_")}
    shares = {term.row for indicator in ALL if indicator.id.startswith("refusal_") for term in indicator.numerator}
    applicants = {
        term.column for indicator in ALL if indicator.id.startswith("applicant_") for term in indicator.numerator
    }

    assert shares == grounds
    assert applicants == {"natural_person", *ORGANIZATION_COLUMNS}


def test_what_leaves_administrative_queries_out_leaves_out_them_alone() -> None:
    report = make_report()
    for name in ("substantive_full_disclosure", "substantive_disclosure"):
        both = [load_indicators().indicators[id] for id in (name, f"{name}_without_queries")]
        with_them, without = ({key for term in i.denominator for key in members(report, term)} for i in both)
        assert with_them - without == {Key(REQUESTS, "denied_administrative_query", "total")}


def test_groups_are_sums_of_rows_that_the_form_has() -> None:
    rows = {row.id for edition in EDITIONS for table in load_form(edition).tables for row in table.rows()}
    assert {row for group in GROUPS.values() for row in group} <= rows
    assert {*GROUPS, *PREFIX_GROUPS}.isdisjoint(rows)


# ---------------------------------------------------------------- formulas

ROWS = {"new_received": 50, "carried_in": 10, "granted": 20, "partially_granted": 10, "denied_state_secret": 3}
ROWS |= {"denied_administrative_query": 7, "unavailable_not_held": 6, "unavailable_still_unclear": 2}
ROWS |= {"other_miscellaneous": 2, "processed_total": 50, "carried_out": 10}
FULL = (
    requests(**ROWS)
    | requests("natural_person", new_received=40)
    | requests("commercial_enterprise", new_received=10)
    | reviews("administrative_review", upheld=5, corrected=3, other=2, pending=4, total=14)
    | reviews("litigation_direct", upheld=1, corrected=1, other=0, pending=1, total=3)
    | reviews("litigation_after_review", upheld=1, corrected=0, other=1, pending=2, total=4)
)


@pytest.mark.parametrize(
    ("indicator", "numerator", "denominator"),
    [
        ("disclosure_rate", 30, 50),
        ("full_disclosure_rate", 20, 50),
        ("substantive_full_disclosure", 20, 40),
        ("substantive_disclosure", 30, 40),
        ("substantive_full_disclosure_without_queries", 20, 33),
        ("substantive_disclosure_without_queries", 30, 33),
        ("refusal_state_secret", 3, 10),
        ("refusal_administrative_query", 7, 10),
        ("refusal_third_party", 0, 10),
        ("not_held_share", 6, 8),
        ("catch_all_share", 2, 50),
        ("carry_over_rate", 10, 60),
        ("dispute_rate", 17, 50),
        ("review_correction_rate", 3, 10),
        ("litigation_correction_rate", 1, 4),
        ("applicant_natural_person", 40, 50),
        ("applicant_commercial_enterprise", 10, 50),
    ],
)
def test_a_quotient_is_what_its_formula_says(indicator: str, numerator: int, denominator: int) -> None:
    value = of(indicator, FULL)

    assert (value.status, value.numerator, value.denominator) == ("given", Decimal(numerator), Decimal(denominator))
    assert value.n == denominator
    assert value.value == (Decimal(numerator) / denominator).quantize(Decimal("0.000001"))
    assert not value.in_doubt


def test_pending_cases_stand_apart() -> None:
    assert of("review_correction_rate", FULL).apart == 4
    assert of("litigation_correction_rate", FULL).apart == 3
    assert of("disclosure_rate", FULL).apart is None


def test_a_catch_all_is_not_on_the_form_of_2019_nor_where_it_is_printed_as_one_row() -> None:
    assert of("catch_all_share", {}, "2019").status == "not_on_form"


@pytest.mark.parametrize("indicator", ["disclosure_rate", "substantive_disclosure", "not_held_share", "dispute_rate"])
def test_rows_that_both_forms_have_are_read_alike(indicator: str) -> None:
    assert of(indicator, {}, "2019") == of(indicator, {}, "2021")


# ---------------------------------------------------------------- blanks and zeros


def test_a_zero_denominator_is_no_zero_and_no_value() -> None:
    value = of("refusal_state_secret", {})
    assert (value.status, value.denominator) == ("zero_denominator", Decimal(0))
    assert (value.value, value.low) == (None, None)


def test_a_zero_numerator_is_a_value() -> None:
    value = of("refusal_third_party", FULL)
    assert (value.status, value.value, value.low) == ("given", Decimal(0), Decimal(0))


OPEN = requests(denied_third_party=None) | requests("natural_person", denied_third_party=None)
"""A row whose total its other columns leave open."""


@pytest.mark.parametrize(
    ("values", "indicator", "status"),
    [
        pytest.param(OPEN, "substantive_disclosure", "given", id="the-sum-holds-without-it"),
        pytest.param(OPEN | requests(processed_total=51), "substantive_disclosure", "blank", id="the-sum-fails"),
        pytest.param(
            OPEN | requests(processed_total=None),
            "substantive_disclosure",
            "blank",
            id="both-sides-of-the-sum-have-blanks",
        ),
        pytest.param(
            requests(processed_total=None), "disclosure_rate", "blank", id="a-blank-total-is-not-made-up-of-its-parts"
        ),
        pytest.param(
            requests(carried_in=None, new_received=60),
            "carry_over_rate",
            "given",
            id="the-balance-proves-that-nothing-was-carried-in",
        ),
        pytest.param(requests(carried_in=None), "carry_over_rate", "blank", id="the-balance-fails"),
        pytest.param(
            reviews("administrative_review", other=None, pending=6),
            "review_correction_rate",
            "given",
            id="a-channel-adds-up",
        ),
        pytest.param(
            reviews("administrative_review", other=None), "review_correction_rate", "blank", id="a-channel-does-not"
        ),
        pytest.param(
            reviews("administrative_review", pending=None),
            "review_correction_rate",
            "given",
            id="what-stands-apart-may-be-blank",
        ),
        pytest.param(
            requests("research_institution", new_received=None),
            "applicant_research_institution",
            "given",
            id="a-row-adds-up",
        ),
    ],
)
def test_a_blank_is_a_zero_only_where_the_form_proves_it(
    values: dict[Key, int | None], indicator: str, status: str
) -> None:
    assert of(indicator, FULL | values).status == status


def test_columns_that_are_blank_throughout_are_no_zeros() -> None:
    form = load_form("2021").table(REQUESTS)
    blank = {key: None for key in form_keys(form) if key.column == "total" and not key.row.startswith("other_handling")}
    value = of("disclosure_rate", FULL | blank)
    assert (value.status, value.numerator, value.denominator) == ("blank", None, None)


def test_what_could_not_be_read_is_no_zero_whatever_adds_up() -> None:
    report = make_report(values=FULL)
    key = Key(REQUESTS, "denied_third_party", "total")
    unread = report.figures[key]._replace(value=None, printed="O")
    assert (
        value_of("substantive_disclosure", replace(report, figures={**report.figures, key: unread})).status == "blank"
    )


def test_a_table_without_rows_has_no_indicators_and_breaks_nothing() -> None:
    empty = tuple(Table(table.resource, None, ()) for table in make_report().tables)
    values = indicator_values(make_report(tables=empty, figures={}), ())
    assert {value.status for value in values} == {"not_on_form", "no_earlier_report", "no_date", "not_stated"}


def test_figures_of_thirty_digits_are_divided_exactly() -> None:
    huge = 10**30 - 1
    value = of("disclosure_rate", requests(granted=huge, processed_total=huge))
    assert value.value == Decimal(1)
    assert value.high == 1


# ---------------------------------------------------------------- small numbers, and intervals


@pytest.mark.parametrize(("n", "ranked"), [(29, False), (30, True)])
def test_fewer_than_thirty_cases_are_not_ranked(n: int, ranked: bool) -> None:
    value = of("disclosure_rate", requests(granted=n, processed_total=n))
    assert value.value == Decimal(1)
    assert value.is_ranked is ranked


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
        (20, 20, "0.8389", "1.0000"),
    ],
)
def test_intervals_are_those_of_newcombe_1998(k: int, n: int, low: str, high: str) -> None:
    """Table I of https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, method 3."""
    bounds = wilson(Decimal(k), Decimal(n))
    assert bounds is not None
    assert [bound.quantize(Decimal("0.0001")) for bound in bounds] == [Decimal(low), Decimal(high)]


@pytest.mark.parametrize(("k", "n"), [(2, 1), (-1, 3), (0, 0)])
def test_what_is_no_part_of_a_whole_has_no_interval(k: int, n: int) -> None:
    assert wilson(Decimal(k), Decimal(n)) is None


def test_a_share_of_more_than_the_whole_is_shown_and_marked() -> None:
    value = of("disclosure_rate", requests(granted=60, processed_total=40))
    assert (value.value, value.low, value.in_doubt) == (Decimal("1.5"), None, True)


def test_a_ratio_has_no_interval_and_may_pass_one() -> None:
    value = of("dispute_rate", FULL | reviews("administrative_review", total=60))
    assert (value.low, value.in_doubt, value.status) == (None, False, "given")
    assert value.value == Decimal("1.26")


# ---------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("finding", "indicator", "in_doubt"),
    [
        pytest.param(("error", REQUESTS, "granted", "total"), "disclosure_rate", True, id="at-the-figure"),
        pytest.param(("warning", REQUESTS, "granted", "total"), "disclosure_rate", True, id="a-warning-too"),
        pytest.param(("info", REQUESTS, "granted", "total"), "disclosure_rate", False, id="information-is-no-doubt"),
        pytest.param(("error", REQUESTS, "granted", ""), "disclosure_rate", True, id="at-its-row"),
        pytest.param(("error", REQUESTS, "", "total"), "disclosure_rate", True, id="at-its-column"),
        pytest.param(("error", REQUESTS, "", "natural_person"), "disclosure_rate", False, id="at-another-column"),
        pytest.param(("error", REQUESTS, "carried_in", "total"), "disclosure_rate", False, id="at-another-row"),
        pytest.param(
            ("warning", REQUESTS, "disclosed", "total"), "full_disclosure_rate", True, id="at-a-group-that-has-it"
        ),
        pytest.param(
            ("warning", REQUESTS, "denied_third_party", "total"), "substantive_disclosure", True, id="within-a-group"
        ),
        pytest.param(
            ("warning", REQUESTS, "to_handle", "total"), "carry_over_rate", True, id="at-received-and-carried-in"
        ),
        pytest.param(
            ("warning", REQUESTS, "new_received", "organizations"),
            "applicant_research_institution",
            True,
            id="at-all-organisations",
        ),
        pytest.param(
            ("warning", REQUESTS, "new_received", "organizations"), "growth", False, id="which-the-total-is-not"
        ),
        pytest.param(("warning", REQUESTS, "", ""), "disclosure_rate", True, id="at-the-table"),
        pytest.param(("warning", REVIEWS, "", ""), "disclosure_rate", False, id="at-another-table"),
        pytest.param(("warning", "", "", ""), "disclosure_rate", False, id="at-no-table"),
        pytest.param(("error", REVIEWS, "administrative_review", "total"), "dispute_rate", True, id="at-a-channel"),
        pytest.param(
            ("error", REVIEWS, "litigation_after_review", "total"),
            "dispute_rate",
            False,
            id="at-a-channel-that-is-left-out",
        ),
        pytest.param(("error", "sections", "denied", "total"), "disclosure_rate", False, id="at-what-is-no-table"),
        pytest.param(
            ("error", REQUESTS, "new_received", "total"), "bodies_without_requests", True, id="at-a-count-of-bodies"
        ),
    ],
)
def test_an_indicator_is_marked_where_a_finding_is_about_what_it_is_made_of(
    finding: tuple[Any, str, str, str], indicator: str, in_doubt: bool
) -> None:
    severity, *at = finding
    findings = [Finding(check="a_check", severity=severity, at=Key(*at))]
    earlier = make_report(year=2022)
    assert value_of(indicator, make_report(values=FULL), findings, earlier).in_doubt is in_doubt


# ---------------------------------------------------------------- years, dates, bodies


def test_growth_is_the_change_from_the_year_before() -> None:
    earlier = make_report(year=2022, values=requests(new_received=40))
    value = value_of("growth", make_report(year=2023, values=requests(new_received=50)), (), earlier)
    assert (value.numerator, value.denominator) == (Decimal(10), Decimal(40))
    assert (value.value, value.low) == (Decimal("0.25"), None)


@pytest.mark.parametrize(
    ("earlier", "status"),
    [
        pytest.param(None, "no_earlier_report", id="none-there"),
        pytest.param(make_report(year=2021), "no_earlier_report", id="two-years-before"),
        pytest.param(make_report(year=2022, scope="region"), "unlike_scope", id="of-a-whole-region"),
        pytest.param(make_report(year=2022, values=requests(new_received=None)), "blank", id="which-states-nothing"),
        pytest.param(
            make_report(year=2022, values=requests(new_received=0)), "zero_denominator", id="with-none-received"
        ),
    ],
)
def test_there_is_no_growth_without_a_like_year_before(earlier: Report | None, status: str) -> None:
    value = value_of("growth", make_report(year=2023), (), earlier)
    assert (value.status, value.value) == (status, None)


def test_growth_is_marked_for_findings_of_either_year() -> None:
    finding = Finding(check="row_total", severity="error", at=Key(REQUESTS, "new_received", "total"))
    values = indicator_values(make_report(year=2023), (), make_report(year=2022), [finding])
    assert [value.indicator for value in values if value.in_doubt] == ["growth"]


@pytest.mark.parametrize(
    ("kind", "level", "past"),
    [
        ("department", "county", 10),
        ("government", "county", -50),
        ("government", "township", 10),
        ("office", "province", 10),
    ],
)
def test_publication_is_counted_in_days_from_the_periods_end_and_from_the_deadline(
    kind: str, level: Any, past: int
) -> None:
    agency = Agency(AGENCY.id, AGENCY.name, AGENCY.division_code, level, kind)
    report = make_report(agency=agency, origin=Origin(published=date(2024, 2, 10)))

    since_end, late = value_of("publication_days", report), value_of("publication_days_past_deadline", report)

    assert (since_end.value, since_end.n, since_end.is_ranked) == (Decimal(41), None, True)
    assert late.value == past


def test_the_day_that_the_page_gives_counts_where_nobody_states_another() -> None:
    page = date(2024, 1, 31)
    assert value_of("publication_days", make_report(dated=page)).value == Decimal(31)
    assert value_of("publication_days", make_report(dated=page, origin=Origin(published=date(2024, 1, 1)))).value == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="no-date-of-publication"),
        pytest.param({"origin": Origin(published=date(2024, 2, 1)), "period_end": None}, id="no-period"),
        pytest.param({"origin": Origin(published=date(2023, 2, 1))}, id="published-before-the-period-ended"),
        pytest.param({"created": date(2024, 2, 1)}, id="a-files-own-date-is-none"),
    ],
)
def test_without_a_date_of_publication_there_are_no_days(changes: dict[str, Any]) -> None:
    assert of("publication_days", {}, **changes).status == "no_date"


def test_without_its_kind_an_agency_has_no_known_deadline() -> None:
    report = make_report(agency=replace(AGENCY, kind=""), origin=Origin(published=date(2024, 2, 10)))
    assert value_of("publication_days_past_deadline", report).status == "no_kind"
    assert value_of("publication_days", report).value == Decimal(41)


@pytest.mark.parametrize(("received", "status", "none"), [(0, "given", 1), (3, "given", 0), (None, "blank", None)])
def test_a_body_without_requests_counts_where_it_says_so(received: int | None, status: str, none: int | None) -> None:
    value = of("bodies_without_requests", requests(new_received=received, carried_in=9))
    assert (value.status, value.numerator) == (status, none)


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [("收取信息处理费0.12万元。", "given", Decimal(1200)), ("无。", "not_stated", None)],
)
def test_processing_fees_are_what_section_six_states_and_no_share_of_anything(
    text: str, status: str, value: Decimal | None
) -> None:
    fees = of("processing_fees", {}, sections=(Section(6, "其他需要报告的事项", text),))
    assert (fees.status, fees.value, fees.denominator, fees.n, fees.low) == (status, value, None, None, None)
