"""All reports in a few tables: every figure once, a blank as a blank, nothing added up, no formula."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, Finding, Key, Report
from gongkai.publish.bulk_tables import BULK_TABLES
from gongkai.publish.catalog import Catalog
from gongkai.publish.table_formats import CsvFormat, write_tables
from tests.builders import AGENCY, make_report
from tests.test_site import OFFICE

BLANK = Key(REQUESTS, "granted", "natural_person")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(tmp_path: Path, *reports: Report, findings: Sequence[Finding] = ()) -> Path:
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        for report in reports:
            catalog.add(report, findings, tmp_path, "0")
        written = write_tables([CsvFormat()], catalog.tables(), tmp_path / "data", "all")
    for file in written:
        content = (tmp_path / "data" / file.name).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.rows == len(rows_of(tmp_path / "data" / file.name))
        assert content.decode().split("\n")[0] == ",".join(file.columns)
    assert [(file.table, file.name) for file in written] == [(table.name, f"{table.name}.csv") for table in BULK_TABLES]
    return tmp_path / "data"


def test_every_figure_is_a_row_of_its_report(tmp_path: Path) -> None:
    reports = [make_report(), make_report("2019", agency=OFFICE)]
    data = write(tmp_path, *reports)
    for resource in RESOURCES:
        found = rows_of(data / f"{resource}.csv")
        for report in reports:
            own = [row["value"] for row in found if row["agency"] == report.agency.id]
            printed = [figure.value for key, figure in report.figures.items() if key.resource == resource]
            assert sorted(own) == sorted("" if value is None else str(value) for value in printed)


def test_a_blank_is_empty_and_a_zero_is_0(tmp_path: Path) -> None:
    zero = Key(REQUESTS, "granted", "other_organization")
    data = write(tmp_path, make_report(values={BLANK: None, zero: 0}))
    values = {(row["outcome"], row["applicant"]): row["value"] for row in rows_of(data / "requests.csv")}
    assert (values[BLANK[1:]], values[zero[1:]]) == ("", "0")


def test_a_row_of_section_two_says_its_item_its_category_and_its_unit(tmp_path: Path) -> None:
    data = write(tmp_path, make_report())
    (fee,) = [row for row in rows_of(data / f"{PROACTIVE}.csv") if row["category"] == "fees"]
    assert (fee["article_item"], fee["measure"], fee["unit"]) == ("8", "amount", "10k_cny")


def test_what_a_stranger_writes_is_no_formula(tmp_path: Path) -> None:
    finding = Finding(
        check="form", severity="warning", at=Key(REQUESTS, "granted"), actual='=HYPERLINK("x")', message="@sum"
    )
    data = write(tmp_path, replace(make_report(), title="=1+1"), findings=[finding])
    cells = [cell for name in ("reports", "findings") for row in rows_of(data / f"{name}.csv") for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_an_agency_has_its_first_and_its_last_year(tmp_path: Path) -> None:
    data = write(tmp_path, make_report(year=2021), make_report(year=2024))
    (agency,) = rows_of(data / "agencies.csv")
    assert (agency["id"], agency["reports"], agency["first_year"], agency["last_year"]) == (
        AGENCY.id,
        "2",
        "2021",
        "2024",
    )
