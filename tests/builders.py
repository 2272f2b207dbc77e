"""Reports of invented agencies, for tests that begin where reading ends.

In: what a test wants otherwise. Out: a ``Report`` whose figures are all printed and add up, with invented names, codes
and numbers; its package on disk; and ``extract_invented``, which stands in for reading where a test is about what comes
after it. ``tests/test_folder.py`` checks that the figures do add up.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongkai.build.cross_report_pass import compare
from gongkai.build.worker import Task
from gongkai.checks.form_checks import identity_checks, missing_cells
from gongkai.checks.results import findings_of
from gongkai.errors import NotAReport
from gongkai.form import Edition, FormTable, load_form, printed_rows
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    REVIEWS,
    Agency,
    Box,
    Figure,
    Finding,
    Key,
    Report,
    Section,
    Source,
    Table,
)
from gongkai.names.registry import Registry
from gongkai.package.corrections import correct, read_corrections
from gongkai.package.folder import write_package
from gongkai.package.index import PackageIndex
from gongkai.package.origin import read_origin

AGENCY = Agency("990101-ren-min-zheng-fu", "示例市虚构区人民政府", "990101", "county", "government")
CONTENT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]/MediaBox[0 0 300 600]>>endobj\n"
    + b"".join(b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" % number for number in (3, 4, 5))
    + b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
"""The bytes that the built reports claim to have been read from: three empty pages, which can be drawn."""

_REQUESTS = {"new_received": 10, "carried_in": 2, "granted": 6, "unavailable_not_held": 3, "processed_total": 9}
_REQUESTS |= {"carried_out": 3}
_REVIEWS = {"upheld": 2, "corrected": 1, "other": 0, "pending": 1, "total": 4}
_UNITS = {REQUESTS: "requests", REVIEWS: "cases"}


def check_report(report: Report) -> tuple[Finding, ...]:
    """The findings of the form's identities and of ``missing_cell``."""
    return findings_of((*identity_checks(report), *missing_cells(report)))


def make_report(
    edition: Edition = "2021", values: Mapping[Key, Decimal | int | None] | None = None, **changes: Any
) -> Report:
    """A report in that edition of the form. ``values`` replaces figures; ``changes`` replaces fields of the report."""
    form = load_form(edition)
    year = changes.get("year", 2023)
    tables = tuple(Table(resource, edition, printed_rows(form.table(resource), set())) for resource in RESOURCES)
    figures = {}
    for top, table in enumerate(tables):
        for line, row in enumerate(table.rows):
            for place, column in enumerate(row.columns):
                key = Key(table.resource, row.id, column)
                box = Box(top + 1, 100.0 + 20 * place, 80.0 + 15 * line, 118.0 + 20 * place, 93.0 + 15 * line)
                figures[key] = _figure(key, _value(key), box, edition)
    for key, value in (values or {}).items():
        number = None if value is None else Decimal(value)
        figures[key] = figures[key]._replace(value=number, printed="" if number is None else str(number))
    report = Report(
        agency=AGENCY,
        year=year,
        form=edition,
        scope="unknown",
        title="示例市虚构区人民政府2023年政府信息公开工作年度报告",
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        reader="pdf-lines",
        tables=tables,
        figures=figures,
        sections=tuple(
            Section(section.number, section.heading, f"这是第{section.number}部分。\n第二段，含“引号”、逗号, 竖线|。")
            for section in form.sections
        ),
        source=Source("report.pdf", ".pdf", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT)),
    )
    return replace(report, **changes)


def make_original(folder: Path, name: str = "report.pdf", content: bytes = CONTENT) -> Path:
    """The file that a built report claims to have been read from."""
    path = folder / name
    path.write_bytes(content)
    return path


def source_of(path: Path) -> Source:
    """The facts of a file, as a reader states them."""
    content = path.read_bytes()
    return Source(path.name, path.suffix, hashlib.sha256(content).hexdigest(), len(content))


def make_package(datasets: Path, findings: tuple[Finding, ...] = (), **changes: Any) -> Path:
    """The package of a built report, in its place under ``datasets``."""
    report = make_report(**changes)
    folder = datasets / report.agency.id / str(report.year)
    original = make_original(datasets, f"published-{report.agency.id}-{report.year}.pdf")
    write_package(report, findings, original, folder)
    original.unlink()
    return folder


def compare_packages(datasets: Path) -> list[Path]:
    """The second pass over all packages under ``datasets``; those that it made anew."""
    index = PackageIndex(datasets)
    changed = []
    for entry in index:
        if made := compare(index, entry, datasets / ".compared"):
            shutil.rmtree(entry.folder)
            made.folder.rename(entry.folder)
            changed.append(entry.folder)
    return changed


def write_invented(folder: Path, file: str, agency: str, year: int = 2023, more: str = "") -> Path:
    """A file that ``extract_invented`` takes for a report of that agency and year. ``more`` may hold what it obeys."""
    path = folder / file
    path.write_text(f"{agency} {year} {more}", encoding="utf-8")
    return path


def write_printed(path: Path, report: Report) -> Path:
    """A built report as the lines of text that are in its PDF, in the 2021 form: a file that is really read."""
    form = load_form("2021")
    lines = [report.title, f"本报告由{report.agency.name}编制。"]
    headings = dict(zip(range(1, 7), "一二三四五六", strict=True))
    for section in report.sections:
        lines += [f"{headings[section.number]}、{section.heading}", *section.text.split("\n")]
        for table in form.tables:
            if table.section == section.number:
                lines += _printed_table(table, report)
    path.write_text("\n".join([*lines, report.agency.name, f"{report.year + 1}年1月30日", ""]), encoding="utf-8")
    return path


def _printed_table(table: FormTable, report: Report) -> Iterator[str]:
    present = {row.id for row in report.table(table.resource).rows}
    for block in table.blocks:
        yield block.title
        yield " ".join(dict.fromkeys(label for column in block.columns for label in column.under))
        yield " ".join([block.stub, *(column.label for column in block.columns)]).strip()
        for row in block.rows:
            if row.id in present or not row.id:
                figures = [report.figures[block.key(table.resource, row, column)] for column in block.columns]
                yield " ".join([row.label, *(figure.printed for figure in figures)]).strip()


def extract_invented(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    """Stands in for reading, in a process of its own: a built report of whatever agency and year the file names.

    All agencies that the registry does not know get one id, as names with one pinyin do. A file may ask for trouble.
    """
    words = task.file.read_text(encoding="utf-8").split()
    for word, trouble in _TROUBLES.items():
        if word in words[2:]:
            trouble()
    origin = read_origin(task.origin_file)
    name, year = origin.agency or words[0], origin.year or int(words[1])
    known = registry.find(name)
    taken = registry.by_id(_MINTED) is not None
    id = f"{_MINTED}-{hashlib.sha256(name.encode()).hexdigest()[:4]}" if taken else _MINTED
    agency = known or Agency(id, name, "990101", "county", "department")
    report = make_report(agency=agency, year=year, source=source_of(task.file), origin=origin, values=_stated(words))
    report, _ = correct(report, (), read_corrections(task.corrections_file))
    return report, check_report(report)


def _stated(words: list[str]) -> dict[Key, int]:
    """The figures that an invented file states, such as ``requests/granted/total=7``."""
    pairs = (word.split("=") for word in words if "=" in word)
    return {_key(name): int(value) for name, value in pairs}


def _key(name: str) -> Key:
    resource, _, cell = name.partition("/")
    row, _, column = cell.rpartition("/")
    return Key(resource, row, column)


_MINTED = "990101-shui-wu-ju"


def _refuse() -> None:
    raise NotAReport("a list of links, not a report; give the report itself")


def _stumble() -> None:
    raise RuntimeError("first line\nsecond line\x1b[31m")


def _chatter() -> None:
    os.write(1, b"noise\n")
    os.write(2, b"noise of a library\n")


def _flood() -> None:
    with tempfile.TemporaryFile() as file:
        file.truncate(10**9)


_TROUBLES: dict[str, Callable[[], object]] = {
    "refuse": _refuse,
    "stumble": _stumble,
    "chatter": _chatter,
    "hang": lambda: time.sleep(600),
    "die": lambda: os.kill(os.getpid(), 9),
    "vanish": lambda: os._exit(0),
    "swell": lambda: bytearray(1 << 40),
    "flood": _flood,
    "slow": lambda: time.sleep(0.3),
}


def _value(key: Key) -> Decimal:
    if key.resource == REQUESTS:
        count = _REQUESTS.get(key.row, 0)
        return Decimal(count if key.column in ("natural_person", "total") else 0)
    if key.resource == REVIEWS:
        return Decimal(_REVIEWS[key.column])
    return Decimal("12.50") if key.column == "amount" else Decimal(7)


def _figure(key: Key, value: Decimal, box: Box, edition: Edition) -> Figure:
    unit = _UNITS.get(key.resource, "")
    if key.resource == PROACTIVE:
        blocks = load_form(edition).table(PROACTIVE).blocks
        unit = next(
            column.unit
            for block in blocks
            for column in block.columns
            if column.id == key.column and any(row.id == key.row for row in block.rows)
        )
    return Figure(key, value, str(value), unit, "pdf-lines", box)
