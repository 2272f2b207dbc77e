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

from gongkai.errors import NotAReport, UnreadableFile
from gongkai.extract.agency import Clues, identify
from gongkai.extract.ocr_resolution import settle
from gongkai.extract.outline import Outline, outline, paragraphs
from gongkai.extract.publication import publication_day
from gongkai.extract.scope import scope_of
from gongkai.extract.tables.find_tables import Tables, find_tables
from gongkai.extract.tables.locate import TRUSTED, Located, Spot
from gongkai.extract.year import covered_year
from gongkai.figures import in_10k_cny, printed_unit, read_figure
from gongkai.form import Edition, Form, FormTable, load_forms, printed_rows, units_of
from gongkai.identities import identity_results
from gongkai.model import (
    PROACTIVE,
    REQUESTS,
    RESOURCES,
    Document,
    Figure,
    Finding,
    FormName,
    Key,
    Line,
    Origin,
    Reader,
    Readings,
    Report,
    Section,
    Source,
    Table,
    TableRow,
    Verdict,
)
from gongkai.names.places import Gazetteer
from gongkai.names.registry import Registry
from gongkai.read import read
from gongkai.read.formats import SecondReader, format_of, method_of
from gongkai.system import resource_limits

AGAIN = 1.5
"""So much longer than the first reading may one take that looks at no strokes."""
FEW_BLANKS = 0.2
"""In a table in which a smaller share of the cells is blank, a blank is unexpected."""


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
    with _no_collection():
        return _extract(path, origin, registry, gazetteer, readings, name or _name_of(path))


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


def _extract(
    path: Path, origin: Origin, registry: Registry, gazetteer: Gazetteer, readings: Readings, name: str
) -> tuple[Report, tuple[Finding, ...]]:
    forms = load_forms()
    began = monotonic()
    document = read(path)
    taken = monotonic() - began
    structure = outline(document.blocks, forms)
    if len(structure.again) > 1:
        raise NotAReport(
            "several reports in one file: their sections follow each other; give each as a file of its own"
        )
    tables = find_tables(document.blocks, structure, document.reader, forms)
    suffix = path.suffix.lower()
    given = format_of(suffix)
    read_without_rules = given.read_without_rules if given and method_of(document.reader).without_rules else None
    in_doubt = read_without_rules and (tables.crossed or tables.located[REQUESTS].score < TRUSTED)
    fits_again = AGAIN * taken < resource_limits.seconds_left()
    if read_without_rules and in_doubt and fits_again:
        plain = read_without_rules(path)
        document, structure, tables = _better(plain, document, structure, tables, forms)
    requests = tables.located[REQUESTS]
    if requests.score < TRUSTED:
        raise NotAReport(_why_no_table(structure))
    year, start, end = covered_year(structure, document.title, Path(name).stem, origin.year)
    clues = Clues(
        title=structure.title,
        introduction=structure.introduction,
        signature="\n".join(structure.signature),
        text="\n".join(block.text for block in document.blocks if isinstance(block, Line)),
        metadata=document.title,
        file=Path(name).stem,
    )
    agency = identify(clues, registry, gazetteer, origin.agency)
    form, shapes = _shapes(tables.located, forms)
    figures, findings, candidates = _figures(tables.located, shapes, forms)
    if in_doubt and not fits_again:
        findings.append(_unread_again("the file was"))
    data = path.read_bytes()
    report = Report(
        agency=agency,
        year=year,
        form=form,
        scope=origin.scope or scope_of(structure.introduction, agency),
        title=structure.title or f"{agency.name}{year}年政府信息公开工作年度报告",
        period_start=start,
        period_end=end,
        reader=_reader(figures, document.reader),
        tables=shapes,
        figures=figures,
        sections=_sections(structure, tables.lines),
        source=Source(_name_of(path), suffix, hashlib.sha256(data).hexdigest(), len(data), document.pictures),
        origin=origin,
        created=document.created,
        dated=publication_day(document.dated, year, end, origin),
    )
    if candidates:
        doubtful = {f.at for f in findings if f.check == "reading"}
        spots = (item for found in tables.located.values() for item in found.spots.items())
        unsure = {key for key, spot in spots if "" in spot.slot.candidates}
        settled = settle(report, candidates, doubtful, unsure)
        report = replace(report, figures={**figures, **{key: figure for key, (figure, _) in settled.items()}})
        findings = [f for f in findings if f.check != "reading" or f.at not in settled]
        findings += [finding for _, finding in settled.values()]
    second = given.second if given else None
    if second and readings != "single" and (readings == "double" or _doubtful(report, findings)):
        report, more = _read_again(path, report, forms, second)
        findings += more
    return report, tuple(findings)


# ---------------------------------------------------------------- tables


def _better(
    plain: Document, document: Document, structure: Outline, tables: Tables, forms: Sequence[Form]
) -> tuple[Document, Outline, Tables]:
    """The reading that looks at no strokes, if the tables are found no worse by it; else the one that there is.

    What is ruled may be something else than the form's cells: a frame, a ground, only some of the columns.
    """
    other = outline(plain.blocks, forms)
    found = find_tables(plain.blocks, other, plain.reader, forms)
    return (plain, other, found) if found.agrees() >= tables.agrees() else (document, structure, tables)


def _why_no_table(structure: Outline) -> str:
    if not structure.title and not structure.parts:
        return "not an annual report on 政府信息公开: no title, no section and no table of one was found"
    return (
        "no readable requests table (section 3, 收到和处理政府信息公开申请情况): "
        "if the report has one, give the agency's PDF with a text layer; an explanation or a cover letter is no report"
    )


def _shapes(located: Mapping[str, Located], forms: Sequence[Form]) -> tuple[FormName, tuple[Table, ...]]:
    """The form that is printed, and the tables with the rows that the package has for them."""
    blocks = {edition for edition in located[PROACTIVE].editions.values() if edition}
    rows = located[REQUESTS].rows
    by_edition = {form.edition: form for form in forms}
    told: set[Edition] = set(blocks) if located[PROACTIVE].score > 0 else set()
    whole = {r.id for r in by_edition["2021"].table(REQUESTS).rows()} - {
        r.id for r in by_edition["2019"].table(REQUESTS).rows()
    }
    if rows & whole:
        told.add("2021")
    elif not told:
        told.add("2019" if "other_handling" in rows else "2021")
    form: FormName = next(iter(told)) if len(told) == 1 else "mixed"
    shapes = []
    for resource in RESOURCES:
        found = located[resource]
        own: Edition = "2021" if form == "mixed" else form
        if resource == PROACTIVE:
            name: FormName = next(iter(blocks)) if len(blocks) == 1 else "mixed" if blocks else form
            table_rows = _proactive_rows(found, by_edition, own)
        else:
            edition: Edition = "2021" if resource == REQUESTS and rows & whole else own
            name = edition
            table_rows = printed_rows(by_edition[edition].table(resource), found.rows)
        shapes.append(Table(resource, name if found.score >= TRUSTED else None, table_rows))
    return form, tuple(shapes)


def _proactive_rows(found: Located, forms: Mapping[Edition, Form], otherwise: Edition) -> tuple[TableRow, ...]:
    """The rows of section two, each block in the edition that it follows."""
    rows: list[TableRow] = []
    titles = dict.fromkeys(block.title for form in forms.values() for block in form.table(PROACTIVE).blocks)
    for title in titles:
        edition = found.editions.get(title) or otherwise
        blocks = tuple(block for block in forms[edition].table(PROACTIVE).blocks if block.title == title)
        rows += FormTable(PROACTIVE, 2, blocks).rows()
    return tuple(rows)


# ---------------------------------------------------------------- figures


def _figures(
    located: Mapping[str, Located], shapes: Sequence[Table], forms: Sequence[Form]
) -> tuple[dict[Key, Figure], list[Finding], dict[Key, list[Figure]]]:
    """The figures in print, findings for each that is absent, altered or illegible, and what recognised ones may be."""
    units = units_of(tuple(forms))
    figures: dict[Key, Figure] = {}
    findings: list[Finding] = []
    candidates: dict[Key, list[Figure]] = {}
    for shape in shapes:
        found = located[shape.resource]
        if shape.form is None:
            findings += [_absent(shape.resource, row, "", "its table was not found") for row in shape.rows]
            continue
        kept = {row.id for row in shape.rows} | {""}
        findings += [f for f in found.findings if f.row in kept]
        open_rows = {(f.row, f.column) for f in found.findings if f.check == "reading"}
        for row in shape.rows:
            missing = []
            for column in row.columns:
                key = Key(shape.resource, row.id, column)
                spot = found.spots.get(key)
                if spot is not None:
                    figure, finding = _figure(key, spot, units[key])
                    figures[key] = figure
                    findings += finding
                    if spot.slot.candidates and (may_be := _candidates(key, spot, units[key])):
                        candidates[key] = may_be
                elif not open_rows & {(row.id, ""), (row.id, column)}:
                    missing.append(column)
            if missing and len(missing) == len(row.columns):
                findings.append(_absent(shape.resource, row, "", "the row was not found in print"))
            else:
                findings += [_absent(shape.resource, row, c, "its column was not found in print") for c in missing]
        findings += _unreplaced(shape, figures, forms)
    return figures, findings, candidates


def _unreplaced(shape: Table, figures: Mapping[Key, Figure], forms: Sequence[Form]) -> list[Finding]:
    """A finding for each row that may be printed in place of others of which no figure was found."""
    read, named = {key.row for key in figures}, {row.id for row in shape.rows}
    return [
        _absent(shape.resource, TableRow(row.id, row.label, ()), "", "neither it nor what it replaces was read")
        for form in forms
        for block in form.table(shape.resource).blocks
        for row in block.rows
        if row.instead_of and row.id not in named and read.isdisjoint(row.instead_of)
    ]


def _absent(resource: str, row: TableRow, column: str, why: str) -> Finding:
    return Finding(
        check="form",
        severity="warning",
        at=Key(resource, row.id, column),
        expected=row.label,
        message=f"{row.label}: {why}",
    )


def _figure(key: Key, spot: Spot, unit: str) -> tuple[Figure, list[Finding]]:
    money = unit == "10k_cny"
    slot = spot.slot
    # In a row that is certainly one row of the form, a line break is one within the figure.
    text = slot.text.replace("\n", "") if spot.certain and spot.row.ruled and not slot.spans else slot.text
    said = read_figure(text, signed=key.column == "change", decimal=money)
    legible = said.legible and not slot.doubtful
    value = said.value if legible else None
    if money and value is not None:
        named = said.money or printed_unit(spot.header)
        value, unit = (in_10k_cny(value, named), unit) if named else (value, "unstated")
    figure = Figure(key, value, slot.text, unit, spot.row.reader, slot.box)
    if legible:
        return figure, []
    why = "could not be read with certainty" if slot.doubtful else "is no figure"
    why = "spans several rows" if slot.doubtful and slot.spans else why
    message = f"left empty: the cell holds {slot.text!r}, which {why}"
    return figure, [Finding(check="reading", severity="error", at=key, actual=slot.text, message=message)]


def _candidates(key: Key, spot: Spot, unit: str) -> list[Figure]:
    """What a figure that was recognised may be, most likely first."""
    slots = (spot.slot._replace(text=text, doubtful=False) for text in spot.slot.candidates if text)
    read = (_figure(key, spot._replace(slot=slot), unit) for slot in slots)
    return [figure for figure, findings in read if not findings]


def _reader(figures: Mapping[Key, Figure], otherwise: Reader) -> Reader:
    """The reader of most figures."""
    readers = [figure.reader for figure in figures.values()]
    return max(sorted(set(readers)), key=readers.count) if readers else otherwise


# ---------------------------------------------------------------- the second reading


def _doubtful(report: Report, findings: Sequence[Finding]) -> bool:
    """Whether the first reading leaves a doubt that a second one may settle."""
    if any(f.check == "reading" or (f.check == "form" and f.resource == REQUESTS) for f in findings):
        return True
    if any(result.verdict in (Verdict.FAILS, Verdict.UNDECIDED) for result in identity_results(report)):
        return True
    for table in report.tables:
        own = [figure for key, figure in report.figures.items() if key.resource == table.resource]
        blank = sum(figure.is_blank for figure in own)
        if 0 < blank < FEW_BLANKS * len(own):
            return True
    return False


def _read_again(
    path: Path, report: Report, forms: Sequence[Form], second: SecondReader
) -> tuple[Report, list[Finding]]:
    """The report without the figures on which the second reader differs, and a finding for each of them."""
    # Of a picture the second reader sees nothing, or a text layer that says something else.
    printed = {key: figure for key, figure in report.figures.items() if not method_of(figure.reader).recognised}
    pages = sorted({figure.box.page for figure in printed.values() if figure.box})
    if not pages:
        return report, []
    if not second.fits(path, pages):
        return report, [_unread_again("the pages with tables were")]
    try:
        blocks = second.read_pages(path, pages)
    except UnreadableFile:
        message = "the pages with tables could not be read a second time, so that each figure stands on one reading"
        return report, [Finding(check="reading", severity="warning", message=message)]
    structure = outline(blocks, forms)
    located = find_tables(blocks, structure, second.method, forms).located
    read_again, _, _ = _figures(located, report.tables, forms)
    figures = dict(report.figures)
    findings = []
    for key, first in printed.items():
        other = read_again.get(key)
        if other is None or first.is_unread:
            continue
        if (other.value, other.unit) != (first.value, first.unit):
            figures[key] = first._replace(value=None, printed=f"{first.printed} | {other.printed}")
            message = f"left empty: one reading is {first.printed!r}, the other {other.printed!r}"
            findings.append(
                Finding(
                    check="reading",
                    severity="error",
                    at=key,
                    expected=first.printed,
                    actual=other.printed,
                    message=message,
                )
            )
    return replace(report, figures=figures), findings


def _unread_again(what: str) -> Finding:
    """The finding of a doubt that stays, since a reading that would settle it is not begun."""
    message = f"{what} not read a second time, which would take longer, or more memory, than a file may: "
    return Finding(check="reading", severity="warning", message=f"{message}each figure stands on one reading")


# ---------------------------------------------------------------- sections


def _sections(structure: Outline, table_lines: frozenset[int]) -> tuple[Section, ...]:
    return tuple(
        Section(
            part.number,
            part.heading,
            "\n".join(paragraphs([b for b in part.blocks if isinstance(b, Line) and id(b) not in table_lines])),
        )
        for part in structure.parts
    )
