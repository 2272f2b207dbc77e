import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

import build
from gongkai.errors import UsageError
from gongkai.model import Finding, Key
from gongkai.package.diff import FORMATS, Difference, differences, lines
from tests.builders import AGENCY, make_package, make_report

GRANTED = Key("requests", "granted", "total")
FEES = Key("proactive_disclosure", "8/fees", "amount")
WENT = Finding(
    check="balance",
    severity="error",
    at=Key("requests", column="total"),
    expected="12",
    actual="13",
    message="the sums differ",
)
CAME = Finding(check="missing_cell", severity="info", at=FEES, message="the cell is blank")
PLACE = f"{AGENCY.id}/2023"
AT = (AGENCY.id, 2023)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of packages: one report differs, one is the same, and each side has one that the other lacks."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        make_package(folder, year=2020)
    make_package(old, (WENT,), year=2023)
    make_package(new, (CAME,), year=2023, values={GRANTED: 7, FEES: None})
    make_package(old, year=2021)
    make_package(new, year=2022)
    return old, new


def between(old: Path, new: Path) -> list[Difference]:
    return list(differences(old, new, pytest.fail))


CHANGED = [
    Difference(*AT, "figure", "", *FEES, "12.50", ""),
    Difference(*AT, "figure", "", *GRANTED, "6", "7"),
    Difference(*AT, "finding", "balance", "requests", "", "total", "the sums differ", ""),
    Difference(*AT, "finding", "missing_cell", *FEES, "", "the cell is blank"),
]


def test_packages_that_say_the_same_do_not_differ(sides: tuple[Path, Path]) -> None:
    assert between(sides[0], sides[0]) == []


def test_two_packages_differ_by_their_figures_and_findings(sides: tuple[Path, Path]) -> None:
    old, new = sides
    assert between(old / PLACE, new / PLACE) == CHANGED


def test_two_folders_differ_by_their_reports_too(sides: tuple[Path, Path]) -> None:
    title = make_report().title
    assert between(*sides) == [
        Difference(AGENCY.id, 2021, "report", "", "", "", "", title, ""),
        Difference(AGENCY.id, 2022, "report", "", "", "", "", "", title),
        *CHANGED,
    ]


def test_a_finding_whose_words_alone_changed_is_the_same(tmp_path: Path) -> None:
    for side, words in (("old", "the sums differ"), ("new", "12 and 13 differ")):
        (tmp_path / side).mkdir()
        make_package(tmp_path / side, (replace(WENT, message=words),))
    assert between(tmp_path / "old", tmp_path / "new") == []


@pytest.mark.parametrize("broken", [0, 1])
def test_a_package_that_cannot_be_read_costs_one_line_and_no_other_report(
    broken: int, sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    harmed = sides[broken] / AGENCY.id / "2020" / "datapackage.json"
    harmed.write_text("{")
    assert build.main(["diff", str(sides[0]), str(sides[1])]) == 1
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert line.startswith(f"{harmed}: not JSON")
    assert f"{AGENCY.id} 2023" in told.out.splitlines()


# ---------------------------------------------------------------- formats


def test_text_names_each_report_once(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["diff", str(sides[0]), str(sides[1])]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines() == [
        f"- {AGENCY.id} 2021 {make_report().title}",
        f"+ {AGENCY.id} 2022 {make_report().title}",
        f"{AGENCY.id} 2023",
        "  proactive_disclosure/8/fees/amount: 12.50 -> blank",
        "  requests/granted/total: 6 -> 7",
        "  - balance requests/total: the sums differ",
        "  + missing_cell proactive_disclosure/8/fees/amount: the cell is blank",
    ]


def test_csv_has_a_row_a_difference(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["diff", str(sides[0] / PLACE), str(sides[1] / PLACE), "--as", "csv"]) == 0
    header, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header == ["agency", "year", "what", "check", "resource", "row", "column", "old", "new"]
    assert rows[1] == [AGENCY.id, "2023", "figure", "", *GRANTED, "6", "7"]
    assert len(rows) == len(CHANGED)


def test_markdown_is_one_table(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["diff", str(sides[0] / PLACE), str(sides[1] / PLACE), "--as", "markdown"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0] == "| agency | year | what | check | resource | row | column | old | new |"
    assert table[1] == "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    assert table[3] == f"| {AGENCY.id} | 2023 | figure |  | requests | granted | total | 6 | 7 |"


@pytest.mark.parametrize("form", FORMATS)
def test_words_of_strangers_neither_break_a_line_nor_mean_anything(form: str) -> None:
    hostile = "a\nb\x1b[31m|<script>`x`](y)\udcff"
    found = Difference(*AT, "finding", "narrative", "", "", "", "", hostile)
    told = list(lines([found], next(each for each in FORMATS if each == form)))[-1]
    assert told.isprintable()
    if form == "markdown":
        assert told.endswith(r"| a b \[31m\|\<script\>\`x\`\](y)  |")


# ---------------------------------------------------------------- wrong usage


def test_what_is_no_package_and_holds_none_is_wrong_usage(sides: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no such folder"):
        between(tmp_path / "nowhere", sides[1])
    with pytest.raises(UsageError, match="is no package and holds none"):
        between(sides[0], tmp_path / "empty")


def test_a_package_and_a_folder_of_packages_are_not_compared(sides: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match="two of a kind"):
        between(sides[0] / PLACE, sides[1])
