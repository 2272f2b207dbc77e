"""What a reporting body calls itself in its report's prose.

In: a Report, or an agency's name. Out: a pattern of the names; nothing is read here.
"""

from __future__ import annotations

import re
from functools import cache

from gongkai.model import Report


def own_names(report: Report) -> re.Pattern[str]:
    """What the reporting body calls itself: by its name, without its place or in part, or 我 and its kind.

    A government's report may count all its bodies or its own office; so its name alone says nothing of which. Where
    it says that it counts all of them, so does 全区 of a district.
    """
    name = report.agency.name
    government = re.match("(.+)(?:人民政府|行政公署)$", name)
    township = report.agency.level == "township"
    if name.endswith(("人民政府", "行政公署", "管理委员会")) and not township:
        pattern = "[我本][省市州盟县区旗]"
        if government and report.scope == "region":
            parts = "|".join(re.escape(government[1][start:]) for start in range(len(government[1]) - 1))
            all_bodies = "各?(?:职能|有关)?部门(?:、|和|及)?各?(?:镇街|街镇|街道|乡镇)|(?:各级)?(?:行政机关|政府系统)?"
            pattern += f"|(?:{parts})?全{government[1][-1]}(?:{all_bodies})|各级行政机关"
        return re.compile(pattern)
    names = {name, name.replace("人民政府", "政府")}
    names |= {short.removesuffix("公厅").removesuffix("公室") for short in names if short.endswith(("公厅", "公室"))}
    ends = {short[start:] for short in names for start in range(len(short) - 2)}
    ends |= {end.removesuffix("办事处").removesuffix("人民政府") for end in ends}
    alternatives = [re.escape(end) for end in sorted(ends, key=len, reverse=True) if len(end) >= 3]
    we = "[我本]?(?:街道|镇|乡)|[我本]办" if township else f"[我本](?:街道|镇|乡|办)|[我本全]{name[-1:]}"
    # 区财政局 is not the 财政局 of a city.
    return re.compile(f"(?<![省市州盟县区旗镇乡各分])(?:{'|'.join([*alternatives, we])})")


@cache
def principal_of(name: str) -> re.Pattern[str] | None:
    """The government that an office (办公厅, 办公室) works for: the office's report counts what that receives.

    It may count its own apart from it, so that nothing that is said of it is a contradiction.
    """
    match = re.match("(.+)人民政府办公[厅室]$", name)
    return (
        re.compile(f"(?:{re.escape(match[1])}|{match[1][-1]})(?:人民)?政府(?!各|部门|系统|网|门户|办)")
        if match
        else None
    )
