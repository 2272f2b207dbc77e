"""The figures of a page in a picture -> those whose size says that something else was read than is printed.

In: the box of each figure and what was read in it. Out: the boxes of figures that are higher or lower than the others,
or wider or narrower than as many digits are on this page: of these a digit was lost, or a stroke beside one was read.
What never happens: a figure is changed, or thought right for its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gongkai.read.scan.cells import Doubt, Rectangle


@dataclass(frozen=True, slots=True)
class SizeSettings:
    """When a figure has another size than what was read in it."""

    enough_figures: int = 6
    """So many figures tell the size of the others."""
    lowest_times: float = 0.65
    """A figure lower than the usual one by this factor is none,"""
    highest_times: float = 1.6
    """and one higher by this is two below each other; 件 is 1.4 as high."""
    enough_long_figures: int = 3
    """So many of two digits and more tell how far digits are apart."""
    alike_height_share: float = 0.12
    """Heights that differ by less than this part are the same."""
    beside_share: float = 0.25
    """The paper on both sides of a digit, as a part of the distance of digits."""
    most_off_digits: float = 0.5
    """A figure that is wider or narrower than its digits by this part of their distance has others."""


SETTINGS = SizeSettings()


def size_outliers(figures: Mapping[Rectangle, Doubt]) -> set[Rectangle]:
    """The boxes of figures that are certain and do not have the size of what was read."""
    read = {box: doubt.candidates[0] for box, doubt in figures.items() if doubt.candidates and not doubt.doubtful}
    read = {box: said for box, said in read.items() if any(char.isdigit() for char in said)}
    digits = {box: len(said) for box, said in read.items() if said.isdecimal()}
    told = list(digits if len(digits) >= SETTINGS.enough_figures else read)
    if len(told) < SETTINGS.enough_figures:
        return set()
    usual = float(np.median([bottom - top for _, top, _, bottom in told]))
    outliers = {
        box for box in read if not SETTINGS.lowest_times * usual <= box[3] - box[1] <= SETTINGS.highest_times * usual
    }
    several = [(box, number) for box, number in digits.items() if number > 1 and box not in outliers]
    if len(several) < SETTINGS.enough_long_figures:
        return outliers
    # Figures may be set smaller where they are long: then a digit's width is told from the figure's own height.
    step = float(np.median([(box[2] - box[0]) / (number - SETTINGS.beside_share) for box, number in several]))
    slope = float(
        np.median([(b[2] - b[0]) / (number - SETTINGS.beside_share) / (b[3] - b[1]) for b, number in several])
    )
    for box, number in digits.items():
        high = box[3] - box[1]
        steps = [step] if abs(high - usual) <= SETTINGS.alike_height_share * usual else [step, slope * high]
        if (
            min(abs((box[2] - box[0]) / width - (number - SETTINGS.beside_share)) for width in steps)
            > SETTINGS.most_off_digits
        ):
            outliers.add(box)
    return outliers
