"""Every figure has its place on the source page, under its own id and once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gongkai.model import Box, Key, Report
from gongkai.publish.packaged_report import PackagedReport
from gongkai.publish.report_view import agency_view, anchor
from gongkai.publish.source_images import PageImage
from gongkai.publish.source_view import SourceView, source_view
from tests.builders import make_report
from tests.test_site import put, render

IMAGES = {number: PageImage(number, f"page-{number}.webp", 595.0, 842.0) for number in (1, 2, 3)}


def view_of(report: Report, images: dict[int, PageImage]) -> SourceView:
    (view,) = agency_view([PackagedReport(report, (), Path(), "0")]).reports
    return source_view(view, images)


def ids(view: SourceView) -> list[str]:
    return [spot.cell.id for page in view.pages for spot in page.spots] + sorted(view.listed)


def test_every_figure_stands_in_one_place() -> None:
    report = make_report()
    for images in (IMAGES, {1: IMAGES[1]}, {}):
        assert sorted(ids(view_of(report, images))) == sorted(map(anchor, report.figures))


def test_a_figure_s_box_is_the_one_that_was_read_with_a_margin() -> None:
    key = Key("requests", "granted", "total")
    report = make_report()
    figure = report.figures[key]._replace(box=Box(2, 100, 200, 110, 212))
    page = view_of(replace(report, figures={**report.figures, key: figure}), IMAGES).pages[1]
    (spot,) = [spot for spot in page.spots if spot.cell.id == anchor(key)]
    assert page.image.page == 2
    assert (spot.x, spot.y, spot.width, spot.height) == (98, 198, 14, 16)


def test_a_format_without_pages_shows_the_tables_as_they_were_read() -> None:
    report = make_report()
    without = {key: figure._replace(box=None) for key, figure in report.figures.items()}
    view = view_of(replace(report, figures=without), {})
    assert view.pages == ()
    assert [table.resource for table in view.tables] == ["proactive_disclosure", "requests", "reviews_litigation"]


def test_the_source_page_has_the_characters_as_printed_and_leads_back(tmp_path: Path) -> None:
    key = Key("requests", "granted", "total")
    report = make_report()
    report = replace(report, figures={**report.figures, key: report.figures[key]._replace(printed="６ 件")})
    put(tmp_path / "datasets", report)
    site = render(tmp_path)
    page = (site / "agency" / report.agency.id / "2023" / "source" / "index.html").read_text(encoding="utf-8")
    (cell,) = re.findall(rf'<td id="{anchor(key)}"[^>]*>(.*?)</td>', page)
    assert "６ 件" in cell
    assert f'/2023/#{anchor(key)}"' in cell
