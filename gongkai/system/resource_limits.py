"""The process in which a stranger's file is read, from within: what it may take, and what is left of that.

In: the limits, and a pipe to the parent. Out: a process that the kernel ends where it takes too much, or where nobody
is left to end it; and for readers, how many seconds are left, so that nothing is begun that would not fit. A page that
recognition begins earns time: the parent counts such pages itself, up to a number, and believes nothing else.
Outside such a process (a test, a bench) nothing ends.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil, inf
from multiprocessing.connection import wait

from gongkai.system import limits as _limits
from gongkai.system.limits import MIB, Limits

GRACE_S = 10
"""So much later the kernel ends a process that its parent has not ended."""
PAGE_TIMER, PAGE_OVER = signal.ITIMER_VIRTUAL, signal.SIGVTALRM
"""Counts the time of the processor alone, and what it ends a process with."""


@dataclass(slots=True)
class _Sandbox:
    limits: Limits
    began: float
    told: int
    """The end of the pipe on which the parent counts pages."""
    scanned: int = 0


_sandbox: _Sandbox | None = None


def enter(limits: Limits, told: int) -> None:
    """From now on this process is held to the limits. ``told``: where it tells of pages, a byte each."""
    global _sandbox  # noqa: PLW0603 - a process is one sandbox, to its end
    _limits.put_in_force(limits)
    os.set_blocking(told, False)
    _sandbox = _Sandbox(limits, time.monotonic(), told)
    _end_with_parent()
    _at_most(resource.RLIMIT_CORE, 0, 0)
    _at_most(resource.RLIMIT_FSIZE, limits.written_bytes, limits.written_bytes)
    most = max(limits.memory_mib, limits.scan_memory_mib)
    _at_most(resource.RLIMIT_DATA, _data(limits.memory_mib, limits), _data(most, limits))
    _end_in_time(_sandbox)


def scanned_page_begun() -> None:
    """A page is about to be recognised: that earns time, and the memory that a scan may take."""
    if _sandbox is None:
        return
    limits = _sandbox.limits
    _sandbox.scanned += 1
    if _sandbox.scanned == 1:
        most = max(limits.memory_mib, limits.scan_memory_mib)
        _at_most(resource.RLIMIT_DATA, _data(most, limits), _data(most, limits))
    with suppress(OSError):  # the parent counts no further
        os.write(_sandbox.told, b".")
    _end_in_time(_sandbox)


def seconds_left() -> float:
    """How long this process may go on; without end outside a sandbox."""
    if _sandbox is None:
        return inf
    return _sandbox.began + _sandbox.limits.time_limit_s(_sandbox.scanned) - time.monotonic()


def mib_left() -> float:
    """How much more memory this process may take; without end outside a sandbox."""
    if _sandbox is None:
        return inf
    limits = _sandbox.limits
    most = max(limits.memory_mib, limits.scan_memory_mib) if _sandbox.scanned else limits.memory_mib
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most - peak * (1 if sys.platform == "darwin" else 1024) / MIB


@contextmanager
def within_page_time() -> Iterator[Callable[[], object]]:
    """Have the kernel end this process where one page keeps the processor too long: what this yields begins a page.

    A library that draws without end gives Python no turn to stop it. Outside a sandbox nothing ends.
    """
    seconds = _sandbox.limits.page_time_s if _sandbox else 0.0
    try:
        yield lambda: signal.setitimer(PAGE_TIMER, seconds)
    finally:
        signal.setitimer(PAGE_TIMER, 0.0)


def _end_with_parent() -> None:
    """Have this process end as soon as its parent is gone, however that ended, and whatever runs here then.

    The parent alone holds the other end of a pipe. Linux tells that it was closed by a signal that ends us.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | fcntl.FASYNC)
        if not parent.is_alive():  # it was gone before we asked
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=end_after, args=(parent.sentinel,), daemon=True).start()


def end_after(sentinel: int) -> None:
    """Wait for a parent to be gone, and kill this process: what any system can do, as soon as Python has its turn."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGKILL)


def _data(mib: int, limits: Limits) -> int:
    """The bytes of data at which a process has so much memory in all."""
    return max(mib - limits.library_mib, 1) * MIB


def _end_in_time(sandbox: _Sandbox) -> None:
    """Have the kernel end this process soon after its time is over: by the clock, and by what the processor did."""
    limits = sandbox.limits
    seconds = ceil(limits.time_limit_s(sandbox.scanned)) + GRACE_S
    passed = time.monotonic() - sandbox.began
    signal.setitimer(signal.ITIMER_REAL, max(seconds - passed, 1))
    _at_most(resource.RLIMIT_CPU, max(seconds, 1), ceil(limits.time_limit_s(limits.scanned_pages)) + 2 * GRACE_S)


def _at_most(what: int, soft: int, hard: int) -> None:
    """Set a limit, as far as the one that there is allows."""
    _, most = resource.getrlimit(what)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(what, (min(soft, hard), hard))
