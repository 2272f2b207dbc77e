"""The day of publication that a page gives: the one that can be meant, or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.extract.publication import publication_day
from gongkai.model import Origin
from gongkai.package.descriptor import resource
from gongkai.package.folder import read_package, write_package
from tests.builders import make_original, make_report
from tests.reports.content import make_content
from tests.reports.html import write_html
from tests.reports.oracle import extract
from tests.reports.sheets import sheets

DAY = date(2024, 1, 31)


@pytest.mark.parametrize(
    ("given", "end", "origin", "day"),
    [
        pytest.param([DAY], date(2023, 12, 31), Origin(), DAY, id="after-the-period"),
        pytest.param([DAY], None, Origin(), DAY, id="after-the-year-where-no-period-is-printed"),
        pytest.param([DAY], DAY, Origin(), None, id="before-the-period-has-ended"),
        pytest.param([date(2026, 1, 1)], None, Origin(), None, id="long-after"),
        pytest.param([DAY], None, Origin(retrieved=DAY), DAY, id="retrieved-on-that-day"),
        pytest.param([DAY], None, Origin(retrieved=date(2024, 1, 30)), None, id="retrieved-before"),
        pytest.param([DAY, date(2024, 2, 1)], None, Origin(), None, id="two-that-differ"),
        pytest.param([DAY, date(2021, 2, 1)], None, Origin(), DAY, id="one-of-them-impossible"),
        pytest.param([DAY], None, Origin(published=date(2024, 2, 2)), None, id="a-person-states-another"),
        pytest.param([], None, Origin(), None, id="none-given"),
    ],
)
def test_the_day_is_the_one_that_can_be_meant(
    given: list[date], end: date | None, origin: Origin, day: date | None
) -> None:
    assert publication_day(given, 2023, end, origin) == day


def test_the_day_of_a_web_page_is_that_of_its_report(tmp_path: Path) -> None:
    content = make_content()
    report, _ = extract(write_html(tmp_path / "page.html", content, sheets(content)))
    assert report.published == date(content.year + 1, 1, 25)


@pytest.mark.parametrize(("dated", "origin"), [(DAY, Origin()), (None, Origin(published=DAY)), (None, Origin())])
def test_a_package_records_the_day(dated: date | None, origin: Origin, tmp_path: Path) -> None:
    report = make_report(dated=dated, origin=origin)
    write_package(report, (), make_original(tmp_path), tmp_path / "package")
    package = read_package(tmp_path / "package")
    assert resource(package.descriptor, "report")["published"] == (None if report.published is None else "2024-01-31")
    assert (package.report.dated, package.report.published) == (dated, report.published)
