"""Reports that wait in datasets/, and packages that are out of date -> packages in their places.

In: a folder of datasets, or files and an output folder. Out: packages at ``<agency-id>/<year>/``, each moved there
whole; the registry, with the agencies that are new; a line for each file that was refused, which stays where it lies.
The order of the files decides who comes first, never the order in which their readers finish. ``desk`` puts each into
its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from gongkai.build.inbox import report_files, unclaimed
from gongkai.build.ingest import Desk
from gongkai.build.run_report import Tally, progress
from gongkai.build.worker import Extract, Readings, extract
from gongkai.errors import GongkaiError, UsageError
from gongkai.names.registry import Registry
from gongkai.package.baseline import Baseline
from gongkai.package.folder import agency_folders, iter_packages, read_package, report_folders
from gongkai.package.recovery import recover
from gongkai.system.atomic_folders import held, scratch_folder, write_whole
from gongkai.system.limits import LIMITS, Limits

REGISTRY = "agencies.csv"


def bring_up_to_date(
    datasets: Path,
    *,
    jobs: int,
    readings: Readings,
    tally: Tally,
    extract: Extract = extract,
    limits: Limits = LIMITS,
    accept_removals: bool = False,
) -> None:
    """File the reports that wait in ``datasets``, and make anew the packages that are missing, stale or not valid.

    What is there then is written into the baseline, unless an agency, a year or figures that were there before are gone
    and that is not accepted: then the tally has removals, and nothing may be published.
    """
    if not datasets.is_dir():
        raise UsageError(
            f"{datasets}: no such folder; make it and put reports into it, or name another with --datasets"
        )
    with _filing_desk(datasets, jobs, readings, tally, extract, limits, accept_removals) as (desk, baseline):
        waiting = report_files(datasets)
        for path in unclaimed(datasets):
            desk.clear(path)
        folders = list(report_folders(datasets))
        with progress(len(folders) + len(waiting)) as step:
            tasks = chain(desk.stale(folders, step), map(desk.task_beside, waiting))
            for result in desk.results(tasks):
                desk.settle(result, desk.file if result.task.file.parent == datasets else desk.renew)
                step()
        desk.compare()
        for folder, line in baseline.removed():
            tally.removal(line, folder)
        if not tally.removals:
            baseline.write()


def add_files(
    files: Iterable[Path],
    datasets: Path,
    *,
    jobs: int,
    readings: Readings,
    others: bool,
    tally: Tally,
    extract: Extract = extract,
    limits: Limits = LIMITS,
    accept_removals: bool = False,
) -> None:
    """File the given reports into ``datasets``. Only those that wait there are moved; the others are only read.

    The report of a place that is taken is replaced only if ``others`` says so, or the new one's origin.toml; one that
    has figures which the new one lacks, only if that is accepted.
    """
    if not datasets.is_dir():
        raise UsageError(f"{datasets}: no such folder; make it, or name another with --datasets")
    root = datasets.resolve()
    given = (datasets / file.name if file.parent.resolve() == root else file for file in files)
    with _filing_desk(datasets, jobs, readings, tally, extract, limits, accept_removals) as (desk, baseline):
        desk.take(given, others)
        if not tally.removals:
            baseline.add()


def extract_files(
    files: Iterable[Path],
    output: Path,
    datasets: Path,
    *,
    jobs: int,
    readings: Readings,
    others: bool,
    tally: Tally,
    extract: Extract = extract,
    limits: Limits = LIMITS,
) -> None:
    """Make packages of the given files under ``output``; the files, and ``datasets``' registry, are only read.

    A package that is there from other bytes is replaced only if ``others`` says so.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: cannot be made: {error.strerror}; name another --output") from error
    with _desk(output, datasets / REGISTRY, jobs, readings, tally, extract, limits) as desk:
        desk.take(files, others)


@contextmanager
def _filing_desk(
    datasets: Path,
    jobs: int,
    readings: Readings,
    tally: Tally,
    extract: Extract,
    limits: Limits,
    accept_removals: bool,
) -> Iterator[tuple[Desk, Baseline]]:
    """The desk of ``datasets`` itself, where agencies that are new are registered, and its baseline."""
    with _desk(datasets, datasets / REGISTRY, jobs, readings, tally, extract, limits) as desk:
        desk.registry_file = datasets / REGISTRY
        if len(desk.registry) > len(Registry.read(desk.registry_file)):
            write_whole(desk.registry_file, desk.registry.to_bytes())
        desk.baseline = Baseline.read(datasets, tally.say, accept=accept_removals)
        yield desk, desk.baseline


@contextmanager
def _desk(
    root: Path, registry_file: Path, jobs: int, readings: Readings, tally: Tally, extract: Extract, limits: Limits
) -> Iterator[Desk]:
    """A desk whose scratch folder lies under ``root``, on its file system, and is gone afterwards.

    No other run is at work under ``root`` meanwhile; what one that died left there is mended.
    """
    with held(root, tally.say), scratch_folder(root) as scratch:
        recover(root, scratch)
        registry = _with_agencies_of(root, Registry.read(registry_file))
        yield Desk(root, scratch, registry, jobs, readings, tally, extract, limits)


def _with_agencies_of(root: Path, registry: Registry) -> Registry:
    """The registry with the agencies whose packages lie under ``root``; contradictions are left to validation."""
    known = {folder.name for folder in agency_folders(root) if registry.by_id(folder.name)}
    for folder in iter_packages(root):
        if folder.parent.name not in known:
            known.add(folder.parent.name)
            with suppress(GongkaiError):
                agency = read_package(folder).report.agency
                registry = registry.with_agency(agency) if agency.id == folder.parent.name else registry
    return registry
