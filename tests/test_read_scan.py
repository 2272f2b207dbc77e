"""Invented reports as a scanner hands them back: no figure is wrong, and what cannot be read is named."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, cycle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from opencc import OpenCC
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai.identities import identity_results
from gongkai.model import Verdict
from gongkai.read.page import Page
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.text_layer import Pictures
from gongkai.read.scan.cells import run_of_text
from gongkai.read.scan.reader import ScannedPage, merged
from tests.reports.cases import OLDER, PLAIN, SPARSE, Case
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.pdf import SONG, Drawn
from tests.reports.scan import Scanner, scanned
from tests.reports.sheets import Written
from tests.reports.typefaces import SANS, TYPEFACES, is_there
from tests.reports.typeset import Layout

TRADITIONAL = OpenCC("s2t").convert


class Scan(NamedTuple):
    """``lost``: how many figures the picture leaves open, at most, in whichever typeface."""

    case: Case
    scanner: Scanner
    lost: int = 0

    def write(self, folder: Path) -> Path:
        path = self.case.write(folder)
        path.write_bytes(scanned(path.read_bytes(), self.scanner))
        return path


SCANS = {
    "askew-and-coarse": Scan(Case(), Scanner(dpi=150, askew=1.3, noise=8, jpeg=70)),
    "blurred-2019": Scan(Case(OLDER), Scanner(askew=-0.8, blur=1.2, noise=12, jpeg=60), lost=3),
    "pale-with-slashes-and-a-wrong-text-layer": Scan(
        Case(SPARSE, Written(blanks=("/",))),
        Scanner(paper=215, ink=70, shadow=50, noise=10, hidden="一、总体情况\n12 34 56 78 90 11 281"),
    ),
    "stamped-and-turned": Scan(Case(), Scanner(turns=1, stamp=True, specks=300), lost=2),
    "small-in-low-rows": Scan(Case(layout=Layout(size=5.5, prose_size=9, padding=0.8)), Scanner(noise=5), lost=12),
    "under-a-seal-that-hides-figures": Scan(Case(), Scanner(stamp=True, covered=True), lost=25),
    "blanks-under-a-seal-that-hides-figures": Scan(Case(SPARSE), Scanner(stamp=True, covered=True), lost=25),
    "without-rules-under-a-seal-that-hides-figures": Scan(
        Case(drawn=Drawn("none")), Scanner(stamp=True, covered=True), lost=40
    ),
    "rules-across-only": Scan(Case(drawn=Drawn("horizontal")), Scanner()),
    "dashed-rules-in-noise": Scan(Case(drawn=Drawn("dashed")), Scanner(noise=10), lost=25),
    "under-a-watermark": Scan(Case(drawn=Drawn(watermark="rotated")), Scanner(noise=4), lost=20),
    "with-a-red-title-and-a-seal": Scan(Case(drawn=Drawn(red_title=True)), Scanner(stamp=True, jpeg=70), lost=1),
    "without-rules": Scan(Case(drawn=Drawn("none")), Scanner(dpi=150, noise=8, jpeg=70, askew=0.7), lost=7),
    "small-without-rules": Scan(
        Case(layout=Layout(size=6.5), drawn=Drawn("three-lines")), Scanner(dpi=150, noise=4), lost=12
    ),
    "without-rules-under-a-watermark": Scan(
        Case(layout=Layout(width=842, height=595), drawn=Drawn("three-lines", watermark="horizontal")),
        Scanner(dpi=130, blur=0.9),
        lost=25,
    ),
    "black-and-white": Scan(Case(), Scanner(dpi=150, bilevel=True), lost=5),
    "full-width-with-signs-and-units": Scan(
        Case(OLDER, Written(money="元", money_in="cell", number="full-width", change=("+", "-"))),
        Scanner(noise=4),
        lost=2,
    ),
    "traditional-with-counters": Scan(
        Case(PLAIN.written(TRADITIONAL), Written(every_label=TRADITIONAL, number="件")), Scanner(noise=4)
    ),
    "hardly-legible-without-rules": Scan(
        Case(drawn=Drawn("none")), Scanner(dpi=110, blur=0.8, noise=14, jpeg=35, askew=0.7), lost=200
    ),
    "hardly-legible-slashes": Scan(
        Case(SPARSE, Written(blanks=("/",))), Scanner(dpi=90, blur=0.6, noise=10, jpeg=35, askew=1.1), lost=137
    ),
}


def in_typefaces() -> Iterator[Any]:
    """Each scan in the project's own typeface, and in one of those of documents, by turns."""
    for (name, scan), typeface in zip(SCANS.items(), cycle(TYPEFACES)):
        for own in (SANS, typeface):
            needs = pytest.mark.skipif(not is_there(own), reason="needs the typefaces that tests/install brings")
            drawn = scan._replace(scanner=replace(scan.scanner, typeface=own))
            yield pytest.param(drawn, id=f"{name}-{own}", marks=needs)


@pytest.mark.parametrize("scan", list(in_typefaces()))
def test_a_scanned_figure_is_right_or_named_as_left_open(scan: Scan, tmp_path: Path) -> None:
    report, findings = extract(scan.write(tmp_path))
    assert wrongs(scan.case.content, report, findings) == []
    left = unread(scan.case.content, report)
    assert len(left) <= scan.lost, left
    assert {figure.reader for figure in report.figures.values()} == {"ocr"}


def test_of_digits_of_few_pixels_those_are_read_that_a_sum_confirms(tmp_path: Path) -> None:
    report, findings = extract(Scan(Case(), Scanner(dpi=100)).write(tmp_path))
    assert wrongs(PLAIN, report, findings) == []
    summed = {
        key for result in identity_results(report) if result.verdict is Verdict.HOLDS for key in chain(*result.terms)
    }
    left = {"/".join(key) for key in report.figures if key not in summed and report.figures[key].value is None}
    assert set(unread(PLAIN, report)) == left
    assert len(left) >= len(PLAIN.values) / 20


def test_tables_that_are_pictures_on_pages_of_text_are_read_where_they_stand(tmp_path: Path) -> None:
    original = Case().write(tmp_path)
    printed, _ = extract(original, "single")
    report, findings = extract(with_pictures_of_tables(original, tmp_path / "pictures.pdf"))
    assert wrongs(PLAIN, report, findings) == []
    assert unread(PLAIN, report) == []
    assert [(s.number, s.text) for s in report.sections] == [(s.number, s.text) for s in printed.sections]
    for key, figure in printed.figures.items():
        here, there = figure.box, report.figures[key].box
        assert here is not None
        assert there is not None
        assert here.page == there.page
        assert abs(here.x0 + here.x1 - there.x0 - there.x1) < 4
        assert abs(here.top + here.bottom - there.top - there.bottom) < 8


def with_pictures_of_tables(path: Path, to: Path) -> Path:
    """The plain report with its prose as text and each piece of a table as a picture."""
    canvas = Canvas(str(to), invariant=1)
    scale = 200 / 72
    with pdfium.PdfDocument(path) as pdf:
        for number, leaf in enumerate(Case().leaves()):
            picture = pdf[number].render(scale=scale).to_pil()
            canvas.setPageSize((leaf.width, leaf.height))
            for placed in leaf.texts:
                if placed.cell is None:
                    canvas.setFont(SONG, placed.size)
                    canvas.drawString(placed.x, leaf.height - placed.baseline, placed.text)
            for piece in leaf.pieces:
                x0, top = min(c.x0 for c in piece.cells) - 2, min(c.top for c in piece.cells) - 2
                x1, bottom = max(c.x1 for c in piece.cells) + 2, max(c.bottom for c in piece.cells) + 2
                data = io.BytesIO()
                picture.crop((x0 * scale, top * scale, x1 * scale, bottom * scale)).save(data, "PNG")
                canvas.drawImage(ImageReader(data), x0, leaf.height - bottom, x1 - x0, bottom - top)
            canvas.showPage()
    canvas.save()
    return to


@pytest.mark.parametrize(("words", "read"), [("政府信息公开", 6), ("会议纪要", 3)], ids=["it-is", "it-is-not"])
def test_of_pages_that_may_be_a_report_all_are_read_if_a_few_say_so(
    words: str, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def read_scanned(_pdf: pdfium.PdfDocument, index: int) -> ScannedPage:
        seen.append(index)
        page = Page(index + 1, 595, 842, [run_of_text(words, np.array((60.0, 60.0, 200.0, 72.0)))], (), ())
        return ScannedPage(page, {}, np.eye(3)[:2])

    monkeypatch.setattr("gongkai.read.scan.reader.read_scanned", read_scanned)
    numbers = range(1, 7)
    with pdfium.PdfDocument.new() as pdf:
        merged(pdf, numbers, [], Pictures(frozenset(numbers), {}, supposed=True))
    assert seen == list(range(read))
