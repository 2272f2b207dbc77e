"""Check a report against the same agency's report for the year before.

In: a Report and what others say (``OtherReports``). Out: CheckResults. Both figures are shown, and neither is said to
be right. A blank is not a zero: a rule with a blank term holds with zeros, or is undecided and says which cells are
blank. What never happens: two figures are chained that are not one count. ``newly_made`` is not ``issued``, and
``total_disclosed`` not ``in_force``; items of fees are no amounts. A rule of one form needs it in both years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from gongkai.checks.registry import CrossReportCheck
from gongkai.checks.results import named
from gongkai.identities import NOT_FOUND, UNREAD
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    CheckResult,
    Finding,
    Key,
    OtherReports,
    Report,
    Severity,
    Table,
    Verdict,
)

DOCUMENTS = ("1/regulations", "1/normative_documents")
OTHER_HANDLING = ("other_not_corrected_in_time", "other_fee_unpaid", "other_miscellaneous")
"""The three rows of （六）, where a report does not print it as one (``other_handling``)."""


class JumpThresholds(NamedTuple):
    """From which difference on a figure jumps. The rule's words in ``rules.toml`` name both."""

    factor: int = 5
    """So many times the figure of the year before, or of this year."""
    floor: int = 50
    """The larger of the two; smaller ones may do as they like."""


JUMP = JumpThresholds()


class Term(NamedTuple):
    """A figure, of the report for this year or of the one before, that counts with that sign."""

    report: Report
    key: Key
    sign: int = 1


class Sum(NamedTuple):
    """What the terms come to, blanks counted as zero, and the cells that are blank; ``unread``: one is not known."""

    value: Decimal
    blank: tuple[Key, ...]
    unread: bool


def other_total(report: Report, column: str) -> Decimal | None:
    """（六）其他处理 as both forms have it: the one row, or the sum of the three; ``None`` unless all are known."""
    if any(row.id == "other_handling" for row in report.table(REQUESTS).rows):
        return report.value(REQUESTS, "other_handling", column)
    values = [report.value(REQUESTS, row, column) for row in OTHER_HANDLING]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def why_not(report: Report, others: OtherReports, resource: str) -> str:
    """Why a table does not compare with that of the year before; empty if it does."""
    earlier = others.earlier
    if earlier is None:
        return f"no report for {report.year - 1} is there"
    if others.break_before:
        return others.break_before
    if earlier.scope != report.scope and "unknown" not in (earlier.scope, report.scope):
        return f"the scope changed from {earlier.scope} to {report.scope}"
    if report.table(resource).form is None:
        return NOT_FOUND
    if earlier.table(resource).form is None:
        return f"the report for {earlier.year} has no such table"
    return ""


def jumps(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """Whether figures stay within a factor of the year before."""
    factor, floor = JUMP
    for resource in RESOURCES:
        if (reason := why_not(report, others, resource)) or others.earlier is None:
            yield CheckResult("jump", Verdict.NOT_APPLICABLE, Key(resource), reason=reason)
            continue
        ours, theirs = _series(report, resource), _series(others.earlier, resource)
        for key, value in ours.items():
            before = theirs.get(key)
            if value is None or before is None:
                yield CheckResult(
                    "jump", Verdict.NOT_APPLICABLE, key, reason="a figure of one of the years is not known"
                )
                continue
            less, more = sorted((value, before))
            # From 0 no factor leads anywhere: it counts as 1.
            if more < floor or more <= factor * max(less, Decimal(1)):
                yield CheckResult("jump", Verdict.HOLDS, key)
                continue
            message = (
                f"{before} by the report for {others.earlier.year}, {value} by this one: the one is more than {factor} "
                "times the other; it may be so, or a unit or the scope differs"
            )
            yield CheckResult(
                "jump",
                Verdict.FAILS,
                key,
                reason=message,
                finding=Finding(
                    check="jump", severity="info", at=key, expected=str(before), actual=str(value), message=message
                ),
            )


def carry_over(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """``carried_in`` = ``carried_out`` of the year before, the total first.

    Totals that differ are a warning; where they are equal, other columns that differ are information.
    """
    if (reason := why_not(report, others, REQUESTS)) or others.earlier is None:
        yield CheckResult("carry_over", Verdict.NOT_APPLICABLE, Key(REQUESTS, "carried_in"), reason=reason)
        return
    earlier = others.earlier
    severity: Severity = "warning"
    columns = [column for row in report.table(REQUESTS).rows if row.id == "carried_in" for column in row.columns]
    for column in sorted(columns, key=lambda column: column != "total"):
        terms = [Term(earlier, Key(REQUESTS, "carried_out", column))]
        words = f"the report for {earlier.year} carries {{0}} over, this one carries {{1}} in"
        result = _check_sum("carry_over", severity, report, Key(REQUESTS, "carried_in", column), terms, words)
        if column == "total" and result.verdict is Verdict.HOLDS:
            severity = "info"
        yield result


def documents_in_force(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """``in_force`` = ``in_force`` of the year before + ``issued`` - ``repealed``; fewer may also have lapsed."""
    for row in DOCUMENTS:
        key = Key(PROACTIVE, row, "in_force")
        reason = why_not(report, others, PROACTIVE) or _not_in_both(report, others, key, "2021")
        if reason or others.earlier is None:
            yield CheckResult("documents_in_force", Verdict.NOT_APPLICABLE, key, reason=reason)
            continue
        terms = [Term(others.earlier, key), Term(report, key._replace(column="issued"))]
        terms.append(Term(report, key._replace(column="repealed"), -1))
        words = (
            f"in force by the report for {others.earlier.year} plus issued minus repealed: {{0}}; printed here: {{1}}"
        )
        yield _check_sum("documents_in_force", "warning", report, key, terms, words, if_less="info")


def prior_year_items(report: Report, others: OtherReports) -> Iterator[CheckResult]:
    """``prior_year_items`` = ``prior_year_items`` of the year before + its ``change``."""
    rows = [row.id for row in report.table(PROACTIVE).rows if {"prior_year_items", "change"} <= set(row.columns)]
    reason = why_not(report, others, PROACTIVE)
    if not rows or reason:
        reason = reason or _form_needed("2019")
        yield CheckResult(
            "prior_year_items", Verdict.NOT_APPLICABLE, Key(PROACTIVE, column="prior_year_items"), reason=reason
        )
        return
    for row in rows:
        key = Key(PROACTIVE, row, "prior_year_items")
        reason = _not_in_both(report, others, key, "2019")
        if reason or others.earlier is None:
            yield CheckResult("prior_year_items", Verdict.NOT_APPLICABLE, key, reason=reason)
            continue
        terms = [Term(others.earlier, key), Term(others.earlier, key._replace(column="change"))]
        words = (
            f"items of the year before plus change, by the report for {others.earlier.year}: {{0}}; printed here: {{1}}"
        )
        yield _check_sum("prior_year_items", "info", report, key, terms, words)


FUNCTIONS: Mapping[str, CrossReportCheck] = {
    "carry_over": carry_over,
    "documents_in_force": documents_in_force,
    "prior_year_items": prior_year_items,
    "jump": jumps,
}


def _not_in_both(report: Report, others: OtherReports, key: Key, edition: str) -> str:
    both = [report, others.earlier] if others.earlier else [report]
    return "" if all(_has(each.table(key.resource), key) for each in both) else _form_needed(edition)


def _form_needed(edition: str) -> str:
    return f"not both years follow the {edition} form"


def _has(table: Table, key: Key) -> bool:
    return any(row.id == key.row and key.column in row.columns for row in table.rows)


def _check_sum(
    check: str,
    severity: Severity,
    report: Report,
    key: Key,
    terms: Sequence[Term],
    words: str,
    *,
    if_less: Severity | None = None,
) -> CheckResult:
    """Whether the figure at ``key`` is the sum of the terms; ``words`` take both, ``if_less`` is for one below it."""
    ours, computed = _sum([Term(report, key)]), _sum(terms)
    blank = (*computed.blank, *ours.blank)
    if ours.unread or computed.unread:
        return CheckResult(check, Verdict.NOT_APPLICABLE, key, reason=UNREAD)
    if ours.value == computed.value:
        return CheckResult(check, Verdict.HOLDS, key)
    said = "blank" if ours.blank else str(ours.value)
    message = words.format(computed.value, said)
    if blank:
        message += f"; cells are missing ({named(blank)}), so that they may agree"
        severity = "info"
    elif if_less and ours.value < computed.value:
        severity = if_less
    finding = Finding(
        check=check,
        severity=severity,
        at=key,
        expected=str(computed.value),
        actual="" if ours.blank else str(ours.value),
        message=message,
    )
    reason = f"cells are blank: {named(blank)}" if blank else ""
    return CheckResult(check, Verdict.UNDECIDED if blank else Verdict.FAILS, key, reason=reason, finding=finding)


def _sum(terms: Sequence[Term]) -> Sum:
    figures = [(term, term.report.figures.get(term.key)) for term in terms]
    value = sum(
        (term.sign * figure.value for term, figure in figures if figure and figure.value is not None), Decimal(0)
    )
    blank = tuple(term.key for term, figure in figures if figure and figure.is_blank)
    return Sum(value, blank, any(term.report.is_unread(term.key) for term in terms))


def _series(report: Report, resource: str) -> dict[Key, Decimal | None]:
    """The figures that compare from year to year: totals, those of section two, and other handling as a group."""
    series: dict[Key, Decimal | None] = {}
    for row in report.table(resource).rows:
        for column in row.columns:
            key = Key(resource, row.id, column)
            # A change is a difference already; one amount may be in another unit than the other.
            fit = column != "change" if resource == PROACTIVE else column == "total"
            if fit and not row.id.startswith("other_handling"):
                figure = report.figures.get(key)
                series[key] = figure.value if figure and figure.unit != "unstated" else None
    if resource == REQUESTS:
        series[Key(REQUESTS, "other", "total")] = other_total(report, "total")
    return series
