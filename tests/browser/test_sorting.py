"""Tables that sort: in Chromium, with JavaScript; without it they stand as they were written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gongkai.model import REQUESTS, Agency, Key
from gongkai.publish.site import render_site
from tests.browser.conftest import ROOT
from tests.browser.server import served
from tests.builders import AGENCY, make_package

RECEIVED = Key(REQUESTS, "new_received", "total")
AGENCIES = {
    "虚构区人民政府": ("ren-min-zheng-fu", 1024),
    "虚构区财政局": ("cai-zheng-ju", 9),
    "虚构区教育局": ("jiao-yu-ju", None),
    "虚构区卫生局": ("wei-sheng-ju", 80),
}
"""Invented agencies of one place: their names, the ends of their ids, and the applications that they received."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a region."""
    folder = tmp_path_factory.mktemp("sorting")
    datasets = folder / "datasets"
    datasets.mkdir()
    for name, (end, received) in AGENCIES.items():
        agency: Agency = replace(AGENCY, id=f"990101-{end}", name=name)
        make_package(datasets, agency=agency, values={RECEIVED: received})

    def build(address: str) -> Path:
        render_site(datasets, folder / "site", base_url=address, templates=ROOT / "site_templates")
        return folder / "site"

    with served(build) as address:
        yield f"{address}region/990101/"


@pytest.fixture(params=[320, 1280])
def page(browser: Browser, region: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    page.set_default_timeout(5000)
    page.goto(region)
    yield page
    context.close()


def names(page: Page) -> list[str]:
    return page.locator("tbody th a").all_inner_texts()


def received(page: Page) -> list[str]:
    return [text.strip()[:5] for text in page.locator("tbody tr td:nth-child(3)").all_inner_texts()]


def header(page: Page, name: str) -> Locator:
    return page.get_by_role("columnheader", name=name, exact=True)


def test_numbers_sort_by_value_the_highest_first_and_blanks_stay_last(page: Page) -> None:
    button = header(page, "新收").get_by_role("button")
    button.click()
    expect(header(page, "新收")).to_have_attribute("aria-sort", "descending")
    assert [text.split("\n")[0] for text in received(page)] == ["1,024", "80", "9", "—"]
    button.press("Enter")
    expect(header(page, "新收")).to_have_attribute("aria-sort", "ascending")
    assert [text.split("\n")[0] for text in received(page)] == ["9", "80", "1,024", "—"]


def test_names_sort_as_chinese_is_sorted_and_one_column_at_a_time(page: Page) -> None:
    header(page, "新收").get_by_role("button").click()
    header(page, "机关").get_by_role("button").click()
    assert names(page) == ["虚构区财政局", "虚构区教育局", "虚构区人民政府", "虚构区卫生局"]
    assert page.locator("[aria-sort]").count() == 1


def test_a_table_is_laid_out_alike_with_buttons_and_without(browser: Browser, region: str, page: Page) -> None:
    assert page.viewport_size
    boxes = "[...document.querySelectorAll('th')].map(cell => JSON.stringify(cell.getBoundingClientRect()))"
    context = browser.new_context(viewport=page.viewport_size)
    plain = context.new_page()
    plain.route("**/sort.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    plain.goto(region)
    assert plain.locator("button").count() == 0
    assert page.locator("button").count() > 0
    assert page.evaluate(boxes) == plain.evaluate(boxes)
    context.close()


def test_without_javascript_the_table_stands_as_written_and_offers_no_button(browser: Browser, region: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(region)
    expect(page.locator("button")).to_have_count(0)
    expect(page.locator("tbody tr")).to_have_count(len(AGENCIES))
    context.close()
