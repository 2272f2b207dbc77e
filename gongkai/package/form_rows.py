"""Whether the rows that a package has for a table are those that an edition of the official form may give.

In: a Table, as anybody may have written it. Out: whether its rows are the form's, in the form's order. A table of
section two may mix the editions, block by block; no other may.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby

from gongkai.form import EDITIONS, Edition, load_form, printed_rows
from gongkai.model import PROACTIVE, Table, TableRow


def has_rows_of_its_form(table: Table) -> bool:
    """Whether the rows are those of the edition that the table says it follows; of any, where it says none."""
    editions = [edition for edition in EDITIONS if table.form in (edition, "mixed", None)]
    if table.rows in {rows for edition in editions for rows in _possible_rows(edition, table.resource)}:
        return True
    if table.resource != PROACTIVE or table.form not in ("mixed", None):
        return False
    # Blocks of both editions: each item of article 20 has the rows of one of them.
    blocks = {rows for edition in editions for rows in _by_item(_possible_rows(edition, PROACTIVE)[0])}
    items = [rows[0].id.partition("/")[0] for rows in _by_item(table.rows)]
    shared = set.intersection(
        *({row.id.partition("/")[0] for row in _possible_rows(edition, PROACTIVE)[0]} for edition in editions)
    )
    return set(_by_item(table.rows)) <= blocks and items == sorted(set(items)) and shared <= set(items)


@cache
def _possible_rows(edition: Edition, resource: str) -> tuple[tuple[TableRow, ...], ...]:
    """The rows that a package may have for a table: with a replacing row, or with the rows that it replaces."""
    table = load_form(edition).table(resource)
    replacing = {row.id for block in table.blocks for row in block.rows if row.instead_of}
    return tuple(dict.fromkeys((printed_rows(table, set()), printed_rows(table, replacing))))


def _by_item(rows: tuple[TableRow, ...]) -> list[tuple[TableRow, ...]]:
    return [tuple(group) for _, group in groupby(rows, key=lambda row: row.id.partition("/")[0])]
