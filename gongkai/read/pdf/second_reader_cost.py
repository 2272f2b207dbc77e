"""What reading some pages of a PDF a second time would take, told before it is begun.

In: a file and the pages. Out: seconds and memory, estimated from what is drawn on them, so that the same file gives the
same answer on any machine. The second reader takes about so long for each character and each thing drawn, and compares
all places where rules cross with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf
from pathlib import Path
from typing import NamedTuple

from gongkai.read.pdf.pages import open_pdf
from gongkai.read.pdf.pdfium import pdfium_c
from gongkai.read.pdf.pdfium_objects import page_strokes
from gongkai.system import resource_limits

# As measured, twice over: a machine may be slow, or busy with other files.
SECONDS, MIB = 2.0, 60.0
"""For loading the reader."""
SECONDS_PER_CHARACTER, MIB_PER_CHARACTER = 0.000_2, 0.002
SECONDS_PER_OBJECT, MIB_PER_OBJECT = 0.000_2, 0.01
SECONDS_PER_PAIR = 7e-8
"""For two places at which rules may cross."""
SHORTEST = 3.0
"""A stroke that is shorter, in points, is no rule to the second reader."""


class Cost(NamedTuple):
    seconds: float
    mib: float


def fits(path: Path, numbers: Sequence[int]) -> bool:
    """Whether these pages (from 1) can be read a second time within what is left of this process's limits."""
    if isinf(resource_limits.seconds_left()) and isinf(resource_limits.mib_left()):
        return True
    cost = cost_of(path, numbers)
    return cost.seconds < resource_limits.seconds_left() and cost.mib < resource_limits.mib_left()


def cost_of(path: Path, numbers: Sequence[int]) -> Cost:
    """What reading these pages (from 1) by the second reader would take."""
    seconds, mib = SECONDS, MIB
    with open_pdf(path.read_bytes()) as pdf:
        for number in numbers:
            page = pdf[number - 1]
            text = page.get_textpage()
            characters = text.count_chars()
            text.close()
            strokes = page_strokes(page)
            objects = max(pdfium_c.FPDFPage_CountObjects(page.raw), len(strokes))
            across = {round(y0) for x0, y0, x1, y1 in strokes if abs(x1 - x0) >= SHORTEST}
            down = {round(x0) for x0, y0, x1, y1 in strokes if abs(y1 - y0) >= SHORTEST}
            seconds += characters * SECONDS_PER_CHARACTER + objects * SECONDS_PER_OBJECT
            seconds += (len(across) * len(down)) ** 2 * SECONDS_PER_PAIR
            mib += characters * MIB_PER_CHARACTER + objects * MIB_PER_OBJECT
    return Cost(seconds, mib)
