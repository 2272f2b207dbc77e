"""Characters that look alike and are not the same: what printed text is folded to before it is compared.

In: printed text. Out: the same text in the characters that it means, or the bare form in which labels are compared.
What is printed is never changed by this: figures keep the characters that stand in the file.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

IGNORABLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202c\u2060-\u2064\ufeff]")
"""Characters that print nothing. What writes others in another order (U+202D, U+202E) is not among them."""

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

# The traditional characters of the words that the forms, titles and figures are written with, each with its simplified
# one. Which are right depends on the word elsewhere, but not in these. Source: OpenCC's t2s.
_TRADITIONAL = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in (
            "來来 侷局 係系 個个 傢家 億亿 內内 動动 務务 區区 問问 單单 噹当 國国 埰采 執执 報报 寀采 審审 對对 "
            "屬属 廢废 廳厅 強强 後后 復复 戶户 捲卷 採采 據据 數数 於于 時时 會会 査查 條条 業业 構构 機机 權权 "
            "決决 沒没 況况 減减 為为 無无 爲为 獲获 現现 當当 發发 確确 祕秘 穩稳 穫获 箇个 範范 糾纠 納纳 組组 "
            "結结 統统 經经 維维 總总 織织 繫系 繳缴 繼继 續续 罰罚 舉举 萬万 處处 補补 製制 複复 規规 計计 訊讯 "
            "訟讼 訪访 說说 説说 許许 訴诉 詢询 認认 請请 議议 護护 費费 資资 購购 踰逾 轉转 辦办 這这 進进 過过 門门 "
            "開开 間间 閤合 關关 隊队 隻只 頁页 項项 題题 額额 類类 體体 髮发 齣出 "
        ).split()
    }
)

_TERMS = (("资讯", "信息"), ("资料", "数据"), ("檔案", "文件"), ("反覆", "反复"))
"""What is written for words of the forms where other characters are, and these words, which are as long."""


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


def simplified(text: str) -> str:
    """The text with the forms' words in simplified characters and in the mainland's terms, each where it stood."""
    if text.isascii():
        return text
    text = text.translate(_TRADITIONAL)
    for term, meant in _TERMS:
        text = text.replace(term, meant)
    return text


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The bare form in which labels are compared: NFKC, simplified, no spaces, no punctuation, lower case."""
    folded = unicodedata.normalize("NFKC", unify(text)).casefold()
    return simplified("".join(c for c in folded if c.isalnum()))
