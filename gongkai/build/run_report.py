"""What a run tells people, and the exit status that it comes to.

In: what happened to each file, as it happens. Out: one line a problem on standard error, a progress bar while somebody
watches a terminal, a summary line at the end, and the exit status. Text that comes from files is shown without control
characters, so that no report writes to a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.errors import one_line
from gongkai.model import Finding


@dataclass
class RunReport:
    """The count of a run. ``accounting`` are the checks whose failure counts when the run is ``strict``."""

    accounting: frozenset[str] = frozenset()
    strict: bool = False
    reports: int = 0
    with_findings: int = 0
    refused: int = 0
    invalid: int = 0
    removals: int = 0
    failed_checks: int = 0
    refusals: list[tuple[Path, str]] = field(default_factory=list)
    """The files that were refused, and why, for the site's page of coverage."""

    def report(self, findings: Iterable[Finding]) -> None:
        """A report's package is there and valid, with these findings."""
        self._count(tuple(findings), 1)

    def withdraw(self, findings: Iterable[Finding]) -> None:
        """A report that was counted with these findings has been replaced by another one."""
        self._count(tuple(findings), -1)

    def _count(self, findings: tuple[Finding, ...], by: int) -> None:
        self.reports += by
        self.with_findings += by * any(finding.severity != "info" for finding in findings)
        self.failed_checks += by * any(finding.check in self.accounting for finding in findings)

    def refuse(self, file: Path, problem: str) -> None:
        """A report could not be extracted."""
        self.refused += 1
        self.refusals.append((file, problem))
        self.say(f"{file}: {problem}")

    def fault(self, line: str) -> None:
        """A package, or another file of the datasets, is not as it should be."""
        self.invalid += 1
        self.say(line)

    def removal(self, line: str, where: Path) -> None:
        """What was there before is gone, or would be: nothing is published until somebody accepts that.

        ``line`` is told unless the report in the folder ``where`` was refused: then that says why.
        """
        self.removals += 1
        if all(file.parent != where for file, _ in self.refusals):
            self.say(line)

    def say(self, line: str) -> None:
        tell(line)

    @property
    def exit_status(self) -> int:
        return int(bool(self.refused or self.invalid or self.removals or (self.strict and self.failed_checks)))

    @property
    def summary(self) -> str:
        parts = [f"{self.reports} report{'' if self.reports == 1 else 's'}", f"{self.refused} refused"]
        if self.invalid:
            parts.append(f"{self.invalid} fault{'' if self.invalid == 1 else 's'}")
        if self.removals:
            parts.append(f"{self.removals} removal{'' if self.removals == 1 else 's'} (nothing was published)")
        return ", ".join([*parts, f"{self.with_findings} with findings"])


def tell(line: str) -> None:
    """A line for people, on standard error. Where that can't take it, the work goes on."""
    with suppress(OSError):
        print(one_line(line), file=sys.stderr, flush=True)  # noqa: T201 - this is the one place that speaks


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, moved by calling what this yields; nothing where nobody watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reports", total=total)
        yield lambda: bar.advance(task)
