"""The committed datasets as a site, served on this machine, and one Chromium that all tests share.

Where there is no Chromium, or no Playwright to drive it, the tests skip and say so; ``make test`` installs both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gongkai.publish.site import render_site
from tests.browser.server import served
from tests.browser.visits import Visit, visit_all
from tests.kinds import pages_by_kind

ROOT = Path(__file__).parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("built") / "site"


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of the site."""

    def build(address: str) -> Path:
        problems = render_site(
            ROOT / "datasets",
            site_folder,
            base_url=address,
            repository="https://example.org/gongkai",
            templates=ROOT / "site_templates",
            source_images="all",
        )
        assert problems == ()
        return site_folder

    with served(build) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if executable is None:
        pytest.skip("no Chromium here: make test installs it with apt-get, as root or with sudo")
    with sync_playwright() as playwright:
        # Chromium's sandbox needs rights that a container's root has not; the pages are our own.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=executable, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(site: str, site_folder: Path) -> Mapping[str, str]:
    """A page of each kind in each language, by kind: its path below the site's address."""
    assert site
    return {kind: path.as_posix().removesuffix("index.html") for kind, path in pages_by_kind(site_folder).items()}


@pytest.fixture(scope="session")
def visits(browser: Browser, site: str, pages: Mapping[str, str]) -> Mapping[str, Visit]:
    """What was seen on a page of each kind, in one visit each."""
    return visit_all(browser, site, pages)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """Opens the site's first page in a language, with JavaScript or without."""
    contexts = []

    def start(language: str, *, javascript: bool) -> Page:
        contexts.append(browser.new_context(java_script_enabled=javascript, viewport={"width": 390, "height": 844}))
        page = contexts[-1].new_page()
        page.set_default_timeout(5000)
        page.goto(site + language)
        return page

    yield start
    for context in contexts:
        context.close()
