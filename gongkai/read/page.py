"""What stands on a PDF page, whichever library read it, and the lines that its characters form.

In: characters and rules of one page. Out: ``Line``s of words, or the text of a cell.
Coordinates are PDF points from the top left of the page as it is read, text upright; ``Page.box`` turns them into
those of the page as it is shown, which differ where text stands sideways on the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from gongkai.characters import unify
from gongkai.model import Box, Grid, Line, Word


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How characters are joined to words and lines, and what of a page is no text; an em is a character's height."""

    same_line_em: float = 0.4
    """Baselines nearer than this part of the character height are one line."""
    word_gap_em: float = 0.45
    """A gap wider than this part of the character height, with no space printed in it, parts two words."""
    spaced_word_gap_em: float = 0.9
    """A gap wider than this parts two words even if a space is printed in it."""
    touching_pt: float = 0.2
    """A gap of fewer points parts nothing, whatever the size of characters."""
    digit_gap_em: float = 0.25
    """A gap between digits that is wider than the one before it by this part of their height parts two figures."""
    unbroken_chars: int = 40
    """So many characters are looked at for what no line break parts."""
    sentence_lines: int = 3
    """So many lines of sentences show where they end."""
    drawn_twice_widths: float = 0.3
    """A character drawn again nearer than this part of its width is the same one."""
    watermark_times: float = 3.0
    """Characters at least so many times as high as the page's,"""
    watermark_pt: float = 32.0
    """and so many points, are a watermark."""
    full_page_chars: int = 100
    """A page of fewer characters has no usual height: a cover."""
    margin_pt: float = 2.0
    """Two lines that begin nearer to each other than this begin at a margin."""
    room_em: float = 2.2
    """A line with less room than this before the right margin is full: a character and what may not begin a line."""


SETTINGS = LineSettings()
UNBROKEN = re.compile(r"[（(《“‘「【]*(?:[A-Za-z0-9.,:/@_%-]+|.)[，。、；：！？）》”’」】,.;:!?)%]*")
"""What no line break parts: brackets and what they open, a number or word, marks that begin no line."""
PROSE = re.compile(r"^(?=.{15})(?=.*[，。]).*[^0-9０-９件/—-]$")
"""A line of a sentence, and no row of a table."""


UNDECODABLE = "\ufffd"
"""Stands for a character that no report prints: no Unicode value, or one of the private use areas."""
_UNDECODABLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff{UNDECODABLE}]")


def is_undecodable(text: str) -> bool:
    return _UNDECODABLE.search(text) is not None


class Char(NamedTuple):
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    """What it stands on: characters of one line share it, whatever the boxes of their fonts are."""


def drawn_once(chars: Iterable[Char]) -> list[Char]:
    """The characters without those that stand there already: text drawn twice, a little apart, for boldness."""
    # By the baseline in whole points, then by the character: where it begins.
    nearest = SETTINGS.drawn_twice_widths
    seen: dict[int, dict[str, list[float]]] = defaultdict(dict)
    own, beside = seen[0], seen[1]
    kept = []
    last = inf
    for char in chars:
        text, x, _, x1, _, baseline = char
        if baseline != last:
            last = baseline
            y = round(baseline)
            own, beside = seen[y], seen[y + 1 if baseline > y else y - 1]
        there = own.get(text)
        if there is None:
            there = own[text] = []
        for other in (*there, *beside[text]) if text in beside else there:
            if abs(x - other) < nearest * (x1 - x):
                break
        else:
            there.append(x)
            kept.append(char)
    return kept


def without_watermark(chars: Sequence[Char]) -> Sequence[Char]:
    """The characters of a full page without those that are several times as high as its text."""
    if len(chars) < SETTINGS.full_page_chars:
        return chars
    heights = [bottom - top for _, _, top, _, bottom, _ in chars]
    if max(heights) < SETTINGS.watermark_pt:
        return chars
    most = max(SETTINGS.watermark_times * median(heights), SETTINGS.watermark_pt)
    return [char for char, height in zip(chars, heights, strict=True) if height < most]


class Rule(NamedTuple):
    """A horizontal or vertical stroke: where it lies across its direction, and from where to where along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``turns`` quarter turns clockwise lead from these coordinates to the page as it is shown."""

    number: int
    width: float
    height: float
    chars: Sequence[Char]
    horizontals: Sequence[Rule]
    verticals: Sequence[Rule]
    turns: int = 0
    left: float = 0.0
    """Where it begins on its sheet, and the sheet's width, where two pages stand on one."""
    sheet: float = 0.0

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        width, height = self.sheet or self.width, self.height
        x0, x1 = x0 + self.left, x1 + self.left
        for _ in range(self.turns):
            x0, top, x1, bottom = height - bottom, x0, height - top, x1
            width, height = height, width
        return Box(self.number, x0, top, x1, bottom)


def rows_of(chars: Iterable[Char]) -> list[list[Char]]:
    """The characters as lines from top to bottom, each from left to right."""
    same_line = SETTINGS.same_line_em
    rows: list[list[Char]] = []
    last = None
    for char in sorted(chars, key=_by_baseline):
        # Most characters of a line share its baseline: those need no look at their sizes.
        if last and (
            (below := char.baseline - last.baseline) <= 0.0 or below <= same_line * min(_size(char), _size(last))
        ):
            rows[-1].append(char)
        else:
            rows.append([char])
        last = char
    for row in rows:
        row.sort(key=_by_x0)
    return rows


_by_baseline, _by_x0 = attrgetter("baseline", "x0"), attrgetter("x0")


def _size(char: Char) -> float:
    """The size of a character (or of those recognised as one): of 一 some fonts know only the height of its stroke."""
    return max(char.bottom - char.top, (char.x1 - char.x0) / len(char.text))


def words_of(row: Sequence[Char]) -> list[Word]:
    """The words of a line, spaces within them kept; a gap without a printed space always parts two words."""
    word_gap, spaced_gap, digit_gap = SETTINGS.word_gap_em, SETTINGS.spaced_word_gap_em, SETTINGS.digit_gap_em
    words: list[Word] = []
    text, x0, x1, spaced, before = "", 0.0, 0.0, False, inf
    for char in row:
        drawn, start, _, end, _, _ = char
        if drawn.isspace():
            spaced = True
            continue
        gap = start - x1
        most = spaced_gap if spaced else word_gap
        if gap > before and not spaced and drawn.isdigit() and text[-1].isdigit():
            most = min(most, before / max(_size(char), 1.0) + digit_gap)
        # Where characters touch, as most do, nothing hangs on their size.
        if text and (gap <= 0.0 or gap / max(_size(char), 1.0) <= most):
            before = max(0.0, gap)
            text += " " + drawn if spaced else drawn
            if end > x1:
                x1 = end
        else:
            if text:
                words.append(Word(text, x0, x1))
            text, x0, x1, before = drawn, start, end, inf
        spaced = False
    if text:
        words.append(Word(text, x0, x1))
    return words


def cell_text(chars: Sequence[Char]) -> str:
    """The text of a cell, its lines joined.

    A line break between two digits stays a newline, and a wide gap stays two spaces: two figures in one cell (a rule
    that was not drawn) must not become one.
    """
    if len(chars) == 1:
        return chars[0].text.strip()
    if chars and _touch(chars):
        text = "".join([char.text for char in chars])
        if text.split() == [text]:
            return text
    text = ""
    for row in rows_of(chars):
        line = "  ".join(word.text for word in words_of(row))
        if text and text[-1].isdigit() and line[:1].isdigit():
            text += "\n"
        text += line
    return text


def _touch(chars: Sequence[Char]) -> bool:
    """Whether characters stand on one line in their order without gaps, as most cells' do: then they are one word."""
    touching = SETTINGS.touching_pt
    _, left, _, right, _, line = chars[0]
    for _, x0, _, x1, _, baseline in chars:
        if baseline != line or x0 < left or x0 - right > touching:
            return False
        left, right = x0, x1
    return True


def bounds(chars: Sequence[Char]) -> tuple[float, float, float, float]:
    """(x0, top, x1, bottom) of characters, of which there is at least one."""
    if len(chars) == 1:
        return chars[0][1:5]
    _, lefts, tops, rights, bottoms, _ = zip(*chars, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def top_of(block: Line | Grid, turns: int = 0) -> float:
    """Where a block begins, in the direction in which its page is read; ``turns`` are the page's."""
    boxes = [block.box] if isinstance(block, Line) else [cell.box for cell in block.cells]
    known = [box for box in boxes if box is not None]
    match turns:
        case 0:
            return min((box.top for box in known), default=0.0)
        case 1:
            return min((-box.x1 for box in known), default=0.0)
        case 2:
            return min((-box.bottom for box in known), default=0.0)
        case _:
            return min((box.x0 for box in known), default=0.0)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the prose of a document begins and ends across its pages, in points."""

    left: float
    right: float


def margins_of(pages: Iterable[Sequence[Sequence[Word]]]) -> Margins:
    """The margins that the lines of several pages show; ``pages`` are the words of each line of each page."""
    lines = [words for page in pages for words in page if words]
    starts = sorted(words[0].x0 for words in lines)
    # The leftmost place at which two lines begin: one stray line makes no margin.
    left = next((a for a, b in pairwise(starts) if b - a < SETTINGS.margin_pt), starts[0] if starts else 0.0)
    # The rows of a table without rules, a head or a stamp may reach further than any sentence.
    ends = [words[-1].x1 for words in lines if PROSE.search("".join(word.text for word in words))]
    known = ends if len(ends) >= SETTINGS.sentence_lines else [words[-1].x1 for words in lines]
    return Margins(left, max(known, default=0.0))


def line_of(
    page: Page, row: Sequence[Char], words: Sequence[Word], margins: Margins, after: Sequence[Char] = ()
) -> Line:
    """A line of a page, with what its place between the margins says of paragraphs; ``after`` is the line below it."""
    em = max(c.bottom - c.top for c in row)
    text = words[0].text
    for before, word in pairwise(words):
        apart = word.x0 - before.x1 > SETTINGS.spaced_word_gap_em * em or (before.text[-1:] + word.text[:1]).isascii()
        text += (" " if apart else "") + word.text
    return Line(
        text=unify(text),
        words=tuple(words),
        box=page.box(*bounds(row)),
        page=page.number,
        starts=words[0].x0 - margins.left > em,
        full=margins.right - words[-1].x1 < max(SETTINGS.room_em * em, _unbroken(after)),
    )


def _unbroken(row: Sequence[Char]) -> float:
    """The width of what begins a line and finds room on one line only: a number or word, and the marks after it."""
    end, text = 0, "".join(char.text for char in row[: SETTINGS.unbroken_chars])
    if found := UNBROKEN.match(text):
        end = found.end()
    return row[end - 1].x1 - row[0].x0 if 0 < end <= len(row) else 0.0
