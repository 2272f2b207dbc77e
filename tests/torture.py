"""Builds that are killed, and the undisturbed run after each: its tree must be that of a run that nobody disturbed.

In: how many kills, and the seed that draws their moments. Out: a line for each kill whose tree differs, and the exit
status. As a program (``make torture``) it kills ``build.py`` itself at random moments of time; with ``--forks`` (what
``test_torture.py`` runs) it kills forks of a process that has everything in memory, each right before one of its
changes to the file system: before each that can be seen from outside, and before random others.
Half of the kills end the run with all its readers, half the run alone.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import mmap
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment

import build
from gongkai.build.commands import bring_up_to_date
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.build.worker import Task
from gongkai.model import Agency, Finding, Report
from gongkai.names.registry import COLUMNS, Registry
from gongkai.publish.site import render_site
from gongkai.system import sandbox
from tests.builders import AGENCY, extract_invented, make_report, write_invented, write_printed

BUREAU = Agency("990101-cai-zheng-ju", "示例市虚构区财政局", "990101", "county", "department")
PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区"}
_CORRECTION = "resource,row,column,value,reason,evidence,by,date\nrequests,granted,total,8,blurred,p. 2,A,2024-03-01\n"
_CHANGES = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "open"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_IN_SCRATCH = ".building-"

Write = Callable[..., Path]


# ---------------------------------------------------------------- what is built


def prepare(project: Path, write: Write, before: Callable[[Path], object]) -> None:
    """A folder of datasets with something of everything that a run can find there.

    ``write(folder, file, agency, year, more)`` writes a report, ``before`` runs the job once.
    """
    datasets = project / "datasets"
    datasets.mkdir(parents=True)
    row = f"{AGENCY.id},{AGENCY.name},,{AGENCY.division_code},{AGENCY.level},{AGENCY.kind},"
    (datasets / "agencies.csv").write_text("\n".join([",".join(COLUMNS), row, ""]), encoding="utf-8")
    for year in (2020, 2021, 2022):
        write(datasets, f"earlier-{year}.txt", AGENCY.name, year)
    before(project)
    own = datasets / AGENCY.id
    # A stale package, one that is corrected, one that another edition replaces, and one that somebody broke.
    shutil.rmtree(own / "2020")
    (own / "2020").mkdir()
    write(own / "2020", "report.txt", AGENCY.name, 2020)
    (own / "2021" / "corrections.csv").write_text(_CORRECTION, encoding="utf-8")
    write(datasets, "again.txt", AGENCY.name, 2022, "requests/granted/total=5")
    (datasets / "again.origin.toml").write_text("replace = true\n", encoding="utf-8")
    # What waits: reports with and without statements, the same file twice, and one that is refused.
    write(datasets, "corrected.txt", AGENCY.name, 2023)
    (datasets / "corrected.origin.toml").write_text('url = "https://www.example.org/"\n', encoding="utf-8")
    (datasets / "corrected.corrections.csv").write_text(_CORRECTION, encoding="utf-8")
    shutil.copyfile(datasets / "corrected.txt", datasets / "twice.txt")
    (datasets / "broken.txt").write_text("no report refuse", encoding="utf-8")


def write_real(folder: Path, file: str, agency: str, year: int, more: str = "") -> Path:
    """A report that is really read, for ``prepare``."""
    values: dict[Any, Any] = {}
    if more:
        name, _, value = more.partition("=")
        resource, row, column = name.split("/")
        values = {(resource, row, column): int(value)}
    title = f"{agency}{year}年政府信息公开工作年度报告"
    own = AGENCY if agency == AGENCY.name else BUREAU
    report = make_report(agency=own, year=year, title=title)
    figures = dict(report.figures)
    for key in figures:
        if tuple(key) in values:
            figures[key] = figures[key]._replace(printed=str(values[tuple(key)]))
    return write_printed(folder / file, replace(report, figures=figures))


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything under a folder, hidden files and empty folders too: the content of files, ``None`` for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def difference(found: dict[str, bytes | None], expected: dict[str, bytes | None]) -> str:
    """What is other in a tree; empty if nothing is."""
    parts = {
        "missing": sorted(expected.keys() - found.keys()),
        "too many": sorted(found.keys() - expected.keys()),
        "other": sorted(name for name in found.keys() & expected.keys() if found[name] != expected[name]),
    }
    return "; ".join(f"{what}: {', '.join(names[:6])}" for what, names in parts.items() if names)


# ---------------------------------------------------------------- forks of this process


def _hurry() -> None:
    """Have all in memory that every fork would do again, and wait for no disk: kills don't, power cuts would."""
    import gongkai.build.preload  # noqa: F401 - what readers have in memory

    compiled: dict[tuple[str, str | None], Any] = {}
    compile = Environment.compile

    def compile_once(self: Environment, source: str, name: str | None, *more: Any, **how: Any) -> Any:
        key = (source, name)
        if key not in compiled:
            compiled[key] = compile(self, source, name, *more, **how)
        return compiled[key]

    Environment.compile = compile_once  # type: ignore[method-assign,assignment]
    os.fsync = lambda _: None  # type: ignore[assignment]
    sandbox._server = lambda: multiprocessing.get_context("fork")  # type: ignore[assignment,return-value]
    within_limits = sandbox._within_limits

    def silently(*arguments: Any) -> None:
        """As the process that readers are otherwise forked from is."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        within_limits(*arguments)

    sandbox._within_limits = silently  # type: ignore[assignment]


def _job(project: Path) -> None:
    """The whole job, as ``build.py`` does it, with readers that are forked from this process."""
    run_report = RunReport()
    datasets = project / "datasets"
    bring_up_to_date(datasets, Options(jobs=2, extract=_extract), run_report)
    render_site(
        datasets,
        project / "site",
        templates=build.TEMPLATES,
        name_of=PLACES.get,
        refused=run_report.refusals,
        say=run_report.say,
    )


def _extract(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    return extract_invented(task, registry)


def _fork(project: Path, hook: Callable[[str, tuple[Any, ...]], None] | None = None) -> int:
    """Do the job in a fork, silently; how it ended, as ``os.waitpid`` says."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    status = 1
    try:
        os.setpgid(0, 0)
        nowhere = os.open(project.parent / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if hook:
            sys.addaudithook(hook)
        _job(project)
        status = 0
    except Exception:  # noqa: BLE001 - told, whatever it is
        traceback.print_exc()
    finally:
        os._exit(status)


def _change(event: str, arguments: tuple[Any, ...]) -> str:
    """The paths that an event is about to change; empty if it changes nothing."""
    if event not in _CHANGES:
        return ""
    if event == "open":
        path, _, flags = arguments
        return f"{path}" if isinstance(path, str) and flags & _WRITES and not path.startswith("/dev/") else ""
    return " ".join(str(argument) for argument in arguments if isinstance(argument, str | Path))


class _Killer:
    """Counts the changes that a run makes, and ends it right before one of them; before none if ``at`` is negative."""

    def __init__(self, at: int, whole_group: bool, told: Path | None = None) -> None:
        self.at, self.whole_group, self.told = at, whole_group, told
        self.seen, self.owner, self.busy = 0, 0, False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        self.owner = self.owner or os.getpid()
        if self.busy or os.getpid() != self.owner or not (change := _change(event, arguments)):
            return
        if self.seen == self.at:
            os.kill(0 if self.whole_group else self.owner, signal.SIGKILL)
        self.seen += 1
        if self.told:
            self.busy = True
            with self.told.open("a", encoding="utf-8") as file:
                file.write(f"{event} {change}\n")
            self.busy = False


class Full:
    """From the change with this number on, the run and its readers have no room on the disk; what is removed goes."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, mmap.mmap(-1, 8)  # all forks see it

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if _change(event, arguments) and event not in ("os.remove", "os.rmdir", "os.rename"):
            seen = int.from_bytes(self.seen[:], "little")
            self.seen[:] = (seen + 1).to_bytes(8, "little")
            if seen >= self.at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def kill_forks(folder: Path, kills: int, draw: random.Random) -> Iterator[str]:
    """A line for each kill after which the next run does not come to the same tree."""
    _hurry()
    start, calm = folder / "start", folder / "calm"
    prepare(start, write_invented, _job)
    write_invented(start / "datasets", "new.txt", "示例市虚构区水务局")
    write_invented(start / "datasets", "new too.txt", "示例市虚构区税务局")
    shutil.copytree(start, calm)
    changes = folder / "changes"
    _must(_fork(calm, _Killer(-1, False, changes)))
    expected = tree(calm)
    lines = changes.read_text(encoding="utf-8").splitlines()
    seen = [number for number, line in enumerate(lines) if _is_seen(line)]
    others = [number for number in range(len(lines)) if number not in set(seen)]
    moments = (draw.sample(seen, min(len(seen), kills * 4 // 5)) + draw.sample(others, len(others)))[:kills]
    for turn, moment in enumerate(moments):
        project = folder / "killed"
        shutil.copytree(start, project)
        ended = _fork(project, _Killer(moment, whole_group=turn % 2 == 0))
        if ended != signal.SIGKILL:
            yield f"{lines[moment]}: was not killed there ({ended})"
        _must(_fork(project))
        if wrong := difference(tree(project), expected):
            yield f"killed before {lines[moment]}: {wrong}"
        shutil.rmtree(project)


def _is_seen(line: str) -> bool:
    """Whether a change is one outside of the folders in which only the run itself looks."""
    return any(_IN_SCRATCH not in path for path in line.split(" ")[1:] if path.startswith("/"))


def _must(status: int) -> None:
    if status:
        raise SystemExit(f"an undisturbed run ended with {status}")


# ---------------------------------------------------------------- build.py itself


def kill_processes(folder: Path, kills: int, draw: random.Random) -> Iterator[str]:
    """A line for each kill of ``build.py``, at any moment of its time, after which the next run's tree is another."""
    start, calm = folder / "start", folder / "calm"
    prepare(start, write_real, _build)
    write_real(start / "datasets", "new.txt", BUREAU.name, 2022)
    (start / "datasets" / BUREAU.id / "2021").mkdir(parents=True)
    shutil.copytree(start, calm)
    began = time.monotonic()
    _build(calm)
    lasts = time.monotonic() - began
    expected = tree(calm)
    for turn in range(kills):
        project = folder / "killed"
        shutil.copytree(start, project)
        moment = draw.uniform(0, lasts)
        process = subprocess.Popen(
            _command(project), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if turn % 2 == 0 else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        _build(project)
        if wrong := difference(tree(project), expected):
            yield f"killed after {moment:.3f} of {lasts:.1f} seconds: {wrong}"
        shutil.rmtree(project)
        end = "\n" if turn + 1 == kills else "\r"
        print(f"{turn + 1} of {kills}", end=end, flush=True, file=sys.stderr)  # noqa: T201 - it takes its time


def _command(project: Path) -> list[str]:
    folders = ["--datasets", str(project / "datasets"), "--site", str(project / "site")]
    return [sys.executable, build.__file__, *folders, "--jobs", "2"]


def _build(project: Path) -> None:
    done = subprocess.run(_command(project), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise SystemExit(f"an undisturbed run ended with {done.returncode}: {done.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(description="kill builds, and compare what the next run makes of it")
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forks", action="store_true", help="kill forks, before changes to the file system")
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 - moments, not secrets
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for line in (kill_forks if options.forks else kill_processes)(Path(folder), options.kills, draw):
            failures += 1
            print(line, flush=True)  # noqa: T201 - a program
    print(f"{options.kills} kills, {failures} whose next run made another tree")  # noqa: T201
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
