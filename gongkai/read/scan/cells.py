"""The cells of a table in a picture -> their characters, and what is doubtful about those that hold figures.

In: the clean picture of a page and its grids. Out: a run of characters for each run of ink, and a ``Doubt`` for each
figure. A figure is read from two pictures of it, and from two more where these leave a doubt.
What never happens: a digit that may be another, or beside which ink was overlooked, is given as if it were certain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from gongkai.figures import read_figure
from gongkai.model import Grid
from gongkai.read.page import Char
from gongkai.read.scan.components import Bounds, Boxes, CellRun, border_px, character_height, cut, runs_of
from gongkai.read.scan.ocr import LOOKALIKES, Reading, recognise
from gongkai.read.scan.raster import Image

UNKNOWN = "?"
"""Stands where there is ink that says nothing."""


@dataclass(frozen=True, slots=True)
class FigureSettings:
    """When a figure that was recognised is certain. Shades go from 0, black, to 255; an em is a character's height."""

    stray_chars: int = 4
    """Where figures stand, so many characters that are no figure may be one misread."""
    trusted_belief: float = 0.9
    """A figure in which the recogniser believes less is doubtful."""
    unanimous_belief: float = 0.97
    """A figure in which all looks make the recogniser believe this much is certain, whatever letters it resembles."""
    candidate_belief: float = 0.01
    """A figure in which the recogniser believes less is no candidate."""
    lowest_run_pt: float = 7.0
    """A lower run (a dash) is cut out as if it were this high, in points."""
    faint_shade: int = 218
    """Ink paler than the ink of characters is still darker than this."""
    overlooked_share: float = 0.04
    """A piece of faint ink larger than this part of a character's square may be a character."""
    stain_em: float = 0.6
    """What is larger than this part of the character height is no stain."""
    slash_lean: float = 0.15
    """A slash leans by at least this part of its height; a 1 leans less in every typeface."""
    digit_height_share: float = 0.7
    """Ink lower than this part of a figure is no digit."""
    pale_shade: int = 190
    """A pixel that is paler than this, blurred, is paper between two strokes."""
    lowest_slash_px: int = 8
    """The shape of a stroke of fewer pixels says nothing."""


SETTINGS = FigureSettings()
STAINS = " .,'`‘’·•:;"
"""What a stain at either end of a figure is taken for."""

FIGURE_CHARACTERS = frozenset("".join(LOOKALIKES.values()) + " ")

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a figure may be, most likely first, and whether the first may be wrong."""

    doubtful: bool
    candidates: tuple[str, ...]
    belief: float = 0.0
    """The recogniser's belief in the first, over all looks."""
    open: bool = False
    """It may be something else than any of the candidates: it is too small, or too hidden, to be told by itself."""


def read_cells(
    grids: Sequence[Grid], components: Boxes, bare: Image, seals: Image, px_per_pt: float
) -> tuple[list[Char], dict[Rectangle, Doubt]]:
    """The characters in the cells of all grids, in points, and what is doubtful about the figures, by their box.

    ``components`` are the pieces of ink of ``bare``, the grey page without rules; ``seals``, of the same shape, is 255
    where a seal was, else 0.
    """
    em = character_height(components, px_per_pt)
    chars: list[Char] = []
    doubts: dict[Rectangle, Doubt] = {}
    for grid in grids:
        runs = runs_of(grid, components, em, px_per_pt)
        readings = recognise([_look(bare, run.box, px_per_pt, 0) for run in runs])
        runs, readings = _without_stains(runs, readings, em)
        chosen = sorted(_figure_runs(runs, readings))
        said = dict(
            zip(
                chosen,
                read_figures([runs[i].box for i in chosen], bare, px_per_pt, [readings[i] for i in chosen]),
                strict=True,
            )
        )
        for i, (run, reading) in enumerate(zip(runs, readings, strict=True)):
            doubt = said.get(i)
            text = reading.text if doubt is None else doubt.candidates[0] if doubt.candidates else ""
            char = run_of_text(text.strip() or UNKNOWN, np.array(run.box) / px_per_pt)
            chars.append(char)
            if doubt is not None:
                beside = _beside(grid, run, bare, em, px_per_pt)
                doubts[char[1:5]] = replace(doubt, doubtful=doubt.doubtful or beside)
        doubts |= {box: Doubt(True, ()) for box in _several_in_a_cell(runs, readings, chosen, px_per_pt)}
        for box in _not_quite_empty(grid, [runs[i] for i in chosen], bare, seals, em, px_per_pt):
            chars.append(run_of_text(UNKNOWN, np.array(box)))
            doubts[chars[-1][1:5]] = Doubt(True, ())
    return chars, doubts


def run_of_text(text: str, box: NDArray[np.float64]) -> Char:
    """A run as one character of several letters: nothing parts it again. ``box`` is (4,), in points."""
    x0, top, x1, bottom = (float(value) for value in box)
    return Char(text, x0, top, x1, bottom, bottom)


def _without_stains(
    runs: Sequence[CellRun], readings: Sequence[Reading], em: float
) -> tuple[list[CellRun], list[Reading]]:
    """The runs without those that are small, say nothing, and share their cell with one that does."""
    stains = [
        max(run.box[2] - run.box[0], run.box[3] - run.box[1]) < SETTINGS.stain_em * em
        and not reading.text.strip(STAINS)
        for run, reading in zip(runs, readings, strict=True)
    ]
    left = Counter(run.cell for run, stain in zip(runs, stains, strict=True) if not stain)
    kept = [i for i, run in enumerate(runs) if not stains[i] or not left[run.cell]]
    return [replace(runs[i], alone=left[runs[i].cell] <= 1) for i in kept], [readings[i] for i in kept]


def read_figures(
    boxes: Sequence[Bounds], bare: Image, px_per_pt: float, first: Sequence[Reading] | None = None
) -> list[Doubt]:
    """Each figure from two looks, and from two more where these leave a doubt; ``first`` is the first look."""
    readings = first if first is not None else recognise([_look(bare, box, px_per_pt, 0) for box in boxes])
    looks = [[reading] for reading in readings]
    for kinds in ((1,), (2, 3)):
        again = [i for i, own in enumerate(looks) if len(own) == 1 or _doubt(own).doubtful]
        for kind in kinds:
            pieces = [_look(bare, boxes[i], px_per_pt, kind) for i in again]
            for i, reading in zip(again, recognise(pieces), strict=True):
                looks[i].append(reading)
    return [_told_by_shape(_doubt(own), _look(bare, box, px_per_pt, 0)) for own, box in zip(looks, boxes, strict=True)]


def _look(bare: Image, box: Bounds, px_per_pt: float, kind: int) -> Image:
    """One of four grey pictures (``kind`` 0 to 3) of one run: more or less paper around it, ink darkened or blurred."""
    y0, y1 = box[1], box[3]
    short = max(round(SETTINGS.lowest_run_pt * px_per_pt) - (y1 - y0), 0)
    pad = max(3, round((0.15, 0.3, 0.22, 0.4)[kind] * (y1 - y0)))
    piece = cut(bare, box, pad + round(1.5 * px_per_pt), pad + short // 2)
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


def _figure_runs(runs: Sequence[CellRun], readings: Sequence[Reading]) -> set[int]:
    """Those runs that are figures, or stand where figures stand: in a row of them and in a column of them."""
    like_figures = {
        i for i, (run, read) in enumerate(zip(runs, readings, strict=True)) if run.alone and like_figure(read)
    }
    rows, columns = Counter(runs[i].cell.row for i in like_figures), Counter(runs[i].cell.column for i in like_figures)
    among = {
        i
        for i, run in enumerate(runs)
        if run.alone
        and rows[run.cell.row] >= 2
        and columns[run.cell.column] >= 2
        and len(readings[i].text) <= SETTINGS.stray_chars
    }
    return like_figures | among


def _several_in_a_cell(
    runs: Sequence[CellRun], readings: Sequence[Reading], figures: Sequence[int], px_per_pt: float
) -> list[Rectangle]:
    """The boxes of cells where figures stand that hold several runs like figures: one may be no digit at all.

    A stroke of a watermark beside a 4 would make it 41.
    """
    rows, columns = Counter(runs[i].cell.row for i in figures), Counter(runs[i].cell.column for i in figures)
    by_cell: dict[tuple[int, int], list[int]] = {}
    for i, run in enumerate(runs):
        if not run.alone and rows[run.cell.row] >= 2 and columns[run.cell.column] >= 2:
            by_cell.setdefault((run.cell.row, run.cell.column), []).append(i)
    boxes = []
    for inside in by_cell.values():
        if all(like_figure(readings[i]) or len(readings[i].text) <= 1 for i in inside):
            sides = np.array([runs[i].box for i in inside]) / px_per_pt
            low, high = sides.min(axis=0), sides.max(axis=0)
            boxes.append((float(low[0]), float(low[1]), float(high[2]), float(high[3])))
    return boxes


def like_figure(reading: Reading) -> bool:
    said = reading.text.replace(" ", "")
    return bool(said) and sum(char not in FIGURE_CHARACTERS for char in said) * 4 <= len(said)


def _doubt(looks: Sequence[Reading]) -> Doubt:
    """What the readings of a figure say together."""
    beliefs: dict[str, float] = {}
    tops: list[str] = []
    for reading in looks:
        own: dict[str, float] = {}
        for text, share in reading.figures:
            said = text.strip(STAINS)
            if said and read_figure(said, signed=True, decimal=True).legible:
                own[said] = own.get(said, 0.0) + share
        for said, share in own.items():
            beliefs[said] = beliefs.get(said, 0.0) + share / len(looks)
        tops.append(max(own, key=lambda said: own[said], default=""))
    ranked = sorted(
        ((share, said) for said, share in beliefs.items() if share >= SETTINGS.candidate_belief),
        key=lambda b: (-b[0], b[1]),
    )
    candidates = tuple(said for _, said in ranked)
    agreed = bool(ranked) and ranked[0][0] >= SETTINGS.trusted_belief and all(top == candidates[0] for top in tops)
    plain = sum(all(char in FIGURE_CHARACTERS for char in reading.text.strip(STAINS)) for reading in looks)
    # Four looks may take a letter for the digit that they all believe in; a Chinese character is something else.
    letters = (
        bool(ranked) and ranked[0][0] >= SETTINGS.unanimous_belief and all(reading.text.isascii() for reading in looks)
    )
    enough = plain == len(looks) or (len(looks) > 2 and (plain * 2 >= len(looks) or letters))
    return Doubt(not (agreed and enough), candidates, ranked[0][0] if ranked else 0.0)


def _told_by_shape(doubt: Doubt, piece: Image) -> Doubt:
    """What recognisers do not see: a slash, the mark of a blank, that looks like a 1, and a digit that is left out."""
    if doubt.candidates[:1] not in (("1",), ("/",)):
        lost = bool(doubt.candidates) and _digits_at_least(piece) > len(doubt.candidates[0])
        return replace(doubt, doubtful=True) if lost and doubt.candidates[0].isdecimal() else doubt
    stroke = _main_stroke(piece)
    read = "/" in doubt.candidates
    if stroke is not None and stroke.leans and stroke.plain:
        return replace(doubt, doubtful=not read, candidates=("/",) if read else doubt.candidates)
    # A 1 stands upright in every typeface; what leans may be a slash with a stain.
    unsure = stroke is None or stroke.leans or read
    return replace(doubt, doubtful=True) if unsure else doubt


class _Stroke(NamedTuple):
    """The largest piece of ink of a picture, as one stroke. ``leans``: to the right; ``plain``: straight and even."""

    leans: bool
    plain: bool


def _main_stroke(piece: Image) -> _Stroke | None:
    """The stroke that a 1 or a slash is, without the specks around it; ``None`` where it is too small to tell.

    A slash is one straight stroke of even width; any 1 has a flag, or feet.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((piece < 128).astype(np.uint8), connectivity=8)
    if len(stats) < 2:
        return None
    black = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    widths = black.sum(axis=1)
    (rows,) = np.nonzero(widths)
    if len(rows) < SETTINGS.lowest_slash_px:
        return None
    widths = widths[rows]
    middles = (black[rows] * np.arange(black.shape[1])).sum(axis=1) / widths
    slope, start = np.polyfit(rows, middles, 1)
    straight = np.abs(middles - slope * rows - start).max() <= 1.0
    even = widths.max() <= max(1.7 * np.median(widths), np.median(widths) + 1)
    return _Stroke(SETTINGS.slash_lean <= -slope <= 1.0, bool(straight and even))


def _digits_at_least(piece: Image) -> int:
    """How many digits the ink of a piece must be: strokes with paper between, none of them wider than it is high."""
    black = piece < 128
    (rows,) = np.nonzero(black.any(axis=1))
    if not len(rows):
        return 0
    height = int(rows[-1] - rows[0]) + 1
    # The arcs of a 0 may be paler than its sides: only what is nearly white lies between two digits.
    (columns,) = np.nonzero((cv2.GaussianBlur(piece, (3, 3), 0) < SETTINGS.pale_shade).any(axis=0))
    strokes = 0
    for part in np.split(columns, np.nonzero(np.diff(columns) > 1)[0] + 1):
        (own,) = np.nonzero(black[:, part].any(axis=1))
        strokes += bool(len(own)) and bool(own[-1] - own[0] + 1 >= SETTINGS.digit_height_share * height)
    return max(strokes, ceil(int(black.any(axis=0).sum()) / height))


# ---------------------------------------------------------------- ink that was overlooked


def _beside(grid: Grid, run: CellRun, bare: Image, em: float, px_per_pt: float) -> bool:
    """Whether faint ink stands beside a figure, in its cell: a digit of which the recogniser saw nothing."""
    x0, top, x1, bottom = run.box
    left = round(grid.edges[run.cell.column] * px_per_pt)
    right = round(grid.edges[run.cell.column + run.cell.column_span] * px_per_pt)
    near, border = round(1.2 * em), border_px(px_per_pt)
    box = max(left + border, x0 - near), top, min(right - border, x1 + near), bottom
    return _overlooked(bare, box, em, (x0, x1))


def _not_quite_empty(
    grid: Grid, figures: Sequence[CellRun], bare: Image, seals: Image, em: float, px_per_pt: float
) -> list[Rectangle]:
    """The places of empty cells where figures stand, in points, in which is faint ink, or which a seal may cover."""
    rows, columns = Counter(run.cell.row for run in figures), Counter(run.cell.column for run in figures)
    places = []
    for cell in grid.cells:
        if cell.text or cell.box is None or rows[cell.row] < 2 or columns[cell.column] < 2:
            continue
        x0, top, x1, bottom = (round(v * px_per_pt) for v in (cell.box.x0, cell.box.top, cell.box.x1, cell.box.bottom))
        border = border_px(px_per_pt)
        inner = x0 + border, top + border, x1 - border, bottom - border
        if _overlooked(bare, inner, em) or _overlooked(255 - seals, inner, em, sides=True):
            x, y = (cell.box.x0 + cell.box.x1) / 2, (cell.box.top + cell.box.bottom) / 2
            places.append((x - 3, y - 4, x + 3, y + 4))
    return places


def _overlooked(
    bare: Image, box: Bounds, em: float, known: tuple[int, int] | None = None, *, sides: bool = False
) -> bool:
    """Whether a box holds faint ink of the size of a digit, apart from what stands in ``known``.

    ``known`` is an interval across the page. What touches the ``sides`` of the box may be left over from a rule.
    """
    if box[2] - box[0] < 3 or box[3] - box[1] < 3:
        return False
    piece = cv2.GaussianBlur(cut(bare, box), (5, 5), 0)
    _, _, stats, _ = cv2.connectedComponentsWithStats((piece < SETTINGS.faint_shade).astype(np.uint8), connectivity=8)
    right = box[2] - box[0]
    parts = [
        (left, left + width, top, top + height, area)
        for left, top, width, height, area in sorted(stats[1:].tolist())
        if (known is None or box[0] + left + width <= known[0] or box[0] + left >= known[1])
        and (sides or (left > 0 and left + width < right))
    ]
    # Where the strokes of a digit are broken, its parts stand below each other.
    end, upper, lower, inked = -1, 0, 0, 0
    for left, right, top, bottom, area in parts:
        if left <= end:
            end, upper, lower, inked = max(end, right), min(upper, top), max(lower, bottom), inked + area
        else:
            end, upper, lower, inked = right, top, bottom, area
        if lower - upper >= 0.4 * em and inked >= SETTINGS.overlooked_share * em * em:
            return True
    return False
