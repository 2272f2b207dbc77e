"""A report -> the few figures that its page says in words.

In: a Report. Out: the totals and the sums of groups that a plain paragraph and the headline figures are made of.
A sum is only given where the report states its terms: a blank makes it ``None``, unless the form's own identity holds
with the blanks as zeros. No figure is corrected, and none of several agencies are added up.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.checks.figure_groups import PREFIX_GROUPS
from gongkai.model import REQUESTS, REVIEWS, Key, Report

PERCENT_FLOOR = 30
"""A change from fewer applications than this is not given in per cent: it would say more than the figures do."""

BALANCED = ("new_received", "carried_in", "processed_total", "carried_out")
"""The outcomes of which the form says that the first two balance the last two."""

HEADLINE = ("new_received", "processed_total", "disclosed", "carried_out")
"""What the headline shows: received, processed, disclosed in whole or in part, and carried over."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One report in numbers of applications and of cases; ``None`` is not stated (blank, unreadable or absent)."""

    year: int
    new_received: Decimal | None
    carried_in: Decimal | None
    processed_total: Decimal | None
    granted: Decimal | None
    partially_granted: Decimal | None
    disclosed: Decimal | None
    """granted + partially_granted"""
    denied: Decimal | None
    unavailable: Decimal | None
    not_processed: Decimal | None
    other: Decimal | None
    carried_out: Decimal | None
    reviews: Decimal | None
    litigation: Decimal | None
    """Lawsuits of both channels."""

    @property
    def disclosed_share(self) -> Decimal | None:
        """What was disclosed in whole or in part, in per cent of the applications processed if these are 30 or more."""
        if self.disclosed is None or self.processed_total is None or self.processed_total < PERCENT_FLOOR:
            return None
        return self.disclosed / self.processed_total * 100 if self.disclosed <= self.processed_total else None


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline figure. ``change`` is its difference from the year before, ``None`` where either is not stated.

    ``in_doubt``: other figures of the report contradict it.
    """

    name: str
    value: Decimal | None
    change: Decimal | None
    percent: Decimal | None
    """The change in per cent of the year before; ``None`` too where that was under 30."""
    in_doubt: bool = False


def summarise(report: Report, leave_out: Collection[Key] = ()) -> Summary:
    """The summary of a report. The figures of ``leave_out``, and sums that need them, are as if not stated."""

    def total(resource: str, row: str) -> Decimal | None:
        return None if Key(resource, row, "total") in leave_out else report.value(resource, row, "total")

    totals = {row.id: total(REQUESTS, row.id) for row in report.table(REQUESTS).rows}
    lacks_outcome = any(Key(REQUESTS, row, "total") in leave_out for row in totals if _is_outcome(row))
    blanks_are_zero = _sums_to_processed(totals) and not lacks_outcome
    lawsuits = [total(REVIEWS, channel) for channel in ("litigation_direct", "litigation_after_review")]
    return Summary(
        year=report.year,
        new_received=totals.get("new_received"),
        carried_in=totals.get("carried_in"),
        processed_total=totals.get("processed_total"),
        granted=totals.get("granted"),
        partially_granted=totals.get("partially_granted"),
        disclosed=_sum([totals.get("granted"), totals.get("partially_granted")], blanks_are_zero),
        denied=_group(totals, "denied", blanks_are_zero),
        unavailable=_group(totals, "unavailable", blanks_are_zero),
        not_processed=_group(totals, "not_processed", blanks_are_zero),
        other=_group(totals, "other", blanks_are_zero),
        carried_out=totals.get("carried_out"),
        reviews=total(REVIEWS, "administrative_review"),
        litigation=_sum(lawsuits, blanks_are_zero=False),
    )


def headline(now: Summary, before: Summary | None, in_doubt: Collection[str] = ()) -> tuple[Headline, ...]:
    """The headline figures, with their change from the year before; ``before`` must be of that year or ``None``.

    ``in_doubt`` names those that other figures contradict.
    """
    return tuple(
        _headline(name, getattr(now, name), getattr(before, name) if before else None, name in in_doubt)
        for name in HEADLINE
    )


def _headline(name: str, now: Decimal | None, before: Decimal | None, in_doubt: bool) -> Headline:
    if now is None or before is None:
        return Headline(name, now, None, None, in_doubt and now is not None)
    percent = (now - before) / before * 100 if before >= PERCENT_FLOOR else None
    return Headline(name, now, now - before, percent, in_doubt)


def _is_outcome(row: str) -> bool:
    return row in ("granted", "partially_granted") or any(row.startswith(f"{group}_") for group in PREFIX_GROUPS)


def _sums_to_processed(totals: Mapping[str, Decimal | None]) -> bool:
    outcomes = [value for row, value in totals.items() if _is_outcome(row)]
    return totals.get("processed_total") == sum((value for value in outcomes if value is not None), Decimal(0))


def _group(totals: Mapping[str, Decimal | None], group: str, blanks_are_zero: bool) -> Decimal | None:
    return _sum([value for row, value in totals.items() if row.startswith(f"{group}_")], blanks_are_zero)


def _sum(values: list[Decimal | None], blanks_are_zero: bool) -> Decimal | None:
    """``None`` if nothing is stated, or if a term is blank and blanks don't count as zero."""
    stated = [value for value in values if value is not None]
    if not stated or (len(stated) < len(values) and not blanks_are_zero):
        return None
    return sum(stated, Decimal(0))
