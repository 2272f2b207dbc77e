"""Chinese words on pages of another language: marked as Chinese, with their English or their pinyin beside them.

In: ``glossary.toml`` beside the templates (English for the official form's labels, by label) and a page's language.
Out: HTML. What an agency is called and what a report or a form says stays as it is written; on a Chinese page nothing
is added. A word that the glossary lacks, such as a stranger's heading, stands alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from gongkai.errors import UsageError
from gongkai.names.romanize import pinyin

CHINESE = "zh-Hans"
PINYIN = "zh-Latn-pinyin"

RUNS = re.compile("([\u4e00-\u9fff][\u3000-\u303f\u4e00-\u9fff\uff00-\uffef0-9]*)")
"""Chinese characters, with the numbers and full-width signs between them."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """``labels`` is English by official label, ``sections`` by number; ``tag`` is the language of the page."""

    tag: str
    labels: Mapping[str, str]
    sections: Mapping[int, str]

    @property
    def is_chinese(self) -> bool:
        return self.tag == CHINESE

    @property
    def lang(self) -> Markup:
        """The attribute of an element whose text is Chinese; nothing where the page is."""
        return Markup("") if self.is_chinese else Markup(' lang="{}"').format(CHINESE)

    def chinese(self, text: str) -> Markup:
        """Text in Chinese, marked as such."""
        return escape(text) if self.is_chinese or not text else Markup("<span{}>{}</span>").format(self.lang, text)

    def quoting(self, text: str) -> Markup:
        """Text in the page's language that holds Chinese, such as the number of a circular: that is marked."""
        return escape(text) if self.is_chinese else Markup("").join(self._piece(part) for part in RUNS.split(text))

    def _piece(self, text: str) -> Markup:
        return self.chinese(text) if RUNS.fullmatch(text) else escape(text)

    def glossed(self, text: str, english: str = "") -> Markup:
        """A label of the form with its English: ``english``, or else what the glossary has."""
        gloss = english or self.labels.get(text, "")
        if self.is_chinese or not gloss:
            return self.chinese(text)
        return Markup('{} <span class="gloss">{}</span>').format(self.chinese(text), gloss)

    def named(self, name: str) -> Markup:
        """The name of an agency or a place with its pinyin, in which two names may look the same."""
        if self.is_chinese or name.isascii():
            return escape(name)
        template = Markup('{} <span class="pinyin" lang="{}">{}</span>')
        return template.format(self.chinese(name), PINYIN, pinyin(name))


def load_glossary(folder: Path, tag: str, words: Callable[[Mapping[str, str]], str] | None = None) -> Glossary:
    """The glossary of a folder of templates for pages of a language. Raises ``UsageError`` if its file is not one.

    ``words`` chooses among words by language; without it, what stands beside Chinese is English.
    """
    sections, labels = _read(folder / "glossary.toml")
    if words:
        labels = {label: words(_by_language(label, english)) for label, english in labels.items()}
        sections = {number: words(_by_language("", english)) for number, english in sections.items()}
    return Glossary(tag, labels, sections)


def glossary_words(folder: Path) -> Iterator[Mapping[str, str]]:
    """The words of the glossary by language."""
    sections, labels = _read(folder / "glossary.toml")
    yield from (_by_language(label, english) for label, english in labels.items())
    yield from (_by_language("", english) for english in sections.values())


def _by_language(chinese: str, english: str) -> Mapping[str, str]:
    """On a Chinese page nothing stands beside the Chinese, so that it needs no translation."""
    return {"zh": chinese, "en": english}


def _read(path: Path) -> tuple[dict[int, str], dict[str, str]]:
    """English of the sections by number, and of the labels."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return {int(number): english for number, english in data["sections"].items()}, dict(data["labels"])
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError(f"{path}: not a glossary: {error!r}") from error
