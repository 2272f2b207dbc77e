"""site_templates/ -> pages as text, in each language of the site.

In: the folder of templates, their message catalogs and their glossary. Out: ``render``. An unknown name in a template,
or a message without a translation, fails the build. What data says is escaped, and characters that no page should hold
(controls, and those that turn the direction of text around) are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from gongkai import __version__
from gongkai.checks.figure_groups import PREFIX_GROUPS
from gongkai.checks.rules import is_contradiction, load_rules, reason_words
from gongkai.model import RESOURCES
from gongkai.package.schema import table_schema
from gongkai.publish import language as languages
from gongkai.publish.colours import load_colours
from gongkai.publish.data_words import data_words
from gongkai.publish.glossary import load_glossary
from gongkai.publish.language import Language, Message, load_language
from gongkai.read import formats
from gongkai.read.formats import format_of, method_of

UNWANTED = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n"),
        *(0x7F, 0xFFFE, 0xFFFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)


class _Compiled(BytecodeCache):
    """Templates are compiled once a process and language: compiling takes longer than the pages of a small site."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - it need not be text
        """The name alone: a checkout may lie in a folder whose name is no text in the machine's encoding."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from the same source, which the bucket compares by its checksum."""
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED: dict[str, _Compiled] = defaultdict(_Compiled)
"""By the language's tag."""


class Templates:
    def __init__(self, folder: Path, words: Iterable[Message] = ()) -> None:
        """``words`` are messages that no template has, but that are translated too.

        Raises ``UsageError`` if a language lacks a translation, ``TemplateError`` if a template is wrong.
        """
        used = dict.fromkeys((*messages_of(folder), *words))
        of_data = tuple(data_words(folder))
        locales = folder / "locales"
        self.languages = tuple(load_language(entry, locales, used, of_data) for entry in languages.LANGUAGES)
        self._environments = {language.tag: environment_of(folder, language) for language in self.languages}

    def render(self, language: Language, template: str, **context: Any) -> str:
        text = self._environments[language.tag].get_template(template).render(context)
        return text.translate(UNWANTED)


def environment_of(folder: Path, language: Language | None = None) -> Environment:
    """The templates of a folder, with the filters and names that they have in a language; without one, to be parsed."""
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED[language.tag] if language else None,
    )
    if language:
        glossary = load_glossary(folder, language.tag, language.words)
        env.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined] # added by the extension
        env.filters |= {
            "translated": language.gettext,
            "worded": language.words,
            "reason": lambda reason: language.words(words) if (words := reason_words(reason)) else "",
            "each_worded": language.list_of_words,
            "number": language.number,
            "signed": language.signed,
            "stated": language.stated,
            "percent": language.percent,
            "date": language.date,
            "bytes": language.bytes,
            "web_address": web_address,
            "coordinate": coordinate,
            "chinese": glossary.chinese,
            "quoting": glossary.quoting,
            "glossed": glossary.glossed,
            "named": glossary.named,
        }
        env.globals |= {
            "lang": language.tag,
            "in_chinese": glossary.lang,
            "section_gloss": glossary.sections,
            "version": __version__,
            "resources": RESOURCES,
            "groups": PREFIX_GROUPS,
            "rules": rule_words(language),
            **format_words(language),
            "is_contradiction": is_contradiction,
            "colours": load_colours(folder),
            "table_title": lambda name: table_schema(name).title,
        }
    return env


def messages_of(folder: Path) -> Sequence[Message]:
    """Every message that a template asks to be translated, in the templates' order."""
    names = environment_of(folder).list_templates(extensions=["html", "svg", "txt"])
    sources = [(folder / name).read_text(encoding="utf-8") for name in names]
    return tuple(dict.fromkeys(message for source in sources for message in _messages_in(source)))


@cache
def _messages_in(source: str) -> Sequence[Message]:
    env = environment_of(Path())
    messages: list[Message] = []
    for _, _, message in env.extract_translations(source):  # type: ignore[attr-defined] # added by the extension
        parts = (message,) if isinstance(message, str) else tuple(part for part in message if part)
        messages.append(parts if len(parts) > 1 else parts[0])
    return messages


def coordinate(value: float) -> str:
    """A position or a length in a drawing, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rule_words(language: Language) -> dict[str, dict[str, str | bool]]:
    """Every check with its words in that language."""
    return {
        check: {
            "title": language.words(rule.title),
            "plain": language.words(rule.plain),
            "finding": Markup(language.words(rule.finding)),  # noqa: S704 - our own words; what is put in is escaped
            "two_sided": rule.two_sided,
        }
        for check, rule in load_rules().items()
    }


def format_words(language: Language) -> dict[str, Any]:
    """What pages say of the formats of reports, and of how their figures are read."""

    def said(words: formats.Words) -> str:
        return language.words(words._asdict())

    scanned = [said(each.pictures) for each in formats.FORMATS if each.pictures]
    return {
        "formats_to_save_in": language.any_of([said(each.saved_as) for each in formats.FORMATS]),
        "formats_read": language.any_of([*(said(each.name) for each in formats.FORMATS), *scanned]),
        "formats_not_read": language.all_of([said(other.told) for other in formats.UNREAD if other.told]),
        "reader_words": lambda code: said(method_of(code).words),
        "opens_at_page": lambda suffix: (known := format_of(suffix)) is not None and known.opens_at_page,
    }


def web_address(text: str | None) -> str:
    """The text if it is an address of the web, else nothing: no other scheme may become a link."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return ""
    return text or "" if parts.scheme in ("http", "https") and parts.netloc else ""
