from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.extract.tables.rows import PrintedRow, rows_of_grids, rows_of_lines
from gongkai.model import Box
from tests.grids import LEFT, edges_of, grid, line


def labels(rows: list[PrintedRow]) -> list[tuple[str, ...]]:
    return [row.labels for row in rows]


def figures(rows: list[PrintedRow]) -> list[list[str]]:
    return [[slot.text for slot in row.figures] for row in rows]


def test_a_ruled_row_is_its_labels_and_its_figures_blank_cells_included() -> None:
    (row,) = rows_of_grids([grid([["（一）", "予以公开", "3", "", "/"]])])
    assert row.labels == ("（一）", "予以公开")
    assert [slot.text for slot in row.figures] == ["3", "", "/"]
    assert row.ruled
    assert row.reader == "pdf-lines"


def test_a_label_that_spans_rows_heads_each_of_them() -> None:
    rows = rows_of_grids([grid([["组", "甲", "1"], ["^", "乙", "2"], ["^", "丙", "3"]])])
    assert labels(rows) == [("组", "甲"), ("组", "乙"), ("组", "丙")]


def test_a_label_that_spans_rows_is_the_own_label_of_none() -> None:
    rows = rows_of_grids([grid([["组", "甲", "1"], ["^", "", "2"]])])
    assert labels(rows) == [("组", "甲"), ("组", "")]


def test_a_figure_that_spans_rows_with_labels_is_doubtful_in_each_of_them() -> None:
    rows = rows_of_grids([grid([["甲", "5"], ["乙", "^"]])])
    assert [[(slot.text, slot.doubtful) for slot in row.figures] for row in rows] == [[("5", True)], [("5", True)]]


def test_a_figure_that_spans_rows_of_one_label_is_certain() -> None:
    rows = rows_of_grids([grid([["甲", "5"], ["^", "^"]])])
    assert [[(slot.text, slot.doubtful) for slot in row.figures] for row in rows] == [[("5", False)], []]


def test_a_figure_that_begins_above_its_label_is_its_label_s() -> None:
    rows = rows_of_grids([grid([["组", "", "5"], ["^", "甲", "^"], ["^", "乙", "6"]])])
    assert [row.labels[-1] for row in rows if any(slot.text for slot in row.figures)] == ["甲", "乙"]


def test_a_blank_that_spans_rows_is_blank_in_each_of_them() -> None:
    rows = rows_of_grids([grid([["甲", "/"], ["乙", "^"]])])
    assert figures(rows) == [["/"], ["/"]]


def test_a_slot_stands_between_the_borders_of_its_cell_and_keeps_its_box() -> None:
    (row,) = rows_of_grids([grid([["甲", "<", "7"]], edges=[10.0, 20.0, 50.0, 80.0], page=3)])
    (label,), (figure,) = row.texts, row.figures
    assert (label.x0, label.x1) == (10.0, 50.0)
    assert (figure.x0, figure.x1, figure.center) == (50.0, 80.0, 65.0)
    assert figure.box == Box(3, 50.0, 0.0, 80.0, 20.0)


def test_tables_that_touch_are_pieces_of_their_own() -> None:
    above, below = ["甲", LEFT, "1", "2", "3"], ["乙", "4", "5", "6", LEFT]
    assert [row.piece for row in rows_of_grids([grid([above, above, below, below])])] == [0, 0, 1, 1]


def test_merged_cells_and_blanks_are_of_the_same_piece() -> None:
    rows = [["甲", "1", "2", "3"], ["乙", "4", LEFT, LEFT], ["丙", "", "", "5"], ["丁", "6", "7", LEFT]]
    assert {row.piece for row in rows_of_grids([grid(rows)])} == {0}


def test_grids_with_borders_share_their_coordinates_and_grids_without_where_they_have_as_many_columns() -> None:
    one, other = grid([["甲", "1"]], edges_of(2)), grid([["乙", "2"]])
    rows = rows_of_grids([one, one, other, other, grid([["丙", "3", "4"]])])
    assert rows[0].scale == rows[1].scale is not None
    assert rows[2].scale == rows[3].scale is not None
    assert len({row.scale for row in rows}) == 3
    assert [row.piece for row in rows] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("cells", "filled"),
    [
        pytest.param(["甲", "0"], True, id="zero-is-a-figure"),
        pytest.param(["甲", "", "3"], True, id="one-of-two"),
        pytest.param(["甲", "", "/", "—"], False, id="blanks"),
        pytest.param(["甲", "乙"], False, id="labels-alone"),
        pytest.param(["甲", "8?"], False, id="not-legible"),
    ],
)
def test_a_row_has_figures_where_one_is_not_blank(cells: list[str], filled: bool) -> None:
    (row,) = rows_of_grids([grid([cells])])
    assert row.has_figures is filled


@pytest.mark.parametrize(
    ("text", "label", "printed"),
    [
        pytest.param("（一）予以公开 6 0 0 6", ("（一）予以公开",), ["6", "0", "0", "6"], id="figures-at-the-end"),
        pytest.param("2. 重复申请 1 2", ("2.", "重复申请"), ["1", "2"], id="a-numbering-is-label"),
        pytest.param("共 12 件 申请", ("共", "12", "件", "申请"), [], id="a-figure-among-words-is-no-figure"),
        pytest.param("甲 3 - / 4件", ("甲",), ["3", "-", "/", "4件"], id="marks-of-blanks-and-counters"),
        pytest.param("1 2 3", ("",), ["1", "2", "3"], id="figures-alone"),
        pytest.param("只有文字", ("只有文字",), [], id="words-alone"),
    ],
)
def test_what_ends_a_line_are_its_figures(text: str, label: tuple[str, ...], printed: list[str]) -> None:
    (row,) = rows_of_lines([line(text)], "text")
    assert row.labels == label
    assert [slot.text for slot in row.figures] == printed
    assert not row.ruled
    assert row.reader == "text"


def test_a_figure_that_is_in_doubt_stands_among_the_figures_of_its_line_with_what_it_may_be() -> None:
    said = line("（一） 予以公开 3 ? 5", width=0)
    words = [word._replace(doubtful=True, candidates=("8", "6")) if word.text == "?" else word for word in said.words]
    (row,) = rows_of_lines([replace(said, words=tuple(words))], "ocr")
    assert row.labels == ("（一）", "予以公开")
    assert [(slot.text, slot.doubtful) for slot in row.figures] == [("3", False), ("8", True), ("5", False)]
    assert row.figures[1].candidates == ("8", "6")


def test_a_word_has_the_part_of_its_line_s_box_in_which_it_stands() -> None:
    (row,) = rows_of_lines([line("甲 12", page=2, top=100.0)], "pdf-text")
    assert row.figures[0].box == Box(2, 20.0, 100.0, 40.0, 112.0)


def test_a_word_of_a_line_that_stands_sideways_has_the_whole_line_s_box() -> None:
    upright = line("甲 12", page=2, top=100.0)
    sideways = Box(2, 300.0, 10.0, 312.0, 60.0)
    (row,) = rows_of_lines([type(upright)(upright.text, upright.words, sideways, 2)], "pdf-text")
    assert row.figures[0].box == sideways


def test_pages_of_a_pdf_share_their_coordinates_and_pages_of_a_text_do_not() -> None:
    pdf = rows_of_lines([line("甲 1", page=n, top=50.0) for n in (1, 2)], "pdf-text")
    text = rows_of_lines([line("甲 1", page=n) for n in (1, 2)], "text")
    assert pdf[0].scale == pdf[1].scale is not None
    assert text[0].scale != text[1].scale


def test_words_without_a_place_have_no_scale() -> None:
    (row,) = rows_of_lines([line("甲 1 2", width=0.0)], "text")
    assert row.scale is None


def test_nothing_gives_no_rows() -> None:
    assert rows_of_grids([]) == rows_of_lines([], "text") == []
    (row,) = rows_of_lines([type(line("甲"))("")], "text")
    assert row.texts == row.figures == ()
    assert row.labels == ("",)


NUMBERED = {
    "before-each-label": (["1  甲  5  6", "2  乙  7  8", "3  丙  9  9"], ["5 6", "7 8", "9 9"]),
    "beside-a-label-that-is-wrapped": (
        ["1  甲  5  6", "   乙的上", "2      7  8", "   乙的下", "3  丙  9  9", "4  丁  1  1"],
        ["5 6", "", "7 8", "", "9 9", "1 1"],
    ),
    "or-a-label-s-own-that-begins-anew": (["1  甲  5  6", "2  乙  7  8", "1  丙  9  9"], ["5 6", "7 8", "9 9"]),
    "or-a-figure-that-is-the-next": (
        ["1  甲  5  6", "2  乙  7  8", "   丙的上", "       3  3", "   丙的下", "4  丁  1  1"],
        ["5 6", "7 8", "", "3 3", "", "1 1"],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), NUMBERED.values(), ids=NUMBERED)
def test_the_number_of_a_row_is_no_figure(lines: list[str], expected: list[str]) -> None:
    rows = rows_of_lines([line(text) for text in lines], "text")
    assert [" ".join(slot.text for slot in row.figures) for row in rows] == expected


def test_the_number_of_a_row_is_no_part_of_its_label_unless_the_numbers_begin_anew() -> None:
    once, anew = (rows_of_lines([line(f"{n}  甲  5") for n in numbers], "text") for numbers in ("123", "121"))
    assert labels(once) == [("甲",)] * 3
    assert labels(anew) == [("1", "甲"), ("2", "甲"), ("1", "甲")]


@pytest.mark.parametrize("word", ["25件11件", "2,35", "06", ",506"])
def test_figures_that_touch_and_parts_of_a_wrapped_one_are_no_part_of_a_line_s_label(word: str) -> None:
    (row,) = rows_of_lines([line(f"二、上年结转 482件 {word} 75件")], "text")
    assert labels([row]) == [("二、上年结转",)]
    assert figures([row]) == [["482件", word, "75件"]]
