"""Prose against tables: what is understood, what is not, and what only a careful reader would call a contradiction."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongkai.checks import phrases
from gongkai.checks.clauses import sentences
from gongkai.checks.figure_groups import has_figure, total_of
from gongkai.checks.narrative import check_narrative, read_statements
from gongkai.checks.phrases import Reading, load_grammar
from gongkai.checks.registry import CHECKS, Needs
from gongkai.errors import UsageError
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Agency, Key, Report, Section, Verdict
from gongkai.package.folder import read_package
from gongkai.package.validate import check_package
from gongkai.publish.catalog import Catalog
from tests.builders import AGENCY, make_package, make_report

OFFICE = Agency("990100-cai-zheng-ju", "示例市财政局", "990100", "city", "department")
STREET = Agency("990101-jie-dao", "示例市虚构区样板街道办事处", "990101", "township", "")
TOWN = Agency("990101-zhen", "示例市虚构区样板镇人民政府", "990101", "township", "government")
# Figures of a built report: received 10, carried in 2, granted 6, not held 3, processed 9, carried out 3, all of
# natural persons; in each channel of reviews and litigation 2 upheld, 1 corrected, 0 other, 1 pending: 4 in total.


def stated(text: str, section: int = 1, agency: Agency = OFFICE, **changes: Any) -> Report:
    report = make_report(agency=agency, sections=(Section(section, "", text),), **changes)
    return replace(report, statements=read_statements(report))


def said(report: Report) -> list[tuple[str, str, int, bool | None]]:
    return [(s.row, s.column, int(s.value), s.agrees) for s in report.statements]


def found(report: Report) -> list[tuple[str, str, str, str]]:
    findings = [result.finding for result in check_narrative(report) if result.finding]
    return [(finding.row, finding.column, finding.expected, finding.actual) for finding in findings]


def verdicts(report: Report) -> list[Verdict]:
    return [result.verdict for result in check_narrative(report)]


AGREES = [
    "全年收到政府信息公开申请10件。",
    "收到政府信息公开申请12件（含上年结转2件）。",
    "2023年，我局共收到政府信息公开申请10件，上年结转2件，共答复9件，结转下年度继续办理3件。",
    "2023年1月1日至12月31日，示例市财政局受理依申请公开10件。",
    "截至2023年12月31日，本单位收到公民、法人和其他组织的政府信息公开申请10件。",
    "全年新收政府信息公开申请数量10件，上年结转政府信息公开申请数量2件。",
    "全年新收政府信息公开申请１０件，加上年结转 2 件，共答复9件。",
    "受理政府信息公开申请10件，9件已答复，3件结转下年度。",
    "收到政府信息公开申请12件，其中新收10件，2022年结转2件，转至2024年3件。",
    "收到政府信息公开申请十件，予以公开六件。",
    "收到政府信息公开申请10件、予以公开6件、无法提供3件和结转下年度3件。",
    "答复政府信息公开申请9件（含上年度结转申请2件，另有3件申请按照《示例规定》顺延到下年度答复）。"
    "予以公开及部分公开6件，占66.7%；不予公开0件；因本机关不掌握等原因无法提供3件；不予处理0件；其他处理0件。",
    "收到政府信息公开申请10件，其中自然人申请10件，占100%，法人或其他组织申请0件。",
    "收到政府信息公开申请10件（自然人10件，法人或其他组织0件），同比下降20%，年末尚在办理3件。",
    "因政府信息公开引起行政复议4起，其中结果维持2起，纠正1起，尚未审结1起；行政诉讼8起。",
    "信息公开类行政复议4件，未经复议直接起诉4件，复议后起诉4件。",
    "政府信息公开申请总量为10件，与上年基本持平，予以公开、部分公开、无法提供的分别为6件、0件、3件。",
    "收到政府信息公开申请（以下简称“申请”）10件，其中自然人、法人或其他组织分别为10件和0件。",
    "收到有关政府信息公开的申请10件，较2022年增长25%，增幅25%，比2022年增加2件。",
    "（二）依申请公开。没有现成信息需要另行制作0件；因保护第三方合法权益不予公开0件；属于三类内部事务信息0件，属于四类过程性信息0件，危及“三安全一稳定”0件，要求提供公开出版物0件，无正当理由大量反复申请0件。",
]


@pytest.mark.parametrize("text", AGREES)
def test_a_sentence_that_says_what_the_table_prints_agrees_in_every_number(text: str) -> None:
    report = stated(text)
    assert report.statements
    assert {statement.agrees for statement in report.statements} == {True}
    assert set(verdicts(report)) == {Verdict.HOLDS}


CONTRADICTS = [
    ("全年收到政府信息公开申请11件。", [("new_received", "total", "10", "11")]),
    ("全年新收政府信息公开申请12件。", [("new_received", "total", "10", "12")]),
    ("收到政府信息公开申请12件，上年结转2件，办结9件。", [("new_received", "total", "10", "12")]),
    ("收到政府信息公开申请11件，其中新收9件，上年结转2件。", [("to_handle", "total", "12", "11")]),
    ("收到政府信息公开申请10件，结转下年度2件。", [("carried_out", "total", "3", "2")]),
    (
        "（二）依申请公开。予以公开5件，部分公开1件。",
        [("granted", "total", "6", "5"), ("partially_granted", "total", "0", "1")],
    ),
    ("全年未收到政府信息公开申请。", [("new_received", "total", "10", "0")]),
    ("收到政府信息公开申请1,000件。", [("new_received", "total", "10", "1000")]),
    ("收到政府信息公开申请二十一件。", [("new_received", "total", "10", "21")]),
    ("因政府信息公开引起的行政复议5件，行政诉讼8件。", [("administrative_review", "total", "4", "5")]),
    ("因政府信息公开引起的行政复议4件，其中维持3件，纠正1件。", [("administrative_review", "upheld", "2", "3")]),
    (
        "没有发生因政府信息公开引起的行政复议和行政诉讼的情况。",
        [("administrative_review", "total", "4", "0"), ("litigation", "total", "8", "0")],
    ),
    ("全年政府信息公开申请受理量共12件，新收11件。", [("new_received", "total", "10", "11")]),
    ("收到政府信息公开申请10件，不予公开3件，无法提供3件。", [("denied", "total", "0", "3")]),
    ("收到政府信息公开申请11件，与去年持平。", [("new_received", "total", "10", "11")]),
    ("收到政府信息公开申请11件，较上年略有下降。", [("new_received", "total", "10", "11")]),
    ("没有收到依申请公开政府信息的申请。", [("new_received", "total", "10", "0")]),
    (
        "收到申请公开政府信息10件，其中自然人、法人或其他组织申请分别为9件、1件。",
        [("new_received", "natural_person", "10", "9"), ("new_received", "organizations", "0", "1")],
    ),
    ("因政府信息公开行政复议、行政诉讼分别为4件、9件。", [("litigation", "total", "8", "9")]),
    (
        "收到政府信息公开申请10件（其中：自然人9件，法人或其他组织1件）。",
        [("new_received", "natural_person", "10", "9"), ("new_received", "organizations", "0", "1")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CONTRADICTS)
def test_a_contradiction_is_found_with_both_sides(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(stated(text)) == expected


NOTHING = [
    # other years, parts of the year, all years
    "2022年收到政府信息公开申请20件，2023年收到政府信息公开申请30件。",
    "去年，我局收到政府信息公开申请20件。",
    "上半年收到政府信息公开申请5件。",
    "2023年1月至6月，收到政府信息公开申请5件。",
    "三季度收到政府信息公开申请5件。",
    "自2008年以来，累计收到政府信息公开申请300件。",
    "累计收到政府信息公开申请300件。",
    "截至2022年12月31日收到政府信息公开申请8件。",
    "近三年未收到政府信息公开申请。",
    # other bodies, or more bodies
    "全市各级行政机关共收到政府信息公开申请5000件，其中我局收到政府信息公开申请8件。",
    "我市共收到政府信息公开申请5000件。",
    "区财政局收到政府信息公开申请8件。",
    "区财政局申请量最大，收到政府信息公开申请8件。",
    "示范市公安局收到政府信息公开申请8件，答复8件。",
    "下属单位收到政府信息公开申请50件。",
    "教育系统收到政府信息公开申请50件。",
    "依申请公开方面，市政府办公室收到申请8件，区财政局收到申请4件。",
    # other matters
    "12345热线受理诉求5000件，办结4900件，结转下年度100件。",
    "（二）依申请公开。“局长信箱”受理来信50件，办结47件，结转下年度3件。",
    "（二）依申请公开。办理人大建议和政协提案35件，答复35件。",
    "（二）依申请公开。办理行政复议案件35件，行政诉讼案件8件。",
    "（二）依申请公开。收到行政复议申请35件。",
    "办理行政复议案件35件，行政诉讼案件9件。",
    "（二）依申请公开。（三）平台建设。答复300件，办结300件。",
    "受理行政许可申请20件，行政处罚立案30件。",
    "公开行政许可信息20条，行政处罚信息30条。",
    "制定规章13件（新制定5件，修改4件，废止4件），宣布失效5件。",
    "门户网站公开信息8888条，予以公开8888条。",
    "2021年、2022年、2023年分别收到政府信息公开申请8件、9件、20件。",
    "一季度、二季度收到申请分别为8件、12件。",
    "收到政府信息公开申请数量2022年、2023年分别为8件、20件。",
    "政府信息公开申请数量、主动公开数量分别为20件。",
    # a part of the whole, or no exact number
    "通过信函未收到政府信息公开申请。",
    "未收到涉及第三方的政府信息公开申请。",
    "未受理信息公开申请1件。",
    "收到政府信息公开申请近20件。",
    "收到政府信息公开申请20余件。",
    "未发生行政复议、行政诉讼败诉案件。",
    "尚未办结的政府信息公开申请1件。",
    # figures of the tables told one by one
    "行政复议的总计一格印作0，其结果维持、结果纠正两格印作10和1。",
    "",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_may_be_about_something_else_states_nothing(text: str) -> None:
    report = stated(text)
    assert report.statements == ()
    (result,) = check_narrative(report)
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert result.reason


NOT_SURE = [
    "收到政府信息公开申请10件（上年20件），其中网上申请7件，当面申请2件，予以公开4件。",
    "收到政府信息公开申请10件（2022年为20件），同比下降50%。",
    "收到政府信息公开申请10件，较上年增加2件，其中自然人2件。",
    "收到政府信息公开申请10件，其中自然人申请8件。",
    "收到政府信息公开申请19件，其中11件办结，8件撤销。",
    "收到政府信息公开申请11件，经沟通后撤回1件。",
    "收到政府信息公开申请11件，合并处理后实际为10件。",
    "收到政府信息公开申请11件，其中市本级10件。",
    "收到政府信息公开申请11件，其中局机关3件、分局8件。",
    "全年收到政府信息公开申请10件，受理8件，办结9件。",
    "全年收到政府信息公开申请10件。经审查，受理8件。",
    "收到政府信息公开申请10件，按期答复8件。",
    "收到政府信息公开申请10件，已办结7件。",
    "收到政府信息公开申请10件，予以公开6件，不予公开3件。",
    "收到政府信息公开申请10件，其中我局受理8件。",
    "收到书面政府信息公开申请8件，收到网上政府信息公开申请2件。",
    "收到政府信息公开申请10件，部分公开0件（因保护第三方合法权益1件）。",
    "收到政府信息公开申请10件，不予公开3件（无法提供3件）。",
]


@pytest.mark.parametrize("text", NOT_SURE)
def test_two_readings_of_which_one_may_agree_make_no_contradiction(text: str) -> None:
    report = stated(text)
    assert report.statements
    assert found(report) == []


def test_a_sum_explains_a_number_unless_the_sentence_states_what_it_adds() -> None:
    values = {Key(REQUESTS, "other_miscellaneous", "total"): 1}
    assert found(stated("（二）依申请公开。不予公开1件。", values=values)) == []
    assert found(stated("（二）依申请公开。不予公开1件，其他处理1件。", values=values)) == [
        ("denied", "total", "0", "1")
    ]


@pytest.mark.parametrize(
    ("scope", "text", "expected"),
    [
        ("region", "2023年，全区各级行政机关共收到政府信息公开申请11件。", [("new_received", "total", "10", "11")]),
        ("region", "全区新收政府信息公开申请11件，办结9件。", [("new_received", "total", "10", "11")]),
        ("region", "全区教育系统收到政府信息公开申请11件。", []),
        ("region", "全市收到政府信息公开申请11件。", []),
        ("region", "全区收到政府信息公开申请11件，其中区级部门10件。", []),
        ("unknown", "全区新收政府信息公开申请11件。", []),
    ],
)
def test_a_regions_report_counts_its_region(scope: Any, text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(stated(text, agency=AGENCY, scope=scope)) == expected


def test_numbers_told_respectively_keep_their_places_in_the_text() -> None:
    (sentence,) = sentences("其中予以公开、部分公开和不予公开分别为6件、2件、1件，占比分别为6%、2%。")
    assert [clause.plain for clause in sentence.clauses[:3]] == ["其中予以公开6件", "部分公开2件", "不予公开1件"]
    assert [(clause.start, clause.end) for clause in sentence.clauses[:3]] == [(0, 21), (22, 24), (25, 27)]
    (sentence,) = sentences("予以公开、部分公开分别为6件、2件、1件。")
    assert sentence.clauses[0].plain == "予以公开、部分公开分别为6件"


def test_parts_that_fit_one_row_here_and_another_there_are_shown_against_the_likelier_one() -> None:
    values = {
        Key(REQUESTS, "new_received", "natural_person"): 285,
        Key(REQUESTS, "new_received", "commercial_enterprise"): 10,
        Key(REQUESTS, "new_received", "legal_services_organization"): 1,
        Key(REQUESTS, "new_received", "total"): 296,
        Key(REQUESTS, "carried_in", "total"): 11,
        Key(REQUESTS, "processed_total", "natural_person"): 274,
        Key(REQUESTS, "processed_total", "commercial_enterprise"): 10,
        Key(REQUESTS, "processed_total", "total"): 284,
    }
    text = "新收政府信息公开申请296件。办理295件（含上年结转11件），其中自然人申请285件，法人或其他组织申请10件。"
    report = stated(text, values=values)
    assert found(report) == [("processed_total", "total", "284", "295"), ("new_received", "organizations", "11", "10")]
    message = next(result.finding for result in check_narrative(report) if result.finding).message
    assert message.startswith("section 1 states 295 where the table prints 284: 办理295件（含上年结转11件）")


def blank_row(row: str) -> dict[Key, int | None]:
    return {key: None for key in make_report().figures if key.row == row}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param("未收到政府信息公开申请。", blank_row("new_received"), id="zero"),
        pytest.param("收到政府信息公开申请9件。", blank_row("new_received"), id="number"),
        pytest.param(
            "收到政府信息公开申请11件。", {Key(REQUESTS, "new_received", "total"): None}, id="more-than-the-parts"
        ),
        pytest.param(
            "（二）依申请公开。不予公开8件。", {Key(REQUESTS, "denied_state_secret", "total"): None}, id="group"
        ),
    ],
)
def test_a_blank_cell_contradicts_nothing(text: str, values: dict[Key, int | None]) -> None:
    report = stated(text, values=values)
    assert verdicts(report) == [Verdict.UNDECIDED]


def test_a_blank_counts_as_zero_where_the_sum_then_holds() -> None:
    report = stated(
        "（二）依申请公开。无法提供3件。", values={Key(REQUESTS, "unavailable_needs_creation", "total"): None}
    )
    assert verdicts(report) == [Verdict.HOLDS]


BLANK_TOTALS: dict[Key, int | None] = {
    Key(REQUESTS, row, "total"): None
    for row in ("granted", "partially_granted", "unavailable_not_held", "unavailable_needs_creation")
} | {
    Key(REQUESTS, "partially_granted", "natural_person"): 1,
    Key(REQUESTS, "unavailable_needs_creation", "commercial_enterprise"): 4,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("予以公开及部分公开6件。", [("disclosed", "total", "7", "6")]),
        ("予以公开及部分公开7件。", []),
        ("予以公开及部分公开8件。", []),
        ("无法提供3件。", [("unavailable", "total", "7", "3")]),
        ("本机关不掌握2件。", []),
    ],
)
def test_where_totals_are_blank_what_is_printed_is_the_least_that_they_can_be(
    text: str, expected: list[tuple[str, str, str, str]]
) -> None:
    report = stated(text, section=3, values=BLANK_TOTALS)
    assert report.statements
    assert found(report) == expected
    for result in check_narrative(report):
        assert not result.finding or "adds up to 7 already" in result.finding.message


def test_prose_that_was_recognised_from_a_picture_contradicts_nothing() -> None:
    report = stated("全年收到政府信息公开申请11件。", reader="ocr")
    assert verdicts(report) == [Verdict.UNDECIDED]


@pytest.mark.parametrize(
    ("agency", "text", "understood"),
    [
        pytest.param(STREET, "样板街道共收到政府信息公开申请10件。", True, id="a-street-without-its-office"),
        pytest.param(STREET, "我街道共收到政府信息公开申请10件。", True, id="our-street"),
        pytest.param(TOWN, "样板镇收到政府信息公开申请10件。", True, id="a-town"),
        pytest.param(TOWN, "我镇收到政府信息公开申请10件。", True, id="our-town"),
        pytest.param(AGENCY, "我区收到政府信息公开申请10件。", True, id="our-district"),
        pytest.param(AGENCY, "区政府办代表区政府受理政府信息公开申请7件。", False, id="the-government's-office"),
        pytest.param(AGENCY, "虚构区人民政府受理政府信息公开申请7件。", False, id="the-government-itself-or-all"),
        pytest.param(AGENCY, "我局受理政府信息公开申请7件。", False, id="somebody-else"),
        pytest.param(OFFICE, "市财政局受理政府信息公开申请10件。", True, id="a-name-without-its-place"),
        pytest.param(OFFICE, "我办受理政府信息公开申请10件。", True, id="we"),
    ],
)
def test_only_the_reporting_bodys_own_number_is_compared(agency: Agency, text: str, understood: bool) -> None:
    assert bool(stated(text, agency=agency).statements) is understood


def test_a_section_says_what_its_numbers_are_about() -> None:
    assert said(stated("予以公开6件，不予公开0件。", section=3)) == [
        ("granted", "total", 6, True),
        ("denied", "total", 0, True),
    ]
    assert said(stated("行政复议4件，行政诉讼4件。", section=4)) == [
        ("administrative_review", "total", 4, True),
        ("litigation_direct", "total", 4, True),
    ]
    assert said(stated("予以公开6件。", section=1)) == []


def test_plans_are_not_read() -> None:
    assert said(stated("收到政府信息公开申请99件。", section=5)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("制发行政规范性文件2件。", [("1/normative_documents", "issued")]),
        ("现行有效规范性文件2件。", [("1/normative_documents", "in_force")]),
        ("作出行政处罚决定2件。", [("6/penalties", "decisions")]),
        ("办理行政处罚案件2件。", []),
        ("废止规范性文件2件，宣布失效5件。", []),
        ("制发规范性文件2件，废止1件。", [("1/normative_documents", "issued"), ("1/normative_documents", "repealed")]),
    ],
)
def test_documents_and_decisions_are_those_of_section_two(text: str, expected: list[tuple[str, str]]) -> None:
    report = stated(text, section=2, values={key: 77 for key in make_report().figures if key.resource == PROACTIVE})
    assert report.statements
    assert {statement.resource for statement in report.statements} == {PROACTIVE}
    assert [(row, column) for row, column, *_ in found(report)] == expected


def test_a_figure_that_the_edition_of_the_form_has_not_is_not_stated() -> None:
    report = make_report(
        "2019", agency=OFFICE, sections=(Section(1, "", "废止规范性文件2件。答复依申请公开3件，逾期不补正3件。"),)
    )
    assert [statement.row for statement in read_statements(report)] == ["processed_total"]


def test_a_statement_stands_where_it_says_in_the_text() -> None:
    text = "（二）依申请公开。全年收到\u3000政府信息公开申请 １０００ 件，\n其中自然人１０件；1,000件予以公开。"
    report = stated(text)
    assert report.statements
    for statement in report.statements:
        assert text[statement.start : statement.end] == statement.text
    assert [s.text for s in stated("收到政府信息公开申请 1 0 件。").statements] == ["收到政府信息公开申请 1 0 件"]


def test_the_same_contradiction_is_found_once() -> None:
    assert len(found(stated("收到政府信息公开申请11件。\n收到政府信息公开申请11件。"))) == 1


@pytest.mark.parametrize(
    "text", ["(" * 5000, "《" * 20000, "予以公开1件，" * 5000, "共" * 50000, "1，2，" * 20000, "百十" * 999]
)
def test_hostile_prose_takes_no_time_and_states_nothing(text: str) -> None:
    assert said(stated(text, section=3)) == []


def test_two_numbers_in_the_same_words_are_not_two_counts() -> None:
    assert found(stated("全年收到政府信息公开申请10件。\n全年收到政府信息公开申请8件。")) == [
        ("new_received", "total", "10", "8")
    ]
    assert found(stated("2023年新收政府信息公开申请10件。\n全年新收申请8件。")) == [
        ("new_received", "total", "10", "8")
    ]
    assert found(stated("全年收到政府信息公开申请10件。\n共受理政府信息公开申请8件。")) == []


def test_numbers_and_lists_do_not_end_a_sentence_too_early() -> None:
    (sentence,) = sentences("1.收到12,345件（含2件）、公开3件：其中4.5%。")
    assert sentence.marked
    assert [clause.plain for clause in sentence.clauses] == ["收到12345件", "含2件", "公开3件", "其中4.5%"]
    assert [clause.nested for clause in sentence.clauses] == [False, True, False, False]


# ---------------------------------------------------------------- on disk


def packaged(folder: Path) -> Path:
    report = stated("全年收到政府信息公开申请11件，\x0b予以公开6件，不予公开3件。", agency=AGENCY)
    findings = tuple(result.finding for result in check_narrative(report) if result.finding)
    return make_package(folder, findings, sections=report.sections, statements=report.statements)


def test_statements_come_back_from_their_package(tmp_path: Path) -> None:
    package = read_package(packaged(tmp_path))
    assert [(int(s.value), s.agrees) for s in package.report.statements] == [(11, False), (6, True), (3, None)]
    assert [s.text for s in package.report.statements] == ["全年收到政府信息公开申请11件", "予以公开6件", "不予公开3件"]
    assert check_package(package.folder)[1] == []


def test_statements_come_back_from_the_catalog(tmp_path: Path) -> None:
    package = read_package(packaged(tmp_path))
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        catalog.add(package.report, package.findings, package.folder, "0")
        (again,) = catalog.reports_of(package.report.agency)
    assert again.report.statements == package.report.statements


def test_a_package_without_prose_has_a_header_alone(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    assert (folder / "statements.csv").read_text() == "section,start,end,text,resource,row,column,value,agrees\n"


BROKEN = [
    pytest.param({"start": 1}, "does not stand at that place", id="another-place"),
    pytest.param({"end": 9999}, "does not stand at that place", id="beyond-the-text"),
    pytest.param({"section": 3}, "does not stand at that place", id="another-section"),
    pytest.param({"text": "全年收到"}, "does not stand at that place", id="other-words"),
    pytest.param({"row": "gifts"}, "no figure of this package", id="no-such-row"),
    pytest.param({"column": "age"}, "no figure of this package", id="no-such-column"),
    pytest.param({"resource": REVIEWS}, "no figure of this package", id="another-table"),
    pytest.param({"agrees": True}, "is not as it says", id="agreement-that-is-none"),
    pytest.param({"value": Decimal(10)}, "is not as it says", id="contradiction-that-is-none"),
]


@pytest.mark.parametrize(("change", "problem"), BROKEN)
def test_a_strangers_statement_is_not_believed(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    report = stated("全年收到政府信息公开申请11件。", agency=AGENCY)
    statement = replace(report.statements[0], **change)  # type: ignore[arg-type]
    sections = (*report.sections, Section(3, "", "表内数字由各承办单位逐件登记后汇总，特此说明。"))
    folder = make_package(tmp_path, sections=sections, statements=(statement,))
    assert any("statements.csv: row 2" in line and problem in line for line in check_package(folder)[1])


def test_a_contradiction_that_the_findings_leave_out_is_missed(tmp_path: Path) -> None:
    report = stated("全年收到政府信息公开申请11件。", agency=AGENCY)
    folder = make_package(tmp_path, sections=report.sections, statements=report.statements)
    assert any("narrative" in line and "lacks" in line for line in check_package(folder)[1])


# ---------------------------------------------------------------- the data


def test_every_reading_is_an_address_that_the_tables_have() -> None:
    report = make_report()
    reports = [report, make_report("2019")]
    for phrase in load_grammar().phrases:
        sums = [Reading(term, "total") for terms in phrase.open for term in re.split("[+-]", terms)]
        for reading in [*(reading for readings in phrase.figures for reading in readings), *sums]:
            assert any(has_figure(report, *reading) for report in reports), reading
        if phrase.part:
            row = {REQUESTS: "granted", REVIEWS: "litigation"}[phrase.part]
            assert total_of(report, row, phrase.column).value is not None


def test_the_rule_says_that_a_report_alone_is_needed_and_how_grave_a_difference_is() -> None:
    check = CHECKS["narrative"]
    assert (check.needs, check.severities) == (Needs.REPORT, ("warning",))


def test_a_grammar_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "narrative.toml").write_text("[words]\n", encoding="utf-8")
    monkeypatch.setattr(phrases, "_PHRASES", {"narrative.toml": tmp_path / "narrative.toml"})
    load_grammar.cache_clear()
    try:
        with pytest.raises(UsageError, match=r"narrative\.toml: not a grammar"):
            load_grammar()
    finally:
        load_grammar.cache_clear()
