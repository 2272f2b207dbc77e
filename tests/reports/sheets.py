"""The tables of a report as cells: what is printed in each, and which rows and columns it spans.

In: a ``Content`` and how its figures and labels are written. Out: a ``Sheet`` for each of the three tables, as the
official forms draw them. A cell that holds a figure knows its key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from gongkai.form import Block, FormRow
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Key
from tests.reports.content import Content

Kind = Literal["title", "header", "group", "label", "figure"]
STEP = 60
"""In so many narrow columns the table of section two is divided: each block parts them as it needs."""
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class SheetCell:
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    kind: Kind
    key: Key | None = None


@dataclass(frozen=True)
class Sheet:
    """``widths`` are parts of the table's width; the first ``header`` rows head it."""

    resource: str
    cells: tuple[SheetCell, ...]
    widths: tuple[float, ...]
    header: int

    @property
    def rows(self) -> int:
        return max(cell.row + cell.row_span for cell in self.cells)

    def row_of(self, id: str) -> int:
        """The row in which the figures of the form's row ``id`` stand."""
        return next(cell.row for cell in self.cells if cell.key is not None and cell.key.row == id)


@dataclass(frozen=True)
class Extra:
    """A row that the form doesn't have: after the row ``after``, with this label and figures."""

    after: str
    label: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """How figures and labels are written. ``blanks`` are used in turn; ``labels`` and ``headers`` replace by id."""

    blanks: tuple[str, ...] = ("",)
    number: Literal["plain", "comma", "space", "full-width", "件", "宗"] = "plain"
    change: tuple[str, str] = ("", "-")
    """What stands before an increase and before a decrease."""
    money: str = "万元"
    money_in: Literal["header", "cell", "nowhere"] = "header"
    labels: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    """Group labels and block titles, by what the form prints."""
    every_label: Callable[[str], str] = str
    extra: tuple[Extra, ...] = ()
    merged: Literal["merged", "first", "each"] = "merged"
    """How a group's label stands before its rows: in one cell, in a cell of its first row, or in each row."""
    header_twice: bool = False
    review_header: Literal["form", "deep", "flat"] = "form"
    """``deep``: 行政复议 spans two rows of the header. ``flat``: each column repeats its whole path."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """By resource: a row at the table's foot, over its whole width."""
    row_numbers: bool = False
    """A column before the labels numbers the rows of the tables that have labels."""


def sheets(content: Content, written: Written = Written()) -> dict[str, Sheet]:
    """The tables that the report prints, by resource."""
    made = {}
    pen = _Pen(content, written)
    for resource, make in ((PROACTIVE, _proactive), (REQUESTS, _requests), (REVIEWS, _reviews)):
        if content.blocks[resource]:
            sheet = make(content.blocks[resource], pen)
            if written.row_numbers and resource != REVIEWS:
                sheet = _with_row_numbers(sheet)
            made[resource] = _with_note(sheet, written.notes.get(resource, ""))
    return made


def table_of(rows: Sequence[Sequence[str]]) -> Sheet:
    """Any other table: a row of headers, then rows of a label and figures."""
    cells = [
        SheetCell(i, j, 1, 1, text, "header" if i == 0 else "label" if j == 0 else "figure")
        for i, row in enumerate(rows)
        for j, text in enumerate(row)
    ]
    return Sheet("", tuple(cells), (2.0, *(1.0 for _ in rows[0][1:])), 1)


def spaced(text: str) -> str:
    """A label set wide, as word processors do to fill a cell: 行 政 处 罚."""
    return " ".join(text) if len(text) <= 5 else text


def ascii_punctuation(text: str) -> str:
    """The label as it is typed with a Western keyboard."""
    return text.translate(str.maketrans("（）、，：“”", '(),,:""'))


def split_row(sheet: Sheet, row: int, figures: Literal["upper", "lower"]) -> Sheet:
    """The table with one of its rows in two, as a page that ends inside a wrapped label parts it."""
    cells = []
    for cell in sheet.cells:
        start, end = cell.row, cell.row + cell.row_span
        if start > row:
            cells.append(replace(cell, row=start + 1))
        elif end <= row:
            cells.append(cell)
        elif cell.kind == "figure" or (cell.kind == "label" and cell.row_span == 1):
            upper, lower = cell.text, ""
            if cell.kind == "label":
                half = len(cell.text) // 2
                upper, lower = cell.text[:half], cell.text[half:]
            elif figures == "lower":
                upper, lower = "", cell.text
            cells += [replace(cell, text=upper), replace(cell, row=row + 1, text=lower)]
        else:
            cells.append(replace(cell, row_span=cell.row_span + 1))
    return replace(sheet, cells=tuple(cells))


class _Pen:
    """Writes figures; blanks in turn."""

    def __init__(self, content: Content, written: Written) -> None:
        self.content, self.written = content, written
        self.blanks = 0

    def figure(self, key: Key) -> str:
        value = self.content.values[key]
        if value is None:
            self.blanks += 1
            return self.written.blanks[self.blanks % len(self.written.blanks)]
        if key.column == "amount":
            return self._amount(value)
        if key.column == "change":
            sign = self.written.change[value < 0] if value else ""
            return f"{sign}{abs(value)}"
        return self._number(value)

    def _amount(self, value: Decimal) -> str:
        per_unit = {"元": Decimal(10000), "万元": Decimal(1), "亿元": Decimal("0.0001")}[self.written.money]
        amount = value if self.written.money_in == "nowhere" else value * per_unit
        text = f"{amount.normalize():f}"
        return text + (self.written.money if self.written.money_in == "cell" else "")

    def _number(self, value: Decimal) -> str:
        match self.written.number:
            case "comma":
                return f"{value:,}"
            case "space":
                return f"{value:,}".replace(",", " ")
            case "full-width":
                return str(value).translate(FULL_WIDTH)
            case "件" | "宗" as counter:
                return f"{value}{counter}"
        return str(value)

    def label(self, row: FormRow) -> str:
        text = self.written.labels.get(row.id)
        return self.written.every_label(row.label) if text is None else text

    def header(self, id: str, text: str) -> str:
        if id == "amount":
            text = re.sub("（单位：万元）", "", text)
            if self.written.money_in == "header":
                text += f"（单位：{self.written.money}）"
        return self.written.headers.get(id, self.written.headers.get(text, self.written.every_label(text)))

    def group(self, text: str) -> str:
        return self.written.groups.get(text, self.written.every_label(text))

    def extra_rows(self, after: str) -> list[Extra]:
        return [extra for extra in self.written.extra if extra.after == after]


def _proactive(blocks: Sequence[Block], pen: _Pen) -> Sheet:
    cells: list[SheetCell] = []
    row = 0
    for block in blocks:
        parts = len(block.columns) + 1
        ends = [STEP * i // parts for i in range(1, parts + 1)]
        starts = [0, *ends[:-1]]
        if block.title:
            cells.append(SheetCell(row, 0, 1, STEP, pen.group(block.title), "title"))
            row += 1
        heads = [pen.group(block.stub), *(pen.header(column.id, column.label) for column in block.columns)]
        for text, start, end in zip(heads, starts, ends, strict=True):
            cells.append(SheetCell(row, start, 1, end - start, text, "header"))
        row += 1
        for form_row in block.rows:
            keys: list[Key | None] = [block.key(PROACTIVE, form_row, column) for column in block.columns]
            lines = [(pen.label(form_row), keys, [pen.figure(key) for key in keys if key])]
            lines += [(e.label, [None] * len(keys), list(e.figures)) for e in pen.extra_rows(form_row.id)]
            for label, own, texts in lines:
                cells.append(SheetCell(row, starts[0], 1, ends[0] - starts[0], label, "label"))
                for key, text, start, end in zip(own, texts, starts[1:], ends[1:], strict=True):
                    cells.append(SheetCell(row, start, 1, end - start, text, "figure", key))
                row += 1
    return Sheet(PROACTIVE, tuple(cells), (1.0,) * STEP, 0)


def _requests(blocks: Sequence[Block], pen: _Pen) -> Sheet:
    block = blocks[0]
    columns = [c for c in block.columns if len(c.under) == 2]
    first = next((i for i, c in enumerate(block.columns) if len(c.under) == 2), 0)
    cells = [
        SheetCell(0, 0, 3, 3, pen.group(block.stub), "header"),
        SheetCell(0, 3, 1, len(block.columns), pen.group("申请人情况"), "header"),
    ]
    if columns:
        cells.append(SheetCell(1, 3 + first, 1, len(columns), pen.group("法人或其他组织"), "header"))
    for i, column in enumerate(block.columns):
        deep = len(column.under) == 2
        text = pen.header(column.id, column.label)
        cells.append(SheetCell(2 if deep else 1, 3 + i, 1 if deep else 2, 1, text, "header"))
    header = 3
    if pen.written.header_twice:
        cells += [replace(cell, row=cell.row + 3) for cell in cells]
        header = 6
    row = header
    under: list[tuple[str, ...]] = []
    for form_row in block.rows:
        keys: list[Key | None] = [block.key(REQUESTS, form_row, column) for column in block.columns]
        lines = [(pen.label(form_row), keys, [pen.figure(key) for key in keys if key])]
        lines += [(e.label, [None] * len(keys), list(e.figures)) for e in pen.extra_rows(form_row.id)]
        for label, own, texts in lines:
            depth = len(form_row.under)
            cells.append(SheetCell(row, depth, 1, 3 - depth, label, "label"))
            cells += [
                SheetCell(row, 3 + i, 1, 1, text, "figure", key)
                for i, (key, text) in enumerate(zip(own, texts, strict=True))
            ]
            under.append(form_row.under)
            row += 1
    cells += _groups(under, header, pen)
    return Sheet(REQUESTS, tuple(cells), (3.0, 7.0, 21.0, *(6.0 for _ in block.columns)), header)


def _groups(under: Sequence[tuple[str, ...]], header: int, pen: _Pen) -> list[SheetCell]:
    """The cells before the rows of a group."""
    cells = []
    for depth in range(2):
        start = 0
        while start < len(under):
            label = under[start][depth] if len(under[start]) > depth else ""
            end = start + 1
            while end < len(under) and (under[end][depth] if len(under[end]) > depth else "") == label:
                end += 1
            if label:
                text = pen.group(label)
                if pen.written.merged == "merged":
                    cells.append(SheetCell(header + start, depth, end - start, 1, text, "group"))
                else:
                    first = pen.written.merged == "first"
                    cells += [
                        SheetCell(header + i, depth, 1, 1, text if i == start or not first else "", "group")
                        for i in range(start, end)
                    ]
            start = end
    return cells


def _reviews(blocks: Sequence[Block], pen: _Pen) -> Sheet:
    block = blocks[0]
    columns = block.columns
    cells: list[SheetCell] = []
    shape = pen.written.review_header
    header = {"form": 3, "deep": 3, "flat": 1}[shape]
    for i, column in enumerate(columns):
        text = pen.header(column.id, column.label)
        if shape == "flat":
            text = "".join((*column.under[-1:], text))
        cells.append(SheetCell(header - 1, i, 1, 1, text, "header"))
    for depth in range(2 if shape != "flat" else 0):
        start = 0
        while start < len(columns):
            path = columns[start].under
            end = start + 1
            while end < len(columns) and columns[end].under[: depth + 1] == path[: depth + 1]:
                end += 1
            if depth < len(path):
                rows = 2 if len(path) == 1 else 1
                cells.append(SheetCell(depth, start, rows, end - start, pen.group(path[depth]), "header"))
            start = end
    keys = [block.key(REVIEWS, block.rows[0], column) for column in columns]
    cells += [SheetCell(header, i, 1, 1, pen.figure(key), "figure", key) for i, key in enumerate(keys)]
    return Sheet(REVIEWS, tuple(cells), (1.0,) * len(columns), header)


def _with_row_numbers(sheet: Sheet) -> Sheet:
    numbers = {row: str(n) for n, row in enumerate(sorted({c.row for c in sheet.cells if c.key is not None}), 1)}
    column = [
        SheetCell(row, 0, 1, 1, numbers.get(row, "序号"), "label" if row in numbers else "header")
        for row in range(sheet.rows)
    ]
    cells = [*column, *(replace(cell, column=cell.column + 1) for cell in sheet.cells)]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(sheet, cells=tuple(cells), widths=(0.06 * sum(sheet.widths), *sheet.widths))


def _with_note(sheet: Sheet, note: str) -> Sheet:
    if not note:
        return sheet
    cell = SheetCell(sheet.rows, 0, 1, len(sheet.widths), note, "label")
    return replace(sheet, cells=(*sheet.cells, cell))
