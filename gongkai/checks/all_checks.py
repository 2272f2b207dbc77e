"""Every check's word on a report: what holds and what was not checked, beside what was found.

In: a Report, what reading noted of it, and what others say. Out: CheckResults of every check that there is, and their
counts by check, so that "no finding" is never taken for "not checked".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai.checks.cross_report_checks import cross_report_results
from gongkai.checks.report_checks import report_results
from gongkai.model import CheckResult, Finding, OtherReports, Report, Verdict


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often a check holds, fails, is left open by blanks, or does not apply to a report.

    ``reason`` is why it mostly does not apply, where it ever does not.
    """

    check: str
    holds: int
    fails: int
    undecided: int
    not_applicable: int
    reason: str


def check_results(
    report: Report, noted: Iterable[Finding] = (), others: OtherReports | None = None
) -> Iterator[CheckResult]:
    """What every check says of a report. ``noted`` are the findings in its package, or those that reading made."""
    yield from report_results(report, noted)
    yield from cross_report_results(report, others or OtherReports())


def counts(all_results: Iterable[CheckResult]) -> tuple[CheckCount, ...]:
    """The verdicts of each check, in the order in which the checks come."""
    by_check: dict[str, list[CheckResult]] = {}
    for result in all_results:
        by_check.setdefault(result.check, []).append(result)
    return tuple(_count(check, results) for check, results in by_check.items())


def _count(check: str, results: list[CheckResult]) -> CheckCount:
    verdicts = Counter(result.verdict for result in results)
    reasons = Counter(result.reason for result in results if result.verdict is Verdict.NOT_APPLICABLE)
    return CheckCount(
        check,
        holds=verdicts[Verdict.HOLDS],
        fails=verdicts[Verdict.FAILS],
        undecided=verdicts[Verdict.UNDECIDED],
        not_applicable=verdicts[Verdict.NOT_APPLICABLE],
        reason=reasons.most_common(1)[0][0] if reasons else "",
    )
