"""Sheets and prose on pages: where every string and every cell stands.

In: a ``Content``, its sheets, and a ``Layout``. Out: ``Leaf`` after leaf, in points from the top left, which ``pdf``
draws and ``text`` writes down. Pages break where the layout says, else where they are full.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gongkai.model import RESOURCES
from tests.reports.content import NUMERALS, Content
from tests.reports.sheets import Kind, Sheet, SheetCell, split_row, table_of

LEFT, TOP, RIGHT, BOTTOM = 60.0, 70.0, 60.0, 70.0
PAD = 2.0
LINE = 1.25
"""The distance of lines, in parts of the characters' height."""


@dataclass(frozen=True)
class Placed:
    """A string: where it begins, its baseline, its height, and the kind of cell that it stands in."""

    x: float
    baseline: float
    text: str
    size: float
    cell: Kind | None = None


@dataclass(frozen=True)
class Ruled:
    """A cell on a page."""

    x0: float
    top: float
    x1: float
    bottom: float
    kind: Kind


@dataclass
class Piece:
    """The part of a table that stands on one page. ``opens``, ``closes``: whether the table begins and ends here."""

    cells: list[Ruled]
    opens: bool
    closes: bool


@dataclass
class Leaf:
    width: float
    height: float
    texts: list[Placed] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    frames: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Around each line of the prose."""


@dataclass(frozen=True)
class Layout:
    """How a report is set. ``breaks``: (resource, row), a page ends before this row, an id of the form or a number.

    ``split``: (resource, row id, where its figures stand) of a row that a page parts.
    """

    width: float = 595.0
    height: float = 842.0
    size: float = 9.0
    prose_size: float = 12.0
    breaks: tuple[tuple[str, str | int], ...] = ()
    split: tuple[tuple[str, str, Literal["upper", "lower"]], ...] = ()
    page_before: tuple[str, ...] = ()
    """Tables that begin a page."""
    repeat_header: bool = False
    group_label: Literal["first", "last", "both", "middle", "flow"] = "flow"
    align: Literal["left", "center", "right"] = "center"
    label_align: Literal["left", "center"] = "left"
    vertical: Literal["middle", "top", "bottom"] = "middle"
    wide_figures: Literal["shrink", "wrap", "overflow"] = "shrink"
    """What becomes of a figure that is wider than its cell."""
    not_parted: tuple[tuple[str, Literal["below", "right"]], ...] = ()
    """Rows (by id) whose figures no rule parts from those of the next row, or from each other."""
    widths: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """By resource, other parts of the width for its columns."""
    table_width: float = 1.0
    close: bool = False
    """The tables stand right under each other, with no prose and no heading between: a border may be shared."""
    padding: float = 2.5
    heading: str = "{numeral}、{text}"
    head: str = ""
    page_number: str = "- {page} -"
    page_number_at: Literal["center", "left", "right", "top"] = "center"
    foot: str = ""


def typeset(content: Content, sheets: Mapping[str, Sheet], layout: Layout) -> list[Leaf]:
    """The report's pages."""
    press = _Press(layout)
    press.front(content)
    tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
    for number, heading in content.headings.items():
        resource = tables.get(number, "")
        if resource in layout.page_before:
            press.new_page()
        if not (layout.close and number in (3, 4)):
            press.prose(press.heading(number, heading), size=13)
        for text in content.prose.get(number, ()):
            press.prose(text)
        if resource in sheets:
            press.table(sheets[resource])
        for extra in content.tables.get(number, ()):
            press.table(table_of(extra))
    for line in content.signature:
        press.prose(line, align="right")
    press.furnish()
    return press.leaves


def width_of(text: str, size: float) -> float:
    """The width of a string: a Chinese character is as wide as high, others half as wide."""
    return sum(size if unicodedata.east_asian_width(c) in "WFA" else size / 2 for c in text)


def wrap(text: str, width: float, size: float) -> list[str]:
    """The lines into which a text is broken, anywhere; the text's own line breaks are kept."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and width_of(line + char, size) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines if any(lines) else []


def _unpart(piece: Piece, tops: Sequence[float], way: Literal["below", "right"]) -> None:
    """Join the boxes of the figures in a row, or with those in the next one."""
    joined: dict[tuple[float, float] | None, Ruled] = {}
    for box in [box for box in piece.cells if box.kind == "figure" and box.top in tops]:
        key = (box.x0, box.x1) if way == "below" else None
        other = joined.get(key, box)
        joined[key] = Ruled(
            min(box.x0, other.x0),
            min(box.top, other.top),
            max(box.x1, other.x1),
            max(box.bottom, other.bottom),
            box.kind,
        )
        piece.cells.remove(box)
    piece.cells += joined.values()


class _Press:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.leaves: list[Leaf] = []
        self.new_page()

    def new_page(self) -> None:
        self.leaves.append(Leaf(self.layout.width, self.layout.height))
        self.y = TOP

    @property
    def leaf(self) -> Leaf:
        return self.leaves[-1]

    @property
    def room(self) -> float:
        return self.layout.height - BOTTOM - self.y

    def heading(self, number: int, text: str) -> str:
        return self.layout.heading.format(numeral=NUMERALS[number - 1], number=number, text=text)

    def prose(self, text: str, *, size: float = 0.0, align: str = "left", indent: int = 2) -> None:
        size = size or self.layout.prose_size
        across = self.layout.width - LEFT - RIGHT
        if align == "left":
            text = "　" * indent + text
        for line in wrap(text, across, size):
            if self.room < size * 1.6:
                self.new_page()
            width = width_of(line, size)
            x = LEFT + {"left": 0.0, "center": (across - width) / 2, "right": across - width}[align]
            blank = len(line) - len(line.lstrip("　"))
            self.leaf.texts.append(Placed(x + blank * size, self.y + size, line.lstrip("　"), size))
            self.leaf.frames.append((LEFT - 1, self.y - size * 0.2, LEFT + across + 1, self.y + size * 1.4))
            self.y += size * 1.6

    def front(self, content: Content) -> None:
        """All that stands before the first heading."""
        if content.cover:
            for line in content.title:
                self.prose(line, size=20, align="center")
            self.new_page()
        for line in content.title:
            self.prose(line, size=16, align="center")
        if content.contents_list:
            self.prose("目录", align="center")
            for number, heading in content.headings.items():
                self.prose(self.heading(number, heading) + "……………………" + str(number), indent=0)
        for text in content.introduction:
            self.prose(text)

    def table(self, sheet: Sheet) -> None:
        layout = self.layout
        breaks = {sheet.row_of(r) if isinstance(r, str) else r for own, r in layout.breaks if own == sheet.resource}
        for own, id, figures in layout.split:
            if own == sheet.resource:
                row = sheet.row_of(id)
                sheet = split_row(sheet, row, figures)
                breaks = {b + (b > row) for b in breaks} | {row + 1}
        parts = layout.widths.get(sheet.resource, sheet.widths)
        across = (layout.width - LEFT - RIGHT) * layout.table_width
        left = (layout.width - across) / 2
        xs = [left + across * sum(parts[:i]) / sum(parts) for i in range(len(parts) + 1)]
        heights = self._heights(sheet, xs)
        if not layout.close:
            self.y += 4
        start, again = 0, False
        while start < sheet.rows:
            head = list(range(sheet.header)) if again and layout.repeat_header else []
            used = sum(heights[row] for row in head)
            end = start
            while end < sheet.rows and (end == start or end not in breaks):
                if used + heights[end] > self.room and (end > start or self.y > TOP + 40):
                    break
                used += heights[end]
                end += 1
            if end > start:
                self._piece(sheet, xs, heights, [*head, *range(start, end)], start, end)
                again = True
            if end < sheet.rows:
                self.new_page()
            start = end
        if not layout.close:
            self.y += 8

    def _heights(self, sheet: Sheet, xs: Sequence[float]) -> list[float]:
        size = self.layout.size
        heights = [size * LINE + 2 * self.layout.padding] * sheet.rows
        for cell in sheet.cells:
            if cell.row_span == 1:
                lines = len(self._lines(cell, xs[cell.column + cell.column_span] - xs[cell.column]))
                heights[cell.row] = max(heights[cell.row], lines * size * LINE + 2 * self.layout.padding)
        return heights

    def _lines(self, cell: SheetCell, width: float) -> list[str]:
        if cell.kind == "figure" and self.layout.wide_figures != "wrap":
            return [cell.text] if cell.text else []
        return wrap(cell.text, width - 2 * PAD, self.layout.size)

    def _piece(
        self, sheet: Sheet, xs: Sequence[float], heights: Sequence[float], rows: Sequence[int], start: int, end: int
    ) -> None:
        """The rows of a table from ``start`` to before ``end``, under its header if ``rows`` holds that too."""
        tops: dict[int, float] = {}
        for row in rows:
            tops[row] = self.y
            self.y += heights[row]
        piece = Piece([], start == 0, end == sheet.rows)
        for cell in sheet.cells:
            own = [row for row in range(cell.row, cell.row + cell.row_span) if row in tops]
            if not own:
                continue
            last = own[-1]
            box = Ruled(
                xs[cell.column], tops[own[0]], xs[cell.column + cell.column_span], tops[last] + heights[last], cell.kind
            )
            piece.cells.append(box)
            whole = sum(heights[cell.row : cell.row + cell.row_span])
            above = sum(heights[cell.row : own[0]])
            self._fill(cell, box, above / whole, (above + box.bottom - box.top) / whole)
        for id, way in self.layout.not_parted:
            if any(cell.key is not None and cell.key.row == id for cell in sheet.cells):
                row = sheet.row_of(id)
                _unpart(piece, [tops[r] for r in ((row, row + 1) if way == "below" else (row,)) if r in tops], way)
        self.leaf.pieces.append(piece)

    def _fill(self, cell: SheetCell, box: Ruled, begin: float, end: float) -> None:
        """The text of a cell, of which this page has the part from ``begin`` to ``end``."""
        size = self.layout.size
        lines = self._lines(cell, box.x1 - box.x0)
        if cell.kind == "figure" and lines and self.layout.wide_figures == "shrink":
            size = min(size, size * (box.x1 - box.x0 - 2 * PAD) / width_of(lines[0], size))
        if begin > 0 or end < 1:
            n = len(lines)
            match self.layout.group_label:
                case "flow":
                    lines = lines[round(n * begin) : round(n * end)]
                case "first":
                    lines = lines if begin == 0 else []
                case "last":
                    lines = lines if end > 0.999 else []
                case "middle":
                    lines = lines if begin <= 0.5 < end else []
                case "both":
                    pass
            lines = lines[: max(1, int((box.bottom - box.top) / (size * LINE)))]
        height = len(lines) * size * LINE
        free = box.bottom - box.top - height
        y = (
            box.top
            + {"middle": free / 2, "top": self.layout.padding, "bottom": free - self.layout.padding}[
                "middle" if cell.kind == "group" else self.layout.vertical
            ]
        )
        align = {"figure": self.layout.align, "label": self.layout.label_align}.get(cell.kind, "center")
        for line in lines:
            width = width_of(line, size)
            x = {
                "left": box.x0 + PAD,
                "center": (box.x0 + box.x1 - width) / 2,
                "right": box.x1 - PAD - width,
            }[align]
            self.leaf.texts.append(Placed(x, y + size, line, size, cell.kind))
            y += size * LINE

    def furnish(self) -> None:
        """Running heads, page numbers and feet."""
        layout = self.layout
        for number, leaf in enumerate(self.leaves, 1):
            if layout.head:
                leaf.texts.append(Placed(LEFT, 45, layout.head, 9))
            if layout.page_number:
                text = layout.page_number.format(page=number, pages=len(self.leaves))
                right = layout.width - RIGHT - width_of(text, 10)
                x = {"left": LEFT, "right": right, "top": right}.get(layout.page_number_at, (LEFT + right) / 2)
                leaf.texts.append(Placed(x, 45 if layout.page_number_at == "top" else layout.height - 40, text, 10))
            if layout.foot:
                leaf.texts.append(Placed(LEFT, layout.height - 28, layout.foot, 8))
