"""The files that wait in datasets/, and what people state beside them.

In: a folder, or the path of a report. Out: the reports that lie directly in the folder, by name; for each the
``NAME.origin.toml`` and ``NAME.corrections.csv`` beside it. Only regular files count, and nothing is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gongkai.package.folder import is_regular

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


def unclaimed(datasets: Path) -> Iterator[Path]:
    """Statements and corrections that belong to no report that waits."""
    stems = {file.stem for file in report_files(datasets)}
    for suffix in _STATED:
        for path in sorted(datasets.glob(f"*{suffix}")):
            if path.name.removesuffix(suffix) not in stems:
                yield path


def stem_of(stated: Path) -> str:
    """The name, without its suffix, of the report that a statement or corrections are about."""
    return next(stated.name.removesuffix(suffix) for suffix in _STATED if stated.name.endswith(suffix))


def if_regular(path: Path) -> Path | None:
    return path if is_regular(path) else None
