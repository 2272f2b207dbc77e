"""``indicators.toml`` and a report -> the report's indicators, each with what it was made of.

In: a Report, its findings and, for growth, the report of the year before. Out: an ``IndicatorValue`` for every
indicator, given or not, with the reason why not. No report is changed, no figures of two agencies are ever added, and
nothing is guessed: a blank term leaves an indicator out, unless an identity of the form proves that it is a zero.
Arithmetic is decimal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from gongkai.checks.fees import read_fee
from gongkai.checks.figure_groups import members
from gongkai.data_files import WRITTEN_IN, data_files
from gongkai.errors import UsageError
from gongkai.identities import identity_results
from gongkai.model import Finding, Key, Report, Verdict
from gongkai.publish.coverage import deadline

_INDICATORS = data_files(__file__, "indicators.toml")

Kind = Literal["share", "ratio", "growth", "days", "stated", "bodies"]
Status = Literal[
    "given",
    "blank",
    "not_on_form",
    "zero_denominator",
    "no_earlier_report",
    "unlike_scope",
    "no_date",
    "no_kind",
    "not_stated",
]
Words = Mapping[str, str]

RANKED_FROM = 30
"""An indicator of fewer cases than this is not ranked: chance alone would move it too far."""

_Z = Decimal("1.959963984540054")
"""The 97.5th percentile of the normal distribution: for intervals of 95 %."""
_DECIMALS = Decimal("0.000001")
_EXACT = Context(prec=100)
"""Room for every figure that a package may hold (30 digits), squared."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as indicators.toml defines it; its words are by language."""

    id: str
    topic: str
    kind: Kind
    numerator: tuple[Key, ...]
    denominator: tuple[Key, ...]
    apart: tuple[Key, ...]
    since: Literal["", "period_end", "deadline"]
    main: bool
    title: Words
    definition: Words
    formula: Words
    source: Words
    caveats: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One indicator of one report. ``value`` is a fraction of 1, days or 元; ``low`` and ``high`` bound it at 95 %.

    ``status`` says why it is not given; ``n`` is the number of cases that it rests on, ``None`` for days and sums.
    """

    indicator: str
    status: Status
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: Decimal | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    apart: Decimal | None = None
    in_doubt: bool = False
    """A finding (error or warning) is about one of the figures that it is made of."""

    @property
    def is_ranked(self) -> bool:
        return self.value is not None and (self.n is None or self.n >= RANKED_FROM)


class Definitions(NamedTuple):
    """The topics' titles, and the indicators, by id and in the order of the file."""

    topics: Mapping[str, Words]
    indicators: Mapping[str, Indicator]


@cache
def load_indicators() -> Definitions:
    """Every topic and indicator. Raises ``UsageError`` if the file is not as it must be."""
    path = _INDICATORS["indicators.toml"]
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        topics = {topic["id"]: _words(topic["title"]) for topic in data["topic"]}
        indicators = [indicator for entry in data["indicator"] for indicator in _indicators(entry)]
        if any(indicator.topic not in topics for indicator in indicators):
            raise ValueError("an indicator has a topic that is not listed")
        if any(indicator.kind not in get_args(Kind) for indicator in indicators):
            raise ValueError(f"an indicator's kind is none of {', '.join(get_args(Kind))}")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: not a list of indicators: {error!r}") from error
    if len({indicator.id for indicator in indicators}) < len(indicators):
        raise UsageError(f"{path}: two indicators have one id; keep one")
    return Definitions(topics, {indicator.id: indicator for indicator in indicators})


def indicator_values(
    report: Report,
    findings: Sequence[Finding],
    earlier: Report | None = None,
    earlier_findings: Sequence[Finding] = (),
) -> tuple[IndicatorValue, ...]:
    """Every indicator of a report. ``earlier`` is the agency's report for the year before, if there is one."""
    now = _Inputs.of(report, findings)
    before = _Inputs.of(earlier, earlier_findings) if earlier and earlier.year == report.year - 1 else None
    with localcontext(_EXACT):
        return tuple(_value(indicator, now, before) for indicator in load_indicators().indicators.values())


def wilson(k: Decimal, n: Decimal) -> tuple[Decimal, Decimal] | None:
    """The interval of 95 % around the share ``k`` of ``n``; ``None`` where ``k`` is no part of ``n``.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
    """
    if not 0 <= k <= n or not n:
        return None
    with localcontext(_EXACT):
        share, square = k / n, _Z * _Z
        centre = share + square / (2 * n)
        reach = _Z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        whole = 1 + square / n
        # At the ends the bound is exact, but for the last digit of the root.
        low, high = max(Decimal(0), (centre - reach) / whole), min(Decimal(1), (centre + reach) / whole)
        return low.quantize(_DECIMALS), high.quantize(_DECIMALS)


# ---------------------------------------------------------------- one report, as terms see it


@dataclass(frozen=True, slots=True)
class _Inputs:
    """A report, its findings that are errors or warnings, its rows, and its blanks that are proven to be zeros."""

    report: Report
    doubts: tuple[Finding, ...]
    rows: frozenset[tuple[str, str]]
    zeros: frozenset[Key]

    @classmethod
    def of(cls, report: Report, findings: Sequence[Finding]) -> _Inputs:
        doubts = tuple(finding for finding in findings if finding.severity != "info")
        rows = frozenset((table.resource, row.id) for table in report.tables for row in table.rows)
        return cls(report, doubts, rows, frozenset(_proven_zeros(report)))

    def total(self, terms: Sequence[Key]) -> Decimal | Status:
        """The sum of the terms, or why there is none."""
        keys = [key for term in terms for key in members(self.report, term)]
        if not keys or any((key.resource, key.row) not in self.rows for key in keys):
            return "not_on_form"
        values = [Decimal(0) if key in self.zeros else self.report.value(*key) for key in keys]
        stated = [value for value in values if value is not None]
        return sum(stated, Decimal(0)) if len(stated) == len(values) else "blank"

    def in_doubt(self, terms: Sequence[Key]) -> bool:
        keys = {key for term in terms for key in members(self.report, term)}
        return any(self._is_about(finding, key) for finding in self.doubts for key in keys)

    def _is_about(self, finding: Finding, key: Key) -> bool:
        """Whether a finding is about this figure: its cell, row or column, a group that it is in, or its table."""
        named = Key(key.resource, finding.row or key.row, finding.column or key.column)
        return finding.resource == key.resource and key in members(self.report, named)


def _proven_zeros(report: Report) -> Iterator[Key]:
    """The blanks on one side of an identity that holds without them, its other side being stated: all must be 0."""
    for result in identity_results(report):
        blank = set(result.blank)
        if result.verdict is Verdict.HOLDS and blank and any(blank.isdisjoint(side) for side in result.terms):
            for key in blank:
                figure = report.figures.get(key)
                if figure is None or figure.is_blank:
                    yield key


# ---------------------------------------------------------------- one indicator


def _value(indicator: Indicator, now: _Inputs, before: _Inputs | None) -> IndicatorValue:
    if indicator.kind == "days":
        return _days(indicator, now.report)
    if indicator.kind == "growth":
        return _growth(indicator, now, before)
    if indicator.kind == "stated":
        return _stated(indicator, now.report)
    top = now.total(indicator.numerator)
    in_doubt = now.in_doubt(indicator.numerator + indicator.denominator)
    if isinstance(top, str):
        return IndicatorValue(indicator.id, top, in_doubt=in_doubt)
    if indicator.kind == "bodies":
        none = Decimal(int(not top))
        return IndicatorValue(indicator.id, "given", none, Decimal(1), Decimal(1), none, in_doubt=in_doubt)
    return _quotient(indicator, now, top, in_doubt)


def _quotient(indicator: Indicator, now: _Inputs, top: Decimal, in_doubt: bool) -> IndicatorValue:
    bottom = now.total(indicator.denominator)
    beside = now.total(indicator.apart) if indicator.apart else "not_on_form"
    apart = None if isinstance(beside, str) else beside
    if isinstance(bottom, str):
        return IndicatorValue(indicator.id, bottom, top, apart=apart, in_doubt=in_doubt)
    if bottom <= 0:
        return IndicatorValue(indicator.id, "zero_denominator", top, bottom, bottom, apart=apart, in_doubt=in_doubt)
    bounds = wilson(top, bottom) if indicator.kind == "share" else None
    # A share of more than the whole says that the report's figures contradict each other, whether or not a check did.
    in_doubt = in_doubt or (indicator.kind == "share" and bounds is None)
    low, high = bounds or (None, None)
    value = (top / bottom).quantize(_DECIMALS)
    return IndicatorValue(indicator.id, "given", top, bottom, bottom, value, low, high, apart, in_doubt)


def _growth(indicator: Indicator, now: _Inputs, before: _Inputs | None) -> IndicatorValue:
    """The change from the year before; only where both reports cover the same scope."""
    if before is None:
        return IndicatorValue(indicator.id, "no_earlier_report")
    if before.report.scope != now.report.scope:
        return IndicatorValue(indicator.id, "unlike_scope")
    new, old = now.total(indicator.numerator), before.total(indicator.numerator)
    in_doubt = now.in_doubt(indicator.numerator) or before.in_doubt(indicator.numerator)
    if isinstance(new, str) or isinstance(old, str):
        return IndicatorValue(indicator.id, new if isinstance(new, str) else "blank", in_doubt=in_doubt)
    change = new - old
    if old <= 0:
        return IndicatorValue(indicator.id, "zero_denominator", change, old, old, in_doubt=in_doubt)
    value = (change / old).quantize(_DECIMALS)
    return IndicatorValue(indicator.id, "given", change, old, old, value, in_doubt=in_doubt)


def _days(indicator: Indicator, report: Report) -> IndicatorValue:
    """Days to publication; none where a date is missing, or the report is said to be older than its period's end.

    The deadline depends on the kind of agency, and is not known without it.
    """
    published, end = report.published, report.period_end
    if published is None or end is None or published <= end:
        return IndicatorValue(indicator.id, "no_date")
    if indicator.since == "deadline" and not report.agency.kind:
        return IndicatorValue(indicator.id, "no_kind")
    start = end if indicator.since == "period_end" else deadline(report.agency, report.year)
    days = Decimal((published - start).days)
    return IndicatorValue(indicator.id, "given", days, value=days)


def _stated(indicator: Indicator, report: Report) -> IndicatorValue:
    """The processing fees, which the prose alone states."""
    fee = read_fee(report)
    if fee is None:
        return IndicatorValue(indicator.id, "not_stated")
    return IndicatorValue(indicator.id, "given", fee.amount_cny, value=fee.amount_cny)


# ---------------------------------------------------------------- the data file


def _indicators(entry: dict[str, Any]) -> Iterator[Indicator]:
    """The indicators of an entry: one, or one for each part."""
    parts = entry.pop("each", {"": dict.fromkeys(WRITTEN_IN, "")})
    for code, names in parts.items():
        words = _words(names)
        yield Indicator(
            id=entry["id"].replace("{part}", code),
            topic=entry["topic"],
            kind=entry["kind"],
            numerator=_terms(entry, "numerator", code),
            denominator=_terms(entry, "denominator", code),
            apart=_terms(entry, "apart", code),
            since=entry.get("since", ""),
            main=entry.get("main", False),
            title=_words(entry["title"], words),
            definition=_words(entry["definition"], words),
            formula=_words(entry["formula"], words),
            source=_words(entry["source"], words),
            caveats={language: tuple(entry["caveats"][language]) for language in WRITTEN_IN},
        )


def _words(texts: Words, part: Words | None = None) -> Words:
    if set(texts) != set(WRITTEN_IN):
        raise ValueError(f"words lack a language: {texts!r}")
    return {language: text.replace("{part}", part[language]) if part else text for language, text in texts.items()}


def _terms(entry: dict[str, Any], name: str, code: str) -> tuple[Key, ...]:
    return tuple(Key(*address.replace("{part}", code).split(".")) for address in entry.get(name, ()))
