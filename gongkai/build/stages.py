"""The stages that one report walks through, in their order, as far as they look at it alone.

In: a report's file and what people state of it. Out: the Report, with what they corrected and what its prose states,
and all that was found in reading and checking it. The package is written from these two and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongkai.checks.narrative import read_statements
from gongkai.checks.report_checks import report_findings
from gongkai.extract.report import extract_report
from gongkai.model import Finding, Readings, Report
from gongkai.names.places import load_gazetteer
from gongkai.names.registry import Registry
from gongkai.package.corrections import correct, read_corrections
from gongkai.package.origin import read_origin


def complete_report(
    file: Path,
    registry: Registry,
    origin_file: Path | None = None,
    corrections_file: Path | None = None,
    readings: Readings = "auto",
    name: str = "",
) -> tuple[Report, tuple[Finding, ...]]:
    """The report in a file, and its findings. Raises ``ReportError``.

    ``name``: the name under which the file was published, where it has another one now.
    """
    report, findings = extract_report(
        file,
        origin=read_origin(origin_file),
        registry=registry,
        gazetteer=load_gazetteer(),
        readings=readings,
        name=name,
    )
    report, findings = correct(report, findings, read_corrections(corrections_file))
    report = replace(report, statements=read_statements(report))
    return report, (*findings, *report_findings(report))
