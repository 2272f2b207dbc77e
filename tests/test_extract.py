"""Reports that the project makes itself, each with one trouble: all is read, or what the print leaves open is said."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.errors import NotAReport, Undetermined
from gongkai.model import REQUESTS
from gongkai.read.pdf.pdfium import pdfium
from tests.reports.cases import OLDER, PLAIN, SPARSE, TEXTS, Case, common, on_pages, with_rules
from tests.reports.content import Content, make_content
from tests.reports.oracle import extract, unread, wrongs
from tests.reports.pdf import RULES, Drawn
from tests.reports.sheets import Written
from tests.reports.typeset import Layout

COMMON = dict(common())
ON_PAGES = dict([*common(), *on_pages()])
WITH_RULES = dict(with_rules())


def check(case: Case, path: Path) -> None:
    report, findings = extract(path, "single")
    assert wrongs(case.content, report, findings) == []
    left = unread(case.content, report)
    assert len(left) <= case.lost, left


def unruled(case: Case) -> Case:
    return replace(case, drawn=replace(case.drawn, rules="none"))


@pytest.mark.parametrize("content", [PLAIN, OLDER], ids=["2021", "2019"])
@pytest.mark.parametrize("rules", RULES)
def test_a_table_is_read_however_its_rules_are_drawn(rules: str, content: Content, tmp_path: Path) -> None:
    case = Case(content, drawn=Drawn(rules))
    check(case, case.write(tmp_path))


def test_a_file_whose_name_is_not_utf_8_is_read(tmp_path: Path) -> None:
    path = Case(PLAIN).write(tmp_path).rename(tmp_path / os.fsdecode(b"\xff.pdf"))
    report, _ = extract(path, "single")
    assert report.source.name == "?.pdf"


@pytest.mark.parametrize("case", ON_PAGES.values(), ids=ON_PAGES)
def test_tables_with_rules_are_read(case: Case, tmp_path: Path) -> None:
    check(case, case.write(tmp_path))


@pytest.mark.parametrize("case", ON_PAGES.values(), ids=ON_PAGES)
def test_tables_without_rules_are_read_from_where_words_stand(case: Case, tmp_path: Path) -> None:
    check(case, unruled(case).write(tmp_path))


@pytest.mark.parametrize("case", WITH_RULES.values(), ids=WITH_RULES)
def test_where_rules_are_missing_figures_are_not_guessed_apart(case: Case, tmp_path: Path) -> None:
    check(case, case.write(tmp_path))


IN_ORDER_ALONE = {"singles": 21, "bars-ragged": 14}
"""How many figures more may be left open where only the order of cells tells whose they are: those of rows beside
one whose label is lost."""


@pytest.mark.parametrize("case", COMMON.values(), ids=COMMON)
@pytest.mark.parametrize("way", TEXTS)
def test_text_files_are_read_as_every_extractor_yields_them(case: Case, way: str, tmp_path: Path) -> None:
    lost = max(case.lost, case.lost_as_text)
    if case.written != Written() or case.content != PLAIN:
        lost += IN_ORDER_ALONE.get(way, 0)
    check(replace(case, lost=lost), case.write(tmp_path, way))


@pytest.mark.parametrize("way", ["lines", "cells", "close", "singles"])
def test_where_blanks_leave_no_trace_full_rows_are_read_and_the_others_left_open(way: str, tmp_path: Path) -> None:
    report, findings = extract(Case(SPARSE).write(tmp_path, way), "single")
    assert wrongs(SPARSE, report, findings) == []
    short = {key[:2] for key, value in SPARSE.values.items() if value is None}
    full = [key for key in SPARSE.values if key[:2] not in short and key.resource == REQUESTS]
    assert full
    assert [key for key in full if report.value(*key) is None] == []


@pytest.mark.parametrize("way", ["columns", "wide", "bars", "bars-repeated", "bars-ragged"])
def test_where_columns_are_kept_blanks_that_leave_no_trace_are_told_by_their_place(way: str, tmp_path: Path) -> None:
    check(Case(SPARSE), Case(SPARSE).write(tmp_path, way))


@pytest.mark.parametrize("way", [way for way in TEXTS if way not in ("bars", "bars-repeated")])
def test_a_table_without_rules_whose_columns_stand_in_another_order_is_refused_not_shifted(
    way: str, tmp_path: Path
) -> None:
    case = Case(PLAIN.reordered(REQUESTS, columns=("total",)))
    with pytest.raises(NotAReport, match="no readable requests table"):
        extract(case.write(tmp_path, way))


@pytest.mark.parametrize("way", ["pdf", "lines", "cells"])
def test_a_report_without_a_requests_table_is_refused(way: str, tmp_path: Path) -> None:
    with pytest.raises(NotAReport, match="no readable requests table"):
        extract(Case(PLAIN.without_table(REQUESTS)).write(tmp_path, way))


def test_a_year_that_title_and_period_contradict_is_asked_for(tmp_path: Path) -> None:
    title = (PLAIN.body.printed, f"{PLAIN.year - 1}年政府信息公开工作年度报告")
    with pytest.raises(Undetermined, match=r"2022.*2023.*year = …"):
        extract(Case(replace(PLAIN, title=title)).write(tmp_path))


def test_an_agency_that_is_printed_nowhere_is_asked_for(tmp_path: Path) -> None:
    nobody = replace(PLAIN, title=("2023年政府信息公开工作年度报告",), introduction=("现公布年度报告。",), signature=())
    with pytest.raises(Undetermined, match="agency = "):
        extract(Case(nobody).write(tmp_path))


BARE = "{page}"
LARGE_SPARSE = make_content(scale=37, zeros_blank=True)
MENDED: dict[str, tuple[str, Case]] = {
    "words-far-apart-are-taken-for-kept-columns": (
        "lines",
        Case(LARGE_SPARSE, layout=Layout(vertical="top"), lost=200),
    ),
    "a-word-over-several-columns": (
        "pdf",
        Case(make_content(scale=37), Written(number="full-width"), drawn=Drawn("none"), lost=60),
    ),
    "a-label-lost-beside-a-row-absent": (
        "pdf",
        Case(PLAIN.without("processed_total"), Written(labels={"carried_out": ""}), lost=7),
    ),
    "a-neighbour-s-wrapped-label-for-an-absent-row": ("columns", Case(PLAIN.without("other_fee_unpaid"), lost=7)),
    "the-same-on-a-page": (
        "pdf",
        Case(PLAIN.without("denied_state_secret"), layout=Layout(size=6.5), drawn=Drawn("fills"), lost=7),
    ),
    "a-page-number-for-a-figure": (
        "wide",
        Case(layout=Layout(page_number=BARE, split=((REQUESTS, "not_processed_excessive", "upper"),))),
    ),
    "a-page-number-in-a-header": ("wide", Case(layout=Layout(page_number=BARE, breaks=((REQUESTS, "new_received"),)))),
    "an-applicant-blank-throughout": ("close", Case(PLAIN.blank("natural_person"), Written(blanks=("/",)))),
    "two-neighbouring-labels-lost": (
        "columns",
        Case(
            written=Written(labels={"not_processed_excessive": "", "not_processed_reissue": ""}),
            layout=Layout(size=8),
            lost=14,
        ),
    ),
    "a-replacement-row-parted-by-a-page": (
        "pdf",
        Case(OLDER, layout=Layout(split=((REQUESTS, "other_handling", "upper"),))),
    ),
}


@pytest.mark.parametrize(("way", "case"), MENDED.values(), ids=MENDED)
def test_what_was_read_wrong_once_is_right_or_open(way: str, case: Case, tmp_path: Path) -> None:
    check(case, case.write(tmp_path, way))


PROSE = {
    "plain": (Case(), "pdf"),
    "framed": (Case(drawn=Drawn(frames=True, white=True)), "pdf"),
    "landscape": (Case(layout=Layout(width=842, height=595)), "pdf"),
    "sideways": (Case(layout=Layout(width=842, height=595), drawn=Drawn(turned="rotate")), "pdf"),
    "running-head": (
        Case(layout=Layout(head="示例市人民政府年度报告", foot="样本路12号", page_number="{page}")),
        "pdf",
    ),
    "without-rules": (unruled(Case()), "pdf"),
    "contents-list": (Case(replace(PLAIN, cover=True, contents_list=True)), "pdf"),
    "paragraph-over-a-page": (Case(layout=Layout(height=330)), "pdf"),
    "before-tables": (ON_PAGES["prose-before-tables"], "pdf"),
    "cells": (Case(), "cells"),
    "columns": (Case(), "columns"),
}


@pytest.mark.parametrize(("case", "way"), PROSE.values(), ids=PROSE)
def test_sections_hold_the_prose_in_paragraphs_and_nothing_else(case: Case, way: str, tmp_path: Path) -> None:
    report, _ = extract(case.write(tmp_path, way), "single")
    read = {section.number: section.text for section in report.sections}
    assert read == {number: "\n".join(texts) for number, texts in case.content.prose.items()}


BOXES = {
    "plain": Case(),
    "cropped": Case(drawn=Drawn(crop=40)),
    "turned": Case(layout=Layout(width=842, height=595), drawn=Drawn(turned="rotate")),
    "without-rules": unruled(Case()),
}


@pytest.mark.parametrize("case", BOXES.values(), ids=BOXES)
def test_a_figure_s_box_holds_the_characters_that_are_printed(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    report, _ = extract(path, "single")
    with pdfium.PdfDocument(path) as pdf:
        pages = [page.get_textpage() for page in pdf]
        for figure in report.figures.values():
            box = figure.box
            assert box is not None
            x0, top, x1, bottom = box.x0 - 1, box.top - 1, box.x1 + 1, box.bottom + 1
            if case.drawn.turned:
                native = top, x0, bottom, x1
            else:
                edge = case.drawn.crop + case.layout.height
                native = x0 + case.drawn.crop, edge - bottom, x1 + case.drawn.crop, edge - top
            assert pages[box.page - 1].get_text_bounded(*native).strip() == figure.printed
        for page in pages:
            page.close()
