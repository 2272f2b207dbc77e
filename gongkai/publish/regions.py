"""The divisions that have agencies -> the tree of region pages.

In: division codes with their numbers of agencies and reports, and a way to ask a code's name. Out: a ``Region`` for
each of them and for every city and province above it. A code without a known name stands under its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

CENTRAL = "000000"
NameOf = Callable[[str], str | None]

PSEUDO = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Names that the code list gives to codes which stand for no place, only for a gap between a province and a county."""


@dataclass(frozen=True, slots=True)
class Region:
    """A division; ``parents`` and ``children`` are codes, the outermost and the lowest first.

    ``agencies`` and ``reports`` are its own, ``agencies_below`` and ``reports_below`` those of the divisions below it.
    """

    code: str
    name: str
    level: Literal["central", "province", "city", "county"]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    agencies: int
    reports: int
    agencies_below: int
    reports_below: int


def region_tree(counts: Mapping[str, tuple[int, int]], name_of: NameOf) -> dict[str, Region]:
    """Code -> Region, by code. ``counts`` are the agencies and reports of each division that has any."""
    parents = {code: _parents(code, name_of) for code in counts}
    for above in list(parents.values()):
        for depth, code in enumerate(above):
            parents.setdefault(code, above[:depth])
    children: dict[str, list[str]] = {code: [] for code in parents}
    below: dict[str, tuple[int, int]] = dict.fromkeys(parents, (0, 0))
    for code in sorted(parents):
        for parent in parents[code]:
            below[parent] = _add(below[parent], counts.get(code, (0, 0)))
        for nearest in parents[code][-1:]:
            children[nearest].append(code)
    return {
        code: _region(code, name_of, parents[code], children[code], counts, below[code]) for code in sorted(parents)
    }


def _region(
    code: str,
    name_of: NameOf,
    parents: tuple[str, ...],
    children: list[str],
    counts: Mapping[str, tuple[int, int]],
    below: tuple[int, int],
) -> Region:
    agencies, reports = counts.get(code, (0, 0))
    return Region(code, name_of(code) or code, _level(code), parents, tuple(children), agencies, reports, *below)


def _add(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    return left[0] + right[0], left[1] + right[1]


def _level(code: str) -> Literal["central", "province", "city", "county"]:
    if code == CENTRAL:
        return "central"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _parents(code: str, name_of: NameOf) -> tuple[str, ...]:
    """The province and the city above a code, as far as they are places with names."""
    above = [] if code == CENTRAL else [f"{code[:2]}0000", f"{code[:4]}00"]
    names = {parent: name_of(parent) for parent in above if parent != code}
    return tuple(parent for parent, name in names.items() if name and name not in PSEUDO)
