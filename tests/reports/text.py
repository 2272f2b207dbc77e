"""Leaves, or sheets -> a text file, as the extractors of text from PDF yield it.

In: the pages of ``typeset``, or a report's sheets. Out: text. ``in_lines`` is the way of pdfplumber, line by line
from left to right; ``in_columns`` that of pdftotext -layout, which keeps columns by spaces; ``in_cells`` that of
pdfminer and pypdf, cell after cell, wrapped labels broken and group labels between the rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from gongkai.model import RESOURCES
from tests.reports.content import NUMERALS, Content
from tests.reports.sheets import Sheet, SheetCell
from tests.reports.typeset import Leaf, Placed, width_of, wrap

SAME_LINE = 3.0
PER_LINE = 26
"""How many characters of prose a line of ``in_cells`` holds."""


def in_lines(leaves: Sequence[Leaf], feed: str = "\n") -> str:
    """Each printed line, the strings on it parted by a space. ``feed`` parts pages."""
    return feed.join("\n".join(_joined(row) for row in _rows(leaf)) + "\n" for leaf in leaves)


def in_columns(leaves: Sequence[Leaf], unit: float = 4.5, wide: int = 1, feed: str = "\f") -> str:
    """Each printed line with its strings at their places, the left margin cut off.

    ``unit``: points a place; ``wide``: the places that a Chinese character takes.
    """
    measure = _characters if wide == 1 else _places
    pages = []
    for leaf in leaves:
        left = min(placed.x for placed in leaf.texts)
        pages.append("\n".join(_placed(row, left, unit, measure) for row in _rows(leaf)) + "\n")
    return feed.join(pages)


def in_cells(
    content: Content,
    sheets: Mapping[str, Sheet],
    *,
    pages: Mapping[str, Sequence[str]] | None = None,
    gap: str = "\n\n",
    feed: str = "\n",
    alone: int = 3,
    label_width: float = 16.0,
) -> str:
    """Cell after cell. ``pages``: by resource the rows (by id) before which a page ends. ``gap`` parts lines.

    The figures of a row stand behind its label, or alone on a line if the label has ``alone`` lines or more.
    """
    scribe = _Scribe(gap, feed, alone, label_width)
    for text in content.title:
        scribe.line(text)
    tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
    for text in content.introduction:
        scribe.prose(text)
    for number, heading in content.headings.items():
        scribe.line(f"{NUMERALS[number - 1]}、{heading}")
        for text in content.prose.get(number, ()):
            scribe.prose(text)
        resource = tables.get(number, "")
        if resource in sheets:
            scribe.table(sheets[resource], (pages or {}).get(resource, ()))
    for text in content.signature:
        scribe.line(text)
    scribe.turn()
    return "".join(scribe.parts)


class _Scribe:
    def __init__(self, gap: str, feed: str, alone: int, label_width: float) -> None:
        self.gap, self.feed, self.alone, self.label_width = gap, feed, alone, label_width
        self.parts: list[str] = []
        self.page = 1

    def line(self, text: str) -> None:
        self.parts.append(text + self.gap)

    def prose(self, text: str) -> None:
        for line in wrap(text, PER_LINE, 1):
            self.line(line)

    def turn(self) -> None:
        self.parts.append(f"- {self.page} -{self.feed}")
        self.page += 1

    def table(self, sheet: Sheet, breaks: Sequence[str]) -> None:
        stops = {sheet.row_of(id) for id in breaks}
        for row in range(sheet.rows):
            if row in stops:
                self.turn()
            own = sorted((cell for cell in sheet.cells if cell.row == row), key=lambda cell: cell.column)
            heads = [cell for cell in own if cell.kind == "header"]
            if heads and sheet.header == 0:
                self.line(" ".join(cell.text for cell in heads))
                continue
            for cell in heads:
                self._cell(cell, 4.0 if cell.column_span == 1 else 20.0)
            for cell in own:
                if cell.kind == "title":
                    self.line(cell.text)
                elif cell.kind == "group":
                    self._cell(cell, 1.0 if cell.column == 0 else 4.0)
            label = [line for c in own if c.kind == "label" for line in wrap(c.text, self.label_width, 1)]
            figures = " ".join(cell.text for cell in own if cell.kind == "figure" and cell.text)
            if len(label) >= self.alone:
                label.append("")
            for line in label[:-1]:
                self.line(line)
            if last := f"{label[-1] if label else ''} {figures}".strip():
                self.line(last)

    def _cell(self, cell: SheetCell, width: float) -> None:
        for line in wrap(cell.text, width, 1):
            self.line(line)


def _rows(leaf: Leaf) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    for placed in sorted(leaf.texts, key=lambda t: (t.baseline, t.x)):
        if not placed.text:
            continue
        if rows and placed.baseline - rows[-1][0].baseline <= SAME_LINE:
            rows[-1].append(placed)
        else:
            rows.append([placed])
    return [sorted(row, key=lambda t: t.x) for row in rows]


def _joined(row: Sequence[Placed]) -> str:
    text, end = "", 0.0
    for placed in row:
        # Figures of two cells are never one word, however near.
        text += (" " if text and (placed.x - end > 1 or placed.cell == "figure") else "") + placed.text
        end = placed.x + width_of(placed.text, placed.size)
    return text


def _placed(row: Sequence[Placed], left: float, unit: float, measure: Callable[[str], int]) -> str:
    text = ""
    for placed in row:
        text += " " * max(round((placed.x - left) / unit) - measure(text), 1 if text else 0) + placed.text
    return text


def _characters(text: str) -> int:
    return len(text)


def _places(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def in_bars(
    content: Content,
    sheets: Mapping[str, Sheet],
    *,
    merged: str = "first",
    rule: bool = True,
    edges: bool = True,
    marks: bool = True,
    breaks: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Rows joined by ``|``, as converters to Markdown give them.

    ``merged``: what a cell that spans others leaves in them: its text (``each``), a blank (``first``) or no cell
    (``none``). ``rule``: ``|---|`` below the first row; ``edges``: bars at the ends of rows, too; ``marks``: ``#``
    before headings. ``breaks``: by resource the rows (by id) before which a page ends: there a table begins anew.
    """
    hash2 = "## " if marks else ""
    parts = [f"# {''.join(content.title)}" if marks else "\n".join(content.title), *content.introduction]
    tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
    for number, heading in content.headings.items():
        parts.append(f"{hash2}{NUMERALS[number - 1]}、{heading}")
        parts += content.prose.get(number, ())
        sheet = sheets.get(tables.get(number, ""))
        if sheet is not None:
            stops = [0, *sorted(sheet.row_of(id) for id in (breaks or {}).get(sheet.resource, ())), sheet.rows]
            cells = _cells_of(sheet, merged)
            rows = [_bars(row, edges) for row in cells]
            for start, end in pairwise(stops):
                below = [_bars(["---"] * len(cells[start]), edges)] if rule else []
                parts.append("\n".join([rows[start], *below, *rows[start + 1 : end]]))
    return "\n\n".join([*parts, *content.signature]) + "\n"


def in_singles(
    content: Content,
    sheets: Mapping[str, Sheet],
    *,
    blanks: str = "",
    label_width: float = 8.0,
    upright: bool = True,
    gap: str = "\n",
) -> str:
    """One cell a line, as text is copied out of a table. A blank cell leaves ``blanks``, or no line.

    ``upright``: the label of 三、本年度办理结果 stands one character a line.
    """
    scribe = _Scribe(gap, "\n", 99, label_width)
    for text in (*content.title, *content.introduction):
        scribe.line(text)
    tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
    for number, heading in content.headings.items():
        scribe.line(f"{NUMERALS[number - 1]}、{heading}")
        for text in content.prose.get(number, ()):
            scribe.line(text)
        if sheet := sheets.get(tables.get(number, "")):
            for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
                width = 99.0 if cell.kind == "figure" else label_width
                if cell.kind == "group" and cell.column == 0:
                    width = 1.0 if upright else 99.0
                for line in wrap(cell.text, width, 1) if cell.text else [blanks] if cell.kind == "figure" else []:
                    if line:
                        scribe.line(line)
    for text in content.signature:
        scribe.line(text)
    return "".join(scribe.parts)


def _cells_of(sheet: Sheet, merged: str) -> list[list[str]]:
    """For each row its cells' texts; of those that a cell spans what it leaves there."""
    borders = sorted({x for cell in sheet.cells for x in (cell.column, cell.column + cell.column_span)})
    place = {x: i for i, x in enumerate(borders)}
    rows: list[list[str | None]] = [[None] * (len(borders) - 1) for _ in range(sheet.rows)]
    for cell in sheet.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(place[cell.column], place[cell.column + cell.column_span]):
                first = (row, column) == (cell.row, place[cell.column])
                rows[row][column] = cell.text if first or merged == "each" else "" if merged == "first" else None
    return [[text for text in row if text is not None] for row in rows]


def _bars(cells: Sequence[str], edges: bool) -> str:
    return f"| {' | '.join(cells)} |" if edges else "|".join(cells)
