from __future__ import annotations

from collections.abc import Sequence

import pytest

from gongkai.extract.tables.columns import Columns, columns_in_piece, find_columns
from gongkai.extract.tables.rows import PrintedRow, rows_of_grids, rows_of_lines
from gongkai.figures import printed_unit
from gongkai.form import FormColumn, load_form
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS
from tests.grids import LEFT, edges_of, grid, line

APPLICANTS = load_form("2021").table(REQUESTS).blocks[0].columns
RESULTS = load_form("2021").table(REVIEWS).blocks[0].columns
HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
FIGURES = ["11", "12", "13", "14", "15", "16", "81"]


def headed(heads: Sequence[str], *figures: Sequence[str]) -> list[PrintedRow]:
    """A ruled table: a row of heads and rows of figures, each after a label."""
    rows = [["", *heads], *(["甲", *row] for row in figures)]
    return rows_of_grids([grid(rows, edges_of(len(rows[0])))])


def lines(*texts: str, width: float = 10.0, page: int = 1) -> list[PrintedRow]:
    return rows_of_lines([line(text, page=page, width=width) for text in texts], "text")


def read(columns: Columns | None, row: PrintedRow) -> list[list[str] | None]:
    """What stands in each column of the form in a row."""
    assert columns is not None
    return [None if cells is None else [placed.cell.text for placed in cells] for cells in columns.figures([row])]


def found_in(heads: Sequence[str], figures: Sequence[str]) -> list[list[str] | None]:
    zone, *body = headed(heads, figures)
    return read(find_columns(APPLICANTS, [zone], body), body[0])


def each(*texts: str) -> list[list[str]]:
    return [[text] if text else [] for text in texts]


# ---------------------------------------------------------------- ruled tables


def test_columns_are_told_by_their_heads() -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert read(columns, body[0]) == each(*FIGURES)
    assert columns is not None
    assert columns.confirmed == 1.0
    assert [columns.header(i) for i in range(7)] == HEADS


@pytest.mark.parametrize("broad", range(7))
@pytest.mark.parametrize("more", ["77", "0"])
def test_a_head_above_two_columns_of_figures_heads_neither(more: str, broad: int) -> None:
    heads = [*HEADS[: broad + 1], LEFT, *HEADS[broad + 1 :]]
    figures = [*FIGURES[: broad + 1], more, *FIGURES[broad + 1 :]]
    assert found_in(heads, figures) == each(*FIGURES[:broad], "", *FIGURES[broad + 1 :])


@pytest.mark.parametrize("gone", range(7))
def test_a_column_that_is_not_printed_stays_empty_and_moves_no_other(gone: int) -> None:
    heads, figures = [*HEADS[:gone], *HEADS[gone + 1 :]], [*FIGURES[:gone], *FIGURES[gone + 1 :]]
    assert found_in(heads, figures) == each(*FIGURES[:gone], "", *FIGURES[gone + 1 :])


@pytest.mark.parametrize("place", range(8))
def test_a_strange_column_is_left_out_and_moves_no_other(place: int) -> None:
    heads, figures = [*HEADS[:place], "平均天数", *HEADS[place:]], [*FIGURES[:place], "99", *FIGURES[place:]]
    assert found_in(heads, figures) == each(*FIGURES)


@pytest.mark.parametrize("place", range(7))
def test_a_column_whose_head_is_not_legible_is_placed_by_its_neighbours(place: int) -> None:
    assert found_in([*HEADS[:place], "", *HEADS[place + 1 :]], FIGURES) == each(*FIGURES)


def test_a_head_that_may_be_of_two_columns_leaves_both_open() -> None:
    heads, figures = [*HEADS[:2], "", *HEADS[4:]], [*FIGURES[:2], "99", *FIGURES[4:]]
    assert found_in(heads, figures)[2:4] == [[], []]


def test_a_head_that_lost_a_character_is_still_that_column_s() -> None:
    assert found_in(["自然", "商业企", "科研机构", "社会公益组", "法律服务机", "其他", "总计"], FIGURES) == each(
        *FIGURES
    )


def test_heads_above_heads_tell_columns_of_one_name_apart() -> None:
    channels = ["行政复议", *[LEFT] * 4, "未经复议直接起诉", *[LEFT] * 4, "复议后起诉", *[LEFT] * 4]
    leaves = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    figures = [str(100 + i) for i in range(15)]
    rows = rows_of_grids([grid([channels, leaves, figures], edges_of(15))])
    columns = find_columns(RESULTS, rows[:2], rows[2:])
    assert read(columns, rows[2]) == each(*figures)


def test_a_cell_that_spans_columns_is_given_to_each_of_them() -> None:
    zone, *body = headed(HEADS, FIGURES, [*FIGURES[:2], "99", LEFT, *FIGURES[4:]])
    columns = find_columns(APPLICANTS, [zone], body)
    assert read(columns, body[1])[2:4] == [["99"], ["99"]]


def test_words_in_a_figure_s_place_stand_in_its_column() -> None:
    zone, *body = headed(HEADS, FIGURES, ["11", "无", *FIGURES[2:]])
    assert read(find_columns(APPLICANTS, [zone], body), body[1]) == each("11", "无", *FIGURES[2:])


@pytest.mark.parametrize(
    ("heads", "figures"),
    [
        pytest.param(["单位", "预算", "决算"], ["1", "2", "3"], id="of-another-table"),
        pytest.param([""] * 3, ["1", "2", "3"], id="blank"),
    ],
)
def test_heads_of_no_form_confirm_no_column(heads: list[str], figures: list[str]) -> None:
    zone, *body = headed(heads, figures)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is None or columns.confirmed == 0.0


def test_heads_that_do_not_stand_above_their_figures_are_told_by_their_number() -> None:
    shifted = rows_of_grids([grid([[*HEADS, "", ""], ["甲", LEFT, *FIGURES]])])
    spanned = rows_of_grids([grid([["法人或其他组织", *[LEFT] * 8], [*HEADS, "", ""], ["甲", LEFT, *FIGURES]])])
    for *zone, row in shifted, spanned:
        assert read(find_columns(APPLICANTS, zone, [row]), row) == each(*FIGURES)


def test_heads_that_do_not_stand_above_their_figures_head_none_of_another_number() -> None:
    *zone, row = rows_of_grids([grid([[*HEADS, "", "", ""], ["甲", LEFT, *FIGURES, "9"]])])
    assert find_columns(APPLICANTS, zone, [row]) is None


def test_a_row_of_labels_alone_has_no_columns() -> None:
    rows = rows_of_grids([grid([["甲", "乙"]], edges_of(2))])
    assert find_columns(APPLICANTS, [], rows) is None


# ---------------------------------------------------------------- lines


HEAD = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"


def test_complete_lines_are_read_in_order_under_the_form_s_header() -> None:
    zone, body = lines(HEAD, f"甲 {' '.join(FIGURES)}")
    assert read(find_columns(APPLICANTS, [zone], [body]), body) == each(*FIGURES)


def test_complete_lines_under_another_header_are_no_columns() -> None:
    zone, body = lines("一月 二月 三月 四月 五月 六月 七月", f"甲 {' '.join(FIGURES)}")
    assert find_columns(APPLICANTS, [zone], [body]) is None
    assert find_columns(APPLICANTS, [], [body]) is None


@pytest.mark.parametrize("width", [0.0, 10.0], ids=["by-order", "by-place"])
def test_columns_whose_totals_stand_elsewhere_are_open(width: float) -> None:
    head = "总计 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他"
    zone, *body = lines(head, "甲 81 11 12 13 14 15 16", "乙 6 1 1 1 1 1 1", width=width)
    assert find_columns(APPLICANTS, [zone], body) is None


def test_a_line_with_a_blank_is_read_by_where_its_figures_stand() -> None:
    zone, full, gap = lines(HEAD, "甲     11   12   13   14   15   16   81", "乙     21   22        24   25        27")
    columns = find_columns(APPLICANTS, [zone], [full, gap])
    assert read(columns, gap) == [["21"], ["22"], [""], ["24"], ["25"], [""], ["27"]]


def test_a_figure_between_the_columns_leaves_its_line_open() -> None:
    zone, full, astray = lines(
        HEAD, "甲     11   12   13   14   15   16   81", "乙     21                                               27"
    )
    assert read(find_columns(APPLICANTS, [zone], [full, astray]), astray) == [None] * 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "乙 21 22 23 24 25 26 141", [["21"], ["22"], ["23"], ["24"], ["25"], ["26"], ["141"]], id="complete"
        ),
        pytest.param("乙 21 22 43", [None] * 6 + [["43"]], id="the-last-is-the-sum-of-the-others"),
        pytest.param("乙 21 22 44", [None] * 7, id="the-last-is-not"),
        pytest.param("乙 21", [None] * 7, id="one-alone"),
        pytest.param("乙 1 2 3 4 5 6 7 8", [None] * 7, id="too-many"),
        pytest.param("乙", [[""]] * 7, id="none"),
    ],
)
def test_where_only_the_order_is_known_an_incomplete_line_is_open(text: str, expected: list[list[str] | None]) -> None:
    zone, full, other = lines(HEAD, "甲 11 12 13 14 15 16 81", text, width=0.0)
    assert read(find_columns(APPLICANTS, [zone], [full, other]), other) == expected


def test_a_sum_is_no_total_where_no_complete_line_prints_one() -> None:
    zone, other = lines(HEAD, "乙 21 22 43", width=0.0)
    assert read(find_columns(APPLICANTS, [zone], [other]), other) == [None] * 7


def test_words_that_reach_into_the_next_column_are_of_both() -> None:
    zone, full, joined = lines(
        HEAD, "甲     11   12   13   14   15   16   81", "乙     210022    23   24   25   26   141"
    )
    assert read(find_columns(APPLICANTS, [zone], [full, joined]), joined)[:2] == [["210022"], ["210022"]]


def test_headers_that_push_each_other_aside_head_no_columns() -> None:
    heads = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
    spaced = "自然人  商业企业  科研机构  社会公益组织  法律服务机构  其他  总计"
    for text, expected in (heads, False), (spaced, True):
        zone, body = lines(text, "2              3               4", width=1.0)
        assert (find_columns(APPLICANTS, [zone], [body]) is not None) == expected


def test_figures_that_a_long_label_pushed_aside_are_open() -> None:
    zone, full, pushed = lines(
        HEAD, "甲     11   12   13   14   15   16   81", "乙乙乙乙乙乙乙乙乙 22             26", width=1.0
    )
    assert read(find_columns(APPLICANTS, [zone], [full, pushed]), pushed) == [None] * 7


# ---------------------------------------------------------------- other pieces of the table


def piece(figures: Sequence[str], edges: Sequence[float]) -> list[PrintedRow]:
    return rows_of_grids([grid([["甲", *figures]], edges)])


@pytest.mark.parametrize("aside", [0.0, -5.0, 5.0])
def test_columns_a_little_aside_on_the_next_page_are_the_same(aside: float) -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece([str(20 + i) for i in range(7)], [x + aside for x in edges_of(8)])
    assert read(columns_in_piece(columns, below), below[0]) == each(*(str(20 + i) for i in range(7)))


@pytest.mark.parametrize("aside", [-5.0, 5.0])
def test_with_a_column_less_they_are_still_told_by_their_places(aside: float) -> None:
    zone, *body = headed([*HEADS[:3], "", *HEADS[3:]], [*FIGURES[:3], "", *FIGURES[3:]])
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece([*FIGURES[:3], "", *FIGURES[3:]], [x + aside for x in edges_of(9)])
    assert read(columns_in_piece(columns, below), below[0]) == each(*FIGURES)


def test_columns_laid_out_anew_on_the_next_page_are_told_by_their_order() -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece(FIGURES, edges_of(8, first=10.0, width=65.0))
    assert read(columns_in_piece(columns, below), below[0]) == each(*FIGURES)


def test_blanks_beside_columns_laid_out_anew_move_none() -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece([*FIGURES, ""], edges_of(9, first=10.0, width=55.0))
    assert read(columns_in_piece(columns, below), below[0]) == each(*FIGURES)
    apart = piece(["", "12", "13", "14", "15", "16", "81", ""], edges_of(9, first=10.0, width=55.0))
    assert columns_in_piece(columns, apart) is None


def test_fewer_columns_laid_out_anew_are_open() -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece(FIGURES[:5], edges_of(6, first=10.0, width=90.0))
    assert columns_in_piece(columns, below) is None


def test_more_filled_columns_laid_out_anew_are_open() -> None:
    zone, *body = headed(HEADS, FIGURES)
    columns = find_columns(APPLICANTS, [zone], body)
    assert columns is not None
    below = piece(["99", *FIGURES], edges_of(9, first=10.0, width=55.0))
    assert columns_in_piece(columns, below) is None


def test_lines_of_a_page_laid_out_anew_take_their_places_from_its_complete_lines() -> None:
    zone, full = lines(HEAD, "甲     11   12   13   14   15   16   81")
    columns = find_columns(APPLICANTS, [zone], [full])
    assert columns is not None
    below = lines("丙   1    2    3    4    5    6    7", "丁   1         3    4         6    7", page=2)
    placed = columns_in_piece(columns, below)
    texts = [["".join(slot or [])] for slot in read(placed, below[1])]
    assert texts == [["1"], [""], ["3"], ["4"], [""], ["6"], ["7"]]


def test_lines_of_a_page_without_a_complete_line_are_open() -> None:
    zone, full = lines(HEAD, "甲     11   12   13   14   15   16   81")
    columns = find_columns(APPLICANTS, [zone], [full])
    assert columns is not None
    below = lines("丁   1         3    4         6    7", page=2)
    assert [slots for slots in read(columns_in_piece(columns, below), below[0]) if slots] == []


def test_a_form_s_column_may_be_found_by_any_known_spelling() -> None:
    column = FormColumn("amount", "本年收费金额（单位：万元）", (), ("本年收费金额",), "", "10k_cny")
    zone, *body = headed(["本年收费金额"], ["3.5"])
    assert read(find_columns((column,), [zone], body), body[0]) == [["3.5"]]


def test_a_unit_whose_header_is_wrapped_beside_another_is_its_column_s() -> None:
    heads = lines("信息内容      采购项      采购总金额（单", "              目数量      位：亿元）")
    body = lines("政府集中采购    41265     333.996159")
    form = load_form("2019").table(PROACTIVE).blocks[-1].columns
    columns = find_columns(form, heads, body)
    assert columns is not None
    assert printed_unit(columns.header(1)) == "亿元"


def test_figures_that_stand_beside_their_columns_are_put_into_none() -> None:
    zone, *body = headed([*HEADS[:5], HEADS[5], LEFT, HEADS[6]], [*FIGURES, ""])
    assert read(find_columns(APPLICANTS, [zone], body), body[0]) == each(*FIGURES[:5], "", "")


def test_a_header_over_two_columns_of_which_one_is_empty_heads_the_other() -> None:
    zone, *body = headed([*HEADS[:5], HEADS[5], LEFT, HEADS[6]], [*FIGURES[:5], "", *FIGURES[5:]])
    assert read(find_columns(APPLICANTS, [zone], body), body[0]) == each(*FIGURES)
