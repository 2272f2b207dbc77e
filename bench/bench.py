"""What reading a report costs, beside the obvious way of doing it. Run it with `make bench`.

In: the PDF reports under datasets/. Out: a table on standard output: seconds and peak memory a report for naive
pdfplumber (`extract_tables` on every page) and for this project, and the ratios of the seconds, summed over the
reports. Below it, what `bench.formats` measures on invented reports: how right each format is read, and at what cost.

Each method meets each report in a process of its own that imports what the method needs and no more. What is loaded
once a run (libraries, forms, place names) is loaded before the clock starts, for every method alike; the first run goes
uncounted, and of the others the median counts. Nothing is written into datasets/, and no test depends on a time.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bench import formats
from bench.memory import peak_mib

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Method:
    """``prepare`` loads what is loaded once a run and returns what is measured; ``target`` is a ratio to the first."""

    label: str
    prepare: Callable[[Path, Path], Run]
    target: float | None


def naive(pdf: Path, _datasets: Path) -> Run:
    import pdfplumber

    def run() -> object:
        with pdfplumber.open(pdf) as document:
            return [page.extract_tables() for page in document.pages]

    return run


def single(pdf: Path, datasets: Path) -> Run:
    return _figures(pdf, datasets, "single")


def double(pdf: Path, datasets: Path) -> Run:
    return _figures(pdf, datasets, "double")


def package(pdf: Path, datasets: Path) -> Run:
    from gongkai.build import preload  # noqa: F401 - what the processes that extract have in memory from the start
    from gongkai.build.worker import Task, extract
    from gongkai.names.registry import Registry
    from gongkai.package.folder import write_package
    from gongkai.package.validate import check_package

    origin_file = _origin_file(pdf)
    registry = Registry.read(datasets / "agencies.csv")

    def run() -> None:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "package"
            report, findings = extract(Task(pdf, Path(scratch), origin_file, readings="single"), registry)
            write_package(report, findings, pdf, folder, origin_file, readings="single")
            _, problems = check_package(folder)
            if problems:
                raise RuntimeError(problems[0])

    return run


METHODS = {
    "naive": Method("pdfplumber, extract_tables on all pages", naive, None),
    "single": Method("report to figures, --readings single", single, 0.12),
    "double": Method("report to figures, --readings double", double, 1.0),
    "package": Method("report to validated package on disk, single", package, 0.35),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--datasets", type=Path, default=Path("datasets"))
    parser.add_argument("--repeats", type=int, default=11, help="counted runs a report (default: 11)")
    parser.add_argument("--measure", nargs=2, metavar=("METHOD", "PDF"), help="one method and report, as JSON")
    options = parser.parse_args(arguments)
    if options.measure:
        method, pdf = options.measure
        print(json.dumps(asdict(measure(METHODS[method].prepare(Path(pdf), options.datasets), options.repeats))))
        return 0
    reports = sorted(options.datasets.glob("*/*/report.pdf"))
    if not reports:
        print(f"{options.datasets}: no report.pdf to measure; put reports there and run make site first")
        return formats.main()
    costs: dict[str, list[Cost]] = {name: [] for name in METHODS}
    for report in reports:
        # All methods on one report, then the next: a machine that grows slower meanwhile does so for each of them.
        for name, own in costs.items():
            own.append(measured_apart(name, report, options.datasets, options.repeats))
    print("\n".join(table(costs)), flush=True)
    print()
    return formats.main()


def measure(run: Run, repeats: int) -> Cost:
    """The median of ``repeats`` runs after an uncounted one, and this process's peak memory."""
    logging.disable()  # pdfminer's complaints about a font cost time to write, and are not what is measured
    run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return Cost(statistics.median(seconds), peak_mib())


def measured_apart(method: str, pdf: Path, datasets: Path, repeats: int) -> Cost:
    """``measure`` in an interpreter of its own, whose peak is this method's on this report alone."""
    command = [sys.executable, "-m", "bench.bench", "--measure", method, str(pdf)]
    options = ["--datasets", str(datasets), "--repeats", str(repeats)]
    answer = subprocess.run([*command, *options], check=True, stdout=subprocess.PIPE, text=True)
    return Cost(**json.loads(answer.stdout))


def table(costs: dict[str, list[Cost]]) -> list[str]:
    """A line a method: mean seconds a report, the largest peak, the ratio of the sums to the first method's."""
    yardstick = sum(cost.seconds for cost in next(iter(costs.values())))
    count = len(next(iter(costs.values())))
    lines = [
        f"{count} reports; libraries loaded beforehand, the first run uncounted",
        "",
        f"{'':<44} {'s/report':>9} {'peak MiB':>9} {'ratio':>7} {'target':>7}",
    ]
    for name, measured in costs.items():
        method = METHODS[name]
        seconds = sum(cost.seconds for cost in measured)
        peak = max(cost.peak_mib for cost in measured)
        target = "" if method.target is None else f"{method.target:g}"
        lines.append(
            f"{method.label:<44} {seconds / count:>9.4f} {peak:>9.0f} {seconds / yardstick:>7.3f} {target:>7}".rstrip()
        )
    return lines


def _figures(pdf: Path, datasets: Path, readings: Literal["single", "double"]) -> Run:
    from gongkai.extract.report import extract_report
    from gongkai.names.places import load_gazetteer
    from gongkai.names.registry import Registry
    from gongkai.package.origin import read_origin

    origin = read_origin(_origin_file(pdf))
    registry = Registry.read(datasets / "agencies.csv")
    gazetteer = load_gazetteer()
    return lambda: extract_report(pdf, origin=origin, registry=registry, gazetteer=gazetteer, readings=readings)


def _origin_file(pdf: Path) -> Path | None:
    origin = pdf.with_name("origin.toml")
    return origin if origin.exists() else None


if __name__ == "__main__":
    raise SystemExit(main())
