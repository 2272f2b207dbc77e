"""What a page weighs, compressed as Pages sends it. Run it with `make weights`.

In: the site in site/. Out: a table on standard output: for the heaviest page of each kind and language its HTML, and
that with its style sheets and scripts; pictures are counted apart, uncompressed. Then all style sheets and scripts.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.kinds import pages_by_kind

SITE = Path("site")
HTML_LIMIT, TOTAL_LIMIT = 50_000, 100_000
"""A page at most, in bytes: its HTML, and all told before pictures."""

ASSET = re.compile(r'<(?:link rel="stylesheet"|link rel="icon"[^>]*|script) (?:href|src)="([^"?#]+)"')
PICTURE = re.compile(r'<img\b[^>]*\bsrc="([^"?#]+)"')


@dataclass(frozen=True, slots=True)
class Weight:
    """In bytes: ``html`` and ``total`` (all that the page loads but pictures) compressed, ``pictures`` as they are."""

    kind: str
    html: int
    total: int
    pictures: int


def weigh(site: Path) -> Iterator[Weight]:
    for kind, path in pages_by_kind(site).items():
        page = site / path
        text = page.read_text(encoding="utf-8")
        html = compressed(page)
        total = html + sum(compressed(_loaded(site, page, link)) for link in ASSET.findall(text))
        pictures = sum(_loaded(site, page, link).stat().st_size for link in PICTURE.findall(text))
        yield Weight(kind, html, total, pictures)


def compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), mtime=0))


def _loaded(site: Path, page: Path, link: str) -> Path:
    """A link of a page -> the file; 404.html alone has links that begin at the site's own path."""
    if page.name == "404.html":
        return site / "static" / link.rpartition("/static/")[2]
    return page.parent / link


def main() -> None:
    print(f"{'page':28} {'HTML':>8} {'in all':>8} {'pictures':>9}   bytes, compressed save for pictures")
    for weight in weigh(SITE):
        over = "   over the limit" if weight.html > HTML_LIMIT or weight.total > TOTAL_LIMIT else ""
        print(f"{weight.kind or '/':28} {weight.html:8} {weight.total:8} {weight.pictures:9}{over}")
    for suffix in (".css", ".js"):
        files = sorted(SITE.rglob(f"*{suffix}"))
        print(f"{suffix[1:].upper()} in all: {sum(map(compressed, files))} in {len(files)} files")


if __name__ == "__main__":
    main()
