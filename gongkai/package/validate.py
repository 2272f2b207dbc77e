"""Every package against its schema, its hashes, the form that it follows, and the accounting checks.

In: a folder of packages, which anybody may have changed. Out: problems, a line each: ``FILE: what is wrong and what to
do``. A stranger's descriptor is never handed to a library: what it says is read field by field, the package is written
anew from that in memory, and the two must be the same byte for byte. So nothing outside a package is ever read, nothing
is ever fetched, and nothing is ever mended here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from gongkai.checks.figure_groups import statement_problems
from gongkai.checks.registry import recomputed_checks
from gongkai.checks.report_checks import report_findings
from gongkai.errors import GongkaiError, PackageError, UsageError
from gongkai.figures import unlike_its_measure
from gongkai.model import AgencyYear, Report
from gongkai.package import csv_tables as tables
from gongkai.package import descriptor as descriptors
from gongkai.package.baseline import BaselineEntry, baseline_entry, baseline_problems
from gongkai.package.comparison_record import comparison_problems, finding_problems, recorded
from gongkai.package.descriptor import CREATED, is_hash
from gongkai.package.folder import (
    CORRECTIONS,
    DESCRIPTOR,
    ORIGIN,
    YEAR,
    Package,
    all_rows,
    file_facts,
    file_names,
    is_agency_id,
    is_described,
    is_regular,
    iter_packages,
    original_in,
    read_corrections,
    read_file,
    read_history,
    read_package,
)
from gongkai.package.form_rows import has_rows_of_its_form
from gongkai.package.index import PackageIndex
from gongkai.package.origin import read_origin
from gongkai.package.recovery import LEFT, left_aside
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, table_problems

AGAIN = "run build.py to make the package again from its report"
COMPARE = "run build.py to compare the reports again"
_VERSION = re.compile(r"[0-9a-z.+-]{1,40}", re.ASCII)
_BY_HAND: Mapping[str, tuple[Callable[[Path], object], str, str]] = {
    "corrections": (read_corrections, "mend it", AGAIN),
    "history": (read_history, "put it back as it was", "put it back as it was, or remove it"),
}
"""For the CSVs that not every package has: who reads one, what to do where it is broken, and where it is another."""
_HASHES = ("source", "origin", "corrections", "code")
_BUILT_FROM = (*_HASHES, "readings", "used")
_MOST_USED = 50
"""Libraries that a package may name."""
_USED = re.compile(r"[\w.+:-]{1,100}", re.ASCII)


def validate_all(datasets: Path) -> Iterator[tuple[Package | None, list[str]]]:
    """Each package under ``datasets`` (``None``: it cannot be read) with its problems, then what else lies there.

    Raises ``UsageError`` if there is no such folder.
    """
    if not datasets.is_dir():
        raise UsageError(f"{datasets}: no such folder; name the one that holds the packages")
    names: dict[str, str] = {}
    ids: dict[str, str] = {}
    index = PackageIndex(datasets)
    before: Report | None = None
    entries: dict[AgencyYear, BaselineEntry] = {}
    doubtful: set[AgencyYear] = set()
    for folder in iter_packages(datasets):
        package, problems = check_package(folder)
        if package and not problems:
            problems += [f"{folder / problem}; {COMPARE}" for problem in comparison_problems(package, index, before)]
            before = package.report
        if package:
            problems += _placing_problems(package)
            agency = package.report.agency
            if names.setdefault(agency.id, agency.name) != agency.name:
                problems.append(
                    f"{folder / DESCRIPTOR}: {agency.id} is {names[agency.id]} in an earlier package and {agency.name} "
                    "in this one; give each agency an id of its own in agencies.csv"
                )
            if ids.setdefault(agency.name, agency.id) != agency.id:
                problems.append(
                    f"{folder / DESCRIPTOR}: {agency.name} has the id {ids[agency.name]} in an earlier package; move "
                    f"the folder there, or tell the two agencies apart in origin.toml"
                )
        agency_year = folder.parent.name, int(folder.name)
        if package and not problems:
            entries[agency_year] = baseline_entry(package.report, package.findings)
        else:
            doubtful.add(agency_year)
        yield package, problems
    yield None, [*_stray_problems(datasets), *baseline_problems(datasets, entries, doubtful)]


def check_package(folder: Path) -> tuple[Package | None, list[str]]:
    """The package in ``folder``, unless it cannot be read, and its problems. Where the folder lies is not looked at."""
    if problems := _file_problems(folder):
        return None, problems
    problems = _content_problems(folder)
    try:
        package = read_package(folder)
    except PackageError as error:
        return None, problems or [str(error)]
    # The rest says what is wrong in a package whose files are as described; else it would say everything twice.
    problems = problems or [
        *_identity_problems(package),
        *_canonical_problems(package),
        *(f"{folder / problem}" for problem in _row_problems(package.report)),
        *(f"{folder / problem}" for problem in _value_problems(package.report)),
        *(f"{folder / problem}" for problem in _correction_problems(package.report)),
        *(f"{folder / problem}" for problem in _statement_problems(package.report)),
        *(f"{folder / problem}" for problem in _accounting_problems(package)),
    ]
    return package, [*problems, *_origin_problems(package)]


def placed(folder: Path, package: Package) -> bool:
    """Whether a package lies where its descriptor says that it belongs."""
    return (folder.parent.name, folder.name) == (package.report.agency.id, str(package.report.year))


def _stray_problems(datasets: Path) -> Iterator[str]:
    """Folders that no package can lie in, and years without a package."""
    aside = left_aside(datasets)
    for agency in sorted(path for path in datasets.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if agency.is_symlink() or not is_agency_id(agency.name):
            yield f"{agency}: is not named by an agency's id, such as 990101-ren-min-zheng-fu; rename or remove it"
            continue
        for year in sorted(agency.iterdir()):
            if year in aside:
                yield f"{year}: {LEFT}"
            elif year.is_symlink() or not year.is_dir() or not YEAR.fullmatch(year.name):
                yield f"{year}: only folders named by a year belong here; move or remove it"
            elif not is_regular(year / DESCRIPTOR):
                yield f"{year / DESCRIPTOR}: missing, or no regular file; {AGAIN}, or remove the folder"


def _file_problems(folder: Path) -> list[str]:
    """Files that do not belong in a package, and files that it lacks."""
    problems = []
    names = file_names()
    for path in sorted(folder.iterdir()):
        if path.name not in names:
            problems.append(f"{path}: does not belong in a package; move or remove it")
        elif not is_regular(path):
            problems.append(f"{path}: is no regular file; {AGAIN}")
    needed = (folder / name for name in (DESCRIPTOR, *(f"{table}.csv" for table in TABLES)))
    problems += [f"{path}: missing; {AGAIN}" for path in needed if not path.exists()]
    try:
        original_in(folder)
    except PackageError as error:
        problems += [] if problems else [f"{folder}/{error}"]
    return problems


def _content_problems(folder: Path) -> list[str]:
    """Files with rows or values that their schema does not allow, and files that the descriptor does not describe."""
    try:
        descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
        original = original_in(folder)
        problems = []
        for name in TABLES:
            path = folder / f"{name}.csv"
            if wrong := _table_problem(folder, name):
                problems.append(f"{path}: {wrong}; {AGAIN}")
            elif not is_described(path, descriptors.resource(descriptor, name)):
                problems.append(f"{path}: is not the file whose hash and bytes {DESCRIPTOR} gives; {AGAIN}")
        if not is_described(original, descriptors.resource(descriptor, "report")):
            problems.append(f"{original}: is not the file that the package was made from; put it back, or run build.py")
        listed = descriptors.listed(descriptor)
        for name in OPTIONAL_TABLES:
            entry = descriptors.resource(descriptor, name) if name in listed else None
            if wrong := _optional_problem(folder, name, entry):
                problems.append(f"{folder / name}.csv: {wrong}")
        return problems
    except PackageError as error:
        return [f"{folder}/{error}"]


def _optional_problem(folder: Path, name: str, entry: Mapping[str, Any] | None) -> str:
    """What is wrong with a CSV that not every package has, given its resource (``None``: there is none)."""
    path = folder / f"{name}.csv"
    read, mend, anew = _BY_HAND[name]
    if not path.exists():
        return f"missing, though {DESCRIPTOR} lists it; put it back, or {AGAIN} without it" if entry else ""
    try:
        read(folder)
    except GongkaiError as error:
        return f"{str(error).removeprefix(f'{path.name}: ')}; {mend}"
    if entry is None:
        return f"the package was made without it; {anew}"
    if not is_described(path, entry):
        return f"is not the file whose hash and bytes {DESCRIPTOR} gives; {anew}"
    return f"{wrong}; {mend}" if (wrong := _table_problem(folder, name)) else ""


def _table_problem(folder: Path, name: str) -> str:
    """What is wrong with the rows of a CSV; empty if nothing is."""
    content = read_file(folder, f"{name}.csv")
    try:
        problems = table_problems(name, tables.csv_rows(name, content))
    except PackageError as error:
        return str(error).removeprefix(f"{name}.csv: ")
    more = f" (and {len(problems) - 1} more such)" if len(problems) > 1 else ""
    return f"{problems[0]}{more}" if problems else ""


def _canonical_problems(package: Package) -> list[str]:
    """Where a file is not written as this project writes it, though it says the same."""
    folder, descriptor = package.folder, package.descriptor
    problems = []
    corrected = (folder / CORRECTIONS).exists()
    for name, rows in all_rows(package.report, package.findings, corrected=corrected).items():
        theirs, ours = read_file(folder, f"{name}.csv"), tables.csv_bytes(name, rows)
        if theirs != ours:
            pairs = zip_longest(theirs.split(b"\n"), ours.split(b"\n"))
            line = next(number for number, (left, right) in enumerate(pairs, start=1) if left != right)
            problems.append(f"{folder / name}.csv: line {line} is not written as the contract has it; {AGAIN}")
    try:
        expected = descriptors.describe(
            package.report,
            {path.name: file_facts(path) for path in sorted(folder.iterdir())},
            created=_created(descriptor.get("created")),
            built_from=_built_from(descriptor.get("built_from"), package),
            extractor_version=_version(descriptor["report"].get("extractor_version")),
            compared_with=recorded(descriptor.get("compared_with")),
        )
    except PackageError as error:
        return [*problems, f"{folder / DESCRIPTOR}: {error}; {AGAIN}"]
    if read_file(folder, DESCRIPTOR) != descriptors.to_bytes(expected):
        where = _difference(descriptor, expected) or "its layout"
        problems.append(f"{folder / DESCRIPTOR}: {where} is not what this version writes for the package; {AGAIN}")
    return problems


def _created(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise PackageError("created is not a date-time such as 2024-01-30T00:00:00Z") from error
    return moment.strftime(CREATED)


def _built_from(value: Any, package: Package) -> Mapping[str, Any]:
    """The property as it stands, once it holds only hashes and versions. Raises ``PackageError``."""
    if not isinstance(value, dict) or set(value) != set(_BUILT_FROM):
        raise PackageError(f"built_from does not hold {', '.join(_BUILT_FROM)}")
    hashes = [value[name] for name in _HASHES]
    if not all(text is None or is_hash(text) for text in hashes):
        raise PackageError("built_from holds what is no hash")
    if value["readings"] not in ("auto", "single", "double"):
        raise PackageError("built_from: readings is not auto, single or double")
    used = value["used"]
    if not isinstance(used, dict) or len(used) > _MOST_USED or not all(map(_is_version, (*used, *used.values()))):
        raise PackageError("built_from: used is not a version each of a few libraries")
    if value["source"] != f"sha256:{package.report.source.sha256}":
        raise PackageError("built_from: source is not the report's hash")
    return value


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and _USED.fullmatch(value) is not None


def _version(value: Any) -> str:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        raise PackageError("report: extractor_version is not a version")
    return value


def _difference(actual: Any, expected: Any, path: str = "") -> str:
    """The dotted path of the first property that differs; empty if none does."""
    if isinstance(actual, dict) and isinstance(expected, dict):
        for name in dict.fromkeys([*expected, *actual]):
            here = f"{path}.{name}".lstrip(".")
            if name not in actual or name not in expected:
                return here
            if inner := _difference(actual[name], expected[name], here):
                return inner
        return ""
    if isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected):
        for index, (left, right) in enumerate(zip(actual, expected, strict=True)):
            if inner := _difference(left, right, f"{path}[{index}]"):
                return inner
        return ""
    return "" if type(actual) is type(expected) and actual == expected else path


def _row_problems(report: Report) -> Iterator[str]:
    """Tables whose rows are not those of the form that the report follows."""
    for table in report.tables:
        if not has_rows_of_its_form(table):
            form = table.form or "official"
            yield f"{table.resource}.csv: its rows are not those of the {form} form, in its order; {AGAIN}"


def _value_problems(report: Report) -> Iterator[str]:
    """Figures of a kind that their measure cannot have."""
    for figure in report.figures.values():
        resource, row, column = figure.key
        if figure.value is not None and (problem := unlike_its_measure(figure.value, column)):
            yield f"{resource}.csv: {row}/{column} is {problem}; {AGAIN}"


def _correction_problems(report: Report) -> Iterator[str]:
    """Corrections that are not what the package publishes, and figures that claim to be corrected and are not."""
    stated = {correction.key: correction.value for correction in report.corrections}
    corrected = {key: figure.value for key, figure in report.figures.items() if figure.reader == "correction"}
    for key in sorted({*stated, *corrected}):
        if key not in stated or key not in corrected or stated[key] != corrected[key]:
            yield f"{CORRECTIONS}: does not say what the package has for {'/'.join(key)}; {AGAIN}"


def _statement_problems(report: Report) -> Iterator[str]:
    """Statements that do not stand in the text, or that say of a figure what it isn't."""
    return (f"{problem}; {AGAIN}" for problem in statement_problems(report))


def _accounting_problems(package: Package) -> Iterator[str]:
    """Findings that the figures give and findings.csv lacks, or the other way round, of checks that need no more."""
    checks = recomputed_checks()
    ours, theirs = (
        [finding for finding in findings if finding.check in checks]
        for findings in (report_findings(package.report), package.findings)
    )
    return (f"{problem}; {AGAIN}" for problem in finding_problems(ours, theirs))


def _origin_problems(package: Package) -> list[str]:
    """An origin.toml that cannot be read, or that the package was not made with."""
    path = package.folder / ORIGIN
    try:
        origin = read_origin(path if is_regular(path) else None)
    except GongkaiError as error:
        return [f"{package.folder}/{error}"]
    if descriptors.stated(origin) != descriptors.stated(package.report.origin):
        return [f"{path}: says something else than the package was made with; run build.py to make it again"]
    return []


def _identity_problems(package: Package) -> list[str]:
    """An agency's id or a year that could not become a path."""
    report = package.report
    if is_agency_id(report.agency.id) and YEAR.fullmatch(str(report.year)):
        return []
    return [f"{package.folder / DESCRIPTOR}: the agency's id or the year is of a form that it cannot have; {AGAIN}"]


def _placing_problems(package: Package) -> list[str]:
    report = package.report
    if placed(package.folder, package):
        return []
    return [
        f"{package.folder / DESCRIPTOR}: is the report of {report.agency.id} for {report.year}; move the folder there"
    ]
