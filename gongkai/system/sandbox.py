"""Work on a stranger's file in a process of its own: one that kills, hangs or corrupts its reader costs one problem.

In: items and what to do with each. A child is forked from a server that has the libraries in memory. Out: a problem an
item (empty where its child ended by itself), in the order of the items, whatever order they finish in. A child's only
answer is the files that it leaves, and whoever reads them must expect anything there. No child takes more than the
limits say (``resource_limits`` holds it to them from within, and ends it with its parent), and none outlives its time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TypeVar

from gongkai.errors import UsageError
from gongkai.system import resource_limits
from gongkai.system.atomic_folders import scratch_folder
from gongkai.system.limits import LIMITS, Limits

_PRELOADED = "gongkai.build.preload"
"""What the process that children are forked from imports, by name, so that every child has it in memory."""
_TOO_LARGE = 77
"""The exit status of a child whose memory came to its limit."""

_LONGEST_TEMPORARY = 103 - len("/gongkai-4294967295/run-12345678/pymp-12345678/listener-12345678")
"""Bytes in the path of a folder for sockets."""

_at_exit = ExitStack()

Item = TypeVar("Item")


def run_in_sandbox(
    items: Iterable[Item], work: Callable[[Item], None], jobs: int, *, limits: Limits = LIMITS
) -> Generator[tuple[Item, str], None, None]:
    """Each item with its problem, in order, with at most ``jobs`` children at once.

    ``items`` is read only as far as children are free. ``work`` is called in the child, and must be importable there.
    A caller that stops reading early ends the children.
    """
    server = _server()
    waiting = enumerate(items)
    order: deque[tuple[int, Item]] = deque()
    running: dict[int, _Child] = {}
    problems: dict[int, str] = {}
    try:
        while True:
            while len(running) < jobs and (numbered := next(waiting, None)):
                running[numbered[0]] = _Child(server, work, numbered[1], limits)
                order.append(numbered)
            while order and order[0][0] in problems:
                number, item = order.popleft()
                yield item, problems.pop(number)
            if not running:
                return
            deadline = min(child.deadline for child in running.values())
            wait([end for child in running.values() for end in child.ends], max(0.0, deadline - time.monotonic()))
            for number, child in list(running.items()):
                problem = child.problem()
                if problem is not None:
                    problems[number] = problem
                    del running[number]
    finally:
        for child in running.values():
            child.kill()


def _within_limits(work: Callable[[Item], None], limits: Limits, pages: Connection, item: Item) -> None:
    """In the child: do the work, within the limits."""
    resource_limits.enter(limits, pages.fileno())
    try:
        work(item)
    except MemoryError:
        os._exit(_TOO_LARGE)


class _Child:
    """A child as its parent sees it: a process, and a byte from it for each page that it begins to recognise.

    These earn it time, up to the most pages that are read. Nothing else that it says is heard.
    """

    def __init__(self, server: ForkServerContext, work: Callable[[Item], None], item: Item, limits: Limits) -> None:
        self._limits = limits
        self._pages: Connection | None
        self._pages, told = server.Pipe(duplex=False)
        self._scanned = 0
        self._began = time.monotonic()
        target = partial(_within_limits, work, limits, told)
        self._process: BaseProcess = server.Process(target=target, args=(item,), daemon=True)
        with told:
            self._process.start()

    @property
    def deadline(self) -> float:
        return self._began + self._limits.time_limit_s(self._scanned)

    @property
    def ends(self) -> list[int | Connection]:
        """What is ready where something has happened."""
        return [self._process.sentinel, *([self._pages] if self._pages else [])]

    def problem(self) -> str | None:
        """What ended the child: empty where it ended by itself; ``None`` while it goes on. A late one is killed."""
        self._count()
        if self._process.is_alive():
            if time.monotonic() < self.deadline:
                return None
            self.kill()
            seconds = self._limits.time_limit_s(self._scanned)
            return f"not read within {seconds:g} seconds; the file may be damaged: save it anew, or in another format"
        self._close()
        self._process.join()
        status = self._process.exitcode or 0
        if status == _TOO_LARGE:
            most = self._limits.scan_memory_mib if self._scanned else self._limits.memory_mib
            return f"takes more than {most} MiB to read, which no report does; save it anew, without pictures"
        if status == -resource_limits.PAGE_OVER:
            return (
                f"a page of it takes more than {self._limits.page_time_s:g} seconds to read, which no report's does; "
                "save it anew, without drawings"
            )
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        if status == -signal.SIGABRT:  # how PDFium ends where memory does
            return f"draws more than a report does, or is damaged ({how}); save it anew, without drawings and pictures"
        return f"its reader died ({how}); the file may be damaged: save it anew, or in another format" if status else ""

    def kill(self) -> None:
        self._close()
        self._process.kill()
        self._process.join()

    def _count(self) -> None:
        """Count the pages that it tells of."""
        while self._pages and self._pages.poll():
            told = os.read(self._pages.fileno(), self._limits.scanned_pages)
            self._scanned = min(self._scanned + len(told), self._limits.scanned_pages)
            if not told or self._scanned == self._limits.scanned_pages:
                self._close()

    def _close(self) -> None:
        if self._pages:
            self._pages.close()
            self._pages = None


def _server() -> ForkServerContext:
    """The context of the process that children are forked from: silent, and with the libraries in memory.

    It inherits what its starter has just then: libraries that warn and crash write to nowhere, and ``gongkai`` is found
    wherever the command was started (Python 3.11's server is not told the starter's ``sys.path``). It ends with us: it
    holds the other end of a pipe, as do its children, who end as ``resource_limits`` says.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    with _silence(), _importable(), _short_temporary():
        forkserver.ensure_running()
    return context


@contextmanager
def _silence() -> Iterator[None]:
    """Standard output and error lead to nowhere meanwhile."""
    saved = {number: os.dup(number) for number in (1, 2)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for number in saved:
            os.dup2(nowhere, number)
        yield
    finally:
        for number, descriptor in saved.items():
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(nowhere)


@contextmanager
def _short_temporary() -> Iterator[None]:
    """New temporary folders lie in one of ours meanwhile, whose path leaves room for that of a socket."""
    before = tempfile.tempdir
    tempfile.tempdir = str(_socket_folder())
    try:
        yield
    finally:
        tempfile.tempdir = before


@cache
def _socket_folder() -> Path:
    """A folder for this process's sockets, gone when it ends; one that was killed leaves its own to the next."""
    folder = _at_exit.enter_context(scratch_folder(_own_temporary(), "run-"))
    # After multiprocessing has removed its own, in it; never in a process that was forked from this one.
    Finalize(None, _at_exit.close, exitpriority=-1000)
    return folder


def _own_temporary() -> Path:
    """A folder that only we may enter, with a short path: sockets have names of 103 bytes at most on some systems."""
    places = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108 - nothing is opened there but a folder of our own
    short = [place for place in places if len(os.fsencode(place)) <= _LONGEST_TEMPORARY and os.access(place, os.W_OK)]
    for place in short:
        folder = Path(place) / f"gongkai-{os.getuid()}"
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            facts = folder.lstat()
            if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o077:
                return folder
    if not short:
        raise UsageError(f"{places[0]}: too long a path for temporary files; set TMPDIR to a shorter one")
    return Path(tempfile.mkdtemp(prefix="gongkai-", dir=short[0]))  # somebody else has taken the name


@contextmanager
def _importable() -> Iterator[None]:
    """A Python started meanwhile finds this project's modules."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
