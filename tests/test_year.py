"""The year that a report covers: never the one in which it was published, and in doubt none."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.errors import Undetermined
from gongkai.extract.outline import Outline
from gongkai.extract.year import covered_year

KIND = "政府信息公开工作年度报告"
WHOLE = "统计期限自2023年1月1日至2023年12月31日。"
ODD = "统计期限自2022年10月1日至2023年9月30日。"


def year_of(title: str, introduction: str = "", metadata: str = "", file: str = "", stated: int | None = None) -> int:
    return covered_year(Outline(title, introduction, (), ()), metadata, file, stated)[0]


@pytest.mark.parametrize(
    "title",
    [
        f"示例市人民政府2023年{KIND}",
        f"示例市人民政府2023{KIND}",
        f"示例市人民政府{KIND}（2023年度）",
        "示例市人民政府政府信息公开工作2023年度报告",
        f"示例市人民政府２０２３年{KIND}",
        f"示例市人民政府2 0 2 3 年{KIND}",
        f"示例市人民政府二〇二三年度{KIND}",
        f"示例市人民政府二O二三年度{KIND}",
        f"示例市人民政府二０二三年{KIND}",
        f"示例市人民政府2023年{KIND}（2024年1月发布）",
        f"示例市人民政府2023年{KIND}（2024年）",
        f"示例市人民政府2023{KIND}2024-01-30",
        f"示例发〔2024〕1号 示例市人民政府2023年{KIND}",
        f"示例市人民政府2023年度{KIND}（含2022年度数据）",
        "示例市人民政府2023年政务公开工作年度报告（2024年）",
    ],
)
def test_the_year_of_a_title_is_the_one_before_the_words_of_its_kind(title: str) -> None:
    assert year_of(title) == 2023


@pytest.mark.parametrize(
    ("title", "introduction", "metadata", "file", "year"),
    [
        pytest.param(KIND, WHOLE, "", "", 2023, id="from-the-period"),
        pytest.param(KIND, "现将示例市2023年政府信息公开工作情况报告如下。", "", "", 2023, id="from-a-sentence"),
        pytest.param(KIND, "", f"示例市2023年{KIND}\n政府信息公开2024", "", 2023, id="from-the-file-s-own-title"),
        pytest.param(KIND, "", "", f"示例市2023年{KIND}", 2023, id="from-the-file-s-name"),
        pytest.param(f"2023年{KIND}", ODD, "", "", 2023, id="a-period-over-two-years-that-the-title-settles"),
        pytest.param(f"2022年{KIND}", ODD, "", "", 2022, id="and-the-other-way"),
        pytest.param(f"2023年{KIND}", "", f"2022年{KIND}", f"2021年{KIND}", 2023, id="the-print-goes-first"),
        pytest.param(f"2023年{KIND}", "自2023年1月1日至月31日。", "", "", 2023, id="a-period-that-lost-its-digits"),
    ],
)
def test_a_title_without_a_year_is_helped_by_what_else_is_printed(
    title: str, introduction: str, metadata: str, file: str, year: int
) -> None:
    assert year_of(title, introduction, metadata, file) == year


@pytest.mark.parametrize(
    ("title", "introduction", "metadata", "message"),
    [
        pytest.param(KIND, "", "", "printed nowhere", id="nothing"),
        pytest.param(KIND, "", "2024年公示公告_示例市人民政府", "printed nowhere", id="a-year-of-something-else"),
        pytest.param(f"2024年1月示例市{KIND}", "", "", "printed nowhere", id="a-date-only"),
        pytest.param(KIND, "按照《2022年政府信息公开工作要点》编制。", "", "printed nowhere", id="another-paper-s"),
        pytest.param(f"2022-2023年{KIND}", "", "", "the title says 2022, 2023: state the one", id="two-years"),
        pytest.param(f"2022年至2023年{KIND}", WHOLE, "", "2022, 2023, the period 2023", id="two-and-a-period"),
        pytest.param(f"2024年{KIND}", WHOLE, "", "says 2024, the period 2023-01-01", id="the-year-of-publication"),
        pytest.param(KIND, ODD, "", "printed nowhere", id="a-period-over-two-years-alone"),
    ],
)
def test_a_year_that_the_print_leaves_open_is_asked_for(
    title: str, introduction: str, metadata: str, message: str
) -> None:
    with pytest.raises(Undetermined, match=message) as caught:
        year_of(title, introduction, metadata)
    assert "origin.toml, year = …" in str(caught.value)


def test_what_a_person_states_goes_before_the_print_and_the_period_stays_as_printed() -> None:
    report = Outline(f"2024年{KIND}", WHOLE, (), ())
    assert covered_year(report, "", "", 2023) == (2023, date(2023, 1, 1), date(2023, 12, 31))
