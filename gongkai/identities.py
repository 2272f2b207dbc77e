"""Whether a report's figures add up as its form prescribes.

In: a Report. Out: what each identity of its form says of each row or column (``identity_results``). The Report is never
changed. A blank is not a zero: an identity with a blank term holds with zeros, or is undecided and says which cells are
blank. A figure that could not be read leaves an identity open. Reading asks it what to doubt and what only one reading
fits, ``gongkai.checks.form_checks`` what to say of the agency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.form import Edition, Identity, load_form
from gongkai.model import Key, Report, Verdict

NOT_FOUND = "the report has no such table"
UNREAD = "a figure was not found in print, or could not be read"


@dataclass(frozen=True, slots=True)
class IdentityResult:
    """What one identity says of one row or column: both sums, blanks counted as zero, and the cells that are blank."""

    identity: Identity
    verdict: Verdict
    row_or_column: str
    """The id of the row, or of the column, in which the sums are taken."""
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


def identity_results(report: Report) -> Iterator[IdentityResult]:
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


def _is_blank_throughout(report: Report, identity: Identity, rows: Sequence[str]) -> bool:
    """Whether the right side is blank in every row: then there is nothing that the rows could be checked with."""
    return all(report.value(identity.resource, row, column) is None for row in rows for column in identity.right)


def _keys(identity: Identity, terms: Sequence[str], line: str, rows: Sequence[str]) -> list[Key]:
    if identity.across == "columns":
        return [Key(identity.resource, row, line) for row in terms if row in rows]
    return [Key(identity.resource, line, column) for column in terms]


def _result(
    report: Report, identity: Identity, line: str, left: Sequence[Key], right: Sequence[Key], why_not: str
) -> IdentityResult:
    figures = {key: report.figures.get(key) for key in (*left, *right)}
    lefts = [figure.value if (figure := figures[key]) else None for key in left]
    rights = [figure.value if (figure := figures[key]) else None for key in right]
    said = Verdict.NOT_APPLICABLE if why_not else verdict(lefts, rights)
    if said is Verdict.UNDECIDED and any(report.is_unread(key) for key in figures):
        said, why_not = Verdict.NOT_APPLICABLE, UNREAD
    return IdentityResult(
        identity=identity,
        verdict=said,
        row_or_column=line,
        left=sum(filter(None, lefts), Decimal(0)),
        right=sum(filter(None, rights), Decimal(0)),
        blank=tuple(key for key, figure in figures.items() if figure is None or figure.value is None),
        terms=(tuple(left), tuple(right)),
        reason=why_not,
    )
