"""What a line of a page is: a section's heading, a report's title, or of the page that surrounds the report.

In: a line's text. Out: yes or no. Readers ask where a page's layout mixes the report with what surrounds it; which
heading begins which section is told later, from all of them (``outline``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Indel

from gongkai.characters import fold, simplified
from gongkai.form import load_forms
from gongkai.numerals import SECTIONS


@dataclass(frozen=True, slots=True)
class HeadingSettings:
    """When a line is a heading or a title."""

    alike_share: float = 0.8
    """A line is a heading where it agrees with the form's by at least this part."""
    heading_chars: int = 50
    """A line of more characters is no heading."""
    title_chars: int = 80
    """Nor one of more than these a title."""


SETTINGS = HeadingSettings()

_NUMBER = re.compile(rf"^\W*第?[{SECTIONS}1-6](?:部分|章|节)?\W+")
_TITLE = re.compile(r"信息公开.{0,12}(?:年度?报告|年报|报告)")
_AROUND = re.compile(
    r"""[\W_]*(?:
    (?:您|你)?(?:当前|现在|所在)?的?位置 | 首页\s*[>»/›＞·|-] |
    (?:发布|发文|更新|生成|公开|公布|成文|录入|添加|印发|点击|最后修改)?(?:日期|时间)\s*[:：] |
    (?:信息|文章|稿件|内容)?来源\s*[:：] | (?:责任)?编辑\s*[:：] | 作者\s*[:：] | 审核(?:人)?\s*[:：] |
    (?:浏览|点击|阅读|访问)(?:次数|数|量|人数)? | 访问量 | 字\s*体\s*[:：\[【] | 字\s*号\s*[:：\[【] | 视力保护 |
    分享(?:到|至)? | 扫一扫 | 打印(?:本页|文章|此页|页面)? | 关闭(?:窗口|本页|页面)? | 返回(?:顶部|首页|列表) | 收藏 |
    上一(?:篇|条|页) | 下一(?:篇|条|页) | 相关(?:文章|链接|阅读|信息|附件|稿件|新闻|解读) |
    (?:主办|承办|协办|版权所有|网站标识码|技术支持|网站地图|联系我们|公网安备)|.{0,8}ICP备|copyright |
    索\s*引\s*号 | 主题(?:分类|词) | 发文(?:机关|单位|字号) | 发布(?:机构|单位|人) | 信息(?:分类|索引|名称) | 有效性 |
    公开(?:方式|范围|形式|主体|时限) | 文\s*号\s*[:：] | 名\s*称\s*[:：] |
    无障碍 | 我要纠错 | 朗读 | 下载(?:文字版|word)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def is_section_heading(text: str) -> bool:
    """Whether a line says what a section of the form is headed with."""
    if len(text) > SETTINGS.heading_chars:
        return False
    folded = fold(_NUMBER.sub("", text))
    return any(Indel.normalized_similarity(heading, folded) >= SETTINGS.alike_share for heading in _headings())


def is_title(text: str) -> bool:
    """Whether a line, or lines joined, say that this is an annual report on 政府信息公开."""
    compact = simplified(re.sub(r"\s", "", text[: 2 * SETTINGS.title_chars]))
    return len(compact) <= SETTINGS.title_chars and "。" not in compact and _TITLE.search(compact) is not None


def is_around(text: str) -> bool:
    """Whether a line begins as those that a page sets around an article: path, date, source, buttons."""
    return _AROUND.match(simplified(text)) is not None


@cache
def _headings() -> tuple[str, ...]:
    headings = (text for form in load_forms() for s in form.sections for text in (s.heading, *s.known))
    return tuple(dict.fromkeys(map(fold, headings)))
