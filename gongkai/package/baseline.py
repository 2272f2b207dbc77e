"""datasets/index.csv: what is published, a line a report, and the baseline that no build falls below unnoticed.

In: the packages under a folder, and the index that the last build left. Out: the index, sorted by agency and year; and
a ``Removal`` or a line for each agency, year or figure that was there before and would be no more. A build that would
lose any of them publishes nothing and keeps the index as it is, unless it is told to accept removals.

``figures_read`` are a report's figures that have a value. ``figures_open`` are the figures of its tables that are empty
because we could not read them or did not find them: each has no value and a finding ``reading`` that names it, its row
or its column, or a finding ``form`` that does so and no blank of the print. What is printed blank, or what a person
says is blank, is neither. ``errors`` and ``warnings`` are its findings of that severity.

A person's correction that empties a figure is a statement and no loss; another file, or another version of ours, that
has no value where there was one, is a loss until somebody accepts it. A line is lowered before the package that has
fewer figures takes its place, and raised afterwards: so a run that is killed never makes the next one stop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import Path

from gongkai.errors import PackageError, Removal, UsageError
from gongkai.model import AgencyYear, Figure, Finding, Key, Report
from gongkai.package.folder import Package, is_agency_id, is_regular, iter_packages, read_package
from gongkai.system.atomic_folders import write_whole

NAME = "index.csv"
ACCEPT = "--accept-removals"

_LIMIT_BYTES = 20_000_000
"""A line of a report has about a hundred."""
_MOST_NAMED = 5
"""So many lost figures are named; their number is always told."""
_LINE = re.compile(r"([^,]+),([0-9]{4}),([0-9a-f]{64})" + ",(0|[1-9][0-9]{0,5})" * 4, re.ASCII)


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A line of the index."""

    agency: str
    year: int
    source_sha256: str
    figures_read: int
    figures_open: int
    errors: int
    warnings: int

    @property
    def agency_year(self) -> AgencyYear:
        return self.agency, self.year


COLUMNS = tuple(each.name for each in fields(BaselineEntry))


def baseline_entry(report: Report, findings: Collection[Finding]) -> BaselineEntry:
    """The line of a report with these findings."""
    read = sum(figure.value is not None for figure in report.figures.values())
    counted = BaselineEntry(
        report.agency.id, report.year, report.source.sha256, read, open_figures(report, findings), 0, 0
    )
    return recounted(counted, findings)


def recounted(entry: BaselineEntry, findings: Iterable[Finding]) -> BaselineEntry:
    """The line with the count of other findings, which leave its figures as they are."""
    severities = [finding.severity for finding in findings]
    return replace(entry, errors=severities.count("error"), warnings=severities.count("warning"))


def open_figures(report: Report, findings: Iterable[Finding]) -> int:
    """How many figures are empty because we could not read them or did not find them."""
    named = [f for f in findings if f.check in ("reading", "form") and (f.row or f.column)]
    keys = (
        Key(table.resource, row.id, column) for table in report.tables for row in table.rows for column in row.columns
    )
    return sum(_is_open(report.figures.get(key), [f for f in named if _names(f, key)]) for key in keys)


def _names(finding: Finding, key: Key) -> bool:
    return finding.resource == key.resource and finding.row in ("", key.row) and finding.column in ("", key.column)


def _is_open(figure: Figure | None, findings: Iterable[Finding]) -> bool:
    if figure and (figure.value is not None or figure.reader == "correction"):
        return False
    is_blank = figure is not None and figure.is_blank
    return any(finding.check == "reading" or not is_blank for finding in findings)


# ---------------------------------------------------------------- the file


def read_baseline(datasets: Path) -> dict[AgencyYear, BaselineEntry] | None:
    """The index that lies there; ``None`` if there is none. Raises ``UsageError`` if it is none that a build wrote."""
    path = datasets / NAME
    if not path.exists() and not path.is_symlink():
        return None
    if not is_regular(path) or path.stat().st_size > _LIMIT_BYTES:
        raise UsageError(f"{path}: no regular file, or larger than any index; {_MEND}")
    try:
        header, *lines = path.read_bytes().decode().split("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8; {_MEND}") from error
    if header != ",".join(COLUMNS) or not lines or lines.pop():
        raise UsageError(f"{path}: does not begin with {','.join(COLUMNS)}, or has no end; {_MEND}")
    entries: dict[AgencyYear, BaselineEntry] = {}
    last: AgencyYear = ("", 0)
    for number, line in enumerate(lines, start=2):
        parts = _LINE.fullmatch(line)
        if not parts or not is_agency_id(parts[1]) or (parts[1], int(parts[2])) <= last:
            raise UsageError(f"{path}: line {number}: {line[:60]!r} is no line of an index, in its order; {_MEND}")
        last = parts[1], int(parts[2])
        entries[last] = BaselineEntry(*last, parts[3], *map(int, parts.groups()[3:]))
    return entries


_MEND = "put it back as it was, or remove it: the next build writes what is there then"


def baseline_bytes(entries: Mapping[AgencyYear, BaselineEntry]) -> bytes:
    """The content of the file."""
    rows = (astuple(entries[agency_year]) for agency_year in sorted(entries))
    return "".join(",".join(map(str, row)) + "\n" for row in (COLUMNS, *rows)).encode()


def baseline_entries(
    datasets: Path, known: Mapping[AgencyYear, BaselineEntry] | None = None
) -> dict[AgencyYear, BaselineEntry]:
    """A line for each package that can be read and lies in its place; of those that are ``known`` none is read."""
    entries = {}
    for folder in iter_packages(datasets):
        agency_year = folder.parent.name, int(folder.name)
        entry = (known or {}).get(agency_year) or _entry_in(folder)
        if entry and entry.agency_year == agency_year:
            entries[agency_year] = entry
    return entries


def _entry_in(folder: Path) -> BaselineEntry | None:
    try:
        package = read_package(folder)
    except PackageError:
        return None
    return baseline_entry(package.report, package.findings)


# ---------------------------------------------------------------- what would be lost


def removals(
    datasets: Path, before: Mapping[AgencyYear, BaselineEntry], now: Mapping[AgencyYear, BaselineEntry]
) -> Iterator[tuple[Path, str]]:
    """The folder of each agency, and of each year, of which more was there before, with a line that says so."""
    at = {entry.source_sha256: datasets / entry.agency / str(entry.year) for entry in now.values()}
    gone: set[Path] = set()
    for agency_year in sorted(before):
        (agency, year), entry = agency_year, before[agency_year]
        folder = datasets / agency / str(year)
        moved = f"; the report lies in {at[entry.source_sha256]} now" if entry.source_sha256 in at else ""
        if agency_year in now:
            read = now[agency_year].figures_read
            if read < entry.figures_read:
                yield folder, f"{folder}: {read} figures are read where {entry.figures_read} were before; {_BACK}"
        elif folder.parent.is_dir():
            yield folder, f"{folder}: the report for {year} is gone, or its package cannot be read{moved}; {_BACK}"
        elif folder.parent not in gone:
            gone.add(folder.parent)
            years = ", ".join(str(of) for id, of in sorted(before) if id == agency)
            yield folder.parent, f"{folder.parent}: is gone, with its reports for {years}{moved}; {_BACK}"


_BACK = f"put it back (git checkout), or accept it with {ACCEPT}"


def lost_figures(old: Mapping[Key, Figure], new: Report) -> list[Key]:
    """The figures that had a value and have none now, but for those that a person corrected, before or now."""
    return [key for key in _emptied(old, new) if key not in _stated(old, new)]


def _emptied(old: Mapping[Key, Figure], new: Report) -> list[Key]:
    return [key for key, figure in old.items() if figure.value is not None and new.value(*key) is None]


def _stated(old: Mapping[Key, Figure], new: Report) -> set[Key]:
    corrected = {key for key, figure in old.items() if figure.reader == "correction"}
    return corrected | {correction.key for correction in new.corrections}


@dataclass
class Baseline:
    """The baseline of one run: what was there ``before``, and what the run has ``seen`` in the places since."""

    datasets: Path
    accept: bool
    say: Callable[[str], object]
    before: dict[AgencyYear, BaselineEntry] = field(default_factory=dict)
    seen: dict[AgencyYear, BaselineEntry] = field(default_factory=dict)
    changed: set[AgencyYear] = field(default_factory=set)
    """Places of which only that is known: their findings are others than before."""

    @classmethod
    def read(cls, datasets: Path, say: Callable[[str], object], *, accept: bool = False) -> Baseline:
        """Raises ``UsageError`` where the index that lies there is broken."""
        return cls(datasets, accept, say, read_baseline(datasets) or {})

    def guard(self, package: Package, folder: Path, old: Mapping[Key, Figure], file: Path) -> None:
        """Before a package takes the place of one with the figures ``old``: raises ``Removal`` if it lacks some.

        What a person stated, or accepts, lowers the line first.
        """
        lost = lost_figures(old, package.report)
        if lost:
            named = ", ".join("/".join(key) for key in lost[:_MOST_NAMED])
            more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
            figures = "a figure that was" if len(lost) == 1 else f"{len(lost)} figures that were"
            line = f"{folder}: {figures} read before would be lost with {file.name}: {named}{more}"
            if not self.accept:
                raise Removal(f"{line}; the package stays as it was: state them in corrections.csv, or {ACCEPT}")
            self.say(f"{line}; accepted")
        entry = baseline_entry(package.report, package.findings)
        before = self.before.get(entry.agency_year)
        allowed = len(_emptied(old, package.report))
        if before and entry.figures_read < before.figures_read <= entry.figures_read + allowed:
            self.before[entry.agency_year] = entry
            write_whole(self.datasets / NAME, baseline_bytes(self.before))

    def note(self, package: Package) -> None:
        """This package lies in its place now."""
        entry = baseline_entry(package.report, package.findings)
        self.seen[entry.agency_year] = entry

    def recount(self, agency_year: AgencyYear, findings: Iterable[Finding]) -> None:
        """Comparing reports left a package with these findings."""
        if agency_year in self.seen:
            self.seen[agency_year] = recounted(self.seen[agency_year], findings)
        else:
            self.changed.add(agency_year)

    def removed(self) -> list[tuple[Path, str]]:
        """The folder of each agency and year of which less is there than before, and a line that says so.

        None where that is accepted, which is told.
        """
        self.seen = baseline_entries(self.datasets, self.seen)
        removed = list(removals(self.datasets, self.before, self.seen))
        if not self.accept:
            return removed
        for _, line in removed:
            self.say(f"{line.removesuffix(f'; {_BACK}')}; accepted")
        return []

    def write(self) -> None:
        """Write the index of what is there."""
        _write(self.datasets, self.seen)

    def add(self) -> None:
        """Write the lines of what this run put into its place, or changed, besides those that were there."""
        known = {
            agency_year: entry for agency_year, entry in self.before.items() if agency_year not in self.changed
        } | self.seen
        _write(self.datasets, self.before | baseline_entries(self.datasets, known))


def _write(datasets: Path, entries: Mapping[AgencyYear, BaselineEntry]) -> None:
    path, content = datasets / NAME, baseline_bytes(entries)
    if not is_regular(path) or path.read_bytes() != content:
        write_whole(path, content)


_UPDATE = "run build.py to bring it up to date"


def baseline_problems(
    datasets: Path, now: Mapping[AgencyYear, BaselineEntry], doubtful: Collection[AgencyYear]
) -> Iterator[str]:
    """Where the index says otherwise than the packages; nothing where there is none.

    Of the ``doubtful`` packages more is said elsewhere.
    """
    try:
        baseline = read_baseline(datasets)
    except UsageError as error:
        yield str(error)
        return
    if baseline is None:
        return
    for agency_year in sorted({*baseline, *now} - set(doubtful)):
        folder = datasets / agency_year[0] / str(agency_year[1])
        if agency_year not in now:
            yield f"{datasets / NAME}: has {folder}, where no package is; {_BACK}"
        elif agency_year not in baseline:
            yield f"{datasets / NAME}: lacks {folder}; {_UPDATE}"
        elif baseline[agency_year] != now[agency_year]:
            pairs = zip(COLUMNS, astuple(baseline[agency_year]), astuple(now[agency_year]), strict=True)
            name, said, counted = next(pair for pair in pairs if pair[1] != pair[2])
            yield f"{datasets / NAME}: {folder} has {name} {said}, and its package {counted}; {_UPDATE}"
