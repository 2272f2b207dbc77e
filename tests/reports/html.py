"""A report -> a web page, as agencies' sites serve it.

In: a ``Content``, its sheets, and how the page is made. Out: a file: the report as an editor, Word or Excel exported
it, in a site's page with its menus, path and foot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from gongkai.model import RESOURCES
from tests.reports.content import NUMERALS, Content
from tests.reports.sheets import Sheet, SheetCell

STEPS = 60
"""Into how many columns the tables of a report in one table are divided."""


@dataclass(frozen=True)
class Made:
    """How a web page is made."""

    style: Literal["plain", "word", "excel", "br", "div", "unended"] = "plain"
    """Who wrote the markup; ``unended``: by hand, without end tags."""
    site: Literal["", "divs", "tables"] = "divs"
    """What lays out the page around the report."""
    title: Literal["h1", "text", "lines", "above", "apart"] = "h1"
    """``text``: as paragraphs; ``lines``: three lines; ``above``: outside the report's element; ``apart``: name and
    year in elements of their own."""
    report: Literal["flow", "cell", "rows", "parts"] = "flow"
    """Where the report stands: in an element, in one cell, in the rows of one table, or an element a section."""
    tables: Literal["plain", "nested", "framed"] = "plain"
    """``framed``: every table in a cell of its own; ``nested``: every figure in a table in its cell."""
    blocks_apart: bool = False
    """Each block of section two is a table of its own."""
    cut: tuple[tuple[str, str], ...] = ()
    """(resource, row): another table begins at this row."""
    repeat_header: bool = False
    heads: bool = False
    """Headers are ``<thead>`` and ``<th>``."""
    vertical: bool = False
    """The outermost group labels are set one character a line."""
    padded: bool = False
    """Labels and figures have line breaks, entities and spaces of all kinds around them."""
    hidden: bool = False
    """Hidden rows, cells and words with other figures."""
    links: bool = False
    """Lists of other reports beside and below."""
    foot: bool = False
    """Sentences in the page's foot, buttons and related pages below the report."""
    signature: Literal["inside", "beside"] = "inside"
    contents: bool = False
    """A contents list with links into the page."""
    metadata: bool = True
    encoding: str = "utf-8"
    declared: str | None = "utf-8"


def write_html(path: Path, content: Content, sheets: Mapping[str, Sheet], made: Made = Made()) -> Path:
    """The report as a web page."""
    path.write_bytes(page(content, sheets, made).encode(made.encoding, "xmlcharrefreplace"))
    return path


def page(content: Content, sheets: Mapping[str, Sheet], made: Made = Made()) -> str:
    """The characters of the web page."""
    return _Author(content, sheets, made).page()


@dataclass
class _Author:
    content: Content
    sheets: Mapping[str, Sheet]
    made: Made

    # ------------------------------------------------------------ the page around

    def page(self) -> str:
        report = self._report()
        if self.made.signature == "beside":
            report = f"<div>{report}</div>" + "".join(map(self._signed, self.content.signature))
        if self.made.title == "above":
            report = (
                f'<div class="article"><h2>{"".join(self.content.title)}</h2>{self._info()}<div>{report}</div></div>'
            )
        return f"<html><head>{self._head()}</head><body>{self._around(report)}</body></html>"

    def _head(self) -> str:
        title = "".join(self.content.title)
        declared = f'<meta http-equiv="Content-Type" content="text/html; charset={self.made.declared}">'
        said = (
            f"<title>{title}_{self.content.body.printed}</title>"
            f'<META NAME="ArticleTitle" CONTENT="{title}"><meta name="PubDate" content="{self._published()} 10:12:13">'
            f'<meta name="SiteName" content="{self.content.body.printed}门户网站">'
        )
        code = "<style>td{color:red}</style><script>document.write('<table><tr><td>9</td></tr></table>')</script>"
        return (declared if self.made.declared else "") + (said if self.made.metadata else "") + code

    def _published(self) -> str:
        return f"{self.content.year + 1}-01-25"

    def _info(self) -> str:
        body = self.content.body.printed
        return (
            f'<div class="info">发布时间：{self._published()}&nbsp;&nbsp;来源：{body}&nbsp;&nbsp;浏览次数：'
            '<span id="hits">2866</span>&nbsp;&nbsp;字体：[<a>大</a> <a>中</a> <a>小</a>]</div>'
        )

    def _around(self, report: str) -> str:
        if not self.made.site:
            return report
        body = self.content.body.printed
        menu = "".join(
            f'<li><a href="/{i}/">{word}</a></li>' for i, word in enumerate(("首页", "政务公开", "互动交流"))
        )
        path = '<div>当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="/nb/">政府信息公开年报</a></div>'
        years = range(self.content.year - 3, self.content.year + 3)
        others = "".join(
            f'<li><a href="/nb/{year}.html">{body}{year}年政府信息公开工作年度报告</a></li>' for year in years
        )
        others = f"<ul>{others}</ul>" if self.made.links else ""
        below = '<div>分享到： 打印本页 关闭窗口</div><p>上一篇：<a href="/1.html">关于节假日的通知</a></p>'
        foot = f"<div>主办：{body}&nbsp;&nbsp;网站标识码：9900000001&nbsp;<a href='/map'>网站地图</a></div>"
        if self.made.foot:
            foot += "<div>本网站的内容未经许可不得转载。建议使用最新版本的浏览器访问。</div>"
            foot += "<p>备案号：虚ICP备00000001号</p>"
            below += f"<h4>相关链接</h4>{others}"
        if self.made.site == "divs":
            return (
                f'<div class="header"><div>{body}门户网站</div><ul>{menu}</ul><form>搜索：<input name="q"></form></div>'
                f'{path}<div class="main"><div class=left>{others}</div><div class="zoom">{report}</div>{below}</div>'
                f"{foot}"
            )
        return (
            f"<table width=1000><tr><td colspan=2>{body}门户网站</td></tr>"
            f"<tr><td><ul>{menu}</ul></td><td>今天是1月1日</td></tr></table>"
            f"<table width=1000><tr><td width=200>{others}</td><td>{path}<table><tr><td>{report}</td></tr>"
            f"<tr><td>{below}</td></tr></table></td></tr></table><table><tr><td>{foot}</td></tr></table>"
        )

    # ------------------------------------------------------------ the report

    def _report(self) -> str:
        content = self.content
        sections: list[str] = [self._title()]
        if self.made.contents:
            sections.append(
                "".join(f'<p><a href="#s{n}">{NUMERALS[n - 1]}、{h}</a></p>' for n, h in content.headings.items())
            )
        sections[0] += "".join(map(self._prose, content.introduction))
        rows: list[str] = [self._across(sections[0])]
        tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
        for number, heading in content.headings.items():
            words = self._heading(f"{NUMERALS[number - 1]}、{heading}")
            words += "".join(map(self._prose, content.prose.get(number, ())))
            rows.append(self._across(words))
            sheet = self.sheets.get(tables.get(number, ""))
            if sheet is not None:
                rows += self._rows(_scaled(sheet), range(sheet.rows))
                words += "".join(self._framed(table) for table in self._pieces(sheet))
            sections.append(words)
        if self.made.signature == "inside":
            sections[-1] += "".join(map(self._signed, content.signature))
            rows += [self._across(self._signed(words)) for words in content.signature]
        match self.made.report:
            case "parts":
                return "".join(f"<div><div>{section}</div></div>" for section in sections)
            case "cell":
                return f"<table border=0><tbody><tr><td>{''.join(sections)}</td></tr></tbody></table>"
            case "rows":
                return f"<table border=1>{''.join(rows)}</table>"
        return "".join(sections)

    def _title(self) -> str:
        lines = self.content.title
        match self.made.title:
            case "h1":
                return f"<h1>{'<br/>'.join(lines)}</h1>{self._info()}"
            case "text":
                return "".join(f'<p align="center"><b>{line}</b></p>' for line in lines)
            case "lines":
                year, rest = lines[-1][:11], lines[-1][11:]
                return "".join(f"<div><font size=6>{line}</font></div>" for line in (*lines[:-1], year, rest))
            case "apart":
                return f"<h2>{lines[0]}</h2><h1>{''.join(lines[1:])}</h1>{self._info()}"
        return ""

    def _heading(self, words: str) -> str:
        match self.made.style:
            case "word":
                return (
                    f'<p class=MsoNormal><a name="_Toc1"><b><span style="font-family:黑体">{words}</span></b></a></p>\n'
                )
            case "excel":
                return f"<P><STRONG>{words}</STRONG></P>"
            case "br":
                return f"<b>　　{words}</b><br>\n"
            case "div":
                return f"<div><span>{words}</span></div>"
            case "unended":
                return f"<p>{words}\n"
        return f"<h3>{words}</h3>"

    def _prose(self, words: str) -> str:
        match self.made.style:
            case "word":
                # Word breaks the lines of its markup anywhere between two Chinese characters.
                broken = re.sub("(.{30})", r"\1\n", words)
                half = len(broken) // 2
                return (
                    "<p class=MsoNormal style='text-indent:32.0pt'><span\nstyle='font-size:16.0pt'>"
                    f"{broken[:half]}</span>"
                    f"<span lang=EN-US>{broken[half:]}<o:p></o:p></span></p>\n<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
                )
            case "br":
                return f"　　{words}<br><br>\n"
            case "div":
                return f"<div>&nbsp; &nbsp; {words}<div></div></div>"
            case "unended":
                return f"<p>&emsp;&emsp;{words}\n"
        return f"<p>&emsp;&emsp;{words}</p>\n"

    def _signed(self, words: str) -> str:
        return f'<p style="text-align:right">{words}</p>'

    # ------------------------------------------------------------ tables

    def _pieces(self, sheet: Sheet) -> list[str]:
        cuts = [sheet.row_of(row) for resource, row in self.made.cut if resource == sheet.resource]
        if self.made.blocks_apart:
            cuts += [cell.row for cell in sheet.cells if cell.kind == "title" and cell.row]
        starts = [0, *sorted(cuts)]
        pieces = []
        for start, end in zip(starts, [*starts[1:], sheet.rows], strict=True):
            again = range(sheet.header) if start and self.made.repeat_header else ()
            rows = self._rows(sheet, again) + self._rows(sheet, range(start, end))
            pieces.append(self._table(rows, sheet.header if not start or again else 0))
        return pieces

    def _table(self, rows: Sequence[str], header: int) -> str:
        start = '<table class="MsoTableGrid" border="1" cellspacing="0">'
        if self.made.style == "excel":
            start = "<TABLE cellSpacing=0 border=1><COL width=8 span=9>"
        if self.made.style == "unended":
            # The next table or heading ends it.
            return f"<center>{start}{''.join(rows)}</center>"
        if self.made.heads and header:
            return f"{start}<thead>{''.join(rows[:header])}</thead><tbody>{''.join(rows[header:])}</tbody></table>"
        return f"{start}<tbody>{''.join(rows)}</tbody></table>"

    def _framed(self, table: str) -> str:
        if self.made.tables == "framed":
            return f"<table><tr><td></td><td><div>{table}</div></td></tr></table>"
        return table

    def _rows(self, sheet: Sheet, rows: Sequence[int]) -> list[str]:
        made = []
        for row in rows:
            first = row == rows[0]
            own = [c for c in sheet.cells if c.row == row or (first and c.row < row < c.row + c.row_span)]
            cells = [
                self._cell(c, min(c.row + c.row_span, rows[-1] + 1) - row) for c in sorted(own, key=lambda c: c.column)
            ]
            if self.made.hidden:
                cells.insert(1, '<td style="display: none">77</td>')
            end = "" if self.made.style == "unended" else "</tr>"
            made.append(f"<tr>{''.join(cells)}{end}\n")
            if self.made.hidden and not any(c.row <= row < c.row + c.row_span - 1 for c in sheet.cells):
                made[-1] += "<tr style='display:none'><td>第二十条第（一）项</td><td>88</td></tr>"
        return made

    def _cell(self, c: SheetCell, height: int) -> str:
        name = "th" if self.made.heads and c.kind in ("header", "title") else "td"
        spans = f' rowspan="{height}"' * (height > 1) + f" colspan={c.column_span}" * (c.column_span > 1)
        text = escape(c.text)
        if self.made.vertical and c.kind == "group" and c.column == 0:
            text = "<br>".join(c.text)
        elif self.made.padded:
            text = self._padded(c)
        if self.made.hidden:
            text += '<span style="display:none">66</span><span style="visibility:hidden">5</span><!-- 9 -->'
        if self.made.tables == "nested" and c.kind == "figure":
            text = f"<table><tr><td>{text}</td></tr></table>"
        match self.made.style:
            case "word":
                span = f'<span lang=EN-US\nstyle="font-size:10.0pt">{text}</span><o:p></o:p>'
                return f"<{name} width=185 valign=center{spans}><p class=MsoNormal align=center>{span}</p></{name}>"
            case "excel":
                return f"<TD class=xl69 height=19{spans}>{text}</TD>"
            case "unended":
                return f"<{name}{spans}>{text}"
            case "div":
                return f"<{name}{spans}><div>{text}</div></{name}>"
        return f"<{name}{spans}>\n   {text}\n  </{name}>"

    def _padded(self, c: SheetCell) -> str:
        if c.kind == "figure":
            return f"&nbsp;{''.join(f'&#{ord(char)};' for char in c.text)}&ensp;<br>"
        half = len(c.text) // 2
        return f"\u200b&nbsp;{escape(c.text[:half])}<br>\n&nbsp;&nbsp;{escape(c.text[half:])}\u3000"

    def _across(self, words: str) -> str:
        return f"<tr><td colspan={STEPS}>{words}</td></tr>" if words else ""


def _scaled(sheet: Sheet) -> Sheet:
    """The sheet on sixty columns."""
    total = sum(sheet.widths)
    at = [round(sum(sheet.widths[:i]) * STEPS / total) for i in range(len(sheet.widths) + 1)]
    cells = (
        SheetCell(c.row, at[c.column], c.row_span, at[c.column + c.column_span] - at[c.column], c.text, c.kind, c.key)
        for c in sheet.cells
    )
    return Sheet(sheet.resource, tuple(cells), (1.0,) * STEPS, sheet.header)
