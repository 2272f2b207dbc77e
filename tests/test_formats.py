"""One report in every format: what is published of it is the same to the byte, but for where it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from opencc import OpenCC

from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Key
from gongkai.package.csv_tables import csv_bytes, to_rows
from tests.reports.cases import OLD_SECTIONS, OLDER, PLAIN, TEXTS, Case, common
from tests.reports.content import make_content
from tests.reports.docx import write_docx
from tests.reports.html import write_html
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.pdf import Drawn
from tests.reports.sheets import Written, sheets

PUBLISHED = (REQUESTS, PROACTIVE, REVIEWS, "sections", "findings")


def _word(case: Case, folder: Path) -> Path:
    return write_docx(folder / "report.docx", case.content, sheets(case.content, case.written))


def _web(case: Case, folder: Path) -> Path:
    return write_html(folder / "report.html", case.content, sheets(case.content, case.written))


def _unruled(case: Case, folder: Path) -> Path:
    return replace(case, drawn=Drawn("none")).write(folder)


def _text(way: str) -> Callable[[Case, Path], Path]:
    return lambda case, folder: case.write(folder, way)


FORMATS: dict[str, Callable[[Case, Path], Path]] = {
    "pdf-without-rules": _unruled,
    "docx": _word,
    "html": _web,
    **{f"text-in-{way}": _text(way) for way in TEXTS},
}
CONTENTS = {
    "form-2021": Case(),
    "form-2019": Case(OLDER, Written(change=("+", "-"))),
    "mixed-blocks": Case(make_content(seed=6, sections_2019=OLD_SECTIONS)),
    "other-as-one": Case(make_content(seed=5, other_as_one=True)),
    "marked-blanks": Case(make_content(seed=4, zeros_blank=True), Written(blanks=("/",))),
    "row-absent": Case(PLAIN.without("denied_third_party")),
    "traditional": Case(PLAIN.written(OpenCC("s2t").convert), Written(every_label=OpenCC("s2t").convert)),
    "sums-broken": Case(make_content(broken={Key(REQUESTS, "granted", "total"): 3})),
}


COMMON = dict(common())


@pytest.mark.parametrize("case", COMMON.values(), ids=COMMON)
@pytest.mark.parametrize("write", [_word, _web], ids=["docx", "html"])
def test_what_is_printed_is_read_whatever_the_format(
    write: Callable[[Case, Path], Path], case: Case, tmp_path: Path
) -> None:
    report, findings = extract(write(case, tmp_path), "single")
    assert wrongs(case.content, report, findings) == []
    assert len(unread(case.content, report)) <= case.lost


def published(path: Path) -> dict[str, bytes]:
    """The CSVs of a report, as its package has them."""
    report, findings = extract(path, "single")
    rows = to_rows(report, findings)
    return {name: csv_bytes(name, rows[name]) for name in PUBLISHED}


@pytest.mark.parametrize("case", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_a_report_is_published_alike_whatever_its_format(
    write: Callable[[Case, Path], Path], case: Case, tmp_path: Path
) -> None:
    assert published(write(case, tmp_path)) == published(case.write(tmp_path))
