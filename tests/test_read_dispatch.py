from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.errors import UnreadableFile
from gongkai.model import Document
from gongkai.read import formats, read
from gongkai.read.formats import FORMATS, Format
from gongkai.system.limits import LIMITS

SUFFIXES = sorted(suffix for each in FORMATS for suffix in each.suffixes)
PDF = b"%PDF-1.4\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def a_pdf(folder: Path, name: str) -> Path:
    path = folder / name
    canvas = Canvas(str(path), invariant=True)
    canvas.drawString(72, 700, "annual report")
    canvas.save()
    return path


def with_another_reader(monkeypatch: pytest.MonkeyPatch, suffix: str, reader: Callable[[Path], Document]) -> None:
    def changed(each: Format) -> Format:
        return replace(each, read=reader) if suffix in each.suffixes else each

    monkeypatch.setattr(formats, "FORMATS", tuple(map(changed, FORMATS)))


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize("name", ["report.txt", "report.TXT", "示例市 报告.txt", "a.pdf.txt"])
def test_a_text_is_read_whatever_its_name(name: str, tmp_path: Path) -> None:
    document = read(a_file(tmp_path, name, "总体情况".encode()))
    assert document.reader == "text"
    assert len(document.blocks) == 1


@pytest.mark.parametrize("name", ["report.pdf", "report.PDF"])
def test_a_pdf_is_read_whatever_the_case_of_its_suffix(name: str, tmp_path: Path) -> None:
    document = read(a_pdf(tmp_path, name))
    assert document.reader == "pdf-lines"
    assert document.pages == 1


def test_a_pdf_with_something_before_its_head_is_still_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Document((), "pdf-lines")
    with_another_reader(monkeypatch, ".pdf", lambda _path: expected)
    assert read(a_file(tmp_path, "report.pdf", b"\r\n\r\n" + PDF)) is expected


def test_a_text_that_speaks_of_pdf_further_down_is_a_text(tmp_path: Path) -> None:
    assert read(a_file(tmp_path, "report.txt", b"text " * 400 + PDF)).reader == "text"


@pytest.mark.parametrize("name", ["report.html", "report.txt", "report.docx", "report.doc", "report", "report.pdf.htm"])
def test_a_pdf_under_another_suffix_is_refused_with_the_name_to_give_it(name: str, tmp_path: Path) -> None:
    said = refusal(a_pdf(tmp_path, name))
    assert "a PDF" in said
    assert f"rename it to {Path(name).stem}.pdf" in said


@pytest.mark.parametrize(
    ("content", "what"),
    [
        pytest.param(b"<!DOCTYPE html><html></html>", "HTML", id="a-web-page"),
        pytest.param(b"\xef\xbb\xbf\n <HTML><body>", "HTML", id="a-web-page-after-a-byte-order-mark"),
        pytest.param(b"PK\x03\x04", "zip", id="a-zip"),
        pytest.param(OLE, "old Office", id="an-old-office-file"),
        pytest.param(b"\xff\xd8\xff\xe0", "JPEG", id="a-photo"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "PNG", id="a-screenshot"),
        pytest.param(b"GIF89a", "GIF", id="a-picture"),
        pytest.param(b"{\\rtf1", "RTF", id="rich-text"),
    ],
)
@pytest.mark.parametrize("suffix", [".pdf", ".txt"])
def test_another_format_under_a_reader_s_suffix_is_refused_by_its_own_name(
    content: bytes, what: str, suffix: str, tmp_path: Path
) -> None:
    said = refusal(a_file(tmp_path, f"report{suffix}", content + b" " * 100))
    assert said.startswith(f"not a {suffix}")
    assert what in said


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        pytest.param("report.doc", OLE, "save it as", id="doc"),
        pytest.param("report.wps", OLE, "save it as", id="wps"),
        pytest.param("report.ofd", b"PK\x03\x04", "ofd|zip", id="ofd"),
        pytest.param("report.jpg", b"\xff\xd8\xff\xe0", "picture", id="jpg"),
        pytest.param("report.png", b"\x89PNG\r\n", "picture", id="png"),
        pytest.param("report.rtf", b"{\\rtf1", "save it as", id="rtf"),
        pytest.param("report.xyz", b"text", "save it as", id="a-suffix-that-nobody-knows"),
        pytest.param("report", b"text", "save it as", id="no-suffix"),
    ],
)
def test_a_format_that_is_not_read_is_refused_with_what_to_convert_it_to(
    name: str, content: bytes, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match=hint):
        read(a_file(tmp_path, name, content + b" " * 100))


@pytest.mark.parametrize(
    "content", [b"not a pdf", b"\x00" * 500, b"x" * 2000 + PDF], ids=["text", "zeros", "a-head-too-far-down"]
)
def test_a_pdf_that_does_not_begin_like_one_is_called_damaged(content: bytes, tmp_path: Path) -> None:
    assert "damaged" in refusal(a_file(tmp_path, "report.pdf", content))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_is_refused_as_empty(suffix: str, tmp_path: Path) -> None:
    assert "empty" in refusal(a_file(tmp_path, f"report{suffix}", b""))


def test_a_file_that_is_too_large_is_refused_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.pdf"
    with path.open("wb") as handle:
        handle.truncate(LIMITS.file_bytes + 1)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it was opened"))
    assert "too large" in refusal(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_reader_s_document_is_handed_on(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    expected = Document((), "text")

    def reader(path: Path) -> Document:
        asked.append(path)
        return expected

    with_another_reader(monkeypatch, suffix, reader)
    content = {".pdf": PDF}.get(suffix, "总体情况".encode())
    path = a_file(tmp_path, f"report{suffix}", content)
    assert read(path) is expected
    assert asked == [path]


@pytest.mark.parametrize("length", [1, 4, 5, 100])
def test_every_refusal_is_one_line(length: int, tmp_path: Path) -> None:
    heads = (PDF, b"PK\x03\x04", OLE, b"<html>\n\n", b"\xff\xd8\xff", b"\x00\n")
    for number, head in enumerate(heads):
        for suffix in (".pdf", ".doc", ".ofd", ""):
            path = a_file(tmp_path, f"r{number}{suffix}", (head * length)[: max(length, 1)])
            with pytest.raises(UnreadableFile) as refused:
                read(path)
            assert str(refused.value)
            assert "\n" not in str(refused.value)
