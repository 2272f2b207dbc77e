"""docs/package.md says what the schemas, the forms and the code say: it is what a user of the packages goes by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.checks.figure_groups import GROUPS, ORGANIZATION_COLUMNS, ORGANIZATIONS, PREFIX_GROUPS
from gongkai.form import load_forms
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS
from gongkai.names.registry import COLUMNS as REGISTRY_COLUMNS
from gongkai.package.folder import file_names, original_names
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, table_schema

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "package.md").read_text(encoding="utf-8")
FORMS = {form.edition: form for form in load_forms()}
ALL_TABLES = (*TABLES, *OPTIONAL_TABLES)


def section(heading: str) -> str:
    """What stands under a heading, as far as the next one of its level or above."""
    level = heading.split(" ")[0]
    begin = PAGE.index(f"\n{heading}")
    rest = PAGE[begin + len(heading) + 1 :]
    end = re.search(rf"^#{{1,{len(level)}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the tables in a text, without their heads."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells[0].startswith("`"):
                yield cells


def codes(cell: str) -> tuple[str, ...]:
    return tuple(re.findall("`([^`]+)`", cell))


@pytest.mark.parametrize("name", ALL_TABLES)
def test_each_table_has_these_columns_of_these_types(name: str) -> None:
    schema = table_schema(name)
    text = section(f"### `{name}.csv`")
    assert schema.title in text
    assert schema.description in text
    assert all(f"`{column}`" in text for column in schema.descriptor.get("primaryKey", ()))
    written = [(codes(row[0])[0], row[1], row[2]) for row in rows(text)]
    assert written == [(field["name"], field["type"], field["title"]) for field in schema.descriptor["fields"]]
    for row, field in zip(rows(text), schema.descriptor["fields"], strict=True):
        assert row[3].startswith(field["description"])
        assert row[3].endswith("Never empty.") is bool(field.get("constraints", {}).get("required"))


def test_no_other_tables_are_described() -> None:
    assert re.findall(r"^### `(\w+)\.csv`", PAGE, re.MULTILINE) == list(ALL_TABLES)


def test_the_files_of_a_package_are_these() -> None:
    listed = section("## Files").split("      ", 1)[1].split("\n\n")[0]
    names = set(re.findall(r"^ *([\w.]+\.(?:csv|json|toml))", listed, re.MULTILINE))
    names |= {f"report{suffix}" for suffix in re.findall(r"(?<= |t)\.(?:pdf|html|docx|txt|md)\b", listed)}
    assert names == set(file_names())
    assert set(original_names()) < names


@pytest.mark.parametrize(
    ("heading", "resource"),
    [
        pytest.param("### Outcomes", REQUESTS, id="outcomes"),
        pytest.param("### Channels", REVIEWS, id="channels"),
    ],
)
def test_each_code_stands_with_the_label_of_each_edition(heading: str, resource: str) -> None:
    written = {codes(row[0])[0]: (row[1], row[1] if row[2] == "the same" else row[2]) for row in rows(section(heading))}
    labels = {edition: {row.id: row.label for row in form.table(resource).rows()} for edition, form in FORMS.items()}
    ids = dict.fromkeys(id for edition in ("2021", "2019") for id in labels[edition])
    assert written == {id: (labels["2021"].get(id, "—"), labels["2019"].get(id, "—")) for id in ids}


def test_each_figure_of_section_two_stands_with_its_measures() -> None:
    written = {codes(row[0])[0]: (codes(row[2]), codes(row[3])) for row in rows(section("### Section 2"))}
    measures = {
        edition: {row.id: row.columns for row in form.table(PROACTIVE).rows()} for edition, form in FORMS.items()
    }
    ids = dict.fromkeys(id for edition in ("2021", "2019") for id in measures[edition])
    assert written == {id: (measures["2021"].get(id, ()), measures["2019"].get(id, ())) for id in ids}


def test_the_other_codes_are_those_of_the_schemas() -> None:
    written = {tuple(codes(row[0])): codes(row[1]) for row in rows(section("### Others"))}
    for (column, file), listed in written.items():
        fields = table_schema(file.removesuffix(".csv")).descriptor["fields"]
        assert tuple(next(f for f in fields if f["name"] == column)["constraints"]["enum"]) == listed
    assert len(written) == 6


def test_the_groups_are_those_that_addresses_may_name() -> None:
    written = [line for line in section("## Addresses").splitlines() if line.startswith(("| row", "| column"))]
    groups = {codes(line.split("|")[2]): codes(line.split("|")[3]) for line in written}
    assert groups.pop(tuple(PREFIX_GROUPS)) == ("_",)
    assert groups.pop((ORGANIZATIONS,)) == ORGANIZATION_COLUMNS
    assert groups == {(name,): rows for name, rows in GROUPS.items()}


def test_the_registry_and_the_index_have_these_columns() -> None:
    text = section("## The registry and the index")
    index = (ROOT / "datasets" / "index.csv").read_text(encoding="utf-8").splitlines()[0]
    assert f"`{','.join(REGISTRY_COLUMNS)}`" in text
    assert f"`{index}`" in text


def test_a_descriptor_has_these_properties_beside_the_standards() -> None:
    standard = {"$schema", "name", "title"}
    written = {name for row in rows(section("## `datapackage.json`")) for name in codes(row[0])}
    found = set[str]()
    for path in (ROOT / "datasets").glob("*/*/datapackage.json"):
        found |= json.loads(path.read_bytes()).keys()
    assert found == written | standard
