"""corrections.csv -> Corrections, and a Report as it is printed where a person says that we misread it.

In: a CSV that somebody wrote by hand, a Report and the findings of its reading. Out: the Report with these figures and
with their reader ``correction``. A line that names no cell, states no figure or gives no reason is an error that says
so, and then nothing is corrected at all: a correction that is quietly dropped is worse than none. A correction mends
our reading, never the agency's figure; where the printed figure itself is wrong, a check finds that.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from gongkai.errors import UnreadableFile
from gongkai.figures import unlike_its_measure
from gongkai.model import RESOURCES, Correction, Figure, Finding, Key, Report
from gongkai.package.csv_tables import Rows, usual_unit, written
from gongkai.package.schema import table_schema

NAME = "corrections"
SIZE_LIMIT = 1_000_000
"""Bytes; a report has some 250 figures."""

_TEXT_LIMIT = 2000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
"""Spreadsheets write 2024/1/30 for 2024-01-30, whatever was typed."""


def read_corrections(path: Path | None) -> tuple[Correction, ...]:
    """What the file states; nothing if there is none. Raises ``UnreadableFile`` with the line that is wrong in it."""
    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: cannot be read: {error.strerror}") from error
    return corrections_from(content, path.name)


def corrections_from(content: bytes, name: str = f"{NAME}.csv") -> tuple[Correction, ...]:
    """What a file's content states. Raises ``UnreadableFile``; ``name`` is the file's."""
    try:
        return tuple(_corrections(content))
    except ValueError as error:
        raise UnreadableFile(f"{name}: {error}") from error


def rows_of(corrections: Iterable[Correction]) -> Rows:
    """The rows of the package's CSV."""
    return [[*c.key, written(c.value), c.reason, c.evidence, c.by, c.date.isoformat()] for c in corrections]


def correct(
    report: Report, findings: Iterable[Finding], corrections: tuple[Correction, ...]
) -> tuple[Report, tuple[Finding, ...]]:
    """The report with its corrections, and what is left of the findings of its reading.

    A ``reading`` finding about a figure that a person read is settled, and goes; all others stay. Raises
    ``UnreadableFile`` where a correction names no cell of the report, or says what was read anyway.
    """
    doubted = {f.at for f in findings if f.check == "reading"}
    figures = dict(report.figures)
    for correction in corrections:
        key, figure = correction.key, report.figures.get(correction.key)
        if problem := _no_cell(report, key) or _needless(figure, correction, key in doubted):
            raise UnreadableFile(f"{NAME}.csv: {'/'.join(key)}: {problem}")
        # The characters are those that the person states; where the reader saw the cell stays known.
        unit = figure.unit if figure else usual_unit(key)
        box = figure.box if figure else None
        figures[key] = Figure(key, correction.value, written(correction.value), unit, "correction", box)
    settled = {correction.key for correction in corrections}
    left = (f for f in findings if f.check != "reading" or f.at not in settled)
    return replace(report, figures=figures, corrections=corrections), tuple(left)


def _corrections(content: bytes) -> Iterator[Correction]:
    """The corrections in a file's content. Raises ``ValueError`` with the line that is wrong."""
    columns = table_schema(NAME).columns
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"larger than {SIZE_LIMIT} bytes; state only the figures that were misread")
    seen: set[Key] = set()
    lines = _lines(content)
    if tuple(_trimmed(next(lines, (0, []))[1], len(columns))) != columns:
        raise ValueError(f"the first line is not {','.join(columns)}")
    for number, line in lines:
        if not any(line):
            continue
        cells = _trimmed(line, len(columns))
        if len(cells) != len(columns):
            raise ValueError(f"line {number} has {len(cells)} cells where {len(columns)} are expected")
        resource, row, column, value, *texts, day = cells
        key = Key(resource, row, column)
        if problem := _text_problem(dict(zip(columns[4:7], texts, strict=True))):
            raise ValueError(f"line {number}: {problem}")
        if key in seen:
            raise ValueError(f"line {number}: {'/'.join(key)} is named twice; keep one of the two lines")
        seen.add(key)
        reason, evidence, by = texts
        try:
            yield Correction(key, _value(value, column), reason, evidence, by, _day(day))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each line, without the spaces around them: spreadsheets leave a BOM and CR LF."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except UnicodeDecodeError as error:
        raise ValueError("not in UTF-8; save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise ValueError(f"not a CSV file: {error}; save it as CSV in UTF-8") from error


def _trimmed(cells: list[str], expected: int) -> list[str]:
    """The cells without empty ones behind the last column, where a spreadsheet was wider once."""
    return cells if any(cells[expected:]) else cells[:expected]


def _text_problem(texts: dict[str, str]) -> str:
    for name, text in texts.items():
        if not text:
            return f"{name} is empty; state reason, evidence and by, so that others can check it"
        if len(text) > _TEXT_LIMIT or not text.isprintable():
            return f"{name} is not a text of one line with at most {_TEXT_LIMIT} characters"
    return ""


def _value(text: str, measure: str) -> Decimal | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"value {text[:40]!r} is not a number such as 12 or 12.5; leave it empty for a blank cell")
    value = Decimal(text) + 0
    if problem := unlike_its_measure(value, measure) or ("not whole" if "." in text and measure != "amount" else ""):
        raise ValueError(f"value {text} is {problem}, which {measure} cannot be")
    return value


def _day(text: str) -> date:
    try:
        if found := _DATE.fullmatch(text):
            return date(*map(int, found.group(1, 3, 4)))
    except ValueError:
        pass
    raise ValueError(f"date {text[:40]!r} is not a date such as 2024-01-30")


def _no_cell(report: Report, key: Key) -> str:
    """Why the key names no cell of the report's tables; empty if it names one."""
    if key.resource not in RESOURCES:
        return f"no such table; resource is one of {', '.join(RESOURCES)}"
    rows = {row.id: row.columns for row in report.table(key.resource).rows}
    if key.row not in rows:
        return (
            f"{key.resource}.csv has no such row; name one as it stands there (item/category in proactive_disclosure)"
        )
    if key.column not in rows[key.row]:
        return f"the row has no such column; use one of {', '.join(rows[key.row])}"
    return ""


def _needless(figure: Figure | None, correction: Correction, doubted: bool) -> str:
    """Why a correction has nothing to correct; empty if it has. A cell that was in doubt is not read as a blank."""
    read = figure.value if figure else None
    is_blank = not doubted and (figure is None or figure.is_blank)
    if read == correction.value and (read is not None or is_blank):
        return f"the extraction already gives {'a blank' if read is None else written(read)}; remove this correction"
    return ""
