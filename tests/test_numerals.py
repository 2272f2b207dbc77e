"""Numerals and days: what is read of them is what they write, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.dates import day_of, iso_day, stated_day
from gongkai.numerals import SECTION_NUMBERS, SECTIONS, count_of, written_out, years_in_digits


@given(st.integers(1, 999))
def test_a_count_that_is_written_out_is_read_as_it_was(number: int) -> None:
    assert count_of(written_out(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("零", 0),
        ("12", 12),
        ("两", 2),
        ("一百一十", 110),
        pytest.param("一百五", None, id="a-hundred-and-fifty-as-it-is-spoken"),
        pytest.param("百", None, id="no-digit-before-a-hundred"),
        pytest.param("一二", None, id="digits-in-a-row"),
        pytest.param("１２", None, id="full-width"),
        pytest.param("一百零十", None, id="a-zero-before-ten"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_a_numeral_that_is_not_written_in_full_has_no_value(text: str, number: int | None) -> None:
    assert count_of(text) == number


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("二〇二三年", "2023年"),
        ("二○二三年", "2023年"),
        ("二O二三年", "2023年"),
        ("二0二零年", "2020年"),
        pytest.param("一九九八年", "一九九八年", id="no-year-of-this-century"),
        pytest.param("二〇二三", "二〇二三", id="no-year-without-its-word"),
    ],
)
def test_a_year_in_chinese_numerals_becomes_digits(text: str, plain: str) -> None:
    assert years_in_digits(text) == plain


def test_sections_are_numbered_in_every_script() -> None:
    assert [SECTION_NUMBERS[numeral] for numeral in SECTIONS] == [1, 2, 3, 4, 5, 6]
    assert SECTION_NUMBERS["Ⅲ"] == SECTION_NUMBERS["③"] == SECTION_NUMBERS["叁"] == SECTION_NUMBERS["3"] == 3


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31", date(2024, 1, 31)),
        ("发布于 2024 年 1 月 31 日", date(2024, 1, 31)),
        ("20240131", date(2024, 1, 31)),
        ("Wed Jan 31 10:12:00 CST 2024", date(2024, 1, 31)),
        pytest.param("2024-01-30T17:00:00+00:00", date(2024, 1, 31), id="the-day-in-beijing"),
        pytest.param("2024-02-30", None, id="no-day-of-the-calendar"),
        pytest.param("0001-01-01T00:00:00+23:00", None, id="before-the-calendar-begins"),
        ("昨天", None),
    ],
)
def test_a_day_that_a_page_states(text: str, day: date | None) -> None:
    assert stated_day(text) == day


def test_days_that_files_state_of_themselves() -> None:
    assert day_of(("2024", "01", "30")) == date(2024, 1, 30)
    assert day_of(("2024", "13", "30")) is None
    assert day_of(("2024", "", "")) is None
    assert iso_day("2024-01-30T08:00:00Z") == date(2024, 1, 30)
    assert iso_day("") is None
