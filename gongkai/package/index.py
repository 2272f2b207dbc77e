"""Packages as far as their reports are compared: who has a report for which year, and which tables are identical.

In: a folder of packages, of which only descriptors are read, and of tables that seem identical one each. Out: for a
package the others that it is compared with (``Partners``), and how its descriptor names them. Never all reports at
once: of a report no more stays in memory than its agency, its year and the hashes of its tables.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from gongkai.checks.copies import FEWEST_FIGURES, weight
from gongkai.errors import PackageError
from gongkai.model import RESOURCES, AgencyYear, OtherReports, Report, Twin
from gongkai.names.registry import Registry
from gongkai.package import descriptor as descriptors
from gongkai.package.fingerprint import comparer_hash
from gongkai.package.folder import DESCRIPTOR, is_described, iter_packages, original_in, read_file, read_package

MOST_TWINS = 3
"""Of one table: more reports with the same one say no more."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A package in the index. ``tables`` has the hash of each table's CSV; ``hash`` is of all that is compared."""

    folder: Path
    agency_id: str
    agency: str
    year: int
    tables: Mapping[str, str]
    hash: str
    recorded: object
    """What the package says that it was compared with, as it stands in the descriptor."""

    @property
    def agency_year(self) -> AgencyYear:
        return self.agency_id, self.year


@dataclass(frozen=True, slots=True)
class Partners:
    """The packages that a report is compared with.

    ``predecessor`` is the id of the body that the agency took over, ``last`` that body's latest report.
    """

    earlier: IndexEntry | None = None
    predecessor: str = ""
    last: IndexEntry | None = None
    twins: Mapping[str, tuple[IndexEntry, ...]] = field(default_factory=dict)

    def described(self) -> dict[str, Any] | None:
        """The property ``compared_with`` of the report's descriptor; ``None`` if there is nothing to compare with."""
        partners = [self.earlier, *(twin for twins in self.twins.values() for twin in twins)]
        if not any(partners):
            return None
        unique = {entry.agency_year: entry for entry in (*partners, self.last) if entry}
        return {
            "checks": comparer_hash(),
            "predecessor": self.predecessor or None,
            "reports": [
                {"agency": id, "year": year, "hash": entry.hash} for (id, year), entry in sorted(unique.items())
            ],
        }

    def other_reports(self, earlier: Report | None) -> OtherReports:
        """What the checks are told; ``earlier`` is the report in ``self.earlier``, or ``None`` if it can't be used."""
        twins = {
            resource: tuple(Twin(entry.agency_id, entry.agency, entry.year) for entry in entries)
            for resource, entries in self.twins.items()
        }
        return OtherReports(earlier, self._break(), twins)

    def _break(self) -> str:
        """Why the series breaks here: the agency took over another, and the year of that is this one or not known."""
        if not self.predecessor or self.earlier is None:
            return ""
        if self.last is None:
            return f"the agency took over {self.predecessor}, of which no report is there"
        if self.last.year == self.earlier.year:
            return f"the agency took over {self.predecessor}, whose last report is for {self.last.year}"
        return ""


class PackageIndex:
    """The packages under a folder. With a ``registry`` predecessors are those that it names, else those on record."""

    def __init__(self, datasets: Path, registry: Registry | None = None) -> None:
        self._registry = registry
        self._entries = {entry.agency_year: entry for folder in iter_packages(datasets) if (entry := _entry_of(folder))}
        self._last: dict[str, IndexEntry] = {}
        by_hash: dict[tuple[str, str], list[IndexEntry]] = {}
        for entry in self:
            self._last[entry.agency_id] = entry
            for resource, digest in entry.tables.items():
                by_hash.setdefault((resource, digest), []).append(entry)
        equal = ((key, _really_equal(key, entries)) for key, entries in by_hash.items() if len(entries) > 1)
        self._equal = {key: _by_year(entries) for key, entries in equal if entries}

    def __iter__(self) -> Iterator[IndexEntry]:
        """The packages by agency and year."""
        return (self._entries[agency_year] for agency_year in sorted(self._entries))

    def get(self, agency_id: str, year: int) -> IndexEntry | None:
        return self._entries.get((agency_id, year))

    def other_reports(self, report: Report, before: Report | None) -> OtherReports:
        """What the checks of a report are told; ``before`` is the report that was read before it, whosever it is."""
        entry = self.get(report.agency.id, report.year)
        is_earlier = before and (before.agency.id, before.year) == (report.agency.id, report.year - 1)
        partners = self.partners(entry) if entry else Partners()
        return partners.other_reports(before if is_earlier else None)

    def partners(self, entry: IndexEntry) -> Partners:
        """The packages that this one is compared with."""
        predecessor = self._predecessor(entry)
        return Partners(
            earlier=self._entries.get((entry.agency_id, entry.year - 1)),
            predecessor=predecessor,
            last=self._last.get(predecessor),
            twins={resource: twins for resource in RESOURCES if (twins := self._twins(entry, resource))},
        )

    def _predecessor(self, entry: IndexEntry) -> str:
        if self._registry is not None:
            return self._registry.predecessor(entry.agency_id)
        recorded = entry.recorded.get("predecessor") if isinstance(entry.recorded, dict) else None
        return recorded if isinstance(recorded, str) else ""

    def _twins(self, entry: IndexEntry, resource: str) -> tuple[IndexEntry, ...]:
        """The agency's own report for the year before, and of other agencies those nearest in time."""
        equal = self._equal.get((resource, entry.tables[resource]), {})
        if entry.agency_id not in equal.get(entry.year, {}):
            return ()
        before = equal.get(entry.year - 1, {}).get(entry.agency_id)
        before_alone = [before] if before else []
        # So many of each year are enough: where hundreds have the same table, each looks at a few.
        few = [twin for of_year in equal.values() for twin in islice(of_year.values(), MOST_TWINS + 1)]
        foreign = [twin for twin in few if twin.agency_id != entry.agency_id]
        foreign.sort(key=lambda twin: (abs(twin.year - entry.year), twin.agency_year))
        return (*before_alone, *foreign[:MOST_TWINS])


def _entry_of(folder: Path) -> IndexEntry | None:
    """What a package's descriptor says; ``None`` where it can't be read or lies in another place than its own."""
    try:
        descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
        head = descriptors.report_head(descriptor, original_in(folder).suffix)
        entries = {name: descriptors.resource(descriptor, name) for name in RESOURCES}
        forms = descriptors.table_forms(descriptor)
    except PackageError:
        return None
    agency, year = head["agency"], head["year"]
    if (folder.parent.name, folder.name) != (agency.id, str(year)):
        return None
    hashes = {name: str(entry.get("hash")) for name, entry in entries.items()}
    compared = json.dumps([head["scope"], forms, hashes], ensure_ascii=False, sort_keys=True)
    digest = f"sha256:{hashlib.sha256(compared.encode('utf-8', 'replace')).hexdigest()}"
    return IndexEntry(folder, agency.id, agency.name, year, hashes, digest, descriptor.get("compared_with"))


def _really_equal(key: tuple[str, str], entries: list[IndexEntry]) -> tuple[IndexEntry, ...]:
    """Of packages that say that they have the same table those that do, unless it is one that is equal by chance."""
    resource, _ = key
    equal = (entry for entry in entries if _has_its_table(entry, resource))
    first = next(equal, None)
    if first is None:
        return ()
    try:
        report = read_package(first.folder).report
    except PackageError:
        return ()
    if report.table(resource).form is None or weight(report, resource) < FEWEST_FIGURES:
        return ()
    return (first, *equal)


def _by_year(entries: Iterable[IndexEntry]) -> dict[int, dict[str, IndexEntry]]:
    """Packages by year and agency id; those of a year in the order in which they are given."""
    by_year: dict[int, dict[str, IndexEntry]] = {}
    for entry in entries:
        by_year.setdefault(entry.year, {})[entry.agency_id] = entry
    return by_year


def _has_its_table(entry: IndexEntry, resource: str) -> bool:
    """Whether a table is the one that its descriptor describes."""
    try:
        descriptor = descriptors.from_bytes(read_file(entry.folder, DESCRIPTOR))
        return is_described(entry.folder / f"{resource}.csv", descriptors.resource(descriptor, resource))
    except (PackageError, OSError):
        return False
