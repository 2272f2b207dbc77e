"""Pictures of a report's pages: small, whole, taken over from the last build, and never at the price of another's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from gongkai.publish.source_images import MANIFEST, SIZE_LIMIT, Order, draw_pages, page_images
from gongkai.read.pdf.pdfium import pdfium


def make_pdf(path: Path, pages: int = 2, width: float = 300, height: float = 420) -> Path:
    """Empty pages: what is drawn on them is pdfium's part."""
    pdf = pdfium.PdfDocument.new()
    for _ in range(pages):
        pdf.new_page(width, height)
    pdf.save(path)
    pdf.close()
    return path


def make_noise(path: Path) -> Path:
    """A page that is one noisy photograph, as scans are."""
    picture = Image.effect_noise((1200, 1700), 40)
    picture.save(path, "PDF", resolution=144)
    return path


def draw(tmp_path: Path, *orders: Order) -> list[str]:
    return list(draw_pages(orders, 2, tmp_path / "scratch"))


def test_each_page_that_is_asked_for_is_a_picture_of_its_size(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    assert draw(tmp_path, Order(make_pdf(tmp_path / "a.pdf", 3), (1, 3), folder)) == []
    images = page_images(folder)
    assert [(image.page, image.width, image.height) for image in images.values()] == [(1, 300, 420), (3, 300, 420)]
    assert sorted(path.name for path in folder.iterdir()) == ["page-1.webp", "page-3.webp", MANIFEST]


def test_a_noisy_scan_too_stays_under_the_limit(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    assert draw(tmp_path, Order(make_noise(tmp_path / "a.pdf"), (1,), folder)) == []
    assert 0 < (folder / "page-1.webp").stat().st_size <= SIZE_LIMIT


def test_a_report_that_cannot_be_drawn_costs_one_line_and_no_other_report(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    whole = Order(make_pdf(tmp_path / "a.pdf"), (1,), tmp_path / "whole")
    (line,) = draw(tmp_path, Order(broken, (1,), tmp_path / "none"), whole)
    assert line.startswith(f"{broken}: no page pictures: ")
    assert not (tmp_path / "none").exists()
    assert set(page_images(whole.folder)) == {1}


def test_a_page_that_is_not_there_costs_its_picture_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    assert draw(tmp_path, Order(make_pdf(tmp_path / "a.pdf", 1), (1, 9), folder)) == []
    assert set(page_images(folder)) == {1}


def test_pictures_of_the_same_file_are_taken_over_and_of_another_drawn_anew(tmp_path: Path) -> None:
    original, first = make_pdf(tmp_path / "a.pdf"), tmp_path / "first"
    draw(tmp_path, Order(original, (1, 2), first))
    mark = b"RIFF....WEBP taken over"
    (first / "page-2.webp").write_bytes(mark)
    draw(tmp_path, Order(original, (1, 2), tmp_path / "again", first))
    assert (tmp_path / "again" / "page-2.webp").read_bytes() == mark
    other = make_pdf(tmp_path / "b.pdf", width=310)
    draw(tmp_path, Order(other, (1, 2), tmp_path / "other", first))
    assert (tmp_path / "other" / "page-2.webp").read_bytes() != mark


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    original = make_pdf(tmp_path / "a.pdf")
    for name in ("one", "two"):
        draw(tmp_path, Order(original, (1,), tmp_path / name))
    for name in ("page-1.webp", MANIFEST):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"page": 1, "width": -3, "height": 420}, id="no-width"),
        pytest.param({"page": "../../1", "width": 300, "height": 420}, id="a-path-for-a-page"),
        pytest.param({"page": 2, "width": 300, "height": 420}, id="a-page-without-a-picture"),
        pytest.param("page-1.webp", id="no-object"),
    ],
)
def test_a_manifest_is_believed_only_where_it_can_be_true(entry: object, tmp_path: Path) -> None:
    (tmp_path / "page-1.webp").write_bytes(b"RIFF....WEBP")
    (tmp_path / MANIFEST).write_text(json.dumps({"pages": [entry]}), encoding="utf-8")
    assert page_images(tmp_path) == {}


def test_a_link_or_what_is_no_webp_is_no_picture(tmp_path: Path) -> None:
    manifest = {"pages": [{"page": page, "width": 300, "height": 420} for page in (1, 2)]}
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "page-1.webp").write_bytes(b"<html>")
    (tmp_path / "real.webp").write_bytes(b"RIFF....WEBP")
    (tmp_path / "page-2.webp").symlink_to(tmp_path / "real.webp")
    assert page_images(tmp_path) == {}
