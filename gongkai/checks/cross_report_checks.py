"""The checks that look at other reports as well, which a second pass makes once all reports have been read.

In: a Report and what others say. Out: CheckResults, by the functions in their order, which is that of findings.csv.
"""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.checks import copies, years
from gongkai.checks.registry import CHECKS, CrossReportCheck
from gongkai.checks.results import findings_of
from gongkai.model import CheckResult, Finding, OtherReports, Report

FUNCTIONS: dict[str, CrossReportCheck] = {**years.FUNCTIONS, **copies.FUNCTIONS}


def cross_report_results(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """What every check that looks at other reports says of this one."""
    for function in FUNCTIONS.values():
        yield from function(report, others)


def cross_report_findings(report: Report, others: OtherReports) -> tuple[Finding, ...]:
    return findings_of(cross_report_results(report, others))


def is_cross_report(finding: Finding) -> bool:
    """Whether a finding looks at other reports, so that the second pass makes it."""
    return finding.check in CHECKS and CHECKS[finding.check].is_cross_report
