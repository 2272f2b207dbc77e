"""A folder of pages -> one page of each kind.

In: the folder of a built site. Out: for each kind of page and language (``agency/*/``, ``en/agency/*/``) the path of
one page below the folder. Kinds are found, not listed, so that a new kind of page is looked at from its first day.
"""

from __future__ import annotations

import re
from pathlib import Path

VARIABLE = ((r"^(en/)?(agency|region|indicators)/[^/]+/", r"\1\2/*/"), (r"/\d{4}/", "/*/"))
"""The parts of an address that name a thing, not a kind of page."""


def pages_by_kind(folder: Path) -> dict[str, Path]:
    """The heaviest page of each kind, which shows most."""
    pages: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.html"), key=lambda path: (path.stat().st_size, path)):
        name = path.relative_to(folder)
        kind = name.as_posix().removesuffix("index.html")
        for pattern, replacement in VARIABLE:
            kind = re.sub(pattern, replacement, kind)
        pages[kind] = name
    return dict(sorted(pages.items()))
