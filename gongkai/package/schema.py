"""The packages' Table Schemas, and frictionless asked whether rows obey them.

In: ``schemas/*.json`` (titles, fields, constraints) and the official forms, from which the codes come. Out: a
``TableSchema`` for each CSV, and problems in words. Only our own schemas and descriptors are ever handed to
frictionless, and no path: what a stranger's descriptor says is compared with ours, never followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, get_args

from gongkai.checks.registry import CHECKS
from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.form import load_forms
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Severity
from gongkai.read.formats import reader_codes

TABLES = (REQUESTS, PROACTIVE, REVIEWS, "sections", "provenance", "findings", "statements")
"""The CSVs that every package has, in the order of its descriptor."""

OPTIONAL_TABLES = ("corrections", "history")
"""The CSVs that a package may have besides: a person's corrections, and the changes of what was published."""

_PROBLEMS_SHOWN = 5
"""Of one file: a broken file is broken on every line, and the first few say how."""

_SCHEMAS = data_files(__file__, "schemas/*.json")


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A CSV of the package. ``descriptor`` is its Table Schema, as it stands in datapackage.json."""

    name: str
    title: str
    description: str
    descriptor: Mapping[str, Any]
    columns: tuple[str, ...]


@cache
def table_schema(name: str) -> TableSchema:
    """The schema of that CSV. Raises ``UsageError`` if its file is not a schema."""
    path = _SCHEMAS[f"{name}.json"]
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        fields = data["schema"]["fields"]
        for field in fields:
            if codes := _codes().get((name, field["name"])):
                field.setdefault("constraints", {})["enum"] = list(codes)
        columns = tuple(field["name"] for field in fields)
        return TableSchema(name, data["title"], data["description"], data["schema"], columns)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not a table's schema: {error!r}") from error


def table_problems(name: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """What is wrong with a CSV's rows, in words, the first few; empty where they obey the schema.

    Types and constraints are frictionless's own cell readers, made once a table: ``Resource.validate`` copies every
    field of the schema twice a file, and takes seventeen times as long. The tests hold the two against each other.
    """
    return list(islice(_problems(name, rows), _PROBLEMS_SHOWN))


def descriptor_problems(descriptor: Mapping[str, Any]) -> list[str]:
    """What frictionless has against a descriptor that this project made (never against a stranger's)."""
    from frictionless import Package

    return [str(error.note) for error in Package.metadata_validate(dict(descriptor))]


def _problems(name: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    readers, key = _schema(name)
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, start=2):
        if len(row) != len(readers):
            yield f"row {number} has {len(row)} cells where {len(readers)} are expected"
            continue
        for cell, (column, reader) in zip(row, readers.items(), strict=True):
            _, notes = reader(cell)
            for note in (notes or {}).values():
                yield f"row {number}, column {column}: {cell[:40]!r} is not allowed: {note}"
        identity = tuple(row[index] for index in key)
        if key and identity in seen:
            yield f"row {number}: {'/'.join(identity)} stands there twice"
        seen.add(identity)


@cache
def _schema(name: str) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The cell readers of a table by column, and the places of its primary key's columns."""
    from frictionless import Schema

    table = table_schema(name)
    schema = Schema.from_descriptor(dict(table.descriptor))
    readers = schema.create_cell_readers()  # type: ignore[no-untyped-call]  # frictionless leaves it untyped
    return readers, tuple(table.columns.index(column) for column in schema.primary_key)


@cache
def _codes() -> dict[tuple[str, str], tuple[str, ...]]:
    """The codes that the forms define, each once, in the forms' order; those of what reads, and of the checks."""
    rows = {
        resource: [row for form in load_forms() for row in form.table(resource).rows()]
        for resource in (REQUESTS, PROACTIVE, REVIEWS)
    }
    items = [row.id.split("/") for row in rows[PROACTIVE]]
    return {
        (REQUESTS, "outcome"): _unique(row.id for row in rows[REQUESTS]),
        (PROACTIVE, "article_item"): _unique(item for item, _ in items),
        (PROACTIVE, "category"): _unique(category for _, category in items),
        (PROACTIVE, "measure"): _unique(column for row in rows[PROACTIVE] for column in row.columns),
        (REVIEWS, "channel"): _unique(row.id for row in rows[REVIEWS]),
        ("provenance", "reader"): reader_codes(),
        ("findings", "check"): tuple(CHECKS),
        ("findings", "severity"): get_args(Severity),
    }


def _unique(codes: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
