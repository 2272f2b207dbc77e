"""The catalog -> how a report's figures stand among those of like agencies.

In: the catalog's file. Out: the figures and indicators of all like agencies in a year, and the medians of the others.
Like are agencies of one level and kind whose reports are of one scope. Figures that an error of the checks names are
left out, and so are shares of fewer than 30 applications. Nothing is added up over agencies.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from gongkai.publish.indicators import RANKED_FROM, Indicator, IndicatorValue, load_indicators
from gongkai.publish.rankings import PeerGroup

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


_COUNTED = f"i.status = 'given' AND NOT i.in_doubt AND (i.n IS NULL OR CAST(i.n AS REAL) >= {RANKED_FROM})"
"""Values that go into a median, as ``_counts`` says, too."""
_VALUES = f"""
SELECT i.indicator, i.value FROM agencies a JOIN reports r ON r.agency = a.id
JOIN indicators i ON i.agency = r.agency AND i.year = r.year WHERE {_LIKE} AND {_COUNTED}
"""  # noqa: S608 - our own conditions


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


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator of an agency, and the median of other like ones; ``None`` if they are fewer than five."""

    indicator: Indicator
    value: IndicatorValue
    elsewhere: Median | None


def read_peers(db: sqlite3.Connection, peer_group: PeerGroup, year: int) -> Peers:
    """None where it isn't known what kind of agency it is."""
    if not peer_group.kind:
        return Peers({}, {})
    like = (peer_group.level, peer_group.kind, peer_group.scope, year)
    received, disclosed = (
        {agency: Decimal(value) for agency, value in db.execute(query, like)} for query in (_RECEIVED, _DISCLOSED)
    )
    return Peers(received, disclosed)


def median_of_others(values: Mapping[str, Decimal], agency: str) -> Median | None:
    """The median of all but the agency's own; ``None`` if they are fewer than five."""
    others = [value for id, value in values.items() if id != agency]
    return Median(median(others), len(others)) if len(others) >= FEWEST else None


def read_values(db: sqlite3.Connection, peer_group: PeerGroup, year: int) -> dict[str, list[Decimal]]:
    """The values of each main indicator among like agencies in a year, sorted; none where their kind isn't known."""
    values: dict[str, list[Decimal]] = {
        id: [] for id, indicator in load_indicators().indicators.items() if indicator.main
    }
    if peer_group.kind:
        for indicator, value in db.execute(_VALUES, (peer_group.level, peer_group.kind, peer_group.scope, year)):
            if indicator in values:
                values[indicator].append(Decimal(value))
    return {indicator: sorted(of_all) for indicator, of_all in values.items()}


def indicator_lines(
    own: Mapping[str, IndicatorValue], among: Mapping[str, Sequence[Decimal]]
) -> tuple[IndicatorLine, ...]:
    """An agency's main indicators; ``among`` are the sorted values of all like agencies, its own where it counts.

    Sums that reports state are compared with nothing.
    """
    indicators = load_indicators().indicators
    return tuple(
        IndicatorLine(
            indicators[id],
            own[id],
            None
            if indicators[id].kind == "stated"
            else _median_without(values, own[id].value if _counts(own[id]) else None),
        )
        for id, values in among.items()
    )


def _counts(value: IndicatorValue) -> bool:
    return value.is_ranked and not value.in_doubt


def _median_without(values: Sequence[Decimal], own: Decimal | None) -> Median | None:
    """The median of sorted values without one's own, which is one of them if it is given."""
    count = len(values) - (own is not None)
    if count < FEWEST:
        return None
    left_out = len(values) if own is None else bisect_left(values, own)
    low, high = (values[index + (index >= left_out)] for index in ((count - 1) // 2, count // 2))
    return Median((low + high) / 2, count)
