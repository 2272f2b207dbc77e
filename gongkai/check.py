"""Check a report's figures against the identities that its form prescribes.

In: a Report. Out: Findings. The Report is never changed.
A blank is not a zero: an identity with a blank term holds with zeros, or is undecided and says which cells are blank.
A figure that could not be read leaves an identity open, and nothing is said of it here: its own finding says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.figures import is_blank
from gongkai.form import Edition, Identity, load_form
from gongkai.model import Finding, Key, Report, Verdict


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
        applicable = table.form is not None and not unchecked
        for line in lines:
            left = _keys(identity, identity.left, line, rows)
            right = _keys(identity, identity.right, line, rows)
            yield _result(report, identity, line, left, right, applicable)


def check_report(report: Report) -> tuple[Finding, ...]:
    """The findings of ``balance``, ``row_total``, ``processed_total``, ``review_total`` and ``missing_cell``."""
    found = [_finding(result) for result in results(report) if result.verdict in (Verdict.FAILS, Verdict.UNDECIDED)]
    for key, figure in report.figures.items():
        if figure.value is None and is_blank(figure.printed):
            printed = figure.printed.strip()
            said = f"the cell holds {printed!r}" if printed else "the cell is blank"
            found.append(Finding("missing_cell", "info", *key, "", printed, said))
    return tuple(found)


def _is_blank_throughout(report: Report, identity: Identity, rows: Sequence[str]) -> bool:
    """Whether the right side is blank in every row: then there is nothing that the rows could be checked with."""
    return all(report.value(identity.resource, row, column) is None for row in rows for column in identity.right)


def _keys(identity: Identity, terms: Sequence[str], line: str, rows: Sequence[str]) -> list[Key]:
    if identity.across == "columns":
        return [Key(identity.resource, row, line) for row in terms if row in rows]
    return [Key(identity.resource, line, column) for column in terms]


def _result(
    report: Report, identity: Identity, line: str, left: Sequence[Key], right: Sequence[Key], applicable: bool
) -> Result:
    figures = {key: report.figures.get(key) for key in (*left, *right)}
    unread = [key for key, f in figures.items() if f is None or (f.value is None and not is_blank(f.printed))]
    lefts = [figure.value if (figure := figures[key]) else None for key in left]
    rights = [figure.value if (figure := figures[key]) else None for key in right]
    said = verdict(lefts, rights) if applicable else Verdict.NOT_APPLICABLE
    if unread and said is Verdict.UNDECIDED:
        said = Verdict.NOT_APPLICABLE
    return Result(
        identity=identity,
        verdict=said,
        at=line,
        left=sum(filter(None, lefts), Decimal(0)),
        right=sum(filter(None, rights), Decimal(0)),
        blank=tuple(key for key, figure in figures.items() if figure is None or figure.value is None),
        terms=(tuple(left), tuple(right)),
    )


def _finding(result: Result) -> Finding:
    identity = result.identity
    by_column = identity.across == "columns"
    total = identity.right[0]
    row = ("" if len(identity.right) > 1 else total) if by_column else result.at
    column = result.at if by_column else total
    message = f"{identity.label}: {result.left} and {result.right} differ"
    if result.blank:
        cells = ", ".join(f"{key.row} {key.column}".strip() for key in result.blank)
        message += f"; cells are missing ({cells}), so that the sums may agree"
    return Finding(
        identity.check, "error", identity.resource, row, column, str(result.left), str(result.right), message
    )
