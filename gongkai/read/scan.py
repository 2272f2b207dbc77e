"""A page that is a picture -> lines and grids, by OCR.

In: pages of a PDF. Out: what ``gongkai.read.pdf`` yields for pages with a text layer, in the same coordinates, so that
all that follows is the same. Rules are found first; each cell is then read by itself, and a cell that holds a figure
is read twice, from two pictures of it.
What never happens: a digit that may be another is given as if it were certain: the cell is doubtful then, and carries
what it may say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from gongkai.errors import NotAReport
from gongkai.figures import read_figure
from gongkai.model import Box, Cell, Grid, Line
from gongkai.read.ocr import LOOKALIKES, Reading, find_text, recognise
from gongkai.read.page import Char, Page
from gongkai.read.pdf import blocks_of
from gongkai.read.raster import Blobs, Image, Raster, blobs_of, cleaned, ink, render, rules_of, straightened
from gongkai.read.rules import ruled_grids
from gongkai.read.textlayer import Pictures

UNKNOWN = "?"
"""Stands where there is ink that says nothing."""
STRAY = 4
"""Where figures stand, so many characters that are no figure may be one misread."""
TRUSTED = 0.9
"""A figure in which the recogniser believes less is doubtful."""
CANDIDATE = 0.01
"""A figure in which the recogniser believes less is no candidate."""
READABLE = 0.6
"""A line of prose whose characters are believed less on average is a stain."""
UPRIGHT = 0.8
"""Lines that are believed less on average stand on their heads."""
SPECK = 1.4
"""A piece of ink that is nowhere longer than this, in points, is a speck, a full stop or a point."""
SMALL = 0.3
"""What is smaller than this part of the character height, both ways, is a point, a comma or a stain."""
LOWEST = 7.0
"""A lower run (a dash) is cut out as if it were this high, in points."""
APART = 1.3
"""A gap wider than this part of the character height parts two words."""
DETECTED_AT = 1280
"""The longest side, in pixels, at which text is looked for outside tables."""
MAX_SCANNED = 40
"""A page takes about two seconds."""
TURNED_AT = 736
"""The same where only its direction is asked."""

FIGURE_CHARACTERS = frozenset("".join(LOOKALIKES.values()) + " ")

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a figure may be, most likely first, and whether the first may be wrong."""

    doubtful: bool
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page as read: its characters and rules as of any page, what is doubtful by its box, and the way back."""

    page: Page
    doubts: dict[Rectangle, Doubt]
    raster: Raster


def read_scanned(pdf: pdfium.PdfDocument, index: int, region: Rectangle | None = None) -> ScannedPage:
    """What stands on a page, or in one region of it (in points), told from its picture alone."""
    picture, dots = render(pdf[index])
    if region is not None:
        x0, y0, x1, y1 = (round(value * dots) for value in region)
        inside = picture[max(y0, 0) : y1, max(x0, 0) : x1].copy()
        picture[:] = 255
        picture[max(y0, 0) : y1, max(x0, 0) : x1] = inside
    grey = cleaned(picture)
    raster = straightened(grey, dots, _turns_of(grey) if region is None else 0)
    across, down, wiped = rules_of(raster)
    bare = raster.grey.copy()
    bare[wiped > 0] = 255
    blobs = _marks(blobs_of(bare), dots)
    height, width = raster.grey.shape
    frame = Page(index + 1, width / dots, height / dots, [_char("■", b / dots) for b in blobs], across, down)
    grids, _ = ruled_grids(frame, "ocr")
    chars, doubts = _read_cells(grids, blobs, bare, dots)
    chars += _read_lines(raster.grey, [_hull(grid) for grid in grids], dots)
    return ScannedPage(replace(frame, chars=chars), doubts, raster)


def _char(text: str, box: NDArray[np.float64]) -> Char:
    x0, top, x1, bottom = (float(value) for value in box)
    return Char(text, x0, top, x1, bottom, bottom)


def _hull(grid: Grid) -> Rectangle:
    boxes = [cell.box for cell in grid.cells if cell.box]
    return grid.edges[0] - 1, min(b.top for b in boxes) - 2, grid.edges[-1] + 1, max(b.bottom for b in boxes) + 2


def _turns_of(grey: Image) -> int:
    """How many quarters a page must be turned against the clock for its text to stand upright."""
    quads = find_text(grey, TURNED_AT)
    sizes = [(np.linalg.norm(q[1] - q[0]), np.linalg.norm(q[3] - q[0])) for q in quads]
    tall = sum(height for width, height in sizes if height > 2 * width)
    wide = sum(width for width, height in sizes if width > 2 * height)
    turns = [1, 3] if tall > wide else [0, 2]
    longest = sorted(range(len(quads)), key=lambda i: -max(sizes[i]))[:6]
    for turn in turns:
        crops = [np.ascontiguousarray(np.rot90(_cut(grey, _bounds(quads[i])), turn)) for i in longest]
        read = [reading.confidence for reading in recognise(crops)]
        if not read or float(np.median(read)) >= UPRIGHT:
            return turn
    return turns[0]


def _bounds(quad: NDArray[np.float32]) -> tuple[int, int, int, int]:
    low, high = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _cut(grey: Image, box: tuple[int, int, int, int], pad_x: int = 0, pad_y: int = 0) -> Image:
    """A piece of the picture; what lies beyond its edge is paper."""
    x0, y0, x1, y1 = box
    left, top, right, bottom = x0 - pad_x, y0 - pad_y, x1 + pad_x, y1 + pad_y
    height, width = grey.shape
    piece = grey[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if not piece.size:
        return piece
    return np.asarray(
        cv2.copyMakeBorder(
            piece,
            max(-top, 0),
            max(bottom - height, 0),
            max(-left, 0),
            max(right - width, 0),
            cv2.BORDER_CONSTANT,
            value=255,
        ),
        np.uint8,
    )


# ---------------------------------------------------------------- cells


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text within a cell: where it stands in pixels, and which line and cell of which grid it is of."""

    box: tuple[int, int, int, int]
    cell: Cell
    alone: bool
    """Whether nothing else stands in the cell."""


def _marks(blobs: Blobs, dots: float) -> NDArray[np.int32]:
    """The pieces of ink that are parts of characters, without specks."""
    if not len(blobs):
        return blobs.boxes
    width, height = blobs.boxes[:, 2] - blobs.boxes[:, 0], blobs.boxes[:, 3] - blobs.boxes[:, 1]
    speck = np.maximum(width, height) < SPECK * dots
    huge = height > 40 * dots
    return np.asarray(blobs.boxes[~speck & ~huge], np.int32)


def _read_cells(
    grids: Sequence[Grid], blobs: NDArray[np.int32], bare: Image, dots: float
) -> tuple[list[Char], dict[Rectangle, Doubt]]:
    """The characters in the cells of all grids, and what is doubtful about those that hold figures."""
    chars: list[Char] = []
    doubts: dict[Rectangle, Doubt] = {}
    for grid in grids:
        runs = _runs(grid, blobs, dots)
        readings = recognise([_look(bare, run.box, dots, 0) for run in runs])
        chosen = sorted(_figure_runs(runs, readings))
        said = dict(zip(chosen, _read_figures([(runs[i], readings[i]) for i in chosen], bare, dots), strict=True))
        for i, (run, reading) in enumerate(zip(runs, readings, strict=True)):
            doubt = said.get(i)
            text = reading.text if doubt is None else doubt.candidates[0] if doubt.candidates else ""
            char = _char(text or UNKNOWN, np.array(run.box) / dots)
            chars.append(char)
            if doubt is not None:
                doubts[char[1:5]] = doubt
    return chars, doubts


def _read_figures(runs: Sequence[tuple[_Run, Reading]], bare: Image, dots: float) -> list[Doubt]:
    """Each figure from a second look, and from two more where these two leave a doubt."""
    looks = [[first] for _, first in runs]
    for kinds in ((1,), (2, 3)):
        again = [i for i, own in enumerate(looks) if len(own) == 1 or _doubt(own).doubtful]
        for kind in kinds:
            pieces = [_look(bare, runs[i][0].box, dots, kind) for i in again]
            for i, reading in zip(again, recognise(pieces), strict=True):
                looks[i].append(reading)
    return [_doubt(own) for own in looks]


def _runs(grid: Grid, blobs: NDArray[np.int32], dots: float) -> list[_Run]:
    """The runs of text in a grid's cells, line by line."""
    if not len(blobs):
        return []
    em = _em(blobs, dots)
    middles = np.column_stack([blobs[:, 0] + blobs[:, 2], blobs[:, 1] + blobs[:, 3]]) / (2 * dots)
    found = []
    for cell in grid.cells:
        if not cell.text or cell.box is None:
            continue
        box = cell.box
        x, y = middles[:, 0], middles[:, 1]
        own = blobs[(x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom)]
        lines = [_split(line) for line in _lines(own, em)]
        # A stain makes no run of its own; where nothing else stands in the cell, it may be what is left of a character.
        kept = [[run for run in line if not _is_small(run, em)] for line in lines]
        lines = [line for line in kept if line] or lines
        alone = len(lines) == 1 and len(lines[0]) == 1
        found += [_Run(_trimmed(run, own, em) if alone else run, cell, alone) for line in lines for run in line]
    return found


def _is_small(box: Sequence[int], em: float) -> bool:
    return box[2] - box[0] < SMALL * em and box[3] - box[1] < SMALL * em


def _trimmed(run: tuple[int, int, int, int], blobs: NDArray[np.int32], em: float) -> tuple[int, int, int, int]:
    """The run without small marks at its ends: no figure begins or ends with a point, and stains stand anywhere."""
    large = [b for b in blobs if not _is_small(b, em) and b[0] >= run[0] and b[2] <= run[2]]
    if not large:
        return run
    boxes = np.array(large)
    return int(boxes[:, 0].min()), int(boxes[:, 1].min()), int(boxes[:, 2].max()), int(boxes[:, 3].max())


def _lines(blobs: NDArray[np.int32], em: float) -> list[NDArray[np.int32]]:
    """Pieces of ink as lines from top to bottom; ``em`` is the height of a character."""
    lines: list[list[NDArray[np.int32]]] = []
    middles: list[float] = []
    # What is as high as a character says where the lines are; strokes and points then go to the nearest.
    high = blobs[:, 3] - blobs[:, 1] >= 0.5 * em
    for chosen in (blobs[high], blobs[~high]):
        for blob in sorted(chosen, key=lambda b: (int(b[1] + b[3]), int(b[0]))):
            middle = (int(blob[1]) + int(blob[3])) / 2
            nearest = min(range(len(lines)), key=lambda i: abs(middles[i] - middle), default=None)
            if nearest is not None and abs(middles[nearest] - middle) <= 0.6 * em:
                lines[nearest].append(blob)
                middles[nearest] += (middle - middles[nearest]) / len(lines[nearest])
            else:
                lines.append([blob])
                middles.append(middle)
    order = sorted(range(len(lines)), key=lambda i: middles[i])
    return [np.array(lines[i]) for i in order]


def _em(blobs: NDArray[np.int32], dots: float) -> float:
    """The height of a character, in pixels, in a table of these pieces of ink."""
    heights = blobs[:, 3] - blobs[:, 1] if len(blobs) else np.array([])
    heights = heights[(heights >= 4 * dots) & (heights <= 20 * dots)]
    return float(np.percentile(heights, 90)) * 1.1 if len(heights) else 11.0 * dots


def _split(line: NDArray[np.int32]) -> list[tuple[int, int, int, int]]:
    """The runs of a line: its pieces of ink, parted where the gap is wider than a character."""
    top, bottom = int(line[:, 1].min()), int(line[:, 3].max())
    runs: list[tuple[int, int, int, int]] = []
    for blob in line[np.argsort(line[:, 0], kind="stable")]:
        x0, x1 = int(blob[0]), int(blob[2])
        if runs and x0 - runs[-1][2] <= APART * (bottom - top):
            runs[-1] = runs[-1][0], top, max(runs[-1][2], x1), bottom
        else:
            runs.append((x0, top, x1, bottom))
    return runs


def _look(bare: Image, box: tuple[int, int, int, int], dots: float, kind: int) -> Image:
    """One of four pictures of the same run: more or less paper around it, its ink darkened, blurred or thinned."""
    y0, y1 = box[1], box[3]
    short = max(round(LOWEST * dots) - (y1 - y0), 0)
    pad = max(3, round((0.15, 0.3, 0.22, 0.4)[kind] * (y1 - y0)))
    piece = _cut(bare, box, pad + round(1.5 * dots), pad + short // 2)
    if kind in (0, 2):
        piece = _darkened(piece)
    if kind == 1:
        piece = np.asarray(cv2.GaussianBlur(piece, (3, 3), 0), np.uint8)
    if kind == 2:
        piece = np.asarray(cv2.GaussianBlur(piece, (5, 5), 0), np.uint8)
    return piece


def _darkened(piece: Image) -> Image:
    if not piece.size:
        return piece
    darkest = float(np.percentile(piece, 1))
    if darkest >= 235:
        return piece
    return np.asarray(np.clip((piece.astype(np.float32) - darkest) * (255 / (250 - darkest)), 0, 255), np.uint8)


def _figure_runs(runs: Sequence[_Run], readings: Sequence[Reading]) -> set[int]:
    """Those runs that are figures, or stand where figures stand: in a row of them and in a column of them."""
    found = {i for i, (run, read) in enumerate(zip(runs, readings, strict=True)) if run.alone and _like_figure(read)}
    rows, columns = Counter(runs[i].cell.row for i in found), Counter(runs[i].cell.column for i in found)
    among = {
        i
        for i, run in enumerate(runs)
        if run.alone and rows[run.cell.row] >= 2 and columns[run.cell.column] >= 2 and len(readings[i].text) <= STRAY
    }
    return found | among


def _like_figure(reading: Reading) -> bool:
    said = reading.text.replace(" ", "")
    return bool(said) and sum(char not in FIGURE_CHARACTERS for char in said) * 4 <= len(said)


def _doubt(looks: Sequence[Reading]) -> Doubt:
    """What the readings of a figure say together."""
    beliefs: dict[str, float] = {}
    for reading in looks:
        for text, share in reading.figures:
            if text and read_figure(text, signed=True, decimal=True).legible:
                beliefs[text] = beliefs.get(text, 0.0) + share / len(looks)
    ranked = sorted(
        ((share, text) for text, share in beliefs.items() if share >= CANDIDATE), key=lambda b: (-b[0], b[1])
    )
    candidates = tuple(text for _, text in ranked)
    agreed = all(reading.figures and candidates and reading.figures[0][0] == candidates[0] for reading in looks)
    plain = sum(all(char in FIGURE_CHARACTERS for char in reading.text) for reading in looks)
    certain = (
        agreed and ranked[0][0] >= TRUSTED and (plain == len(looks) or (len(looks) > 2 and plain * 2 >= len(looks)))
    )
    return Doubt(not certain, candidates)


# ---------------------------------------------------------------- lines outside tables


def _read_lines(grey: Image, hulls: Sequence[Rectangle], dots: float) -> list[Char]:
    """The runs of text outside the tables."""
    boxes = []
    for quad in find_text(grey, DETECTED_AT):
        x0, y0, x1, y1 = _bounds(quad)
        x, y = (x0 + x1) / 2 / dots, (y0 + y1) / 2 / dots
        if not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in hulls):
            boxes.append((x0, y0, x1, y1))
    chars = []
    for box, reading in zip(boxes, recognise([_cut(grey, box) for box in boxes]), strict=True):
        if reading.text.strip() and reading.confidence >= READABLE:
            chars.append(_char(reading.text.strip(), np.array(_tight(grey, box)) / dots))
    return chars


def _tight(grey: Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The box of the ink within a box."""
    x0, y0 = box[:2]
    black = ink(_cut(grey, box))
    across, down = np.nonzero(black.sum(axis=0) > 255)[0], np.nonzero(black.sum(axis=1) > 255)[0]
    if not len(across) or not len(down):
        return box
    return x0 + int(across[0]), y0 + int(down[0]), x0 + int(across[-1]) + 1, y0 + int(down[-1]) + 1


# ---------------------------------------------------------------- blocks


def read_scan(path: Path, pages: Sequence[int] | None = None) -> list[Line | Grid]:
    """The lines and grids of those pages (from 1; all by default), told from their pictures, in reading order."""
    with pdfium.PdfDocument(path) as pdf:
        return _blocks([read_scanned(pdf, number - 1) for number in pages or range(1, len(pdf) + 1)])


def merged(
    pdf: pdfium.PdfDocument, numbers: Sequence[int], blocks: Sequence[Line | Grid], pictures: Pictures
) -> list[Line | Grid]:
    """The blocks of the pages of text, with those of the pages and tables that are pictures where they stand."""
    if len(pictures.pages) > MAX_SCANNED:
        raise NotAReport(f"{len(pictures.pages)} scanned pages (at most {MAX_SCANNED}): cut out the report's pages")
    found: dict[int, list[Line | Grid]] = {number: [] for number in numbers}
    for block in blocks:
        found[block.page or 0].append(block)
    for block in _blocks([read_scanned(pdf, number - 1) for number in sorted(pictures.pages)]):
        found[block.page or 0].append(block)
    for number, regions in pictures.tables.items():
        for region in regions:
            more = _blocks([read_scanned(pdf, number - 1, region)])
            if any(isinstance(block, Grid) for block in more):
                found[number] = sorted([*found[number], *more], key=_top)
    return [block for number in numbers for block in found[number]]


def _top(block: Line | Grid) -> float:
    boxes = [block.box] if isinstance(block, Line) else [cell.box for cell in block.cells]
    return min((box.top for box in boxes if box), default=0.0)


def _blocks(pages: Sequence[ScannedPage]) -> list[Line | Grid]:
    by_number = {scanned.page.number: scanned for scanned in pages}
    return [_placed(block, by_number[block.page or 0]) for block in blocks_of([scanned.page for scanned in pages])]


def _placed(block: Line | Grid, page: ScannedPage) -> Line | Grid:
    """A block of a straightened page with its boxes on the page as it is shown, and with what is doubtful about it."""
    if isinstance(block, Line):
        return replace(block, box=_shown(block.box, page.raster))
    cells = []
    for cell in block.cells:
        at = (cell.box.x0, cell.box.top, cell.box.x1, cell.box.bottom) if cell.box else None
        doubt = page.doubts.get(at) if at else None
        cells.append(
            replace(
                cell,
                box=_shown(cell.box, page.raster),
                doubtful=doubt.doubtful if doubt else cell.doubtful,
                candidates=doubt.candidates if doubt else (),
            )
        )
    return replace(block, cells=tuple(cells), reader="ocr")


def _shown(box: Box | None, raster: Raster) -> Box | None:
    return Box(box.page, *raster.shown(box.x0, box.top, box.x1, box.bottom)) if box else None
