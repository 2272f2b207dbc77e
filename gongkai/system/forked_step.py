"""A sandbox within the sandbox: a step of reading that may fail without the whole file being lost.

In: a step, and what it may take, which is less than what the file may. Out: what it comes to, from a process of its own
that shares this one's memory as it was; or ``StepFailed``. It is for steps that add to a reading and are not needed for
it: a second reading, a look at what is drawn. The answer is as trustworthy as this process, which reads the same file
and is itself believed only once what it leaves is checked. Outside a sandbox the step is simply done.
What never happens: a step that hangs, swells or crashes takes the reading with it, or goes on after it.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from math import ceil, isfinite
from typing import TypeVar

from gongkai.errors import GongkaiError
from gongkai.system import resource_limits
from gongkai.system.limits import MIB, current

_SIGNAL_AT_PARENTS_DEATH = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

T = TypeVar("T")


class StepFailed(Exception):
    """The step came to its limits, or its process died."""


def attempt(step: Callable[[], T]) -> T:
    """What the step comes to. Raises ``StepFailed``, or what the step raises of this project's own errors."""
    if not isfinite(resource_limits.seconds_left()):
        return step()
    receive, send = os.pipe()
    maker, child = os.getpid(), os.fork()
    if child == 0:
        os.close(receive)
        _do(step, send, maker)
    os.close(send)
    try:
        with os.fdopen(receive, "rb") as answers:
            answer = answers.read()
    finally:
        _, status = os.waitpid(child, 0)
    if status or not answer:
        raise StepFailed(f"its process ended with status {status}")
    done = pickle.loads(answer)  # noqa: S301 - what this very process came to
    if isinstance(done, GongkaiError):
        raise done
    result: T = done[0]
    return result


def _do(step: Callable[[], object], send: int, maker: int) -> None:
    """In the process of the step: do it, send what it comes to, and end without any farewell."""
    status = 1
    try:
        _hold(maker)
        try:
            done: object = (step(),)
        except GongkaiError as error:
            done = error
        with os.fdopen(send, "wb") as answers:
            answers.write(pickle.dumps(done, pickle.HIGHEST_PROTOCOL))
        status = 0
    finally:
        os._exit(status)


def _hold(maker: int) -> None:
    """Have the kernel end this process where the step takes too much, the file's time is over, or its maker ends."""
    limits = current()
    if sys.platform == "linux":  # elsewhere its time ends it
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGKILL)
        if os.getppid() != maker:
            os._exit(1)
    signal.setitimer(signal.ITIMER_REAL, max(resource_limits.seconds_left(), 1))
    for what, most in (
        (resource.RLIMIT_CPU, ceil(limits.step_time_s)),
        (resource.RLIMIT_DATA, max(limits.step_memory_mib - limits.library_mib, 1) * MIB),
    ):
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
