"""Checks of a report beside the same agency's report for the year before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from gongkai.checks.cross_report_checks import cross_report_results
from gongkai.checks.results import findings_of
from gongkai.checks.rules import load_rules
from gongkai.checks.years import JUMP, OTHER_HANDLING, jumps, other_total
from gongkai.form import Edition, load_form, printed_rows
from gongkai.model import PROACTIVE, REQUESTS, CheckResult, Figure, Finding, Key, OtherReports, Report, Table, Verdict
from tests.builders import make_report

Values = Mapping[Key, Decimal | int | None]

IN_TOTAL, IN_PERSON = Key(REQUESTS, "carried_in", "total"), Key(REQUESTS, "carried_in", "natural_person")
OUT_TOTAL, OUT_PERSON = Key(REQUESTS, "carried_out", "total"), Key(REQUESTS, "carried_out", "natural_person")
RULES = "1/regulations"


def pair(
    earlier: Values | None = None,
    now: Values | None = None,
    editions: tuple[Edition, Edition] = ("2021", "2021"),
    **changes: object,
) -> tuple[Report, Report]:
    """Reports for two years in which the second carries in what the first carried out, but for what is changed."""
    before = make_report(editions[0], earlier, year=2022)
    chained: dict[Key, Decimal | int | None] = {IN_TOTAL: 3, IN_PERSON: 3, **(now or {})}
    return before, make_report(editions[1], chained, year=2023, **changes)


def of(check: str, earlier: Report | None, report: Report, break_before: str = "") -> list[CheckResult]:
    return [r for r in cross_report_results(report, OtherReports(earlier, break_before)) if r.check == check]


def found(check: str, earlier: Report, report: Report) -> set[tuple[str, ...]]:
    """Severity, row, column, expected and actual of a check's findings."""
    findings = findings_of(of(check, earlier, report))
    return {(f.severity, f.row, f.column, f.expected, f.actual) for f in findings}


def verdicts(results: list[CheckResult]) -> set[Verdict]:
    return {result.verdict for result in results}


def unread(report: Report, key: Key) -> Report:
    figure = report.figures[key]._replace(value=None, printed="8?")
    return replace(report, figures={**report.figures, key: figure})


def without_table(report: Report, resource: str) -> Report:
    tables = tuple(replace(table, form=None) if table.resource == resource else table for table in report.tables)
    return replace(report, tables=tables)


# ---------------------------------------------------------------- carry_over


@pytest.mark.parametrize("editions", [("2021", "2021"), ("2019", "2021"), ("2019", "2019"), ("2021", "2019")])
def test_what_was_carried_out_is_carried_in_whatever_the_forms(editions: tuple[Edition, Edition]) -> None:
    said = of("carry_over", *pair(editions=editions))
    assert verdicts(said) == {Verdict.HOLDS}
    assert len(said) == 7
    assert said[0].at.column == "total"


def test_totals_that_differ_are_a_warning_with_both_figures() -> None:
    earlier, report = pair(now={IN_TOTAL: 5, IN_PERSON: 5})
    assert found("carry_over", earlier, report) == {
        ("warning", "carried_in", "total", "3", "5"),
        ("warning", "carried_in", "natural_person", "3", "5"),
    }
    (message, _) = [f.message for f in findings_of(of("carry_over", earlier, report))]
    assert message == "the report for 2022 carries 3 over, this one carries 5 in"


def test_other_columns_that_differ_under_equal_totals_are_information() -> None:
    moved = {IN_PERSON: 2, Key(REQUESTS, "carried_in", "commercial_enterprise"): 1}
    assert found("carry_over", *pair(now=moved)) == {
        ("info", "carried_in", "natural_person", "3", "2"),
        ("info", "carried_in", "commercial_enterprise", "0", "1"),
    }


def test_a_blank_is_zero_where_that_holds() -> None:
    column = "research_institution"
    earlier, report = pair(now={Key(REQUESTS, "carried_in", column): None})
    assert found("carry_over", earlier, report) == set()


def test_else_a_blank_leaves_it_open_and_is_named() -> None:
    said = of("carry_over", *pair(now={IN_TOTAL: None}))
    (result,) = [r for r in said if r.verdict is not Verdict.HOLDS]
    assert (result.verdict, result.reason) == (Verdict.UNDECIDED, "cells are blank: carried_in total")
    assert result.finding
    assert (result.finding.severity, result.finding.expected, result.finding.actual) == ("info", "3", "")
    assert "cells are missing (carried_in total)" in result.finding.message


@pytest.mark.parametrize("which", [0, 1])
def test_a_figure_that_could_not_be_read_is_not_compared(which: int) -> None:
    reports = list(pair(now={IN_TOTAL: 5}))
    reports[which] = unread(reports[which], (OUT_TOTAL, IN_TOTAL)[which])
    said = {r.at.column: r.verdict for r in of("carry_over", reports[0], reports[1])}
    assert said["total"] is Verdict.NOT_APPLICABLE
    assert said["natural_person"] is Verdict.HOLDS


@pytest.mark.parametrize("check", ["carry_over", "documents_in_force", "prior_year_items"])
def test_nothing_is_compared_without_a_report_for_the_year_before(check: str) -> None:
    said = of(check, None, make_report())
    assert verdicts(said) == {Verdict.NOT_APPLICABLE}
    assert {r.reason for r in said} == {"no report for 2022 is there"}


@pytest.mark.parametrize("check", ["carry_over", "documents_in_force"])
def test_nothing_is_compared_over_a_change_of_scope(check: str) -> None:
    earlier, report = pair(now={IN_TOTAL: 9, Key(PROACTIVE, RULES, "in_force"): 99}, scope="region")
    assert findings_of(of(check, earlier, report))
    said = of(check, replace(earlier, scope="agency"), report)
    assert verdicts(said) == {Verdict.NOT_APPLICABLE}
    assert {r.reason for r in said} == {"the scope changed from agency to region"}


def test_nothing_is_compared_over_a_merger() -> None:
    earlier, report = pair(now={IN_TOTAL: 9})
    said = of("carry_over", earlier, report, "the agency took over another")
    assert [(r.verdict, r.reason) for r in said] == [(Verdict.NOT_APPLICABLE, "the agency took over another")]


@pytest.mark.parametrize("which", [0, 1])
def test_a_table_that_one_year_lacks_is_not_compared(which: int) -> None:
    reports = list(pair(now={IN_TOTAL: 9}))
    reports[which] = without_table(reports[which], REQUESTS)
    said = of("carry_over", reports[0], reports[1])
    assert [r.verdict for r in said] == [Verdict.NOT_APPLICABLE]
    assert "no such table" in said[0].reason


# ---------------------------------------------------------------- documents_in_force


def documents(issued: int | None, repealed: int | None, in_force: int | None) -> Values:
    figures = {"issued": issued, "repealed": repealed, "in_force": in_force}
    return {Key(PROACTIVE, RULES, measure): value for measure, value in figures.items()}


@pytest.mark.parametrize(
    ("now", "verdict", "finding"),
    [
        pytest.param((4, 1, 10), Verdict.HOLDS, None, id="as-computed"),
        pytest.param((4, 1, 11), Verdict.FAILS, ("warning", "10", "11"), id="more-is-a-warning"),
        pytest.param((4, 1, 8), Verdict.FAILS, ("info", "10", "8"), id="less-may-have-lapsed"),
        pytest.param((0, None, 7), Verdict.HOLDS, None, id="a-blank-counts-as-zero-where-that-holds"),
        pytest.param((4, None, 10), Verdict.UNDECIDED, ("info", "11", "10"), id="else-a-blank-leaves-it-open"),
    ],
)
def test_documents_in_force_follow_from_the_year_before(
    now: tuple[int | None, int | None, int | None], verdict: Verdict, finding: tuple[str, str, str] | None
) -> None:
    earlier, report = pair(now=documents(*now))
    (result,) = [r for r in of("documents_in_force", earlier, report) if r.at.row == RULES]
    assert result.verdict is verdict
    f = result.finding
    assert (f and (f.severity, f.expected, f.actual)) == finding
    assert (result.at.resource, result.at.column) == (PROACTIVE, "in_force")


@pytest.mark.parametrize("editions", [("2019", "2021"), ("2021", "2019"), ("2019", "2019")])
def test_documents_are_not_chained_over_forms(editions: tuple[Edition, Edition]) -> None:
    said = of("documents_in_force", *pair(editions=editions))
    assert [r.verdict for r in said] == [Verdict.NOT_APPLICABLE] * 2
    assert {r.reason for r in said} == {"not both years follow the 2021 form"}


def test_the_blocks_of_a_table_that_mixes_forms_are_judged_each_by_its_own() -> None:
    earlier, report = pair(now=documents(4, 1, 11))
    tables = tuple(replace(table, form="mixed") if table.resource == PROACTIVE else table for table in report.tables)
    assert found("documents_in_force", earlier, replace(report, tables=tables)) == {
        ("warning", RULES, "in_force", "10", "11")
    } | found("documents_in_force", *pair())


# ---------------------------------------------------------------- prior_year_items


ITEMS = [f"{item}/{category}" for item, category in [(5, "licensing"), (5, "other_services"), (6, "penalties"),
    (6, "coercive_measures"), (8, "fees")]]  # fmt: skip


@pytest.mark.parametrize("row", ITEMS)
def test_items_of_the_year_before_are_those_before_it_plus_its_change(row: str) -> None:
    before, change = Key(PROACTIVE, row, "prior_year_items"), Key(PROACTIVE, row, "change")
    forms: tuple[Edition, Edition] = ("2019", "2019")
    earlier, report = pair({before: 20, change: -2}, {before: 18}, forms)
    said = {r.at.row: r.verdict for r in of("prior_year_items", earlier, report)}
    assert set(said) == set(ITEMS)
    assert said[row] is Verdict.HOLDS
    earlier, report = pair({before: 20, change: -2}, {before: 20}, forms)
    assert ("info", row, "prior_year_items", "18", "20") in found("prior_year_items", earlier, report)


@pytest.mark.parametrize("editions", [("2019", "2021"), ("2021", "2019"), ("2021", "2021")])
def test_items_are_not_chained_over_forms(editions: tuple[Edition, Edition]) -> None:
    said = of("prior_year_items", *pair(editions=editions))
    assert verdicts(said) == {Verdict.NOT_APPLICABLE}
    assert {r.reason for r in said} == {"not both years follow the 2019 form"}


@pytest.mark.parametrize("editions", [("2019", "2021"), ("2021", "2019"), ("2019", "2019"), ("2021", "2021")])
def test_figures_that_are_no_one_count_are_never_chained(editions: tuple[Edition, Edition]) -> None:
    earlier, report = pair(editions=editions)
    chained = [of(check, earlier, report) for check in ("carry_over", "documents_in_force", "prior_year_items")]
    named = {(f.row, f.column) for results in chained for f in findings_of(results)}
    assert not {column for _, column in named} & {
        "issued",
        "newly_made",
        "newly_disclosed",
        "total_disclosed",
        "amount",
    }


# ---------------------------------------------------------------- other handling in both forms


def one_row_for_others(report: Report, value: int | None) -> Report:
    rows = printed_rows(load_form("2021").table(REQUESTS), {"other_handling"})
    tables = tuple(Table(t.resource, t.form, rows) if t.resource == REQUESTS else t for t in report.tables)
    key = Key(REQUESTS, "other_handling", "total")
    number = None if value is None else Decimal(value)
    own = Figure(key, number, str(value or ""), "requests", "pdf-lines")
    return replace(report, tables=tables, figures={**report.figures, key: own})


def test_other_handling_is_the_sum_of_the_three_rows_or_the_one_row() -> None:
    three = {Key(REQUESTS, row, "total"): number for number, row in enumerate(OTHER_HANDLING, 1)}
    assert other_total(make_report(values=three), "total") == 6
    assert other_total(one_row_for_others(make_report(), 4), "total") == 4
    assert other_total(make_report("2019"), "total") == 0


def test_other_handling_is_not_known_where_one_of_the_rows_is_not() -> None:
    assert other_total(make_report(values={Key(REQUESTS, OTHER_HANDLING[0], "total"): None}), "total") is None
    assert other_total(one_row_for_others(make_report(), None), "total") is None


# ---------------------------------------------------------------- jump


def jumped(earlier: Report, report: Report, key: Key) -> CheckResult:
    (result,) = [r for r in jumps(report, OtherReports(earlier)) if r.at == key]
    return result


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        pytest.param(20, 100, Verdict.HOLDS, id="five-times-as-much"),
        pytest.param(20, 101, Verdict.FAILS, id="more-than-five-times-as-much"),
        pytest.param(101, 20, Verdict.FAILS, id="less-than-a-fifth"),
        pytest.param(100, 20, Verdict.HOLDS, id="a-fifth"),
        pytest.param(1, 49, Verdict.HOLDS, id="small-figures-do-as-they-like"),
        pytest.param(0, 50, Verdict.FAILS, id="from-nothing"),
        pytest.param(50, 0, Verdict.FAILS, id="to-nothing"),
        pytest.param(0, 0, Verdict.HOLDS, id="nothing-in-both-years"),
        pytest.param(None, 900, Verdict.NOT_APPLICABLE, id="a-blank-is-no-figure"),
        pytest.param(900, None, Verdict.NOT_APPLICABLE, id="a-blank-now"),
    ],
)
def test_a_figure_jumps_by_a_factor_above_a_floor(before: int | None, now: int | None, verdict: Verdict) -> None:
    key = Key(REQUESTS, "new_received", "total")
    result = jumped(*pair({key: before}, {key: now}), key)
    assert result.verdict is verdict
    if verdict is Verdict.FAILS:
        assert result.finding
        assert result.finding == Finding(
            check="jump", severity="info", at=key, expected=str(before), actual=str(now), message=result.finding.message
        )
        assert f"{before} by the report for 2022, {now} by this one" in result.finding.message
    else:
        assert result.finding is None


def test_the_sum_of_other_handling_jumps_over_forms() -> None:
    key = Key(REQUESTS, OTHER_HANDLING[2], "total")
    earlier, report = pair(now={key: 300})
    result = jumped(one_row_for_others(earlier, 4), report, Key(REQUESTS, "other", "total"))
    assert (result.verdict, result.finding and result.finding.expected) == (Verdict.FAILS, "4")


def test_an_amount_without_its_unit_is_not_compared() -> None:
    key = Key(PROACTIVE, "8/fees", "amount")
    earlier, report = pair({key: 90000}, {key: 9})
    assert jumped(earlier, report, key).verdict is Verdict.FAILS
    figures = {**earlier.figures, key: earlier.figures[key]._replace(unit="unstated")}
    assert jumped(replace(earlier, figures=figures), report, key).verdict is Verdict.NOT_APPLICABLE


def test_a_change_and_the_columns_of_applicants_do_not_jump() -> None:
    earlier, report = pair(editions=("2019", "2019"))
    compared = {(r.at.resource, r.at.column) for r in jumps(report, OtherReports(earlier))}
    assert {column for resource, column in compared if resource != PROACTIVE} == {"total"}
    assert (PROACTIVE, "change") not in compared
    assert (PROACTIVE, "decisions") in compared


def test_without_a_report_for_the_year_before_nothing_jumps() -> None:
    said = list(jumps(make_report(), OtherReports()))
    assert [r.verdict for r in said] == [Verdict.NOT_APPLICABLE] * 3


def test_the_words_of_the_rule_name_the_thresholds_that_the_check_asks_for() -> None:
    for words in load_rules()["jump"].plain.values():
        assert set(map(str, JUMP)) <= set(re.findall("[0-9]+", words))
