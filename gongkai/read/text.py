"""A text file -> Document: the lines that a PDF text extractor yields.

In: a ``.txt`` or ``.md`` file. Out: a ``Document`` of lines; tables are read from their words, but for those whose
cells bars part, which are grids. Where the extractor kept the layout, a word's place is its character offset (or its
width on a terminal, whichever puts the columns straight); where it did not, only the order of words is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from statistics import mean, median

from gongkai.characters import unify
from gongkai.errors import UnreadableFile
from gongkai.figures import looks_like_figure
from gongkai.model import Document, Grid, Line, Word
from gongkai.read.bars import plain, read_table, tables_of
from gongkai.read.running_heads import is_decorated_page_number, without_running_heads
from gongkai.system.limits import current

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class TextSettings:
    """When the lines of a text keep columns, and where its pages end."""

    rows_per_blank: int = 6
    """Blank lines that are fewer than one in so many part pages, not paragraphs or cells."""
    rows_above: int = 3
    """In so many lines above a figure others of its column are looked for."""
    full_row_figures: int = 5
    """Lines that end in at least this many figures show whether columns were kept."""
    single_rows: int = 5
    """So many rows of lines of one figure each show that each cell has a line of its own; so many numbers in a row that
    count 1, 2, 3 … are the rows' own."""
    single_figures: int = 3
    """So many lines of one figure each, one below the other, are a row of a table."""


SETTINGS = TextSettings()


def read_text(path: Path) -> Document:
    """The document. Raises ``UnreadableFile`` if the file is no text."""
    data = path.read_bytes()
    if len(data) > current().text_bytes:
        raise UnreadableFile(f"{len(data)} bytes of text: too long for a report")
    text = _decoded(data)
    rows = text.replace("\f", "\n").splitlines()
    if tables := tables_of(rows):
        return Document(tuple(_between(rows, tables)), "text")
    pages = _rows_whole([page.splitlines() for page in text.split("\f")])
    rows = [row for page in pages for row in page]
    prose = [row for row in rows if row.strip() and not looks_like_figure(row.split()[-1])]
    widest = max((_width(re.sub(r"\s", "", row)) for row in prose), default=0)
    marked = [[(number, row) for row in page if row.strip()] for number, page in enumerate(pages, 1)]
    parts = marked if len(pages) > 1 else [_unmarked_pages(rows)]
    measure = _measure([line for part in parts for line in part])
    content = [
        (number, [_line(row, measure, widest, part) for part, row in lines]) for number, lines in enumerate(parts, 1)
    ]
    kept = without_running_heads(content)
    return Document(tuple(line for number, _ in content for line in kept[number]), "text", pages=len(pages))


def _between(rows: Sequence[str], tables: Sequence[range]) -> Iterator[Line | Grid]:
    """The tables whose cells bars part, and the lines of prose between them."""
    inside = {i for table in tables for i in table}
    starts = {table.start: table for table in tables}
    prose = {i: plain(row) for i, row in enumerate(rows) if row.strip() and i not in inside}
    widest = max((_width(re.sub(r"\s", "", row)) for row in prose.values()), default=0)
    for i in range(len(rows)):
        if i in starts:
            yield from read_table([rows[j] for j in starts[i]])
        elif i in prose and prose[i].strip() and not is_decorated_page_number(unify(prose[i])):
            yield _line(prose[i], None, widest, 1)


def _rows_whole(pages: list[list[str]]) -> list[list[str]]:
    """The pages' lines; where each cell of a table has one of its own, figures stand behind their labels.

    A blank cell leaves no line, so that only as many figures as there are columns are told by their order.
    """
    runs = [_runs_of_figures(page, paged=len(pages) > 1) for page in pages]
    if sum(len(run) >= SETTINGS.single_figures for page in runs for run in page) < SETTINGS.single_rows:
        return pages
    numbered = _row_numbers(
        [[page[i].strip() for i in run] for page, own in zip(pages, runs, strict=True) for run in own]
    )
    places = count()
    whole = []
    for page, own in zip(pages, runs, strict=True):
        cut = [run[:-1] if next(places) in numbered else run for run in own]
        whole.append(_with_runs_joined(page, [run for run in cut if run], {i for run in own for i in run}))
    return whole


def _runs_of_figures(page: Sequence[str], *, paged: bool) -> list[list[int]]:
    """The lines that are one figure each and follow each other, blank lines between them left out.

    A number at a page's end may be its own.
    """
    runs: list[list[int]] = [[]]
    last = max((i for i, row in enumerate(page) if row.strip()), default=0) if paged else len(page)
    for i, row in enumerate(page[:last]):
        if len(row.split()) == 1 and looks_like_figure(row.strip()):
            runs[-1].append(i)
        elif row.strip() and runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _row_numbers(runs: Sequence[Sequence[str]]) -> set[int]:
    """Which of the runs of figures, one before each label, end in the number of the next row: 1, 2, 3 …, many in order.

    Before a header there is none: then the next one stands alone behind the header.
    """
    found: set[int] = set()
    chain: list[int] = []
    for i, run in enumerate(runs):
        follows = bool(chain) and run[-1] == str(len(chain) + 1)
        if follows and (i == chain[-1] + 1 or (i == chain[-1] + 2 and len(run) == 1)):
            chain.append(i)
        elif not chain or i > chain[-1] + 1:
            chain = [i] if run[-1] == "1" else []
        if len(chain) >= SETTINGS.single_rows:
            found.update(chain)
    return found


def _with_runs_joined(page: Sequence[str], runs: Sequence[Sequence[int]], figures: set[int]) -> list[str]:
    """Each run of figures behind the line above it: cells are in order, so that it is the end of their row's label."""
    follows = {run[0]: " ".join(page[i].strip() for i in run) for run in runs}
    rows: list[str] = []
    for i, row in enumerate(page):
        if i in follows:
            while rows and not rows[-1].strip():
                rows.pop()
            rows.append(f"{rows.pop()} {follows[i]}" if rows else follows[i])
        elif i not in figures:
            rows.append(row)
    return rows


def _unmarked_pages(rows: Sequence[str]) -> list[tuple[int, str]]:
    """The lines of pages that follow each other without a mark, less page numbers, and which part each stands in.

    Each page is laid out anew, so that places compare within a part only; a part ends with a page number or, if few
    lines are left blank, with a blank one. A number that stands alone may be a figure: it is one of a page where all
    that stand before a blank line count 1, 2, 3, ….
    """
    ends = {i for i, row in enumerate(rows) if row.strip() and not "".join(rows[i + 1 : i + 2]).strip()}
    few = SETTINGS.rows_per_blank * len(ends) <= len(rows)
    bare = [i for i in sorted(ends) if re.fullmatch(r"\s*[0-9]{1,3}\s*", rows[i])] if few else []
    counted = len(bare) > 1 and [int(rows[i]) for i in bare] == [*range(1, len(bare) + 1)]
    part, kept = 1, []
    for i, row in enumerate(rows):
        numbered = is_decorated_page_number(unify(row)) or (counted and i in bare)
        if row.strip() and not numbered:
            kept.append((part, row))
        part += numbered or (few and i in ends)
    return kept


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not marked:
        raise UnreadableFile("not a text file; give it the suffix of its format")
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile("not a text file in UTF-8 or GB 18030; save it as UTF-8")


def _width(text: str) -> int:
    """The width on a terminal: a Chinese character takes two places."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _offsets(row: str, measure: Callable[[str], int]) -> list[Word]:
    """The words of a line and where they stand in it."""
    words = []
    place = 0
    for part in re.findall(r"\s+|\S+", row):
        start, place = place, place + measure(part)
        if not part.isspace():
            words.append(Word(unify(part), start, place))
    return words


def _measure(rows: Sequence[tuple[int, str]]) -> Callable[[str], int] | None:
    """How to measure where a word stands; ``None`` if the lines don't keep columns. ``rows`` are (part, line)."""
    best: tuple[float, Callable[[str], int]] | None = None
    for measure in (len, _width):
        placed: dict[int, list[list[float]]] = {}
        full: list[list[Word]] = []
        for part, row in rows:
            words = _offsets(row, measure)
            first = len(words)
            while first and looks_like_figure(words[first - 1].text):
                first -= 1
            placed.setdefault(part, []).append([(w.x0 + w.x1) / 2 for w in words[first:]])
            if len(words) - first >= SETTINGS.full_row_figures:
                full.append(words[first:])
        pairs = [pair for figures in full for pair in pairwise(figures)]
        if len(full) < 2 or median(after.x0 - before.x1 for before, after in pairs) < 2:
            return None
        spread = mean(distance for lines in placed.values() for distance in _distances(lines))
        apart = min((after.x0 + after.x1 - before.x0 - before.x1) / 2 for before, after in pairs)
        if apart > 2.5 and (best is None or spread < best[0]):
            best = spread, measure
    return best[1] if best else None


def _distances(lines: Sequence[Sequence[float]]) -> Iterator[float]:
    """How far each figure stands from the nearest one in the lines above it."""
    above: list[Sequence[float]] = []
    for line in filter(None, lines):
        yield from (min(abs(x - other) for figures in above for other in figures) for x in line if above)
        above = [*above[-SETTINGS.rows_above + 1 :], line]


def _line(row: str, measure: Callable[[str], int] | None, widest: int, page: int) -> Line:
    words = _offsets(row, measure or (lambda _: 0))
    text = words[0].text
    for before, word in pairwise(words):
        text += (" " if (before.text[-1:] + word.text[:1]).isascii() else "") + word.text
    indent = _width(row) - _width(row.lstrip())
    return Line(text, tuple(words), page=page, starts=indent >= 3, full=_width(re.sub(r"\s", "", row)) >= widest - 6)
