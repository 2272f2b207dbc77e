"""What befalls a run from outside: files that change under it, folders that may not be written, disks that are full."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import build
from gongkai.build.commands import bring_up_to_date, extract_files
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.build.worker import Extract, Task
from gongkai.errors import UsageError
from gongkai.model import Finding, Report
from gongkai.names.registry import Entry, Registry
from gongkai.package.folder import read_package
from gongkai.package.validate import validate_all
from tests.builders import AGENCY, extract_invented, write_invented
from tests.torture import BUREAU, difference, tree, write_real

WATER, ID = "示例市虚构区水务局", "990101-shui-wu-ju"
ROOT = Path(build.__file__).parent


def bring(datasets: Path, extract: Extract = extract_invented) -> RunReport:
    run_report = RunReport()
    bring_up_to_date(datasets, Options(extract=extract), run_report)
    return run_report


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


# ---------------------------------------------------------------- a file that changes while it is read


def meanwhile(
    task: Task, registry: Registry, *, befalls: Callable[[Path], object]
) -> tuple[Report, tuple[Finding, ...]]:
    """Read a report to which something happens meanwhile, where its agency's people left it."""
    befalls(task.scratch.parents[1])
    return extract_invented(task, registry)


def rewrite(datasets: Path) -> None:
    write_invented(datasets, "a.txt", WATER, 2023, "requests/granted/total=5")


def cut(datasets: Path) -> None:
    os.truncate(datasets / "a.txt", 3)


def vanish(datasets: Path) -> None:
    (datasets / "a.txt").unlink()


def state(datasets: Path) -> None:
    (datasets / "a.origin.toml").write_text('note = "second"', encoding="utf-8")


@pytest.mark.parametrize(
    ("befalls", "problem"),
    [
        pytest.param(rewrite, "has changed while it was read; run again", id="rewritten"),
        pytest.param(cut, "has changed while it was read; run again", id="cut"),
        pytest.param(vanish, "has gone while it was read; put it back, and run again", id="gone"),
    ],
)
def test_a_report_to_which_something_happens_while_it_is_read_costs_one_line(
    befalls: Callable[[Path], object], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_invented(tmp_path, "a.txt", WATER)
    assert bring(tmp_path, partial(meanwhile, befalls=befalls)).exit_status == 1
    assert lines(capsys) == [f"{file}: {problem}"]
    assert {path.name for path in tmp_path.iterdir()} <= {"a.txt", "index.csv"}


def test_a_report_that_was_rewritten_while_it_was_read_is_filed_by_the_next_run(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    bring(tmp_path, partial(meanwhile, befalls=rewrite))
    assert bring(tmp_path).exit_status == 0
    assert read_package(tmp_path / ID / "2023").report.value("requests", "granted", "total") == 5


def test_a_package_is_of_the_statement_that_was_read_and_a_newer_one_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    stated = tmp_path / "a.origin.toml"
    stated.write_text('note = "first"', encoding="utf-8")
    assert bring(tmp_path, partial(meanwhile, befalls=state)).exit_status == 1
    place = tmp_path / ID / "2023"
    assert lines(capsys) == [f"{stated}: has changed since it was read; move what it states into {place}"]
    assert read_package(place).report.origin.note == "first"
    assert "first" in (place / "origin.toml").read_text(encoding="utf-8")
    assert "second" in stated.read_text(encoding="utf-8")
    assert [problems for _, problems in validate_all(tmp_path)] == [[], []]


def test_a_report_that_goes_between_listing_and_reading_costs_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (write_invented(tmp_path, name, WATER, year) for name, year in (("a.txt", 2022), ("b.txt", 2023)))
    monkeypatch.setattr(
        "gongkai.build.commands._exists", lambda file, _: file.unlink() is None if file == first else True
    )
    run_report = RunReport()
    extract_files([first, second], tmp_path / "out", tmp_path, Options(extract=extract_invented), run_report)
    assert (run_report.refused, run_report.reports) == (1, 1)
    assert lines(capsys) == [f"{first}: has just gone; put it back, and run again"]


# ---------------------------------------------------------------- statements that a run that died left


@pytest.mark.parametrize("left", ["a.origin.toml", "a.corrections.csv"])
def test_a_statement_that_its_report_s_package_has_already_is_removed(left: str, tmp_path: Path) -> None:
    stated = {
        "a.origin.toml": 'note = "first"',
        "a.corrections.csv": "resource,row,column,value,reason,evidence,by,date\n"
        "requests,granted,total,8,blurred,p. 2,A,2024-03-01\n",
    }
    write_invented(tmp_path, "a.txt", WATER)
    (tmp_path / left).write_text(stated[left], encoding="utf-8")
    bring(tmp_path)
    before = tree(tmp_path)
    (tmp_path / left).write_text(stated[left], encoding="utf-8")
    assert bring(tmp_path).exit_status == 0
    assert tree(tmp_path) == before
    (tmp_path / left).write_text(f"{stated[left]}\n# another".replace("blurred", "stained"), encoding="utf-8")
    assert bring(tmp_path).exit_status == 1
    assert (tmp_path / left).exists()


# ---------------------------------------------------------------- what may not, or can't, be written


def forbid(*_: object, **__: object) -> str:
    raise OSError(errno.EROFS, "Read-only file system", "somewhere")


@pytest.mark.parametrize(
    "arguments", [[], ["add", "a.txt"], ["extract", "a.txt", "--output", "out"], ["render"]], ids=lambda a: a[:1]
)
def test_a_folder_that_may_not_be_written_is_one_line_and_wrong_usage(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(tempfile, "mkdtemp", forbid)
    assert build.main(arguments) == 2
    (line,) = lines(capsys)
    assert line.endswith(": can't be written: Read-only file system; allow it, or name another")


def test_render_leaves_the_site_that_is_there_where_there_are_no_datasets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert build.main(["render"]) == 2
    assert lines(capsys) == ["datasets: no such folder; make it, or name another"]
    assert list(tmp_path.iterdir()) == []


FULL = """
import os, sys
from pathlib import Path
from tests import torture
torture._hurry()
import build
from dataclasses import replace
from gongkai.build import commands
from tests.builders import extract_invented
bring = commands.bring_up_to_date
commands.bring_up_to_date = lambda datasets, options, run_report: bring(
    datasets, replace(options, extract=extract_invented), run_report
)
os.chdir(sys.argv[1])
for at in map(int, sys.argv[2:]):
    child = os.fork()
    if not child:
        os.dup2(os.open("../told", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        sys.addaudithook(torture.Full(at))
        os._exit(build.main([]))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(at, status, Path("../told").read_text().count("\\n"), Path("../told").read_text(), end="", flush=True)
    left = [p for p in Path().rglob(".*") if p.name != ".gongkai-site"]
    assert not left, left
"""


def test_a_disk_that_is_full_at_any_moment_is_one_line_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "datasets").mkdir(parents=True)
    write_invented(project / "datasets", "a.txt", WATER)
    write_invented(project / "datasets", "b.txt", WATER, 2022)
    moments = [*range(0, 40, 2), 60, 90]
    command = [sys.executable, "-c", FULL, str(project), *map(str, moments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert len(told) == len(moments)
    for line, moment in zip(told, moments, strict=True):
        assert line.startswith(f"{moment} 1 1 "), line
        assert line.endswith(
            ": No space left on device; free some on that disk, and run again; what was done so far stays"
        )
    assert [problems for _, problems in validate_all(project / "datasets")] == [[], [], []]


# ---------------------------------------------------------------- two runs at once


def _start(project: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, build.__file__, *arguments, "--jobs", "1", "--readings", "single"]
    return subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _prepared(project: Path) -> Path:
    (project / "datasets").mkdir(parents=True)
    (project / "datasets" / "agencies.csv").write_bytes(Registry([Entry(AGENCY)]).to_bytes())
    for year in (2020, 2021, 2022):
        write_real(project / "datasets", f"{year}.txt", AGENCY.name, year)
    write_real(project, "given.txt", BUREAU.name, 2022).with_name("given.origin.toml").write_text(
        f'agency = "{BUREAU.name}"\n', encoding="utf-8"
    )
    (project / "datasets" / "agencies.csv").write_bytes(Registry([Entry(AGENCY), Entry(BUREAU)]).to_bytes())
    return project


def _ended(process: "subprocess.Popen[str]") -> None:
    """Have a run end well; it may have had to wait for another one, and says nothing else."""
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    assert all("another run is at work here; this one waits for it to end" in line for line in told.splitlines())


@pytest.mark.parametrize("second", [[], ["add", "given.txt"]], ids=["the-whole-job", "add"])
def test_two_runs_at_once_come_to_the_tree_of_one_after_the_other(second: list[str], tmp_path: Path) -> None:
    at_once, in_turn = _prepared(tmp_path / "at once"), _prepared(tmp_path / "in turn")
    for process in [_start(at_once), _start(at_once, *second)]:
        _ended(process)
    _ended(_start(in_turn, *second))
    # Whoever came first, this has nothing left to do but to show all that is there.
    for project in (at_once, in_turn):
        _ended(_start(project))
    assert difference(tree(at_once), tree(in_turn)) == ""


def test_two_extractions_into_one_folder_at_once_come_to_all_packages(tmp_path: Path) -> None:
    project = _prepared(tmp_path)
    files = [str(path) for path in sorted((project / "datasets").glob("*.txt"))]
    for process in [_start(project, "extract", *own, "--output", "out") for own in (files, files[1:])]:
        _ended(process)
    left = {path.relative_to(project / "out").as_posix() for path in (project / "out").glob("*/*")}
    assert left == {f"{AGENCY.id}/{year}" for year in (2020, 2021, 2022)}
    assert list((project / "out").rglob(".*")) == []


# ---------------------------------------------------------------- where nothing can be told


@pytest.mark.parametrize(("redirection", "status"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&- <&-", 0)])
def test_a_run_without_standard_streams_does_its_work(redirection: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "agencies.csv").write_bytes(Registry([Entry(AGENCY)]).to_bytes())
    write_real(tmp_path / "datasets", "b.txt", AGENCY.name, 2022)
    shell = f'exec "$0" "$1" --readings single {redirection}'
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable, build.__file__], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (status, b"")
    assert (tmp_path / "datasets" / AGENCY.id / "2022" / "datapackage.json").exists()
    assert (tmp_path / "site" / "index.html").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_nobody_can_take_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, build.__file__, "validate"]
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert b"No space left on device" in done.stderr
        done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=full, check=False)
        assert (done.returncode, done.stdout) == (0, b"0 reports, 0 refused, 0 with findings\n")


def test_an_output_whose_folder_cannot_be_made_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="another --output"):
        extract_files([], tmp_path / "file" / "out", tmp_path, Options(), RunReport())
