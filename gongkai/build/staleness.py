"""Whether a package is what would be made again.

In: the task of a report that lies in its place. Out: its package, or ``None`` where that has to be made: it is missing,
not valid, of another file, of other statements, or made by other code than would read it now. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gongkai.build.inbox import filed_from
from gongkai.build.worker import Task
from gongkai.errors import PackageError
from gongkai.model import Source
from gongkai.package import descriptor as descriptors
from gongkai.package.fingerprint import built_from, had_pictures
from gongkai.package.folder import DESCRIPTOR, Package, file_facts, read_file
from gongkai.package.validate import AGAIN, check_package, placed


def current_package(task: Task, say: Callable[[str], object]) -> Package | None:
    """The package around the task's report. What is wrong with one that is not valid is told with ``say``."""
    folder = task.file.parent
    try:
        descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
    except PackageError:
        return None
    recorded = descriptor.get("built_from")
    source = Source(task.file.name, task.file.suffix, *file_facts(task.file), had_pictures(recorded))
    if recorded != built_from(source, task.origin_file, task.corrections_file, task.readings):
        return None
    package, problems = check_package(folder)
    if problems or package is None:
        say(f"{problems[0].removesuffix(f'; {AGAIN}')}; the package is made again")
        return None
    return package if placed(folder, package) else None


def published_name(folder: Path, original: Path) -> str:
    """The name that a report was filed from, where the package around it is of the same file and has it."""
    name, digest = filed_from(folder)
    return name if digest == f"sha256:{file_facts(original).sha256}" else ""
