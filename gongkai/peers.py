"""The catalog -> how a report's figures stand among those of like agencies.

In: the catalog's file. Out: the figures of all like agencies in a year, and the medians of the others. Like are
agencies of one level and kind whose reports are of one scope. Figures that an error of the checks names are left out,
and so are shares of fewer than 30 applications. Nothing is added up over agencies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from gongkai.indicators import RANKED_FROM
from gongkai.rankings import Alike

FEWEST = 5
"""A median of fewer others than these is not given."""

_LIKE = "a.level = ? AND a.kind = ? AND r.scope = ? AND r.year = ?"
_RECEIVED = f"""
SELECT a.id, g.value FROM agencies a JOIN reports r ON r.agency = a.id
JOIN figures g ON g.agency = r.agency AND g.year = r.year
WHERE {_LIKE} AND g.resource = 'requests' AND g.row_id = 'new_received' AND g.column_id = 'total'
AND g.value IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM findings f WHERE f.agency = r.agency AND f.year = r.year AND f.severity = 'error'
    AND f.resource = 'requests' AND f.row_id IN ('', 'new_received') AND f.column_id IN ('', 'total')
) ORDER BY a.id
"""  # noqa: S608 - our own condition
_DISCLOSED = f"""
SELECT a.id, i.value FROM agencies a JOIN reports r ON r.agency = a.id
JOIN indicators i ON i.agency = r.agency AND i.year = r.year
WHERE {_LIKE} AND i.indicator = 'disclosure_rate' AND i.status = 'given' AND NOT i.in_doubt
AND CAST(i.n AS REAL) >= {RANKED_FROM} ORDER BY a.id
"""  # noqa: S608 - our own condition


@dataclass(frozen=True, slots=True)
class Peers:
    """Like agencies in a year, by id: applications received, and the share disclosed in whole or in part (of 1)."""

    received: Mapping[str, Decimal]
    disclosed: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Median:
    """The median of so many other agencies."""

    value: Decimal
    agencies: int


def read_peers(db: sqlite3.Connection, alike: Alike, year: int) -> Peers:
    """None where it isn't known what kind of agency it is."""
    if not alike.kind:
        return Peers({}, {})
    like = (alike.level, alike.kind, alike.scope, year)
    received, disclosed = (
        {agency: Decimal(value) for agency, value in db.execute(query, like)} for query in (_RECEIVED, _DISCLOSED)
    )
    return Peers(received, disclosed)


def median_of_others(values: Mapping[str, Decimal], agency: str) -> Median | None:
    """The median of all but the agency's own; ``None`` if they are fewer than five."""
    others = [value for id, value in values.items() if id != agency]
    return Median(median(others), len(others)) if len(others) >= FEWEST else None
