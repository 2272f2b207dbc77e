"""Folders moved into their places, so that a run that dies leaves each of them whole, or what mends it.

In: a folder or the content of a file that is ready, and its place on the same file system. Out: it in its place, and on
the disk before anything goes that it was made from. What a run that died left half done or lying about is mended or
removed by the next one; a run that is at work on the same folder is waited for.
Promised, as far as a file system keeps what rename and fsync say: whoever looks sees a package, a registry or a site
whole, or the one before it; a report that a person put into datasets/ is removed only once its package has come to
rest on the disk. A site has no such rest: after a power cut it may have to be rendered again.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from gongkai.errors import UsageError, is_forbidden

_SCRATCH = ".building-"
OLD = ".old"
"""At the end of the name of what lies aside."""
_ROOM = 1 << 20
"""Bytes; the tables of the longest report take less."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EBADF, errno.EINVAL)
"""What file systems answer that have no locks: there, two runs at once are for people to avoid."""

_held: dict[tuple[int, int], tuple[int, int]] = {}
"""The folders that this process holds, by device and inode: the descriptor, and how it is locked."""


def _tell_nobody(_: str) -> None:
    """For locks that are held for a moment."""


@contextmanager
def held(folder: Path, say: Callable[[str], object] = _tell_nobody, *, to_read: bool = False) -> Iterator[None]:
    """Meanwhile no other run changes anything under ``folder`` and, unless it is held to be read, none reads there.

    A run that is at work there is waited for, and ``say`` is told so. The system frees the folder when the run ends,
    however it ends. Raises ``UsageError`` where there is no such folder.
    """
    wanted = fcntl.LOCK_SH if to_read else fcntl.LOCK_EX
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{folder}: no such folder; make it, or name another") from error
    facts = os.fstat(opened)
    key = (facts.st_dev, facts.st_ino)
    with ExitStack() as until:
        until.callback(os.close, opened)
        mine, how = _held.get(key, (opened, 0))
        if wanted != how and how != fcntl.LOCK_EX:
            _lock(mine, wanted, lambda: say(f"{folder}: another run is at work here; this one waits for it to end"))
            _held[key] = mine, wanted
            until.callback(_let_go, key, mine, how)
        yield


@contextmanager
def scratch_folder(root: Path, prefix: str = _SCRATCH) -> Iterator[Path]:
    """A folder under ``root`` that is gone afterwards, as are those of runs that died.

    A run locks its own, and the system unlocks it when the run ends, however it ends. Raises ``UsageError`` where
    nothing may be written under ``root``; what else can't be written there, later, is an ``OSError`` that names it.
    """
    with ExitStack() as ours:
        try:
            with held(root):
                _sweep(root, prefix)
                scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=root))
                ours.callback(_remove, scratch)
                ours.enter_context(held(scratch))
        except OSError as error:
            if is_forbidden(error):
                raise UsageError(f"{root}: can't be written: {error.strerror}; allow it, or name another") from error
            raise _named(error, root) from error
        try:
            yield scratch
        except OSError as error:
            raise _named(error, root) from error


def move_in(folder: Path, place: Path, scratch: Path, *, to_rest: bool = True) -> None:
    """Move a folder into its place. An older one there is moved aside first, and back by the next run if we die.

    ``scratch`` takes the older one. ``to_rest``: it is on the disk before it is in its place, and so is the place
    before this returns.
    """
    if to_rest:
        _bring_to_rest(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    older = aside(place)
    if place.exists():
        place.rename(older)
    try:
        folder.rename(place)
    except OSError:
        if older.exists():
            older.rename(place)
        raise
    if to_rest:
        _sync(place.parent)
        _sync(place.parent.parent)
    _discard(older, scratch)


def put_back(place: Path, scratch: Path) -> None:
    """Move what lies aside back into its place, unless that is taken."""
    older = aside(place)
    if older.is_symlink() or (older.exists() and not older.is_dir()):
        older.unlink()
    elif place.exists():
        _discard(older, scratch)
    elif older.exists():
        older.rename(place)


def aside(place: Path) -> Path:
    """Where what lay in a place lies for the moment in which another one is moved there."""
    return place.with_name(f".{place.name}{OLD}")


def write_whole(path: Path, content: bytes) -> None:
    """Put a file into its place whole, and on the disk, or leave the old one.

    Its folder must be held, since what a run that died left of it is removed by the next one's ``scratch_folder``.
    """
    descriptor, beside = tempfile.mkstemp(prefix=_SCRATCH, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def require_room(scratch: Path, original: Path) -> None:
    """Raises ``OSError`` where a scratch folder can't take the package of a report: it is gone, or its disk is full."""
    size = original.stat().st_size if original.exists() else 0
    probe = scratch / "probe"
    try:
        with probe.open("wb") as file:
            for _ in range(size // _ROOM + 2):
                file.write(bytes(_ROOM))
    finally:
        probe.unlink(missing_ok=True)


def _lock(opened: int, how: int, waiting: Callable[[], object]) -> None:
    """Lock an open folder; ``waiting`` is called where another process has locked it."""
    try:
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(opened, how)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _let_go(key: tuple[int, int], opened: int, before: int) -> None:
    """Lock a folder as it was before, or not at all: then the system does so once it is closed."""
    del _held[key]
    if before:
        with suppress(OSError):
            fcntl.flock(opened, before)
        _held[key] = opened, before


def _sweep(root: Path, prefix: str) -> None:
    """Remove the scratch folders and files of runs that died."""
    for left in [path for path in root.iterdir() if path.name.startswith(prefix)]:
        if left.is_symlink() or not left.is_dir():
            left.unlink()
        elif not _is_locked(left):
            _remove(left)


def _is_locked(folder: Path) -> bool:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    finally:
        os.close(opened)
    return False


def _remove(scratch: Path) -> None:
    """Remove a scratch folder with all that is in it, also where a reader that is being ended still writes there."""
    for _ in range(3):
        shutil.rmtree(scratch, ignore_errors=True)
        if not scratch.exists():
            return


def _discard(older: Path, scratch: Path) -> None:
    """Remove an older folder. It leaves its place whole, so that nobody ever takes half of it for one to put back."""
    if older.exists():
        dead = older.rename(scratch / f"{older.parent.name}{older.name}-{os.urandom(4).hex()}")
        shutil.rmtree(dead, ignore_errors=True)


def _bring_to_rest(folder: Path) -> None:
    """Have a folder of files on the disk."""
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Have a file, or what a folder lists, on the disk, where the file system can."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(opened)


def _named(error: OSError, root: Path) -> OSError:
    """The error of a write in a scratch folder, as one of the folder that people know."""
    named = error.filename is None or _SCRATCH in str(error.filename)
    return OSError(error.errno, error.strerror or str(error), str(root)) if named else error
