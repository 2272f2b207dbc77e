"""The catalog gives back what was put in, one agency or one list at a time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.errors import PackageError
from gongkai.form import EDITIONS, Edition
from gongkai.model import REQUESTS, Agency, Finding, Key, Origin
from gongkai.publish.catalog import Catalog
from tests.builders import AGENCY, make_report

OFFICE = Agency("990000-ren-min-zheng-fu-ban-gong-ting", "虚构省人民政府办公厅", "990000", "province", "office")
DEPARTMENT = Agency("990101-tong-ji-ju", "示例市虚构区统计局", "990101", "county", "department")
FINDINGS = (
    Finding(
        check="balance",
        severity="error",
        at=Key(REQUESTS, column="total"),
        expected="12",
        actual="13",
        message="the sides differ",
    ),
    Finding(check="missing_cell", severity="info", at=Key(REQUESTS, "granted", "total"), message="blank"),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.sqlite") as opened:
        yield opened


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_comes_out_as_it_went_in(catalog: Catalog, edition: Edition) -> None:
    origin = Origin(url="https://example.org/a", published=date(2024, 1, 20), retrieved=date(2024, 2, 1), note="a note")
    blank = {Key(REQUESTS, "granted", "total"): None}
    report = make_report(edition, blank, origin=origin, dated=date(2024, 1, 19))

    catalog.add(report, FINDINGS, Path("somewhere"), "0.1.0")
    (entry,) = catalog.entries(report.agency)

    came_out = replace(entry.report, tables=tuple(sorted(entry.report.tables, key=lambda table: table.resource)))
    assert came_out == replace(report, tables=tuple(sorted(report.tables, key=lambda table: table.resource)))
    assert (entry.findings, entry.folder, entry.extractor_version) == (FINDINGS, Path("somewhere"), "0.1.0")


def test_years_come_in_order_whatever_the_order_in_which_they_went_in(catalog: Catalog) -> None:
    for year in (2022, 2024, 2023):
        catalog.add(make_report(year=year), (), Path(), "")

    assert [entry.report.year for entry in catalog.entries(AGENCY)] == [2022, 2023, 2024]


def test_an_agency_has_the_name_of_its_newest_report(catalog: Catalog) -> None:
    renamed = replace(AGENCY, name="示例市新虚构区人民政府")
    catalog.add(make_report(year=2024, agency=renamed), (), Path(), "")
    catalog.add(make_report(year=2023), (), Path(), "")

    assert [agency.name for agency in catalog.agencies()] == [renamed.name]


def test_a_list_shows_the_latest_report_of_each_agency_with_governments_first(catalog: Catalog) -> None:
    catalog.add(make_report(agency=DEPARTMENT), (), Path(), "")
    catalog.add(make_report(year=2022), (), Path(), "")
    catalog.add(make_report(year=2023, values={Key(REQUESTS, "granted", "total"): None}), FINDINGS, Path(), "")
    catalog.add(make_report(agency=OFFICE), (), Path(), "")

    lines = catalog.latest_of("990101")

    assert [(line.agency.name, line.year, line.doubts) for line in lines] == [
        (AGENCY.name, 2023, 1),
        (DEPARTMENT.name, 2023, 0),
    ]
    assert lines[0].totals["new_received"] == Decimal(10)
    assert lines[0].totals["granted"] is None


def test_the_newest_reports_are_those_of_the_latest_years(catalog: Catalog) -> None:
    for year in (2021, 2022, 2023):
        catalog.add(make_report(year=year), (), Path(), "")

    assert [line.year for line in catalog.newest(2)] == [2023, 2022]


def test_counts_are_of_reports_figures_and_contradictions_and_never_of_applications(catalog: Catalog) -> None:
    report = make_report(values={Key(REQUESTS, "granted", "total"): None})
    catalog.add(report, FINDINGS, Path(), "")
    catalog.add(make_report(agency=OFFICE, year=2021), (), Path(), "")

    size = catalog.size()

    assert (size.reports, size.agencies, size.contradictions) == (2, 2, 1)
    assert (size.first_year, size.last_year) == (2021, 2023)
    assert size.figures == 2 * len(report.figures) - 1
    assert catalog.divisions() == {"990000": (1, 1), "990101": (1, 1)}


@pytest.mark.parametrize("bad", ["../escape", "990101-a/b", "990101-", "", "990101-a\n"])
def test_an_id_that_is_no_safe_folder_name_is_refused(catalog: Catalog, bad: str) -> None:
    with pytest.raises(PackageError, match="agency id"):
        catalog.add(make_report(agency=replace(AGENCY, id=bad)), (), Path("p"), "")


@pytest.mark.parametrize("code", ["", "99010", "9901011", "../../../evil", "99/101", "９９０１０１"])
def test_a_division_code_that_is_none_is_refused(catalog: Catalog, code: str) -> None:
    with pytest.raises(PackageError, match="division code"):
        catalog.add(make_report(agency=replace(AGENCY, division_code=code)), (), Path(), "0.1.0")


def test_a_report_that_is_there_already_is_refused_and_leaves_the_first_whole(catalog: Catalog) -> None:
    catalog.add(make_report(), FINDINGS, Path("first"), "")

    with pytest.raises(PackageError, match="there twice"):
        catalog.add(make_report(values={Key(REQUESTS, "granted", "total"): 999}), (), Path("second"), "")

    (entry,) = catalog.entries(AGENCY)
    assert entry.folder == Path("first")
    assert entry.report.value(REQUESTS, "granted", "total") == Decimal(6)


def test_text_that_no_file_can_hold_is_refused_in_one_line(catalog: Catalog) -> None:
    with pytest.raises(PackageError) as caught:
        catalog.add(make_report(title="\ud800"), (), Path("p"), "")
    assert "\n" not in str(caught.value)
    assert list(catalog.agencies()) == []
