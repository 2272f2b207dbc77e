"""Word's automatic numbers: what is printed before a paragraph and stands nowhere in its text.

In: the trees of ``numbering.xml`` and the styles, then paragraphs in order. Out: the number of each as Word prints it:
一、 or （一） before a heading, 1. before a row's label. Bullets and pictures are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from gongkai.numerals import ONE_TO_NINE, written_out
from gongkai.read.docx.ooxml import child, number, switch, value
from gongkai.read.docx.styles import Styles

LEVELS = 9
LARGEST = 9999
"""A larger number is printed in digits whatever the format."""

_DIGITS = f"〇{ONE_TO_NINE}"
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


def _legal(n: int) -> str:
    """As on cheques; here the one before ten is written."""
    return (("一" if 10 <= n < 20 else "") + written_out(n)).translate(_LEGAL)


def _roman(n: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (n // size)
        n %= size
    return text


def _letters(n: int) -> str:
    """The letters a to z, then aa to zz: Word repeats the letter."""
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda n: characters[(n - 1) % len(characters)]


def _from(first: int, count: int) -> Callable[[int], str]:
    """Characters that Unicode has in a row: ① to ⑳."""
    return lambda n: chr(first + n - 1) if n <= count else str(n)


def _digital(n: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(n))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": lambda n: str(n).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda n: str(n).translate(_FULL_WIDTH),
    "decimalEnclosedCircle": _from(0x2460, 20),
    "decimalEnclosedCircleChinese": _from(0x2460, 20),
    "decimalEnclosedParen": _from(0x2474, 20),
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "ideographEnclosedCircle": _from(0x3280, 10),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "chineseCounting": written_out,
    "chineseCountingThousand": written_out,
    "taiwaneseCounting": written_out,
    "taiwaneseCountingThousand": written_out,
    "japaneseCounting": written_out,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "none": lambda _: "",
}
"""Source: ECMA-376 part 1, 17.18.59 ST_NumberFormat. Every other format is printed in digits."""


def written(n: int, form: str) -> str:
    """A number in one of Word's formats."""
    return _FORMATS.get(form, str)(n) if 1 <= n <= LARGEST else str(n)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    """Its numbers are printed in digits, whatever the levels' own formats are."""
    restarts_after: int = LEVELS
    """It begins anew after a number of a level below this one; 0: never."""
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list that is counted on: several ``num`` may share it."""

    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


@dataclass(slots=True)
class _Num:
    """A use of a list, with levels of its own and numbers from which it begins anew."""

    list: _List
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """Counts paragraphs in the order in which it is asked for their numbers."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._nums: dict[str, _Num] = {}
        if root is None:
            return
        abstract = {e.get("w:abstractNumId", ""): e for e in root if e.tag == "w:abstractNum"}
        uses = {e.get("w:numId", ""): e for e in root if e.tag == "w:num"}
        lists: dict[str, _List] = {}
        for id, use in uses.items():
            of = value(use, "w:abstractNumId") or ""
            # A list may be that of a numbering style, which names another use.
            linked = styles.numbering(value(abstract.get(of), "w:numStyleLink") or "")
            if linked and linked[0] in uses:
                of = value(uses[linked[0]], "w:abstractNumId") or ""
            if of not in lists:
                lists[of] = _List(_levels(abstract.get(of)))
            overrides = [e for e in use if e.tag == "w:lvlOverride"]
            own = {k: level for override in overrides for k, level in _levels(override).items()}
            starts = {
                number(e.get("w:ilvl"), 0): number(value(e, "w:startOverride"), 1)
                for e in overrides
                if child(e, "w:startOverride") is not None
            }
            self._nums[id] = _Num(lists[of], lists[of].levels | own, starts)

    def number(self, properties: Element | None, style: str) -> str:
        """The number before the paragraph with these properties (``w:pPr``) and style; "" if it has none."""
        named = self._styles.numbering(style)
        own = child(properties, "w:numPr")
        id = value(own, "w:numId") or (named[0] if named else "")
        num = self._nums.get(id)
        if num is None:
            return ""
        of_style = next((k for k, level in num.levels.items() if level.style and level.style == style), 0)
        depth = number(value(own, "w:ilvl"), named[1] if named and named[1] is not None else of_style)
        level = num.levels.get(depth)
        if level is None:
            return ""
        counts = num.list.counts
        before = counts[depth]
        counts[depth] = num.starts.pop(depth, level.start if before is None else before + 1)
        for deeper in range(depth + 1, LEVELS):
            limit = num.levels[deeper].restarts_after if deeper in num.levels else LEVELS
            if depth < limit:
                counts[deeper] = None
        if level.form == "bullet":
            return ""
        text = re.sub("%([1-9])", lambda found: self._part(num, int(found[1]) - 1, level.legal), level.text)
        return text.strip()

    def _part(self, num: _Num, depth: int, legal: bool) -> str:
        level = num.levels.get(depth, _Level())
        count = num.list.counts[depth]
        return written(level.start if count is None else count, "decimal" if legal else level.form)


def _levels(parent: Element | None) -> dict[int, _Level]:
    """The levels that a list, or its override, defines."""
    found = {}
    for element in parent if parent is not None else ():
        depth = number(element.get("w:ilvl"), -1)
        if element.tag != "w:lvl" or not 0 <= depth < LEVELS:
            continue
        # A format that older programs don't know stands beside the one that they print instead.
        forms = [e.get("w:val", "decimal") for e in element.iter("w:numFmt")]
        found[depth] = _Level(
            start=number(value(element, "w:start"), 0 if child(element, "w:start") is None else 1),
            form=forms[-1] if forms else "decimal",
            text=value(element, "w:lvlText") or "",
            legal=switch(element, "w:isLgl") or False,
            restarts_after=number(value(element, "w:lvlRestart"), LEVELS),
            style=value(element, "w:pStyle") or "",
        )
    return found
