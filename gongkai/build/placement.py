"""What a report may do to the place of its agency and year: a policy for each way in which reports come.

In: a package that has been made, and its place. Out: a ``Decision``, or a ``Conflict`` that tells people what they may
do. The place is only looked at: nothing is moved, written or removed here (``ingest`` does that).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import ClassVar, Protocol

from gongkai.build.worker import Task
from gongkai.errors import Conflict
from gongkai.model import Agency
from gongkai.package.folder import (
    CORRECTIONS,
    ORIGIN,
    Package,
    file_facts,
    file_names,
    is_same_file,
    original_in,
    original_names,
    read_corrections,
)


class Decision(Enum):
    """What is done with a package."""

    PUT = auto()
    """It goes into its place."""
    REMAKE = auto()
    """So it does; a package of the same file is there, and what people stated in that stays and counts."""
    REPLACE = auto()
    """So it does; another report is there, and goes."""
    KEEP = auto()
    """It is not needed: a package of the same file is there, with all that is stated."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid package in its scratch folder, whose it is, and the root under which its place is."""

    task: Task
    package: Package
    agency: Agency
    root: Path

    @property
    def year(self) -> int:
        return self.package.report.year

    @property
    def place(self) -> Path:
        return self.root / self.agency.id / str(self.year)

    @property
    def named(self) -> str:
        return f"report of {self.agency.name} for {self.year}"


class Policy(Protocol):
    """A way in which reports come. ``from_inbox``: the file itself goes once its package is in its place."""

    from_inbox: ClassVar[bool]

    def decide(self, candidate: Candidate) -> Decision:
        """What is done with a package. Raises ``Conflict`` where it may not go into its place."""
        ...


@dataclass(frozen=True, slots=True)
class FileFromInbox:
    """A report that waits in datasets/: where another one has its place, it waits on, unless it is a re-issue.

    ``replace``: each is one; else one is whose origin.toml says so.
    """

    from_inbox: ClassVar[bool] = True
    replace: bool = False

    def decide(self, candidate: Candidate) -> Decision:
        task, place, report = candidate.task, candidate.place, candidate.package.report
        if not is_occupied(place):
            return Decision.PUT
        there = original_in(place)
        if file_facts(there).sha256 == report.source.sha256:
            if task.origin_file and not is_same_file(task.origin_file, place / ORIGIN):
                raise Conflict(f"{there} is the same file; write what you state into {place / ORIGIN}, and remove this")
            if task.corrections_file and report.corrections != read_corrections(place):
                raise Conflict(f"{there} is the same file; write what you correct into {place / CORRECTIONS}")
            return Decision.KEEP
        if not (self.replace or report.origin.replace):
            raise Conflict(
                f"{there} is a {candidate.named} too; keep one of the two, "
                f"or state replace = true in {task.file.stem}.origin.toml if this one is a re-issue"
            )
        _require_no_strays(place)
        return Decision.REPLACE


@dataclass(frozen=True, slots=True)
class RenewInPlace:
    """A report that has its place already: its package was missing, stale or not valid, and is made anew there."""

    from_inbox: ClassVar[bool] = False

    def decide(self, candidate: Candidate) -> Decision:
        place = candidate.task.file.parent
        if (place.parent.name, place.name) != (candidate.agency.id, str(candidate.year)):
            raise Conflict(
                f"is the {candidate.named}; move its folder to {candidate.agency.id}/{candidate.year}, "
                f"or state its agency and year in {place / ORIGIN}"
            )
        return Decision.PUT


@dataclass(frozen=True, slots=True)
class FileGiven:
    """A file that was given, and stays where it lies: its package replaces only one of the same file.

    ``replace``: also that of another one; ``may_state_replace``: so does a file whose origin.toml says that it is a
    re-issue. ``earlier`` are the files of this run whose packages are in their places: a second one for a place is
    refused.
    """

    from_inbox: ClassVar[bool] = False
    replace: bool
    may_state_replace: bool
    earlier: Mapping[Path, Path]

    def decide(self, candidate: Candidate) -> Decision:
        file, place = candidate.task.file, candidate.place
        if other := self.earlier.get(place):
            if is_same_file(file, other):
                return Decision.KEEP
            raise Conflict(f"{other} is a {candidate.named} too; give one of the two")
        if not is_occupied(place):
            return Decision.PUT
        same = any(is_same_file(file, place / name) for name in original_names())
        stated = self.may_state_replace and candidate.package.report.origin.replace
        if not (same or self.replace or stated):
            raise Conflict(f"{place} holds another {candidate.named}; --replace replaces it")
        _require_no_strays(place)
        return Decision.REMAKE if same else Decision.REPLACE


def strays(folder: Path) -> list[Path]:
    """What lies in a package's folder and is none of its files; nobody removes that but its owner."""
    return sorted(path for path in folder.iterdir() if path.name not in file_names())


def is_occupied(place: Path) -> bool:
    """Whether anything lies there, be it a broken link."""
    return place.exists() or place.is_symlink()


def _require_no_strays(place: Path) -> None:
    if in_the_way := strays(place):
        raise Conflict(f"{in_the_way[0]} lies in the way; move or remove it")
