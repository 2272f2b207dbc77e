"""A table of the official form -> the cells that a page draws, with their spans.

In: a ``FormTable`` for each edition and the rows that a report has. Out: blocks of header cells, label cells and the
address of each figure, in the order and with the groups in which the form prints them. Pure: no figure is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.form import Block, Form, FormColumn, FormRow
from gongkai.model import Key, Table


@dataclass(frozen=True, slots=True)
class LabelCell:
    """A header or label cell. ``depth`` is the first of the header rows or label columns that it takes up, from 0."""

    text: str
    column_span: int
    row_span: int
    depth: int
    is_group: bool
    """It stands over several columns, or before several rows."""


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """``id`` is the package's row, empty where the columns say it (the channels of reviews_litigation)."""

    id: str
    labels: tuple[LabelCell, ...]
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class LayoutBlock:
    """``title`` is the row that announces the block; ``label_columns`` the columns that hold labels, 0 if none do."""

    title: str
    stub: str
    label_columns: int
    header: tuple[tuple[LabelCell, ...], ...]
    rows: tuple[LayoutRow, ...]
    columns: tuple[FormColumn, ...]


def lay_out(table: Table, forms: Sequence[Form]) -> tuple[LayoutBlock, ...]:
    """The blocks of a table as they were printed.

    Each block is taken from the form whose figures the report has there, so that a table which mixes the editions is
    laid out as it was printed. Blocks come in the order of the first form that has them.
    """
    present = {Key(table.resource, row.id, column) for row in table.rows for column in row.columns}
    editions: dict[str, list[Block]] = {}
    for form in forms:
        for block in form.table(table.resource).blocks:
            editions.setdefault(block.title, []).append(block)
    blocks = []
    for candidates in editions.values():
        best = max(candidates, key=lambda block: _fit(table.resource, block, present))
        rows = [row for row in best.rows if present.intersection(best.keys(table.resource, row))]
        if rows:
            blocks.append(_block(table.resource, best, rows))
    return tuple(blocks)


def _fit(resource: str, block: Block, present: set[Key]) -> tuple[int, int]:
    """How many of the block's figures the report has, and then how few it lacks."""
    keys = {key for row in block.rows for key in block.keys(resource, row)}
    return len(keys & present), -len(keys - present)


def _block(resource: str, block: Block, rows: Sequence[FormRow]) -> LayoutBlock:
    columns = spans([(*column.under, column.label) for column in block.columns])
    has_labels = any(row.label for row in rows)
    labels = spans([(*row.under, row.label) for row in rows]) if has_labels else [[]] * len(rows)
    return LayoutBlock(
        title=block.title,
        stub=block.stub,
        label_columns=max(len(row.under) for row in rows) + 1 if has_labels else 0,
        header=tuple(
            tuple(
                LabelCell(span.text, span.leaves, span.levels, span.depth, span.is_group)
                for begun in columns
                for span in begun
                if span.depth == depth
            )
            for depth in range(max(len(column.under) for column in block.columns) + 1)
        ),
        rows=tuple(
            LayoutRow(
                row.id,
                tuple(LabelCell(span.text, span.levels, span.leaves, span.depth, span.is_group) for span in begun),
                block.keys(resource, row),
            )
            for row, begun in zip(rows, labels, strict=True)
        ),
        columns=block.columns,
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A label in a tree of labels: it stands for so many leaves, and takes up so many levels from ``depth`` on."""

    text: str
    leaves: int
    levels: int
    depth: int
    is_group: bool


def spans(paths: Sequence[Sequence[str]]) -> list[list[Span]]:
    """Paths of labels, outermost first -> for each leaf the cells that begin at it, outermost first.

    Neighbours under one group share its cell; leaves never merge. The longest path sets the number of levels; a group
    takes up the levels that none of its leaves needs, and a leaf those that are left.
    """
    begun: list[list[Span]] = [[] for _ in paths]
    _draw(paths, 0, 0, max(map(len, paths)), begun)
    return begun


def _draw(paths: Sequence[Sequence[str]], start: int, depth: int, levels: int, begun: list[list[Span]]) -> None:
    """Draw the tree of ``paths``, whose first leaf is leaf ``start``, into ``levels`` levels from ``depth`` on."""
    index = 0
    while index < len(paths):
        label, is_group = paths[index][0], len(paths[index]) > 1
        end = index + 1
        while is_group and end < len(paths) and len(paths[end]) > 1 and paths[end][0] == label:
            end += 1
        inner = [path[1:] for path in paths[index:end]]
        below = max(map(len, inner))
        begun[start + index].append(Span(label, end - index, levels - below, depth, is_group))
        if is_group:
            _draw(inner, start + index, depth + levels - below, below, begun)
        index = end
