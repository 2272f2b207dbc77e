"""What the checks share: what their results add to findings.csv, and how messages name figures."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.model import CheckResult, Finding, Key


def findings_of(results: Iterable[CheckResult]) -> tuple[Finding, ...]:
    """What check results add to findings.csv."""
    return tuple(result.finding for result in results if result.finding)


def named(keys: Iterable[Key]) -> str:
    """Figures of one table, as messages name them."""
    return ", ".join(f"{key.row} {key.column}".strip() for key in keys)
