"""How right and at what cost each format is read, on invented reports. Run with `make bench`.

In: nothing; the reports are those that the tests make, written in each format. Out: a line a format: how many figures
are printed, how many of them are read, left open with a finding that names them, and wrong or lost; seconds and peak
memory a report.

A process of its own reads a format's files, with what is loaded once a run loaded beforehand. Seconds are those that a
core worked, whatever else the machine does, and means of one run each: what a scan takes would take long to repeat.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.memory import peak_mib
from gongkai.extract.report import extract_report
from gongkai.model import Origin
from gongkai.names.registry import Registry
from tests.reports.content import PLACES, Content


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many figures are printed, read rightly, and left open with a finding; and what else is wrong, in words."""

    printed: int
    right: int
    open: int
    wrong: tuple[str, ...]


TIMED = 6
"""How many reports of a format are read for their seconds and memory."""

Writer = Callable[[Path], Iterator[tuple[Path, Content]]]
"""Writes reports into a folder, each with what is printed in it."""


def main(files: Sequence[str] = ()) -> int:
    """Print the table; or, for files, what reading them costs, as JSON."""
    if files:
        print(json.dumps(cost([Path(name) for name in files])))
        return 0
    for line in table():
        print(line, flush=True)
    return 0


def table() -> Iterator[str]:
    """A line a format."""
    head = f"{'invented reports':<30} {'reports':>7} {'figures':>8} {'read':>8} {'open':>6} {'wrong':>6}"
    yield f"{head} {'s/report':>9} {'peak MiB':>9}"
    for label, write in writers().items():
        with tempfile.TemporaryDirectory() as scratch:
            written = list(write(Path(scratch)))
            timed = [path for path, _ in written[:TIMED]]
            seconds, peak = cost_apart(timed)
            found = [accuracy(path, content) for path, content in written]
        printed, right, left = (sum(getattr(own, name) for own in found) for name in ("printed", "right", "open"))
        wrong = sum(len(own.wrong) for own in found)
        yield (
            f"{label:<30} {len(written):>7} {printed:>8} {right:>8} {left:>6} {wrong:>6} "
            f"{seconds / len(timed):>9.3f} {peak:>9.0f}"
        )


def accuracy(path: Path, content: Content) -> Accuracy:
    from tests.reports.oracle import extract, unread, wrongs

    report, findings = extract(path)
    wrong = tuple(wrongs(content, report, findings))
    printed = sum(value is not None for value in content.values.values())
    left = len(unread(content, report)) - sum("lost in silence" in words for words in wrong)
    right = sum(value is not None and report.value(*key) == value for key, value in content.values.items())
    return Accuracy(printed, right, left, wrong)


def cost(paths: list[Path]) -> tuple[float, float]:
    """The seconds of a core that reading these files takes, and this process's peak memory in MiB."""
    from gongkai.build import preload  # noqa: F401 - what the processes that extract have in memory from the start

    registry = Registry()
    start = time.process_time()
    for path in paths:
        extract_report(path, origin=Origin(), registry=registry, gazetteer=PLACES)
    seconds = time.process_time() - start
    return seconds, peak_mib()


def cost_apart(paths: list[Path]) -> tuple[float, float]:
    """``cost`` in an interpreter of its own, whose peak is this format's alone."""
    command = [sys.executable, "-m", "bench.formats", *map(str, paths)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds, peak = json.loads(answer.stdout)
    return seconds, peak


def writers() -> dict[str, Writer]:
    """By format, in words."""
    from tests.reports.cases import OLDER, PLAIN, SPARSE, Case, common
    from tests.reports.docx import write_docx
    from tests.reports.html import write_html
    from tests.reports.pdf import Drawn
    from tests.reports.scan import Scanner, scanned
    from tests.reports.sheets import Written, sheets
    from tests.reports.typefaces import SANS, TYPEFACES, is_there

    good = (
        Scanner(dpi=300, askew=0.4),
        Scanner(noise=8, jpeg=75, askew=-0.7),
        Scanner(paper=225, ink=50, shadow=40, noise=8),
        Scanner(stamp=True),
        Scanner(dpi=150, noise=6, jpeg=70),
        Scanner(dpi=150, turns=1, specks=200),
    )
    poor = (
        Scanner(dpi=100, noise=8, jpeg=50),
        Scanner(dpi=110, blur=0.8, noise=14, jpeg=35, askew=0.7),
        Scanner(dpi=90, blur=0.6, noise=10, jpeg=35, askew=1.1),
    )

    cases = dict(common())

    def each(write: Callable[[Case, Path], Path]) -> Writer:
        def written(folder: Path) -> Iterator[tuple[Path, Content]]:
            for name, case in cases.items():
                (folder / name).mkdir()
                yield write(case, folder / name), case.content

        return written

    def scans(*scanners: Scanner) -> Writer:
        def written(folder: Path) -> Iterator[tuple[Path, Content]]:
            of = (Case(PLAIN), Case(OLDER), Case(SPARSE, Written(blanks=("/",))))
            for number, scanner in enumerate(scanners):
                case = of[number % len(of)]
                (folder / str(number)).mkdir()
                path = case.write(folder / str(number))
                path.write_bytes(scanned(path.read_bytes(), scanner))
                yield path, case.content

        return written

    return {
        "PDF, ruled tables": each(lambda case, folder: case.write(folder)),
        "PDF, tables without rules": each(lambda case, folder: replace(case, drawn=Drawn("none")).write(folder)),
        "HTML": each(lambda c, folder: write_html(folder / "report.html", c.content, sheets(c.content, c.written))),
        "DOCX": each(lambda c, folder: write_docx(folder / "report.docx", c.content, sheets(c.content, c.written))),
        "text": each(lambda case, folder: case.write(folder, "columns")),
        **{
            f"{label}, {typeface}": scans(*(replace(scanner, typeface=typeface) for scanner in scanners))
            for label, scanners in (("scan, 150 to 300 dpi", good), ("scan, poor", poor))
            for typeface in (SANS, *TYPEFACES)
            if is_there(typeface)
        },
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
