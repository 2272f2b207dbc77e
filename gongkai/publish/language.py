"""The languages of the site, and the words, numbers and dates of one.

In: the messages of the templates, the words of our data files, and a language's message catalog
(``locales/<locale>/LC_MESSAGES/gongkai.po``). Out: a ``Language`` that translates every message and formats numbers and
dates. Message ids are English, so that English needs no catalog. Data files are written in the languages of
``WRITTEN_IN``; in any other their English is a message like those of the templates. A message that has no translation,
or one with other placeholders, fails the build (``UsageError``): a page is never half translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages import Catalog
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from gongkai.errors import UsageError

SOURCE = "en_GB"
"""The locale that message ids are written in: its messages are their own translation."""


class LanguageEntry(NamedTuple):
    """A language of the site: what ``lang=`` says, the locale of its catalog, and the folder that its pages lie in."""

    tag: str
    locale: str
    prefix: str


LANGUAGES = (
    LanguageEntry("zh-Hans", "zh_Hans", ""),
    LanguageEntry("en", SOURCE, "en/"),
)
"""The languages of the site. The first lies at the root, and is shown to those whose language isn't known."""

ENGLISH = "en"
"""The language of data files whose words are the messages of all others."""

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
    plural_of: Callable[[int], int]
    """Which of a catalog's plural forms a number takes, counted from 0."""

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
        return translation[min(self.plural_of(int(number)), len(translation) - 1)]

    def words(self, texts: Mapping[str, str]) -> str:
        """Words of a data file, which are by language."""
        return texts[key] if (key := language_key(self.tag)) in texts else self.gettext(texts[ENGLISH])

    def list_of_words(self, texts: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """Several words of a data file, one after another."""
        if (key := language_key(self.tag)) in texts:
            return texts[key]
        return [self.gettext(text) for text in texts[ENGLISH]]

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


def language_key(tag: str) -> str:
    """What data files call a language: the first part of its tag."""
    return tag.partition("-")[0]


def load_language(
    entry: LanguageEntry, locales: Path, used: Iterable[Message], data_words: Iterable[Mapping[str, str]] = ()
) -> Language:
    """The language whose catalog translates every message of ``used``, and of ``data_words`` those that lack it.

    Raises ``UsageError`` where a translation is missing, or is not one.
    """
    key = language_key(entry.tag)
    messages = [*used, *(texts[ENGLISH] for texts in data_words if key not in texts)]
    locale = Locale.parse(entry.locale)
    if entry.locale == SOURCE:
        own = {_identifier(message): message for message in messages}
        return Language(entry.tag, locale, entry.prefix, _checked(locales, own), lambda number: int(number != 1))
    path = catalog_path(locales, entry.locale)
    catalog = read_catalog(path, entry.locale)
    translated = _checked(path, {_identifier(message): _translation(catalog, message) for message in messages})
    return Language(entry.tag, locale, entry.prefix, translated, c2py(catalog.plural_expr))


def catalog_path(locales: Path, locale: str) -> Path:
    return locales / locale / "LC_MESSAGES" / "gongkai.po"


def read_catalog(path: Path, locale: str) -> Catalog:
    """Raises ``UsageError`` if there is none, or it is damaged."""
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


def _checked(path: Path, translations: Mapping[str, Message]) -> Mapping[str, Message]:
    """The translations by message; ``UsageError`` if one is empty, or has other placeholders than its message."""
    missing = [message for message, translation in translations.items() if not all(_parts(translation))]
    if missing:
        more = f", nor of {len(missing) - 1} others" if len(missing) > 1 else ""
        raise UsageError(f"{path}: no translation of {missing[0]!r}{more}: add what is missing")
    for message, translation in translations.items():
        named = set(PLACEHOLDER.findall(message))
        if any(set(PLACEHOLDER.findall(part)) != named for part in _parts(translation)):
            raise UsageError(f"{path}: the translation of {message!r} has other placeholders: make them the same")
    return translations


def _parts(translation: Message) -> tuple[str, ...]:
    return (translation,) if isinstance(translation, str) else translation
