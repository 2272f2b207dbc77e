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
from decimal import Decimal
from functools import cache
from itertools import pairwise

from gongkai.characters import fold
from gongkai.extract.tables.alignment import AGREES, DIFFERS, Label, Run, agreement, align, folded
from gongkai.extract.tables.column_positions import (
    Place,
    clusters_of,
    complete_hulls,
    filled_in,
    header_above,
    hulls_of,
    intervals,
    is_crowded,
    stands_in,
)
from gongkai.extract.tables.rows import POINTS, PrintedRow, Slot
from gongkai.figures import is_blank, looks_like_figure, printed_unit, read_figure
from gongkai.form import FormColumn

SHIFTED = 6.0
"""By how many points a column may stand aside from where the table's first page has it."""
UNDER = 0.2
"""What the headers that span a column weigh beside its own: the same header stands under several of them."""
TIGHT = 4
"""So many headers in a row that are a single place apart no longer stand above their columns."""
COVERED = 0.6
"""The share of a header's characters that must stand above columns that are told by their number alone."""


@dataclass(frozen=True, slots=True)
class Columns:
    """For each column of the form its place in print, ``None`` where it is not printed or open.

    ``scale`` is that of the places; ``None``: only the order of figures is known. Right of ``start`` nothing is a
    label. ``score`` is the alignment's, ``agreement`` the share of the form's columns that their headers confirm.
    """

    form: tuple[FormColumn, ...]
    places: tuple[Place | None, ...]
    scale: str | None
    start: float
    score: float
    agreement: float
    totals: bool = False
    """Whether complete lines print their total, so that an incomplete one does, too."""

    def header(self, index: int) -> str:
        place = self.places[index]
        return "".join(place.header) if place else ""

    def figures(self, run: Sequence[PrintedRow], number: str = "") -> list[list[Slot] | None]:
        """For each column of the form what stands in it in a printed row; ``None`` where that is open.

        Something that spans several columns is given for each of them. ``number`` is the one that the row's label
        begins with.
        """
        ruled = run[0].ruled
        strange = [s for row in run for s in row.texts if s.center >= self.start]
        if not ruled:
            # In a line a figure that is followed by something else was taken for a part of the label.
            texts = [s for row in run for s in row.texts]
            numbered = next((s for s in texts if s.text == number), None)
            strange += [s for s in texts if s is not numbered and looks_like_figure(s.text) and not is_blank(s.text)]
            if strange and self.scale is None:
                return [None] * len(self.places)
            if self.scale and _pushed(run) and sum(len(row.figures) for row in run) != len(self.places):
                return [None] * len(self.places)
        slots = [*(slot for row in run for slot in row.figures), *strange]
        if self.scale is None or (not ruled and not strange and len(slots) == len(self.places)):
            return self._by_order(slots)
        found: list[list[Slot] | None] = []
        if ruled:
            return [_under(slots, place.center) if place else [] for place in self.places]
        for place in self.places:
            own = [s for s in slots if place and (stands_in(s, place, ruled) or _reaches(s, place))]
            # A blank leaves no trace in a line.
            found.append(own or ([Slot("", place.x0, place.x1, None)] if place else []))
        apart = all(any(p and stands_in(s, p, ruled) for p in self.places) for s in slots)
        if not (apart and all(len(own or ()) <= 1 for own in found)):
            # The line doesn't keep the columns, so that each of its figures may be one of another column.
            return [None] * len(self.places)
        return found

    def _by_order(self, figures: Sequence[Slot]) -> list[list[Slot] | None]:
        if not figures:
            return [[Slot("", 0.0, 0.0, None)] for _ in self.places]
        if len(figures) == len(self.places):
            return [[slot] for slot in figures]
        found: list[list[Slot] | None] = [None] * len(self.places)
        values = [read_figure(slot.text).value for slot in figures]
        if self.totals and self.form[-1].id == "total" and 1 < len(figures) < len(self.places) and None not in values:
            *others, last = [value for value in values if value is not None]
            if sum(others) == last:
                # Blank cells left no trace, so that the applicants are open; the sum of all others is the total.
                found[-1] = [figures[-1]]
        return found


def find_columns(
    form: tuple[FormColumn, ...], zone: Sequence[PrintedRow], body: Sequence[PrintedRow]
) -> Columns | None:
    """Where the form's columns stand, from the rows above a block and its own rows (of one piece)."""
    if body[0].ruled:
        return _by_headers(form, zone, body, intervals(body))
    complete = [row.figures for row in body if len(row.figures) == len(form)]
    if body[0].scale is None:
        return (
            _by_number(form, zone, body, [Place(0.0, 0.0) for _ in form]) if any(row.figures for row in body) else None
        )
    if complete:
        return _by_number(form, zone, body, complete_hulls(complete) or [Place(0.0, 0.0) for _ in form])
    if any(_tight(row) >= TIGHT for row in zone):
        # The headers were longer than their columns and pushed each other aside.
        return None
    clusters = clusters_of(zone, body)
    crowded = [is_crowded(cluster, zone, body) for cluster in clusters]
    return _by_headers(form, zone, body, hulls_of(clusters), crowded)


def _by_headers(
    form: tuple[FormColumn, ...],
    zone: Sequence[PrintedRow],
    body: Sequence[PrintedRow],
    places: Sequence[Place],
    crowded: Sequence[bool] = (),
) -> Columns | None:
    """The columns whose headers agree with the form's, in order. ``crowded`` places may be several columns each."""
    if not places:
        return None
    ruled, scale = body[0].ruled, body[0].scale
    headed = [place._replace(header=header_above(place, zone, scale, ruled)) for place in places]
    filled = [
        any(stands_in(slot, place, ruled) and not is_blank(slot.text) for row in body for slot in row.figures)
        for place in places
    ]
    labels, spans = _labels(form)
    spanning = {text for label in labels for text in label.under}
    runs = []
    for printed, place in enumerate(headed):
        header = folded(place.header)
        exact = {index for index, label in enumerate(labels) if header and header[-1] in label.spellings}
        scores = {}
        for index in exact or range(len(labels)):
            agreed = agreement(labels[index], header, scattered=not ruled)
            if agreed >= DIFFERS:
                scores[index] = agreed - AGREES + UNDER * _spanned(spans[index], header)
        if crowded and crowded[printed]:
            scores = {}
        elif spanning.issuperset(header) and filled[printed]:
            scores = dict.fromkeys(range(len(form)), -0.02)
        runs.append(Run(printed, printed, scores))
    aligned = align(runs, [-0.3 if full else 0.0 for full in filled], [-0.25] * len(form))
    found: list[Place | None] = [None] * len(form)
    confirmed = 0
    placed = {match.first for match in aligned.matches}
    rivals = [headed[i] for i in range(len(headed)) if filled[i] and i not in placed]
    torn = {i for i in placed if any(_share_a_header(headed[i], rival, body) for rival in rivals)}
    for match in aligned.matches:
        # Figures that stand beside their columns leave others empty.
        if match.certain and match.first not in torn and (filled[match.first] or not torn):
            found[match.index] = headed[match.first]
            confirmed += runs[match.first].scores[match.index] >= 0
    matched = {match.first for match in aligned.matches if match.certain}
    headless = any(
        filled[i] and i not in matched and spanning.issuperset(folded(place.header)) for i, place in enumerate(headed)
    )
    if ruled and headless and _heads_stand_aside(found, labels, zone):
        places = [place._replace(start=places[0].x0) for place in places]
        return _by_number(form, zone, body, places) if len(places) == len(form) else None
    start = min((place.x0 for place in found if place), default=0.0)
    return Columns(form, tuple(found), scale, start, aligned.score, confirmed / len(form))


def _heads_stand_aside(found: Sequence[Place | None], labels: Sequence[Label], zone: Sequence[PrintedRow]) -> bool:
    """Whether the head of a column that was not found is printed all the same: then it stands above something else."""
    heads = {fold(slot.text) for row in zone for slot in row.texts}
    return any(
        place is None and heads.intersection(label.spellings) for place, label in zip(found, labels, strict=True)
    )


def _share_a_header(place: Place, rival: Place, body: Sequence[PrintedRow]) -> bool:
    """Whether two columns have the same above them, and a row has a figure in each: either may be the header's."""
    return place.header == rival.header and any(
        any(stands_in(slot, place, row.ruled) and not stands_in(slot, rival, row.ruled) for slot in row.figures)
        and any(stands_in(slot, rival, row.ruled) and not stands_in(slot, place, row.ruled) for slot in row.figures)
        for row in body
    )


@cache
def _labels(form: tuple[FormColumn, ...]) -> tuple[tuple[Label, ...], tuple[Label | None, ...]]:
    """For each column its header, and as one label what spans it."""
    labels = tuple(Label.of(column.label, column.known, column.under) for column in form)
    return labels, tuple(Label(("".join(label.under),)) if label.under else None for label in labels)


def _spanned(span: Label | None, header: Sequence[str]) -> float:
    """How well what stands above a column's own header agrees with what spans the form's."""
    return agreement(span, ("".join(header[:-1]),)) if span else 0.0


def _totals(form: tuple[FormColumn, ...], body: Sequence[PrintedRow]) -> Counter[bool]:
    """How many complete lines have a total where the form has it that is the sum of the others, and how many don't."""
    said = Counter[bool]()
    for row in body:
        values = [read_figure(slot.text).value for slot in row.figures]
        if len(values) == len(form):
            terms: list[Decimal] = []
            blank = False
            for column, value in zip(form, values, strict=True):
                if column.id == "total":
                    if value is not None and terms and (value or any(terms)):
                        # What a blank stands for is not known: then the total is no less than the sum of the others.
                        said[sum(terms) <= value if blank else sum(terms) == value] += 1
                    terms, blank = [], False
                elif value is None:
                    blank = True
                else:
                    terms.append(value)
    return said


def _by_number(
    form: tuple[FormColumn, ...], zone: Sequence[PrintedRow], body: Sequence[PrintedRow], places: Sequence[Place]
) -> Columns | None:
    """Columns told by the number of figures in a complete line, if the lines above say what the form's header does."""
    above = "".join(slot.text for row in zone for slot in row.texts)
    wanted = Counter(fold("".join(column.label for column in form)))
    covered = sum((Counter(fold(above)) & wanted).values()) / sum(wanted.values())
    said = _totals(form, body)
    # Columns told by number may be in another order. Totals that are wrong in most of the lines would look the same.
    if covered < COVERED or said[True] < said[False]:
        return None
    placed = places[0].x1 > places[0].x0
    headed = tuple(place._replace(header=_naming(place, zone, body[0].scale) or (above,)) for place in places)
    start = places[0].start if placed else float("inf")
    scale = body[0].scale if placed else None
    return Columns(form, headed, scale, start, (covered - AGREES) * len(form), covered, said[True] > 0)


def fits(columns: Columns, rows: Sequence[PrintedRow], *, headed: bool = False) -> Columns | None:
    """The columns as they stand in another piece of the table, or in that which is ``headed``; ``None``: it is open."""
    if not rows[0].ruled:
        return columns if rows[0].scale == columns.scale else _laid_out_anew(columns, rows)
    if columns.scale is None:
        return columns
    own = intervals(rows)
    reach = SHIFTED if rows[0].scale == POINTS else 0.0
    places: list[Place | None] = []
    for place in columns.places:
        same = [p for p in own if place and abs(p.center - place.center) <= reach]
        places.append(place._replace(x0=same[0].x0, x1=same[0].x1) if place and len(same) == 1 else None)
    if rows[0].scale == columns.scale and all(
        (a is None) == (b is None) for a, b in zip(places, columns.places, strict=True)
    ):
        # Without borders on the page a column is only a number, which a cell more or less makes another.
        beside = [p for p in own if p.center not in {q.center for q in places if q}]
        if headed or rows[0].scale == POINTS or not filled_in(rows, beside):
            return replace(columns, places=tuple(places))
    if None in columns.places:
        return None
    count = len(columns.places)
    windows = [
        own[first : first + count]
        for first in range(len(own) - count + 1)
        if not filled_in(rows, own[:first] + own[first + count :])
    ]
    if len(windows) != 1:
        return None
    moved = tuple(p._replace(header=old.header) for p, old in zip(windows[0], columns.places, strict=True) if old)
    return replace(columns, places=moved, scale=rows[0].scale)


def _laid_out_anew(columns: Columns, rows: Sequence[PrintedRow]) -> Columns:
    """The columns on a page of lines that has places of its own, from its complete lines; else by order alone."""
    hulls = complete_hulls([row.figures for row in rows if len(row.figures) == len(columns.form)])
    if not hulls or rows[0].scale is None:
        return replace(columns, scale=None, start=float("inf"))
    headed = [hull._replace(header=old.header if old else ()) for hull, old in zip(hulls, columns.places, strict=True)]
    return replace(columns, places=tuple(headed), scale=rows[0].scale, start=hulls[0].start)


def _under(slots: Sequence[Slot], center: float) -> list[Slot]:
    """What covers the middle of a column."""
    return [slot for slot in slots if slot.x0 <= center <= slot.x1]


def _pushed(run: Sequence[PrintedRow]) -> bool:
    """Whether a label is so long that the figures after it may stand further right than their columns."""
    return any(row.texts and row.figures and row.figures[0].x0 - row.texts[-1].x1 <= 1 for row in run)


def _tight(row: PrintedRow) -> int:
    """How many words of a line follow each other a single place apart, at most."""
    longest = here = 0
    for before, after in pairwise(row.texts):
        here = here + 1 if after.x0 - before.x1 <= 1 else 0
        longest = max(longest, here)
    return longest


def _reaches(slot: Slot, place: Place) -> bool:
    """Whether a word begins before a column and ends where the column's figures stand: it may be two figures."""
    return slot.x0 < place.start < slot.x1 - 0.5


def _naming(place: Place, zone: Sequence[PrintedRow], scale: str | None) -> tuple[str, ...]:
    """What stands above a column of lines, if it names a unit: all words together do not where a header is wrapped."""
    own = header_above(place, zone, scale, False) if place.x1 > place.x0 else ()
    return own if printed_unit("".join(own)) else ()
