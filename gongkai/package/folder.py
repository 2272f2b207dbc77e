"""A Report and its Findings <-> a data package on disk.

In: a Report, Findings and the file that was published; out: a folder as the data contract has it, whole and valid
against its schemas, or none at all. Back: a folder -> ``Package``. A folder may come from a stranger: only files with
the contract's names are opened, none through a link, none larger than its limit; no path in a descriptor is followed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.errors import PackageError, ReportError
from gongkai.model import RESOURCES, Change, Correction, Figure, Finding, Key, Report
from gongkai.names.registry import AGENCY_ID
from gongkai.package import corrections, history
from gongkai.package import csv_tables as tables
from gongkai.package import descriptor as descriptors
from gongkai.package.descriptor import FileFacts
from gongkai.package.fingerprint import built_from
from gongkai.package.schema import OPTIONAL_TABLES, TABLES, descriptor_problems, table_problems
from gongkai.read.formats import kept_suffixes

YEAR = re.compile(r"[0-9]{4}", re.ASCII)

DESCRIPTOR = "datapackage.json"
ORIGIN = "origin.toml"
CORRECTIONS = f"{corrections.NAME}.csv"
HISTORY = f"{history.NAME}.csv"

CSV_LIMIT = 10_000_000
"""Bytes; the prose of the longest report known has 60,000."""
_ID_LIMIT = 200
"""Characters; file systems bear 255 bytes in a name, and temporary folders need a few."""


def original_names() -> tuple[str, ...]:
    """The names that a report may bear in a package, one for each suffix of the formats that are read."""
    return tuple(f"report{suffix}" for suffix in kept_suffixes())


def file_names() -> tuple[str, ...]:
    """Every name that may lie in a package."""
    return (DESCRIPTOR, *(f"{name}.csv" for name in (*TABLES, *OPTIONAL_TABLES)), ORIGIN, *original_names())


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it lies on disk."""

    folder: Path
    report: Report
    findings: tuple[Finding, ...]
    descriptor: Mapping[str, Any]


def write_package(
    report: Report,
    findings: Iterable[Finding],
    original: Path,
    folder: Path,
    origin_file: Path | None = None,
    *,
    corrections_file: Path | None = None,
    readings: str = "auto",
) -> None:
    """Write a report's package to ``folder``, which must not exist; it appears there whole and valid, or not at all.

    Raises ``PackageError`` if the folder exists, if ``original`` is not the file that the report was read from, or if
    what would be written is not valid against its schema.
    """
    if folder.exists() or folder.is_symlink():
        raise PackageError(f"{folder}: is there already")
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _fill(scratch, report, findings, original, origin_file, corrections_file, readings)
        scratch.chmod(0o755)
        scratch.rename(folder)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def read_package(folder: Path) -> Package:
    """The package in ``folder``. Raises ``PackageError`` if it cannot be what this project writes.

    Hashes and schemas are not checked here (``gongkai.package.validate`` does); types and codes are.
    """
    try:
        descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
        rows = {name: tables.csv_rows(name, read_file(folder, f"{name}.csv")) for name in TABLES}
        report = Report(
            **descriptors.report_head(descriptor, original_in(folder).suffix),
            tables=tables.tables_from(rows, descriptors.table_forms(descriptor)),
            figures=tables.figures_from(rows),
            sections=tables.sections_from(rows["sections"]),
            statements=tables.statements_from(rows["statements"]),
            corrections=read_corrections(folder),
            history=read_history(folder),
        )
        return Package(folder, report, tables.findings_from(rows["findings"]), descriptor)
    except (PackageError, ReportError) as error:
        raise PackageError(f"{folder}/{error}") from error
    except ValueError as error:
        raise PackageError(f"{folder}: a CSV holds what is no number where one is expected: {error}") from error


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """What people corrected in a package. Raises ``PackageError`` or ``UnreadableFile`` if it cannot be read."""
    return corrections.corrections_from(read_file(folder, CORRECTIONS)) if _is_there(folder / CORRECTIONS) else ()


def read_history(folder: Path) -> tuple[Change, ...]:
    """The changes that a package has on record. Raises ``PackageError`` if they cannot be read."""
    if not _is_there(folder / HISTORY):
        return ()
    return history.history_from(tables.csv_rows(history.NAME, read_file(folder, HISTORY)))


def published(folder: Path) -> tuple[str, Mapping[Key, Figure]] | None:
    """The SHA-256 of the report that a package was made from, and its figures; ``None`` where it can't be trusted.

    The package may be of another version of this project, with other files; only the figures' files must be those that
    its descriptor describes, so that what somebody wrote into them by hand is never taken for published.
    """
    names = (*RESOURCES, "provenance")
    try:
        descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
        if not all(is_described(folder / f"{name}.csv", descriptors.resource(descriptor, name)) for name in names):
            return None
        rows = {name: tables.csv_rows(name, read_file(folder, f"{name}.csv")) for name in names}
        source = str(descriptor["sources"][0]["hash"]).removeprefix("sha256:")
        return source, tables.figures_from(rows)
    except (PackageError, ValueError, LookupError, TypeError):
        return None


def add_history(package: Package, changes: Sequence[Change]) -> None:
    """Put the changes on record in a package that is not in its place yet."""
    folder, descriptor = package.folder, package.descriptor
    (folder / HISTORY).write_bytes(tables.csv_bytes(history.NAME, history.rows_of(changes)))
    files = {path.name: file_facts(path) for path in folder.iterdir()}
    described = descriptors.describe(
        package.report, files, created=descriptor["created"], built_from=descriptor["built_from"]
    )
    (folder / DESCRIPTOR).write_bytes(descriptors.to_bytes(described))


def iter_packages(datasets: Path) -> Iterator[Path]:
    """The folders under ``datasets`` that hold a package, by agency id and year."""
    for folder in report_folders(datasets):
        if is_regular(folder / DESCRIPTOR):
            yield folder


def report_folders(datasets: Path) -> Iterator[Path]:
    """The folders ``<agency-id>/<year>`` under ``datasets``, sorted, whatever they hold."""
    for agency in agency_folders(datasets):
        yield from sorted(path for path in _folders(agency) if YEAR.fullmatch(path.name))


def agency_folders(datasets: Path) -> list[Path]:
    """The folders under ``datasets`` that are named by an agency's id, sorted."""
    return sorted(path for path in _folders(datasets) if is_agency_id(path.name))


def is_agency_id(text: str) -> bool:
    """Whether the text may become a folder's name."""
    return len(text) <= _ID_LIMIT and AGENCY_ID.fullmatch(text) is not None


def is_regular(path: Path) -> bool:
    """Whether it is a file itself: no link, no device, no pipe that would be waited on forever."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def original_in(folder: Path) -> Path:
    """The one file in the package that the agency published. Raises ``PackageError`` if there is none, or several."""
    found = [folder / name for name in original_names() if is_regular(folder / name)]
    if not found:
        raise PackageError(f"{original_names()[0]}: no report lies here; put back the file that the agency published")
    if len(found) > 1:
        raise PackageError(f"{found[0].name}: lies here beside {found[1].name}; keep one of the two reports")
    return found[0]


def read_file(folder: Path, name: str, limit: int = CSV_LIMIT) -> bytes:
    """The content of a file of the package. Raises ``PackageError`` if it is missing, a link, or over ``limit``."""
    path = folder / name
    limit = descriptors.SIZE_LIMIT if name == DESCRIPTOR else limit
    if not is_regular(path):
        raise PackageError(f"{name}: missing, or not a regular file; run build.py to make the package again")
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise PackageError(f"{name}: larger than {limit} bytes, which no report needs")
    return content


def file_facts(path: Path) -> FileFacts:
    with path.open("rb") as file:
        return FileFacts(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def is_same_file(left: Path, right: Path) -> bool:
    """Whether ``right`` is a regular file with the bytes of ``left``."""
    return is_regular(right) and file_facts(left).sha256 == file_facts(right).sha256


def is_described(path: Path, entry: Mapping[str, Any]) -> bool:
    """Whether a file is the one whose hash and size its resource gives. Raises ``PackageError`` if it is no file."""
    if not is_regular(path):
        raise PackageError(f"{path.name}: missing, or not a regular file")
    facts = file_facts(path)
    return bool(entry.get("hash") == f"sha256:{facts.sha256}" and entry.get("bytes") == facts.size)


def _fill(
    folder: Path,
    report: Report,
    findings: Iterable[Finding],
    original: Path,
    origin_file: Path | None,
    corrections_file: Path | None,
    readings: str,
) -> None:
    """Write the package's files into an empty folder and check them."""
    name = descriptors.original_name(report.source)
    if name not in original_names():
        raise PackageError(f"a package holds no {report.source.suffix} file")
    copies = {name: original, ORIGIN: origin_file}
    for target, path in copies.items():
        if path:
            shutil.copyfile(path, folder / target)
    facts = {name: file_facts(folder / name)}
    if facts[name].sha256 != report.source.sha256:
        raise PackageError("has changed while it was read; run again")
    if corrections.read_corrections(corrections_file) != report.corrections:
        raise PackageError(f"{CORRECTIONS} has changed while the report was read; run again")
    problems = []
    for table, rows in all_rows(report, findings, corrected=corrections_file is not None).items():
        content = tables.csv_bytes(table, rows)
        problems += [f"{table}.csv: {problem}" for problem in table_problems(table, rows)]
        (folder / f"{table}.csv").write_bytes(content)
        facts[f"{table}.csv"] = FileFacts(hashlib.sha256(content).hexdigest(), len(content))
    # As they lie here, not as their writer's spreadsheet left them: so the next run finds them unchanged.
    corrected = folder / CORRECTIONS if corrections_file else None
    made = built_from(report.source, origin_file, corrected, readings)
    descriptor = descriptors.describe(report, facts, created=descriptors.creation_time(report), built_from=made)
    (folder / DESCRIPTOR).write_bytes(descriptors.to_bytes(descriptor))
    problems += [f"{DESCRIPTOR}: {problem}" for problem in descriptor_problems(descriptor)]
    if problems:
        raise PackageError(f"would not be a valid package: {problems[0]}")


def all_rows(report: Report, findings: Iterable[Finding], *, corrected: bool) -> dict[str, tables.Rows]:
    """The rows of every CSV that the package has; ``corrected``: it has a file of corrections, be it an empty one."""
    rows = tables.to_rows(report, findings)
    if corrected:
        rows[corrections.NAME] = corrections.rows_of(report.corrections)
    if report.history:
        rows[history.NAME] = history.rows_of(report.history)
    return rows


def _is_there(path: Path) -> bool:
    """Whether a file is there that a package need not have. A link counts, so that it is told and not followed."""
    return path.is_symlink() or path.exists()


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
