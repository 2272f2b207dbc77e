"""What an address means in a report's tables: one figure, or a group of figures together.

In: a row or group, and a column or ``organizations``. Out: the sum of what is printed there, whether a number agrees
with it, and what is wrong with the statements of a package that anybody may have changed. A blank is not a zero: it
leaves a sum open unless what is printed agrees without it, or is more than the number already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Key, Report, Statement

GROUPS = {
    "disclosed": ("granted", "partially_granted"),
    "to_handle": ("new_received", "carried_in"),
    "litigation": ("litigation_direct", "litigation_after_review"),
}
PREFIX_GROUPS = ("denied", "unavailable", "not_processed", "other")
"""Groups of the rows whose ids begin with the group's and an underscore."""
ORGANIZATIONS = "organizations"
"""The five columns under 法人或其他组织 together."""
ORGANIZATION_COLUMNS = (
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_services_organization",
    "other_organization",
)

_REVIEW_ROWS = ("administrative_review", "litigation", *GROUPS["litigation"])


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of figures. ``value`` is what is printed of it (``None``: nothing is).

    Of a row whose total is blank that is the sum of its other cells: the total cannot be less.
    """

    value: Decimal | None
    blank: bool
    """A cell is blank, so that ``value`` is a lower bound."""
    unread: bool
    """A cell was not found in print, or could not be read."""


def members(report: Report, key: Key) -> tuple[Key, ...]:
    """The figures that an address stands for: itself, or all of a group's, whether or not the tables have them."""
    rows: tuple[str, ...] = GROUPS.get(key.row, (key.row,))
    if key.row in PREFIX_GROUPS:
        rows = tuple(row.id for row in report.table(key.resource).rows if row.id.startswith(f"{key.row}_"))
    columns = ORGANIZATION_COLUMNS if key.column == ORGANIZATIONS else (key.column,)
    return tuple(Key(key.resource, row, column) for row in rows for column in columns)


def resource_of(row: str) -> str:
    """The table that has the row, or the rows of the group."""
    if "/" in row:
        return PROACTIVE
    return REVIEWS if row in _REVIEW_ROWS else REQUESTS


def has_figure(report: Report, row: str, column: str) -> bool:
    """Whether the report's tables have a figure at the address, blank or not."""
    try:
        _printed(report, row, column)
    except KeyError:
        return False
    return True


def total_of(report: Report, row: str, column: str) -> Total:
    """The sum at an address. Raises ``KeyError`` if the tables have no such row or column."""
    keys = _printed(report, row, column)
    values = [value for key in keys if (value := _at_least(report, key)) is not None]
    return Total(
        value=sum(values, Decimal(0)) if values else None,
        blank=any(report.value(*key) is None for key in keys),
        unread=any(report.is_unread(key) for key in keys),
    )


def _at_least(report: Report, key: Key) -> Decimal | None:
    """The figure; of a total that is blank, the sum of the row's other cells as far as they are printed."""
    figure = report.figures.get(key)
    if figure is None or figure.value is not None or key.column != "total":
        return figure.value if figure else None
    row = next(row for row in report.table(key.resource).rows if row.id == key.row)
    values = [report.value(key.resource, key.row, column) for column in row.columns]
    printed = [value for value in values if value is not None]
    return sum(printed, Decimal(0)) if printed else None


def sum_agrees(report: Report, row: str, column: str, value: Decimal) -> bool | None:
    """Whether the sum at an address is ``value``; ``None`` where blanks or unread cells leave it open.

    Where cells are blank, what is printed is the least that the sum can be. Raises ``KeyError`` if the tables have no
    such row or column.
    """
    total = total_of(report, row, column)
    if total.value is None or total.unread:
        return None
    return True if total.value == value else None if total.blank and total.value < value else False


def may_equal(report: Report, terms: str, value: Decimal) -> bool:
    """Whether a sum of totals such as ``denied+other`` or ``processed_total-carried_in`` may be ``value``."""
    result = Decimal(0)
    is_open = False
    for sign, row in re.findall(r"([+-]?)([a-z_]+)", terms):
        total = total_of(report, row, "total")
        if total.unread or (total.blank and sign == "-"):
            return True
        is_open = is_open or total.blank
        printed = total.value or Decimal(0)
        result += -printed if sign == "-" else printed
    return result <= value if is_open else result == value


def statement_problems(report: Report) -> Iterator[str]:
    """Statements that do not stand in the text, or that say of a figure what it isn't; a line each."""
    for number, statement in enumerate(report.statements, start=2):
        if problem := statement_problem(report, statement):
            yield f"statements.csv: row {number}: {problem}"


def statement_problem(report: Report, statement: Statement) -> str:
    """What is wrong with one statement; empty if nothing is."""
    text = next((section.text for section in report.sections if section.number == statement.section), "")
    start, end = statement.start, statement.end
    if not 0 <= start < end <= len(text) or text[start:end] != statement.text:
        return f"{statement.text[:40]!r} does not stand at that place of section {statement.section}"
    try:
        agrees = sum_agrees(report, statement.row, statement.column, statement.value)
    except KeyError:
        agrees = None
        known = False
    else:
        known = statement.resource == resource_of(statement.row)
    if not known:
        return f"{statement.resource}/{statement.row}/{statement.column} is no figure of this package"
    contradicts = statement.agrees is not None and statement.agrees is not agrees
    return f"{statement.row}/{statement.column} is not as it says" if contradicts else ""


def _printed(report: Report, row: str, column: str) -> list[Key]:
    """The figures of the report's tables that an address means. Raises ``KeyError`` if there are none."""
    resource = resource_of(row)
    columns = {line.id: line.columns for line in report.table(resource).rows}
    keys = [key for key in members(report, Key(resource, row, column)) if key.column in columns.get(key.row, ())]
    if not keys:
        raise KeyError(f"{row}/{column}")
    return keys
