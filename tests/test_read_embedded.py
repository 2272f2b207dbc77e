"""A Word file whose text is other files that Word embeds (altChunk) is read as if it were typed there."""

from collections.abc import Callable
from dataclasses import replace
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from gongkai.errors import UnreadableFile
from gongkai.model import Grid, Line
from gongkai.read import read
from gongkai.system.limits import LIMITS, Limits, in_force
from tests.reports.content import make_content
from tests.reports.docx import Typed, write_docx
from tests.reports.html import Made, page
from tests.reports.oracle import extract, wrongs
from tests.reports.sheets import sheets
from tests.reports.word import embed, pack, paragraph, table

CONTENT = make_content("2021")
SHEETS = sheets(CONTENT)


def as_page(_: Path) -> bytes:
    return page(CONTENT, SHEETS, Made(site="")).encode()


def as_page_of_word(_: Path) -> bytes:
    return page(CONTENT, SHEETS, Made(style="word", site="", encoding="gbk")).encode("gbk", "xmlcharrefreplace")


def as_archive(_: Path) -> bytes:
    archive = MIMEMultipart("related")
    archive.attach(MIMEText(page(CONTENT, SHEETS, Made(site="")), "html", "utf-8"))
    return archive.as_bytes()


def as_word_file(folder: Path) -> bytes:
    return write_docx(folder / "inner.docx", CONTENT, SHEETS, Typed(numbered=True)).read_bytes()


@pytest.mark.parametrize("write", [as_page, as_page_of_word, as_archive, as_word_file], ids=lambda w: w.__name__)
def test_a_report_that_is_embedded_is_read_as_one_that_is_typed(write: Callable[[Path], bytes], tmp_path: Path) -> None:
    report, findings = extract(embed(tmp_path / "report.docx", write(tmp_path)))
    assert wrongs(CONTENT, report, findings) == []
    assert {figure.reader for figure in report.figures.values()} == {"docx"}
    assert len(report.sections) == 6


def blocks(path: Path) -> list[str]:
    found = read(path).blocks
    return [block.text if isinstance(block, Line) else "|".join(cell.text for cell in block.cells) for block in found]


def test_what_is_embedded_stands_where_it_is_embedded(tmp_path: Path) -> None:
    body = paragraph("前") + "{}" + paragraph("后")
    markup = "<p>正文一<table><tr><td>a<td>1<tr><td>b<td>2</table>"
    inner = pack(tmp_path / "inner.docx", paragraph("正文二") + table(["c", "3"], ["d", "4"])).read_bytes()
    path = embed(tmp_path / "file.docx", markup, inner, "正文三\n正文四", body=body)
    assert blocks(path) == ["前", "正文一", "a|1|b|2", "正文二", "c|3|d|4", "正文三", "正文四", "后"]
    assert {block.reader for block in read(path).blocks if isinstance(block, Grid)} == {"docx"}


def test_in_a_cell_it_stands_in_the_cell(tmp_path: Path) -> None:
    typed = table(["a", "1"], ["b", "2"])
    body = typed.replace(paragraph("2"), paragraph() + "{}")
    assert body != typed
    assert blocks(embed(tmp_path / "file.docx", "<p>20", body=body)) == ["a|1|b|20"]


def nested(folder: Path, depth: int) -> bytes:
    data: bytes = pack(folder / "0.docx", paragraph("底")).read_bytes()
    for number in range(1, depth + 1):
        data = embed(folder / f"{number}.docx", data).read_bytes()
    return data


def test_word_files_in_word_files_are_read_to_a_depth(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    path.write_bytes(nested(tmp_path, LIMITS.embedded_depth))
    assert blocks(path) == ["底"]
    path.write_bytes(nested(tmp_path, LIMITS.embedded_depth + 1))
    with pytest.raises(UnreadableFile, match="embed each other"):
        read(path)


@pytest.mark.parametrize(
    ("parts", "mode", "limits", "told"),
    [
        pytest.param(("<p>x",), "External", LIMITS, "not in it", id="elsewhere"),
        pytest.param((r"{\rtf1 x}",), "Internal", LIMITS, "RTF", id="rich-text"),
        pytest.param((b"PK\x03\x04",), "Internal", LIMITS, "damaged", id="a-broken-zip"),
        pytest.param(("<p>x",) * 3, "Internal", replace(LIMITS, embedded_parts=2), "more than 2 embedded", id="many"),
        pytest.param(
            ("<p>x" + " " * 9000,) * 9, "Internal", replace(LIMITS, zip_bytes=50_000), "too large", id="large-together"
        ),
        pytest.param(("<p>x",) * 9, "Internal", replace(LIMITS, zip_members=9), "more than 9 files", id="a-long-list"),
    ],
)
def test_what_cannot_be_read_of_it_costs_one_clear_line(
    parts: tuple[str | bytes, ...], mode: str, limits: Limits, told: str, tmp_path: Path
) -> None:
    with in_force(limits), pytest.raises(UnreadableFile, match=told):
        read(embed(tmp_path / "file.docx", *parts, mode=mode))
