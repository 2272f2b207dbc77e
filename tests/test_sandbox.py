"""A reader's process ends with whoever started it, within its limits, and leaves nothing that stays."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.system import resource_limits, sandbox
from gongkai.system.limits import LIMITS, MIB
from gongkai.system.sandbox import run_in_sandbox
from tests.builders import write_invented

ROOT = Path(__file__).parents[1]
RUN = """
import sys
from dataclasses import replace
from pathlib import Path
import build
from gongkai.build.commands import bring_up_to_date
from gongkai.system.limits import LIMITS
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from tests.builders import extract_invented

signal = build.signal
signal.signal(signal.SIGTERM, signal.default_int_handler)
run_report = RunReport(frozenset(), False)
options = Options(jobs=2, extract=extract_invented, limits=replace(LIMITS, time_s=3000))
bring_up_to_date(Path(sys.argv[1]), options, run_report)
"""
"""The whole job's first half, with readers that do what an invented file says."""
PATIENCE_S = 60
"""How long anything is waited for before a test fails; what never happens would take 3000."""


def start(datasets: Path, temporary: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", RUN, str(datasets)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)


def below(ancestor: int) -> set[int]:
    """The processes that descend from one, in whatever generation."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found, sought = set[int](), {ancestor}
    while sought := {pid for pid, parent in pairs if parent in sought} - found:
        found |= sought
    return found


def alive(pids: Iterable[int]) -> set[int]:
    states = subprocess.run(["ps", "-A", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    running = {int(pid) for pid, state in map(str.split, states.splitlines()) if not state.startswith("Z")}
    return running & set(pids)


def wait_until(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_no_process_and_nothing_that_the_next_run_does_not_remove(
    how: signal.Signals, tmp_path: Path
) -> None:
    datasets, temporary = tmp_path / "datasets", tmp_path / "tmp"
    datasets.mkdir()
    temporary.mkdir()
    slow = [write_invented(datasets, f"{year}.txt", "示例市水务局", year, "hang") for year in (2021, 2022)]
    run = start(datasets, temporary)
    try:
        # The readers' scratch folders tell that both are at work.
        wait_until(lambda: len(list(datasets.glob(".building-*/*"))) == 2)
        started = below(run.pid)
        assert len(started) >= 3  # the server that they are forked from, and two readers
    finally:
        run.send_signal(how)
        run.communicate(timeout=PATIENCE_S)
    wait_until(lambda: not alive(started))
    for file in slow:
        file.unlink()
    again = start(datasets, temporary)
    _, told = again.communicate(timeout=PATIENCE_S)
    assert (again.returncode, told) == (0, b"")
    assert {path.name for path in datasets.iterdir()} <= {"index.csv"}
    assert [path for path in temporary.rglob("*") if path.parent != temporary] == []


def slumber(file: Path) -> None:
    file.write_text(str(os.getpid()))
    time.sleep(3000)


def starts_another(file: Path) -> None:
    context = multiprocessing.get_context("fork")
    context.Process(target=_watching, args=(file,)).start()
    wait_until(lambda: file.exists() and file.read_text())
    os._exit(0)


def _watching(file: Path) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=resource_limits.end_after, args=(parent.sentinel,), daemon=True).start()
    slumber(file)


def test_where_the_kernel_does_not_tell_of_a_parents_end_a_thread_waits_for_it(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    parent = multiprocessing.get_context("fork").Process(target=starts_another, args=(file,))
    parent.start()
    parent.join(PATIENCE_S)
    pid = int(file.read_text())
    wait_until(lambda: not alive([pid]))


# ---------------------------------------------------------------- time for pages


def recognise(pages: int, seconds: float) -> None:
    """Begin so many pages, and take so long over them all."""
    for _ in range(pages):
        resource_limits.scanned_page_begun()
    time.sleep(seconds)


def recognise_all(task: tuple[int, float]) -> None:
    recognise(*task)


def test_each_page_that_is_recognised_earns_time() -> None:
    limits = replace(LIMITS, time_s=5.0, time_s_per_scanned_page=500.0)
    ((_, text), (_, scan)) = run_in_sandbox([(0, 600.0), (1, 7.0)], recognise_all, 2, limits=limits)
    assert text.startswith("not read within 5 seconds")
    assert scan == ""


def boast(_: int) -> None:
    """Tell of more pages than any file has, past what the reader's own code would."""
    held = resource_limits._sandbox
    assert held is not None
    for _ in range(1000):
        try:
            os.write(held.told, b"." * 1000)
        except BrokenPipeError:
            break
        except BlockingIOError:
            time.sleep(0.01)
    time.sleep(3000)


def test_a_reader_that_claims_pages_without_end_has_no_more_time_than_the_longest_scan() -> None:
    limits = replace(LIMITS, time_s=4.0, time_s_per_scanned_page=0.5, scanned_pages=4)
    ((_, problem),) = run_in_sandbox([1], boast, 1, limits=limits)
    assert problem.startswith("not read within 6 seconds")


def measure(file: Path) -> None:
    before = resource_limits.seconds_left()
    resource_limits.scanned_page_begun()
    file.write_text(f"{before} {resource_limits.seconds_left()}")


def test_a_reader_knows_how_long_it_may_go_on(tmp_path: Path) -> None:
    limits = replace(LIMITS, time_s=100.0, time_s_per_scanned_page=50.0)
    assert list(run_in_sandbox([tmp_path / "told"], measure, 1, limits=limits)) == [(tmp_path / "told", "")]
    before, after = map(float, (tmp_path / "told").read_text().split())
    assert 0 < before <= 100 < after <= 150
    assert resource_limits.seconds_left() == float("inf")


# ---------------------------------------------------------------- memory


def fill(task: tuple[int, int]) -> None:
    pages, mib = task
    recognise(pages, 0)
    assert len(bytearray(mib * MIB)) == mib * MIB


def test_a_scan_may_take_more_memory_than_other_files_and_none_more_than_the_limit() -> None:
    limits = replace(LIMITS, memory_mib=600, scan_memory_mib=900, library_mib=100)
    tasks = [(0, 100), (0, 600), (1, 600), (1, 900)]
    problems = [problem for _, problem in run_in_sandbox(tasks, fill, 1, limits=limits)]
    assert problems[::2] == ["", ""]
    assert problems[1].startswith("takes more than 600 MiB")
    assert problems[3].startswith("takes more than 900 MiB")


# ---------------------------------------------------------------- sockets


def test_the_socket_of_the_readers_server_has_room_in_a_folder_with_a_long_name(tmp_path: Path) -> None:
    temporary = tmp_path / ("临时 文件夹" * 10)
    temporary.mkdir()
    assert len(os.fsencode(temporary)) > 100
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    write_invented(datasets, "2021.txt", "示例市水务局", 2021)
    run = start(datasets, temporary)
    _, told = run.communicate(timeout=PATIENCE_S)
    assert (run.returncode, told) == (0, b"")
    assert [path.name for path in datasets.glob("*/*")] == ["2021"]


def test_a_process_that_was_forked_leaves_the_socket_where_it_is(tmp_path: Path) -> None:
    tasks = [tmp_path / "1", tmp_path / "2"]
    for file in tasks:
        assert list(run_in_sandbox([file], Path.touch, 1)) == [(file, "")]
        forked = multiprocessing.get_context("fork").Process(target=int)
        forked.start()
        forked.join()


def test_a_folder_for_sockets_is_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_LONGEST_TEMPORARY", 1000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ours = sandbox._own_temporary()
    assert ours.parent == tmp_path
    assert ours.stat().st_mode & 0o777 == 0o700
    assert sandbox._own_temporary() == ours
    ours.chmod(0o755)
    assert sandbox._own_temporary() != ours
