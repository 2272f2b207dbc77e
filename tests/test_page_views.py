"""The pages that look over all agencies say what is compared, what is not, and what isn't here."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gongkai.model import REQUESTS, Finding, Key, Origin, Section
from gongkai.names.registry import Entry, Registry
from gongkai.publish import indicators as indicators_module
from gongkai.publish import page_views as module
from gongkai.publish.catalog import Catalog
from gongkai.publish.coverage import Refusal, coverage
from gongkai.publish.gather import as_of, take_stock
from gongkai.publish.indicators import load_indicators
from gongkai.publish.page_views import SiteInputs
from gongkai.publish.pages import OF_SITE, names_of
from gongkai.publish.site import Frame, render_site
from gongkai.publish.templates import Templates
from tests.builders import AGENCY, make_package, make_report

TEMPLATES = Path(__file__).parents[1] / "site_templates"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(TEMPLATES)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.sqlite") as opened:
        yield opened


def add(catalog: Catalog, number: int, findings: tuple[Finding, ...] = (), **rows: int | None) -> None:
    agency = replace(AGENCY, id=f"990101-xu-gou-{number:03}", name=f"示例市第{number:03}区人民政府")
    figures = {Key(REQUESTS, row, "total"): value for row, value in ({"processed_total": 500} | rows).items()}
    catalog.add(make_report(agency=agency, values=figures), findings, Path(), "")


def pages(catalog: Catalog, templates: Templates, tag: str, refusals: tuple[Refusal, ...] = ()) -> dict[str, str]:
    """The overviews' pages in one language: their text without markup, by path."""
    language = next(language for language in templates.languages if language.tag == tag)
    frame = names_of(Frame("./", "./", "", (), (), "", "", ()))
    inputs = SiteInputs(catalog, {}, (), refusals, as_of(catalog))
    shown = {}
    for kind in (kind for kind in OF_SITE if kind.address.startswith(("indicators/", "coverage/", "findings/"))):
        for view in kind.views(inputs):
            text = templates.render(language, kind.template, **frame, **names_of(view))
            shown[kind.address_of(view)] = " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2]).split())
    return shown


@pytest.mark.parametrize(("tag", "words"), [("zh-Hans", "zh"), ("en", "en")])
def test_every_indicator_has_a_page_with_its_formula_and_caveats_in_the_pages_language(
    catalog: Catalog, templates: Templates, tag: str, words: str
) -> None:
    add(catalog, 1)
    shown = pages(catalog, templates, tag)
    for indicator in load_indicators().indicators.values():
        page = shown[f"indicators/{indicator.id}/"]
        for text in (indicator.title, indicator.definition, indicator.formula, indicator.source):
            assert "".join(text[words].split()) in "".join(page.split())  # Chinese within it is marked
        assert all(caveat in page for caveat in indicator.caveats[words])
        assert indicator.title[words] in shown["indicators/"]


def test_five_ranked_values_without_findings_are_drawn_with_their_median(
    catalog: Catalog, templates: Templates
) -> None:
    for number in range(1, 5):
        add(catalog, number, granted=100 * number)
    add(catalog, 5, (Finding(check="row_total", severity="error", at=Key(REQUESTS, "granted", "total")),), granted=1)
    assert "数值分布" not in pages(catalog, templates, "zh-Hans")["indicators/disclosure_rate/"]
    add(catalog, 6, granted=30)
    page = pages(catalog, templates, "zh-Hans")["indicators/disclosure_rate/"]
    assert "2023 年数值分布" in page
    assert "同级同类的 5 个机关按数值分布，每档 5%；中位数为 40.0%。" in page


def test_a_ranking_shows_what_a_value_is_made_of_and_marks_findings(catalog: Catalog, templates: Templates) -> None:
    add(
        catalog,
        1,
        (Finding(check="row_total", severity="error", at=Key(REQUESTS, "granted", "total")),),
        granted=81,
        processed_total=263,
    )
    add(catalog, 2, granted=1, processed_total=29)
    add(catalog, 3, granted=None)
    page = pages(catalog, templates, "en")["indicators/full_disclosure_rate/"]

    assert "1 30.8% 81 263 25.5%–36.6% has findings" in page
    assert page.index("Not ranked: fewer than 30 cases") < page.index("3.4% 1 29 0.6%–17.2%")
    assert "Not available a figure is blank or could not be read" in page


def test_of_a_long_ranking_both_ends_are_shown_and_the_rest_is_counted(catalog: Catalog, templates: Templates) -> None:
    for number in range(103):
        add(catalog, number, granted=400 - number)
    page = pages(catalog, templates, "en")["indicators/full_disclosure_rate/"]

    assert "3 agencies between these are left out" in page
    shown = [number for number in range(103) if f"第{number:03}区" in page]
    assert shown == [*range(50), *range(53, 103)]


def test_a_sum_that_a_report_states_leads_to_where_it_is_stated(tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    make_package(datasets, sections=(Section(6, "其他需要报告的事项", "我区收取信息处理费1200元。"),))
    assert render_site(datasets, tmp_path / "site", templates=TEMPLATES) == ()
    page = (tmp_path / "site" / "en" / "indicators" / "processing_fees" / "index.html").read_text(encoding="utf-8")
    assert f'<a href="../../agency/{AGENCY.id}/2023/#section-6">1,200 yuan</a>' in page
    assert "1 of 1 report states a sum." in page


def test_an_indicator_that_nobody_has_says_so(catalog: Catalog, templates: Templates) -> None:
    shown = pages(catalog, templates, "en")
    assert "No report that is collected here has this indicator." in shown["indicators/growth/"]
    assert "No report that is collected here has this indicator." in shown["indicators/bodies_without_requests/"]
    assert "No report that is collected here has this indicator." in shown["indicators/processing_fees/"]


def test_a_long_coverage_is_parted_into_pages_that_count_the_whole(
    catalog: Catalog, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGENCIES_A_PAGE", 2)
    for number in range(5):
        add(catalog, number)
    catalog.cover(coverage(catalog.agencies(), catalog.years(), (), date(2024, 5, 1)))
    shown = pages(catalog, templates, "en", (Refusal("a<b>.pdf", "why <not>"),))

    parts = [shown[path] for path in ("coverage/", "coverage/2/", "coverage/3/")]
    tables = [part[part.index("Reports by agency and year") :] for part in parts]
    assert [[n for n in range(5) if f"第{n:03}区" in table] for table in tables] == [[0, 1], [2, 3], [4]]
    assert all("collected 5" in part for part in parts)
    assert ["a&lt;b&gt;.pdf why &lt;not&gt;" in part for part in parts] == [True, False, False]


def test_a_registered_agency_without_a_report_is_covered_and_not_linked(tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    silent = replace(AGENCY, id="990101-min-zheng-ju", name="示例市虚构区民政局", kind="department")
    make_package(datasets)
    (datasets / "agencies.csv").write_bytes(Registry([Entry(AGENCY), Entry(silent)]).to_bytes())
    refused = [(datasets / silent.id / "2023" / "report.pdf", "no readable requests table; give the report itself")]

    assert render_site(datasets, tmp_path / "site", templates=TEMPLATES, refused=refused) == ()

    page = (tmp_path / "site" / "en" / "coverage" / "index.html").read_text(encoding="utf-8")
    assert "民政局" in page
    assert f"agency/{silent.id}/" not in page
    assert "no readable requests table; give the report itself" in page
    assert str(tmp_path) not in page


def test_a_package_that_can_not_be_read_is_named_as_refused(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    make_package(tmp_path / "datasets", year=2022)
    folder = make_package(tmp_path / "datasets", year=2023)
    (folder / "requests.csv").unlink()

    (problem,) = render_site(tmp_path / "datasets", tmp_path / "site", templates=TEMPLATES)

    page = (tmp_path / "site" / "coverage" / "index.html").read_text(encoding="utf-8")
    assert "requests.csv" in problem
    assert "不能读取" in page
    assert f"{AGENCY.id}/2023" in page


def test_today_is_what_the_environment_or_the_reports_say_and_never_the_clock(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_of(catalog) is None
    assert take_stock(catalog, tmp_path, ()) == ()
    catalog.add(make_report(origin=Origin(retrieved=date(2024, 3, 5))), (), Path(), "")
    assert as_of(catalog) == date(2024, 3, 5)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    assert as_of(catalog) == date(2024, 6, 1)


NEW_INDICATOR = """
[[indicator]]
id = "carried_in_share"
topic = "workload"
kind = "share"
main = true
numerator = ["requests.carried_in.total"]
denominator = ["requests.to_handle.total"]
title = { zh = "上年结转占比", en = "Share carried in" }
definition = { zh = "本年待办的申请中，上年结转的占多少。", en = "Of the applications to handle, those carried in." }
formula = { zh = "上年结转÷（新收＋上年结转）", en = "carried in ÷ (received + carried in)" }
source = { zh = "表三", en = "Table three" }
caveats = { zh = ["结转多少与年末收到的多少有关。"], en = ["It depends on how many came late in the year."] }
"""


def test_a_new_indicator_is_an_entry_of_the_data_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extended = tmp_path / "indicators.toml"
    written = indicators_module._INDICATORS["indicators.toml"].read_text(encoding="utf-8")
    extended.write_text(written + NEW_INDICATOR, encoding="utf-8")
    monkeypatch.setattr(indicators_module, "_INDICATORS", {"indicators.toml": extended})
    load_indicators.cache_clear()
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    make_package(datasets)
    try:
        assert render_site(datasets, tmp_path / "site", templates=TEMPLATES) == ()
    finally:
        load_indicators.cache_clear()

    for prefix, title in (("", "上年结转占比"), ("en/", "Share carried in")):
        for page in ("indicators/carried_in_share/", "indicators/", f"agency/{AGENCY.id}/"):
            assert title in (tmp_path / "site" / prefix / page / "index.html").read_text(encoding="utf-8")
    assert "carried_in_share,990101-ren-min-zheng-fu,2023,given,2,12,12," in (
        tmp_path / "site" / "data" / "indicators.csv"
    ).read_text(encoding="utf-8")
