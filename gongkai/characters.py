"""Characters that look alike and are not the same: what printed text is folded to before it is compared.

In: printed text. Out: the same text in the characters that it means, or the bare form in which labels are compared.
What is printed is never changed by this: figures keep the characters that stand in the file.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Radicals that have no compatibility decomposition, or one to a traditional character, with the character that a
# Chinese font draws for them. Source: Unicode's EquivalentUnifiedIdeograph.txt.
_RADICALS = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in (
            "⺁厂 ⺄乙 ⺈刀 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺒巳 ⺓幺 ⺕彐 ⺗心 ⺝月 ⺟母 ⺠民 ⺣灬 ⺤爪 "
            "⺩王 ⺪疋 ⺫罒 ⺭礻 ⺮竹 ⺯糹 ⺰纟 ⺱罒 ⺶羊 ⺷羊 ⺸羊 ⺹耂 ⺺肀 ⺼月 ⺾艹 ⻁虎 "
            "⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻊足 ⻋车 ⻌辶 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 "
            "⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 "
            "⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟 戶户 "
        ).split()
    }
)


@lru_cache(maxsize=8192)
def _unified(char: str) -> str:
    """The character that a radical or compatibility ideograph stands for; every other character is itself."""
    code = ord(char)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", char).translate(_RADICALS)
    return char


def unify(text: str) -> str:
    """The text with CJK radicals and compatibility ideographs replaced by the characters that they are drawn as."""
    return text if text.isascii() else "".join(map(_unified, text))


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The bare form in which labels are compared: NFKC, radicals unified, no spaces, no punctuation, lower case."""
    folded = unicodedata.normalize("NFKC", unify(text)).casefold()
    return "".join(c for c in folded if c.isalnum())
