"""What is wrong with what came of a damaged file.

In: the file, and how it ended. Out: complaints; none if it ended well. It ended well in one line that refuses it on
purpose, or in a valid package each of whose figures is right or left open and named. A harmless edit must be read.
Where bytes were damaged, the print itself may be another: a figure is judged only if nothing that is drawn at its place
has changed, nor much on its page (a PDF), or if the part that holds it is the same (a Word file). That a page looks as
before is told by pdfium, as the reading is; it decides what is judged, and not how. Of a web page with damaged tags
only how it ends is judged: which cells it prints then, browsers know.
"""

from __future__ import annotations

import io
import json
import signal
import tempfile
import traceback
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from gongkai.build.worker import Task
from gongkai.errors import GongkaiError, ReportError
from gongkai.model import Finding, Key, Report
from gongkai.names.registry import Registry
from gongkai.package.folder import write_package
from gongkai.read.pdf.pages import open_pdf, read_page
from gongkai.system.limits import LIMITS
from gongkai.system.sandbox import run_in_sandbox
from tests.fuzz.edits import Damaged
from tests.fuzz.seeds import Seed, seed
from tests.reports.oracle import extract, extract_task, is_named, wrongs

LIKE_BEFORE = 0.98
"""A page of which a smaller part of the characters stands where it stood prints something else."""
TIME_S = 20.0
"""A damaged report takes no longer than a whole one, but for machines that are busy."""

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Verdict:
    """``ending``: ``read`` or the line. ``complaints``: what is wrong."""

    ending: str
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Batch:
    """Files that one process reads one after another; into ``out`` goes a line for each that has ended."""

    cases: tuple[tuple[Path, str, bool], ...]
    """The file, its seed's name, and whether it is harmless."""
    out: Path


def judge(cases: Sequence[Damaged], folder: Path) -> list[Verdict]:
    """Read damaged files in a process of their own, as files are always read, and judge how each ended.

    Many share a process, since to start one takes longer than to read. One that harms it costs no other.
    """
    files = []
    for number, case in enumerate(cases):
        path = folder / f"{number}{seed(case.seed).suffix}"
        path.write_bytes(case.data)
        files.append((path, case.seed, case.harmless))
    verdicts: list[Verdict] = []
    while len(verdicts) < len(files):
        batch = _Batch(tuple(files[len(verdicts) :]), folder / "verdicts")
        limits = replace(LIMITS, time_s=TIME_S * len(batch.cases))
        ((_, problem),) = run_in_sandbox([batch], _read_all, 1, limits=limits)
        lines = batch.out.read_text(encoding="utf-8").splitlines() if batch.out.exists() else []
        batch.out.unlink(missing_ok=True)
        verdicts += [Verdict(told["ending"], tuple(told["complaints"])) for told in map(json.loads, lines)]
        if len(lines) < len(batch.cases):
            verdicts.append(Verdict(problem, (f"ends with: {problem or 'nothing'}",)))
    return verdicts


def _read_all(batch: _Batch) -> None:
    """In the child: a verdict for each file, as long as none ends the process."""
    with batch.out.open("w", encoding="utf-8") as out:
        for path, name, harmless in batch.cases:
            signal.setitimer(signal.ITIMER_REAL, TIME_S)
            verdict = _verdict(seed(name), path, harmless)
            out.write(json.dumps(asdict(verdict)) + "\n")
            out.flush()


def _verdict(own: Seed, path: Path, harmless: bool) -> Verdict:
    task = Task(path, path.with_suffix(".scratch"))
    try:
        report, findings = extract_task(task, Registry())
        write_package(report, findings, path, task.scratch)
    except ReportError as error:
        line = str(error)
        bad = harmless or not line.strip() or "\n" in line
        return Verdict(line, (f"ends with: {line}",) if bad else ())
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        line = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}: {error}"
        return Verdict(line, (f"ends with: {line}",))
    if harmless:
        return Verdict("read", tuple(wrongs(own.content, report, findings)))
    return Verdict("read", tuple(_wrong_figures(own, _judged(own, path), report, findings)))


def _wrong_figures(own: Seed, judged: set[Key], report: Report, findings: Sequence[Finding]) -> list[str]:
    found = []
    for key in sorted(judged):
        value, read = own.content.values[key], report.value(*key)
        if read is not None and read != value:
            found.append(f"{'/'.join(key)}: {value} is read as {read}")
        elif read is None and value is not None and not is_named(key, findings):
            found.append(f"{'/'.join(key)}: {value} is lost in silence")
    return found


def _judged(own: Seed, path: Path) -> set[Key]:
    """The figures whose print is what it was."""
    if own.suffix == ".docx":
        return set(own.content.values) if _word_text(path.read_bytes()) == _word_text(own.data) else set()
    if own.suffix != ".pdf":
        return set()
    before, after = _drawn(own.data), _drawn(path.read_bytes())
    kept = {
        page
        for page, places in before.items()
        if len(places & after.get(page, frozenset())) >= LIKE_BEFORE * max(len(places), len(after.get(page, ())))
    }
    found = set()
    for key, (page, *sides) in _boxes(own.name).items():
        if page in kept and _inside(before[page], *sides) == _inside(after[page], *sides):
            found.add(key)
    return found


def _inside(places: frozenset[Place], x0: float, top: float, x1: float, bottom: float) -> set[Place]:
    return {place for place in places if x0 - 1 <= place[1] <= x1 + 1 and top - 1 <= place[2] <= bottom + 1}


def _word_text(data: bytes) -> Mapping[str, bytes]:
    """The parts that say what a Word file prints; nothing if it is no zip any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except Exception:  # noqa: BLE001 - whatever a damaged zip raises: nothing is judged then
        return {"": data}


def _drawn(data: bytes) -> dict[int, frozenset[Place]]:
    """The characters of each page and where they begin, in points; none of a page that cannot be read."""
    found = {}
    try:
        with open_pdf(data) as pdf:
            for index in range(len(pdf)):
                page = read_page(pdf, index)
                boxes = ((char.text, page.box(*char[1:5])) for char in page.chars)
                found[index + 1] = frozenset((text, round(box.x0), round(box.top)) for text, box in boxes)
    except (GongkaiError, OverflowError, ValueError):
        pass
    return found


@cache
def _boxes(name: str) -> Mapping[Key, tuple[int, float, float, float, float]]:
    """Where each figure of a seed stands."""
    own = seed(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"seed{own.suffix}"
        path.write_bytes(own.data)
        report, _ = extract(path)
    return {key: tuple(figure.box) for key, figure in report.figures.items() if figure.box}  # type: ignore[misc]
