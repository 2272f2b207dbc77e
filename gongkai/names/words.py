"""names.toml and pinyin.toml -> the words that names of public bodies are made of.

In: the TOML files beside this module. Out: ``Words``, cached. They are our own: one without a key raises ``KeyError``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gongkai.data_files import data_files

_WORDS = data_files(__file__, "names.toml", "pinyin.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """What each list is for is said in names.toml and pinyin.toml."""

    nationalities: tuple[str, ...]
    leads: tuple[str, ...]
    transregional: tuple[str, ...]
    vertical: tuple[str, ...]
    zones: tuple[str, ...]
    zones_of_committees: tuple[str, ...]
    zones_of_the_state: tuple[str, ...]
    not_divisions: tuple[str, ...]
    common: tuple[str, ...]
    own_names: tuple[str, ...]
    scenery: tuple[str, ...]
    usual: Mapping[str, Sequence[str]]
    national: Mapping[str, str]
    readings: Mapping[str, str]
    english: Mapping[str, str]


@cache
def load_words() -> Words:
    names = tomllib.loads(_WORDS["names.toml"].read_text(encoding="utf-8"))
    pinyin = tomllib.loads(_WORDS["pinyin.toml"].read_text(encoding="utf-8"))
    return Words(
        nationalities=tuple(names["nationalities"]),
        leads=tuple(names["leads"]),
        transregional=tuple(names["transregional"]),
        vertical=tuple(names["vertical"]),
        zones=tuple(names["zones"]),
        zones_of_committees=tuple(names["zones_of_committees"]),
        zones_of_the_state=tuple(names["zones_of_the_state"]),
        not_divisions=tuple(names["not_divisions"]),
        common=tuple(names["common"]),
        own_names=tuple(names["own_names"]),
        scenery=tuple(names["scenery"]),
        usual=names["usual"],
        national=names["national"],
        readings=pinyin["readings"],
        english=pinyin["english"],
    )
