"""Packages against their reports, read once more: a figure that somebody wrote into a package by hand is found.

In: a folder of packages. Out: a line for each package whose tables are not those that its report gives. That its hashes
fit says only that a package is whole: who writes a figure can write its hash, too. Nothing in the folder is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from gongkai.build.inbox import if_regular
from gongkai.build.worker import Task, run_tasks
from gongkai.errors import PackageError
from gongkai.model import RESOURCES
from gongkai.names.registry import Registry
from gongkai.package.folder import CORRECTIONS, DESCRIPTOR, ORIGIN, iter_packages, original_in, read_package
from gongkai.package.history import different
from gongkai.package.schema import OPTIONAL_TABLES, TABLES
from gongkai.system.limits import Limits

READ = tuple(name for name in (*TABLES, *OPTIONAL_TABLES) if name not in ("findings", "history"))
"""The tables that a report alone decides: findings may be of other reports, and history is of earlier readings."""
MOST = 5
"""So many figures a line names."""


def reread(datasets: Path, registry: Registry, jobs: int, limits: Limits) -> Iterator[str]:
    """A line for each package under ``datasets`` that is not what its report gives."""
    with tempfile.TemporaryDirectory(prefix="gongkai-reread-") as scratch:
        tasks = (_task(folder, Path(scratch) / str(number)) for number, folder in enumerate(iter_packages(datasets)))
        for result in run_tasks(filter(None, tasks), registry, jobs, limits=limits):
            folder = result.task.file.parent
            if result.package is None:
                yield f"{folder}: its report can't be read again: {result.problem}"
            elif line := _difference(folder, result.package.folder):
                yield f"{folder}: {line}; to have it made anew, remove its {DESCRIPTOR} and run build.py"


def _task(folder: Path, scratch: Path) -> Task | None:
    """What a package was made of, to be read as it was; ``None`` for one that is broken, which validation tells."""
    try:
        original = original_in(folder)
        package = read_package(folder)
    except PackageError:
        return None
    made = package.descriptor.get("built_from")
    readings = made.get("readings") if isinstance(made, dict) else None
    return Task(
        original,
        scratch,
        if_regular(folder / ORIGIN),
        if_regular(folder / CORRECTIONS),
        readings if readings in ("auto", "single", "double") else "auto",
        package.report.source.name,
    )


def _difference(was: Path, now: Path) -> str:
    """How two packages differ in what their report alone decides, in words; empty if they don't."""
    differing = [name for name in READ if _bytes(was / f"{name}.csv") != _bytes(now / f"{name}.csv")]
    if not differing:
        return ""
    figures = [
        f"{'/'.join(key)} is {new} in print and {old} here"
        for key, old, new in different(read_package(was).report.figures, read_package(now).report)
    ]
    if figures and set(differing) & set(RESOURCES):
        more = f", and {len(figures) - MOST} more" if len(figures) > MOST else ""
        return f"its figures are not those of its report: {', '.join(figures[:MOST])}{more}"
    return f"{', '.join(f'{name}.csv' for name in differing)}: not what its report gives"


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
