"""The columns of a block: which printed column is which of the form's, and what stands in it.

In: the form's columns, the printed rows above a block and the block's own. Out: ``Columns``, or ``None`` where they
cannot be told. A ruled table's columns are the intervals between the borders of its figures' cells; those of a table
without rules are where the figures of its complete lines stand; where only the order of words is known, their order.
All that stands above a column is its header; headers are aligned with the form's as rows are.
What never happens: a figure that may stand in two columns is put into one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.align import AGREES, DIFFERS, FORBIDDEN, Label, agreement, align
from gongkai.characters import fold
from gongkai.figures import is_blank, read_figure
from gongkai.form import FormColumn
from gongkai.rows import PrintedRow, Slot

SNAP = 3.0
"""Borders of columns nearer than this, in points, are one."""
SHIFTED = 6.0
"""By how many points a column may stand aside from where the table's first page has it."""
CERTAIN = 0.1
"""An alignment's margin below this leaves a column open."""
COVERED = 0.6
"""The share of a header's characters that must stand above columns that are told by their number alone."""


@dataclass(frozen=True, slots=True)
class Place:
    """A printed column: the interval that it takes across the table, and all that stands above it."""

    x0: float
    x1: float
    header: tuple[str, ...] = ()

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Columns:
    """For each column of the form its place in print, ``None`` where it is not printed or open.

    ``scale`` is that of the places; ``None``: only the order of figures is known. ``score`` is the alignment's,
    ``agreement`` the share of the form's columns that their headers confirm.
    """

    form: tuple[FormColumn, ...]
    places: tuple[Place | None, ...]
    scale: str | None
    score: float
    agreement: float

    def header(self, index: int) -> str:
        place = self.places[index]
        return "".join(place.header) if place else ""

    def figures(self, run: Sequence[PrintedRow]) -> list[list[Slot] | None]:
        """For each column of the form what stands in it in a printed row; ``None`` where that is open.

        Something that spans several columns is given for each of them.
        """
        if self.scale is None:
            return self._by_order([slot for row in run for slot in row.figures])
        found: list[list[Slot] | None] = [[] for _ in self.places]
        start = min((place.x0 for place in self.places if place), default=0.0)
        slots = [s for row in run for s in (*row.figures, *row.texts)]
        ruled = run[0].ruled
        for slot in slots:
            if slot.center < start:
                continue
            hit = [i for i, place in enumerate(self.places) if place and _stands_in(slot, place, ruled)]
            for i in hit:
                column = found[i]
                if column is not None:
                    column.append(slot)
            if not hit and not ruled and not is_blank(slot.text):
                return [None] * len(self.places)
        if not ruled:
            blank = [Slot("", place.x0, place.x1, None) if place else None for place in self.places]
            return [slots or ([gap] if gap else []) for slots, gap in zip(found, blank, strict=True)]
        return found

    def _by_order(self, figures: Sequence[Slot]) -> list[list[Slot] | None]:
        if not figures:
            return [[Slot("", 0.0, 0.0, None)] for _ in self.places]
        if len(figures) == len(self.places):
            return [[slot] for slot in figures]
        found: list[list[Slot] | None] = [None] * len(self.places)
        if self.form[-1].id == "total" and 1 < len(figures) < len(self.places):
            values = [read_figure(slot.text).value for slot in figures]
            known = [value for value in values if value is not None]
            if len(known) == len(values) and sum(known[:-1]) == known[-1]:
                # Blank cells left no trace, so that the applicants are open; the sum of all others is the total.
                found[-1] = [figures[-1]]
        return found


def find_columns(form: tuple[FormColumn, ...], zone: Sequence[PrintedRow], body: Sequence[PrintedRow]) -> Columns | None:
    """Where the form's columns stand, from the rows above a block and its own rows (of one piece)."""
    scale = body[0].scale
    if body[0].ruled:
        places = _intervals(body)
    else:
        complete = [row.figures for row in body if len(row.figures) == len(form)]
        places = _hulls(complete) if scale else []
        if scale is None or not places:
            if not complete and not (scale is None and any(row.figures for row in body)):
                return None
            return _by_number(form, zone)
    if not places:
        return None
    headed = [replace(place, header=_above(place, zone, scale, ruled=body[0].ruled)) for place in places]
    filled = [any(_stands_in(s, place, body[0].ruled) and not is_blank(s.text) for row in body for s in row.figures)
              for place in places]  # fmt: skip
    labels = [Label.of(column.label, column.known, column.under) for column in form]

    def agrees(printed: int, index: int) -> float:
        return agreement(labels[index], headed[printed].header, scattered=not body[0].ruled)

    def score(first: int, _last: int, index: int) -> float:
        if not any(map(fold, headed[first].header)):
            return -0.02 if filled[first] else FORBIDDEN
        agreed = agrees(first, index)
        if agreed < DIFFERS:
            # Lines of a header may miss the column that they belong to; a cell does not.
            return FORBIDDEN if body[0].ruled else -0.02
        return agreed - AGREES

    aligned = align(
        len(headed),
        len(form),
        score,
        skip_printed=[-0.3 if full else 0.0 for full in filled],
        skip_form=[-0.25] * len(form),
    )
    found: list[Place | None] = [None] * len(form)
    confirmed = 0
    for match in aligned.matches:
        if match.margin >= CERTAIN:
            found[match.index] = headed[match.first]
            confirmed += agrees(match.first, match.index) >= AGREES
    return Columns(form, tuple(found), scale, aligned.score, confirmed / len(form))


def fits(columns: Columns, rows: Sequence[PrintedRow]) -> Columns | None:
    """The columns as they stand in another piece of the table; ``None`` where that is open."""
    if columns.scale is None or not rows[0].ruled:
        return columns
    own = _intervals(rows)
    places: list[Place | None] = []
    for place in columns.places:
        same = [p for p in own if place and abs(p.center - place.center) <= SHIFTED]
        places.append(replace(place, x0=same[0].x0, x1=same[0].x1) if place and len(same) == 1 else None)
    if rows[0].scale == columns.scale and all((a is None) == (b is None) for a, b in zip(places, columns.places, strict=True)):
        return replace(columns, places=tuple(places))
    if None in columns.places or len(own) < len(columns.places):
        return None
    rest, last = own[: -len(columns.places)], own[-len(columns.places) :]
    if any(_stands_in(s, p, True) and not is_blank(s.text) for row in rows for s in row.figures for p in rest):
        return None
    moved = tuple(replace(p, header=old.header) for p, old in zip(last, columns.places, strict=True) if old)
    return replace(columns, places=moved, scale=rows[0].scale)


def _stands_in(slot: Slot, place: Place, ruled: bool) -> bool:
    """A cell stands in each column whose middle it covers, a word in the column in which its own middle is."""
    return slot.x0 <= place.center <= slot.x1 if ruled else place.x0 <= slot.center <= place.x1


def _intervals(rows: Sequence[PrintedRow]) -> list[Place]:
    """The columns of a ruled table: the intervals between the borders of its figures' cells."""
    borders: list[float] = []
    for x in sorted({x for row in rows for slot in row.figures for x in (slot.x0, slot.x1)}):
        snap = SNAP if rows[0].scale == "points" else 0.0
        if not borders or x - borders[-1] > snap:
            borders.append(x)
    return [Place(a, b) for a, b in zip(borders, borders[1:], strict=False)]


def _hulls(complete: Sequence[Sequence[Slot]]) -> list[Place]:
    """The columns of a table without rules: where the figures of complete lines stand, and half the gap beside them.

    None if figures of two columns overlap across.
    """
    if not complete:
        return []
    hulls = [(min(s.x0 for s in column), max(s.x1 for s in column)) for column in zip(*complete, strict=True)]
    if any(b[0] <= a[1] for a, b in zip(hulls, hulls[1:], strict=False)):
        return []
    gaps = [(a[1] + b[0]) / 2 for a, b in zip(hulls, hulls[1:], strict=False)]
    reach = max([gap - hull[1] for gap, hull in zip(gaps, hulls, strict=False)], default=60.0)
    borders = [hulls[0][0] - reach, *gaps, hulls[-1][1] + reach]
    return [Place(a, b) for a, b in zip(borders, borders[1:], strict=False)]


def _above(place: Place, zone: Sequence[PrintedRow], scale: str | None, *, ruled: bool) -> tuple[str, ...]:
    """What stands above a column, from the top."""
    found: dict[Slot, str] = {}
    for row in zone:
        if row.scale == scale:
            for slot in row.texts:
                if slot.x0 <= place.center <= slot.x1 or (not ruled and place.x0 <= slot.center <= place.x1):
                    found[slot] = slot.text
    return tuple(found.values())


def _by_number(form: tuple[FormColumn, ...], zone: Sequence[PrintedRow]) -> Columns | None:
    """Columns told by the number of figures in a complete line, if the header above says what the form's does."""
    above = Counter(fold("".join(slot.text for row in zone for slot in row.texts)))
    wanted = Counter(fold("".join(column.label for column in form)))
    covered = sum((above & wanted).values()) / sum(wanted.values())
    if covered < COVERED:
        return None
    return Columns(form, tuple(Place(0.0, 0.0) for _ in form), None, (covered - AGREES) * len(form), covered)
