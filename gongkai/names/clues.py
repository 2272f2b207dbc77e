"""What a report prints about its publisher -> the names that it may be published under, the likeliest first.

In: the title, the introduction, the signature, what the file says of itself and its name, as text. Out: names taken
apart. A name is only read where reports state their publisher, not where a body is named in passing (to ask, or the one
above).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gongkai import numerals
from gongkai.names.naming import Name, clean, take_apart
from gongkai.names.places import Gazetteer

TITLE_LENGTH, INTRODUCTION_LENGTH, SIGNATURE_LENGTH, METADATA_LENGTH = 600, 1500, 3000, 3000
"""Characters that are looked at: no report needs more, and a hostile one must not cost more."""
YEAR = rf"(?:(?:19|20)\d\d|\d\d|{numerals.YEAR})(?:[-—~至]\d{{2,4}})?年度?"
ANCHOR = re.compile(r"(?:政府)?信息(?:与政务)?公开|政务公开|政府信息|年度工作报告|年度报告|年报")
BARE_YEAR = re.compile(r"(?<!\d)20\d\d(?![\d年])")
SEPARATORS = re.compile(rf"{YEAR}|关于|[,:;。、()《》【】\[\]|_>·—]+|-+")
NOISE = re.compile(r"^(?:附件\d*|标题|题目|发布|印发|公布|现将|我国|首页|当前位置)+|(?:的|工作)+$")
DATE = re.compile(
    rf"(?:日期:)?(?:(?:\d{{2,4}}|{numerals.YEAR})年.{{1,6}}月.{{0,4}}日?.*|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}})$"
)
PAGE_NUMBER = re.compile(r"^[-—_ \d]+|[-—_ \d]+$")
LABEL = re.compile(r"^(?:发布机构|发布单位|编制单位|单位名称|单位|来源|落款|信息来源)[(（]?[^:)]*[)）]?:")
STATEMENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:现将|现就|现对|公布|发布)(?P<name>[^,。;:]{{2,40}}?)(?:关于)?{YEAR}",
        rf"{YEAR}[^,。;:]{{0,30}}?期间,?(?P<name>[^,。;:\d]{{2,40}}?)的?(?:政府信息公开)?工作(?:的)?情况",
        rf"(?:^|[,。;:])(?P<name>[^,。;:《\d]{{2,40}}?)(?:关于)?{YEAR}(?:政府)?信息公开(?:工作)?(?:年度)?报告",
        rf"(?P<name>[^,。;:\d]{{2,40}}?)(?:公布|发布)的{YEAR}(?:政府)?信息公开",
        r"(?:^|[,。;:])(?!由|本报告由)(?P<name>[^,。;:\d]{2,40}?)(?:组织)?(?:编制|编写|制作)了?(?:本|此|\d|年)",
    )
)
AUTHOR = re.compile(
    r"(?:^|[,。;:])(?:本(?:年度|年|机关)?报告)?(?:是|系)?由?(?P<name>[^,。;:\d《]{2,40}?)(?:根据|依据|按照|依照|编制|编写|制作)"
)
"""Who wrote it, which may be the publisher's office: weaker than a signature."""
SUBJECT = re.compile(
    rf"(?:^|。)(?:{YEAR},?)?(?P<name>[^,。;:\d《]{{2,40}}?)(?:坚持|高度重视|认真贯彻|深入贯彻|全面贯彻|在[^,。;:]{{2,24}}领导下)"
)
"""Whom the introduction speaks of, where it does not speak of 我局: weaker still."""
CONTACT = re.compile("联系|地址|电话|邮编|邮政编码")
CONTACT_LENGTH = 150
"""A longer sentence only has such a word in it."""
WE = re.compile("[我本][省市县区州盟旗镇乡局委厅办署处关院队]")
PUBLISHED_BY = re.compile("(?:发布机构|发布单位|发文机关|公开主体|公开机构)[:：]\\s*(?P<name>[^\\s:：,，。]{4,40})")
"""What a web page prints above a report; of a government's report it may be the office."""
BRACKETS = re.compile(r"\([^()]*\)")
REASON = re.compile("根据|依据|按照|依照|遵照|严格")
"""Where a sentence says why the publisher reports."""
INNER_OFFICE = re.compile("(?<=[局厅])办公室$")
"""A department's own office, which signs for it; 委员会办公室 are bodies of their own."""
PARTY = re.compile("^中共.{2,14}?(?:委员会|委)(?=.{2,14}人民政府)")
"""A committee that is named before the government of its place."""
KINDS = frozenset({"报告", "工作报告", "工作", "年度", "情况", "工作情况"})
BODY = re.compile(r"(?:政府|公署|委员会|[局厅委署处]|办公室|办事处|管委会)$")
JOINT_LENGTH = 80
TOGETHER = re.compile(r"(?<=[府局厅委署处室会])(?:和|与|及|暨|(?=[^和与及暨分支]{2,}[府局厅委署处室会]$))")
"""Where one body's name may end in a title and another's begin."""
PORTAL = re.compile(r"(?:门户网站|政府网站|政务网|网站|官网)$")


@dataclass(frozen=True, slots=True)
class Clues:
    """What a report prints about its publisher, as read. Anything may be empty."""

    title: str
    """The printed title, its lines joined; it may lack the agency."""
    introduction: str
    """The prose before section one."""
    signature: str
    """The lines behind the last section's text: the name and the date."""
    text: str = ""
    """All the prose, for the place in contact lines and for choosing among places of one name."""
    metadata: str = ""
    """What the file says of itself (title, site name)."""
    file: str = ""
    """The name under which the file was published, without its suffix: only where the report itself says nothing."""


def names(clues: Clues, gazetteer: Gazetteer) -> Iterator[Name]:
    """The names that the report gives to its publisher, the likeliest first."""
    yield from printed_names(clues, gazetteer)
    yield from _stated((AUTHOR,), clues.introduction, gazetteer)
    if not WE.search(clues.introduction):
        yield from (name for name in _stated((SUBJECT,), clues.introduction, gazetteer) if name.places)


def names_around(clues: Clues, gazetteer: Gazetteer) -> Iterator[Name]:
    """The names that the page around the report gives to its publisher, the likeliest first."""
    yield from _in_metadata(clues.metadata, gazetteer)
    for found in PUBLISHED_BY.finditer(clues.text[:INTRODUCTION_LENGTH]):
        name = _body(clean(found["name"]), gazetteer)
        if name and (name.township or name.kind not in {"government", "office"}):
            yield name


def what_we_are(clues: Clues) -> str:
    """The word by which the report calls its publisher, where it says 我局 or 本委; empty where it doesn't."""
    found = WE.search(f"{clues.introduction}\n{clues.text}"[:INTRODUCTION_LENGTH])
    return found[0][1:] if found else ""


def contact_lines(text: str) -> Iterator[str]:
    """The sentences that say whom to ask: 联系单位, 地址, 电话."""
    for sentence in re.split(r"[。;；\n]", text):
        if len(sentence) <= CONTACT_LENGTH and CONTACT.search(sentence):
            yield sentence


def names_of_file(file: str, gazetteer: Gazetteer) -> Iterator[Name]:
    """The names with a place, or of a national body, in the name of a file."""
    for text in titled(BARE_YEAR.sub("|", file)):
        if (name := _body(text, gazetteer)) and (name.places or name.lead):
            yield name


def printed_names(clues: Clues, gazetteer: Gazetteer) -> Iterator[Name]:
    """The names of the publisher in the title, in sentences that state it, and in the signature."""
    yield from _entitled(clues.title, gazetteer)
    yield from _stated(STATEMENTS, clues.introduction, gazetteer)
    yield from _signed(clues.signature, gazetteer)


def _entitled(title: str, gazetteer: Gazetteer) -> Iterator[Name]:
    """The names of a title. One in brackets is another name of the body before it, if that has its place."""
    plain = [name for text in titled(title, in_brackets=False) if (name := _body(text, gazetteer))]
    yield from plain
    if not any(name.places for name in plain):
        yield from (name for text in titled(title) if (name := _body(text, gazetteer)) and name not in plain)


def joint(title: str, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Two bodies that a title names side by side, neither of which is the other's office; else ``None``."""
    for piece in titled(title.replace("、", "和"), in_brackets=False):
        for found in TOGETHER.finditer(piece[:JOINT_LENGTH]):
            one, other = piece[: found.start()], piece[found.end() :]
            first, second = _body(one, gazetteer), _body(other, gazetteer)
            same_place = found[0] or (first and second and set(first.places) & set(second.places))
            if not (first and second and same_place and BODY.search(one) and BODY.search(other)):
                continue
            if not second.rest.startswith((first.rest, "办公")) and not other.endswith("分局"):
                return one, other
    return None


def titled(title: str, *, in_brackets: bool = True) -> list[str]:
    """What a title leaves when the year and the words of the report's kind are taken out.

    What is in brackets comes last, or not at all.
    """
    text = clean(title[:TITLE_LENGTH]).replace(
        "人民政府信息", "人民政府政府信息"
    )  # 示例县人民政府信息公开…: the word serves for both
    text = BRACKETS.sub("", text) + ("|" + "|".join(BRACKETS.findall(text)) if in_brackets else "")
    pieces = [NOISE.sub("", piece) for part in ANCHOR.split(text) for piece in SEPARATORS.split(part)]
    return list(dict.fromkeys(_once(piece) for piece in pieces if len(piece) > 1 and piece not in KINDS))


def _once(text: str) -> str:
    """A name that is printed twice in a row, once."""
    half = len(text) // 2
    return text[:half] if len(text) % 2 == 0 and text[:half] == text[half:] else text


def _stated(patterns: Iterable[re.Pattern[str]], introduction: str, gazetteer: Gazetteer) -> Iterator[Name]:
    text = clean(introduction[: 2 * INTRODUCTION_LENGTH])[:INTRODUCTION_LENGTH]
    for pattern in patterns:
        for found in pattern.finditer(text):
            words = INNER_OFFICE.sub("", REASON.split(found["name"])[0])
            if words.endswith("人民") and text.startswith("政府信息", found.end("name")):
                words += "政府"
            if name := _body(_from_its_place(NOISE.sub("", words), gazetteer), gazetteer):
                yield name


def _from_its_place(words: str, gazetteer: Gazetteer) -> str:
    """The words from the first place on, where something else stands before it (要求,由苏州市财政局)."""
    for start in range(len(words) - 2):
        if any(is_full for _, _, is_full in gazetteer.begins(words, start)):
            return words if take_apart(words, gazetteer).lead else words[start:]
    return words


def _signed(signature: str, gazetteer: Gazetteer) -> list[Name]:
    """The names of a signature, the last first; none where two bodies sign, of which the print prefers neither."""
    found = []
    for line in reversed(signature[-SIGNATURE_LENGTH:].splitlines()):
        text = INNER_OFFICE.sub("", PAGE_NUMBER.sub("", LABEL.sub("", DATE.sub("", clean(line)))))
        if 2 <= len(text) <= 40 and not re.search("[。;,]", text) and (name := _body(_once(text), gazetteer)):
            found.append(name)
    return found if len({name.rest for name in found if name.places or name.is_central}) < 2 else []


def _in_metadata(metadata: str, gazetteer: Gazetteer) -> Iterator[Name]:
    for line in metadata[:METADATA_LENGTH].splitlines():
        for part in re.split(r"[_|>\n]|--|——", line):
            text = clean(part)
            words = titled(text) if ANCHOR.search(text) else [PORTAL.sub("", text)]
            for word in words:
                name = _body(word, gazetteer)
                if name and (ANCHOR.search(text) or name.kind != "government" or name.township):
                    yield name


def _body(words: str, gazetteer: Gazetteer) -> Name | None:
    name = take_apart(PARTY.sub("", words), gazetteer)
    return name if name.is_a_body else None
