"""What a report prints about its publisher -> the Agency.

In: the clues, the registry and the gazetteer, and what a person states. Out: one ``Agency``, or ``Undetermined`` with
a line that asks a person for it. Nothing is guessed: where the print allows two places, neither is chosen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from gongkai.errors import Undetermined
from gongkai.model import Agency, Level
from gongkai.names.bodies import in_full, is_short, readings
from gongkai.names.clues import (
    Clues,
    contact_lines,
    joint,
    names,
    names_around,
    names_of_file,
    printed_names,
    titled,
    what_we_are,
)
from gongkai.names.naming import Name, clean, is_subsequence, take_apart
from gongkai.names.places import Gazetteer, Place
from gongkai.names.registry import AGENCY_ID, Registry
from gongkai.names.romanize import pinyin, sort_key, syllables
from gongkai.names.words import load_words

__all__ = ["Clues", "identify", "pinyin", "sort_key"]

CENTRAL_CODE = "000000"
TEXT_LENGTH = 60_000
ASK = 'state its full name in origin.toml, agency = "…"'
LIST_IT = "or add it to agencies.csv with its division code"
REPUBLIC = "中华人民共和国"
STRONG = re.compile(r"(?:人民)?政府|委(?!托)|[^,。;:、\d]{0,12}?(?:局|厅|办公室|委员会|镇|乡|街道)")
ADDRESS = re.compile(r"(?:地址|地点|联系地址|通讯地址|办公地址)[:是为]?[^,。;]{0,12}$")
OWN_BODY = re.compile(
    r"[^,。;:、()\d]{0,24}?(?:局|委员会|委|厅|办公室|署|处|镇|乡|街道|街道办事处|海关|总队)(?![长员级道])"
)

OWN = frozenset({"我", "镇", "乡", "街道"})
"""Words by which a body refers to itself or to its township; they name nothing."""

PROSE = 2
"""Which of the tiers of clues is long prose, where places are also named in passing."""

Fits = Callable[[Place], bool]


def identify(clues: Clues, registry: Registry, gazetteer: Gazetteer, stated: str | None = None) -> Agency:
    """The agency that publishes the report.

    ``stated`` is what a person wrote in origin.toml, a name or an id of the registry: it overrides what was read, which
    then only helps to find its place. Raises ``Undetermined``.
    """
    printed = [clean(stated)] if stated else titled(clues.title)
    if stated and (known := registry.by_id(stated)):
        return known
    if not stated and (both := joint(clues.title, gazetteer)):
        raise Undetermined(f"two bodies report together, {both[0][:40]} and {both[1][:40]}: {ASK}")
    if not stated:
        _agree(list(printed_names(clues, gazetteer)), gazetteer)
    for words in printed:
        known = registry.find(words)
        if known and known.name == words:
            return known
    try:
        said = list(names(clues, gazetteer))
        around = list(names_around(clues, gazetteer))
        search = _Search(clues, said, around, registry, gazetteer)
        if stated:
            main = _from_a_person(stated, gazetteer)
        elif not said and (told := search.told_around(what_we_are(clues))):
            main = told
        else:
            only_we = bool(said) and all(name.marker == "我" for name in said)
            heard = said if only_we else [*said, *around]
            main = _likeliest(heard or list(names_of_file(clues.file, gazetteer)))
        return search.agency(main)
    except Undetermined:
        for words in printed:  # an alias may be a short name that several have: it only decides where nothing else does
            if known := registry.find(words):
                return known
        raise


def _from_a_person(stated: str, gazetteer: Gazetteer) -> Name:
    name = take_apart(clean(stated), gazetteer)
    if not name.is_a_body:
        raise Undetermined(f"origin.toml states {stated[:40]!r} as the agency, which is no body's name: {ASK}")
    return name


def _likeliest(heard: list[Name]) -> Name:
    for name in (*(name for name in heard if name.marker not in OWN), *heard):
        return name
    raise Undetermined(f"the agency is not printed where it could be read: {ASK}")


def _agree(printed: list[Name], gazetteer: Gazetteer) -> None:
    """Raises ``Undetermined`` where the first body is printed again with a place that has no part in its own."""
    for first in printed[:1]:
        for other in printed[1:]:
            if other.rest != first.rest or not first.places or len(other.places) != 1:
                continue
            there = other.places[0]
            if all(there != here and not _is_inside(there, here) for here in first.places):
                both = {gazetteer.official_name(place) for place in (*first.places, there)}
                raise Undetermined(f"{_label(first)} is printed as {' or '.join(sorted(both))}: {ASK}")


def _is_inside(one: Place, other: Place) -> bool:
    return one.code in other.parents or other.code in one.parents


class _Search:
    """One report's search for the place that its publisher is named for."""

    def __init__(
        self, clues: Clues, said: list[Name], around: list[Name], registry: Registry, gazetteer: Gazetteer
    ) -> None:
        self._heard, self._around = [*said, *around], around
        self._registry, self._gazetteer = registry, gazetteer
        self._contacts = [clean(line) for line in contact_lines(clues.text[:TEXT_LENGTH])]
        printed = "\n".join((clues.title, clues.introduction, clues.signature))
        self._sources = (printed, clues.metadata, clues.text, clues.file)

    @property
    def _tiers(self) -> Iterator[str]:
        """What may speak of the place, the strongest clues first; each is cleaned only when it is asked."""
        return (clean(source[:TEXT_LENGTH]) for source in self._sources)

    def agency(self, name: Name) -> Agency:
        if name.is_central:
            return self._known_or_new(name, None)
        if name.marker in OWN:
            name = self._own(name)
        name = self._in_full(self._if_named_for_its_district(name))
        if name.unknown:
            known = self._registry.find(_spelled(name, name.places, self._gazetteer))
            if known:
                return known
            raise Undetermined(f"{name.unknown} is no division{_of(name)} in the lists: {ASK}, {LIST_IT}")
        place = self._place(name)
        if name.township and self._gazetteer.has_counties(place) and name.rest.startswith(name.township):
            place = self._county_of_township(name, place)
        return self._known_or_new(self._written_out(name, place), place)

    def _own(self, name: Name) -> Name:
        """我局, 镇人民政府: the one body of that kind that is named anywhere."""
        ending = name.rest.removesuffix("人民政府") if name.marker == "我" else name.marker
        if ending in {"省", "市", "县", "区", "州", "盟", "旗"}:
            return replace(name, marker=ending, rest="人民政府", kind="government")
        if name.marker == "我" and (told := self.told_around(ending)):
            return told
        for text in self._tiers:
            found = {(other.rest, other.places): other for other in self._bodies(text) if _is_called(other, ending)}
            if len(found) == 1:
                return next(iter(found.values()))
            if found:
                break
        raise Undetermined(f"the report calls its publisher only {name.marker}{name.rest}: {ASK}")

    def told_around(self, ending: str) -> Name | None:
        """The one body of that kind of which the page around the report and its contact lines speak, the fullest name.

        Raises ``Undetermined`` where they speak of two.
        """
        contacts = (body for line in self._contacts for body in self._bodies(line))
        told = [name for name in (*self._around, *contacts) if _is_called(name, ending)]
        for name in told:
            for other in told:
                if not (_is_same_body(name, other) or _is_same_body(other, name)) or _stand_elsewhere(name, other):
                    both = " and ".join(sorted({_label(name), _label(other)}))
                    raise Undetermined(
                        f"the report calls its publisher only 我{ending}, and the page names {both}: {ASK}"
                    )
        return max(told, key=lambda name: (bool(name.places), len(name.rest)), default=None)

    def _bodies(self, text: str) -> Iterator[Name]:
        chain_start, chain_end = -1, -1
        mentions = list(self._gazetteer.mentions(text))
        for index, (start, end, _) in enumerate(mentions):
            chain_start = chain_start if start == chain_end else start
            chain_end = end
            if index + 1 < len(mentions) and mentions[index + 1][0] == end:
                continue
            if found := OWN_BODY.match(text, end):
                name = take_apart(text[chain_start : found.end()], self._gazetteer)
                if name.is_a_body and len(name.places) == 1:
                    yield name

    def _if_named_for_its_district(self, name: Name) -> Name:
        """The name, without a place where only a zone's own name looks like a district's (东湖高新区 of 武汉市)."""
        if not name.as_printed or not all(place.is_district for place in name.places) or self._choose([*name.places]):
            return name
        alone = replace(name, places=(), as_printed="", rest=name.as_printed + name.rest)
        return alone if alone.stands_alone else name

    def _in_full(self, name: Name) -> Name:
        """The name as another clue prints it more fully: with its place, what leads it, or written out (住建局)."""
        for other in self._heard:
            if not other.places or other.unknown or not _is_same_body(name, other):
                continue
            if name.places and not set(name.places).intersection(other.places):
                continue
            is_longer = name.kind == "zone" and len(other.as_printed) > len(name.as_printed) > 0
            if len(other.rest) > len(name.rest) or (other.lead and not name.lead) or is_longer:
                places = tuple(p for p in name.places if p in other.places) or name.places
                name = replace(other, places=places, marker=name.marker)
        return name

    def _written_out(self, name: Name, place: Place) -> Name:
        """The name with the body's short form written out: as the print has it elsewhere, else as it is known there."""
        if not is_short(name.rest, place):
            return name
        official = self._gazetteer.official_name(place)
        for text in self._tiers:
            printed = [full for full in readings(name.rest, None) if official + full in text]
            if len(printed) == 1:
                return replace(name, rest=printed[0])
        return replace(name, rest=in_full(name.rest, place))

    def _place(self, name: Name) -> Place:
        candidates = list(name.places)
        fits = _fits(name, self._gazetteer)
        same = [
            places[0]
            for other in self._heard
            if _is_same_body(name, other) and not other.unknown
            for places in [[p for p in other.places if (p in candidates if candidates else fits(p))]]
            if len(places) == 1
        ]
        if len(set(same)) == 1:
            return same[0]
        if len(set(same)) > 1:
            raise Undetermined(f"{_label(name)} is printed as {self._list(same)}: {ASK}")
        if len(candidates) == 1:
            return candidates[0]
        place = self._choose(candidates) if candidates else self._infer(fits)
        if place is None:
            if candidates:
                raise Undetermined(f"{_label(name)} may be {self._list(candidates)}: {ASK}")
            raise Undetermined(f"{_label(name)} is printed without its place: {ASK}, {LIST_IT}")
        return place

    def _county_of_township(self, name: Name, city: Place) -> Place:
        """A township is named with its county; where the print leaves the county out, the other clues must name it."""
        if _lies_in_a_zone(name):
            return city
        inside = [p for other in self._heard if other.rest == name.rest for p in other.places if city.code in p.parents]
        if len(set(inside)) == 1:
            return inside[0]
        place = self._infer(lambda p: p.level == "county" and city.code in p.parents)
        if place is None:
            raise Undetermined(f"{city.name}{name.rest} is printed without its county or district: {ASK}")
        return place

    def _choose(self, candidates: list[Place]) -> Place | None:
        """The one of several places of one name that the clues speak of: by itself, by its city, by its province."""
        left = candidates
        for tier, text in enumerate(self._tiers):
            spoken = self._spoken_of(text, is_prose=tier == PROSE)
            itself = [place for place in left if place in spoken]
            if len(itself) == 1:
                return itself[0]
            for depth in (0, 1):
                above = [
                    place
                    for place in left
                    for parent in self._gazetteer.parents(place)[depth : depth + 1]
                    if parent in spoken or (tier != PROSE and self._is_called(parent, text))
                ]
                if len(above) == 1:
                    return above[0]
                left = above or left
        return None

    def _is_called(self, place: Place, text: str) -> bool:
        return any(len(short) > 1 and short in text for short in self._gazetteer.short_names(place))

    def _infer(self, fits: Fits) -> Place | None:
        """The place that fits and of which alone the clues speak, the nearest clues first."""
        for tier, text in enumerate(self._tiers):
            found = {place for place in self._spoken_of(text, is_prose=tier == PROSE) if fits(place)}
            inner = [p for p in found if not any(p.code in other.parents for other in found)]
            if len(inner if tier != PROSE else found) == 1:
                return inner[0]
            if found:
                return None
        return None

    def _spoken_of(self, text: str, *, is_prose: bool) -> set[Place]:
        """The places that the text names beyond doubt; in long prose only where a body or an address follows."""
        sets = [
            places
            for start, end, places in self._gazetteer.mentions(text)
            if not is_prose or STRONG.match(text, end) or ADDRESS.search(text[max(0, start - 24) : start])
        ]
        sure = {places[0] for places in sets if len(places) == 1}
        for places in sets:
            inside = [p for p in places if any(parent in sure for parent in self._gazetteer.parents(p)[:1])]
            if len(places) > 1 and len(inside) == 1 and not sure.intersection(places):
                sure.add(inside[0])
        return sure

    def _list(self, places: Iterable[Place]) -> str:
        return " or ".join(sorted({self._gazetteer.official_name(p) for p in places}))

    def _known_or_new(self, name: Name, place: Place | None) -> Agency:
        full = _spelled(name, (place,) if place and not name.stands_alone else (), self._gazetteer)
        for spelling in (full, full.removeprefix(REPUBLIC), REPUBLIC + full):
            if known := self._registry.find(spelling):
                return known
        code = place.code if place else CENTRAL_CODE
        level: Level = "central" if place is None else "township" if name.township else place.level
        return Agency(_mint(code, name.lead + name.rest, full, self._registry), full, code, level, name.kind)


def _fits(name: Name, gazetteer: Gazetteer) -> Fits:
    """Which places a name without one may refer to: 市 of 市财政局 a city, a township any county."""
    if name.township:
        return lambda place: place.level == "county" or (place.level == "city" and not gazetteer.has_counties(place))
    if name.marker == "区" and name.rest.endswith("厅"):
        return lambda place: place.name.endswith("自治区")
    if name.marker == "区":
        return lambda place: place.is_district
    return lambda place: place.name.endswith(name.marker)


def _is_same_body(name: Name, other: Name) -> bool:
    """Whether ``other`` names the same body of some place, perhaps more fully."""
    if other.rest == name.rest or other.rest in readings(name.rest, None):
        return True
    kinds: tuple[Literal["department"], Literal["zone"]] = ("department", "zone")
    if name.kind == other.kind == "zone" and name.rest in {zone + "管理委员会" for zone in load_words().zones}:
        return other.rest.endswith(name.rest)
    short = name.rest + "员会" if name.rest.endswith("委") else name.rest
    return (
        name.kind in kinds
        and other.kind == name.kind
        and len(other.rest) > len(short)
        and other.rest[-1] == short[-1]
        and other.rest[0] == short[0]
        and is_subsequence(short, other.rest)
    )


def _is_called(name: Name, ending: str) -> bool:
    """Whether a body may call itself 我局, 我委 or 我镇; 我单位 any but a government."""
    if ending in {"单位", "机关"}:
        return name.kind != "government" or bool(name.township)
    endings = (ending, "委员会") if ending == "委" else (ending, "办公室") if ending == "办" else (ending,)
    return bool(ending) and (name.rest.endswith(endings) or name.township.endswith(ending))


def _stand_elsewhere(name: Name, other: Name) -> bool:
    """Whether two names are of bodies of different places."""
    return bool(name.places and other.places) and not set(name.places).intersection(other.places)


def _lies_in_a_zone(name: Name) -> bool:
    return bool(re.search("开发区|新区|高新区|园区|度假区|管理区|示范区", name.rest))


def _of(name: Name) -> str:
    return f" of {name.places[0].name}" if name.places else ""


def _label(name: Name) -> str:
    place = name.places[0].name if name.places else name.marker
    return f"{name.lead}{place}{name.rest}"


def _spelled(name: Name, places: tuple[Place, ...], gazetteer: Gazetteer) -> str:
    place = name.as_printed or "".join(gazetteer.official_name(place) for place in places[:1])
    return f"{name.lead}{place}{name.rest}"


def _mint(code: str, without_place: str, name: str, registry: Registry) -> str:
    """A new id: the code and the pinyin of the name without its place; four hex digits more where that is taken."""
    base = "-".join([code, *syllables(without_place)])
    digest = hashlib.sha256(name.encode()).hexdigest()[:4]
    for id in (base, f"{base}-{digest}"):
        if AGENCY_ID.fullmatch(id) and registry.by_id(id) is None:
            return id
    raise Undetermined(f"no id can be made for {name!r}: add the agency to agencies.csv, and {ASK}")
