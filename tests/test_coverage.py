"""Every agency has a cell for every year, and the cell says why a report is not there."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gongkai.model import Agency, Level, Origin
from gongkai.names.registry import Entry, Registry
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import (
    CoverageCell,
    CoverageLine,
    Refusal,
    coverage,
    covered_years,
    deadline,
    presences,
    refusals_of,
)
from tests.builders import AGENCY, make_report, write_invented

DEPARTMENT = Agency("990101-tong-ji-ju", "示例市虚构区统计局", "990101", "county", "department")
TOWNSHIP = Agency("990101-xu-gou-zhen-ren-min-zheng-fu", "虚构区虚构镇人民政府", "990101", "township", "government")


def cells(line: CoverageLine) -> list[tuple[int, str]]:
    return [(cell.year, cell.presence) for cell in line.cells]


@pytest.mark.parametrize(
    ("level", "kind", "day"),
    [
        ("county", "government", date(2024, 3, 31)),
        ("province", "government", date(2024, 3, 31)),
        ("township", "government", date(2024, 1, 31)),
        ("county", "department", date(2024, 1, 31)),
        ("province", "office", date(2024, 1, 31)),
        ("central", "department", date(2024, 1, 31)),
        ("county", "", date(2024, 1, 31)),
    ],
)
def test_governments_from_the_county_up_have_until_march_and_all_others_until_january(
    level: Level, kind: str, day: date
) -> None:
    assert deadline(Agency("990101-a", "示例局", "990101", level, kind), 2023) == day


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2024, 1, 31), ["there", "missing", "missing"], id="on-the-day-nothing-is-overdue"),
        pytest.param(
            date(2024, 2, 1), ["there", "missing", "missing", "not_due", "missing", "missing"], id="departments-first"
        ),
        pytest.param(
            date(2024, 3, 31), ["there", "missing", "missing", "not_due", "missing", "missing"], id="on-the-later-day"
        ),
        pytest.param(
            date(2024, 4, 1), ["there", "missing", "missing", "missing", "missing", "missing"], id="all-are-due"
        ),
    ],
)
def test_a_report_is_missing_from_the_day_after_it_was_due(today: date, expected: list[str]) -> None:
    lines = coverage([AGENCY, DEPARTMENT, TOWNSHIP], {AGENCY.id: [2022]}, (), today)

    years = len(lines[0].cells)
    assert [cell.presence for n in range(years) for cell in (line.cells[n] for line in lines)] == expected
    assert [line.agency for line in lines] == [AGENCY, DEPARTMENT, TOWNSHIP]


@pytest.mark.parametrize(
    ("there", "today", "years"),
    [
        pytest.param([], date(2024, 6, 1), [], id="no-reports-no-years"),
        pytest.param([2022], date(2024, 6, 1), [2022, 2023], id="to-the-last-that-is-due"),
        pytest.param([2022, 2024], date(2024, 6, 1), [2022, 2023, 2024], id="a-report-may-come-early"),
        pytest.param([2022], date(2019, 1, 1), [2022], id="a-day-before-them-all"),
    ],
)
def test_years_go_from_the_first_report_to_the_last_that_is_due(
    there: list[int], today: date, years: list[int]
) -> None:
    assert list(covered_years(there, today)) == years


def test_a_refused_file_has_its_cell_and_its_reason_unless_a_report_is_there() -> None:
    refusals = [
        Refusal("a.pdf", "no table; give the report itself", AGENCY.id, 2022),
        Refusal("b.pdf", "another report stands", AGENCY.id, 2021),
        Refusal("c.pdf", "whose it is, it does not say"),
    ]
    (line,) = coverage([AGENCY], {AGENCY.id: [2021]}, refusals, date(2023, 6, 1))

    assert cells(line) == [(2021, "there"), (2022, "refused")]
    assert [cell.problem for cell in line.cells] == ["", "no table; give the report itself"]


def test_a_year_that_is_not_due_but_refused_is_refused() -> None:
    (line,) = coverage([AGENCY], {AGENCY.id: [2022, 2023]}, [Refusal("a", "why", AGENCY.id, 2023)], date(2024, 1, 2))
    assert cells(line) == [(2022, "there"), (2023, "there")]
    (line,) = coverage(
        [DEPARTMENT], {AGENCY.id: [2022, 2023]}, [Refusal("a", "why", DEPARTMENT.id, 2023)], date(2024, 1, 2)
    )
    assert cells(line) == [(2022, "missing"), (2023, "refused")]


def test_the_agency_of_a_refused_file_is_what_its_folder_or_its_statement_says(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_bytes(Registry([Entry(AGENCY)]).to_bytes())
    stated, bare, odd = (write_invented(tmp_path, name, "x") for name in ("stated.txt", "bare.txt", "odd.txt"))
    (tmp_path / "stated.origin.toml").write_text(f'agency = "{AGENCY.name}"\nyear = 2022\n', encoding="utf-8")
    (tmp_path / "odd.origin.toml").write_text("agency = \n", encoding="utf-8")
    filed = tmp_path / AGENCY.id / "2021" / "report.pdf"

    refusals = refusals_of([(path, "why") for path in (stated, bare, odd, filed)], tmp_path)

    assert refusals == (
        Refusal("stated.txt", "why", AGENCY.id, 2022),
        Refusal("bare.txt", "why"),
        Refusal("odd.txt", "why"),
        Refusal(f"{AGENCY.id}/2021/report.pdf", "why", AGENCY.id, 2021),
    )


def test_a_name_that_is_not_utf_8_can_be_written_into_a_page(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.pdf")
    (refusal,) = refusals_of([(path, f"{path.name}: damaged\x1b[2J")], tmp_path)
    assert (refusal.file, refusal.problem) == (".pdf", ".pdf: damaged [2J")


def test_a_reason_does_not_say_where_the_datasets_lie(tmp_path: Path) -> None:
    problem = f"{tmp_path}/{AGENCY.id}/2021/report.pdf is a report of the agency too"
    (refusal,) = refusals_of([(tmp_path / "a.pdf", problem)], tmp_path)
    assert refusal.problem == f"{AGENCY.id}/2021/report.pdf is a report of the agency too"


@pytest.mark.parametrize("path", ["elsewhere/a.pdf", "not-an-id/not-a-year/report.pdf"])
def test_a_file_of_no_agency_is_named_all_the_same(tmp_path: Path, path: str) -> None:
    datasets = tmp_path if path.startswith("not") else tmp_path / "datasets"
    (refusal,) = refusals_of([(tmp_path / path, "why")], datasets)
    assert refusal.year is None
    assert str(tmp_path) not in refusal.file


def test_the_catalog_gives_the_lines_back_by_division_with_agencies_that_have_no_report(tmp_path: Path) -> None:
    lines = coverage(
        [TOWNSHIP, AGENCY], {AGENCY.id: [2022]}, [Refusal("a", "why", TOWNSHIP.id, 2022)], date(2023, 4, 1)
    )
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        catalog.cover(lines)
        assert sorted(catalog.coverage(), key=lambda line: line.agency.id) == sorted(
            lines, key=lambda line: line.agency.id
        )


@pytest.mark.parametrize(
    ("reports", "day"),
    [
        pytest.param([], None, id="no-reports"),
        pytest.param(
            [{"origin": Origin(retrieved=date(2024, 5, 1))}, {"year": 2022}],
            date(2024, 5, 1),
            id="the-newest-retrieval",
        ),
        pytest.param(
            [{"year": 2023}, {"year": 2022, "period_end": date(2022, 12, 31)}],
            date(2023, 12, 31),
            id="else-the-newest-periods-end",
        ),
        pytest.param([{"year": 2023, "period_end": None}], date(2023, 12, 31), id="else-the-newest-years"),
        pytest.param(
            [{"year": 2025, "period_end": None}, {"year": 2023}], date(2025, 12, 31), id="whose-period-is-not-stated"
        ),
    ],
)
def test_the_day_as_of_which_reports_are_known_comes_from_the_reports(
    tmp_path: Path, reports: list[dict[str, Any]], day: date | None
) -> None:
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        for changes in reports:
            catalog.add(make_report(**changes), (), Path(), "")
        assert catalog.as_of() == day
        assert catalog.years() == ({AGENCY.id: sorted(c.get("year", 2023) for c in reports)} if reports else {})


def test_each_year_of_an_agency_has_what_is_known_of_it_the_latest_first() -> None:
    due = date(2024, 3, 31)
    known = (CoverageCell(2023, "refused", due), CoverageCell(2024, "not_due", due))
    assert presences(known, [2020, 2022]) == {
        2024: "not_due",
        2023: "refused",
        2022: "there",
        2021: "missing",
        2020: "there",
    }
    assert presences((), [2020, 2022]) == {2022: "there", 2021: "missing", 2020: "there"}
