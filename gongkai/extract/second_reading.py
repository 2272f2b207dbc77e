"""A report that was read once, and whether to believe it: what a second reading says of its figures.

In: the report and its findings. Out: whether it leaves a doubt (``is_doubtful``), and the report without the figures on
which the second reader differs (``read_again``).
What never happens: one of two readings is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.errors import UnreadableFile
from gongkai.extract.outline import outline
from gongkai.extract.table_figures import figures_of_tables
from gongkai.extract.tables.find_tables import find_tables
from gongkai.form import Form
from gongkai.identities import identity_results
from gongkai.model import REQUESTS, Finding, Report, Verdict
from gongkai.read.formats import SecondReader, method_of


@dataclass(frozen=True, slots=True)
class SecondReadingSettings:
    """When a file is read once more."""

    time_ratio: float = 1.5
    """So much longer than the first reading may one take that looks at no strokes: it has more words to place."""
    unexpected_blank_share: float = 0.2
    """In a table in which a smaller share of the cells is blank, a blank is unexpected: agencies that leave zeros blank
    do so in most of the cells."""


SECOND_READING = SecondReadingSettings()


def is_doubtful(report: Report, findings: Sequence[Finding]) -> bool:
    """Whether the first reading leaves a doubt that a second one may settle."""
    if any(f.check == "reading" or (f.check == "form" and f.resource == REQUESTS) for f in findings):
        return True
    if any(result.verdict in (Verdict.FAILS, Verdict.UNDECIDED) for result in identity_results(report)):
        return True
    for table in report.tables:
        figures = [figure for key, figure in report.figures.items() if key.resource == table.resource]
        blank = sum(figure.is_blank for figure in figures)
        if 0 < blank < SECOND_READING.unexpected_blank_share * len(figures):
            return True
    return False


def read_again(path: Path, report: Report, forms: Sequence[Form], second: SecondReader) -> tuple[Report, list[Finding]]:
    """The report without the figures on which the second reader differs, and a finding for each of them."""
    # Of a picture the second reader sees nothing, or a text layer that says something else.
    printed = {key: figure for key, figure in report.figures.items() if not method_of(figure.reader).recognised}
    pages = sorted({figure.box.page for figure in printed.values() if figure.box})
    if not pages:
        return report, []
    if not second.fits(path, pages):
        return report, [not_read_again("the pages with tables were")]
    try:
        blocks = second.read_pages(path, pages)
    except UnreadableFile:
        message = "the pages with tables could not be read a second time, so that each figure stands on one reading"
        return report, [Finding(check="reading", severity="warning", message=message)]
    structure = outline(blocks, forms)
    located = find_tables(blocks, structure, second.method, forms).located
    others = figures_of_tables(located, report.tables, forms).figures
    figures = dict(report.figures)
    findings = []
    for key, first in printed.items():
        other = others.get(key)
        if other is None or first.is_unread:
            continue
        if (other.value, other.unit) != (first.value, first.unit):
            figures[key] = first._replace(value=None, printed=f"{first.printed} | {other.printed}")
            message = f"left empty: one reading is {first.printed!r}, the other {other.printed!r}"
            findings.append(
                Finding(
                    check="reading",
                    severity="error",
                    at=key,
                    expected=first.printed,
                    actual=other.printed,
                    message=message,
                )
            )
    return replace(report, figures=figures), findings


def not_read_again(what: str) -> Finding:
    """The finding of a doubt that stays, since a reading that would settle it is not begun."""
    message = f"{what} not read a second time, which would take longer, or more memory, than a file may: "
    return Finding(check="reading", severity="warning", message=f"{message}each figure stands on one reading")
