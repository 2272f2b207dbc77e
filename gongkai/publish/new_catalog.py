"""``python -m gongkai.publish.new_catalog fr > gongkai.po``: a message catalog to begin, or to go on with, a language.

In: a locale. Out: every message that the site needs in that language, in the order of the templates and then of our
data files, with the translation that ``site_templates/locales`` has of it, or none. It writes no file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

from gongkai.publish.data_words import data_words
from gongkai.publish.language import ENGLISH, catalog_path, language_key, read_catalog
from gongkai.publish.site import registry_words
from gongkai.publish.templates import messages_of

TEMPLATES = Path(__file__).parents[2] / "site_templates"


def new_catalog(locale: str, templates: Path = TEMPLATES) -> Catalog:
    """The catalog of a locale as it is, with every message that it lacks. Raises ``UsageError`` if it is damaged."""
    path = catalog_path(templates / "locales", locale)
    catalog = Catalog(locale, header_comment=f"# The words of the site in {locale}.", project="Gongkai", fuzzy=False)
    before = read_catalog(path, locale) if path.is_file() else catalog
    key = language_key(locale.replace("_", "-"))
    of_data = (texts[ENGLISH] for texts in data_words(templates) if key not in texts)
    for message in (*messages_of(templates), *registry_words(), *of_data):
        identifier = message if isinstance(message, str) else message[0]
        if catalog.get(identifier) is None:
            kept = before.get(identifier)
            catalog.add(message, kept.string if kept and not kept.fuzzy else "")
    return catalog


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A message catalog to begin a language of the site with.")
    parser.add_argument("locale", help="such as fr or pt_BR")
    write_po(sys.stdout.buffer, new_catalog(parser.parse_args().locale), width=0)
