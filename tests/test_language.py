"""A language is an entry and a catalog; every page is in it then, and a missing word fails the build by its name."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from gongkai.errors import UsageError
from gongkai.publish import language as languages
from gongkai.publish.language import LANGUAGES, SOURCE, LanguageEntry, catalog_path, load_language
from gongkai.publish.new_catalog import new_catalog
from gongkai.publish.site import registry_words, render_site
from gongkai.publish.templates import Templates
from tests.builders import AGENCY, make_package

TEMPLATES = Path(__file__).parents[1] / "site_templates"
INVENTED = LanguageEntry("fr", "fr", "fr/")


def templates_with(folder: Path, *, without: str = "") -> Path:
    """The templates with a catalog for the invented language: every message is its own translation, with a mark."""
    shutil.copytree(TEMPLATES, folder)
    catalog = new_catalog(INVENTED.locale, folder)
    for message in catalog:
        if message.id and message.id != without:
            message.string = tuple(f"¡{part}" for part in message.id) if message.pluralizable else f"¡{message.id}"
    path = catalog_path(folder / "locales", INVENTED.locale)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    return folder


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    (tmp_path / "datasets").mkdir()
    make_package(tmp_path / "datasets")
    return tmp_path / "datasets"


def test_a_new_language_is_an_entry_and_a_catalog(
    datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "LANGUAGES", (*LANGUAGES, INVENTED))
    site = tmp_path / "site"
    assert render_site(datasets, site, base_url="https://example.org/", templates=templates_with(tmp_path / "t")) == ()

    pages = {path.relative_to(site) for path in site.rglob("*.html")}
    chinese = {page for page in pages if page.parts[0] not in ("en", "fr")}
    assert {page.relative_to("fr") for page in pages if page.parts[0] == "fr"} == chinese
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert sitemap.count("/fr/") == sitemap.count("/en/") > 0
    for page in chinese:
        text = (site / "fr" / page).read_text(encoding="utf-8")
        assert '<html lang="fr">' in text
        assert re.findall(r'hreflang="([\w-]+)" lang="\1">([^<]+)', text) == [("zh-Hans", "中文"), ("en", "English")]
        assert 'hreflang="fr" lang="fr">français</a>' in (site / page).read_text(encoding="utf-8")
    method = (site / "fr" / "method" / "index.html").read_text(encoding="utf-8")
    assert "<dt>¡Received and handled balance <code>" in method
    report = (site / "fr" / "agency" / AGENCY.id / "2023" / "index.html").read_text(encoding="utf-8")
    assert '<span class="gloss">¡Total</span>' in report
    with zipfile.ZipFile(site / "agency" / AGENCY.id / "2023" / f"{AGENCY.id}-2023.zip") as archive:
        readme = archive.read(f"{AGENCY.id}-2023/README.txt").decode()
    assert [f"\n{word}" in readme for word in ("机关：", "Agency: ", "¡Agency")] == [True] * 3


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("Skip to the content", id="of-a-template"),
        pytest.param("Received and handled balance", id="of-a-check"),
        pytest.param("Full disclosure rate", id="of-an-indicator"),
        pytest.param("character recognition", id="of-a-format"),
        pytest.param("Commercial enterprises", id="of-the-glossary"),
        pytest.param("What the checks found, with both sides", id="of-a-table"),
    ],
)
def test_a_word_that_a_language_lacks_fails_the_build_and_is_named_with_its_file(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "LANGUAGES", (*LANGUAGES, INVENTED))
    folder = templates_with(tmp_path / "t", without=word)
    with pytest.raises(UsageError, match=re.escape(f"no translation of {word!r}")) as caught:
        Templates(folder, registry_words())
    assert str(folder / "locales/fr/LC_MESSAGES/gongkai.po") in str(caught.value)


def test_all_that_is_missing_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "gongkai.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\nmsgstr "á"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no translation of 'b', nor of 2 others"):
        load_language(INVENTED, tmp_path, ["a", "b", "c"], [{"zh": "丁", "en": "d"}])


@pytest.mark.parametrize(("number", "form"), [(1, "a"), (2, "b"), (5, "c"), (22, "b")])
def test_a_language_counts_by_the_rule_of_its_catalog(number: int, form: str, tmp_path: Path) -> None:
    path = tmp_path / "pl" / "LC_MESSAGES" / "gongkai.po"
    path.parent.mkdir(parents=True)
    rule = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"
    path.write_text(
        f'msgid ""\nmsgstr ""\n"Plural-Forms: {rule};\\n"\n\n'
        'msgid "%(num)s one"\nmsgid_plural "%(num)s many"\n'
        'msgstr[0] "%(num)s a"\nmsgstr[1] "%(num)s b"\nmsgstr[2] "%(num)s c"\n',
        encoding="utf-8",
    )
    polish = load_language(LanguageEntry("pl", "pl", "pl/"), tmp_path, [("%(num)s one", "%(num)s many")])
    assert polish.ngettext("%(num)s one", "%(num)s many", number) == f"%(num)s {form}"


def test_the_documentation_lists_every_language() -> None:
    text = (TEMPLATES.parent / "docs" / "site.md").read_text(encoding="utf-8")
    rows = [
        f"| `{entry.tag}` | `{entry.locale}` | `/{entry.prefix}` | "
        + (f"`site_templates/locales/{entry.locale}/LC_MESSAGES/gongkai.po` |" if entry.locale != SOURCE else "– |")
        for entry in LANGUAGES
    ]
    section = text.partition("## Languages")[2].partition("\n## ")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows
    assert all((TEMPLATES.parent / path).is_file() for path in re.findall(r"`(site_templates/[^`]+)`", section))


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        pytest.param('msgid "a"\nmsgstr ""\n', "no translation of 'a'", id="empty"),
        pytest.param('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n', "no translation of 'a'", id="fuzzy"),
        pytest.param('msgid "b"\nmsgstr "乙"\n', "no translation of 'a'", id="absent"),
        pytest.param('msgid "a"\nmsgstr "%(x)s"\n', "other placeholders", id="another-placeholder"),
        pytest.param('msgid "a\n', "can't be read", id="broken"),
    ],
)
def test_a_message_without_a_right_translation_fails_the_build(tmp_path: Path, messages: str, wrong: str) -> None:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "gongkai.po"
    path.parent.mkdir(parents=True)
    path.write_text(messages, encoding="utf-8")
    with pytest.raises(UsageError, match=wrong):
        load_language(LANGUAGES[0], tmp_path, ["a"])


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        pytest.param("", "no translation", id="empty"),
        pytest.param(("%(num)s finding", "all findings"), "other placeholders", id="plural-without-its-number"),
    ],
)
def test_english_is_checked_as_a_translation_of_itself(
    tmp_path: Path, message: str | tuple[str, str], wrong: str
) -> None:
    with pytest.raises(UsageError, match=wrong):
        load_language(LANGUAGES[1], tmp_path, [message])


def test_english_has_a_singular_and_a_plural(tmp_path: Path) -> None:
    one, many = "%(num)s finding", "%(num)s findings"
    english = load_language(LANGUAGES[1], tmp_path, [(one, many)])
    assert [english.ngettext(one, many, number) for number in (0, 1, 2)] == [many, one, many]


def test_no_translation_is_left_over() -> None:
    catalog = (TEMPLATES / "locales/zh_Hans/LC_MESSAGES/gongkai.po").read_text(encoding="utf-8")
    language = Templates(TEMPLATES, registry_words()).languages[0]
    assert re.findall(r'^msgid "(.+)"$', catalog, re.MULTILINE) == sorted(
        language.messages, key=lambda message: catalog.index(f'msgid "{message}"\n')
    )


def test_a_catalog_to_go_on_with_has_what_was_translated_and_lacks_nothing(tmp_path: Path) -> None:
    chinese = new_catalog("zh_Hans")
    assert {message.id if isinstance(message.id, str) else message.id[0] for message in chinese if message.id} == set(
        Templates(TEMPLATES, registry_words()).languages[0].messages
    )
    assert all(message.string and all(message.string) for message in chinese if message.id)
    folder = templates_with(tmp_path / "t", without="Skip to the content")
    begun = new_catalog(INVENTED.locale, folder)
    assert [message.id for message in begun if message.id and not message.string] == ["Skip to the content"]
    assert begun.get("Total").string == "¡Total"  # type: ignore[union-attr] # it is there
