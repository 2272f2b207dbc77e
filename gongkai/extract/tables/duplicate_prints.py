"""A table that a report prints more than once -> one table, in which only stands what all of its prints say.

In: the printed rows and the forms. Out: a ``LocatedTable``, as ``locate`` yields it. A draft beside the final version,
a copy in an attachment and the table of a part of the agency look alike, so that nobody but a person can say which of
two different figures is the report's.
What never happens: one of them is taken in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.characters import fold
from gongkai.extract.tables.locate import FigureSource, LocatedTable, locate
from gongkai.extract.tables.rows import PrintedRow
from gongkai.extract.tables.settings import TABLES
from gongkai.extract.tables.template import TableTemplate, table_template
from gongkai.figures import is_blank, read_figure
from gongkai.form import Edition, Form
from gongkai.model import Finding, Key

NOWHERE = "nothing"
"""What a print says of a figure whose row or column it lacks."""


def locate_all(resource: str, printed: Sequence[PrintedRow], forms: Sequence[Form]) -> LocatedTable:
    """Find the table ``resource`` among printed rows, in all of its prints."""
    starts = _print_starts(printed, table_template(resource, tuple(forms)))
    if len(starts) > 1:
        prints = [
            _moved(locate(resource, printed[start:end], forms), start)
            for start, end in zip([0, *starts[1:]], [*starts[1:], len(printed)], strict=True)
        ]
        filled = [each for each in prints if each.is_trusted and any(map(_says_something, each.sources.values()))]
        if len(filled) > 1:
            return _in_common(max(filled, key=lambda table: table.score), filled)
    return locate(resource, printed, forms)


def _print_starts(printed: Sequence[PrintedRow], template: TableTemplate) -> list[int]:
    """Where the prints of a table begin, if most of its labels that are printed are so several times.

    Rows tell, or, where they have no labels, the header.
    """
    known = template.rows or template.spelled.keys()
    places: dict[str, list[int]] = {}
    for i, row in enumerate(printed):
        for label in known & {*row.said[-1:], "".join(row.said)}:
            places.setdefault(label, []).append(i)
    repeated = [where for where in places.values() if len(where) > 1]
    if len(repeated) <= TABLES.repeated_share * len(places):
        return []
    return [_with_header(printed, i) for i in min(repeated)]


def _with_header(printed: Sequence[PrintedRow], row: int) -> int:
    """Where the rows begin that stand above a row and have no figures."""
    while row and not printed[row - 1].has_figures:
        row -= 1
    return row


def _moved(table: LocatedTable, by: int) -> LocatedTable:
    return replace(table, used=frozenset(i + by for i in table.used))


def _says_something(source: FigureSource) -> bool:
    return not is_blank(source.cell.text)


def _in_common(best: LocatedTable, prints: Sequence[LocatedTable]) -> LocatedTable:
    """The best of the prints, without the figures that another one has otherwise or not at all; these are named.

    Prints of different editions of the form have no figure in common.
    """
    mixed = any(len({edition for edition in editions if edition}) > 1 for editions in _editions(prints))
    sources = dict(best.sources)
    findings = list(best.findings)
    for key in dict.fromkeys(key for table in (best, *prints) for key in table.sources):
        printed = [table.sources.get(key) for table in prints]
        if mixed or len({_value(source) for source in printed}) > 1:
            sources.pop(key, None)
            findings.append(_differ(key, printed))
    used = frozenset[int]().union(*(table.used for table in prints))
    return replace(best, sources=sources, findings=tuple(findings), used=used)


def _editions(prints: Sequence[LocatedTable]) -> Iterator[list[Edition | None]]:
    """For each block the editions that the prints follow."""
    for title in dict.fromkeys(title for table in prints for title in table.editions):
        yield [table.editions.get(title) for table in prints]


def _value(source: FigureSource | None) -> object:
    """What a figure says; of one that cannot be read, its characters."""
    if source is None:
        return NOWHERE
    value = read_figure(source.cell.text, signed=True, decimal=True).value
    return fold(source.cell.text) if value is None and _says_something(source) else value


def _differ(key: Key, printed: Sequence[FigureSource | None]) -> Finding:
    texts = [NOWHERE if source is None else source.cell.text for source in printed]
    first, other = texts[0], next((text for text in texts if text != texts[0]), texts[0])
    message = f"left empty: the table is printed more than once, and says {first!r} here, {other!r} there"
    return Finding(check="reading", severity="error", at=key, expected=first, actual=other, message=message)
