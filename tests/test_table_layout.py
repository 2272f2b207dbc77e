"""An official table is laid out as it was printed, with its spans, its groups and its blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.form import EDITIONS, Edition, load_forms
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS
from gongkai.publish.table_layout import lay_out, spans
from tests.builders import make_report


def test_the_requests_table_has_the_spans_of_the_printed_form() -> None:
    (block,) = lay_out(make_report().table(REQUESTS), load_forms())
    assert [[(cell.text, cell.column_span, cell.row_span) for cell in cells] for cells in block.header][:2] == [
        [("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
    ]
    labels = {row.id: [(cell.text, cell.column_span, cell.row_span) for cell in row.labels] for row in block.rows}
    assert labels["new_received"] == [("一、本年新收政府信息公开申请数量", 3, 1)]
    assert labels["granted"] == [("三、本年度办理结果", 1, 22), ("（一）予以公开", 2, 1)]
    assert labels["denied_state_secret"] == [("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)]


@pytest.mark.parametrize("resource", [REQUESTS, PROACTIVE, REVIEWS])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_row_of_a_laid_out_table_is_as_wide_as_every_other(resource: str, edition: Edition) -> None:
    for block in lay_out(make_report(edition).table(resource), load_forms()):
        width = block.label_columns + len(block.columns)
        taken = [0] * len(block.rows)
        for index, row in enumerate(block.rows):
            for cell in row.labels:
                for line in range(index, index + cell.row_span):
                    taken[line] += cell.column_span
            taken[index] += len(row.keys)
        assert taken == [width] * len(block.rows)
        assert sum(cell.column_span * cell.row_span for cells in block.header for cell in cells) == len(
            block.columns
        ) * len(block.header)


def test_a_group_takes_up_the_levels_that_none_of_its_leaves_needs() -> None:
    begun = spans([("a", "x"), ("b", "c", "x"), ("b", "c", "x"), ("y",)])
    assert [[(span.text, span.leaves, span.levels, span.depth) for span in cells] for cells in begun] == [
        [("a", 1, 2, 0), ("x", 1, 1, 2)],
        [("b", 2, 1, 0), ("c", 2, 1, 1), ("x", 1, 1, 2)],
        [("x", 1, 1, 2)],
        [("y", 1, 3, 0)],
    ]


def test_a_table_that_mixes_the_forms_is_laid_out_block_by_block_as_printed() -> None:
    new, old = make_report("2021").table(PROACTIVE), make_report("2019").table(PROACTIVE)
    rows = [row for row in new.rows if row.id[0] in "168"] + [row for row in old.rows if row.id[0] in "59"]
    blocks = lay_out(replace(new, form="mixed", rows=tuple(rows)), load_forms())
    assert [(block.title, [column.id for column in block.columns]) for block in blocks] == [
        ("第二十条第（一）项", ["issued", "repealed", "in_force"]),
        ("第二十条第（五）项", ["prior_year_items", "change", "decisions"]),
        ("第二十条第（六）项", ["decisions"]),
        ("第二十条第（八）项", ["amount"]),
        ("第二十条第（九）项", ["projects", "amount"]),
    ]
