from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.errors import ReportError, Undetermined
from gongkai.extract.agency import Clues, identify, pinyin, sort_key
from gongkai.model import Agency
from gongkai.names.bodies import open_readings
from gongkai.names.places import Gazetteer, load_gazetteer
from gongkai.names.registry import AGENCY_ID, Entry, Registry
from gongkai.names.words import load_words

PLACES = Gazetteer(
    [
        ("990000", "虚构省"),
        ("990100", "示例市"),
        ("990102", "青柳区"),
        ("990103", "紫藤新区"),
        ("990121", "霜林县"),
        ("990181", "云杉市"),
        ("990200", "独岛市"),
        ("992300", "远山地区"),
        ("992900", "南柯泽族自治州"),
        ("970000", "幻境市"),
        ("970101", "青柳区"),
        ("970102", "东篱区"),
        ("970221", "石笋县"),
        ("980000", "样本自治区"),
        ("980100", "试验市"),
        ("980102", "青柳区"),
    ],
    former=[("990104", "旧港区")],
    nationalities=["泽族"],
)
EMPTY = Registry()


def report(
    name: str = "", introduction: str = "", signature: str = "", text: str = "", metadata: str = "", title: str = ""
) -> Clues:
    title = title or f"{name}2023年政府信息公开工作年度报告"
    return Clues(title, introduction, signature, text, metadata)


def who(clues: Clues, registry: Registry = EMPTY, stated: str | None = None) -> Agency:
    return identify(clues, registry, PLACES, stated)


@pytest.mark.parametrize(
    ("printed", "name", "code", "level"),
    [
        ("示例市人民政府", "示例市人民政府", "990100", "city"),
        ("虚构省示例市人民政府", "示例市人民政府", "990100", "city"),
        ("虚构省霜林县人民政府", "霜林县人民政府", "990121", "county"),
        ("示例市霜林县人民政府", "霜林县人民政府", "990121", "county"),
        ("示例市云杉市人民政府", "云杉市人民政府", "990181", "county"),
        ("幻境市石笋县人民政府", "石笋县人民政府", "970221", "county"),
        ("东篱区人民政府", "幻境市东篱区人民政府", "970102", "county"),
        ("示例市紫藤新区人民政府", "示例市紫藤新区人民政府", "990103", "county"),
        ("虚构省青柳区人民政府", "示例市青柳区人民政府", "990102", "county"),
        ("虚构省人民政府办公厅", "虚构省人民政府办公厅", "990000", "province"),
        ("虚构省政府办公厅", "虚构省人民政府办公厅", "990000", "province"),
        ("示例市政府办", "示例市人民政府办公室", "990100", "city"),
        ("示例市市政府", "示例市人民政府", "990100", "city"),
        ("示例市", "示例市人民政府", "990100", "city"),
        ("样本自治区", "样本自治区人民政府", "980000", "province"),
        ("远山地区", "远山地区行政公署", "992300", "city"),
        ("远山地区行署", "远山地区行政公署", "992300", "city"),
        ("南柯州人民政府", "南柯泽族自治州人民政府", "992900", "city"),
        ("虚构省南柯州人民政府", "南柯泽族自治州人民政府", "992900", "city"),
        ("虚构省南柯州", "南柯泽族自治州人民政府", "992900", "city"),
        ("南柯自治州财政局", "南柯泽族自治州财政局", "992900", "city"),
        ("远山地区行署办公室", "远山地区行政公署办公室", "992300", "city"),
        ("示例市政府国资委", "示例市人民政府国有资产监督管理委员会", "990100", "city"),
        ("示例市人民政府研究室", "示例市人民政府研究室", "990100", "city"),
        ("示例市人力资源社会保障局", "示例市人力资源和社会保障局", "990100", "city"),
        ("中共示例市委 示例市人民政府", "示例市人民政府", "990100", "city"),
        ("幻境市高新区（东篱区）人民政府", "幻境市东篱区人民政府", "970102", "county"),
        ("示例财政局", "示例市财政局", "990100", "city"),
        ("示例市市场监管局", "示例市市场监督管理局", "990100", "city"),
        ("示例市场监管局", "示例市市场监督管理局", "990100", "city"),
        ("示例市住建局", "示例市住房和城乡建设局", "990100", "city"),
        ("示例市城市管理局", "示例市城市管理局", "990100", "city"),
        ("示例市民政局", "示例市民政局", "990100", "city"),
        ("样本自治区财政厅", "样本自治区财政厅", "980000", "province"),
        ("示例市青柳区统计局", "示例市青柳区统计局", "990102", "county"),
        ("示例市旧港区人民政府", "示例市旧港区人民政府", "990104", "county"),
        ("示例市人民政府台湾事务办公室", "示例市人民政府台湾事务办公室", "990100", "city"),
        ("示例市科委", "示例市科学技术委员会", "990100", "city"),
        ("示例市教委", "示例市教育委员会", "990100", "city"),
        ("示例市经信委", "示例市经济和信息化委员会", "990100", "city"),
        ("示例市住建委", "示例市住房和城乡建设委员会", "990100", "city"),
        ("示例市青柳区教委", "示例市青柳区教育委员会", "990102", "county"),
        ("虚构省政府办", "虚构省人民政府办公厅", "990000", "province"),
        ("霜林县政府办", "霜林县人民政府办公室", "990121", "county"),
        ("示例市食药监局", "示例市食品药品监督管理局", "990100", "city"),
        ("示例市教育科技局", "示例市教育科技局", "990100", "city"),
        ("虚构省人民政府驻示例办事处", "虚构省人民政府驻示例办事处", "990000", "province"),
    ],
)
def test_a_body_has_its_full_name_and_the_code_and_level_of_its_place(
    printed: str, name: str, code: str, level: str
) -> None:
    agency = who(report(printed))
    assert (agency.name, agency.division_code, agency.level) == (name, code, level)


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("霜林县松石镇人民政府", "霜林县松石镇人民政府", "990121"),
        ("霜林县松石镇政府", "霜林县松石镇人民政府", "990121"),
        ("虚构省示例市霜林县松石镇", "霜林县松石镇人民政府", "990121"),
        ("东篱区南山街道", "幻境市东篱区南山街道办事处", "970102"),
        ("东篱区南山街办", "幻境市东篱区南山街道办事处", "970102"),
        ("东篱区人民政府南山街道办事处", "幻境市东篱区人民政府南山街道办事处", "970102"),
        ("独岛市松石镇人民政府", "独岛市松石镇人民政府", "990200"),
        ("霜林县城乡镇人民政府", "霜林县城乡镇人民政府", "990121"),
        ("霜林县县前街道办事处", "霜林县县前街道办事处", "990121"),
        ("霜林县松石泽族乡", "霜林县松石泽族乡人民政府", "990121"),
    ],
)
def test_a_township_is_named_with_its_county_and_has_its_code(printed: str, name: str, code: str) -> None:
    agency = who(report(printed))
    assert (agency.name, agency.division_code, agency.level) == (name, code, "township")


@pytest.mark.parametrize(
    ("printed", "name", "code", "level"),
    [
        ("示例经济技术开发区管委会", "示例经济技术开发区管理委员会", "990100", "city"),
        ("虚构省示例工业园区管理委员会", "示例工业园区管理委员会", "990100", "city"),
        ("虚构霜林经济开发区管委会", "虚构霜林经济开发区管理委员会", "990121", "county"),
        ("虚构霜林经济开发区", "虚构霜林经济开发区管理委员会", "990121", "county"),
        ("虚构示例经济技术开发区管委会", "示例经济技术开发区管理委员会", "990100", "city"),
        ("霜林县松石开发区管理委员会", "霜林县松石开发区管理委员会", "990121", "county"),
        ("示例市青柳湾示范区管委会", "示例市青柳湾示范区管理委员会", "990100", "city"),
        ("示例市紫藤新区管委会", "示例市紫藤新区管理委员会", "990100", "city"),
        ("虚构自由贸易试验区示例片区管委会", "虚构自由贸易试验区示例片区管理委员会", "990000", "province"),
        ("国家矿山安全监察局虚构局", "国家矿山安全监察局虚构局", "990000", "province"),
        ("中国证监会虚构监管局", "中国证券监督管理委员会虚构监管局", "990000", "province"),
        ("中国证监会", "中国证券监督管理委员会", "000000", "central"),
        ("民航华北地区管理局", "民航华北地区管理局", "000000", "central"),
        ("示例海关", "示例海关", "990100", "city"),
        ("虚构海事局", "虚构海事局", "990000", "province"),
        ("示例市气象局", "示例市气象局", "990100", "city"),
        ("国家税务总局示例市税务局", "国家税务总局示例市税务局", "990100", "city"),
        ("国家统计局虚构调查总队", "国家统计局虚构调查总队", "990000", "province"),
        ("国家税务总局驻示例特派员办事处", "国家税务总局驻示例特派员办事处", "000000", "central"),
        ("国家税务总局", "国家税务总局", "000000", "central"),
        ("教育部", "教育部", "000000", "central"),
        ("长江航务管理局", "长江航务管理局", "000000", "central"),
    ],
)
def test_zones_and_vertical_bodies_keep_their_names_and_national_bodies_have_no_place(
    printed: str, name: str, code: str, level: str
) -> None:
    agency = who(report(printed))
    assert (agency.name, agency.division_code, agency.level) == (name, code, level)


@pytest.mark.parametrize(
    "title",
    [
        "示例市财政局2023年政府信息公开工作年度报告",
        "示例市财政局2023年度政府信息公开工作年度报告",
        "示例市财政局\n2023年政府信息公开\n工作年度报告",
        "示 例 市 财 政 局 2 0 2 3 年 政 府 信 息 公 开 工 作 年 度 报 告",
        "示例市财政局2023年政府信息公开工作年度报告示例市财政局2023年政府信息公开工作年度报告",
        "示例市财政局示例市财政局2023年政府信息公开工作年度报告",
        "关于示例市财政局2023年政府信息公开工作情况的报告",
        "示例市财政局关于2023年度政府信息公开工作情况的报告",
        "2023年度示例市财政局政府信息公开工作年度报告",
        "二〇二三年示例市财政局政府信息公开工作年度报告",
        "政府信息公开工作年度报告（示例市财政局）",
        "示例市财政局政府信息公开工作年度报告（2023年）",
        "首页 > 政务公开 > 示例市财政局2023年政府信息公开工作年度报告",
        "附件1：示例市财政局2023年政府信息公开工作年度报告",
        "⽰例市财政局2023年政府信息公开⼯作年度报告",
        "示例市財政局2023年政府資訊公開工作年度報告",
        "示例市财政局（本级）2023年政府信息公开工作年度报告",
        "示例市财政局（示例市财政和金融综合管理局）2023年政府信息公开工作年度报告",
        "示例市财政局二O二三年政府信息公开工作年度报告",
        "示例市财政局二0二三年度政府信息公开工作年度报告",
    ],
)
def test_the_name_is_read_out_of_every_shape_of_title(title: str) -> None:
    assert who(report(title=title)).name == "示例市财政局"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("霜林县松石镇政府信息公开工作年度报告", "霜林县松石镇人民政府"),
        ("示例市人民政府信息公开工作年度报告", "示例市人民政府"),
        ("示例市政府2023年政府信息公开工作年度报告", "示例市人民政府"),
        ("霜林县松石镇人民政府政府信息公开工作年度报告", "霜林县松石镇人民政府"),
    ],
)
def test_the_words_government_information_are_no_part_of_the_name(title: str, name: str) -> None:
    assert who(report(title=title)).name == name


@pytest.mark.parametrize(
    ("clues", "name"),
    [
        pytest.param(
            report(introduction="现将示例市财政局2023年政府信息公开工作情况报告如下。"), "示例市财政局", id="now"
        ),
        pytest.param(
            report(introduction="反映2023年1月1日至12月31日期间示例市财政局的工作情况。请与示例市政务公开办公室联系。"),
            "示例市财政局",
            id="of-the-period",
        ),
        pytest.param(report(introduction="根据条例的规定，示例市财政局编制了本报告。"), "示例市财政局", id="compiled"),
        pytest.param(report(introduction="本报告由示例市财政局根据条例编制。"), "示例市财政局", id="by"),
        pytest.param(report(signature="示例市财政局\n2024年1月30日\n— 3 —"), "示例市财政局", id="signature"),
        pytest.param(report(introduction="国家统计局根据条例编制本报告。"), "国家统计局", id="why-is-no-part-of-who"),
        pytest.param(Clues("", "", "", file="2023年示例市财政局年报（定稿）"), "示例市财政局", id="file-name"),
        pytest.param(Clues("", "", "", file="霜林县人民政府2023"), "霜林县人民政府", id="file-name-with-a-year"),
        pytest.param(report(signature="示例市财政局2024年1月30日"), "示例市财政局", id="signature-with-its-date"),
        pytest.param(report(signature="示例市财政局2024-01-30"), "示例市财政局", id="a-date-in-digits"),
        pytest.param(report(signature="示例市财政局（盖章）"), "示例市财政局", id="sealed"),
        pytest.param(report(signature="（示例市财政局）"), "示例市财政局", id="in-brackets"),
        pytest.param(report(signature="单位：示例市财政局 日期：2024年1月30日"), "示例市财政局", id="with-labels"),
        pytest.param(report(signature="示例市财政局办公室"), "示例市财政局", id="a-department-s-own-office"),
        pytest.param(
            report(introduction="示例市财政局2023年政府信息公开工作年度报告由六部分组成。"), "示例市财政局", id="parts"
        ),
        pytest.param(report(introduction="2023年，示例市财政局坚持公开透明。"), "示例市财政局", id="subject"),
        pytest.param(report(text="发布机构：示例市财政局 名称：年度报告"), "示例市财政局", id="published-by"),
        pytest.param(
            report(metadata="示例市财政局2023年政府信息公开工作年度报告_示例市人民政府"), "示例市财政局", id="metadata"
        ),
        pytest.param(
            report(
                introduction="本报告由示例市人民政府办公室根据条例编制。", signature="示例市人民政府\n2024年1月30日"
            ),
            "示例市人民政府",
            id="who-signs-goes-before-who-wrote-it",
        ),
        pytest.param(
            report("示例市", signature="示例市人民政府办公室\n2024年1月30日"),
            "示例市人民政府",
            id="a-bare-place-is-its-government-whoever-signs",
        ),
        pytest.param(
            report("虚构省人民政府办公厅", signature="虚构省人民政府\n2024年1月30日"),
            "虚构省人民政府办公厅",
            id="the-office-in-the-title-is-the-office",
        ),
    ],
)
def test_without_a_name_in_the_title_the_other_clues_name_it(clues: Clues, name: str) -> None:
    assert who(clues).name == name


@pytest.mark.parametrize(
    ("clues", "name"),
    [
        (report("市财政局", signature="示例市财政局\n2024年1月3日"), "示例市财政局"),
        (report("市财政局", text="办公地址：虚构省示例市一号路。"), "示例市财政局"),
        (report("区统计局", introduction="请与示例市青柳区统计局联系。"), "示例市青柳区统计局"),
        (report("县政府", text="霜林县委、县政府高度重视。"), "霜林县人民政府"),
        (report("省财政厅", text="由虚构省财政厅公布。"), "虚构省财政厅"),
        (report("区财政厅", text="由样本自治区财政厅公布。"), "样本自治区财政厅"),
        (report("自治区财政厅", text="由样本自治区财政厅公布。"), "样本自治区财政厅"),
        (report("自治区市场监督管理局", signature="样本自治区市场监督管理局"), "样本自治区市场监督管理局"),
        (report("自治州财政局", text="南柯泽族自治州政府所在地"), "南柯泽族自治州财政局"),
        (report(introduction="现将我局2023年工作情况报告如下。", text="请与示例市统计局联系。"), "示例市统计局"),
        (report(introduction="现将我局2023年工作情况报告如下。", signature="示例市统计局"), "示例市统计局"),
        (
            report(introduction="现将我镇2023年工作情况报告如下。", text="地址：霜林县松石镇人民政府。"),
            "霜林县松石镇人民政府",
        ),
        (report(introduction="现将我县2023年工作情况报告如下。", text="霜林县委部署。"), "霜林县人民政府"),
        (report("松石镇人民政府", signature="霜林县松石镇人民政府"), "霜林县松石镇人民政府"),
        (report("示例市南山街道办事处", text="示例市青柳区南山街道办事处"), "示例市青柳区南山街道办事处"),
        (report("高新区管委会", introduction="请与示例市政务公开办公室联系。"), "示例市高新区管理委员会"),
        (report("园区管委会", signature="示例工业园区管理委员会"), "示例工业园区管理委员会"),
        (report("东篱高新区管委会", signature="示例市东篱高新区管理委员会"), "东篱高新区管理委员会"),
        (report("东篱高新区管委会", text="地址：幻境市东篱区一号路。"), "东篱高新区管理委员会"),
        (report("绿屿海关", introduction="请与示例市政务公开办公室联系。"), "绿屿海关"),
        (report("苍梧新区管委会", introduction="请与虚构省政务公开办公室联系。"), "苍梧新区管理委员会"),
        (report("示例市税务局", signature="国家税务总局示例市税务局"), "国家税务总局示例市税务局"),
        (report("示例市水建局", signature="示例市水利和建设局"), "示例市水利和建设局"),
        (report("示例市水建委", signature="示例市水利和建设委员会"), "示例市水利和建设委员会"),
        (report("示例市建委", signature="示例市城乡建设委员会"), "示例市城乡建设委员会"),
        (report("市建委", text="请与示例市城乡建设委员会联系。"), "示例市城乡建设委员会"),
        (report("示例市文旅局", text="示例市文化广电和旅游局地址：一号路。"), "示例市文化广电和旅游局"),
        (report("独岛市政府办", signature="独岛市人民政府办公厅"), "独岛市人民政府办公厅"),
        (report("霜林开发区管委会", signature="虚构霜林开发区管理委员会"), "虚构霜林开发区管理委员会"),
    ],
)
def test_what_the_title_leaves_out_comes_from_the_other_clues(clues: Clues, name: str) -> None:
    assert who(clues).name == name


@pytest.mark.parametrize(
    ("clues", "code"),
    [
        pytest.param(report("青柳区人民政府", "现将示例市青柳区人民政府2023年情况报告如下。"), "990102", id="named-so"),
        pytest.param(report("青柳区人民政府", signature="试验市青柳区人民政府"), "980102", id="signed-so"),
        pytest.param(report("青柳区人民政府", "请与试验市政务公开办公室联系。"), "980102", id="its-city"),
        pytest.param(report("青柳区教育局", "青柳区位于样本自治区。"), "980102", id="its-province"),
        pytest.param(report("青柳区人民政府", metadata="幻境市青柳区人民政府"), "970101", id="its-website"),
        pytest.param(report("青柳区人民政府", text="示例市委、市政府部署。"), "990102", id="its-city-in-the-prose"),
        pytest.param(Clues("青柳区人民政府", "", "", file="试验市青柳区年报"), "980102", id="its-file-s-name"),
        pytest.param(
            Clues("青柳区人民政府", "", "", "示例市委部署。", file="试验市青柳区年报"), "990102", id="print-before-file"
        ),
        pytest.param(report("东篱高新区管委会", text="地址：幻境市东篱区一号路。"), "970102", id="its-own-district"),
        pytest.param(report("东篱高新区管委会", signature="示例市东篱高新区管委会"), "990100", id="like-a-district"),
        pytest.param(
            report("青柳区人民政府", text="全年赴试验市学习。示例市委部署。"), "990102", id="a-city-that-was-visited"
        ),
    ],
)
def test_of_places_with_one_name_the_clues_choose(clues: Clues, code: str) -> None:
    assert who(clues).division_code == code


@pytest.mark.parametrize(
    ("clues", "message"),
    [
        pytest.param(report(), "is not printed", id="nothing"),
        pytest.param(Clues("", "", ""), "is not printed", id="nothing-at-all"),
        pytest.param(
            report("青柳区人民政府"), "may be 幻境市青柳区 or 示例市青柳区 or 试验市青柳区", id="three-of-one-name"
        ),
        pytest.param(
            report("青柳区人民政府", text="全年赴试验市学习。"), "may be", id="a-city-named-in-passing-decides-nothing"
        ),
        pytest.param(
            report("青柳区人民政府", "现将示例市青柳区人民政府2023年情况报告如下。", "试验市青柳区人民政府"),
            "is printed as 示例市青柳区 or 试验市青柳区",
            id="clues-that-contradict-each-other",
        ),
        pytest.param(
            report("示例市财政局", signature="独岛市财政局\n2024年1月30日"),
            "is printed as 独岛市 or 示例市",
            id="a-title-and-a-signature-that-contradict-each-other",
        ),
        pytest.param(report(signature="示例市财政局\n示例市审计局"), "is not printed", id="two-who-sign"),
        pytest.param(report(introduction="示例市财政局高度重视，我局抓好落实。"), "not printed", id="whom-we-thank"),
        pytest.param(
            report(text="发布机构：示例市人民政府办公室"), "is not printed", id="an-office-that-publishes-for-all"
        ),
        pytest.param(report("示例市财政局、示例市审计局"), "two bodies report together", id="two-bodies"),
        pytest.param(report("示例市财政局和审计局"), "示例市财政局 and 审计局", id="two-bodies-and-one-place"),
        pytest.param(report("示例市财政局 示例市审计局"), "two bodies report together", id="two-lines-of-bodies"),
        pytest.param(report("自治区财政厅", text="示例市"), "without its place", id="a-region-not-named"),
        pytest.param(report("东篱高新区管委会"), "without its place", id="a-zone-that-only-sounds-like-a-district"),
        pytest.param(report("青柳新区管委会"), "without its place", id="a-new-area-that-only-sounds-like-a-district"),
        pytest.param(report("国家统计局别处调查队"), "is no division", id="a-national-body-s-local-one-of-no-place"),
        pytest.param(report("国家某某局虚构监管局"), "is no division", id="a-national-body-s-local-one-of-no-list"),
        pytest.param(report("中国（示例）自由贸易试验区管委会"), "without its place", id="a-zone-is-no-national-body"),
        pytest.param(report("松石镇人民政府"), "without its place", id="a-town-of-no-county"),
        pytest.param(report("示例市松石镇人民政府"), "without its county or district", id="a-town-of-a-city"),
        pytest.param(report("市财政局", text="示例市委和云杉市委。"), "without its place", id="two-cities"),
        pytest.param(report("示例市无名区人民政府"), "无名区 is no division of 示例市", id="a-division-of-no-list"),
        pytest.param(report("示例市石笋县财政局"), "石笋县 is no division of 示例市", id="a-county-of-elsewhere"),
        pytest.param(report("公安局"), "without its place", id="a-bureau-of-no-place"),
        pytest.param(report(introduction="现将我局2023年工作情况报告如下。"), "calls its publisher only 我局", id="we"),
        pytest.param(
            report(introduction="现将我局2023年情况报告如下。", text="示例市统计局、示例市财政局"),
            "calls its publisher only 我局",
            id="two-bureaus",
        ),
    ],
)
def test_what_cannot_be_determined_is_asked_for_in_one_line(clues: Clues, message: str) -> None:
    with pytest.raises(Undetermined, match=message) as error:
        who(clues)
    assert "origin.toml" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("printed", "place", "name"),
    [
        ("上海市科委", "310000", "上海市科学技术委员会"),
        ("上海市住建委", "310000", "上海市住房和城乡建设管理委员会"),
        ("重庆市住建委", "500000", "重庆市住房和城乡建设委员会"),
        ("上海市黄浦区建管委", "310101", "上海市黄浦区建设和管理委员会"),
        ("北京市交通委", "110000", "北京市交通委员会"),
        ("深圳市住建局", "440300", "深圳市住房和建设局"),
        ("上海市公积金中心", "310000", "上海市公积金管理中心"),
        ("国家发改委", "000000", "国家发展和改革委员会"),
    ],
)
def test_a_short_name_is_read_as_its_place_has_it(printed: str, place: str, name: str) -> None:
    agency = identify(report(printed), EMPTY, load_gazetteer())
    assert (agency.name, agency.division_code) == (name, place)
    assert open_readings(agency.name, agency.division_code) is None


@pytest.mark.parametrize(
    ("printed", "readings"),
    [
        ("上海市黄浦区住建委", 2),
        ("上海市建委", 3),
        ("北京市科委", 0),
        ("上海市绿化市容委", 0),
        ("杭州市交通委", 2),
        ("徐州市文旅局", 4),
        ("徐州市科工信局", 0),
        ("徐州市商务和工信局", 0),
    ],
)
def test_a_short_name_of_no_one_reading_stays_as_it_is_printed_and_is_asked_about(printed: str, readings: int) -> None:
    agency = identify(report(printed), EMPTY, load_gazetteer())
    assert agency.name == printed
    found = open_readings(agency.name, agency.division_code)
    assert found is not None
    assert len(found) == readings


def test_an_office_that_may_be_called_either_is_asked_about() -> None:
    agency = identify(report("杭州市政府办"), EMPTY, load_gazetteer())
    assert open_readings(agency.name, agency.division_code) == ("杭州市人民政府办公厅", "杭州市人民政府办公室")


@pytest.mark.parametrize("name", ["徐州市教育科技局", "徐州市财政局", "徐州市人民政府", "徐州经济技术开发区管理委员会"])
def test_a_full_name_is_not_asked_about(name: str) -> None:
    assert open_readings(name, "320300") is None


WE = "现将我局2023年情况报告如下。"


@pytest.mark.parametrize(
    "clues",
    [
        pytest.param(report(introduction=WE, metadata="霜林县人民政府\n首页>县统计局>年报"), id="the-path"),
        pytest.param(report(introduction=WE, metadata="霜林县统计局"), id="the-site"),
        pytest.param(
            report(introduction=WE, text="霜林县财政局配合。\n联系人：霜林县统计局办公室，电话：1。"), id="whom-to-ask"
        ),
        pytest.param(
            report(
                introduction="本局认真落实。",
                metadata="霜林县统计局",
                text="联系：霜林县统计局。霜林县财政局配合。",
            ),
            id="both",
        ),
        pytest.param(report(introduction=WE, metadata="首页>县统计局", text="地址：霜林县统计局"), id="more-fully"),
        pytest.param(report(introduction=WE, metadata="首页>县财政局", signature="霜林县统计局"), id="who-signs"),
    ],
)
def test_where_a_report_only_says_we_the_page_around_it_names_its_publisher(clues: Clues) -> None:
    assert who(clues).name == "霜林县统计局"


@pytest.mark.parametrize(
    "clues",
    [
        report(introduction=WE, metadata="霜林县人民政府\n首页>县统计局>年报", text="联系单位：霜林县财政局。"),
        report(introduction=WE, metadata="霜林县统计局\n霜林县审计局"),
        report(introduction="我局认真落实。", metadata="霜林县统计局", text="联系单位：云杉市统计局。"),
    ],
)
def test_where_the_page_around_names_two_neither_is_chosen(clues: Clues) -> None:
    with pytest.raises(Undetermined, match="only 我局, and the page names"):
        who(clues)


def test_what_a_person_states_overrides_the_print_which_still_tells_the_place() -> None:
    clues = report("试验市财政局", "请与试验市政务公开办公室联系。")
    assert who(clues, stated="青柳区人民政府").name == "试验市青柳区人民政府"


def test_a_person_may_state_an_id_of_the_registry() -> None:
    known = Agency("990100-x", "示例市某中心", "990100", "city")
    assert who(report(), Registry([Entry(known)]), stated="990100-x") == known


def test_what_a_person_states_settles_prints_that_contradict_each_other() -> None:
    clues = report("示例市财政局", signature="独岛市财政局")
    assert who(clues, stated="独岛市财政局").division_code == "990200"


@pytest.mark.parametrize("title", ["示例市财政局", "独岛市财政局"])
def test_prints_that_contradict_each_other_are_asked_about_whatever_the_registry_has(title: str) -> None:
    known = Agency("990100-cai-zheng-ju", "示例市财政局", "990100", "city")
    with pytest.raises(Undetermined, match="is printed as"):
        who(report(title, signature="示例市财政局\n独岛市财政局"), Registry([Entry(known)]))


def test_a_national_body_of_a_region_s_affairs_has_no_place() -> None:
    agency = identify(report("国务院台湾事务办公室"), EMPTY, load_gazetteer())
    assert (agency.name, agency.division_code) == ("国务院台湾事务办公室", "000000")


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("新疆生产建设兵团财政局", "新疆生产建设兵团财政局", "650000"),
        ("科左后旗人民政府", "科尔沁左翼后旗人民政府", "150522"),
        ("湖南省湘西州凤凰县", "凤凰县人民政府", "433123"),
        ("重庆两江新区管委会", "重庆两江新区管理委员会", "500000"),
    ],
)
def test_places_that_are_called_otherwise_than_their_kind_are_known(printed: str, name: str, code: str) -> None:
    agency = identify(report(printed), EMPTY, load_gazetteer())
    assert (agency.name, agency.division_code) == (name, code)


def test_a_division_of_the_corps_is_asked_for() -> None:
    with pytest.raises(Undetermined, match="第八师石河子市 is no division"):
        identify(report("新疆生产建设兵团第八师石河子市人民政府"), EMPTY, load_gazetteer())


@pytest.mark.parametrize("stated", ["abc", "../../etc", "。", "我很高兴", "示例市<b>财政局", "示例市/../财政局"])
def test_a_person_who_states_no_body_is_told_so(stated: str) -> None:
    with pytest.raises(Undetermined, match=r"states .* as the agency"):
        who(report("示例市财政局"), stated=stated)


class TestTheRegistryIsTheAuthority:
    def test_a_name_that_stands_there_has_its_id_code_level_and_kind(self) -> None:
        known = Agency("123456-old-id", "示例市财政局", "123456", "county", "office")
        assert who(report("示例市财政局"), Registry([Entry(known)])) == known

    def test_an_alias_stands_for_its_agency(self) -> None:
        known = Agency("990100-x", "示例市财政和税政局", "990100", "city")
        assert who(report("示例市财政局"), Registry([Entry(known, ("示例市财政局",))])) == known

    def test_a_body_of_a_place_that_no_list_has_is_found_by_its_row(self) -> None:
        known = Agency("990105-ren-min-zheng-fu", "示例市无名区人民政府", "990105", "county")
        assert who(report("示例市无名区人民政府"), Registry([Entry(known)])) == known

    def test_an_alias_that_several_places_have_decides_only_where_the_clues_do_not(self) -> None:
        known = Agency("990102-ren-min-zheng-fu", "示例市青柳区人民政府", "990102", "county")
        registry = Registry([Entry(known, ("青柳区人民政府",))])
        assert who(report("青柳区人民政府"), registry) == known
        assert who(report("青柳区人民政府", signature="试验市青柳区人民政府"), registry).division_code == "980102"

    def test_the_republic_before_a_name_makes_no_second_agency(self) -> None:
        known = Agency("990100-hai-guan", "示例海关", "990100", "city")
        assert who(report("中华人民共和国示例海关"), Registry([Entry(known)])) == known

    def test_an_id_that_is_taken_by_another_name_gets_four_digits_of_the_name_s_hash(self) -> None:
        first = who(report("示例市水务局"))
        second = who(report("示例市税务局"), Registry([Entry(first)]))
        assert first.id == "990100-shui-wu-ju"
        assert second.id == "990100-shui-wu-ju-" + hashlib.sha256("示例市税务局".encode()).hexdigest()[:4]

    def test_an_id_that_is_taken_even_with_the_hash_is_asked_for(self) -> None:
        first = who(report("示例市水务局"))
        second = who(report("示例市税务局"), Registry([Entry(first)]))
        other = Agency(second.id, "示例市睡务局", "990100", "city")
        with pytest.raises(Undetermined, match="no id can be made"):
            who(report("示例市税务局"), Registry([Entry(first), Entry(other)]))


@pytest.mark.parametrize(
    ("printed", "id"),
    [
        ("虚构省人民政府办公厅", "990000-ren-min-zheng-fu-ban-gong-ting"),
        ("幻境市东篱区绿岛街道办事处", "970102-lv-dao-jie-dao-ban-shi-chu"),
        ("霜林县长松镇人民政府", "990121-chang-song-zhen-ren-min-zheng-fu"),
        ("国家税务总局示例市税务局", "990100-guo-jia-shui-wu-zong-ju-shui-wu-ju"),
    ],
)
def test_an_id_is_the_code_and_the_pinyin_of_the_name_without_its_place(printed: str, id: str) -> None:
    assert who(report(printed)).id == id


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山西省", "陕西省"),
        ("微山县", "巍山县"),
        ("抚州市", "福州市"),
        ("宿州市", "苏州市"),
        ("玉林市", "榆林市"),
        ("宜春市", "伊春市"),
        ("台州市", "泰州市"),
        ("徐州市鼓楼区", "南京市鼓楼区"),
    ],
)
def test_places_that_sound_or_look_alike_never_share_an_id(one: str, other: str) -> None:
    ids = {identify(report(f"{place}人民政府"), EMPTY, load_gazetteer()).id for place in (one, other)}
    assert len(ids) == 2


def test_every_division_s_government_is_found_by_its_name_and_no_two_share_an_id() -> None:
    gazetteer, ids = load_gazetteer(), set()
    for place in gazetteer:
        agency = identify(report(f"{gazetteer.official_name(place)}人民政府"), EMPTY, gazetteer)
        assert (agency.division_code, agency.level) == (place.code, place.level)
        ids.add(agency.id)
    assert len(ids) == len(list(gazetteer))


def test_no_word_of_a_department_s_name_is_taken_for_a_place() -> None:
    words = (
        "公安 合作交流 民政 司法 财政 水务 市场监督管理 城市管理 乡村振兴 城乡建设 区域合作 县域经济 新兴产业 平安建设"
    )
    for word in words.split():
        agency = identify(report(f"示例市{word}局"), EMPTY, PLACES)
        assert (agency.name, agency.division_code) == (f"示例市{word}局", "990100")
        with pytest.raises(Undetermined):
            identify(report(f"{word}局"), EMPTY, load_gazetteer())


@given(
    st.lists(
        st.text(alphabet="示例市青柳区霜林县镇乡街道人民政府办公室局我本年月0123。，\n（）/.- ", max_size=30),
        min_size=5,
    )
)
def test_whatever_a_stranger_prints_an_agency_comes_out_or_one_line(parts: list[str]) -> None:
    try:
        agency = who(Clues(*parts[:5]))
    except ReportError as error:
        line = str(error)
    else:
        line = f"{agency.id} {agency.division_code} {agency.name}"
        assert AGENCY_ID.fullmatch(agency.id)
        assert re.fullmatch("[0-9]{6}", agency.division_code)
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("山西省人民政府办公厅", "Shanxi Sheng Renmin Zhengfu Bangongting"),
        ("陕西省", "Shaanxi Sheng"),
        ("西安市", "Xi'an Shi"),
        ("吕梁市", "Lüliang Shi"),
        ("单县", "Shan Xian"),
        ("浚县", "Xun Xian"),
        ("六安市", "Lu'an Shi"),
        ("长阳土家族自治县", "Changyangtujiazu Zizhixian"),
        ("长子县", "Zhangzi Xian"),
        ("长治市", "Changzhi Shi"),
        ("漯河市", "Luohe Shi"),
        ("重庆市", "Chongqing Shi"),
    ],
)
def test_names_are_romanised_as_their_places_are_called(name: str, read: str) -> None:
    assert pinyin(name) == read


def test_names_sort_by_their_sound() -> None:
    assert sorted(["重庆市", "北京市", "安徽省", "长春市"], key=sort_key) == ["安徽省", "北京市", "长春市", "重庆市"]


def test_every_reading_has_a_syllable_for_each_character() -> None:
    for name, reading in load_words().readings.items():
        assert len(reading.split()) == len(name)
