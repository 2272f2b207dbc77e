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

from gongkai.checks.copies import weight
from gongkai.checks.rules import load_rules
from gongkai.errors import PackageError
from gongkai.model import RESOURCES, Others, Report, Twin
from gongkai.names.registry import Registry
from gongkai.package import descriptor as descriptors
from gongkai.package.fingerprint import comparer_hash
from gongkai.package.folder import DESCRIPTOR, is_described, iter_packages, original_in, read_file, read_package

MOST_TWINS = 3
"""Of one table: more reports with the same one say no more."""

Place = tuple[str, int]
"""An agency's id and a year."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A package on the shelf. ``tables`` has the hash of each table's CSV; ``hash`` is of all that is compared."""

    folder: Path
    agency_id: str
    agency: str
    year: int
    tables: Mapping[str, str]
    hash: str
    recorded: object
    """What the package says that it was compared with, as it stands in the descriptor."""

    @property
    def place(self) -> Place:
        return self.agency_id, self.year


@dataclass(frozen=True, slots=True)
class Partners:
    """The packages that a report is compared with.

    ``predecessor`` is the id of the body that the agency took over, ``last`` that body's latest report.
    """

    earlier: Filed | None = None
    predecessor: str = ""
    last: Filed | None = None
    twins: Mapping[str, tuple[Filed, ...]] = field(default_factory=dict)

    def described(self) -> dict[str, Any] | None:
        """The property ``compared_with`` of the report's descriptor; ``None`` if there is nothing to compare with."""
        found = [self.earlier, *(twin for twins in self.twins.values() for twin in twins)]
        if not any(found):
            return None
        unique = {filed.place: filed for filed in (*found, self.last) if filed}
        return {
            "checks": comparer_hash(),
            "predecessor": self.predecessor or None,
            "reports": [
                {"agency": id, "year": year, "hash": filed.hash} for (id, year), filed in sorted(unique.items())
            ],
        }

    def others(self, earlier: Report | None) -> Others:
        """What the checks are told; ``earlier`` is the report in ``self.earlier``, or ``None`` if it can't be used."""
        twins = {
            resource: tuple(Twin(filed.agency_id, filed.agency, filed.year) for filed in own)
            for resource, own in self.twins.items()
        }
        return Others(earlier, self._break(), twins)

    def _break(self) -> str:
        """Why the series breaks here: the agency took over another, and the year of that is this one or not known."""
        if not self.predecessor or self.earlier is None:
            return ""
        if self.last is None:
            return f"the agency took over {self.predecessor}, of which no report is there"
        if self.last.year == self.earlier.year:
            return f"the agency took over {self.predecessor}, whose last report is for {self.last.year}"
        return ""


class Shelf:
    """The packages under a folder. With a ``registry`` predecessors are those that it names, else those on record."""

    def __init__(self, datasets: Path, registry: Registry | None = None) -> None:
        self._registry = registry
        self._filed = {filed.place: filed for folder in iter_packages(datasets) if (filed := _filed(folder))}
        self._last: dict[str, Filed] = {}
        by_hash: dict[tuple[str, str], list[Filed]] = {}
        for filed in self:
            self._last[filed.agency_id] = filed
            for resource, digest in filed.tables.items():
                by_hash.setdefault((resource, digest), []).append(filed)
        found = ((key, _really_equal(key, filed)) for key, filed in by_hash.items() if len(filed) > 1)
        self._equal = {key: _by_year(filed) for key, filed in found if filed}

    def __iter__(self) -> Iterator[Filed]:
        """The packages by agency and year."""
        return (self._filed[place] for place in sorted(self._filed))

    def get(self, agency_id: str, year: int) -> Filed | None:
        return self._filed.get((agency_id, year))

    def others(self, report: Report, before: Report | None) -> Others:
        """What the checks of a report are told; ``before`` is the report that was read before it, whosever it is."""
        filed = self.get(report.agency.id, report.year)
        is_earlier = before and (before.agency.id, before.year) == (report.agency.id, report.year - 1)
        partners = self.partners(filed) if filed else Partners()
        return partners.others(before if is_earlier else None)

    def partners(self, filed: Filed) -> Partners:
        """The packages that this one is compared with."""
        predecessor = self._predecessor(filed)
        return Partners(
            earlier=self._filed.get((filed.agency_id, filed.year - 1)),
            predecessor=predecessor,
            last=self._last.get(predecessor),
            twins={resource: twins for resource in RESOURCES if (twins := self._twins(filed, resource))},
        )

    def _predecessor(self, filed: Filed) -> str:
        if self._registry is not None:
            return self._registry.predecessor(filed.agency_id)
        recorded = filed.recorded.get("predecessor") if isinstance(filed.recorded, dict) else None
        return recorded if isinstance(recorded, str) else ""

    def _twins(self, filed: Filed, resource: str) -> tuple[Filed, ...]:
        """The agency's own report for the year before, and of other agencies those nearest in time."""
        equal = self._equal.get((resource, filed.tables[resource]), {})
        if filed.agency_id not in equal.get(filed.year, {}):
            return ()
        before = equal.get(filed.year - 1, {}).get(filed.agency_id)
        own = [before] if before else []
        # So many of each year are enough: where hundreds have the same table, each looks at a few.
        few = [twin for of_year in equal.values() for twin in islice(of_year.values(), MOST_TWINS + 1)]
        foreign = [twin for twin in few if twin.agency_id != filed.agency_id]
        foreign.sort(key=lambda twin: (abs(twin.year - filed.year), twin.place))
        return (*own, *foreign[:MOST_TWINS])


def _filed(folder: Path) -> Filed | None:
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
    return Filed(folder, agency.id, agency.name, year, hashes, digest, descriptor.get("compared_with"))


def _really_equal(key: tuple[str, str], filed: list[Filed]) -> tuple[Filed, ...]:
    """Of packages that say that they have the same table those that do, unless it is one that is equal by chance."""
    resource, _ = key
    equal = (one for one in filed if _has_its_table(one, resource))
    first = next(equal, None)
    if first is None:
        return ()
    try:
        report = read_package(first.folder).report
    except PackageError:
        return ()
    if (
        report.table(resource).form is None
        or weight(report, resource) < load_rules()["copied_table"].thresholds["figures"]
    ):
        return ()
    return (first, *equal)


def _by_year(filed: Iterable[Filed]) -> dict[int, dict[str, Filed]]:
    """Packages by year and agency id; those of a year in the order in which they are given."""
    found: dict[int, dict[str, Filed]] = {}
    for one in filed:
        found.setdefault(one.year, {})[one.agency_id] = one
    return found


def _has_its_table(filed: Filed, resource: str) -> bool:
    """Whether a table is the one that its descriptor describes."""
    try:
        descriptor = descriptors.from_bytes(read_file(filed.folder, DESCRIPTOR))
        return is_described(filed.folder / f"{resource}.csv", descriptors.resource(descriptor, resource))
    except (PackageError, OSError):
        return False
