import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gongkai.errors import UsageError
from gongkai.package.recovery import left_aside, recover
from gongkai.system.atomic_folders import (
    aside,
    held,
    move_in,
    put_back,
    scratch_folder,
    write_whole,
)

HOLD = """
import sys
from pathlib import Path
from gongkai.system.atomic_folders import held
with held(Path(sys.argv[1]), to_read=sys.argv[2] == "read"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path, how: str = "write") -> "subprocess.Popen[str]":
    """Another run that is at work in a folder until it is let go."""
    command = [sys.executable, "-c", HOLD, str(folder), how]
    other = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def let_go(other: "subprocess.Popen[str]") -> None:
    other.communicate(timeout=60)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


# ---------------------------------------------------------------- runs at once


@pytest.mark.parametrize(("theirs", "to_read"), [("write", False), ("write", True), ("read", False)])
def test_a_run_that_is_at_work_is_waited_for_and_told_in_one_line(theirs: str, to_read: bool, tmp_path: Path) -> None:
    other = hold(tmp_path, theirs)
    told: list[str] = []
    thread = threading.Timer(0.2, let_go, [other])
    thread.start()
    with held(tmp_path, told.append, to_read=to_read):
        assert other.poll() is not None or other.wait(60) == 0
    thread.join()
    assert told == [f"{tmp_path}: another run is at work here; this one waits for it to end"]


def test_those_who_only_read_wait_for_nobody(tmp_path: Path) -> None:
    other = hold(tmp_path, "read")
    told: list[str] = []
    with held(tmp_path, told.append, to_read=True):
        assert other.poll() is None
    let_go(other)
    assert told == []


def test_a_run_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    other = hold(tmp_path)
    other.kill()
    other.communicate()
    told: list[str] = []
    with held(tmp_path, told.append):
        assert told == []


def test_a_run_does_not_wait_for_itself(tmp_path: Path) -> None:
    told: list[str] = []
    with held(tmp_path, told.append, to_read=True), held(tmp_path / ".", told.append), held(tmp_path, told.append):
        pass
    with held(tmp_path, told.append):
        other = subprocess.run(
            [sys.executable, "-c", "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], 0), 6)", tmp_path],
            capture_output=True,
            check=False,
        )
        assert b"BlockingIOError" in other.stderr
    assert told == []


def test_what_is_no_folder_cannot_be_held(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("nowhere", "file"):
        with pytest.raises(UsageError, match=f"{name}: no such folder"), held(tmp_path / name):
            pass


# ---------------------------------------------------------------- whole or not at all


def test_a_file_that_is_written_leaves_no_other_behind(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        write_whole(tmp_path / "a.csv", content)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"second"}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a.csv", b"first")
    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.csv", b"second")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"first"}


def test_a_move_that_fails_puts_the_old_folder_back(tmp_path: Path) -> None:
    place = tmp_path / "990101-a" / "2023"
    place.mkdir(parents=True)
    (place / "old").touch()
    with scratch_folder(tmp_path) as scratch, pytest.raises(OSError, match="No such file"):
        move_in(scratch / "nothing", place, scratch, to_rest=False)
    assert (place / "old").exists()
    assert left_aside(tmp_path) == []


def test_a_package_is_on_the_disk_before_it_is_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, order = tmp_path / "990101-a" / "2023", []
    rename, fsync = Path.rename, os.fsync

    def noted_rename(path: Path, target: Path) -> Path:
        order.append(f"rename {path.name} {target.name}")
        return rename(path, target)

    def noted_fsync(opened: int) -> None:
        order.append(f"sync {Path(f'/proc/self/fd/{opened}').readlink().name}" if sys.platform == "linux" else "sync")
        fsync(opened)

    monkeypatch.setattr(Path, "rename", noted_rename)
    monkeypatch.setattr(os, "fsync", noted_fsync)
    with scratch_folder(tmp_path) as scratch:
        (scratch / "new").mkdir()
        (scratch / "new" / "report.txt").touch()
        move_in(scratch / "new", place, scratch)
    expected = ["sync report.txt", "sync new", "rename new 2023", "sync 990101-a", f"sync {tmp_path.name}"]
    assert order == (
        expected if sys.platform == "linux" else [each if "rename" in each else "sync" for each in expected]
    )


def test_what_lies_aside_is_put_back_only_into_a_free_place(tmp_path: Path) -> None:
    for name in ("2021", "2022"):
        aside(tmp_path / "990101-a" / name).mkdir(parents=True)
        (aside(tmp_path / "990101-a" / name) / "old").touch()
    (tmp_path / "990101-a" / "2022").mkdir()
    with scratch_folder(tmp_path) as scratch:
        recover(tmp_path, scratch)
        put_back(tmp_path / "990101-a" / "2023", scratch)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "990101-a",
        "990101-a/2021",
        "990101-a/2021/old",
        "990101-a/2022",
    ]


def test_what_cannot_be_written_names_the_folder_that_people_know(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space") as raised, scratch_folder(tmp_path) as scratch:
        raise OSError(errno.ENOSPC, "No space left on device", str(scratch / "1" / "requests.csv"))
    assert raised.value.filename == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
