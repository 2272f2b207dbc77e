"""Every kind of page, in both languages: in Chromium, under axe, and under the Nu HTML checker."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.weights import HTML_LIMIT, TOTAL_LIMIT, weigh
from tests.browser.server import served
from tests.browser.visits import WIDTHS, Visit, visit_all

CHECKER = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"

# The checker reads files, which have no origin that the policy's 'self' could name; Chromium tells whether it holds.
OF_FILES = "Resource violates Content Security Policy.*"


def test_both_languages_have_pages_of_every_kind(pages: Mapping[str, str]) -> None:
    chinese = {kind for kind in pages if not kind.startswith("en/")}
    assert {"", "404.html", "agency/*/", "agency/*/*/", "region/*/"} <= chinese
    assert {f"en/{kind}" for kind in chinese} == set(pages) - chinese


def test_no_page_asks_for_anything_outside_the_site(visits: Mapping[str, Visit]) -> None:
    assert {kind: visit.outside for kind, visit in visits.items() if visit.outside} == {}


def test_no_page_breaks_its_security_policy_or_reports_an_error(visits: Mapping[str, Visit]) -> None:
    assert {kind: visit.complaints for kind, visit in visits.items() if visit.complaints} == {}


def test_no_page_scrolls_sideways_on_a_phone_a_tablet_or_a_desk(visits: Mapping[str, Visit]) -> None:
    assert WIDTHS == (320, 768, 1280)
    assert {kind: visit.sideways for kind, visit in visits.items() if visit.sideways} == {}


def test_no_page_breaks_a_rule_of_axe_in_light_or_dark(visits: Mapping[str, Visit]) -> None:
    assert {kind: visit.violations for kind, visit in visits.items() if visit.violations} == {}


def test_no_page_is_heavier_than_a_slow_line_bears(site_folder: Path, pages: Mapping[str, str]) -> None:
    heavy = [weight for weight in weigh(site_folder) if weight.html > HTML_LIMIT or weight.total > TOTAL_LIMIT]
    assert pages
    assert heavy == []


def test_every_page_is_valid_html(site_folder: Path, pages: Mapping[str, str]) -> None:
    if shutil.which("java") is None or not CHECKER.is_file():
        pytest.skip("no Java or no Nu HTML checker here: make test installs them, with npm and apt-get")
    files = [
        site_folder / path / "index.html" if not path.endswith(".html") else site_folder / path
        for path in pages.values()
    ]
    command = [
        "java",
        "-jar",
        str(CHECKER),
        "--stdout",
        "--format",
        "json",
        "--filterpattern",
        OF_FILES,
        *map(str, files),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(answer.stdout)["messages"]
    assert [f"{message['url']}:{message.get('lastLine')}: {message['message']}" for message in messages] == []


def test_what_is_wrong_with_a_page_is_seen(browser: Browser, tmp_path: Path) -> None:
    faint = '<p style="color: #777; background: #888; width: 500px">faint</p>'
    small = '<a href="#a" style="display: block; width: 9px; height: 9px">a</a>' * 2
    faults = f'<img src="http://127.0.0.2/x.png">{small}{faint}<script>x()</script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Faulty</title>{faults}", encoding="utf-8")
    with served(lambda _: tmp_path) as address:
        seen = visit_all(browser, address, {"": ""})[""]
    assert seen.outside == ("http://127.0.0.2/x.png",)
    assert seen.sideways == (320,)
    assert any("x is not defined" in complaint for complaint in seen.complaints)
    assert {": ".join(line.split(": ")[:2]) for line in seen.violations} >= {
        "light: image-alt",
        "light: color-contrast",
        "dark: color-contrast",
        "dark: target-size",
    }
