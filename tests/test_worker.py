import json
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from gongkai.build.worker import Task, TaskResult, _work, run_tasks
from gongkai.model import Finding, Report
from gongkai.names.registry import Registry
from gongkai.system.limits import LIMITS
from gongkai.system.sandbox import _within_limits
from tests.builders import extract_invented, make_report, source_of, write_invented

AGENCY = "示例市水务局"


def tasks(folder: Path, *troubles: str) -> list[Task]:
    """A task for each trouble: a file of a year of its own, named in order."""
    return [
        Task(write_invented(folder, f"{number}.txt", AGENCY, 2010 + number, trouble), folder / f"scratch-{number}")
        for number, trouble in enumerate(troubles)
    ]


def results(folder: Path, *troubles: str, jobs: int = 2, time_limit: float = 60) -> list[TaskResult]:
    limits = replace(LIMITS, time_s=time_limit)
    return list(run_tasks(tasks(folder, *troubles), Registry(), jobs, extract=extract_invented, limits=limits))


def test_a_file_becomes_a_valid_package_in_its_scratch_folder(tmp_path: Path) -> None:
    (result,) = results(tmp_path, "")
    assert result.problem == ""
    assert result.package
    assert result.package.folder == tmp_path / "scratch-0" / "package"
    assert result.package.report.year == 2010
    assert result.agency
    assert (result.agency.name, result.agency.kind) == (AGENCY, "department")


def test_results_come_in_the_order_of_the_tasks_whoever_is_ready_first(tmp_path: Path) -> None:
    found = results(tmp_path, "slow", "", "slow", "", jobs=4)
    assert [result.task.file.name for result in found] == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert all(result.package for result in found)


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        pytest.param("refuse", "a list of links, not a report; give the report itself", id="refused"),
        pytest.param("stumble", "could not be read: RuntimeError: first line\nsecond line\x1b[31m", id="stumbled"),
        pytest.param("die", "its reader died (SIGKILL); the file may be damaged", id="killed"),
        pytest.param("vanish", "its reader left no answer", id="vanished"),
        pytest.param("swell", "takes more than 1536 MiB to read", id="swollen"),
    ],
)
def test_a_file_that_harms_its_reader_costs_one_problem_and_no_other_report(
    trouble: str, problem: str, tmp_path: Path
) -> None:
    before, harmed, after = results(tmp_path, "", trouble, "")
    assert before.package
    assert after.package
    assert harmed.package is None
    assert harmed.problem.startswith(problem)


def test_a_reader_that_hangs_is_ended(tmp_path: Path) -> None:
    started = time.monotonic()
    hung, other = results(tmp_path, "hang", "", time_limit=5)
    assert "not read within 5 seconds" in hung.problem
    assert other.package
    assert time.monotonic() - started < 60


def test_a_reader_that_writes_without_end_is_refused(tmp_path: Path) -> None:
    assert LIMITS.written_bytes < 10**9
    flooding, other = results(tmp_path, "flood", "")
    assert "File too large" in flooding.problem
    assert other.package


def test_a_reader_that_nobody_is_left_to_end_ends_by_itself() -> None:
    context = multiprocessing.get_context("fork")
    _, told = context.Pipe(duplex=False)
    over = replace(LIMITS, time_s=-9.0)
    reader = context.Process(target=partial(_within_limits, time.sleep, over, told), args=(60,))
    started = time.monotonic()
    reader.start()
    reader.join(30)
    assert reader.exitcode == -signal.SIGALRM
    assert time.monotonic() - started < 30


def test_nothing_that_a_library_prints_reaches_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (result,) = results(tmp_path, "chatter")
    assert result.package
    assert capfd.readouterr() == ("", "")


def test_a_caller_that_stops_early_leaves_no_reader_behind(tmp_path: Path) -> None:
    stream = run_tasks(tasks(tmp_path, "", "hang", "hang"), Registry(), 3, extract=extract_invented)
    assert next(stream).package
    started = time.monotonic()
    stream.close()
    assert time.monotonic() - started < 30


def test_tasks_are_taken_only_as_readers_are_free(tmp_path: Path) -> None:
    taken: list[Task] = []

    def given() -> Iterator[Task]:
        for task in tasks(tmp_path, "", "", "", ""):
            taken.append(task)
            yield task

    stream = run_tasks(given(), Registry(), 1, extract=extract_invented)
    next(stream)
    assert len(taken) <= 2
    assert len(list(stream)) == 3


def test_the_name_under_which_a_file_was_published_is_kept(tmp_path: Path) -> None:
    (task,) = tasks(tmp_path, "")
    named = Task(task.file, task.scratch, name="2010年年报.txt")
    (result,) = run_tasks([named], Registry(), 1, extract=extract_invented)
    assert result.package
    assert result.package.report.source.name == "2010年年报.txt"


# ---------------------------------------------------------------- a reader that a file has taken over


def forged(
    task: Task, registry: Registry, *, change: Callable[[Path, Path], object]
) -> tuple[Report, tuple[Finding, ...]]:
    """Leave a package and an answer that somebody has changed, and end before anybody can tidy up."""
    given = shutil.copyfile(task.file, task.scratch.with_suffix(task.file.suffix))
    shutil.rmtree(task.scratch)
    _work(replace(task, file=given), registry, extract_invented)
    change(task.scratch / "package", task.scratch / "answer.json")
    os._exit(0)


def invalid(task: Task, _: Registry) -> tuple[Report, tuple[Finding, ...]]:
    sections = make_report().sections
    return make_report(source=source_of(task.file), sections=(*sections, sections[0])), ()


def add_a_file(package: Path, _: Path) -> None:
    (package / "setup.py").touch()


def link_a_file(package: Path, _: Path) -> None:
    (package / "report.txt").unlink()
    (package / "report.txt").symlink_to("/etc/hostname")


def link_the_package(package: Path, _: Path) -> None:
    package.rename(package.with_name("elsewhere"))
    package.symlink_to("elsewhere")


def climb(package: Path, answer: Path) -> None:
    for path in (package / "datapackage.json", answer):
        path.write_text(path.read_text(encoding="utf-8").replace("990101-shui-wu-ju", "../../990101"), encoding="utf-8")


def name_another_agency(_: Path, answer: Path) -> None:
    told = json.loads(answer.read_bytes())
    told["agency"]["name"] = "示例市人民政府"
    answer.write_text(json.dumps(told))


def answer_without_end(_: Path, answer: Path) -> None:
    os.truncate(answer, 10**8)


@pytest.mark.parametrize(
    ("extract", "problem"),
    [
        pytest.param(partial(forged, change=add_a_file), "setup.py: does not belong in a package", id="a-file-more"),
        pytest.param(partial(forged, change=link_a_file), "report.txt: is no regular file", id="a-link-for-a-file"),
        pytest.param(partial(forged, change=link_the_package), "left no package", id="a-link-for-the-package"),
        pytest.param(partial(forged, change=climb), "of a form that it cannot have", id="an-id-that-climbs"),
        pytest.param(partial(forged, change=name_another_agency), "contradicts itself", id="two-agencies"),
        pytest.param(partial(forged, change=answer_without_end), "left no answer", id="an-answer-without-end"),
        pytest.param(invalid, "would not be a valid package: sections.csv: row 8: 1 stands there twice", id="invalid"),
    ],
)
def test_what_a_reader_leaves_is_believed_only_once_it_is_checked(
    extract: Callable[[Task, Registry], tuple[Report, tuple[Finding, ...]]], problem: str, tmp_path: Path
) -> None:
    (result,) = run_tasks(tasks(tmp_path, ""), Registry(), 1, extract=extract)
    assert result.package is None
    assert problem in result.problem
