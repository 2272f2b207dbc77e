"""Rows of a text whose cells are parted by bars (Markdown and the like) -> a grid, or lines.

In: the lines of a text. Out: which of them are such tables, and each table as a ``Grid`` if all its rows have as many
cells, so that their places compare; else as lines, of which only the order of cells is known.
What never happens: the order of cells is taken for their columns in a table whose rows have more cells or fewer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from gongkai.characters import unify
from gongkai.figures import is_blank, looks_like_figure
from gongkai.model import Cell, Grid, Line, Word

FEWEST_ROWS = 3
"""Fewer rows of figures make no table of a report: bars also part the links of a page."""

_BAR = r"[|｜│┃]"
_PARTED = re.compile(rf"(?<!\\){_BAR}")
_RULE = re.compile(rf"(?=.*[-─━═=])[\s:+\-─━═=┼┬┴├┤┌┐└┘╋]*(?:{_BAR}[\s:+\-─━═=]*)*")
"""A line that only rules off: ``|---|:--:|``, ``+----+``."""
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*")


def tables_of(rows: Sequence[str]) -> list[range]:
    """The lines that make tables of cells parted by bars: each run of them, with the blank lines in it."""
    with_bars = [i for i, row in enumerate(rows) if _PARTED.search(row)]
    runs: list[list[int]] = []
    for i in with_bars:
        if runs and not any(row.strip() and not _is_rule(row) for row in rows[runs[-1][-1] + 1 : i]):
            runs[-1].append(i)
        else:
            runs.append([i])
    figures = sum(_has_figures(cells) for run in runs for cells in _cells([rows[i] for i in run]))
    return [_widened(run, rows) for run in runs if len(run) > 1] if figures >= FEWEST_ROWS else []


def plain(row: str) -> str:
    """A line of prose without the marks of Markdown."""
    heading = _HEADING.fullmatch(row)
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", heading[1] if heading else row))


def read_table(rows: Sequence[str]) -> list[Grid | Line]:
    """A table's lines as one grid, or as lines where its rows have more cells or fewer."""
    cells = _cells([row for row in rows if row.strip() and not _is_rule(row)])
    if len({len(row) for row in cells}) == 1 < len(cells) and len(cells[0]) > 1:
        return [_grid(cells)]
    return [line for row in cells if (line := _line(row))]


def _is_rule(row: str) -> bool:
    return _RULE.fullmatch(row.strip()) is not None


def _widened(run: Sequence[int], rows: Sequence[str]) -> range:
    """From the first line of a run to its last, and what rules it off."""
    start, end = run[0], run[-1] + 1
    start -= bool(start) and bool(rows[start - 1].strip()) and _is_rule(rows[start - 1])
    end += end < len(rows) and bool(rows[end].strip()) and _is_rule(rows[end])
    return range(start, end)


def _cells(rows: Sequence[str]) -> list[list[str]]:
    """The texts between the bars of each line. Bars at the ends are no cells if all lines have them."""
    parted = [_PARTED.split(row.strip()) for row in rows]
    if all(len(row) > 2 and not row[0] and not row[-1] for row in parted):
        parted = [row[1:-1] for row in parted]
    return [[_text(cell) for cell in row] for row in parted]


def _text(cell: str) -> str:
    text = _BREAK.sub("\n", html.unescape(cell)).strip()
    text = _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    # A line break between two digits may part two figures.
    return unify(re.sub(r"(?<![0-9])\n|\n(?![0-9])", "", text).strip())


def _has_figures(cells: Sequence[str]) -> bool:
    return any(_is_figure(cell) for cell in cells)


def _is_figure(cell: str) -> bool:
    return not is_blank(cell) and looks_like_figure(cell.replace("\n", ""))


# ---------------------------------------------------------------- rows of as many cells


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    """The grid; cells beside each other that say the same are one, that spanned them."""
    cells: list[Cell] = []
    heads: list[range] = []
    for number, row in enumerate(rows):
        spans = list(_spans(row, heads))
        cells += [Cell(number, span.start, 1, len(span), row[span.start]) for span in spans]
        if not _has_figures(row):
            heads = spans
    return Grid(tuple(cells), len(rows), len(rows[0]), "text")


def _spans(row: Sequence[str], heads: Sequence[range]) -> Iterator[range]:
    """The cells of a row as ranges of columns: labels that are repeated, and figures that are so below one header."""
    start = 0
    for text, run in groupby(row):
        width = len(list(run))
        columns = range(start, start + width)
        start += width
        if text and not looks_like_figure(text.replace("\n", "")):
            yield columns
        else:
            yield from _below(columns, heads) if text else (range(i, i + 1) for i in columns)


def _below(columns: range, heads: Sequence[range]) -> Iterator[range]:
    """Columns that hold one figure again and again: those that one header spans are one cell."""
    first = columns.start
    while first < columns.stop:
        head = next(
            (head for head in heads if head.start == first and head.stop <= columns.stop), range(first, first + 1)
        )
        yield head
        first = head.stop


# ---------------------------------------------------------------- rows of more cells or fewer


def _line(row: Sequence[str]) -> Line | None:
    """A row as a line: its labels, then its figures with the blanks among them and behind them."""
    first = len(row)
    while first and looks_like_figure(row[first - 1].replace("\n", "")):
        first -= 1
    while first < len(row) and not row[first] and not _has_figures(row[first:]):
        first += 1
    figures = row[first:] if _has_figures(row) else ()
    texts = [text for text in row[:first] if text]
    words = [*(word for text in texts for word in text.split()), *figures]
    if not any(words):
        return None
    text = "".join(texts) + (" " if texts and figures else "") + " ".join(filter(None, figures))
    return Line(text, tuple(Word(word, 0.0, 0.0) for word in words))
