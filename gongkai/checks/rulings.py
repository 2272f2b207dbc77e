"""Every check's word on a report: what holds and what was not checked, beside what was found.

In: a Report, what reading noted of it, and what others say. Out: Rulings of every check that there is, and their counts
by check, so that "no finding" is never taken for "not checked".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.checks.comparison import compared_rulings
from gongkai.checks.first_pass import report_rulings
from gongkai.model import Finding, Others, Report, Ruling, Verdict


@dataclass(frozen=True, slots=True)
class Count:
    """How often a check holds, fails, is left open by blanks, or does not apply to a report.

    ``reason`` is why it mostly does not apply, where it ever does not.
    """

    check: str
    holds: int
    fails: int
    undecided: int
    not_applicable: int
    reason: str


def all_rulings(report: Report, noted: Iterable[Finding] = (), others: Others | None = None) -> Iterator[Ruling]:
    """What every check says of a report. ``noted`` are the findings in its package, or those that reading made."""
    yield from report_rulings(report, noted)
    yield from compared_rulings(report, others or Others())


def counts(rulings: Iterable[Ruling]) -> tuple[Count, ...]:
    """The verdicts of each check, in the order in which the checks come."""
    by_check: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        by_check.setdefault(ruling.check, []).append(ruling)
    return tuple(_count(check, own) for check, own in by_check.items())


def _count(check: str, rulings: list[Ruling]) -> Count:
    verdicts = Counter(ruling.verdict for ruling in rulings)
    reasons = Counter(ruling.reason for ruling in rulings if ruling.verdict is Verdict.NOT_APPLICABLE)
    return Count(
        check,
        holds=verdicts[Verdict.HOLDS],
        fails=verdicts[Verdict.FAILS],
        undecided=verdicts[Verdict.UNDECIDED],
        not_applicable=verdicts[Verdict.NOT_APPLICABLE],
        reason=reasons.most_common(1)[0][0] if reasons else "",
    )
