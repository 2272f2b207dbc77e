"""What each check said of each report, in the catalog: what was not checked is told apart from what holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.checks.all_checks import check_results, counts
from gongkai.checks.rules import load_rules
from gongkai.model import REQUESTS, Key, OtherReports
from gongkai.publish.catalog import Catalog
from gongkai.publish.check_counts import CheckReports
from tests.builders import AGENCY, make_report

TOTAL = Key(REQUESTS, "new_received", "total")
PERSON = Key(REQUESTS, "new_received", "natural_person")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.sqlite") as opened:
        yield opened


def test_the_counts_of_a_report_come_out_as_they_were_made(catalog: Catalog) -> None:
    report, others = make_report(), OtherReports(make_report(year=2022))
    catalog.add(report, (), Path(), "", others)
    found = catalog.checks_of(AGENCY, 2023)
    assert found == counts(check_results(report, (), others))
    assert {count.check for count in found} == set(load_rules())
    assert next(count for count in found if count.check == "carry_over").fails == 2


def test_a_report_that_is_compared_with_nothing_says_so(catalog: Catalog) -> None:
    catalog.add(make_report(), (), Path(), "")
    carry_over = next(count for count in catalog.checks_of(AGENCY, 2023) if count.check == "carry_over")
    assert (carry_over.holds, carry_over.not_applicable, carry_over.reason) == (0, 1, "no report for 2022 is there")


def test_reports_are_counted_by_what_a_check_says_of_them(catalog: Catalog) -> None:
    catalog.add(make_report(year=2020), (), Path(), "")
    catalog.add(make_report(year=2021, values={TOTAL: 99}), (), Path(), "")
    catalog.add(make_report(year=2022, values={PERSON: None}), (), Path(), "")
    catalog.add(make_report(year=2023, values={TOTAL: 99, PERSON: None}), (), Path(), "")
    by_check = {reports.check: reports for reports in catalog.checks()}
    assert set(by_check) == set(load_rules())
    assert by_check["balance"] == CheckReports("balance", hold=1, fail=2, undecided=1, not_applicable=0)
    assert by_check["prior_year_items"] == CheckReports("prior_year_items", 0, 0, 0, not_applicable=4)
