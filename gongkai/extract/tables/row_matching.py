"""Printed rows -> the form's rows: how well each agrees, alone or with those that may be its parts.

In: the printed rows of grids or of lines, and the elements that are sought. Out: the matches of the best alignment.
What never happens: figures that share no line with their label are given to one that does not hold them, unless
nothing else may be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from gongkai.characters import fold
from gongkai.extract.tables.alignment import AGREES, DIFFERS, Label, Match, Run, agreement, align, folded
from gongkai.extract.tables.rows import PrintedRow
from gongkai.extract.tables.template import Element, Sought

SAID = 2
"""So many characters of a label, in order, are a part of it."""
WHOLE = 0.8
"""The share of a label of which only a last character or bracket can be missing."""
APART = 0.2
"""What it costs a wrapped label that its figures stand at its edge and not beside it or in its middle."""
CLOSING = frozenset("）)")
BLANK_LINE = 0.3
"""What lines without figures weigh, as a row, beside lines with figures."""
LONGEST_LABEL = 8
"""Into how many lines a label may be wrapped, in a table without rules."""


def matched_rows(printed: Sequence[PrintedRow], wanted: Sought, others: frozenset[str]) -> tuple[Match, ...]:
    """Which printed rows are which elements; ``others`` are the labels of the form's other tables."""
    cost = {"title": -0.05, "header": -0.05, "row": -0.25}
    own = {row.piece for row in printed if not wanted.rows.isdisjoint(row.said)}
    return align(
        [
            _scored(printed[first : last + 1], first, wanted, others, printed[first].piece in own)
            for first, last in _runs(printed, wanted)
        ],
        skip_printed=[-0.4 if row.has_figures else 0.0 for row in printed],
        # A row that only one edition has, or that another one replaces, is missed by nobody.
        skip_form=[0.0 if e.optional else cost[e.kind] for e in wanted.elements],
        matters=[row.has_figures for row in printed],
    ).matches


def _runs(printed: Sequence[PrintedRow], wanted: Sought) -> Iterator[tuple[int, int]]:
    """The printed rows that may be one row: each alone, lines of a wrapped label, halves that a page break parts."""
    complete = [row.has_figures and any(text in wanted.spelled for text in row.said) for row in printed]
    for last, row in enumerate(printed):
        yield last, last
        if row.ruled:
            before = printed[last - 1] if last else row
            if before.piece != row.piece and not (row.has_figures and before.has_figures):
                yield last - 1, last
            continue
        figures = row.has_figures
        for first in range(last - 1, max(last - LONGEST_LABEL, -1), -1):
            if complete[last] or complete[first] or (figures and printed[first].has_figures):
                break
            figures = figures or printed[first].has_figures
            yield first, last


def labels_of(run: Sequence[PrintedRow]) -> tuple[str, ...]:
    """What heads a run. Of lines it is one text; of the halves of a row, their last labels joined."""
    if not run[0].ruled:
        return (_line_text(run),)
    return run[0].labels if len(run) == 1 else ("".join(row.labels[-1] for row in run),)


def said_by(run: Sequence[PrintedRow]) -> tuple[str, ...]:
    """What heads a run, as labels are compared."""
    return run[0].said if len(run) == 1 else folded(labels_of(run))


def _line_text(lines: Sequence[PrintedRow]) -> str:
    return "".join(slot.text for line in lines for slot in line.texts)


def _scored(run: Sequence[PrintedRow], first: int, wanted: Sought, others: frozenset[str], own: bool) -> Run:
    """How well a run agrees with each element.

    ``others`` are the labels of the form's other tables. ``own``: its piece has a row of this table that is told by its
    label, without which figures that nothing heads may be of any table.
    """
    last = first + len(run) - 1
    labels = said_by(run)
    said = {labels[-1], "".join(labels)} if labels else set()
    exact = set[int]().union(*(wanted.spelled.get(text, ()) for text in said))
    if not exact and not said.isdisjoint(others):
        return Run(first, last, {})
    # Halves of a row that make a label of the form's, letter for letter, are none of two rows.
    halves = run[0].ruled and len(run) > 1 and all(fold(row.labels[-1]) for row in run)
    scores = {}
    # A label that is letter for letter one of the form's is no other one, altered.
    for index in sorted(exact) or range(len(wanted.elements)):
        score = _score(run, labels, wanted.elements[index], own)
        if score is not None:
            scores[index] = 2 * score if exact and halves else score
    return Run(first, last, scores)


def _score(run: Sequence[PrintedRow], labels: tuple[str, ...], element: Element, own: bool) -> float | None:
    """What speaks for a run being an element, less what speaks against it; ``None`` if it cannot be."""
    figures = any(row.has_figures for row in run)
    ruled, alone, is_row = run[0].ruled, len(run) == 1, element.row is not None
    if figures and not is_row:
        return None
    if is_row and not element.label.spellings[0]:
        # The only row of a block that has no labels: figures under the header, with nothing before them.
        return (-0.15 if labels else 0.1) if alone and figures and len(run[0].figures) >= 3 else None
    if not labels or labels[-1] in element.label.under or (not ruled and _is_of_group(labels[-1], element.label)):
        # A number that stands alone in its line may be that of a page.
        enough = ruled or len(run[0].figures) >= min(2, element.columns)
        return -0.05 if is_row and alone and figures and own and enough else None
    agrees = agreement(element.label, labels, scattered=not ruled)
    if agrees < (DIFFERS if ruled or alone else AGREES):
        return None
    gain = agrees - AGREES - 0.03 * (len(run) - 1)
    if is_row and not figures:
        # Lines without figures may be a part of a label beside them as well as a row that is blank.
        return (gain if ruled else min(gain, BLANK_LINE * gain)) - 0.05
    if figures and not alone and not ruled and not _holds(run, element.label):
        gain -= APART
    return gain


def _is_of_group(text: str, label: Label) -> bool:
    """Whether the characters beside a line's figures are none but some of a label that spans the row."""
    return any(len(text) < len(group) and LCSseq.similarity(text, group) == len(text) for group in label.under)


def _holds(run: Sequence[PrintedRow], label: Label) -> bool:
    """Whether a label that is wrapped into lines holds the figures among them.

    Figures stand beside a line of their label, or in the middle of it; where only the order of lines is known, below
    it. Figures at the edge of lines that say nothing of the label beside them are those of a label that was lost.
    """
    middle = next(i for i, row in enumerate(run) if row.has_figures)
    beside, above, below = (_line_text(rows) for rows in (run[middle : middle + 1], run[:middle], run[middle + 1 :]))
    for spelling in label.spellings:
        least = min(SAID, len(spelling))
        said, before, after = (LCSseq.similarity(spelling, fold(text)) for text in (beside, above, below))
        # The last line may be the character or the bracket that found no room above.
        ends = before >= WHOLE * len(spelling) and (0 < after == len(fold(below)) or below in CLOSING)
        if said >= least or (before >= least and (after >= least or ends or run[middle].scale is None)):
            return True
    return False
