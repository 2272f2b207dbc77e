"""origin.toml -> Origin: what a person states about a report.

In: a TOML file that somebody wrote by hand. Out: an ``Origin``. A key that is not known, a value of another type, an
address that is no web address: each is an error that says what is expected, since a statement that is quietly
dropped is worse than none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from gongkai.errors import UnreadableFile
from gongkai.model import Origin, Scope

SIZE_LIMIT = 100_000
"""Bytes; a statement of ten lines has no need of more."""

_TEXT_LIMIT = 2000
_URL = re.compile(r"https?://[^\s<>\"'\\\x00-\x20]+", re.IGNORECASE)


def read_origin(path: Path | None) -> Origin:
    """What the file states; nothing if there is none. Raises ``UnreadableFile`` with what is wrong in it."""
    if path is None:
        return Origin()
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
        if len(content) > SIZE_LIMIT:
            raise UnreadableFile(f"{path.name}: larger than {SIZE_LIMIT} bytes; state only {', '.join(_RULES)}")
        stated = tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{path.name}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name}: not TOML in UTF-8: {error}; write lines such as: year = 2023") from error
    for name, value in stated.items():
        if name not in _RULES:
            raise UnreadableFile(f"{path.name}: {name!r} is not a known key; use {', '.join(_RULES)}")
        holds, expected = _RULES[name]
        if not holds(value):
            raise UnreadableFile(f"{path.name}: {name} must be {expected}")
    return Origin(**stated)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= _TEXT_LIMIT and value.isprintable()


def _is_note(value: Any) -> bool:
    return isinstance(value, str) and _is_text(value.replace("\n", " "))


def _is_year(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 2008 <= value <= 2100


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_url(value: Any) -> bool:
    return _is_text(value) and _URL.fullmatch(value) is not None


_TEXT = (_is_text, "a text of one line in quotes")
_DATE = (_is_date, "a date without quotes, such as 2024-01-30")
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "agency": (_is_text, 'the agency\'s full official name in quotes, such as "示例市财政局"'),
    "year": (_is_year, "the year that the report covers, such as 2023, from 2008 on"),
    "scope": (lambda value: value in get_args(Scope), f"one of {', '.join(get_args(Scope))}, in quotes"),
    "url": (_is_url, "a web address that begins with https:// or http://, in quotes"),
    "publisher": _TEXT,
    "published": _DATE,
    "retrieved": _DATE,
    "licence": _TEXT,
    "note": (_is_note, "a text in quotes"),
    "replace": (lambda value: isinstance(value, bool), "true or false"),
}
