"""Whether an agency is named in full, or only by a short name of which it is open what it is short for.

In: a Report. Out: one CheckResult. A name is never completed here: a person states it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.checks.registry import ReportCheck
from gongkai.model import CheckResult, Finding, Report, Verdict
from gongkai.names.bodies import open_readings

CHECK = "agency_name"


def agency_name(report: Report) -> Iterator[CheckResult]:
    """Whether the name that is printed is in full: where it may be short a person is asked, unless one stated it."""
    if report.origin.agency:
        yield CheckResult(CHECK, Verdict.NOT_APPLICABLE, reason="a person states the agency")
        return
    name = report.agency.name
    readings = open_readings(name, report.agency.division_code)
    if readings is None:
        yield CheckResult(CHECK, Verdict.HOLDS)
        return
    may_be = f", perhaps for {' or '.join(readings)}" if readings else ""
    message = f"{name} is kept as it is printed: it may be a short name{may_be}; state the full one in origin.toml"
    finding = Finding(check=CHECK, severity="warning", actual=name, message=message)
    yield CheckResult(CHECK, Verdict.FAILS, reason=message, finding=finding)


FUNCTIONS: Mapping[str, ReportCheck] = {CHECK: agency_name}
