"""Printed rows and columns -> those of the form, by what their labels say and by their order, in one alignment.

In: two sequences and how well each pair fits. Out: which belongs to which, and how certain that is. The alignment is
the best of all that keep the order (dynamic programming); a printed row's certainty is how much worse the best
alignment is that puts it elsewhere. So a label that is garbled or missing is placed by its neighbours, and where they
leave a choice the alignment says so instead of choosing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.process import extractOne

from gongkai.characters import fold
from gongkai.extract.tables.settings import COSTS, LABELS


class Segment(NamedTuple):
    """The printed elements ``first`` to ``last`` taken as one, and how well they fit elements of the form.

    ``scores`` are above 0 in favour and below 0 against a match; what is not in them never matches.
    """

    first: int
    last: int
    scores: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Match:
    """``first`` to ``last`` (inclusive) of the printed sequence are the form's element ``index``."""

    index: int
    first: int
    last: int
    margin: float
    """How much worse the alignment would be if the printed element were put elsewhere."""

    @property
    def certain(self) -> bool:
        return self.margin >= COSTS.certain_margin


@dataclass(frozen=True, slots=True)
class Alignment:
    matches: tuple[Match, ...]
    score: float


def align(
    segments: Sequence[Segment],
    skip_printed: Sequence[float],
    skip_form: Sequence[float],
    matters: Sequence[bool] | None = None,
) -> Alignment:
    """The best order-keeping alignment.

    ``segments`` are all that may be matched; ``skip_printed`` and ``skip_form`` what leaving out each printed element
    and each element of the form costs (0 or less). Those before the first and after the last match cost nothing.
    ``matters`` says whose place a match's certainty is about (default: all); a line that only continues a label may go
    either way.
    """
    lattice = _Lattice(segments, skip_printed, skip_form)
    path = lattice.path()
    counts = matters or [True] * len(skip_printed)
    return Alignment(
        tuple(
            Match(index, segment.first, segment.last, lattice.margin(segment, index, counts)) for segment, index in path
        ),
        lattice.total,
    )


class _Lattice:
    """All alignments at once. ``forward[i][j]`` is the best score of the first i printed and the first j form elements,
    ``backward[i][j]`` that of the rest; segments are kept by where they begin and where they end.
    """

    def __init__(self, segments: Sequence[Segment], skip_printed: Sequence[float], skip_form: Sequence[float]) -> None:
        self.printed, self.form = len(skip_printed), len(skip_form)
        self.skip_printed, self.skip_form = skip_printed, skip_form
        self.ending: list[list[Segment]] = [[] for _ in range(self.printed)]
        self.beginning: list[list[Segment]] = [[] for _ in range(self.printed)]
        for segment in segments:
            if segment.scores:
                self.ending[segment.last].append(segment)
                self.beginning[segment.first].append(segment)
        self.longest = max((segment.last - segment.first + 1 for segment in segments), default=1)
        self.forward = self._forward()
        self.backward = self._backward()
        self.total = self.forward[self.printed][self.form]

    def _forward(self) -> list[list[float]]:
        form, skip_form = self.form, self.skip_form
        first = [0.0] * (form + 1)
        for j in range(form):
            first[j + 1] = first[j] + skip_form[j]
        table = [first]
        for i in range(self.printed):
            skip, above = self.skip_printed[i], table[i]
            row = [value + skip for value in above]
            row[0], row[form] = 0.0, above[form]
            for segment in self.ending[i]:
                before = table[segment.first]
                for j, score in segment.scores.items():
                    value = before[j] + score
                    if value > row[j + 1]:
                        row[j + 1] = value
            for j in range(form):
                value = row[j] + skip_form[j]
                if value > row[j + 1]:
                    row[j + 1] = value
            table.append(row)
        return table

    def _backward(self) -> list[list[float]]:
        form, skip_form, printed = self.form, self.skip_form, self.printed
        last = [0.0] * (form + 1)
        for j in range(form - 1, -1, -1):
            last[j] = last[j + 1] + skip_form[j]
        table = [last] * (printed + 1)
        for i in range(printed - 1, -1, -1):
            skip, below = self.skip_printed[i], table[i + 1]
            row = [value + skip for value in below]
            row[0], row[form] = below[0], 0.0
            for segment in self.beginning[i]:
                after = table[segment.last + 1]
                for j, score in segment.scores.items():
                    value = after[j + 1] + score
                    if value > row[j]:
                        row[j] = value
            for j in range(form - 1, -1, -1):
                value = row[j + 1] + skip_form[j]
                if value > row[j]:
                    row[j] = value
            table[i] = row
        return table

    def path(self) -> list[tuple[Segment, int]]:
        """The matches of a best alignment, in order."""
        matches = []
        i, j = self.printed, self.form
        while i > 0 and j > 0:
            here = self.forward[i][j]
            segment = next((segment for segment in self.ending[i - 1] if self._ends_with(segment, j - 1, here)), None)
            skip = 0.0 if j == self.form else self.skip_printed[i - 1]
            if segment is not None:
                matches.append((segment, j - 1))
                i, j = segment.first, j - 1
            elif _same(here, self.forward[i - 1][j] + skip):
                i -= 1
            else:
                j -= 1
        return matches[::-1]

    def _ends_with(self, segment: Segment, index: int, here: float) -> bool:
        score = segment.scores.get(index)
        return score is not None and _same(here, self.forward[segment.first][index] + score)

    def margin(self, match: Segment, index: int, matters: Sequence[bool]) -> float:
        """The best score less that of the best alignment that gives one of the match's printed elements elsewhere."""
        elsewhere = float("-inf")
        for end in range(match.first, min(self.printed, match.last + self.longest)):
            for segment in self.ending[end]:
                shared = range(max(segment.first, match.first), min(segment.last, match.last) + 1)
                if not any(matters[i] for i in shared):
                    continue
                before, after = self.forward[segment.first], self.backward[segment.last + 1]
                for j, score in segment.scores.items():
                    if j != index and before[j] + score + after[j + 1] > elsewhere:
                        elsewhere = before[j] + score + after[j + 1]
        return self.total - elsewhere


def _same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


# ---------------------------------------------------------------- how similar labels are


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the form: its spellings and the labels that span it, folded.

    ``spanned`` are the spellings with the labels that span them before: one cell may hold all of them.
    """

    spellings: tuple[str, ...]
    under: tuple[str, ...] = ()
    spanned: tuple[str, ...] = ()

    @classmethod
    def of(cls, label: str, known: Sequence[str] = (), under: Sequence[str] = ()) -> Label:
        spellings = tuple(fold(text) for text in (label, *known))
        outer = tuple(fold(text) for text in under)
        return cls(spellings, outer, tuple("".join(outer[n:]) + text for text in spellings for n in range(len(outer))))


def folded(parts: Sequence[str]) -> tuple[str, ...]:
    """Printed labels as ``label_similarity`` takes them, folded; none if the last one, the row's own, says nothing."""
    own = fold(parts[-1]) if parts else ""
    return (*(text for part in parts[:-1] if (text := fold(part))), own) if own else ()


def label_similarity(label: Label, parts: tuple[str, ...], *, scattered: bool = False) -> float:
    """How similar a printed label is to the form's, from 0 to 1.

    ``parts`` are the printed labels of the row, ``folded``, outermost first: the last one alone is compared, and all
    together, also with those that span the form's label. ``scattered``: the row is made of lines in which the
    characters of labels that span several rows may stand among its own.
    """
    if not parts:
        return 0.0
    if parts[-1] in label.spellings:
        return 1.0
    whole = "".join(parts)
    best = _best_similarity(label.spellings, parts[-1])
    if len(parts) > 1:
        best = max(best, _best_similarity(label.spellings, whole))
    # Of a label that has none of the form's characters only those that span it would agree.
    if label.spanned and not scattered and any(LCSseq.similarity(own, parts[-1]) for own in label.spellings):
        best = max(best, _best_similarity(label.spanned, whole))
    weight = LABELS.scattered_weight
    if scattered and best < weight:
        best = max(best, *(weight * _scattered_share(spelling, label.under, whole) for spelling in label.spellings))
    return best


def _best_similarity(labels: Sequence[str], printed: str) -> float:
    """How similar the best of several labels is to the printed one."""
    if len(printed) > LABELS.longest_label_chars:
        return 0.0
    best = extractOne(printed, labels, scorer=Indel.normalized_similarity, score_cutoff=LABELS.other_label_similarity)
    return best[1] if best else 0.0


@lru_cache(maxsize=65536)
def _scattered_share(spelling: str, under: tuple[str, ...], whole: str) -> float:
    """How much of a label stands in order among other characters, less for those that belong to no label above it."""
    if not spelling or len(whole) > LABELS.longest_label_chars:
        return 0.0
    common = LCSseq.similarity(spelling, whole)
    if common < LABELS.other_label_similarity * len(spelling):
        return 0.0
    foreign = Counter(whole)
    foreign.subtract(spelling)
    for label in under:
        foreign.subtract(label)
    strange = sum(count for count in foreign.values() if count > 0)
    return common / len(spelling) * (1 - strange / len(whole))
