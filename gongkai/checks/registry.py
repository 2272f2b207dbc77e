"""The registry of checks: what may find something, how grave that is, and what it needs. All else follows from it.

In: nothing. Out: ``CHECKS``. From it come the codes of findings.csv and their schema, which pass makes a check, which
findings validation computes again, and what pages list. A check's function stands in ``FUNCTIONS`` of the module that
has it, its words in ``rules.toml``. They are apart for what hangs on them: an entry here is part of every package, a
function that compares reports only of those that are compared, and words of none.

The identities of the official form are checks, too: their terms stand in ``forms/*.toml``, and one function has them
all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from gongkai.form import load_forms
from gongkai.model import CheckResult, OtherReports, Report, Severity

ReportCheck = Callable[[Report], Iterator[CheckResult]]
CrossReportCheck = Callable[[Report, OtherReports], Iterator[CheckResult]]


class Needs(Enum):
    """What a check looks at. The first two are made when a report is read, the others when all have been."""

    READING = "the file: its findings are noted in reading, and no function gives them again"
    REPORT = "a report alone"
    EARLIER_REPORT = "the agency's report for the year before, too"
    ALL_REPORTS = "the reports of other agencies, too"


@dataclass(frozen=True, slots=True)
class Check:
    """A check. ``id`` is its code in findings.csv."""

    id: str
    needs: Needs
    severities: tuple[Severity, ...]
    """Those that its findings may have, the usual one first."""
    two_sided: bool = False
    """It sets a figure against another one, so that the other can be shown beside it: if they differ and it is more
    than information, they contradict each other."""
    is_recomputed: bool = True
    """Whether the figures that a package holds give its findings again, so that validation holds them against that."""

    @property
    def is_cross_report(self) -> bool:
        """Whether it looks at other reports, so that the second pass makes it."""
        return self.needs in (Needs.EARLIER_REPORT, Needs.ALL_REPORTS)


_ENTRIES = (
    Check("balance", Needs.REPORT, ("error",), two_sided=True),
    Check("row_total", Needs.REPORT, ("error",), two_sided=True),
    Check("processed_total", Needs.REPORT, ("error",), two_sided=True),
    Check("review_total", Needs.REPORT, ("error",), two_sided=True),
    Check("carry_over", Needs.EARLIER_REPORT, ("warning", "info"), two_sided=True),
    Check("documents_in_force", Needs.EARLIER_REPORT, ("warning", "info"), two_sided=True),
    Check("narrative", Needs.REPORT, ("warning",), two_sided=True),
    # No CSV holds the control characters that may be all that a cell prints: read back, it would be a blank.
    Check("missing_cell", Needs.REPORT, ("info",), is_recomputed=False),
    Check("form", Needs.READING, ("warning",)),
    Check("reading", Needs.READING, ("error", "warning")),
    Check("blank_total", Needs.REPORT, ("info",)),
    Check("amount_unit", Needs.REPORT, ("warning",)),
    Check("period", Needs.REPORT, ("info",)),
    Check("empty_section", Needs.REPORT, ("info",)),
    Check("prior_year_items", Needs.EARLIER_REPORT, ("info",), two_sided=True),
    Check("jump", Needs.EARLIER_REPORT, ("info",)),
    Check("copied_table", Needs.ALL_REPORTS, ("warning", "info")),
    Check("agency_name", Needs.REPORT, ("warning",)),
)

CHECKS = {check.id: check for check in _ENTRIES}
"""Every check by its id, in the order in which they were added: a schema lists them so, and a new one goes last."""


@cache
def accounting_checks() -> frozenset[str]:
    """The checks whose failure says that an agency's own figures do not add up: the identities of the forms."""
    return frozenset(identity.check for form in load_forms() for identity in form.identities)


def recomputed_checks() -> frozenset[str]:
    """The checks whose findings follow from one package alone."""
    return frozenset(check.id for check in CHECKS.values() if check.needs is Needs.REPORT and check.is_recomputed)
