"""Two readings of one report, or a report and its re-issue -> the published figures that became others.

In: the figures that were published and the Report that takes their place. Out: Changes, a line each of history.csv, in
the order of the form; and the CSV's rows there and back. No clock is read: a change counts for the day that
SOURCE_DATE_EPOCH states, else for that of its correction, else for that from which the new package counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import cast, get_args

from gongkai.errors import PackageError
from gongkai.model import Cause, Change, Figure, Key, Report
from gongkai.package.csv_tables import Rows, number, written
from gongkai.package.descriptor import creation_day, source_date

NAME = "history"


def changes(old_source: str, old: Mapping[Key, Figure], new: Report) -> tuple[Change, ...]:
    """What ``new`` publishes otherwise than ``old`` did, which was read from a file with the SHA-256 ``old_source``."""
    found = []
    for key, left, right in different(old, new):
        cause = _cause(old.get(key), new.figures.get(key)) if old_source == new.source.sha256 else "reissue"
        found.append(Change(_day(new, key, cause), key, left, right, cause))
    return tuple(found)


def different(old: Mapping[Key, Figure], new: Report) -> Iterator[tuple[Key, Decimal | None, Decimal | None]]:
    """Each figure that has another value than before, in the form's order, with both values."""
    order = [
        Key(table.resource, row.id, column) for table in new.tables for row in table.rows for column in row.columns
    ]
    for key in dict.fromkeys([*order, *old]):
        before, after = (figures[key].value if key in figures else None for figures in (old, new.figures))
        if before != after:
            yield key, before, after


def rows_of(history: Iterable[Change]) -> Rows:
    """The rows of the package's CSV."""
    return [[c.date.isoformat(), *c.key, written(c.old), written(c.new), c.cause] for c in history]


def history_from(rows: Rows) -> tuple[Change, ...]:
    """The changes in the rows of a CSV. Raises ``PackageError`` with the row that is none."""
    if not rows:
        raise PackageError(f"{NAME}.csv: holds no change; remove it")
    found = []
    for place, (day, resource, row, column, old, new, cause) in enumerate(rows, start=2):
        try:
            if cause not in get_args(Cause):
                raise ValueError(f"{cause[:40]!r} is not one of {', '.join(get_args(Cause))}")
            key = Key(resource, row, column)
            found.append(Change(date.fromisoformat(day), key, number(old), number(new), cast(Cause, cause)))
        except ValueError as error:
            raise PackageError(f"{NAME}.csv: row {place}: {error}") from error
    return tuple(found)


def _cause(before: Figure | None, after: Figure | None) -> Cause:
    """Why one file's figure became another: a person set or withdrew a correction, or the extractor changed."""
    corrected = any(figure and figure.reader == "correction" for figure in (before, after))
    return "correction" if corrected else "extractor"


def _day(report: Report, key: Key, cause: Cause) -> date:
    stated = next((correction.date for correction in report.corrections if correction.key == key), None)
    if cause == "correction" and stated and not source_date():
        return stated
    return creation_day(report)
