"""A table of the form, found among printed rows: where each of its figures stands.

In: the printed rows of grids or of lines, and the forms. Out: a ``LocatedTable``: the source of each figure that has a
place in print, the edition that each block follows, and findings for what is absent, altered or open. One mechanism
for all readers and both forms: the rows of both editions are aligned at once (``align``), then for each block the
columns of either edition, and the better one is the edition printed.
What never happens: a figure whose row or column is open is put somewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.characters import fold
from gongkai.extract.tables.alignment import Label, Match, label_similarity
from gongkai.extract.tables.column_positions import ColumnSpan
from gongkai.extract.tables.columns import Columns, PlacedCell, columns_in_piece, find_columns
from gongkai.extract.tables.row_matching import labels_of, matched_rows, said_by
from gongkai.extract.tables.rows import PrintedCell, PrintedRow
from gongkai.extract.tables.settings import COSTS, LABELS, TABLES
from gongkai.extract.tables.template import TemplateBlock, TemplateElement, labels_of_others, table_template
from gongkai.figures import is_blank
from gongkai.form import Block, Edition, Form, FormColumn, FormRow
from gongkai.model import Finding, Key


class FigureSource(NamedTuple):
    """Where a figure is printed; ``header`` is what heads its column."""

    cell: PrintedCell
    header: str
    row: PrintedRow
    certain: bool
    """The row's label is letter for letter the form's."""


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A table as found. ``score`` is the share of the form's rows and columns that were found by their labels."""

    resource: str
    score: float
    editions: Mapping[str, Edition | None] = field(default_factory=dict)
    """By the block's title: the edition that it follows; ``None`` where both are the same or it was not found."""
    sources: Mapping[Key, FigureSource] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    """The ids of the form's rows that are printed."""
    findings: tuple[Finding, ...] = ()
    used: frozenset[int] = frozenset()
    """The indices of the printed rows that the table takes."""

    @property
    def is_trusted(self) -> bool:
        """Whether enough of it was found to be the form's."""
        return self.score >= TABLES.trusted_share


@dataclass(frozen=True, slots=True)
class _LocatedBlock:
    """A block as found. ``share`` is how well, from 0 to 1; ``header`` are the indices of the rows that head it."""

    share: float = 0.0
    edition: Edition | None = None
    sources: Mapping[Key, FigureSource] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    header: tuple[int, ...] = ()


class _Aligned(NamedTuple):
    """The printed rows of one search, and what their alignment says of them, by index."""

    printed: Sequence[PrintedRow]
    matches: Sequence[Match]
    elements: Sequence[TemplateElement]
    matched: frozenset[int]
    """The rows that are something of the form's."""
    stray: frozenset[int]
    """The rows with figures that are no row of the form's, or one that is open."""
    of_rows: frozenset[int]
    """The rows that are a title or a row, and so head no column."""

    def lines(self, match: Match) -> Sequence[PrintedRow]:
        return self.printed[match.first : match.last + 1]

    def rows_of(self, block: int) -> list[tuple[Match, FormRow]]:
        """The matches that are rows of a block."""
        elements = ((match, self.elements[match.index]) for match in self.matches)
        return [(match, element.row) for match, element in elements if element.block == block and element.row]


def locate(resource: str, printed: Sequence[PrintedRow], forms: Sequence[Form]) -> LocatedTable:
    """Find the table ``resource`` among printed rows."""
    if len(printed) > TABLES.most_rows:
        return LocatedTable(resource, 0.0)
    template = table_template(resource, tuple(forms))
    matches = matched_rows(printed, template, labels_of_others(resource, tuple(forms)))
    aligned = _aligned(printed, matches, template.elements)
    blocks = [_locate_block(resource, number, block, aligned) for number, block in enumerate(template.blocks)]
    used = {*aligned.matched, *(index for block in blocks for index in block.header)}
    span = frozenset(range(min(used), max(used) + 1)) if used else frozenset()
    findings = [finding for block in blocks for finding in block.findings]
    followed = Counter(block.edition for block in blocks if block.edition)
    edition = followed.most_common(1)[0][0] if followed else forms[0].edition
    share = sum(block.share for block in blocks) / sum(edition in block.editions for block in template.blocks)
    return LocatedTable(
        resource=resource,
        score=min(1.0, share),
        editions={wanted.title: block.edition for wanted, block in zip(template.blocks, blocks, strict=True)},
        sources={key: source for block in blocks for key, source in block.sources.items()},
        rows=frozenset[str]().union(*(block.rows for block in blocks)),
        findings=(*findings, *_strange_rows(resource, printed, span - aligned.matched)),
        used=span,
    )


def _aligned(printed: Sequence[PrintedRow], matches: Sequence[Match], elements: Sequence[TemplateElement]) -> _Aligned:
    def indices(wanted: Iterator[Match]) -> frozenset[int]:
        return frozenset(i for match in wanted for i in range(match.first, match.last + 1))

    certain = indices(match for match in matches if match.certain)
    return _Aligned(
        printed,
        matches,
        elements,
        matched=indices(iter(matches)),
        stray=frozenset(i for i, row in enumerate(printed) if row.has_figures and i not in certain),
        of_rows=indices(match for match in matches if elements[match.index].kind != "header"),
    )


def _locate_block(resource: str, number: int, block: TemplateBlock, aligned: _Aligned) -> _LocatedBlock:
    """Find the figures of a block, the ``number``-th of its table."""
    printed, elements = aligned.printed, aligned.elements
    rows = aligned.rows_of(number)
    body = [i for match, _ in rows for i in range(match.first, match.last + 1)]
    similarities = [_row_similarity(elements[match.index], aligned.lines(match)) for match, _ in rows]
    well = LABELS.well_found_similarity
    if not any(similarity >= well for similarity in similarities):
        return _LocatedBlock()
    zone = _header_zone(printed, body[0], aligned.of_rows)
    passed = _passed_over(printed, zone, aligned.matched)
    rows_of_block = [printed[i] for i in body]
    # In lines a label that a page parts from its figures tells nothing of where they stand.
    first = next((row for row in rows_of_block if row.has_figures and not row.ruled), rows_of_block[0])
    found = _columns(block, [printed[i] for i in zone], rows_of_block, first.piece)
    if found is None:
        return _LocatedBlock(header=tuple(zone))
    edition, columns = found
    form = block.editions[edition]
    pieces = _columns_by_piece(columns, printed, body, first.piece)
    printed_rows: set[str] = set()
    sources: dict[Key, FigureSource] = {}
    findings: list[Finding] = []
    well_found = 0
    for (match, row), similarity in zip(rows, similarities, strict=True):
        lines = aligned.lines(match)
        has_figures = any(line.has_figures for line in lines)
        # A line without figures that is merely like a row's label may be a piece of a header or of a group's label.
        if match.certain and (lines[0].ruled or has_figures or similarity >= LABELS.unaltered_similarity):
            printed_rows.add(row.id)
        piece = next((line.piece for line in lines if line.has_figures), lines[0].piece)
        label, placed = elements[match.index].label, pieces[piece]
        why = _doubt(aligned, match, label, placed, passed) or _continued(aligned, match, label, placed, passed)
        if why:
            findings += _left_open(resource, form, row, lines, why)
        elif placed:
            well_found += similarity >= well
            of_row, of_findings = _read_row(resource, form, row, lines, placed, similarity)
            sources |= of_row
            findings += of_findings
    others = [each for each in block.editions if each != edition]
    same = all(block.editions[each].columns == form.columns for each in others)
    wanted = len(form.rows) - len({id for row in form.rows for id in row.instead_of})
    return _LocatedBlock(
        share=min(1.0, well_found / wanted) * columns.confirmed,
        edition=None if others and same else edition,
        sources=sources,
        rows=frozenset(printed_rows),
        findings=tuple(findings),
        header=tuple(zone),
    )


def _row_similarity(element: TemplateElement, lines: Sequence[PrintedRow]) -> float:
    """How similar a row's label is; a block's only row, which has none, is as well found as its header."""
    if not any(element.label.spellings):
        return 1.0
    return label_similarity(element.label, said_by(lines), scattered=not lines[0].ruled)


def _strange_rows(resource: str, printed: Sequence[PrintedRow], left: frozenset[int]) -> list[Finding]:
    """A finding for each row with figures that stands in the table and is none of the form's."""
    labels = ["".join(printed[i].labels) for i in sorted(left) if printed[i].has_figures]
    return [
        Finding(
            check="form",
            severity="warning",
            at=Key(resource),
            actual=label,
            message=f"the form has no row {label!r}, which is not read",
        )
        for label in labels
    ]


def _header_zone(printed: Sequence[PrintedRow], first: int, of_rows: frozenset[int]) -> list[int]:
    """The rows above a block's first row that may head its columns."""
    zone: list[int] = []
    most = TABLES.header_rows if printed[first].ruled else TABLES.header_lines
    for i in range(first - 1, -1, -1):
        elsewhere = printed[i].ruled and bool(zone) and printed[i].piece != printed[zone[0]].piece
        lost = printed[i].has_figures or not "".join(printed[i].labels)
        if not zone and lost and i not in of_rows and first - i <= TABLES.lost_rows:
            # A row that could not be told stands between the header and the first that could.
            continue
        if i in of_rows or printed[i].has_figures or len(zone) == most or elsewhere:
            break
        zone.insert(0, i)
    return zone


def _columns(
    block: TemplateBlock, zone: Sequence[PrintedRow], body: Sequence[PrintedRow], piece: int
) -> tuple[Edition, Columns] | None:
    """The edition whose columns agree best with what is printed, and where they stand."""
    first_piece = [row for row in body if row.piece == piece]
    best: tuple[Edition, Columns] | None = None
    tried: set[tuple[FormColumn, ...]] = set()
    for edition, form in block.editions.items():
        if form.columns in tried:
            continue
        tried.add(form.columns)
        columns = find_columns(form.columns, zone, first_piece)
        if columns is not None and columns.confirmed and (best is None or columns.score > best[1].score):
            best = edition, columns
    return best


def _columns_by_piece(
    columns: Columns, printed: Sequence[PrintedRow], body: Sequence[int], first: int
) -> dict[int, Columns | None]:
    """The columns in each piece of the table, of which ``first`` is headed: of one scale the same, else the last."""
    pieces: dict[int, list[PrintedRow]] = {}
    for i in body:
        pieces.setdefault(printed[i].piece, []).append(printed[i])
    return {piece: columns_in_piece(columns, rows, headed=piece == first) for piece, rows in pieces.items()}


def _doubt(aligned: _Aligned, match: Match, label: Label, columns: Columns | None, passed: frozenset[int]) -> str:
    """Why a printed row's figures are left open, ``""`` where they are not."""
    lines = aligned.lines(match)
    if not match.certain:
        return "its label leaves open which row of the form it is"
    if columns is None:
        return "its columns are open"
    if _is_astray(aligned, match, passed):
        return "no figure stands in it, and others beside it belong to no row that is certain"
    if lines[0].ruled:
        return ""
    digits = sum(char.isdigit() for char in fold("".join(labels_of(lines))))
    if digits > max(sum(char.isdigit() for char in spelling) for spelling in label.spellings):
        return "its label and its figures are not parted in print"
    return ""


def _is_astray(aligned: _Aligned, match: Match, passed: frozenset[int]) -> bool:
    """Whether a row without figures may not be blank: figures that are no row's may be its own.

    In lines they may stand anywhere, in a ruled table in the half of the row that a page parts off, or in a row that
    nothing tells from this one.
    """
    printed, lines = aligned.printed, aligned.lines(match)
    if any(row.has_figures for row in lines):
        return False
    if not lines[0].ruled:
        return any(not printed[i].ruled for i in aligned.stray)
    return any(
        i in aligned.matched or printed[i].piece != lines[0].piece or not printed[i].labels[-1]
        for i in aligned.stray.intersection(_beside(printed, match, passed))
    )


def _passed_over(printed: Sequence[PrintedRow], zone: Sequence[int], matched: frozenset[int]) -> frozenset[int]:
    """The rows between the parts of a row that say nothing of it.

    These say the same as the header, ``zone``: it again, on another page. In lines they are also single characters, of
    a watermark or of a group's label.
    """
    said = {fold("".join(printed[i].labels)) for i in zone}
    return frozenset(
        i
        for i, row in enumerate(printed)
        if not row.has_figures
        and i not in zone
        and (fold("".join(row.labels)) in said or (not row.ruled and i not in matched and _says_nothing(row)))
    )


def _beside(printed: Sequence[PrintedRow], match: Match, passed: frozenset[int]) -> list[int]:
    """The row before a match and the one after it, but for those that are ``passed`` over."""
    before, after = match.first - 1, match.last + 1
    while before in passed:
        before -= 1
    while after in passed:
        after += 1
    return [i for i in (before, after) if 0 <= i < len(printed)]


def _continued(aligned: _Aligned, match: Match, label: Label, columns: Columns | None, passed: frozenset[int]) -> str:
    """Why a row's figures may be parts of it or of themselves: others that are no row's stand beside it unlabelled.

    So stand the rest of a figure that is wrapped in a table without rules, and of a row that a page parts.
    """
    printed, lines = aligned.printed, aligned.lines(match)
    for i in _beside(printed, match, passed):
        edge = printed[match.first if i < match.first else match.last]
        if not printed[i].has_figures:
            continue
        if i in aligned.matched:
            if len(lines) > 1 and not lines[0].ruled and edge.has_figures and _says_nothing(edge, printed[i]):
                return "its figures and others follow each other without a label, so that they may be one row's"
        elif lines[0].ruled:
            if not printed[i].labels[-1] and printed[i].piece != lines[0].piece:
                return "figures without a label stand beside it on another page, which may be its own"
        elif _may_be_rest(printed[i], lines, i < match.first, label, columns):
            return "figures without a label of their own stand beside it, which may be the rest of its own"
    return ""


def _may_be_rest(
    line: PrintedRow, lines: Sequence[PrintedRow], above: bool, label: Label, columns: Columns | None
) -> bool:
    """Whether the figures of a line beside a row may be the rest of its own: both make no other label than the row."""
    own, rest = [cell for row in lines for cell in row.figures], line.figures
    if not _says_nothing(line):
        both = [line, *lines] if above else [*lines, line]
        told, together = (label_similarity(label, said_by(rows), scattered=True) for rows in (lines, both))
        return together >= told
    if not lines[0].scale:
        # A number that stands alone in its line is that of a page.
        return len(rest) > 1
    # So is one that stands under no figure, and where none is missing.
    open_places = [p for p in columns.spans if p and not any(_within(s, p) for s in own)] if columns else []
    return any(s.x0 < r.x1 and r.x0 < s.x1 for s in own for r in rest) or any(
        _within(cell, span) for cell in rest for span in open_places
    )


def _says_nothing(*lines: PrintedRow) -> bool:
    """Whether beside the figures of lines stands no part of a label."""
    return all(len(fold("".join(line.labels))) < COSTS.label_part_chars for line in lines)


def _within(cell: PrintedCell, span: ColumnSpan) -> bool:
    return span.x0 <= cell.center <= span.x1


def _left_open(resource: str, form: Block, row: FormRow, lines: Sequence[PrintedRow], why: str) -> list[Finding]:
    """A finding for a row whose figures are left empty; the block's only row may be of several channels."""
    printed = labels_of(lines)[-1]
    message = f"the row printed as {printed!r} is left empty: {why}"
    return [
        Finding(check="reading", severity="error", at=Key(resource, id), actual=printed, message=message)
        for id in dict.fromkeys(key.row for key in form.keys(resource, row))
    ]


def _read_row(
    resource: str, form: Block, row: FormRow, lines: Sequence[PrintedRow], columns: Columns, similarity: float
) -> tuple[dict[Key, FigureSource], list[Finding]]:
    """The sources of a row's figures, and a finding for each that is open, and for a label that was altered."""
    printed = labels_of(lines)[-1]
    sources: dict[Key, FigureSource] = {}
    findings: list[Finding] = []
    unaltered = LABELS.unaltered_similarity
    if row.label and similarity < (unaltered if lines[0].ruled else LABELS.well_found_similarity):
        message = f"the label is printed as {printed!r}"
        findings.append(
            Finding(
                check="form",
                severity="warning",
                at=Key(resource, row.id),
                expected=row.label,
                actual=printed,
                message=message,
            )
        )
    number = re.match(r"[0-9]*", fold(row.label))
    by_column = columns.figures(lines, number[0] if number else "")
    spread = Counter(each.number for placed in by_column for each in placed or ())
    for column, (key, placed) in enumerate(zip(form.keys(resource, row), by_column, strict=True)):
        filled = [each for each in placed or () if not is_blank(each.cell.text)]
        if placed is None:
            findings.append(_open(key, "the figures of its row leave open which column each is of"))
        elif any(spread[each.number] > 1 for each in filled):
            findings.append(_open(key, "figures of several columns are not parted in print", filled))
        elif len(filled) > 1:
            findings.append(_open(key, "more than one figure stands in its place", filled))
        elif placed:
            cell = (filled or placed)[0].cell
            held_by = (line for line in lines if cell in line.figures or cell in line.texts)
            line = next(held_by, lines[0]) if len(lines) > 1 else lines[0]
            sources[key] = FigureSource(cell, columns.header(column), line, similarity >= unaltered)
    return sources, findings


def _open(key: Key, why: str, cells: Sequence[PlacedCell] = ()) -> Finding:
    printed = " ".join(each.cell.text for each in cells)
    return Finding(check="reading", severity="error", at=key, actual=printed, message=f"left empty: {why}")
