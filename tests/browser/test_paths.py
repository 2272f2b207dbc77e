"""The ways of people through the site, to their end: in both languages, with JavaScript and without.

The agency is one whose report is shipped; what its pages must say is read from its package.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Open

COUNTY, CITY, PROVINCE = (re.compile(f"^{name}(?!.*人民政府)") for name in ("洪泽区", "淮安市", "江苏省"))
AGENCY = re.compile("淮安市洪泽区人民政府")
FOLDER = ROOT / "datasets/320813-ren-min-zheng-fu"

pytestmark = [
    pytest.mark.parametrize("language", ["", "en/"], ids=["chinese", "english"]),
    pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"]),
]


def rows(path: Path) -> list[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(page: Page, link: re.Pattern[str]) -> None:
    """Follow the first link of the page's content that is named so."""
    page.get_by_role("main").get_by_role("link", name=link).first.click()


def test_a_citizen_finds_how_many_asked_and_how_many_got_an_answer(
    open_page: Open, language: str, javascript: bool
) -> None:
    totals = {row["outcome"]: row["total"] for row in rows(FOLDER / "2024/requests.csv")}
    page = open_page(language, javascript=javascript)
    for link in (PROVINCE, CITY, COUNTY, AGENCY):
        content(page, link)
    expect(page.get_by_role("heading", level=1)).to_contain_text(AGENCY)
    values = page.locator(".headline").first.locator(".headline__value").all_inner_texts()
    assert values[0] == totals["new_received"]
    assert values[1] == totals["processed_total"]
    for outcome in ("new_received", "processed_total", "granted", "partially_granted"):
        expect(page.locator(".lead").first).to_contain_text(re.compile(rf"\b{totals[outcome]}\b"))


def test_an_official_finds_the_figure_that_does_not_add_up_and_where_it_is_printed(
    open_page: Open, language: str, javascript: bool
) -> None:
    finding = next(row for row in rows(FOLDER / "2023/findings.csv") if row["severity"] == "error")
    name = "-".join(finding[part] for part in ("resource", "row", "column"))
    place = next(
        row
        for row in rows(FOLDER / "2023/provenance.csv")
        if all(row[part] == finding[part] for part in ("resource", "row", "column"))
    )
    page = open_page(language, javascript=javascript)
    content(page, AGENCY)
    content(page, re.compile("^2023$"))
    page.locator(".doubts a").click()
    assert page.url.endswith("#findings")
    item = page.locator(f'li:has(a[href="#{name}"])').first
    expect(item).to_contain_text(re.compile(rf"\b{finding['expected']}\b.*\b{finding['actual']}\b"))
    item.locator(f'a[href="#{name}"]').click()
    cell = page.locator(f'[id="{name}"]')
    expect(cell).to_be_in_viewport()
    expect(cell).to_contain_text(f"≠ {finding['expected']}")
    cell.get_by_role("link").first.click()
    assert page.url.endswith(f"/source/#{name}")
    spot = page.locator(f'[id="{name}"]')
    expect(spot).to_be_in_viewport()
    expect(spot).to_have_accessible_name(re.compile(f"：{place['printed']}$"))
    expect(page.locator(f'section[aria-labelledby="page-{place["page"]}"] img')).to_be_visible()
    spot.press("Enter")
    assert page.url.endswith(f"/2023/#{name}")


def test_a_reader_of_the_other_language_finds_the_same_page_in_it(
    open_page: Open, language: str, javascript: bool
) -> None:
    page = open_page(language, javascript=javascript)
    content(page, AGENCY)
    before = page.url
    page.get_by_role("banner").get_by_role("link", name="中文" if language else "English").click()
    assert page.url.replace("/en/", "/") == before.replace("/en/", "/")
    assert page.url != before
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if language else "en")
    expect(page.get_by_role("heading", level=1)).to_contain_text(AGENCY)


def test_whoever_is_lost_finds_the_way_back_from_any_depth(
    open_page: Open, site: str, language: str, javascript: bool
) -> None:
    page = open_page(language, javascript=javascript)
    page.goto(f"{site}agency/nobody/1999/")
    if language:
        page.get_by_role("link", name="English").click()
    content(page, re.compile("."))
    assert page.url == site + language
