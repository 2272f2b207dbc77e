"""What looks like a report and is none is refused in every format, with a line that says why and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.errors import NotAReport
from tests.reports.cases import Case
from tests.reports.content import make_content
from tests.reports.html import page
from tests.reports.oracle import extract
from tests.reports.pdf import SONG, Drawn
from tests.reports.scan import Scanner, scanned
from tests.reports.sheets import sheets
from tests.reports.word import pack, paragraph, table

Rows = Sequence[Sequence[str]]

TITLE = "示例市人民政府2023年政府信息公开工作年度报告"
NO_TABLES = "no readable requests table"
OTHER = "not an annual report on 政府信息公开"

BUDGET = [["项目", "预算数", "决算数"], ["基本支出", "120", "118"], ["项目支出", "45", "46"], ["合计", "165", "164"]]
PAPERS: dict[str, tuple[list[str], Rows, str]] = {
    "an-explanation": (
        [
            f"《{TITLE}》解读",
            "问：报告的主要内容是什么？",
            "答：全年收到政府信息公开申请12件，均已按期答复，比上年增加3件。" * 3,
        ],
        [],
        NO_TABLES,
    ),
    "a-cover-letter": (
        [
            "关于报送2023年政府信息公开工作年度报告的函",
            "市政府办公室：",
            "现将我局年度报告报上，请审阅。" * 4,
            "示例市水务局",
        ],
        [],
        NO_TABLES,
    ),
    "a-report-without-its-tables": (
        [
            TITLE,
            *("一、总体情况", "全年主动公开信息3000条，办理申请12件。" * 4, "二、主动公开政府信息情况", "见附表。"),
            *("三、收到和处理政府信息公开申请情况", "见附表。", "四、政府信息公开行政复议、行政诉讼情况", "见附表。"),
            *("五、存在的主要问题及改进情况", "仍需努力。", "六、其他需要报告的事项", "无。"),
        ],
        [],
        NO_TABLES,
    ),
    "a-report-on-law-and-government": (
        ["示例市2023年法治政府建设年度报告", "一、主要工作", "行政复议12件，行政诉讼3件，政务公开有序推进。" * 5],
        BUDGET,
        OTHER,
    ),
    "accounts": (
        ["示例市水务局2023年度部门决算", "一、收入支出情况", "本年收入165万元，支出164万元。" * 6],
        BUDGET,
        OTHER,
    ),
    "a-list-of-reports": (
        [f"示例市第{n}局{y}年政府信息公开工作年度报告" for n in range(1, 5) for y in (2022, 2023)],
        [],
        "",
    ),
}


def _text(folder: Path, lines: Sequence[str], rows: Rows) -> Path:
    path = folder / "paper.txt"
    path.write_text("\n".join([*lines, *("  ".join(row) for row in rows)]), encoding="utf-8")
    return path


def _web(folder: Path, lines: Sequence[str], rows: Rows) -> Path:
    cells = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    path = folder / "paper.html"
    path.write_text("".join(f"<p>{line}</p>" for line in lines) + f"<table>{cells}</table>", encoding="utf-8")
    return path


def _word(folder: Path, lines: Sequence[str], rows: Rows) -> Path:
    return pack(folder / "paper.docx", "".join(map(paragraph, lines)) + (table(*rows) if rows else ""))


def _pdf(folder: Path, lines: Sequence[str], rows: Rows) -> Path:
    path = folder / "paper.pdf"
    canvas = Canvas(str(path), invariant=1)
    canvas.setFont(SONG, 11)
    y = 800
    for line in lines:
        for start in range(0, len(line), 40):
            canvas.drawString(60, y, line[start : start + 40])
            y -= 18
    for row in rows:
        for column, text in enumerate(row):
            canvas.rect(60 + 120 * column, y - 5, 120, 18)
            canvas.drawString(66 + 120 * column, y, text)
        y -= 18
    canvas.save()
    return path


def _scan(folder: Path, lines: Sequence[str], rows: Rows) -> Path:
    path = _pdf(folder, lines, rows)
    path.write_bytes(scanned(path.read_bytes(), Scanner(dpi=150)))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(NotAReport) as refused:
        extract(path)
    said = str(refused.value)
    assert "\n" not in said
    return said


WAYS = {"text": _text, "html": _web, "docx": _word, "pdf": _pdf, "scan": _scan}


@pytest.mark.parametrize(("lines", "rows", "why"), PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("write", WAYS.values(), ids=WAYS)
def test_a_paper_that_is_no_report_is_refused(
    write: Callable[[Path, Sequence[str], Rows], Path],
    lines: Sequence[str],
    rows: Rows,
    why: str,
    tmp_path: Path,
) -> None:
    assert why in refusal(write(tmp_path, lines, rows))


@pytest.mark.parametrize("target", ["P020240120.pdf", "/att/2023年报.docx", "../a.wps"])
def test_a_page_that_only_links_the_report_names_the_link(target: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<h1>{TITLE}</h1><p>附件：<a href='{target}'>点击下载</a></p>", encoding="utf-8")
    assert f"the report is the attachment {target}; add that file instead" in refusal(path)


def test_several_reports_in_one_file_are_refused(tmp_path: Path) -> None:
    first, second = (page(content, sheets(content)) for content in (make_content(), make_content(seed=9)))
    path = tmp_path / "page.html"
    path.write_text(first + second.replace("2023", "2022"), encoding="utf-8")
    assert "several reports in one file" in refusal(path)
    path.write_text(first + first, encoding="utf-8")
    assert extract(path)[0].year == 2023


def test_what_the_readers_refuse_for_its_tables_is_read_with_them(tmp_path: Path) -> None:
    """The other side: the same words with the form's tables are a report."""
    case = Case(drawn=Drawn("none"))
    path = tmp_path / "page.html"
    path.write_text(page(case.content, sheets(case.content, case.written)), encoding="utf-8")
    for report, _ in (extract(path), extract(case.write(tmp_path))):
        assert report.agency.name == case.content.body.name
