"""Every link of the site that is built from what is shipped, pictures included, leads somewhere within it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

OUTSIDE = ("https://example.org/gongkai",)
"""Where the site leads on purpose: the repository that its build was told of."""


@cache
def parsed(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


@cache
def ids(path: Path) -> frozenset[str]:
    return frozenset(node.attributes["id"] or "" for node in parsed(path).css("[id]"))


def links(path: Path) -> Iterator[str]:
    """All but those to where a report was published, which say that they lead outside."""
    for name in ("href", "src"):
        yield from (node.attributes[name] or "" for node in parsed(path).css(f"[{name}]:not([rel~=external])"))


def test_every_link_picture_and_fragment_leads_somewhere(site: str, site_folder: Path) -> None:
    lost = []
    for page in sorted(site_folder.rglob("*.html")):
        address = urljoin(site, page.relative_to(site_folder).as_posix())
        for link in links(page):
            url = urljoin(address, link)
            target = site_folder / unquote(urlsplit(url).path.removeprefix(urlsplit(site).path))
            target = target / "index.html" if target.is_dir() else target
            fragment = unquote(urlsplit(url).fragment)
            if url.startswith(OUTSIDE):
                continue
            if not url.startswith(site) or not target.is_file():
                lost.append(f"{address}: {link}")
            elif fragment and target.suffix == ".html" and fragment not in ids(target):
                lost.append(f"{address}: {link}: no such id")
    assert lost == []
