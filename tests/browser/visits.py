"""A visit of a page in Chromium -> what a test asks of it.

In: a browser, the site's address and its pages. Out: for each a ``Visit`` with what the page asked for, what it
complained of, where it scrolls sideways, and which rules of axe it breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

WIDTHS = (320, 768, 1280)
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

RUN_AXE = """async options => (await axe.run(options)).violations.map(
    violation => [violation.id, ...violation.nodes.map(node => node.target.join(" "))])"""

# Of axe's rules those about colours depend on the colour scheme, and that about the size of what a finger meets on the
# width (axe leaves it out unless asked): dark is looked at on a phone. The others are asked once.
LIGHT: dict[str, Any] = {}
DARK_ON_A_PHONE = {"runOnly": ["color-contrast", "link-in-text-block", "target-size"]}


@dataclass(frozen=True, slots=True)
class Visit:
    """``outside`` are addresses that don't belong to the site, ``complaints`` what the console and the CSP said.

    ``sideways`` are the widths at which the page scrolls sideways; ``violations`` are axe's, with the colour scheme.
    """

    outside: tuple[str, ...]
    complaints: tuple[str, ...]
    sideways: tuple[int, ...]
    violations: tuple[str, ...]


def visit_all(browser: Browser, site: str, pages: Mapping[str, str]) -> dict[str, Visit]:
    """Open each page once, one after another in one window, and look at it in both colour schemes and at all widths."""
    outside: list[str] = []
    complaints: list[str] = []

    def refuse(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    page = browser.new_page()
    page.route(re.compile(f"^(?!{re.escape(site)})"), refuse)
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    found = {}
    for kind, path in pages.items():
        page.goto(site + path, wait_until="load")
        sideways, violations = tuple(_sideways(page)), tuple(_violations(page))
        found[kind] = Visit(tuple(outside), tuple(complaints), sideways, violations)
        outside.clear()
        complaints.clear()
    page.close()
    return found


def _sideways(page: Page) -> Iterator[int]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(SCROLLS_SIDEWAYS):
            yield width


def _violations(page: Page) -> Iterator[str]:
    page.evaluate(Axe().axe_script)
    yield from _axe(page, "light", WIDTHS[-1], LIGHT)
    yield from _axe(page, "dark", WIDTHS[0], DARK_ON_A_PHONE)


def _axe(page: Page, scheme: Literal["light", "dark"], width: int, options: dict[str, Any]) -> Iterator[str]:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for rule, *targets in page.evaluate(RUN_AXE, {"resultTypes": ["violations"]} | options):
        yield f"{scheme}: {rule}: {', '.join(targets)}"
