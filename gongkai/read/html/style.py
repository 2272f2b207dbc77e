"""A web page's style sheets -> the elements that they hide.

In: a page. Out: the ids of the elements that a rule of its own gives no place or no ink. What depends on the screen
(``@media``) or on what a reader does (``:hover``) hides nothing. Sheets that the page only links are not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from gongkai.system.limits import current

_NO_ROOM = re.compile(r"(?<![a-z-])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?![0-9.%a-z])")
_CUT_OFF = re.compile(r"overflow\s*:\s*hidden")
_NOT_SHOWN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*collapse|opacity\s*:\s*0(?:\.0*)?(?![.0-9])"
    r"|(?<![a-z-])(?:left|top|text-indent)\s*:\s*-[0-9]{3}|scale\(\s*0\s*[,)]"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]"
)
INVISIBLE = re.compile(r"visibility\s*:\s*hidden")
# None of these looks through a long text again and again: a value ends before the next colon or bracket.
STRUCK = re.compile(r"(?<![a-z-])text-decoration[a-z-]*+\s*+:[^;:]*line-through")
COLOUR = re.compile(r"(?<![a-z-])color\s*:\s*(#?\w+(?:\([^();:]*\))?)")
PALE = re.compile(r"#f{3}|#f{6}|white|transparent|rgba?\(\s*255[\s,]+255[\s,]+255\b.*|rgba\(.*[\s,/]0?\.?0\s*\)")
SIZE = re.compile(r"(?<![a-z-])font(?:-size)?\s*+:\s*+(?:[^;:]*\s)?([0-9.]+(?:p[xt]|r?em|%)?)(?:\s|;|/|$)")
TINY = re.compile(r"(?:0*\.?0*|0*1?(?:\.0*)?p[xt])\D*")
"""A size in which nothing can be read."""
_DISPLAYED = re.compile(r"display\s*:\s*(?!none)[a-z]")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"[\w\s.#>+~*\-]+")


def is_not_shown(declared: str) -> bool:
    """Whether an element of that style shows nothing; one that is invisible shows what says that it is visible."""
    if _NOT_SHOWN.search(declared):
        return True
    return _NO_ROOM.search(declared) is not None and _CUT_OFF.search(declared) is not None


def hidden_elements(page: LexborHTMLParser) -> frozenset[int]:
    """The elements (``mem_id``) that the page's own style sheets hide."""
    limits = current()
    text = "\n".join(node.text() or "" for node in page.css("style"))[: limits.css_characters]
    hiding: dict[str, bool] = {}
    for selectors, declared in _rules(_COMMENT.sub("", text)):
        hides = is_not_shown(declared) or INVISIBLE.search(declared) is not None
        if hides or _DISPLAYED.search(declared):
            hiding |= dict.fromkeys((own.strip() for own in selectors.split(",")), hides)
    chosen = [own for own, hides in hiding.items() if hides and _SIMPLE.fullmatch(own)][: limits.css_selectors]
    return frozenset(node.mem_id for own in chosen for node in _selected(page, own))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of the rules that stand in no other."""
    depth, begun, head = 0, 0, ""
    for found in re.finditer("[{}]", css):
        if found[0] == "{":
            if depth == 0:
                head, begun = css[begun : found.start()].rpartition(";")[2].strip(), found.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not head.startswith("@"):
                    yield head, css[begun : found.start()].lower()
                begun = found.end()


def _selected(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return page.css(selector)
    except SelectolaxError:  # no selector
        return []
