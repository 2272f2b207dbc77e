"""Where a figure is printed -> the figure: its value, its unit, and what stays open.

In: the three tables as located, and their rows. Out: ``TableFigures``. A figure is as printed: an amount alone is
converted, to 万元, where its unit is printed.
What never happens: a figure of the form is left out without a finding that names its row or column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gongkai.extract.tables.locate import FigureSource, LocatedTable
from gongkai.figures import in_10k_cny, printed_unit, read_figure
from gongkai.form import Form, units_of
from gongkai.model import Figure, Finding, Key, Table, TableRow


class TableFigures(NamedTuple):
    """The figures in print, a finding for each that is absent, altered or illegible, and what recognised ones may be.

    ``candidates`` are the readings of a figure that a recogniser gives, most likely first.
    """

    figures: dict[Key, Figure]
    findings: list[Finding]
    candidates: dict[Key, list[Figure]]


def figures_of_tables(
    located: Mapping[str, LocatedTable], shapes: Sequence[Table], forms: Sequence[Form]
) -> TableFigures:
    """The figures of all tables, each where its row and column are certain."""
    units = units_of(tuple(forms))
    figures: dict[Key, Figure] = {}
    findings: list[Finding] = []
    candidates: dict[Key, list[Figure]] = {}
    for shape in shapes:
        table = located[shape.resource]
        if shape.form is None:
            findings += [_absent(shape.resource, row, "", "its table was not found") for row in shape.rows]
            continue
        kept = {row.id for row in shape.rows} | {""}
        findings += [f for f in table.findings if f.row in kept]
        open_rows = {(f.row, f.column) for f in table.findings if f.check == "reading"}
        for row in shape.rows:
            missing = []
            for column in row.columns:
                key = Key(shape.resource, row.id, column)
                source = table.sources.get(key)
                if source is not None:
                    figures[key], problems = _figure(key, source, units[key])
                    findings += problems
                    if source.cell.candidates and (may_be := _candidates(key, source, units[key])):
                        candidates[key] = may_be
                elif not open_rows & {(row.id, ""), (row.id, column)}:
                    missing.append(column)
            if missing and len(missing) == len(row.columns):
                findings.append(_absent(shape.resource, row, "", "the row was not found in print"))
            else:
                findings += [_absent(shape.resource, row, c, "its column was not found in print") for c in missing]
        findings += _unreplaced(shape, figures, forms)
    return TableFigures(figures, findings, candidates)


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


def _figure(key: Key, source: FigureSource, unit: str) -> tuple[Figure, list[Finding]]:
    money = unit == "10k_cny"
    cell = source.cell
    # In a row that is certainly one row of the form, a line break is one within the figure.
    text = cell.text.replace("\n", "") if source.certain and source.row.ruled and not cell.spans else cell.text
    said = read_figure(text, signed=key.column == "change", decimal=money)
    legible = said.legible and not cell.doubtful
    value = said.value if legible else None
    if money and value is not None:
        named = said.money or printed_unit(source.header)
        value, unit = (in_10k_cny(value, named), unit) if named else (value, "unstated")
    figure = Figure(key, value, cell.text, unit, source.row.reader, cell.box)
    if legible:
        return figure, []
    why = "could not be read with certainty" if cell.doubtful else "is no figure"
    why = "spans several rows" if cell.doubtful and cell.spans else why
    message = f"left empty: the cell holds {cell.text!r}, which {why}"
    return figure, [Finding(check="reading", severity="error", at=key, actual=cell.text, message=message)]


def _candidates(key: Key, source: FigureSource, unit: str) -> list[Figure]:
    """What a figure that was recognised may be, most likely first."""
    cells = (source.cell._replace(text=text, doubtful=False) for text in source.cell.candidates)
    read = (_figure(key, source._replace(cell=cell), unit) for cell in cells)
    return [figure for figure, findings in read if not findings]
