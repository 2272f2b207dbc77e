"""What stands on a page: characters become lines and words, rules become tables. Pages here are drawn by hand."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model import Box, Cell, Grid
from gongkai.read.page import (
    Char,
    Margins,
    Page,
    Rule,
    bounds,
    cell_text,
    drawn_once,
    is_undecodable,
    line_of,
    margins_of,
    rows_of,
    words_of,
)
from gongkai.read.ruled_tables import lines_of_rules, ruled_grids

EM = 10.0
"""The width and height of a character, in points."""


def chars(text: str, x: float, foot: float, em: float = EM, pitch: float = EM) -> list[Char]:
    """A text set from ``x`` on; a space takes its place and is printed."""
    return [Char(c, x + i * pitch, foot - em, x + i * pitch + min(em, pitch), foot, foot) for i, c in enumerate(text)]


def page(
    text: Sequence[Char] = (), horizontals: Sequence[Rule] = (), verticals: Sequence[Rule] = (), turns: int = 0
) -> Page:
    return Page(3, 500.0, 800.0, text, horizontals, verticals, turns)


def texts(rows: Sequence[Sequence[Char]]) -> list[str]:
    return ["".join(char.text for char in row) for row in rows]


def words(row: Sequence[Char]) -> list[str]:
    return [word.text for word in words_of(row)]


# ---------------------------------------------------------------- lines and words


def test_characters_become_lines_from_top_to_bottom_whatever_their_order() -> None:
    jumbled = [*chars("丙丁", 20, 60), *chars("乙", 30, 40), *chars("甲", 20, 40)]
    assert texts(rows_of(jumbled)) == ["甲乙", "丙丁"]


def test_characters_a_little_above_or_below_are_of_one_line() -> None:
    assert texts(rows_of([*chars("甲", 20, 40), *chars("乙", 30, 43), *chars("丙", 40, 39)])) == ["甲乙丙"]


def test_lines_half_a_character_apart_are_two() -> None:
    assert texts(rows_of([*chars("甲", 20, 40), *chars("乙", 30, 45)])) == ["甲", "乙"]


def test_fonts_of_one_line_differ_in_height() -> None:
    assert texts(rows_of([*chars("甲", 20, 40), *chars("1", 30, 42, em=14.0), *chars("乙", 40, 40)])) == ["甲1乙"]


def test_text_drawn_twice_for_boldness_is_there_once() -> None:
    bold = [char for char in chars("11 甲", 20, 40) for _ in range(2)]
    shifted = [
        Char(c.text, c.x0 + 0.4 * (i % 2), c.top, c.x1 + 0.4 * (i % 2), c.bottom, c.baseline)
        for i, c in enumerate(bold)
    ]
    assert texts([drawn_once(bold)]) == texts([drawn_once(shifted)]) == ["11 甲"]


@pytest.mark.parametrize("em", [1.5, 4.0, 10.0, 40.0])
def test_like_digits_beside_each_other_are_both_there_whatever_their_size(em: float) -> None:
    assert texts([drawn_once(chars("1001", 20, 40, em=em, pitch=em / 2))]) == ["1001"]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(0.0, ["甲乙丙丁"]), (4.0, ["甲乙丙丁"]), (5.0, ["甲乙", "丙丁"]), (40.0, ["甲乙", "丙丁"])],
)
def test_a_gap_parts_two_words(gap: float, expected: list[str]) -> None:
    assert words([*chars("甲乙", 0, 40), *chars("丙丁", 20 + gap, 40)]) == expected


@pytest.mark.parametrize(
    ("pitch", "gap", "expected"),
    [(10.0, 2.0, ["1234"]), (10.0, 3.0, ["12", "34"]), (13.0, 3.0, ["1234"])],
    ids=["a-thin-space", "two-figures", "letters-spaced-all-along"],
)
def test_a_gap_between_digits_that_is_wider_than_theirs_parts_two_figures(
    pitch: float, gap: float, expected: list[str]
) -> None:
    first = chars("12", 0, 40, pitch=pitch)
    assert words([*first, *chars("34", first[-1].x1 + gap, 40, pitch=pitch)]) == expected


@pytest.mark.parametrize(("gap", "expected"), [(3.0, ["12 34"]), (8.0, ["12 34"]), (10.0, ["12", "34"])])
def test_a_printed_space_keeps_a_narrow_gap_in_one_word(gap: float, expected: list[str]) -> None:
    space = Char(" ", 20, 30, 20 + gap, 40, 40)
    assert words([*chars("12", 0, 40), space, *chars("34", 20 + gap, 40)]) == expected


def test_a_word_takes_the_interval_of_its_characters() -> None:
    (word,) = words_of(chars("予以公开", 30, 40))
    assert (word.x0, word.x1) == (30.0, 70.0)


def test_spaces_alone_make_no_word() -> None:
    assert words_of(chars("   ", 0, 40)) == []
    assert words_of([]) == []


@given(st.lists(st.tuples(st.sampled_from("甲1 ,\t"), st.floats(0, 500), st.floats(0, 800)), max_size=25))
def test_no_printed_character_is_lost_in_lines_and_words(drawn: list[tuple[str, float, float]]) -> None:
    placed = [Char(c, x, y - EM, x + EM, y, y) for c, x, y in drawn]
    rows = rows_of(placed)
    assert sorted(char for row in rows for char in row) == sorted(placed)
    kept = sorted("".join(word.text.replace(" ", "") for row in rows for word in words_of(row)))
    assert kept == sorted(c for c, _, _ in drawn if not c.isspace())
    for row in rows:
        assert all(a.x0 <= b.x0 for a, b in pairwise(row))


# ---------------------------------------------------------------- the text of a cell


def test_a_wrapped_label_is_joined_without_a_trace() -> None:
    assert cell_text([*chars("本年新收政府", 0, 40), *chars("信息公开申请", 0, 55)]) == "本年新收政府信息公开申请"


def test_digits_on_two_lines_do_not_become_one_number() -> None:
    assert cell_text([*chars("12", 0, 40), *chars("3", 0, 55)]) == "12\n3"


def test_digits_with_a_wide_gap_do_not_become_one_number() -> None:
    assert cell_text([*chars("12", 0, 40), *chars("3", 60, 40)]) == "12  3"


@pytest.mark.parametrize("text", ["", " ", "   "])
def test_a_cell_without_characters_is_empty(text: str) -> None:
    assert cell_text(chars(text, 0, 40)) == ""


def test_the_box_of_characters_holds_them_all() -> None:
    assert bounds([*chars("甲乙", 10, 40), *chars("丙", 50, 60)]) == (10.0, 30.0, 60.0, 60.0)


@pytest.mark.parametrize("text", ["\ufffd", "\ue000", "\uf8ff", "\x00", "\x1b", "甲\ufffd"])
def test_characters_without_a_meaning_are_undecodable(text: str) -> None:
    assert is_undecodable(text)


@pytest.mark.parametrize("text", ["甲", "１", " ", "\t", "\n", "⼀", "𠮷", "", "-"])
def test_characters_that_are_printed_are_decodable(text: str) -> None:
    assert not is_undecodable(text)


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("turns", "box"),
    [
        (0, Box(3, 10, 20, 30, 60)),
        (1, Box(3, 740, 10, 780, 30)),
        (2, Box(3, 470, 740, 490, 780)),
        (3, Box(3, 20, 470, 60, 490)),
    ],
)
def test_a_box_is_given_on_the_page_as_it_is_shown(turns: int, box: Box) -> None:
    assert page(turns=turns).box(10, 20, 30, 60) == box


def test_margins_are_where_lines_begin_and_end() -> None:
    rows = [[words_of(chars("甲" * n, x, 40)) for x, n in ((72, 30), (92, 28), (72, 12), (40, 1))]]
    assert margins_of(rows) == Margins(72.0, 372.0)


def test_sentences_show_where_the_margin_is_and_not_a_table_that_reaches_further() -> None:
    prose = [words_of(chars("甲" * 28 + "，乙", 72, 40)) for _ in range(3)]
    row = words_of(chars("（区分处理的，只计这一情形）", 72, 40) + chars("12", 560, 40))
    assert margins_of([[*prose, row]]) == Margins(72.0, 372.0)


@pytest.mark.parametrize(
    ("below", "full"),
    [
        pytest.param("0990-123456，邮编", True, id="a-number"),
        pytest.param("点》，细化任务", False, id="marks-that-begin-no-line"),
        pytest.param("点》”），细化任务", True, id="more-marks"),
        pytest.param("甲乙", False, id="a-character"),
    ],
)
def test_a_line_is_full_where_what_stands_below_it_found_no_room(below: str, full: bool) -> None:
    row, after = chars("甲" * 26, 72, 40), chars(below, 72, 60)
    assert line_of(page(), row, words_of(row), Margins(72.0, 372.0), after).full is full


def test_a_document_without_lines_has_no_margins() -> None:
    assert margins_of([]) == margins_of([[]]) == margins_of([[[]]]) == Margins(0.0, 0.0)


@pytest.mark.parametrize(
    ("x", "length", "starts", "full"),
    [
        pytest.param(72, 30, False, True, id="from-margin-to-margin"),
        pytest.param(92, 28, True, True, id="indented"),
        pytest.param(72, 12, False, False, id="short"),
        pytest.param(72, 28, False, True, id="almost-full"),
        pytest.param(80, 20, False, False, id="less-than-a-character-in"),
    ],
)
def test_a_line_says_whether_a_paragraph_begins_and_may_go_on(x: int, length: int, starts: bool, full: bool) -> None:
    row = chars("甲" * length, x, 40)
    line = line_of(page(), row, words_of(row), Margins(72.0, 372.0))
    assert (line.starts, line.full) == (starts, full)
    assert line.text == "甲" * length
    assert line.page == 3
    assert line.box == Box(3, x, 30.0, x + EM * length, 40.0)


def test_a_line_s_words_stay_apart_where_latin_or_far_and_join_where_chinese() -> None:
    row = [
        *chars("see", 0, 40),
        *chars("12", 36, 40),
        *chars("甲", 61, 40),
        *chars("乙", 77, 40),
        *chars("丙", 120, 40),
    ]
    line = line_of(page(), row, words_of(row), Margins(0.0, 400.0))
    assert line.text == "see 12甲乙 丙"


# ---------------------------------------------------------------- rules


def test_strokes_that_follow_each_other_are_one_line() -> None:
    assert lines_of_rules([Rule(10, 0, 20), Rule(10, 24, 40), Rule(11.5, 40, 60)]) == [Rule(10.5, 0, 60)]


def test_a_wide_gap_parts_two_lines() -> None:
    assert lines_of_rules([Rule(10, 0, 20), Rule(10, 30, 40)]) == [Rule(10, 0, 20), Rule(10, 30, 40)]


def test_a_double_rule_is_one_line_and_rules_further_apart_are_two() -> None:
    assert len(lines_of_rules([Rule(10, 0, 50), Rule(11.5, 0, 50)])) == 1
    assert len(lines_of_rules([Rule(10, 0, 50), Rule(13, 0, 50)])) == 2


def test_dashes_make_a_line_and_a_lone_dash_makes_none() -> None:
    assert lines_of_rules([Rule(10, x, x + 2) for x in range(0, 60, 5)]) == [Rule(10, 0, 57)]
    assert lines_of_rules([Rule(10, 0, 3)]) == []
    assert lines_of_rules([]) == []


# ---------------------------------------------------------------- tables

XS, YS = (50.0, 150.0, 250.0, 350.0), (100.0, 130.0, 160.0, 190.0)


def rules(places: Sequence[float], start: float, end: float) -> list[Rule]:
    return [Rule(place, start, end) for place in places]


def ruled_page(
    text: dict[tuple[int, int], str],
    horizontals: Sequence[Rule] | None = None,
    verticals: Sequence[Rule] | None = None,
    more: Sequence[Char] = (),
    turns: int = 0,
) -> Page:
    """A page with a table of three by three and a text in some of its squares (row, column)."""
    placed = [c for (r, col), t in text.items() for c in chars(t, XS[col] + 5, YS[r] + 20)]
    return page(
        [*placed, *more],
        rules(YS, XS[0], XS[-1]) if horizontals is None else horizontals,
        rules(XS, YS[0], YS[-1]) if verticals is None else verticals,
        turns,
    )


def squares(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in grid.cells]


def cell_at(grid: Grid, row: int, column: int) -> Cell:
    return next(
        cell
        for cell in grid.cells
        if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span
    )


NINE = {(r, c): f"{r}{c}" for r in range(3) for c in range(3)}


def test_rules_that_cross_make_a_grid_with_each_text_in_its_cell() -> None:
    (grid,), outside = ruled_grids(ruled_page(NINE))
    assert (grid.rows, grid.columns, grid.edges, grid.page) == (3, 3, XS, 3)
    assert squares(grid) == [(r, c, 1, 1, text) for (r, c), text in NINE.items()]
    assert outside == []


def test_a_cell_has_the_box_of_its_characters_and_an_empty_one_its_own() -> None:
    (grid,), _ = ruled_grids(ruled_page({(0, 0): "12"}))
    assert cell_at(grid, 0, 0).box == Box(3, 55.0, 110.0, 75.0, 120.0)
    assert cell_at(grid, 1, 1).box == Box(3, 150.0, 130.0, 250.0, 160.0)
    assert cell_at(grid, 1, 1).text == ""


def test_squares_that_no_rule_parts_are_one_cell() -> None:
    short = [Rule(XS[1], YS[1], YS[-1]), *rules((XS[0], XS[2], XS[3]), YS[0], YS[-1])]
    (grid,), _ = ruled_grids(ruled_page({(0, 0): "宽", (1, 0): "甲"}, verticals=short))
    assert (0, 0, 1, 2, "宽") in squares(grid)
    assert (1, 0, 1, 1, "甲") in squares(grid)
    assert len(grid.cells) == 8


def test_a_label_over_rows_is_one_cell() -> None:
    short = [Rule(YS[1], XS[1], XS[-1]), *rules((YS[0], YS[2], YS[3]), XS[0], XS[-1])]
    (grid,), _ = ruled_grids(ruled_page({(0, 0): "组", (0, 1): "1"}, horizontals=short))
    assert (0, 0, 2, 1, "组") in squares(grid)


def test_figures_between_which_a_rule_is_missing_stay_in_one_cell() -> None:
    gap = [Rule(XS[2], YS[1], YS[-1]), *rules((XS[0], XS[1], XS[3]), YS[0], YS[-1])]
    (grid,), _ = ruled_grids(ruled_page({(0, 1): "12", (0, 2): "34"}, verticals=gap))
    assert cell_at(grid, 0, 1).text == "12  34"


def test_a_region_that_is_no_rectangle_is_still_one_cell_and_keeps_its_figures_together() -> None:
    hs = [Rule(YS[1], XS[0], XS[1]), Rule(YS[1], XS[2], XS[3]), *rules((YS[0], YS[2], YS[3]), XS[0], XS[-1])]
    vs = [Rule(XS[1], YS[1], YS[-1]), *rules((XS[0], XS[2], XS[3]), YS[0], YS[-1])]
    (grid,), _ = ruled_grids(ruled_page({(0, 0): "1", (1, 1): "2"}, hs, vs))
    holders = [cell.text for cell in grid.cells if cell.text]
    assert holders == ["1\n2"]


def test_a_table_without_a_closing_rule_at_the_foot_is_closed_at_its_hull() -> None:
    (grid,), _ = ruled_grids(ruled_page(NINE, horizontals=rules(YS[:-1], XS[0], XS[-1])))
    assert (grid.rows, grid.columns) == (3, 3)
    assert cell_at(grid, 2, 1).text == "21"


def test_a_table_open_at_its_sides_is_closed_at_its_hull() -> None:
    (grid,), outside = ruled_grids(ruled_page(NINE, verticals=rules(XS[1:-1], YS[0], YS[-1])))
    assert grid.columns == 3
    assert cell_at(grid, 1, 0).text == "10"
    assert outside == []


def test_text_around_a_table_is_outside() -> None:
    more = [*chars("表前", 50, 80), *chars("表后", 50, 230)]
    _, outside = ruled_grids(ruled_page(NINE, more=more))
    assert texts(rows_of(outside)) == ["表前", "表后"]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    frame = page(chars("一段文字", 60, 120), rules((100, 130), 50, 350), rules((50, 350), 100, 130))
    grids, outside = ruled_grids(frame)
    assert grids == []
    assert texts(rows_of(outside)) == ["一段文字"]


@pytest.mark.parametrize(
    ("horizontals", "verticals"),
    [
        pytest.param(rules(YS, 50, 350), [], id="horizontal-rules-alone"),
        pytest.param([], rules(XS, 100, 190), id="vertical-rules-alone"),
        pytest.param(rules(YS, 50, 350), rules((400, 450), 300, 390), id="rules-that-do-not-meet"),
        pytest.param([], [], id="no-rules"),
    ],
)
def test_rules_that_do_not_cross_make_no_table(horizontals: list[Rule], verticals: list[Rule]) -> None:
    grids, outside = ruled_grids(ruled_page(NINE, horizontals, verticals))
    assert grids == []
    assert len(outside) == 18


def test_more_rules_than_a_form_has_columns_or_rows_make_no_table_and_take_no_time() -> None:
    began = time.process_time()
    for across, down in ((100, 4), (4, 400), (2000, 2000)):
        hs = rules([5.0 * i for i in range(down)], 0, 5.0 * across)
        vs = rules([5.0 * i for i in range(across)], 0, 5.0 * down)
        assert ruled_grids(page(chars("甲", 1, 12), hs, vs)) == ([], chars("甲", 1, 12))
    assert time.process_time() - began < 3


def test_rules_without_text_make_no_table() -> None:
    assert ruled_grids(ruled_page({})) == ([], [])


def test_borders_that_fall_a_little_short_or_aside_still_close_cells() -> None:
    hs = [Rule(y + (1 if i % 2 else 0), XS[0] + 2, XS[-1] - 2) for i, y in enumerate(YS)]
    (grid,), _ = ruled_grids(ruled_page(NINE, horizontals=hs))
    assert [cell.text for cell in grid.cells] == list(NINE.values())


def test_a_cell_that_ends_a_little_above_its_row_makes_no_row_of_its_own() -> None:
    hs = [Rule(y, XS[0], XS[-1]) for y in YS if y != YS[1]]
    hs += [Rule(YS[1] - 3.6, XS[0], XS[1]), Rule(YS[1], XS[1], XS[-1])]
    (grid,), _ = ruled_grids(ruled_page(NINE, horizontals=hs))
    assert [cell.text for cell in grid.cells] == list(NINE.values())


def test_tables_come_from_top_to_bottom_each_with_its_own_text() -> None:
    below = chars("下", 55, 420)
    hs = [*rules([y + 300 for y in YS], 50, 350), *rules(YS, 50, 350)]
    vs = [*rules(XS, 400, 490), *rules(XS, 100, 190)]
    grids, _ = ruled_grids(ruled_page({(0, 0): "上"}, hs, vs, more=below))
    assert [grid.cells[0].text for grid in grids] == ["上", "下"]


def test_a_table_on_a_page_that_is_turned_has_its_boxes_as_the_page_is_shown() -> None:
    (grid,), _ = ruled_grids(ruled_page({(0, 0): "12"}, turns=1))
    assert cell_at(grid, 0, 0).box == page(turns=1).box(55.0, 110.0, 75.0, 120.0)
    assert grid.edges == XS


def test_a_cell_with_a_character_that_cannot_be_decoded_is_doubtful_and_no_other_is() -> None:
    (grid,), _ = ruled_grids(ruled_page({**NINE, (1, 1): "1\ufffd"}))
    assert [(cell.row, cell.column) for cell in grid.cells if cell.doubtful] == [(1, 1)]


@st.composite
def drawn_tables(draw: st.DrawFn) -> tuple[list[float], list[float], dict[tuple[int, int], str]]:
    widths = draw(st.lists(st.integers(40, 90), min_size=2, max_size=6))
    heights = draw(st.lists(st.integers(18, 40), min_size=1, max_size=6))
    xs, ys = [30.0], [50.0]
    for width in widths:
        xs.append(xs[-1] + width)
    for height in heights:
        ys.append(ys[-1] + height)
    texts = {(r, c): draw(st.text("0123456789", max_size=3)) for r in range(len(heights)) for c in range(len(widths))}
    return xs, ys, texts | {(0, 0): "甲"}


@given(drawn_tables(), st.booleans(), st.integers(0, 2))
def test_every_figure_of_a_ruled_table_is_in_its_own_cell(
    table: tuple[list[float], list[float], dict[tuple[int, int], str]], piecewise: bool, jitter: int
) -> None:
    xs, ys, content = table
    placed = [c for (r, col), text in content.items() for c in chars(text, xs[col] + 4, ys[r] + 14)]
    hs, vs = rules(ys, xs[0], xs[-1]), rules(xs, ys[0], ys[-1])
    if piecewise:
        # Borders drawn cell by cell, as word processors do, a little apart.
        hs = [Rule(y + jitter / 2, a, b - jitter) for y in ys for a, b in pairwise(xs)]
        vs = [Rule(x - jitter / 2, a, b - jitter) for x in xs for a, b in pairwise(ys)]
    (grid,), outside = ruled_grids(page(placed, hs, vs))
    assert outside == []
    assert {(cell.row, cell.column): cell.text for cell in grid.cells} == content


# ---------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    ("horizontals", "verticals"),
    [
        pytest.param(
            [Rule(y, 0, 500) for y in range(0, 800, 4)], [Rule(x, 0, 800) for x in range(0, 500, 4)], id="mesh"
        ),
        pytest.param([Rule(1.0, 0, 500)] * 20_000, [Rule(1.0, 0, 800)] * 20_000, id="one-stroke-over-and-over"),
        pytest.param([Rule(float("inf"), 0, 1)], [Rule(5, float("-inf"), float("inf"))], id="infinite"),
        pytest.param([Rule(10**9, -(10**9), 10**9)] * 3, [Rule(0, -(10**9), 10**9)] * 3, id="far-outside"),
        pytest.param([Rule(10, 400, 50)], [Rule(60, 190, 100)], id="backwards"),
        pytest.param(
            [Rule(y, x, x + 5) for y in range(0, 800, 8) for x in range(0, 500, 11)], [], id="thousands-of-dashes"
        ),
    ],
)
def test_absurd_rules_neither_crash_it_nor_take_long(horizontals: list[Rule], verticals: list[Rule]) -> None:
    began = time.process_time()
    grids, outside = ruled_grids(page(chars("甲", 52, 120), horizontals, verticals))
    assert len(outside) + sum(cell.text == "甲" for grid in grids for cell in grid.cells) == 1
    assert time.process_time() - began < 3


def test_a_stroke_whose_font_knows_only_its_ink_stands_in_its_line() -> None:
    line = chars("安全一稳定", 50, 100)
    line[2] = line[2]._replace(
        top=line[2].bottom - 5, bottom=line[2].bottom - 4, x0=line[2].x0 + 0.5, x1=line[2].x1 - 0.5
    )
    assert cell_text(line) == "安全一稳定"
