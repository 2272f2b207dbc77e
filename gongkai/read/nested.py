"""Rows that are set as tables of their own within a cell -> cells of the table around them.

In: the cells of a table, and the one-row tables that stand in some of them. Out: the cells as they are seen. A nested
row takes the columns of its cell if it has as many, or parts the one column that its cell takes.
What never happens: two rows of one column are parted differently; then its nested rows stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gongkai.model import Cell, Grid


def unnested(cells: Sequence[Cell], nested: Mapping[int, Grid], columns: int) -> tuple[list[tuple[int, Cell]], int]:
    """The cells, each with the place in ``cells`` that it comes from, and the number of columns.

    ``nested``: by place in ``cells``, the table of one row that the cell holds and nothing else.
    """
    parts = [{1} for _ in range(columns)]
    for index, grid in nested.items():
        if cells[index].column_span == 1:
            parts[cells[index].column].add(grid.columns)
    widths = [max(counts) if len(counts - {1}) <= 1 else 1 for counts in parts]
    starts = [sum(widths[:column]) for column in range(columns + 1)]
    placed = []
    for index, cell in enumerate(cells):
        start, end = starts[cell.column], starts[cell.column + cell.column_span]
        inner = nested.get(index)
        if inner is not None and inner.columns == end - start:
            placed += [
                (
                    index,
                    part._replace(row=cell.row, column=start + part.column, row_span=cell.row_span),
                )
                for part in inner.cells
            ]
        else:
            placed.append((index, cell._replace(column=start, column_span=end - start)))
    return placed, starts[-1]
