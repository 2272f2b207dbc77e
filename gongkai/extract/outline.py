"""A document's title, introduction, sections and signature, told from its lines.

In: the blocks of a ``Document`` and the forms' section headings. Out: an ``Outline``. Headings are found by what they
say and by their order, and where a contents list repeats them, those with text between them are the report's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest

from rapidfuzz.distance import Indel

from gongkai.characters import fold, simplified
from gongkai.dates import DAY
from gongkai.form import Form
from gongkai.model import Grid, Line
from gongkai.numerals import ONE_TO_TEN, SECTION_NUMBERS, SECTIONS, YEAR, YEAR_DIGITS


@dataclass(frozen=True, slots=True)
class OutlineSettings:
    """When a line is a heading or a title. Similarities go from 0 to 1, letter for letter."""

    heading_similarity: float = 0.8
    """A line that is less similar to a heading of the form is none: agencies change a word or two, no more."""
    unnumbered_similarity: float = 0.95
    """A line without a number, or with one in brackets, must be at least this similar: a wrapped label, or an item of a
    section, may hold a heading's words."""
    misnumbered_penalty: float = 0.08
    """What another section's number takes from a heading's similarity: of two headings that share words it is then the
    other one, and a wrong number alone hides none."""
    text_below_gain: float = 0.2
    """What it adds to a heading's similarity that the next one does not follow at once: a contents list has nothing
    under its headings."""
    short_heading_chars: int = 4
    """A heading of fewer (概述) may head anything, unless it has its section's number."""
    more_chars: int = 12
    """By how much a line may be longer than the form's longest heading."""
    longest_title_chars: int = 70
    """More are a sentence; the longest title known has 45."""
    longest_name_chars: int = 40
    """More are no agency's name."""
    most_title_lines: int = 5
    """Into how many lines a title may be broken."""
    name_lines: int = 2
    """So many lines above a title that names no agency may be its name."""
    signature_lines: int = 3
    """So many lines at a report's end may name who signs it; more are a list in its text."""
    lines_an_indent: int = 12
    """Where fewer than one in so many lines is indented, paragraphs are told by their ends."""


OUTLINE = OutlineSettings()

_NUMERAL = f"[{''.join(SECTION_NUMBERS)}]"
_ENUMERATOR = re.compile(
    rf"\s*(?:(?:PART|Part)?\s*第?\s*0?({_NUMERAL})\s*(?:部分|章|节)?\s*[、.．，､,：:)）]*|[（(【]({_NUMERAL})[)）】])\s*"
)
_OF_A_YEAR = re.compile("^20[0-9]{2}年度?(?=.{2})")
_LEADER = re.compile(r"[.…·．\s—\-]{2,}[0-9]*\s*$")
_DATED = f"{DAY}|[0-9]{{4}}年[0-9]{{1,2}}月|[0-9]{{4}}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}"
_SIGNED = re.compile(
    "(?:(?:发布|编制|报告|填报)?(?:单位|机构|机关)[:：])?"
    f"[（(]?(?P<name>.*?)[)）]?(?:[（(](?:盖章|公章|章)[)）])?(?:日期[:：])?(?P<date>{_DATED})?"
)
_SIGNATORY = re.compile("(?:政府|局|委|委员会|厅|署|办|办公室|中心|处|院|会|海关|总队|部|社|行)$")
_NO_NAME = re.compile(f"[0-9{YEAR_DIGITS}]{{4}}年|(?:人民)?政府信息|信息公开|人民政府|关于")
_NAME_LESS = re.compile(r"[。，；：:,;！？〔\[]|[0-9]{4}\s*年(?!度?\s*$)|^\s*(?:附件|目\s*录)|^\s*[0-9]")
_YEAR = f"(?:20[0-9]{{2}}|{YEAR})年"
_YEAR_ALONE = re.compile(f"[（(]?{_YEAR}度?[)）]?")
_ITEM = re.compile(f"[（(][{ONE_TO_TEN}]{{1,3}}[)）]")
_NUMBERED = re.compile(r"[0-9]{1,2}[.．、](?![0-9])")
_NOTE = re.compile(r"[①-⑳]|[\[［〔][0-9]{1,2}[\]］〕]|注[:：0-9]|[*＊※]")
"""How a note at a page's foot begins."""
_CLOSERS = tuple("。！？；：!?;:”）)】")
_TITLE = re.compile("(?:信息|政务)公开.{0,12}(?:年度?报告|年报|报告)")


_Candidate = tuple[int, int, str, float]
"""The index of a line that may be a section's heading, the number, the heading as printed, and how similar it is."""

Position = tuple[int, int]
"""Which block something is: its index in the document, and 0 for all of it; else which piece of a line, from 1."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading as printed, and the blocks from its heading to the next, with their positions."""

    number: int
    heading: str
    blocks: tuple[Line | Grid, ...]
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    introduction: str
    parts: tuple[Part, ...]
    signature: tuple[str, ...]
    again: tuple[int, ...] = ()
    """The numbers of the sections that the file has anew, behind later ones, with other tables: another report's."""

    def part(self, number: int) -> Part | None:
        return next((part for part in self.parts if part.number == number), None)


def outline(blocks: Sequence[Line | Grid], forms: Sequence[Form]) -> Outline:
    """The outline of a document. A heading within a line is set apart first: its line comes as several."""
    blocks, positions = _headings_apart(blocks, forms)
    candidates = _candidates(blocks, forms)
    headings = _headings(candidates)
    first = headings[0][0] if headings else len(blocks)
    before = [(index, block) for index, block in enumerate(blocks[:first]) if isinstance(block, Line)]
    title_from, title_to = _title([line for _, line in before])
    parts = []
    for (index, number, heading), after in zip_longest(headings, headings[1:]):
        between = slice(index + 1, after[0] if after else len(blocks))
        parts.append(Part(number, heading, tuple(blocks[between]), tuple(positions[between])))
    signature: tuple[str, ...] = ()
    if parts:
        parts[-1], signature = _unsigned(parts[-1])
    listed = {index for index, *_ in candidates if index < first}
    introduction = [line for index, line in before[title_to:] if index not in listed]
    return Outline(
        title="".join(line.text for _, line in before[title_from:title_to]),
        introduction="\n".join(paragraphs(introduction)),
        parts=tuple(parts),
        signature=signature,
        again=tuple(_again(blocks, candidates)),
    )


def whole_positions(count: int) -> tuple[Position, ...]:
    """The positions of so many blocks of a document, each as it is."""
    return tuple((index, 0) for index in range(count))


# ---------------------------------------------------------------- headings


def _headings(candidates: Sequence[_Candidate]) -> list[tuple[int, int, str]]:
    """(index, number, heading as printed) of the report's sections, in order: the best chain of the candidates."""
    numbers = {index: number for index, number, _, _ in candidates}
    best: list[tuple[float, int | None]] = []
    # Of the chains that end in the same number, but for the candidate just before, the best will do.
    ends: dict[int, int] = {}
    for here, (index, number, _, similarity) in enumerate(candidates):
        if here > 1:
            ended = candidates[here - 2][1]
            ends[ended] = max(here - 2, ends.get(ended, here - 2), key=lambda at: (best[at][0], at))
        # A contents list has nothing under its headings; of two equal chains the later is the report's.
        gain = similarity + (OUTLINE.text_below_gain if numbers.get(index + 1, 0) <= number else 0.0)
        score, previous = gain, None
        for there in sorted({*ends.values(), max(here - 1, 0)}):
            before, lower, _, _ = candidates[there]
            if lower < number and before < index:
                chained = best[there][0] + gain
                if chained >= score:
                    score, previous = chained, there
        best.append((score, previous))
    chain = []
    at = max(range(len(best)), key=lambda i: (best[i][0], i), default=None)
    while at is not None:
        index, number, heading, _ = candidates[at]
        chain.append((index, number, heading))
        at = best[at][1]
    return chain[::-1]


def _again(blocks: Sequence[Line | Grid], candidates: Sequence[_Candidate]) -> Iterator[int]:
    """The numbers of sections that stand in the file before later ones and anew behind these, with other tables."""
    tables: dict[int, tuple[tuple[str, ...], ...]] = {}
    latest = 0
    for (index, number, _, _), after in zip_longest(candidates, candidates[1:]):
        between = blocks[index + 1 : after[0] if after else len(blocks)]
        grids = tuple(tuple(cell.text for cell in block.cells) for block in between if isinstance(block, Grid))
        if grids and number < latest and tables.get(number, grids) != grids:
            yield number
        if grids:
            tables.setdefault(number, grids)
        latest = max(latest, number)


def _candidates(blocks: Sequence[Line | Grid], forms: Sequence[Form]) -> list[_Candidate]:
    """Each line that may be a section's heading."""
    wanted = _wanted(tuple(forms))
    longest = max(len(folded) for _, folded in wanted) + OUTLINE.more_chars
    candidates: list[_Candidate] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Line) or len(block.text) > 2 * longest:
            continue
        text = _LEADER.sub("", block.text)
        enumerator = _ENUMERATOR.match(text)
        heading = text[enumerator.end() :] if enumerator else text.strip()
        folded = fold(_OF_A_YEAR.sub("", heading))
        printed = SECTION_NUMBERS[enumerator[1] or enumerator[2]] if enumerator else None
        if not 2 <= len(folded) <= longest:
            continue
        bracketed = enumerator is not None and enumerator[2] is not None
        similarity, number = max(
            (
                Indel.normalized_similarity(other, folded)
                - (0.0 if printed in (n, None) else OUTLINE.misnumbered_penalty),
                n,
            )
            for n, other in wanted
        )
        if len(folded) < OUTLINE.short_heading_chars and (printed != number or bracketed):
            continue
        least = OUTLINE.unnumbered_similarity if printed is None or bracketed else OUTLINE.heading_similarity
        if similarity >= least:
            candidates.append((index, number, heading.strip(), similarity))
    return candidates


def _headings_apart(blocks: Sequence[Line | Grid], forms: Sequence[Form]) -> tuple[list[Line | Grid], list[Position]]:
    """The blocks, each line in which a heading stands with text before or behind it in as many lines as it is."""
    pattern = _numbered_headings(tuple(forms))
    apart: list[Line | Grid] = []
    positions: list[Position] = []
    for index, block in enumerate(blocks):
        headings = list(pattern.finditer(block.text)) if isinstance(block, Line) else []
        if not isinstance(block, Line) or not headings:
            apart.append(block)
            positions.append((index, 0))
            continue
        pieces = _pieces(block, headings)
        apart += pieces
        positions += ((index, piece) for piece in range(1, len(pieces) + 1))
    return apart, positions


def _pieces(line: Line, headings: Sequence[re.Match[str]]) -> list[Line]:
    """A line in which headings stand, as the lines that it would be if each stood alone."""
    pieces = []
    begin = 0
    for match in headings:
        if before := line.text[begin : match.start()].strip():
            pieces.append(replace(line, text=before, words=(), full=False, starts=begin > 0 or line.starts))
        pieces.append(replace(line, text=match["heading"], words=(), full=False, starts=True))
        begin = match.end()
    if behind := line.text[begin:].strip():
        pieces.append(replace(line, text=behind, words=(), starts=True))
    return pieces


@cache
def _numbered_headings(forms: tuple[Form, ...]) -> re.Pattern[str]:
    """A section's number and heading, word for word, where a sentence may begin, and with what sets it off behind."""
    numerals = dict(enumerate(SECTIONS, 1))
    headings = "|".join(
        rf"第?[{numerals[section.number]}{section.number}](?:部分)?\s*[、.．，,：:\s]\s*{re.escape(text)}"
        for form in forms
        for section in form.sections
        for text in sorted({section.heading, *section.known}, key=len, reverse=True)
    )
    return re.compile(rf"(?:(?<=[。！？\s])|^)(?P<heading>{headings})(?:[。：:\s]\s*|(?=[（(]一[)）])|$)")


@cache
def _wanted(forms: tuple[Form, ...]) -> tuple[tuple[int, str], ...]:
    return tuple(
        {
            (section.number, fold(text)): None
            for form in forms
            for section in form.sections
            for text in (section.heading, *section.known)
        }
    )


# ---------------------------------------------------------------- title, signature, period


def _title(lines: Sequence[Line]) -> tuple[int, int]:
    """Where the title stands among the lines before the first section: from, to."""
    for end in range(1, len(lines) + 1):
        for start in range(end - 1, max(end - OUTLINE.most_title_lines, -1), -1):
            text = simplified(re.sub(r"\s", "", "".join(line.text for line in lines[start:end])))
            if len(text) > OUTLINE.longest_title_chars or re.search("[。；]", text):
                break
            if _TITLE.search(text):
                # The agency may stand on lines of its own above.
                first, above = start, OUTLINE.name_lines
                while _NO_NAME.match(text) and first > 0:
                    if not _YEAR_ALONE.fullmatch(_bare(lines[first - 1])):
                        above -= 1
                        if above < 0 or not _may_be_name(lines[first - 1].text):
                            break
                    first -= 1
                if end < len(lines) and not re.search(_YEAR, text) and _YEAR_ALONE.fullmatch(_bare(lines[end])):
                    return first, end + 1
                return first, end
    return 0, 0


def _bare(line: Line) -> str:
    return re.sub(r"\s", "", line.text)


def _may_be_name(text: str) -> bool:
    return len(text) <= OUTLINE.longest_name_chars and not _NAME_LESS.search(text)


def _unsigned(part: Part) -> tuple[Part, tuple[str, ...]]:
    """The last section without its signature, and the signature: name and date, or one of them."""
    kept = list(range(len(part.blocks)))
    signature: list[str] = []
    for index in reversed(range(len(part.blocks))):
        block = part.blocks[index]
        if isinstance(block, Grid):
            continue
        text = simplified(re.sub(r"\s", "", block.text))
        said = _SIGNED.fullmatch(text)
        name = said["name"] if said else text
        named = len(signature) < OUTLINE.signature_lines and _may_be_name(name) and _SIGNATORY.search(name)
        if not named and (name or not text):
            break
        signature.insert(0, block.text.strip())
        kept.remove(index)
    unsigned = replace(
        part,
        blocks=tuple(part.blocks[index] for index in kept),
        positions=tuple(part.positions[index] for index in kept),
    )
    return unsigned, tuple(signature)


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """The paragraphs that lines form: line breaks inside a paragraph, also over a page, are removed."""
    indented = sum(line.starts for line in lines) >= max(1, len(lines) // OUTLINE.lines_an_indent)
    joined: list[str] = []
    previous: Line | None = None
    for line in _notes_behind(lines):
        if previous is None or _parts(previous, line, indented=indented):
            joined.append(line.text)
        else:
            apart = re.fullmatch("[A-Za-z]{2}", joined[-1][-1:] + line.text[:1])
            joined[-1] += (" " if apart else "") + line.text
        previous = line
    return joined


def _notes_behind(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, but notes at the foot of a page behind the paragraph that goes on over the page."""
    notes: list[Line] = []
    previous: Line | None = None
    for index, line in enumerate(lines):
        if previous and _NOTE.match(line.text) and (notes or _is_open(previous)):
            foot = index
            while foot < len(lines) and lines[foot].page == line.page and not lines[foot].full:
                foot += 1
            beyond = lines[foot] if foot < len(lines) else None
            if beyond and beyond.page == line.page + 1 and not beyond.starts and line.page == previous.page:
                notes.append(replace(line, starts=True))
                continue
        if notes and previous and (line.starts or not previous.full):
            yield from notes
            notes = []
        yield line
        previous = line
    yield from notes


def _parts(previous: Line, line: Line, *, indented: bool) -> bool:
    """Whether a paragraph begins with ``line``: by its indent, unless that hangs below an open sentence."""
    hangs = _is_open(previous) and not (_ITEM.match(line.text) or _NUMBERED.match(line.text) or _NOTE.match(line.text))
    return (line.starts and not hangs) or _ends(previous, line, indented=indented)


def _is_open(line: Line) -> bool:
    """Whether a line reaches the margin in the middle of a sentence."""
    return line.full and not line.text.rstrip().endswith(_CLOSERS)


def _ends(line: Line, after: Line, *, indented: bool) -> bool:
    """Whether a paragraph ends with a line although the next one is not indented."""
    sentence = line.text.endswith(("。", "！", "；"))
    # Where no paragraph is indented, a number may be all that shows where one begins.
    item = bool(_ITEM.match(after.text) or (not indented and _NUMBERED.match(after.text)))
    return (not line.full and (sentence or not indented)) or (sentence and item)
