"""Crops of text -> the characters in them: the recogniser, and how its doubt is kept.

In: grey crops, one line of text each. Out: a ``Reading`` each: the text, and for a crop that may hold a figure the
figures that it may be, with the share of belief that each has. The models lie in the wheel of rapidocr: nothing is
fetched at run time. One thread: the pages of many files are read at once, one process a file.
What never happens: one belief is given for a figure that had a rival, without the rival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from rapidocr.ch_ppocr_det.utils import DBPostProcess, DetPreProcess

from gongkai.read.scan.models import DETECTOR, RECOGNISER, model_path

Image = NDArray[np.uint8]
"""(rows, columns), uint8, 0 black to 255 paper."""
Quad = NDArray[np.float32]
"""(4, 2), float32: the corners (x, y) of a run of text, clockwise from its top left, in pixels."""

HEIGHT = 48
"""The height of a line that the recogniser was trained on, in pixels."""
NARROWEST = 48
WIDEST = 2400
STEP = 8
"""Pixels of a scaled crop for each of the recogniser's steps."""
BATCH_PIXELS = 1024
"""The width of all crops of a batch together; it bounds the memory that a batch takes, and more is no faster."""


@dataclass(frozen=True, slots=True)
class BeamSettings:
    """How many of the figures that a picture may show are followed."""

    beam_figures: int = 6
    """How many figures are kept in mind while a crop is read as a figure."""
    faint_belief: float = 0.005
    """A belief below this is not followed."""


SETTINGS = BeamSettings()

LOOKALIKES: dict[str, str] = {
    "0": "0OoQD〇○Ｏ０οО",
    "1": "1lI|丨｜１ｌＩ",
    "2": "2Zz２",
    "3": "3３З",
    "4": "4４",
    "5": "5Ss５",
    "6": "6b６",
    "7": "7７",
    "8": "8B８",
    "9": "9gq９",
    ".": ".．·•",
    ",": ",，",
    "+": "+＋十",
    "-": "-－−",
    "—": "—–一─―_",
    "/": "/／",
    "\\": "\\",
    **{char: char for char in "件宗例起条项次个份元万亿千增减加少↑↓"},
}
"""What a figure is written with, and the characters that look like each of these and write no figure."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a crop says. ``places`` are the middles of its characters, from 0 (left) to 1."""

    text: str
    places: tuple[float, ...]
    confidence: float
    """The mean belief in a character, 0 to 1."""
    figures: tuple[tuple[str, float], ...] = ()
    """What it says if it is a figure, most likely first, with the belief in each; beliefs add up to at most 1."""


@dataclass(frozen=True, slots=True)
class _Models:
    detector: onnxruntime.InferenceSession
    recogniser: onnxruntime.InferenceSession
    characters: tuple[str, ...]
    """By class of the recogniser; class 0 is no character."""
    lookalikes: tuple[tuple[str, tuple[int, ...]], ...]
    """What a figure is written with, and the classes that are taken for it."""


@cache
def _models() -> _Models:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # What crops of one width need is no use to the next: kept, it comes to half a gigabyte.
    options.enable_cpu_mem_arena = False
    cv2.setNumThreads(1)

    def load(name: str) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(str(model_path(name)), options, providers=["CPUExecutionProvider"])

    recogniser = load(RECOGNISER)
    characters = ("", *recogniser.get_modelmeta().custom_metadata_map["character"].splitlines(), " ")
    classes = {char: index for index, char in enumerate(characters)}
    # What would make the layers of a whole page a little faster makes them half as large again.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return _Models(
        detector=load(DETECTOR),
        recogniser=recogniser,
        characters=characters,
        lookalikes=tuple((c, tuple(classes[a] for a in alike if a in classes)) for c, alike in LOOKALIKES.items()),
    )


# ---------------------------------------------------------------- where text stands


def find_text(image: Image, longest_side: int) -> list[Quad]:
    """The corners of each run of text in a grey page, clockwise from the top left, in its pixels."""
    prepared = DetPreProcess(longest_side, "max", [0.5] * 3, [0.5] * 3)(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
    if prepared is None:
        return []
    answer = _models().detector.run(None, {"x": prepared})[0]
    boxes, _ = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True)(answer, image.shape[:2])
    return [np.asarray(box, np.float32) for box in boxes]


# ---------------------------------------------------------------- what it says


def recognise(crops: Sequence[Image]) -> list[Reading]:
    """The reading of each crop; one without a pixel says nothing."""
    readings: list[Reading] = [Reading("", (), 0.0)] * len(crops)
    scaled = [(index, _scaled(crop)) for index, crop in enumerate(crops) if crop.size]
    scaled.sort(key=lambda pair: (pair[1].shape[1], pair[0]))
    start = 0
    while start < len(scaled):
        end = start + 1
        while end < len(scaled) and scaled[end][1].shape[1] * (end + 1 - start) <= BATCH_PIXELS:
            end += 1
        batch = scaled[start:end]
        widest = -(-batch[-1][1].shape[1] // STEP) * STEP
        stacked = np.zeros((len(batch), 3, HEIGHT, widest), np.float32)
        for row, (_, crop) in enumerate(batch):
            stacked[row, :, :, : crop.shape[1]] = crop.astype(np.float32) / 127.5 - 1.0
        beliefs = _models().recogniser.run(None, {"x": stacked})[0]
        for (index, crop), belief in zip(batch, beliefs, strict=True):
            readings[index] = _reading(belief[: -(-crop.shape[1] // STEP)])
        start = end
    return readings


def _scaled(crop: Image) -> Image:
    height, width = crop.shape
    scaled = min(max(round(width * HEIGHT / height), NARROWEST), WIDEST)
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (scaled, HEIGHT), interpolation=how), np.uint8)


def _reading(belief: NDArray[np.float32]) -> Reading:
    """``belief``: (steps, classes), float32, 0 to 1; each step's beliefs add up to 1."""
    best = belief.argmax(axis=1)
    strength = belief.max(axis=1)
    characters = _models().characters
    steps: list[list[int]] = []
    for step, chosen in enumerate(best):
        if chosen == 0:
            continue
        if steps and steps[-1][-1] == step - 1 and best[step - 1] == chosen:
            steps[-1].append(step)
        else:
            steps.append([step])
    text = "".join(characters[best[run[0]]] for run in steps)
    places = tuple((run[0] + run[-1] + 1) / 2 / len(belief) for run in steps)
    confidence = float(np.mean([strength[run].max() for run in steps])) if steps else 0.0
    return Reading(text, places, confidence, tuple(_figures(belief)))


def _figures(belief: NDArray[np.float32]) -> list[tuple[str, float]]:
    """The figures that steps of belief may write: a beam search over the characters that write figures.

    ``belief`` is as ``_reading`` takes it.

    Source: Graves et al. 2006 (connectionist temporal classification); the prefix search of Hannun et al. 2014.
    """
    symbols = _models().lookalikes
    columns = np.stack([belief[:, list(classes)].sum(axis=1) for _, classes in symbols], axis=1)
    empty = belief[:, 0]
    # What is believed to be no figure at all is no evidence for one of them: it is shared out among all.
    total = np.maximum(columns.sum(axis=1) + empty, 1e-6)
    beams: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for step in range(len(belief)):
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        nothing = float(empty[step] / total[step])
        likely = [
            (symbols[k][0], float(columns[step, k] / total[step]))
            for k in np.nonzero(columns[step] > SETTINGS.faint_belief * total[step])[0]
        ]
        for text, (ended, open_) in beams.items():
            grown[text][0] += (ended + open_) * nothing
            for char, weight in likely:
                if text.endswith(char):
                    grown[text][1] += open_ * weight
                    grown[text + char][1] += ended * weight
                else:
                    grown[text + char][1] += (ended + open_) * weight
        best = sorted(grown.items(), key=lambda item: (-sum(item[1]), item[0]))[: SETTINGS.beam_figures]
        beams = {text: (ended, open_) for text, (ended, open_) in best}
    ranked = sorted(((text, ended + open_) for text, (ended, open_) in beams.items()), key=lambda b: (-b[1], b[0]))
    return [(text, share) for text, share in ranked if share >= SETTINGS.faint_belief]
