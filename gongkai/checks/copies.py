"""Tables that are, figure by figure, those of another report.

In: a Report and its twins (``OtherReports``). Out: CheckResults, each of whose findings names the other report. That
two tables are equal proves nothing; how many figures make it unlikely by chance is a threshold (``FEWEST_FIGURES``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.checks.registry import CrossReportCheck
from gongkai.identities import NOT_FOUND
from gongkai.model import RESOURCES, CheckResult, Figure, Finding, Key, OtherReports, Report, Severity, Twin, Verdict

FEWEST_FIGURES = 5
"""A table with fewer figures that are neither zero nor a total may be that of another by chance."""


def copied_tables(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """Whether each table differs from that of the year before, and from those of other agencies."""
    for resource in RESOURCES:
        if report.table(resource).form is None:
            yield CheckResult("copied_table", Verdict.NOT_APPLICABLE, Key(resource), reason=NOT_FOUND)
            continue
        if weight(report, resource) < FEWEST_FIGURES:
            few = f"fewer than {FEWEST_FIGURES} figures that are no totals are not zero"
            yield CheckResult("copied_table", Verdict.NOT_APPLICABLE, Key(resource), reason=few)
            continue
        twins = others.twins.get(resource, ())
        of_agency = [twin for twin in twins if twin.agency_id == report.agency.id]
        foreign = [twin for twin in twins if twin.agency_id != report.agency.id]
        groups: tuple[tuple[list[Twin], Severity], ...] = ((of_agency, "warning"), (foreign, "info"))
        for group, severity in groups:
            if group:
                named = ", ".join(f"{twin.agency} for {twin.year}" for twin in group)
                message = f"every figure of the table is that of {named}"
                actual = "; ".join(f"{twin.agency} {twin.year}" for twin in group)
                finding = Finding(
                    check="copied_table", severity=severity, at=Key(resource), actual=actual, message=message
                )
                yield CheckResult("copied_table", Verdict.FAILS, Key(resource), reason=message, finding=finding)
        if not twins:
            yield CheckResult("copied_table", Verdict.HOLDS, Key(resource))


def weight(report: Report, resource: str) -> int:
    """How many figures of a table are neither zero nor a total: what makes it unlikely that two are equal by chance."""
    return sum(_weighs(figure) for key, figure in report.figures.items() if key.resource == resource)


FUNCTIONS: Mapping[str, CrossReportCheck] = {"copied_table": copied_tables}


def _weighs(figure: Figure) -> bool:
    total = figure.key.column == "total" or figure.key.row == "processed_total"
    return bool(figure.value) and not total
