"""Figures that a PDF draws otherwise than as upright characters are named as open, and true blanks stay blanks."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from gongkai.model import REQUESTS, Box, Cell, Grid, Key, Line
from gongkai.read.page import UNDECODABLE
from gongkai.read.pdf.non_text_ink import with_non_text_ink
from gongkai.read.pdf.pdfium import pdfium
from tests.reports import pdf
from tests.reports.cases import PLAIN, SPARSE, Case
from tests.reports.oracle import extract, is_named, wrongs
from tests.reports.pdf import Drawn
from tests.reports.typeset import Leaf, Placed

FIGURE = Key(REQUESTS, "granted", "total")


def sideways(canvas: Any, placed: Placed) -> None:
    canvas.saveState()
    canvas.translate(placed.x + 6, -placed.baseline - 2)
    canvas.rotate(90)
    canvas.drawString(0, 0, placed.text)
    canvas.restoreState()


def as_picture(canvas: Any, placed: Placed) -> None:
    content = io.BytesIO()
    Image.new("L", (12, 20), 0).save(content, "PNG")
    content.seek(0)
    canvas.drawImage(ImageReader(content), placed.x, -placed.baseline, 4, 7)


def as_outline(canvas: Any, placed: Placed) -> None:
    path = canvas.beginPath()
    for inset in (0.0, 1.0):
        path.rect(placed.x + inset, -placed.baseline + inset, 5 - 2 * inset, 7 - 2 * inset)
    canvas.drawPath(path, stroke=0, fill=1)


DRAWN: dict[str, Callable[[Any, Placed], None]] = {
    "sideways": sideways,
    "as-a-picture": as_picture,
    "as-an-outline": as_outline,
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_figure_that_is_drawn_otherwise_is_named(
    draw: Callable[[Any, Placed], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = str(PLAIN.values[FIGURE])
    strings = pdf._strings

    def strings_but_one(canvas: Any, leaf: Leaf, drawn: Drawn) -> None:
        own = [text for text in leaf.texts if text.cell == "figure" and text.text == printed]
        strings(canvas, replace(leaf, texts=[text for text in leaf.texts if text not in own]), drawn)
        for text in own:
            draw(canvas, text)

    monkeypatch.setattr(pdf, "_strings", strings_but_one)
    report, findings = extract(Case(PLAIN).write(tmp_path))
    assert wrongs(PLAIN, report, findings) == []
    assert report.value(*FIGURE) is None
    assert is_named(FIGURE, [f for f in findings if f.check == "reading"])


@pytest.mark.parametrize(
    "drawn",
    [Drawn(), Drawn(shaded=True), Drawn(watermark="rotated"), Drawn(watermark="horizontal"), Drawn(turned="tables")],
    ids=["plain", "shaded", "watermark-rotated", "watermark-horizontal", "sideways"],
)
def test_a_true_blank_stays_one(drawn: Drawn, tmp_path: Path) -> None:
    report, findings = extract(Case(SPARSE, drawn=drawn).write(tmp_path))
    assert wrongs(SPARSE, report, findings) == []
    assert [f for f in findings if f.check == "reading"] == []


STROKES = {
    "a-digit": ("9 9 2 8 re f", True),
    "a-stroke-across-the-cell": ("0 0 m 40 20 l S", False),
    "a-shade": ("0.5 g 0 0 40 20 re f", False),
    "a-pale-mark": ("0.85 g 9 6 6 8 re f", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("content", "inked"), STROKES.values(), ids=STROKES)
def test_what_counts_as_ink(content: str, inked: bool, tmp_path: Path) -> None:
    path = tmp_path / "cell.pdf"
    path.write_bytes(
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 40 20]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
        % (len(content), content.encode())
    )
    cell = Cell(0, 0, 1, 1, "", Box(1, 0.0, 0.0, 40.0, 20.0))
    line = Line("一行")
    with pdfium.PdfDocument(path) as document:
        kept, grid = with_non_text_ink(document, [line, Grid((cell,), 1, 1, "pdf-lines", page=1)])
    assert kept is line
    assert isinstance(grid, Grid)
    assert [(c.text, c.doubtful) for c in grid.cells] == [(UNDECODABLE, True) if inked else ("", False)]
