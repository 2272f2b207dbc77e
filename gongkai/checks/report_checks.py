"""The checks that a report undergoes alone, before its package is written.

In: a Report, and what reading noted of it. Out: CheckResults. Each check is listed here or in ``cross_report_checks``,
nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.checks import form_checks, plausibility
from gongkai.checks.narrative import check_narrative
from gongkai.model import CheckResult, Finding, Report


def report_results(report: Report, noted: Iterable[Finding] = ()) -> Iterator[CheckResult]:
    """What every check that needs one report alone says of it; ``noted`` are the findings that reading made."""
    yield from form_checks.form_results(report, noted)
    yield from plausibility.plausibility_results(report)
    yield from check_narrative(report)


def report_findings(report: Report) -> tuple[Finding, ...]:
    """What these checks find, beside what reading noted."""
    return form_checks.findings_of(report_results(report))
