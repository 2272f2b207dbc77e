"""Automatic numbers stand before their paragraphs as Word prints them."""
# ruff: noqa: E501  # a case a line reads as a table

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.model import Grid, Line
from gongkai.read import read
from gongkai.read.docx.numbering import written
from tests.reports.word import cell, in_list, pack, paragraph, table


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("chineseCounting", {1: "一", 10: "十", 12: "十二", 20: "二十", 105: "一百零五", 1010: "一千零一十"}),
        ("chineseCountingThousand", {3: "三", 11: "十一", 110: "一百一十"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 23: "贰拾叁"}),
        ("ideographDigital", {1: "一", 10: "一〇"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "甲"}),
        ("ideographZodiac", {12: "亥"}),
        ("decimal", {1: "1", 0: "0"}),
        ("decimalZero", {1: "01", 10: "10"}),
        ("decimalFullWidth", {12: "１２"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedParen", {3: "⑶"}),
        ("decimalEnclosedFullstop", {2: "⒉"}),
        ("ideographEnclosedCircle", {1: "㊀"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 27: "AA"}),
        ("lowerLetter", {26: "z"}),
        ("none", {1: ""}),
        ("klingon", {7: "7"}),
        ("chineseCounting", {123456: "123456", -3: "-3"}),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, numbers: dict[int, str]) -> None:
    assert {n: written(n, form) for n in numbers} == numbers


LISTS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:suff w:val="space"/><w:lvlText w:val="%1.%3"/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/><w:lvlText w:val="%4"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="list"/></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:pStyle w:val="heading"/><mc:AlternateContent><mc:Choice><w:numFmt w:val="custom"/></mc:Choice>'
    '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num>'
)  # fmt: skip
LIST_STYLES = (
    '<w:style w:type="numbering" w:styleId="list"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="heading"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="lower"><w:basedOn w:val="heading"/></w:style>'
)
HEADING, LOWER = '<w:pStyle w:val="heading"/>', '<w:pStyle w:val="lower"/>'


@pytest.mark.parametrize(
    ("paragraphs", "printed"),
    [
        pytest.param([in_list(1), in_list(1), in_list(1, 1), in_list(1, 1), in_list(1), in_list(1, 1)], ["一、", "二、", "（一）", "（二）", "三、", "（一）"], id="levels"),
        pytest.param([in_list(1), in_list(2), in_list(2), in_list(1)], ["一、", "五、", "六、", "七、"], id="two-uses-count-on-in-one-list"),
        pytest.param([in_list(1), in_list(1, 2)], ["一、", "1.1 "], id="digits-in-a-legal-level"),
        pytest.param([in_list(1), in_list(1, 3), in_list(1), in_list(1, 3)], ["一、", "1 ", "二、", "2 "], id="a-level-that-never-begins-anew"),
        pytest.param([in_list(1, 1)], ["（一）"], id="a-level-whose-parent-was-never-used"),
        pytest.param([in_list(3)], [""], id="bullets"),
        pytest.param([in_list(4), HEADING, LOWER], ["第1条", "第2条", "第3条"], id="numbers-by-style"),
        pytest.param([HEADING + in_list(0), HEADING], ["", "第1条"], id="numbers-taken-away"),
        pytest.param([in_list(77)], [""], id="a-list-that-isn't-there"),
    ],
)  # fmt: skip
def test_automatic_numbers_stand_before_their_paragraphs(
    paragraphs: list[str], printed: list[str], tmp_path: Path
) -> None:
    body = "".join(paragraph("A", properties) for properties in paragraphs)
    blocks = read(pack(tmp_path / "file.docx", body, numbering=LISTS, styles=LIST_STYLES)).blocks
    assert [block.text for block in blocks if isinstance(block, Line)] == [f"{number}A" for number in printed]


def test_an_automatic_number_never_joins_a_figure(tmp_path: Path) -> None:
    body = table(
        [cell(paragraph("12", in_list(1))), "x"], [cell(paragraph("", in_list(1))), cell(paragraph("规章", in_list(1)))]
    )
    [grid] = read(pack(tmp_path / "file.docx", body, numbering=LISTS)).blocks
    assert isinstance(grid, Grid)
    assert [c.text for c in grid.cells] == ["12", "x", "", "三、规章"]
