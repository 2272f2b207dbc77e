"""The recogniser's models: which ones are used, and where they lie.

In: nothing. Out: names, and a path each. They lie in the wheel of rapidocr, so that nothing is fetched; nothing heavy
is imported to find them, since who asks whether a package is up to date asks here.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"
MODELS = (DETECTOR, RECOGNISER)


def model_path(name: str) -> Path | None:
    """Where a model lies; ``None`` where rapidocr is not installed."""
    spec = find_spec("rapidocr")
    return Path(spec.origin).parent / "models" / name if spec and spec.origin else None
