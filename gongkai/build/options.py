"""How a run makes packages: what is the same for all of its reports.

In: what the command line says. Out: ``Options``, which every command is given. Nothing is done here.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.build.worker import Extract, extract
from gongkai.model import Readings
from gongkai.system.limits import LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Options:
    """``jobs`` files are read at once, each within ``limits``, once or twice (``readings``), by ``extract``."""

    jobs: int = 1
    readings: Readings = "auto"
    limits: Limits = LIMITS
    replace: bool = False
    """A report that is given may take the place of another one of its agency and year."""
    accept_removals: bool = False
    """What was published before may become less."""
    extract: Extract = extract
