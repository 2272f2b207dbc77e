"""datasets/agencies.csv -> the registry of agencies, and back.

In: the CSV, whose rows people may add and mend. Out: a ``Registry``, which is the authority: an id that stands there is
never computed again. Two agencies never share an id or a name. A file that breaks this is refused (``UsageError``) and
left as it is.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from gongkai.errors import Conflict, UsageError
from gongkai.model import Agency, Level

COLUMNS = ("id", "name", "aliases", "division_code", "level", "kind", "predecessor")
ALIAS_SEPARATOR = "|"
AGENCY_ID = re.compile(r"[0-9]{6}-[a-z0-9]+(?:-[a-z0-9]+)*")
DIVISION_CODE = re.compile(r"[0-9]{6}")
SIZE_LIMIT = 50_000_000
"""Bytes; some 500,000 agencies."""
TEXT_LIMIT = 200
"""Characters of an agency's id or name, and of what is said of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``aliases`` are other names that reports print; ``predecessor`` is the id of the body before it."""

    agency: Agency
    aliases: tuple[str, ...] = ()
    predecessor: str = ""


class Registry:
    """The agencies that are known, by id and by name. It does not change: ``with_agency`` answers with another one."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Raises ``ValueError`` if two entries share an id or a name, or one is not what the contract says."""
        self._by_id: dict[str, Entry] = {}
        self._by_name: dict[str, Entry] = {}
        aliases: dict[str, list[Entry]] = {}
        for entry in entries:
            _check(entry)
            if entry.agency.id in self._by_id:
                raise ValueError(f"two agencies have the id {entry.agency.id}")
            if entry.agency.name in self._by_name:
                raise ValueError(f"two rows have the name {entry.agency.name}")
            self._by_id[entry.agency.id] = self._by_name[entry.agency.name] = entry
            for alias in entry.aliases:
                aliases.setdefault(alias, []).append(entry)
        self._by_alias = {alias: found[0] for alias, found in aliases.items() if len(found) == 1}

    def __iter__(self) -> Iterator[Entry]:
        """The entries, sorted by id."""
        return (self._by_id[id] for id in sorted(self._by_id))

    def __len__(self) -> int:
        return len(self._by_id)

    @classmethod
    def read(cls, path: Path) -> Registry:
        """The registry in that file; an empty one if there is none. Raises ``UsageError`` if the file is not one."""
        try:
            # Anybody may put a link there, to what nobody else should read, or a pipe.
            if not stat.S_ISREG(path.lstat().st_mode):
                raise UsageError(f"{path}: no regular file; put the registry itself there")
            with path.open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
            if len(content) > SIZE_LIMIT:
                raise UsageError(f"{path}: larger than {SIZE_LIMIT} bytes; restore the file")
            text = content.decode("utf-8-sig")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: can't be read as UTF-8: {error}") from error
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
            if not rows or tuple(rows[0]) != COLUMNS:
                raise ValueError("the columns are not " + ",".join(COLUMNS))
            return cls(_entry(row) for row in rows[1:])
        except (csv.Error, ValueError) as error:
            raise UsageError(f"{path}: {error}: mend the row, or restore the file") from error

    def to_bytes(self) -> bytes:
        """The content of the file, sorted by id."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(entry) for entry in self)
        return text.getvalue().encode()

    def find(self, name: str) -> Agency | None:
        """The agency of that name or, if it is one agency's alone, that alias."""
        entry = self._by_name.get(name) or self._by_alias.get(name)
        return entry.agency if entry else None

    def by_id(self, id: str) -> Agency | None:
        entry = self._by_id.get(id)
        return entry.agency if entry else None

    def predecessor(self, id: str) -> str:
        """The id of the body that an agency took over or was before; empty if the registry names none."""
        entry = self._by_id.get(id)
        return entry.predecessor if entry else ""

    def with_agency(self, agency: Agency) -> Registry:
        """This registry, or one that has the agency too. Raises ``Conflict`` if its id is another agency's."""
        known = self.by_id(agency.id)
        if known and known.name == agency.name:
            return self
        if known:
            raise Conflict(
                f"{agency.name} has the id {agency.id} of {known.name}: extract it again, for an id of its own"
            )
        entry = Entry(agency)
        try:
            _check(entry)
        except ValueError as error:
            raise Conflict(f"{error}: mend agencies.csv") from error
        if agency.name in self._by_name:
            raise Conflict(f"two rows have the name {agency.name}: mend agencies.csv")
        # The entries that are there have been checked: to check them all for each new one takes hours for many.
        larger = Registry()
        larger._by_id = {**self._by_id, agency.id: entry}
        larger._by_name = {**self._by_name, agency.name: entry}
        larger._by_alias = self._by_alias
        return larger


def _check(entry: Entry) -> None:
    agency = entry.agency
    if not AGENCY_ID.fullmatch(agency.id):
        raise ValueError(f"{agency.id!r} is not an agency id (320300-tong-ji-ju)")
    said = (agency.id, agency.name, agency.kind, entry.predecessor, *entry.aliases)
    if not all(len(text) <= TEXT_LIMIT and text.isprintable() for text in said):
        raise ValueError(f"{agency.id[:40]} has a text that is no line of at most {TEXT_LIMIT} characters")
    if not agency.name:
        raise ValueError(f"{agency.id} has no name")
    if not DIVISION_CODE.fullmatch(agency.division_code):
        raise ValueError(f"{agency.id} has {agency.division_code!r} as its division code, not six digits")
    if agency.level not in get_args(Level):
        raise ValueError(f"{agency.id} has {agency.level!r} as its level, not one of {', '.join(get_args(Level))}")


def _entry(row: list[str]) -> Entry:
    if len(row) != len(COLUMNS):
        raise ValueError(f"the row {','.join(row)[:40]!r} has {len(row)} cells, not {len(COLUMNS)}")
    values = {column: cell.strip() for column, cell in zip(COLUMNS, row, strict=True)}
    level: Level = values["level"]  # type: ignore[assignment]  # _check says whether it is one
    agency = Agency(values["id"], values["name"], values["division_code"], level, values["kind"])
    aliases = tuple(alias.strip() for alias in values["aliases"].split(ALIAS_SEPARATOR) if alias.strip())
    return Entry(agency, aliases, values["predecessor"])


def _row(entry: Entry) -> tuple[str, ...]:
    agency = entry.agency
    aliases = ALIAS_SEPARATOR.join(entry.aliases)
    return agency.id, agency.name, aliases, agency.division_code, agency.level, agency.kind, entry.predecessor
