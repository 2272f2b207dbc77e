"""Pages that must be read from their picture are told from those whose text says what is seen."""

import sys
from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai.errors import UnreadableFile
from gongkai.model import Grid
from gongkai.read.pdf import text_layer
from gongkai.read.pdf.pages import read_page
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.reader import read_pdf
from gongkai.read.pdf.text_layer import Pictures, pictures_to_read, resolution
from tests.reports.pdf import SONG

WIDTH, HEIGHT = 595, 842
LINES = [f"第{number}行：本政府信息公开报告由示例市人民政府编制。" for number in range(20)]
INVISIBLE = 3


def picture(width: int = 300, height: int = 400) -> ImageReader:
    """A picture with a table in it."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for i in range(5):
        draw.line((0, i * (height - 1) // 4, width, i * (height - 1) // 4), fill="black")
        draw.line((i * (width - 1) // 4, 0, i * (width - 1) // 4, height), fill="black")
    return ImageReader(image)


def text(canvas: Any, mode: int = 0, lines: list[str] = LINES, top: float = HEIGHT - 80) -> None:
    block = canvas.beginText(60, top)
    block.setFont(SONG, 12)
    block.setTextRenderMode(mode)
    block.textLines(lines)
    canvas.drawText(block)


def nothing(_canvas: Any) -> None:
    """A blank page."""


def scan(canvas: Any) -> None:
    canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)


def strips(canvas: Any) -> None:
    for strip in range(10):
        canvas.drawImage(picture(), 0, strip * HEIGHT / 10, WIDTH, HEIGHT / 10)


def shapes(canvas: Any) -> None:
    for number in range(text_layer.SETTINGS.drawn_shapes + 1):
        canvas.circle(60 + 4 * number, 400, 2, stroke=0, fill=1)


def hidden(canvas: Any) -> None:
    scan(canvas)
    text(canvas, INVISIBLE)


def covered(canvas: Any) -> None:
    text(canvas)
    scan(canvas)


def numbered(canvas: Any) -> None:
    scan(canvas)
    text(canvas, lines=["- 3 -"])


def garbled(canvas: Any) -> None:
    text(canvas, lines=["\ue001\ue002\ue003\ue004 本报告由示例市人民政府编制" for _ in LINES])


def letterhead(canvas: Any) -> None:
    scan(canvas)
    text(canvas)


def logo(canvas: Any) -> None:
    text(canvas)
    canvas.drawImage(picture(), 60, HEIGHT - 60, 60, 40)


def captioned(canvas: Any) -> None:
    """A picture over which text is written stands behind a table of text."""
    text(canvas)
    canvas.drawImage(picture(), 60, 100, 400, 200)
    text(canvas, lines=LINES[:4], top=280)


def with_table(canvas: Any) -> None:
    text(canvas)
    canvas.drawImage(picture(), 60, 100, 400, 200)


def write(folder: Path, draw: Callable[[Any], None]) -> Path:
    path = folder / "report.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return path


def judged(path: Path) -> Pictures:
    with pdfium.PdfDocument(path) as pdf:
        return pictures_to_read(path.read_bytes(), pdf, [read_page(pdf, index) for index in range(len(pdf))])


@pytest.mark.parametrize("draw", [scan, strips, shapes, hidden, covered, numbered, garbled])
def test_a_page_whose_text_is_missing_hidden_or_meaningless_is_read_from_its_picture(
    draw: Callable[[Any], None], tmp_path: Path
) -> None:
    pictures = judged(write(tmp_path, draw))
    assert set(pictures.pages) == {1}
    assert not pictures.tables


def test_the_pixels_of_a_point_are_those_of_the_pictures_on_the_page(tmp_path: Path) -> None:
    for draw, sharp in ((scan, (300 * 400 / WIDTH / HEIGHT) ** 0.5), (text, inf)):
        with pdfium.PdfDocument(write(tmp_path, draw)) as pdf:
            assert resolution(pdf[0]) == pytest.approx(sharp)


@pytest.mark.parametrize("draw", [text, letterhead, logo, captioned, nothing])
def test_a_page_whose_text_is_seen_is_read_from_its_text(draw: Callable[[Any], None], tmp_path: Path) -> None:
    assert not judged(write(tmp_path, draw))


@pytest.mark.parametrize(("others", "read"), [({"示": "ÿ", "例": "Ā"}, {1}), ({"示": "é"}, set()), ({}, set())])
def test_a_page_on_which_fonts_map_some_characters_to_foreign_letters_is_read_from_its_picture(
    others: dict[str, str], read: set[int], tmp_path: Path
) -> None:
    path = write(tmp_path, lambda canvas: text(canvas, lines=["政府信息公开工作年度报告"] * 20 + ["示例示例"] * 2))
    with pdfium.PdfDocument(path) as pdf:
        page = read_page(pdf, 0)
        page = replace(page, chars=[char._replace(text=others.get(char.text, char.text)) for char in page.chars])
        assert pictures_to_read(path.read_bytes(), pdf, [page]).pages == read


def test_a_picture_that_may_be_a_table_is_found_where_it_stands_on_its_page(tmp_path: Path) -> None:
    found = judged(write(tmp_path, with_table))
    assert not found.pages
    (place,) = found.tables[1]
    assert place == pytest.approx((60, HEIGHT - 300, 460, HEIGHT - 100), abs=0.5)


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("gongkai.read.scan")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("cv2", "numpy", "onnxruntime", "rapidocr"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_the_extra")
def test_without_the_extra_a_scan_is_refused_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"pictures \(a scan\).* is not installed: install the extra gongkai\[scan\]"
    ):
        read_pdf(write(tmp_path, scan))


@pytest.mark.usefixtures("without_the_extra")
def test_without_the_extra_a_page_of_text_is_read_without_its_pictures(tmp_path: Path) -> None:
    blocks = read_pdf(write(tmp_path, with_table)).blocks
    assert len(blocks) == len(LINES)
    assert not any(isinstance(block, Grid) for block in blocks)
