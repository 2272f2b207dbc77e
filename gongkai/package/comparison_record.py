"""What a package says of the reports that it was compared with, held against those that lie beside it.

In: a package and the index that it lies on. Out: problems in words. A stranger's ``compared_with`` is read field by
field. Findings are computed again only where all reports that they rest on are there: a package that was taken from its
folder is as valid as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gongkai.checks.cross_report_checks import cross_report_findings, is_cross_report
from gongkai.errors import PackageError
from gongkai.model import Finding, Report
from gongkai.package.descriptor import is_hash
from gongkai.package.folder import YEAR, Package, is_agency_id
from gongkai.package.index import PackageIndex

_MOST_REPORTS = 100
"""So many may one be compared with; ours are compared with a dozen at most."""


def recorded(value: Any) -> Mapping[str, Any] | None:
    """The property ``compared_with`` as it stands, once it holds only what it may. Raises ``PackageError``."""
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"checks", "predecessor", "reports"}:
        raise PackageError("compared_with does not hold checks, predecessor and reports")
    predecessor, reports = value["predecessor"], value["reports"]
    if not is_hash(value["checks"]):
        raise PackageError("compared_with: checks is no hash")
    if predecessor is not None and not _is_id(predecessor):
        raise PackageError("compared_with: predecessor is no agency's id")
    if not isinstance(reports, list) or len(reports) > _MOST_REPORTS or not all(_is_report(entry) for entry in reports):
        raise PackageError("compared_with: reports are not a list of agency, year and hash")
    return value


def comparison_problems(package: Package, index: PackageIndex, before: Report | None) -> Iterator[str]:
    """Findings that comparing gives and findings.csv lacks, or the other way round.

    ``before`` is the report in the valid package before this one, whosever it is.
    """
    report = package.report
    entry = index.get(report.agency.id, report.year)
    was_compared_with = recorded(package.descriptor.get("compared_with"))
    if entry is None or (was_compared_with and not _all_there(was_compared_with, index)):
        return
    others = index.other_reports(report, before)
    if others.earlier is None and index.get(report.agency.id, report.year - 1):
        return
    ours = cross_report_findings(report, others)
    yield from finding_problems(ours, [finding for finding in package.findings if is_cross_report(finding)])


def finding_problems(ours: Iterable[Finding], theirs: Iterable[Finding]) -> Iterator[str]:
    """What findings.csv (``theirs``) lacks of what the reports give (``ours``), and what it claims beyond that."""
    given, claimed = ({finding.essence for finding in findings} for findings in (ours, theirs))
    lacking, invented = sorted(given - claimed), sorted(claimed - given)
    for finding, what in [*((f, "lacks") for f in lacking), *((f, "claims") for f in invented)]:
        check, _, resource, row, column, expected, actual = finding
        where = "/".join(part for part in (resource, row, column) if part)
        why = "that the figures give" if what == "lacks" else "that the figures do not give"
        yield f"findings.csv: {what} a finding {check} of {where} ({expected} against {actual}) {why}"


def _all_there(was_compared_with: Mapping[str, Any], index: PackageIndex) -> bool:
    return all(index.get(entry["agency"], entry["year"]) for entry in was_compared_with["reports"])


def _is_report(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"agency", "year", "hash"}
        and _is_id(entry["agency"])
        and type(entry["year"]) is int
        and YEAR.fullmatch(str(entry["year"])) is not None
        and is_hash(entry["hash"])
    )


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and is_agency_id(value)
