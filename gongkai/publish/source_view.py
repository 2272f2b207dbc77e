"""A report's view and the pictures of its pages -> where each figure is printed.

In: a ``ReportView`` and the pictures that there are. Out: for each page with a picture, the box of every figure on it;
for all other figures the official table again, with the characters as they were read. So every figure has its place on
the source page, under the id that it has on the report's page. A box is never moved and no character is mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.model import RESOURCES, Box
from gongkai.publish.report_view import CellView, ReportView, TableView, labels_of
from gongkai.publish.source_images import PageImage

_MARGIN = 2.0
"""Points around a figure's characters, so that its box doesn't touch them."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure on the picture of its page; the box in points from the page's top left."""

    cell: CellView
    row_label: str
    column_label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SourcePage:
    image: PageImage
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """``pages`` have a picture; ``tables`` are those with figures on no picture, whose ids are ``listed``."""

    pages: tuple[SourcePage, ...]
    tables: tuple[TableView, ...]
    listed: frozenset[str]


def source_view(view: ReportView, images: Mapping[int, PageImage]) -> SourceView:
    """The places of the report's figures; ``images`` are the pictures by page."""
    labels = labels_of(view.report)
    spots: dict[int, list[Spot]] = {number: [] for number in sorted(images)}
    listed = set()
    for resource in RESOURCES:
        for key, cell in view.tables[resource].cells.items():
            box = cell.figure.box if cell.figure else None
            if box and box.page in spots:
                row_label, column_label = (labels.get((resource, name), "") for name in (key.row, key.column))
                spots[box.page].append(Spot(cell, row_label, column_label, *_around(box)))
            elif cell.figure:
                listed.add(cell.id)
    tables = (view.tables[resource] for resource in RESOURCES)
    return SourceView(
        pages=tuple(SourcePage(images[number], tuple(of_page)) for number, of_page in spots.items() if of_page),
        tables=tuple(table for table in tables if any(cell.id in listed for cell in table.cells.values())),
        listed=frozenset(listed),
    )


def _around(box: Box) -> tuple[float, float, float, float]:
    """(x, y, width, height) of the box with a margin."""
    return (
        box.x0 - _MARGIN,
        box.top - _MARGIN,
        box.x1 - box.x0 + 2 * _MARGIN,
        box.bottom - box.top + 2 * _MARGIN,
    )
