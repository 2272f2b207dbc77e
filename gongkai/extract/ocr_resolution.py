"""Figures that a recogniser read, and the identities of the form -> those that only one reading fits.

In: a report in which doubtful figures are empty, and for each figure what it may be. Out: of the doubtful figures those
of which exactly one candidate lets every identity hold that the figure is part of, with a warning; and of the others
those that may be something else, too, and that no identity confirms, be it that they are in none, or, where the
recogniser could not see all that they may be, that one contradicts: they are chosen in the same way, or left empty.
What never happens: an identity invents a digit. A figure is one of the recogniser's own candidates or stays empty,
since the agency's own sums may be wrong; it stays empty, too, where one of its identities has a term that was not read,
and where it may be a 0 in a table that has blanks: a sum holds with either.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import prod

from gongkai.identities import IdentityResult, identity_results, verdict
from gongkai.model import Figure, Finding, Key, Report, Verdict

MOST_COMBINATIONS = 4096
"""More combinations of what figures may be are not tried."""


Resolutions = dict[Key, tuple[Figure, Finding]]
"""Figures that take the place of those of the report, and what is to be said of each."""


def resolve(
    report: Report,
    candidates: Mapping[Key, Sequence[Figure]],
    doubtful: Container[Key],
    unsure: Container[Key] = (),
) -> Resolutions:
    """What the identities say of figures that a recogniser read.

    ``candidates``: what a figure may be, most likely first, at least one each; ``doubtful``: those that are left empty;
    ``unsure``: those that may be something else than their candidates.
    """
    distinct = {key: _distinct(figures) for key, figures in candidates.items()}
    blanks = {key.resource for key, figure in report.figures.items() if figure.is_blank}
    resolved = _chosen(report, {key: figures for key, figures in distinct.items() if key in doubtful}, blanks)
    report = _with(report, resolved)
    confirmed, contradicted = _in(report, Verdict.HOLDS), _in(report, Verdict.FAILS)
    questioned = {
        key: figures
        for key, figures in distinct.items()
        if key not in doubtful
        and (len(figures) > 1 or key in unsure)
        and (key not in confirmed or (key in unsure and key in contradicted))
    }
    chosen = _chosen(report, questioned, ())
    for key, figures in questioned.items():
        if key not in chosen:
            resolved[key] = figures[0]._replace(value=None), _error(figures)
        elif chosen[key][0] != figures[0]:
            resolved[key] = chosen[key]
    return resolved


def _with(report: Report, resolved: Resolutions) -> Report:
    return replace(report, figures={**report.figures, **{key: figure for key, (figure, _) in resolved.items()}})


def _in(report: Report, said: Verdict) -> set[Key]:
    """The figures that are terms of an identity of which this is the verdict."""
    return {key for result in identity_results(report) if result.verdict is said for key in _terms(result)}


def _chosen(report: Report, distinct: Mapping[Key, list[Figure]], blanks: Container[str]) -> Resolutions:
    """The figures that could be chosen; no 0 in the tables that have ``blanks``.

    Those that share an identity are chosen together: a figure is, where it is the same in all combinations that fit.
    """
    # With something in each place, an identity that does not apply is told from one that is merely open.
    supposed = replace(report, figures={**report.figures, **{key: first for key, (first, *_) in distinct.items()}})
    concerned = [
        result
        for result in identity_results(supposed)
        if any(key in distinct for key in _terms(result))
        and (result.verdict is not Verdict.NOT_APPLICABLE or _unread(result, supposed))
    ]
    chosen = {}
    for keys, results in _groups(concerned, distinct):
        if any(_unread(result, supposed) for result in results):
            continue
        for figure in _decided(keys, results, supposed, distinct):
            if figure.value != 0 or figure.key.resource not in blanks:
                chosen[figure.key] = figure, _warning(figure, distinct[figure.key], results)
    return chosen


def _terms(result: IdentityResult) -> tuple[Key, ...]:
    left, right = result.terms
    return (*left, *right)


def _distinct(figures: Sequence[Figure]) -> list[Figure]:
    """The first of those that say the same."""
    said: dict[tuple[Decimal | None, str], Figure] = {}
    for figure in figures:
        said.setdefault((figure.value, figure.unit), figure)
    return list(said.values())


def _unread(result: IdentityResult, report: Report) -> bool:
    """Whether a term of the identity was not found in print, or says something that is no figure."""
    return any(report.is_unread(key) for key in _terms(result))


def _groups(
    concerned: Sequence[IdentityResult], candidates: Mapping[Key, Sequence[Figure]]
) -> Iterator[tuple[list[Key], list[IdentityResult]]]:
    """The doubtful figures that identities tie together, directly or not, and these identities."""
    left = list(concerned)
    while left:
        results = [left.pop(0)]
        keys = dict.fromkeys(key for key in _terms(results[0]) if key in candidates)
        while tied := [result for result in left if keys.keys() & _terms(result)]:
            left = [result for result in left if result not in tied]
            results += tied
            keys |= dict.fromkeys(key for result in tied for key in _terms(result) if key in candidates)
        yield list(keys), results


def _decided(
    keys: Sequence[Key], results: Sequence[IdentityResult], report: Report, candidates: Mapping[Key, Sequence[Figure]]
) -> tuple[Figure, ...]:
    """The candidates that are in all the combinations with which all the identities hold; none if none holds."""
    if prod(len(candidates[key]) for key in keys) > MOST_COMBINATIONS:
        return ()
    values = {key: report.value(*key) for result in results for key in _terms(result)}
    holding: list[tuple[Figure, ...]] = []
    for figures in product(*(candidates[key] for key in keys)):
        values.update({figure.key: figure.value for figure in figures})
        sums = ([[values[key] for key in side] for side in result.terms] for result in results)
        if all(verdict(left, right) is Verdict.HOLDS for left, right in sums):
            holding.append(figures)
    return tuple(figures[0] for figures in zip(*holding, strict=True) if all(f is figures[0] for f in figures))


def _error(candidates: Sequence[Figure]) -> Finding:
    first = candidates[0]
    said = " or ".join(repr(figure.printed) for figure in candidates)
    if len(candidates) == 1:
        message = f"left empty: the cell holds {said} too small or too hidden to be certain, and no sum confirms it"
    else:
        message = f"left empty: the cell holds {said}, and no sum confirms the first of these"
    return Finding(check="reading", severity="error", at=first.key, actual=first.printed, message=message)


def _warning(figure: Figure, candidates: Sequence[Figure], results: Sequence[IdentityResult]) -> Finding:
    others = [repr(other.printed) for other in candidates if other is not figure]
    labels = dict.fromkeys(result.identity.label for result in results if figure.key in _terms(result))
    why = f"with it alone these sums hold: {'; '.join(labels)}"
    rest = f" and not {' or '.join(others)}" if others else ""
    return Finding(
        check="reading",
        severity="warning",
        at=figure.key,
        actual=figure.printed,
        message=f"doubtful, read as {figure.printed!r}{rest}: {why}",
    )
