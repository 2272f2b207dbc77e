"""Tables for tests of reading: written as lists of texts, or drawn from the official forms.

In: the texts of cells, or a form's table and what stands in it. Out: a ``Grid`` or ``Line``s as a reader hands them on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gongkai.form import Block, Edition, FormRow, load_form
from gongkai.model import Box, Cell, Grid, Key, Line, Word

LEFT, UP = "<", "^"
"""In a table of texts: this square belongs to the cell on its left, or above it."""
HEIGHT = 20.0
"""Of a row, in points."""


def grid(rows: Sequence[Sequence[str]], edges: Sequence[float] = (), page: int = 1) -> Grid:
    """A grid of those texts. With ``edges`` the grid has borders on a page, and its cells have boxes."""
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            width = 1 + _count(row[c + 1 :], LEFT)
            height = 1 + _count([below[c] for below in rows[r + 1 :]], UP)
            box = Box(page, edges[c], HEIGHT * r, edges[c + width], HEIGHT * (r + height)) if edges else None
            cells.append(Cell(r, c, height, width, text, box))
    return Grid(tuple(cells), len(rows), len(rows[0]), "pdf-lines", tuple(edges), page)


def _count(texts: Sequence[str], mark: str) -> int:
    return next((i for i, text in enumerate(texts) if text != mark), len(texts))


def line(text: str, page: int = 0, width: float = 10.0, top: float | None = None, **says: bool) -> Line:
    """A line whose words stand where their characters do, ``width`` points each; with ``top`` it has boxes.

    With a ``width`` of 0 only the order of words is known.
    """
    words = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        words.append(Word(word, place * width, (place + len(word)) * width))
        place += len(word)
    box = None if top is None else Box(page, words[0].x0, top, words[-1].x1, top + 12.0)
    return Line(" ".join(text.split()), tuple(words), box, page, **says)


def block_rows(
    resource: str, block: Block, printed: Callable[[Key], str], rows: Sequence[FormRow] | None = None
) -> list[list[str]]:
    """The rows of a block as the form prints them; ``printed`` says what stands in a figure's place."""
    wanted = [row for row in block.rows if not row.instead_of] if rows is None else rows
    labels = max((len(row.under) + 1 if row.label else 0 for row in wanted), default=0)
    width = labels + len(block.columns)
    table = [[block.title, *[LEFT] * (width - 1)]] if block.title else []
    depth = max(len(column.under) for column in block.columns) + 1
    paths = [[*column.under, column.label] for column in block.columns]
    for level in range(depth):
        head = [block.stub if level == 0 else UP, *[LEFT if level == 0 else UP] * (labels - 1)] if labels else []
        for i, path in enumerate(paths):
            own = path[: level + 1]
            if level >= len(path):
                head.append(UP)
            elif level < len(path) - 1 and i and paths[i - 1][: level + 1] == own:
                head.append(LEFT)
            else:
                head.append(path[level])
        table.append(head)
    before: tuple[str, ...] = ()
    for row in wanted:
        cells = []
        if labels:
            cells = [UP if row.under[: i + 1] == before[: i + 1] else row.under[i] for i in range(len(row.under))]
            cells += [row.label, *[LEFT] * (labels - len(row.under) - 1)]
        before = row.under
        table.append(cells + [printed(block.key(resource, row, column)) for column in block.columns])
    return table


def table_grid(
    edition: Edition, resource: str, printed: Callable[[Key], str] | Mapping[Key, str], *, edged: bool = True
) -> Grid:
    """A table of the official form, its blocks below each other."""
    say = printed if callable(printed) else lambda key: printed.get(key, "0")
    rows: list[list[str]] = []
    blocks = load_form(edition).table(resource).blocks
    drawn = [block_rows(resource, block, say) for block in blocks]
    width = max(len(block[0]) for block in drawn)
    for block in drawn:
        # A narrower block's labels take up the columns that it does not need.
        extra = width - len(block[0])
        rows += [[row[0], *[LEFT if row[0] != UP else UP] * extra, *row[1:]] for row in block]
    return grid(rows, edges_of(width) if edged else ())


def edges_of(columns: int, first: float = 60.0, width: float = 40.0) -> list[float]:
    """The borders of equally wide columns."""
    return [first + width * i for i in range(columns + 1)]
