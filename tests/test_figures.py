from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.figures import (
    BLANK,
    ILLEGIBLE,
    Read,
    in_10k_cny,
    is_blank,
    looks_like_figure,
    printed_unit,
    read_figure,
)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        pytest.param("0", 0, id="zero-is-a-figure-and-no-blank"),
        pytest.param("12", 12, id="plain"),
        pytest.param("１２３", 123, id="full-width"),
        pytest.param("1,234", 1234, id="thousands-separator"),
        pytest.param("1，234，567", 1234567, id="full-width-separators"),
        pytest.param("1 234", 1234, id="a-space-inside"),
        pytest.param("1\u3000234", 1234, id="an-ideographic-space-inside"),
        pytest.param("1\u00a0234", 1234, id="a-no-break-space-inside"),
        pytest.param(" 7\n", 7, id="space-around"),
        pytest.param("35件", 35, id="with-a-counter"),
        pytest.param("35 宗", 35, id="a-counter-after-a-space"),
    ],
)
def test_a_count_is_the_number_that_it_writes(printed: str, value: int) -> None:
    assert read_figure(printed) == Read(Decimal(value))


@pytest.mark.parametrize(
    "printed", ["", "  ", "\n", "/", "／", "—", "——", "-", "－", "–", "―", "─", "−", "\\", "~", "～", " / ", "—/—"]
)
def test_an_empty_cell_and_the_marks_of_one_are_blank_and_never_zero(printed: str) -> None:
    assert is_blank(printed)
    assert read_figure(printed) == BLANK
    assert read_figure(printed).value is None


@pytest.mark.parametrize("printed", ["0", "０", "1", "无", "一", "NaN", ".", "*", "〇", "/5", "-0"])
def test_what_says_something_is_not_blank(printed: str) -> None:
    assert not is_blank(printed)


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("1  2", id="two-spaces-are-two-figures"),
        pytest.param("1 \u3000 2", id="wide-spaces-are-two-figures"),
        pytest.param("1/2", id="a-fraction"),
        pytest.param("½", id="a-fraction-in-one-character"),
        pytest.param("1,2345", id="a-separator-out-of-place"),
        pytest.param("1,23", id="a-separator-with-two-digits"),
        pytest.param(",123", id="a-leading-separator"),
        pytest.param("007", id="leading-zeros"),
        pytest.param("1.5", id="a-count-with-decimals"),
        pytest.param("1.", id="a-numbering"),
        pytest.param("-2", id="a-count-below-zero"),
        pytest.param("+2", id="a-count-with-a-sign"),
        pytest.param("1e5", id="an-exponent"),
        pytest.param("0x10", id="hexadecimal"),
        pytest.param("1_000", id="a-programmer's-separator"),
        pytest.param("NaN", id="not-a-number"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("٣", id="digits-of-another-script"),
        pytest.param("三", id="a-numeral"),
        pytest.param("无", id="a-word"),
        pytest.param("3%", id="a-share"),
        pytest.param("12件次", id="two-counters"),
        pytest.param("12（其中3", id="a-remark"),
        pytest.param("3元", id="money-where-a-count-belongs"),
        pytest.param("\ufffd", id="undecodable"),
        pytest.param("1\ufffd", id="a-digit-and-an-undecodable"),
        pytest.param("\u200b3", id="an-invisible-character"),
        pytest.param("2\x00", id="a-control-character"),
    ],
)
def test_what_is_no_count_stays_illegible(printed: str) -> None:
    assert read_figure(printed) == ILLEGIBLE


@pytest.mark.parametrize("printed", ["12①", "12²", "①", "²"])
def test_a_footnote_mark_is_no_digit(printed: str) -> None:
    assert read_figure(printed) == ILLEGIBLE


@pytest.mark.parametrize("printed", ["1\n2", "12\n3"])
def test_two_lines_of_digits_in_a_cell_are_two_figures(printed: str) -> None:
    assert read_figure(printed) == ILLEGIBLE


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("+173", 173),
        ("＋173", 173),
        ("增173", 173),
        ("增加173项", 173),
        ("↑5", 5),
        ("-2", -2),
        ("－2", -2),
        ("−2", -2),
        ("–2", -2),
        ("- 2", -2),
        ("减2", -2),
        ("减少 2", -2),
        ("↓2", -2),
        ("0", 0),
        ("4", 4),
    ],
)
def test_a_change_has_the_sign_that_is_printed_or_worded(printed: str, value: int) -> None:
    assert read_figure(printed, signed=True) == Read(Decimal(value))


@pytest.mark.parametrize("printed", ["增", "减", "+", "+-5", "增减5", "5-", "增5减2", "-2.5"])
def test_a_sign_without_one_number_is_no_change(printed: str) -> None:
    assert read_figure(printed, signed=True) == ILLEGIBLE


@pytest.mark.parametrize("printed", ["-", "—", "/"])
def test_a_lone_dash_is_a_blank_also_where_signs_may_stand(printed: str) -> None:
    assert read_figure(printed, signed=True) == BLANK


@pytest.mark.parametrize("printed", ["减0", "-0"])
def test_a_change_of_zero_has_no_sign(printed: str) -> None:
    assert str(read_figure(printed, signed=True).value) == "0"


@pytest.mark.parametrize(
    ("printed", "value", "money"),
    [
        ("12.50", "12.50", ""),
        ("0.3", "0.3", ""),
        ("１２．５", "12.5", ""),
        ("1,234.5", "1234.5", ""),
        ("12万元", "12", "万元"),
        ("12.5 万 元", "12.5", "万元"),
        ("35元", "35", "元"),
        ("1.2亿元", "1.2", "亿元"),
        ("3千万元", "3", "千万元"),
        ("3百万元", "3", "百万元"),
        ("7千元", "7", "千元"),
    ],
)
def test_an_amount_may_have_decimals_and_a_unit_of_money(printed: str, value: str, money: str) -> None:
    said = read_figure(printed, decimal=True)
    assert (str(said.value), said.money, said.legible) == (value, money, True)


@pytest.mark.parametrize("printed", ["1.2.3", "12万", "12美元", ".5", "5.", "1.5亿元整", "-3.2", "12万元5"])
def test_what_is_no_amount_stays_illegible(printed: str) -> None:
    assert read_figure(printed, decimal=True) == ILLEGIBLE


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("本年收费金额（单位：万元）", "万元"),
        ("本年收费金额(单位:元)", "元"),
        ("采购总金额（亿元）", "亿元"),
        ("金额（千元）", "千元"),
        ("金额（百万元）", "百万元"),
        ("本年收费金额", ""),
        ("采购总金额（单位：万", ""),
        ("", ""),
    ],
)
def test_a_header_names_its_longest_unit_or_none(header: str, unit: str) -> None:
    assert printed_unit(header) == unit


@pytest.mark.parametrize(("header", "unit"), [("单位：万 元", "万元"), ("（亿\u3000元）", "亿元")])
def test_a_unit_set_with_a_space_inside_is_the_same_unit(header: str, unit: str) -> None:
    assert printed_unit(header) == unit


@pytest.mark.parametrize(
    ("value", "money", "in_wan"),
    [
        ("12500", "元", "1.25"),
        ("1", "元", "0.0001"),
        ("10000", "元", "1"),
        ("123456789.01", "元", "12345.678901"),
        ("5", "千元", "0.5"),
        ("12.50", "万元", "12.5"),
        ("3", "百万元", "300"),
        ("3", "千万元", "3000"),
        ("1.2345", "亿元", "12345"),
        ("0", "亿元", "0"),
    ],
)
def test_money_is_converted_exactly_and_written_plainly(value: str, money: str, in_wan: str) -> None:
    amount = in_10k_cny(Decimal(value), money)
    assert amount == Decimal(in_wan)
    assert format(amount, "f") == in_wan


@pytest.mark.parametrize("word", ["12", "-", "/", "+5", "减3", "12.5万元", "7件"])
def test_a_number_and_the_mark_of_a_blank_can_stand_in_a_figure_s_place(word: str) -> None:
    assert looks_like_figure(word)


@pytest.mark.parametrize("word", ["自然人", "1.属于国家秘密", "（一）", "2019年", "三、", "第1页", "NaN"])
def test_words_of_labels_cannot_stand_in_a_figure_s_place(word: str) -> None:
    assert not looks_like_figure(word)


@given(st.integers(0, 10**14))
def test_every_count_is_read_back_in_each_way_of_writing_it(number: int) -> None:
    full_width = str(number).translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    for printed in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), full_width, f"{number}件"):
        assert read_figure(printed).value == number


@given(st.text(alphabet="0123456789０９,，. \n\t/-—+增减件万元亿①²NaN", max_size=12))
def test_no_characters_crash_it_and_a_value_uses_no_more_digits_than_are_printed(printed: str) -> None:
    for signed, decimal in ((False, False), (True, False), (False, True)):
        said = read_figure(printed, signed=signed, decimal=decimal)
        if said.value is not None:
            assert said.legible
            assert said.value.is_finite()
            assert signed or said.value >= 0
            assert decimal or said.value == int(said.value)
        if is_blank(printed):
            assert said == BLANK


@pytest.mark.parametrize(
    "printed",
    [
        "9" * 16,
        "9" * 1_000_000,
        "1," * 500_000,
        "1 " * 500_000,
        "增" * 500_000,
        "0." + "1" * 500_000,
        "—" * 500_000 + "1",
    ],
    ids=["sixteen-digits", "digits", "separators", "spaces", "signs", "decimals", "dashes"],
)
def test_an_absurdly_long_cell_is_no_figure_and_costs_no_time(printed: str) -> None:
    began = time.process_time()
    assert read_figure(printed, signed=True, decimal=True) == ILLEGIBLE
    assert time.process_time() - began < 2
