"""What an introduction says that a report covers; in doubt, nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.extract.report import extract_report
from gongkai.extract.scope import scope_of
from gongkai.model import Agency, Level, Origin, Scope
from gongkai.names.registry import Registry
from tests.reports.cases import PLAIN, Case
from tests.reports.content import PLACES

CITY = Agency("990100-ren-min-zheng-fu", "示例市人民政府", "990100", "city", "government")
OFFICE = Agency("990100-ren-min-zheng-fu-ban-gong-shi", "示例市人民政府办公室", "990100", "city", "office")
BUREAU = Agency("990100-shui-wu-ju", "示例市水务局", "990100", "city", "department")
TAX = Agency("990100-shui-wu-ju-8a3f", "国家税务总局示例市税务局", "990100", "city", "vertical")
TOWN = Agency("990101-ren-min-zheng-fu", "示例县虚构镇人民政府", "990101", "township", "government")


@pytest.mark.parametrize(
    ("agency", "introduction"),
    [
        (CITY, "本报告汇总了全市各级行政机关政府信息公开工作情况。"),
        (CITY, "本报告反映2023年全市政府信息公开工作情况，数据统计期限自2023年1月1日起至2023年12月31日止。"),
        (CITY, "现将2023年全区政府信息公开工作情况报告如下。"),
        (
            CITY,
            "本报告由示例市人民政府办公室根据《条例》要求，汇总示例市各县（市、区）、市政府各有关部门情况编制而成。",
        ),
        (CITY, "根据各镇（街道）、各部门年度报告汇总编制。"),
        (CITY, "所列数据包括各级人民政府及其部门。"),
        (CITY, "数据统计范围为全 市\t行政机关。"),
        (OFFICE, "本年度报告综合各区县人民政府、市政府各部门的年度报告编制。"),
        (TAX, "本报告涵盖全市税务系统政府信息公开工作情况。"),
        (BUREAU, "我局汇总全系统数据编制本报告。"),
    ],
)
def test_a_report_that_adds_up_others_covers_a_region(agency: Agency, introduction: str) -> None:
    assert scope_of(introduction, agency) == "region"


@pytest.mark.parametrize(
    ("agency", "introduction"),
    [
        (BUREAU, "现将我局2023年政府信息公开工作情况报告如下。"),
        (BUREAU, "本机关2023年度政府信息公开工作年度报告由六个部分组成。"),
        (BUREAU, "按照全市政府信息公开工作部署，本局编制了2023年度报告。"),
        (TAX, "本报告所列数据为本单位数据。"),
    ],
)
def test_a_report_of_one_office_covers_that_agency(agency: Agency, introduction: str) -> None:
    assert scope_of(introduction, agency) == "agency"


@pytest.mark.parametrize(
    ("agency", "introduction"),
    [
        (CITY, ""),
        (CITY, "根据《条例》的规定，示例市人民政府编制了本报告。"),
        (CITY, "本报告由本机关编制。"),
        (CITY, "按照《关于做好全市政府信息公开工作年度报告编制的通知》编制。"),
        (CITY, "按照全省政府信息公开工作要求编制本报告。"),
        (CITY, "结合全市政府信息公开工作实际编制。"),
        (CITY, "如有疑问，请与全市政府信息公开工作主管部门联系。"),
        (CITY, "健全市政府信息公开制度。"),
        (CITY, "感谢社会各级对安全区域政府信息公开工作的意见。"),
        (replace(CITY, name="全州县人民政府"), "现将全州县政府信息公开工作情况报告如下。"),
        (BUREAU, "现将示例市水务局2023年政府信息公开工作情况报告如下。"),
        (BUREAU, "2023年全市政府信息公开工作有序推进。"),
        (TOWN, "现将全县政府信息公开工作情况报告如下。"),
        (TOWN, "现将我镇政府信息公开工作情况报告如下。"),
    ],
)
def test_in_doubt_nothing_is_said(agency: Agency, introduction: str) -> None:
    assert scope_of(introduction, agency) == "unknown"


@pytest.mark.parametrize(("level", "scope"), [("province", "region"), ("county", "region"), ("township", "unknown")])
def test_a_township_has_no_region_of_offices_below_it(level: Level, scope: Scope) -> None:
    assert scope_of("现将全县政府信息公开工作情况报告如下。", replace(CITY, level=level)) == scope


@pytest.mark.parametrize(("stated", "scope"), [(None, "region"), ("agency", "agency"), ("unknown", "unknown")])
def test_what_a_person_states_goes_before_what_is_printed(stated: Scope | None, scope: Scope, tmp_path: Path) -> None:
    introduction = (*PLAIN.introduction, "本报告汇总了全市各级行政机关政府信息公开工作情况。")
    path = Case(replace(PLAIN, introduction=introduction)).write(tmp_path)
    report, _ = extract_report(path, origin=Origin(scope=stated), registry=Registry(), gazetteer=PLACES)
    assert report.scope == scope
