"""Tables -> files to download: a class a format, and the registry of those that the site offers.

In: tables, whose rows can be walked through as often as there are formats. Out: their files, and what a page says of
each: its columns, rows, size and hash. Rows are streamed, in the order in which they come, so that the same rows give
the same bytes. A blank is empty, never 0.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

Cell = str | int | float | None
OfferedFor = Literal["all", "report"]
"""All reports together, on the page of data; or each report, on its own page."""


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table to be written. ``contents`` says what it holds, as a message of the templates; ``rows`` walks through it.

    Each call of ``rows`` gives all rows again.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    contents: str = ""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file to download: ``rows`` without the header, ``size`` in bytes, SHA-256.

    ``table``, ``columns`` and ``contents`` are empty where one file holds all tables; ``label`` names its format.
    """

    name: str
    label: str
    table: str
    columns: tuple[str, ...]
    contents: str
    rows: int
    size: int
    sha256: str


class TableFormat(Protocol):
    """A format of files that hold tables.

    ``label`` is what pages call it, ``suffix`` has no dot. ``holds_all``: one file has every table; else each has one.
    """

    @property
    def label(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def holds_all(self) -> bool: ...
    @property
    def offered_for(self) -> frozenset[OfferedFor]: ...
    def write(self, path: Path, tables: Sequence[DataTable]) -> None:
        """Write the tables, which are one unless the format holds all, into a file that isn't there yet."""


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """UTF-8 without BOM, LF, a header row, RFC 4180 quoting. Texts are such that no spreadsheet runs them."""

    label: str = "CSV"
    suffix: str = "csv"
    holds_all: bool = False
    offered_for: frozenset[OfferedFor] = frozenset({"all", "report"})

    def write(self, path: Path, tables: Sequence[DataTable]) -> None:
        (table,) = tables
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(map(_inert, table.rows()))


FORMATS: tuple[TableFormat, ...] = (CsvFormat(),)
"""Every format, in the order in which pages list them."""


def formats_for(offered_for: OfferedFor) -> tuple[TableFormat, ...]:
    return tuple(table_format for table_format in FORMATS if offered_for in table_format.offered_for)


def write_tables(
    formats: Iterable[TableFormat], tables: Sequence[DataTable], folder: Path, stem: str
) -> tuple[TableFile, ...]:
    """Write all tables in each format into a folder, which is made; ``stem`` names the files that hold all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(file for table_format in formats for file in _write_in(table_format, tables, folder, stem))


def _write_in(table_format: TableFormat, tables: Sequence[DataTable], folder: Path, stem: str) -> Iterator[TableFile]:
    if table_format.holds_all:
        yield _written(table_format, DataTable(stem, (), tuple), tables, folder)
    else:
        for table in tables:
            yield _written(table_format, table, (table,), folder, table.name)


def _written(
    table_format: TableFormat, named: DataTable, tables: Sequence[DataTable], folder: Path, table: str = ""
) -> TableFile:
    """The file that is called as ``named`` is, with these tables, their rows counted."""
    path = folder / f"{named.name}.{table_format.suffix}"
    counts = dict.fromkeys((each.name for each in tables), 0)

    def counted(each: DataTable) -> DataTable:
        def rows() -> Iterator[Sequence[Cell]]:
            counts[each.name] = 0
            for row in each.rows():
                counts[each.name] += 1
                yield row

        return replace(each, rows=rows)

    table_format.write(path, [counted(each) for each in tables])
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    rows = sum(counts.values())
    return TableFile(
        path.name, table_format.label, table, named.columns, named.contents, rows, path.stat().st_size, digest
    )


def _inert(row: Iterable[Cell]) -> list[Cell]:
    """A row whose texts no spreadsheet takes for a formula: a stranger's title may begin with ``=``."""
    return [f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "@", "\t", "\r") else cell for cell in row]
