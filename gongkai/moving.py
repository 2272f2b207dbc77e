"""Folders moved into their places, so that a run that dies leaves each of them whole, or what mends it.

In: a folder that is ready, and its place on the same file system. Out: the folder in its place. What a run that died
left half done or lying about is mended or removed by the next one; what runs at the same time is left alone.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gongkai.package import agency_folders

_OLD = ".old"


@contextmanager
def scratch_folder(root: Path, prefix: str = ".building-") -> Iterator[Path]:
    """A folder under ``root`` that is gone afterwards, as are those of runs that died.

    A run locks its own, and the system unlocks it when the run ends, however it ends.
    """
    with ExitStack() as ours:
        with ExitStack() as alone:
            _lock(root, alone)
            for left in [path for path in root.iterdir() if path.name.startswith(prefix)]:
                if left.is_symlink() or not left.is_dir():
                    left.unlink()
                elif not _is_locked(left):
                    shutil.rmtree(left, ignore_errors=True)
            scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=root))
            ours.callback(shutil.rmtree, scratch, ignore_errors=True)
            _lock(scratch, ours)
        yield scratch


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


def _lock(folder: Path, until: ExitStack, how: int = fcntl.LOCK_EX) -> None:
    """Lock a folder until the stack is left. Raises ``BlockingIOError`` where ``how`` says not to wait for others."""
    opened = os.open(folder, os.O_RDONLY)
    until.callback(os.close, opened)
    fcntl.flock(opened, how)


def _is_locked(folder: Path) -> bool:
    try:
        with ExitStack() as briefly:
            _lock(folder, briefly, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
