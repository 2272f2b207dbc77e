"""A report -> a Word file, as word processors and converters write it.

In: a ``Content``, its sheets, and how it is typed. Out: a file whose bytes are the same for the same report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

from gongkai.model import RESOURCES
from tests.reports.content import NUMERALS, Content
from tests.reports.sheets import Sheet, SheetCell
from tests.reports.word import alternate_box, cell, drawing_box, in_list, pack, paragraph, run, table, text, vml_box

TWIPS = 9000
"""A table's width, in twentieths of a point."""
NARROW = TWIPS // 60

NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{i}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
    for i, (form, text) in enumerate([("chineseCounting", "%1、"), ("chineseCounting", "（%1）")])
) + "".join(f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(2))
"""List 1 counts 一、二、, list 2 （一）（二）."""


@dataclass(frozen=True)
class Typed:
    """How a Word file is typed and written."""

    numbered: bool = False
    """Headings and the items of the prose are numbered automatically."""
    labels_numbered: bool = False
    """Row labels too: 1. 2. 3. within each group."""
    title: Literal["plain", "breaks", "vml", "drawing", "alternate", "cell"] = "plain"
    tables: Literal["plain", "vml", "drawing", "alternate", "nested", "control"] = "plain"
    """Where each table stands: in the text, in a text box, in a cell of its own, in a content control."""
    whole: Literal["", "cell", "rows"] = ""
    """The report stands in one cell, or in the rows of one table with its tables."""
    cut: tuple[tuple[str, str], ...] = ()
    """(resource, row): a table is typed anew before this row."""
    repeat_header: bool = False
    spans: Literal["gridSpan", "hMerge", "widths"] = "gridSpan"
    """How a cell says that it takes several columns; ``widths``: by its width alone."""
    dragged: bool = False
    """Every other row's borders were moved by a hair, each of them a grid column of its own."""
    no_widths: bool = False
    noise: bool = False
    """Deleted and hidden text, field codes, notes and marks stand in every paragraph."""
    every_character: bool = False
    """Each character is a run of its own."""
    vertical: bool = False
    """The outermost group labels are typed one character a line."""
    contents: Literal["", "control", "styled"] = ""
    strict: bool = False
    main: str = "word/document.xml"
    properties_title: str = ""


def write_docx(path: Path, content: Content, sheets: Mapping[str, Sheet], typed: Typed = Typed()) -> Path:
    """The report as a Word file."""
    return pack(
        path,
        body_of(content, sheets, typed),
        numbering=LISTS,
        strict=typed.strict,
        main=typed.main,
        title=typed.properties_title,
    )


def body_of(content: Content, sheets: Mapping[str, Sheet], typed: Typed = Typed()) -> str:
    """The blocks of the report's text, as XML."""
    return _Typist(content, sheets, typed).body()


_BOXES: dict[str, Callable[[str], str]] = {"vml": vml_box, "drawing": drawing_box, "alternate": alternate_box}

_NOISE_BEFORE = (
    '<w:del w:id="1"><w:r><w:delText>七、旧标题9</w:delText></w:r></w:del>'
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>88</w:t></w:r>"
    '<w:r><w:rPr><w:rStyle w:val="quiet"/></w:rPr><w:t>77</w:t></w:r>'
    '<w:moveFrom w:id="2"><w:r><w:t>66</w:t></w:r></w:moveFrom>'
    '<w:bookmarkStart w:id="3" w:name="b"/><w:proofErr w:type="spellStart"/>'
)
_NOISE_AFTER = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF 55</w:instrText><w:t>44</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:r><w:footnoteReference w:id="33"/></w:r><w:r><w:commentReference w:id="22"/></w:r>'
)


def _label_lists() -> str:
    """Lists 10 to 29, each counting 1. 2. 3."""
    of = (
        '<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    )
    uses = (
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="9"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
        for i in range(10, 30)
    )
    return of + "".join(uses)


LISTS = NUMBERING + _label_lists()


@dataclass
class _Typist:
    content: Content
    sheets: Mapping[str, Sheet]
    typed: Typed
    label_list: int = field(default=9, init=False)

    def body(self) -> str:
        """All blocks of the document."""
        blocks = [self._title(), *map(self._prose, self.content.introduction)]
        blocks.insert(1, self._contents())
        rows: list[str] = []
        tables = dict(zip((2, 3, 4), RESOURCES, strict=True))
        for number, heading in self.content.headings.items():
            blocks.append(self._heading(number, heading))
            blocks += map(self._prose, self.content.prose.get(number, ()))
            sheet = self.sheets.get(tables.get(number, ""))
            if sheet is None:
                continue
            if self.typed.whole == "rows":
                rows += [self._across(block) for block in blocks if block]
                rows += self._scaled_rows(sheet)
                blocks = []
            else:
                blocks += self._pieces(sheet)
        blocks += map(self._prose, self.content.signature)
        if self.typed.whole == "rows":
            rows += [self._across(block) for block in blocks]
            grid = "".join(f'<w:gridCol w:w="{NARROW}"/>' for _ in range(60))
            return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        if self.typed.whole == "cell":
            return table([cell("".join(blocks) + paragraph())], widths=[TWIPS])
        return "".join(blocks)

    # ------------------------------------------------------------ prose

    def _prose(self, words: str) -> str:
        item = re.match("（[一二三四五六]）", words)
        if self.typed.numbered and item:
            return self._paragraph(words[item.end() :], in_list(2))
        return self._paragraph(words)

    def _heading(self, number: int, heading: str) -> str:
        if self.typed.numbered:
            return self._paragraph(heading, in_list(1))
        return self._paragraph(f"{NUMERALS[number - 1]}、{heading}")

    def _title(self) -> str:
        kind = self.typed.title
        if kind == "breaks":
            return paragraph(inner=f"<w:r>{'<w:br/>'.join(map(text, self.content.title))}</w:r>")
        blocks = "".join(map(self._paragraph, self.content.title))
        if kind == "cell":
            return table([cell(blocks)], widths=[TWIPS])
        return paragraph(inner=_BOXES[kind](blocks)) if kind in _BOXES else blocks

    def _contents(self) -> str:
        lines = [f"{NUMERALS[number - 1]}、{heading}\t{number}" for number, heading in self.content.headings.items()]
        if self.typed.contents == "styled":
            return "".join(paragraph(line, '<w:pStyle w:val="11"/>') for line in lines)
        if self.typed.contents == "control":
            inner = "".join(map(paragraph, lines))
            gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
            return f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        return ""

    def _paragraph(self, words: str, properties: str = "") -> str:
        runs = "".join(map(run, words)) if self.typed.every_character else run(words) if words else ""
        if self.typed.noise:
            runs = _NOISE_BEFORE + f'<w:ins w:id="4">{runs}</w:ins>' + _NOISE_AFTER
        return paragraph(properties=properties, inner=runs)

    # ------------------------------------------------------------ tables

    def _pieces(self, sheet: Sheet) -> list[str]:
        cuts = [sheet.row_of(row) for resource, row in self.typed.cut if resource == sheet.resource]
        starts = [0, *cuts]
        pieces = []
        for start, end in zip(starts, [*cuts, sheet.rows], strict=True):
            rows = list(range(start, end))
            if start and self.typed.repeat_header:
                rows = [*range(sheet.header), *rows]
            pieces += [self._placed(self._table(sheet, rows)), paragraph()]
        return pieces

    def _placed(self, made: str) -> str:
        if self.typed.tables in _BOXES:
            return paragraph(inner=_BOXES[self.typed.tables](made + paragraph()))
        if self.typed.tables == "nested":
            return table([cell(made + paragraph())], widths=[TWIPS])
        if self.typed.tables == "control":
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{made}</w:sdtContent></w:sdt>"
        return made

    def _edges(self, sheet: Sheet) -> list[int]:
        """Where each column of the sheet begins, in twentieths of a point."""
        total = sum(sheet.widths)
        return [round(sum(sheet.widths[:i]) * TWIPS / total) for i in range(len(sheet.widths) + 1)]

    def _table(self, sheet: Sheet, rows: Sequence[int]) -> str:
        edges = self._edges(sheet)
        places = edges
        if self.typed.dragged:
            places = sorted({*edges, *(edge + 30 for edge in edges[1:-1])})
        made = []
        for index, row in enumerate(rows):
            moved = 30 if self.typed.dragged and row % 2 else 0
            at = [edge + (moved if 0 < i < len(edges) - 1 else 0) for i, edge in enumerate(edges)]
            fresh = index == 0 or rows[index - 1] != row - 1
            made.append(self._row(sheet, row, fresh, at, places))
        grid = "".join(f'<w:gridCol w:w="{b - a}"/>' for a, b in pairwise(places))
        if self.typed.spans == "widths" or self.typed.no_widths:
            grid = ""
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"

    def _row(self, sheet: Sheet, row: int, fresh: bool, at: Sequence[int], places: Sequence[int]) -> str:
        own = sorted((c for c in sheet.cells if c.row <= row < c.row + c.row_span), key=lambda c: c.column)
        cells = []
        for c in own:
            x0, x1 = at[c.column], at[c.column + c.column_span]
            merge = ""
            if c.row_span > 1:
                merge = '<w:vMerge w:val="restart"/>' if c.row == row or fresh else "<w:vMerge/>"
            blank = c.row != row
            inner = paragraph() if blank else self._cell(c)
            width = "" if self.typed.no_widths else f'<w:tcW w:w="{x1 - x0}" w:type="dxa"/>'
            columns = places.index(x1) - places.index(x0)
            match self.typed.spans:
                case "gridSpan":
                    cells.append(cell(inner, columns, width + merge))
                case "widths":
                    cells.append(cell(inner, 1, width + merge))
                case "hMerge":
                    first = '<w:hMerge w:val="restart"/>' if columns > 1 else ""
                    cells.append(cell(inner, 1, merge + first))
                    cells += [cell(paragraph(), 1, merge + "<w:hMerge/>")] * (columns - 1)
        return f"<w:tr>{''.join(cells)}</w:tr>"

    def _cell(self, c: SheetCell) -> str:
        if self.typed.vertical and c.kind == "group" and c.column == 0:
            return paragraph(inner=f"<w:r>{'<w:br/>'.join(map(text, c.text))}</w:r>")
        item = re.match("([1-9])[.]", c.text)
        if self.typed.labels_numbered and c.kind == "label" and item:
            self.label_list += item[1] == "1"
            return self._paragraph(c.text[item.end() :], in_list(self.label_list))
        return self._paragraph(c.text)

    # ------------------------------------------------------------ a report in the rows of one table

    def _across(self, blocks: str) -> str:
        properties = "" if self.typed.no_widths else f'<w:tcW w:w="{NARROW * 60}" w:type="dxa"/>'
        span = 1 if self.typed.spans == "widths" else 60
        return f"<w:tr>{cell(blocks, span, properties)}</w:tr>"

    def _scaled_rows(self, sheet: Sheet) -> list[str]:
        """The rows of a sheet on sixty narrow columns."""
        total = sum(sheet.widths)
        at = [NARROW * round(sum(sheet.widths[:i]) * 60 / total) for i in range(len(sheet.widths) + 1)]
        return [self._row(sheet, row, row == 0, at, range(0, NARROW * 61, NARROW)) for row in range(sheet.rows)]
