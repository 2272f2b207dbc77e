"""A table that a report prints more than once -> one table, in which only stands what all of its prints say.

In: the printed rows and the forms. Out: a ``Located`` table, as ``locate`` yields it. A draft beside the final version,
a copy in an attachment and the table of a part of the agency look alike, so that nobody but a person can say which of
two different figures is the report's.
What never happens: one of them is taken in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.characters import fold
from gongkai.extract.tables.locate import TRUSTED, Located, Spot, locate
from gongkai.extract.tables.rows import PrintedRow
from gongkai.extract.tables.template import Sought, sought
from gongkai.figures import is_blank, read_figure
from gongkai.form import Edition, Form
from gongkai.model import Finding, Key

NOWHERE = "nothing"
"""What a print says of a figure whose row or column it lacks."""


def locate_all(resource: str, printed: Sequence[PrintedRow], forms: Sequence[Form]) -> Located:
    """Find the table ``resource`` among printed rows, in all of its prints."""
    starts = _starts(printed, sought(resource, tuple(forms)))
    if len(starts) > 1:
        prints = [
            _moved(locate(resource, printed[start:end], forms), start)
            for start, end in zip([0, *starts[1:]], [*starts[1:], len(printed)], strict=True)
        ]
        filled = [
            found for found in prints if found.score >= TRUSTED and any(map(_says_something, found.spots.values()))
        ]
        if len(filled) > 1:
            return _agreed(max(filled, key=lambda found: found.score), filled)
    return locate(resource, printed, forms)


def _starts(printed: Sequence[PrintedRow], wanted: Sought) -> list[int]:
    """Where the prints of a table begin, if most of its labels that are printed are so several times.

    Rows tell, or, where they have no labels, the header.
    """
    known = wanted.rows or wanted.spelled.keys()
    places: dict[str, list[int]] = {}
    for i, row in enumerate(printed):
        for said in known & {*row.said[-1:], "".join(row.said)}:
            places.setdefault(said, []).append(i)
    repeated = [where for where in places.values() if len(where) > 1]
    if 2 * len(repeated) <= len(places):
        return []
    return [_with_header(printed, i) for i in min(repeated)]


def _with_header(printed: Sequence[PrintedRow], row: int) -> int:
    """Where the rows begin that stand above a row and have no figures."""
    while row and not printed[row - 1].has_figures:
        row -= 1
    return row


def _moved(found: Located, by: int) -> Located:
    found.used = {i + by for i in found.used}
    return found


def _says_something(spot: Spot) -> bool:
    return not is_blank(spot.slot.text)


def _agreed(best: Located, prints: Sequence[Located]) -> Located:
    """The best of the prints, without the figures that another one has otherwise or not at all; these are named.

    Prints of different editions of the form have no figure in common.
    """
    mixed = any(len({edition for edition in editions if edition}) > 1 for editions in _editions(prints))
    spots = dict(best.spots)
    findings = list(best.findings)
    for key in dict.fromkeys(key for found in (best, *prints) for key in found.spots):
        printed = [found.spots.get(key) for found in prints]
        if mixed or len({_value(spot) for spot in printed}) > 1:
            spots.pop(key, None)
            findings.append(_differ(key, printed))
    used = set().union(*(found.used for found in prints))
    return replace(best, spots=spots, findings=findings, used=used)


def _editions(prints: Sequence[Located]) -> Iterator[list[Edition | None]]:
    """For each block the editions that the prints follow."""
    for title in dict.fromkeys(title for found in prints for title in found.editions):
        yield [found.editions.get(title) for found in prints]


def _value(spot: Spot | None) -> object:
    """What a figure says; of one that cannot be read, its characters."""
    if spot is None:
        return NOWHERE
    value = read_figure(spot.slot.text, signed=True, decimal=True).value
    return fold(spot.slot.text) if value is None and _says_something(spot) else value


def _differ(key: Key, printed: Sequence[Spot | None]) -> Finding:
    texts = [NOWHERE if spot is None else spot.slot.text for spot in printed]
    one, two = texts[0], next((text for text in texts if text != texts[0]), texts[0])
    message = f"left empty: the table is printed more than once, and says {one!r} here, {two!r} there"
    return Finding(check="reading", severity="error", at=key, expected=one, actual=two, message=message)
