"""Names in characters -> pinyin: for ids, for readers, for sorting.

In: a name. Out: syllables without tones. pypinyin reads; pinyin.toml has the readings that it gets wrong in names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

from gongkai.names.words import load_words

WORDS = re.compile(
    "人民|政府|办公厅|办公室|办事处|委员会|管理|监督|行政|公署|街道|自治[区州县旗]|[省市县区盟旗镇乡局厅委部署院]"
)
"""Where a long name is cut into words; what lies between two of them is one word."""


@lru_cache(maxsize=4096)
def syllables(name: str) -> tuple[str, ...]:
    """The syllables, in lower case and ASCII, ü as v. Letters and digits stay as they are; other signs are left out."""
    readings = load_words().readings
    found: list[str] = []
    for part in _overridden().split(name):
        found += readings[part].split() if part in readings else lazy_pinyin(part)
    clean = (re.sub("[^a-z0-9]", "", syllable.lower()) for syllable in found)
    return tuple(syllable for syllable in clean if syllable)


def pinyin(name: str) -> str:
    """A name as readers of the Latin script see it: 示例市人民政府 -> ``Shili Shi Renmin Zhengfu``."""
    english, read = load_words().english, syllables(name)
    if len(read) != len(name):  # letters or signs among the characters: word by word
        return " ".join(filter(None, (_word(syllables(word)) for _, word in _words(name))))
    words = (english.get(word) or _word(read[start : start + len(word)]) for start, word in _words(name))
    return " ".join(words)


def sort_key(name: str) -> tuple[tuple[str, ...], str]:
    """By pinyin, syllable for syllable, and names of one sound by their characters."""
    return syllables(name), name


def _words(name: str) -> list[tuple[int, str]]:
    """The words of a name, and where each begins."""
    found, start = [], 0
    for cut in WORDS.finditer(name):
        found += [(start, name[start : cut.start()]), (cut.start(), cut.group())]
        start = cut.end()
    return [(start, word) for start, word in [*found, (start, name[start:])] if word]


def _word(parts: Sequence[str]) -> str:
    """One word, with the apostrophe that keeps syllables apart (Xi'an)."""
    joined = "".join("'" + part if index and part[0] in "aoe" else part for index, part in enumerate(parts))
    return joined[:1].upper() + joined[1:].replace("v", "ü")


@cache
def _overridden() -> re.Pattern[str]:
    longest_first = sorted(load_words().readings, key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
