"""A report file -> Report, with findings for what could not be read or is not as the form has it.

In: the file, what a person states of it, the registry and the gazetteer. Out: a ``Report`` whose figures are as
printed, and the findings ``form`` and ``reading``. Where the first reading leaves a doubt the table pages are read
again by the second reader, and a figure on which the two differ is left empty.
What never happens: a figure is guessed, or left out without a finding that names its row or column.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from gongkai.errors import NotAReport
from gongkai.extract.agency import Clues, identify
from gongkai.extract.ocr_resolution import resolve
from gongkai.extract.outline import Outline, outline, paragraphs
from gongkai.extract.publication import publication_day
from gongkai.extract.scope import scope_of
from gongkai.extract.second_reading import SECOND_READING, is_doubtful, not_read_again, read_again
from gongkai.extract.table_figures import TableFigures, figures_of_tables
from gongkai.extract.table_shapes import table_shapes
from gongkai.extract.tables.find_tables import Tables, find_tables
from gongkai.extract.year import covered_year
from gongkai.form import Form, load_forms
from gongkai.model import (
    REQUESTS,
    Agency,
    Document,
    Figure,
    Finding,
    Key,
    Line,
    Origin,
    Reader,
    Readings,
    Report,
    Section,
    Source,
)
from gongkai.names.places import Gazetteer
from gongkai.names.registry import Registry
from gongkai.read import read
from gongkai.read.formats import format_of, method_of
from gongkai.system import resource_limits


class _Reading(NamedTuple):
    """A file as read, with its outline and its tables."""

    document: Document
    outline: Outline
    tables: Tables


def extract_report(
    path: Path,
    *,
    origin: Origin,
    registry: Registry,
    gazetteer: Gazetteer,
    readings: Readings = "auto",
    name: str = "",
) -> tuple[Report, tuple[Finding, ...]]:
    """The report in a file, and the findings of its reading. Raises a ``ReportError`` where there is none.

    ``name``: the name under which the file was published, where it has another one now.
    """
    forms = load_forms()
    with _no_collection():
        reading, doubts = _read(path, forms)
        document, structure, tables = reading
        stem = Path(name or _name_of(path)).stem
        year, start, end = covered_year(structure, document.title, stem, origin.year)
        agency = _agency(reading, stem, origin, registry, gazetteer)
        form, shapes = table_shapes(tables.located, forms)
        of_tables = figures_of_tables(tables.located, shapes, forms)
        report = Report(
            agency=agency,
            year=year,
            form=form,
            scope=origin.scope or scope_of(structure.introduction, agency),
            title=structure.title or f"{agency.name}{year}年政府信息公开工作年度报告",
            period_start=start,
            period_end=end,
            reader=_reader(of_tables.figures, document.reader),
            tables=shapes,
            figures=of_tables.figures,
            sections=_sections(reading),
            source=_source(path, document),
            origin=origin,
            created=document.created,
            dated=publication_day(document.dated, year, end, origin),
        )
        report, findings = _with_recognised_resolved(report, [*of_tables.findings, *doubts], tables, of_tables)
        report, differences = _with_second_reading(path, report, findings, readings, forms)
        return report, (*findings, *differences)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection: a parser makes many objects that live to the end, and each search finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _name_of(path: Path) -> str:
    """A file's name in characters, whatever this machine's locale takes its bytes for; ``?`` where they are none."""
    return os.fsencode(path.name).decode(errors="surrogateescape").encode(errors="replace").decode()


# ---------------------------------------------------------------- the first reading


def _read(path: Path, forms: Sequence[Form]) -> tuple[_Reading, list[Finding]]:
    """The file as read best, and a finding where a reading that may be better takes too long.

    Raises ``NotAReport`` where it has no requests table, or is several reports.
    """
    began = monotonic()
    document = read(path)
    seconds = monotonic() - began
    reading = _outlined(document, forms)
    if len(reading.outline.again) > 1:
        raise NotAReport(
            "several reports in one file: their sections follow each other; give each as a file of its own"
        )
    given = format_of(path.suffix.lower())
    without_rules = given.read_without_rules if given and method_of(document.reader).without_rules else None
    doubts = []
    if without_rules and (reading.tables.crossed or not reading.tables.located[REQUESTS].is_trusted):
        # What is ruled may be something else than the form's cells: a frame, a ground, only some of the columns.
        if SECOND_READING.time_ratio * seconds < resource_limits.seconds_left():
            plain = _outlined(without_rules(path), forms)
            reading = plain if plain.tables.quality >= reading.tables.quality else reading
        else:
            doubts.append(not_read_again("the file was"))
    if not reading.tables.located[REQUESTS].is_trusted:
        raise NotAReport(_why_no_table(reading.outline))
    return reading, doubts


def _outlined(document: Document, forms: Sequence[Form]) -> _Reading:
    structure = outline(document.blocks, forms)
    return _Reading(document, structure, find_tables(document.blocks, structure, document.reader, forms))


def _why_no_table(structure: Outline) -> str:
    if not structure.title and not structure.parts:
        return "not an annual report on 政府信息公开: no title, no section and no table of one was found"
    return (
        "no readable requests table (section 3, 收到和处理政府信息公开申请情况): "
        "if the report has one, give the agency's PDF with a text layer; an explanation or a cover letter is no report"
    )


# ---------------------------------------------------------------- what the report is of


def _agency(reading: _Reading, stem: str, origin: Origin, registry: Registry, gazetteer: Gazetteer) -> Agency:
    """Whose report it is. ``stem``: the name of the file as it was published, without its suffix."""
    structure, document = reading.outline, reading.document
    clues = Clues(
        title=structure.title,
        introduction=structure.introduction,
        signature="\n".join(structure.signature),
        text="\n".join(block.text for block in document.blocks if isinstance(block, Line)),
        metadata=document.title,
        file=stem,
    )
    return identify(clues, registry, gazetteer, origin.agency)


def _source(path: Path, document: Document) -> Source:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return Source(_name_of(path), path.suffix.lower(), digest, len(data), document.pictures)


def _reader(figures: Mapping[Key, Figure], otherwise: Reader) -> Reader:
    """The reader of most figures."""
    readers = [figure.reader for figure in figures.values()]
    return max(sorted(set(readers)), key=readers.count) if readers else otherwise


def _sections(reading: _Reading) -> tuple[Section, ...]:
    """The report's sections, without what is a row of a table."""
    sections = []
    for part in reading.outline.parts:
        blocks = zip(part.blocks, part.positions, strict=True)
        prose = [block for block, at in blocks if isinstance(block, Line) and at not in reading.tables.lines]
        sections.append(Section(part.number, part.heading, "\n".join(paragraphs(prose))))
    return tuple(sections)


# ---------------------------------------------------------------- doubts


def _with_recognised_resolved(
    report: Report, findings: list[Finding], tables: Tables, of_tables: TableFigures
) -> tuple[Report, list[Finding]]:
    """The report with what the form's identities say of figures that a recogniser read; nothing else is changed."""
    if not of_tables.candidates:
        return report, findings
    doubtful = {finding.at for finding in findings if finding.check == "reading"}
    sources = (item for table in tables.located.values() for item in table.sources.items())
    unsure = {key for key, source in sources if source.cell.open}
    resolved = resolve(report, of_tables.candidates, doubtful, unsure)
    figures = {**report.figures, **{key: figure for key, (figure, _) in resolved.items()}}
    kept = [finding for finding in findings if finding.check != "reading" or finding.at not in resolved]
    return replace(report, figures=figures), [*kept, *(finding for _, finding in resolved.values())]


def _with_second_reading(
    path: Path, report: Report, findings: Sequence[Finding], readings: Readings, forms: Sequence[Form]
) -> tuple[Report, list[Finding]]:
    """The report without the figures that a second reader has otherwise, where the format has one and it is asked."""
    given = format_of(path.suffix.lower())
    second = given.second if given else None
    if second and readings != "single" and (readings == "double" or is_doubtful(report, findings)):
        return read_again(path, report, forms, second)
    return report, []
