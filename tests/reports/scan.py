"""Report PDFs as a scanner would hand them back: every page a picture, askew, stained and pale.

In: the bytes of a PDF and what befalls it. Out: the bytes of a PDF whose pages are pictures. The same input gives the
same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.reports.typefaces import SANS, pictures


@dataclass(frozen=True)
class Scanner:
    """What befalls a page. ``askew`` is in degrees, ``turns`` in quarters clockwise, ``paper`` and ``ink`` 0 to 255."""

    dpi: int = 200
    typeface: str = SANS
    askew: float = 0.0
    turns: int = 0
    blur: float = 0.0
    noise: float = 0.0
    specks: int = 0
    paper: int = 255
    ink: int = 0
    shadow: int = 0
    stamp: bool = False
    covered: bool = False
    """The seal hides the print, as one that was drawn upon the page."""
    jpeg: int = 90
    bilevel: bool = False
    """Black and white, as a fax machine sends it."""
    hidden: str = ""
    """A line of invisible text over each page, as a scanner's own reader leaves it."""


def scanned(pdf: bytes, scanner: Scanner) -> bytes:
    """The PDF that comes back."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, drawn in enumerate(pictures(pdf, scanner.dpi, scanner.typeface)):
        picture = _worn(drawn, scanner, number)
        width, height = (side * 72 / scanner.dpi for side in picture.size)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(_as_jpeg(picture, scanner.jpeg)), 0, 0, width, height)
        if scanner.hidden:
            text = canvas.beginText(72, height / 2)
            text.setTextRenderMode(3)
            for line in scanner.hidden.splitlines():
                text.textLine(line)
            canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _as_jpeg(picture: Image.Image, quality: int) -> io.BytesIO:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=quality)
    data.seek(0)
    return data


def _worn(picture: Image.Image, scanner: Scanner, number: int) -> Image.Image:
    chance = np.random.default_rng(number + 1)
    if scanner.stamp:
        picture = _stamped(picture, scanner.covered)
    if scanner.askew:
        picture = picture.rotate(scanner.askew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if scanner.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(scanner.blur))
    pixels = np.asarray(picture).astype(np.float64)
    pixels = scanner.ink + pixels * (scanner.paper - scanner.ink) / 255
    if scanner.shadow:
        pixels -= np.linspace(0, scanner.shadow, pixels.shape[1])[None, :, None]
    if scanner.noise:
        pixels += chance.normal(0, scanner.noise, pixels.shape[:2])[:, :, None]
    for _ in range(scanner.specks):
        size = int(chance.integers(1, 4))
        x, y = int(chance.integers(pixels.shape[1])), int(chance.integers(pixels.shape[0]))
        pixels[y : y + size, x : x + size] = scanner.ink
    if scanner.bilevel:
        pixels = np.where(pixels > (scanner.paper + scanner.ink) / 2, 255.0, 0.0)
    worn = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return worn.rotate(-90 * scanner.turns, expand=True) if scanner.turns else worn


def _stamped(picture: Image.Image, covered: bool) -> Image.Image:
    """The picture with a red seal across its middle, which hides the print, or through which it shows."""
    width, height = picture.size
    x, y, r = width * 0.55, height * 0.45, width * 0.09
    seal = Image.new("RGB", picture.size, (255, 255, 255))
    draw = ImageDraw.Draw(seal)
    draw.ellipse((x - r, y - r, x + r, y + r), outline=(225, 40, 50), width=max(3, round(r / 14)))
    draw.regular_polygon((x, y, r / 3), 5, fill=(225, 40, 50))
    if covered:
        return Image.composite(picture, seal, seal.split()[1].point(lambda green: 255 if green == 255 else 0))
    return ImageChops.multiply(picture, seal)
