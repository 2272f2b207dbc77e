"""Word files that the project made itself: what is printed is read, and what is not is left out."""
# ruff: noqa: E501  # a case a line reads as a table

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from gongkai.errors import NotAReport
from gongkai.model import REQUESTS, Cell, Grid, Key, Line
from gongkai.read import read
from tests.reports import content as bodies
from tests.reports.content import Content, make_content
from tests.reports.docx import LISTS, Typed, body_of, write_docx
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.sheets import Extra, Written, ascii_punctuation, sheets, spaced
from tests.reports.word import (
    alternate_box,
    cell,
    drawing_box,
    pack,
    paragraph,
    run,
    table,
    vml_box,
)

PLAIN = make_content()
OLDER = make_content("2019", seed=2)


@dataclass(frozen=True)
class Case:
    """One report as a Word file. ``lost``: how many figures its print leaves open, at most."""

    typed: Typed = field(default_factory=Typed)
    content: Content = PLAIN
    written: Written = field(default_factory=Written)
    lost: int = 0


CUTS = ("granted", "denied_state_secret", "denied_internal_affairs", "not_processed_petition", "carried_out")
CASES: dict[str, Case] = {}
for _content in (PLAIN, OLDER):
    _form = _content.form
    CASES |= {
        f"plain-{_form}": Case(Typed(), _content),
        f"every-character-a-run-{_form}": Case(Typed(every_character=True), _content),
        f"automatic-numbers-{_form}": Case(Typed(numbered=True, labels_numbered=True), _content),
        f"noise-{_form}": Case(Typed(noise=True), _content),
        f"strict-{_form}": Case(Typed(strict=True), _content),
        f"main-part-elsewhere-{_form}": Case(Typed(main="Inhalt/Text2.xml"), _content),
        f"main-part-at-the-root-{_form}": Case(Typed(main="text.xml"), _content),
        f"dragged-borders-{_form}": Case(Typed(dragged=True), _content),
        f"no-widths-{_form}": Case(Typed(no_widths=True), _content),
        f"one-character-a-line-{_form}": Case(Typed(vertical=True), _content),
        f"everything-at-once-{_form}": Case(
            Typed(True, True, "alternate", "alternate", noise=True, every_character=True, dragged=True, strict=True),
            _content,
        ),
    }
    CASES |= {
        f"title-{t}-{_form}": Case(Typed(title=t), _content) for t in ("breaks", "vml", "drawing", "alternate", "cell")
    }
    CASES |= {
        f"tables-{t}-{_form}": Case(Typed(tables=t), _content)
        for t in ("vml", "drawing", "alternate", "nested", "control")
    }
    CASES |= {f"whole-in-{w}-{_form}": Case(Typed(whole=w), _content) for w in ("cell", "rows")}
    CASES |= {f"spans-{s}-{_form}": Case(Typed(spans=s), _content) for s in ("hMerge", "widths")}
    CASES |= {f"contents-{c}-{_form}": Case(Typed(contents=c), _content) for c in ("control", "styled")}
    for _cut in CUTS:
        for _repeat in (False, True):
            _name = f"typed-anew-before-{_cut}-{'with' if _repeat else 'without'}-header-{_form}"
            CASES[_name] = Case(Typed(cut=((REQUESTS, _cut),), repeat_header=_repeat), _content)
for _blank in ("", "/", "—", "-"):
    CASES[f"blanks-{_blank or 'empty'}"] = Case(
        content=make_content(seed=4, zeros_blank=True), written=Written(blanks=(_blank,))
    )
for _number in ("comma", "space", "full-width", "件", "宗"):
    CASES[f"number-{_number}"] = Case(content=make_content(seed=3, scale=9731), written=Written(number=_number))
for _money in ("元", "亿元"):
    for _where in ("header", "cell"):
        CASES[f"amount-{_money}-{_where}"] = Case(written=Written(money=_money, money_in=_where))
for _body in (bodies.COUNTY, bodies.DISTRICT, bodies.DEPARTMENT, bodies.TOWNSHIP, bodies.OFFICE):
    CASES[f"body-{_body.code}-{_body.level}-{len(_body.name)}"] = Case(content=make_content(body=_body, seed=5))
for _merged in ("first", "each"):
    CASES[f"group-label-{_merged}"] = Case(written=Written(merged=_merged))
for _shape in ("deep", "flat"):
    CASES[f"review-header-{_shape}"] = Case(written=Written(review_header=_shape))
CASES |= {
    "other-handling-as-one-row": Case(content=make_content(other_as_one=True, seed=6)),
    "both-forms-in-section-two": Case(content=make_content(sections_2019=("第二十条第（五）项",), seed=7)),
    "header-twice": Case(written=Written(header_twice=True)),
    "labels-with-ascii-punctuation": Case(written=Written(every_label=ascii_punctuation)),
    "labels-set-wide": Case(written=Written(every_label=spaced)),
    "signs": Case(content=OLDER, written=Written(change=("增", "减"))),
    "a-row-more": Case(written=Written(extra=(Extra("1/normative_documents", "其他主动公开文件", ("7", "8", "9")),))),
    "a-row-less": Case(content=PLAIN.without("denied_third_party")),
    "a-note-at-the-foot": Case(written=Written(notes={REQUESTS: "注：本表数据均为本机关所收到的申请。"})),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_figure_is_read_however_the_report_is_typed(case: Case, tmp_path: Path) -> None:
    path = write_docx(tmp_path / "report.docx", case.content, sheets(case.content, case.written), case.typed)
    report, findings = extract(path, "single")
    assert wrongs(case.content, report, findings) == []
    assert len(unread(case.content, report)) <= case.lost
    printed = {number: "\n".join(case.content.prose.get(number, ())) for number in range(1, 7)}
    assert {section.number: section.text for section in report.sections} == printed
    assert {section.number: section.heading for section in report.sections} == case.content.headings
    assert report.reader == "docx"


def test_the_same_report_as_word_file_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_docx(tmp_path / name, PLAIN, sheets(PLAIN), Typed()).read_bytes() for name in ("a", "b"))
    assert first == second


# ---------------------------------------------------------------- what is printed beside a figure, or in its place


FIGURE = re.compile('(<w:p>)(<w:r><w:t xml:space="preserve">([0-9]+)</w:t></w:r>)(</w:p></w:tc>)')
FIRST_OF_REQUESTS = Key(REQUESTS, "new_received", "natural_person")


def changed_body(content: Content, change: Callable[[str], str]) -> str:
    """The body of a plain Word file of a report, with the second of its tables changed."""
    parts = re.split("(<w:tbl>.*?</w:tbl>)", body_of(content, sheets(content)))
    assert change(parts[3]) != parts[3]
    return "".join((*parts[:3], change(parts[3]), *parts[4:]))


def in_row(number: int, change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    """A change of the cells of one row of a table."""

    def changed(table: str) -> str:
        rows = re.findall("<w:tr>.*?</w:tr>", table)
        cells = re.findall("<w:tc>.*?</w:tc>", rows[number])
        return table.replace(rows[number], f"<w:tr>{''.join(change(cells))}</w:tr>", 1)

    return changed


def rows_in_cells(table_xml: str) -> str:
    """The figures of each row in a table within one cell."""

    def changed(row: re.Match[str]) -> str:
        cells = re.findall("<w:tc>.*?</w:tc>", row[0])
        figures = [
            c for c in cells if FIGURE.search(c) or (c.endswith("</w:tcPr><w:p></w:p></w:tc>") and "vMerge" not in c)
        ]
        if len(figures) != 7:
            return row[0]
        rest = [c for c in cells if c not in figures]
        inner = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{''.join(figures)}</w:tr></w:tbl>"
        return f"<w:tr>{''.join(rest)}{cell(inner + paragraph(), 7)}</w:tr>"

    return re.sub("<w:tr>.*?</w:tr>", changed, table_xml)


def without_widths(table_xml: str) -> str:
    return re.sub("<w:(?:tcW|gridCol) [^>]*/>", "", table_xml)


READ_ALL_THE_SAME: dict[str, Callable[[str], str]] = {
    "rows-in-cells": lambda t: without_widths(rows_in_cells(t)),
    "each-cell-in-a-control": lambda t: re.sub(
        "(<w:tc>.*?</w:tc>)", r"<w:sdt><w:sdtPr/><w:sdtContent>\1</w:sdtContent></w:sdt>", t
    ),
    "corrected-with-marks": lambda t: FIGURE.sub(
        r'\1<w:del w:id="8"><w:r><w:delText>4</w:delText></w:r></w:del><w:ins w:id="9">\2</w:ins>\4', t
    ),
    "a-column-left-out-behind": lambda t: t.replace("<w:tr>", '<w:tr><w:trPr><w:gridAfter w:val="1"/></w:trPr>'),
    "a-column-left-out-before": lambda t: t.replace(
        "<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="1"/><w:wBefore w:w="50" w:type="dxa"/></w:trPr>'
    ),
    "widths-as-shares": lambda t: t.replace('w:type="dxa"', 'w:type="pct"'),
    "widths-by-the-program": lambda t: re.sub('w:w="[0-9]+" w:type="dxa"', 'w:w="0" w:type="auto"', t),
    "columns-of-one-width": lambda t: re.sub('<w:gridCol w:w="[0-9]+"/>', '<w:gridCol w:w="100"/>', t),
    "text-frames": lambda t: t.replace("<w:p>", '<w:p><w:pPr><w:framePr w:wrap="around" w:x="10" w:y="20"/></w:pPr>'),
    "computed": lambda t: FIGURE.sub(
        r'\1<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(LEFT) 9</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>\2<w:r><w:fldChar w:fldCharType="end"/></w:r>\4',
        t,
    ),
    "no-groups-merged": lambda t: re.sub("<w:vMerge[^>]*/>", "", t),
}
BLANKS = make_content(seed=4, zeros_blank=True)


@pytest.mark.parametrize("content", [PLAIN, OLDER, BLANKS], ids=["2021", "2019", "blanks"])
@pytest.mark.parametrize("change", READ_ALL_THE_SAME.values(), ids=READ_ALL_THE_SAME)
def test_what_word_prints_is_read(change: Callable[[str], str], content: Content, tmp_path: Path) -> None:
    report, findings = extract(pack(tmp_path / "report.docx", changed_body(content, change)))
    assert wrongs(content, report, findings) == []
    assert unread(content, report) == []


def drawn_field(code: str, more: str = "") -> str:
    """A field without a result."""
    begin, end = f'<w:fldChar w:fldCharType="begin">{more}</w:fldChar>', '<w:fldChar w:fldCharType="end"/>'
    return f"<w:r>{begin}</w:r><w:r><w:instrText>{code}</w:instrText></w:r><w:r>{end}</w:r>"


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(r'\2<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>', id="a-note-s-mark"),
        pytest.param(r"<w:r><w:rPr><w:strike/></w:rPr><w:t>9</w:t></w:r>\2", id="struck-out"),
        pytest.param(r'<w:r><w:rPr><w:dstrike w:val="1"/></w:rPr><w:t>9</w:t></w:r>\2', id="struck-out-twice"),
        pytest.param(r'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>9</w:t></w:r>\2', id="white"),
        pytest.param(r'<w:r><w:rPr><w:color w:val="ffffff"/></w:rPr><w:t>9</w:t></w:r>\2', id="white-in-small-letters"),
        pytest.param(r'<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>9</w:t></w:r>\2', id="too-small-to-read"),
        pytest.param(drawn_field("EQ \\\\o(1,2)"), id="a-field-that-draws"),
        pytest.param(
            drawn_field("", "<w:ffData><w:ddList><w:listEntry w:val='1'/></w:ddList></w:ffData>"),
            id="a-list-to-choose-from",
        ),
        pytest.param('<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="10"/></w:numPr></w:pPr>', id="numbered"),
    ],
)
def test_a_cell_that_holds_more_or_other_than_a_figure_is_left_open(inner: str, tmp_path: Path) -> None:
    body = changed_body(PLAIN, lambda table: FIGURE.sub(rf"\1{inner}\4", table, count=1))
    report, findings = extract(pack(tmp_path / "report.docx", body, numbering=LISTS))
    assert wrongs(PLAIN, report, findings) == []
    assert "/".join(FIRST_OF_REQUESTS) in unread(PLAIN, report)
    assert len(unread(PLAIN, report)) <= 7


WRONG_CELLS: dict[str, Callable[[str], str]] = {
    "a-cell-less": in_row(8, lambda cells: [*cells[:3], *cells[4:]]),
    "a-cell-more": in_row(8, lambda cells: [*cells, cells[-1]]),
    "no-spans": lambda t: without_widths(re.sub("<w:gridSpan [^>]*/>", "", t)),
    "a-deleted-cell": in_row(
        8, lambda cells: [*cells[:-1], re.sub("<w:tcPr>", '<w:tcPr><w:cellDel w:id="1"/>', cells[-1])]
    ),
}


@pytest.mark.parametrize("content", [PLAIN, OLDER, BLANKS], ids=["2021", "2019", "blanks"])
@pytest.mark.parametrize("widths", [True, False], ids=["with-widths", "without-widths"])
@pytest.mark.parametrize("change", WRONG_CELLS.values(), ids=WRONG_CELLS)
def test_no_figure_moves_where_cells_are_wrong(
    change: Callable[[str], str], widths: bool, content: Content, tmp_path: Path
) -> None:
    body = changed_body(content, change)
    try:
        report, findings = extract(pack(tmp_path / "report.docx", body if widths else without_widths(body)))
    except NotAReport:
        assert change is WRONG_CELLS["no-spans"]  # where no header stands above its figures, nothing can be read
        return
    assert wrongs(content, report, findings) == []


# ---------------------------------------------------------------- paragraphs


def lines(tmp_path: Path, body: str, **parts: str) -> list[str]:
    """The lines of a Word file with that body."""
    document = read(pack(tmp_path / "file.docx", body, **parts))  # type: ignore[arg-type]  # only parts that are text
    return [block.text for block in document.blocks if isinstance(block, Line)]


def grids(tmp_path: Path, body: str) -> list[Grid]:
    document = read(pack(tmp_path / "file.docx", body))
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    """The texts of a grid's cells, row by row, where they begin."""
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        pytest.param(paragraph("第一段") + paragraph() + paragraph(" \u3000 ") + paragraph("第二段"), ["第一段", "第二段"], id="empty-paragraphs"),
        pytest.param(paragraph("\u3000\u3000数据 的统计  期限 A B"), ["数据的统计期限A B"], id="spaces"),
        pytest.param(paragraph(inner="<w:r><w:t>共\n 12 </w:t><w:tab/><w:t>件</w:t></w:r>"), ["共12件"], id="indented-xml"),
        pytest.param(paragraph(inner="<w:hyperlink>" + run("链接") + "</w:hyperlink><w:smartTag>" + run("标记") + "</w:smartTag>"), ["链接标记"], id="wrappers"),
        pytest.param(paragraph(inner='<w:fldSimple w:instr="PAGE">' + run("7") + "</w:fldSimple>"), ["7"], id="a-fields-result"),
        pytest.param(paragraph("甲", '<w:rPr><w:del w:id="1"/></w:rPr>') + paragraph("乙"), ["甲乙"], id="a-deleted-paragraph-mark"),
        pytest.param(paragraph("甲", '<w:rPr><w:del w:id="1"/></w:rPr>'), ["甲"], id="a-deleted-mark-at-the-end"),
        pytest.param(paragraph(inner=run("隐", '<w:vanish w:val="true"/>') + run("显", '<w:vanish w:val="0"/>')), ["显"], id="hidden"),
        pytest.param(paragraph("隐", '<w:pStyle w:val="h"/>') + paragraph(inner=run("显")), ["显"], id="hidden-by-a-style-that-another-is-based-on"),
        pytest.param(paragraph(inner='<w:r><w:fldChar w:fldCharType="begin"/><w:t>没有结束</w:t></w:r>') + paragraph("下一段"), ["下一段"], id="a-field-without-an-end"),
        pytest.param("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + paragraph("单击此处输入") + "</w:sdtContent></w:sdt>" + paragraph("正文"), ["正文"], id="an-unfilled-prompt"),
        pytest.param("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + paragraph("12") + "</w:sdtContent></w:sdt>", ["12"], id="a-prompt-that-a-program-filled"),
        pytest.param(paragraph("1\u200d2\u200b3"), ["123"], id="characters-without-width"),
        pytest.param("<w:sdt><w:sdtContent><w:sdt><w:sdtContent>" + paragraph("正文") + "</w:sdtContent></w:sdt></w:sdtContent></w:sdt>", ["正文"], id="content-controls"),
        pytest.param("<w:ins>" + paragraph("新") + "</w:ins><w:del>" + paragraph("旧") + "</w:del>", ["新"], id="tracked-paragraphs"),
        pytest.param(paragraph(inner="<w:r><w:ruby><w:rt>" + run("gong") + "</w:rt><w:rubyBase>" + run("公") + "</w:rubyBase></w:ruby></w:r>"), ["公"], id="ruby"),
        pytest.param(paragraph(inner="<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>"), ["12"], id="a-number-in-an-equation"),
        pytest.param(paragraph(inner='<w:r><w:t>2023</w:t><w:noBreakHyphen/><w:t>1</w:t><w:sym w:font="Symbol" w:char="F025"/></w:r>'), ["2023-1%"], id="symbols"),
        pytest.param(paragraph("⼀、政府信息"), ["一、政府信息"], id="radicals"),
        pytest.param(paragraph("标题", "<w:numPr><w:ilvl w:val='99'/><w:numId w:val='1'/></w:numPr>"), ["标题"], id="a-level-that-no-list-has"),
    ],
)  # fmt: skip
def test_a_paragraph_says_what_is_printed_of_it(body: str, printed: list[str], tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="g"><w:basedOn w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h"><w:basedOn w:val="g"/></w:style>'
    )
    assert lines(tmp_path, body, styles=styles) == printed


def test_a_typed_line_break_parts_lines_of_one_paragraph_unless_the_next_is_indented(tmp_path: Path) -> None:
    body = paragraph(
        inner="<w:r><w:t>一、总体</w:t><w:br/><w:t>情况</w:t><w:br/><w:t xml:space='preserve'>\u3000\u3000新段</w:t></w:r>"
    )
    blocks = read(pack(tmp_path / "file.docx", body)).blocks
    assert blocks == (
        Line("一、总体", starts=True, full=True),
        Line("情况", starts=False, full=True),
        Line("新段", starts=True, full=False),
    )


def test_the_title_and_the_date_are_those_of_the_properties(tmp_path: Path) -> None:
    document = read(
        pack(tmp_path / "file.docx", paragraph("正文"), title=" 示例市 年报 ", created="2024-01-20T08:00:00Z")
    )
    assert (document.title, document.created) == ("示例市年报", date(2024, 1, 20))
    assert read(pack(tmp_path / "file.docx", paragraph("正文"), created="yesterday")).created is None


# ---------------------------------------------------------------- text boxes


@pytest.mark.parametrize(
    ("inner", "printed"),
    [
        pytest.param(vml_box(paragraph("框")) + run("文"), ["框", "文"], id="anchored-before-the-text"),
        pytest.param(run("文") + drawing_box(paragraph("框")), ["文", "框"], id="anchored-after-it"),
        pytest.param(drawing_box(paragraph("框"), 90000) + run("文"), ["文", "框"], id="set-below"),
        pytest.param(vml_box(paragraph("框"), "position:absolute;margin-top:12.5pt") + run("文"), ["文", "框"], id="set-below-in-vml"),
        pytest.param(vml_box(paragraph("框"), "margin-top:0pt") + run("文"), ["框", "文"], id="set-at-the-top-in-vml"),
        pytest.param(alternate_box(paragraph("框")), ["框"], id="one-of-two-forms"),
        pytest.param(vml_box(paragraph(inner=vml_box(paragraph("内")))), ["内"], id="a-box-in-a-box"),
        pytest.param(run("隐", "<w:vanish/>") + f"<w:r><w:rPr><w:vanish/></w:rPr>{vml_box(paragraph('框'))}</w:r>" + run("文"), ["框", "文"], id="a-run-of-its-own"),
    ],
)  # fmt: skip
def test_text_boxes_stand_where_they_are_printed(inner: str, printed: list[str], tmp_path: Path) -> None:
    assert lines(tmp_path, paragraph(inner=inner)) == printed


def test_a_table_in_a_box_comes_after_the_heading_that_it_is_anchored_in(tmp_path: Path) -> None:
    document = read(pack(tmp_path / "file.docx", paragraph(inner=drawing_box(table(["a", "1"])) + run("二、标题"))))
    assert [type(block) for block in document.blocks] == [Line, Grid]


# ---------------------------------------------------------------- tables

RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_cells_keep_their_places_and_spans(tmp_path: Path) -> None:
    body = (
        "<w:tbl><w:tblGrid/>"
        f"<w:tr>{cell('a', 2, RESTART)}{cell('b')}</w:tr>"
        f"<w:tr>{cell('hidden', 2, CONTINUE)}{cell('c', 1, CONTINUE)}</w:tr>"
        '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>' + cell("d") + "</w:tr>"
        '<w:tr><w:trPr><w:gridAfter w:val="1"/></w:trPr>' + cell("e") + cell("f") + "</w:tr></w:tbl>"
    )
    [grid] = grids(tmp_path, body)
    assert (grid.rows, grid.columns, grid.reader) == (4, 3, "docx")
    assert grid.cells == (
        Cell(0, 0, 2, 2, "a"),
        Cell(0, 2, 2, 1, "b"),
        Cell(2, 2, 1, 1, "d"),
        Cell(3, 0, 1, 1, "e"),
        Cell(3, 1, 1, 1, "f"),
    )


@pytest.mark.parametrize(
    ("inner", "text", "doubtful"),
    [
        pytest.param(paragraph("12") + paragraph("34"), "12  34", False, id="two-paragraphs-are-two-figures"),
        pytest.param(paragraph(inner="<w:r><w:t>12</w:t><w:br/><w:t>34</w:t></w:r>"), "12  34", False, id="two-lines"),
        pytest.param(paragraph(inner="<w:r><w:t>12</w:t><w:tab/><w:t>34</w:t></w:r>"), "12  34", False, id="a-tab-between"),
        pytest.param(paragraph("１２ \u3000３４"), "１２  ３４", False, id="wide-spaces-between"),
        pytest.param(table(["1", "2"]) + paragraph(), "1  2", False, id="a-table-of-two-figures"),
        pytest.param(table(["12"]) + paragraph(), "12", False, id="a-table-of-one"),
        pytest.param(paragraph("1 234"), "1 234", False, id="one-space-stands-in-a-figure"),
        pytest.param(paragraph("规") + paragraph("章"), "规章", False, id="a-label-over-two-lines"),
        pytest.param(paragraph("12") + paragraph("件"), "12件", False, id="a-counter-below"),
        pytest.param(paragraph(inner=vml_box(paragraph("12"))), "12", False, id="a-figure-in-a-text-box"),
        pytest.param(paragraph(inner="<w:r><w:drawing><a:blip/></w:drawing></w:r>"), "\ufffd", True, id="a-picture"),
        pytest.param(paragraph(inner="<w:r><w:t>1</w:t><w:sym w:font='Wingdings' w:char='F0FC'/></w:r>"), "1\ufffd", True, id="a-symbol"),
        pytest.param(paragraph(inner="<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num></m:f></m:oMath>"), "\ufffd", True, id="a-fraction"),
    ],
)  # fmt: skip
def test_what_a_cell_holds_is_never_another_figure(inner: str, text: str, doubtful: bool, tmp_path: Path) -> None:
    [grid] = grids(tmp_path, table([cell(inner), "a", "b"], ["c", "d", "e"]))
    assert grid.cells[0] == Cell(0, 0, 1, 1, text, doubtful=doubtful)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell("x")}{cell("y")}</w:tr>', id="deleted"),
        pytest.param(f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('x')}{cell('y')}</w:tr>", id="hidden"),
    ],
)
def test_rows_that_are_not_printed_are_not_read(row: str, tmp_path: Path) -> None:
    [grid] = grids(tmp_path, table(["a", "1"], ["b", "2"]).replace("</w:tbl>", f"{row}</w:tbl>"))
    assert texts(grid) == [["a", "1"], ["b", "2"]]


def test_rows_and_cells_stand_in_content_controls_as_well(tmp_path: Path) -> None:
    wrapped = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    rows = f"<w:tr>{wrapped(cell('a'))}{cell(wrapped(paragraph('1')))}</w:tr>" + wrapped(
        f"<w:tr>{cell('b')}{cell('2')}</w:tr>"
    )
    [grid] = grids(tmp_path, f"<w:tbl><w:customXml>{rows}</w:customXml></w:tbl>")
    assert texts(grid) == [["a", "1"], ["b", "2"]]


def test_a_frame_around_prose_is_no_table(tmp_path: Path) -> None:
    assert lines(tmp_path, table(["第一段"], [cell(paragraph("第二段") + paragraph("第三段"))])) == [
        "第一段",
        "第二段",
        "第三段",
    ]


def test_borders_that_nearly_meet_are_one(tmp_path: Path) -> None:
    body = table(["a", cell("b", 2)], [cell("c", 2), "d"], widths=(1000, 40, 2000))
    [grid] = grids(tmp_path, body)
    assert [(c.column, c.column_span) for c in grid.cells] == [(0, 1), (1, 1), (0, 1), (1, 1)]


def test_narrow_columns_that_hold_cells_of_their_own_stay_apart(tmp_path: Path) -> None:
    [grid] = grids(tmp_path, table(["a", "b", "c"], widths=(10, 10, 10)))
    assert [(c.column, c.column_span) for c in grid.cells] == [(0, 1), (1, 1), (2, 1)]
