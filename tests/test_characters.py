from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from gongkai.characters import fold, simplified, unify
from gongkai.form import load_forms


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        pytest.param("⼀、总体情况", "一、总体情况", id="kangxi-radical"),
        pytest.param("⾏政机关", "行政机关", id="kangxi-radical-in-a-word"),
        pytest.param("⺠政局", "民政局", id="a-radical-without-a-decomposition"),
        pytest.param("⻄⻛⻢⻰", "西风马龙", id="simplified-radicals"),
        pytest.param("\uf90a额", "金额", id="a-compatibility-ideograph"),
        pytest.param("⼾", "户", id="a-radical-that-decomposes-to-a-traditional-form"),
    ],
)
def test_look_alikes_become_the_characters_that_they_are_drawn_as(printed: str, meant: str) -> None:
    assert unify(printed) == meant


@pytest.mark.parametrize(
    "text", ["政府信息公开", "１２３，（一）", "檔案 資訊", "plain ASCII 12.5", "", "𠮷①²\ufffd\ud800"]
)
def test_all_other_characters_are_kept_as_printed(text: str) -> None:
    assert unify(text) == text


@given(st.text(max_size=30))
def test_unifying_keeps_each_character_in_its_place_and_does_no_more_the_second_time(text: str) -> None:
    unified = unify(text)
    assert len(unified) == len(text)
    assert unify(unified) == unified


@pytest.mark.parametrize(
    "spelling",
    [
        "（一）予以公开",
        "(一)予以公开",
        "(一) 予 以 公 开",
        "（一）、予以公开：",
        "（⼀）予以公开",
        "【一】“予以公开”。",
    ],
)
def test_spellings_that_differ_by_space_punctuation_and_width_fold_to_one(spelling: str) -> None:
    assert fold(spelling) == "一予以公开"


@pytest.mark.parametrize(
    ("one", "other"),
    [("（一）予以公开", "（二）部分公开"), ("1.其他", "3.其他"), ("行政复议", "行政诉讼")],
)
def test_labels_that_differ_in_a_character_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_each_word_of_the_forms_is_told_in_traditional_characters() -> None:
    for form in load_forms():
        labels = [text for section in form.sections for text in (section.heading, *section.known)]
        for block in (block for table in form.tables for block in table.blocks):
            labels += [block.title, block.stub, *(column.label for column in block.columns)]
            labels += [text for row in block.rows for text in (row.label, *row.known, *row.under)]
        for region in ("s2t", "s2tw", "s2hk"):
            convert = OpenCC(region).convert
            assert [fold(convert(label)) for label in labels] == [fold(label) for label in labels]


def test_words_in_simplified_characters_stand_where_they_stood() -> None:
    printed = "示例市人民政府2023年政府資訊公開年度報告（含檔案）"
    assert simplified(printed) == "示例市人民政府2023年政府信息公开年度报告（含文件）"
    assert simplified("2023") == "2023"


def test_what_has_no_character_of_a_label_folds_to_nothing() -> None:
    assert fold(" —（）、/\u3000\n") == ""


def test_letters_fold_to_one_case_and_width() -> None:
    assert fold("ＡBc-１") == "abc1"


@given(st.text(max_size=30))
def test_folding_leaves_letters_and_digits_and_does_no_more_the_second_time(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(char.isalnum() for char in folded)
