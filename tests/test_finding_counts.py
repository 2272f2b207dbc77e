"""The pages of findings and of the method: findings are counted by report, and the checks are all that there are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.checks.rules import load_rules
from gongkai.model import REVIEWS, Finding, Key, Report
from gongkai.publish.catalog import Catalog
from gongkai.publish.finding_counts import YearFindings
from tests.builders import AGENCY, make_report
from tests.test_site import OFFICE, put, render

DIFFERS = Finding(
    check="review_total", severity="error", at=Key(REVIEWS, "administrative_review", "total"), expected="4", actual="5"
)
REMARK = Finding(check="missing_cell", severity="info", at=Key(REVIEWS, "administrative_review", "upheld"))


def catalog_of(tmp_path: Path, *reports: tuple[Report, tuple[Finding, ...]]) -> Catalog:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    for report, findings in reports:
        catalog.add(report, findings, tmp_path, "0")
    return catalog


def test_a_check_that_fails_in_two_places_of_a_report_is_one_report(tmp_path: Path) -> None:
    other = replace(DIFFERS, at=DIFFERS.at._replace(row="litigation_direct"))
    with catalog_of(tmp_path, (make_report(), (DIFFERS, other))) as catalog:
        found = catalog.findings_by_check(10)["review_total"]
    assert (found.reports, [(line.agency.id, line.year, line.places) for line in found.newest]) == (
        1,
        [(AGENCY.id, 2023, 2)],
    )


def test_the_newest_reports_come_first_and_the_rest_are_counted(tmp_path: Path) -> None:
    reports = [(make_report(year=year), (DIFFERS,)) for year in (2021, 2023, 2022)]
    with catalog_of(tmp_path, *reports) as catalog:
        found = catalog.findings_by_check(2)["review_total"]
    assert [line.year for line in found.newest] == [2023, 2022]
    assert found.reports == 3


def test_a_year_counts_its_reports_with_a_contradiction_and_with_anything_to_be_noted(tmp_path: Path) -> None:
    warning = Finding(check="form", severity="warning", at=Key(REVIEWS))
    with catalog_of(
        tmp_path,
        (make_report(), (DIFFERS, REMARK)),
        (make_report(agency=OFFICE), (warning,)),
        (make_report(agency=OFFICE, year=2022), (REMARK,)),
    ) as catalog:
        assert catalog.findings_by_year() == (YearFindings(2023, 2, 1, 2), YearFindings(2022, 1, 0, 0))


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_method_page_lists_the_checks_that_there_are(language: str, tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report())
    page = (render(tmp_path) / language / "method" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'id="check-(\w+)"', page) == list(load_rules())


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_page_of_findings_leads_to_the_reports_that_have_them(language: str, tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(), (DIFFERS,))
    page = (render(tmp_path) / language / "findings" / "index.html").read_text(encoding="utf-8")
    section = page.partition('id="check-review_total"')[2].partition("</section>")[0]
    assert f'agency/{AGENCY.id}/2023/#findings"' in section
