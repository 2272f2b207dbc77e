"""A table of the form, found among printed rows: where each of its figures stands.

In: the printed rows of grids or of lines, and the forms. Out: a ``Located`` table: the slot of each figure that has a
place in print, the edition that each block follows, and findings for what is absent, altered or open. One mechanism
for all readers and both forms: the rows of both editions are aligned at once (``align``), then for each block the
columns of either edition, and the better one is the edition printed.
What never happens: a figure whose row or column is open is put somewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gongkai.characters import fold
from gongkai.extract.tables.alignment import Label, Match, agreement
from gongkai.extract.tables.column_positions import Place
from gongkai.extract.tables.columns import Columns, find_columns, fits
from gongkai.extract.tables.row_matching import SAID, labels_of, matched_rows, said_by
from gongkai.extract.tables.rows import PrintedRow, Slot
from gongkai.extract.tables.template import Blocks, Element, labels_of_others, sought
from gongkai.figures import is_blank
from gongkai.form import Block, Edition, Form, FormColumn, FormRow
from gongkai.model import Finding, Key

TRUSTED = 0.5
"""A table of which a smaller share was found by its labels is not the form's."""
WELL = 0.6
"""Labels that agree at least this much carry a table."""
UNALTERED = 0.999
MOST_ROWS = 1200
"""More rows or lines than this are no table of the form."""
LOST_ROWS = 3
"""So many rows that are none of the form's may stand between a header and the first row that is."""


class Spot(NamedTuple):
    """Where a figure is printed; ``header`` is what heads its column."""

    slot: Slot
    header: str
    row: PrintedRow
    certain: bool
    """The row's label is letter for letter the form's."""


@dataclass(slots=True)
class Located:
    """A table as found. ``score`` is the share of the form's rows and columns that were found by their labels."""

    resource: str
    score: float
    editions: dict[str, Edition | None] = field(default_factory=dict)
    """By the block's title: the edition that it follows; ``None`` where both are the same or it was not found."""
    spots: dict[Key, Spot] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    """The ids of the form's rows that are printed."""
    findings: list[Finding] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """The indices of the printed rows that the table takes."""


def locate(resource: str, printed: Sequence[PrintedRow], forms: Sequence[Form]) -> Located:
    """Find the table ``resource`` among printed rows."""
    if len(printed) > MOST_ROWS:
        return Located(resource, 0.0)
    wanted = sought(resource, tuple(forms))
    blocks, elements = wanted.blocks, wanted.elements
    matches = matched_rows(printed, wanted, labels_of_others(resource, tuple(forms)))
    found = Located(resource, 0.0)
    matched = {i for match in matches for i in range(match.first, match.last + 1)}
    placed = {i for match in matches if match.certain for i in range(match.first, match.last + 1)}
    stray = {i for i, row in enumerate(printed) if row.has_figures and i not in placed}
    agreed = 0.0
    for number, block in enumerate(blocks):
        own = [(m, e.row) for m in matches if (e := elements[m.index]).block == number and e.row is not None]
        taken = {i for m in matches if elements[m.index].kind != "header" for i in range(m.first, m.last + 1)}
        agreed += _read_block(found, block, printed, elements, own, taken, matched, stray)
    found.used |= matched
    if found.used:
        found.used = set(range(min(found.used), max(found.used) + 1))
    found.findings += _strange_rows(found, printed, matched)
    followed = Counter(edition for edition in found.editions.values() if edition)
    edition = followed.most_common(1)[0][0] if followed else forms[0].edition
    found.score = min(1.0, agreed / sum(edition in block.editions for block in blocks))
    return found


def _read_block(
    found: Located,
    block: Blocks,
    printed: Sequence[PrintedRow],
    elements: Sequence[Element],
    rows: Sequence[tuple[Match, FormRow]],
    taken: set[int],
    matched: set[int],
    stray: set[int],
) -> float:
    """Read the block's figures into ``found``; how well the block was found, from 0 to 1.

    ``stray`` are the rows with figures that are no row of the form's, or one that is open.
    """
    found.editions[block.title] = None
    body = [i for match, _ in rows for i in range(match.first, match.last + 1)]
    told = [_agrees(elements[match.index], printed[match.first : match.last + 1]) for match, _ in rows]
    if not any(agrees >= WELL for agrees in told):
        return 0.0
    zone = _header_zone(printed, body[0], taken)
    found.used.update(zone)
    passed = _passed_over(printed, zone, matched)
    rows_of_block = [printed[i] for i in body]
    # In lines a label that a page parts from its figures tells nothing of where they stand.
    first = next((row for row in rows_of_block if row.has_figures and not row.ruled), rows_of_block[0])
    columns = _columns(block, [printed[i] for i in zone], rows_of_block, first.piece)
    if columns is None:
        return 0.0
    edition, chosen = columns
    others = [e for e in block.editions if e != edition]
    same = all(block.editions[e].columns == block.editions[edition].columns for e in others)
    found.editions[block.title] = None if others and same else edition
    form = block.editions[edition]
    places = _places(chosen, printed, body, first.piece)
    agreed = 0.0
    for (match, row), agrees in zip(rows, told, strict=True):
        run = printed[match.first : match.last + 1]
        # A line without figures that is merely like a row's label may be a piece of a header or of a group's label.
        if match.certain and (run[0].ruled or any(r.has_figures for r in run) or agrees >= UNALTERED):
            found.rows.add(row.id)
        piece = next((row.piece for row in run if row.has_figures), run[0].piece)
        astray = _astray(printed, match, matched, stray, passed)
        why = _doubt(run, elements[match.index].label, match, places[piece], astray)
        why = why or _continued(printed, match, elements[match.index].label, places[piece], matched, passed)
        if why:
            _leave_open(found, form, row, run, why)
        elif place := places[piece]:
            agreed += agrees >= WELL
            _read_row(found, form, row, run, place, agrees)
    wanted = len(form.rows) - len({id for row in form.rows for id in row.instead_of})
    return min(1.0, agreed / wanted) * chosen.agreement


def _agrees(element: Element, run: Sequence[PrintedRow]) -> float:
    """How well a row's label agrees; a block's only row, which has none, is as well found as its header."""
    if not any(element.label.spellings):
        return 1.0
    return agreement(element.label, said_by(run), scattered=not run[0].ruled)


def _strange_rows(found: Located, printed: Sequence[PrintedRow], taken: set[int]) -> list[Finding]:
    """A finding for each row with figures that stands in the table and is none of the form's."""
    strange = [i for i in sorted(found.used - taken) if printed[i].has_figures]
    return [
        Finding(
            check="form",
            severity="warning",
            at=Key(found.resource),
            actual="".join(printed[i].labels),
            message=f"the form has no row {''.join(printed[i].labels)!r}, which is not read",
        )
        for i in strange
    ]


def _header_zone(printed: Sequence[PrintedRow], first: int, taken: set[int]) -> list[int]:
    """The rows above a block's first row that may head its columns."""
    zone: list[int] = []
    most = 6 if printed[first].ruled else 60
    for i in range(first - 1, -1, -1):
        apart = printed[i].ruled and bool(zone) and printed[i].piece != printed[zone[0]].piece
        lost = printed[i].has_figures or not "".join(printed[i].labels)
        if not zone and lost and i not in taken and first - i <= LOST_ROWS:
            # A row that could not be told stands between the header and the first that could.
            continue
        if i in taken or printed[i].has_figures or len(zone) == most or apart:
            break
        zone.insert(0, i)
    return zone


def _columns(
    block: Blocks, zone: Sequence[PrintedRow], body: Sequence[PrintedRow], piece: int
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
        if columns is not None and columns.agreement and (best is None or columns.score > best[1].score):
            best = edition, columns
    return best


def _places(
    columns: Columns, printed: Sequence[PrintedRow], body: Sequence[int], first: int
) -> dict[int, Columns | None]:
    """The columns in each piece of the table, of which ``first`` is headed: of one scale the same, else the last."""
    pieces: dict[int, list[PrintedRow]] = {}
    for i in body:
        pieces.setdefault(printed[i].piece, []).append(printed[i])
    return {piece: fits(columns, rows, headed=piece == first) for piece, rows in pieces.items()}


def _doubt(run: Sequence[PrintedRow], label: Label, match: Match, columns: Columns | None, astray: bool) -> str:
    """Why a printed row's figures are left open, ``""`` where they are not."""
    if not match.certain:
        return "its label leaves open which row of the form it is"
    if columns is None:
        return "its columns are open"
    if astray:
        return "no figure stands in it, and others beside it belong to no row that is certain"
    if run[0].ruled:
        return ""
    digits = sum(char.isdigit() for char in fold("".join(labels_of(run))))
    if digits > max(sum(char.isdigit() for char in spelling) for spelling in label.spellings):
        return "its label and its figures are not parted in print"
    return ""


def _astray(printed: Sequence[PrintedRow], match: Match, matched: set[int], stray: set[int], passed: set[int]) -> bool:
    """Whether a row without figures may not be blank: figures that are no row's may be its own.

    In lines they may stand anywhere, in a ruled table in the half of the row that a page parts off, or in a row that
    nothing tells from this one.
    """
    run = printed[match.first : match.last + 1]
    if any(row.has_figures for row in run):
        return False
    if not run[0].ruled:
        return any(not printed[i].ruled for i in stray)
    return any(
        i in matched or printed[i].piece != run[0].piece or not printed[i].labels[-1]
        for i in stray.intersection(_beside(printed, match, passed))
    )


def _passed_over(printed: Sequence[PrintedRow], zone: Sequence[int], matched: set[int]) -> set[int]:
    """The rows between the parts of a row that say nothing of it.

    These say the same as the header, ``zone``: it again, on another page. In lines they are also single characters, of
    a watermark or of a group's label.
    """
    said = {fold("".join(printed[i].labels)) for i in zone}
    return {
        i
        for i, row in enumerate(printed)
        if not row.has_figures
        and i not in zone
        and (fold("".join(row.labels)) in said or (not row.ruled and i not in matched and _says_nothing(row)))
    }


def _beside(printed: Sequence[PrintedRow], match: Match, passed: set[int]) -> list[int]:
    """The row before a match and the one after it, but for those that are ``passed`` over."""
    before, after = match.first - 1, match.last + 1
    while before in passed:
        before -= 1
    while after in passed:
        after += 1
    return [i for i in (before, after) if 0 <= i < len(printed)]


def _continued(
    printed: Sequence[PrintedRow],
    match: Match,
    label: Label,
    columns: Columns | None,
    matched: set[int],
    passed: set[int],
) -> str:
    """Why a row's figures may be parts of it or of themselves: others that are no row's stand beside it unlabelled.

    So stand the rest of a figure that is wrapped in a table without rules, and of a row that a page parts.
    """
    run = printed[match.first : match.last + 1]
    for i in _beside(printed, match, passed):
        edge = printed[match.first if i < match.first else match.last]
        if not printed[i].has_figures:
            continue
        if i in matched:
            if len(run) > 1 and not run[0].ruled and edge.has_figures and _says_nothing(edge, printed[i]):
                return "its figures and others follow each other without a label, so that they may be one row's"
        elif run[0].ruled:
            if not printed[i].labels[-1] and printed[i].piece != run[0].piece:
                return "figures without a label stand beside it on another page, which may be its own"
        elif _may_be_rest(printed[i], run, i < match.first, label, columns):
            return "figures without a label of their own stand beside it, which may be the rest of its own"
    return ""


def _may_be_rest(
    line: PrintedRow, run: Sequence[PrintedRow], above: bool, label: Label, columns: Columns | None
) -> bool:
    """Whether the figures of a line beside a row may be the rest of its own: both make no other label than the row."""
    own, rest = [slot for row in run for slot in row.figures], line.figures
    if not _says_nothing(line):
        both = [line, *run] if above else [*run, line]
        told, together = (agreement(label, said_by(rows), scattered=True) for rows in (run, both))
        return together >= told
    if not run[0].scale:
        # A number that stands alone in its line is that of a page.
        return len(rest) > 1
    # So is one that stands under no figure, and where none is missing.
    open_places = [p for p in columns.places if p and not any(_within(s, p) for s in own)] if columns else []
    return any(s.x0 < r.x1 and r.x0 < s.x1 for s in own for r in rest) or any(
        _within(slot, place) for slot in rest for place in open_places
    )


def _says_nothing(*lines: PrintedRow) -> bool:
    """Whether beside the figures of lines stands no part of a label."""
    return all(len(fold("".join(line.labels))) < SAID for line in lines)


def _within(slot: Slot, place: Place) -> bool:
    return place.x0 <= slot.center <= place.x1


def _leave_open(found: Located, form: Block, row: FormRow, run: Sequence[PrintedRow], why: str) -> None:
    """A finding for a row whose figures are left empty; the block's only row may be of several channels."""
    printed = labels_of(run)[-1]
    message = f"the row printed as {printed!r} is left empty: {why}"
    for place in dict.fromkeys(key.row for key in form.keys(found.resource, row)):
        found.findings.append(
            Finding(check="reading", severity="error", at=Key(found.resource, place), actual=printed, message=message)
        )


def _read_row(
    found: Located,
    form: Block,
    row: FormRow,
    run: Sequence[PrintedRow],
    columns: Columns,
    agrees: float,
) -> None:
    """Put the slots of a printed row to the form's figures, or a finding where that is open."""
    printed_label = labels_of(run)[-1]
    if row.label and agrees < (UNALTERED if run[0].ruled else WELL):
        found.findings.append(
            Finding(
                check="form",
                severity="warning",
                at=Key(found.resource, row.id),
                expected=row.label,
                actual=printed_label,
                message=f"the label is printed as {printed_label!r}",
            )
        )
    number = re.match(r"[0-9]*", fold(row.label))
    placed = columns.figures(run, number[0] if number else "")
    spread = Counter(id(slot) for slots in placed for slot in slots or ())
    for index, (key, slots) in enumerate(zip(form.keys(found.resource, row), placed, strict=True)):
        filled = [slot for slot in slots or () if not is_blank(slot.text)]
        if slots is None:
            found.findings.append(_open(key, "blank cells left no trace, so that the columns of its row are open"))
        elif any(spread[id(slot)] > 1 for slot in filled):
            found.findings.append(_open(key, "figures of several columns are not parted in print", filled))
        elif len(filled) > 1:
            found.findings.append(_open(key, "more than one figure stands in its place", filled))
        elif slots:
            slot = (filled or slots)[0]
            source = next((r for r in run if slot in r.figures or slot in r.texts), run[0]) if len(run) > 1 else run[0]
            found.spots[key] = Spot(slot, columns.header(index), source, agrees >= UNALTERED)


def _open(key: Key, why: str, slots: Sequence[Slot] = ()) -> Finding:
    printed = " ".join(slot.text for slot in slots)
    return Finding(check="reading", severity="error", at=key, actual=printed, message=f"left empty: {why}")
