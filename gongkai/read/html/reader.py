"""A web page -> Document: the report in it, as a browser shows it, without the page around.

In: a ``.html`` or ``.htm`` file as an agency's site serves it. Out: a ``Document`` with a line for each paragraph and a
grid for each table. The page's encoding is told from its bytes, its structure by an HTML5 parser (lexbor), so that
wrong declarations and missing end tags are read as browsers read them.
What never happens: anything that a page points to is fetched; a page that only links a report passes for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.errors import NotAReport, UnreadableFile
from gongkai.figures import looks_like_figure
from gongkai.model import Document, Grid, Line
from gongkai.read.headings import is_section_heading, is_title
from gongkai.read.html.article import article, has_figures
from gongkai.read.html.days import METADATA, TIMES, published, written
from gongkai.read.html.style import hidden_elements
from gongkai.read.html.tables import Piece, describes_page
from gongkai.read.html.walk import Seen, see, tidy
from gongkai.system.limits import current


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Which encoding a page is in, and when it is no report."""

    damaged_share: float = 0.1
    """A page of which a larger share cannot be decoded is not in that encoding."""
    most_links: int = 3
    """A page with more links to reports is a list of them."""
    table_lines: int = 5
    """So many lines that end in so many figures are a table that was pasted as text."""
    name_chars: int = 200
    """A longer value of the page's metadata is no name."""


SETTINGS = PageSettings()

_ELEMENT = re.compile(r"<[a-zA-Z!?/]")
_START_OR_END = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NESTING = re.compile(
    r"<(/?)(?:address|article|aside|blockquote|center|details|dir|div|dl|fieldset|figure|footer|form|header|main|menu|nav"
    r"|ol|section|table|ul)(?![a-z0-9])",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_VALUE = r"""(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?"""
_ATTRIBUTE = re.compile(rf"[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+{_VALUE})?")
"""An attribute, as HTML's tokenizer has it."""
_LONG_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE.pattern}){{100,}}+")
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMES = ("name", "property", "itemprop")
"""The attributes that name what a ``<meta>`` states."""
_TITLES = ("articletitle", "contentsource", "sitename", "columnname")
_PUBLISHER = re.compile(
    r"(?:来\s*源|发布机构|发布单位|发文机关|发文单位|公开主体|责任部门|信息提供)\s*[:：]\s*([^\s|:：]{2,40}?)"
    r"(?=[\s|【\[（(]|浏览|点击|阅读|访问|发布|字体|字号|作者|责任|编辑|审核|日期|时间|打印|$)"
)
_PATH = re.compile(r"[\W_]*(?:您|你)?(?:当前|现在|所在)?的?位置\s*[:：]?|(?=首页\s*[>»›＞→/]|首页$)")
_STEP = re.compile(r"\s*(?:[>»›＞→|]|::|(?<=\S)/(?=\S)|--?|·)+\s*|\s{2,}")
LONGEST_PATH, LONGEST_STEP = 8, 40
_ATTACHED = re.compile(r"\.(?:pdf|docx?|wps|ofd)(?![a-z0-9])", re.IGNORECASE)
_REPORT = re.compile("年度?报告|年报|信息公开")
_LINKS = "a[href], iframe[src], frame[src], embed[src], object[data]"


def read_html(path: Path) -> Document:
    """The document. Raises ``UnreadableFile`` if it cannot be read, ``NotAReport`` if it only links a report."""
    page, body = _parsed(path.read_bytes())
    seen, blocks = _shown(page, body)
    if not _holds_tables(blocks):
        _refuse_links(body, blocks)
    if not blocks:
        raise UnreadableFile("a web page without text, or that a script fills; save it from the browser as it is shown")
    said = dict(_metadata(page))
    lines = [text for piece in seen.pieces for text in _printed(piece.block)]
    times = [tidy(node.text()) for node in page.css(TIMES)]
    return Document(
        tuple(blocks),
        "html",
        title=_title(page, said, lines, _path(seen.pieces)),
        created=written(said, lines),
        dated=published(said, _head(seen.pieces), times),
    )


def blocks_of_page(data: bytes) -> list[Line | Grid]:
    """The lines and grids of a page that stands in another file. Raises ``UnreadableFile``."""
    return _shown(*_parsed(data))[1]


def is_page(data: bytes) -> bool:
    """Whether these bytes are marked up as a web page is."""
    return _ELEMENT.search(decoded(data)) is not None


def _parsed(data: bytes) -> tuple[LexborHTMLParser, LexborNode]:
    """The page and its body, if it is one and within the limits."""
    limits = current()
    if len(data) > limits.html_bytes:
        raise UnreadableFile(
            f"{len(data)} bytes of web page: too large (at most {limits.html_bytes}); save it without pictures"
        )
    text = decoded(data)
    if _ELEMENT.search(text) is None:
        raise UnreadableFile("not a web page: no element in it; save it from the browser again, or name a text .txt")
    if text.count("<") > limits.html_elements:
        raise UnreadableFile(
            f"a web page of more than {limits.html_elements} elements: no report is so long; save its text alone"
        )
    # Each attribute is compared with those of its element before it: a few elements with many cost as much as many.
    if sum(count * count for count in _attributes(text)) > limits.html_attributes**2:
        raise UnreadableFile(
            f"a web page with elements of more than {limits.html_attributes} attributes: save it from the browser again"
        )
    if _depth(text) > limits.html_depth:
        raise UnreadableFile(
            f"a web page with elements nested deeper than {limits.html_depth}: save it from the browser again"
        )
    if _restarted(text) > limits.html_restarted:
        raise UnreadableFile("a web page whose <b>, <font> and the like never end; save it from the browser again")
    page = LexborHTMLParser(text)
    body = page.body
    if body is None:
        frames = [source for node in page.css("frame[src]") if (source := _name(node.attributes.get("src") or ""))]
        hint = f"the page is in {frames[0]}; add that file instead" if frames else "save it from the browser again"
        raise UnreadableFile(f"a web page without a body: {hint}")
    return page, body


def _shown(page: LexborHTMLParser, body: LexborNode) -> tuple[Seen, list[Line | Grid]]:
    """What is seen of the page, and the report in it; one whose tables a script shows is read with what it hides."""
    seen = see(body, styled=hidden_elements(page))
    blocks = article(seen)
    if not any(has_figures(block) for block in blocks):
        shown = article(see(body, hidden=True))
        blocks = shown if any(has_figures(block) for block in shown) else blocks
    return seen, blocks


def decoded(data: bytes) -> str:
    """The characters of a page, whatever it declares: a byte order mark tells, else what can be decoded.

    UTF-8 checks itself, so that hardly a page in GBK passes for it; a page of which some characters were cut is still
    in the encoding in which the others are whole.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    head = data[:1024]
    for zeros, encoding in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if zeros.count(0) > len(zeros) / 4:
            return data.decode(encoding, "replace")
    data = data.replace(b"\0", b"")
    if b"mime-version:" in head.lower() and b"multipart/related" in data[:4096].lower():
        raise UnreadableFile("a web archive (.mht), not a page; save the page as HTML only")
    text = data.decode("utf-8", "replace")
    beyond = sum(not c.isascii() for c in text)
    if text.count("\ufffd") > SETTINGS.damaged_share * beyond:
        # GB 18030 holds GBK and GB 2312; A3A0 is their wide space, for which Python has a private character.
        text = data.decode("gb18030", "replace").replace("\ue5e5", "\u3000")
    return text


def _attributes(text: str) -> Iterator[int]:
    """About how many attributes each start tag has that is long enough to have many."""
    for tag in _LONG_TAG.findall(_SCRIPT.sub("", text)):
        yield sum(1 for _ in _ATTRIBUTE.finditer(tag))


def _depth(text: str) -> int:
    """How deep the blocks that end only where an end tag says so are nested, at most."""
    depth = deepest = 0
    for end in _NESTING.findall(text):
        depth = max(depth - 1, 0) if end else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _restarted(text: str) -> int:
    """How many elements a parser adds at most, since it begins those that format text again in each block after them.

    Without their end tags they make a page of a megabyte grow to more than memory holds.
    """
    unended: dict[str, int] = {}
    total = 0
    for end, name in _START_OR_END.findall(text):
        tag = name.lower()
        if tag in ("td", "th"):
            unended.clear()
        elif tag in _FORMATTING:
            unended[tag] = max(0, unended.get(tag, 0) + (-1 if end else 1))
        elif not end:
            total += sum(unended.values())
    return total


# ---------------------------------------------------------------- what the page says of itself


def _metadata(page: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in reversed(page.css("meta[content]")):
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        name = (next((own for key in _NAMES if (own := attributes.get(key))), "")).strip().lower()
        if name in (*_TITLES, *METADATA):
            yield name, tidy(attributes["content"])[:300]


def _printed(block: Line | Grid) -> list[str]:
    """What a block prints, a line each; a table that says how the page is filed prints label and value side by side."""
    if isinstance(block, Line):
        return [block.text]
    texts = [cell.text for cell in block.cells]
    return [f"{label}:{value}" for label, value in pairwise(texts)] if describes_page(texts) else []


def _title(page: LexborHTMLParser, said: dict[str, str], lines: Sequence[str], path: str) -> str:
    """What the page says of its title and publisher, a line each, the surest first."""
    printed = [found[1] for line in lines if len(line) < 200 and (found := _PUBLISHER.search(line))]
    head = page.css_first("head > title")
    title = tidy(head.text())[:300] if head is not None else ""
    texts = [said.get("articletitle", ""), title, said.get("contentsource", ""), *printed[:1]]
    texts += [*(said.get(name, "") for name in _TITLES[2:]), path]
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _path(pieces: Sequence[Piece]) -> str:
    """Where the page stands in its site, from 首页 on (a breadcrumb), with ``>`` between its parts; else empty."""
    for index, piece in enumerate(pieces):
        if isinstance(piece.block, Grid) or not (found := _PATH.match(piece.block.text)):
            continue
        parts = [piece.block.text[found.end() :]]
        for after in pieces[index + 1 : index + 1 + LONGEST_PATH]:
            if isinstance(after.block, Grid) or (after.linked < 0.5 and len(after.block.text) > 1):
                break
            parts.append(after.block.text)
        steps = [step for part in parts for step in _STEP.split(part) if _is_step(step)]
        if steps:
            return ">".join(steps)
    return ""


def _is_step(text: str) -> bool:
    """Whether a part of a path may name whose page it is; one with a number names a year, or a page."""
    return text != "首页" and 1 < len(text) <= LONGEST_STEP and not any(character.isdigit() for character in text)


def _head(pieces: Iterable[Piece]) -> list[str]:
    """What is printed above the report's first section."""
    above = takewhile(lambda p: isinstance(p.block, Grid) or not is_section_heading(p.block.text), pieces)
    return [text for piece in above for text in _printed(piece.block)]


# ---------------------------------------------------------------- pages that are no report


def _holds_tables(blocks: Sequence[Line | Grid]) -> bool:
    """Whether figures stand in tables, or in lines as a table that was pasted as text has them."""
    if any(has_figures(block) for block in blocks):
        return True
    lines = [block.text.split() for block in blocks if isinstance(block, Line)]
    return (
        sum(
            all(map(looks_like_figure, words[-SETTINGS.table_lines :]))
            for words in lines
            if len(words) > SETTINGS.table_lines
        )
        >= SETTINGS.table_lines
    )


def _refuse_links(body: LexborNode, blocks: Sequence[Line | Grid]) -> None:
    """Raise ``NotAReport`` if a page without tables links the report, or reports."""
    files: list[tuple[bool, str]] = []
    pages: list[str] = []
    for node in body.css(_LINKS):
        attributes = node.attributes
        target = next((value.strip() for name in ("href", "src", "data") if (value := attributes.get(name))), "")
        words = tidy(node.text()) + (attributes.get("title") or "")
        attached = _ATTACHED.search(target) or (node.tag == "a" and _ATTACHED.search(words))
        if attached:
            files.append((_REPORT.search(words + target) is None, _name(target)))
        elif is_title(words):
            pages.append(_name(target))
    named = [name for unlike, name in sorted(dict.fromkeys(files), key=lambda f: f[0]) if not unlike or not pages]
    listed = list(dict.fromkeys(pages))
    if len(named) > SETTINGS.most_links:
        words = f"a list of links to {len(named)} files ({named[0]}, …); add the report's file instead"
    elif named:
        words = f"a page that links it: the report is the attachment {named[0]}; add that file instead"
    elif len(listed) > SETTINGS.most_links and not any(
        isinstance(block, Line) and len(block.text) > 100 for block in blocks
    ):
        words = f"a list of links to {len(listed)} reports ({listed[0]}, …); add the page that one of them opens"
    else:
        return
    raise NotAReport(f"not a report but {words}")


def _name(target: str) -> str:
    """A link's target, fit for one line of an error."""
    plain = "".join(c if c.isprintable() else "\ufffd" for c in tidy(target))
    return plain if len(plain) <= SETTINGS.name_chars else plain[: SETTINGS.name_chars] + "…"
