"""The words, numbers and dates of one language of the site.

In: the messages of the templates and the message catalog (``locales/<locale>/LC_MESSAGES/gongkai.po``). Out: a
``Language`` that translates every message and formats numbers and dates. Message ids are English, so that English needs
no catalog. A message that has no translation, or one with other placeholders, fails the build (``UsageError``): a page
is never half translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages import Catalog
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from gongkai.errors import UsageError

SOURCE = "en_GB"
"""The locale that message ids are written in: its messages are their own translation."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
WRITTEN = re.compile(r"[0-9]{1,18}(\.[0-9]{1,10})?", re.ASCII)
Message = str | tuple[str, ...]
"""A message id, or the singular and the plural of one."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language. ``tag`` is what ``lang=`` says; ``prefix`` is where its pages lie, ``""`` or ``"en/"``."""

    tag: str
    locale: Locale
    prefix: str
    messages: Mapping[str, Message]

    @property
    def name(self) -> str:
        """What the language calls itself, to those who look for it: 中文, English."""
        return str(self.locale.get_language_name(self.locale))

    def gettext(self, message: str) -> str:
        translation = self.messages[message]
        return translation if isinstance(translation, str) else translation[0]

    def ngettext(self, singular: str, _plural: str, number: int) -> str:
        translation = self.messages[singular]
        if isinstance(translation, str):
            return translation
        return translation[min(self.locale_plural(number), len(translation) - 1)]

    def locale_plural(self, number: int) -> int:
        """Which of the catalog's plural forms a number takes, counted from 0."""
        return 0 if self.locale.plural_form(number) == "one" else 1

    def number(self, value: Decimal | int) -> str:
        return format_decimal(value, format="#,##0.##########", locale=self.locale)

    def signed(self, value: Decimal | int) -> str:
        """A change: with its sign (a true minus), and 0 without one."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + self.number(value.copy_abs() if isinstance(value, Decimal) else abs(value))

    def stated(self, text: str) -> str:
        """A side of a finding: a number as numbers are written, else as it is."""
        return self.number(Decimal(text)) if WRITTEN.fullmatch(text) else text

    def percent(self, value: Decimal) -> str:
        """A share that is given in per cent, to one decimal."""
        return format_decimal(round(value, 1), format="#,##0.0", locale=self.locale) + "%"

    def bytes(self, size: int) -> str:
        """A file's size, rounded up to whole kilobytes."""
        return self.number(-(-size // 1000)) + " kB"

    def any_of(self, names: Sequence[str]) -> str:
        """Several names as a list of which one is chosen: A, B or C."""
        return format_list(names, style="or", locale=self.locale)

    def all_of(self, names: Sequence[str]) -> str:
        """Several names as a list: A, B and C."""
        return format_list(names, locale=self.locale)

    def date(self, value: date) -> str:
        return format_date(value, format="long", locale=self.locale)


def load_language(tag: str, locale: str, prefix: str, locales: Path, used: Iterable[Message]) -> Language:
    """The language whose catalog translates every message of ``used``; else ``UsageError``."""
    if locale == SOURCE:
        messages = {_identifier(message): _checked(locales, message, message) for message in used}
    else:
        path = locales / locale / "LC_MESSAGES" / "gongkai.po"
        catalog = _read_catalog(path, locale)
        messages = {_identifier(message): _checked(path, message, _translation(catalog, message)) for message in used}
    return Language(tag, Locale.parse(locale), prefix, messages)


def _read_catalog(path: Path, locale: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise UsageError(f"{path}: the translations can't be read: {error}") from error


def _identifier(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def _translation(catalog: Catalog, message: Message) -> Message:
    """The translation, or an empty one where there is none that can be trusted."""
    entry = catalog.get(_identifier(message))
    text = entry.string if entry and not entry.fuzzy else ""
    return text if isinstance(text, str) else tuple(text or ("",))


def _checked(path: Path, message: Message, translation: Message) -> Message:
    """The translation; ``UsageError`` if it is empty, or has other placeholders than the message."""
    identifier = _identifier(message)
    parts = (translation,) if isinstance(translation, str) else tuple(translation)
    if not all(parts):
        raise UsageError(f"{path}: no translation of {identifier!r}: add one")
    if any(set(PLACEHOLDER.findall(part)) != set(PLACEHOLDER.findall(identifier)) for part in parts):
        raise UsageError(f"{path}: the translation of {identifier!r} has other placeholders: make them the same")
    return translation if isinstance(translation, str) else parts
