"""A page that is a picture -> lines and grids, by OCR.

In: pages of a PDF. Out: what ``gongkai.read.pdf.reader`` yields for pages with a text layer, in the same coordinates,
so that all that follows is the same. Rules are found first; each cell is then read by itself, and a cell that holds a
figure is read twice, from two pictures of it. What never happens: a digit that may be another is given as if it were
certain: the cell is doubtful then, and carries what it may say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gongkai.errors import NotAReport
from gongkai.figures import is_blank, looks_like_figure
from gongkai.model import Box, Cell, Grid, Line, Word
from gongkai.read.page import Page, top_of
from gongkai.read.pdf.pages import blocks_of
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.text_layer import Pictures, resolution, says_what_reports_say
from gongkai.read.ruled_tables import ruled_grids
from gongkai.read.scan.cells import Doubt, Rectangle, read_cells, run_of_text
from gongkai.read.scan.components import components_of, cut
from gongkai.read.scan.lines import bounds_of, read_lines
from gongkai.read.scan.ocr import find_text, recognise
from gongkai.read.scan.raster import Image, Matrix, cleaned, pale_strokes, render, shown, straightened
from gongkai.read.scan.rules import rules_of
from gongkai.read.scan.size_outliers import size_outliers
from gongkai.system import resource_limits
from gongkai.system.limits import current


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What of a page that was recognised is believed."""

    upright_belief: float = 0.8
    """Lines that are believed less on average stand on their heads."""
    small_px: int = 11
    """A figure of fewer pixels in height may be any other: it is believed where a sum confirms it."""
    hidden_share: float = 0.1
    """So may one of which the stroke of a seal covers at least this share."""
    touched_share: float = 0.035
    """And one of whose box the pale stroke of a watermark takes this share: so a 0 looks like a 6."""
    touched_times: float = 4.0
    """And this many times what is pale in the boxes of most figures of the page, whose own edges may be."""
    narrowest_table_pt: float = 90.0
    """What is ruled over less than this width is no table: the strokes of a large character of a watermark."""
    sample_pages: int = 3
    """A cover, a list of contents and a page of the report: by then a report has said what it is."""
    legible_belief: float = 0.985
    """Of a page that people can well read most figures are believed more than this, whatever stands upon the others."""
    legible_share: float = 0.7
    """So large a part of its figures are most."""
    turned_at_px: int = 736
    """The longest side, in pixels, at which text is looked for where only its direction is asked."""


SETTINGS = ScanSettings()


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as read: its characters and rules as of any page, what is doubtful by where it is, and the way back.

    Its picture is not kept: many pages are read one after another.
    """

    page: Page
    doubts: dict[Rectangle, Doubt]
    back: Matrix


def read_scanned(pdf: pdfium.PdfDocument, index: int, region: Rectangle | None = None) -> ScannedPage:
    """What stands on a page, or in one region of it (in points), told from its picture alone."""
    resource_limits.scanned_page_begun()
    picture, px_per_pt = render(pdf[index])
    if region is not None:
        x0, y0, x1, y1 = (round(value * px_per_pt) for value in region)
        inside = picture[max(y0, 0) : y1, max(x0, 0) : x1].copy()
        picture[:] = 255
        picture[max(y0, 0) : y1, max(x0, 0) : x1] = inside
    grey, seals = cleaned(picture, px_per_pt)
    raster = straightened(grey, seals, px_per_pt, _turns_of(grey) if region is None else 0)
    across, down, wiped = rules_of(raster)
    bare = raster.grey.copy()
    bare[wiped > 0] = 255
    components = components_of(bare, px_per_pt)
    height, width = raster.grey.shape
    frame = Page(
        index + 1,
        width / px_per_pt,
        height / px_per_pt,
        [run_of_text("■", component / px_per_pt) for component in components],
        across,
        down,
    )
    grids, _ = ruled_grids(frame, "ocr", whole_words=True)
    if drawings := [_hull(grid) for grid in grids if grid.edges[-1] - grid.edges[0] < SETTINGS.narrowest_table_pt]:
        grids = [grid for grid in grids if grid.edges[-1] - grid.edges[0] >= SETTINGS.narrowest_table_pt]
        frame = replace(
            frame,
            horizontals=[r for r in across if not any(_crosses(r.start, r.end, r.at, hull) for hull in drawings)],
            verticals=[r for r in down if not any(_crosses(r.at, r.at, r.start, hull) for hull in drawings)],
        )
    chars, doubts = read_cells(grids, components, bare, raster.seals, px_per_pt)
    beside, more = read_lines(raster.grey, raster.seals, [_hull(grid) for grid in grids], px_per_pt)
    known = {_about(*box): doubt for box, doubt in (doubts | more).items()}
    if not _is_legible(known.values()):
        known = {box: Doubt(True, ()) for box in known}
    for box in size_outliers(known):
        known[box] = replace(known[box], doubtful=True)
    sharp = resolution(pdf[index])
    pale = pale_strokes(raster.grey)
    touched = {box: _share_of(pale, box, px_per_pt) for box in known}
    touching = (
        max(SETTINGS.touched_share, SETTINGS.touched_times * float(np.quantile(list(touched.values()), 0.75)))
        if touched
        else SETTINGS.touched_share
    )
    for box, doubt in known.items():
        if any(map(str.isdigit, "".join(doubt.candidates[:1]))) and (
            (box[3] - box[1]) * sharp < SETTINGS.small_px
            or _share_of(raster.seals, box, px_per_pt) >= SETTINGS.hidden_share
            or touched[box] >= touching
        ):
            known[box] = replace(doubt, open=True)
    return ScannedPage(replace(frame, chars=chars + beside), known, raster.back)


def _crosses(x0: float, x1: float, y: float, hull: Rectangle) -> bool:
    """Whether a stroke from ``x0`` to ``x1`` that lies, or begins, at ``y`` lies in a hull."""
    return hull[0] <= x0 and x1 <= hull[2] and hull[1] <= y <= hull[3]


def _share_of(strokes: Image, box: Rectangle, px_per_pt: float) -> float:
    """The share of a box, in points, that ``strokes`` take."""
    x0, top, x1, bottom = (round(side * px_per_pt) for side in box)
    piece = strokes[max(top, 0) : bottom, max(x0, 0) : x1]
    return float((piece > 0).mean()) if piece.size else 0.0


def _is_legible(doubts: Collection[Doubt]) -> bool:
    """Whether what is certain on a page can be relied on.

    On a page that is hardly legible some figures are misread without any doubt, and their sums decide nothing.
    What spoils a few figures of a legible page, a watermark or a missing rule, leaves the others as they are.
    """
    # A slash is told by its shape, and its belief says nothing of digits.
    beliefs = [doubt.belief for doubt in doubts if doubt.candidates[:1] != ("/",)]
    return not beliefs or float(np.quantile(beliefs, 1 - SETTINGS.legible_share)) >= SETTINGS.legible_belief


def _hull(grid: Grid) -> Rectangle:
    boxes = [cell.box for cell in grid.cells if cell.box]
    return grid.edges[0] - 1, min(b.top for b in boxes) - 2, grid.edges[-1] + 1, max(b.bottom for b in boxes) + 2


def _turns_of(grey: Image) -> int:
    """How many quarters a page must be turned against the clock for its text to stand upright."""
    quads = find_text(grey, SETTINGS.turned_at_px)
    sizes = [(np.linalg.norm(q[1] - q[0]), np.linalg.norm(q[3] - q[0])) for q in quads]
    tall = sum(height for width, height in sizes if height > 2 * width)
    wide = sum(width for width, height in sizes if width > 2 * height)
    turns = [1, 3] if tall > wide else [0, 2]
    longest = sorted(range(len(quads)), key=lambda i: -max(sizes[i]))[:6]
    for turn in turns:
        crops = [np.ascontiguousarray(np.rot90(cut(grey, bounds_of(quads[i])), turn)) for i in longest]
        read = [reading.confidence for reading in recognise(crops)]
        if not read or float(np.median(read)) >= SETTINGS.upright_belief:
            return turn
    return turns[0]


# ---------------------------------------------------------------- blocks


def merged(
    pdf: pdfium.PdfDocument, numbers: Sequence[int], blocks: Sequence[Line | Grid], pictures: Pictures
) -> list[Line | Grid]:
    """The blocks of the pages of text, with those of the pages and tables that are pictures where they stand."""
    if len(pictures.pages) > (most := current().scanned_pages):
        raise NotAReport(f"{len(pictures.pages)} scanned pages (at most {most}): cut out the report's pages")
    by_page: dict[int, list[Line | Grid]] = {number: [] for number in numbers}
    for block in blocks:
        by_page[block.page or 0].append(block)
    for block in _blocks(_read_pages(pdf, pictures)):
        by_page[block.page or 0].append(block)
    for number, regions in pictures.tables.items():
        for region in regions:
            more = _blocks([read_scanned(pdf, number - 1, region)])
            if any(isinstance(block, Grid) for block in more):
                by_page[number] = sorted([*by_page[number], *more], key=top_of)
    return [block for number in numbers for block in by_page[number]]


def _read_pages(pdf: pdfium.PdfDocument, pictures: Pictures) -> list[ScannedPage]:
    """The pages that are pictures; of pages that only may be a report's, the first few if these say that it is none."""
    pages: list[ScannedPage] = []
    for number in sorted(pictures.pages):
        if pictures.supposed and len(pages) == SETTINGS.sample_pages:
            text = "".join(char.text for scanned in pages for char in scanned.page.chars)
            if not says_what_reports_say("".join(text.split())):
                break
        pages.append(read_scanned(pdf, number - 1))
    return pages


def _blocks(pages: Sequence[ScannedPage]) -> list[Line | Grid]:
    by_number = {scanned.page.number: scanned for scanned in pages}
    return [_placed(block, by_number[block.page or 0]) for block in blocks_of([scanned.page for scanned in pages])]


def _placed(block: Line | Grid, page: ScannedPage) -> Line | Grid:
    """A block of a straightened page with its boxes on the page as it is shown, and with what is doubtful about it."""
    if isinstance(block, Line):
        words = tuple(_questioned(word, block, page) for word in block.words)
        return replace(block, words=words, box=_shown(block.box, page.back))
    doubts = [page.doubts.get(_about(*cell.box[1:])) if cell.box else None for cell in block.cells]
    pieced = {
        (cell.row, cell.column + step)
        for cell, doubt in zip(block.cells, doubts, strict=True)
        if doubt is None and _is_pieced(cell)
        for step in (-1, 0, cell.column_span)
    }
    cells = [
        cell._replace(
            box=_shown(cell.box, page.back),
            doubtful=doubt.doubtful if doubt else cell.doubtful or (cell.row, cell.column) in pieced,
            candidates=doubt.candidates if doubt else (),
            open=doubt is not None and doubt.open,
        )
        for cell, doubt in zip(block.cells, doubts, strict=True)
    ]
    return replace(block, cells=tuple(cells), reader="ocr")


def _is_pieced(cell: Cell) -> bool:
    """Whether a figure was read in several pieces, and each but once: it, and what stands beside it, may be two."""
    return looks_like_figure("".join(cell.text.split())) and not is_blank(cell.text)


def _questioned(word: Word, line: Line, page: ScannedPage) -> Word:
    """A word of a line with what is doubtful about it, if it is one figure."""
    if line.box is None:
        return word
    left = line.box.x0 - line.words[0].x0
    sides = _about(word.x0 + left, line.box.top, word.x1 + left, line.box.bottom)
    for (x0, top, x1, bottom), doubt in page.doubts.items():
        if (x0, x1) == (sides[0], sides[2]) and sides[1] <= top and bottom <= sides[3]:
            return word._replace(doubtful=doubt.doubtful, candidates=doubt.candidates, open=doubt.open)
    return word


def _about(x0: float, top: float, x1: float, bottom: float) -> Rectangle:
    """A box by which a run is known again, also after it was moved to the half of a sheet and back."""
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)


def _shown(box: Box | None, back: Matrix) -> Box | None:
    return Box(box.page, *shown(back, box.x0, box.top, box.x1, box.bottom)) if box else None
