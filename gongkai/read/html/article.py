"""What is seen of a web page -> the report in it, without the page around.

In: a page's pieces and the elements that they stand in. Out: the report's lines and grids. The report is the smallest
element that holds its tables, its headings and nearly all sentences; its title and its signature may stand beside it.
Nothing but tables of figures follows the date of its signature.
What never happens: a sentence of the report is dropped, since only lines at its ends are judged by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.figures import looks_like_figure
from gongkai.model import Grid, Line
from gongkai.numerals import YEAR
from gongkai.read.headings import is_around, is_section_heading, is_title
from gongkai.read.html.tables import Piece, describes_page
from gongkai.read.html.walk import Seen
from gongkai.read.page import UNDECODABLE


@dataclass(frozen=True, slots=True)
class ArticleSettings:
    """Which element of a page is the report."""

    most_sentences_share: float = 0.9
    """The share of the sentences that stand in the report's element; the page's foot has some, too."""
    sentence_chars: int = 15
    """A sentence has at least so many characters."""
    table_figures: int = 6
    """A table with so many cells of figures is one of the report's."""
    signature_chars: int = 40
    """A line of more is no signature."""


SETTINGS = ArticleSettings()

_DATE = re.compile(rf"[（(]?(?:20[0-9]{{2}}|{YEAR})年.{{1,3}}月(?:.{{1,3}}日)?[)）]?")


def article(seen: Seen) -> list[Line | Grid]:
    """The report's lines and grids."""
    pieces = [replace(p, block=_without_pictures(p.block)) for p in seen.pieces]
    pieces = [p for p in pieces if isinstance(p.block, Grid) or p.block.text]
    root = _root(pieces, seen)
    own = [i for i, piece in enumerate(pieces) if root <= piece.container <= seen.ends[root]]
    if not own:
        return []
    first, last = own[0], own[-1]
    inside = [pieces[i] for i in own]
    if not _has_title(inside):
        inside = _title_before(pieces[:first], seen) + inside
    inside += _signature_behind(pieces[last + 1 :], seen.ends[max(seen.parents[root], 0)])
    return [piece.block for piece in _trimmed(inside)]


def _without_pictures(block: Line | Grid) -> Line | Grid:
    """A picture matters in a cell, where it may be a figure."""
    if isinstance(block, Grid) or UNDECODABLE not in block.text:
        return block
    words = (word._replace(text=word.text.replace(UNDECODABLE, "")) for word in block.words)
    return replace(
        block, text=block.text.replace(UNDECODABLE, "").strip(), words=tuple(word for word in words if word.text)
    )


def _root(pieces: Sequence[Piece], seen: Seen) -> int:
    """The smallest element that holds all tables and headings of the report and nearly all sentences."""
    weights, marks = [0] * len(seen.parents), [0] * len(seen.parents)
    for piece in pieces:
        weights[piece.container] += _weight(piece)
        marks[piece.container] += _is_mark(piece)
    # An element begins before those in it, so that it has a smaller number.
    for number in range(len(seen.parents) - 1, 0, -1):
        weights[seen.parents[number]] += weights[number]
        marks[seen.parents[number]] += marks[number]
    if not weights[0] and not marks[0]:
        return 0
    return max(
        number
        for number in range(len(seen.parents))
        if weights[number] >= SETTINGS.most_sentences_share * weights[0] and marks[number] == marks[0]
    )


def _weight(piece: Piece) -> int:
    if isinstance(piece.block, Grid) or not _is_sentence(piece):
        return 0
    return len(piece.block.text)


def _is_sentence(piece: Piece) -> bool:
    return (
        isinstance(piece.block, Line)
        and len(piece.block.text) >= SETTINGS.sentence_chars
        and ("。" in piece.block.text or "；" in piece.block.text)
        and piece.linked < 0.5
        and not is_around(piece.block.text)
    )


def _is_mark(piece: Piece) -> bool:
    if isinstance(piece.block, Grid):
        return sum(looks_like_figure(cell.text) for cell in piece.block.cells) >= SETTINGS.table_figures
    return piece.linked < 0.5 and is_section_heading(piece.block.text)


def _is_content(piece: Piece) -> bool:
    """Whether a piece can't be anything but the report's."""
    return _is_sentence(piece) or _is_mark(piece) or has_figures(piece.block)


def has_figures(block: Line | Grid) -> bool:
    """Whether it is a table with a figure in it."""
    return (
        isinstance(block, Grid)
        and any(cell.text and looks_like_figure(cell.text) for cell in block.cells)
        and not describes_page(cell.text for cell in block.cells)
    )


# ---------------------------------------------------------------- title and signature


def _runs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The lines that follow each other in one element, links left out."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if isinstance(piece.block, Grid) or piece.linked >= 0.5:
            continue
        if runs and runs[-1][-1].container == piece.container:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _says_title(run: Sequence[Piece]) -> bool:
    return is_title("".join(piece.block.text for piece in run if isinstance(piece.block, Line)))


def _has_title(inside: Sequence[Piece]) -> bool:
    first = next((i for i, piece in enumerate(inside) if _is_mark(piece)), len(inside))
    lines = [piece for piece in inside[:first] if piece.linked < 0.5]
    return any(
        _says_title(lines[i:j]) for i in range(min(len(lines), 30)) for j in range(i + 1, min(i + 4, len(lines) + 1))
    )


def _title_before(before: Sequence[Piece], seen: Seen) -> list[Piece]:
    """The title above the report's element, and the lines of it that stand in elements of their own."""
    runs = _runs(before)
    for index in range(len(runs) - 1, -1, -1):
        starts = [
            i for i in (index, index - 1) if i >= 0 and _says_title([p for run in runs[i : index + 1] for p in run])
        ]
        if starts:
            start, parent = starts[0], seen.parents[runs[index][0].container]
            while start and runs[start - 1][0].heading and seen.parents[runs[start - 1][0].container] == parent:
                start -= 1
            return [piece for run in runs[start : index + 1] for piece in run]
    return []


def _is_date(piece: Piece) -> bool:
    return isinstance(piece.block, Line) and _DATE.fullmatch(re.sub(r"\s", "", piece.block.text)) is not None


def _signature_behind(behind: Sequence[Piece], end: int) -> list[Piece]:
    """Name and date below the report's element, if they stand beside it: in elements up to ``end``."""
    found: list[Piece] = []
    for piece in behind[:4]:
        text = piece.block.text if isinstance(piece.block, Line) else ""
        if not text or len(text) > SETTINGS.signature_chars or piece.container > end or _is_around(piece):
            break
        found.append(piece)
        if _is_date(piece):
            return found
    return []


# ---------------------------------------------------------------- what stands around the report


def _trimmed(pieces: Sequence[Piece]) -> list[Piece]:
    """The report without the lines at its ends that the page sets around it: path, date, source, buttons, links."""
    content = [i for i, piece in enumerate(pieces) if _is_content(piece)]
    if not content:
        return list(pieces)
    first = content[0]
    # Where end tags are missing, what follows a table stands before it.
    last = max((i for i in content if isinstance(pieces[i].block, Line)), default=content[-1])
    headings = [i for i in content if isinstance(pieces[i].block, Line) and _is_mark(pieces[i])]
    dates = (i for i in range(headings[-1] if headings else last, len(pieces)) if _is_date(pieces[i]))
    signed = next(dates, len(pieces))
    head = [piece for piece in pieces[:first] if not _is_around(piece)]
    tail = [piece for piece in pieces[last + 1 : signed + 1] if not _is_around(piece)]
    rest = [piece for piece in pieces[signed + 1 :] if has_figures(piece.block)]
    return head + list(pieces[first : min(last, signed) + 1]) + tail + rest


def _is_around(piece: Piece) -> bool:
    if isinstance(piece.block, Grid):
        return describes_page(cell.text for cell in piece.block.cells)
    return piece.linked >= 0.5 or is_around(piece.block.text)
