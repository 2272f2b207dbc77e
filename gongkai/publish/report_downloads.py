"""A package's files -> what a report's page offers for download.

In: a package's folder. Out: copies of its CSVs and of the original beside the page, the tables in every other format
that the site offers for a report, and the whole package as a zip with a readme. Only the contract's names are copied,
only regular files, and nothing under a name that a stranger chose. The original is copied so that it can't run as a
page of this site: whatever isn't known to be inert gets the suffix ``.txt``, which every server sends as plain text
(``report.html`` becomes ``report.html.txt``; in the zip it keeps its name). The same package gives the same bytes:
times, owners and permissions in the zip are constants.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.errors import PackageError
from gongkai.package.folder import file_names, is_regular, original_in
from gongkai.publish.table_formats import DataTable, formats_for, write_tables
from gongkai.read.formats import kept_suffixes

# The zip format's first day: a time that says nothing, so that bytes depend on the package alone.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_MODE = 0o100644


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside the page. ``save_as`` is the name under which a browser stores it, where that is another.

    ``name`` is the table's, empty if it holds all of them; ``label`` names a table's format.
    """

    name: str
    path: str
    size: int
    save_as: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Downloads:
    tables: tuple[Download, ...]
    original: Download
    package: Download


def copy_downloads(package: Path, page: Path, stem: str, readme: str) -> Downloads:
    """Copy a package's files into the folder ``page``, zip included; ``stem`` names the zip and the folder within.

    Raises ``PackageError`` if a file can't be read.
    """
    original = original_in(package).name
    try:
        # Read once, so that the page, the copies and the zip are of the same bytes.
        present = {name: (package / name).read_bytes() for name in file_names() if is_regular(package / name)}
    except OSError as error:
        raise PackageError(f"{package}: can't be copied for download: {error.strerror}") from error
    if original not in present:
        raise PackageError(f"{package}: can't be copied for download: {original} has just gone; run again")
    archive = page / f"{stem}.zip"
    _zip(archive, stem, present, readme)
    return Downloads(
        tables=tuple(_tables(present, page, stem)),
        original=_copy(Path(original), present[original], page),
        package=Download(archive.stem, archive.name, archive.stat().st_size),
    )


def _tables(files: Mapping[str, bytes], page: Path, stem: str) -> Iterator[Download]:
    """The package's tables in every format; its own CSVs are copied as they are, so that their hashes hold."""
    csvs = {Path(name): content for name, content in files.items() if name.endswith(".csv")}
    for table_format in formats_for("report"):
        if table_format.suffix == "csv":
            for name, content in csvs.items():
                yield replace(_copy(name, content, page), label=table_format.label)
        else:
            tables = [_table(name.stem, content) for name, content in csvs.items()]
            for file in write_tables([table_format], tables, page, stem):
                yield Download(file.table, file.name, file.size, label=file.label)


def _table(name: str, content: bytes) -> DataTable:
    """A CSV of a package; an empty cell is a blank."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""))
    return DataTable(name, tuple(header), lambda: ([cell or None for cell in row] for row in rows))


def _copy(name: Path, content: bytes, page: Path) -> Download:
    known = kept_suffixes().get(name.suffix)
    inert = name.suffix == ".csv" or (known is not None and known.inert)
    target = page / (name.name if inert else f"{name.name}.txt")
    target.write_bytes(content)
    return Download(name.stem, target.name, len(content), "" if inert else name.name)


def _zip(target: Path, folder: str, files: Mapping[str, bytes], readme: str) -> None:
    entries = [("README.txt", readme.encode()), *files.items()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(entries):
            info = zipfile.ZipInfo(f"{folder}/{name}", ZIP_TIME)
            info.external_attr = ZIP_MODE << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
