"""What looks unusual in a report by itself, though no identity of the form forbids it.

In: a Report. Out: CheckResults, each of whose findings says why, as information or a warning. Unusual is not wrong:
nothing here is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from gongkai.checks.registry import ReportCheck
from gongkai.identities import NOT_FOUND, UNREAD, identity_results
from gongkai.model import PROACTIVE, REQUESTS, CheckResult, Finding, Key, Report, Verdict

TEXT_SECTIONS = (1, 5, 6)
"""The sections that are all prose; the others may hold a table alone."""


def blank_totals(report: Report) -> Iterator[CheckResult]:
    """Whether each total is filled in whose parts are; a whole column of blank totals is one finding."""
    by_total: dict[Key, CheckResult] = {}
    for result in identity_results(report):
        left, right = result.terms
        if left and len(right) == 1 and (right[0] not in by_total or by_total[right[0]].verdict is not Verdict.FAILS):
            by_total[right[0]] = _blank_total(report, left, right[0])
    whole = [key for key in by_total if key.resource == REQUESTS and key.column == "total"]
    blank = [key for key in whole if by_total[key].verdict is Verdict.FAILS]
    if len(blank) > 1 and all(report.value(*key) is None for key in whole):
        reason = "every row's total is blank"
        finding = Finding(check="blank_total", severity="info", at=Key(REQUESTS, column="total"), message=reason)
        for key in blank:
            del by_total[key]
        yield CheckResult("blank_total", Verdict.FAILS, Key(REQUESTS, column="total"), reason=reason, finding=finding)
    yield from by_total.values()


def _blank_total(report: Report, parts: tuple[Key, ...], total: Key) -> CheckResult:
    if report.table(total.resource).form is None:
        return CheckResult("blank_total", Verdict.NOT_APPLICABLE, total, reason=NOT_FOUND)
    if report.is_unread(total):
        return CheckResult("blank_total", Verdict.NOT_APPLICABLE, total, reason=UNREAD)
    if report.value(*total) is not None:
        return CheckResult("blank_total", Verdict.HOLDS, total)
    if all(report.value(*key) is None for key in parts):
        return CheckResult("blank_total", Verdict.NOT_APPLICABLE, total, reason="its parts are blank, too")
    reason = "the total is blank, and parts of it are not"
    return CheckResult(
        "blank_total",
        Verdict.FAILS,
        total,
        reason=reason,
        finding=Finding(check="blank_total", severity="info", at=total, message=reason),
    )


def amount_units(report: Report) -> Iterator[CheckResult]:
    """Whether each amount is printed with its unit."""
    amounts = [figure for key, figure in report.figures.items() if key.column == "amount" and figure.value is not None]
    if not amounts:
        yield CheckResult(
            "amount_unit", Verdict.NOT_APPLICABLE, Key(PROACTIVE, column="amount"), reason="no amount is printed"
        )
    for figure in amounts:
        if figure.unit != "unstated":
            yield CheckResult("amount_unit", Verdict.HOLDS, figure.key)
            continue
        if not figure.value:
            yield CheckResult(
                "amount_unit", Verdict.NOT_APPLICABLE, figure.key, reason="the amount is 0, which is so in any unit"
            )
            continue
        message = "no unit is printed with the amount: it is kept as printed, and not compared with other years"
        finding = Finding(
            check="amount_unit",
            severity="warning",
            at=figure.key,
            expected="10k_cny",
            actual="unstated",
            message=message,
        )
        yield CheckResult("amount_unit", Verdict.FAILS, figure.key, reason=message, finding=finding)


def period(report: Report) -> Iterator[CheckResult]:
    """Whether the period that the report states is its calendar year."""
    if report.period_start is None or report.period_end is None:
        yield CheckResult("period", Verdict.NOT_APPLICABLE, reason="the report states no period that could be read")
        return
    expected = _span(date(report.year, 1, 1), date(report.year, 12, 31))
    actual = _span(report.period_start, report.period_end)
    if actual == expected:
        yield CheckResult("period", Verdict.HOLDS)
        return
    message = f"the report says that it covers {actual}, which is not the calendar year"
    yield CheckResult(
        "period",
        Verdict.FAILS,
        reason=message,
        finding=Finding(check="period", severity="info", expected=expected, actual=actual, message=message),
    )


def _span(start: date, end: date) -> str:
    return f"{start.isoformat()}/{end.isoformat()}"


def empty_sections(report: Report) -> Iterator[CheckResult]:
    """Whether there is text under each heading of the sections that are all prose."""
    texts = {section.number: section.text for section in report.sections}
    for number in TEXT_SECTIONS:
        at = Key("sections", str(number), "text")
        if number not in texts:
            yield CheckResult("empty_section", Verdict.NOT_APPLICABLE, at, reason="no such heading was found")
        elif texts[number].strip():
            yield CheckResult("empty_section", Verdict.HOLDS, at)
        else:
            message = f"section {number} has a heading and no text"
            finding = Finding(check="empty_section", severity="info", at=at, message=message)
            yield CheckResult("empty_section", Verdict.FAILS, at, reason=message, finding=finding)


FUNCTIONS: Mapping[str, ReportCheck] = {
    "blank_total": blank_totals,
    "amount_unit": amount_units,
    "period": period,
    "empty_section": empty_sections,
}
