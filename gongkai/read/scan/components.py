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


@dataclass(frozen=True, slots=True)
class ComponentSettings:
    """Which pieces of ink are characters, and which are one run. An em is a character's height."""

    speck_pt: float = 1.4
    """A piece of ink that is nowhere longer than this, in points, is a speck, a full stop or a point."""
    tallest_pt: float = 40.0
    """A piece of ink higher than this, in points, is no character of a table."""
    border_pt: float = 2.5
    """So near to the sides of a cell, in points, ink may be left over from a rule."""
    small_em: float = 0.3
    """What is smaller than this part of the character height, both ways, is a point, a comma or a stain."""
    run_gap_em: float = 1.3
    """A gap wider than this part of the character height parts two runs."""


SETTINGS = ComponentSettings()

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the picture; right and bottom are the first ones outside."""
Boxes = NDArray[np.int32]
"""(n, 4), int32: ``Bounds`` in rows."""


@dataclass(frozen=True, slots=True)
class CellRun:
    """A run of text within a cell, and where it stands."""

    box: Bounds
    cell: Cell
    alone: bool
    """Whether nothing else stands in the cell."""


def cut(grey: Image, box: Bounds, pad_x: int = 0, pad_y: int = 0) -> Image:
    """A piece of the picture, as high and wide as ``box`` with its pads; what lies beyond the edge is paper (255)."""
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


def border_px(px_per_pt: float) -> int:
    """How near to the sides of a cell ink may be left over from a rule, in whole pixels."""
    return round(SETTINGS.border_pt * px_per_pt)


def components_of(grey: Image, px_per_pt: float) -> Boxes:
    """The boxes of the pieces of ink that are parts of characters, without specks, in no order that counts."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink(grey), connectivity=8)
    left, top, width, height = (stats[1:, i] for i in range(4))
    kept = (np.maximum(width, height) >= SETTINGS.speck_pt * px_per_pt) & (height <= SETTINGS.tallest_pt * px_per_pt)
    return np.column_stack([left, top, left + width, top + height])[kept].astype(np.int32)


def character_height(components: Boxes, px_per_pt: float) -> float:
    """The height of a character, in pixels, in a table of these pieces of ink; 11 points where none tells it."""
    heights = components[:, 3] - components[:, 1] if len(components) else np.array([])
    heights = heights[(heights >= 4 * px_per_pt) & (heights <= 20 * px_per_pt)]
    return float(np.percentile(heights, 90)) * 1.1 if len(heights) else 11.0 * px_per_pt


def runs_of(grid: Grid, components: Boxes, em: float, px_per_pt: float) -> list[CellRun]:
    """The runs of text in a grid's cells, line by line. ``em`` is the height of a character, in pixels."""
    middles = np.column_stack([components[:, 0] + components[:, 2], components[:, 1] + components[:, 3]]) / (
        2 * px_per_pt
    )
    runs = []
    for cell in grid.cells:
        if not cell.text or cell.box is None:
            continue
        box = cell.box
        x, y = middles[:, 0], middles[:, 1]
        inside = components[(x >= box.x0) & (x <= box.x1) & (y >= box.top) & (y <= box.bottom)]
        sides = grid.edges[cell.column] * px_per_pt, grid.edges[cell.column + cell.column_span] * px_per_pt
        inside = inside[[not _is_border(component, sides, em, SETTINGS.border_pt * px_per_pt) for component in inside]]
        if not len(inside):
            continue
        lines = [runs_of_line(line, SETTINGS.run_gap_em) for line in lines_of(inside, em)]
        # A stain makes no run of its own; where nothing else stands in the cell, it may be what is left of a character.
        kept = [[run for run in line if not _is_small(run, em)] for line in lines]
        lines = [line for line in kept if line] or lines
        alone = len(lines) == 1 and len(lines[0]) == 1
        runs += [CellRun(_trimmed(run, inside, em) if alone else run, cell, alone) for line in lines for run in line]
    return runs


def _is_border(component: NDArray[np.int32], sides: tuple[float, float], em: float, near: float) -> bool:
    """Whether a piece of ink, one row of ``Boxes``, is what is left of a rule.

    It is thin, at the side of its cell, and higher than a character. ``sides`` and ``near`` are pixels.
    """
    thin = component[2] - component[0] <= near and component[3] - component[1] > 1.1 * em
    return bool(thin and min(abs((component[0] + component[2]) / 2 - side) for side in sides) <= near)


def _is_small(box: Sequence[int], em: float) -> bool:
    return box[2] - box[0] < SETTINGS.small_em * em and box[3] - box[1] < SETTINGS.small_em * em


def _trimmed(run: Bounds, components: Boxes, em: float) -> Bounds:
    """The run without small pieces at its ends: no figure begins or ends with a point, and stains stand anywhere."""
    large = [b for b in components if not _is_small(b, em) and b[0] >= run[0] and b[2] <= run[2]]
    if not large:
        return run
    boxes = np.array(large)
    return int(boxes[:, 0].min()), int(boxes[:, 1].min()), int(boxes[:, 2].max()), int(boxes[:, 3].max())


def lines_of(components: Boxes, em: float) -> list[Boxes]:
    """Pieces of ink as lines from top to bottom, each ``Boxes``; ``em`` is the height of a character, in pixels."""
    lines: list[list[NDArray[np.int32]]] = []
    middles: list[float] = []
    # What is as high as a character says where the lines are; strokes and points then go to the nearest.
    high = components[:, 3] - components[:, 1] >= 0.5 * em
    for chosen in (components[high], components[~high]):
        for component in sorted(chosen, key=lambda b: (int(b[1] + b[3]), int(b[0]))):
            middle = (int(component[1]) + int(component[3])) / 2
            nearest = min(range(len(lines)), key=lambda i: abs(middles[i] - middle), default=None)
            if nearest is not None and abs(middles[nearest] - middle) <= 0.6 * em:
                lines[nearest].append(component)
                middles[nearest] += (middle - middles[nearest]) / len(lines[nearest])
            else:
                lines.append([component])
                middles.append(middle)
    order = sorted(range(len(lines)), key=lambda i: middles[i])
    return [np.array(lines[i]) for i in order]


def runs_of_line(line: Boxes, apart: float) -> list[Bounds]:
    """The runs of a line: its pieces of ink, parted where the gap is wider than ``apart`` of their height."""
    height = int(line[:, 3].max() - line[:, 1].min())
    runs: list[Bounds] = []
    for component in line[np.argsort(line[:, 0], kind="stable")]:
        x0, top, x1, bottom = (int(value) for value in component)
        if runs and x0 - runs[-1][2] <= apart * height:
            left, upper, right, lower = runs[-1]
            runs[-1] = left, min(upper, top), max(right, x1), max(lower, bottom)
        else:
            runs.append((x0, top, x1, bottom))
    return runs
