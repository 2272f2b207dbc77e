"""Reports of invented agencies, for tests that begin where reading ends.

In: what a test wants otherwise. Out: a ``Report`` whose figures are all printed and add up, with invented names, codes
and numbers. ``tests/test_package.py`` checks that the figures do add up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.form import Edition, load_form, printed_rows
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    REVIEWS,
    Agency,
    Box,
    Figure,
    Key,
    Report,
    Section,
    Source,
    Table,
)

AGENCY = Agency("990101-ren-min-zheng-fu", "示例市虚构区人民政府", "990101", "county", "government")
CONTENT = b"%PDF-1.4 an invented report\n"
"""The bytes that the built reports claim to have been read from."""

_REQUESTS = {"new_received": 10, "carried_in": 2, "granted": 6, "unavailable_not_held": 3, "processed_total": 9}
_REQUESTS |= {"carried_out": 3}
_REVIEWS = {"upheld": 2, "corrected": 1, "other": 0, "pending": 1, "total": 4}
_UNITS = {REQUESTS: "requests", REVIEWS: "cases"}


def make_report(
    edition: Edition = "2021", values: Mapping[Key, Decimal | int | None] | None = None, **changes: Any
) -> Report:
    """A report in that edition of the form. ``values`` replaces figures; ``changes`` replaces fields of the report."""
    form = load_form(edition)
    tables = tuple(Table(resource, edition, printed_rows(form.table(resource), set())) for resource in RESOURCES)
    figures = {}
    for top, table in enumerate(tables):
        for line, row in enumerate(table.rows):
            for place, column in enumerate(row.columns):
                key = Key(table.resource, row.id, column)
                box = Box(top + 1, 100.0 + 20 * place, 80.0 + 15 * line, 118.0 + 20 * place, 93.0 + 15 * line)
                figures[key] = _figure(key, _value(key), box, edition)
    for key, value in (values or {}).items():
        number = None if value is None else Decimal(value)
        figures[key] = replace(figures[key], value=number, printed="" if number is None else str(number))
    report = Report(
        agency=AGENCY,
        year=2023,
        form=edition,
        scope="unknown",
        title="示例市虚构区人民政府2023年政府信息公开工作年度报告",
        period_start=date(2023, 1, 1),
        period_end=date(2023, 12, 31),
        reader="pdf-lines",
        tables=tables,
        figures=figures,
        sections=tuple(
            Section(section.number, section.heading, f"这是第{section.number}部分。\n第二段，含“引号”、逗号, 竖线|。")
            for section in form.sections
        ),
        source=Source("report.pdf", ".pdf", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT)),
    )
    return replace(report, **changes)


def make_original(folder: Path, name: str = "report.pdf", content: bytes = CONTENT) -> Path:
    """The file that a built report claims to have been read from."""
    path = folder / name
    path.write_bytes(content)
    return path


def source_of(path: Path) -> Source:
    """The facts of a file, as a reader states them."""
    content = path.read_bytes()
    return Source(path.name, path.suffix, hashlib.sha256(content).hexdigest(), len(content))


def _value(key: Key) -> Decimal:
    if key.resource == REQUESTS:
        count = _REQUESTS.get(key.row, 0)
        return Decimal(count if key.column in ("natural_person", "total") else 0)
    if key.resource == REVIEWS:
        return Decimal(_REVIEWS[key.column])
    return Decimal("12.50") if key.column == "amount" else Decimal(7)


def _figure(key: Key, value: Decimal, box: Box, edition: Edition) -> Figure:
    unit = _UNITS.get(key.resource, "")
    if key.resource == PROACTIVE:
        blocks = load_form(edition).table(PROACTIVE).blocks
        unit = next(
            column.unit
            for block in blocks
            for column in block.columns
            if column.id == key.column and any(row.id == key.row for row in block.rows)
        )
    return Figure(key, value, str(value), unit, "pdf-lines", box)
