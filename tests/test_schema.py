from importlib.resources import files
from pathlib import Path
from typing import get_args

import frictionless
import pytest

from gongkai.form import load_forms
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Finding, Key, Severity
from gongkai.package import csv_tables as tables
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, table_problems, table_schema
from gongkai.read.formats import reader_codes
from tests.builders import make_report

FINDING = Finding(
    check="balance",
    severity="error",
    at=Key(REQUESTS, column="total"),
    expected="12",
    actual="13",
    message="does not balance",
)


def rows(name: str) -> tables.Rows:
    return tables.to_rows(make_report(), (FINDING,))[name]


def enum(name: str, column: str) -> set[str]:
    field = next(f for f in table_schema(name).descriptor["fields"] if f["name"] == column)
    return set(field["constraints"]["enum"])


def by_frictionless(name: str, content: bytes, folder: Path) -> list[str]:
    """What frictionless's own validation of the file says, types of error only."""
    (folder / f"{name}.csv").write_bytes(content)
    resource = frictionless.Resource.from_descriptor(
        {
            "name": name.replace("_", "-"),
            "type": "table",
            "path": f"{name}.csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ","},
            "schema": table_schema(name).descriptor,
        },
        basepath=str(folder),
    )
    return [error for (error,) in resource.validate().flatten(["type"])]


BROKEN = [
    pytest.param(REQUESTS, 0, 0, "gifts", id="an-outcome-that-no-form-has"),
    pytest.param(REQUESTS, 0, 2, "-1", id="a-negative-count"),
    pytest.param(REQUESTS, 0, 2, "1.5", id="half-a-request"),
    pytest.param(REQUESTS, 0, 2, "/", id="a-blank-as-printed"),
    pytest.param(REQUESTS, 1, 0, "new_received", id="an-outcome-twice"),
    pytest.param(REQUESTS, 0, 1, "", id="no-label"),
    pytest.param(PROACTIVE, 0, 5, "pieces", id="another-unit"),
    pytest.param(PROACTIVE, 0, 4, "many", id="a-figure-in-words"),
    pytest.param(PROACTIVE, 0, 0, "7", id="another-item-of-article-20"),
    pytest.param(REVIEWS, 0, 0, "appeal", id="another-channel"),
    pytest.param("sections", 0, 0, "7", id="a-seventh-section"),
    pytest.param("sections", 1, 0, "1", id="a-section-twice"),
    pytest.param("provenance", 0, 3, "0", id="page-zero"),
    pytest.param("provenance", 0, 9, "guess", id="another-reader"),
    pytest.param("provenance", 0, 4, "left", id="a-box-in-words"),
    pytest.param("findings", 0, 0, "mood", id="another-check"),
    pytest.param("findings", 0, 1, "fatal", id="another-severity"),
    pytest.param("findings", 0, 7, "", id="a-finding-without-words"),
]


@pytest.mark.parametrize("name", TABLES)
def test_what_this_project_writes_is_allowed_by_frictionless_and_by_us(name: str, tmp_path: Path) -> None:
    assert table_problems(name, rows(name)) == []
    assert by_frictionless(name, tables.csv_bytes(name, rows(name)), tmp_path) == []


@pytest.mark.parametrize(("name", "row", "column", "value"), BROKEN)
def test_what_frictionless_refuses_is_refused_here_in_words(
    name: str, row: int, column: int, value: str, tmp_path: Path
) -> None:
    broken = rows(name)
    broken[row][column] = value
    assert by_frictionless(name, tables.csv_bytes(name, broken), tmp_path)
    (problem,) = table_problems(name, broken)
    assert problem.startswith(f"row {row + 2}")


@pytest.mark.parametrize("cells", [["granted"], ["granted", "label", *["1"] * 8]], ids=["too-few", "too-many"])
def test_a_row_of_another_width_is_refused_here_and_by_frictionless(cells: list[str], tmp_path: Path) -> None:
    broken = [*rows(REQUESTS)[:3], cells]
    assert by_frictionless(REQUESTS, tables.csv_bytes(REQUESTS, broken), tmp_path)
    assert table_problems(REQUESTS, broken) == [f"row 5 has {len(cells)} cells where 9 are expected"]


def test_of_a_file_that_is_broken_throughout_the_first_few_lines_are_told() -> None:
    assert len(table_problems(REQUESTS, [["x"]] * 1000)) == 5


def test_the_codes_are_those_that_the_forms_define() -> None:
    for form in load_forms():
        assert {row.id for row in form.table(REQUESTS).rows()} <= enum(REQUESTS, "outcome")
        assert {row.id for row in form.table(REVIEWS).rows()} == enum(REVIEWS, "channel")
        for row in form.table(PROACTIVE).rows():
            item, _, category = row.id.partition("/")
            assert item in enum(PROACTIVE, "article_item")
            assert category in enum(PROACTIVE, "category")
            assert set(row.columns) <= enum(PROACTIVE, "measure")
        assert {identity.check for identity in form.identities} <= enum("findings", "check")


def test_the_codes_are_those_that_the_model_knows() -> None:
    assert enum("provenance", "reader") == set(reader_codes())
    assert enum("findings", "severity") == set(get_args(Severity))


def test_every_schema_file_is_a_table_of_the_package() -> None:
    folder = files("gongkai.package") / "schemas"
    names = sorted(f"{name}.json" for name in (*TABLES, *OPTIONAL_TABLES))
    assert sorted(path.name for path in folder.iterdir()) == names
