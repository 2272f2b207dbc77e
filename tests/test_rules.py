"""The checks as data, against the checks that the code makes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from gongkai.checks.all_checks import check_results, counts
from gongkai.checks.copies import FEWEST_FIGURES
from gongkai.checks.cross_report_checks import cross_report_results, is_cross_report
from gongkai.checks.registry import CHECKS
from gongkai.checks.report_checks import report_results
from gongkai.checks.rules import is_contradiction, load_reasons, load_rules
from gongkai.checks.years import JUMP
from gongkai.errors import UsageError
from gongkai.form import EDITIONS, Edition
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    REVIEWS,
    CheckResult,
    Finding,
    Key,
    Origin,
    OtherReports,
    Report,
    Severity,
    Twin,
    Verdict,
)
from gongkai.package.schema import table_schema
from gongkai.publish.templates import Templates
from tests.builders import make_report

TEMPLATES = Path(__file__).parents[1] / "site_templates"


def of_every_report() -> Iterator[CheckResult]:
    """CheckResults of reports in both forms, alone and beside others."""
    for edition in EDITIONS:
        report = make_report(edition)
        yield from check_results(report)
        yield from check_results(report, (), OtherReports(replace(report, year=2022)))


def test_the_rules_are_those_of_the_checks_that_the_code_makes() -> None:
    assert {result.check for result in of_every_report()} == set(load_rules())


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_check_says_something_of_every_report(edition: Edition) -> None:
    bare = replace(make_report(edition), figures={}, sections=(), period_start=None)
    assert {result.check for result in check_results(bare)} == set(load_rules())
    bare = replace(bare, tables=tuple(replace(table, form=None) for table in bare.tables))
    assert {result.check for result in check_results(bare)} == set(load_rules())
    # What a report has whatever it lacks is an agency, and its name.
    of_tables = [r.verdict for r in check_results(bare) if r.check != "agency_name"]
    assert set(of_tables) <= {Verdict.NOT_APPLICABLE}


def test_what_does_not_apply_says_why() -> None:
    for result in of_every_report():
        assert result.reason or result.verdict is not Verdict.NOT_APPLICABLE, result


def test_a_page_says_in_its_own_language_why_a_check_does_not_apply(tmp_path: Path) -> None:
    bare = replace(make_report(), figures={}, sections=(), period_start=None)
    without = replace(bare, tables=tuple(replace(table, form=None) for table in bare.tables))
    results = [*of_every_report(), *check_results(make_report(), (), OtherReports(replace(without, year=2022)))]
    results += [result for report in (bare, without) for result in check_results(report)]
    folder = shutil.copytree(TEMPLATES, tmp_path / "templates")
    (folder / "reason.html").write_text('{% import "macros/checks.html" as checks %}{{ checks.reason(words) }}')
    templates = Templates(folder)
    for reason in {result.reason for result in results if result.verdict is Verdict.NOT_APPLICABLE}:
        said = templates.render(templates.languages[0], "reason.html", words=reason)
        assert said.strip(), reason
        assert "lang=" not in said, reason


def test_the_second_pass_makes_the_checks_that_look_at_other_reports_and_the_first_the_rest() -> None:
    first = {result.check for result in report_results(make_report())}
    second = {result.check for result in cross_report_results(make_report(), OtherReports())}
    assert {check.id: check.is_cross_report for check in CHECKS.values()} == {
        **dict.fromkeys(first, False),
        **dict.fromkeys(second, True),
    }
    assert {check for check in load_rules() if is_cross_report(Finding(check=check, severity="info"))} == second


def test_the_schema_of_findings_knows_every_check_in_the_order_of_the_registry_and_no_other() -> None:
    field = table_schema("findings").descriptor["fields"][0]
    assert field["constraints"]["enum"] == list(CHECKS)


def test_the_words_of_a_rule_name_its_thresholds() -> None:
    for check, thresholds in {"jump": JUMP, "copied_table": (FEWEST_FIGURES,)}.items():
        for words in load_rules()[check].plain.values():
            assert set(map(str, thresholds)) <= set(re.findall("[0-9]+", words)), check


# ---------------------------------------------------------------- holds, fails, not applicable

Example = Callable[[], Iterator[CheckResult]]

BEFORE = make_report(year=2022)


def alone(report: Report, *noted: Finding) -> Example:
    return lambda: report_results(report, noted)


def beside(report: Report, others: OtherReports) -> Example:
    return lambda: cross_report_results(report, others)


def lacking(resource: str) -> Report:
    report = make_report()
    tables = tuple(replace(table, form=None) if table.resource == resource else table for table in report.tables)
    figures = {key: figure for key, figure in report.figures.items() if key.resource != resource}
    return replace(report, tables=tables, figures=figures)


def without_unit() -> Report:
    report, key = make_report(), Key(PROACTIVE, "8/fees", "amount")
    return replace(report, figures={**report.figures, key: report.figures[key]._replace(unit="unstated")})


def stating(text: str) -> Report:
    from gongkai.checks.narrative import read_statements

    report = make_report()
    first = replace(report.sections[0], text=text)
    report = replace(report, sections=(first, *report.sections[1:]))
    return replace(report, statements=read_statements(report))


GOOD = make_report()
CHAINED = make_report(
    values={Key(REQUESTS, "carried_in", "total"): 3, Key(REQUESTS, "carried_in", "natural_person"): 3}
)
OLD, OLD_BEFORE = (make_report("2019", year=year) for year in (2023, 2022))
TWIN = OtherReports(twins={REVIEWS: (Twin("990102-ren-min-zheng-fu", "示例市第二区人民政府", 2023),)})
TOTAL = Key(REQUESTS, "new_received", "total")

EXAMPLES: dict[str, tuple[Example, Example, Example]] = {
    # check: one that holds, one that fails, one to which it does not apply
    "balance": (alone(GOOD), alone(make_report(values={TOTAL: 99})), alone(lacking(REQUESTS))),
    "row_total": (alone(GOOD), alone(make_report(values={TOTAL: 99})), alone(lacking(REQUESTS))),
    "processed_total": (
        alone(GOOD),
        alone(make_report(values={Key(REQUESTS, "granted", "total"): 99})),
        alone(lacking(REQUESTS)),
    ),
    "review_total": (
        alone(GOOD),
        alone(make_report(values={Key(REVIEWS, "litigation_direct", "total"): 99})),
        alone(lacking(REVIEWS)),
    ),
    "missing_cell": (alone(GOOD), alone(make_report(values={TOTAL: None})), alone(lacking(REVIEWS))),
    "form": (
        alone(GOOD),
        alone(GOOD, Finding(check="form", severity="warning", at=Key(REQUESTS, "granted"), message="not found")),
        alone(lacking(REVIEWS)),
    ),
    "reading": (
        alone(GOOD),
        alone(GOOD, Finding(check="reading", severity="error", at=TOTAL, message="left empty")),
        alone(lacking(REVIEWS)),
    ),
    "narrative": (
        alone(stating("共收到政府信息公开申请10件。")),
        alone(stating("共收到政府信息公开申请17件。")),
        alone(stating("无。")),
    ),
    "blank_total": (alone(GOOD), alone(make_report(values={TOTAL: None})), alone(lacking(REQUESTS))),
    "amount_unit": (alone(GOOD), alone(without_unit()), alone(lacking(PROACTIVE))),
    "agency_name": (
        alone(GOOD),
        alone(replace(GOOD, agency=replace(GOOD.agency, name="示例市建委"))),
        alone(replace(GOOD, origin=Origin(agency="示例市建委"))),
    ),
    "period": (
        alone(GOOD),
        alone(make_report(period_end=date(2023, 6, 30))),
        alone(make_report(period_start=None, period_end=None)),
    ),
    "empty_section": (
        alone(GOOD),
        alone(replace(GOOD, sections=tuple(replace(section, text="") for section in GOOD.sections))),
        alone(replace(GOOD, sections=())),
    ),
    "carry_over": (
        beside(CHAINED, OtherReports(BEFORE)),
        beside(GOOD, OtherReports(BEFORE)),
        beside(GOOD, OtherReports()),
    ),
    "documents_in_force": (
        beside(make_report(values={Key(PROACTIVE, "1/regulations", "in_force"): 7}), OtherReports(BEFORE)),
        beside(make_report(values={Key(PROACTIVE, "1/regulations", "in_force"): 99}), OtherReports(BEFORE)),
        beside(GOOD, OtherReports(OLD_BEFORE)),
    ),
    "prior_year_items": (
        beside(
            make_report("2019", {Key(PROACTIVE, "8/fees", "prior_year_items"): 14}),
            OtherReports(OLD_BEFORE),
        ),
        beside(OLD, OtherReports(OLD_BEFORE)),
        beside(GOOD, OtherReports(OLD_BEFORE)),
    ),
    "jump": (
        beside(GOOD, OtherReports(BEFORE)),
        beside(make_report(values={TOTAL: 999}), OtherReports(BEFORE)),
        beside(GOOD, OtherReports()),
    ),
    "copied_table": (beside(GOOD, OtherReports()), beside(GOOD, TWIN), beside(lacking(REVIEWS), TWIN)),
}


def test_every_rule_has_its_examples() -> None:
    assert set(EXAMPLES) == set(load_rules())


@pytest.mark.parametrize("check", EXAMPLES)
@pytest.mark.parametrize(
    ("place", "verdict"),
    [(0, Verdict.HOLDS), (1, Verdict.FAILS), (2, Verdict.NOT_APPLICABLE)],
    ids=str,
)
def test_every_rule_holds_fails_and_does_not_apply(check: str, place: int, verdict: Verdict) -> None:
    said = [result for result in EXAMPLES[check][place]() if result.check == check and result.verdict is verdict]
    assert said
    for result in said:
        assert (result.finding is not None) == (verdict is Verdict.FAILS)
        if result.finding:
            assert result.finding.check == check
            assert result.finding.severity in CHECKS[check].severities
        if verdict is Verdict.NOT_APPLICABLE:
            assert result.reason


# ---------------------------------------------------------------- counts


def test_the_counts_of_a_report_tell_what_was_not_checked_from_what_holds() -> None:
    said = list(check_results(make_report(values={TOTAL: 99})))
    by_check = {count.check: count for count in counts(said)}
    assert list(by_check) == list(dict.fromkeys(result.check for result in said))
    balance = by_check["balance"]
    assert (balance.holds, balance.fails, balance.undecided, balance.not_applicable) == (6, 1, 0, 0)
    assert balance.reason == ""
    carry_over = by_check["carry_over"]
    assert (carry_over.holds, carry_over.fails, carry_over.not_applicable) == (0, 0, 1)
    assert carry_over.reason == "no report for 2022 is there"
    totals = Counter(result.check for result in said)
    assert {c.check: c.holds + c.fails + c.undecided + c.not_applicable for c in by_check.values()} == totals


# ---------------------------------------------------------------- the file


WORDS = files("gongkai.checks").joinpath("rules.toml").read_text(encoding="utf-8")
JUMPS = WORDS[WORDS.index('[[rule]]\ncheck = "jump"') : WORDS.index('[[rule]]\ncheck = "copied_table"')]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("rule = 1", id="no-list"),
        pytest.param(WORDS.replace(JUMPS, '[[rule]]\ncheck = "jump"\n'), id="no-words"),
        pytest.param(re.sub("plain.en = [^\n]*", "", WORDS, count=1), id="one-language"),
        pytest.param(WORDS.replace(JUMPS, f"{JUMPS}threshold = 5\n"), id="what-no-rule-has"),
        pytest.param(WORDS.replace(JUMPS, ""), id="a-check-without-a-rule"),
        pytest.param(WORDS + JUMPS.replace('"jump"', '"leap"'), id="a-rule-without-a-check"),
        pytest.param(WORDS + JUMPS, id="a-check-with-two-rules"),
        pytest.param(WORDS.replace("%(expected)s in last", "%(before)s in last"), id="another-placeholder"),
        pytest.param(WORDS.replace("%(expected)s in last", "more in last"), id="a-placeholder-in-one-language"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("gongkai.checks.rules._RULES", {"rules.toml": tmp_path / "rules.toml"})
    with pytest.raises(UsageError, match="not a list of rules"):
        load_rules.__wrapped__()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("reason = 1", id="no-list"),
        pytest.param('[[reason]]\npattern = "("\nwords = {zh = "x", en = "x"}', id="no-pattern"),
        pytest.param('[[reason]]\npattern = "x"\nwords = {en = "x"}', id="one-language"),
    ],
)
def test_a_file_that_is_no_list_of_reasons_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("gongkai.checks.rules._RULES", {"rules.toml": tmp_path / "rules.toml"})
    with pytest.raises(UsageError, match="not a list of reasons"):
        load_reasons.__wrapped__()


@pytest.mark.parametrize(
    ("check", "severity", "is_red"),
    [
        pytest.param("row_total", "error", True, id="a-sum-that-fails"),
        pytest.param("carry_over", "warning", True, id="two-reports-that-state-one-figure-otherwise"),
        pytest.param("carry_over", "info", False, id="totals-that-agree"),
        pytest.param("documents_in_force", "info", False, id="fewer-documents-than-computed"),
        pytest.param("reading", "error", False, id="what-we-could-not-read"),
        pytest.param("jump", "info", False, id="a-jump"),
        pytest.param("form", "warning", False, id="a-row-that-the-report-lacks"),
    ],
)
def test_only_figures_that_ought_to_be_one_and_differ_are_a_contradiction(
    check: str, severity: Severity, is_red: bool
) -> None:
    assert is_contradiction(check, severity) is is_red
