"""The registry of checks, and that all that names checks follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.checks import cross_report_checks, report_checks, rules
from gongkai.checks.all_checks import check_results, counts
from gongkai.checks.registry import CHECKS, Check, Needs, accounting_checks, recomputed_checks
from gongkai.checks.report_checks import report_findings
from gongkai.model import REQUESTS, CheckResult, Finding, Key, OtherReports, Report, Verdict
from gongkai.package import schema
from gongkai.package.validate import check_package
from gongkai.publish.patterns import _patterns
from gongkai.publish.site import render_site
from tests.builders import make_package, make_report

ROOT = Path(__file__).resolve().parents[1]
AT = Key(REQUESTS, "granted", "total")
WORDS = """
[[rule]]
check = "made_up"
title = { zh = "虚构核对", en = "A made-up check" }
plain.zh = "予以公开不为零。"
plain.en = "Something was granted."
finding.zh = "应为 %(expected)s，实为 %(actual)s。"
finding.en = "%(expected)s was expected, and <%(actual)s> is printed."
source = "本项目测试"
"""


def needing(*needs: Needs) -> set[str]:
    return {check.id for check in CHECKS.values() if check.needs in needs}


def test_each_check_is_made_by_one_function_or_identity_or_in_reading() -> None:
    assert set(report_checks.FUNCTIONS) | accounting_checks() == needing(Needs.REPORT)
    assert accounting_checks().isdisjoint(report_checks.FUNCTIONS)
    assert set(cross_report_checks.FUNCTIONS) == needing(Needs.EARLIER_REPORT, Needs.ALL_REPORTS)


@pytest.mark.parametrize("id", [*report_checks.FUNCTIONS, *cross_report_checks.FUNCTIONS])
def test_a_function_says_something_of_its_own_check_alone(id: str) -> None:
    report = make_report()
    others = OtherReports(replace(report, year=2022))
    report_check, cross_report_check = report_checks.FUNCTIONS.get(id), cross_report_checks.FUNCTIONS.get(id)
    results = report_check(report) if report_check else cross_report_check(report, others) if cross_report_check else ()
    assert {result.check for result in results} == {id}


def test_an_identity_that_fails_is_an_error_and_puts_two_sums_side_by_side() -> None:
    for id in accounting_checks():
        assert (CHECKS[id].severities, CHECKS[id].two_sided, CHECKS[id].is_recomputed) == (("error",), True, True)


def test_validation_computes_again_what_a_package_alone_gives() -> None:
    assert recomputed_checks() == needing(Needs.REPORT) - {"missing_cell"}


@pytest.mark.parametrize("id", CHECKS)
def test_each_check_is_in_the_documentation_of_packages(id: str) -> None:
    assert f"`{id}`" in (ROOT / "docs" / "package.md").read_text(encoding="utf-8")


# ---------------------------------------------------------------- a check that is added


def something_was_granted(report: Report) -> Iterator[CheckResult]:
    if report.value(*AT):
        yield CheckResult("made_up", Verdict.HOLDS, AT)
        return
    finding = Finding(check="made_up", severity="warning", at=AT, expected="more", actual="0", message="none")
    yield CheckResult("made_up", Verdict.FAILS, AT, finding=finding)


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An entry, a function and its words, and no more."""
    monkeypatch.setitem(CHECKS, "made_up", Check("made_up", Needs.REPORT, ("warning",)))
    monkeypatch.setitem(report_checks.FUNCTIONS, "made_up", something_was_granted)
    path = tmp_path / "rules.toml"
    path.write_text(rules._RULES["rules.toml"].read_text(encoding="utf-8") + WORDS, encoding="utf-8")
    monkeypatch.setattr(rules, "_RULES", {"rules.toml": path})
    caches = (rules.load_rules, rules.load_reasons, schema.table_schema, schema._codes, schema._schema, _patterns)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("made_up")
def test_a_check_that_is_added_is_a_code_of_the_schema_and_has_its_counts() -> None:
    field = schema.table_schema("findings").descriptor["fields"][0]
    assert field["constraints"]["enum"] == list(CHECKS)
    assert field["constraints"]["enum"][-1] == "made_up"
    by_check = {count.check: count for count in counts(check_results(make_report()))}
    assert by_check["made_up"].holds == 1


@pytest.mark.parametrize("needs", [Needs.EARLIER_REPORT, Needs.ALL_REPORTS])
def test_a_check_that_needs_other_reports_is_made_by_the_second_pass_alone(
    needs: Needs, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding(check="made_up", severity="info", at=AT, message="beside others")
    result = CheckResult("made_up", Verdict.FAILS, AT, finding=finding)
    monkeypatch.setitem(CHECKS, "made_up", Check("made_up", needs, ("info",)))
    monkeypatch.setitem(cross_report_checks.FUNCTIONS, "made_up", lambda *_: iter([result]))
    assert cross_report_checks.is_cross_report(finding)
    assert finding in cross_report_checks.cross_report_findings(make_report(), OtherReports())
    assert finding not in report_findings(make_report())
    assert "made_up" not in recomputed_checks()


def test_a_check_that_is_noted_in_reading_has_a_result_for_each_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHECKS, "made_up", Check("made_up", Needs.READING, ("info",)))
    finding = Finding(check="made_up", severity="info", at=AT, message="noted")
    results = [r for r in report_checks.report_results(make_report(), [finding]) if r.check == "made_up"]
    assert [result.verdict for result in results] == [Verdict.FAILS, Verdict.HOLDS, Verdict.HOLDS]
    assert "made_up" not in recomputed_checks()


@pytest.mark.usefixtures("made_up")
def test_a_check_that_is_added_is_validated(tmp_path: Path) -> None:
    for name in ("honest", "silent", "invented"):
        (tmp_path / name).mkdir()
    honest = report_findings(make_report(values={AT: 0}))
    (finding,) = (finding for finding in honest if finding.check == "made_up")
    assert check_package(make_package(tmp_path / "honest", honest, values={AT: 0}))[1] == []
    silent = tuple(finding for finding in honest if finding.check != "made_up")
    _, (problem,) = check_package(make_package(tmp_path / "silent", silent, values={AT: 0}))
    assert "lacks a finding made_up of requests/granted/total (more against 0)" in problem
    invented = (*report_findings(make_report()), finding)
    _, (problem,) = check_package(make_package(tmp_path / "invented", invented))
    assert "claims a finding made_up of requests/granted/total (more against 0)" in problem


@pytest.mark.usefixtures("made_up")
def test_a_check_that_is_added_is_on_the_page_of_the_method_and_its_findings_are_in_words(tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    findings = report_findings(make_report(values={AT: 0}))
    page = make_package(datasets, findings, values={AT: 0}).relative_to(datasets)
    site = tmp_path / "site"
    assert render_site(datasets, site, base_url="https://example.org/", templates=ROOT / "site_templates") == ()
    method = (site / "en" / "method" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'id="check-(\w+)"', method)[-1] == "made_up"
    assert "Something was granted." in method
    report = (site / "en" / "agency" / page / "index.html").read_text(encoding="utf-8")
    assert "more was expected, and <0> is printed." in report
