"""Leaves -> a PDF, drawn as word processors, browsers and printer drivers draw it.

In: the pages of ``typeset`` and how rules and strings are drawn. Out: a file whose bytes are the same for the same
report. Every way in which a table's rules are drawn has a name in ``RULES``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from tests.reports.typeset import Leaf, Piece, Ruled

SONG = "STSong-Light"
registerFont(UnicodeCIDFont(SONG))

TITLE = 14.0
"""The titles are at least so large, and nothing else is."""

Segment = tuple[float, float, float, float]
"""x0, top, x1, bottom of a straight stroke, in points from the top left."""


@dataclass(frozen=True)
class Drawn:
    """How a PDF is drawn. ``rules`` is a name in ``RULES``.

    ``turned``: ``rotate``, text turned on a page with /Rotate; ``sideways``, without; ``tables``, only pages with
    tables.
    """

    rules: str = "lines"
    open_foot: bool = False
    """No rule closes a table at the foot of a page."""
    open_head: bool = False
    outer: bool = True
    """Whether there are rules left and right of a table."""
    white: bool = False
    """White fills lie behind the lines of the prose and behind the cells."""
    shaded: bool = False
    """Headers have a coloured ground."""
    frames: bool = False
    """Each line of the prose has a frame."""
    turned: Literal["", "rotate", "sideways", "tables"] = ""
    crop: float = 0.0
    """The page is a cut-out of a larger sheet, with so many points around it."""
    watermark: Literal["", "rotated", "horizontal"] = ""
    twice: bool = False
    """Text is drawn twice for boldness."""
    apart: bool = False
    """Each character is drawn by itself."""
    latin: bool = False
    """Figures are set in a second font."""
    tables_first: bool = False
    """Rules are drawn before all text, columns of text before rows: the file's order is not the page's."""
    info_title: str = ""
    red_title: bool = False
    locked: Literal["", "owner", "user"] = ""
    """By a password. ``owner``: printing is forbidden, which keeps nobody from reading; ``user``: reading is, too."""


def write_pdf(path: Path, leaves: Sequence[Leaf], drawn: Drawn = Drawn()) -> Path:
    """Draw the pages into a file."""
    canvas = Canvas(str(path), invariant=1, pageCompression=0, encrypt=_encryption(drawn.locked))
    canvas.setTitle(drawn.info_title or "untitled")
    for leaf in leaves:
        _draw_leaf(canvas, leaf, drawn)
        canvas.showPage()
    canvas.save()
    return path


def _encryption(locked: str) -> StandardEncryption | None:
    if not locked:
        return None
    return StandardEncryption("secret" if locked == "user" else "", "owner", canPrint=0, canCopy=0, strength=128)


def _draw_leaf(canvas: Any, leaf: Leaf, drawn: Drawn) -> None:
    turned = drawn.turned in ("rotate", "sideways") or (drawn.turned == "tables" and bool(leaf.pieces))
    width, height = (leaf.height, leaf.width) if turned else (leaf.width, leaf.height)
    rotated = turned and drawn.turned != "sideways"
    media = width + 2 * drawn.crop, height + 2 * drawn.crop
    # reportlab takes the size as shown.
    canvas.setPageSize(media[::-1] if rotated else media)
    canvas.setPageRotation(90 if rotated else 0)
    canvas.setCropBox((drawn.crop, drawn.crop, width + drawn.crop, height + drawn.crop))
    canvas.saveState()
    if drawn.crop:
        canvas.translate(drawn.crop, drawn.crop)
    if turned:
        canvas.transform(0, 1, -1, 0, leaf.height, 0)
    # From here on y counts from the top.
    canvas.translate(0, leaf.height)
    if drawn.white or drawn.frames:
        for x0, top, x1, bottom in leaf.frames:
            canvas.setFillGray(1)
            canvas.setLineWidth(0.5)
            canvas.rect(x0, -bottom, x1 - x0, bottom - top, stroke=int(drawn.frames), fill=int(drawn.white))
    for number, piece in enumerate(leaf.pieces):
        _grounds(canvas, piece, drawn)
        canvas.saveState()
        RULES[drawn.rules](canvas, piece.cells, _segments(piece, drawn), f"{canvas.getPageNumber()}-{number}")
        canvas.restoreState()
    _strings(canvas, leaf, drawn)
    if drawn.watermark:
        canvas.setFillGray(0.85)
        canvas.setFont(SONG, 48)
        if drawn.watermark == "rotated":
            canvas.translate(leaf.width / 2, -leaf.height / 2)
            canvas.rotate(40)
            canvas.drawCentredString(0, 0, "示例市政务公开")
        else:
            canvas.drawCentredString(leaf.width / 2, -leaf.height / 2, "示例市政务公开")
    canvas.restoreState()


def _strings(canvas: Any, leaf: Leaf, drawn: Drawn) -> None:
    canvas.setFillGray(0)
    texts = sorted(leaf.texts, key=lambda t: (t.x, t.baseline)) if drawn.tables_first else leaf.texts
    for placed in texts:
        latin = drawn.latin and placed.cell == "figure" and placed.text.isascii()
        canvas.setFont("Helvetica" if latin else SONG, placed.size)
        if drawn.red_title:
            canvas.setFillColorRGB(0.85 if placed.size >= TITLE else 0, 0, 0)
        for dx in (0.0, 0.3) if drawn.twice else (0.0,):
            if drawn.apart:
                x = placed.x + dx
                for char in placed.text:
                    canvas.drawString(x, -placed.baseline, char)
                    x += canvas.stringWidth(char)
            else:
                canvas.drawString(placed.x + dx, -placed.baseline, placed.text)


def _grounds(canvas: Any, piece: Piece, drawn: Drawn) -> None:
    for cell in piece.cells:
        if drawn.shaded and cell.kind in ("title", "header"):
            canvas.setFillColorRGB(0.8, 0.87, 0.95)
        elif drawn.white:
            canvas.setFillGray(1)
        else:
            continue
        canvas.rect(cell.x0, -cell.bottom, cell.x1 - cell.x0, cell.bottom - cell.top, stroke=0, fill=1)


# ---------------------------------------------------------------- rules


def _segments(piece: Piece, drawn: Drawn) -> list[Segment]:
    """The borders of a piece's cells, each stretch once, joined where they follow each other."""
    across: dict[float, list[tuple[float, float]]] = defaultdict(list)
    down: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for cell in piece.cells:
        for y in (cell.top, cell.bottom):
            across[round(y, 3)].append((cell.x0, cell.x1))
        for x in (cell.x0, cell.x1):
            down[round(x, 3)].append((cell.top, cell.bottom))
    if drawn.open_foot and not piece.closes:
        del across[max(across)]
    if drawn.open_head and not piece.opens:
        del across[min(across)]
    if not drawn.outer:
        del down[min(down)], down[max(down)]
    found = [(start, y, end, y) for y, spans in across.items() for start, end in _joined(spans)]
    return found + [(x, start, x, end) for x, spans in down.items() for start, end in _joined(spans)]


def _joined(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 0.01:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


Draw = Callable[[Any, Sequence[Ruled], Sequence[Segment], str], None]


def _lines(width: float = 0.5, *, grey: float = 0.0, dash: tuple[float, ...] = ()) -> Draw:
    def draw(canvas: Any, _cells: Sequence[Ruled], segments: Sequence[Segment], _name: str) -> None:
        canvas.setLineWidth(width)
        canvas.setStrokeGray(grey)
        if dash:
            canvas.setDash(list(dash))
        for x0, top, x1, bottom in segments:
            canvas.line(x0, -top, x1, -bottom)

    return draw


def _one_path(canvas: Any, _cells: Sequence[Ruled], segments: Sequence[Segment], _name: str) -> None:
    path = canvas.beginPath()
    for x0, top, x1, bottom in segments:
        path.moveTo(x0, -top)
        path.lineTo(x1, -bottom)
    canvas.drawPath(path, stroke=1, fill=0)


def _thin_fills(canvas: Any, _cells: Sequence[Ruled], segments: Sequence[Segment], _name: str) -> None:
    for x0, top, x1, bottom in segments:
        canvas.rect(x0 - 0.25, -bottom - 0.25, x1 - x0 + 0.5, bottom - top + 0.5, stroke=0, fill=1)


def _thin_fills_by_cell(canvas: Any, cells: Sequence[Ruled], _segments: Sequence[Segment], _name: str) -> None:
    for c in cells:
        for x0, top, x1, bottom in (
            (c.x0, c.top, c.x1, c.top + 0.7),
            (c.x0, c.bottom - 0.7, c.x1, c.bottom),
            (c.x0, c.top, c.x0 + 0.7, c.bottom),
            (c.x1 - 0.7, c.top, c.x1, c.bottom),
        ):
            canvas.rect(x0, -bottom, x1 - x0, bottom - top, stroke=0, fill=1)


def _cell_rectangles(canvas: Any, cells: Sequence[Ruled], _segments: Sequence[Segment], _name: str) -> None:
    canvas.setLineWidth(0.5)
    for c in cells:
        canvas.rect(c.x0, -c.bottom, c.x1 - c.x0, c.bottom - c.top, stroke=1, fill=0)


def _labels_alone(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    """Rules around what is no figure."""
    _cell_rectangles(canvas, [c for c in cells if c.kind != "figure"], segments, name)


def _two_columns(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    """Rules around the figures of two columns that stand beside each other."""
    rights = sorted({c.x1 for c in cells})
    _cell_rectangles(canvas, [c for c in cells if c.kind == "figure" and c.x1 in rights[-3:-1]], segments, name)


def _short_strokes(canvas: Any, _cells: Sequence[Ruled], segments: Sequence[Segment], _name: str) -> None:
    canvas.setLineWidth(0.5)
    for x0, top, x1, bottom in segments:
        length = (x1 - x0) + (bottom - top)
        for step in range(int(length / 3) + 1):
            a, b = step * 3.0, min(step * 3.0 + 1.8, length)
            if x1 > x0:
                canvas.line(x0 + a, -top, x0 + b, -top)
            else:
                canvas.line(x0, -top - a, x0, -top - b)


def _dots(canvas: Any, _cells: Sequence[Ruled], segments: Sequence[Segment], _name: str) -> None:
    for x0, top, x1, bottom in segments:
        for step in range(int(((x1 - x0) + (bottom - top)) / 1.5) + 1):
            at = (x0 + 1.5 * step, -top) if x1 > x0 else (x0, -top - 1.5 * step)
            canvas.rect(at[0] - 0.35, at[1] - 0.35, 0.7, 0.7, stroke=0, fill=1)


def _cut(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    """The table goes on above the page, and only what is below the margin is shown."""
    left, right = min(c.x0 for c in cells), max(c.x1 for c in cells)
    top, bottom = min(c.top for c in cells), max(c.bottom for c in cells)
    clip = canvas.beginPath()
    clip.rect(left - 1, -bottom - 1, right - left + 2, bottom - top + 1)
    canvas.clipPath(clip, stroke=0, fill=0)
    above = [(x0, y0 - 1500 * (y0 <= top and y1 > y0), x1, y1) for x0, y0, x1, y1 in segments]
    _lines()(canvas, cells, [s for s in above if s[1] < s[3] or s[1] > top], name)


def _double(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    for d in (-0.7, 0.7):
        _lines(0.4)(canvas, cells, [(a + d * (a == c), b + d * (b == e), c + d * (a == c), e + d * (b == e))
                                    for a, b, c, e in segments], name)  # fmt: skip


def _horizontal(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    _lines()(canvas, cells, [s for s in segments if s[1] == s[3]], name)


def _three_lines(canvas: Any, cells: Sequence[Ruled], _segments: Sequence[Segment], name: str) -> None:
    """A rule above the table, one under its header, one below."""
    left, right = min(c.x0 for c in cells), max(c.x1 for c in cells)
    heads = [c.bottom for c in cells if c.kind == "header"][:15]
    ys = {min(c.top for c in cells), max(c.bottom for c in cells), *([max(heads)] if heads else [])}
    _lines(1.0)(canvas, cells, [(left, y, right, y) for y in ys], name)


def _none(_canvas: Any, _cells: Sequence[Ruled], _segments: Sequence[Segment], _name: str) -> None:
    """Nothing parts the cells but their distance."""


def _fills(canvas: Any, cells: Sequence[Ruled], _segments: Sequence[Segment], _name: str) -> None:
    """Each cell has a grey ground, and the paper shows between them."""
    canvas.setFillGray(0.93)
    for c in cells:
        canvas.rect(c.x0 + 0.5, -c.bottom + 0.5, c.x1 - c.x0 - 1, c.bottom - c.top - 1, stroke=0, fill=1)


def _white_on_grey(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    canvas.setFillGray(0.9)
    for c in cells:
        canvas.rect(c.x0, -c.bottom, c.x1 - c.x0, c.bottom - c.top, stroke=0, fill=1)
    _lines(1.0, grey=1.0)(canvas, cells, segments, name)


def _form_object(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    canvas.beginForm(name, -10, -2000, 2000, 10)
    _lines()(canvas, cells, segments, name)
    canvas.endForm()
    canvas.doForm(name)


def _scaled(canvas: Any, cells: Sequence[Ruled], segments: Sequence[Segment], name: str) -> None:
    canvas.scale(0.06, 0.06)
    _lines(8)(canvas, cells, [(a / 0.06, b / 0.06, c / 0.06, d / 0.06) for a, b, c, d in segments], name)


RULES: dict[str, Draw] = {
    "lines": _lines(),
    "thick": _lines(2.25),
    "hairline": _lines(0.05),
    "grey": _lines(0.75, grey=0.7),
    "dashed": _lines(0.75, dash=(2, 2)),
    "dotted": _lines(0.75, dash=(0.5, 3)),
    "short-strokes": _short_strokes,
    "labels-alone": _labels_alone,
    "two-columns": _two_columns,
    "dots": _dots,
    "cut": _cut,
    "double": _double,
    "one-path": _one_path,
    "thin-fills": _thin_fills,
    "thin-fills-by-cell": _thin_fills_by_cell,
    "cell-rectangles": _cell_rectangles,
    "form-object": _form_object,
    "scaled": _scaled,
    "white-on-grey": _white_on_grey,
    "horizontal": _horizontal,
    "three-lines": _three_lines,
    "fills": _fills,
    "none": _none,
}
