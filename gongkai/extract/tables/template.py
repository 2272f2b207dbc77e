"""The form's tables as what to look for in a report: titles, headers and rows of both editions, in one order.

In: the forms. Out: the blocks of a table with the rows of all editions together, and the elements that printed rows are
aligned with. Nothing here looks at a report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gongkai.extract.tables.alignment import Label
from gongkai.form import Block, Edition, Form, FormRow, FormTable


@dataclass(frozen=True, slots=True)
class TemplateElement:
    """One thing to find in the sequence of printed rows: a block's title, its header, or a row."""

    block: int
    kind: str
    label: Label
    row: FormRow | None = None
    optional: bool = False
    columns: int = 0
    """The fewest columns that a row's block has in any edition."""


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """A block in all its editions, with the rows of all of them in order."""

    title: str
    editions: Mapping[Edition, Block]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class TableTemplate:
    """What to look for of a table: its blocks, and their elements in order.

    ``spelled`` are the elements, by their number, that have a spelling; ``rows`` are the spellings of rows.
    """

    blocks: tuple[TemplateBlock, ...]
    elements: tuple[TemplateElement, ...]
    spelled: Mapping[str, Collection[int]]
    rows: frozenset[str]


def merged_blocks(tables: Sequence[tuple[Edition, FormTable]]) -> list[TemplateBlock]:
    """The blocks of all editions, those of one title together."""
    titles: dict[str, dict[Edition, Block]] = {}
    for edition, table in tables:
        for block in table.blocks:
            titles.setdefault(block.title, {})[edition] = block
    return [
        TemplateBlock(title, editions, _union([b.rows for b in editions.values()]))
        for title, editions in titles.items()
    ]


def _union(lists: Sequence[Sequence[FormRow]]) -> tuple[FormRow, ...]:
    """The rows of all editions, in an order that keeps each edition's; a row's spellings are those of all."""
    union: list[FormRow] = []
    for rows in lists:
        at = 0
        for row in rows:
            same = next((i for i, other in enumerate(union) if other.id == row.id), None)
            if same is None:
                union.insert(at, row)
                at += 1
            else:
                known = dict.fromkeys((*union[same].known, row.label, *row.known))
                instead_of = union[same].instead_of or row.instead_of
                union[same] = union[same]._replace(known=tuple(known), instead_of=instead_of)
                at = same + 1
    return tuple(union)


def elements_of(blocks: Sequence[TemplateBlock]) -> list[TemplateElement]:
    elements = []
    editions = max(len(block.editions) for block in blocks)
    for number, block in enumerate(blocks):
        if block.title:
            elements.append(TemplateElement(number, "title", Label.of(block.title)))
        headers = []
        for edition in block.editions.values():
            leaves = "".join(column.label for column in edition.columns)
            headers += [leaves, edition.stub + leaves]
        elements.append(TemplateElement(number, "header", Label.of(headers[0], headers[1:])))
        everywhere = set.intersection(*({row.id for row in b.rows} for b in block.editions.values()))
        everywhere -= {id for row in block.rows if row.instead_of for id in (row.id, *row.instead_of)}
        everywhere = everywhere if len(block.editions) == editions else set()
        columns = min(len(edition.columns) for edition in block.editions.values())
        for row in block.rows:
            label = Label.of(row.label, row.known, row.under)
            elements.append(TemplateElement(number, "row", label, row, row.id not in everywhere, columns))
    return elements


@cache
def table_template(resource: str, forms: tuple[Form, ...]) -> TableTemplate:
    """What to look for of a table."""
    blocks = merged_blocks([(form.edition, form.table(resource)) for form in forms])
    elements = elements_of(blocks)
    spelled: dict[str, set[int]] = defaultdict(set)
    for number, element in enumerate(elements):
        for spelling in filter(None, element.label.spellings):
            spelled[spelling].add(number)
    rows = frozenset(text for text, numbers in spelled.items() if any(elements[number].row for number in numbers))
    return TableTemplate(tuple(blocks), tuple(elements), dict(spelled), rows)


@cache
def labels_of_others(resource: str, forms: tuple[Form, ...]) -> frozenset[str]:
    """The labels, folded, that rows of the other tables have and none of this one."""
    own: set[str] = set()
    others: set[str] = set()
    for form in forms:
        for table in form.tables:
            for element in elements_of(merged_blocks([(form.edition, table)])):
                (own if table.resource == resource else others).update(element.label.spellings)
    return frozenset(others - own)
