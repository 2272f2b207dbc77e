"""The checks that a report undergoes alone, before its package is written.

In: a Report, and what reading noted of it. Out: Rulings. Each check is listed here or in ``comparison``, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.checks import form_checks as check
from gongkai.checks import plausibility
from gongkai.checks.narrative import check_narrative
from gongkai.model import Finding, Report, Ruling


def report_rulings(report: Report, noted: Iterable[Finding] = ()) -> Iterator[Ruling]:
    """What every check that needs one report alone says of it; ``noted`` are the findings that reading made."""
    yield from check.rulings(report, noted)
    yield from plausibility.rulings(report)
    yield from check_narrative(report)


def report_findings(report: Report) -> tuple[Finding, ...]:
    """What these checks find, beside what reading noted."""
    return check.findings_of(report_rulings(report))
