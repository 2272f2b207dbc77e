"""A package on disk -> the report that pages are made of. Packages are the store: nothing of them is kept elsewhere.

In: a package's folder, and whose it is. Out: its report and findings, with what a page says of the package itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.model import Agency, Finding, Report
from gongkai.package.folder import read_package


@dataclass(frozen=True, slots=True)
class PackagedReport:
    """A report with its findings; ``folder`` is its package, from which downloads are copied."""

    report: Report
    findings: tuple[Finding, ...]
    folder: Path
    extractor_version: str


def read_packaged_report(folder: Path, agency: Agency | None = None) -> PackagedReport:
    """The report in a package, of ``agency`` if that is known better. Raises ``PackageError`` if it can't be read."""
    package = read_package(folder)
    report = replace(package.report, agency=agency) if agency else package.report
    return PackagedReport(report, package.findings, folder, str(package.descriptor["report"]["extractor_version"]))
