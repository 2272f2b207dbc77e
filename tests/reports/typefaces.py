"""The typefaces in which reports are drawn before they are scanned, so that no reader is fitted to one.

In: a PDF whose fonts are not embedded, a resolution and the name of a typeface. Out: a picture a page, as PDFium draws
it on a machine that has that typeface and no other. ``tests/install`` brings the typefaces; ``sans`` is always there.

PDFium is told once a process where its fonts are, so that the pictures of another typeface come from another process:
this module's, run as a script.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

from gongkai.read.pdf import pdfium as own
from gongkai.read.pdf.pdfium import pdfium

SANS = "sans"
"""The typeface that the project itself brings."""
FOLDER = Path(__file__).parents[1] / "typefaces"
TYPEFACES = ("song", "hei", "kai", "fang")
"""Those that official documents are set in, each a folder with one font."""


def is_there(typeface: str) -> bool:
    """Whether a typeface is installed."""
    return typeface == SANS or any((FOLDER / typeface).glob("*.otf"))


def pictures(pdf: bytes, dpi: float, typeface: str = SANS) -> list[Image.Image]:
    """The pages of a PDF, in colour."""
    if typeface == SANS:
        return _drawn(pdf, dpi)
    command = [sys.executable, "-m", "tests.reports.typefaces", str(FOLDER / typeface), str(dpi)]
    answer = subprocess.run(command, input=pdf, capture_output=True, check=True, cwd=Path(__file__).parents[2])
    with Image.open(io.BytesIO(answer.stdout)) as pages:
        found = []
        for number in range(getattr(pages, "n_frames", 1)):
            pages.seek(number)
            found.append(pages.convert("RGB"))
        return found


def _drawn(pdf: bytes, dpi: float) -> list[Image.Image]:
    with pdfium.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


if __name__ == "__main__":
    own.start(Path(sys.argv[1]))
    first, *others = _drawn(sys.stdin.buffer.read(), float(sys.argv[2]))
    whole = io.BytesIO()
    first.save(whole, "TIFF", save_all=True, append_images=others)
    sys.stdout.buffer.write(whole.getvalue())
