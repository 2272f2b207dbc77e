"""What stands outside the ruled tables of a picture -> runs of characters.

In: the clean picture of a page and where its tables are. Out: a run for each piece of a line. A run that may be a
figure (a table without rules has many) is read as the figures in cells are.
What never happens: figures of two columns make one run, or a figure that is in doubt is given: it is undecodable then,
and what it may be goes beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gongkai.read.page import UNDECODABLE, Char, Page
from gongkai.read.running_heads import is_decorated_page_number
from gongkai.read.scan.cells import Doubt, Rectangle, like_figure, read_figures, run_of_text
from gongkai.read.scan.components import Bounds, Boxes, character_height, components_of, cut, lines_of, runs_of_line
from gongkai.read.scan.ocr import Quad, find_text, recognise
from gongkai.read.scan.raster import Image, Mask, ink
from gongkai.read.two_up import gutter, is_broad


@dataclass(frozen=True, slots=True)
class FigureLineSettings:
    """When what stands outside ruled tables is a figure. An em is a character's height."""

    readable_belief: float = 0.6
    """A line of prose whose characters are believed less on average is a stain."""
    detected_at_px: int = 1280
    """The longest side of an A4 page, in pixels, at which text is looked for; a sheet of two pages is larger."""
    a4_height_pt: float = 842.0
    """The longest side of such a page."""
    stray_chars: int = 2
    """So few characters in a line of figures may be one misread."""
    row_figures: int = 3
    """At least so many figures make a line of figures."""
    alike_height_share: float = 0.7
    """Figures of a table are of one height: what is lower than this part of it is no digit."""
    least_ink_share: float = 0.08
    """So much of the square of that height the strokes of a digit take at least."""
    lines_around: int = 5
    """So many lines above and below say where figures stand."""
    column_gap_times: float = 1.5
    """Two figures of a line that are further from each other than most, by this factor, have a column between them."""
    blur_px: int = 2
    """So many pixels beside a figure its ink may reach."""
    figure_gap_em: float = 0.8
    """A gap wider than this part of the character height parts two figures."""


SETTINGS = FigureLineSettings()


def read_lines(
    grey: Image, seals: Image, tables: Sequence[Rectangle], px_per_pt: float
) -> tuple[list[Char], dict[Rectangle, Doubt]]:
    """The runs of text outside the tables, and what is doubtful about their figures, by their box; all in points.

    ``grey`` and ``seals`` are of one shape; ``seals`` is 255 where a seal was, else 0. ``tables`` are in points.
    """

    def outside(box: Bounds) -> bool:
        x, y = (box[0] + box[2]) / 2 / px_per_pt, (box[1] + box[3]) / 2 / px_per_pt
        return not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in tables)

    longest = round(SETTINGS.detected_at_px * min(max(max(grey.shape) / px_per_pt / SETTINGS.a4_height_pt, 1.0), 2.0))
    boxes = [box for quad in find_text(grey, longest) if outside(box := bounds_of(quad))]
    components = components_of(grey, px_per_pt)
    em = character_height(components, px_per_pt)
    chars: list[Char] = []
    doubts: dict[Rectangle, Doubt] = {}
    figures: list[Bounds] = []
    strays: list[Bounds] = []
    for box, reading in zip(boxes, recognise([cut(grey, box) for box in boxes]), strict=True):
        text, tight = reading.text.strip(), _tight(grey, box)
        if like_figure(reading) and not is_decorated_page_number(text):
            figures += _parted(components, box) or [tight]
        elif _may_be_figures(text, reading.confidence):
            strays += _parted(components, box) or [tight]
        elif reading.confidence >= SETTINGS.readable_belief:
            chars.append(run_of_text(text, np.array(tight) / px_per_pt))
    missed = [run for run in _missed(components, boxes, figures, em) if outside(run)]
    read = recognise([cut(grey, box, 4, 4) for box in missed])
    for box, reading in zip(missed, read, strict=True):
        if like_figure(reading):
            figures.append(box)
        else:
            strays.append(box)
    figures += [box for box in strays if _among(box, figures)]
    chars = [char for char in chars if not _lies_across(_pixels(char, px_per_pt), figures, em)]
    holes = _holes(figures, chars, grey, seals, px_per_pt)
    chars = [char for char in chars if not any(_lies_in(char, box, px_per_pt) for box in holes)]
    may_be_figures = [*figures, *holes]
    for box, doubt in zip(may_be_figures, read_figures(may_be_figures, grey, px_per_pt), strict=True):
        if doubt.candidates or box in holes or _among(box, figures):
            certain = bool(doubt.candidates) and not doubt.doubtful and box not in holes
            run = run_of_text(doubt.candidates[0] if certain else UNDECODABLE, np.array(box) / px_per_pt)
            chars.append(run._replace(baseline=_foot(box, may_be_figures) / px_per_pt))
            doubts[chars[-1][1:5]] = replace(doubt, doubtful=not certain)
    return chars, doubts


def _may_be_figures(text: str, confidence: float) -> bool:
    """Whether what was read as something else may be figures, if it stands in a line of them."""
    return (len(text) <= SETTINGS.stray_chars or confidence < SETTINGS.readable_belief) and not any(
        "一" <= char <= "鿿" for char in text
    )


def bounds_of(quad: Quad) -> Bounds:
    """The box around four corners."""
    low, high = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _foot(box: Bounds, figures: Sequence[Bounds]) -> float:
    """Where the figures of a line end, whatever is joined to one of them from below."""
    middle = (box[1] + box[3]) / 2
    return float(np.median([bottom for _, top, _, bottom in figures if top <= middle <= bottom]))


def _among(box: Bounds, figures: Sequence[Bounds]) -> bool:
    """Whether a box stands in a line of figures."""
    middle = (box[1] + box[3]) / 2
    return sum(figure[1] <= middle <= figure[3] for figure in figures) >= SETTINGS.row_figures


def _lies_across(box: Bounds, figures: Sequence[Bounds], em: float) -> bool:
    """Whether a text lies upon several lines of figures: a watermark, whose characters are larger than theirs."""
    within = [f for f in figures if box[1] <= (f[1] + f[3]) / 2 <= box[3]]
    middles = [(f[1] + f[3]) / 2 for f in within]
    left = min((f[0] for f in within), default=box[2])
    return len(within) >= 2 * SETTINGS.row_figures and max(middles) - min(middles) > em and left < box[2]


def _holes(
    figures: Sequence[Bounds], texts: Sequence[Char], grey: Image, seals: Image, px_per_pt: float
) -> list[Bounds]:
    """The ink in lines of figures that was read as none, or as text, where one of their figures must stand.

    And the strokes of seals where one may.
    """
    height, width = grey.shape
    runs = [*texts, *(run_of_text("0", np.array(box) / px_per_pt) for box in figures)]
    sheet = Page(0, width / px_per_pt, height / px_per_pt, runs, (), ())
    middle = (gutter(sheet) or 0.0) * px_per_pt if is_broad(sheet) else 0.0
    inked = ink(grey) > 0
    texts_at = [_pixels(char, px_per_pt) for char in texts]
    holes = []
    for side in _sides(figures, middle):
        high = float(np.median(side[:, 3] - side[:, 1]))
        lines = lines_of(side, high)
        for i, line in enumerate(lines):
            near = lines[max(i - SETTINGS.lines_around, 0) : i], lines[i + 1 : i + 1 + SETTINGS.lines_around]
            above, below = ([other for other in group if 2 * _over(line, other).sum() >= len(line)] for group in near)
            holes += _holes_of_line(line, above, below, texts_at, inked, high)
            holes += _hidden(line, [*above, *below], seals, high)
    return holes


def _sides(figures: Sequence[Bounds], middle: float) -> list[Boxes]:
    """The figures left and right of the middle of a sheet that has two pages, if figures stand in lines on each.

    A sheet of one page has nothing across its middle, too, where it is between two columns of a table.
    """
    every = np.array(figures, np.int32).reshape(-1, 4)
    right = every[:, 0] + every[:, 2] >= 2 * middle
    sides = [side for side in (every[~right], every[right]) if len(side)]
    for side in sides:
        high = float(np.median(side[:, 3] - side[:, 1]))
        if max(map(len, lines_of(side, high))) < SETTINGS.row_figures:
            return [every]
    return sides


def _holes_of_line(
    line: Boxes,
    above: Sequence[Boxes],
    below: Sequence[Boxes],
    texts: Sequence[Bounds],
    inked: Mask,
    high: float,
) -> list[Bounds]:
    """The same of one line; ``above`` and ``below`` are lines of figures like it, ``high`` is a figure's height.

    ``inked`` is as large as the page, and says where there is ink.
    """
    around = np.concatenate([line, *above, *below])
    left, right = int(around[:, 0].min()), int(around[:, 2].max())
    top, bottom = round(np.median(line[:, 1])), round(np.median(line[:, 3]))
    black = inked[top:bottom, left:right].copy()
    for x0, _, x1, _ in line:
        black[:, max(x0 - left - SETTINGS.blur_px, 0) : max(x1 - left + SETTINGS.blur_px, 0)] = False
    # Left of the figures stands the label, over which figures of another table may stand.
    label = int(line[:, 0].min())
    if above and below:
        label = min(label, max(min(int(other[:, 0].min()) for other in own) for own in (above, below)))
    for x0, y0, x1, y1 in texts:
        if y0 < bottom and y1 > top:
            black[:, max(x0 - left, 0) : max(min(x1, label) - left, 0)] = False
    middles = np.sort(line[:, 0] + line[:, 2]) / 2
    steps = np.diff(middles)
    holes = []
    (columns,) = np.nonzero(black.any(axis=0))
    for run in (
        np.split(columns, np.nonzero(np.diff(columns) > SETTINGS.figure_gap_em * high)[0] + 1) if len(columns) else ()
    ):
        (rows,) = np.nonzero(black[:, run].any(axis=1))
        box = (left + int(run[0]), top + int(rows[0]), left + int(run[-1]) + 1, top + int(rows[-1]) + 1)
        place = int(np.searchsorted(middles, (box[0] + box[2]) / 2))
        gap = (
            len(line) >= SETTINGS.row_figures
            and 0 < place < len(line)
            and steps[place - 1] > SETTINGS.column_gap_times * np.median(steps)
        )
        column = any(_over(np.array([box]), other).any() for other in (*above, *below))
        large = (
            box[3] - box[1] >= SETTINGS.alike_height_share * high
            and black[:, run].sum() >= SETTINGS.least_ink_share * high * high
        )
        if large and (gap or column):
            holes.append(box)
    return holes


def _hidden(line: Boxes, others: Sequence[Boxes], seals: Image, high: float) -> Iterator[Bounds]:
    """Where the stroke of a seal may cover a figure of a line: in the columns of ``others`` in which it has none."""
    top, bottom = round(np.median(line[:, 1])), round(np.median(line[:, 3]))
    columns = runs_of_line(np.concatenate([line, *others]), 0.0)
    for x0, _, x1, _ in columns:
        stroke = seals[top:bottom, x0:x1] > 0
        (rows,) = np.nonzero(stroke.any(axis=1))
        empty = not _over(np.array([(x0, top, x1, bottom)]), line).any()
        if (
            empty
            and len(rows) >= SETTINGS.alike_height_share * high
            and stroke.sum() >= SETTINGS.least_ink_share * high * high
        ):
            yield x0, top, x1, bottom


def _over(boxes: Boxes, others: Boxes) -> Mask:
    """Which of the boxes have one of the others above or below: (n,), for the n of ``boxes``."""
    meets = (boxes[:, None, 0] < others[None, :, 2]) & (boxes[:, None, 2] > others[None, :, 0])
    return np.asarray(meets.any(axis=1))


def _pixels(char: Char, px_per_pt: float) -> Bounds:
    return (
        round(char.x0 * px_per_pt),
        round(char.top * px_per_pt),
        round(char.x1 * px_per_pt),
        round(char.bottom * px_per_pt),
    )


def _lies_in(char: Char, box: Bounds, px_per_pt: float) -> bool:
    """Whether what was read is no more than the ink in a box."""
    x0, y0, x1, y1 = (value / px_per_pt for value in box)
    x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
    return x0 <= x <= x1 and y0 <= y <= y1 and char.x1 - char.x0 <= 2 * (x1 - x0)


def _inside(components: Boxes, box: Bounds) -> Mask:
    """Which of the n pieces of ink have their middle in a box: (n,)."""
    x, y = (components[:, 0] + components[:, 2]) / 2, (components[:, 1] + components[:, 3]) / 2
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def _parted(components: Boxes, box: Bounds) -> list[Bounds]:
    """The figures in a box of text, one for each column."""
    own = components[_inside(components, box)]
    return runs_of_line(own, SETTINGS.figure_gap_em) if len(own) else []


def _missed(components: Boxes, boxes: Sequence[Bounds], figures: Sequence[Bounds], em: float) -> list[Bounds]:
    """Runs of ink of the size of digits that are in no box of text.

    A digit is half as high as a Chinese character of its size; in a line of figures it is as high as these, which may
    be far smaller than the prose.
    """
    high = components[:, 3] - components[:, 1]
    free = high >= 0.4 * em
    if figures:
        known = np.array(figures)
        middles = (components[:, 1:2] + components[:, 3:4]) / 2
        level = ((known[:, 1] <= middles) & (middles <= known[:, 3])).sum(axis=1) >= SETTINGS.row_figures
        free |= level & (high >= SETTINGS.alike_height_share * np.median(known[:, 3] - known[:, 1]))
    free &= high <= 1.5 * em
    for box in boxes:
        free &= ~_inside(components, box)
    own = components[free]
    return [run for line in lines_of(own, em) for run in runs_of_line(line, SETTINGS.figure_gap_em)] if len(own) else []


def _tight(grey: Image, box: Bounds) -> Bounds:
    """The box of the ink within a box."""
    x0, y0 = box[:2]
    black = ink(cut(grey, box))
    across, down = np.nonzero(black.sum(axis=0) > 255)[0], np.nonzero(black.sum(axis=1) > 255)[0]
    if not len(across) or not len(down):
        return box
    return x0 + int(across[0]), y0 + int(down[0]), x0 + int(across[-1]) + 1, y0 + int(down[-1]) + 1
