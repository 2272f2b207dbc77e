"""The checks that look at other reports as well, which a second pass makes once all reports have been read.

In: a Report and what others say. Out: CheckResults. Each check is listed here or in ``report_checks``, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.checks import copies, years
from gongkai.checks.form_checks import findings_of
from gongkai.checks.rules import load_rules
from gongkai.model import CheckResult, Finding, OtherReports, Report


def cross_report_results(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """What every check that looks at other reports says of this one."""
    rules = load_rules()
    yield from years.chained_results(report, others)
    yield from years.jumps(report, others, rules["jump"].thresholds)
    yield from copies.copied_tables(report, others, rules["copied_table"].thresholds)


def cross_report_findings(report: Report, others: OtherReports) -> tuple[Finding, ...]:
    return findings_of(cross_report_results(report, others))


def is_cross_report(finding: Finding) -> bool:
    """Whether a finding looks at other reports, so that the second pass makes it."""
    rule = load_rules().get(finding.check)
    return rule is not None and rule.looks_at != "report"
