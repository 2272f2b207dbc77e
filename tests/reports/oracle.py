"""Whether a reading of an invented report is right.

In: the truth and the reading. Out: what is wrong with it, in words; nothing if it is right. A figure is right if it is
the one that is printed, or if it is empty and an error or warning names its row or column. Nothing that is not printed
may have a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.build.worker import Task
from gongkai.checks.narrative import read_statements
from gongkai.checks.report_checks import report_findings
from gongkai.extract.report import extract_report
from gongkai.model import Finding, Key, Origin, Readings, Report
from gongkai.names.registry import Registry
from tests.builders import check_report
from tests.reports.content import PLACES, Content


def extract(path: Path, readings: Readings = "auto") -> tuple[Report, tuple[Finding, ...]]:
    """The report in a file of an invented agency, and all findings about it."""
    report, findings = extract_report(path, origin=Origin(), registry=Registry(), gazetteer=PLACES, readings=readings)
    return report, (*findings, *check_report(report))


def is_named(key: Key, findings: Sequence[Finding]) -> bool:
    """Whether an error or warning names the figure's row or column."""
    return any(
        f.severity in ("error", "warning")
        and f.resource == key.resource
        and f.row in ("", key.row)
        and f.column in ("", key.column)
        and (f.row or f.column)
        for f in findings
    )


def wrongs(content: Content, report: Report, findings: Sequence[Finding]) -> list[str]:
    """Each figure that is neither right nor named as left open, and each fact about the report that is wrong."""
    found = []
    for key, value in content.values.items():
        read = report.value(*key)
        if read is None and value is not None and not is_named(key, findings):
            found.append(f"{'/'.join(key)}: {value} is lost in silence")
        elif read is not None and read != value:
            found.append(f"{'/'.join(key)}: {value} is read as {read}")
    for key, figure in report.figures.items():
        if key not in content.values and figure.value is not None:
            found.append(f"{'/'.join(key)}: {figure.value} is read and is not printed")
        if figure.value is not None and (figure.unit == "unstated") != (key in content.unstated):
            found.append(f"{'/'.join(key)}: its unit is {figure.unit}")
    facts = {
        "name": (content.body.name, report.agency.name),
        "code": (content.body.code, report.agency.division_code),
        "level": (content.body.level, report.agency.level),
        "year": (content.year, report.year),
        "form": (content.form, report.form),
    }
    return found + [f"{fact}: {true!r} is read as {read!r}" for fact, (true, read) in facts.items() if true != read]


def unread(content: Content, report: Report) -> list[str]:
    """The figures that are printed and were left empty."""
    return ["/".join(key) for key, value in content.values.items() if value is not None and report.value(*key) is None]


def extract_task(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    """What a reader's process does with a file of an invented agency: as ``worker.extract``, among invented places."""
    report, findings = extract_report(
        task.file, origin=Origin(), registry=registry, gazetteer=PLACES, readings=task.readings
    )
    report = replace(report, statements=read_statements(report))
    return report, (*findings, *report_findings(report))
