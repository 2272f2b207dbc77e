"""The columns of a block: which printed column is which of the form's, and what stands in it.

In: the form's columns, the printed rows above a block and the block's own. Out: ``Columns``, or ``None`` where they
cannot be told. A ruled table's columns are the intervals between the borders of its figures' cells; those of a table
without rules are where the figures of its complete lines stand; where only the order of words is known, their order.
All that stands above a column is its header; headers are aligned with the form's as rows are.
What never happens: a figure that may stand in two columns is put into one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from gongkai.characters import fold
from gongkai.extract.tables.alignment import Label, Segment, align, folded, label_similarity
from gongkai.extract.tables.column_positions import (
    ColumnSpan,
    clusters_of,
    has_figure_in,
    header_above,
    is_crowded,
    spans_between_borders,
    spans_of_columns,
    spans_of_lines,
    stands_in,
)
from gongkai.extract.tables.rows import POINTS, PrintedCell, PrintedRow
from gongkai.extract.tables.settings import COLUMNS, LABELS
from gongkai.figures import is_blank, looks_like_figure, printed_unit, read_figure
from gongkai.form import FormColumn


class PlacedCell(NamedTuple):
    """What stands in a column in a row: ``number`` tells it from the row's other cells, below 0 what left no trace."""

    number: int
    cell: PrintedCell


def _no_trace(x0: float, x1: float) -> PlacedCell:
    """A blank that nothing was printed for."""
    return PlacedCell(-1, PrintedCell("", x0, x1, None))


@dataclass(frozen=True, slots=True)
class Columns:
    """For each column of the form where it stands in print, ``None`` where it is not printed or open.

    ``scale`` is that of the spans; ``None``: only the order of figures is known. Right of ``start`` nothing is a
    label. ``score`` is the alignment's, ``confirmed`` the share of the form's columns that their headers confirm.
    """

    form: tuple[FormColumn, ...]
    spans: tuple[ColumnSpan | None, ...]
    scale: str | None
    start: float
    score: float
    confirmed: float
    totals: bool = False
    """Whether complete lines print their total, so that an incomplete one does, too."""
    gaps: bool = False
    """Only the order of figures is known, and some lines have fewer than there are columns."""

    def header(self, index: int) -> str:
        span = self.spans[index]
        return "".join(span.header) if span else ""

    def figures(self, rows: Sequence[PrintedRow], number: str = "") -> list[list[PlacedCell] | None]:
        """For each column of the form what stands in it in a row, printed as ``rows``; ``None`` where that is open.

        Something that spans several columns is given for each of them. ``number`` is the one that the row's label
        begins with.
        """
        ruled = rows[0].ruled
        strange = [cell for row in rows for cell in row.texts if cell.center >= self.start]
        if not ruled:
            # In a line a figure that is followed by something else was taken for a part of the label.
            texts = [cell for row in rows for cell in row.texts]
            own_number = next((i for i, cell in enumerate(texts) if cell.text == number), None)
            strange += [
                cell
                for i, cell in enumerate(texts)
                if i != own_number and looks_like_figure(cell.text) and not is_blank(cell.text)
            ]
            if strange and self.scale is None:
                return [None] * len(self.spans)
            if self.scale and _pushed(rows) and sum(len(row.figures) for row in rows) != len(self.spans):
                return [None] * len(self.spans)
        printed = [*(cell for row in rows for cell in row.figures), *strange]
        cells = [PlacedCell(number, cell) for number, cell in enumerate(printed)]
        if self.scale is None or (not ruled and not strange and len(cells) == len(self.spans)):
            return self._by_order(cells)
        if ruled:
            return [_under(cells, span.center) if span else [] for span in self.spans]
        placed: list[list[PlacedCell] | None] = []
        for span in self.spans:
            inside = [
                each for each in cells if span and (stands_in(each.cell, span, ruled) or _reaches(each.cell, span))
            ]
            # A blank leaves no trace in a line.
            placed.append(inside or ([_no_trace(span.x0, span.x1)] if span else []))
        all_stand = all(any(span and stands_in(cell, span, ruled) for span in self.spans) for cell in printed)
        if not (all_stand and all(len(inside or ()) <= 1 for inside in placed)):
            # The line doesn't keep the columns, so that each of its figures may be one of another column.
            return [None] * len(self.spans)
        return placed

    def _by_order(self, cells: Sequence[PlacedCell]) -> list[list[PlacedCell] | None]:
        if not cells:
            return [[_no_trace(0.0, 0.0)] for _ in self.spans]
        placed: list[list[PlacedCell] | None] = [None] * len(self.spans)
        values = [read_figure(each.cell.text).value for each in cells]
        if len(cells) == len(self.spans):
            printed = [each.cell for each in cells]
            if self.gaps and self.form[-1].id == "total" and any(values) and not _totals(self.form, [printed])[True]:
                # Where rows lack cells, a number from elsewhere may stand in one's place.
                return placed
            return [[each] for each in cells]
        if self.totals and self.form[-1].id == "total" and 1 < len(cells) < len(self.spans) and None not in values:
            *others, last = [value for value in values if value is not None]
            if sum(others) == last:
                # Blank cells left no trace, so that the applicants are open; the sum of all others is the total.
                placed[-1] = [cells[-1]]
        return placed


def find_columns(
    form: tuple[FormColumn, ...], zone: Sequence[PrintedRow], body: Sequence[PrintedRow]
) -> Columns | None:
    """Where the form's columns stand, from the rows above a block and its own rows (of one piece)."""
    if body[0].ruled:
        return _by_headers(form, zone, body, spans_between_borders(body))
    complete = [row.figures for row in body if len(row.figures) == len(form)]
    if body[0].scale is None:
        return (
            _by_number(form, zone, body, [ColumnSpan(0.0, 0.0) for _ in form])
            if any(row.figures for row in body)
            else None
        )
    if complete:
        return _by_number(form, zone, body, spans_of_lines(complete) or [ColumnSpan(0.0, 0.0) for _ in form])
    if any(_tight(row) >= COLUMNS.tight_headers for row in zone):
        # The headers were longer than their columns and pushed each other aside.
        return None
    clusters = clusters_of(zone, body)
    crowded = [is_crowded(cluster, zone, body) for cluster in clusters]
    return _by_headers(form, zone, body, spans_of_columns(clusters), crowded)


def _by_headers(
    form: tuple[FormColumn, ...],
    zone: Sequence[PrintedRow],
    body: Sequence[PrintedRow],
    spans: Sequence[ColumnSpan],
    crowded: Sequence[bool] = (),
) -> Columns | None:
    """The columns whose headers agree with the form's, in order. ``crowded`` spans may be several columns each."""
    if not spans:
        return None
    ruled, scale = body[0].ruled, body[0].scale
    headed = [span._replace(header=header_above(span, zone, scale, ruled)) for span in spans]
    filled = [
        any(stands_in(cell, span, ruled) and not is_blank(cell.text) for row in body for cell in row.figures)
        for span in spans
    ]
    neutral, weight = LABELS.neutral_similarity, COLUMNS.spanning_weight
    astride = _astride(spans, zone, scale) if ruled and scale != POINTS else set()
    labels, spanning_labels = _labels(form)
    spanning = {text for label in labels for text in label.under}
    segments = []
    for printed, span in enumerate(headed):
        header = folded(span.header)
        exact = {index for index, label in enumerate(labels) if header and header[-1] in label.spellings}
        scores = {}
        for index in exact or range(len(labels)):
            similarity = label_similarity(labels[index], header, scattered=not ruled)
            if similarity >= LABELS.other_label_similarity:
                scores[index] = similarity - neutral + weight * _spanned(spanning_labels[index], header)
        if (crowded and crowded[printed]) or printed in astride:
            scores = {}
        elif spanning.issuperset(header) and filled[printed]:
            scores = dict.fromkeys(range(len(form)), -COLUMNS.headless_column)
        segments.append(Segment(printed, printed, scores))
    aligned = align(
        segments,
        skip_printed=[-COLUMNS.unplaced_figures if full else 0.0 for full in filled],
        skip_form=[-COLUMNS.missing_column] * len(form),
    )
    told: list[ColumnSpan | None] = [None] * len(form)
    confirmed = 0
    placed = {match.first for match in aligned.matches}
    rivals = [headed[i] for i in range(len(headed)) if filled[i] and i not in placed]
    torn = {i for i in placed if any(_share_a_header(headed[i], rival, body) for rival in rivals)}
    for match in aligned.matches:
        # Figures that stand beside their columns leave others empty.
        if match.certain and match.first not in torn and (filled[match.first] or not torn):
            told[match.index] = headed[match.first]
            confirmed += segments[match.first].scores[match.index] >= 0
    matched = {match.first for match in aligned.matches if match.certain}
    headless = any(
        filled[i] and i not in matched and spanning.issuperset(folded(span.header)) for i, span in enumerate(headed)
    )
    aside = headless or (scale != POINTS and (bool(torn) or any(filled[i] for i in astride)))
    if ruled and aside and _heads_stand_aside(told, labels, zone):
        spans = [span._replace(start=spans[0].x0) for span in spans]
        return _by_number(form, zone, body, spans) if len(spans) == len(form) else None
    start = min((span.x0 for span in told if span), default=0.0)
    return Columns(form, tuple(told), scale, start, aligned.score, confirmed / len(form))


def _astride(spans: Sequence[ColumnSpan], zone: Sequence[PrintedRow], scale: str | None) -> set[int]:
    """The columns that stand below several headers of one row: none of these is theirs for its place alone."""
    heads = [[cell for cell in row.texts if cell.text] for row in zone if row.scale == scale]
    return {
        i
        for i, span in enumerate(spans)
        if any(sum(cell.x0 < span.x1 and span.x0 < cell.x1 for cell in row) > 1 for row in heads)
    }


def _heads_stand_aside(told: Sequence[ColumnSpan | None], labels: Sequence[Label], zone: Sequence[PrintedRow]) -> bool:
    """Whether the head of a column that was not found is printed all the same: then it stands above something else."""
    heads = {fold(cell.text) for row in zone for cell in row.texts}
    return any(span is None and heads.intersection(label.spellings) for span, label in zip(told, labels, strict=True))


def _share_a_header(span: ColumnSpan, rival: ColumnSpan, body: Sequence[PrintedRow]) -> bool:
    """Whether two columns have the same above them, and a row has a figure in each: either may be the header's."""
    return span.header == rival.header and any(
        any(stands_in(cell, span, row.ruled) and not stands_in(cell, rival, row.ruled) for cell in row.figures)
        and any(stands_in(cell, rival, row.ruled) and not stands_in(cell, span, row.ruled) for cell in row.figures)
        for row in body
    )


@cache
def _labels(form: tuple[FormColumn, ...]) -> tuple[tuple[Label, ...], tuple[Label | None, ...]]:
    """For each column its header, and as one label what spans it."""
    labels = tuple(Label.of(column.label, column.known, column.under) for column in form)
    return labels, tuple(Label(("".join(label.under),)) if label.under else None for label in labels)


def _spanned(span: Label | None, header: Sequence[str]) -> float:
    """How similar what stands above a column's own header is to what spans the form's."""
    return label_similarity(span, ("".join(header[:-1]),)) if span else 0.0


def _totals(form: tuple[FormColumn, ...], lines: Iterable[Sequence[PrintedCell]]) -> Counter[bool]:
    """How many complete lines have a total where the form has it that is the sum of the others, and how many don't."""
    said = Counter[bool]()
    for figures in lines:
        values = [read_figure(cell.text).value for cell in figures]
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
    form: tuple[FormColumn, ...], zone: Sequence[PrintedRow], body: Sequence[PrintedRow], spans: Sequence[ColumnSpan]
) -> Columns | None:
    """Columns told by the number of figures in a complete line, if the lines above say what the form's header does."""
    above = "".join(cell.text for row in zone for cell in row.texts)
    wanted = Counter(fold("".join(column.label for column in form)))
    covered = sum((Counter(fold(above)) & wanted).values()) / sum(wanted.values())
    said = _totals(form, [row.figures for row in body])
    # Columns told by number may be in another order. Totals that are wrong in most of the lines would look the same.
    if covered < COLUMNS.covered_share or said[True] < said[False] or not _in_order(form, fold(above)):
        return None
    placed = spans[0].x1 > spans[0].x0
    headed = tuple(span._replace(header=_naming(span, zone, body[0].scale) or (above,)) for span in spans)
    start = spans[0].start if placed else float("inf")
    scale = body[0].scale if placed else None
    gaps = scale is None and any(0 < len(row.figures) < len(form) for row in body)
    score = (covered - LABELS.neutral_similarity) * len(form)
    return Columns(form, headed, scale, start, score, covered, said[True] > 0, gaps)


def _in_order(form: tuple[FormColumn, ...], above: str) -> bool:
    """Whether the heads of columns below one header that are found whole above them come in the form's order."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for column in form:
        if (place := above.find(fold(column.label))) >= 0 and len(column.label) > 2:
            groups.setdefault(tuple(column.under), []).append(place)
    return all(places == sorted(places) for places in groups.values())


def columns_in_piece(columns: Columns, rows: Sequence[PrintedRow], *, headed: bool = False) -> Columns | None:
    """The columns as they stand in another piece of the table, or in that which is ``headed``; ``None``: it is open."""
    if not rows[0].ruled:
        return columns if rows[0].scale == columns.scale else _laid_out_anew(columns, rows)
    if columns.scale is None:
        return columns
    printed = spans_between_borders(rows)
    reach = COLUMNS.page_shift_pt if rows[0].scale == POINTS else 0.0
    spans: list[ColumnSpan | None] = []
    for span in columns.spans:
        same = [p for p in printed if span and abs(p.center - span.center) <= reach]
        spans.append(span._replace(x0=same[0].x0, x1=same[0].x1) if span and len(same) == 1 else None)
    if rows[0].scale == columns.scale and all(
        (a is None) == (b is None) for a, b in zip(spans, columns.spans, strict=True)
    ):
        # Without borders on the page a column is only a number, which a cell more or less makes another.
        beside = [p for p in printed if p.center not in {q.center for q in spans if q}]
        if headed or rows[0].scale == POINTS or not has_figure_in(rows, beside):
            return replace(columns, spans=tuple(spans))
    if None in columns.spans:
        return None
    count = len(columns.spans)
    windows = [
        printed[first : first + count]
        for first in range(len(printed) - count + 1)
        if not has_figure_in(rows, printed[:first] + printed[first + count :])
    ]
    if len(windows) != 1:
        return None
    moved = tuple(p._replace(header=old.header) for p, old in zip(windows[0], columns.spans, strict=True) if old)
    return replace(columns, spans=moved, scale=rows[0].scale)


def _laid_out_anew(columns: Columns, rows: Sequence[PrintedRow]) -> Columns:
    """The columns on a page of lines that has spans of its own, from its complete lines; else by order alone."""
    hulls = spans_of_lines([row.figures for row in rows if len(row.figures) == len(columns.form)])
    if not hulls or rows[0].scale is None:
        return replace(columns, scale=None, start=float("inf"))
    headed = [hull._replace(header=old.header if old else ()) for hull, old in zip(hulls, columns.spans, strict=True)]
    return replace(columns, spans=tuple(headed), scale=rows[0].scale, start=hulls[0].start)


def _under(cells: Sequence[PlacedCell], center: float) -> list[PlacedCell]:
    """What covers the middle of a column."""
    return [each for each in cells if each.cell.x0 <= center <= each.cell.x1]


def _pushed(rows: Sequence[PrintedRow]) -> bool:
    """Whether a label is so long that the figures after it may stand further right than their columns."""
    return any(
        row.texts and row.figures and row.figures[0].x0 - row.texts[-1].x1 <= COLUMNS.joint_places for row in rows
    )


def _tight(row: PrintedRow) -> int:
    """How many words of a line follow each other a single place apart, at most."""
    longest = here = 0
    for before, after in pairwise(row.texts):
        here = here + 1 if after.x0 - before.x1 <= COLUMNS.joint_places else 0
        longest = max(longest, here)
    return longest


def _reaches(cell: PrintedCell, span: ColumnSpan) -> bool:
    """Whether a word begins before a column and ends where the column's figures stand: it may be two figures."""
    return cell.x0 < span.start < cell.x1 - COLUMNS.overlap_places


def _naming(span: ColumnSpan, zone: Sequence[PrintedRow], scale: str | None) -> tuple[str, ...]:
    """What stands above a column of lines, if it names a unit: all words together do not where a header is wrapped."""
    header = header_above(span, zone, scale, False) if span.x1 > span.x0 else ()
    return header if printed_unit("".join(header)) else ()
