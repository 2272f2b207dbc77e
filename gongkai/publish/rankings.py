"""The indicators of all reports, in the catalog's file -> rankings among like agencies.

In: the values of one report at a time (``put``). Out: one indicator at a time, by level and kind of agency and scope of
report, since only these are alike. Bodies are counted here; figures of several agencies are never added up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from gongkai.model import Agency, Level, Scope
from gongkai.publish.indicators import RANKED_FROM, Indicator, IndicatorValue

TABLE = """
CREATE TABLE indicators (
    indicator TEXT NOT NULL, agency TEXT NOT NULL, year INTEGER NOT NULL, status TEXT NOT NULL,
    numerator TEXT, denominator TEXT, n TEXT, value TEXT, low TEXT, high TEXT, apart TEXT, in_doubt INTEGER NOT NULL,
    PRIMARY KEY (indicator, agency, year)
) WITHOUT ROWID;
"""

_NUMBERS = ("numerator", "denominator", "n", "value", "low", "high", "apart")
_LEVELS = "instr('central province city county township', a.level)"
_OF_ONE = """
FROM indicators i JOIN reports r ON r.agency = i.agency AND r.year = i.year JOIN agencies a ON a.id = i.agency
WHERE i.indicator = ?
"""
_RANKINGS = f"""
WITH newest AS (
    SELECT a.level, a.kind, r.scope, max(i.year) AS year {_OF_ONE} AND i.status = 'given' GROUP BY 1, 2, 3
)
SELECT a.level, a.kind, r.scope, i.year, a.id, a.name, a.division_code,
    i.indicator, i.status, i.numerator, i.denominator, i.n, i.value, i.low, i.high, i.apart, i.in_doubt
{_OF_ONE} AND (a.level, a.kind, r.scope, i.year) IN newest
ORDER BY {_LEVELS}, a.kind, r.scope, a.id
"""
_BODY_COUNTS = f"""
SELECT a.level, a.kind, r.scope, i.year, count(*), sum(i.numerator = '1'), sum(i.in_doubt)
{_OF_ONE} AND i.status = 'given' GROUP BY 1, 2, 3, 4
ORDER BY {_LEVELS}, a.kind, r.scope, i.year DESC
"""
_SUMS = f"""
SELECT a.level, a.kind, r.scope, i.year, a.id, a.name, a.division_code, i.status, i.value
{_OF_ONE} ORDER BY {_LEVELS}, a.kind, r.scope, CAST(i.value AS REAL) = 0, i.year DESC, a.id
"""


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """What agencies and reports must share to be compared."""

    level: Level
    kind: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class RankingLine:
    """``rank`` is 1 for the highest value, or the fewest days; equal values share one. ``None``: not ranked."""

    agency: Agency
    rank: int | None
    value: IndicatorValue


@dataclass(frozen=True, slots=True)
class Ranking:
    """Like agencies in the newest year for which one of them has the indicator.

    ``few`` rest on fewer than 30 cases; ``without`` don't have the indicator, and say why.
    """

    peer_group: PeerGroup
    year: int
    ranked: tuple[RankingLine, ...]
    few: tuple[RankingLine, ...]
    without: tuple[RankingLine, ...]


@dataclass(frozen=True, slots=True)
class BodyCount:
    """Of like bodies in a year: how many state the figure, for how many it is 0, how many of these have findings."""

    peer_group: PeerGroup
    year: int
    bodies: int
    none: int
    in_doubt: int

    @property
    def share(self) -> Decimal | None:
        """The share for which it is 0; ``None`` where they are fewer than an indicator is given for."""
        return Decimal(self.none) / self.bodies if self.bodies >= RANKED_FROM else None


@dataclass(frozen=True, slots=True)
class StatedSum:
    """A sum that a report states, in 元."""

    agency: Agency
    year: int
    amount_cny: Decimal


@dataclass(frozen=True, slots=True)
class StatedSums:
    """What reports of like agencies state, over all years: those with a sum above 0 first, the newest first.

    ``reports`` is how many reports there are, most of which state none.
    """

    peer_group: PeerGroup
    reports: int
    stated: tuple[StatedSum, ...]


def put(db: sqlite3.Connection, at: tuple[str, int], values: Iterable[IndicatorValue]) -> None:
    """The values of one report, in place of those that are there."""
    rows = [
        (value.indicator, *at, value.status, *(_text(getattr(value, name)) for name in _NUMBERS), int(value.in_doubt))
        for value in values
    ]
    db.executemany("INSERT OR REPLACE INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def values_of(db: sqlite3.Connection, at: tuple[str, int]) -> dict[str, IndicatorValue]:
    """The values of one report, by indicator."""
    rows = db.execute(
        f"SELECT indicator, status, {', '.join(_NUMBERS)}, in_doubt FROM indicators WHERE agency = ? AND year = ?",  # noqa: S608 - our own columns
        at,
    )
    return {row[0]: _value(row) for row in rows}


def rankings(db: sqlite3.Connection, indicator: Indicator) -> Iterator[Ranking]:
    """Like agencies in their newest year, the highest level first. Within a rank, the agencies come by id."""
    rows = db.execute(_RANKINGS, (indicator.id, indicator.id))
    for (level, kind, scope, year), of_group in groupby(rows, key=lambda row: row[:4]):
        lines = [_line(row) for row in of_group]
        yield Ranking(
            peer_group=PeerGroup(level, kind, scope),
            year=year,
            ranked=_ranked([line for line in lines if line.value.is_ranked], fewest_first=indicator.kind == "days"),
            few=tuple(line for line in lines if line.value.value is not None and not line.value.is_ranked),
            without=tuple(line for line in lines if line.value.value is None),
        )


def body_counts(db: sqlite3.Connection, indicator: Indicator) -> Iterator[BodyCount]:
    """The counts of an indicator of the kind ``bodies``, by like agencies and year, the newest first."""
    rows = db.execute(_BODY_COUNTS, (indicator.id,))
    for level, kind, scope, *counts in rows:
        yield BodyCount(PeerGroup(level, kind, scope), *counts)


def stated_sums(db: sqlite3.Connection, indicator: Indicator) -> Iterator[StatedSums]:
    """The sums of an indicator of the kind ``stated``, by like agencies that state any."""
    rows = db.execute(_SUMS, (indicator.id,))
    for (level, kind, scope), of_group in groupby(rows, key=lambda row: row[:3]):
        reports = list(of_group)
        stated = tuple(
            StatedSum(Agency(id, name, code, level, kind), year, Decimal(value))
            for _, _, _, year, id, name, code, status, value in reports
            if status == "given"
        )
        if stated:
            yield StatedSums(PeerGroup(level, kind, scope), len(reports), stated)


def _ranked(lines: Sequence[RankingLine], *, fewest_first: bool) -> tuple[RankingLine, ...]:
    valued = [(line.value.value, line) for line in lines if line.value.value is not None]
    # Sorting is stable, also in reverse: equal values stay in the order of ids.
    valued.sort(key=lambda pair: pair[0], reverse=not fewest_first)
    ranked: list[RankingLine] = []
    for rank, (value, line) in enumerate(valued, 1):
        tied = bool(ranked) and ranked[-1].value.value == value
        ranked.append(RankingLine(line.agency, ranked[-1].rank if tied else rank, line.value))
    return tuple(ranked)


def _line(row: Sequence[Any]) -> RankingLine:
    level, kind, _, _, id, name, code, *columns = row
    return RankingLine(Agency(id, name, code, level, kind), None, _value(columns))


def _value(columns: Sequence[Any]) -> IndicatorValue:
    indicator, status, *numbers, in_doubt = columns
    stated = {name: None if n is None else Decimal(n) for name, n in zip(_NUMBERS, numbers, strict=True)}
    return IndicatorValue(indicator, status, in_doubt=bool(in_doubt), **stated)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
