"""Pieces of ink in the cells of a table -> runs of text: what is recognised in one piece.

In: the clean picture of a page and its grids. Out: the runs of each cell, line by line. Lengths are pixels.
What never happens: the ink of two cells makes one run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gongkai.model import Cell, Grid
from gongkai.read.scan.raster import Image, ink

SPECK = 1.4
"""A piece of ink that is nowhere longer than this, in points, is a speck, a full stop or a point."""
TALLEST = 40.0
"""A piece of ink higher than this, in points, is no character of a table."""
BORDER = 2.5
"""So near to the sides of a cell, in points, ink may be left over from a rule."""
SMALL = 0.3
"""What is smaller than this part of the character height, both ways, is a point, a comma or a stain."""
APART = 1.3
"""A gap wider than this part of the character height parts two runs."""

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text within a cell, and where it stands."""

    box: Bounds
    cell: Cell
    alone: bool
    """Whether nothing else stands in the cell."""


def cut(grey: Image, box: Bounds, pad_x: int = 0, pad_y: int = 0) -> Image:
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


def marks_of(grey: Image, dots: float) -> NDArray[np.int32]:
    """The bounds of the pieces of ink that are parts of characters, without specks."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink(grey), connectivity=8)
    left, top, width, height = (stats[1:, i] for i in range(4))
    kept = (np.maximum(width, height) >= SPECK * dots) & (height <= TALLEST * dots)
    return np.column_stack([left, top, left + width, top + height])[kept].astype(np.int32)


def character_height(marks: NDArray[np.int32], dots: float) -> float:
    """The height of a character, in pixels, in a table of these pieces of ink."""
    heights = marks[:, 3] - marks[:, 1] if len(marks) else np.array([])
    heights = heights[(heights >= 4 * dots) & (heights <= 20 * dots)]
    return float(np.percentile(heights, 90)) * 1.1 if len(heights) else 11.0 * dots


def runs_of(grid: Grid, marks: NDArray[np.int32], em: float, dots: float) -> list[Run]:
    """The runs of text in a grid's cells, line by line. ``em`` is the height of a character."""
    middles = np.column_stack([marks[:, 0] + marks[:, 2], marks[:, 1] + marks[:, 3]]) / (2 * dots)
    found = []
    for cell in grid.cells:
        if not cell.text or cell.box is None:
            continue
        box = cell.box
        x, y = middles[:, 0], middles[:, 1]
        own = marks[(x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom)]
        sides = grid.edges[cell.column] * dots, grid.edges[cell.column + cell.column_span] * dots
        own = own[[not _is_border(mark, sides, em, BORDER * dots) for mark in own]]
        if not len(own):
            continue
        lines = [runs_of_line(line, APART) for line in lines_of(own, em)]
        # A stain makes no run of its own; where nothing else stands in the cell, it may be what is left of a character.
        kept = [[run for run in line if not _is_small(run, em)] for line in lines]
        lines = [line for line in kept if line] or lines
        alone = len(lines) == 1 and len(lines[0]) == 1
        found += [Run(_trimmed(run, own, em) if alone else run, cell, alone) for line in lines for run in line]
    return found


def _is_border(mark: NDArray[np.int32], sides: tuple[float, float], em: float, near: float) -> bool:
    """Whether a piece of ink is what is left of a rule: thin, at the side of its cell, and higher than a character."""
    thin = mark[2] - mark[0] <= near and mark[3] - mark[1] > 1.1 * em
    return bool(thin and min(abs((mark[0] + mark[2]) / 2 - side) for side in sides) <= near)


def _is_small(box: Sequence[int], em: float) -> bool:
    return box[2] - box[0] < SMALL * em and box[3] - box[1] < SMALL * em


def _trimmed(run: Bounds, marks: NDArray[np.int32], em: float) -> Bounds:
    """The run without small marks at its ends: no figure begins or ends with a point, and stains stand anywhere."""
    large = [b for b in marks if not _is_small(b, em) and b[0] >= run[0] and b[2] <= run[2]]
    if not large:
        return run
    boxes = np.array(large)
    return int(boxes[:, 0].min()), int(boxes[:, 1].min()), int(boxes[:, 2].max()), int(boxes[:, 3].max())


def lines_of(marks: NDArray[np.int32], em: float) -> list[NDArray[np.int32]]:
    """Pieces of ink as lines from top to bottom; ``em`` is the height of a character."""
    lines: list[list[NDArray[np.int32]]] = []
    middles: list[float] = []
    # What is as high as a character says where the lines are; strokes and points then go to the nearest.
    high = marks[:, 3] - marks[:, 1] >= 0.5 * em
    for chosen in (marks[high], marks[~high]):
        for mark in sorted(chosen, key=lambda b: (int(b[1] + b[3]), int(b[0]))):
            middle = (int(mark[1]) + int(mark[3])) / 2
            nearest = min(range(len(lines)), key=lambda i: abs(middles[i] - middle), default=None)
            if nearest is not None and abs(middles[nearest] - middle) <= 0.6 * em:
                lines[nearest].append(mark)
                middles[nearest] += (middle - middles[nearest]) / len(lines[nearest])
            else:
                lines.append([mark])
                middles.append(middle)
    order = sorted(range(len(lines)), key=lambda i: middles[i])
    return [np.array(lines[i]) for i in order]


def runs_of_line(line: NDArray[np.int32], apart: float) -> list[Bounds]:
    """The runs of a line: its pieces of ink, parted where the gap is wider than ``apart`` of their height."""
    height = int(line[:, 3].max() - line[:, 1].min())
    runs: list[Bounds] = []
    for mark in line[np.argsort(line[:, 0], kind="stable")]:
        x0, top, x1, bottom = (int(value) for value in mark)
        if runs and x0 - runs[-1][2] <= apart * height:
            left, upper, right, lower = runs[-1]
            runs[-1] = left, min(upper, top), max(right, x1), max(lower, bottom)
        else:
            runs.append((x0, top, x1, bottom))
    return runs
