"""Two pages side by side on one sheet -> two pages.

In: pages as they stand in the file. Out: the same, with each sheet that is two pages as two, left before right. A sheet
is two pages where nothing but its foot and head crosses the middle, and prose or tables stand on both sides.
What never happens: a table is cut in two: its rules cross the middle, and without rules its right half is figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.read.page import Char, Page, Rule


@dataclass(frozen=True, slots=True)
class TwoUpSettings:
    """When a sheet is two pages."""

    broad_times: float = 1.1
    """A sheet of two pages is broader than high, by this factor at least."""
    middle_share: float = 0.06
    """How far aside of the sheet's middle the gutter may be, as a part of its width."""
    gutter_pt: float = 18.0
    """Its least width, in points: two margins."""
    edge_share: float = 0.08
    """What stands in this part of the sheet, at its head or foot, may be the sheet's and not a page's."""
    prose_chars: int = 60
    """A page has at least so many Chinese characters, more of them than digits, and a sentence, as no header has."""
    table_rules: int = 4
    """Or so many rules across."""


SETTINGS = TwoUpSettings()


def is_broad(page: Page) -> bool:
    """Whether a sheet is so broad that it may be two pages."""
    return page.width > SETTINGS.broad_times * page.height


def split_sheets(pages: Sequence[Page]) -> list[Page]:
    """The pages, each sheet of two pages as two. What the last sheet has on its right may be as little as it likes."""
    gutters = {page.number: gutter(page) for page in pages if is_broad(page) and page.chars}
    two_up = {page.number for page in pages if (x := gutters.get(page.number)) and is_two(page, x)}
    if two_up and None not in gutters.values():
        two_up = set(gutters)
    singles = []
    for page in pages:
        singles += split_sheet(page, x) if page.number in two_up and (x := gutters[page.number]) else [page]
    return singles


def gutter(page: Page) -> float | None:
    """Where the two pages of a sheet meet, if nothing crosses there."""
    low, high = (0.5 - SETTINGS.middle_share) * page.width, (0.5 + SETTINGS.middle_share) * page.width
    end, best = low - SETTINGS.gutter_pt, (0.0, 0.0)
    for start, stop in sorted(_taken(page, low - SETTINGS.gutter_pt, high + SETTINGS.gutter_pt)):
        best = max(best, (start - end, (start + end) / 2))
        end = max(end, stop)
    width, middle = max(best, (high + SETTINGS.gutter_pt - end, (high + SETTINGS.gutter_pt + end) / 2))
    return middle if width >= SETTINGS.gutter_pt and low <= middle <= high else None


def _taken(page: Page, low: float, high: float) -> Iterator[tuple[float, float]]:
    """The intervals across the sheet, of those that reach between ``low`` and ``high``, in which something stands."""
    top, bottom = SETTINGS.edge_share * page.height, (1 - SETTINGS.edge_share) * page.height
    for char in page.chars:
        if char.x1 > low and char.x0 < high and char.bottom > top and char.top < bottom and not char.text.isspace():
            yield char.x0, char.x1
    for rule in page.horizontals:
        if rule.end > low and rule.start < high and top < rule.at < bottom:
            yield rule.start, rule.end


def is_two(page: Page, x: float) -> bool:
    """Whether prose or tables stand on both sides."""
    return all(
        _is_prose(char.text for char in half.chars)
        or len({round(rule.at) for rule in half.horizontals}) >= SETTINGS.table_rules
        for half in split_sheet(page, x)
    )


def _is_prose(texts: Iterable[str]) -> bool:
    text = "".join(texts)
    chinese = sum("一" <= c <= "鿿" for c in text)
    return "。" in text and chinese >= SETTINGS.prose_chars and chinese > sum(c.isdigit() for c in text)


def split_sheet(page: Page, x: float) -> list[Page]:
    """The two pages that meet at ``x``."""
    return [
        replace(
            page,
            width=right - left,
            left=left,
            sheet=page.width,
            chars=[_moved(c, left) for c in page.chars if left <= (c.x0 + c.x1) / 2 < right],
            horizontals=[
                Rule(r.at, r.start - left, r.end - left)
                for r in page.horizontals
                if left <= (r.start + r.end) / 2 < right
            ],
            verticals=[Rule(r.at - left, r.start, r.end) for r in page.verticals if left <= r.at < right],
        )
        for left, right in ((0.0, x), (x, page.width))
    ]


def _moved(char: Char, left: float) -> Char:
    return char._replace(x0=char.x0 - left, x1=char.x1 - left)
