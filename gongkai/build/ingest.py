"""Where packages are made, and from where they are put into their places.

In: reports, one by one, and what reading them yielded (``worker``). Out: packages at ``<agency-id>/<year>/`` under a
root, each moved there whole, and what became of each report in the tally. No person's file is ever lost: origin.toml
and corrections.csv stay with their report, a report whose place is taken waits on, unless it is stated to be a
re-issue, and what a figure was before it became another is put on record in the package.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gongkai.build.cross_report_pass import compare
from gongkai.build.inbox import corrections_beside, if_regular, origin_beside, report_files, stem_of
from gongkai.build.run_report import Tally, progress
from gongkai.build.worker import Extract, Readings, Result, Task, run
from gongkai.errors import Conflict, GongkaiError, PackageError, Removal, is_full
from gongkai.model import Agency, Source
from gongkai.names.registry import Registry
from gongkai.package import descriptor as descriptors
from gongkai.package.baseline import Baseline
from gongkai.package.corrections import read_corrections as corrections_in
from gongkai.package.fingerprint import built_from, had_pictures
from gongkai.package.folder import (
    CORRECTIONS,
    DESCRIPTOR,
    ORIGIN,
    Package,
    add_history,
    file_facts,
    file_names,
    is_regular,
    iter_packages,
    original_in,
    original_names,
    published,
    read_corrections,
    read_file,
    read_history,
    read_package,
)
from gongkai.package.history import changes
from gongkai.package.index import PackageIndex
from gongkai.package.validate import AGAIN, check_package, placed
from gongkai.system.atomic_folders import move_in, write_whole
from gongkai.system.limits import LIMITS, Limits


@dataclass
class Desk:
    """Where packages are made, in ``scratch``, and from where they are put into their places under ``root``."""

    root: Path
    scratch: Path
    registry: Registry
    jobs: int
    readings: Readings
    tally: Tally
    extract: Extract
    limits: Limits = LIMITS
    registry_file: Path | None = None
    """Where agencies that are new are written down; the files that ``extract`` is given register nobody."""
    baseline: Baseline | None = None
    """What was published before, and must not become less; what ``extract`` writes has no such baseline."""
    tasks: int = 0
    counted: set[Path] = field(default_factory=set)
    """The places whose report is in the tally."""

    def task_beside(self, file: Path) -> Task:
        """The task of a report that lies wherever people put it, with what they state beside it."""
        return self.task(file, origin_beside(file), corrections_beside(file))

    def task(self, file: Path, origin_file: Path | None, corrections_file: Path | None = None, name: str = "") -> Task:
        self.tasks += 1
        return Task(file, self.scratch / str(self.tasks), origin_file, corrections_file, self.readings, name)

    def results(self, tasks: Iterable[Task]) -> Iterator[Result]:
        return run(tasks, self.registry, self.jobs, extract=self.extract, limits=self.limits)

    def again(self, task: Task) -> Result:
        """The result of a task like this one, with the ids that have been given by now."""
        (result,) = self.results([self.task(task.file, task.origin_file, task.corrections_file, task.name)])
        return result

    def settle(self, result: Result, put: Callable[[Result, Package, Agency], bool]) -> None:
        """Have a result's package put into its place, or say why not. ``put`` answers whether it is there."""
        file = result.task.file
        try:
            if result.agency and not _agrees(self.registry, result.agency):
                result = self.again(result.task)
            if result.package is None or result.agency is None:
                self.tally.refuse(file, result.problem)
            elif not _agrees(self.registry, result.agency):
                self.tally.refuse(file, f"the id {result.agency.id} is another agency's; mend agencies.csv")
            elif problem := _changed(result.task, result.package):
                self.tally.refuse(file, problem)
            elif put(result, result.package, result.agency):
                self.tally.report(result.package.findings)
        except Removal as error:
            self.tally.removal(str(error), file)
        except GongkaiError as error:
            self.tally.refuse(file, str(error))
        except OSError as error:
            if is_full(error):
                raise  # so it is for all that follow
            why = error.strerror or error
            self.tally.refuse(file, f"its package could not be put into its place: {why}; see to it, and run again")
        finally:
            shutil.rmtree(result.task.scratch, ignore_errors=True)

    def register(self, agency: Agency) -> None:
        """A new agency is written down before its package is there, which doesn't say what kind of body it is."""
        before = self.registry
        self.registry = before.with_agency(agency)
        if self.registry_file and self.registry is not before:
            write_whole(self.registry_file, self.registry.to_bytes())

    def put(self, package: Package, agency: Agency, place: Path, file: Path) -> None:
        """Move the package of a file into its place; the figures that become others are put on record in it.

        Raises ``Removal`` where it lacks figures that the package there has.
        """
        try:
            record = read_history(place)
        except PackageError as error:
            raise PackageError(f"{error}; put it back as it was") from error
        if was := published(place):
            record += changes(*was, package.report)
            if self.baseline:
                self.baseline.guard(package, place, was[1], file)
        if record:
            add_history(package, record)
        self.register(agency)
        move_in(package.folder, place, self.scratch)
        self.counted.add(place)
        if self.baseline:
            self.baseline.note(package)

    def reissue(self, task: Task, package: Package, agency: Agency, place: Path) -> None:
        """A report takes the place of another one of the same agency and year."""
        if strays := _strays(place):
            raise Conflict(f"{strays[0]} lies in the way; move or remove it")
        before = read_package(place).findings if place in self.counted else None
        given = {ORIGIN: task.origin_file, CORRECTIONS: task.corrections_file}
        lost = [place / name for name, stated in given.items() if is_regular(place / name) and not stated]
        self.put(package, agency, place, task.file)
        if before is not None:
            self.tally.withdraw(before)
        for path in lost:
            self.tally.say(f"{path}: was about the report that {task.file} replaces, and went with it")

    def take(self, files: Iterable[Path], others: bool) -> None:
        """Make packages of the files that are given; ``others``: they may replace packages made from other files."""
        given = list(dict.fromkeys(files))
        made: dict[Path, Path] = {}
        with progress(len(given)) as step:
            for result in self.results(self.task_beside(file) for file in given if _exists(file, self.tally)):
                waited = self.registry_file and result.task.file.parent == self.root
                put = partial(self.file, others=others) if waited else partial(self.hand_out, made=made, others=others)
                self.settle(result, put)
                step()
        self.compare()

    def compare(self) -> None:
        """The second pass over all packages: what comparing them finds goes into those that it concerns."""
        index = PackageIndex(self.root, self.registry)
        for entry in index:
            self.tasks += 1
            try:
                compared = compare(index, entry, self.scratch / str(self.tasks))
                if compared is None:
                    continue
                move_in(compared.folder, entry.folder, self.scratch)
            except (GongkaiError, OSError) as error:
                if is_full(error):
                    raise
                self.tally.fault(f"{entry.folder}: could not be compared with other reports: {error}; run again")
                continue
            if self.baseline:
                self.baseline.recount(entry.agency_year, compared.now)
            if entry.folder in self.counted:
                self.tally.withdraw(compared.before)
                self.tally.report(compared.now)

    def file(self, result: Result, package: Package, agency: Agency, *, others: bool = False) -> bool:
        """A report that waited in datasets/ goes into its place; it waits on where another one has that place."""
        task, report = result.task, package.report
        place = self.root / agency.id / str(report.year)
        same = False
        if not _occupied(place):
            self.put(package, agency, place, task.file)
        elif file_facts(other := original_in(place)).sha256 == report.source.sha256:
            same = True
            if task.origin_file and not _same(task.origin_file, place / ORIGIN):
                raise Conflict(f"{other} is the same file; write what you state into {place / ORIGIN}, and remove this")
            if task.corrections_file and report.corrections != read_corrections(place):
                raise Conflict(f"{other} is the same file; write what you correct into {place / CORRECTIONS}")
            self.tally.say(f"{task.file}: is the same file as {other}, and was removed")
        elif others or report.origin.replace:
            self.reissue(task, package, agency, place)
        else:
            raise Conflict(
                f"{other} is a report of {agency.name} for {report.year} too; keep one of the two, "
                f"or state replace = true in {task.file.stem}.origin.toml if this one is a re-issue"
            )
        if problem := _changed(task, package):  # the last moment in which anybody can tell
            self.tally.fault(f"{task.file}: {problem}")
            return not same
        task.file.unlink()
        left = report_files(self.root)
        for stated, beside in ((task.origin_file, origin_beside), (task.corrections_file, corrections_beside)):
            if stated and not any(beside(waiting) == stated for waiting in left):
                if _holds(place, stated):
                    stated.unlink()
                else:
                    self.tally.fault(f"{stated}: has changed since it was read; move what it states into {place}")
        return not same

    def clear(self, stated: Path) -> None:
        """Statements or corrections that wait for no report: a run that died may have filed that, and left them."""
        name = stem_of(stated)
        for folder in iter_packages(self.root):
            if Path(_source(folder)[0]).stem == name and _holds(folder, stated):
                self.tally.say(f"{stated}: is in {folder} already, and was removed")
                stated.unlink()
                return
        self.tally.fault(f"{stated}: no report {name}.pdf (or of another suffix) lies beside it; rename or remove it")

    def renew(self, result: Result, package: Package, agency: Agency) -> bool:
        """A package that was missing, stale or not valid is made anew where it lies."""
        place, year = result.task.file.parent, package.report.year
        if (place.parent.name, place.name) != (agency.id, str(year)):
            raise Conflict(
                f"is the report of {agency.name} for {year}; move its folder to {agency.id}/{year}, "
                f"or state its agency and year in {place / ORIGIN}"
            )
        self.put(package, agency, place, result.task.file)
        return True

    def hand_out(
        self, result: Result, package: Package, agency: Agency, *, made: dict[Path, Path], others: bool
    ) -> bool:
        """The package of a file that was given goes into its place; ``made`` has the files of this run, by place."""
        task, year = result.task, package.report.year
        place = self.root / agency.id / str(year)
        if place in made:
            if _same(task.file, made[place]):
                return False
            raise Conflict(f"{made[place]} is a report of {agency.name} for {year} too; give one of the two")
        if _occupied(place):
            same = any(_same(task.file, place / name) for name in original_names())
            # In datasets/, a re-issue may also say so itself.
            if not same and not others and not (self.registry_file and package.report.origin.replace):
                raise Conflict(f"{place} holds another report of {agency.name} for {year}; --replace replaces it")
            if strays := _strays(place):
                raise Conflict(f"{strays[0]} lies in the way; move or remove it")
            stated = task.origin_file or if_regular(place / ORIGIN)
            corrections = task.corrections_file or if_regular(place / CORRECTIONS)
            if same and (stated, corrections) != (task.origin_file, task.corrections_file):
                # What people wrote beside the report stays beside it, and counts.
                (again,) = self.results([self.task(task.file, stated, corrections)])
                if again.package is None or again.agency is None:
                    raise Conflict(again.problem)
                return self.hand_out(again, again.package, again.agency, made=made, others=others)
            if not same:
                self.reissue(task, package, agency, place)
                made[place] = task.file
                return True
        self.put(package, agency, place, task.file)
        made[place] = task.file
        return True

    def stale(self, folders: Iterable[Path], step: Callable[[], None]) -> Iterator[Task]:
        """The reports among ``folders`` whose package has to be made; the others are counted."""
        for folder in folders:
            try:
                original = original_in(folder)
                if strays := _strays(folder):
                    raise PackageError(f"{strays[0].name}: does not belong in a package; move or remove it")
                origin, corrections = if_regular(folder / ORIGIN), if_regular(folder / CORRECTIONS)
                task = self.task(original, origin, corrections, _name_of(folder, original))
            except PackageError as error:
                self.tally.fault(f"{folder}/{error}")
            else:
                if not self.is_current(task):
                    yield task
                    continue
            step()

    def is_current(self, task: Task) -> bool:
        """Whether the package around a report is what would be made again, and valid."""
        folder = task.file.parent
        try:
            descriptor = descriptors.from_bytes(read_file(folder, DESCRIPTOR))
        except PackageError:
            return False
        recorded = descriptor.get("built_from")
        source = Source(task.file.name, task.file.suffix, *file_facts(task.file), had_pictures(recorded))
        if recorded != built_from(source, task.origin_file, task.corrections_file, task.readings):
            return False
        package, problems = check_package(folder)
        if problems or package is None:
            self.tally.say(f"{problems[0].removesuffix(f'; {AGAIN}')}; the package is made again")
            return False
        if not placed(folder, package):
            return False
        self.tally.report(package.findings)
        self.counted.add(folder)
        if self.baseline:
            self.baseline.note(package)
        return True


def _agrees(registry: Registry, agency: Agency) -> bool:
    """Whether neither the id is another agency's nor the agency has another id."""
    by_id, by_name = registry.by_id(agency.id), registry.find(agency.name)
    return (by_id is None or by_id.name == agency.name) and (by_name is None or by_name.id == agency.id)


def _exists(file: Path, tally: Tally) -> bool:
    if file.is_file():
        return True
    tally.refuse(file, "is a folder; name the files in it" if file.is_dir() else "no such file; check its name")
    return False


def _changed(task: Task, package: Package) -> str:
    """Whether a file is another one than the package was made of, or gone; empty if it is as it was."""
    try:
        same = file_facts(task.file).sha256 == package.report.source.sha256
    except FileNotFoundError:
        return "has gone while it was read; put it back, and run again"
    return "" if same else "has changed while it was read; run again"


def _name_of(folder: Path, original: Path) -> str:
    """The name that the report was filed from, where the package there is of the same file and has it."""
    name, digest = _source(folder)
    return name if digest == f"sha256:{file_facts(original).sha256}" else ""


def _source(folder: Path) -> tuple[str, str]:
    """The name and the hash of the file that a package says that it was made from; empty where it says none."""
    try:
        source = descriptors.from_bytes(read_file(folder, DESCRIPTOR))["sources"][0]
        name, digest = source["title"], str(source["hash"])
    except (PackageError, LookupError, TypeError):
        return "", ""
    fit = isinstance(name, str) and 0 < len(name) <= 255 and name.isprintable() and "/" not in name
    return (name, digest) if fit else ("", "")


def _holds(folder: Path, stated: Path) -> bool:
    """Whether a package has these statements or corrections already."""
    if stated.name.endswith(ORIGIN):
        return _same(stated, folder / ORIGIN)
    try:
        return is_regular(stated) and corrections_in(stated) == read_corrections(folder)
    except (GongkaiError, OSError):
        return False


def _strays(folder: Path) -> list[Path]:
    """What lies in a package's folder and is none of its files; nobody removes that but its owner."""
    return sorted(path for path in folder.iterdir() if path.name not in file_names())


def _occupied(place: Path) -> bool:
    return place.exists() or place.is_symlink()


def _same(left: Path, right: Path) -> bool:
    return is_regular(right) and file_facts(left).sha256 == file_facts(right).sha256
