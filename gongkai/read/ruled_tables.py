"""Ruled tables: the rules of a page -> grids of cells with the characters in them.

In: a ``Page``. Out: its ``Grid``s, and the characters that stand in none. The way is that of every table finder that
works on rules: strokes are clustered into lines, lines that meet form a table, the squares between the lines are
joined where no rule parts them. Two things are our own. A table is closed at its hull, since many have no closing
rule at the foot of a page. And a joined region is one cell even where its shape is no rectangle, so that figures
between which a rule is missing stay together, are found to be no figure, and are not guessed apart.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from gongkai.model import Cell, Grid, Reader
from gongkai.read.page import UNDECODABLE, Char, Page, Rule, bounds, cell_text


@dataclass(frozen=True, slots=True)
class TableTolerances:
    """How near strokes must be to be rules of one table, and characters to be of one cell."""

    snap_pt: float = 2.0
    """Parallel strokes nearer than this, in points, are one line: double rules, borders of neighbouring cells."""
    join_pt: float = 4.5
    """Collinear strokes with a gap up to this, in points, are one: dashes, borders drawn cell by cell."""
    reach_pt: float = 3.0
    """Two lines meet if one ends within this of the other."""
    most_lines: int = 800
    """A page of more lines is a drawing,"""
    most_rows: int = 300
    """and so is a mesh of more rows"""
    most_columns: int = 80
    """or columns."""
    word_widths: float = 0.2
    """Characters nearer than this, in widths of one, are of one word."""
    sliver_pt: float = 4.0
    """No row is lower and no column narrower than this."""
    astride_widths: float = 0.1
    """A digit nearer to a border than this, in widths of one, may stand on it."""
    shortest_pt: float = 4.0
    """Shorter lines are no border of a cell."""


SETTINGS = TableTolerances()


def ruled_grids(
    page: Page, reader: Reader = "pdf-lines", *, whole_words: bool = False
) -> tuple[list[Grid], list[Char]]:
    """The ruled tables of a page from top to bottom, and the characters outside them.

    ``whole_words``: each character of the page is a word that was recognised, and none is the end of another.
    """
    tables = _tables(lines_of_rules(page.horizontals), lines_of_rules(page.verticals))
    tables.sort(key=lambda table: (table[1][-1] - table[1][0]) * (table[0][-1] - table[0][0]))
    grids = []
    outside: Sequence[Char] = page.chars
    for table in tables:
        (left, *_, right), (top, *_, bottom) = table[:2]
        inside: list[Char] = []
        beside: list[Char] = []
        for char in outside:
            _, x0, upper, x1, lower, _ = char
            if top <= (upper + lower) / 2 <= bottom and left <= (x0 + x1) / 2 <= right:
                inside.append(char)
            else:
                beside.append(char)
        # What was recognised is a whole word, or a stain beside it.
        if not whole_words and (overrun := _overrun(table, inside, beside)):
            inside += overrun
            beside = [char for char in beside if char not in overrun]
        if any(not char.text.isspace() for char in inside):
            grids.append((top, _grid(page, reader, whole_words, table, inside)))
            outside = beside
    grids.sort(key=lambda pair: pair[0])
    return [grid for _, grid in grids], list(outside)


def _overrun(table: Table, inside: Sequence[Char], beside: Sequence[Char]) -> set[Char]:
    """The characters beside a table that are the end of a word in it: a figure that is wider than the last column."""
    (left, *_, right), (top, *_, bottom) = table[:2]
    level = [char for char in beside if top <= (char.top + char.bottom) / 2 <= bottom]
    edge = [c for c in inside if level and min(c.x0 - left, right - c.x1) < c.x1 - c.x0]
    overrun: set[Char] = set()
    while edge:
        last = edge.pop()
        near = SETTINGS.word_widths * (last.x1 - last.x0)
        more = [
            char
            for char in level
            if abs(char.baseline - last.baseline) < 1
            and char.x0 < last.x1 + near
            and char.x1 > last.x0 - near
            and char not in overrun
        ]
        overrun.update(more)
        edge += more
    return overrun


def _parted_words(inside: dict[int, list[Char]], astride: Sequence[tuple[Char, int, int]]) -> set[int]:
    """Put the last digit of a figure that is wider than its cell back to it; the cells where that is open.

    ``astride`` are digits on a border: each with its cell and the one beside.
    """
    open_cells: set[int] = set()
    for char, own, other in astride:
        if own == other:
            continue
        near = [c for c in inside[own] if c is not char and _touches(c, char)]
        across = [c for c in inside[other] if _touches(c, char)]
        if near and across:
            open_cells |= {own, other}
        elif across:
            inside[own].remove(char)
            inside[other].append(char)
    return open_cells


def _touches(char: Char, digit: Char) -> bool:
    near = SETTINGS.word_widths * (digit.x1 - digit.x0)
    level = abs(char.baseline - digit.baseline) < 1 and char.text.isdigit()
    return level and char.x0 < digit.x1 + near and char.x1 > digit.x0 - near


Table = tuple[list[float], list[float], list[list[Rule]], list[list[Rule]]]
"""Column borders, row borders, and the rules on each of the row and of the column borders."""


def lines_of_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Strokes as lines: those that lie on one line are moved there, and joined where they follow each other."""
    lines: list[Rule] = []
    ordered = sorted(rules)
    start = 0
    for index in range(1, len(ordered) + 1):
        if index < len(ordered) and ordered[index].at - ordered[index - 1].at <= SETTINGS.snap_pt:
            continue
        cluster = ordered[start:index]
        start = index
        at = sum(rule.at for rule in cluster) / len(cluster)
        spans = sorted((rule.start, rule.end) for rule in cluster)
        begin, end = spans[0]
        for first, last in spans[1:]:
            if first - end > SETTINGS.join_pt:
                lines.append(Rule(at, begin, end))
                begin, end = first, last
            end = max(end, last)
        lines.append(Rule(at, begin, end))
    return [line for line in lines if line.end - line.start >= SETTINGS.shortest_pt]


def _tables(horizontals: Sequence[Rule], verticals: Sequence[Rule]) -> list[Table]:
    """The groups of lines that meet, as tables of at least two columns."""
    parent = list(range(len(horizontals) + len(verticals)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    if max(len(horizontals), len(verticals)) > SETTINGS.most_lines:
        return []
    reach = SETTINGS.reach_pt
    for i, (y, x0, x1) in enumerate(horizontals):
        for j, (x, top, bottom) in enumerate(verticals, len(horizontals)):
            if x0 - reach <= x <= x1 + reach and top - reach <= y <= bottom + reach:
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, h in enumerate(horizontals):
        groups[root(i)][0].append(h)
    for j, v in enumerate(verticals, len(horizontals)):
        groups[root(j)][1].append(v)
    tables = []
    for hs, vs in groups.values():
        if not hs or not vs:
            continue
        left, right = min(h.start for h in hs), max(h.end for h in hs)
        top, bottom = min(v.start for v in vs), max(v.end for v in vs)
        xs, by_x = _borders(vs, left, right, Rule(left, top, bottom), Rule(right, top, bottom))
        ys, by_y = _borders(hs, top, bottom, Rule(top, left, right), Rule(bottom, left, right))
        if 3 <= len(xs) <= SETTINGS.most_columns and len(ys) <= SETTINGS.most_rows:
            tables.append((xs, ys, by_y, by_x))
    return tables


def _borders(
    lines: Sequence[Rule], low: float, high: float, first: Rule, last: Rule
) -> tuple[list[float], list[list[Rule]]]:
    """The borders along one axis with the rules on each; the hull's sides are added where no rule lies on them."""
    by_place: dict[float, list[Rule]] = defaultdict(list)
    place = float("-inf")
    for line in sorted(lines):
        # Between borders that near no character stands: those of one row's cells, drawn a little apart.
        place = line.at if line.at - place > SETTINGS.sliver_pt else place
        by_place[place].append(line)
    if min(by_place) - low > SETTINGS.shortest_pt:
        by_place[low].append(first)
    if high - max(by_place) > SETTINGS.shortest_pt:
        by_place[high].append(last)
    places = sorted(by_place)
    return places, [by_place[place] for place in places]


def _covers(rules: Sequence[Rule], start: float, end: float) -> bool:
    """Whether a rule runs along the stretch; its ends may fall short."""
    slack = min(SETTINGS.reach_pt, (end - start) / 4)
    first, last = start + slack, end - slack
    for _, begins, ends in rules:  # noqa: SIM110 - asked for every side of every square: any() takes twice as long
        if begins <= first and ends >= last:
            return True
    return False


def _regions(table: Table) -> list[int]:
    """For each square between the borders, row by row, the first square of the cell that it belongs to."""
    xs, ys, horizontals, verticals = table
    columns, rows = len(xs) - 1, len(ys) - 1
    parent = list(range(columns * rows))

    def root(square: int) -> int:
        while parent[square] != square:
            parent[square] = parent[parent[square]]
            square = parent[square]
        return square

    def join(one: int, other: int) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    for row in range(rows):
        for column in range(1, columns):
            if not _covers(verticals[column], ys[row], ys[row + 1]):
                join(row * columns + column - 1, row * columns + column)
    for row in range(1, rows):
        for column in range(columns):
            if not _covers(horizontals[row], xs[column], xs[column + 1]):
                join((row - 1) * columns + column, row * columns + column)
    # A square's parent stands before it, and so leads to the first one already.
    for square, before in enumerate(parent):
        parent[square] = parent[before]
    return parent


def _grid(page: Page, reader: Reader, whole_words: bool, table: Table, chars: Sequence[Char]) -> Grid:
    """The grid of a table with the characters that stand in its cells."""
    xs, ys, _, _ = table
    columns, rows = len(xs) - 1, len(ys) - 1
    region = _regions(table)
    squares: dict[int, list[int]] = defaultdict(list)
    for square, first in enumerate(region):
        squares[first].append(square)
    inside: dict[int, list[Char]] = defaultdict(list)
    astride: list[tuple[Char, int, int]] = []
    astride_widths = SETTINGS.astride_widths
    for char in chars:
        text, x0, top, x1, bottom, _ = char
        # The borders at the hull belong to no square: what stands on them is in the square beside.
        column = bisect_right(xs, (x0 + x1) / 2, 1, columns) - 1
        square = (bisect_right(ys, (top + bottom) / 2, 1, rows) - 1) * columns + column
        inside[region[square]].append(char)
        if text.isdigit():
            slack = astride_widths * (x1 - x0)
            if column > 0 and x0 < xs[column] + slack:
                astride.append((char, region[square], region[square - 1]))
            if column < columns - 1 and x1 > xs[column + 1] - slack:
                astride.append((char, region[square], region[square + 1]))
    parted = set() if whole_words else _parted_words(inside, astride)
    cells = []
    for first, members in squares.items():
        # The squares of a cell stand in the order of reading: the first and the last say its rows.
        row, row_end = first // columns, members[-1] // columns + 1
        column, column_end = first % columns, first % columns + 1
        if len(members) > 1:
            column, column_end = min(m % columns for m in members), max(m % columns for m in members) + 1
        inside_cell = inside[first]
        text = cell_text(inside_cell) if inside_cell else ""
        box = page.box(*(bounds(inside_cell) if text else (xs[column], ys[row], xs[column_end], ys[row_end])))
        cells.append(
            Cell(row, column, row_end - row, column_end - column, text, box, UNDECODABLE in text or first in parted)
        )
    cells.sort(key=attrgetter("row", "column"))
    return Grid(tuple(cells), rows, columns, reader, tuple(xs), page.number)
