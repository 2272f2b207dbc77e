"""The site: pages that say what the packages say, as text, under any path, and the same bytes each time."""

import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from gongkai.checks.rules import load_rules
from gongkai.errors import UsageError
from gongkai.form import load_form
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Agency, Finding, Key, Origin, Report, Section
from gongkai.names.registry import Entry, Registry
from gongkai.package.folder import write_package
from gongkai.package.schema import table_schema
from gongkai.publish.indicators import load_indicators
from gongkai.publish.site import render_site
from gongkai.publish.templates import web_address
from tests.builders import AGENCY, check_report, make_original, make_report, source_of

TEMPLATES = Path(__file__).parents[1] / "site_templates"
PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区"}
OFFICE = Agency("990000-ren-min-zheng-fu-ban-gong-ting", "虚构省人民政府办公厅", "990000", "province", "office")
CENTRAL = Agency("000000-xu-gou-zong-ju", "国家虚构总局", "000000", "central", "department")
PAGE = "agency/990101-ren-min-zheng-fu/2023/index.html"


def put(datasets: Path, report: Report, findings: Sequence[Finding] = (), suffix: str = ".pdf") -> Path:
    datasets.mkdir(exist_ok=True)
    original = make_original(datasets.parent, f"{report.agency.id}-{report.year}{suffix}")
    report = replace(report, source=source_of(original))
    folder = datasets / report.agency.id / str(report.year)
    write_package(report, [replace(finding, message="in words") for finding in findings], original, folder)
    return folder


def render(tmp_path: Path, base_url: str = "", site: str = "site", templates: Path = TEMPLATES) -> Path:
    target = tmp_path / site
    assert render_site(tmp_path / "datasets", target, base_url=base_url, templates=templates, name_of=PLACES.get) == ()
    return target


VOID = {"meta", "link", "br", "img", "hr", "input", "col", "source"}
"""Elements without an end."""


class Page(HTMLParser):
    """What a test asks of a page: its ids, its links, its cells' texts by id, and its elements.

    ``unmarked`` are texts with Chinese characters that no element says to be Chinese (a title can't say so).
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.cells: dict[str, str] = {}
        self.text = ""
        self.unmarked: list[str] = []
        self._cell = ""
        self._languages = [""]
        self._is_title = False
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.elements.append(tag)
        self.attributes += values
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag in ("td", "th"):
            self._cell = values.get("id") or ""
        if tag not in VOID:
            self._languages.append(values.get("lang") or self._languages[-1])
            self._is_title = tag == "title"

    def handle_data(self, data: str) -> None:
        self.text += data
        if re.search("[\u4e00-\u9fff]", data) and not self._languages[-1].startswith("zh") and not self._is_title:
            self.unmarked.append(data)
        if self._cell:
            self.cells[self._cell] = self.cells.get(self._cell, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._languages.pop()
        self._is_title = False
        if tag in ("td", "th"):
            self._cell = ""


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """Two years of one agency with a contradiction, and two other agencies."""
    folder = tmp_path / "datasets"
    put(folder, make_report("2019", year=2022))
    put(
        folder,
        make_report(values={Key(REQUESTS, "granted", "total"): 7, Key(REQUESTS, "granted", "natural_person"): None}),
        [
            Finding(
                check="row_total", severity="error", at=Key(REQUESTS, "granted", "total"), expected="6", actual="7"
            ),
            Finding(check="balance", severity="error", at=Key(REQUESTS, column="total"), expected="12", actual="13"),
            Finding(check="missing_cell", severity="info", at=Key(REQUESTS, "granted", "natural_person")),
            Finding(
                check="narrative",
                severity="warning",
                at=Key(REQUESTS, "denied", "organizations"),
                expected="0",
                actual="4",
            ),
        ],
    )
    put(folder, make_report(agency=OFFICE))
    put(folder, make_report(agency=CENTRAL))
    return folder


@pytest.mark.usefixtures("datasets")
def test_every_page_kind_is_there(tmp_path: Path) -> None:
    site = render(tmp_path)
    pages = {str(path.relative_to(site)) for path in site.rglob("*.html")}
    kinds = {
        "index.html",
        "404.html",
        *(f"region/{code}/index.html" for code in ("000000", "990000", "990100", "990101")),
        *(f"agency/{agency.id}/{part}index.html" for agency in (AGENCY, OFFICE, CENTRAL) for part in ("", "2023/")),
        *(f"agency/{AGENCY.id}/2022/{part}index.html" for part in ("", "source/")),
        *(f"{name}/index.html" for name in ("findings", "method", "contribute", "data")),
        "indicators/index.html",
        *(f"indicators/{id}/index.html" for id in load_indicators().indicators),
        "coverage/index.html",
        "patterns/index.html",
        "patterns/dark/index.html",
    }
    chinese = {page for page in pages if not page.startswith("en/")}
    assert kinds <= chinese
    assert pages - chinese == {f"en/{page}" for page in chinese}
    assert "\nSitemap: http://localhost:8000/sitemap.xml\n" in (site / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("datasets")
@pytest.mark.parametrize("base", ["", "https://example.org/gongkai/", "https://example.org/gongkai"])
def test_every_internal_link_and_anchor_leads_somewhere_under_a_sub_path_too(tmp_path: Path, base: str) -> None:
    site = render(tmp_path, base)
    root = "/gongkai/" if base else "/"
    pages = {path: Page(path) for path in site.rglob("*.html")}
    for path, page in pages.items():
        address = f"https://example.org{root}{path.relative_to(site)}"
        assert len(page.ids) == len(set(page.ids))
        for link in page.links:
            parts = urlsplit(urljoin(address, link))
            assert parts.netloc == "example.org", f"{path}: {link} leaves the site"
            assert parts.path.startswith(root), f"{path}: {link}"
            target = site / parts.path.removeprefix(root)
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{path}: {link} leads nowhere"
            if parts.fragment and target.suffix == ".html":
                assert parts.fragment in pages[target].ids, f"{path}: {link} leads nowhere"


@pytest.mark.usefixtures("datasets")
@pytest.mark.parametrize("base", ["", "https://example.org/gongkai/"])
def test_every_page_leads_to_the_same_page_in_the_other_language(tmp_path: Path, base: str) -> None:
    site = render(tmp_path, base)
    root = base.removeprefix("https://example.org") or "/"
    for path in site.rglob("*.html"):
        name = path.relative_to(site)
        other = Path(*name.parts[1:]) if name.parts[0] == "en" else "en" / name
        ((href, tag),) = re.findall(r'<a href="([^"]*)" hreflang="([\w-]+)" lang="\2">', Page(path).source)
        assert urljoin(f"{root}{name.as_posix()}", href) == f"{root}{other}".removesuffix("index.html"), name
        assert tag == ("zh-Hans" if name.parts[0] == "en" else "en")


@pytest.mark.usefixtures("datasets")
def test_with_an_address_every_page_names_its_other_languages(tmp_path: Path) -> None:
    source = (render(tmp_path, "https://example.org/gongkai/") / "en" / PAGE).read_text(encoding="utf-8")
    chinese = f"https://example.org/gongkai/{PAGE}".removesuffix("index.html")
    assert re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]*)">', source) == [
        ("zh-Hans", chinese),
        ("en", chinese.replace("gongkai/", "gongkai/en/")),
        ("x-default", chinese),
    ]


@pytest.mark.usefixtures("datasets")
def test_downloads_lie_beside_the_chinese_page_alone(tmp_path: Path) -> None:
    site = render(tmp_path)
    assert {path.suffix for path in (site / "en").rglob("*") if path.is_file()} == {".html", ".svg"}
    assert f"../../../../agency/{AGENCY.id}/2023/requests.csv" in Page(site / "en" / PAGE).links


@pytest.mark.usefixtures("datasets")
def test_chinese_on_an_english_page_says_that_it_is_chinese(tmp_path: Path) -> None:
    for path in (render(tmp_path) / "en").rglob("*.html"):
        assert Page(path).unmarked == [], path


@pytest.mark.usefixtures("datasets")
def test_links_are_relative_save_on_the_page_that_a_server_shows_at_any_depth(tmp_path: Path) -> None:
    site = render(tmp_path, "https://example.org/gongkai/")
    for path in site.rglob("*.html"):
        links = [link for link in Page(path).links if not link.startswith(("https://example.org/gongkai/", "#"))]
        assert links
        assert all(link.startswith("/gongkai/") == (path.name == "404.html") for link in links)


@pytest.mark.usefixtures("datasets")
def test_no_page_asks_for_anything_or_runs_anything_but_the_sites_own_script(tmp_path: Path) -> None:
    for path in render(tmp_path).rglob("*.html"):
        page = Page(path)
        scripts = re.findall(r"<script[^>]*>[^<]*</script>", page.source)
        assert all(re.fullmatch(r'<script src="[./]*static/sort\.js" defer></script>', script) for script in scripts)
        assert page.elements.count("script") == len(scripts)
        assert not {"iframe", "img", "style", "object", "embed", "form", "base"} & set(page.elements)
        assert not [name for name in page.attributes if name == "style" or name.startswith("on")]
        assert "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'" in page.source
    for path in (TEMPLATES / "static").glob("*.css"):
        assert not re.search(r"@import|url\(|https?:", path.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("datasets")
def test_every_page_says_its_language_has_one_first_heading_and_a_way_past_the_header(tmp_path: Path) -> None:
    for path in render(tmp_path).rglob("*.html"):
        page = Page(path)
        assert f'<html lang="{"en" if "en" in path.parts else "zh-Hans"}">' in page.source
        assert page.elements.count("h1") == 1
        assert page.links.count("#content") == 1
        assert "content" in page.ids


@pytest.mark.usefixtures("datasets")
def test_every_page_has_a_title_and_a_description_of_its_own_and_says_where_it_stands(tmp_path: Path) -> None:
    site = render(tmp_path)
    told: dict[str, list[str]] = {"title": [], "description": []}
    for path in site.rglob("*.html"):
        page = Page(path)
        title, description = (
            re.search("<title>(.+)</title>", page.source),
            re.search('<meta name="description" content="(.+)">', page.source),
        )
        assert title, path
        assert description, path
        if "patterns" in path.parts or path.name == "404.html":
            continue
        told["title"].append(f"{path.relative_to(site).parts[0] == 'en'} {title[1]}")
        told["description"].append(f"{path.relative_to(site).parts[0] == 'en'} {description[1]}")
        assert ('class="path"' in page.source) == (path.parent not in (site, site / "en")), path
    for texts in told.values():
        assert [text for text in texts if texts.count(text) > 1] == []


@pytest.mark.usefixtures("datasets")
def test_a_heading_is_never_more_than_one_level_below_the_one_before(tmp_path: Path) -> None:
    for path in render(tmp_path).rglob("*.html"):
        levels = [int(name[1]) for name in Page(path).elements if re.fullmatch("h[1-6]", name)]
        assert all(level <= before + 1 for before, level in pairwise(levels)), path


@pytest.mark.usefixtures("datasets")
def test_a_figure_stands_under_its_own_address_and_blank_is_not_zero(tmp_path: Path) -> None:
    cells = Page(render(tmp_path) / PAGE).cells
    assert cells["requests-new_received-total"] == "10"
    assert cells["requests-denied_state_secret-total"] == "0"
    assert cells["requests-granted-natural_person"] == "—空白"
    assert cells["proactive_disclosure-8/fees-amount"] == "12.5"
    assert cells["reviews_litigation-litigation_direct-total"] == "4"


@pytest.mark.usefixtures("datasets")
def test_every_figure_of_the_package_stands_on_its_page_in_both_forms(tmp_path: Path) -> None:
    site = render(tmp_path)
    for report, year in ((make_report("2021"), 2023), (make_report("2019"), 2022)):
        cells = Page(site / f"agency/{AGENCY.id}/{year}/index.html").cells
        assert set(cells) >= {f"{key.resource}-{key.row}-{key.column}" for key in report.figures}


@pytest.mark.usefixtures("datasets")
def test_a_contradiction_is_marked_where_it_stands_with_both_sides(tmp_path: Path) -> None:
    page = Page(render(tmp_path) / PAGE)
    assert page.cells["requests-granted-total"] == "7 ≠ 6与 6 不符，见核对结果"
    assert re.search(r"12\s*≠不等于\s*13", page.text)
    assert "新收与结转相加为 12，办理总计与结转下年相加为 13。" in page.text
    assert "“（三）不予公开”行“法人或其他组织”列：表中所印为 0，正文为 4。" in page.text


def test_a_remark_is_marked_in_place_and_never_painted_as_a_contradiction(tmp_path: Path) -> None:
    jump, lapsed = Key(REQUESTS, "new_received", "total"), Key(PROACTIVE, "1/regulations", "in_force")
    findings = [
        Finding(check="jump", severity="info", at=jump, expected="1", actual="10"),
        Finding(check="documents_in_force", severity="info", at=lapsed, expected="9", actual="7"),
    ]
    put(
        tmp_path / "datasets",
        make_report(),
        [*findings, Finding(check="copied_table", severity="warning", at=Key(REQUESTS))],
    )
    site = render(tmp_path)
    page, red = Page(site / PAGE), re.compile("figure--in-doubt|both-sides|spot--in-doubt|--contradiction")
    assert page.cells["requests-new_received-total"] == "10 ※见核对结果"
    assert page.cells["proactive_disclosure-1/regulations-in_force"] == "7 ≠ 9与 9 不符，见核对结果"
    assert "有 1 处需要留意。" in page.text
    pages = [path for path in site.rglob("*.html") if not {"method", "patterns"} & set(path.parts)]
    assert {str(path) for path in pages if red.search(path.read_text(encoding="utf-8"))} == set()


def test_a_figure_that_could_not_be_read_is_not_shown_as_a_blank(tmp_path: Path) -> None:
    unread, other = Key(REQUESTS, "granted", "total"), Key(REQUESTS, "carried_out", "total")
    row = Key(REVIEWS, "litigation_direct", "total")
    put(
        tmp_path / "datasets",
        make_report(values={unread: None, other: None, row: None}),
        [
            Finding(check="reading", severity="error", at=unread, actual="7 8"),
            Finding(check="reading", severity="error", at=Key(REVIEWS, "litigation_direct")),
            Finding(check="missing_cell", severity="info", at=other),
        ],
    )
    page = Page(render(tmp_path) / PAGE)
    assert page.cells["requests-granted-total"].startswith("未读出")
    assert page.cells["reviews_litigation-litigation_direct-total"].startswith("未读出")
    assert page.cells["requests-carried_out-total"] == "—空白"
    assert "报告中印为“7 8”，读取没有把握，因此留空。" in page.text


def test_what_was_checked_stands_beside_what_was_found(tmp_path: Path) -> None:
    for year in (2022, 2023):
        put(tmp_path / "datasets", make_report(year=year))
    site = render(tmp_path)
    first, second = (
        re.sub(r"\s+", " ", Page(site / "en" / PAGE.replace("2023", str(year))).text) for year in (2022, 2023)
    )

    assert re.search("What was checked: [0-9]+ checks, of which [0-9]+ do not apply", first)
    assert "Carried from year to year 0 0 0 1 no report for the year before is collected" in first
    assert "Carried from year to year 5 2 0 0 " in second
    assert "Prose against tables 0 0 0 1 the text states no figure that is understood" in second


@pytest.mark.parametrize("check", table_schema("findings").descriptor["fields"][0]["constraints"]["enum"])
def test_every_check_that_a_package_may_have_is_told_in_words(tmp_path: Path, check: str) -> None:
    put(
        tmp_path / "datasets",
        make_report(),
        [Finding(check=check, severity="warning", at=Key(REQUESTS, "granted", "total"), expected="1", actual="2")],
    )
    page = Page(render(tmp_path) / PAGE)
    assert check not in page.text
    assert re.search(r"“（一）予以公开”行“总计”列：[^。]{3,}。", page.text)


def test_what_a_stranger_writes_is_text_and_never_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    report = make_report(
        agency=replace(AGENCY, name=evil),
        title=evil,
        origin=Origin(url="javascript:alert(1)", note=evil, publisher=evil),
    )
    report = replace(report, sections=tuple(replace(section, heading=evil, text=evil) for section in report.sections))
    put(
        tmp_path / "datasets",
        report,
        [
            Finding(
                check="form", severity="warning", at=Key(REQUESTS, "granted"), expected=evil, actual=evil, message=evil
            )
        ],
    )
    for path in render(tmp_path).rglob("*.html"):
        page = Page(path)
        assert "img" not in page.elements
        assert "<script>" not in page.source
        assert not [link for link in page.links if link.startswith("javascript:")]
    assert evil in Page(tmp_path / "site" / PAGE).text


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "//evil", "http://[", "ftp://a/b", "", None]
)
def test_only_addresses_of_the_web_become_links(text: str | None) -> None:
    assert web_address(text) == ""


def test_an_original_web_page_is_offered_as_text_that_no_browser_runs(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(reader="html"), suffix=".html")
    folder = (render(tmp_path) / PAGE).parent
    assert sorted(path.name for path in folder.glob("*htm*")) == ["index.html", "report.html.txt"]
    assert 'href="report.html.txt" download="report.html"' in (folder / "index.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(folder / f"{AGENCY.id}-2023.zip") as archive:
        assert f"{AGENCY.id}-2023/report.html" in archive.namelist()


def test_the_zip_holds_the_package_and_a_readme_that_says_where_it_is_from(tmp_path: Path) -> None:
    origin = Origin(url="https://example.org/2023", retrieved=date(2024, 3, 1), note="按公布的数字重新排版")
    folder = put(tmp_path / "datasets", make_report(origin=origin))
    site = render(tmp_path, "https://example.org/gongkai/")
    with zipfile.ZipFile((site / PAGE).parent / f"{AGENCY.id}-2023.zip") as archive:
        names = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    readme = names.pop("README.txt").decode()
    assert names == {path.name: path.read_bytes() for path in folder.iterdir()}
    for said in (
        "示例市虚构区人民政府2023年政府信息公开工作年度报告",
        "2023-01-01 / 2023-12-31",
        "https://example.org/2023",
        "2024-03-01",
        f"https://example.org/gongkai/agency/{AGENCY.id}/2023/",
        "CC0 1.0",
        "按公布的数字重新排版",
    ):
        assert said in readme
    assert "按公布的数字重新排版" in Page(site / PAGE).text


def test_a_link_in_a_package_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    folder = put(tmp_path / "datasets", make_report())
    (folder / "origin.toml").symlink_to(secret)
    site = render(tmp_path)
    with zipfile.ZipFile((site / PAGE).parent / f"{AGENCY.id}-2023.zip") as archive:
        assert not [name for name in archive.namelist() if name.endswith("origin.toml")]


@pytest.mark.usefixtures("datasets")
def test_the_same_packages_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (render(tmp_path, site=name) for name in ("one", "two"))
    files = [sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file()) for site in (first, second)]
    assert files[0] == files[1]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in files[0])


@pytest.mark.usefixtures("datasets")
def test_the_sitemap_lists_every_page_once(tmp_path: Path) -> None:
    site = render(tmp_path, "https://example.org/gongkai")
    addresses = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    pages = {
        path.parent.relative_to(site).as_posix() for path in site.rglob("index.html") if "patterns" not in path.parts
    }
    expected = sorted(f"https://example.org/gongkai/{'' if page == '.' else page + '/'}" for page in pages)
    assert sorted(addresses) == expected
    assert "https://example.org/gongkai/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")


def test_a_package_that_can_not_be_read_costs_one_line_and_not_the_site(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report())
    broken = put(tmp_path / "datasets", make_report(year=2022))
    (broken / "requests.csv").unlink()
    site = tmp_path / "site"
    problems = render_site(tmp_path / "datasets", site, templates=TEMPLATES, name_of=PLACES.get)
    assert len(problems) == 1
    assert str(broken) in problems[0]
    assert "\n" not in problems[0]
    assert (site / PAGE).is_file()
    assert not (site / f"agency/{AGENCY.id}/2022").exists()


def test_no_division_code_leads_out_of_the_site(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(agency=replace(AGENCY, division_code="../../../evil")))
    (line,) = render_site(tmp_path / "datasets", tmp_path / "public" / "site", templates=TEMPLATES, name_of=PLACES.get)
    assert "division code" in line
    assert list(tmp_path.rglob("evil*")) == []


def test_a_site_without_reports_says_so(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    assert "还没有报告" in Page(render(tmp_path) / "index.html").text


@pytest.mark.usefixtures("datasets")
def test_a_render_that_fails_leaves_the_old_site_and_nothing_beside_it(tmp_path: Path) -> None:
    site = render(tmp_path)
    before = (site / "index.html").read_bytes()
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "report.html").write_text("{{ nobody_knows_this }}", encoding="utf-8")
    with pytest.raises(UsageError, match="template"):
        render(tmp_path, templates=templates)
    assert (site / "index.html").read_bytes() == before
    assert not list(tmp_path.glob(".site.building-*"))


@pytest.mark.usefixtures("datasets")
def test_a_page_whose_report_is_gone_goes_with_the_next_render(tmp_path: Path) -> None:
    site = render(tmp_path)
    shutil.rmtree(tmp_path / "datasets" / OFFICE.id)
    render(tmp_path)
    assert not (site / f"agency/{OFFICE.id}").exists()


def test_a_folder_that_is_not_a_site_is_never_replaced(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report())
    precious = tmp_path / "site" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not a site that was made here"):
        render(tmp_path)
    assert precious.read_text(encoding="utf-8") == "mine"


def test_a_site_around_its_own_packages_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report())
    with pytest.raises(UsageError, match="holds the packages"):
        render_site(tmp_path / "datasets", tmp_path, templates=TEMPLATES)


@pytest.mark.parametrize("base", ["example.org", "ftp://example.org/", "https:///x", "https://example.org/?a=b"])
def test_a_base_url_that_is_no_address_is_refused(tmp_path: Path, base: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        render_site(tmp_path, tmp_path / "site", base_url=base, templates=TEMPLATES)


def test_an_agency_says_which_years_are_missing_and_compares_only_neighbours(tmp_path: Path) -> None:
    for year in (2020, 2022, 2023):
        put(tmp_path / "datasets", make_report(year=year))
    site = render(tmp_path)
    text = Page(site / f"agency/{AGENCY.id}/index.html").text
    assert re.search(r"2021\s+未收录", text)
    assert re.search(r"2020\s+⋯2021 未收录\s+2022\s+2023", text)
    assert "2022年 10，持平" in Page(site / PAGE).text
    assert "2021年无可比数字" in Page(site / f"agency/{AGENCY.id}/2022/index.html").text


def test_the_plain_paragraph_states_the_figures_and_leaves_out_what_is_blank(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report())
    put(tmp_path / "datasets", make_report(year=2022, values={Key(REQUESTS, "new_received", "total"): None}))
    site = render(tmp_path)
    assert (
        "2023年，示例市虚构区人民政府新收政府信息公开申请 10 件，上年结转 2 件。全年办结 9 件：予以公开 6 件，"
        "部分公开 0 件，不予公开 0 件，无法提供 3 件，不予处理 0 件，其他处理 0 件。结转下年度继续办理 3 件。"
        "因政府信息公开引起的行政复议 4 件、行政诉讼 8 件。"
    ) in Page(site / PAGE).text
    assert (
        "示例市虚构区人民政府2022年报告：新收申请件数未载明。全年办结 9 件"
        in Page(site / f"agency/{AGENCY.id}/2022/index.html").text
    )


def test_the_plain_paragraph_of_a_year_without_applications_says_so_once(tmp_path: Path) -> None:
    form = load_form("2021")
    rows = {row.id for row in form.table(REQUESTS).rows() if row.id}
    columns = [column.id for block in form.table(REQUESTS).blocks for column in block.columns]
    nothing = {Key(REQUESTS, row, column): 0 for row in rows - {"other_handling"} for column in columns}
    for year in (2022, 2023):
        put(tmp_path / "datasets", make_report(year=year, values=nothing))
    site = render(tmp_path)
    said = "2023年，示例市虚构区人民政府没有新收到政府信息公开申请，上年结转、全年办结和结转下年度均为 0 件。"
    assert f"{said}上年也没有新收到申请。因政府信息公开引起的行政复议 4 件" in Page(site / PAGE).text
    assert "received no applications for government information, and had none to" in Page(site / "en" / PAGE).text


def test_a_sum_that_blanks_leave_open_is_no_contradiction(tmp_path: Path) -> None:
    report = make_report(values={Key(REQUESTS, "new_received", "total"): None})
    put(tmp_path / "datasets", report, [found for found in check_report(report) if found.check == "balance"])
    site = render(tmp_path)
    page = Page(site / PAGE)
    assert "两者不等" not in page.text
    assert "所涉单元格有空白，是否相符无法判断。" in page.text
    assert "本应一致而不同" not in page.text
    assert "finding--contradiction" not in page.source
    assert re.search(r"发现的不符\s*0\b", Page(site / "index.html").text)
    assert re.search(r"2023\s+1\s+0\s+1\s", Page(site / "findings/index.html").text)


def test_an_agency_lists_the_years_after_its_latest_report_that_are_due(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(year=2022))
    other = replace(AGENCY, id="990101-shui-wu-ju", name="示例市虚构区水务局")
    put(tmp_path / "datasets", make_report(agency=other, year=2023, origin=Origin(retrieved=date(2024, 6, 1))))
    text = Page(render(tmp_path) / f"agency/{AGENCY.id}/index.html").text
    assert re.search(r"2023\s+未收录\s+2022", text)


def test_a_region_lists_the_governments_of_the_divisions_below_it(tmp_path: Path) -> None:
    department = replace(AGENCY, id="990101-shui-wu-ju", name="示例市虚构区水务局", kind="department")
    for agency in (AGENCY, department):
        put(tmp_path / "datasets", make_report(agency=agency))
    entries = [Entry(agency, ()) for agency in (AGENCY, department)]
    (tmp_path / "datasets" / "agencies.csv").write_bytes(Registry(entries).to_bytes())
    text = Page(render(tmp_path) / "region/990100/index.html").text
    assert re.search(r"下级地区人民政府.*示例市虚构区人民政府\s+2023\s+10\s+9\s+6", text, re.DOTALL)
    assert "示例市虚构区水务局" not in text


def test_the_plain_paragraph_gives_no_total_that_the_report_itself_contradicts(tmp_path: Path) -> None:
    put(
        tmp_path / "datasets",
        make_report(values={Key(REVIEWS, "administrative_review", "total"): 0, Key(REQUESTS, "granted", "total"): 0}),
        [
            Finding(
                check="review_total",
                severity="error",
                at=Key(REVIEWS, "administrative_review", "total"),
                expected="4",
                actual="0",
            ),
            Finding(
                check="row_total", severity="error", at=Key(REQUESTS, "granted", "total"), expected="6", actual="0"
            ),
            Finding(check="balance", severity="error", at=Key(REQUESTS, column="total"), expected="12", actual="13"),
        ],
    )
    text = Page(render(tmp_path) / PAGE).text
    assert "全年办结 9 件：部分公开 0 件，" in text
    assert "引起的行政复议" not in text
    assert "新收与上年结转相加为 12 件，办结与结转下年度相加为 13 件，两者不等。" in text
    assert "与报告中其他数字不符的总计未列入本段。" in text


@pytest.mark.usefixtures("datasets")
def test_a_chart_stands_on_the_agencys_page_with_its_words_its_numbers_and_its_file(tmp_path: Path) -> None:
    folder = render(tmp_path) / "agency" / AGENCY.id
    page = Page(folder / "index.html")
    assert page.elements.count("svg") == page.elements.count("title") - 1 == page.elements.count("desc") == 4
    assert {link for link in page.links if link.endswith(".svg") and "/" not in link} == {
        path.name for path in folder.glob("*.svg")
    }
    assert "2023年 新收 10，办结 9，结转下年 3。※ 所标数字与报告中其他数字不符。" in page.text


@pytest.mark.usefixtures("datasets")
def test_a_chart_that_stands_alone_is_whole_says_its_source_and_runs_nothing(tmp_path: Path) -> None:
    site = render(tmp_path, "https://example.org/gongkai/")
    charts = list(site.glob("agency/*/*.svg")) + list(site.glob("en/agency/*/*.svg"))
    assert charts
    for path in charts:
        root = ElementTree.parse(path).getroot()  # noqa: S314 - made by ourselves
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            *("svg", "title", "desc", "style", "g", "rect", "line", "text", "tspan")
        }
        assert f"https://example.org/gongkai/{path.parent.relative_to(site)}/" in "".join(root.itertext())
        assert "http" not in "".join(style.text or "" for style in root.iter("{http://www.w3.org/2000/svg}style"))


def test_a_name_that_is_markup_is_text_in_a_chart_too(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(agency=replace(AGENCY, name="<script>\uffff&\x0b")))
    root = ElementTree.parse(render(tmp_path) / f"agency/{AGENCY.id}/outcomes.svg").getroot()  # noqa: S314 - our own
    assert "<script>&" in "".join(root.itertext())


def test_an_agencys_indicators_say_what_they_are_made_of_and_how_sure_they_are(tmp_path: Path) -> None:
    findings = [
        Finding(check="row_total", severity="error", at=Key(REQUESTS, "granted", "total"), expected="6", actual="7")
    ]
    fees = (Section(6, "其他需要报告的事项", "我区收取信息处理费1200元。"),)
    put(tmp_path / "datasets", make_report(origin=Origin(published=date(2024, 1, 31)), sections=fees), findings)
    text = re.sub(r"\s+", " ", Page(render(tmp_path) / f"en/agency/{AGENCY.id}/index.html").text)

    assert "Full disclosure rate 66.7% 6 9 35.4%–87.9% ·none fewer than 30 cases, has findings" in text
    assert "Carry-over rate 25.0% 3 12 8.9%–53.2% ·none fewer than 30 cases " in text
    assert "Days to publication 31 days ·none" in text
    assert "Processing fees collected 1,200 yuan ·none" in text
    assert "Correction rate in administrative review 33.3% 1 3 6.1%–79.2% ·none fewer than 30 cases, pending: 1" in text
    assert "Growth of applications received ·none" in text
    assert "no report for the year before is collected" in text


def test_the_plain_paragraph_compares_with_the_year_before_and_with_five_like_agencies(tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    numbers = {Key(REQUESTS, row, "total"): value for row, value in (("granted", 30), ("processed_total", 40))}
    others = [
        Agency(f"99020{n}-ren-min-zheng-fu", f"虚构{n}县人民政府", f"99020{n}", "county", "government")
        for n in range(5)
    ]
    for n, agency in enumerate(others):
        put(datasets, make_report(agency=agency, values=numbers | {Key(REQUESTS, "new_received", "total"): 100 + n}))
    put(datasets, make_report(year=2022, values=numbers | {Key(REQUESTS, "new_received", "total"): 13}))
    put(datasets, make_report(values=numbers))
    (datasets / "agencies.csv").write_bytes(Registry(Entry(agency) for agency in (AGENCY, *others)).to_bytes())
    site = render(tmp_path)
    text = Page(site / PAGE).text
    assert "新收比上年的 13 件减少 3 件。本站收录的其他 5 家同级同类机关，当年新收的中位数为 102 件。" in text
    assert "予以公开和部分公开合占办结的 75.0%，上年为 75.0%；其他 5 家同级同类机关的中位数为 75.0%。" in text
    shutil.rmtree(datasets / others[0].id)
    assert "中位数" not in Page(render(tmp_path) / PAGE).text


def test_reports_of_another_scope_are_not_compared(tmp_path: Path) -> None:
    put(tmp_path / "datasets", make_report(year=2022, scope="agency"))
    put(tmp_path / "datasets", make_report(scope="region"))
    page = Page(render(tmp_path) / PAGE)
    assert "2022年无可比数字" in page.text
    assert "与上年持平" not in page.text
    assert "汇总本地区" in page.text


def test_the_plain_paragraph_says_what_the_year_before_and_the_text_state_otherwise(tmp_path: Path) -> None:
    carried, received = Key(REQUESTS, "carried_in", "total"), Key(REQUESTS, "new_received", "total")
    put(
        tmp_path / "datasets",
        make_report(),
        [
            Finding(check="carry_over", severity="warning", at=carried, expected="5", actual="2"),
            Finding(check="narrative", severity="warning", at=received, expected="10", actual="11"),
        ],
    )
    text = Page(render(tmp_path) / PAGE).text
    assert "上年报告结转下年度 5 件，本年报告上年结转 2 件，两者不等。正文与表格有 1 处数字不同。" in text


@pytest.mark.usefixtures("datasets")
def test_the_patterns_show_every_check_and_chart_in_both_schemes_and_stand_in_no_list(tmp_path: Path) -> None:
    site = render(tmp_path, "https://example.org/")
    for scheme, path in (("light", "patterns/index.html"), ("dark", "en/patterns/dark/index.html")):
        page = Page(site / path)
        assert f'<body class="scheme--{scheme}">' in page.source
        assert '<meta name="robots" content="noindex">' in page.source
        assert page.source.count('class="finding__rule"') == len(load_rules())
        assert page.elements.count("figure") == 6
        assert page.elements.count("mark") == 1
    assert "本页的机关和全部数字均为虚构" in Page(site / "patterns/index.html").text
    assert "patterns" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert not [path for path in site.glob("*.html") for link in Page(path).links if "patterns" in link]
