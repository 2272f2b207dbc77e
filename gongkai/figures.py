"""The characters of a cell -> the figure that they write.

In: the characters as printed. Out: a value and its unit, a blank, or the word that no figure can be read from them.
What never happens: characters that are no figure become one, or one of two figures in a cell is chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

COUNTERS = "件宗例起条份次项个人户部页"
"""Counters that may follow a count and are no part of it."""

UNITS = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿元": Decimal(10000),
}
"""Units of money, and how many 万元 each is."""

MAX_DIGITS = 15
"""A longer figure is no figure that an agency has."""

# Full-width forms are digits and signs as well; other compatibility characters (①, ²) are no part of a figure.
_NARROW: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(dash): "-" for dash in "−–"},
    **str.maketrans("萬億減條項個戶頁單\u3000", "万亿减条项个户页单 "),
}
_PARTS = re.compile(rf",*[0-9][0-9,{COUNTERS}]*")
_BLANK = re.compile(r"[/\\—–―─\-−_~\s]*")
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|0|[1-9][0-9]*)(?P<part>\.[0-9]+)?")
_SIGNS = {"+": 1, "增加": 1, "增": 1, "↑": 1, "-": -1, "减少": -1, "减": -1, "↓": -1, "": 1}
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_MONEY = re.compile(_UNIT)
_NAMED_UNIT = re.compile(rf"单位[:为]?({_UNIT})|\(({_UNIT})\)|({_UNIT})$")


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says. ``legible`` is false where it says something that is no figure."""

    value: Decimal | None
    money: str = ""
    """The unit of money printed after the number, ``""`` if none."""
    legible: bool = True


BLANK = Read(None)
ILLEGIBLE = Read(None, legible=False)


@lru_cache(maxsize=4096)
def is_blank(text: str) -> bool:
    """Whether a cell is left empty: no character, or only ``/``, ``—``, ``-`` and the like."""
    return _BLANK.fullmatch(text.translate(_NARROW)) is not None


def looks_like_figure(text: str) -> bool:
    """Whether a word can stand in a figure's place: a number, signed or with a counter, or the mark of a blank."""
    return read_figure(text, signed=True, decimal=True).legible


def may_be_part_of_figure(text: str) -> bool:
    """Whether a word has but digits, separators and counters: one end of a wrapped number or several, if it is none."""
    return _PARTS.fullmatch(text.translate(_NARROW)) is not None


@lru_cache(maxsize=4096)
def read_figure(text: str, *, signed: bool = False, decimal: bool = False) -> Read:
    """The figure in a cell.

    ``signed``: a change, with a sign or 增/减. ``decimal``: an amount, with decimals and perhaps a unit of money.
    Full-width digits, thousands separators and single spaces inside the number are read as the number they write;
    two spaces, or a line break, mean two figures.
    """
    if is_blank(text):
        return BLANK
    plain = text.translate(_NARROW).strip()
    if re.search(r"\s\s|[\t\n]", plain):
        return ILLEGIBLE
    plain = re.sub(r"\s", "", plain)
    sign = 1
    if signed:
        mark = _SIGN.match(plain)
        if mark:
            sign = _SIGNS[mark[0]]
            plain = plain[mark.end() :]
    number = _NUMBER.match(plain)
    if number is None:
        return ILLEGIBLE
    rest = plain[number.end() :]
    money = ""
    if decimal and (unit := _MONEY.fullmatch(rest)):
        money, rest = unit[0], ""
    if rest and not (len(rest) == 1 and rest in COUNTERS):
        return ILLEGIBLE
    if number["part"] and not decimal:
        return ILLEGIBLE
    digits = number["whole"].replace(",", "") + (number["part"] or "")
    if len(digits) > MAX_DIGITS:
        return ILLEGIBLE
    return Read(sign * Decimal(digits) + 0, money)


def unlike_its_measure(value: Decimal, measure: str) -> str:
    """What a figure is that its column or measure cannot be: a count is whole, and only a change is below zero."""
    if value < 0 and measure != "change":
        return "below zero"
    return "a count, and not whole" if value % 1 and measure != "amount" else ""


def printed_unit(header: str) -> str:
    """The unit of money that a header names, ``""`` if none: 本年收费金额（单位：万元）."""
    found = _NAMED_UNIT.search(re.sub(r"\s", "", header.translate(_NARROW)))
    return next(filter(None, found.groups())) if found else ""


def in_10k_cny(value: Decimal, money: str) -> Decimal:
    """An amount in 万元, exactly; ``money`` is one of ``UNITS``."""
    amount = value * UNITS[money]
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()
