"""Every type that passes between the stages.

Units: boxes are in PDF points from the page's top left corner; pages count from 1; counts are integers, amounts
decimals in 万元 (``10k_cny``). ``None`` for a figure's value is *blank* (or not readable, with a finding), never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal, NamedTuple

from gongkai.figures import is_blank

Reader = str
"""How a figure was read: the code of a method that a format declares (``gongkai.read.formats``), or ``correction``."""
Severity = Literal["error", "warning", "info"]
Level = Literal["central", "province", "city", "county", "township"]
Scope = Literal["region", "agency", "unknown"]
Cause = Literal["reissue", "extractor", "correction"]
FormName = Literal["2021", "2019", "mixed"]
Readings = Literal["auto", "single", "double"]
"""How often a PDF's tables are read: twice where a figure is in doubt, once, or always twice."""

REQUESTS = "requests"
PROACTIVE = "proactive_disclosure"
REVIEWS = "reviews_litigation"
AgencyYear = tuple[str, int]
"""An agency's id and a year: which report."""

RESOURCES = (PROACTIVE, REQUESTS, REVIEWS)
"""The three tables, in the order in which the form prints them."""


# ---------------------------------------------------------------- read: a file -> Document


class Box(NamedTuple):
    """Where something is printed: page from 1, PDF points from the top left."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class Word(NamedTuple):
    """Characters that stand together in a line, and the interval that they take.

    ``x0`` and ``x1`` are PDF points, or character offsets in a text file; they compare within one document only.
    """

    text: str
    x0: float
    x1: float
    doubtful: bool = False
    """It is a figure that a recogniser could not make out for certain; ``text`` then says nothing."""
    candidates: tuple[str, ...] = ()
    """What such a figure may be, most likely first."""
    open: bool = False
    """It may be something else than any of these."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. ``starts`` and ``full`` say how paragraphs are rejoined from lines.

    ``starts`` is true where the layout says that a paragraph begins here (an indent, an element of its own);
    ``full`` is true where the line reaches the right margin, so that the paragraph may go on below.
    """

    text: str
    words: tuple[Word, ...] = ()
    box: Box | None = None
    page: int = 0
    starts: bool = False
    full: bool = False


class Cell(NamedTuple):
    """A cell of a grid: its place from 0, its spans, and the characters in it, lines joined.

    ``box`` is the box of the characters, or that of an empty cell.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    box: Box | None = None
    doubtful: bool = False
    """The reader could not make out some characters."""
    candidates: tuple[str, ...] = ()
    """What the characters may be, most likely first, where a recogniser read them."""
    open: bool = False
    """They may be something else than any of these."""
    ragged: bool = False
    """It is doubtful for its place alone: its row, or its header, ends elsewhere than the rows around."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, or a piece of one, as it stands on the page.

    ``edges`` are the x coordinates of the column borders (``columns + 1`` of them) where the format has any;
    pieces of one table are joined by them. A row may be a line of a row (a wrapped label): alignment joins them.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    reader: Reader
    edges: tuple[float, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader hands on: lines and grids in reading order, and what the file says about itself."""

    blocks: tuple[Line | Grid, ...]
    reader: Reader
    title: str = ""
    """The title that the file's own metadata gives, if any; what is printed goes before it."""
    created: date | None = None
    dated: tuple[date, ...] = ()
    """The days that the page around the report gives for its publication."""
    pages: int | None = None
    pictures: bool = False
    """Some of it are pictures that a recogniser reads, or would read if it were installed."""


# ---------------------------------------------------------------- extract: Document -> Report


class Key(NamedTuple):
    """A figure's address: the CSV, its row (outcome, ``article_item/category`` or channel) and column or measure.

    What a finding is about may be less than a figure: a part that is empty names no row, no column or no table.
    """

    resource: str = ""
    row: str = ""
    column: str = ""


WHOLE_REPORT = Key()
"""What a finding is about that names no table."""


class Figure(NamedTuple):
    """A figure that was found in print: its value, the characters as printed, and where."""

    key: Key
    value: Decimal | None
    printed: str
    unit: str
    """``requests``, ``documents``, ``decisions``, ``items``, ``projects``, ``cases``, ``10k_cny`` or ``unstated``."""
    reader: Reader
    box: Box | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the report leaves the cell empty: it prints nothing there, or a stroke."""
        return self.value is None and is_blank(self.printed)

    @property
    def is_unread(self) -> bool:
        """Whether something is printed that could not be read as a figure, or not with certainty."""
        return self.value is None and not is_blank(self.printed)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that the package has, whether or not the report prints it."""

    id: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One of the three tables: the edition of the form that is printed (``None``: not found) and its rows in order."""

    resource: str
    form: FormName | None
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    number: int
    heading: str
    text: str
    """Paragraphs separated by a newline."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that publishes reports. ``division_code`` and ``level`` are those of the place it is named for."""

    id: str
    name: str
    division_code: str
    level: Level
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a person states in ``origin.toml``; it overrides what was read."""

    agency: str | None = None
    year: int | None = None
    scope: Scope | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    retrieved: date | None = None
    licence: str | None = None
    note: str | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The file that the agency published."""

    name: str
    suffix: str
    """``.pdf``, ``.txt``, …: lower case, with the dot."""
    sha256: str
    size: int
    pictures: bool = False
    """Some of it are pictures that a recogniser reads, or would read if it were installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: a line of findings.csv. ``at`` is the figure, row, column or table that it is about."""

    check: str
    severity: Severity
    at: Key = WHOLE_REPORT
    expected: str = ""
    actual: str = ""
    message: str = ""

    @property
    def resource(self) -> str:
        return self.at.resource

    @property
    def row(self) -> str:
        return self.at.row

    @property
    def column(self) -> str:
        return self.at.column

    @property
    def essence(self) -> tuple[str, ...]:
        """All of it but its wording."""
        return self.check, self.severity, *self.at, self.expected, self.actual


class Verdict(Enum):
    """What a check says of a figure or a sum: not checked is told apart from nothing found."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check says of one figure, row, column or table of a report (``at``).

    ``reason`` says why it is not applicable, or which cells are blank; ``finding`` is what it adds to findings.csv: one
    where it fails or is left open by blanks, none where it holds.
    """

    check: str
    verdict: Verdict
    at: Key = WHOLE_REPORT
    reason: str = ""
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure that the prose states. ``start`` and ``end`` are character offsets in the section's text.

    ``resource``, ``row`` and ``column`` name the figure, or group of figures, that it speaks of; ``agrees`` is ``None``
    where the tables leave it open.
    """

    section: int
    start: int
    end: int
    text: str
    resource: str
    row: str
    column: str
    value: Decimal
    agrees: bool | None

    @property
    def key(self) -> Key:
        """The address of the figure, or group of figures, that it speaks of."""
        return Key(self.resource, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of corrections.csv: a person says what is printed where the reading was wrong; ``None`` is a blank."""

    key: Key
    value: Decimal | None
    reason: str
    evidence: str
    by: str
    date: date


@dataclass(frozen=True, slots=True)
class Change:
    """A line of history.csv: a published figure became another. ``None`` is empty."""

    date: date
    key: Key
    old: Decimal | None
    new: Decimal | None
    cause: Cause


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as printed. Nothing in it is corrected but what a person says was misread (``corrections``)."""

    agency: Agency
    year: int
    form: FormName
    scope: Scope
    title: str
    period_start: date | None
    period_end: date | None
    reader: Reader
    tables: tuple[Table, ...]
    figures: Mapping[Key, Figure]
    """Every figure whose place in print is known, blanks included. A key that is absent was not found in print."""
    sections: tuple[Section, ...]
    source: Source
    origin: Origin = field(default_factory=Origin)
    created: date | None = None
    """The document's own date, where it has one."""
    dated: date | None = None
    """The day of publication that the page around it gives, where nobody states another."""
    statements: tuple[Statement, ...] = ()
    corrections: tuple[Correction, ...] = ()
    history: tuple[Change, ...] = ()

    @property
    def published(self) -> date | None:
        """The day on which the agency published it, as far as that is known."""
        return self.origin.published or self.dated

    def value(self, resource: str, row: str, column: str) -> Decimal | None:
        """The figure's value; ``None`` if it is blank, unreadable or absent."""
        figure = self.figures.get(Key(resource, row, column))
        return figure.value if figure else None

    def is_unread(self, key: Key) -> bool:
        """Whether a figure is not known for want of reading: not found in print, or printed and not read."""
        figure = self.figures.get(key)
        return figure is None or figure.is_unread

    def table(self, resource: str) -> Table:
        return next(table for table in self.tables if table.resource == resource)


# ---------------------------------------------------------------- check: a Report beside others


class Twin(NamedTuple):
    """Another report that has a table with the very same figures."""

    agency_id: str
    agency: str
    year: int


@dataclass(frozen=True, slots=True)
class OtherReports:
    """What other reports say, as far as a report is checked against them.

    ``earlier`` is the agency's own report for the year before; ``break_before`` says why the two do not compare, if
    something that no report prints parts them (a merger). ``twins`` are the reports with the same table, by resource.
    """

    earlier: Report | None = None
    break_before: str = ""
    twins: Mapping[str, tuple[Twin, ...]] = field(default_factory=dict)
