"""Names in characters -> pinyin: for ids, for readers, for sorting.

In: a name. Out: syllables without tones. pypinyin reads; pinyin.toml has the readings that it gets wrong in names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

from gongkai.words import load_words

WORDS = re.compile(
    "人民政府|街道办事处|管理委员会|行政公署|人民|政府|办公厅|办公室|办事处|委员会|管理局|监督局|[省市县区州盟旗镇乡局厅委部署院]|街道|苏木|自治区|自治州|自治县"
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
    english = load_words().english
    words: list[str] = []
    for part in re.split("(" + "|".join(map(re.escape, english)) + ")", name):
        words += [english[part]] if part in english else map(_word, _words(part))
    return " ".join(word for word in words if word)


def sort_key(name: str) -> tuple[tuple[str, ...], str]:
    """By pinyin, syllable for syllable, and names of one sound by their characters."""
    return syllables(name), name


def _words(text: str) -> list[str]:
    found, start = [], 0
    for cut in WORDS.finditer(text):
        found += [text[start : cut.start()], cut.group()]
        start = cut.end()
    return [*found, text[start:]]


def _word(text: str) -> str:
    """One word, with the apostrophe that keeps syllables apart (Xi'an)."""
    parts = [syllable.replace("v", "ü") for syllable in syllables(text)]
    joined = "".join("'" + part if index and part[0] in "aoe" else part for index, part in enumerate(parts))
    return joined[:1].upper() + joined[1:]


@cache
def _overridden() -> re.Pattern[str]:
    longest_first = sorted(load_words().readings, key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
