"""Tables as located -> the form that is printed, and the rows that the package has for it.

In: the three tables and the forms. Out: the form's name and a ``Table`` for each resource, whose ``form`` is ``None``
where it was not found. Whatever is printed, every row of the edition that is followed is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.extract.tables.locate import LocatedTable
from gongkai.form import Edition, Form, FormTable, printed_rows
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, FormName, Table, TableRow


def table_shapes(located: Mapping[str, LocatedTable], forms: Sequence[Form]) -> tuple[FormName, tuple[Table, ...]]:
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
        table = located[resource]
        of_report: Edition = "2021" if form == "mixed" else form
        if resource == PROACTIVE:
            name: FormName = next(iter(blocks)) if len(blocks) == 1 else "mixed" if blocks else form
            table_rows = _proactive_rows(table, by_edition, of_report)
        else:
            edition: Edition = "2021" if resource == REQUESTS and rows & whole else of_report
            name = edition
            table_rows = printed_rows(by_edition[edition].table(resource), table.rows)
        shapes.append(Table(resource, name if table.is_trusted else None, table_rows))
    return form, tuple(shapes)


def _proactive_rows(table: LocatedTable, forms: Mapping[Edition, Form], otherwise: Edition) -> tuple[TableRow, ...]:
    """The rows of section two, each block in the edition that it follows."""
    rows: list[TableRow] = []
    titles = dict.fromkeys(block.title for form in forms.values() for block in form.table(PROACTIVE).blocks)
    for title in titles:
        edition = table.editions.get(title) or otherwise
        blocks = tuple(block for block in forms[edition].table(PROACTIVE).blocks if block.title == title)
        rows += FormTable(PROACTIVE, 2, blocks).rows()
    return tuple(rows)
