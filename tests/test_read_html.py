"""Web pages that the project made itself: the report in them is read, and the page around it is left out."""

# ruff: noqa: E501  # a case a line reads as a table

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.errors import ReportError
from gongkai.form import EDITIONS, Edition
from gongkai.model import REQUESTS, Cell, Document, Grid, Key, Line, Word
from gongkai.read import read
from gongkai.read.html import reader
from gongkai.read.html import style as styles
from gongkai.system.limits import LIMITS
from tests.reports import content as bodies
from tests.reports.content import Content, make_content
from tests.reports.html import Made, page, write_html
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.sheets import Extra, Written, ascii_punctuation, sheets, spaced

PLAIN = make_content()
OLDER = make_content("2019", seed=2)


@dataclass(frozen=True)
class Case:
    """One report as a web page. ``lost``: how many figures its print leaves open, at most."""

    made: Made = field(default_factory=Made)
    content: Content = PLAIN
    written: Written = field(default_factory=Written)
    lost: int = 0


CUTS = ("granted", "denied_state_secret", "denied_internal_affairs", "not_processed_petition", "carried_out")
ENCODINGS = (
    ("gb18030", "gb2312"),
    ("gbk", None),
    ("gbk", "utf-8"),
    ("utf-8", "gbk"),
    ("utf-8", None),
    ("utf-8-sig", "gb2312"),
    ("utf-16", "utf-16"),
    ("utf-16-le", None),
    ("utf-16-be", "utf-8"),
    ("gb18030", "iso-8859-1"),
)
CASES: dict[str, Case] = {}
for _content in (PLAIN, OLDER):
    _form = _content.form
    for _style in ("plain", "word", "excel", "br", "div", "unended"):
        CASES[f"{_style}-{_form}"] = Case(Made(style=_style), _content)
        CASES[f"{_style}-in-layout-tables-{_form}"] = Case(Made(style=_style, site="tables", links=True), _content)
    for _report in ("cell", "rows", "parts"):
        CASES[f"report-in-{_report}-{_form}"] = Case(Made(report=_report), _content)
        CASES[f"report-in-{_report}-without-a-site-{_form}"] = Case(Made(report=_report, site=""), _content)
    for _tables in ("nested", "framed"):
        CASES[f"tables-{_tables}-{_form}"] = Case(Made(tables=_tables), _content)
    CASES |= {
        f"headers-marked-{_form}": Case(Made(heads=True), _content),
        f"one-character-a-line-{_form}": Case(Made(vertical=True), _content),
        f"spaces-and-entities-{_form}": Case(Made(padded=True), _content),
        f"hidden-{_form}": Case(Made(hidden=True), _content),
        f"blocks-apart-{_form}": Case(Made(blocks_apart=True), _content),
        f"everything-at-once-{_form}": Case(
            Made(
                "word",
                "tables",
                "apart",
                "parts",
                "framed",
                heads=True,
                padded=True,
                hidden=True,
                links=True,
                foot=True,
            ),
            _content,
        ),
    }
for _title in ("text", "lines", "above", "apart"):
    CASES[f"title-{_title}"] = Case(Made(title=_title, links=True))
    CASES[f"title-{_title}-unmarked"] = Case(Made(title=_title, style="br", site="", metadata=False))
for _encoding, _declared in ENCODINGS:
    CASES[f"{_encoding}-declared-{_declared}"] = Case(Made(encoding=_encoding, declared=_declared))
for _row in CUTS:
    for _again in (False, True):
        CASES[f"cut-at-{_row}{'-header-again' * _again}"] = Case(
            Made(cut=((REQUESTS, _row),), repeat_header=_again), written=Written(number="comma")
        )
CASES |= {
    "cut-often": Case(Made(cut=tuple((REQUESTS, row) for row in CUTS))),
    "links-and-foot": Case(Made(links=True, foot=True)),
    "links-and-foot-in-layout-tables": Case(Made(site="tables", links=True, foot=True)),
    "parts-with-foot": Case(Made(report="parts", links=True, foot=True)),
    "signature-beside": Case(Made(signature="beside", foot=True)),
    "contents": Case(Made(contents=True)),
    "blanks": Case(Made(style="word"), PLAIN.blank("denied_third_party", "research_institution")),
    "zeros-blank": Case(Made(style="br"), make_content(zeros_blank=True, seed=3)),
    "slashes": Case(written=Written(blanks=("/", "—", "-", "\u3000")), content=make_content(zeros_blank=True, seed=4)),
    "township": Case(content=make_content(body=bodies.TOWNSHIP)),
    "department": Case(Made(style="word"), make_content(body=bodies.DEPARTMENT)),
    "office": Case(Made(style="excel"), make_content(body=bodies.OFFICE)),
    "other-handling-as-one-row": Case(content=make_content(other_as_one=True, seed=6)),
    "both-forms-in-section-two": Case(content=make_content(sections_2019=("第二十条第（五）项",), seed=7)),
    "labels-with-ascii-punctuation": Case(written=Written(every_label=ascii_punctuation)),
    "labels-set-wide": Case(written=Written(every_label=spaced)),
    "a-row-more": Case(written=Written(extra=(Extra("1/normative_documents", "其他主动公开文件", ("7", "8", "9")),))),
    "a-note-at-the-foot": Case(written=Written(notes={REQUESTS: "注：本表数据均为本机关所收到的申请。"})),
    "a-note-in-one-table": Case(Made(report="rows"), written=Written(notes={REQUESTS: "注：本表均为本机关的数据。"})),
    "group-labels-in-each-row": Case(written=Written(merged="each")),
}
for _number in ("space", "full-width", "件"):
    CASES[f"number-{_number}"] = Case(written=Written(number=_number), content=make_content(seed=8, scale=40))
for _shape in ("deep", "flat"):
    CASES[f"review-header-{_shape}"] = Case(written=Written(review_header=_shape))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_figure_is_read_however_the_page_is_made(case: Case, tmp_path: Path) -> None:
    path = write_html(tmp_path / "report.html", case.content, sheets(case.content, case.written), case.made)
    report, findings = extract(path, "single")
    assert wrongs(case.content, report, findings) == []
    assert len(unread(case.content, report)) <= case.lost
    printed = {number: "\n".join(case.content.prose.get(number, ())) for number in range(1, 7)}
    assert {section.number: section.text for section in report.sections} == printed
    assert {section.number: section.heading for section in report.sections} == case.content.headings
    assert report.title == "".join(case.content.title)
    assert report.reader == "html"


MADE = st.builds(
    Made,
    style=st.sampled_from(("plain", "word", "excel", "br", "div", "unended")),
    site=st.sampled_from(("", "divs", "tables")),
    title=st.sampled_from(("h1", "text", "lines", "above", "apart")),
    report=st.sampled_from(("flow", "cell", "rows", "parts")),
    tables=st.sampled_from(("plain", "nested", "framed")),
    blocks_apart=st.booleans(),
    cut=st.sets(st.sampled_from(CUTS), max_size=2).map(lambda rows: tuple((REQUESTS, row) for row in sorted(rows))),
    repeat_header=st.booleans(),
    heads=st.booleans(),
    vertical=st.booleans(),
    padded=st.booleans(),
    hidden=st.booleans(),
    links=st.booleans(),
    foot=st.booleans(),
    contents=st.booleans(),
    metadata=st.booleans(),
    encoding=st.sampled_from(("utf-8", "gbk", "utf-16")),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=MADE, edition=st.sampled_from(("2021", "2019")), seed=st.integers(0, 99), blank=st.booleans())
def test_a_figure_is_right_or_left_open_whatever_the_page(
    made: Made, edition: Edition, seed: int, blank: bool, tmp_path: Path
) -> None:
    content = make_content(edition, seed=seed, zeros_blank=blank)
    path = write_html(tmp_path / "report.html", content, sheets(content), made)
    report, findings = extract(path, "single")
    assert wrongs(content, report, findings) == []


# ---------------------------------------------------------------- what befalls pages on their way


FIGURE = re.compile(r"(<td>\s*)([0-9]+)(\s*</td>)")
FIRST_OF_REQUESTS = Key(REQUESTS, "new_received", "natural_person")


def in_requests(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of the second of the form's tables alone."""

    def changed(markup: str) -> str:
        start = [m.start() for m in re.finditer('<table class="Mso', markup)][1]
        end = markup.index("</table>", start)
        return markup[:start] + change(markup[start:end]) + markup[end:]

    return changed


def beside(inner: str, style: str = "") -> Callable[[str], str]:
    """Something else in every cell of a figure, before (``{}``) or behind it; ``style`` is the page's sheet."""

    def changed(markup: str) -> str:
        markup = FIGURE.sub(lambda m: m[1] + inner.format(m[2]) + m[3], markup)
        return markup.replace("<style>td{color:red}", f"<style>{style}")

    return changed


def twice(first: str, second: str, style: str = "") -> Callable[[str], str]:
    """The report for wide screens and for narrow ones."""

    def changed(markup: str) -> str:
        start, end = markup.index('<div class="zoom">'), markup.index("<div>分享到")
        both = first.format(markup[start:end]) + second.format(markup[start:end])
        return (markup[:start] + both + markup[end:]).replace("<style>td{color:red}", f"<style>{style}")

    return changed


def rows_of_their_own(table: str) -> str:
    """The figures of each row in a table within one cell."""

    def changed(row: re.Match[str]) -> str:
        figures = re.findall(r"<td>\s*[0-9]*\s*</td>", row[1])
        if len(figures) != 7:
            return row[0]
        rest = re.sub(r"<td>\s*[0-9]*\s*</td>", "", row[1])
        return f"<tr>{rest}<td colspan=7><table><tr>{''.join(figures)}</tr></table></td></tr>"

    return re.sub(r"<tr>(.*?)</tr>", changed, table, flags=re.DOTALL)


READ_ALL_THE_SAME = {
    "spacer-columns": lambda m: m.replace("<tr>", "<tr><td width=1></td>").replace("</tr>", "<td></td></tr>"),
    "captions": lambda m: re.sub("(<table class[^>]*>)", r"\1<caption>收到和处理的申请情况表（单位：件）</caption>", m),
    "no-ink": beside("<span style='font-size:0px'>9</span>{}<i style='opacity:0'>9</i>"),
    "hardly-any-ink": beside("<span style='font-size:1px'>9</span>{}<i style='opacity:0.00'>9</i>"),
    "cut-off": beside(
        "<p style='height:0; overflow:hidden'>9</p>{}<b style='overflow:hidden;color:red;width:1px'>9</b>"
    ),
    "clipped": beside("{}<b style='position:absolute;clip:rect(0 0 0 0)'>9</b><i style='transform:scale(0)'>9</i>"),
    "with-room": beside("<b style='line-height:0;border-width:0;overflow:hidden;font-size:1em'>{}</b>"),
    "small-around-it": beside("<span style='font-size:0'><span style='font-size:14px'>{}</span></span>"),
    "off-the-screen": beside("<span style='position:absolute;left:-9999px'>9</span>{}"),
    "hidden-by-a-sheet": beside("<b class='a h'>9</b>{}", "td{color:red} .x, td .h{ display : none !important }"),
    "hidden-by-a-sheet-on-narrow-screens": beside("{}", "@media (max-width:9px){td{display:none}}@import 'x.css';"),
    "shown-again-by-a-sheet": beside("<b class=h>{}</b>", ".h{display:none}/* } */.h{display:inline}"),
    "a-sheet-that-is-none": beside("{}", "}}{{ ..{display:none} td:hover{display:none} ,{} <!-- @"),
    "for-narrow-screens-hidden-by-a-sheet": twice("{}", "<div class=m>{}</div>", ".m{display:none}"),
    "for-narrow-screens-hidden": twice("<div hidden>{}</div>", "{}"),
    "for-narrow-screens-beside": twice("{}", "<div class=m>{}</div>"),
    "for-those-without-scripts": twice("{}", "<noscript>{}</noscript>"),
    "headers-alone": lambda m: m.replace("<td", "<th").replace("</td", "</th"),
    "rows-in-cells": in_requests(rows_of_their_own),
    "forms-between-rows": lambda m: m.replace("<tr>", "<form><tr>").replace("</tr>", "</tr></form>"),
    "no-rows-begin": lambda m: m.replace("<tr>", ""),
    "digits-apart": lambda m: FIGURE.sub(lambda f: f[1] + "<!-- 3 --><wbr>&#8203;".join(f[2]) + f[3], m),
    "lines-around": beside("<p></p><p>{}</p><p>&nbsp;</p><br>"),
}
BLANKS = make_content(seed=4, zeros_blank=True)


@pytest.mark.parametrize("content", [PLAIN, OLDER, BLANKS], ids=["2021", "2019", "blanks"])
@pytest.mark.parametrize("change", READ_ALL_THE_SAME.values(), ids=READ_ALL_THE_SAME)
def test_what_a_browser_shows_is_read(change: Callable[[str], str], content: Content, tmp_path: Path) -> None:
    markup = page(content, sheets(content))
    assert change(markup) != markup
    path = tmp_path / "report.html"
    path.write_text(change(markup), encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(content, report, findings) == []
    assert unread(content, report) == []
    printed = {number: "\n".join(content.prose.get(number, ())) for number in range(1, 7)}
    assert {section.number: section.text for section in report.sections} == printed


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("{}<sup>1</sup>", id="a-note-s-mark"),
        pytest.param("<sub>1</sub>{}", id="lowered"),
        pytest.param("<del>9</del>{}", id="struck-out"),
        pytest.param("<span style='text-decoration: underline line-through red'>9</span>{}", id="struck-out-by-style"),
        pytest.param("<span style='background:red;color:#FFF'>9</span>{}", id="white"),
        pytest.param("<textarea>{}</textarea>", id="typed-into-a-form"),
        pytest.param("<select><option>{}</select>", id="chosen-in-a-form"),
        pytest.param("<svg width=20><text>{}</text></svg>", id="drawn"),
        pytest.param("<math><mn>{}</mn></math>", id="a-formula"),
        pytest.param("<canvas></canvas>", id="painted-by-a-script"),
    ],
)
def test_a_cell_that_holds_more_or_other_than_a_figure_is_left_open(inner: str, tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN))
    value = str(PLAIN.values[FIRST_OF_REQUESTS])
    path = tmp_path / "report.html"
    path.write_text(re.sub(rf"(<td>\s*){value}(\s*</td>)", rf"\1{inner.format(value)}\2", markup), encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == []
    assert "/".join(FIRST_OF_REQUESTS) in unread(PLAIN, report)
    assert len(unread(PLAIN, report)) <= 7


WRONG_SPANS = {
    "no-spans-down": lambda m: re.sub(r' rowspan="\d+"', "", m),
    "no-spans-across": lambda m: re.sub(r" colspan=\d+", "", m),
    "no-spans": lambda m: re.sub(r' (?:rowspan="\d+"|colspan=\d+)', "", m),
    "spans-down-too-long": lambda m: re.sub(r' rowspan="(\d+)"', lambda s: f' rowspan="{int(s[1]) + 1}"', m),
    "spans-across-too-long": lambda m: m.replace("colspan=5", "colspan=6"),
    "spans-across-too-short": lambda m: m.replace("colspan=5", "colspan=4"),
    "a-cell-more": in_requests(
        lambda t: t.replace("</tr>", "<td>5</td></tr>", 9).replace("<td>5</td></tr>", "</tr>", 8)
    ),
    "a-cell-less": in_requests(lambda t: t[:2000] + FIGURE.sub("", t[2000:], count=1)),
    "two-cells-as-one": in_requests(
        lambda t: re.sub(r"<td>(\s*\d+\s*)</td>\s*<td>\s*\d+\s*</td>", r"<td colspan=2>\1</td>", t, count=9)
    ),
}


def splits(parts: int) -> st.SearchStrategy[tuple[list[int], list[int]]]:
    """Two ways to divide some columns into as many cells: those of a header, and those of the rows below."""

    def cut(total: int) -> st.SearchStrategy[list[int]]:
        places = st.lists(st.integers(1, total - 1), min_size=parts - 1, max_size=parts - 1, unique=True)
        return places.map(lambda at: [b - a for a, b in pairwise([0, *sorted(at), total])])

    return st.integers(parts + 1, 2 * parts + 1).flatmap(lambda total: st.tuples(cut(total), cut(total)))


def spanning(row: str, spans: Sequence[int]) -> str:
    """A row of a page whose last cells span so many columns."""
    cells = row.split("<td")
    kept = cells[: len(cells) - len(spans)]
    last = [re.sub(r"^( rowspan=\"[0-9]+\")?( colspan=[0-9]+)?", r"\1", cell) for cell in cells[len(kept) :]]
    return "<td".join([*kept, *(f" colspan={span}{cell}" for span, cell in zip(spans, last, strict=True))])


@given(spans=splits(4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_header_and_rows_of_as_many_cells_belong_together_whatever_these_span(
    spans: tuple[list[int], list[int]], tmp_path: Path
) -> None:
    markup = page(PLAIN, sheets(PLAIN), Made(blocks_apart=True))
    rows = re.findall(r"<tr.*?</tr>", markup, re.DOTALL)
    head = next(i for i, row in enumerate(rows) if "本年制发件数" in row)
    for row, own in zip(rows[head : head + 3], (spans[0], spans[1], spans[1]), strict=True):
        markup = markup.replace(row, spanning(row, own), 1)
    path = tmp_path / "report.html"
    path.write_text(markup, encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == unread(PLAIN, report) == []


@given(spans=splits(7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_figure_moves_whatever_header_and_rows_of_applicants_span(
    spans: tuple[list[int], list[int]], tmp_path: Path
) -> None:
    def change(table: str) -> str:
        first, second, third, *body = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        (natural, *organizations, total), own = spans
        heads = (
            (first, [sum(spans[0])]),
            (second, [natural, sum(organizations), total]),
            (third, organizations),
        )
        for row, widths in (*heads, *((row, own) for row in body)):
            table = table.replace(row, spanning(row, widths), 1)
        return table

    path = tmp_path / "report.html"
    path.write_text(in_requests(change)(page(PLAIN, sheets(PLAIN))), encoding="utf-8")
    try:
        report, findings = extract(path)
    except ReportError:
        return
    assert wrongs(PLAIN, report, findings) == []


MISUSED = {
    "a-head-that-ends-within-its-spans": lambda t: re.sub(r"<tr.*?</tr>", r"<thead>\g<0></thead>", t, count=1, flags=re.DOTALL),
    "all-is-head": lambda t: re.sub(r"<tbody>(.*)</tbody>", r"<thead>\1</thead>", t, flags=re.DOTALL),
    "the-last-row-is-head": lambda t: re.sub(r"<tr(?!.*<tr).*?</tr>", r"<thead>\g<0></thead>", t, flags=re.DOTALL),
    "a-body-for-each-row": lambda t: t.replace("<tr", "<tbody><tr"),
    "a-group-that-spans-one-row-more": lambda t: t.replace('rowspan="8"', 'rowspan="9"', 1),
    "a-group-that-spans-one-row-less": lambda t: t.replace('rowspan="8"', 'rowspan="7"', 1),
    "no-spans": lambda t: re.sub(r' (?:rowspan="\d+"|colspan=\d+)', "", t),
    "a-header-s-cell-too-wide": lambda t: t.replace("colspan=5", "colspan=6"),
    "one-cell-more-in-the-header": lambda t: t.replace("</tr>", "<td></td></tr>", 3),
}  # fmt: skip


@pytest.mark.parametrize("content", [PLAIN, OLDER, BLANKS], ids=["2021", "2019", "blanks"])
@pytest.mark.parametrize("change", MISUSED.values(), ids=MISUSED)
def test_what_leaves_a_reader_of_the_page_no_doubt_leaves_none_open(
    change: Callable[[str], str], content: Content, tmp_path: Path
) -> None:
    markup = page(content, sheets(content))
    changed = in_requests(change)(markup)
    assert changed != markup
    path = tmp_path / "report.html"
    path.write_text(changed, encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(content, report, findings) == unread(content, report) == []


@pytest.mark.parametrize("content", [PLAIN, OLDER, BLANKS], ids=["2021", "2019", "blanks"])
@pytest.mark.parametrize("change", WRONG_SPANS.values(), ids=WRONG_SPANS)
def test_no_figure_moves_where_spans_are_wrong(change: Callable[[str], str], content: Content, tmp_path: Path) -> None:
    markup = page(content, sheets(content))
    assert change(markup) != markup
    path = tmp_path / "report.html"
    path.write_text(change(markup), encoding="utf-8")
    try:
        report, findings = extract(path)
    except ReportError:
        return
    assert wrongs(content, report, findings) == []


# ---------------------------------------------------------------- what is no report


def said_of(tmp_path: Path, markup: str | bytes, name: str = "page.html") -> str:
    """What the refusal of a page says."""
    path = tmp_path / name
    path.write_bytes(markup if isinstance(markup, bytes) else markup.encode())
    with pytest.raises(ReportError) as refused:
        extract(path)
    said = str(refused.value)
    assert "\n" not in said
    assert said.isprintable()
    return said


TITLE = "示例市人民政府2023年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(f"<h1>{TITLE}</h1><p>附件：<a href='./P02024.pdf'>下载</a></p>", "the report is the attachment ./P02024.pdf; add that file", id="pdf"),
        pytest.param(f"<h1>{TITLE}</h1><a href='/d?id=7'>{TITLE}.docx</a>", "the report is the attachment /d?id=7; add that file", id="docx-by-its-name"),
        pytest.param(f"<h1>{TITLE}</h1><iframe src='/v/viewer.html?file=/a/b.pdf'></iframe>", "attachment /v/viewer.html?file=/a/b.pdf", id="a-viewer"),
        pytest.param(f"<a href='1.pdf'>办事指南</a><a href='2.OFD'>{TITLE}</a>", "attachment 2.OFD", id="the-report-among-others"),
        pytest.param("<a href='x\n\x1b[0m\u202e.pdf'>年报</a>", "attachment x", id="a-hostile-name"),
        pytest.param(f"<a href='{'x' * 9999}.pdf'>年报</a>", "xxx…; add that file", id="a-long-name"),
        pytest.param("".join(f"<li><a href='{y}.pdf'>{y}年政府信息公开工作年度报告</a>" for y in range(2008, 2024)), "a list of links to 16 files (2008.pdf, …)", id="a-list-of-files"),
        pytest.param("".join(f"<li><a href='{y}.html'>示例市{y}年政府信息公开工作年度报告</a>" for y in range(2008, 2024)), "not a report but a list of links to 16 reports (2008.html, …)", id="a-list-of-pages"),
        pytest.param(f"<h1>{TITLE}解读</h1><p>全年收到申请12件，均已答复，比上年有所增加。</p>", "no readable requests table", id="an-explanation"),
        pytest.param("<h1>通知</h1><table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>", "not an annual report", id="another-page"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_report_is_refused_with_what_to_do(body: str, said: str, tmp_path: Path) -> None:
    assert said in said_of(tmp_path, f"<html><body>{body}</body></html>")


def test_a_report_that_also_links_a_file_is_read(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN)).replace("<h1>", f"<p><a href='r.pdf'>{TITLE}.pdf</a></p><h1>")
    (tmp_path / "page.htm").write_text(markup, encoding="utf-8")
    report, findings = extract(tmp_path / "page.htm")
    assert wrongs(PLAIN, report, findings) == []


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        pytest.param("只是文字", "no element in it", id="no-markup"),
        pytest.param("<html><script>go()</script></html>", "that a script fills", id="a-script-alone"),
        pytest.param("<frameset><frame src='r.files/sheet001.htm'></frameset>", "in r.files/sheet001.htm; add that file", id="frames"),
        pytest.param("From: <x>\nMIME-Version: 1.0\nContent-Type: multipart/related", "a web archive", id="an-archive"),
        pytest.param("<p>x" * (LIMITS.html_elements + 1), "more than 100000 elements", id="too-many-elements"),
        pytest.param("<p>" + "".join(f"<font color={i}>" for i in range(3000)) + "</p>" + "<p>x" * 3000, "never end", id="formatting-without-end"),
        pytest.param(b"<p>" + b"x" * LIMITS.html_bytes, "too large", id="too-large"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read_is_refused_at_once(markup: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in said_of(tmp_path, markup)


@pytest.mark.parametrize("style", ["text-decoration", "text-decoration:", "color:a(", "font: 1x", "font:", "width : "])
def test_a_style_without_end_is_looked_through_once(style: str) -> None:
    written = (style + " " * 20) * 50_000
    patterns = (styles.STRUCK, styles.COLOUR, styles.SIZE)
    assert not styles.is_not_shown(written)
    assert not any(pattern.fullmatch(written) for pattern in patterns)
    assert styles.STRUCK.search(written) is None


@pytest.mark.parametrize("tag", ["div", "font", "span", "blockquote", "table><tr><td", "ul><li"])
def test_ten_thousand_levels_hide_nothing(tag: str, tmp_path: Path) -> None:
    body = page(PLAIN, sheets(PLAIN), Made(site=""))
    path = tmp_path / "deep.html"
    path.write_text(f"<{tag}>" * 10_000 + body, encoding="utf-8")
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == []
    assert len(report.sections) == 6


def test_pictures_in_the_markup_and_characters_that_are_none_hide_nothing(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN), Made(style="word"))
    markup = markup.replace("<table", f"<img src='data:image/png;base64,{'A' * 10_500_000}'><table", 1)
    (tmp_path / "page.html").write_text(markup.replace("本年新收", "本\0年\0新收"), encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []


# ---------------------------------------------------------------- lines


def document(tmp_path: Path, markup: str) -> Document:
    path = tmp_path / "page.html"
    path.write_text(markup, encoding="utf-8")
    return read(path)


def lines(tmp_path: Path, markup: str) -> list[str]:
    return [block.text for block in document(tmp_path, markup).blocks if isinstance(block, Line)]


@pytest.mark.parametrize(
    ("markup", "printed"),
    [
        pytest.param("<p>第一段<p>第二段", ["第一段", "第二段"], id="no-end-tags"),
        pytest.param("第一段<br><br>&nbsp;第二段<div>第三段</div>第四段", ["第一段", "第二段", "第三段", "第四段"], id="text-among-blocks"),
        pytest.param("<p>\u3000\u3000政府\n  信息&nbsp;公开 A\n B&emsp;</p>", ["政府信息公开A B"], id="spaces"),
        pytest.param("<p>政<b>府</b><span>信</span>息<o:p></o:p><wbr>公&#24320;&ZeroWidthSpace;\u00ad</p>", ["政府信息公开"], id="inline"),
        pytest.param("<p>⼀、总体情况</p>", ["一、总体情况"], id="radicals"),
        pytest.param("<pre>甲\n乙</pre>", ["甲", "乙"], id="preformatted"),
        pytest.param("<p>显<span style='DISPLAY : NONE'>隐</span><i hidden>隐</i><s style='visibility:hidden'>隐</s><!--隐--></p>", ["显"], id="hidden"),
        pytest.param("<p>显<script>隐</script><style>隐</style><noscript>隐</noscript><select><option>隐</select><textarea>隐</textarea>", ["显"], id="code-and-controls"),
        pytest.param("<p>字<![if !supportLists]>1.<![endif]><!--[if gte mso 9]>隐<![endif]--></p>", ["字1."], id="conditional-comments"),
        pytest.param("<ruby>公<rp>(</rp><rt>gong</rt><rp>)</rp></ruby>", ["公"], id="ruby"),
        pytest.param("<p><img src=x>字</p>", ["字"], id="pictures"),
    ],
)  # fmt: skip
def test_a_line_says_what_is_shown(markup: str, printed: list[str], tmp_path: Path) -> None:
    assert lines(tmp_path, markup) == printed


def test_what_a_page_hides_is_read_if_its_tables_are_there(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN)).replace('<div class="zoom">', '<p>加载中</p><div style="display:none">')
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []


def test_a_line_break_ends_a_paragraph_unless_it_breaks_a_sentence(tmp_path: Path) -> None:
    markup = "<div>这是一个没有结束的长句子，它的后半句在下一行里<br>接着往下写完。<br>新的一段。<br>联系人：甲</div>"
    starts = [(block.text[:3], block.starts) for block in document(tmp_path, markup).blocks if isinstance(block, Line)]
    assert starts == [("这是一", True), ("接着往", False), ("新的一", True), ("联系人", True)]


def test_the_page_says_its_title_its_publisher_and_its_day(tmp_path: Path) -> None:
    markup = (
        "<title>年报 - 示例市</title><meta NAME=ArticleTitle content=' 年 报 '><meta name=SiteName content=示例网>"
        "<meta name=PubDate content='2024-02-30'><p>来源：示例市水务局&nbsp;浏览次数：9</p><p>发布日期：2024年1月5日</p>正文"
    )
    found = document(tmp_path, markup)
    assert found.title == "年报\n年报-示例市\n示例市水务局\n示例网"
    assert found.created == date(2024, 1, 5)
    assert found.dated == (date(2024, 1, 5),)


@pytest.mark.parametrize(
    ("markup", "days"),
    [
        pytest.param("<meta name=PubDate content='2024-01-31 10:12:13'>", [31], id="metadata"),
        pytest.param("<meta property=article:published_time content=2024-01-30T16:30:00Z>", [31], id="another-zone"),
        pytest.param("<meta itemprop=datePublished content=20240131>", [31], id="digits-alone"),
        pytest.param("<meta name=pubdate content='Wed Jan 31 10:12:00 CST 2024'>", [31], id="a-server-s-own-way"),
        pytest.param("<p>来源：示例市水务局&nbsp;发布日期：2024年1月31日 10:12 浏览次数：9</p>", [31], id="printed"),
        pytest.param("<p>[ 发布时间 ] 2024-01-31</p>", [31], id="in-brackets"),
        pytest.param("<p>时间：2024/01/31</p>", [31], id="a-short-label"),
        pytest.param("<ul><li>发布日期：</li><li>2024.1.31</li></ul>", [31], id="the-day-below-its-label"),
        pytest.param("<table><tr><td>发布机构<td>示例市水务局<tr><td>名称<td>年报<tr><td>发布日期<td>2024-01-31</table>", [31], id="a-record"),
        pytest.param("<em id=publish_time>2024年01月31日 10:12</em>", [31], id="an-element-that-means-it"),
        pytest.param("<meta name=PubDate content=2024-01-31><p>发布日期：2024-01-30</p>", [31, 30], id="two-that-differ"),
        pytest.param("<p>成文日期：2024-01-31</p><p>更新时间：2024-01-31</p><p>最新发布日期：2024-01-31</p>", [], id="other-days"),
        pytest.param("<meta name=createdate content=2024-01-31>", [], id="the-day-of-a-draft"),
        pytest.param("<p>2024-01-31</p><p>发布日期：2024-13-31</p><p>发布日期：2024-01-311</p>", [], id="no-day"),
        pytest.param("<p>一、总体情况</p><p>公开日期：2024-01-31</p>", [], id="within-the-report"),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_what_the_page_says_that_it_is(markup: str, days: list[int], tmp_path: Path) -> None:
    assert [day.day for day in document(tmp_path, f"{markup}<p>正文</p>").dated] == days


PUBLISHED = (
    "发布时间",
    "发布日期",
    "信息发布时间",
    "发稿时间",
    "公布日期",
    "公开日期",
    "公开时间",
    "上网日期",
    "日期",
    "时间",
    "發布日期",
)
OF_THE_DOCUMENT = ("成文日期", "发文日期", "生成日期", "印发日期")
ANOTHER_S = (
    "采集时间", "抓取时间", "爬取时间", "打印时间", "更新时间", "最后更新时间", "修改时间", "访问时间", "浏览时间", "下载时间", "截止日期",
    "录入时间", "入库时间", "转载时间", "审核时间", "实施日期", "废止日期", "失效日期", "最新发布时间", "最后发布日期", "当前时间", "统计时间",
)  # fmt: skip


@pytest.mark.parametrize("label", [*PUBLISHED, *OF_THE_DOCUMENT, *ANOTHER_S])
@pytest.mark.parametrize("shape", ["<p>{}：2024-01-31 10:12</p>", "<p>浏览：9 {}: 2024年1月31日</p>"])
def test_a_label_says_whose_a_day_is(label: str, shape: str, tmp_path: Path) -> None:
    found = document(tmp_path, f"{shape.format(label)}<p>正文</p>")
    assert found.dated == ((date(2024, 1, 31),) if label in PUBLISHED else ())
    assert (found.created is None) == (label in ANOTHER_S)


def test_a_crawler_s_day_beside_the_page_s_is_not_taken(tmp_path: Path) -> None:
    found = document(tmp_path, "<p>采集时间：2024-06-01 08:00 发布时间：2024-01-31</p><p>正文</p>")
    assert (found.dated, found.created) == ((date(2024, 1, 31),), date(2024, 1, 31))


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_that_was_cut_costs_no_other(encoding: str, cut: int) -> None:
    text = "<p>示例市人民政府政府信息公开工作年度报告</p>" * 9
    data = text.encode(encoding)
    damaged = data[:100] + data[100 + cut :]
    assert reader.decoded(damaged).count("示例市人民政府政府信息公开工作年度报告") == 8


# ---------------------------------------------------------------- tables


def grids(tmp_path: Path, markup: str) -> list[Grid]:
    return [block for block in document(tmp_path, markup).blocks if isinstance(block, Grid)]


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        pytest.param("<tr><td>a<td>1<tr><td>b<td>2", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "1"), (1, 0, 1, 1, "b"), (1, 1, 1, 1, "2")], id="no-end-tags"),
        pytest.param("<tr><td rowspan=2>a<td>1<tr><td>2", [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "1"), (1, 1, 1, 1, "2")], id="a-span-moves-the-cells-below"),
        pytest.param("<tr><td rowspan=0>a<td>1<tr><td>2", [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "1"), (1, 1, 1, 1, "2")], id="all-rows-that-follow"),
        pytest.param("<tr><td rowspan=99>a<td colspan=2>1<tr><td>2<td>3", [(0, 0, 2, 1, "a"), (0, 1, 1, 2, "1"), (1, 1, 1, 1, "2"), (1, 2, 1, 1, "3")], id="a-span-ends-with-the-table"),
        pytest.param("<thead><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>1", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "1")], id="a-span-ends-with-its-section"),
        pytest.param("<tfoot><tr><td>z<td>9<tbody><tr><td>a<td>1", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "1"), (1, 0, 1, 1, "z"), (1, 1, 1, 1, "9")], id="the-foot-comes-last"),
        pytest.param("<tr><td>a<td rowspan=2>b<td>1<tr><td colspan=3>c<td>2", [(0, 0, 1, 1, "a"), (0, 1, 2, 1, "b"), (0, 2, 1, 1, "1"), (1, 0, 1, 1, "c"), (1, 2, 1, 1, "2")], id="cells-never-overlap"),
        pytest.param("<tr><td>a<td>1<tr style='display:none'><td>x<td>7<tr><td>b<td style='display:none'>8<td>2<tr height=0><td><td>", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "1"), (1, 0, 1, 1, "b"), (1, 1, 1, 1, "2")], id="hidden-rows-and-cells"),
        pytest.param("<tr><td>a<td><tr><td>b<td style='visibility:hidden'>7<tr><td>c<td>1", [(0, 0, 1, 1, "a"), (0, 1, 1, 1, ""), (1, 0, 1, 1, "b"), (1, 1, 1, 1, ""), (2, 0, 1, 1, "c"), (2, 1, 1, 1, "1")], id="blank-and-invisible-cells-stay"),
        pytest.param("<tr><td colspan=x rowspan=-1>a<td colspan='2.5'>1", [(0, 0, 1, 1, "a"), (0, 1, 1, 2, "1")], id="spans-that-are-no-numbers"),
    ],
)  # fmt: skip
def test_cells_stand_where_html_puts_them(
    rows: str, cells: list[tuple[int, int, int, int, str]], tmp_path: Path
) -> None:
    [grid] = grids(tmp_path, f"<table>{rows}</table>")
    assert grid.cells == tuple(Cell(*cell) for cell in cells)
    assert grid.reader == "html"


@pytest.mark.parametrize(
    ("inner", "text", "doubtful"),
    [
        pytest.param("12<br>34", "12  34", False, id="two-lines-are-two-figures"),
        pytest.param("<p>12</p><p>34</p>", "12  34", False, id="two-paragraphs"),
        pytest.param("12&nbsp;&nbsp;34", "12  34", False, id="a-wide-gap"),
        pytest.param("1\n  234", "1 234", False, id="one-space-stands-in-a-figure"),
        pytest.param("12<br>&nbsp;<br>件", "12件", False, id="a-counter-below"),
        pytest.param("<table><tr><td>12</td></tr></table>", "12", False, id="a-table-of-one"),
        pytest.param("<input value=12><input type=hidden value=9>", "12", False, id="typed-into-a-form"),
        pytest.param("<img src=5.gif>", "\ufffd", True, id="a-picture"),
        pytest.param("<img src=5.gif width=1>", "", False, id="a-spacer"),
    ],
)
def test_what_a_cell_holds_is_never_another_figure(inner: str, text: str, doubtful: bool, tmp_path: Path) -> None:
    [grid] = grids(tmp_path, f"<table><tr><td>a<td>{inner}<td>1<tr><td>b<td>2<td>3</table>")
    assert grid.cells[1] == Cell(0, 1, 1, 1, text, doubtful=doubtful)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<table><tr><td>第一段。</td></tr><tr><td>第二段。</td></tr></table>", id="a-frame"),
        pytest.param("<table><tr><td>第一段。</td><td>第二段。</td></tr></table>", id="two-columns"),
        pytest.param("<table><tr><td><table><tr><td>第一段。</table><td>第二段。</table>", id="tables-in-tables"),
    ],
)
def test_a_table_that_lays_out_prose_is_none(markup: str, tmp_path: Path) -> None:
    assert document(tmp_path, markup).blocks == tuple(
        Line(text, (Word(text, 0.0, 0.0),), starts=True) for text in ("第一段。", "第二段。")
    )


def test_a_signature_that_a_table_sets_to_the_right_is_none(tmp_path: Path) -> None:
    markup = "<table><tr><td>&nbsp;<td>示例市水务局<tr><td>&nbsp;<td>2024年1月20日</table>"
    assert lines(tmp_path, markup) == ["示例市水务局", "2024年1月20日"]


def misread(content: Content, path: Path) -> list[str]:
    """What is wrong with the reading of a file; nothing where it is refused."""
    try:
        report, findings = extract(path)
    except ReportError:
        return []
    return wrongs(content, report, findings)


def test_a_header_in_a_table_of_its_own_heads_the_table_below(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN))
    parted, times = re.subn(r"(</tr>\s*)(<tr><td[^>]*>\s*(?:规章|一、本年新收))", r"\1</table><div><table>\2", markup)
    assert times == 2
    (tmp_path / "page.html").write_text(parted, encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []
    assert unread(PLAIN, report) == []


def test_tables_of_the_same_form_in_another_section_are_not_the_report_s(tmp_path: Path) -> None:
    annex = re.findall("<table.*?</table>", page(make_content(seed=9), sheets(make_content(seed=9))), re.DOTALL)
    markup = page(PLAIN, sheets(PLAIN)).replace("<h3>六", f"<p>附：上一年的数据</p>{''.join(annex)}<h3>六")
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []
    assert unread(PLAIN, report) == []


@pytest.mark.parametrize("both", ["{0}<p>上年</p>{1}", "<p>上年</p>{1}<p>本年</p>{0}"], ids=["after", "before"])
@pytest.mark.parametrize("form", EDITIONS)
def test_of_two_tables_in_one_section_neither_is_taken_for_the_other(both: str, form: Edition, tmp_path: Path) -> None:
    content, older = make_content(form), make_content(form, seed=9)
    others = iter(re.findall("<table.*?</table>", page(older, sheets(older)), re.DOTALL))
    markup = page(content, sheets(content))
    markup = re.sub("<table.*?</table>", lambda table: both.format(table[0], next(others)), markup, flags=re.DOTALL)
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    assert misread(content, tmp_path / "page.html") == []


def test_rows_without_cells_hide_no_raggedness(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN)).replace("</tr>\n", "</tr><tr></tr>\n")
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    try:
        report, findings = extract(tmp_path / "page.html")
    except ReportError:
        return
    assert wrongs(PLAIN, report, findings) == []


def test_a_table_whose_spans_are_cut_with_it_is_never_misread(tmp_path: Path) -> None:
    markup = page(PLAIN, sheets(PLAIN))
    cut, times = re.subn(r"<tr>(?=<td[^>]*>\s*4\.保护第三方)", "</table><table><tr>", markup)
    assert times == 1
    (tmp_path / "page.html").write_text(cut, encoding="utf-8")
    assert misread(PLAIN, tmp_path / "page.html") == []


def test_a_table_that_is_wider_or_longer_than_any_is_text(tmp_path: Path) -> None:
    assert grids(tmp_path, f"<table><tr>{'<td>1' * 301}</table>") == []
    assert grids(tmp_path, f"<table>{'<tr><td>a<td>1' * 2001}</table>") == []
    rows = f"<tr><td>a<td colspan=99999>1{'<tr><td>a<td rowspan=99999>1' * 8}"
    [grid] = grids(tmp_path, f"<table><colgroup><col width=9></colgroup>{rows}</table>")
    assert grid.columns == 300
    [grid] = grids(tmp_path, f"<table>{rows}</table>")
    assert grid.columns == 9  # the others have no width
    assert max(cell.row + cell.row_span for cell in grid.cells) == grid.rows == 9


@pytest.mark.parametrize(
    ("pattern", "becomes", "lost"),
    [
        pytest.param('rowspan="22"', 'rowspan="21"', (), id="a-span-too-short"),
        pytest.param('rowspan="22"', 'rowspan="30"', (), id="a-span-too-long"),
        pytest.param(
            r"(4\.保护第三方合法权益\s*</td>)<td>\s*[0-9]+\s*</td>", r"\1", ("denied_third_party",), id="no-cell"
        ),
    ],
)
def test_rows_that_end_elsewhere_than_the_rows_around_them_are_left_open_unless_they_have_all_figures(
    pattern: str, becomes: str, lost: tuple[str, ...], tmp_path: Path
) -> None:
    markup, times = re.subn(pattern, becomes, page(PLAIN, sheets(PLAIN)))
    assert times == 1
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []
    assert {name.split("/")[1] for name in unread(PLAIN, report)} == set(lost)


@pytest.mark.parametrize(
    "gone",
    [
        pytest.param("</tbody></table>", id="tables"),
        pytest.param(r"</td>\s*</tr>\s*</tbody></table>", id="cells-and-tables"),
        pytest.param("</(?:td|tr|tbody|p|li|div|span|b)>", id="all-but-tables"),
    ],
)
def test_the_report_is_whole_without_end_tags(gone: str, tmp_path: Path) -> None:
    markup, times = re.subn(gone, "", page(PLAIN, sheets(PLAIN)))
    assert times >= 3
    (tmp_path / "page.html").write_text(markup, encoding="utf-8")
    report, findings = extract(tmp_path / "page.html")
    assert wrongs(PLAIN, report, findings) == []
    assert unread(PLAIN, report) == []
    printed = {number: "\n".join(PLAIN.prose.get(number, ())) for number in range(1, 7)}
    assert {section.number: section.text for section in report.sections} == printed


def test_a_table_that_files_the_page_is_no_part_of_the_report(tmp_path: Path) -> None:
    filed = (
        "<table><tr><td>索 引 号<td>0140001/2024-00012<td>发布机构<td>示例市水务局<tr><td>名称<td>"
        f"{TITLE}<td>发文日期<td>2024-01-25</table>"
    )
    found = document(tmp_path, page(PLAIN, sheets(PLAIN), Made(metadata=False)).replace("<h1>", f"{filed}<h1>"))
    assert [block.text for block in found.blocks[:2] if isinstance(block, Line)] == list(PLAIN.title)
    assert (found.title, found.created) == ("示例市水务局\n政务公开>互动交流", date(2024, 1, 25))


@pytest.mark.parametrize(
    "path",
    [
        "<div>当前位置：<a href=/>首页</a> &gt; <a href=/a>县统计局</a> &gt; <a href=/b>2023年</a></div>",
        "<ul><li>您的位置：</li><li><a href=/>首页</a></li><li>&gt;</li><li><a href=/a>县统计局</a></li></ul>",
        "<p><a href=/>首页</a>/<a href=/a>县统计局</a></p>",
        "<p><a href=/>首页</a>»<a href=/a>县统计局</a></p>",
    ],
)
def test_the_path_of_a_page_tells_whose_it_is_and_no_year(path: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<title>年度报告</title><body>{path}<h1>2023年政府信息公开工作年度报告</h1><p>我局。</p>")
    assert reader.read_html(file).title == "年度报告\n县统计局"
