"""Printed rows and columns -> those of the form, by what their labels say and by their order, in one alignment.

In: two sequences and how well each pair agrees. Out: which belongs to which, and how certain that is. The alignment is
the best of all that keep the order (dynamic programming); a printed row's certainty is how much worse the best
alignment is that puts it elsewhere. So a label that is garbled or missing is placed by its neighbours, and where they
leave a choice the alignment says so instead of choosing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel, LCSseq

from gongkai.characters import fold

AGREES = 0.45
"""Labels that agree less than this speak against a match."""
DIFFERS = 0.25
"""Labels that agree less than this are of two different rows."""
FORBIDDEN = float("-inf")


@dataclass(frozen=True, slots=True)
class Match:
    """``first`` to ``last`` (inclusive) of the printed sequence are the form's element ``index``."""

    index: int
    first: int
    last: int
    margin: float
    """How much worse the alignment would be if the printed element were put elsewhere."""


@dataclass(frozen=True, slots=True)
class Alignment:
    matches: tuple[Match, ...]
    score: float


def align(
    printed: int,
    form: int,
    score: Callable[[int, int, int], float],
    *,
    skip_printed: Sequence[float],
    skip_form: Sequence[float],
    longest: Sequence[int] | None = None,
    matters: Sequence[bool] | None = None,
) -> Alignment:
    """The best order-keeping alignment of ``printed`` elements with ``form`` elements.

    ``score(first, last, index)`` is how well the printed run agrees with the form's element, above 0 in favour,
    ``FORBIDDEN`` never. ``skip_printed`` and ``skip_form`` are what leaving an element out costs (0 or less); printed
    elements before the first and after the last match cost nothing. ``longest[last]`` is how many printed elements
    that end at ``last`` may make one (default 1). ``matters`` says whose place a match's certainty is about (default:
    all); a line that only continues a label may go either way.
    """
    runs = [
        [(last - length + 1, last) for length in range(1, (longest[last] if longest else 1) + 1)]
        for last in range(printed)
    ]
    value = [
        {(first, last): [score(first, last, j) for j in range(form)] for first, last in runs[last]}
        for last in range(printed)
    ]
    # forward[i][j]: the best of the first i printed and the first j form elements; printed may be left out for free
    # before the first match (column 0), and after the last (below).
    forward = [[0.0] * (form + 1) for _ in range(printed + 1)]
    for j in range(form):
        forward[0][j + 1] = forward[0][j] + skip_form[j]
    for i in range(1, printed + 1):
        row, above = forward[i], forward[i - 1]
        for j in range(form):
            free = j + 1 == form
            best = max(above[j + 1] + (0.0 if free else skip_printed[i - 1]), row[j] + skip_form[j])
            for (first, _), scores in value[i - 1].items():
                if scores[j] > FORBIDDEN:
                    best = max(best, forward[first][j] + scores[j])
            row[j + 1] = best
    backward = [[0.0] * (form + 1) for _ in range(printed + 1)]
    for j in range(form - 1, -1, -1):
        backward[printed][j] = backward[printed][j + 1] + skip_form[j]
    for i in range(printed - 1, -1, -1):
        for j in range(form - 1, -1, -1):
            free = j == 0
            best = max(backward[i + 1][j] + (0.0 if free else skip_printed[i]), backward[i][j + 1] + skip_form[j])
            for last in range(i, printed):
                scores = value[last].get((i, last))
                if scores is None:
                    break
                if scores[j] > FORBIDDEN:
                    best = max(best, scores[j] + backward[last + 1][j + 1])
            backward[i][j] = best
    total = forward[printed][form]
    matches = []
    i, j = printed, form
    while j > 0:
        here = forward[i][j]
        found = None
        if i > 0:
            for (first, last), scores in value[i - 1].items():
                if scores[j - 1] > FORBIDDEN and _same(here, forward[first][j - 1] + scores[j - 1]):
                    found = first, last
                    break
        if found:
            first, last = found
            matches.append((j - 1, first, last))
            i, j = first, j - 1
        elif i > 0 and _same(here, forward[i - 1][j] + (0.0 if j == form else skip_printed[i - 1])):
            i -= 1
        else:
            j -= 1
    result = []
    for index, first, last in reversed(matches):
        elsewhere = FORBIDDEN
        for end in range(first, min(printed, last + 9)):
            for (begin, stop), scores in value[end].items():
                if not any(matters is None or matters[i] for i in range(max(begin, first), min(stop, last) + 1)):
                    continue
                for k in range(form):
                    if k != index and scores[k] > FORBIDDEN:
                        through = forward[begin][k] + scores[k] + backward[stop + 1][k + 1]
                        elsewhere = max(elsewhere, through)
        result.append(Match(index, first, last, total - elsewhere))
    return Alignment(tuple(result), total)


def _same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the form: its spellings and the labels that span it, folded."""

    spellings: tuple[str, ...]
    under: tuple[str, ...] = ()

    @classmethod
    def of(cls, label: str, known: Sequence[str] = (), under: Sequence[str] = ()) -> Label:
        return cls(tuple(fold(text) for text in (label, *known)), tuple(fold(text) for text in under))


def agreement(label: Label, parts: tuple[str, ...], *, scattered: bool = False) -> float:
    """How well a printed label agrees with the form's, from 0 to 1.

    ``parts`` are the printed labels of the row, outermost first: the last one alone is compared, and all together with
    those that span the form's label. ``scattered``: the row is made of lines in which the characters of labels that
    span several rows may stand among its own.
    """
    return _agreement(label, tuple(fold(part) for part in parts), scattered)


@lru_cache(maxsize=200_000)
def _agreement(label: Label, parts: tuple[str, ...], scattered: bool) -> float:
    parts = tuple(part for part in parts if part)
    if not parts:
        return 0.0
    whole = "".join(parts)
    best = 0.0
    for spelling in label.spellings:
        best = max(best, Indel.normalized_similarity(spelling, parts[-1]))
        if len(parts) > 1:
            best = max(best, Indel.normalized_similarity(spelling, whole))
        for start in range(len(label.under)):
            spanned = "".join(label.under[start:]) + spelling
            best = max(best, Indel.normalized_similarity(spanned, whole))
        if scattered and best < 0.95:
            best = max(best, 0.95 * _among(spelling, label.under, whole))
    return best


def _among(spelling: str, under: Sequence[str], whole: str) -> float:
    """How much of a label stands in order among other characters, less for those that belong to no label above it."""
    common = LCSseq.similarity(spelling, whole)
    foreign = Counter(whole)
    foreign.subtract(spelling)
    for label in under:
        foreign.subtract(label)
    strange = sum(count for count in foreign.values() if count > 0)
    return common / len(spelling) * (1 - strange / len(whole)) if spelling else 0.0
