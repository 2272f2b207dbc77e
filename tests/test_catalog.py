"""The catalog gives back what was put in, one agency or one list at a time."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai import __version__
from gongkai.errors import PackageError
from gongkai.form import EDITIONS, Edition
from gongkai.model import REQUESTS, Agency, Finding, Key, Origin
from gongkai.package.folder import read_package
from gongkai.publish import catalog as catalog_module
from gongkai.publish.catalog import Catalog
from gongkai.publish.indicators import load_indicators
from gongkai.publish.packaged_report import PackagedReport
from tests.builders import AGENCY, make_package, make_report

INDICATORS = load_indicators().indicators

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
def test_a_report_comes_out_as_it_went_in(catalog: Catalog, tmp_path: Path, edition: Edition) -> None:
    origin = Origin(url="https://example.org/a", published=date(2024, 1, 20), retrieved=date(2024, 2, 1), note="a note")
    blank = {Key(REQUESTS, "granted", "total"): None}
    folder = make_package(tmp_path, FINDINGS, edition=edition, values=blank, dated=date(2024, 1, 19))
    report = replace(read_package(folder).report, origin=origin)

    catalog.add(report, FINDINGS, folder, "0.1.0")
    (packaged,) = catalog.reports_of(report.agency)

    assert packaged == PackagedReport(replace(report, origin=Origin()), FINDINGS, folder, __version__)


def test_years_come_in_order_whatever_the_order_in_which_they_went_in(catalog: Catalog, tmp_path: Path) -> None:
    for year in (2022, 2024, 2023):
        catalog.add(make_report(year=year), (), make_package(tmp_path, year=year), "")

    assert [packaged.report.year for packaged in catalog.reports_of(AGENCY)] == [2022, 2023, 2024]


def test_a_package_that_is_gone_since_it_was_read_is_told(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(make_report(), (), tmp_path / "gone", "")
    with pytest.raises(PackageError, match="gone"):
        catalog.reports_of(AGENCY)


def test_indicators_look_back_over_reports_of_other_agencies_too(catalog: Catalog, tmp_path: Path) -> None:
    received = Key(REQUESTS, "new_received", "total")
    for agency, year, number in ((AGENCY, 2022, 40), (OFFICE, 2022, 7), (AGENCY, 2023, 50)):
        folder = make_package(tmp_path, agency=agency, year=year, values={received: number})
        catalog.add(make_report(agency=agency, year=year, values={received: number}), (), folder, "")
    (ranking,) = (each for each in catalog.rankings(INDICATORS["growth"]) if each.peer_group.level == AGENCY.level)
    assert [str(line.value.value) for line in ranking.ranked] == ["0.250000"]


@pytest.mark.usefixtures("catalog")
def test_no_table_holds_what_nothing_asks_for(tmp_path: Path) -> None:
    """Every table and column is named in a query of this library, beside the one that fills it."""
    folder = Path(catalog_module.__file__).parent
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    queries = " ".join(text for name, text in sources.items() if name != "catalog_tables.py")
    assert {"sections", "statements", "corrections", "history", "table_rows"}.isdisjoint(columns_of(tmp_path))
    for table, columns in columns_of(tmp_path).items():
        assert re.search(rf"\b(FROM|JOIN) {table}\b", queries), table
        assert [column for column in columns if not re.search(rf"\b{column}\b", queries)] == [], table


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


def test_a_report_that_is_there_already_is_refused_and_leaves_the_first_whole(catalog: Catalog, tmp_path: Path) -> None:
    first = make_package(tmp_path, FINDINGS)
    catalog.add(make_report(), FINDINGS, first, "")

    with pytest.raises(PackageError, match="there twice"):
        catalog.add(make_report(values={Key(REQUESTS, "granted", "total"): 999}), (), Path("second"), "")

    (packaged,) = catalog.reports_of(AGENCY)
    assert packaged.folder == first
    assert catalog.latest_of(AGENCY.division_code)[0].totals["granted"] == Decimal(6)


def test_text_that_no_file_can_hold_is_refused_in_one_line(catalog: Catalog) -> None:
    with pytest.raises(PackageError) as caught:
        catalog.add(make_report(title="\ud800"), (), Path("p"), "")
    assert "\n" not in str(caught.value)
    assert list(catalog.agencies()) == []


def columns_of(folder: Path) -> dict[str, list[str]]:
    """The tables in the catalog's file, with their columns."""
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in tables}
