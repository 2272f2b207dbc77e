from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.checks.form_checks import identity_checks
from gongkai.checks.registry import accounting_checks
from gongkai.checks.report_checks import report_results
from gongkai.checks.rules import reason_words
from gongkai.form import EDITIONS, Edition, load_form, printed_rows
from gongkai.identities import IdentityResult, identity_results, verdict
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, WHOLE_REPORT, CheckResult, Finding, Key, Report, Table, Verdict
from tests.builders import check_report, make_report

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_services_organization",
    "other_organization",
)
COLUMNS = (*APPLICANTS, "total")
CHANNELS = ("administrative_review", "litigation_direct", "litigation_after_review")
RESULTS = ("upheld", "corrected", "other", "pending", "total")


def request(row: str, column: str) -> Key:
    return Key(REQUESTS, row, column)


def said(report: Report, check: str, at: str) -> IdentityResult:
    """What an identity says of one row or column."""
    return next(
        result for result in identity_results(report) if result.identity.check == check and result.row_or_column == at
    )


def accounting(report: Report) -> list[Finding]:
    return [finding for finding in check_report(report) if finding.check != "missing_cell"]


def unreadable(report: Report, key: Key, printed: str = "8?") -> Report:
    """The report with a figure that was printed and could not be read."""
    figures = {**report.figures, key: report.figures[key]._replace(value=None, printed=printed)}
    return replace(report, figures=figures)


def absent(report: Report, *keys: Key) -> Report:
    """The report with figures that were not found in print."""
    return replace(report, figures={key: figure for key, figure in report.figures.items() if key not in keys})


def with_one_row_for_others(report: Report) -> Report:
    """The report as one of the 2021 form that prints （六）其他处理 as one row."""
    rows = printed_rows(load_form("2021").table(REQUESTS), {"other_handling"})
    tables = tuple(Table(t.resource, t.form, rows) if t.resource == REQUESTS else t for t in report.tables)
    figures = {key: figure for key, figure in report.figures.items() if not key.row.startswith("other_")}
    for column in COLUMNS:
        key = request("other_handling", column)
        figures[key] = report.figures[request("granted", column)]._replace(key=key, value=Decimal(0), printed="0")
    return replace(report, tables=tables, figures=figures)


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        pytest.param([3, 1], [2, 2], Verdict.HOLDS, id="equal"),
        pytest.param([3, 1], [2, 1], Verdict.FAILS, id="one-application-lost"),
        pytest.param([3, 1], [2, 3], Verdict.FAILS, id="one-application-too-many"),
        pytest.param([3, None], [2, 1], Verdict.HOLDS, id="a-blank-counts-as-zero-where-the-sum-then-holds"),
        pytest.param([3, None], [2, 2], Verdict.UNDECIDED, id="else-a-blank-leaves-it-open"),
        pytest.param([3, 1], [None, 2], Verdict.UNDECIDED, id="a-blank-on-the-right-too"),
        pytest.param([None, None], [None], Verdict.HOLDS, id="all-blank"),
        pytest.param([0], [None], Verdict.HOLDS, id="zero-and-blank"),
        pytest.param([], [], Verdict.HOLDS, id="no-terms"),
        pytest.param([10**15], [10**15 - 1], Verdict.FAILS, id="large-numbers-are-compared-exactly"),
        pytest.param([-1], [1], Verdict.FAILS, id="signs-count"),
    ],
)
def test_sums_are_equal_or_not_or_a_blank_leaves_it_open(
    left: list[int | None], right: list[int | None], expected: Verdict
) -> None:
    assert verdict([_decimal(n) for n in left], [_decimal(n) for n in right]) is expected


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


counts = st.lists(st.none() | st.integers(0, 99).map(Decimal), max_size=5)


@given(counts, counts)
def test_a_verdict_fails_only_where_no_cell_is_blank_and_the_sides_do_not_matter(
    left: list[Decimal | None], right: list[Decimal | None]
) -> None:
    found = verdict(left, right)
    assert found is verdict(right, left)
    if found is Verdict.FAILS:
        assert None not in left + right


# ---------------------------------------------------------------- both forms


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_that_adds_up_has_no_finding(edition: Edition) -> None:
    report = make_report(edition)
    assert check_report(report) == ()
    assert {result.verdict for result in identity_results(report)} == {Verdict.HOLDS}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_identity_is_asked_of_every_column_row_and_channel(edition: Edition) -> None:
    report = make_report(edition)
    asked = {(result.identity.check, result.row_or_column) for result in identity_results(report)}
    rows = [row.id for row in report.table(REQUESTS).rows]
    assert asked == {
        *(("balance", column) for column in COLUMNS),
        *(("processed_total", column) for column in COLUMNS),
        *(("row_total", row) for row in rows),
        *(("review_total", channel) for channel in CHANNELS),
    }


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param(
            request("carried_in", "total"),
            5,
            {("balance", "", "total", "15", "12"), ("row_total", "carried_in", "total", "2", "5")},
            id="carried-in",
        ),
        pytest.param(
            request("carried_out", "research_institution"),
            1,
            {("balance", "", "research_institution", "0", "1"), ("row_total", "carried_out", "total", "4", "3")},
            id="carried-out-of-one-applicant",
        ),
        pytest.param(
            request("granted", "natural_person"),
            7,
            {
                ("processed_total", "processed_total", "natural_person", "10", "9"),
                ("row_total", "granted", "total", "7", "6"),
            },
            id="an-outcome",
        ),
        pytest.param(
            request("processed_total", "total"),
            8,
            {
                ("processed_total", "processed_total", "total", "9", "8"),
                ("balance", "", "total", "12", "11"),
                ("row_total", "processed_total", "total", "9", "8"),
            },
            id="the-total-of-totals",
        ),
        pytest.param(
            Key(REVIEWS, "litigation_direct", "total"),
            6,
            {("review_total", "litigation_direct", "total", "4", "6")},
            id="a-channel-s-total",
        ),
        pytest.param(
            Key(REVIEWS, "administrative_review", "pending"),
            0,
            {("review_total", "administrative_review", "total", "3", "4")},
            id="a-channel-s-result",
        ),
    ],
)
def test_a_figure_that_does_not_add_up_is_an_error_with_both_sums(
    edition: Edition, key: Key, value: int, expected: set[tuple[str, ...]]
) -> None:
    found = check_report(make_report(edition, {key: value}))
    assert {(f.check, f.row, f.column, f.expected, f.actual) for f in found} == expected
    assert len(found) == len(expected)
    assert {f.severity for f in found} == {"error"}
    assert {f.resource for f in found} == {key.resource}
    assert all(f"{f.expected} and {f.actual} differ" in f.message for f in found)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_outcome_from_granted_to_the_last_counts_in_the_processed_total(edition: Edition) -> None:
    report = make_report(edition)
    rows = [row.id for row in report.table(REQUESTS).rows]
    for outcome in rows[rows.index("granted") : rows.index("processed_total")]:
        key = request(outcome, "total")
        changed = make_report(edition, {key: int(report.figures[key].value or 0) + 1})
        assert said(changed, "processed_total", "total").verdict is Verdict.FAILS
        assert said(changed, "processed_total", "natural_person").verdict is Verdict.HOLDS


@pytest.mark.parametrize("applicant", APPLICANTS)
def test_every_applicant_counts_in_a_row_s_total(applicant: str) -> None:
    key = request("carried_in", applicant)
    changed = make_report(values={key: 1 if applicant != "natural_person" else 3})
    assert said(changed, "row_total", "carried_in").verdict is Verdict.FAILS


@pytest.mark.parametrize("value", [0, 1])
def test_one_row_for_other_handling_counts_like_the_three(value: int) -> None:
    report = with_one_row_for_others(make_report())
    key = request("other_handling", "total")
    report = replace(report, figures={**report.figures, key: report.figures[key]._replace(value=Decimal(value))})
    expected = Verdict.FAILS if value else Verdict.HOLDS
    assert said(report, "processed_total", "total").verdict is expected


def test_figures_of_section_two_are_in_no_identity() -> None:
    assert check_report(make_report(values={Key(PROACTIVE, "1/regulations", "in_force"): 99})) == ()


def test_a_report_of_mixed_forms_is_checked_by_the_2021_identities() -> None:
    report = replace(make_report(values={request("other_miscellaneous", "total"): 1}), form="mixed")
    assert said(report, "processed_total", "total").verdict is Verdict.FAILS


# ---------------------------------------------------------------- blanks


def test_a_blank_where_zero_would_hold_is_a_missing_cell_and_no_error() -> None:
    key = request("denied_third_party", "total")
    found = check_report(make_report(values={key: None}))
    assert [(f.check, f.severity, f.resource, f.row, f.column) for f in found] == [("missing_cell", "info", *key)]


def test_a_blank_where_zero_would_not_hold_says_which_cells_are_missing() -> None:
    key = request("carried_in", "natural_person")
    found = accounting(make_report(values={key: None}))
    assert {(f.check, f.row, f.column, f.expected, f.actual) for f in found} == {
        ("balance", "", "natural_person", "10", "12"),
        ("row_total", "carried_in", "total", "0", "2"),
    }
    assert all("cells are missing (carried_in natural_person)" in f.message for f in found)


def test_a_failure_without_blanks_does_not_speak_of_missing_cells() -> None:
    (found,) = accounting(make_report(values={Key(REVIEWS, "litigation_direct", "total"): 6}))
    assert "missing" not in found.message


def test_row_totals_are_not_checked_where_every_total_is_blank() -> None:
    report = make_report()
    blank = {request(row.id, "total"): None for row in report.table(REQUESTS).rows}
    report = make_report(values=blank)
    assert {r.verdict for r in identity_results(report) if r.identity.check == "row_total"} == {Verdict.NOT_APPLICABLE}
    assert not [f for f in check_report(report) if f.check == "row_total"]


def test_one_total_that_is_printed_makes_the_others_missing() -> None:
    rows = [row.id for row in make_report().table(REQUESTS).rows if row.id != "granted"]
    report = make_report(values={request(row, "total"): None for row in rows})
    assert said(report, "row_total", "granted").verdict is Verdict.HOLDS
    assert said(report, "row_total", "new_received").verdict is Verdict.UNDECIDED
    assert said(report, "row_total", "denied_state_secret").verdict is Verdict.HOLDS


def test_a_report_with_totals_alone_says_that_the_applicants_are_missing() -> None:
    rows = [row.id for row in make_report().table(REQUESTS).rows]
    report = make_report(values={request(row, column): None for row in rows for column in APPLICANTS})
    found = [f for f in check_report(report) if f.check == "row_total"]
    assert [f.row for f in found] == [row for row in rows if report.value(REQUESTS, row, "total")]
    assert all("cells are missing" in f.message for f in found)
    assert said(report, "balance", "total").verdict is Verdict.HOLDS


@pytest.mark.parametrize("printed", ["", "/", "—", " - ", "／"])
def test_what_stands_in_a_blank_cell_is_told(printed: str) -> None:
    report = unreadable(make_report(), Key(PROACTIVE, "8/fees", "amount"), printed)
    (found,) = check_report(report)
    assert found.check == "missing_cell"
    assert found.severity == "info"
    assert (found.resource, found.row, found.column) == (PROACTIVE, "8/fees", "amount")
    assert found.actual == printed.strip()


# ---------------------------------------------------------------- what was not read


def test_a_figure_that_could_not_be_read_leaves_its_identities_open_in_silence() -> None:
    report = unreadable(make_report(), request("new_received", "total"))
    assert said(report, "balance", "total").verdict is Verdict.NOT_APPLICABLE
    assert said(report, "row_total", "new_received").verdict is Verdict.NOT_APPLICABLE
    assert check_report(report) == ()


def test_a_row_that_was_not_found_leaves_its_identities_open_in_silence() -> None:
    report = absent(make_report(), *(request("carried_in", column) for column in COLUMNS))
    assert said(report, "balance", "natural_person").verdict is Verdict.NOT_APPLICABLE
    assert said(report, "balance", "research_institution").verdict is Verdict.HOLDS
    assert check_report(report) == ()


def test_a_figure_that_could_not_be_read_does_not_silence_other_columns() -> None:
    report = unreadable(make_report(values={request("carried_in", "total"): 5}), request("granted", "natural_person"))
    assert {(f.check, f.column) for f in check_report(report)} == {("balance", "total"), ("row_total", "total")}


def test_a_table_that_was_not_found_is_not_checked() -> None:
    report = make_report(values={Key(REVIEWS, "litigation_direct", "total"): 6})
    tables = tuple(replace(table, form=None) if table.resource == REVIEWS else table for table in report.tables)
    report = replace(report, tables=tables)
    assert {r.verdict for r in identity_results(report) if r.identity.check == "review_total"} == {
        Verdict.NOT_APPLICABLE
    }
    assert check_report(report) == ()


# ---------------------------------------------------------------- results


def ruled(report: Report, check: str, *noted: Finding) -> dict[tuple[str, ...], CheckResult]:
    """What a check says, by resource, row and column."""
    return {r.at: r for r in report_results(report, noted) if r.check == check}


def test_an_identity_is_ruled_on_where_its_finding_would_stand() -> None:
    said = ruled(make_report(values={request("carried_in", "total"): 5}), "balance")
    assert set(said) == {(REQUESTS, "", column) for column in COLUMNS}
    assert said[REQUESTS, "", "total"].verdict is Verdict.FAILS
    assert said[REQUESTS, "", "total"].finding == accounting(make_report(values={request("carried_in", "total"): 5}))[0]
    assert said[REQUESTS, "", "natural_person"].verdict is Verdict.HOLDS
    assert said[REQUESTS, "", "natural_person"].finding is None


def test_a_blank_that_leaves_an_identity_open_is_named_as_the_reason() -> None:
    said = ruled(make_report(values={request("carried_in", "natural_person"): None}), "balance")
    result = said[REQUESTS, "", "natural_person"]
    assert (result.verdict, result.reason) == (Verdict.UNDECIDED, "cells are blank: carried_in natural_person")
    assert result.finding


def test_why_an_identity_does_not_apply_is_told() -> None:
    blank = make_report(values={request(row.id, "total"): None for row in make_report().table(REQUESTS).rows})
    illegible = unreadable(make_report(), request("new_received", "total"))
    assert {r.reason for r in ruled(blank, "row_total").values()} == {"every row's total is blank"}
    assert "could not be read" in ruled(illegible, "balance")[REQUESTS, "", "total"].reason


@pytest.mark.parametrize("check", ["form", "reading"])
def test_what_reading_noted_is_ruled_on_as_it_was_noted(check: str) -> None:
    finding = Finding(check=check, severity="warning", at=Key(REQUESTS, "granted", "total"), message="as noted")
    said = ruled(make_report(), check, finding, Finding(check="narrative", severity="warning", at=Key(REVIEWS)))
    assert said[REQUESTS, "granted", "total"].finding == finding
    assert {place: r.verdict for place, r in said.items() if not r.finding} == {
        (PROACTIVE, "", ""): Verdict.HOLDS,
        (REVIEWS, "", ""): Verdict.HOLDS,
    }


def test_a_cell_is_filled_in_or_blank_or_was_not_read() -> None:
    blank, illegible = request("granted", "total"), request("granted", "natural_person")
    said = ruled(unreadable(make_report(values={blank: None}), illegible), "missing_cell")
    assert {place: r.verdict for place, r in said.items() if r.verdict is not Verdict.HOLDS} == {
        blank: Verdict.FAILS,
        illegible: Verdict.NOT_APPLICABLE,
    }


# ---------------------------------------------------------------- never


@given(st.dictionaries(st.sampled_from(list(make_report().figures)), st.none() | st.integers(0, 10**14), max_size=20))
def test_whatever_the_figures_checking_changes_nothing_and_says_the_same_again(values: dict[Key, int | None]) -> None:
    report = make_report(values=values)
    before = dict(report.figures)
    found = check_report(report)
    assert report.figures == before
    assert check_report(report) == found
    blanks = [key for key, value in values.items() if value is None]
    assert {(f.resource, f.row, f.column) for f in found if f.check == "missing_cell"} == set(blanks)
    for f in found:
        if f.check != "missing_cell":
            assert f.severity == "error"
            assert f.expected != f.actual


def test_an_identity_that_another_form_alone_prescribes_does_not_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.checks.form_checks.accounting_checks", lambda: accounting_checks() | {"another"})
    (result,) = [r for r in identity_checks(make_report()) if r.check == "another"]
    assert (result.verdict, result.at) == (Verdict.NOT_APPLICABLE, WHOLE_REPORT)
    assert reason_words(result.reason)
