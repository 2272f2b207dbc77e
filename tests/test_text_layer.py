"""Which pages must be read from their picture: those whose text is not what is seen."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai.errors import UnreadableFile
from gongkai.read.pdf.pages import read_page
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.reader import with_scans
from gongkai.read.pdf.text_layer import Pictures, pictures_to_read
from tests.reports.pdf import SONG

LINE = "政府信息公开: a line of print that is long enough to be the text of a page."


def picture(width: int = 600, height: int = 800) -> ImageReader:
    data = io.BytesIO()
    Image.new("L", (width, height), 200).save(data, "PNG")
    return ImageReader(data)


def print_text(canvas: Canvas, mode: int = 0) -> None:
    text = canvas.beginText(60, 700)
    text.setFont(SONG, 12)
    text.setTextRenderMode(mode)
    for _ in range(10):
        text.textLine(LINE)
    canvas.drawText(text)


def text_alone(canvas: Canvas) -> None:
    print_text(canvas)


def picture_alone(canvas: Canvas) -> None:
    canvas.drawImage(picture(), 0, 0, 595, 842)


def hidden_text_over_a_picture(canvas: Canvas) -> None:
    picture_alone(canvas)
    print_text(canvas, mode=3)


def text_under_a_picture(canvas: Canvas) -> None:
    print_text(canvas)
    picture_alone(canvas)


def picture_with_a_page_number(canvas: Canvas) -> None:
    picture_alone(canvas)
    canvas.drawString(290, 30, "- 1 -")


def text_over_a_background(canvas: Canvas) -> None:
    picture_alone(canvas)
    print_text(canvas)


def strips_of_a_picture(canvas: Canvas) -> None:
    for strip in range(8):
        canvas.drawImage(picture(600, 100), 0, strip * 105, 595, 105)


def characters_drawn_as_shapes(canvas: Canvas) -> None:
    for i in range(300):
        canvas.circle(60 + i % 30 * 15, 100 + i // 30 * 20, 4, fill=1)


def nothing(canvas: Canvas) -> None:
    canvas.setTitle("nothing")


def little_text(canvas: Canvas) -> None:
    canvas.drawString(60, 700, "0 0 0 1")
    canvas.rect(50, 690, 300, 30)


def text_and_a_logo(canvas: Canvas) -> None:
    print_text(canvas)
    canvas.drawImage(picture(), 60, 40, 60, 60)


def text_and_a_wide_picture(canvas: Canvas) -> None:
    print_text(canvas)
    canvas.drawImage(picture(), 60, 100, 475, 300)


def judged(folder: Path, draw: Callable[[Canvas], None]) -> Pictures:
    path = folder / "page.pdf"
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    with pdfium.PdfDocument(path) as pdf:
        return pictures_to_read(path.read_bytes(), pdf, [read_page(pdf, 0)])


@pytest.mark.parametrize(
    "draw",
    [
        picture_alone,
        hidden_text_over_a_picture,
        text_under_a_picture,
        picture_with_a_page_number,
        strips_of_a_picture,
        characters_drawn_as_shapes,
    ],
)
def test_a_page_whose_text_is_not_seen_is_read_from_its_picture(draw: Callable[[Canvas], None], tmp_path: Path) -> None:
    assert judged(tmp_path, draw).pages == {1}


@pytest.mark.parametrize("draw", [text_alone, text_over_a_background, text_and_a_logo, little_text, nothing])
def test_a_page_whose_text_is_what_is_seen_is_not(draw: Callable[[Canvas], None], tmp_path: Path) -> None:
    assert not judged(tmp_path, draw).pages


def test_a_wide_picture_on_a_page_of_text_may_be_a_table(tmp_path: Path) -> None:
    pictures = judged(tmp_path, text_and_a_wide_picture)
    assert not pictures.pages
    (box,) = pictures.tables[1]
    assert box == pytest.approx((60, 442, 535, 742), abs=1)


def test_without_its_libraries_a_scan_is_refused_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = judged(tmp_path, picture_alone)
    for name in ("gongkai.read.scan.reader", "onnxruntime", "gongkai.read.scan.ocr"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pdfium.PdfDocument(tmp_path / "page.pdf") as pdf:
        page = read_page(pdf, 0)
        with pytest.raises(UnreadableFile, match=r"onnxruntime is not installed.*gongkai\[scan\]"):
            with_scans(pdf, [page], [], pictures)
        assert with_scans(pdf, [page], [], Pictures(frozenset(), {1: ((0, 0, 1, 1),)})) == []
