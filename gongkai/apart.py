"""Work on a stranger's file in a process of its own: one that kills, hangs or corrupts its reader costs one problem.

In: items and what to do with each. A child is forked from a server that has the libraries in memory. Out: a problem an
item (empty where its child ended by itself), in the order of the items, whatever order they finish in. A child's only
answer is the files that it leaves, and whoever reads them must expect anything there. No child takes more memory than
``MEMORY_LIMIT``, and none outlives its time, even where its parent was killed.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple, TypeVar

TIME_LIMIT = 120.0
"""Seconds of wall time for one file; the slowest report known takes a few."""
MEMORY_LIMIT = 3 << 30
"""Bytes of data in one child; a scan that is recognised takes a quarter of it."""

_TOO_LARGE = 77
"""The exit status of a child whose memory came to its limit."""

Item = TypeVar("Item")


def run_apart(
    items: Iterable[Item], work: Callable[[Item], None], jobs: int, *, time_limit: float = TIME_LIMIT
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
                number, item = numbered
                process = server.Process(target=partial(_within_limits, work, time_limit), args=(item,), daemon=True)
                process.start()
                running[number] = _Child(process, time.monotonic() + time_limit)
                order.append(numbered)
            while order and order[0][0] in problems:
                number, item = order.popleft()
                yield item, problems.pop(number)
            if not running:
                return
            deadline = min(child.deadline for child in running.values())
            wait((child.process.sentinel for child in running.values()), max(0.0, deadline - time.monotonic()))
            for number, child in list(running.items()):
                problem = _end(child, time_limit)
                if problem is not None:
                    problems[number] = problem
                    del running[number]
    finally:
        for child in running.values():
            child.process.kill()
            child.process.join()


def _within_limits(work: Callable[[Item], None], time_limit: float, item: Item) -> None:
    """In the child: do the work; the kernel ends it where it takes too much, or where nobody is left to end it."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    least = MEMORY_LIMIT if most == resource.RLIM_INFINITY else min(MEMORY_LIMIT, most)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))
    signal.alarm(int(time_limit) + 10)
    try:
        work(item)
    except MemoryError:
        os._exit(_TOO_LARGE)


class _Child(NamedTuple):
    process: BaseProcess
    deadline: float


def _end(child: _Child, time_limit: float) -> str | None:
    """What ended a child: empty where it ended by itself; ``None`` while it goes on. One that is late is killed."""
    process = child.process
    if process.is_alive():
        if time.monotonic() < child.deadline:
            return None
        process.kill()
        process.join()
        return f"not read within {time_limit:g} seconds; the file may be damaged: save it anew, or in another format"
    process.join()
    if not process.exitcode:
        return ""
    if process.exitcode == _TOO_LARGE:
        return f"takes more than {MEMORY_LIMIT >> 30} GB to read, which no report does; save it anew, without pictures"
    how = signal.Signals(-process.exitcode).name if process.exitcode < 0 else f"status {process.exitcode}"
    return f"its reader died ({how}); the file may be damaged: save it anew, or in another format"


def _server() -> ForkServerContext:
    """The context of the process that children are forked from: silent, and with the libraries in memory.

    It inherits what its starter has just then: libraries that warn and crash write to nowhere, and ``gongkai`` is found
    wherever the command was started (Python 3.11's server is not told the starter's ``sys.path``).
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gongkai.preload"])
    with _silence(), _importable():
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
