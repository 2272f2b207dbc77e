"""Whether a report adds up a whole region or system, or speaks of one office: from what its introduction says.

In: the introduction and the agency. Out: a ``Scope``. It is ``unknown`` unless the words leave no doubt, since only
reports of like scope are compared; what a person states in origin.toml goes before it.
"""

from __future__ import annotations

import re

from gongkai.model import Agency, Scope

_QUOTED = re.compile(r"《[^》]*》|[（(][^（）()]*[)）]")
"""Titles of regulations and notices speak of whole regions, too."""
_CLAUSE = re.compile(r"[，。；！,;\n]")
# 健全市…, 安全区 and 全州县 are other words; 主管部门 and what others require or arrange is not what is reported.
_WHOLE = "(?<![健安完齐])全(?:省|市|县|区|盟|旗|州(?!县)|自治区|自治州|自治县)"
_BODIES = "(?:人民政府|行政机关|各?部门|各?单位|政府(?!信息))"
_NOT_REPORTED = re.compile("要求|部署|安排|领导|关心|支持|监督|通知|规定|主管部门|实际|联系|公布|登录|查阅|下载")
_REGION = re.compile(
    f"{_WHOLE}.{{0,12}}(?:政府信息公开|各级|{_BODIES}|汇总|数据)"
    f"|各级(?:国家)?{_BODIES}"
    f"|(?:汇总|综合).{{0,20}}各(?:省|市|区|县|州|盟|旗|乡|镇|街道|级|有关部门|部门|单位)"
    f"|各(?:市|区|县|州|盟|旗|乡|镇|街道).{{0,40}}(?:汇总|综合)"
)
_SYSTEM = re.compile(f"(?:{_WHOLE}|全国).{{0,8}}系统|全系统")
_OWN = re.compile("[本我](?:局|委|厅|署|关|办|院|中心|单位|机关|总队)")

_GOVERNS = frozenset({"government", "office"})
_SINGLE = frozenset({"department", "vertical"})


def scope_of(introduction: str, agency: Agency) -> Scope:
    """What the introduction says that the figures cover."""
    clauses = _CLAUSE.split(_QUOTED.sub("", re.sub(r"[^\S\n]", "", introduction)))
    reported = [clause for clause in clauses if not _NOT_REPORTED.search(clause)]
    whole = _REGION if agency.kind in _GOVERNS and agency.level != "township" else _SYSTEM
    if any(whole.search(clause) for clause in reported):
        return "region"
    if agency.kind in _SINGLE and any(_OWN.search(clause) for clause in reported):
        return "agency"
    return "unknown"
