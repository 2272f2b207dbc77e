"""forms/*.toml -> Form: the official forms as data.

In: the TOML files beside this module. Out: a ``Form`` for each edition, cached. A file that does not say what a form
needs raises ``UsageError``: the forms are the project's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.model import Key, TableRow

Edition = Literal["2021", "2019"]
EDITIONS: tuple[Edition, ...] = ("2021", "2019")

_FORMS = data_files(__file__, "forms/*.toml")


@dataclass(frozen=True, slots=True)
class FormSection:
    number: int
    heading: str
    known: tuple[str, ...]


class FormColumn(NamedTuple):
    """A column of a block. ``row`` is set where the column itself says the row (the channels of reviews_litigation)."""

    id: str
    label: str
    under: tuple[str, ...]
    known: tuple[str, ...]
    row: str
    unit: str


class FormRow(NamedTuple):
    """A row of a block. ``instead_of`` names the rows that this one replaces where a report prints it."""

    id: str
    label: str
    under: tuple[str, ...]
    known: tuple[str, ...]
    instead_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of a table with a header of its own; ``title`` is the row that announces it, ``stub`` heads its labels."""

    title: str
    stub: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]

    def key(self, resource: str, row: FormRow, column: FormColumn) -> Key:
        return Key(resource, column.row or row.id, column.id)

    def keys(self, resource: str, row: FormRow) -> tuple[Key, ...]:
        """The address of the figure that a row has in each column."""
        return _keys(self, resource, row)


@dataclass(frozen=True, slots=True)
class FormTable:
    resource: str
    section: int
    blocks: tuple[Block, ...]

    def keys(self) -> tuple[Key, ...]:
        """The address of every figure that the form has, in the order of the package's CSV."""
        return tuple(key for block in self.blocks for row in block.rows for key in block.keys(self.resource, row))

    def rows(self) -> tuple[TableRow, ...]:
        """The package's rows, replacements included; a channel's row is made of the columns that name it."""
        return _rows(self.blocks)


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity that the form prescribes: the sums of ``left`` and ``right`` are equal in each column or row."""

    check: str
    resource: str
    label: str
    across: Literal["columns", "rows"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    unless_blank: bool
    """Not applicable where the right side is blank in every row."""
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """An edition of the form. It is loaded once, so that what follows from it alone is kept under itself as the key."""

    edition: Edition
    source: str
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    identities: tuple[Identity, ...]

    def table(self, resource: str) -> FormTable:
        return next(table for table in self.tables if table.resource == resource)


@cache
def _keys(block: Block, resource: str, row: FormRow) -> tuple[Key, ...]:
    return tuple(block.key(resource, row, column) for column in block.columns)


@cache
def _rows(blocks: tuple[Block, ...]) -> tuple[TableRow, ...]:
    found: dict[str, tuple[str, list[str]]] = {}
    for block in blocks:
        for row in block.rows:
            for column in block.columns:
                found.setdefault(column.row or row.id, (row.label or column.under[-1], []))[1].append(column.id)
    return tuple(TableRow(id, label, tuple(columns)) for id, (label, columns) in found.items())


@cache
def load_form(edition: Edition) -> Form:
    """The form of that edition. Raises ``UsageError`` if its file is not a form."""
    path = _FORMS[f"{edition}.toml"]
    try:
        return _form(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not a form: {error!r}") from error


def load_forms() -> tuple[Form, ...]:
    return tuple(load_form(edition) for edition in EDITIONS)


@cache
def units_of(forms: tuple[Form, ...]) -> Mapping[Key, str]:
    """The unit of every figure that the forms have."""
    return {
        key: column.unit
        for form in forms
        for table in form.tables
        for block in table.blocks
        for row in block.rows
        for key, column in zip(block.keys(table.resource, row), block.columns, strict=True)
    }


def printed_rows(table: FormTable, present: Set[str]) -> tuple[TableRow, ...]:
    """The rows that a package has for what a report prints.

    ``present`` are the ids of the rows found in print. A replacement (（六）其他处理 as one row) stands in for the rows
    that it replaces where it is printed and they are not; else they stand and it does not.
    """
    instead = {row.id: row.instead_of for block in table.blocks for row in block.rows if row.instead_of}
    left_out: set[str] = set()
    for replacement, replaced in instead.items():
        used = replacement in present and present.isdisjoint(replaced)
        left_out.update(replaced if used else {replacement})
    return tuple(row for row in table.rows() if row.id not in left_out)


def _form(data: dict[str, Any]) -> Form:
    return Form(
        edition=data["edition"],
        source=data["source"],
        sections=tuple(FormSection(s["number"], s["heading"], _texts(s, "known")) for s in data["section"]),
        tables=tuple(
            FormTable(table["resource"], table["section"], tuple(_block(block) for block in table["block"]))
            for table in data["table"]
        ),
        identities=tuple(
            Identity(
                check=identity["check"],
                resource=identity["resource"],
                label=identity["label"],
                across=identity["across"],
                left=_texts(identity, "left"),
                right=_texts(identity, "right"),
                unless_blank=identity.get("unless_blank", False),
                source=identity["source"],
            )
            for identity in data["identity"]
        ),
    )


def _block(data: dict[str, Any]) -> Block:
    return Block(
        title=data.get("title", ""),
        stub=data["stub"],
        columns=tuple(
            FormColumn(
                id=column["id"],
                label=column["label"],
                under=_texts(column, "under"),
                known=_texts(column, "known"),
                row=column.get("row", ""),
                unit=column.get("unit", ""),
            )
            for column in data["columns"]
        ),
        rows=tuple(
            FormRow(row["id"], row["label"], _texts(row, "under"), _texts(row, "known"), _texts(row, "instead_of"))
            for row in data["rows"]
        ),
    )


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(data.get(name, ()))
