"""A page that is a picture -> the same page straight and clean.

In: a PDF page. Out: a ``Raster``: grey pixels with the paper white and coloured stamps gone, turned upright and
straightened, and the way back to the page as it is shown. Lengths are pixels of the raster unless they say points.
What never happens: print is wiped out with what is cleaned away: black stays black.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from gongkai.errors import NotAReport
from gongkai.read.pdf.pdfium import pdfium, pdfium_c
from gongkai.read.pdf.text_layer import MAX_DEPTH, stored_pixels
from gongkai.system.limits import current

Image = NDArray[np.uint8]
"""(rows, columns), uint8. A grey picture goes from 0, black, to 255, paper; one that marks places is 255 there or 0."""
Mask = NDArray[np.bool_]
"""(rows, columns), bool: the pixels of which something holds."""
Colours = NDArray[np.uint8]
"""(rows, columns, 3), uint8: blue, green and red, 0 to 255."""
Matrix = NDArray[np.float64]
"""(2, 3), float64: an affine map of (x, y, 1), in points."""


@dataclass(frozen=True, slots=True)
class RasterSettings:
    """How a picture is made straight and clean. Shades go from 0, black, to 255."""

    dpi: int = 200
    """The resolution in which pages are drawn: twice as fine is read no better."""
    steepest_deg: float = 6.0
    """Scans that are more askew than this, in degrees, are not straightened."""
    red_shades: float = 60.0
    """A pixel whose red exceeds its other colours by this is of a seal."""
    seal_gap_pt: float = 6.0
    """Red ink nearer than this, in points, is of one seal, or of one line of print."""
    red_line_pt: float = 40.0
    """What is higher, in points, is a seal."""
    specks_pt: float = 5.0
    """What is lower is none, and no print."""
    black_print_shade: int = 60
    """A pixel darker than this is black and not red."""
    stamped_share: float = 0.02
    """A larger part of black among red ink, and it is stamped upon print."""
    black_percent: float = 0.2
    """The darkest part of a page's pixels, in per cent, is ink and no specks."""
    palest_shade: float = 150.0
    """Ink is not taken to be paler than this, of 255."""
    print_shade: int = 130
    """Strokes paler than print, of 255, are between this shade"""
    paper_shade: int = 230
    """and this one."""
    steep_shades: int = 35
    """Where grey rises by more than this over three pixels, it is the edge of something darker."""
    ink_share: float = 0.80
    """Ink is darker than this part of the paper around it."""


SETTINGS = RasterSettings()


@dataclass(frozen=True, slots=True)
class Raster:
    """``grey`` is the page upright and straight; ``px_per_pt`` pixels of it are a point.

    ``back`` leads from points of this raster to points of the page as it is shown. ``seals``, of the shape of ``grey``,
    is 255 where a seal was taken away, else 0.
    """

    grey: Image
    px_per_pt: float
    back: Matrix
    seals: Image


def shown(back: Matrix, x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
    """A box of a raster, in points, as a box of the page as it is shown; ``back`` is the raster's."""
    corners = np.array([(x0, top, 1.0), (x1, top, 1.0), (x1, bottom, 1.0), (x0, bottom, 1.0)]) @ back.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    return (
        round(float(low[0]), 2),
        round(float(low[1]), 2),
        round(float(high[0]), 2),
        round(float(high[1]), 2),
    )


def render(page: pdfium.PdfPage) -> tuple[Colours, float]:
    """The page as it is shown, in colours (blue, green, red), and how many pixels a point is.

    Raises ``NotAReport`` where a picture on it has too many pixels to be decoded.
    """
    for picture_on_it in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH):
        if (pixels := stored_pixels(picture_on_it)) > (most := current().pixels_per_picture):
            raise NotAReport(
                f"a picture of {pixels} pixels on a page: no scan of a report (at most {most}); save it anew with fewer"
            )
    width, height = page.get_size()
    px_per_pt = min(SETTINGS.dpi / 72, (current().pixels_per_page / max(width * height, 1.0)) ** 0.5)
    picture = page.render(scale=px_per_pt, fill_color=(255, 255, 255, 255), may_draw_forms=False).to_numpy()
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    return np.asarray(picture[:, :, :3], np.uint8), px_per_pt


def cleaned(picture: Colours, px_per_pt: float = SETTINGS.dpi / 72) -> tuple[Image, Image]:
    """Grey pixels with the paper evenly white and ink black, without the red of seals; and 255 where that was."""
    grey, seals = _without_seals(picture, px_per_pt)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    # The paper: what is left when strokes are filled with what surrounds them; the broad ones of a watermark are paper.
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5)))
    paper = cv2.resize(cv2.blur(paper, (3, 3)), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(grey, np.maximum(paper, 40), scale=255).astype(np.float32)
    # Pale ink is made dark: the darkest that is more than specks becomes black.
    darkest = min(float(np.percentile(cv2.blur(even, (3, 3)), SETTINGS.black_percent)), SETTINGS.palest_shade)
    return np.asarray(np.clip((even - darkest) * (255 / (255 - darkest)), 0, 255), np.uint8), seals


def _without_seals(picture: Colours, px_per_pt: float) -> tuple[Image, Image]:
    """Grey pixels, with red ink as pale as the paper that it is stamped on; print beneath it, and red print, stay.

    And 255 where such ink is: a seal that is drawn upon the page, as electronic ones are, hides what it covers.
    """
    blue, green, red = (picture[:, :, i].astype(np.float32) for i in range(3))
    redness = np.maximum(red - np.maximum(blue, green), 0.0)
    share = np.clip(redness / SETTINGS.red_shades, 0.0, 1.0)
    plain = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    share[_red_print(share > 0.5, plain, px_per_pt)] = 0.0
    grey = (1.0 - share) * plain + share * (red + redness / 2)
    return np.asarray(np.clip(grey, 0, 255), np.uint8), np.asarray(np.where(share > 0.5, 255, 0), np.uint8)


def _red_print(red_ink: Mask, plain: Image, px_per_pt: float) -> Mask:
    """Where red ink is print, a title: as low as a line of text, and with no black print among it."""
    if not red_ink.any():
        return red_ink
    reach = round(SETTINGS.seal_gap_pt * px_per_pt)
    near = cv2.morphologyEx(red_ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, seals, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    for left, top, width, height, _ in seals[1:]:
        if height > SETTINGS.red_line_pt * px_per_pt:
            # A seal's ring holds its star and its words.
            near[top : top + height, left : left + width] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    black = np.bincount(labels[(plain < SETTINGS.black_print_shade) & ~red_ink], minlength=count)
    low = (stats[:, cv2.CC_STAT_HEIGHT] <= SETTINGS.red_line_pt * px_per_pt) & (
        stats[:, cv2.CC_STAT_HEIGHT] >= SETTINGS.specks_pt * px_per_pt
    )
    kept = low & (black <= SETTINGS.stamped_share * stats[:, cv2.CC_STAT_AREA])
    kept[0] = False
    return np.asarray(cv2.dilate(kept[labels].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def ink(grey: Image) -> Image:
    """255 where there is ink, else 0."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    return np.asarray(np.where(smooth < SETTINGS.ink_share * 255, 255, 0), np.uint8)


def pale_strokes(grey: Image) -> Image:
    """255 where there are strokes paler than print, as of a watermark, else 0. The edges of print are steep."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    square = np.ones((3, 3), np.uint8)
    level = cv2.subtract(cv2.dilate(smooth, square), cv2.erode(smooth, square)) < SETTINGS.steep_shades
    between = (smooth > SETTINGS.print_shade) & (smooth < SETTINGS.paper_shade)
    return np.where(level & between, 255, 0).astype(np.uint8)


def straightened(grey: Image, seals: Image, px_per_pt: float, turns: int) -> Raster:
    """The raster of a page that must be turned ``turns`` quarters against the clock to stand upright."""
    height, width = grey.shape
    back = np.eye(3)
    for _ in range(turns % 4):
        # Of a page of that width, (x, y) of the turned page is (width - y, x) of the page before.
        back = back @ np.array([(0.0, -1.0, width / px_per_pt), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)])
        width, height = height, width
    upright = np.ascontiguousarray(np.rot90(grey, turns % 4))
    across, down = slants(ink(upright))
    cx, cy = upright.shape[1] / 2, upright.shape[0] / 2
    # A rule that goes y = a x, and one that goes x = b y, become level and plumb.
    a, b = tan(radians(across)), tan(radians(down))
    forth = np.linalg.inv(np.array([(1.0, b), (a, 1.0)]))
    move = np.array([cx, cy]) - forth @ np.array([cx, cy])
    stamped = np.ascontiguousarray(np.rot90(seals, turns % 4))
    if abs(across) > 0.02 or abs(down) > 0.02:
        affine, size = np.column_stack([forth, move]), upright.shape[::-1]
        upright = np.asarray(cv2.warpAffine(upright, affine, size, flags=cv2.INTER_CUBIC, borderValue=255), np.uint8)
        stamped = np.asarray(cv2.warpAffine(stamped, affine, size, flags=cv2.INTER_NEAREST), np.uint8)
    undo = np.eye(3)
    undo[:2, :2] = np.array([(1.0, b), (a, 1.0)])
    undo[:2, 2] = (np.array([cx, cy]) - undo[:2, :2] @ np.array([cx, cy])) / px_per_pt
    return Raster(upright, px_per_pt, (back @ undo)[:2], stamped)


def slants(black: Image) -> tuple[float, float]:
    """By how many degrees what should be level falls to the right, and what should be plumb leans to the right.

    ``black`` is 255 where there is ink, else 0.
    """
    small = np.asarray(cv2.resize(black, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    level = cv2.morphologyEx(small, cv2.MORPH_OPEN, np.ones((1, 9), np.uint8))
    rows, columns = np.nonzero(level > 127)
    across = _slant(rows, columns, around=0.0, reach=SETTINGS.steepest_deg)
    # Rules down only: what is plumb about characters is their own affair.
    thick = cv2.dilate(small, np.ones((1, 3), np.uint8))
    x, y = np.nonzero(cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((31, 1), np.uint8)).T > 127)
    down = _slant(x, y, around=-across, reach=1.0) if len(x) > small.shape[0] else -across
    return across, down


def _slant(off: NDArray[np.int64], along: NDArray[np.int64], around: float, reach: float) -> float:
    """The slant in degrees at which the pixels gather in the fewest lines.

    ``off`` and ``along``, both (n,), are each pixel's places across and along the lines.
    """
    if len(off) < 50:
        return around
    stride = max(1, len(off) // 60_000)
    off, along = off[::stride], along[::stride]

    def sharpness(angle: float) -> float:
        places = np.round(off - along * tan(radians(angle))).astype(np.int64)
        return float((np.bincount(places - places.min()).astype(np.float64) ** 2).sum())

    best = around
    for step in (0.25, 0.05, 0.01):
        tried = [best + k * step for k in range(-ceil(reach / step), ceil(reach / step) + 1)]
        best = max(tried, key=lambda angle: (sharpness(angle), -abs(angle)))
        reach = step
    return best
