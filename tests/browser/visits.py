"""One visit of a page in Chromium -> what a test asks of it.

In: a browser and an address. Out: a ``Visit`` with what the page asked for, what it complained of, where it scrolls
sideways, and which rules of axe it breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

WIDTHS = (320, 768, 1280)
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

# Of axe's rules only those about colours depend on the colour scheme: the others are asked once.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@dataclass(frozen=True, slots=True)
class Visit:
    """``outside`` are addresses that don't belong to the site, ``complaints`` what the console and the CSP said.

    ``sideways`` are the widths at which the page scrolls sideways; ``violations`` are axe's, with the colour scheme.
    """

    outside: tuple[str, ...]
    complaints: tuple[str, ...]
    sideways: tuple[int, ...]
    violations: tuple[str, ...]


def visit(browser: Browser, site: str, path: str) -> Visit:
    """Open a page once, and look at it in both colour schemes and at all widths."""
    outside: list[str] = []
    complaints: list[str] = []

    def let_through(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(site).netloc:
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context = browser.new_context(viewport={"width": WIDTHS[-1], "height": 900}, color_scheme="light")
    try:
        page = context.new_page()
        page.route("**/*", let_through)
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path, wait_until="load")
        violations = _violations(page, "light")
        page.emulate_media(color_scheme="dark")
        violations += _violations(page, "dark", COLOURS)
        return Visit(tuple(outside), tuple(complaints), tuple(_sideways(page)), tuple(violations))
    finally:
        context.close()


def _sideways(page: Page) -> Sequence[int]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(SCROLLS_SIDEWAYS):
            found.append(width)
    return found


def _violations(page: Page, scheme: str, options: dict[str, Any] | None = None) -> list[str]:
    answer = Axe().run(page, options={"resultTypes": ["violations"]} | (options or {})).response
    return [
        f"{scheme}: {violation['id']}: {' '.join(map(str, node['target']))}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]
