"""Tables of text whose cells bars part, and those of which each cell has a line of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.model import REQUESTS, Cell, Grid, Line
from gongkai.read.bars import read_table, tables_of
from gongkai.read.text import read_text
from tests.reports.cases import OLDER, PLAIN, SPARSE
from tests.reports.content import Content
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.sheets import sheets
from tests.reports.text import in_bars, in_singles


def cells(*rows: str) -> list[tuple[int, int, int, str]]:
    (grid,) = read_table(rows)
    assert isinstance(grid, Grid)
    assert all(isinstance(cell, Cell) for cell in grid.cells)
    return [(cell.row, cell.column, cell.column_span, cell.text) for cell in grid.cells]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["| 甲 | 1 |", "|---|:--:|", "| 乙 | |"], id="markdown"),
        pytest.param(["甲|1", "乙|"], id="bare"),
        pytest.param(["| 甲 | **1** |", "| 乙 | &nbsp; |"], id="emphasis-and-entities"),
        pytest.param(["+---+---+", "│ 甲 │ 1 │", "├───┼───┤", "│ 乙 │   │", "+---+---+"], id="a-drawn-box"),
        pytest.param(["|甲|1|", "", "|乙||"], id="blank-lines-between"),
    ],
)
def test_cells_stand_where_bars_part_them(rows: list[str]) -> None:
    assert cells(*rows) == [(0, 0, 1, "甲"), (0, 1, 1, "1"), (1, 0, 1, "乙"), (1, 1, 1, "")]


def test_a_label_that_is_repeated_spanned_its_cells_and_so_does_a_figure_below_one_header() -> None:
    assert cells("甲|本年|本年", "乙|7|7", "丙|7|8") == [
        *[(0, 0, 1, "甲"), (0, 1, 2, "本年")],
        *[(1, 0, 1, "乙"), (1, 1, 2, "7")],
        *[(2, 0, 1, "丙"), (2, 1, 1, "7"), (2, 2, 1, "8")],
    ]


def test_figures_that_are_alike_below_several_headers_are_several() -> None:
    assert cells("甲|本年|上年", "乙|7|7")[4:] == [(1, 1, 1, "7"), (1, 2, 1, "7")]


@pytest.mark.parametrize(("cell", "text"), [("1<br>2", "1\n2"), ("行政<br/>许可", "行政许可"), (r"a\|b", "a|b")])
def test_a_line_break_in_a_cell_makes_no_figure_of_two(cell: str, text: str) -> None:
    assert cells(f"| 甲 | {cell} |", "| 乙 | 3 |")[1][3] == text


def test_rows_of_more_cells_or_fewer_are_lines_whose_blanks_are_kept() -> None:
    found = read_table(["三、办理结果|予以公开|1||3", "部分公开|4|5|6", "申请人"])
    assert all(isinstance(line, Line) for line in found)
    words = [[word.text for word in line.words] for line in found if isinstance(line, Line)]
    assert words == [["三、办理结果", "予以公开", "1", "", "3"], ["部分公开", "4", "5", "6"], ["申请人"]]


def test_bars_between_the_links_of_a_page_make_no_table() -> None:
    assert tables_of(["首页|政务公开|年报", "网站地图|联系我们", "共12件"]) == []


@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_markdown_is_a_text(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"report{suffix}"
    path.write_text(in_bars(PLAIN, sheets(PLAIN)), encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == unread(PLAIN, report) == []
    assert [section.heading for section in report.sections] == list(PLAIN.headings.values())


@pytest.mark.parametrize("merged", ["first", "each", "none"])
@pytest.mark.parametrize("content", [PLAIN, OLDER, SPARSE], ids=["2021", "2019", "blanks"])
def test_a_table_in_parts_whose_first_row_is_set_as_a_header_is_one(
    content: Content, merged: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.md"
    parts = {REQUESTS: ["denied_third_party", "not_processed_petition"]}
    path.write_text(in_bars(content, sheets(content), merged=merged, breaks=parts), encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(content, report, findings) == unread(content, report) == []


@pytest.mark.parametrize("width", [4, 8, 20])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_each_cell_may_have_a_line_of_its_own_with_wrapped_labels_and_a_group_set_upright(
    width: int, gap: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(in_singles(PLAIN, sheets(PLAIN), label_width=width, gap=gap).encode("gb18030"))
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == unread(PLAIN, report) == []


def test_a_number_from_elsewhere_takes_no_blank_cell_s_place(tmp_path: Path) -> None:
    text = in_singles(SPARSE, sheets(SPARSE))
    label = "1.属于国家秘密"
    assert [key for key, value in SPARSE.values.items() if key.row == "denied_state_secret" and value is None]
    path = tmp_path / "report.txt"
    for extra in range(1, 7):
        path.write_text(text.replace(label, "\n".join(["9"] * extra + [label])), encoding="utf-8")
        report, findings = extract(path)
        assert wrongs(SPARSE, report, findings) == []


def test_a_figure_at_a_page_s_end_may_be_its_number(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("\n".join(["甲", "1", "2", "3"] * 6) + "\n\f乙\n", encoding="utf-8")
    found = [block.text for block in read_text(path).blocks if isinstance(block, Line)]
    assert found[:6] == ["甲1 2 3"] * 5 + ["甲1 2"]
