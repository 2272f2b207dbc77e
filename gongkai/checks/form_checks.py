"""Check a report's figures against the identities that its form prescribes.

In: a Report. Out: CheckResults, and the Findings that are among them. The Report is never changed.
A blank is not a zero: an identity with a blank term holds with zeros, or is undecided and says which cells are blank.
A figure that could not be read leaves an identity open, and nothing is said of it here: its own finding says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gongkai.identities import NOT_FOUND, UNREAD, IdentityResult, identity_results
from gongkai.model import RESOURCES, CheckResult, Finding, Key, Report, Verdict


def form_results(report: Report, noted: Iterable[Finding] = ()) -> Iterator[CheckResult]:
    """What ``form``, ``reading``, the form's identities and ``missing_cell`` say of a report.

    ``noted`` are the findings that came with the reading: ``form`` and ``reading`` fail where one of them says so.
    """
    noted = tuple(noted)
    for check in ("form", "reading"):
        yield from _noted(report, check, [finding for finding in noted if finding.check == check])
    for result in identity_results(report):
        open_ = result.verdict in (Verdict.FAILS, Verdict.UNDECIDED)
        reason = f"cells are blank: {named(result.blank)}" if result.verdict is Verdict.UNDECIDED else result.reason
        finding = _finding(result)
        yield CheckResult(finding.check, result.verdict, finding.at, reason=reason, finding=finding if open_ else None)
    yield from _missing_cells(report)


def check_report(report: Report) -> tuple[Finding, ...]:
    """The findings of ``balance``, ``row_total``, ``processed_total``, ``review_total`` and ``missing_cell``."""
    return findings_of(form_results(report))


def left_open(report: Report) -> frozenset[tuple[str, Key]]:
    """Check and address of each identity of the form that blanks leave undecided."""
    undecided = (result for result in form_results(report) if result.verdict is Verdict.UNDECIDED)
    return frozenset((result.check, result.at) for result in undecided)


def findings_of(results: Iterable[CheckResult]) -> tuple[Finding, ...]:
    """What check results add to findings.csv."""
    return tuple(result.finding for result in results if result.finding)


def named(keys: Iterable[Key]) -> str:
    """Figures of one table, as messages name them."""
    return ", ".join(f"{key.row} {key.column}".strip() for key in keys)


def _noted(report: Report, check: str, findings: Sequence[Finding]) -> Iterator[CheckResult]:
    """The results of a check that reading has made; a table without a finding is as it should be."""
    for finding in findings:
        yield CheckResult(check, Verdict.FAILS, finding.at, reason=finding.message, finding=finding)
    for resource in RESOURCES:
        if not any(finding.resource == resource for finding in findings):
            found = report.table(resource).form is not None
            verdict = Verdict.HOLDS if found else Verdict.NOT_APPLICABLE
            yield CheckResult(check, verdict, Key(resource), reason="" if found else NOT_FOUND)


def _missing_cells(report: Report) -> Iterator[CheckResult]:
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


def _finding(result: IdentityResult) -> Finding:
    identity = result.identity
    by_column = identity.across == "columns"
    total = identity.right[0]
    row = ("" if len(identity.right) > 1 else total) if by_column else result.at
    column = result.at if by_column else total
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
