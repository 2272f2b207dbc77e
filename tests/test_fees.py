"""The processing fees that section 6 states: what is understood, and what leaves the figure out."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gongkai.checks.fees import read_fee
from gongkai.model import Agency, Report, Section
from tests.builders import AGENCY, make_report

BUREAU = Agency("990101-jiao-yu-ju", "示例市虚构区教育局", "990101", "county", "department")


def report_that_says(text: str, **changes: Any) -> Report:
    report = make_report(**({"agency": BUREAU} | changes))
    others = tuple(section for section in report.sections if section.number != 6)
    return replace(report, sections=(*others, Section(6, "其他需要报告的事项", text)))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("信息处理费收取情况：本年度收取0元。", "0"),
        ("按照信息处理费管理办法，全年发出收费通知0件，收取金额0元。", "0"),
        ("2023年未收取政府信息公开信息处理费。", "0"),
        ("本机关 2023年度未收取政府信息公开信息处理费", "0"),
        ("2023年，我局没有收取信息处理费，无其他需要报告的事项。", "0"),
        ("本年度未产生信息公开处理费。", "0"),
        ("2023年，区教育局未向申请人收取信息处理费。", "0"),
        ("2023年，教育局未向申请人收取信息处理费。", "0"),
        ("一、信息处理费收取情况。\n2023年度未收取。", "0"),
        ("信息处理费：0元", "0"),
        ("收取信息处理费零元。", "0"),
        ("发出收费通知2件，总金额1200元，实际收取1200元。", "1200"),
        ("发出收费通知2件，总金额1200元，实际收取0元。", "0"),
        ("2023年有1件政府信息公开申请案件收取信息处理费380元。", "380"),
        ("全年共收取信息处理费1，200元。", ""),
        ("全年共收取信息处理费1,200元。", "1200"),
        ("本机关2023年收取信息处理费0.38万元。", "3800"),
        ("收取政府信息公开信息处理费人民币1200.50元整。", "1200.50"),
        (
            "依据《国务院办公厅关于印发〈政府信息公开信息处理费管理办法〉的通知》（国办函〔2020〕109号），"
            "2023年我局收取信息处理费300元。",
            "300",
        ),
        ("收取信息处理费500元，其中按件收取300元，按量收取200元。", "500"),
        ("收取信息处理费500元。\n以上信息处理费共收取500元。", ""),
        ("收取信息处理费500元。\n2023年度信息处理费收取500元。", "500"),
    ],
)
def test_what_section_six_states_is_read_in_yuan_exactly(text: str, amount: str) -> None:
    fee = read_fee(report_that_says(text))
    assert (fee and fee.amount_cny) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("没有其他需要报告的事项。", id="nothing-of-fees"),
        pytest.param("未收取任何费用。", id="fees-of-no-named-kind"),
        pytest.param("严格按照规定收取信息处理费。", id="no-sum"),
        pytest.param("发出收费通知2件，总金额1200元。", id="billed-and-perhaps-not-collected"),
        pytest.param("收取信息处理费2件。", id="a-count-and-no-sum"),
        pytest.param("收取信息处理费1200。", id="a-number-without-a-unit"),
        pytest.param("收取信息处理费约1200元。", id="about"),
        pytest.param("收取信息处理费一千二百元。", id="a-number-in-words"),
        pytest.param("收取信息处理费500元。实际收取信息处理费300元。", id="two-sums"),
        pytest.param("2022年收取信息处理费500元。", id="another-year"),
        pytest.param("2022年发出收费通知2件，实际收取500元，2023年收取300元。", id="two-years"),
        pytest.param("收取信息处理费500元，比上年减少200元。", id="the-year-before"),
        pytest.param("自2021年以来未收取信息处理费。", id="since-a-year"),
        pytest.param("全市收取信息处理费500元。", id="a-whole-region"),
        pytest.param("全区各单位信息处理费收取情况：收取500元。", id="a-regions-heading"),
        pytest.param("区政府办公室未收取信息处理费。", id="another-body"),
        pytest.param("市教育局未收取信息处理费。", id="another-bureau"),
        pytest.param("免收信息处理费2件，收取500元。", id="waived"),
        pytest.param("未按时收取信息处理费。", id="a-denial-of-something-else"),
        pytest.param("收取信息处理费500元，退还300元。", id="paid-back"),
        pytest.param("信息处理费收取情况。\n（二）收取0元。", id="another-item"),
    ],
)
def test_what_is_not_sure_is_left_out(text: str) -> None:
    assert read_fee(report_that_says(text)) is None


@pytest.mark.parametrize(
    ("scope", "text", "amount"),
    [
        ("region", "2023年全市实际收取信息处理费共计400元。", "400"),
        ("unknown", "2023年全市实际收取信息处理费共计400元。", None),
        ("region", "2023年我区未收取信息处理费。", "0"),
        ("region", "2023年本机关未收取信息处理费。", None),
        ("agency", "2023年本机关未收取信息处理费。", "0"),
    ],
)
def test_a_sum_is_that_of_the_bodies_that_the_report_covers(scope: Any, text: str, amount: str | None) -> None:
    fee = read_fee(report_that_says(text, agency=AGENCY, scope=scope))
    assert (fee and str(fee.amount_cny)) == amount


def test_the_words_are_found_again_at_their_place() -> None:
    report = report_that_says("其他事项。\n发出收费通知 1 件，实际收取 1 200 元。")
    fee = read_fee(report)
    assert fee
    assert fee.text == "实际收取 1 200 元"
    assert report.sections[-1].text[fee.start : fee.end] == fee.text


def test_other_sections_and_recognised_prose_are_not_read() -> None:
    report = report_that_says("未收取信息处理费。")
    assert read_fee(replace(report, reader="ocr")) is None
    elsewhere = tuple(replace(section, number=5) for section in report.sections if section.number == 6)
    assert read_fee(replace(report, sections=elsewhere)) is None


@pytest.mark.parametrize("text", ["收取信息处理费" * 30_000, "收取信息处理费0元，" * 500, "《" * 50_000 + "信息处理费"])
def test_hostile_prose_costs_no_time(text: str) -> None:
    assert read_fee(report_that_says(text)) is None
