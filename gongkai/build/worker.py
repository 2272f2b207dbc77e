"""One process a file: a report that kills, hangs or corrupts its reader costs one line, and no other report.

In: tasks, each a file and a scratch folder. A child, forked from a server that has the libraries in memory, leaves a
package and an answer in the scratch folder. Out: a ``TaskResult`` each, in the order of the tasks, whatever order they
finish in. What a child leaves is a stranger's: nothing of it is unpickled, run or believed; the package is checked like
any other before anybody may move it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

from gongkai.errors import GongkaiError, UnreadableFile, is_full
from gongkai.model import Agency, Finding, Readings, Report
from gongkai.names.registry import Registry
from gongkai.package.folder import Package, is_regular, write_package
from gongkai.package.validate import check_package
from gongkai.system.atomic_folders import require_room
from gongkai.system.limits import LIMITS, Limits
from gongkai.system.limits import current as limits
from gongkai.system.sandbox import run_in_sandbox

_PACKAGE = "package"
_ANSWER = "answer.json"
_GIVEN = "given"
_FULL = "there was no room on the disk for its package; free some, and run again"
_ANSWER_LIMIT = 64_000


@dataclass(frozen=True, slots=True)
class Task:
    """A file to extract. ``scratch`` is a folder that does not exist yet, on the file system of the output.

    ``name`` is the name under which the agency published the file, where that is known to be another than its own.
    """

    file: Path
    scratch: Path
    origin_file: Path | None = None
    corrections_file: Path | None = None
    readings: Readings = "auto"
    name: str = ""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task: a valid package in its scratch folder and the agency with its kind, or a problem."""

    task: Task
    package: Package | None = None
    agency: Agency | None = None
    problem: str = ""


Extract = Callable[[Task, Registry], tuple[Report, tuple[Finding, ...]]]


def extract(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    """The task's report, with what people corrected, and all that the checks find in it. Raises ``ReportError``."""
    from gongkai.build.stages import complete_report

    return complete_report(task.file, registry, task.origin_file, task.corrections_file, task.readings, task.name)


def run_tasks(
    tasks: Iterable[Task],
    registry: Registry,
    jobs: int,
    *,
    extract: Extract = extract,
    limits: Limits = LIMITS,
) -> Generator[TaskResult, None, None]:
    """The tasks' results in their order, with at most ``jobs`` children at once.

    ``tasks`` is read only as far as children are free. ``extract`` is called in the child, and must be importable
    there. A caller that stops reading early ends the children.
    """
    work = partial(_work, registry=registry, extract=extract)
    with closing(run_in_sandbox(tasks, work, jobs, limits=limits)) as ended:
        for task, problem in ended:
            yield _result(task, problem)


def _work(task: Task, registry: Registry, extract: Extract) -> None:
    """In the child: leave a package and an answer, or an answer that says why there is none."""
    answer: dict[str, object]
    try:
        task.scratch.mkdir()
        task = _copied(task)
        report, findings = extract(task, registry)
        if task.name:
            report = replace(report, source=replace(report.source, name=task.name))
        write_package(
            report,
            findings,
            task.file,
            task.scratch / _PACKAGE,
            task.origin_file,
            corrections_file=task.corrections_file,
            readings=task.readings,
        )
        answer = {"agency": asdict(report.agency)}
    except GongkaiError as error:
        answer = {"problem": str(error)}
    except MemoryError:
        raise  # told alike for all children
    except OSError as error:
        answer = {"problem": f"could not be read: {error.strerror or error}; see to it, and run again"}
        if is_full(error):
            answer = {"full": True}
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything, from any library
        answer = {"problem": f"could not be read: {type(error).__name__}: {error}"}
    (task.scratch / _ANSWER).write_text(json.dumps(answer), encoding="utf-8")


def _copied(task: Task) -> Task:
    """The task with copies of its files, under their names: all that is read, hashed and packed is of one moment."""
    folder = task.scratch / _GIVEN
    folder.mkdir()

    def copied(path: Path | None) -> Path | None:
        if path is None:
            return None
        before = path.stat()
        if before.st_size > limits().file_bytes:
            return path  # whoever reads it refuses it
        copy = folder / path.name
        shutil.copyfile(path, copy)
        if _state(path.stat()) != _state(before):
            raise UnreadableFile(f"{path.name}: is being written just now; run again once it is whole")
        return copy

    try:
        file, origin, corrections = map(copied, (task.file, task.origin_file, task.corrections_file))
    except FileNotFoundError as error:
        if not folder.exists():
            raise
        raise UnreadableFile(f"{Path(error.filename).name}: has just gone; put it back, and run again") from error
    return replace(task, file=file or task.file, origin_file=origin, corrections_file=corrections)


def _state(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _result(task: Task, problem: str) -> TaskResult:
    """What a child that has ended left, read and checked like anything from a stranger."""
    answer = None if problem else _answer(task.scratch / _ANSWER)
    if answer is None or answer == _FULL:
        # Where it is not the file's fault, it would be so for every other file.
        require_room(task.scratch.parent, task.file)
    if answer is None:
        return TaskResult(task, problem=problem or "its reader left no answer; run again")
    if isinstance(answer, str):
        return TaskResult(task, problem=_without_name(answer, task.file))
    folder = task.scratch / _PACKAGE
    if folder.is_symlink() or not folder.is_dir():
        return TaskResult(task, problem="its reader left no package; run again")
    package, problems = check_package(folder)
    if package is None or problems:
        return TaskResult(task, problem=f"its package is not valid: {problems[0].removeprefix(f'{folder}/')}")
    if replace(package.report.agency, kind=answer.kind) != answer:
        return TaskResult(task, problem="its reader contradicts itself about the agency; run again")
    return TaskResult(task, package, answer)


def _answer(path: Path) -> Agency | str | None:
    """The agency, or the problem; ``None`` where the child wrote neither, ``_FULL`` where it had no room."""
    try:
        if not is_regular(path) or path.stat().st_size > _ANSWER_LIMIT:
            return None
        answer = json.loads(path.read_bytes())
        if "full" in answer:
            return _FULL
        if "problem" in answer:
            return str(answer["problem"])
        parts = {field.name: answer["agency"][field.name] for field in fields(Agency)}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    fit = all(isinstance(part, str) and len(part) <= 200 and (part.isprintable()) for part in parts.values())
    return Agency(**parts) if fit else None


def _without_name(problem: str, file: Path) -> str:
    """The problem alone, since the line that tells it begins with the file."""
    return problem.removeprefix(f"{file}: ").removeprefix(f"{file.name}: ")
