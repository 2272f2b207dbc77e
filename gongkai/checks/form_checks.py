"""Check a report against its form: the identities that it prescribes, blank cells, and what reading noted.

In: a Report. Out: CheckResults, and the Findings that are among them. The Report is never changed.
A blank is not a zero: an identity with a blank term holds with zeros, or is undecided and says which cells are blank.
A figure that could not be read leaves an identity open, and nothing is said of it here: its own finding says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gongkai.checks.registry import ReportCheck, accounting_checks
from gongkai.checks.results import named
from gongkai.identities import NOT_FOUND, UNREAD, IdentityResult, identity_results
from gongkai.model import RESOURCES, CheckResult, Finding, Key, Report, Verdict

NOT_OF_THIS_FORM = "the form that the report follows has no such identity"


def identity_checks(report: Report) -> Iterator[CheckResult]:
    """What each identity of the report's form says of each row or column; one of another form does not apply."""
    others = accounting_checks()
    for result in identity_results(report):
        others -= {result.identity.check}
        open_ = result.verdict in (Verdict.FAILS, Verdict.UNDECIDED)
        reason = f"cells are blank: {named(result.blank)}" if result.verdict is Verdict.UNDECIDED else result.reason
        finding = _finding(result)
        yield CheckResult(finding.check, result.verdict, finding.at, reason=reason, finding=finding if open_ else None)
    for check in sorted(others):
        yield CheckResult(check, Verdict.NOT_APPLICABLE, reason=NOT_OF_THIS_FORM)


def left_open(report: Report) -> frozenset[tuple[str, Key]]:
    """Check and address of each identity of the form that blanks leave undecided."""
    return frozenset((said.check, said.at) for said in identity_checks(report) if said.verdict is Verdict.UNDECIDED)


def noted_results(report: Report, check: str, noted: Iterable[Finding]) -> Iterator[CheckResult]:
    """The results of a check whose findings are ``noted`` in reading; a table without one is as it should be."""
    findings = [finding for finding in noted if finding.check == check]
    for finding in findings:
        yield CheckResult(check, Verdict.FAILS, finding.at, reason=finding.message, finding=finding)
    for resource in RESOURCES:
        if not any(finding.resource == resource for finding in findings):
            is_there = report.table(resource).form is not None
            verdict = Verdict.HOLDS if is_there else Verdict.NOT_APPLICABLE
            yield CheckResult(check, verdict, Key(resource), reason="" if is_there else NOT_FOUND)


def missing_cells(report: Report) -> Iterator[CheckResult]:
    """Whether each cell that was found in print is filled in."""
    printed = {key.resource for key in report.figures}
    for resource in RESOURCES:
        if resource not in printed:
            yield CheckResult("missing_cell", Verdict.NOT_APPLICABLE, Key(resource), reason=NOT_FOUND)
    for key, figure in report.figures.items():
        if figure.is_blank:
            shown = figure.printed.strip()
            said = f"the cell holds {shown!r}" if shown else "the cell is blank"
            finding = Finding(check="missing_cell", severity="info", at=key, actual=shown, message=said)
            yield CheckResult("missing_cell", Verdict.FAILS, key, reason=said, finding=finding)
        elif figure.is_unread:
            yield CheckResult("missing_cell", Verdict.NOT_APPLICABLE, key, reason=UNREAD)
        else:
            yield CheckResult("missing_cell", Verdict.HOLDS, key)


FUNCTIONS: Mapping[str, ReportCheck] = {"missing_cell": missing_cells}


def _finding(result: IdentityResult) -> Finding:
    identity = result.identity
    by_column = identity.across == "columns"
    total = identity.right[0]
    row = ("" if len(identity.right) > 1 else total) if by_column else result.row_or_column
    column = result.row_or_column if by_column else total
    message = f"{identity.label}: {result.left} and {result.right} differ"
    if result.blank:
        message += f"; cells are missing ({named(result.blank)}), so that the sums may agree"
    return Finding(
        check=identity.check,
        severity="error",
        at=Key(identity.resource, row, column),
        expected=str(result.left),
        actual=str(result.right),
        message=message,
    )
