"""Where packages are made, and from where they are put into their places.

In: reports, one by one, and what reading them yielded (``worker``). Out: packages at ``<agency-id>/<year>/`` under a
root, each moved there whole, and what became of each report in the run's report. What may be put where is a policy's to
say (``placement``). No person's file is ever lost: origin.toml and corrections.csv stay with their report, a report
whose place is taken waits on, unless it is stated to be a re-issue, and what a figure was before it became another is
put on record in the package.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.build.cross_report_pass import compare
from gongkai.build.inbox import corrections_beside, if_regular, is_stated_in, origin_beside, report_files
from gongkai.build.options import Options
from gongkai.build.placement import Candidate, Decision, Policy, strays
from gongkai.build.run_report import RunReport
from gongkai.build.staleness import current_package, published_name
from gongkai.build.worker import Task, TaskResult, run_tasks
from gongkai.errors import Conflict, GongkaiError, PackageError, Removal, is_full
from gongkai.model import Agency
from gongkai.names.registry import Registry
from gongkai.package.baseline import Baseline
from gongkai.package.folder import (
    CORRECTIONS,
    ORIGIN,
    Package,
    add_history,
    file_facts,
    is_regular,
    original_in,
    published,
    read_history,
    read_package,
)
from gongkai.package.history import changes
from gongkai.package.index import PackageIndex
from gongkai.system.atomic_folders import move_in, write_whole


@dataclass
class Ingest:
    """Where packages are made, in ``scratch``, and from where they are put into their places under ``root``."""

    root: Path
    scratch: Path
    registry: Registry
    options: Options
    run_report: RunReport
    registry_file: Path | None = None
    """Where agencies that are new are written down; the files that ``extract`` is given register nobody."""
    baseline: Baseline | None = None
    """What was published before, and must not become less; what ``extract`` writes has no such baseline."""
    given: dict[Path, Path] = field(default_factory=dict)
    """The files that were given and whose package was put into its place, by that place."""
    _tasks: int = 0
    _counted: set[Path] = field(default_factory=set)
    """The places whose report is in the run's report."""

    # ---------------------------------------------------------------- tasks and their results

    def task_beside(self, file: Path) -> Task:
        """The task of a report that lies wherever people put it, with what they state beside it."""
        return self._task(file, origin_beside(file), corrections_beside(file))

    def stale_tasks(self, folders: Iterable[Path], step: Callable[[], None]) -> Iterator[Task]:
        """The reports among ``folders`` whose package has to be made; the others are counted."""
        for folder in folders:
            try:
                original = original_in(folder)
                if found := strays(folder):
                    raise PackageError(f"{found[0].name}: does not belong in a package; move or remove it")
                origin, corrections = if_regular(folder / ORIGIN), if_regular(folder / CORRECTIONS)
                task = self._task(original, origin, corrections, published_name(folder, original))
            except PackageError as error:
                self.run_report.fault(f"{folder}/{error}")
            else:
                package = current_package(task, self.run_report.say)
                if package is None:
                    yield task
                    continue
                self.run_report.report(package.findings)
                self._is_there(folder, package)
            step()

    def results(self, tasks: Iterable[Task]) -> Iterator[TaskResult]:
        """What reading the tasks' files yields, in their order."""
        options = self.options
        return run_tasks(tasks, self.registry, options.jobs, extract=options.extract, limits=options.limits)

    def _task(self, file: Path, origin_file: Path | None, corrections_file: Path | None, name: str = "") -> Task:
        self._tasks += 1
        folder = self.scratch / str(self._tasks)
        return Task(file, folder, origin_file, corrections_file, self.options.readings, name)

    def _again(self, task: Task) -> TaskResult:
        """The result of a task like this one, with the ids that have been given by now."""
        (result,) = self.results([self._task(task.file, task.origin_file, task.corrections_file, task.name)])
        return result

    # ---------------------------------------------------------------- into their places

    def place(self, result: TaskResult, policy: Policy) -> None:
        """Have a result's package put into its place, if it may go there (``policy``), or say why not."""
        file = result.task.file
        try:
            if result.agency and not _agrees(self.registry, result.agency):
                result = self._again(result.task)
            if result.package is None or result.agency is None:
                self.run_report.refuse(file, result.problem)
            elif not _agrees(self.registry, result.agency):
                self.run_report.refuse(file, f"the id {result.agency.id} is another agency's; mend agencies.csv")
            elif problem := _changed(result.task, result.package):
                self.run_report.refuse(file, problem)
            elif self._placed(Candidate(result.task, result.package, result.agency, self.root), policy):
                self.run_report.report(result.package.findings)
        except Removal as error:
            self.run_report.removal(str(error), file)
        except GongkaiError as error:
            self.run_report.refuse(file, str(error))
        except OSError as error:
            if is_full(error):
                raise  # so it is for all that follow
            why = f"its package could not be put into its place: {error.strerror or error}; see to it, and run again"
            self.run_report.refuse(file, why)
        finally:
            shutil.rmtree(result.task.scratch, ignore_errors=True)

    def _placed(self, candidate: Candidate, policy: Policy) -> bool:
        """Whether the package is in its place now; not where one of the same file stays there."""
        task, place = candidate.task, candidate.place
        decision = policy.decide(candidate)
        if decision is Decision.REMAKE:
            origin = task.origin_file or if_regular(place / ORIGIN)
            corrections = task.corrections_file or if_regular(place / CORRECTIONS)
            if (origin, corrections) != (task.origin_file, task.corrections_file):
                # What people wrote beside the report stays beside it, and counts.
                again = self._again(replace(task, origin_file=origin, corrections_file=corrections))
                if again.package is None or again.agency is None:
                    raise Conflict(again.problem)
                return self._placed(Candidate(again.task, again.package, again.agency, self.root), policy)
        is_new = decision is not Decision.KEEP
        if decision is Decision.REPLACE:
            self._replace(candidate)
        elif is_new:
            self._put(candidate)
        if policy.from_inbox:
            if not is_new:
                self.run_report.say(f"{task.file}: is the same file as {original_in(place)}, and was removed")
            self._clear_inbox(candidate)
        elif is_new:
            self.given[place] = task.file
        return is_new

    def _put(self, candidate: Candidate) -> None:
        """Move a package into its place; the figures that become others are put on record in it.

        Raises ``Removal`` where it lacks figures that the package there has.
        """
        package, place = candidate.package, candidate.place
        try:
            record = read_history(place)
        except PackageError as error:
            raise PackageError(f"{error}; put it back as it was") from error
        if was := published(place):
            record += changes(*was, package.report)
            if self.baseline:
                self.baseline.guard(package, place, was[1], candidate.task.file)
        if record:
            add_history(package, record)
        self._register(candidate.agency)
        move_in(package.folder, place, self.scratch)
        self._is_there(place, package)

    def _replace(self, candidate: Candidate) -> None:
        """A report takes the place of another one of the same agency and year."""
        task, place = candidate.task, candidate.place
        before = read_package(place).findings if place in self._counted else None
        given = {ORIGIN: task.origin_file, CORRECTIONS: task.corrections_file}
        lost = [place / name for name, stated in given.items() if is_regular(place / name) and not stated]
        self._put(candidate)
        if before is not None:
            self.run_report.withdraw(before)
        for path in lost:
            self.run_report.say(f"{path}: was about the report that {task.file} replaces, and went with it")

    def _register(self, agency: Agency) -> None:
        """A new agency is written down before its package is there, which doesn't say what kind of body it is."""
        before = self.registry
        self.registry = before.with_agency(agency)
        if self.registry_file and self.registry is not before:
            write_whole(self.registry_file, self.registry.to_bytes())

    def _is_there(self, place: Path, package: Package) -> None:
        self._counted.add(place)
        if self.baseline:
            self.baseline.note(package)

    def _clear_inbox(self, candidate: Candidate) -> None:
        """A report whose package is in its place goes, and what was stated beside it alone."""
        task, place = candidate.task, candidate.place
        if problem := _changed(task, candidate.package):  # the last moment in which anybody can tell
            self.run_report.fault(f"{task.file}: {problem}")
            return
        task.file.unlink()
        left = report_files(self.root)
        for stated, beside in ((task.origin_file, origin_beside), (task.corrections_file, corrections_beside)):
            if stated and not any(beside(file) == stated for file in left):
                if is_stated_in(place, stated):
                    stated.unlink()
                else:
                    self.run_report.fault(f"{stated}: has changed since it was read; move what it states into {place}")

    # ---------------------------------------------------------------- beside each other

    def compare(self) -> None:
        """The second pass over all packages: what comparing them finds goes into those that it concerns."""
        index = PackageIndex(self.root, self.registry)
        for entry in index:
            self._tasks += 1
            try:
                compared = compare(index, entry, self.scratch / str(self._tasks))
                if compared is None:
                    continue
                move_in(compared.folder, entry.folder, self.scratch)
            except (GongkaiError, OSError) as error:
                if is_full(error):
                    raise
                line = f"{entry.folder}: could not be compared with other reports: {error}; run again"
                self.run_report.fault(line)
                continue
            if self.baseline:
                self.baseline.recount(entry.agency_year, compared.now)
            if entry.folder in self._counted:
                self.run_report.withdraw(compared.before)
                self.run_report.report(compared.now)


def _agrees(registry: Registry, agency: Agency) -> bool:
    """Whether neither the id is another agency's nor the agency has another id."""
    by_id, by_name = registry.by_id(agency.id), registry.find(agency.name)
    return (by_id is None or by_id.name == agency.name) and (by_name is None or by_name.id == agency.id)


def _changed(task: Task, package: Package) -> str:
    """Whether a file is another one than the package was made of, or gone; empty if it is as it was."""
    try:
        same = file_facts(task.file).sha256 == package.report.source.sha256
    except FileNotFoundError:
        return "has gone while it was read; put it back, and run again"
    return "" if same else "has changed while it was read; run again"
