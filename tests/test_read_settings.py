"""Each threshold that decides how a report is read is held by a reading: moved far, it reads otherwise.

A reading is made of a few made-up pages or pieces of them, by the module whose settings are moved; those that need the
recogniser for whole pages are not made here. Thresholds that no reading holds yet are named in ``NOT_YET_HELD``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

import gongkai.read
from gongkai.errors import ReportError
from gongkai.model import Box, Cell, Grid, Line
from gongkai.numerals import SECTIONS
from gongkai.read import page as pages
from gongkai.read import read
from gongkai.read.docx.reader import read_docx
from gongkai.read.docx.tables import _snapped
from gongkai.read.headings import is_section_heading, is_title
from gongkai.read.html.article import _is_mark
from gongkai.read.html.reader import _holds_tables, read_html
from gongkai.read.page import Char, Page, Rule, cell_text, drawn_once, margins_of, rows_of, without_watermark, words_of
from gongkai.read.pdf.dotted_rules import dotted
from gongkai.read.pdf.non_text_ink import with_non_text_ink
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.second_reader import _direction, _lone_rows, _sunken, read_pages
from gongkai.read.pdf.text_layer import says_what_reports_say
from gongkai.read.ragged import doubted
from gongkai.read.ruled_tables import ruled_grids
from gongkai.read.scan import cells, components, lines, ocr, raster, rules
from gongkai.read.scan import reader as scans
from gongkai.read.scan.ocr import Reading
from gongkai.read.scan.size_outliers import size_outliers
from gongkai.read.text import _distances, read_text
from gongkai.read.two_up import split_sheets
from tests.reports.cases import BIG, PLAIN, Case
from tests.reports.pdf import Drawn
from tests.reports.scan import Scanner, scanned
from tests.reports.typeset import Layout
from tests.reports.word import pack
from tests.test_dotted_rules import column, row
from tests.test_read_pdf_awkward import WORDS, sheet
from tests.test_read_textlayer import (
    LINES,
    captioned,
    covered,
    garbled,
    judged,
    letterhead,
    logo,
    numbered,
    picture,
    scan,
    shapes,
    text,
    with_table,
    write,
)
from tests.test_size_outliers import USUAL, figure

FAR = 3
NOT_YET_HELD = frozenset(
    {
        "scan.lines.a4_height_pt",
        "scan.lines.detected_at_px",
        "scan.reader.hidden_share",
        "scan.reader.narrowest_table_pt",
        "scan.reader.sample_pages",
        "scan.reader.small_px",
        "scan.reader.touched_share",
        "scan.reader.touched_times",
        "scan.reader.turned_at_px",
        "scan.reader.upright_belief",
        "scan.rules.within_pt",
    }
)


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(gongkai.read.__path__, "gongkai.read."):
        module = importlib.import_module(found.name)
        if is_dataclass(getattr(module, "SETTINGS", None)):
            yield module


MODULES = {module.__name__.removeprefix("gongkai.read."): module for module in modules()}
THRESHOLDS = [(name, field.name) for name, module in MODULES.items() for field in fields(module.SETTINGS)]


# ---------------------------------------------------------------- readings


def chars(said: str, x: float, foot: float, em: float = 10.0, pitch: float = 10.0) -> list[Char]:
    return [Char(c, x + i * pitch, foot - em, x + i * pitch + em, foot, foot) for i, c in enumerate(said)]


def of_lines(_: Path) -> object:
    """Characters at all distances from each other, across and down, and drawn again at all distances."""
    spread = [c for i in range(40) for c in chars("甲乙", 20.0, 20.0 * i, pitch=10.0 + 0.5 * i)]
    spaced = [c for i in range(40) for c in chars("甲 乙", 20.0, 20.0 * i, pitch=10.0 + 0.5 * i)]
    digits = [
        Char("1234"[k], x, 20.0 * i, x + 5, 20.0 * i + 10, 20.0 * i + 10)
        for i in range(20)
        for k, x in enumerate((20.0, 26.0, 32.0 + 0.4 * i, 38.0 + 0.4 * i))
    ]
    stepped = [c for i in range(12) for c in chars("甲", 20.0 + 12 * i, 20.0 + 0.75 * i * i)]
    twice = [c for i in range(20) for c in (*chars("甲", 20.0, 20.0 * i), *chars("甲", 20.0 + 0.5 * i, 20.0 * i))]
    big = [c for em in (20.0, 29.0, 31.0, 33.0, 60.0, 100.0) for c in chars("水", 20.0, 200.0, em)]
    small = [c for i in range(3 * 50) for c in chars("字", 5.0 * i, 300.0, 3.0)]
    touching = [
        cell_text([*chars("甲", 20.0, 20.0), *chars("乙", 30.0 + gap, 20.0)]) for gap in (0.05, 0.1, 0.3, 0.5, 5.0, 7.0)
    ]
    touching += [cell_text([*chars("甲", 20.0, 20.0, 1.0), *chars("乙", 21.5, 20.0, 1.0)])]
    page = Page(1, 595.0, 842.0, [], (), ())
    prose = [c for i in range(8) for c in chars("本机关依法公开政府信息的情况如下，具体说明。", 20.0, 40.0 + 20 * i)]
    table = [c for i in range(8) for c in chars("总计", 20.0 + 3 * i, 240.0 + 20 * i)] + chars("123", 500.0, 240.0)
    rows = rows_of([*prose, *table])
    margins = [margins_of([[words_of(one) for one in rows[:k]]]) for k in (1, 2, 3, 6, 9, len(rows))]
    starts = [(10.0, 10.0 + k, 40.0, 40.0) for k in range(9)]
    margins += [margins_of([[words_of(chars("甲乙", x, 20.0)) for x in group]]) for group in starts]
    after = chars("A" * 60, 20.0, 60.0)
    ends = [
        pages.line_of(page, one, words_of(one), pages.Margins(20.0, x), after[:k])
        for one in rows
        for x in range(200, 400, 7)
        for k in (0, 15, 30, 60)
    ]
    return (
        [[words_of(one) for one in rows_of(group)] for group in (spread, spaced, digits)],
        [len(one) for one in rows_of(stepped)],
        drawn_once(twice),
        [without_watermark(group) for group in ([*big, *small], [*big, *small[:60]], [*big, *small[:30]])],
        [without_watermark([*chars("字" * 150, 0.0, 40.0, em), *big]) for em in (8.0, 12.0, 15.0, 25.0)],
        touching,
        margins,
        ends,
    )


@cache
def pdfs(folder: Path) -> tuple[Path, ...]:
    cases = (
        Case(),
        Case(drawn=Drawn("none")),
        Case(drawn=Drawn("dashed", outer=False, open_foot=True, open_head=True)),
        Case(BIG, layout=Layout(size=11, wide_figures="overflow")),
        Case(drawn=Drawn("thin-fills-by-cell", twice=True)),
    )
    paths = []
    for number, case in enumerate(cases):
        (folder / str(number)).mkdir()
        paths.append(case.write(folder / str(number)))
    return tuple(paths)


def mesh(xs: list[float], ys: list[float], gap: float = 0.0, short: float = 0.0) -> tuple[list[Rule], list[Rule]]:
    """The rules of a table, each in pieces with a gap between them, and shorter at its ends."""
    across = [
        Rule(y, a + (short if a == xs[0] else gap), b - (short if b == xs[-1] else 0))
        for y in ys
        for a, b in pairwise(xs)
    ]
    down = [
        Rule(x, a + (short if a == ys[0] else gap), b - (short if b == ys[-1] else 0))
        for x in xs
        for a, b in pairwise(ys)
    ]
    return across, down


def of_rules(folder: Path) -> object:
    """Tables whose rules lie apart, end short, or stand close to each other, by all distances; and whole reports."""
    found: list[object] = []
    for k in range(1, 30):
        distance = k / 2
        xs, ys = [50.0, 150.0, 250.0, 350.0], [100.0, 130.0, 160.0, 190.0]
        label = [*chars("甲", 60.0, 120.0), *chars("1", 160.0, 120.0), *chars("2", 260.0, 150.0)]
        for shift in ("gap", "short"):
            across, down = mesh(xs, ys, **{shift: distance})
            found.append(ruled_grids(Page(1, 595.0, 842.0, label, across, down)))
        across, down = mesh(xs, ys)
        double = [*across, *(Rule(rule.at + distance, rule.start, rule.end) for rule in across)]
        found.append(ruled_grids(Page(1, 595.0, 842.0, label, double, [*down, Rule(250.0 + distance, 100.0, 190.0)])))
        tiny = [Rule(115.0, 155.0, 155.0 + distance), Rule(100.0 - distance, 50.0, 350.0)]
        found.append(ruled_grids(Page(1, 595.0, 842.0, label, [*across, *tiny], down)))
        astride = chars("7", 145.0 + k, 120.0) + chars("8", 345.0 + k, 150.0) + chars("9", 356.0 + k, 150.0)
        found.append(ruled_grids(Page(1, 595.0, 842.0, [*label, *astride], across, down)))
    apart = [*chars("7", 139.5, 120.0), *chars("8", 150.5, 120.0), *chars("9", 160.5, 120.0)]
    found.append(ruled_grids(Page(1, 595.0, 842.0, apart, *mesh([50.0, 150.0, 250.0], [100.0, 130.0, 160.0]))))
    for columns, rows in ((30, 3), (60, 3), (100, 3), (3, 120), (3, 250), (3, 500)):
        xs, ys = [50 + 5.0 * i for i in range(columns)], [50 + 5.0 * i for i in range(rows)]
        across = [Rule(y, xs[0], xs[-1]) for y in ys]
        down = [Rule(x, ys[0], ys[-1]) for x in xs]
        found.append(len(ruled_grids(Page(1, 9000.0, 9000.0, chars("1", 51.0, 54.0, 2.0), across, down))[0]))
    many = [Rule(40.0 + 10 * i, 700.0, 720.0) for i in range(500)]
    for others in (many[:280], many, many * 3):
        placed = [rule._replace(at=rule.at + 3000 * (i // 500)) for i, rule in enumerate(others)]
        across, down = mesh([50.0, 150.0, 250.0], [100.0, 130.0, 160.0])
        found.append(len(ruled_grids(Page(1, 999.0, 9999.0, chars("1", 60.0, 120.0), across + placed, down))[0]))
    return found, [read(path).blocks for path in pdfs(folder)[:4]]


def of_sheets(_: Path) -> object:
    """Sheets on which two pages stand more or less apart, with more or less on each."""
    found = [split_sheets([sheet(WORDS * 2, WORDS * 2, apart=apart)]) for apart in range(2, 120, 4)]
    found += [
        split_sheets([replace(sheet(WORDS, WORDS), width=width, height=height)])
        for width, height in ((842.0, 595.0), (842.0, 900.0), (842.0, 300.0), (842.0, 500.0), (842.0, 2500.0))
    ]
    for dx in range(0, 240, 12):
        whole = sheet(WORDS, WORDS)
        moved = [char._replace(x0=char.x0 + dx, x1=char.x1 + dx) if char.x0 > 421 else char for char in whole.chars]
        found.append(split_sheets([replace(whole, chars=[c for c in moved if c.x0 < 421 - 60 + dx or c.x0 > 421])]))
    for rows in range(12):
        whole = sheet(WORDS, WORDS)
        found.append(
            split_sheets([replace(whole, chars=[c for c in whole.chars if c.x0 < 421 or c.top < 80 + 20 * rows])])
        )
    for count in range(12):
        ruled = tuple(Rule(100.0 + 20 * i, 470.0, 800.0) for i in range(count))
        found.append(split_sheets([sheet(WORDS, "12 7 0", ruled)]))
    for top in range(0, 260, 10):
        whole = sheet(WORDS, WORDS)
        found.append(split_sheets([replace(whole, chars=[*whole.chars, *chars("页眉" * 20, 300.0, top + 10.0, 8.0)])]))
    return found


def of_dots(_: Path) -> object:
    apart = [dotted(row(20.0, 50.0, 40, step / 4)) for step in range(1, 40)]
    few = [dotted([*row(20.0, 50.0, count), *column(50.0, 20.0, count)]) for count in range(1, 20)]
    askew = [
        dotted([(x, y + i * step / 40, w) for i, (x, y, w) in enumerate(row(20.0, 50.0, 40))]) for step in range(8)
    ]
    return apart, few, askew


def of_ink(folder: Path) -> object:
    """Cells in which a stroke of all shades, sizes and places stands, on white and on a ground."""
    path = folder / "ink.pdf"
    canvas = Canvas(str(path), pagesize=(1200, 1200), invariant=1)
    boxes = []
    for i in range(20):
        for k, draw in enumerate(("shade", "ground", "across", "edge")):
            x, y = 10 + 28.0 * i, 20.0 + 40 * k
            boxes.append(Box(1, x, 1200 - y - 20, x + 24, 1200 - y))
            canvas.setFillGray(1.0)
            if draw == "ground":
                canvas.setFillGray(0.3 + 0.035 * i)
                canvas.rect(x, y, 24, 20, stroke=0, fill=1)
            canvas.setFillGray(i / 20 if draw == "shade" else 0.0 if draw != "ground" else 0.2)
            if draw in ("shade", "ground"):
                canvas.rect(x + 8, y + 6, 5, 8, stroke=0, fill=1)
            elif draw == "edge":
                canvas.rect(x + 0.5 * i, y + 6, 2, 8, stroke=0, fill=1)
            else:
                canvas.line(x + 12 - 0.6 * i, y, x + 12 + 0.6 * i, y + 20)
            canvas.setFillGray(0.0)
            canvas.rect(x + 20, y + 2, 0.15, 0.15, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    cells_of = tuple(Cell(0, i, 1, 1, "", box) for i, box in enumerate(boxes))
    with pdfium.PdfDocument(path) as pdf:
        return with_non_text_ink(pdf, [Grid(cells_of, 1, len(boxes), "pdf-lines", page=1)])


def of_text_layers(folder: Path) -> object:
    found: list[object] = [
        judged(write(folder, draw))
        for draw in (scan, shapes, covered, numbered, garbled, letterhead, logo, captioned, with_table)
    ]
    for count in (0, 9, 18, 36, 54, 72, 99, 117):

        def over(canvas: Any, count: int = count) -> None:
            scan(canvas)
            text(canvas, lines=["示" * 40] * (count // 40) + ["示" * (count % 40)])

        def beside(canvas: Any, count: int = count) -> None:
            text(canvas)
            canvas.drawImage(picture(), 20, 20, 5.0 * count, 4.0 * count)
            canvas.drawImage(picture(), 20, 20, 400, 1.2 * count)
            canvas.drawImage(picture(), 300, 600, 2.0 * count, 80)

        def strange(canvas: Any, count: int = count) -> None:
            text(canvas, lines=[*LINES, "\ue001" * (count // 2)])
            canvas.showPage()
            text(canvas, lines=[*LINES, "é" * (count // 9)])

        def alone(canvas: Any, count: int = count) -> None:
            canvas.drawImage(picture(), 0, 0, 595, 8.0 * count)
            canvas.showPage()
            for number in range(4 * count):
                canvas.circle(60 + number, 700, 2, stroke=0, fill=1)

        def other(canvas: Any, count: int = count) -> None:
            for _ in range(1 + count // 3):
                text(canvas, lines=["会议纪要" * 6 + "，" + "其他" * (count % 20)])
                canvas.showPage()

        found += [judged(write(folder, draw)) for draw in (over, beside, strange, alone, other)]
    return found, says_what_reports_say("信息公开")


def of_second_reader(folder: Path) -> object:
    whole = [read_pages(path, (1, 2, 3)) for path in (*pdfs(folder)[:1], *pdfs(folder)[2:4])]
    sunken: list[object] = []
    for k in range(40):
        char: Any = SimpleNamespace(matrix=(k / 400, 1.0, 0, 0, 0, 100.0), y0=100.0 - k / 2, size=10.0)
        sunken.append((_sunken(char), _direction(char)))
    edges = [{"x0": 100.0 * k, "x1": 100.0 * k, "top": 50.0, "bottom": 90.0} for k in range(9)]
    return whole, sunken, [_lone_rows(edges[:count]) for count in range(10)]


def of_texts(folder: Path) -> object:
    found: list[object] = []
    for number, way in enumerate(("lines", "columns", "wide", "cells", "close")):
        (folder / f"text-{number}").mkdir(exist_ok=True)
        path = Case(PLAIN).write(folder / f"text-{number}", way)
        printed = path.read_text(encoding="utf-8").splitlines()
        for every in (2, 4, 8, 12, 24):
            blank = [line for i, row_ in enumerate(printed) for line in ([row_, ""] if i % every == 0 else [row_])]
            path.write_text("\n".join(blank), encoding="utf-8")
            found.append(read_text(path))
    path = folder / "singles.txt"
    for rows_ in (1, 2, 3, 4, 5, 6, 8, 12):
        for figures in range(1, 9):
            path.write_text("\n".join(["甲", *"7" * figures] * rows_), encoding="utf-8")
            found.append(read_text(path))
        path.write_text("\n".join(line for i in range(rows_) for line in (str(i + 1), "甲", *"777")), encoding="utf-8")
        found.append(read_text(path))
    path = folder / "few.txt"
    for count in range(1, 18):
        cells_ = [f"{label:<12}" + "".join(f"{n:>{6 + n % 3}}" for n in range(count)) for label in ("ab", "abcd", "x")]
        path.write_text("\n".join(cells_ * 3), encoding="utf-8")
        found.append(read_text(path))
    found += [list(_distances([[10.0], *([[90.0]] * above), [10.0]])) for above in range(1, 12)]
    return found


def of_ragged_rows(_: Path) -> object:
    found = []
    for header in range(2, 18):
        for rows in range(1, 12):
            head = [Cell(0, i, 1, 1, "项目") for i in range(header)]
            body = [Cell(1 + r, c, 1, 1, "7") for r in range(rows) for c in range(header - (r == rows - 1))]
            found.append(list(doubted([*head, *body])))
    for figures in range(1, 12):
        for rows in range(1, 12):
            for aside in range(rows):
                body = [Cell(r, r >= rows - aside, 1, 1, "某项") for r in range(rows)]
                body += [Cell(r, c + 1 + (r >= rows - aside), 1, 1, "7") for r in range(rows) for c in range(figures)]
                found.append(list(doubted(body)))
    return found


def of_headings(_: Path) -> object:
    heading = "收到和处理政府信息公开申请情况"
    cut = [is_section_heading(heading[:n]) for n in range(1, len(heading))]
    altered = [is_section_heading("某" * n + heading[n:]) for n in range(len(heading))]
    long = [is_section_heading("一、" + " " * n + heading) for n in range(0, 160, 5)]
    titles = [is_title("示" * n + "政府信息公开工作年度报告") for n in range(0, 260, 9)]
    return cut, altered, long, titles


@cache
def picture_of_page(folder: Path) -> tuple[Any, float]:
    """A part of a scanned page with a seal, in colours."""
    path = Case(PLAIN, layout=Layout(size=8)).write(folder)
    path.write_bytes(scanned(path.read_bytes(), Scanner(stamp=True, askew=0.8, noise=4, paper=235, shadow=20)))
    with pdfium.PdfDocument(path) as pdf:
        drawn, px_per_pt = raster.render(pdf[1])
    return drawn[300:1300, 100:1300].copy(), px_per_pt


def of_raster(folder: Path) -> object:
    drawn, px_per_pt = picture_of_page(folder)
    grey, seals = raster.cleaned(drawn, px_per_pt)
    straight = raster.straightened(grey, seals, px_per_pt, 0)
    patches = Image.new("RGB", (900, 400), "white")
    draw = ImageDraw.Draw(patches)
    for i in range(20):
        x = 10 + 44 * i
        draw.rectangle((x, 10, x + 30, 30), fill=(255, 255 - 12 * i, 255 - 12 * i))
        draw.rectangle((x, 50, x + 30, 50 + 8 * i), fill=(230, 20, 20))
        draw.rectangle((x, 230, x + 30, 250), fill=(230, 20, 20))
        draw.rectangle((x, 230, x + i // 3, 250), fill=(i * 8, i * 8, i * 8))
        draw.rectangle((x, 270, x + 8, 290), fill=(230, 20, 20))
        draw.rectangle((x + 9 + i, 270, x + 17 + i, 290), fill=(230, 20, 20))
        draw.rectangle((x, 300, x + 30, 320), fill=(12 * i, 12 * i, 12 * i))
        draw.line((x, 330, x + 30, 330 + i), fill=(150, 150, 150), width=1 + i // 5)
    coloured = np.asarray(patches)[:, :, ::-1].copy()
    with pdfium.PdfDocument(next(folder.glob("report.pdf"))) as pdf:
        size = raster.render(pdf[0])[1]
    leaning = []
    for degrees in (1.0, 5.0, 9.0, 15.0):
        ruled = Image.new("L", (800, 600), 255)
        pen = ImageDraw.Draw(ruled)
        for y in range(20, 600, 20):
            pen.line((10, y, 790, y), fill=0, width=4)
        leaning.append(raster.slants(raster.ink(np.asarray(ruled.rotate(degrees, fillcolor=255)).copy())))
    pale = []
    for k in range(1, 30, 4):
        patch = np.full((60, 60, 3), 255, np.uint8)
        patch[:k, :40] = 195
        pale.append(raster.cleaned(patch)[0])
    return (
        *(array.tobytes() for array in (grey, seals, straight.grey)),
        [array.tobytes() for array in raster.cleaned(coloured)],
        raster.ink(coloured[:, :, 0]).tobytes(),
        raster.pale_strokes(coloured[:, :, 0].copy()).tobytes(),
        size,
        leaning,
        [array.tobytes() for array in pale],
    )


@cache
def straight_page(folder: Path) -> raster.Raster:
    drawn, px_per_pt = picture_of_page(folder)
    return raster.straightened(*raster.cleaned(drawn, px_per_pt), px_per_pt, 0)


def strokes() -> raster.Raster:
    """Tables whose rules are of all lengths, widths, shades and dashes."""
    image = Image.new("L", (1200, 1200), 255)
    draw = ImageDraw.Draw(image)
    for i in range(12):
        top = 20 + 95 * i
        shade = 20 * i
        for k in range(4):
            draw.line((20, top + 25 * k, 420, top + 25 * k), fill=shade, width=1 + i // 2)
            for x in range(480, 800, 4 + i):
                draw.line((x, top + 25 * k, x + 3, top + 25 * k), fill=0)
        for x in (20, 120, 300, 420):
            draw.line((x, top, x, top + 75), fill=shade, width=1 + i // 2)
        for x in (480, 600, 796):
            for y in range(top, top + 75, 4 + i):
                draw.line((x, y, x, y + 3), fill=0)
        for k in range(3):
            draw.line((860, top + 30 * k, 860 + 15 + 12 * i, top + 30 * k), fill=0)
            draw.line((860 + 80 * k, top, 860 + 80 * k, top + 10 + 5 * i), fill=0)
        draw.line((40, top + 5, 40, top + 20), fill=0)
        draw.text((130, top + 5), "1100 1111 ----", fill=0)
    grey = np.asarray(image).copy()
    return raster.Raster(grey, 200 / 72, np.eye(3)[:2], np.zeros_like(grey))


def of_strokes(folder: Path) -> object:
    found: list[object] = []
    for each in (strokes(), straight_page(folder)):
        level, plumb, wiped = rules.rules_of(each)
        found.append((level, plumb, wiped.tobytes()))
    pale = strokes()
    found.append([rules.rules_of(replace(pale, grey=np.maximum(pale.grey, shade)))[:2] for shade in (180, 215, 235)])
    return found


def of_components(_: Path) -> object:
    """Pieces of ink of all sizes, more or less apart, and beside the sides of their cells."""
    image = Image.new("L", (1000, 1000), 255)
    draw = ImageDraw.Draw(image)
    for i in range(18):
        y = 10 + 50 * i
        draw.rectangle((20, y, 20 + i, y + i // 2), fill=0)
        draw.rectangle((80, y, 86, y + 20), fill=0)
        draw.rectangle((90 + 4 * i, y, 96 + 4 * i, y + 20), fill=0)
        draw.rectangle((220, y, 226, y + 20), fill=0)
        draw.rectangle((230, y + 14, 230 + i, y + 14 + i), fill=0)
        draw.rectangle((300 + i, y, 303 + i, y + 40), fill=0)
        draw.rectangle((340, y, 350, y + 20), fill=0)
    for k in range(6):
        draw.rectangle((500 + 60 * k, 10, 530 + 60 * k, 40 + 60 * k), fill=0)
    px_per_pt = 200 / 72
    grey = np.asarray(image).copy()
    boxes = components.components_of(grey, px_per_pt)
    em = components.character_height(boxes, px_per_pt)
    edges = (0.0, 70.0, 210.0, 298.0, 480.0, 990.0)
    cells_of = tuple(
        Cell(
            r,
            c,
            1,
            1,
            "x",
            Box(1, edges[c] / px_per_pt, 50 * r / px_per_pt, edges[c + 1] / px_per_pt, (50 * r + 49) / px_per_pt),
        )
        for r in range(18)
        for c in range(5)
    )
    grid = Grid(cells_of, 18, 5, "ocr", tuple(edge / px_per_pt for edge in edges), 1)
    runs = components.runs_of(grid, boxes, em, px_per_pt)
    return (
        boxes.tolist(),
        em,
        [(run.box, run.cell.row, run.cell.column, run.alone) for run in runs],
        components.border_px(px_per_pt),
    )


def of_figures(_: Path) -> object:
    """What readings of a figure come to, by their beliefs; strokes that lean, and ink that may be overlooked."""
    shares = (0.001, 0.004, 0.02, 0.05, 0.35, 0.6, 0.85, 0.92, 0.95, 0.98, 0.995)
    doubts = [
        cells._doubt([Reading(said, (), share, ((said, share), ("7", 1 - share))) for said, share in pair])
        for one in shares
        for two in shares
        for pair in (
            [("1", one), ("1", two)],
            [("1", one), ("l1", two)],
            [("A1", one), ("A1", two), ("1A", one)],
            [("1", one)],
        )
    ]
    leaning, digits, overlooked, looks = [], [], [], []
    for i in range(24):
        image = Image.new("L", (120, 90), 255)
        draw = ImageDraw.Draw(image)
        draw.line((60 + i, 10, 60, 80), fill=0, width=4)
        leaning.append(cells._main_stroke(np.asarray(image).copy()))
        short = Image.new("L", (60, 60), 255)
        ImageDraw.Draw(short).line((30, 10, 28, 10 + i), fill=0, width=2)
        leaning.append(cells._main_stroke(np.asarray(short).copy()))
        two = Image.new("L", (120, 90), 255)
        draw = ImageDraw.Draw(two)
        draw.rectangle((10, 10, 20, 60), fill=0)
        draw.rectangle((30, 60 - 2 * i, 38, 60), fill=0)
        draw.rectangle((39, 10, 41, 60), fill=10 * i)
        draw.rectangle((42, 10, 50, 60), fill=0)
        digits.append(cells._digits_at_least(np.asarray(two).copy()))
        faint = Image.new("L", (120, 60), 255)
        draw = ImageDraw.Draw(faint)
        draw.rectangle((40, 10, 48, 40), fill=10 * i)
        overlooked.append(cells._overlooked(np.asarray(faint).copy(), (0, 0, 120, 60), 30.0))
        thin = Image.new("L", (120, 60), 255)
        ImageDraw.Draw(thin).rectangle((40, 10, 40 + i // 2, 40), fill=0)
        overlooked.append(cells._overlooked(np.asarray(thin).copy(), (0, 0, 120, 60), 30.0))
        looks.append(cells._look(np.asarray(image).copy(), (50, 40 - i, 70, 40), 200 / 72, 0).shape)
    cell = Cell(0, 0, 1, 1, "x")
    stains = []
    for size in range(2, 60, 3):
        runs = [components.CellRun((0, 0, size, size), cell, False), components.CellRun((40, 0, 60, 30), cell, False)]
        stains.append(cells._without_stains(runs, [Reading(".", (), 0.9), Reading("7", (), 0.9)], 30.0))
    among = []
    for length in range(1, 15):
        placed = [components.CellRun((0, 0, 9, 9), Cell(r, c, 1, 1, "x"), True) for r in range(3) for c in range(3)]
        said = [Reading("7", (), 0.9)] * 8 + [Reading("某" * length, (), 0.9)]
        among.append(cells._figure_runs(placed, said))
    return doubts, leaning, digits, overlooked, looks, stains, among


def of_figures_in_lines(_: Path) -> object:
    may_be = [lines._may_be_figures("A" * n, belief / 20) for n in range(1, 9) for belief in range(21)]
    boxes = [(50 * k, 0, 50 * k + 20, 30) for k in range(9)]
    among = [lines._among((500, 5, 520, 25), boxes[:count]) for count in range(10)]
    across = [
        lines._lies_across(
            (0, 0, 400, 300), [(b[0], 40 * k, b[2], 40 * k + 30) for b in boxes[:n] for k in range(3)], 20.0
        )
        for n in range(9)
    ]
    parted = [
        lines._parted(np.array([(0, 0, 20, 30), (20 + gap, 0, 40 + gap, 30)], np.int32), (0, 0, 400, 40))
        for gap in range(2, 100, 4)
    ]
    missed = [lines._missed(np.array([(500, 0, 510, high)], np.int32), [], boxes[:4], 80.0) for high in range(4, 80, 3)]
    holes = []
    rows_ = [np.array([(60 * k, 50 * r, 60 * k + 20, 50 * r + 30) for k in range(6)], np.int32) for r in range(16)]
    for i in range(1, 40):
        inked = np.zeros((900, 600), np.bool_)
        inked[0:30, 180 + 20 + i : 180 + 20 + i + 3] = True
        holes.append(lines._holes_of_line(rows_[0][[0, 1, 2, 4, 5]], [], rows_[1:3], [], inked, 30.0))
        inked = np.zeros((900, 600), np.bool_)
        inked[0:i, 190:196] = True
        holes.append(lines._holes_of_line(rows_[0][[0, 1, 2, 4, 5]], [], rows_[1:3], [], inked, 30.0))
        inked = np.zeros((900, 600), np.bool_)
        inked[0:30, 180 : 180 + i // 4] = True
        holes.append(lines._holes_of_line(rows_[0][[0, 1, 2, 4, 5]], [], [], [], inked, 30.0))
        spread = np.array([(60 * k + (i if k > 2 else 0), 0, 60 * k + 20 + (i if k > 2 else 0), 30) for k in range(6)])
        inked = np.zeros((900, 600), np.bool_)
        inked[0:30, 150:165] = True
        holes.append(lines._holes_of_line(spread.astype(np.int32), [], [], [], inked, 30.0))
        seals = np.zeros((900, 600), np.uint8)
        seals[0:i, 180:200] = 255
        holes.append(list(lines._hidden(rows_[0][[0, 1, 2, 4, 5]], rows_[1:3], seals, 30.0)))
    texts = []
    for count in range(2, 17):
        for lacking in (range(1), range(count), range(3), range(5)):
            figures = [
                (int(x0), int(top), int(x1), int(bottom))
                for number, one in enumerate(rows_[:count])
                for x0, top, x1, bottom in one
                if not (x0 == 180 and number in lacking)
            ]
            texts.append(lines._holes(figures, [], grey_with_ink(), np.zeros((900, 600), np.uint8), 2.0))
    grey = np.full((900, 600), 255, np.uint8)
    grey[2:28, 304:316] = 0
    for absent in range(1, 16):
        figures = [
            (int(x0), int(top), int(x1), int(bottom))
            for number, one in enumerate(rows_)
            for x0, top, x1, bottom in one
            if not (x0 == 300 and number < absent)
        ]
        texts.append(lines._holes(figures, [], grey, np.zeros((900, 600), np.uint8), 2.0))
    return may_be, among, across, parted, missed, holes, texts


def grey_with_ink() -> raster.Image:
    grey = np.full((900, 600), 255, np.uint8)
    grey[2:28, 184:196] = 0
    return grey


def of_sizes(_: Path) -> object:
    found: list[object] = []
    for count in range(2, 20):
        usual = [figure(USUAL[i % len(USUAL)], i) for i in range(count)]
        found.append(size_outliers(dict([*usual, figure("2", 40, high=2.5), figure("19", 41, "1")])))
        found.append(
            size_outliers(
                dict(
                    [
                        *(figure("7", i) for i in range(8)),
                        *(figure("19", 10 + i) for i in range(count)),
                        figure("19", 41, "1"),
                    ]
                )
            )
        )
    for k in range(1, 80):
        usual = [figure(said, row_) for row_, said in enumerate(USUAL)]
        found.append(size_outliers(dict([*usual, figure("2", 40, high=k / 16)])))
        box, doubt = figure("19", 41)
        found.append(size_outliers(dict([*usual, ((box[0], box[1], box[0] + k / 3, box[3]), doubt)])))
        found.append(size_outliers(dict([*usual, figure("123456", 42, size=k / 40)])))
    return found


def of_beliefs(_: Path) -> object:
    """Whether a page is legible, of whose figures more or fewer are believed more or less."""
    believed = [(share, count) for share in (0.3, 0.5, 0.9, 0.98, 0.99, 0.999) for count in range(1, 10)]
    return [
        scans._is_legible([cells.Doubt(False, ("7",), share)] * count + [cells.Doubt(True, ("1",), 0.2)] * (10 - count))
        for share, count in believed
    ]


def of_beams(_: Path) -> object:
    """What steps of belief may write, in which several digits are more or less likely."""
    classes = ocr._models().characters
    found = []
    for spread in (0.001, 0.002, 0.01, 0.1, 0.4):
        belief = np.full((5, len(classes)), 1e-9, np.float32)
        for step in range(5):
            for digit in range(10):
                belief[step, classes.index(str(digit))] = spread ** (1 + (digit + step) % 3)
            belief[step, 0] = 0.2
        found.append(ocr._figures(belief))
    return found


def web_page(folder: Path, body: str, head: str = "", broken: int = 0) -> object:
    """What is read of a page, or why it is refused."""
    path = folder / "page.html"
    report = "政府信息公开工作年度报告"
    text_ = f"<html><head><meta charset=utf-8><title>示例市{report}</title>{head}</head><body>{body}</body></html>"
    path.write_bytes(text_.encode() + b"\xff\xfe\xfd" * broken)
    try:
        return read_html(path)
    except ReportError as error:
        return str(error)


TITLE = "<h1>示例市2023年政府信息公开工作年度报告</h1><h2>一、总体情况</h2>"
SENTENCE = "<p>本机关认真做好政府信息公开的各项工作，取得成效。</p>"
HEADED = "<h2>三、收到和处理政府信息公开申请情况</h2>"


def grid_of(rows: int, columns: int, cell: str = "7") -> str:
    return "<table>" + ("<tr>" + f"<td>{cell}</td>" * columns + "</tr>") * rows + "</table>"


SWEPT = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60, 80, 100, 150, 250, 400, 700)


def of_web_pages(folder: Path) -> object:
    found: list[object] = [_holds_tables([Line("合计 " + "7 " * n)] * m) for n in range(24) for m in range(24)]
    for n in SWEPT:
        links = "".join(f'<a href="r{i}.pdf">{2000 + i}年政府信息公开工作年度报告</a>' for i in range(n))
        found.append(web_page(folder, TITLE + links))
        found.append(web_page(folder, f'{TITLE}<a href="{"x" * n}.pdf">政府信息公开工作年度报告</a>'))
        found.append(web_page(folder, TITLE + SENTENCE + HEADED + grid_of(5, 5), broken=n))
        found += [
            web_page(folder, TITLE + ("<p>合计 " + "7 " * width + "</p>") * min(n, 30)) for width in (1, 2, 4, 6, 9, 20)
        ]
    return found


def of_web_tables(folder: Path) -> object:
    found = []
    for n in SWEPT:
        long = f"<td>{'公' * n}</td><td>{'7' * 3}</td>"
        found.append(web_page(folder, f"{TITLE}{HEADED}{grid_of(3, 4)}<table><tr>{long}</tr><tr>{long}</tr></table>"))
        found.append(web_page(folder, f"{TITLE}{HEADED}{grid_of(3, 4, f'7<p>{chr(20844) * n}</p>')}"))
        inner = f"<table><tr>{'<td>7</td>' * min(n, 9)}</tr></table>"
        found.append(web_page(folder, f"{TITLE}{HEADED}<table><tr><td>总计</td><td>{inner}</td></tr></table>"))
        rows = "".join(f"<tr><td>总计</td><td>{inner}</td></tr>" for _ in range(min(n, 12)))
        found.append(web_page(folder, f"{TITLE}{HEADED}<table>{rows}</table>"))
        labels = "".join(f"<td>{label}</td><td>甲</td>" for label in ("索引号", "发布机构", "主题词", "有效性")[:n])
        found.append(web_page(folder, f"<table><tr>{labels}</tr></table>{TITLE}{SENTENCE}{HEADED}{grid_of(3, 4)}"))
        found.append(web_page(folder, TITLE + HEADED + grid_of(3, min(2 * n, 200))))
    found += [web_page(folder, TITLE + HEADED + grid_of(rows, 3)) for rows in (900,)]
    return found


def of_articles(folder: Path) -> object:
    figures = tuple(Cell(0, i, 1, 1, "7") for i in range(40))
    pieces: list[Any] = [SimpleNamespace(block=Grid(figures[:n], 1, n, "html"), linked=0.0) for n in range(1, 40)]
    found: list[object] = [_is_mark(piece) for piece in pieces]
    for n in SWEPT:
        foot = "<div><p>" + "联系我们，" * 6 + "。</p></div>"
        inside = TITLE + SENTENCE * min(n, 30) + HEADED + grid_of(3, 4)
        found.append(web_page(folder, f"<div><div>{inside}</div>{SENTENCE * 2}{foot}</div>"))
        few = f"<div>{TITLE}{SENTENCE * 20}</div><div>{HEADED}{grid_of(1, min(n, 30))}</div>"
        found.append(web_page(folder, f"<div>{few}</div><div>{SENTENCE}</div>"))
        short = "<p>" + "文" * n + "，情况。</p>"
        found.append(web_page(folder, f"<div><div>{TITLE}{short * 3}{HEADED}{grid_of(3, 4)}</div>{short * 4}</div>"))
        signed = f"<p>{'示' * n}局</p><p>2024年1月30日</p>"
        found.append(web_page(folder, f"<div>{inside}</div><div>{signed}</div><div>{foot}</div>"))
    return found


def of_word_tables(folder: Path) -> object:
    """Tables whose borders lie apart by all distances, and that hold more or fewer headings or columns."""
    found: list[object] = [_snapped(iter([0, 1000, 1000 + apart, 2000])) for apart in range(10, 600, 20)]
    heading = "<w:p><w:r><w:t>{}、总体情况</w:t></w:r></w:p>"
    figure_ = "<w:p><w:r><w:t>7</w:t></w:r></w:p>"
    across = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    for count in range(12):
        rows_ = [f"<w:tr><w:tc>{across}{heading.format(SECTIONS[i % 6])}</w:tc></w:tr>" for i in range(count)]
        pair = f"<w:tr><w:tc>{figure_}</w:tc><w:tc>{figure_}</w:tc></w:tr>"
        path = pack(folder / "table.docx", f"<w:tbl>{''.join(rows_)}{pair * 3}</w:tbl>{figure_}")
        found.append(read_docx(path))
    for span in (2, 40, 90, 150, 250, 500, 900):
        cell_ = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{figure_}</w:tc>'
        path = pack(folder / "table.docx", f"<w:tbl><w:tr>{cell_}<w:tc>{figure_}</w:tc></w:tr></w:tbl>{figure_}")
        found.append(read_docx(path))
    return found


READINGS: dict[str, Callable[[Path], object]] = {
    "page": of_lines,
    "ruled_tables": of_rules,
    "two_up": of_sheets,
    "pdf.dotted_rules": of_dots,
    "pdf.non_text_ink": of_ink,
    "pdf.text_layer": of_text_layers,
    "pdf.second_reader": of_second_reader,
    "text": of_texts,
    "ragged": of_ragged_rows,
    "headings": of_headings,
    "scan.raster": of_raster,
    "scan.rules": of_strokes,
    "scan.components": of_components,
    "scan.cells": of_figures,
    "scan.lines": of_figures_in_lines,
    "scan.size_outliers": of_sizes,
    "scan.reader": of_beliefs,
    "scan.ocr": of_beams,
    "docx.tables": of_word_tables,
    "html.reader": of_web_pages,
    "html.tables": of_web_tables,
    "html.article": of_articles,
}
"""What is read, by the module whose settings decide of it."""


# ---------------------------------------------------------------- moved far


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readings")


@cache
def usual(name: str, folder: Path) -> object:
    return READINGS[name](folder)


def moved(value: int | float, factor: float) -> float:
    """A threshold that is moved by a factor; one that counts stays a whole number, and moves by one at least."""
    far = value * factor
    if isinstance(value, int):
        return max(value + 1, round(far)) if factor > 1 else min(value - 1, round(far))
    return far


def is_held(name: str, field: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    module = MODULES[name]
    before = usual(name, folder)
    value = getattr(module.SETTINGS, field)
    for factor in (FAR, 1 / FAR):
        with monkeypatch.context() as patch:
            patch.setattr(module, "SETTINGS", replace(module.SETTINGS, **{field: moved(value, factor)}))
            try:
                after = READINGS[name](folder)
            except (ValueError, ZeroDivisionError, IndexError, cv2.error):  # it makes no sense at all so far off
                continue
        if repr(after) != repr(before):
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize(("name", "field"), [t for t in THRESHOLDS if ".".join(t) not in NOT_YET_HELD])
def test_a_threshold_that_moves_far_reads_otherwise(
    name: str, field: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_held(name, field, folder, monkeypatch)


def test_thresholds_that_are_not_held_are_named_as_they_are_called() -> None:
    assert {".".join(t) for t in THRESHOLDS} >= NOT_YET_HELD


def test_each_threshold_says_why_and_readings_are_of_modules_that_have_settings() -> None:
    assert set(READINGS) <= set(MODULES)
    for module in MODULES.values():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for field in fields(module.SETTINGS):
            after = source[source.index(f"    {field.name}: ") :].split("\n", 2)[1]
            assert after.startswith('    """'), f"{module.__name__}: {field.name}"
