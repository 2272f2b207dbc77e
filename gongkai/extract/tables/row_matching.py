"""Printed rows -> the form's rows: how well each fits, alone or with those that may be its parts.

In: the printed rows of grids or of lines, and a table's template. Out: the matches of the best alignment.
What never happens: figures that share no line with their label are given to one that does not hold them, unless
nothing else may be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from gongkai.characters import fold
from gongkai.extract.tables.alignment import Label, Match, Segment, align, folded, label_similarity
from gongkai.extract.tables.rows import PrintedRow
from gongkai.extract.tables.settings import COSTS, LABELS
from gongkai.extract.tables.template import TableTemplate, TemplateElement

CLOSING = frozenset("）)")
"""What may stand alone in the last line of a wrapped label."""


def matched_rows(printed: Sequence[PrintedRow], template: TableTemplate, others: frozenset[str]) -> tuple[Match, ...]:
    """Which printed rows are which elements; ``others`` are the labels of the form's other tables."""
    missing = {"title": COSTS.missing_heading, "header": COSTS.missing_heading, "row": COSTS.missing_row}
    told = {row.piece for row in printed if not template.rows.isdisjoint(row.said)}
    return align(
        [
            _scored(printed[first : last + 1], first, template, others, printed[first].piece in told)
            for first, last in _segments(printed, template)
        ],
        skip_printed=[-COSTS.strange_row if row.has_figures else 0.0 for row in printed],
        # A row that only one edition has, or that another one replaces, is missed by nobody.
        skip_form=[0.0 if element.optional else -missing[element.kind] for element in template.elements],
        matters=[row.has_figures for row in printed],
    ).matches


def _segments(printed: Sequence[PrintedRow], template: TableTemplate) -> Iterator[tuple[int, int]]:
    """The printed rows that may be one row: each alone, lines of a wrapped label, halves that a page break parts."""
    most = COSTS.most_label_lines
    complete = [row.has_figures and any(text in template.spelled for text in row.said) for row in printed]
    for last, row in enumerate(printed):
        yield last, last
        if row.ruled:
            before = printed[last - 1] if last else row
            if before.piece != row.piece and not (row.has_figures and before.has_figures):
                yield last - 1, last
            continue
        figures = row.has_figures
        for first in range(last - 1, max(last - most, -1), -1):
            if complete[last] or complete[first] or (figures and printed[first].has_figures):
                break
            figures = figures or printed[first].has_figures
            yield first, last


def labels_of(rows: Sequence[PrintedRow]) -> tuple[str, ...]:
    """What heads rows that are taken as one: of lines one text, of the halves of a row their last labels joined."""
    if not rows[0].ruled:
        return (_line_text(rows),)
    return rows[0].labels if len(rows) == 1 else ("".join(row.labels[-1] for row in rows),)


def said_by(rows: Sequence[PrintedRow]) -> tuple[str, ...]:
    """What heads rows that are taken as one, as labels are compared."""
    return rows[0].said if len(rows) == 1 else folded(labels_of(rows))


def _line_text(lines: Sequence[PrintedRow]) -> str:
    return "".join(cell.text for line in lines for cell in line.texts)


def _scored(
    rows: Sequence[PrintedRow], first: int, template: TableTemplate, others: frozenset[str], told: bool
) -> Segment:
    """How well rows that are taken as one fit each element.

    ``others`` are the labels of the form's other tables. ``told``: their piece has a row of this table that is told by
    its label, without which figures that nothing heads may be of any table.
    """
    last = first + len(rows) - 1
    labels = said_by(rows)
    said = {labels[-1], "".join(labels)} if labels else set()
    exact = set[int]().union(*(template.spelled.get(text, ()) for text in said))
    if not exact and not said.isdisjoint(others):
        return Segment(first, last, {})
    # Halves of a row that make a label of the form's, letter for letter, are none of two rows.
    halves = rows[0].ruled and len(rows) > 1 and all(fold(row.labels[-1]) for row in rows)
    weight = COSTS.whole_halves_weight if exact and halves else 1.0
    scores = {}
    # A label that is letter for letter one of the form's is no other one, altered.
    for index in sorted(exact) or range(len(template.elements)):
        score = _score(rows, labels, template.elements[index], told)
        if score is not None:
            scores[index] = weight * score
    return Segment(first, last, scores)


def _score(rows: Sequence[PrintedRow], labels: tuple[str, ...], element: TemplateElement, told: bool) -> float | None:
    """What speaks for rows being an element, less what speaks against it; ``None`` if they cannot be."""
    figures = any(row.has_figures for row in rows)
    ruled, alone, is_row = rows[0].ruled, len(rows) == 1, element.row is not None
    if figures and not is_row:
        return None
    if is_row and not element.label.spellings[0]:
        # The only row of a block that has no labels: figures under the header, with nothing before them.
        enough = alone and figures and len(rows[0].figures) >= COSTS.fewest_nameless_figures
        return (-COSTS.label_before_nameless if labels else COSTS.nameless_gain) if enough else None
    if not labels or labels[-1] in element.label.under or (not ruled and _is_of_group(labels[-1], element.label)):
        enough = ruled or len(rows[0].figures) >= min(COSTS.fewest_unlabelled_figures, element.columns)
        return -COSTS.unlabelled_row if is_row and alone and figures and told and enough else None
    similarity = label_similarity(element.label, labels, scattered=not ruled)
    if similarity < (LABELS.other_label_similarity if ruled or alone else LABELS.neutral_similarity):
        return None
    gain = similarity - LABELS.neutral_similarity - COSTS.joined_line * (len(rows) - 1)
    if is_row and not figures:
        # Lines without figures may be a part of a label beside them as well as a row that is blank.
        return (gain if ruled else min(gain, COSTS.blank_line_weight * gain)) - COSTS.blank_row
    if figures and not alone and not ruled and not _holds(rows, element.label):
        gain -= COSTS.figures_at_edge
    return gain


def _is_of_group(text: str, label: Label) -> bool:
    """Whether the characters beside a line's figures are none but some of a label that spans the row."""
    return any(len(text) < len(group) and LCSseq.similarity(text, group) == len(text) for group in label.under)


def _holds(rows: Sequence[PrintedRow], label: Label) -> bool:
    """Whether a label that is wrapped into lines holds the figures among them.

    Figures stand beside a line of their label, or in the middle of it; where only the order of lines is known, below
    it. Figures at the edge of lines that say nothing of the label beside them are those of a label that was lost.
    """
    middle = next(i for i, row in enumerate(rows) if row.has_figures)
    beside, above, below = (
        _line_text(lines) for lines in (rows[middle : middle + 1], rows[:middle], rows[middle + 1 :])
    )
    for spelling in label.spellings:
        least = min(COSTS.label_part_chars, len(spelling))
        said, before, after = (LCSseq.similarity(spelling, fold(text)) for text in (beside, above, below))
        # The last line may be the character or the bracket that found no room above.
        ends = before >= COSTS.nearly_whole_share * len(spelling) and (
            0 < after == len(fold(below)) or below in CLOSING
        )
        if said >= least or (before >= least and (after >= least or ends or rows[middle].scale is None)):
            return True
    return False
