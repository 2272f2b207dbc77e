"""The registry and ``rules.toml`` -> the checks as pages tell them: what each one asks, and whose rule it is.

In: the entries of the registry, and the data file with their words. Out: a ``Rule`` for each check, in the order in
which pages list them, and the words for a reason why a check does not apply. A check without words, or words without a
check, is an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gongkai.checks.registry import CHECKS
from gongkai.data_files import WRITTEN_IN, data_files
from gongkai.errors import UsageError
from gongkai.model import Severity

_RULES = data_files(__file__, "rules.toml")
_SIDE = re.compile(r"%\((expected|actual)\)s")


@dataclass(frozen=True, slots=True)
class Rule:
    """A check and its words by language: its title, what it asks in plain words, and what its findings say."""

    check: str
    severities: tuple[Severity, ...]
    two_sided: bool
    title: Mapping[str, str]
    plain: Mapping[str, str]
    finding: Mapping[str, str]
    """``%(expected)s`` and ``%(actual)s`` stand for the two sides."""
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check does not apply: the reasons that ``pattern`` fits, and how pages say them, by language."""

    pattern: re.Pattern[str]
    words: Mapping[str, str]


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by the name of its check. Raises ``UsageError`` if the file is not as it must be."""
    path = _RULES["rules.toml"]
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        words = {entry.pop("check"): entry for entry in entries}
        if len(words) < len(entries):
            raise ValueError("a check has two rules")
        if differing := words.keys() ^ CHECKS.keys():
            raise ValueError(f"{', '.join(sorted(differing))}: in rules.toml or in registry.py alone")
        rules = [Rule(id, CHECKS[id].severities, CHECKS[id].two_sided, **words[id]) for id in words]
        if any(set(said) != set(WRITTEN_IN) for rule in rules for said in (rule.title, rule.plain, rule.finding)):
            raise ValueError(f"a rule lacks its words in {' or '.join(WRITTEN_IN)}")
        if any(set(_SIDE.sub("", text)) & set("%{}") for rule in rules for text in rule.finding.values()):
            raise ValueError("a finding has another placeholder than %(expected)s and %(actual)s")
        if any(len({frozenset(_SIDE.findall(text)) for text in rule.finding.values()}) > 1 for rule in rules):
            raise ValueError("a finding has other placeholders in another language")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{path}: not a list of rules: {error!r}") from error
    return {rule.check: rule for rule in rules}


@cache
def load_reasons() -> tuple[Reason, ...]:
    """The reasons why a check does not apply. Raises ``UsageError`` if the file is not as it must be."""
    path = _RULES["rules.toml"]
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["reason"]
        reasons = tuple(Reason(re.compile(entry["pattern"]), entry["words"]) for entry in entries)
        if any(set(reason.words) != set(WRITTEN_IN) for reason in reasons):
            raise ValueError(f"a reason lacks its words in {' or '.join(WRITTEN_IN)}")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        raise UsageError(f"{path}: not a list of reasons: {error!r}") from error
    return reasons


def reason_words(reason: str) -> Mapping[str, str] | None:
    """How pages say a reason, by language; ``None`` where no words are known for it."""
    return next((known.words for known in load_reasons() if known.pattern.fullmatch(reason)), None)


def two_sided_checks() -> frozenset[str]:
    """The checks that set a figure against another one."""
    return frozenset(check.id for check in CHECKS.values() if check.two_sided)


def is_contradiction(check: str, severity: Severity) -> bool:
    """Whether a finding is of two figures that ought to be one and differ: what pages paint red, and nothing else."""
    return severity != "info" and check in CHECKS and CHECKS[check].two_sided
