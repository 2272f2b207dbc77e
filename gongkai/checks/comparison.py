"""The checks that look at other reports as well, which a second pass makes once all reports have been read.

In: a Report and what others say. Out: Rulings. Each check is listed here or in ``first_pass``, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.checks import copies, years
from gongkai.checks.form_checks import findings_of
from gongkai.checks.rules import load_rules
from gongkai.model import Finding, Others, Report, Ruling


def compared_rulings(report: Report, others: Others) -> Iterator[Ruling]:
    """What every check that looks at other reports says of this one."""
    rules = load_rules()
    yield from years.rulings(report, others)
    yield from years.jumps(report, others, rules["jump"].thresholds)
    yield from copies.copied_tables(report, others, rules["copied_table"].thresholds)


def compared_findings(report: Report, others: Others) -> tuple[Finding, ...]:
    return findings_of(compared_rulings(report, others))


def is_compared(finding: Finding) -> bool:
    """Whether a finding looks at other reports, so that the second pass makes it."""
    rule = load_rules().get(finding.check)
    return rule is not None and rule.looks_at != "report"
