"""The inbox: the files that wait in datasets/, and what people state beside them.

In: a folder, or the path of a report. Out: the reports that lie directly in the folder, by name; for each the
``NAME.origin.toml`` and ``NAME.corrections.csv`` beside it, its statements and its corrections. Only regular files
count. Statements that a package has already are removed, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongkai.build.run_report import RunReport
from gongkai.errors import GongkaiError, PackageError
from gongkai.package import descriptor as descriptors
from gongkai.package.corrections import read_corrections as corrections_in
from gongkai.package.folder import (
    DESCRIPTOR,
    ORIGIN,
    is_regular,
    is_same_file,
    iter_packages,
    read_corrections,
    read_file,
)

_ORIGIN_SUFFIX = ".origin.toml"
_CORRECTIONS_SUFFIX = ".corrections.csv"
_STATED = (_ORIGIN_SUFFIX, _CORRECTIONS_SUFFIX)
_NOT_REPORTS = frozenset(
    {"agencies.csv", "index.csv", "readme.md", "readme.txt", "readme", "license", "license.txt", "license.md"}
)
"""Files, in lower case, that may lie directly in datasets/ and are no reports."""


def report_files(datasets: Path) -> list[Path]:
    """The files that wait to be filed, by name."""
    return sorted(
        path
        for path in datasets.iterdir()
        if is_regular(path)
        and not path.name.startswith(".")
        and not path.name.endswith(_STATED)
        and path.name.lower() not in _NOT_REPORTS
    )


def origin_beside(file: Path) -> Path | None:
    """What a person states about a report."""
    return if_regular(file.with_name(f"{file.stem}{_ORIGIN_SUFFIX}"))


def corrections_beside(file: Path) -> Path | None:
    """What a person says is misread in a report."""
    return if_regular(file.with_name(f"{file.stem}{_CORRECTIONS_SUFFIX}"))


def if_regular(path: Path) -> Path | None:
    return path if is_regular(path) else None


def clear_unclaimed(datasets: Path, run_report: RunReport) -> None:
    """Remove statements and corrections that wait for no report and that a package has; tell of all others.

    A run that died may have filed the report, and left them.
    """
    for stated in _unclaimed(datasets):
        name = _report_name(stated)
        filed = (
            folder
            for folder in iter_packages(datasets)
            if Path(filed_from(folder)[0]).stem == name and is_stated_in(folder, stated)
        )
        if folder := next(filed, None):
            run_report.say(f"{stated}: is in {folder} already, and was removed")
            stated.unlink()
        else:
            run_report.fault(
                f"{stated}: no report {name}.pdf (or of another suffix) lies beside it; rename or remove it"
            )


def _unclaimed(datasets: Path) -> Iterator[Path]:
    """Statements and corrections that belong to no report that waits."""
    stems = {file.stem for file in report_files(datasets)}
    for suffix in _STATED:
        for path in sorted(datasets.glob(f"*{suffix}")):
            if path.name.removesuffix(suffix) not in stems:
                yield path


def _report_name(stated: Path) -> str:
    """The name, without its suffix, of the report that a statement or corrections are about."""
    return next(stated.name.removesuffix(suffix) for suffix in _STATED if stated.name.endswith(suffix))


def filed_from(folder: Path) -> tuple[str, str]:
    """The name and the hash of the file that a package says that it was made from; empty where it says none."""
    try:
        source = descriptors.from_bytes(read_file(folder, DESCRIPTOR))["sources"][0]
        name, digest = source["title"], str(source["hash"])
    except (PackageError, LookupError, TypeError):
        return "", ""
    fit = isinstance(name, str) and 0 < len(name) <= 255 and name.isprintable() and "/" not in name
    return (name, digest) if fit else ("", "")


def is_stated_in(folder: Path, stated: Path) -> bool:
    """Whether a package has these statements or corrections already."""
    if stated.name.endswith(ORIGIN):
        return is_same_file(stated, folder / ORIGIN)
    try:
        return is_regular(stated) and corrections_in(stated) == read_corrections(folder)
    except (GongkaiError, OSError):
        return False
