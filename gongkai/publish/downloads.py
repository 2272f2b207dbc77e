"""A package's files -> what a report's page offers for download.

In: a package's folder. Out: copies of its CSVs and of the original beside the page, and the whole package as a zip with
a readme. Only the contract's names are copied, only regular files, and nothing under a name that a stranger chose.
The original is copied so that it can't run as a page of this site: whatever isn't known to be inert gets the suffix
``.txt``, which every server sends as plain text (``report.html`` becomes ``report.html.txt``; in the zip it keeps its
name). The same package gives the same bytes: times, owners and permissions in the zip are constants.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gongkai.errors import PackageError
from gongkai.package import FILES, is_regular, original_in

INERT = frozenset({".csv", ".pdf", ".docx", ".txt"})
"""Suffixes of files that no browser runs in the site's name."""

# The zip format's first day: a time that says nothing, so that bytes depend on the package alone.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ZIP_MODE = 0o100644


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside the page. ``save_as`` is the name under which a browser stores it, where that is another."""

    name: str
    path: str
    size: int
    save_as: str = ""


@dataclass(frozen=True, slots=True)
class Downloads:
    tables: tuple[Download, ...]
    original: Download
    package: Download


def copy_downloads(package: Path, page: Path, stem: str, readme: str) -> Downloads:
    """Copy a package's files into the folder ``page``, zip included; ``stem`` names the zip and the folder within.

    Raises ``PackageError`` if a file can't be read.
    """
    present = [package / name for name in FILES if is_regular(package / name)]
    try:
        archive = page / f"{stem}.zip"
        _zip(archive, stem, present, readme)
        return Downloads(
            tables=tuple(_copy(path, page) for path in present if path.suffix == ".csv"),
            original=_copy(original_in(package), page),
            package=Download(archive.stem, archive.name, archive.stat().st_size),
        )
    except OSError as error:
        raise PackageError(f"{package}: can't be copied for download: {error.strerror}") from error


def _copy(source: Path, page: Path) -> Download:
    inert = source.suffix in INERT
    target = page / (source.name if inert else f"{source.name}.txt")
    shutil.copyfile(source, target, follow_symlinks=False)
    return Download(source.stem, target.name, target.stat().st_size, "" if inert else source.name)


def _zip(target: Path, folder: str, files: Iterable[Path], readme: str) -> None:
    entries = [("README.txt", readme.encode()), *((path.name, path.read_bytes()) for path in files)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(entries):
            info = zipfile.ZipInfo(f"{folder}/{name}", ZIP_TIME)
            info.external_attr = ZIP_MODE << 16
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
