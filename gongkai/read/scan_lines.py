"""What stands outside the ruled tables of a picture -> runs of characters.

In: the clean picture of a page and where its tables are. Out: a run for each piece of a line. A run that may be a
figure (a table without rules has many) is read as the figures in cells are.
What never happens: figures of two columns make one run, or a figure that is in doubt is given: it is undecodable then,
and what it may be goes beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gongkai.read.cells import Doubt, Rectangle, like_figure, read_figures, run_of_text
from gongkai.read.furniture import is_decorated_page_number
from gongkai.read.marks import Bounds, character_height, cut, lines_of, marks_of, runs_of_line
from gongkai.read.ocr import Quad, find_text, recognise
from gongkai.read.page import UNDECODABLE, Char
from gongkai.read.raster import Image, ink

READABLE = 0.6
"""A line of prose whose characters are believed less on average is a stain."""
DETECTED_AT = 1280
"""The longest side of an A4 page, in pixels, at which text is looked for; a sheet of two pages is larger."""
A4 = 842.0
STRAY = 2
"""So few characters in a line of figures may be one misread."""
ROW = 3
"""At least so many figures make a line of figures."""
ALIKE = 0.7
"""Figures of a table are of one height: what is lower than this part of it is no digit."""
APART = 0.8
"""A gap wider than this part of the character height parts two figures."""


def read_lines(grey: Image, tables: Sequence[Rectangle], dots: float) -> tuple[list[Char], dict[Rectangle, Doubt]]:
    """The runs of text outside the tables, and what is doubtful about their figures, by their box; all in points."""

    def outside(box: Bounds) -> bool:
        x, y = (box[0] + box[2]) / 2 / dots, (box[1] + box[3]) / 2 / dots
        return not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in tables)

    longest = round(DETECTED_AT * min(max(max(grey.shape) / dots / A4, 1.0), 2.0))
    boxes = [box for quad in find_text(grey, longest) if outside(box := bounds_of(quad))]
    marks = marks_of(grey, dots)
    em = character_height(marks, dots)
    chars: list[Char] = []
    doubts: dict[Rectangle, Doubt] = {}
    figures: list[Bounds] = []
    strays: list[Bounds] = []
    for box, reading in zip(boxes, recognise([cut(grey, box) for box in boxes]), strict=True):
        text, tight = reading.text.strip(), _tight(grey, box)
        if like_figure(reading) and not is_decorated_page_number(text):
            figures += _parted(marks, box) or [tight]
        elif _may_be_figures(text, reading.confidence):
            strays += _parted(marks, box) or [tight]
        elif reading.confidence >= READABLE:
            chars.append(run_of_text(text, np.array(tight) / dots))
    missed = [run for run in _missed(marks, boxes, figures, em) if outside(run)]
    read = recognise([cut(grey, box, 4, 4) for box in missed])
    for box, reading in zip(missed, read, strict=True):
        if like_figure(reading):
            figures.append(box)
        else:
            strays.append(box)
    figures += [box for box in strays if _among(box, figures)]
    for box, doubt in zip(figures, read_figures(figures, grey, dots), strict=True):
        if doubt.candidates or _among(box, figures):
            certain = bool(doubt.candidates) and not doubt.doubtful
            chars.append(run_of_text(doubt.candidates[0] if certain else UNDECODABLE, np.array(box) / dots))
            doubts[chars[-1][1:5]] = replace(doubt, doubtful=not certain)
    return chars, doubts


def _may_be_figures(text: str, confidence: float) -> bool:
    """Whether what was read as something else may be figures, if it stands in a line of them."""
    return (len(text) <= STRAY or confidence < READABLE) and not any("一" <= char <= "鿿" for char in text)


def bounds_of(quad: Quad) -> Bounds:
    low, high = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _among(box: Bounds, figures: Sequence[Bounds]) -> bool:
    """Whether a box stands in a line of figures."""
    middle = (box[1] + box[3]) / 2
    return sum(figure[1] <= middle <= figure[3] for figure in figures) >= ROW


def _inside(marks: NDArray[np.int32], box: Bounds) -> NDArray[np.bool_]:
    x, y = (marks[:, 0] + marks[:, 2]) / 2, (marks[:, 1] + marks[:, 3]) / 2
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def _parted(marks: NDArray[np.int32], box: Bounds) -> list[Bounds]:
    """The figures in a box of text, one for each column."""
    own = marks[_inside(marks, box)]
    return runs_of_line(own, APART) if len(own) else []


def _missed(
    marks: NDArray[np.int32], boxes: Sequence[Bounds], figures: Sequence[Bounds], em: float
) -> list[Bounds]:
    """Runs of ink of the size of digits that are in no box of text.

    A digit is half as high as a Chinese character of its size; in a line of figures it is as high as these, which may
    be far smaller than the prose.
    """
    high = marks[:, 3] - marks[:, 1]
    free = high >= 0.4 * em
    if figures:
        known = np.array(figures)
        middles = (marks[:, 1:2] + marks[:, 3:4]) / 2
        level = ((known[:, 1] <= middles) & (middles <= known[:, 3])).sum(axis=1) >= ROW
        free |= level & (high >= ALIKE * np.median(known[:, 3] - known[:, 1]))
    free &= high <= 1.5 * em
    for box in boxes:
        free &= ~_inside(marks, box)
    own = marks[free]
    return [run for line in lines_of(own, em) for run in runs_of_line(line, APART)] if len(own) else []


def _tight(grey: Image, box: Bounds) -> Bounds:
    """The box of the ink within a box."""
    x0, y0 = box[:2]
    black = ink(cut(grey, box))
    across, down = np.nonzero(black.sum(axis=0) > 255)[0], np.nonzero(black.sum(axis=1) > 255)[0]
    if not len(across) or not len(down):
        return box
    return x0 + int(across[0]), y0 + int(down[0]), x0 + int(across[-1]) + 1, y0 + int(down[-1]) + 1
