"""Numerals as reports print them, Chinese ones and others: read, written, and as parts of patterns.

In: text, or a number. Out: a number, text, or the characters that patterns are made of. A year in Chinese numerals may
have its zeros set as letters. What never happens: a numeral that is not written in full is given a value.
"""

from __future__ import annotations

import re

ONE_TO_NINE = "一二三四五六七八九"
ONE_TO_TEN = f"{ONE_TO_NINE}十"
SECTIONS = "一二三四五六"
"""What the six sections of the form are numbered with."""
SECTION_NUMBERS = {
    numeral: number
    for written in (SECTIONS, "壹贰叁肆伍陆", "123456", "ⅠⅡⅢⅣⅤⅥ", "①②③④⑤⑥", "⼀⼆")
    for number, numeral in enumerate(written, 1)
}
"""What they are numbered with in print."""

YEAR_DIGITS = f"〇○◯零Oo{ONE_TO_NINE}"
"""The digits of a year in Chinese numerals; for a zero a circle or a letter may stand, or (see ``YEAR``) a digit."""
YEAR = f"[0{YEAR_DIGITS}]{{4}}"
_YEAR_OF_THIS_CENTURY = re.compile(f"二[〇○◯零Oo0][0{YEAR_DIGITS}]{{2}}(?=年)")
_TO_DIGITS = str.maketrans(YEAR_DIGITS, "000000123456789")

COUNT = f"[零两百{ONE_TO_TEN}]{{1,5}}"
"""A number below a thousand in Chinese numerals, as prose has it."""
_DIGITS = {digit: value for value, digit in enumerate(f"零{ONE_TO_NINE}")} | {"两": 2}
_COUNT = re.compile(f"(?:([{ONE_TO_NINE}])百(零)?)?(?:([{ONE_TO_NINE}])?(十))?([两{ONE_TO_NINE}])?")
_PLACES = ("", "十", "百", "千")


def years_in_digits(text: str) -> str:
    """The text with its years in Chinese numerals (二〇二四年) in digits."""
    return _YEAR_OF_THIS_CENTURY.sub(lambda found: found[0].translate(_TO_DIGITS), text)


def count_of(text: str) -> int | None:
    """The number that digits write; a Chinese numeral below a thousand, if it is written in full."""
    if text.isdigit() and text.isascii():
        return int(text)
    if text == "零":
        return 0
    match = _COUNT.fullmatch(text)
    if match is None or (match[1] and match[5] and not (match[2] or match[4])) or (match[2] and match[4]):
        return None
    tens = 10 * _DIGITS[match[3] or "一"] if match[4] else 0
    return 100 * _DIGITS.get(match[1] or "零", 0) + tens + _DIGITS.get(match[5] or "零", 0)


def written_out(n: int) -> str:
    """A number from 1 to 9999 as it is spoken: 一百零一, 二十, and 十二, without the 一 before 十 below 20."""
    text, gap = "", False
    for place in range(len(str(n)) - 1, -1, -1):
        digit = n // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + ONE_TO_NINE[digit - 1] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text.removeprefix("一") if 10 <= n < 20 else text
