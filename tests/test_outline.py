from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.dates import period
from gongkai.extract.outline import Outline, outline, paragraphs
from gongkai.form import load_forms
from gongkai.model import Grid, Line
from tests.grids import grid

FORMS = load_forms()
TITLE = "示例市虚构局2023年政府信息公开工作年度报告"
HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
TEXT = "本年度共收到政府信息公开申请十二件，均已按时答复。"


def report(
    headings: list[str] = HEADINGS,
    before: tuple[str, ...] = (TITLE, "根据条例编制本报告。"),
    after: tuple[str, ...] = (),
) -> list[Line | Grid]:
    """A report of that text, with a paragraph under each heading."""
    texts = [*before, *(text for heading in headings for text in (heading, TEXT)), *after]
    return [Line(text, starts=True) for text in texts]


def read(blocks: list[Line | Grid]) -> Outline:
    return outline(blocks, FORMS)


def numbers(found: Outline) -> list[int]:
    return [part.number for part in found.parts]


def texts(found: Outline, number: int) -> list[str]:
    part = found.part(number)
    assert part is not None
    return [block.text for block in part.blocks if isinstance(block, Line)]


# ---------------------------------------------------------------- sections


def test_a_report_is_its_title_introduction_sections_and_signature() -> None:
    found = read(report(after=("示例市虚构局", "2024年1月12日")))
    assert found.title == TITLE
    assert found.introduction == "根据条例编制本报告。"
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert [texts(found, number) for number in range(1, 7)] == [[TEXT]] * 6
    assert found.signature == ("示例市虚构局", "2024年1月12日")


def test_a_heading_is_kept_as_printed_without_its_number() -> None:
    assert [part.heading for part in read(report()).parts] == [heading[2:] for heading in HEADINGS]


@pytest.mark.parametrize(
    "heading",
    [
        "三、收到和处理政府信息公开申请情况",
        "三 收到和处理政府信息公开申请情况",
        "三.收到和处理政府信息公开申请情况",
        "（三）收到和处理政府信息公开申请情况",
        "第三部分 收到和处理政府信息公开申请情况",
        "3、收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请情况",
        "三、收到和处理政府信息公开申请的情况",
        "三、收到和处理政府信息公开申请情况：",
        "三、 收 到 和 处 理 政府信息公开申请情况",
        "三、政府信息公开申请情况",
    ],
)
def test_a_heading_is_found_in_each_way_of_setting_it(heading: str) -> None:
    assert numbers(read(report([*HEADINGS[:2], heading, *HEADINGS[3:]]))) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "第一部分：总体情况",
            "壹、总体情况",
            "Ⅰ.总体情况",
            "①总体情况",
            "【一】总体情况",
            "01 总体情况",
            "⼀、总体情况",
        ),
        *("一、概述", "一、2023年总体情况", "一､总体情况"),
        *("二、政府信息主动公开情况", "四、行政复议、行政诉讼情况", "四、行政复议和行政诉讼情况"),
        *("五、存在的主要问题和改进措施", "五、存在的主要问题及下一步打算", "六、其他需要说明的事项"),
    ],
)
def test_a_heading_is_found_with_other_numerals_and_in_other_usual_words(heading: str) -> None:
    number = next((n for n, numeral in enumerate("一二三四五六", 1) if heading.startswith(f"{numeral}、")), 1)
    headings = [*HEADINGS[: number - 1], heading, *HEADINGS[number:]]
    assert [texts(read(report(headings)), n) for n in range(1, 7)] == [[TEXT]] * 6


@pytest.mark.parametrize("line", ["3.其他", "（六）其他", "其他", "（一）主动公开情况", "（二）主动公开"])
def test_an_item_or_a_rows_label_is_no_heading(line: str) -> None:
    blocks = report([heading for n, heading in enumerate(HEADINGS, 1) if n not in (2, 6)])
    blocks.insert(4, Line(line, starts=True))
    assert numbers(read(blocks)) == [1, 3, 4, 5]


def test_a_heading_within_a_line_is_set_apart_from_the_text_before_and_behind_it() -> None:
    run_in = [
        f"一、总体情况（一）主动公开。{TEXT}",
        f"二、主动公开政府信息情况：{TEXT}三、收到和处理政府信息公开申请情况",
        TEXT,
        f"四、政府信息公开行政复议、行政诉讼情况。{TEXT}",
        f"五、存在的主要问题及改进情况 {TEXT} 六、其他需要报告的事项 {TEXT}",
    ]
    found = read([Line(text, starts=True) for text in (TITLE, "引言。", *run_in)])
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert [part.heading for part in found.parts] == [heading[2:] for heading in HEADINGS]
    assert [texts(found, n) for n in range(1, 7)] == [[f"（一）主动公开。{TEXT}"], *[[TEXT]] * 5]


@pytest.mark.parametrize(
    "sentence",
    [
        "本报告包括：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况。",
        "二、主动公开政府信息情况良好。",
        "详见“五、存在的主要问题及改进情况”。",
    ],
)
def test_headings_named_in_a_sentence_set_nothing_apart(sentence: str) -> None:
    blocks = report()
    blocks.insert(3, Line(sentence, starts=True))
    assert texts(read(blocks), 1) == [sentence, TEXT]


def test_headings_of_the_2019_form_are_found() -> None:
    headings = [*HEADINGS[:3], "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", *HEADINGS[4:]]
    found = read(report(headings))
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert found.parts[3].heading == "因政府信息公开工作被申请行政复议、提起行政诉讼情况"


@pytest.mark.parametrize("gone", range(6))
def test_an_absent_section_leaves_the_others_their_numbers(gone: int) -> None:
    found = read(report([heading for i, heading in enumerate(HEADINGS) if i != gone]))
    assert numbers(found) == [n for n in range(1, 7) if n != gone + 1]
    assert found.part(gone + 1) is None


@pytest.mark.parametrize("leader", ["", "……………3", "......... 12"])
def test_a_contents_list_is_not_taken_for_the_sections(leader: str) -> None:
    contents = tuple(heading + leader for heading in HEADINGS)
    found = read(report(before=(TITLE, "目录", *contents, "根据条例编制本报告。")))
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert [texts(found, number) for number in range(1, 7)] == [[TEXT]] * 6
    assert "总体情况" not in found.introduction


def test_a_contents_list_with_the_better_headings_is_not_taken_for_the_sections() -> None:
    altered = [f"{heading[:-2]}的{heading[-2:]}" for heading in HEADINGS[1:]]
    found = read(report([HEADINGS[0], *altered], before=(TITLE, "目录", *HEADINGS, "引言。")))
    assert [texts(found, number) for number in range(1, 7)] == [[TEXT]] * 6


def test_the_first_entry_of_a_contents_list_is_not_taken_for_an_altered_heading() -> None:
    found = read(report(["一、总体的情况", *HEADINGS[1:]], before=(TITLE, "目录", *HEADINGS, "引言。")))
    assert texts(found, 1) == [TEXT]


def test_an_introduction_that_names_the_sections_is_not_taken_for_them() -> None:
    named = "本报告包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况。"
    found = read(report(before=(TITLE, named)))
    assert found.introduction == named
    assert numbers(found) == [1, 2, 3, 4, 5, 6]


def test_a_sentence_that_begins_like_a_heading_is_text() -> None:
    sentence = "二、主动公开政府信息情况良好，全年共发布各类政府信息若干条，较上年有所增加，群众满意。"
    blocks = report()
    blocks.insert(4, Line(sentence, starts=True))
    found = read(blocks)
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert texts(found, 1) == [TEXT, sentence]


def test_grids_stay_in_the_section_in_which_they_stand() -> None:
    table = grid([["甲", "1"]])
    blocks = report()
    place = next(i for i, block in enumerate(blocks) if isinstance(block, Line) and block.text == HEADINGS[2])
    blocks.insert(place + 1, table)
    found = read(blocks)
    assert [part.number for part in found.parts if table in part.blocks] == [3]


def test_no_heading_no_sections() -> None:
    found = read([Line("关于举办培训班的通知"), Line("请各单位参加。")])
    assert found.title == ""
    assert found.parts == ()
    assert found.signature == ()
    assert read([]) == Outline("", "", (), ())


# ---------------------------------------------------------------- title


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        pytest.param([TITLE], TITLE, id="one-line"),
        pytest.param(["示例市虚构局", "2023年政府信息公开工作年度报告"], TITLE, id="the-agency-above"),
        pytest.param(["示例市虚构局", "2023年政府信息公开工作", "年度报告"], TITLE, id="three-lines"),
        pytest.param(["示例市虚构局2023年", "政府信息公开工作年度报告"], TITLE, id="the-year-above"),
        pytest.param(["示例市虚构局2023年", "政府信息公开", "工作年度报告"], TITLE, id="all-parted"),
        pytest.param(["示例市虚构局2023年政府信息公开年报"], "示例市虚构局2023年政府信息公开年报", id="short"),
        pytest.param(["信息来源：办公室", TITLE], TITLE, id="after-a-line-that-is-no-name"),
        pytest.param(["2024年1月12日", TITLE], TITLE, id="after-a-date"),
        pytest.param(["示例市虚构局", "2023年", "政府信息公开工作年度报告"], TITLE, id="the-year-alone"),
        pytest.param(
            ["示例市虚构局", "政府信息公开工作年度报告", "（2023年度）"],
            "示例市虚构局政府信息公开工作年度报告（2023年度）",
            id="the-year-below",
        ),
        pytest.param([TITLE, "（2024年）"], TITLE, id="a-second-year-below"),
        pytest.param(
            ["示例市虚构局2023年政务公开工作年度报告"], "示例市虚构局2023年政务公开工作年度报告", id="another-word"
        ),
    ],
)
def test_a_title_is_found_over_its_lines(printed: list[str], title: str) -> None:
    assert read(report(before=(*printed, "根据条例编制本报告。"))).title == title


def test_a_title_set_with_spaces_is_kept_as_printed() -> None:
    spaced = "示 例 市 虚 构 局 2023 年 政 府 信 息 公 开 工 作 年 度 报 告"
    assert read(report(before=(spaced,))).title == spaced


def test_a_sentence_about_the_report_is_no_title() -> None:
    found = read(report(before=("现公布政府信息公开工作年度报告。欢迎查阅。",)))
    assert found.title == ""


# ---------------------------------------------------------------- signature


@pytest.mark.parametrize(
    "signed",
    [
        ("示例市虚构局", "2024年1月12日"),
        ("2024年1月12日",),
        ("示例市虚构局",),
        ("示例市虚构区人民政府办公室", "二〇二四年一月十二日"),
        ("示 例 市 虚 构 局", "2024 年 1 月 12 日"),
        ("示例市虚构局", "2024年1月"),
        ("示例市虚构局", "2024.1.12"),
        ("示例市虚构局", "2024-01-12"),
        ("示例市虚构局　2024年1月12日",),
        ("示例市虚构局（盖章）", "2024年1月12日"),
        ("（示例市虚构局）", "2024年1月12日"),
        ("发布单位：示例市虚构局", "2024年1月12日"),
        ("单位：示例市虚构局 日期：2024年1月12日",),
    ],
    ids=" ".join,
)
def test_name_and_date_at_the_end_are_the_signature_and_no_part_of_the_text(signed: tuple[str, ...]) -> None:
    found = read(report(after=signed))
    assert found.signature == signed
    assert texts(found, 6) == [TEXT]


@pytest.mark.parametrize(
    "last",
    [
        "没有其他需要报告的事项。",
        "联系电话：000-0000",
        "见附件",
        "以上数据截至2024年1月12日。",
        "责任单位：办公室负责人",
        "（三）",
    ],
)
def test_text_at_the_end_is_no_signature(last: str) -> None:
    found = read(report(after=(last,)))
    assert found.signature == ()
    assert texts(found, 6)[-1] == last


def test_a_list_of_names_at_the_end_is_no_signature_but_for_its_last_three() -> None:
    names = tuple(f"示例市虚构{c}局" for c in "甲乙丙丁")
    found = read(report(after=names))
    assert found.signature == names[1:]
    assert texts(found, 6) == [TEXT, names[0]]


# ---------------------------------------------------------------- period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("统计期限自2023年1月1日起至2023年12月31日止。", "2023-01-01", "2023-12-31"),
        ("2023年1月1日至12月31日", "2023-01-01", "2023-12-31"),
        ("2023 年 1 月 1 日 — 12 月 31 日", "2023-01-01", "2023-12-31"),
        ("2023年1月1日到2023年12月31日", "2023-01-01", "2023-12-31"),
        ("2023年1月1日-2023年12月31日", "2023-01-01", "2023-12-31"),
        ("2022年12月16日至2023年12月15日", "2022-12-16", "2023-12-15"),
        ("2023年1月1日（含）至2023年6月30日", "2023-01-01", "2023-06-30"),
    ],
)
def test_a_period_is_read_as_printed(text: str, start: str, end: str) -> None:
    assert period(text) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2023年全年", id="no-days"),
        pytest.param("2023年1月1日", id="one-day"),
        pytest.param("2023年月1日至12月31日", id="a-lost-month"),
        pytest.param("2023年13月1日至2023年12月31日", id="no-such-month"),
        pytest.param("2023年1月1日至2023年2月30日", id="no-such-day"),
        pytest.param("2023年12月31日至2023年1月1日", id="backwards"),
        pytest.param("0000年1月1日至0000年12月31日", id="no-such-year"),
    ],
)
def test_a_period_with_something_missing_or_wrong_is_none(text: str) -> None:
    assert period(text) == (None, None)


# ---------------------------------------------------------------- paragraphs


def test_a_line_that_reaches_the_margin_goes_on_below() -> None:
    lines = [Line("本年度共收到申请", starts=True, full=True), Line("十二件。"), Line("均已答复。", starts=True)]
    assert paragraphs(lines) == ["本年度共收到申请十二件。", "均已答复。"]


def test_a_page_break_parts_no_paragraph() -> None:
    lines = [Line("上页的末行没有说", page=1, starts=True, full=True), Line("完，下页接着说。", page=2)]
    assert paragraphs(lines) == ["上页的末行没有说完，下页接着说。"]


def test_an_indent_begins_a_paragraph_although_the_line_above_is_full() -> None:
    lines = [Line("第一段满行。", starts=True, full=True), Line("第二段。", starts=True)]
    assert paragraphs(lines) == ["第一段满行。", "第二段。"]


def test_lines_that_hang_below_an_open_sentence_are_of_its_paragraph() -> None:
    lines = [
        Line("（一）做了甲事，还做", full=True),
        Line("了乙事。", starts=True),
        Line("（二）又做了丙事，并", full=True),
        Line("（三）丁事。", starts=True),
    ]
    assert paragraphs(lines) == ["（一）做了甲事，还做了乙事。", "（二）又做了丙事，并", "（三）丁事。"]


def test_a_note_at_the_foot_of_a_page_stands_behind_the_paragraph_that_goes_on() -> None:
    lines = [
        Line("上页的末行没有说", page=1, starts=True, full=True),
        Line("①数据来自台账。", page=1),
        Line("②另有说明。", page=1),
        Line("完，下页接着说。", page=2),
        Line("下一段。", page=2, starts=True),
    ]
    notes = ["①数据来自台账。", "②另有说明。"]
    assert paragraphs(lines) == ["上页的末行没有说完，下页接着说。", *notes, "下一段。"]
    assert paragraphs(lines[:4]) == ["上页的末行没有说完，下页接着说。", *notes]


@pytest.mark.parametrize("page", [1, 3])
def test_an_item_that_no_page_break_follows_stays_in_its_place(page: int) -> None:
    lines = [Line("事项包括下列各种", page=1, full=True), Line("①甲。", page=1), Line("乙。", page=page)]
    assert paragraphs(lines)[0].startswith("事项包括下列各种①甲。")


def test_without_indents_a_short_line_ends_its_paragraph() -> None:
    lines = [Line("第一段的第一行", full=True), Line("第一段的末行"), Line("第二段")]
    assert paragraphs(lines) == ["第一段的第一行第一段的末行", "第二段"]


def test_an_item_begins_a_paragraph_after_a_full_sentence() -> None:
    lines = [Line("（一）做了甲事。", starts=True, full=True), Line("（二）做了乙事。")]
    assert paragraphs(lines) == ["（一）做了甲事。", "（二）做了乙事。"]


def test_a_number_begins_a_paragraph_where_none_is_indented() -> None:
    lines = [Line("1.做了甲事。", full=True), Line("2.做了乙事。", full=True), Line("2.5倍。")]
    assert paragraphs(lines) == ["1.做了甲事。", "2.做了乙事。2.5倍。"]


def test_latin_words_are_parted_where_lines_are_joined_and_chinese_is_not() -> None:
    assert paragraphs([Line("see the", full=True), Line("report", full=True), Line("第二")]) == ["see the report第二"]


@given(
    st.lists(
        st.builds(Line, st.text("甲乙（一）。；a1 ", min_size=1, max_size=6), starts=st.booleans(), full=st.booleans())
    )
)
def test_no_character_is_lost_or_changes_its_place_in_paragraphs(lines: list[Line]) -> None:
    joined = "".join(paragraphs(lines)).replace(" ", "")
    assert joined == "".join(line.text for line in lines).replace(" ", "")


# ---------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([Line("一、总体情况")] * 500, id="one-heading-over-and-over"),
        pytest.param([Line(text) for text in HEADINGS] * 100, id="all-headings-over-and-over"),
        pytest.param([Line("字" * 100_000)], id="a-very-long-line"),
        pytest.param([Line("信息公开" * 5000)], id="a-very-long-title"),
        pytest.param([Line("\ud800\ufffd\x00")] * 50, id="characters"),
        pytest.param([Line("")] * 50, id="empty-lines"),
        pytest.param([Line("2024年1月12日")] * 3000, id="dates"),
        pytest.param([Line("一、总体情况")] * 10_000, id="thousands-of-headings"),
        pytest.param([Line("一、总体情况"), *[Line("2024年1月12日")] * 3000], id="thousands-of-dates-at-the-end"),
    ],
)
def test_absurd_lines_neither_crash_it_nor_take_long(blocks: list[Line | Grid]) -> None:
    began = time.process_time()
    found = read(blocks)
    assert numbers(found) == sorted(set(numbers(found)))
    assert time.process_time() - began < 4
