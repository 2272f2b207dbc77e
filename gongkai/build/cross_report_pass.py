"""The second pass: what is found when reports are compared goes into the packages that it concerns.

In: a folder of packages, each of which the first pass has made. Out: the packages whose findings of that kind are
others now, or that were compared with other reports than are there now, made anew from themselves: findings.csv, and in
datapackage.json its hash and ``compared_with``. Everything else of a package stays as it is, byte for byte. A package
that is not valid is left alone, and nothing is compared with it.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from gongkai.checks.cross_report_checks import cross_report_findings, is_cross_report
from gongkai.model import Finding
from gongkai.package import csv_tables as tables
from gongkai.package import descriptor as descriptors
from gongkai.package.descriptor import FileFacts
from gongkai.package.folder import DESCRIPTOR, Package, file_names, is_regular
from gongkai.package.index import IndexEntry, PackageIndex, Partners
from gongkai.package.validate import check_package


class RemadePackage(NamedTuple):
    """A package made anew, which waits in ``folder``, and its findings before and now."""

    folder: Path
    before: tuple[Finding, ...]
    now: tuple[Finding, ...]


def compare(index: PackageIndex, entry: IndexEntry, scratch: Path) -> RemadePackage | None:
    """The package with what comparing it finds, in the folder ``scratch``; ``None`` where it is so already."""
    partners = index.partners(entry)
    if entry.recorded == partners.described():
        return None
    package, problems = check_package(entry.folder)
    if package is None or problems:
        return None
    earlier = None
    if partners.earlier:
        other, problems = check_package(partners.earlier.folder)
        earlier = other.report if other and not problems else None
        partners = partners if earlier else replace(partners, earlier=None)
    first = tuple(finding for finding in package.findings if not is_cross_report(finding))
    findings = (*first, *cross_report_findings(package.report, partners.other_reports(earlier)))
    if findings == package.findings and entry.recorded == partners.described():
        return None
    _write(package, findings, partners, scratch)
    return RemadePackage(scratch, package.findings, findings)


def _write(package: Package, findings: tuple[Finding, ...], partners: Partners, folder: Path) -> None:
    """A copy of the package with these findings."""
    folder.mkdir()
    for name in file_names():
        if is_regular(package.folder / name):
            shutil.copyfile(package.folder / name, folder / name)
    content = tables.csv_bytes("findings", tables.to_rows(package.report, findings)["findings"])
    (folder / "findings.csv").write_bytes(content)
    facts = FileFacts(hashlib.sha256(content).hexdigest(), len(content))
    described = descriptors.compared(package.descriptor, facts, partners.described())
    (folder / DESCRIPTOR).write_bytes(descriptors.to_bytes(described))
