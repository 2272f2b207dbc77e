"""What in a page's text is a section's heading or a title of a report, as far as a reader must know it.

In: a line's text. Out: yes or no. Readers ask where a page's layout mixes the report with what surrounds it; which
heading begins which section is told later, from all of them (``outline``).
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import Indel

from gongkai.characters import fold
from gongkai.form import load_forms

ALIKE = 0.8
LONGEST_HEADING = 50
LONGEST_TITLE = 80

_NUMBER = re.compile(r"^\W*第?[一二三四五六1-6](?:部分|章|节)?\W+")
_TITLE = re.compile(r"信息公开.{0,12}(?:年度?报告|年报|报告)")


def is_section_heading(text: str) -> bool:
    """Whether a line says what a section of the form is headed with."""
    if len(text) > LONGEST_HEADING:
        return False
    folded = fold(_NUMBER.sub("", text))
    return any(Indel.normalized_similarity(heading, folded) >= ALIKE for heading in _headings())


def is_title(text: str) -> bool:
    """Whether a line, or lines joined, say that this is an annual report on 政府信息公开."""
    compact = re.sub(r"\s", "", text[: 2 * LONGEST_TITLE])
    return len(compact) <= LONGEST_TITLE and "。" not in compact and _TITLE.search(compact) is not None


@cache
def _headings() -> tuple[str, ...]:
    headings = (text for form in load_forms() for s in form.sections for text in (s.heading, *s.known))
    return tuple(dict.fromkeys(map(fold, headings)))
