"""PDFs that say something else than they show, or show it otherwise than a page does: the report in them is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.errors import UnreadableFile
from gongkai.model import PROACTIVE, REQUESTS
from gongkai.read.page import Char, Page, Rule
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.read.two_up import gutter, split_sheets
from tests.reports.cases import OLDER, PLAIN, Case
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.pdf import Drawn
from tests.reports.scan import Scanner, scanned
from tests.reports.typeset import Layout
from tests.reports.unmapped import write_unmapped


def two_up(path: Path, *, smaller: bool) -> Path:
    """The file with two of its pages on each sheet: a sheet as broad as both, or one of a page's size."""
    with pdfium.PdfDocument(path) as pdf:
        width, height = pdf[0].get_size()
        size = (height, width) if smaller else (2 * width, height)
        sheets = pdfium.PdfDocument(pdfium_c.FPDF_ImportNPagesToOne(pdf.raw, *size, 2, 1))
        sheets.save(path)
        sheets.close()
    return path


CASES = {
    "ruled": Case(),
    "ruled-2019": Case(OLDER),
    "without-rules": Case(drawn=Drawn("none")),
    "tables-over-pages": Case(layout=Layout(breaks=((REQUESTS, "denied_third_party"), (PROACTIVE, 5)))),
}


@pytest.mark.parametrize("smaller", [False, True], ids=["as-broad-as-both", "made-smaller"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_two_pages_on_a_sheet_are_read_as_each_alone(case: Case, smaller: bool, tmp_path: Path) -> None:
    alone, _ = extract(case.write(tmp_path), "single")
    path = two_up(case.write(tmp_path), smaller=smaller)
    for readings in ("single", "double"):
        report, findings = extract(path, readings)
        assert wrongs(case.content, report, findings) == []
        assert unread(case.content, report) == []
        assert [section.text for section in report.sections] == [section.text for section in alone.sections]
    with pdfium.PdfDocument(path) as pdf:
        sheet, _ = pdf[0].get_size()
        sides = {figure.box.x0 < sheet / 2 for figure in report.figures.values() if figure.box}
    assert sides == {False, True}


def test_two_pages_on_a_scanned_sheet_are_read_as_well(tmp_path: Path) -> None:
    path = two_up(Case().write(tmp_path), smaller=False)
    path.write_bytes(scanned(path.read_bytes(), Scanner(noise=8, askew=0.5)))
    report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == []
    assert len(unread(PLAIN, report)) <= 2


WORDS = "政府信息公开工作的情况如下。"


def sheet(left: str, right: str, rules: tuple[Rule, ...] = (), apart: float = 60.0) -> Page:
    """A broad sheet with so many lines of text on each side, 60 points apart in its middle."""
    starts = (40.0, 421 + apart / 2)
    chars = [
        Char(c, x0 + 11 * i, 80.0 + 20 * row, x0 + 11 * i + 11, 92.0 + 20 * row, 90.0 + 20 * row)
        for x0, text in zip(starts, (left, right), strict=True)
        for row in range(12)
        for i, c in enumerate(text)
    ]
    return Page(1, 842, 595, chars, rules, ())


ONE_PAGE = {
    "a-line-crosses-the-middle": sheet(WORDS * 4, WORDS),
    "a-rule-crosses-the-middle": sheet(WORDS, WORDS, (Rule(300, 40, 800),)),
    "a-table-s-headers-on-the-right": sheet(WORDS, "商业企业科研机构社会公益组织"),
    "figures-on-the-right": sheet(WORDS, "12 7 0 0 0"),
    "nothing-on-the-right": sheet(WORDS, ""),
    "as-high-as-broad": Page(1, 595, 842, sheet(WORDS, WORDS).chars, (), ()),
    "empty": Page(1, 842, 595, (), (), ()),
}


@pytest.mark.parametrize("page", ONE_PAGE.values(), ids=ONE_PAGE)
def test_a_page_is_one_where(page: Page) -> None:
    assert split_sheets([page]) == [page]


def test_what_is_parted_keeps_its_place_on_the_sheet() -> None:
    whole = sheet(WORDS, WORDS, (Rule(300, 40, 200), Rule(300, 470, 800)))
    left, right = split_sheets([whole])
    assert 40 + 11 * len(WORDS) <= (gutter(whole) or 0) <= 451
    assert len(left.chars) + len(right.chars) == len(whole.chars)
    assert right.horizontals[0].end + right.left == 800
    assert right.box(0, 0, 10, 10).x0 == right.left
    assert whole.box(5, 5, 10, 10) == left.box(5, 5, 10, 10)


def test_the_last_sheet_may_hold_one_page() -> None:
    pages = split_sheets([sheet(WORDS, WORDS), sheet(WORDS, "（完）")])
    assert len(pages) == 4


WRITTEN: dict[str, Callable[[Path], Path]] = {
    "fonts-that-map-to-nothing": lambda path: write_unmapped(path, Case().leaves()),
    "forbidden-to-print": lambda path: Case(drawn=Drawn(locked="owner")).write(path.parent),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_every_figure_is_read_whatever_the_file(write: Callable[[Path], Path], tmp_path: Path) -> None:
    report, findings = extract(write(tmp_path / "report.pdf"))
    assert wrongs(PLAIN, report, findings) == []
    assert unread(PLAIN, report) == []


def test_a_password_that_is_asked_for_is_to_be_removed(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="encrypted with a password; save it without one"):
        extract(Case(drawn=Drawn(locked="user")).write(tmp_path))
