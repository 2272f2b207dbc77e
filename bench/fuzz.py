"""Damage reports at random for as long as wanted, and keep what ends badly. Run it with `make fuzz`.

In: seconds and a seed. Out: how many files ended how; for each that ended badly a file under build/fuzz/ and the
command that replays it. The same seed tries the same files in the same order, as far as the time goes. Exit status 1 if
one ended badly.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as start_at
from hypothesis import strategies as st

from tests.fuzz.edits import Damaged, damaged
from tests.fuzz.judge import judge
from tests.fuzz.seeds import NAMES, seed

KEPT = Path("build") / "fuzz"
BATCH = 20
"""Files that are read one after another in one process."""
BATCHES = 200
"""Batches of one round of hypothesis'."""


class _Over(Exception):
    """The time is over."""


def main(arguments: list[str] | None = None) -> int:
    """Fuzz, or replay a file; the exit status."""
    options = _options(arguments)
    if options.replay:
        return _replay(options)
    print(f"seed {options.seed}, {options.seconds:g} seconds", flush=True)
    until = time.monotonic() + options.seconds
    endings: Counter[str] = Counter()
    found: set[tuple[str, str]] = set()
    number = 0
    while time.monotonic() < until:
        try:
            _round(options.seed, number, until, endings, found)
        except _Over:
            break
        number += 1
    for ending, count in endings.most_common():
        print(f"{count:6}  {ending}")
    print(f"{sum(endings.values())} files, {len(found)} ended badly (seed {options.seed})")
    return int(bool(found))


def _round(start: int, number: int, until: float, endings: Counter[str], found: set[tuple[str, str]]) -> None:
    """One round: files of hypothesis' choice."""

    @start_at(start * 1_000_003 + number)
    @settings(
        max_examples=BATCHES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(damaged(), min_size=BATCH, max_size=BATCH))
    def tried(cases: list[Damaged]) -> None:
        if time.monotonic() > until:
            raise _Over
        with tempfile.TemporaryDirectory() as folder:
            verdicts = judge(cases, Path(folder))
        for case, verdict in zip(cases, verdicts, strict=True):
            endings[f"{case.seed}: {verdict.ending[:70]}"] += 1
            if verdict.complaints and (case.seed, verdict.complaints[0]) not in found:
                found.add((case.seed, verdict.complaints[0]))
                _keep(case, f"{start}-{number}-{len(found)}", verdict.complaints)

    tried()


def _keep(case: Damaged, name: str, complaints: tuple[str, ...]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{name}{seed(case.seed).suffix}"
    path.write_bytes(case.data)
    harmless = " --harmless" if case.harmless else ""
    print(f"{path}: {'; '.join(complaints[:3])[:300]}")
    print(f"    replay: .venv/bin/python -m bench.fuzz --replay {path} --of {case.seed}{harmless}", flush=True)


def _replay(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        (verdict,) = judge([Damaged(options.of, options.harmless, options.replay.read_bytes())], Path(folder))
    print(verdict.ending)
    for complaint in verdict.complaints:
        print(f"    {complaint}")
    return int(bool(verdict.complaints))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.fuzz", description="Damage reports at random, and keep what ends badly."
    )
    parser.add_argument("--seconds", type=float, default=600, help="for how long (600)")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins (1)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read this damaged file alone")
    parser.add_argument("--of", choices=NAMES, default=NAMES[0], help="the report that it was")
    parser.add_argument("--harmless", action="store_true", help="what it prints was not changed")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
