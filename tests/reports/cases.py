"""Every trouble that a layout is known to make, as a report of its own.

In: nothing. Out: ``Case`` after case by name. Each has one trouble, so that a case that fails says which. Those of
``common`` can be written in every format, those of ``on_pages`` as a PDF, those of ``with_rules`` as a PDF with rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from opencc import OpenCC

from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Key
from tests.reports import content as bodies
from tests.reports.content import Content, make_content
from tests.reports.pdf import Drawn, write_pdf
from tests.reports.sheets import Extra, Written, ascii_punctuation, sheets, spaced
from tests.reports.text import in_bars, in_cells, in_columns, in_lines, in_singles
from tests.reports.typeset import Layout, Leaf, typeset

PLAIN = make_content()
OLDER = make_content("2019", seed=2)
BIG = make_content(seed=3, scale=9731)
SPARSE = make_content(seed=4, zeros_blank=True)
KANGXI = str.maketrans("一行政人用方力工文长", "⼀⾏政⼈⽤⽅⼒⼯⽂⻓")
ORDINARY_TABLE = (
    ("公开渠道", "信息条数", "同比增/减"),
    ("政府网站", "1991", "34"),
    ("行政许可", "6025", "146"),
    ("规章", "3581", "0"),
    ("总计", "11597", "180"),
)
BUDGET = (
    ("项目", "预算数（万元）", "决算数（万元）"),
    ("政府公报编印", "70", "79"),
    ("行政许可窗口", "20", "84"),
    ("其他", "85", "19"),
    ("总计", "175", "182"),
)
OLD_SECTIONS = ("第二十条第（五）项", "第二十条第（六）项")


@dataclass(frozen=True)
class Case:
    """One report. ``lost``: how many figures the print leaves open, at most; ``lost_as_text``, how many where only the
    order of words tells columns.
    """

    content: Content = PLAIN
    written: Written = field(default_factory=Written)
    layout: Layout = field(default_factory=Layout)
    drawn: Drawn = field(default_factory=Drawn)
    lost: int = 0
    lost_as_text: int = 0

    def leaves(self) -> list[Leaf]:
        """The report's pages."""
        return typeset(self.content, sheets(self.content, self.written), self.layout)

    def write(self, folder: Path, way: str = "pdf") -> Path:
        """The report as a file. ``way``: ``pdf``, or one of ``TEXTS``."""
        if way == "pdf":
            return write_pdf(folder / "report.pdf", self.leaves(), self.drawn)
        path = folder / "report.txt"
        path.write_text(TEXTS[way](self), encoding="utf-8")
        return path


TEXTS: Mapping[str, Callable[[Case], str]] = {
    "lines": lambda case: in_lines(case.leaves()),
    "columns": lambda case: in_columns(case.leaves()),
    "wide": lambda case: in_columns(case.leaves(), wide=2, feed="\n"),
    "cells": lambda case: in_cells(case.content, sheets(case.content, case.written)),
    "close": lambda case: in_cells(case.content, sheets(case.content, case.written), gap="\n", alone=9),
    "bars": lambda case: in_bars(case.content, sheets(case.content, case.written)),
    "bars-repeated": lambda case: in_bars(
        case.content, sheets(case.content, case.written), merged="each", rule=False, edges=False, marks=False
    ),
    "bars-ragged": lambda case: in_bars(case.content, sheets(case.content, case.written), merged="none"),
    "singles": lambda case: in_singles(case.content, sheets(case.content, case.written)),
}
"""As text: the printed lines, with columns of narrow or wide characters kept; cell after cell, far apart or close; rows
whose cells bars part, with what a cell spans left blank, repeated or left out; each cell on a line of its own."""

Cases = Iterator[tuple[str, Case]]


def common() -> Cases:
    """What is printed: figures, labels, rows, titles."""
    yield "form-2021", Case()
    yield "form-2019", Case(OLDER)
    yield "other-as-one", Case(make_content(seed=5, other_as_one=True))
    yield "mixed-blocks", Case(make_content(seed=6, sections_2019=OLD_SECTIONS))
    yield "sums-broken", Case(make_content(seed=7, broken={Key(REQUESTS, "granted", "total"): 3}))
    yield "county", Case(make_content(body=bodies.COUNTY))
    yield "district", Case(make_content(body=bodies.DISTRICT))
    yield "department", Case(make_content(body=bodies.DEPARTMENT))
    yield "township", Case(make_content(body=bodies.TOWNSHIP))
    yield "office-of-a-province", Case(make_content(body=bodies.OFFICE))
    yield from _figures()
    yield from _labels()
    yield from _rows()
    yield from _prose()


def _figures() -> Cases:
    for name, money in {"yuan": "元", "10k-yuan": "万元", "100m-yuan": "亿元"}.items():
        yield f"{name}-in-header", Case(written=Written(money=money))
        yield f"{name}-in-header-2019", Case(OLDER, Written(money=money))
        yield f"{name}-in-cell", Case(OLDER, Written(money=money, money_in="cell"))
    unstated = replace(PLAIN, unstated=frozenset({Key(PROACTIVE, "8/fees", "amount")}))
    yield "money-nowhere", Case(unstated, Written(money_in="nowhere"))
    for name, change in {"signs": "+-", "words": "增减", "arrows": "↑↓"}.items():
        yield f"change-in-{name}", Case(OLDER, Written(change=(change[0], change[1])))
    yield "change-in-long-words", Case(OLDER, Written(change=("增加", "减少")))
    yield "total-column-slashed", Case(PLAIN.blank("total"), Written(blanks=("/",)))
    yield "totals-only-slashed", Case(PLAIN.blank(*bodies.APPLICANTS), Written(blanks=("/",)))
    yield "full-width", Case(written=Written(number="full-width"))
    yield "commas", Case(BIG, Written(number="comma"), Layout(size=7))
    yield "counter", Case(written=Written(number="件"))
    yield "other-counter", Case(written=Written(number="宗"))
    for name, mark in {"slash": "/", "dash": "—", "hyphen": "-"}.items():
        yield f"blanks-as-{name}", Case(SPARSE, Written(blanks=(mark,)))
    yield "blanks-mixed", Case(SPARSE, Written(blanks=("/", "—", "-", "－", "--")))


def _labels() -> Cases:
    yield "ascii-punctuation", Case(written=Written(every_label=ascii_punctuation))
    yield "kangxi", Case(written=Written(every_label=lambda text: text.translate(KANGXI)))
    for name, labels in {
        "characters-lost": {
            "denied_prohibited_by_law": "2.其他法律行政止公开",
            "denied_security_stability": "3.危及三安全",
        },
        "characters-swapped": {
            "denied_internal_affairs": "5.属三于类内部事信务息",
            "carried_out": "四、结下转年度继办续理",
        },
        "words-left-out": {
            "new_received": "一、新收申请",
            "carried_in": "二、上年结转",
            "carried_out": "四、结转下年",
        },
        "remark": {"granted": "（一）予以公开（含主动公开后告知的）", "5/licensing": "行政许可（含备案）"},
        "numbers-lost": {
            "denied_state_secret": "属于国家秘密",
            "processed_total": "总计",
            "new_received": "本年新收政府信息公开申请数量",
        },
        "one-missing": {"denied_third_party": ""},
        "one-undecodable": {"denied_third_party": "\ue001\ue002\ue003\ue004"},
        "first-missing": {"new_received": ""},
        "last-missing": {"carried_out": ""},
        "two-missing": {"denied_third_party": "", "denied_internal_affairs": ""},
        "two-undecodable": {
            "denied_third_party": "\ue001\ue002",
            "denied_internal_affairs": "\ue003\ue002",
        },
        "traditional": {
            "denied_enforcement_file": "7.屬於行政執法案卷",
            "carried_out": "四、結轉下年度繼續辦理",
        },
        "one-of-section-two-missing": {"6/penalties": ""},
        "misnumbered": {
            "denied_internal_affairs": "6.属于三类内部事务信息",
            "denied_deliberative_process": "7.属于四类过程性信息",
        },
    }.items():
        yield f"label-{name}", Case(written=Written(labels=labels))
    for region in ("s2t", "s2hk", "s2twp"):
        convert = OpenCC(region).convert
        written = Written(every_label=convert, money="元", money_in="cell", number="件")
        yield f"traditional-{region}", Case(PLAIN.written(convert), written)
        change = Written(every_label=convert, change=("增", "減"))
        yield f"traditional-{region}-2019", Case(OLDER.written(convert), change)
    for name, headers in {
        "altered": {
            "commercial_enterprise": "企业",
            "natural_person": "自然人（公民）",
            "issued": "制发件数",
            "total": "合计",
        },
        "garbled": {
            "commercial_enterprise": "商业企",
            "legal_services_organization": "法律服务构",
            "repealed": "本年废数",
        },
        "one-missing": {"research_institution": ""},
    }.items():
        yield f"header-{name}", Case(written=Written(headers=headers))
    yield (
        "block-titles",
        Case(
            written=Written(
                groups={
                    "第二十条第（五）项": "二十条第（五）项",
                    "第二十条第（六）项": "第二十条（六）项",
                    "信息内容": "内容",
                }
            )
        ),
    )
    yield (
        "groups-altered",
        Case(written=Written(groups={"（三）不予公开": "（三）不公开", "三、本年度办理结果": "三、办理结果"})),
    )


def _rows() -> Cases:
    yield "row-numbers", Case(written=Written(row_numbers=True))
    yield "row-numbers-2019", Case(OLDER, Written(row_numbers=True), lost_as_text=7)
    yield "header-twice", Case(written=Written(header_twice=True))
    yield "review-header-deep", Case(written=Written(review_header="deep"))
    yield (
        "note-rows",
        Case(written=Written(notes={REQUESTS: "注：本表数据共涉及12个单位。", PROACTIVE: "注：收费含2022年结转。"})),
    )
    yield (
        "extra-rows",
        Case(
            written=Written(
                extra=(
                    Extra("1/normative_documents", "其他主动公开文件", ("12", "3", "456")),
                    Extra("5/licensing", "其他对外管理服务事项", ("77",)),
                    Extra("unavailable_still_unclear", "4.其他无法提供的", ("1", "2", "3", "4", "5", "6", "21")),
                )
            )
        ),
    )
    yield "block-absent", Case(PLAIN.without("第二十条第（六）项"))
    yield "row-absent", Case(PLAIN.without("denied_third_party"))
    yield (
        "rows-absent",
        Case(PLAIN.without("1/regulations", "6/coercive_measures", "unavailable_needs_creation", "carried_in")),
    )
    yield "column-absent", Case(PLAIN.without("research_institution"), lost_as_text=162)
    yield "totals-absent", Case(PLAIN.without("total"), lost_as_text=162)
    yield "reviews-absent", Case(PLAIN.without_table(REVIEWS))
    yield "section-two-absent", Case(PLAIN.without_table(PROACTIVE))
    for lacking in ("denied_security_stability", "denied_internal_affairs"):
        yield (
            f"{lacking}-absent-beside-a-label-lost",
            Case(PLAIN.without(lacking), Written(labels={"denied_third_party": ""}), lost=7),
        )
    swapped = PLAIN.reordered(REQUESTS, ("new_received", "carried_in", "partially_granted"))
    yield "rows-swapped", Case(swapped, lost=14)
    yield "regulations-below", Case(PLAIN.reordered(PROACTIVE, ("1/normative_documents",)), lost=3)


def _prose() -> Cases:
    yield "contents-list", Case(replace(PLAIN, contents_list=True))
    name, year = PLAIN.body.printed, PLAIN.year
    for shape, title in {
        "one-line": (f"{name}{year}年政府信息公开工作年度报告",),
        "three-lines": (name, f"{year}年政府信息公开", "工作年度报告"),
        "spaced": (" ".join(name), f"{year} 年 政 府 信 息 公 开 工 作 年 度 报 告"),
        "short": (f"示例市{year}年政府信息公开年报",),
        "twice": (f"{name}{year}年政府信息公开工作年度报告", name, f"{year}年政府信息公开工作年度报告"),
        "of-the-year": (f"{name}{year}年度政府信息公开工作年度报告",),
        "year-first": (f"{year}年度{name}", "政府信息公开工作年度报告"),
        "numerals": (f"{name}二〇二三年政府信息公开工作年度报告",),
        "without-agency": (f"{year}年政府信息公开工作年度报告",),
        "without-year": (f"{name}政府信息公开工作年度报告",),
        "government-once": (f"示例市政府信息公开工作{year}年度报告",),
    }.items():
        yield f"title-{shape}", Case(replace(PLAIN, title=title))
    stub = f"根据《中华人民共和国政府信息公开条例》的规定，{name}编制了本报告。"
    yield (
        "period-not-calendar",
        Case(replace(PLAIN, introduction=(f"{stub}数据的统计期限为{year}年1月1日至{year}年12月25日。",))),
    )
    yield (
        "period-digits-lost",
        Case(replace(PLAIN, introduction=(f"{stub}统计期限为{year}年月1日至{year}年1月31日。",))),
    )
    prose = {
        **PLAIN.prose,
        2: ("各项数据以年末实有数为准，见下表。",),
        3: ("本年度新收申请12件，上年结转3件。", "表内数字由各承办单位逐件登记后汇总，共15"),
        4: ("行政复议2件，行政诉讼1件。",),
    }
    yield "prose-before-tables", Case(replace(PLAIN, prose=prose))
    yield "statistics-in-section-one", Case(replace(PLAIN, tables={1: (ORDINARY_TABLE,)}))
    yield "budget-in-section-six", Case(replace(PLAIN, tables={6: (BUDGET,)}))
    yield "tables-after-tables", Case(replace(PLAIN, tables={2: (ORDINARY_TABLE,), 3: (BUDGET,), 4: (BUDGET,)}))


BIG_NUMBERS: tuple[Literal["plain", "comma", "space"], ...] = ("plain", "comma", "space")


def on_pages() -> Cases:  # noqa: C901 - a list of cases, family by family
    """How it is set on pages."""
    for row in (
        "granted",
        "denied_state_secret",
        "denied_internal_affairs",
        "unavailable_needs_creation",
        "carried_out",
    ):
        yield f"break-before-{row}", Case(layout=Layout(breaks=((REQUESTS, row),)))
    for label in ("first", "last", "both", "middle", "flow"):
        breaks = ((REQUESTS, "denied_third_party"), (REQUESTS, "not_processed_publication"))
        yield f"group-label-{label}", Case(layout=Layout(breaks=breaks, group_label=label))
    for number in range(1, 11):
        yield f"break-in-section-two-{number}", Case(layout=Layout(breaks=((PROACTIVE, number),)))
    for number in range(1, 4):
        yield f"break-in-header-of-requests-{number}", Case(layout=Layout(breaks=((REQUESTS, number),)))
        yield f"break-in-header-of-reviews-{number}", Case(layout=Layout(breaks=((REVIEWS, number),)))
    for figures in ("upper", "lower"):
        for row in ("partially_granted", "other_fee_unpaid", "not_processed_reissue"):
            yield f"row-split-{row}-{figures}", Case(layout=Layout(split=((REQUESTS, row, figures),)))
    breaks = ((REQUESTS, "denied_third_party"), (REQUESTS, "other_fee_unpaid"))
    yield "header-repeated", Case(layout=Layout(breaks=breaks, repeat_header=True))
    yield "tables-close", Case(layout=Layout(close=True))
    yield "tables-close-2019", Case(OLDER, layout=Layout(close=True))
    for align in ("left", "right"):
        yield f"align-{align}", Case(layout=Layout(align=align, label_align="center"))
    yield "labels-at-top", Case(layout=Layout(vertical="top"))
    yield "labels-at-foot", Case(layout=Layout(vertical="bottom"))
    for style in BIG_NUMBERS:
        yield f"big-figures-{style}", Case(BIG, Written(number=style), Layout(size=7.5))
    yield "blanks-empty", Case(SPARSE)
    yield "blanks-and-nothing", Case(SPARSE, Written(blanks=("", "/", "", "—")))
    yield "total-column-empty", Case(PLAIN.blank("total"))
    yield "totals-only", Case(PLAIN.blank(*bodies.APPLICANTS))
    yield "spaced-labels", Case(written=Written(every_label=spaced))
    yield "review-header-flat", Case(written=Written(review_header="flat"))
    for merged in ("first", "each"):
        yield f"groups-{merged}", Case(written=Written(merged=merged))
    yield "latin-figures", Case(drawn=Drawn(latin=True))
    yield "characters-apart", Case(drawn=Drawn(apart=True))
    yield "drawn-twice", Case(drawn=Drawn(twice=True))
    yield "drawn-out-of-order", Case(drawn=Drawn(tables_first=True))
    yield "landscape", Case(layout=Layout(width=842, height=595))
    for turned in ("rotate", "sideways", "tables"):
        yield (
            f"turned-{turned}",
            Case(layout=Layout(width=842, height=595, page_before=(PROACTIVE,)), drawn=Drawn(turned=turned)),
        )
    yield "cropped", Case(drawn=Drawn(crop=40))
    for mark in ("rotated", "horizontal"):
        yield f"watermark-{mark}", Case(drawn=Drawn(watermark=mark))
    yield "frames", Case(drawn=Drawn(frames=True, white=True))
    yield "shaded", Case(drawn=Drawn(shaded=True, white=True))
    for name, page in {
        "plain": "{page}",
        "words": "第{page}页",
        "of": "第 {page} 页 共 {pages} 页",
        "slashed": "{page}/{pages}",
        "dashed": "— {page} —",
        "dotted": "·{page}·",
        "waved": "~{page}~",
        "none": "",
    }.items():
        yield f"page-number-{name}", Case(layout=Layout(page_number=page, page_number_at="right"))
    head = "示例市人民政府政府信息公开工作年度报告 2023"
    yield "running-head", Case(layout=Layout(page_number="{page}", page_number_at="top", head=head))
    yield "foot", Case(layout=Layout(foot="地址：示例市样本路12号　电话：1234567"))
    yield "cover", Case(replace(PLAIN, cover=True, contents_list=True))
    yield "narrow", Case(layout=Layout(table_width=0.75, size=7))
    yield "small", Case(layout=Layout(size=5.5, prose_size=9, padding=0.8))
    yield "wide", Case(layout=Layout(table_width=1.12))
    yield "roomy", Case(layout=Layout(size=10.5, padding=9))
    for name, heading in {
        "part": "第{numeral}部分 {text}",
        "digit": "{number}. {text}",
        "bracketed": "（{numeral}）{text}",
        "bare": "{text}",
        "spaced": "{numeral} {text}",
    }.items():
        yield f"heading-{name}", Case(layout=Layout(heading=heading))


def with_rules() -> Cases:
    """What only tables with rules can be."""
    for rules in ("lines", "thin-fills", "thin-fills-by-cell", "dashed", "cell-rectangles"):
        layout = Layout(breaks=((REQUESTS, "denied_third_party"), (PROACTIVE, 5)))
        yield f"open-at-the-foot-{rules}", Case(layout=layout, drawn=Drawn(rules, open_foot=True))
        yield f"open-at-the-head-{rules}", Case(layout=layout, drawn=Drawn(rules, open_foot=True, open_head=True))
        yield f"open-at-the-sides-{rules}", Case(layout=layout, drawn=Drawn(rules, outer=False))
        yield (
            f"open-all-around-{rules}",
            Case(layout=layout, drawn=Drawn(rules, outer=False, open_foot=True, open_head=True)),
        )
    yield "total-first", Case(PLAIN.reordered(REQUESTS, columns=("total",)), lost=27)
    yield "figures-over-their-rules", Case(BIG, layout=Layout(size=11, wide_figures="overflow"), lost=189)
    yield "figures-wrapped", Case(BIG, layout=Layout(wide_figures="wrap"), lost=60)
    for row in ("granted", "denied_state_secret", "carried_out", "unavailable_not_held"):
        yield f"no-rule-below-{row}", Case(layout=Layout(not_parted=((row, "below"),)), lost=14)
        yield f"no-rule-between-figures-of-{row}", Case(layout=Layout(not_parted=((row, "right"),)), lost=7)
    yield (
        "no-rule-between-figures-of-reviews",
        Case(layout=Layout(not_parted=(("administrative_review", "right"),)), lost=15),
    )
    yield "no-rule-below-regulations", Case(layout=Layout(not_parted=(("1/regulations", "below"),)), lost=6)
