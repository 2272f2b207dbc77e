"""Leaves -> a PDF whose fonts do not say which characters they draw, as some converters make it.

In: the pages of ``typeset``. Out: a file that looks like any other: its glyphs are bitmaps (fonts of Type 3), their
codes are given in the order in which they are met, and nothing maps these to characters.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from reportlab.pdfgen.canvas import Canvas

from gongkai.read.pdf.pdfium import pdfium
from tests.reports.pdf import SONG
from tests.reports.typeset import Leaf

DOTS = 64
"""A glyph's height and width, in pixels."""
BELOW = 12
"""How many of them are below the baseline."""
CODES = range(33, 233)


def write_unmapped(path: Path, leaves: Sequence[Leaf]) -> Path:
    """Draw the pages into a file."""
    characters = sorted({char for leaf in leaves for placed in leaf.texts for char in placed.text})
    # Not the order of the alphabet, which a reader might guess.
    characters = characters[1::2] + characters[::2]
    codes = {char: divmod(number, len(CODES)) for number, char in enumerate(characters)}
    glyphs = _glyphs(characters)
    fonts = -(-len(characters) // len(CODES))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    names = b"".join(b"/F%d %d 0 R" % (font, 3 + font) for font in range(fonts))
    streams: list[bytes] = []
    first = 3 + fonts
    for font in range(fonts):
        own = characters[font * len(CODES) : (font + 1) * len(CODES)]
        at = first + len(streams)
        streams += [glyphs[char] for char in own]
        procs = b"".join(b"/g%d %d 0 R" % (i, at + i) for i in range(len(own)))
        widths = b" ".join(b"%d" % _width(char) for char in own)
        differences = b"".join(b"/g%d" % i for i in range(len(own)))
        objects.append(
            b"<</Type/Font/Subtype/Type3/FontBBox[0 %d %d %d]/FontMatrix[%.6f 0 0 %.6f 0 0]/CharProcs<<%s>>"
            b"/Encoding<</Type/Encoding/Differences[%d %s]>>/FirstChar %d/LastChar %d/Widths[%s]>>"
            % (
                -BELOW,
                DOTS,
                DOTS,
                1 / DOTS,
                1 / DOTS,
                procs,
                CODES[0],
                differences,
                CODES[0],
                CODES[len(own) - 1],
                widths,
            )
        )
    objects += [_stream(stream) for stream in streams]
    kids = []
    for leaf in leaves:
        objects.append(_stream(b"\n".join(_drawn(leaf, codes))))
        box = b"[0 0 %.1f %.1f]" % (leaf.width, leaf.height)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents %d 0 R/Resources<</Font<<%s>>>>>>"
            % (box, len(objects), names)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    path.write_bytes(_file(objects))
    return path


def _width(char: str) -> int:
    return DOTS // 2 if char.isascii() else DOTS


def _glyphs(characters: Sequence[str]) -> dict[str, bytes]:
    """What draws each character: its picture of one bit a pixel."""
    data = io.BytesIO()
    canvas = Canvas(data, pagesize=(DOTS, DOTS * len(characters)), invariant=1)
    canvas.setFont(SONG, DOTS)
    for number, char in enumerate(characters):
        canvas.drawString(0, DOTS * (len(characters) - 1 - number) + BELOW, char)
    canvas.save()
    found = {}
    with pdfium.PdfDocument(data.getvalue()) as pdf:
        picture = pdf[0].render(scale=1, grayscale=True).to_numpy().reshape(len(characters), DOTS, DOTS)
    for char, pixels in zip(characters, picture, strict=True):
        width = _width(char)
        bits = np.packbits(pixels[:, :width] < 128, axis=1).tobytes()
        found[char] = (
            (
                b"%d 0 0 %d %d %d d1 %d 0 0 %d 0 %d cm BI/W %d/H %d/IM true/BPC 1/D[1 0] ID "
                % (width, -BELOW, width, DOTS, width, DOTS, -BELOW, width, DOTS)
            )
            + bits
            + b"\nEI"
        )
    return found


def _drawn(leaf: Leaf, codes: dict[str, tuple[int, int]]) -> Iterator[bytes]:
    for piece in leaf.pieces:
        for cell in piece.cells:
            height = cell.bottom - cell.top
            yield b"0.5 w %.2f %.2f %.2f %.2f re S" % (cell.x0, leaf.height - cell.bottom, cell.x1 - cell.x0, height)
    for placed in leaf.texts:
        yield b"BT %.2f %.2f Td" % (placed.x, leaf.height - placed.baseline)
        for char in placed.text:
            font, code = codes[char]
            yield b"/F%d %.2f Tf <%02x> Tj" % (font, placed.size, CODES[code])
        yield b"ET"


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj %s endobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
