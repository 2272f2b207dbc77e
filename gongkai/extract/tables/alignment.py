"""Printed rows and columns -> those of the form, by what their labels say and by their order, in one alignment.

In: two sequences and how well each pair agrees. Out: which belongs to which, and how certain that is. The alignment is
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

AGREES = 0.45
"""Labels that agree less than this speak against a match."""
DIFFERS = 0.25
"""Labels that agree less than this are of two different rows."""
CERTAIN = 0.1
"""A match whose margin is below this leaves open where the printed element belongs."""
LONGEST = 1000
"""What has more characters is no label; the form's longest, with what spans it, has some 120."""


class Run(NamedTuple):
    """The printed elements ``first`` to ``last`` taken as one, and how well they agree with elements of the form.

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
        return self.margin >= CERTAIN


@dataclass(frozen=True, slots=True)
class Alignment:
    matches: tuple[Match, ...]
    score: float


def align(
    runs: Sequence[Run],
    skip_printed: Sequence[float],
    skip_form: Sequence[float],
    matters: Sequence[bool] | None = None,
) -> Alignment:
    """The best order-keeping alignment.

    ``runs`` are all that may be matched; ``skip_printed`` and ``skip_form`` what leaving out each printed element and
    each element of the form costs (0 or less). Printed elements before the first and after the last match cost nothing.
    ``matters`` says whose place a match's certainty is about (default: all); a line that only continues a label may go
    either way.
    """
    lattice = _Lattice(runs, skip_printed, skip_form)
    path = lattice.path()
    counts = matters or [True] * len(skip_printed)
    return Alignment(
        tuple(Match(index, run.first, run.last, lattice.margin(run, index, counts)) for run, index in path),
        lattice.total,
    )


class _Lattice:
    """All alignments at once. ``forward[i][j]`` is the best score of the first i printed and the first j form elements,
    ``backward[i][j]`` that of the rest; runs are kept by where they begin and where they end.
    """

    def __init__(self, runs: Sequence[Run], skip_printed: Sequence[float], skip_form: Sequence[float]) -> None:
        self.printed, self.form = len(skip_printed), len(skip_form)
        self.skip_printed, self.skip_form = skip_printed, skip_form
        self.ending: list[list[Run]] = [[] for _ in range(self.printed)]
        self.beginning: list[list[Run]] = [[] for _ in range(self.printed)]
        for run in runs:
            if run.scores:
                self.ending[run.last].append(run)
                self.beginning[run.first].append(run)
        self.longest = max((run.last - run.first + 1 for run in runs), default=1)
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
            for run in self.ending[i]:
                before = table[run.first]
                for j, score in run.scores.items():
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
            for run in self.beginning[i]:
                after = table[run.last + 1]
                for j, score in run.scores.items():
                    value = after[j + 1] + score
                    if value > row[j]:
                        row[j] = value
            for j in range(form - 1, -1, -1):
                value = row[j + 1] + skip_form[j]
                if value > row[j]:
                    row[j] = value
            table[i] = row
        return table

    def path(self) -> list[tuple[Run, int]]:
        """The matches of a best alignment, in order."""
        found = []
        i, j = self.printed, self.form
        while i > 0 and j > 0:
            here = self.forward[i][j]
            run = next((run for run in self.ending[i - 1] if self._ends_with(run, j - 1, here)), None)
            skip = 0.0 if j == self.form else self.skip_printed[i - 1]
            if run is not None:
                found.append((run, j - 1))
                i, j = run.first, j - 1
            elif _same(here, self.forward[i - 1][j] + skip):
                i -= 1
            else:
                j -= 1
        return found[::-1]

    def _ends_with(self, run: Run, index: int, here: float) -> bool:
        score = run.scores.get(index)
        return score is not None and _same(here, self.forward[run.first][index] + score)

    def margin(self, match: Run, index: int, matters: Sequence[bool]) -> float:
        """The best score less that of the best alignment that gives one of the match's printed elements elsewhere."""
        elsewhere = float("-inf")
        for end in range(match.first, min(self.printed, match.last + self.longest)):
            for run in self.ending[end]:
                shared = range(max(run.first, match.first), min(run.last, match.last) + 1)
                if not any(matters[i] for i in shared):
                    continue
                before, after = self.forward[run.first], self.backward[run.last + 1]
                for j, score in run.scores.items():
                    if j != index and before[j] + score + after[j + 1] > elsewhere:
                        elsewhere = before[j] + score + after[j + 1]
        return self.total - elsewhere


def _same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


# ---------------------------------------------------------------- how well labels agree


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
    """Printed labels as ``agreement`` takes them: folded, and none if the last one, the row's own, says nothing."""
    own = fold(parts[-1]) if parts else ""
    return (*(text for part in parts[:-1] if (text := fold(part))), own) if own else ()


def agreement(label: Label, parts: tuple[str, ...], *, scattered: bool = False) -> float:
    """How well a printed label agrees with the form's, from 0 to 1.

    ``parts`` are the printed labels of the row, ``folded``, outermost first: the last one alone is compared, and all
    together, also with those that span the form's label. ``scattered``: the row is made of lines in which the
    characters of labels that span several rows may stand among its own.
    """
    if not parts:
        return 0.0
    if parts[-1] in label.spellings:
        return 1.0
    whole = "".join(parts)
    best = _alike(label.spellings, parts[-1])
    if len(parts) > 1:
        best = max(best, _alike(label.spellings, whole))
    # Of a label that has none of the form's characters only those that span it would agree.
    if label.spanned and not scattered and any(LCSseq.similarity(own, parts[-1]) for own in label.spellings):
        best = max(best, _alike(label.spanned, whole))
    if scattered and best < 0.95:
        best = max(best, *(0.95 * _among(spelling, label.under, whole) for spelling in label.spellings))
    return best


def _alike(labels: Sequence[str], printed: str) -> float:
    """How well the best of several labels agrees with the printed one."""
    if len(printed) > LONGEST:
        return 0.0
    best = extractOne(printed, labels, scorer=Indel.normalized_similarity, score_cutoff=DIFFERS)
    return best[1] if best else 0.0


@lru_cache(maxsize=65536)
def _among(spelling: str, under: tuple[str, ...], whole: str) -> float:
    """How much of a label stands in order among other characters, less for those that belong to no label above it."""
    if not spelling or len(whole) > LONGEST:
        return 0.0
    common = LCSseq.similarity(spelling, whole)
    if common < DIFFERS * len(spelling):
        return 0.0
    foreign = Counter(whole)
    foreign.subtract(spelling)
    for label in under:
        foreign.subtract(label)
    strange = sum(count for count in foreign.values() if count > 0)
    return common / len(spelling) * (1 - strange / len(whole))
