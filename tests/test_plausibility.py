"""What looks unusual, in a report by itself or because another one has the same table."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongkai.checks.copies import FEWEST_FIGURES, copied_tables, weight
from gongkai.checks.plausibility import FUNCTIONS
from gongkai.checks.results import findings_of
from gongkai.checks.rules import load_rules
from gongkai.form import EDITIONS, Edition
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, CheckResult, Finding, Key, OtherReports, Report, Twin, Verdict
from tests.builders import AGENCY, make_report

APPLICANTS = ("natural_person", "commercial_enterprise")
FEES = Key(PROACTIVE, "8/fees", "amount")


def of(check: str, report: Report) -> list[CheckResult]:
    return list(FUNCTIONS[check](report))


def found(check: str, report: Report) -> list[Finding]:
    return list(findings_of(of(check, report)))


def verdicts(said: list[CheckResult]) -> set[Verdict]:
    return {result.verdict for result in said}


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_in_which_nothing_is_unusual_has_no_finding(edition: Edition) -> None:
    for check, function in FUNCTIONS.items():
        said = list(function(make_report(edition)))
        assert {r.check for r in said} == {check}
        assert verdicts(said) == {Verdict.HOLDS}


# ---------------------------------------------------------------- blank_total


def test_a_total_that_is_blank_beside_its_parts_is_told_once() -> None:
    key = Key(REQUESTS, "granted", "total")
    (finding,) = found("blank_total", make_report(values={key: None}))
    assert (finding.severity, finding.resource, finding.row, finding.column) == ("info", *key)
    assert finding.message == "the total is blank, and parts of it are not"


@pytest.mark.parametrize(
    "key",
    [Key(REQUESTS, "processed_total", "natural_person"), Key(REVIEWS, "litigation_direct", "total")],
    ids=["of-outcomes", "of-a-channel"],
)
def test_every_kind_of_total_counts(key: Key) -> None:
    assert [Key(f.resource, f.row, f.column) for f in found("blank_total", make_report(values={key: None}))] == [key]


def test_a_column_of_totals_that_is_blank_throughout_is_one_finding() -> None:
    report = make_report()
    report = make_report(values={Key(REQUESTS, row.id, "total"): None for row in report.table(REQUESTS).rows})
    (finding,) = found("blank_total", report)
    assert (finding.row, finding.column, finding.message) == ("", "total", "every row's total is blank")


def test_a_blank_total_of_blank_parts_is_none_that_could_be_filled_in() -> None:
    columns = ("upheld", "corrected", "other", "pending", "total")
    report = make_report(values={Key(REVIEWS, "litigation_direct", column): None for column in columns})
    (result,) = [r for r in of("blank_total", report) if r.at.row == "litigation_direct"]
    assert (result.verdict, result.reason) == (Verdict.NOT_APPLICABLE, "its parts are blank, too")


def test_a_total_that_could_not_be_read_is_not_blank() -> None:
    key = Key(REVIEWS, "litigation_direct", "total")
    report = make_report()
    figures = {**report.figures, key: report.figures[key]._replace(value=None, printed="8?")}
    (result,) = [r for r in of("blank_total", replace(report, figures=figures)) if r.at.row == "litigation_direct"]
    assert result.verdict is Verdict.NOT_APPLICABLE


# ---------------------------------------------------------------- amount_unit


def test_an_amount_without_a_unit_is_a_warning() -> None:
    report = make_report()
    figures = {**report.figures, FEES: report.figures[FEES]._replace(value=Decimal("1.5"), unit="unstated")}
    (finding,) = found("amount_unit", replace(report, figures=figures))
    assert (finding.severity, finding.resource, finding.row, finding.column) == ("warning", *FEES)
    assert finding.actual == "unstated"


def test_a_blank_amount_needs_no_unit() -> None:
    said = of("amount_unit", make_report(values={FEES: None}))
    assert [(r.verdict, r.reason) for r in said] == [(Verdict.NOT_APPLICABLE, "no amount is printed")]


def test_an_amount_of_nothing_is_nothing_in_any_unit() -> None:
    report = make_report(values={FEES: 0})
    figures = {**report.figures, FEES: report.figures[FEES]._replace(unit="unstated")}
    assert [r.verdict for r in of("amount_unit", replace(report, figures=figures))] == [Verdict.NOT_APPLICABLE]


# ---------------------------------------------------------------- period


def test_a_period_that_is_not_the_calendar_year_is_told() -> None:
    (finding,) = found("period", make_report(period_end=date(2023, 11, 30)))
    assert finding.severity == "info"
    assert (finding.expected, finding.actual) == ("2023-01-01/2023-12-31", "2023-01-01/2023-11-30")


def test_a_report_that_states_no_period_is_not_checked() -> None:
    (result,) = of("period", make_report(period_start=None, period_end=None))
    assert result.verdict is Verdict.NOT_APPLICABLE


# ---------------------------------------------------------------- empty_section


def test_a_section_of_prose_without_text_is_told_by_its_number() -> None:
    report = make_report()
    emptied = tuple(
        replace(section, text=" \n") if section.number in (2, 5) else section for section in report.sections
    )
    (finding,) = found("empty_section", replace(report, sections=emptied))
    assert (finding.severity, finding.resource, finding.row, finding.column) == ("info", "sections", "5", "text")


def test_a_heading_that_was_not_found_is_no_empty_section() -> None:
    report = make_report()
    said = of("empty_section", replace(report, sections=report.sections[:-1]))
    assert {r.at.row: r.verdict for r in said} == {
        "1": Verdict.HOLDS,
        "5": Verdict.HOLDS,
        "6": Verdict.NOT_APPLICABLE,
    }


# ---------------------------------------------------------------- copied_table

OWN = Twin(AGENCY.id, AGENCY.name, 2022)
OTHER = [Twin(f"99010{n}-ren-min-zheng-fu", f"示例市第{n}区人民政府", 2023) for n in (2, 3)]


def copied(report: Report, *twins: Twin) -> dict[str, list[CheckResult]]:
    said = copied_tables(report, OtherReports(twins={REVIEWS: twins} if twins else {}))
    by_table: dict[str, list[CheckResult]] = {}
    for result in said:
        by_table.setdefault(result.at.resource, []).append(result)
    return by_table


def test_a_table_that_no_other_report_has_is_no_copy() -> None:
    said = copied(make_report())
    assert {table: verdicts(own) for table, own in said.items()} == {
        PROACTIVE: {Verdict.HOLDS},
        REQUESTS: {Verdict.HOLDS},
        REVIEWS: {Verdict.HOLDS},
    }


def test_the_table_of_the_year_before_is_a_warning_and_another_agencys_is_information() -> None:
    findings = findings_of(copied(make_report(), OWN, OTHER[0])[REVIEWS])
    assert [(f.severity, f.resource, f.row, f.column, f.actual) for f in findings] == [
        ("warning", REVIEWS, "", "", f"{OWN.agency} 2022"),
        ("info", REVIEWS, "", "", f"{OTHER[0].agency} 2023"),
    ]
    assert findings[1].message == "every figure of the table is that of 示例市第2区人民政府 for 2023"


def test_all_reports_with_one_table_that_are_handed_on_are_named() -> None:
    (finding,) = findings_of(copied(make_report(), *OTHER)[REVIEWS])
    assert finding.actual == "示例市第2区人民政府 2023; 示例市第3区人民政府 2023"
    assert finding.message.endswith("示例市第2区人民政府 for 2023, 示例市第3区人民政府 for 2023")


def test_a_table_with_few_figures_may_be_equal_by_chance() -> None:
    report = make_report(values={key: 0 for key in make_report().figures if key.resource == REVIEWS})
    key = Key(REVIEWS, "litigation_direct", "upheld")
    report = replace(report, figures={**report.figures, key: report.figures[key]._replace(value=Decimal(4))})
    (result,) = copied(report, OTHER[0])[REVIEWS]
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "fewer than 5" in result.reason


def test_a_table_that_was_not_found_is_no_copy() -> None:
    report = make_report()
    tables = tuple(replace(table, form=None) if table.resource == REVIEWS else table for table in report.tables)
    (result,) = copied(replace(report, tables=tables), OTHER[0])[REVIEWS]
    assert result.verdict is Verdict.NOT_APPLICABLE


def test_zeros_blanks_and_totals_weigh_nothing() -> None:
    # One applicant, one request, one answer: six figures, and many agencies have just these.
    ones = [Key(REQUESTS, row, column) for row in ("new_received", "granted", "processed_total")
            for column in ("natural_person", "total")]  # fmt: skip
    blank = dict.fromkeys((key for key in make_report().figures if key.resource == REQUESTS), 0)
    assert weight(make_report(values={**blank, **dict.fromkeys(ones, 1)}), REQUESTS) == 2
    assert weight(make_report(values=dict.fromkeys(blank)), REQUESTS) == 0


def test_the_words_of_the_rule_name_the_threshold_that_the_check_asks_for() -> None:
    for words in load_rules()["copied_table"].plain.values():
        assert str(FEWEST_FIGURES) in re.findall("[0-9]+", words)
