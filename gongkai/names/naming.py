"""A body's printed name -> its parts: what leads, the place, the township, the body.

In: a name as printed, and the gazetteer. Out: a ``Name`` whose ``places`` are all those that the printed place may be,
none where the print names none. Short forms of bodies that have one reading are written out (镇政府, 市监局); others
stay as they are. Nothing is looked up in context.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from gongkai.characters import unify
from gongkai.names.bodies import written_out
from gongkai.names.places import SUFFIXES, Gazetteer, Place
from gongkai.names.words import load_words
from gongkai.numerals import ONE_TO_TEN

Kind = Literal["government", "office", "department", "zone", "vertical"]

NOT_PRINTED = re.compile(
    "[\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\uf8ff\ufeff\ufff0-\ufffb]+"
)
"""White space, controls, marks of direction, lone surrogates and private characters."""

TRADITIONAL = frozenset("開報縣區鎮鄉廳辦務國資訊總門員會蘇廣東陽漢濟瀋寧貴雲陝遼龍灣臺萬慶興華樂連齊")
"""Any traditional title has one of these; simplified text none (乾县, which a converter would spoil, stays 乾县)."""

MARKERS = {
    "自治区": "自治区",
    "自治州": "自治州",
    "自治县": "自治县",
    "自治旗": "自治旗",
    "省": r"省(?![级直])",
    "市": r"市(?![级直场容域]|监局|政(?!府|务)|民(?:中心|服务|热线))",
    "县": r"县(?![级域])",
    "区": r"区(?![级域])",
    "州": r"州(?![级])",
    "盟": r"盟(?![级])",
    "旗": r"旗(?![级])",
    "镇": r"镇(?=人民政府|政府)",
    "乡": r"乡(?=人民政府|政府)",
    "街道": r"街道(?=办事处)",
    "我": r"[我本](?=[省市县区州盟旗镇乡局委厅办署处关院队]|街道|单位|机关|中心)",
}
LONGEST = 40
"""Characters of a body's name without its place: more is a sentence."""

TOWNSHIP = re.compile(r"(?P<name>.{1,14}?(?:街道|镇|乡|苏木))(?=$|人民政府|政府|办事处|街道办事处)")
TOWN_OFFICE = re.compile(r"(?P<name>(?!人民政府|驻).{2,8}?)(?=办事处$)")
TOWNSHIP_OFFICE = re.compile(
    r"(?P<name>[^城村省市县区乡镇]{1,6}(?:镇|乡|街道))(?=[^村镇企建规街道]{2,}(?:局|办公室|中心|所|站|队)$)"
)
UNKNOWN_DIVISION = re.compile(r"(?P<name>[^省市县区旗]{1,12}[县区旗市])(?=.)")
BODY_END = re.compile(
    r"(?:政府|公署|办公厅|办公室|研究室|参事室|办事处|委员会|开发区|新区|[局厅委部署院行队站所处社会关团馆台]"
    r"|中心|总公司|公司|大学|学院|学校|(?:人民政府|行政公署)办)$"
)
NOT_IN_A_NAME = re.compile(r"根据|依据|按照|依照|遵照|^中共|[^\w()·]")
"""Words of the sentence around a name, and signs that no name has."""
GOVERNMENT = re.compile(r"(?:人民政府|行政公署|(?<!员)办事处)$")
OF_A_GOVERNMENT = re.compile(r"人民政府|行政公署|(?:局|委员会|厅|办公室|办事处)$")
OFFICE = re.compile(r"(?:人民政府|行政公署)办(?:公[厅室])?$")
CORPS = "生产建设兵团"
"""新疆生产建设兵团 has its place in its name as it is."""
DIVISION_OF_THE_CORPS = re.compile(rf"{CORPS}(?P<name>第?[{ONE_TO_TEN}]{{1,3}}师.{{1,5}}市)")
TAIL = re.compile(r"(?<=.)(?:门户网站|政府网站|政务网|网站|官网|\(.*\)|本级|机关|系统)+$")


class _Converter(Protocol):
    def convert(self, text: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Name:
    """A printed name taken apart: ``lead`` + place + ``rest``; ``rest`` is written out and holds the township.

    ``marker`` is the division that a name without a place refers to: 市 of 市财政局, 我 of 我局. ``as_printed`` is the
    place's short form where that is the official one (江门海关), else empty. ``unknown``: a division that no list has.
    """

    lead: str
    places: tuple[Place, ...]
    as_printed: str
    marker: str
    township: str
    rest: str
    kind: Kind
    unknown: str = ""

    @property
    def is_central(self) -> bool:
        """A national or trans-regional body."""
        if self.places or self.marker or self.township or self.unknown:
            return False
        is_national = self.kind != "zone" and _is_national(self.rest)
        return bool(self.lead) or self.rest.startswith(load_words().transregional) or is_national

    @property
    def stands_alone(self) -> bool:
        """A zone or a customs house that is known by its own name (雄安新区, 拱北海关), not by its kind alone."""
        if self.places or self.marker:
            return False
        words = load_words()
        if self.kind == "zone":
            return self.rest.removesuffix("管理委员会") not in words.zones
        return self.rest.endswith(words.own_names) and self.rest not in words.own_names

    @property
    def is_a_body(self) -> bool:
        """Whether it can be the name of a public body at all."""
        if NOT_IN_A_NAME.search(self.rest):
            return False
        if self.marker == "我":
            return True
        if self.is_central:
            return self.rest == "" or bool(BODY_END.search(self.rest))
        if self.rest.endswith("人民政府") and self.rest.removesuffix("人民政府").endswith(load_words().zones):
            return False  # 高新区人民政府: a zone has none
        is_zone = self.kind == "zone" and bool(self.places or self.township or self.marker)
        return 0 < len(self.rest) <= LONGEST and (is_zone or bool(BODY_END.search(self.rest)))


def clean(text: str) -> str:
    """One form for all spellings of the same characters: compatible, simplified, without white space and controls."""
    text = unicodedata.normalize("NFKC", unify(text))
    text = NOT_PRINTED.sub("", text)
    return _to_simplified().convert(text) if TRADITIONAL.intersection(text) else text


@cache
def _to_simplified() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter


def take_apart(text: str, gazetteer: Gazetteer) -> Name:
    """The parts of a cleaned name."""
    rest = TAIL.sub("", TAIL.sub("", text).strip("·.,:;、。-—_|\"'“”《》()[]"))
    lead, rest = _lead(rest)
    places, chain, rest = _places(rest, gazetteer, of_a_nation=bool(lead))
    printed = chain[-1] if chain else ""
    marker = ""
    if not places:
        marker, rest = _marker(rest)
    rest = _written_out(rest, places)
    unknown = _unknown(lead, rest, bool(places), gazetteer) if not marker else ""
    township = "" if unknown else _township(rest)
    if township and rest == township:
        rest += "办事处" if township.endswith("街道") else "人民政府"
    kind = _kind(rest, lead)
    keeps = bool(lead) or kind in {"zone", "vertical"} or not OF_A_GOVERNMENT.search(rest) or rest.startswith(CORPS)
    is_short = any(place.name != printed and place.name.startswith(printed) for place in places)
    if kind == "zone" and is_short and _begins_with_its_province(chain, rest, gazetteer):
        printed = "".join(chain)
    return Name(lead, places, printed if is_short and keeps else "", marker, township, rest, kind, unknown)


def _lead(text: str) -> tuple[str, str]:
    """What stands before the place (国家税务总局苏州市税务局), which may be several (中华人民共和国财政部)."""
    lead = ""
    for short, full in load_words().national.items():
        text = full + text.removeprefix(short) if text.startswith(short) else text
    while word := max((w for w in load_words().leads if text.startswith(w)), key=len, default=""):
        lead, text = lead + word, text[len(word) :]
    return lead, text


def _places(text: str, gazetteer: Gazetteer, *, of_a_nation: bool) -> tuple[tuple[Place, ...], list[str], str]:
    """The places that the chain of names at the head of the text leads to, the chain, and what follows."""
    places: tuple[Place, ...] = ()
    chain: list[str] = []
    start = 0
    while step := _step(text, start, places, gazetteer, of_a_nation=of_a_nation):
        printed, places = step
        chain.append(printed)
        start += len(printed)
        while text.startswith(printed, start):  # 北京市北京市朝阳区
            start += len(printed)
    return places, chain, text[start:]


def _begins_with_its_province(chain: Sequence[str], rest: str, gazetteer: Gazetteer) -> bool:
    """Whether a zone has a province in its name (山东嘉祥经济开发区), as the provinces' own zones do."""
    if len(chain) < 2 or rest.startswith(load_words().zones_of_the_state):
        return False
    return any(place.level == "province" and place.name != chain[0] for place in gazetteer.called(chain[0]))


def _step(
    text: str, start: int, inside: tuple[Place, ...], gazetteer: Gazetteer, *, of_a_nation: bool
) -> tuple[str, tuple[Place, ...]] | None:
    for name, places, is_full in gazetteer.begins(text, start, inside):
        after = text[start + len(name) :]
        if is_full and after.startswith(("场监", "监局")):  # 苏州市场监管局 is 苏州 and 市场
            continue
        if is_full and _is_no_division(name, after):
            continue
        if is_full:
            return name, places
        foremost = _foremost(name, places, after)
        if of_a_nation and after == "局":  # 国家矿山安全监察局山西局
            return name, foremost
        if foremost and _may_be_short(after, bool(inside)) and not TOWNSHIP.match(text[start:]):
            return name, foremost
    return None


def _is_no_division(name: str, after: str) -> bool:
    """城区街道办事处 and 新城区镇人民政府 are townships, not districts; a 新区 with a 管委会 is a zone."""
    if name.endswith("新区") and after.startswith(("管委会", "管理委员会")):
        return True
    return re.match("(?:街道|镇|乡)(?:$|人民政府|政府|办事处)", after) is not None


def _may_be_short(after: str, is_inner: bool) -> bool:
    """Whether a short name may end here: 苏州财政局 yes, 公安局, 长阳镇, 太湖流域管理局 and 台湾事务办公室 no."""
    if after.startswith(("市场监", "市监局")):
        return not is_inner
    if len(after) < 2 or after[0] in SUFFIXES + "局厅部委办署会院镇乡村":
        return False
    if after.startswith(("街道", "苏木", "流域", "事务")):
        return False
    return not is_inner or any(zone in after for zone in load_words().zones)


def _foremost(name: str, places: tuple[Place, ...], after: str) -> tuple[Place, ...]:
    """Of the places with one short name the highest: 吉林 is the province, 朝阳 the city. A 厅 is a province's.

    Districts, and counties with a word for their name, are only called so before a zone or a customs house. What looks
    like a county's short name may be scenery's (泰山风景名胜区) or, before 新区, a word that is a district's elsewhere.
    """
    words = load_words()
    if after.startswith(("新区", "新城", *words.scenery)) and not after.startswith(words.vertical):
        places = tuple(place for place in places if place.level != "county")
    if not after.startswith(words.vertical) and not any(zone in after for zone in words.zones):
        places = tuple(p for p in places if not p.is_district and (p.level != "county" or name not in words.common))
    ranks = {"province": 0, "city": 1, "county": 2}
    first = min((ranks[place.level] for place in places), default=0)
    if after.endswith("厅") and not after.endswith("办公厅"):
        first = 0
    return tuple(place for place in places if ranks[place.level] == first)


def _marker(text: str) -> tuple[str, str]:
    for marker, pattern in MARKERS.items():
        found = re.match(pattern, text)
        if found and (marker in {"我", "镇", "乡", "街道"} or not TOWNSHIP.match(text)):  # 县前街道 is no county's
            return marker, text[found.end() :] if marker != "我" else text[1:]
    return "", text


def _written_out(rest: str, places: tuple[Place, ...]) -> str:
    """The body's name: 镇政府 -> 镇人民政府, 市监局 -> 市场监督管理局; a bare place is its government."""
    rest = re.sub(r"^行署", "行政公署", written_out(rest))
    rest = re.sub(r"^政府(?=国有|外事|台湾|侨务|研究室|参事|发展研究|信访)", "人民政府", rest)
    rest = re.sub(r"(?<!人民)政府(?=$|办$|办公[厅室]$|驻)", "人民政府", rest)
    if places:
        rest = re.sub(r"^[市县区州旗](?=人民政府)", "", rest)  # 苏州市市政府
        if not rest:
            rest = "行政公署" if all(place.name.endswith(("地区", "盟")) for place in places) else "人民政府"
    return rest


def _unknown(lead: str, rest: str, has_place: bool, gazetteer: Gazetteer) -> str:
    """A division of no list, or of elsewhere, at which the chain stopped: no body of the place before it follows.

    Also what must be a place that was not recognised: of a national body's local one (国家统计局某地调查队), of a 师.
    """
    for name, _, is_full in gazetteer.begins(rest, 0):
        if is_full and len(name) > 2 and not _is_no_division(name, rest[len(name) :]):
            return name
    if found := DIVISION_OF_THE_CORPS.match(rest):
        return found["name"]
    if not has_place and (local := _local(lead, rest, gazetteer)):
        return local
    found = UNKNOWN_DIVISION.match(rest)
    if not found or found["name"].endswith((*load_words().not_divisions, *load_words().zones)):
        return ""
    after = rest[found.end() :]
    if after.startswith("人民政府"):
        return found["name"]
    is_name = 3 <= len(found["name"]) <= 4 and BODY_END.search(after) and not found["name"].endswith("市")
    return found["name"] if is_name and not after.startswith(("街道", "镇", "乡")) else ""


def _local(lead: str, rest: str, gazetteer: Gazetteer) -> str:
    """What makes a national body's name that of one of its local bodies, where its place was not recognised."""
    words = load_words()
    if lead not in {"", "中华人民共和国"}:
        is_local = rest.endswith(words.vertical) and not rest.startswith((*words.transregional, "驻"))
        return rest if is_local else ""
    if _is_national(rest):
        for found in re.finditer("[局会署部院行](?=.)", rest):
            for name, _, _ in gazetteer.begins(rest, found.end()):
                return name
    return ""


def _township(rest: str) -> str:
    inner = rest.removeprefix("人民政府")  # 某区人民政府某某街道办事处
    found = TOWNSHIP.match(inner) or TOWNSHIP_OFFICE.match(inner) or TOWN_OFFICE.match(inner)
    return found["name"] if found else ""


def _kind(rest: str, lead: str) -> Kind:
    words = load_words()
    if rest.endswith(words.vertical) or lead not in {"", "中华人民共和国"}:
        return "vertical"
    if OFFICE.search(rest):
        return "office"
    if GOVERNMENT.search(rest) and "驻" not in rest:
        return "government"
    if rest.removesuffix("管理委员会").endswith(words.zones):
        return "zone"
    return "department"


def _is_national(rest: str) -> bool:
    return bool(re.search(r"(?:部|署|总局|总署)$", rest)) or rest.startswith(("国家", "中国", "中央", "全国"))


def is_subsequence(short: str, full: Iterable[str]) -> bool:
    """Whether ``short`` is ``full`` with characters left out (住建局 of 住房和城乡建设局)."""
    characters = iter(full)
    return all(character in characters for character in short)
