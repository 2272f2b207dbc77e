"""``rules.toml`` -> the checks in plain words: the one list of what may find something.

In: the data file. Out: a ``Rule`` for each check, in the order in which pages list them. A check computes elsewhere;
here is only what it asks, how grave its findings are, and whose rule it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from gongkai.data_files import data_files
from gongkai.errors import UsageError
from gongkai.model import Severity

LooksAt = Literal["report", "years", "agencies"]

_RULES = data_files(__file__, "rules.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """A check. ``title`` and ``plain`` are by language (``zh``, ``en``); ``looks_at`` says which reports it needs.

    ``thresholds`` are the numbers, by name, from which on something counts as unusual.
    """

    check: str
    looks_at: LooksAt
    severities: tuple[Severity, ...]
    title: Mapping[str, str]
    plain: Mapping[str, str]
    source: str
    thresholds: Mapping[str, int] = field(default_factory=dict)
    two_sided: bool = False
    """It sets a figure against another one, so that the other can be shown beside it."""


@cache
def load_rules() -> Mapping[str, Rule]:
    """Every rule by the name of its check. Raises ``UsageError`` if the file is not as it must be."""
    path = _RULES["rules.toml"]
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        rules = [Rule(**entry | {"severities": tuple(entry["severities"])}) for entry in entries]
        if any(set(words) != {"zh", "en"} for rule in rules for words in (rule.title, rule.plain)):
            raise ValueError("a rule lacks its words in zh or en")
        if any(type(number) is not int for rule in rules for number in rule.thresholds.values()):
            raise ValueError("a threshold is no whole number")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: not a list of rules: {error!r}") from error
    if len({rule.check for rule in rules}) < len(rules):
        raise UsageError(f"{path}: a check has two rules; keep one")
    return {rule.check: rule for rule in rules}


@cache
def two_sided_checks() -> frozenset[str]:
    """The checks that set a figure against another one."""
    return frozenset(rule.check for rule in load_rules().values() if rule.two_sided)


def is_contradiction(check: str, severity: Severity) -> bool:
    """Whether a finding is of two figures that ought to be one and differ: what pages paint red, and nothing else."""
    return severity != "info" and check in two_sided_checks()
