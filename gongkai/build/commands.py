"""Reports that wait in datasets/, and packages that are out of date -> packages in their places.

In: a folder of datasets, or files and an output folder. Out: packages at ``<agency-id>/<year>/``, each moved there
whole; the registry, with the agencies that are new; a line for each file that was refused, which stays where it lies.
The order of the files decides who comes first, never the order in which their readers finish. ``ingest`` puts each into
its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from gongkai.build.inbox import clear_unclaimed, report_files
from gongkai.build.ingest import Ingest
from gongkai.build.options import Options
from gongkai.build.placement import FileFromInbox, FileGiven, RenewInPlace
from gongkai.build.run_report import RunReport, progress
from gongkai.errors import GongkaiError, UsageError
from gongkai.names.registry import Registry
from gongkai.package.baseline import Baseline
from gongkai.package.folder import agency_folders, iter_packages, read_package, report_folders
from gongkai.package.recovery import recover
from gongkai.system.atomic_folders import held, scratch_folder, write_whole

REGISTRY = "agencies.csv"


def bring_up_to_date(datasets: Path, options: Options, run_report: RunReport) -> None:
    """File the reports that wait in ``datasets``, and make anew the packages that are missing, stale or not valid.

    What is there then is written into the baseline, unless an agency, a year or figures that were there before are gone
    and that is not accepted: then the run's report has removals, and nothing may be published.
    """
    if not datasets.is_dir():
        raise UsageError(
            f"{datasets}: no such folder; make it and put reports into it, or name another with --datasets"
        )
    with _ingest_into_datasets(datasets, options, run_report) as (ingest, baseline):
        inbox = report_files(datasets)
        clear_unclaimed(datasets, run_report)
        folders = list(report_folders(datasets))
        with progress(len(folders) + len(inbox)) as step:
            tasks = chain(ingest.stale_tasks(folders, step), map(ingest.task_beside, inbox))
            for result in ingest.results(tasks):
                from_inbox = result.task.file.parent == datasets
                ingest.place(result, FileFromInbox() if from_inbox else RenewInPlace())
                step()
        ingest.compare()
        for folder, line in baseline.removed():
            run_report.removal(line, folder)
        if not run_report.removals:
            baseline.write()


def add_files(files: Iterable[Path], datasets: Path, options: Options, run_report: RunReport) -> None:
    """File the given reports into ``datasets``. Only those that wait there are moved; the others are only read.

    The report of a place that is taken is replaced only if the options say so, or the new one's origin.toml; one that
    has figures which the new one lacks, only if that is accepted.
    """
    if not datasets.is_dir():
        raise UsageError(f"{datasets}: no such folder; make it, or name another with --datasets")
    root = datasets.resolve()
    given = (datasets / file.name if file.parent.resolve() == root else file for file in files)
    with _ingest_into_datasets(datasets, options, run_report) as (ingest, baseline):
        _ingest_given(ingest, given, into_datasets=True)
        if not run_report.removals:
            baseline.add()


def extract_files(files: Iterable[Path], output: Path, datasets: Path, options: Options, run_report: RunReport) -> None:
    """Make packages of the given files under ``output``; the files, and ``datasets``' registry, are only read.

    A package that is there from other bytes is replaced only if the options say so.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{output}: cannot be made: {error.strerror}; name another --output") from error
    with _ingest_into(output, datasets / REGISTRY, options, run_report) as ingest:
        _ingest_given(ingest, files, into_datasets=False)


def _ingest_given(ingest: Ingest, files: Iterable[Path], *, into_datasets: bool) -> None:
    """Put the packages of files that are given into their places; ``into_datasets``: some of them may wait there."""
    run_report, replace = ingest.run_report, ingest.options.replace
    from_inbox = FileFromInbox(replace)
    elsewhere = FileGiven(replace, may_state_replace=into_datasets, earlier=ingest.given)
    given = list(dict.fromkeys(files))
    with progress(len(given)) as step:
        for result in ingest.results(ingest.task_beside(file) for file in given if _exists(file, run_report)):
            waited = into_datasets and result.task.file.parent == ingest.root
            ingest.place(result, from_inbox if waited else elsewhere)
            step()
    ingest.compare()


def _exists(file: Path, run_report: RunReport) -> bool:
    if file.is_file():
        return True
    run_report.refuse(file, "is a folder; name the files in it" if file.is_dir() else "no such file; check its name")
    return False


@contextmanager
def _ingest_into_datasets(datasets: Path, options: Options, run_report: RunReport) -> Iterator[tuple[Ingest, Baseline]]:
    """What puts packages into ``datasets`` itself, where agencies that are new are registered, and its baseline."""
    with _ingest_into(datasets, datasets / REGISTRY, options, run_report) as ingest:
        ingest.registry_file = datasets / REGISTRY
        if len(ingest.registry) > len(Registry.read(ingest.registry_file)):
            write_whole(ingest.registry_file, ingest.registry.to_bytes())
        ingest.baseline = Baseline.read(datasets, run_report.say, accept=options.accept_removals)
        yield ingest, ingest.baseline


@contextmanager
def _ingest_into(root: Path, registry_file: Path, options: Options, run_report: RunReport) -> Iterator[Ingest]:
    """What puts packages under ``root``; its scratch folder lies there, on that file system, and is gone afterwards.

    No other run is at work under ``root`` meanwhile; what one that died left there is mended.
    """
    with held(root, run_report.say), scratch_folder(root) as scratch:
        recover(root, scratch)
        registry = _with_agencies_of(root, Registry.read(registry_file))
        yield Ingest(root, scratch, registry, options, run_report)


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
