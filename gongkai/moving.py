"""Folders moved into their places, so that a run that dies leaves each of them whole, or what mends it.

In: a folder that is ready, and its place on the same file system. Out: the folder in its place. What a run that died
left half done or lying about is mended or removed by the next one; what runs at the same time is left alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.package import agency_folders

_OLD = ".old"
_SCRATCH = ".building-"


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """A folder under ``root`` that is gone afterwards, as are those of runs that died."""
    scratch = root / f"{_SCRATCH}{os.getpid()}"
    for left in root.glob(f"{_SCRATCH}*"):
        if left.is_symlink() or not left.is_dir():
            left.unlink()
        elif left == scratch or not _is_running(left.name.removeprefix(_SCRATCH)):
            shutil.rmtree(left, ignore_errors=True)
    scratch.mkdir()
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def move_in(folder: Path, place: Path) -> None:
    """Move a package into its place. An older one there is moved aside first, and back by the next run if we die."""
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f".{place.name}{_OLD}")
    if place.exists():
        place.rename(aside)
    folder.rename(place)
    shutil.rmtree(aside, ignore_errors=True)


def recover(root: Path) -> None:
    """Mend what a run that died between two renames left. What is no folder there is not ours, and in the way."""
    for agency in agency_folders(root):
        for aside in sorted(agency.glob(f".????{_OLD}")):
            place = aside.with_name(aside.name[1:].removesuffix(_OLD))
            if aside.is_symlink() or not aside.is_dir():
                aside.unlink()
            elif place.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                aside.rename(place)


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, OSError):
        return False
    return True
