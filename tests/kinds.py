"""A folder of pages -> one page of each kind.

In: the folder of a built site. Out: for each kind of page and language (``agency/*/``, ``en/agency/*/``) the path of
one page below the folder. The kinds are those of the registry, so that a new one is looked at from its first day; a
page of no kind is an error.
"""

from __future__ import annotations

import re
from pathlib import Path

from gongkai.publish.language import LANGUAGES
from gongkai.publish.pages import page_kinds


def pages_by_kind(folder: Path) -> dict[str, Path]:
    """The heaviest page of each kind, which shows most."""
    pages: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.html"), key=lambda path: (path.stat().st_size, path)):
        name = path.relative_to(folder)
        pages[kind_of(name.as_posix().removesuffix("index.html"))] = name
    return dict(sorted(pages.items()))


def kind_of(address: str) -> str:
    """The kind of the page at an address below the site's, as a pattern. Raises ``LookupError`` if it is of none."""
    prefixes = sorted((entry.prefix for entry in LANGUAGES), key=len, reverse=True)
    prefix = next(prefix for prefix in prefixes if address.startswith(prefix))
    matching = [kind for kind in page_kinds() if kind.matches(address.removeprefix(prefix))]
    if len(matching) != 1:
        raise LookupError(f"{address}: of {len(matching)} kinds: {[kind.name for kind in matching]}")
    return prefix + re.sub(r"\{.*?\}", "*", matching[0].address)
