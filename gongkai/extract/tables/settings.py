"""What decides how a table is read: each threshold, weight and distance of this folder, with its unit and its reason.

In: nothing. Out: one instance of each class, whose values the modules read when they are called.
Similarities go from 0 (no character in common) to 1 (letter for letter). Scores of an alignment are sums of
similarities, each less ``neutral_similarity``, and of the costs here, so that both are of one scale.
``tests/test_extract_settings.py`` moves each far, and names the reports that are then read otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """When a printed label is one of the form's."""

    neutral_similarity: float = 0.45
    """A label that is less similar speaks against a match, a more similar one for it: rows of the form that share their
    pattern (属于…信息) are this similar to each other, and labels that a wrap or a recogniser garbled stay above it."""
    other_label_similarity: float = 0.25
    """Labels less similar than this are of two different things: no neighbours make a match of them."""
    well_found_similarity: float = 0.6
    """Labels that are this similar carry a table: with fewer it may be any table. A line without rules that is less
    similar is told as altered."""
    unaltered_similarity: float = 0.999
    """Letter for letter the form's; below 1 only for what sums of floats round away."""
    scattered_weight: float = 0.95
    """What a label counts whose characters stand among those of others, beside one that stands alone: never as much,
    so that of two lines the one with the label itself is taken."""
    longest_label_chars: int = 1000
    """What has more characters is no label and is not compared, since that takes time by the square; the form's
    longest, with what spans it, has some 120."""


@dataclass(frozen=True, slots=True)
class AlignmentCosts:
    """What speaks for and against printed rows being rows of the form."""

    certain_margin: float = 0.1
    """A match that is better than the next best by less leaves open where the printed row belongs."""
    strange_row: float = 0.4
    """To take a row with figures for none of the form's: more than a bad label costs, less than a wrong match."""
    missing_row: float = 0.25
    """To take a row that all editions have for not printed."""
    missing_heading: float = 0.05
    """The same for a block's title or header, which many reports leave out."""
    joined_line: float = 0.03
    """For each line after the first that is taken for the same row: of two readings the one with fewer lines wins."""
    figures_at_edge: float = 0.2
    """That a wrapped label's figures stand at its edge, and not beside it or in its middle: they may be of a label that
    was lost."""
    blank_row: float = 0.05
    """That a row has no figures: a row that has some is rather the one that is meant."""
    blank_line_weight: float = 0.3
    """What a line without figures counts as a row, beside one with figures: it may be a part of a label."""
    unlabelled_row: float = 0.05
    """That figures have no label: they are a row of the form only where nothing else may be."""
    label_before_nameless: float = 0.15
    """That a label stands before the only row of a block whose row has none."""
    nameless_gain: float = 0.1
    """What figures alone count as that row."""
    whole_halves_weight: float = 2.0
    """What two halves of a row count whose labels make one of the form's, letter for letter: more than two rows."""
    label_part_chars: int = 2
    """So many characters of a label, in order, are a part of it; a single one stands in any label."""
    nearly_whole_share: float = 0.8
    """The share of a label of which only a last character or bracket can be missing."""
    most_label_lines: int = 8
    """Into how many lines a label may be wrapped, in a table without rules. Each more costs time for every line."""
    fewest_unlabelled_figures: int = 2
    """Fewer figures alone in a line are the number of a page."""
    fewest_nameless_figures: int = 3
    """Fewer figures without a label are no row of a block whose row has none."""


@dataclass(frozen=True, slots=True)
class ColumnSettings:
    """Which printed column is which of the form's. Points are PDF points; places are characters of a text file."""

    spanning_weight: float = 0.2
    """What the headers that span a column count beside its own: the same header stands under several of them."""
    unplaced_figures: float = 0.3
    """What it costs to take a column with figures for none of the form's."""
    missing_column: float = 0.25
    """What it costs to take a column of the form for not printed."""
    headless_column: float = 0.02
    """What it costs that a column with figures has no header of its own: its neighbours tell which it is."""
    covered_share: float = 0.6
    """The share of a header's characters that must stand above columns that are told by their number alone."""
    tight_headers: int = 4
    """So many headers in a row that are a single place apart no longer stand above their columns."""
    joint_places: float = 1.0
    """Words that are no more places apart follow each other: where they stand is where the one before them ends."""
    overlap_places: float = 0.5
    """A word that reaches less far into a column does not stand in it."""
    border_snap_pt: float = 3.0
    """Borders of columns nearer than this are one; the narrowest column of figures known is 15 points wide."""
    page_shift_pt: float = 6.0
    """By how much a column may stand aside from where the table's first page has it."""
    lone_reach_pt: float = 60.0
    """How far from where the figures of a block's only column stand another one may stand: half a wide column."""


@dataclass(frozen=True, slots=True)
class TableTolerances:
    """Whether rows are a table of the form."""

    trusted_share: float = 0.5
    """A table of which a smaller share was found by its labels is not the form's."""
    sure_share: float = 0.9
    """A table of which a larger share was found in its section is looked for nowhere else."""
    most_rows: int = 1200
    """More rows or lines than this are no table of the form, and aligning them would take minutes."""
    lost_rows: int = 3
    """So many rows that could not be told may stand between a header and the first that could."""
    header_rows: int = 6
    """So many rows of a ruled table may head its columns."""
    header_lines: int = 60
    """So many lines may: narrow columns wrap their headers by single characters."""
    moved_figures: int = 3
    """So many figures in other columns than those of the row above begin another table; fewer may be a merged cell."""
    kept_columns_share: float = 0.5
    """So they do where a smaller share of them stands in its columns."""
    repeated_share: float = 0.5
    """A table of which a larger share of the labels stands several times is printed several times."""
    fewest_row_numbers: int = 3
    """Fewer numbers before labels are no column of row numbers."""


LABELS = LabelSettings()
COSTS = AlignmentCosts()
COLUMNS = ColumnSettings()
TABLES = TableTolerances()
