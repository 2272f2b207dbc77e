"""A Report and its Findings <-> the rows of a package's CSVs.

In: a Report and Findings; out: for each CSV its rows as text, in the contract's columns and order; and back. Nothing
is read from disk here, and nothing is lost on the way there and back, save for control characters, which no CSV
reader and no page can be trusted with.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import cast, get_args

from gongkai.errors import PackageError
from gongkai.form import load_forms
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    REVIEWS,
    Box,
    Figure,
    Finding,
    FormName,
    Key,
    Report,
    Section,
    Severity,
    Statement,
    Table,
    TableRow,
)
from gongkai.package.schema import table_schema
from gongkai.read.formats import reader_codes

Rows = list[list[str]]

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)
"""Decimals hold 28 digits exactly, so that sums of such figures are exact too."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_AGREES = {"true": True, "false": False, "": None}


def to_rows(report: Report, findings: Iterable[Finding]) -> dict[str, Rows]:
    """The rows of every CSV, headers left out. Raises ``PackageError`` if a figure has no row to stand in."""
    return {
        REQUESTS: _wide_rows(report, REQUESTS),
        PROACTIVE: _proactive_rows(report),
        REVIEWS: _wide_rows(report, REVIEWS),
        "sections": [[str(s.number), _text(s.heading), _text(s.text)] for s in report.sections],
        "provenance": _provenance_rows(report),
        "findings": [
            [_text(part) for part in (f.check, f.severity, *f.at, f.expected, f.actual, f.message)] for f in findings
        ],
        "statements": _statement_rows(report),
    }


def tables_from(rows: Mapping[str, Rows], forms: Mapping[str, FormName | None]) -> tuple[Table, ...]:
    """The three tables; ``forms`` says which edition of the form each follows."""
    proactive: dict[str, tuple[str, list[str]]] = {}
    for item, category, label, measure, _, _ in rows[PROACTIVE]:
        proactive.setdefault(f"{item}/{category}", (label, []))[1].append(measure)
    found = {
        PROACTIVE: tuple(TableRow(id, label, tuple(columns)) for id, (label, columns) in proactive.items()),
        REQUESTS: tuple(TableRow(row[0], row[1], _wide_columns(REQUESTS)) for row in rows[REQUESTS]),
        REVIEWS: tuple(TableRow(row[0], row[1], _wide_columns(REVIEWS)) for row in rows[REVIEWS]),
    }
    return tuple(Table(resource, forms[resource], found[resource]) for resource in RESOURCES)


def figures_from(rows: Mapping[str, Rows]) -> dict[Key, Figure]:
    """Every figure that has a provenance row. Raises ``PackageError`` where values and provenance disagree."""
    values = _values(rows)
    readers = reader_codes()
    figures = {}
    for resource, row, column, page, x0, top, x1, bottom, printed, reader in rows["provenance"]:
        key = Key(resource, row, column)
        if key not in values:
            raise PackageError(f"provenance.csv: {_name(key)} is no figure of this package")
        if key in figures:
            raise PackageError(f"provenance.csv: {_name(key)} stands there twice")
        text, unit = values[key]
        box = Box(int(page), float(x0), float(top), float(x1), float(bottom)) if page else None
        figures[key] = Figure(key, _number(key, text), printed, unit, _one_of(readers, reader), box)
    for key, (text, _) in values.items():
        if text and key not in figures:
            raise PackageError(f"provenance.csv: {_name(key)} has a value, but no row that says where it was read")
    return figures


def sections_from(rows: Rows) -> tuple[Section, ...]:
    return tuple(Section(int(number), heading, text) for number, heading, text in rows)


def findings_from(rows: Rows) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            check=check,
            severity=cast(Severity, _one_of(get_args(Severity), severity)),
            at=Key(resource, row, column),
            expected=expected,
            actual=actual,
            message=message,
        )
        for check, severity, resource, row, column, expected, actual, message in rows
    )


def statements_from(rows: Rows) -> tuple[Statement, ...]:
    """What the prose states. Raises ``PackageError`` where a row is not what we write."""
    found = []
    for section, start, end, text, resource, row, column, value, agrees in rows:
        if agrees not in _AGREES or not value:
            raise PackageError(f"statements.csv: {text[:40]!r} has no number, or agrees is not true, false or empty")
        place = (int(section), int(start), int(end), text)
        found.append(Statement(*place, resource, row, column, number(value) or Decimal(0), _AGREES[agrees]))
    return tuple(found)


def csv_bytes(name: str, rows: Rows) -> bytes:
    """A CSV as the contract has it: UTF-8, LF, a header row, RFC 4180 quoting."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table_schema(name).columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def csv_rows(name: str, content: bytes) -> Rows:
    """The rows of a CSV, its header left out. Raises ``PackageError`` if they are not as wide as the schema says."""
    columns = table_schema(name).columns
    try:
        header, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
    except (ValueError, csv.Error) as error:
        raise PackageError(f"{name}.csv: not a CSV file in UTF-8: {error}") from error
    if tuple(header) != columns:
        raise PackageError(f"{name}.csv: the header is not {','.join(columns)}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise PackageError(f"{name}.csv: row {number} has {len(row)} cells where {len(columns)} are expected")
    return rows


def usual_unit(key: Key) -> str:
    """The unit of a figure that the report leaves out, as the forms have it."""
    return {REQUESTS: "requests", REVIEWS: "cases"}.get(key.resource) or _usual_units()[key.column]


def written(value: Decimal | None) -> str:
    """A figure as a CSV holds it."""
    return "" if value is None else format(value, "f")


def number(text: str) -> Decimal | None:
    """The figure that a CSV's cell holds. Raises ``ValueError`` if it holds something else."""
    if text and not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number")
    return Decimal(text) if text else None


def _wide_columns(resource: str) -> tuple[str, ...]:
    """The figures' columns of a table with one row an outcome or channel: all but its code and label."""
    return table_schema(resource).columns[2:]


def _wide_rows(report: Report, resource: str) -> Rows:
    columns = _wide_columns(resource)
    return [
        [row.id, _text(row.label), *(written(report.value(resource, row.id, column)) for column in columns)]
        for row in report.table(resource).rows
    ]


def _proactive_rows(report: Report) -> Rows:
    rows = []
    for row in report.table(PROACTIVE).rows:
        item, _, category = row.id.partition("/")
        for measure in row.columns:
            figure = report.figures.get(Key(PROACTIVE, row.id, measure))
            value = written(figure.value if figure else None)
            unit = figure.unit if figure else usual_unit(Key(PROACTIVE, row.id, measure))
            rows.append([item, category, _text(row.label), measure, value, unit])
    return rows


def _statement_rows(report: Report) -> Rows:
    """What the prose states; the places are those in the text as it is written, without control characters."""
    texts = {section.number: section.text for section in report.sections}
    words = {agrees: word for word, agrees in _AGREES.items()}
    return [
        [
            str(s.section),
            *(str(len(_text(texts.get(s.section, "")[:place]))) for place in (s.start, s.end)),
            *(_text(part) for part in (s.text, s.resource, s.row, s.column)),
            written(s.value),
            words[s.agrees],
        ]
        for s in report.statements
    ]


def _provenance_rows(report: Report) -> Rows:
    order = [
        Key(resource, row.id, column)
        for resource in RESOURCES
        for row in report.table(resource).rows
        for column in row.columns
    ]
    if strays := set(report.figures).difference(order):
        raise PackageError(f"{_name(min(strays))} was read, but no row of the form holds it")
    figures = [report.figures[key] for key in order if key in report.figures]
    return [[*figure.key, *_place(figure.box), _text(figure.printed), figure.reader] for figure in figures]


def _place(box: Box | None) -> list[str]:
    """Page and edges, to a hundredth of a point; five empty cells for a format without pages."""
    if box is None:
        return [""] * 5
    return [str(box.page), *(f"{edge:.2f}" for edge in (box.x0, box.top, box.x1, box.bottom))]


def _values(rows: Mapping[str, Rows]) -> dict[Key, tuple[str, str]]:
    """The text and unit of every cell that may hold a figure."""
    values = {}
    for resource, unit in ((REQUESTS, "requests"), (REVIEWS, "cases")):
        for id, _, *cells in rows[resource]:
            for column, text in zip(_wide_columns(resource), cells, strict=True):
                values[Key(resource, id, column)] = text, unit
    for item, category, _, measure, text, unit in rows[PROACTIVE]:
        values[Key(PROACTIVE, f"{item}/{category}", measure)] = text, unit
    return values


@cache
def _usual_units() -> dict[str, str]:
    """The units of section two's measures."""
    tables = [form.table(PROACTIVE) for form in load_forms()]
    return {column.id: column.unit for table in tables for block in table.blocks for column in block.columns}


def _number(key: Key, text: str) -> Decimal | None:
    try:
        return number(text)
    except ValueError as error:
        raise PackageError(f"{key.resource}.csv: {_name(key)} is not a number") from error


def _one_of(codes: Collection[str], text: str) -> str:
    if text not in codes:
        raise PackageError(f"{text!r} is not one of {', '.join(codes)}")
    return text


def _name(key: Key) -> str:
    return "/".join(key)


def _text(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
