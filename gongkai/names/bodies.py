"""A body's short name -> what it is short for (住建委 of 上海 -> 住房和城乡建设管理委员会).

In: what stands behind a place in a printed name, and the place. Out: the full name where the short one has one reading
there, else the name as it is printed and that it is short. What reads how is data (``bodies.toml``).
What never happens: a name is made up of its characters (科委 is no 科委员会).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gongkai.data_files import data_files
from gongkai.names.places import SUFFIXES, Place
from gongkai.names.words import load_words

_DATA = data_files(__file__, "bodies.toml")

COMMITTEE = "管理委员会"
_COMMITTEE_IN_SHORT = re.compile(r"(?<=[^纪工党政编常])委$")
"""党委, 纪委, 工委 and the like are the party's: no body that reports."""
_OFFICE_IN_SHORT = re.compile(r"(?<=人民政府|行政公署)办$")
_BEFORE = re.compile(r"(?:政府|行政公署|管理委员会|[镇乡]|街道)$")
"""What else than its place a short name may stand behind."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a short name is short for: anywhere (``full``), and in divisions whose code begins so (``inside``)."""

    full: tuple[str, ...]
    inside: Mapping[str, tuple[str, ...]]
    is_word: bool
    """Its characters are words that a full name may end with, too."""

    def readings(self, code: str) -> tuple[str, ...]:
        """Its readings in the division of that code; without one all that it has anywhere."""
        if not code:
            return tuple(dict.fromkeys((*self.full, *(text for own in self.inside.values() for text in own))))
        known = max((begins for begins in self.inside if code.startswith(begins)), key=len, default=None)
        return self.full if known is None else self.inside[known]

    @property
    def is_the_same_everywhere(self) -> bool:
        return len(self.full) == 1 and not self.inside


@dataclass(frozen=True, slots=True)
class Bodies:
    """``bodies.toml``: what each part is for is said there."""

    endings: Mapping[str, str]
    either_office: frozenset[str]
    short: Mapping[str, Body]


@cache
def load_bodies() -> Bodies:
    data = tomllib.loads(_DATA["bodies.toml"].read_text(encoding="utf-8"))
    short: dict[str, Body] = {}
    for entry in data["body"]:
        inside = {code: tuple(full) for code, full in entry.get("in", {}).items()}
        body = Body(tuple(entry["full"]), inside, entry.get("word", False))
        for name in entry["short"]:
            if name in short:
                raise ValueError(f"bodies.toml: {name} stands there twice; keep one")
            short[name] = body
    return Bodies(data["endings"], frozenset(data["offices"]["either"]), short)


def written_out(rest: str) -> str:
    """A body's name with what has one reading wherever it is; the rest waits for its place."""
    for short, full in load_bodies().endings.items():
        if rest.endswith(short):
            rest = rest.removesuffix(short) + full
    before, body = _parted(rest)
    if body is not None and body.is_the_same_everywhere and _stands_alone(before):
        return before + body.full[0]
    if rest.endswith(load_words().zones_of_committees):
        return rest + COMMITTEE
    return rest


def readings(rest: str, place: Place | None) -> tuple[str, ...]:
    """What a name may be short for, there or, without a place, anywhere; itself alone if it is not short.

    None: it is short, and nothing says for what.
    """
    if found := _OFFICE_IN_SHORT.search(rest):
        kinds = _offices(place)
        return tuple(rest[: found.start()] + kind for kind in kinds)
    before, body = _parted(rest)
    if body is not None and not _stands_alone(before):
        return (rest,) if body.is_word else ()
    if body is not None:
        return tuple(before + full for full in body.readings(place.code if place else ""))
    is_short = _COMMITTEE_IN_SHORT.search(rest) or rest.endswith(load_words().zones)
    return () if is_short else (rest,)


def in_full(rest: str, place: Place | None) -> str:
    """The name written out as that place has it; as it is if that is open."""
    found = readings(rest, place)
    return found[0] if place is not None and len(found) == 1 else rest


def is_short(rest: str, place: Place | None) -> bool:
    """Whether a name is, or may be, short for another one."""
    return readings(rest, place) != (rest,)


def open_readings(name: str, code: str) -> tuple[str, ...] | None:
    """What an agency's whole name may be short for, in the division of that code; ``None`` if it is not short.

    Nothing (an empty tuple) if it is short and no reading of it is known.
    """
    if found := _OFFICE_IN_SHORT.search(name):
        return tuple(name[: found.start()] + kind for kind in _offices(None))
    before, body = _parted(name)
    if body is not None:
        stands_alone = before.endswith(tuple(SUFFIXES)) or _stands_alone(before)
        if not stands_alone:
            return None if body.is_word else ()
        return tuple(before + full for full in body.readings(code))
    return () if _COMMITTEE_IN_SHORT.search(name) or name.endswith(load_words().zones) else None


def _offices(place: Place | None) -> Sequence[str]:
    if place is None or (place.level == "city" and place.name in load_bodies().either_office):
        return "办公厅", "办公室"
    return ("办公厅",) if place.level == "province" else ("办公室",)


def _parted(rest: str) -> tuple[str, Body | None]:
    """What stands before the short name at the end of a name, and what that is; the name and ``None`` if none is."""
    short = load_bodies().short
    for start in range(len(rest) - 1):
        if body := short.get(rest[start:]):
            return rest[:start], body
    return rest, None


def _stands_alone(before: str) -> bool:
    """Whether a short name that stands behind this is a body's whole name, and no end of another one's."""
    return not before or _BEFORE.search(before) is not None or before.endswith(load_words().zones)
