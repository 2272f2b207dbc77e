"""A document's blocks -> the form's three tables: from the grids where they stand there, else from lines.

In: blocks and their outline. Out: ``Tables``. A table is sought in its own section first, since others of the same form
may stand elsewhere, such as the last year's in an annex. Whether what is found is enough is for others to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.extract.outline import Outline
from gongkai.extract.tables.duplicate_prints import locate_all
from gongkai.extract.tables.locate import TRUSTED, Located
from gongkai.extract.tables.rows import rows_of_grids, rows_of_lines
from gongkai.form import Form
from gongkai.model import REQUESTS, RESOURCES, Grid, Line, Reader
from gongkai.read.formats import method_of

SURE = 0.9
"""A table of which a larger share was found in its section is sought nowhere else."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables as found by one reader, and the lines that they take."""

    located: Mapping[str, Located]
    lines: frozenset[int]
    """The ids of the ``Line``s that are rows of a table."""
    crossed: bool = False
    """Among the lines of a table stand grids, which may hold some of its figures."""

    def agrees(self) -> tuple[bool, float]:
        """How well all were found; first whether the requests were, without which there is no report."""
        return self.located[REQUESTS].score >= TRUSTED, sum(found.score for found in self.located.values())


def find_tables(blocks: Sequence[Line | Grid], structure: Outline, reader: Reader, forms: Sequence[Form]) -> Tables:
    """The three tables."""
    located = {}
    taken: set[int] = set()
    crossed = False
    for resource in RESOURCES:
        part = structure.part(forms[0].table(resource).section)
        ruled = locate_all(resource, rows_of_grids(_grids(part.blocks if part else ())), forms)
        if ruled.score <= SURE:
            ruled = max(
                ruled, locate_all(resource, rows_of_grids(_grids(blocks)), forms), key=lambda found: found.score
            )
        located[resource] = ruled
        if ruled.score >= TRUSTED and (ruled.score > SURE or part is None):
            continue
        source = part.blocks if part else blocks
        lines = [block for block in source if isinstance(block, Line)]
        unruled = locate_all(resource, rows_of_lines(lines, method_of(reader).without_rules or reader), forms)
        if unruled.score > ruled.score:
            located[resource] = unruled
            taken.update(id(lines[i]) for i in unruled.used if "。" not in lines[i].text)
            places = [i for i, block in enumerate(source) if id(block) in taken]
            crossed = crossed or any(
                isinstance(b, Grid) for b in source[min(places, default=0) : max(places, default=0)]
            )
    return Tables(located, frozenset(taken), crossed)


def _grids(blocks: Sequence[Line | Grid]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]
