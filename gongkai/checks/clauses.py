"""A section's text -> sentences and clauses, with their places in the text.

In: the text as the package holds it. Out: for each sentence its clauses (what stands between two commas, or in a pair
of brackets) in plain characters: no spaces or quotation marks, half-width digits and brackets, no thousands separators.
Every clause knows where it stands in the text that came in; nothing is understood here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gongkai.numerals import ONE_TO_TEN

COUNTERS = "件例起条份次项宗个"

_PLAIN = str.maketrans("０１２３４５６７８９（）％，；：？！．", "0123456789()%,;:?!.")
_QUOTATION_MARKS = "“”‘’「」\"'"
_DIGITS = "0123456789０１２３４５６７８９"
_ENDS = re.compile(r"[。!?\n]")
_THOUSANDS = re.compile(r"[,](?=[0-9]{3}(?![0-9]))")
# An enumeration's comma, or an "and", parts two clauses only where a counted number, or a bracket, stands before it, or
# a counted number behind it. A colon before a number parts them where the number counts something, or is a year.
_PARTS = re.compile(
    rf"[,;()]|:(?![0-9])|(?<![0-9]):(?=[0-9]+[{COUNTERS}年])|(?:(?<=[0-9][{COUNTERS}])|(?<=[0-9]件次)|(?<=\)))(?:、|以及|[和及与])|、(?=[0-9]+[{COUNTERS}])"
)
# 其中自然人、法人分别为 40件、9件: what is counted stands before all its numbers.
_RESPECTIVELY = re.compile(rf"(?P<names>[^0-9]*?)(?:的|数)?分别(?:为|是|有|:)?(?P<number>[0-9]+[{COUNTERS}]次?)")
_COUNTED = re.compile(rf"[0-9]+[{COUNTERS}]次?")
_ANY_DIGIT = re.compile("[0-9]")
_CALLED = re.compile(r"\((?:以下)?(?:统称|简称)[^()]{0,40}\)")
_MARKER = re.compile(rf"\(?[{ONE_TO_TEN}0-9]{{1,2}}(?:\)|、|\.(?![0-9]{{1,2}}[%万亿]))|[①-⑳]|第[{ONE_TO_TEN}]、")


@dataclass(frozen=True, slots=True)
class Clause:
    """``start`` and ``end`` are offsets in the text that came in; ``nested`` is true between brackets."""

    plain: str
    start: int
    end: int
    nested: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """``marked`` is true where it begins with the mark of an item: （二）, 1. or the like, which no clause holds."""

    clauses: tuple[Clause, ...]
    start: int
    end: int
    marked: bool


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text that say anything, in their order."""
    plain, offsets = _plain(text)
    parsed = []
    start = 0
    for end in [*(match.start() for match in _ENDS.finditer(plain)), len(plain)]:
        if end > start:
            parsed.append(_sentence(plain, offsets, start, end))
        start = end + 1
    return tuple(sentence for sentence in parsed if sentence.clauses)


def _plain(text: str) -> tuple[str, list[int]]:
    """The plain characters, and the offset of each in the text; one offset more, for the end."""
    kept = [
        (offset, char)
        for offset, char in enumerate(text)
        if char == "\n" or not (char.isspace() or char in _QUOTATION_MARKS)
    ]
    plain = "".join(char for _, char in kept).translate(_PLAIN)
    offsets = [offset for offset, _ in kept]
    dropped = {
        match.start()
        for match in _THOUSANDS.finditer(plain)
        if text[offsets[match.start()]] == "," and match.start() and plain[match.start() - 1] in _DIGITS
    }
    dropped |= {offset for match in _CALLED.finditer(plain) for offset in range(*match.span())}
    if dropped:
        plain = "".join(char for index, char in enumerate(plain) if index not in dropped)
        offsets = [offset for index, offset in enumerate(offsets) if index not in dropped]
    return plain, [*offsets, len(text)]


def _sentence(plain: str, offsets: list[int], start: int, end: int) -> Sentence:
    marker = _MARKER.match(plain, start, end)
    clauses = []
    depth = 0
    begin = marker.end() if marker else start
    for stop, after, opens in [*_stops(plain, begin, end), (end, end, 0)]:
        if stop > begin:
            clauses.append(Clause(plain[begin:stop], offsets[begin], offsets[stop - 1] + 1, depth > 0))
        depth = max(0, depth + opens)
        begin = after
    return Sentence(tuple(_told_apart(_joined(clauses))), offsets[start], offsets[end - 1] + 1, marker is not None)


def _joined(clauses: list[Clause]) -> list[Clause]:
    """The clauses, where a remark in brackets parts a number from its words, with words and remark at the number.

    The clause keeps its place in the text: its number's.
    """
    joined = list(clauses)
    for index, clause in enumerate(clauses):
        if clause.nested or _ANY_DIGIT.search(clause.plain):
            continue
        after = next((at for at in range(index + 1, len(clauses)) if not clauses[at].nested), index)
        if after > index + 1 and _COUNTED.fullmatch(clauses[after].plain):
            remark = ",".join(nested.plain for nested in clauses[index + 1 : after])
            joined[after] = replace(clauses[after], plain=f"{clause.plain}({remark}){clauses[after].plain}")
            joined[index:after] = [replace(clause, plain="")] * (after - index)
    return [clause for clause in joined if clause.plain]


def _told_apart(clauses: list[Clause]) -> list[Clause]:
    """The clauses, where numbers follow their names "respectively" each with its own name, if they are as many.

    A clause keeps its place in the text: its number's.
    """
    told = list(clauses)
    for index, clause in enumerate(clauses):
        match = _RESPECTIVELY.fullmatch(clause.plain) if "分别" in clause.plain else None
        if match is None:
            continue
        alone = [other.nested == clause.nested and bool(_COUNTED.fullmatch(other.plain)) for other in clauses]
        end = alone.index(False, index + 1) if False in alone[index + 1 :] else len(clauses)
        numbers = [match["number"], *(other.plain for other in clauses[index + 1 : end])]
        ways = (re.split(pattern, match["names"]) for pattern in ("、", "、|以及|[和及与]"))
        names = next((names for names in ways if len(names) == len(numbers) > 1), [])
        for step, (name, number) in enumerate(zip(names, numbers, strict=False)):
            told[index + step] = replace(clauses[index + step], plain=name + number)
    return told


def _stops(plain: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Where a clause ends, where the next begins, and how many brackets deeper that is."""
    opens = {"(": 1, ")": -1}
    return [(match.start(), match.end(), opens.get(match[0], 0)) for match in _PARTS.finditer(plain, start, end)]
