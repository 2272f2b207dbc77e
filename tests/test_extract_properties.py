"""Whatever the split, the noise and the blanks: a figure is read right or left empty with a finding, never moved."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai.form import Edition
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS
from tests.reports.cases import TEXTS, Case
from tests.reports.content import Content, make_content
from tests.reports.oracle import extract, wrongs
from tests.reports.pdf import RULES, Drawn
from tests.reports.sheets import Written, ascii_punctuation, spaced
from tests.reports.typeset import Layout

MARKS = ("", "/", "—", "-")
FOREIGN = "木申于□甲?"
"""What stands in a label where a character was misread."""


HANDS: tuple[Callable[[str], str], ...] = (str, ascii_punctuation, spaced)
"""How labels are typed."""


@dataclass(frozen=True)
class Plan:
    """A report and how it is written; ``gone`` rows are not printed, ``blank`` rows and columns are blank."""

    edition: Edition
    seed: int
    as_one: bool
    scale: int
    zeros_blank: bool
    gone: tuple[str, ...]
    blank: tuple[str, ...]
    written: Written
    layout: Layout
    drawn: Drawn
    way: str

    def content(self) -> Content:
        content = make_content(
            self.edition,
            seed=self.seed,
            other_as_one=self.as_one,
            scale=self.scale,
            zeros_blank=self.zeros_blank,
        )
        return content.without(*self.gone).blank(*self.blank)

    def write(self, folder: Path) -> Path:
        return Case(self.content(), self.written, self.layout, self.drawn).write(folder, self.way)


def labels_of(content: Content) -> dict[str, str]:
    return {row.id: row.label for own in content.blocks.values() for block in own for row in block.rows if row.id}


@st.composite
def noisy(draw: st.DrawFn, text: str) -> str:
    """A label of which characters are lost, swapped or misread, or all of it."""
    places = st.sets(st.integers(0, len(text) - 1), max_size=max(1, len(text) // 3))
    match draw(st.sampled_from(("gone", "illegible", "lost", "swapped", "misread", "cut"))):
        case "gone":
            return ""
        case "illegible":
            return "□" * len(text)
        case "lost":
            lost = draw(places)
            return "".join(char for i, char in enumerate(text) if i not in lost)
        case "swapped":
            i = draw(st.integers(0, max(len(text) - 2, 0)))
            return text[:i] + text[i : i + 2][::-1] + text[i + 2 :]
        case "misread":
            misread = draw(places)
            return "".join(draw(st.sampled_from(FOREIGN)) if i in misread else c for i, c in enumerate(text))
        case _:
            return text[: max(1, len(text) // 2)]


@st.composite
def layouts(draw: st.DrawFn, rows: list[str]) -> Layout:
    breaks = [(REQUESTS, row) for row in draw(st.lists(st.sampled_from(rows), max_size=2, unique=True))]
    breaks += [(PROACTIVE, row) for row in draw(st.lists(st.integers(1, 10), max_size=1))]  # type: ignore[misc]
    breaks += [(REVIEWS, row) for row in draw(st.lists(st.integers(1, 3), max_size=1))]  # type: ignore[misc]
    split = [
        (REQUESTS, row, draw(st.sampled_from(("upper", "lower"))))
        for row in draw(st.lists(st.sampled_from(rows), max_size=1))
    ]
    return Layout(
        breaks=tuple(breaks),
        split=tuple(split),  # type: ignore[arg-type]
        repeat_header=draw(st.booleans()),
        group_label=draw(st.sampled_from(("flow", "first", "last", "both", "middle"))),
        align=draw(st.sampled_from(("center", "left", "right"))),
        vertical=draw(st.sampled_from(("middle", "top", "bottom"))),
        size=draw(st.sampled_from((9.0, 8.0, 6.5))),
        page_number=draw(st.sampled_from(("- {page} -", "{page}", "第{page}页"))),
    )


@st.composite
def plans(draw: st.DrawFn, way: str, rules: Sequence[str], noise: bool) -> Plan:
    edition: Edition = draw(st.sampled_from(("2021", "2021", "2019")))
    as_one = draw(st.booleans())
    labels = labels_of(make_content(edition, other_as_one=as_one))
    gone = draw(st.lists(st.sampled_from(sorted(labels)), max_size=2 * noise, unique=True))
    printed = [id for id in labels if id not in gone]
    columns = ["total", "natural_person", "research_institution"]
    return Plan(
        edition=edition,
        seed=draw(st.integers(1, 10_000)),
        as_one=as_one,
        scale=draw(st.sampled_from((1, 37))),
        zeros_blank=draw(st.booleans()),
        gone=tuple(gone),
        blank=tuple(draw(st.lists(st.sampled_from([*columns, *printed]), max_size=2, unique=True))),
        written=Written(
            blanks=draw(st.sampled_from((*((mark,) for mark in MARKS), MARKS))),
            number=draw(st.sampled_from(("plain", "comma", "full-width", "件"))),
            change=draw(st.sampled_from((("", "-"), ("+", "-"), ("增", "减")))),
            money=draw(st.sampled_from(("万元", "元", "亿元"))),
            money_in=draw(st.sampled_from(("header", "cell"))),
            labels={
                id: draw(noisy(labels[id]))
                for id in draw(st.lists(st.sampled_from(printed), max_size=5 * noise, unique=True))
            },
            every_label=draw(st.sampled_from(HANDS)),
            merged=draw(st.sampled_from(("merged", "first"))),
            header_twice=draw(st.integers(0, 9)) == 9,
            review_header=draw(st.sampled_from(("form", "deep", "flat"))),
        ),
        layout=draw(layouts([id for id in printed if "/" not in id])),
        drawn=Drawn(
            draw(st.sampled_from(rules)),
            open_foot=draw(st.booleans()),
            open_head=draw(st.booleans()),
            outer=draw(st.sampled_from((True, False))),
            latin=draw(st.booleans()),
        ),
        way=way,
    )


UNRULED = ("none", "horizontal", "three-lines", "fills", "labels-alone", "two-columns")
RULED = tuple(name for name in RULES if name not in UNRULED)
WAYS = {"ruled": ("pdf", RULED), "unruled": ("pdf", UNRULED)} | {way: (way, RULED) for way in TEXTS}
"""By name: the format, and the rules that a PDF may have."""


by_way = pytest.mark.parametrize(("way", "rules"), WAYS.values(), ids=WAYS)


def try_plans(way: str, rules: Sequence[str], noise: bool, examples: int) -> None:
    # A plan is legible as it is drawn; to look for a smaller one takes minutes.
    # The same plans in each run, whatever other tests ran before.
    @settings(
        max_examples=examples,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.generate],
    )
    @given(plans(way, rules, noise))
    def holds(plan: Plan) -> None:
        with tempfile.TemporaryDirectory() as folder:
            report, findings = extract(plan.write(Path(folder)), "single")
        assert wrongs(plan.content(), report, findings) == []

    holds()


@by_way
def test_whatever_the_split_and_the_blanks_no_figure_is_moved(way: str, rules: Sequence[str]) -> None:
    try_plans(way, rules, False, 50 if way == "pdf" else 20)


@by_way
def test_whatever_the_noise_in_labels_and_the_rows_absent_no_figure_is_moved(way: str, rules: Sequence[str]) -> None:
    try_plans(way, rules, True, 50 if way == "pdf" else 20)
