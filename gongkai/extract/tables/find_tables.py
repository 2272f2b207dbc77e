"""A document's blocks -> the form's three tables: from the grids where they stand there, else from lines.

In: blocks and their outline. Out: ``Tables``. A table is looked for in its own section first, since others of the same
form may stand elsewhere, such as the last year's in an annex. Whether what is found is enough is for others to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.extract.outline import Outline, Position, whole_positions
from gongkai.extract.tables.duplicate_prints import locate_all
from gongkai.extract.tables.locate import LocatedTable
from gongkai.extract.tables.rows import rows_in_order, rows_of_grids, rows_of_lines
from gongkai.extract.tables.settings import TABLES
from gongkai.figures import is_blank
from gongkai.form import Form
from gongkai.model import REQUESTS, RESOURCES, Grid, Line, Reader


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables as one reader has them, and the lines that they take."""

    located: Mapping[str, LocatedTable]
    lines: frozenset[Position]
    """Where the ``Line``s stand that are rows of a table."""
    crossed: bool = False
    """Among the lines of a table stand grids, which may hold some of its figures."""

    @property
    def quality(self) -> tuple[bool, float]:
        """How well all were found; first whether the requests were, without which there is no report."""
        return self.located[REQUESTS].is_trusted, sum(table.score for table in self.located.values())


def find_tables(blocks: Sequence[Line | Grid], structure: Outline, reader: Reader, forms: Sequence[Form]) -> Tables:
    """The three tables."""
    located = {}
    taken: set[Position] = set()
    crossed = False
    for resource in RESOURCES:
        part = structure.part(forms[0].table(resource).section)
        ruled = _locate_ruled(resource, _grids(part.blocks if part else ()), forms)
        if ruled.score <= TABLES.sure_share:
            anywhere = _locate_ruled(resource, _grids(blocks), forms)
            ruled = max(ruled, anywhere, key=lambda table: table.score)
        located[resource] = ruled
        if ruled.is_trusted and (ruled.score > TABLES.sure_share or part is None):
            continue
        source, positions = (part.blocks, part.positions) if part else (blocks, whole_positions(len(blocks)))
        lines = [(block, at) for block, at in zip(source, positions, strict=True) if isinstance(block, Line)]
        rows = rows_of_lines([line for line, _ in lines], "pdf-text" if reader == "pdf-lines" else reader)
        unruled = locate_all(resource, rows, forms)
        if unruled.score > ruled.score:
            located[resource] = unruled
            taken.update(lines[i][1] for i in unruled.used if "。" not in lines[i][0].text)
            between = [i for i, at in enumerate(positions) if at in taken]
            within = source[min(between, default=0) : max(between, default=0)]
            crossed = crossed or any(isinstance(block, Grid) for block in within)
    return Tables(located, frozenset(taken), crossed)


def _locate_ruled(resource: str, grids: Sequence[Grid], forms: Sequence[Form]) -> LocatedTable:
    """The table in grids by the places of their cells; where spans leave these open, by the order of cells."""
    placed = locate_all(resource, rows_of_grids(grids), forms)
    if not any(cell.ragged for grid in grids for cell in grid.cells):
        return placed
    printed, sure = _count_figures(placed)
    if placed.is_trusted and 2 * sure > printed:
        return placed
    in_order = locate_all(resource, rows_in_order(grids), forms)
    return in_order if in_order.is_trusted and _count_figures(in_order)[1] > sure else placed


def _count_figures(table: LocatedTable) -> tuple[int, int]:
    """How many of its figures are printed, and how many of these are no doubtful ones."""
    printed = [source.cell for source in table.sources.values() if not is_blank(source.cell.text)]
    return len(printed), sum(not cell.doubtful for cell in printed)


def _grids(blocks: Sequence[Line | Grid]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]
