"""The second reader finds what the first does, is asked where there is a doubt; where they differ, nothing stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.errors import UnreadableFile
from gongkai.extract.tables.find_tables import find_tables
from gongkai.model import REQUESTS, REVIEWS, Grid, Key, Line
from gongkai.read.pdf import second_reader
from gongkai.read.pdf.second_reader_cost import cost_of
from gongkai.system import resource_limits
from gongkai.system.limits import LIMITS
from tests.reports.cases import BIG, OLDER, PLAIN, SPARSE, Case
from tests.reports.content import make_content
from tests.reports.oracle import extract, wrongs
from tests.reports.pdf import Drawn
from tests.reports.sheets import Written
from tests.reports.typeset import Layout

Blocks = list[Line | Grid]
FOUND = 0.94
"""The share of a report's figures that the second reader must find itself on each kind of page."""

BREAKS = Layout(breaks=((REQUESTS, "denied_third_party"), (REVIEWS, 3)))
PAGES = {
    "lines": Case(layout=BREAKS),
    "lines-2019": Case(OLDER),
    "thin-fills": Case(drawn=Drawn("thin-fills")),
    "thin-fills-by-cell": Case(drawn=Drawn("thin-fills-by-cell")),
    "cell-rectangles": Case(drawn=Drawn("cell-rectangles")),
    "dashed": Case(layout=BREAKS, drawn=Drawn("dashed")),
    "double": Case(drawn=Drawn("double")),
    "scaled": Case(drawn=Drawn("scaled")),
    "form-object": Case(drawn=Drawn("form-object")),
    "shaded": Case(drawn=Drawn(shaded=True, white=True)),
    "framed": Case(drawn=Drawn(frames=True, white=True)),
    "open-at-the-foot": Case(layout=BREAKS, drawn=Drawn(open_foot=True)),
    "open-at-the-head": Case(layout=BREAKS, drawn=Drawn(open_foot=True, open_head=True)),
    "open-at-the-sides": Case(layout=BREAKS, drawn=Drawn(outer=False)),
    "horizontal": Case(drawn=Drawn("horizontal")),
    "three-lines": Case(drawn=Drawn("three-lines")),
    "without-rules": Case(layout=BREAKS, drawn=Drawn("none")),
    "landscape": Case(layout=Layout(width=842, height=595)),
    "rotated": Case(layout=Layout(width=842, height=595), drawn=Drawn(turned="rotate")),
    "sideways": Case(layout=Layout(width=842, height=595), drawn=Drawn(turned="sideways")),
    "cropped": Case(drawn=Drawn(crop=40)),
    "drawn-twice": Case(drawn=Drawn(twice=True)),
    "latin-figures": Case(drawn=Drawn(latin=True)),
    "characters-apart": Case(drawn=Drawn(apart=True)),
    "watermark": Case(drawn=Drawn(watermark="rotated")),
    "big-figures": Case(BIG, Written(number="comma"), Layout(size=7)),
    "blanks": Case(SPARSE, Written(blanks=("/",))),
}


Misread = Callable[[Callable[[str], str]], list[list[int]]]


def altered(blocks: Sequence[Line | Grid], alter: Callable[[str], str]) -> Blocks:
    """What a reader read, with each text of a cell or word replaced."""
    made: Blocks = []
    for block in blocks:
        if isinstance(block, Grid):
            made.append(replace(block, cells=tuple(cell._replace(text=alter(cell.text)) for cell in block.cells)))
        else:
            made.append(replace(block, words=tuple(word._replace(text=alter(word.text)) for word in block.words)))
    return made


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Misread:
    """Makes the second reader misread; what it answers is filled with the pages that the second reader is asked for."""

    def misread(alter: Callable[[str], str]) -> list[list[int]]:
        asked: list[list[int]] = []
        read = second_reader.read_pages

        def read_pages(path: Path, numbers: Sequence[int]) -> Blocks:
            asked.append(list(numbers))
            return altered(read(path, numbers), alter)

        monkeypatch.setattr(second_reader, "read_pages", read_pages)
        return asked

    return misread


@pytest.mark.parametrize("case", PAGES.values(), ids=PAGES)
def test_two_readers_agree_on_every_kind_of_page(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    once, findings = extract(path, "single")
    twice, more = extract(path, "double")
    assert twice == once
    assert more == findings
    assert wrongs(case.content, twice, more) == []


def test_a_descent_that_no_letters_have_moves_no_label(tmp_path: Path) -> None:
    path = Case(layout=Layout(padding=0.5), drawn=Drawn(latin=True)).write(tmp_path)
    told = path.read_bytes()
    assert told.count(b"/Descent -271") == 1
    path.write_bytes(told.replace(b"/Descent -271", b"/Descent -999"))
    assert extract(path, "double") == extract(path, "single")


def tenfold(text: str) -> str:
    """A figure ten times as large: no sum that holds is broken by it."""
    return f"{Decimal(text.replace(',', '')) * 10:f}" if re.fullmatch(r"[0-9,.]+", text) else text


@pytest.mark.parametrize("case", PAGES.values(), ids=PAGES)
def test_the_second_reader_finds_the_figures_itself(case: Case, second: Misread, tmp_path: Path) -> None:
    """It misreads every figure that it finds, so that those left empty are those that it had found."""
    path = case.write(tmp_path)
    once, _ = extract(path, "single")
    printed = [key for key, figure in once.figures.items() if figure.value]
    second(tenfold)
    twice, findings = extract(path, "double")
    named = {Key(f.resource, f.row, f.column) for f in findings if f.check == "reading" and f.severity == "error"}
    found = [key for key in printed if twice.value(*key) is None and key in named]
    assert len(found) >= FOUND * len(printed)


def test_a_figure_on_which_the_readers_differ_is_left_empty_and_no_other(second: Misread, tmp_path: Path) -> None:
    key = Key(REQUESTS, "new_received", "natural_person")
    assert [k for k, v in PLAIN.values.items() if v == PLAIN.values[key]] == [key]
    path = Case().write(tmp_path)
    once, findings = extract(path, "single")
    printed = once.figures[key].printed
    second(lambda text: "7" + text if text == printed else text)
    twice, more = extract(path, "double")
    assert twice.figures[key] == once.figures[key]._replace(value=None, printed=f"{printed} | 7{printed}")
    [error] = [f for f in more if f.check == "reading"]
    assert (error.severity, Key(error.resource, error.row, error.column)) == ("error", key)
    assert (error.expected, error.actual) == (printed, "7" + printed)
    assert {k: f for k, f in twice.figures.items() if k != key} == {k: f for k, f in once.figures.items() if k != key}
    assert findings == ()


DOUBTS = {
    "sums-that-fail": Case(make_content(broken={Key(REQUESTS, "granted", "total"): 1})),
    "a-label-altered": Case(written=Written(labels={"denied_third_party": "4.保护第方合权益"})),
    "a-row-absent": Case(PLAIN.without("denied_third_party")),
    "a-lone-blank": Case(PLAIN.blank("5/licensing")),
    "characters-without-meaning": Case(written=Written(labels={"denied_third_party": "\ue001\ue002"})),
}
SURE = {
    "all-printed": Case(),
    "2019": Case(OLDER),
    "blanks-throughout": Case(SPARSE),
    "without-rules": PAGES["without-rules"],
}


@pytest.mark.parametrize("case", DOUBTS.values(), ids=DOUBTS)
def test_where_there_is_a_doubt_the_table_pages_are_read_again(case: Case, second: Misread, tmp_path: Path) -> None:
    asked = second(str)
    report, findings = extract(case.write(tmp_path), "auto")
    assert asked == [sorted({figure.box.page for figure in report.figures.values() if figure.box})]
    assert wrongs(case.content, report, findings) == []


@pytest.mark.parametrize("case", SURE.values(), ids=SURE)
def test_where_there_is_none_they_are_not(case: Case, second: Misread, tmp_path: Path) -> None:
    asked = second(str)
    extract(case.write(tmp_path), "auto")
    assert asked == []


@pytest.mark.parametrize("case", DOUBTS.values(), ids=DOUBTS)
def test_a_single_reading_is_single_whatever_the_doubt(case: Case, second: Misread, tmp_path: Path) -> None:
    asked = second(str)
    extract(case.write(tmp_path), "single")
    assert asked == []


def test_a_text_file_is_read_once(second: Misread, tmp_path: Path) -> None:
    asked = second(str)
    extract(Case().write(tmp_path, "lines"), "double")
    assert asked == []


def test_pages_that_the_second_reader_cannot_read_cost_a_warning_and_no_figure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def read_pages(_path: Path, _numbers: Sequence[int]) -> Blocks:
        raise UnreadableFile("damaged")

    path = Case().write(tmp_path)
    once, findings = extract(path, "single")
    monkeypatch.setattr(second_reader, "read_pages", read_pages)
    twice, more = extract(path, "double")
    assert twice == once
    [warning] = [f for f in more if f not in findings]
    assert (warning.check, warning.severity, warning.row, warning.column) == ("reading", "warning", "", "")
    assert "could not be read a second time" in warning.message


def held_to(monkeypatch: pytest.MonkeyPatch, seconds: float, mib: float) -> None:
    monkeypatch.setattr(resource_limits, "seconds_left", lambda: seconds)
    monkeypatch.setattr(resource_limits, "mib_left", lambda: mib)


@pytest.mark.parametrize(("seconds", "mib"), [(0.5, 1000.0), (40.0, 20.0)], ids=["time", "memory"])
def test_a_second_reading_that_would_not_fit_is_not_begun(
    seconds: float, mib: float, second: Misread, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = Case().write(tmp_path)
    once, findings = extract(path, "single")
    asked = second(str)
    held_to(monkeypatch, seconds, mib)
    twice, more = extract(path, "double")
    assert asked == []
    assert twice == once
    [warning] = [f for f in more if f not in findings]
    assert (warning.check, warning.severity, warning.row, warning.column) == ("reading", "warning", "", "")
    assert "not read a second time" in warning.message


def test_an_ordinary_page_fits_into_a_tenth_of_what_a_file_may_take(tmp_path: Path) -> None:
    cost = cost_of(Case().write(tmp_path), [1, 2])
    assert cost.seconds < LIMITS.time_s / 10
    assert cost.mib < LIMITS.memory_mib / 10


def test_rules_that_cross_everywhere_make_a_page_too_long_to_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "mesh.pdf"
    canvas = Canvas(str(path))
    for place in range(250):
        canvas.line(20, 20 + 3 * place, 570, 20 + 3 * place)
        canvas.line(20 + 2.2 * place, 20, 20 + 2.2 * place, 800)
    canvas.showPage()
    canvas.save()
    assert cost_of(path, [1]).seconds > LIMITS.time_s


def test_without_time_left_the_strokes_stay_in_doubt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = Case().write(tmp_path)
    monkeypatch.setattr("gongkai.extract.report.find_tables", lambda *given: replace(find_tables(*given), crossed=True))
    _, findings = extract(path, "single")
    assert not any("not read a second time" in finding.message for finding in findings)
    held_to(monkeypatch, 0.0, 1000.0)
    _, findings = extract(path, "single")
    assert sum("the file was not read a second time" in finding.message for finding in findings) == 1
