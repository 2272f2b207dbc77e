"""A process's peak memory, its own alone.

In: nothing. Out: MiB. On Linux ``ru_maxrss`` begins with what the process was forked from, however large that was, so
that a child that reads a page seems to need what its parent had; ``VmHWM`` begins anew with each program.
"""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """The most memory that this process has had resident so far."""
    if _STATUS.exists() and (peak := re.search(r"^VmHWM:\s+([0-9]+) kB$", _STATUS.read_text(), re.MULTILINE)):
        return int(peak[1]) / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)
