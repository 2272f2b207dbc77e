"""Tables to download: a format is a class and a line, and then every table has a file that pages list."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongkai.model import REQUESTS, Key
from gongkai.package.schema import TABLES
from gongkai.publish import table_formats
from gongkai.publish.bulk_tables import BULK_TABLES
from gongkai.publish.site import render_site
from gongkai.publish.table_formats import CsvFormat, DataTable, OfferedFor, write_tables
from tests.builders import AGENCY, make_package

TEMPLATES = Path(__file__).parents[1] / "site_templates"
BLANK = Key(REQUESTS, "granted", "natural_person")


@dataclass(frozen=True, slots=True)
class InventedFormat:
    """Lines of JSON."""

    label: str = "Invented"
    suffix: str = "invented"
    holds_all: bool = False
    offered_for: frozenset[OfferedFor] = frozenset({"all", "report"})

    def write(self, path: Path, tables: Sequence[DataTable]) -> None:
        lines = [json.dumps([table.name, *row]) for table in tables for row in table.rows()]
        path.write_text("\n".join(lines), encoding="utf-8")


def site_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invented: InventedFormat) -> Path:
    monkeypatch.setattr(table_formats, "FORMATS", (*table_formats.FORMATS, invented))
    (tmp_path / "datasets").mkdir()
    make_package(tmp_path / "datasets", values={BLANK: None})
    assert render_site(tmp_path / "datasets", tmp_path / "site", templates=TEMPLATES) == ()
    return tmp_path / "site"


def test_a_new_format_gives_a_file_for_every_table_and_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_with(tmp_path, monkeypatch, InventedFormat())
    report = f"agency/{AGENCY.id}/2023"
    for prefix in ("", "en/"):
        pages = {name: (site / prefix / name / "index.html").read_text(encoding="utf-8") for name in ("data", report)}
        for table in BULK_TABLES:
            content = (site / "data" / f"{table.name}.invented").read_bytes()
            assert f'data/{table.name}.invented" download>' in pages["data"] or not prefix
            assert f">{table.name}.invented</a>" in pages["data"]
            assert hashlib.sha256(content).hexdigest() in pages["data"]
        for name in TABLES:
            assert (site / report / f"{name}.invented").is_file()
            assert f'{name}.invented" download>' in pages[report]
        assert pages[report].count("Invented · ") == len(TABLES)
    rows = [json.loads(line) for line in (site / report / "requests.invented").read_text().splitlines()]
    (granted,) = [row for row in rows if row[1] == "granted"]
    assert granted[3] is None  # a blank, not "" and not 0
    with zipfile.ZipFile(site / report / f"{AGENCY.id}-2023.zip") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".invented")]


def test_a_format_that_holds_all_tables_gives_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_with(tmp_path, monkeypatch, InventedFormat(holds_all=True))
    report = f"agency/{AGENCY.id}/2023"
    assert [path.name for path in (site / "data").glob("*.invented")] == ["gongkai.invented"]
    assert [path.name for path in (site / report).glob("*.invented")] == [f"{AGENCY.id}-2023.invented"]
    held = {json.loads(line)[0] for line in (site / "data" / "gongkai.invented").read_text().splitlines()}
    assert {table.name for table in BULK_TABLES} - held == {"findings"}  # it has no rows here
    for name in ("data", report):
        assert "所有表格合为一个文件" in (site / name / "index.html").read_text(encoding="utf-8")


def test_a_format_is_offered_where_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_with(tmp_path, monkeypatch, InventedFormat(offered_for=frozenset({"all"})))
    assert {path.parent.name for path in site.rglob("*.invented")} == {"data"}


def test_rows_are_counted_once_however_often_a_format_walks_through_them(tmp_path: Path) -> None:
    @dataclass(frozen=True, slots=True)
    class Twice(InventedFormat):
        def write(self, path: Path, tables: Sequence[DataTable]) -> None:
            (table,) = tables
            assert list(table.rows()) == list(table.rows())
            path.touch()

    table = DataTable("numbers", ("number",), lambda: [[1], [2], [None]])
    (file,) = write_tables([Twice()], [table], tmp_path, "all")
    assert (file.name, file.table, file.rows, file.size) == ("numbers.invented", "numbers", 3, 0)


def test_a_csv_has_no_bom_lf_quotes_where_needed_and_no_formula(tmp_path: Path) -> None:
    table = DataTable("t", ("a", "b"), lambda: [["=1+1", 'x "y",\nz'], [None, 0]])
    write_tables([CsvFormat()], [table], tmp_path, "all")
    assert (tmp_path / "t.csv").read_bytes() == b'a,b\n\'=1+1,"x ""y"",\nz"\n,0\n'


def test_the_documentation_lists_every_format_and_table() -> None:
    text = (TEMPLATES.parent / "docs" / "site.md").read_text(encoding="utf-8")
    section = text.partition("## Downloads")[2].partition("\n## ")[0]
    formats = [
        f"| {of.label} | `.{of.suffix}` | {', '.join(sorted(of.offered_for))} |"
        f" {'one' if of.holds_all else 'one a table'} |"
        for of in table_formats.FORMATS
    ]
    tables = [f"| `{table.name}` | {table.contents} |" for table in BULK_TABLES]
    rows = [line for line in section.splitlines() if line.startswith("| ") and "---" not in line]
    assert [row for row in rows if not row.startswith(("| format", "| table"))] == [*formats, *tables]
