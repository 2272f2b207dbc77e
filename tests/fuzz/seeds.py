"""The reports that are damaged, by name: each format, both forms, with rules and without, packed and plain.

In: nothing. Out: ``Seed``s, whose bytes are the same in every run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.hostile.raw import Pdf
from tests.hostile.structure import in_object_streams
from tests.reports.cases import OLDER, PLAIN, SPARSE, Case
from tests.reports.content import Content
from tests.reports.docx import Typed, write_docx
from tests.reports.html import Made, write_html
from tests.reports.pdf import Drawn
from tests.reports.sheets import Written, sheets

SLASHED = Written(blanks=("/",))


@dataclass(frozen=True)
class Seed:
    """A report and the truth about it."""

    name: str
    suffix: str
    content: Content
    data: bytes


def _pdf(case: Case) -> Callable[[Path], bytes]:
    return lambda folder: case.write(folder).read_bytes()


def _packed(case: Case) -> Callable[[Path], bytes]:
    """Content compressed, as nearly all writers leave it."""

    def make(folder: Path) -> bytes:
        pdf = Pdf(_pdf(case)(folder))
        for page in pdf.pages:
            pdf.pack_contents(page)
        return bytes(pdf)

    return make


def _in_object_streams(case: Case) -> Callable[[Path], bytes]:
    return lambda folder: in_object_streams(Pdf(_packed(case)(folder)))


def _word(content: Content, typed: Typed) -> Callable[[Path], bytes]:
    return lambda folder: write_docx(folder / "a.docx", content, sheets(content, Written()), typed).read_bytes()


def _web(content: Content, made: Made) -> Callable[[Path], bytes]:
    return lambda folder: write_html(folder / "a.html", content, sheets(content, Written()), made).read_bytes()


_SOURCES: Mapping[str, tuple[str, Content, Callable[[Path], bytes]]] = {
    "pdf-ruled": (".pdf", PLAIN, _pdf(Case())),
    "pdf-blanks": (".pdf", SPARSE, _pdf(Case(SPARSE, SLASHED))),
    "pdf-2019": (".pdf", OLDER, _packed(Case(OLDER))),
    "pdf-without-rules": (".pdf", PLAIN, _packed(Case(drawn=Drawn("none")))),
    "pdf-of-cells": (".pdf", SPARSE, _packed(Case(SPARSE, drawn=Drawn("cell-rectangles")))),
    "pdf-in-object-streams": (".pdf", PLAIN, _in_object_streams(Case())),
    "docx": (".docx", PLAIN, _word(PLAIN, Typed())),
    "docx-2019": (".docx", OLDER, _word(OLDER, Typed(spans="hMerge", noise=True))),
    "docx-in-boxes": (".docx", SPARSE, _word(SPARSE, Typed(tables="nested"))),
    "html": (".html", PLAIN, _web(PLAIN, Made())),
    "html-of-word": (".html", OLDER, _web(OLDER, Made(style="word", encoding="gb18030"))),
    "html-in-tables": (".html", SPARSE, _web(SPARSE, Made(site="tables", tables="framed"))),
}

NAMES = tuple(_SOURCES)


@cache
def seed(name: str) -> Seed:
    """The report of that name."""
    suffix, content, make = _SOURCES[name]
    with tempfile.TemporaryDirectory() as folder:
        return Seed(name, suffix, content, make(Path(folder)))
