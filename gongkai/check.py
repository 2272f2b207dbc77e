"""Check a report's figures against the identities that its form prescribes.

In: a Report. Out: Rulings, and the Findings that are among them. The Report is never changed.
A blank is not a zero: an identity with a blank term holds with zeros, or is undecided and says which cells are blank.
A figure that could not be read leaves an identity open, and nothing is said of it here: its own finding says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.figures import is_blank
from gongkai.form import Edition, Identity, load_form
from gongkai.model import RESOURCES, Finding, Key, Report, Ruling, Verdict

NOT_FOUND = "the report has no such table"
UNREAD = "a figure was not found in print, or could not be read"


@dataclass(frozen=True, slots=True)
class Result:
    """What one identity says of one row or column: both sums, blanks counted as zero, and the cells that are blank."""

    identity: Identity
    verdict: Verdict
    at: str
    left: Decimal
    right: Decimal
    blank: tuple[Key, ...]
    terms: tuple[tuple[Key, ...], tuple[Key, ...]]
    """The figures whose sums these are."""
    reason: str = ""
    """Why it is not applicable."""


def verdict(left: Sequence[Decimal | None], right: Sequence[Decimal | None]) -> Verdict:
    """Whether the sums of both sides are equal; ``None`` is a blank term."""
    if sum(filter(None, left)) == sum(filter(None, right)):
        return Verdict.HOLDS
    return Verdict.UNDECIDED if None in (*left, *right) else Verdict.FAILS


def results(report: Report) -> Iterator[Result]:
    """What each identity of the report's form says of each row or column."""
    edition: Edition = "2019" if report.form == "2019" else "2021"
    for identity in load_form(edition).identities:
        table = report.table(identity.resource)
        rows = [row.id for row in table.rows]
        columns = list(dict.fromkeys(column for row in table.rows for column in row.columns))
        lines = columns if identity.across == "columns" else rows
        unchecked = identity.unless_blank and _is_blank_throughout(report, identity, rows)
        why_not = NOT_FOUND if table.form is None else "every row's total is blank" if unchecked else ""
        for line in lines:
            left = _keys(identity, identity.left, line, rows)
            right = _keys(identity, identity.right, line, rows)
            yield _result(report, identity, line, left, right, why_not)


def rulings(report: Report, noted: Iterable[Finding] = ()) -> Iterator[Ruling]:
    """What ``form``, ``reading``, the form's identities and ``missing_cell`` say of a report.

    ``noted`` are the findings that came with the reading: ``form`` and ``reading`` fail where one of them says so.
    """
    noted = tuple(noted)
    for check in ("form", "reading"):
        yield from _noted(report, check, [finding for finding in noted if finding.check == check])
    for result in results(report):
        open_ = result.verdict in (Verdict.FAILS, Verdict.UNDECIDED)
        reason = f"cells are blank: {named(result.blank)}" if result.verdict is Verdict.UNDECIDED else result.reason
        finding = _finding(result)
        yield Ruling(
            finding.check,
            result.verdict,
            finding.resource,
            finding.row,
            finding.column,
            reason,
            finding if open_ else None,
        )
    yield from _missing_cells(report)


def check_report(report: Report) -> tuple[Finding, ...]:
    """The findings of ``balance``, ``row_total``, ``processed_total``, ``review_total`` and ``missing_cell``."""
    return findings_of(rulings(report))


def left_open(report: Report) -> frozenset[tuple[str, Key]]:
    """The check and the place (``place_of``) of each identity of the form that blanks leave undecided."""
    undecided = (ruling for ruling in rulings(report) if ruling.verdict is Verdict.UNDECIDED)
    return frozenset((ruling.check, Key(ruling.resource, ruling.row, ruling.column)) for ruling in undecided)


def place_of(finding: Finding) -> tuple[str, Key]:
    """Its check, and what it names."""
    return finding.check, Key(finding.resource, finding.row, finding.column)


def findings_of(rulings: Iterable[Ruling]) -> tuple[Finding, ...]:
    """What rulings add to findings.csv."""
    return tuple(ruling.finding for ruling in rulings if ruling.finding)


def named(keys: Iterable[Key]) -> str:
    """Figures of one table, as messages name them."""
    return ", ".join(f"{key.row} {key.column}".strip() for key in keys)


def _noted(report: Report, check: str, findings: Sequence[Finding]) -> Iterator[Ruling]:
    """The rulings of a check that reading has made; a table without a finding is as it should be."""
    for finding in findings:
        place = (finding.resource, finding.row, finding.column)
        yield Ruling(check, Verdict.FAILS, *place, finding.message, finding)
    for resource in RESOURCES:
        if not any(finding.resource == resource for finding in findings):
            found = report.table(resource).form is not None
            verdict = Verdict.HOLDS if found else Verdict.NOT_APPLICABLE
            yield Ruling(check, verdict, resource, reason="" if found else NOT_FOUND)


def _missing_cells(report: Report) -> Iterator[Ruling]:
    """Whether each cell that was found in print is filled in."""
    printed = {key.resource for key in report.figures}
    for resource in RESOURCES:
        if resource not in printed:
            yield Ruling("missing_cell", Verdict.NOT_APPLICABLE, resource, reason=NOT_FOUND)
    for key, figure in report.figures.items():
        if figure.value is not None:
            yield Ruling("missing_cell", Verdict.HOLDS, *key)
        elif is_blank(figure.printed):
            holds = figure.printed.strip()
            said = f"the cell holds {holds!r}" if holds else "the cell is blank"
            finding = Finding("missing_cell", "info", *key, "", holds, said)
            yield Ruling("missing_cell", Verdict.FAILS, *key, said, finding)
        else:
            yield Ruling("missing_cell", Verdict.NOT_APPLICABLE, *key, UNREAD)


def _is_blank_throughout(report: Report, identity: Identity, rows: Sequence[str]) -> bool:
    """Whether the right side is blank in every row: then there is nothing that the rows could be checked with."""
    return all(report.value(identity.resource, row, column) is None for row in rows for column in identity.right)


def _keys(identity: Identity, terms: Sequence[str], line: str, rows: Sequence[str]) -> list[Key]:
    if identity.across == "columns":
        return [Key(identity.resource, row, line) for row in terms if row in rows]
    return [Key(identity.resource, line, column) for column in terms]


def _result(
    report: Report, identity: Identity, line: str, left: Sequence[Key], right: Sequence[Key], why_not: str
) -> Result:
    figures = {key: report.figures.get(key) for key in (*left, *right)}
    unread = [key for key, f in figures.items() if f is None or (f.value is None and not is_blank(f.printed))]
    lefts = [figure.value if (figure := figures[key]) else None for key in left]
    rights = [figure.value if (figure := figures[key]) else None for key in right]
    said = Verdict.NOT_APPLICABLE if why_not else verdict(lefts, rights)
    if unread and said is Verdict.UNDECIDED:
        said, why_not = Verdict.NOT_APPLICABLE, UNREAD
    return Result(
        identity=identity,
        verdict=said,
        at=line,
        left=sum(filter(None, lefts), Decimal(0)),
        right=sum(filter(None, rights), Decimal(0)),
        blank=tuple(key for key, figure in figures.items() if figure is None or figure.value is None),
        terms=(tuple(left), tuple(right)),
        reason=why_not,
    )


def _finding(result: Result) -> Finding:
    identity = result.identity
    by_column = identity.across == "columns"
    total = identity.right[0]
    row = ("" if len(identity.right) > 1 else total) if by_column else result.at
    column = result.at if by_column else total
    message = f"{identity.label}: {result.left} and {result.right} differ"
    if result.blank:
        message += f"; cells are missing ({named(result.blank)}), so that the sums may agree"
    return Finding(
        identity.check, "error", identity.resource, row, column, str(result.left), str(result.right), message
    )
