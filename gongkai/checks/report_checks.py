"""The checks that a report undergoes alone, before its package is written.

In: a Report, and what reading noted of it. Out: CheckResults. The identities of the form go first, then the functions
in their order, which is that of findings.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.checks import agency_name, form_checks, narrative, plausibility
from gongkai.checks.registry import CHECKS, Needs, ReportCheck
from gongkai.checks.results import findings_of
from gongkai.model import CheckResult, Finding, Report

FUNCTIONS: dict[str, ReportCheck] = {
    **form_checks.FUNCTIONS,
    **plausibility.FUNCTIONS,
    **narrative.FUNCTIONS,
    **agency_name.FUNCTIONS,
}


def report_results(report: Report, noted: Iterable[Finding] = ()) -> Iterator[CheckResult]:
    """What every check that needs one report alone says of it; ``noted`` are the findings that reading made."""
    noted = tuple(noted)
    for check in CHECKS.values():
        if check.needs is Needs.READING:
            yield from form_checks.noted_results(report, check.id, noted)
    yield from form_checks.identity_checks(report)
    for function in FUNCTIONS.values():
        yield from function(report)


def report_findings(report: Report) -> tuple[Finding, ...]:
    """What these checks find, beside what reading noted."""
    return findings_of(report_results(report))
