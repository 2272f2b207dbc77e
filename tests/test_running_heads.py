from __future__ import annotations

import time

import pytest

from gongkai.model import Box, Line
from gongkai.read.running_heads import is_decorated_page_number, is_page_number, without_running_heads


def at(text: str, top: float, x0: float = 72.0, page: int = 1) -> Line:
    return Line(text, box=Box(page, x0, top, x0 + 10.0 * len(text), top + 12), page=page)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "12",
        "- 1 -",
        "—1—",
        "－ 3 －",
        "第1页",
        "第 1 页",
        "第 1 页 共 5 页",
        "第1页，共5页",
        "1/5",
        " 2 / 10 ",
        "~3~",
        "· 4 ·",
    ],
)
def test_a_line_that_says_its_page_and_nothing_else_is_a_page_number(text: str) -> None:
    assert is_page_number(text)


@pytest.mark.parametrize(
    "text", ["1234", "第1条", "1.", "共12件", "一", "2023年", "1 2", "", "—", "12件", "第一页的数字"]
)
def test_anything_more_or_less_is_no_page_number(text: str) -> None:
    assert not is_page_number(text)


@pytest.mark.parametrize("text", ["- 1 -", "—12—", "第1页", "第 2 页 共 5 页"])
def test_dashes_and_words_make_a_page_number_that_is_no_figure(text: str) -> None:
    assert is_decorated_page_number(text)


@pytest.mark.parametrize("text", ["1", "12", "1/5", "-1", "正文 - 1 -"])
def test_a_bare_number_may_be_a_figure(text: str) -> None:
    assert not is_decorated_page_number(text)


def test_page_numbers_go_from_the_top_and_the_foot_and_nothing_else_does() -> None:
    pages = [
        (1, [at("标题", 60), at("第一段", 90), at("第二段", 120), at("第三段", 150), at("- 1 -", 780)]),
        (2, [at("2", 30), at("第四段", 90), at("第五段", 120), at("第六段", 150), at("第七段", 200)]),
    ]
    kept = without_running_heads(pages)
    assert texts(kept[1]) == ["标题", "第一段", "第二段", "第三段"]
    assert texts(kept[2]) == ["第四段", "第五段", "第六段", "第七段"]


def test_a_number_in_the_middle_of_a_page_is_kept() -> None:
    lines = [at("一", 60), at("二", 80), at("12", 100), at("三", 120), at("四", 140)]
    assert without_running_heads([(1, lines)])[1] == lines


def test_a_running_head_goes_wherever_its_number_differs() -> None:
    pages = [(n, [at(f"示例市报告 第{n}号", 30), at(f"正文{'甲乙丙'[n - 1]}", 90)]) for n in (1, 2, 3)]
    assert [texts(lines) for lines in without_running_heads(pages).values()] == [["正文甲"], ["正文乙"], ["正文丙"]]


def test_the_same_words_elsewhere_on_the_page_are_no_running_head() -> None:
    pages = [(1, [at("总计", 30), at("甲", 90)]), (2, [at("乙", 30), at("总计", 400)])]
    kept = without_running_heads(pages)
    assert texts(kept[1]) + texts(kept[2]) == ["总计", "甲", "乙", "总计"]


def test_words_repeated_in_the_middle_of_pages_are_kept() -> None:
    pages = [(n, [at(text, 20.0 * i) for i, text in enumerate("甲乙其丙丁")]) for n in (1, 2)]
    assert [texts(lines) for lines in without_running_heads(pages).values()] == [["其"], ["其"]]


def test_lines_without_a_place_are_never_taken_for_running_heads() -> None:
    pages = [(n, [Line("总计", page=n), Line("正文", page=n), Line(f"第{n}页", page=n)]) for n in (1, 2, 3)]
    assert all(texts(lines) == ["总计", "正文"] for lines in without_running_heads(pages).values())


def test_pages_without_lines_stay_empty() -> None:
    assert without_running_heads([(1, []), (2, [])]) == {1: [], 2: []}


def test_thousands_of_pages_and_hostile_lines_cost_no_time() -> None:
    began = time.process_time()
    for text in ("-" * 100_000, "- " * 50_000 + "x", " " * 100_000 + "1", "1" * 100_000):
        assert not is_page_number(text) or text.strip() == "1"
    pages = [(n, [at(f"第{n}页", 30.0 + i) for i in range(20)]) for n in range(1, 1001)]
    without_running_heads(pages)
    assert time.process_time() - began < 2
