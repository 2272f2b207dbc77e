from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.extract.tables.alignment import Alignment, Label, Match, Segment, align, folded, label_similarity

Matches = tuple[tuple[int, int, int], ...]
"""(index, first, last) of each match, in order."""


@dataclass(frozen=True, slots=True)
class Case:
    """A small alignment; scores in whole quarters, so that sums are exact."""

    runs: tuple[Segment, ...]
    skip_printed: tuple[float, ...]
    skip_form: tuple[float, ...]
    matters: tuple[bool, ...]

    def align(self) -> Alignment:
        return align(self.runs, self.skip_printed, self.skip_form, self.matters)

    def worth(self, matches: Matches) -> float:
        """What an alignment is worth, by the definition alone."""
        scores = {(index, run.first, run.last): score for run in self.runs for index, score in run.scores.items()}
        worth = sum(scores[match] for match in matches)
        worth += sum(cost for j, cost in enumerate(self.skip_form) if j not in {index for index, _, _ in matches})
        if matches:
            inside = range(matches[0][1], matches[-1][2] + 1)
            taken = {i for _, first, last in matches for i in range(first, last + 1)}
            worth += sum(self.skip_printed[i] for i in inside if i not in taken)
        return worth

    def all_alignments(self, begin: int = 0, index: int = 0) -> Iterator[Matches]:
        """Every alignment that keeps the order, from ``begin`` and ``index`` on."""
        yield ()
        for run in self.runs:
            for j in run.scores:
                if run.first >= begin and j >= index:
                    yield from (((j, run.first, run.last), *rest) for rest in self.all_alignments(run.last + 1, j + 1))

    def margin(self, match: Match) -> float:
        """How much worse the best alignment is that puts a printed element of the match elsewhere."""
        own = [i for i in range(match.first, match.last + 1) if self.matters[i]]
        elsewhere = [
            self.worth(matches)
            for matches in self.all_alignments()
            if any(index != match.index and first <= i <= last for index, first, last in matches for i in own)
        ]
        return max(map(self.worth, self.all_alignments())) - max(elsewhere, default=float("-inf"))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    printed, form = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    scores = st.dictionaries(st.integers(0, form - 1), st.integers(-4, 4).map(lambda n: n / 4)) if form else st.just({})
    costs = st.integers(-3, 0).map(lambda n: n / 4)
    return Case(
        runs=tuple(
            Segment(first, last, draw(scores))
            for first in range(printed)
            for last in range(first, min(first + 3, printed))
            if first == last or draw(st.booleans())
        ),
        skip_printed=tuple(draw(costs) for _ in range(printed)),
        skip_form=tuple(draw(costs) for _ in range(form)),
        matters=tuple(draw(st.booleans()) for _ in range(printed)),
    )


@given(cases())
@settings(max_examples=300)
def test_the_alignment_is_the_best_of_all_that_keep_the_order(case: Case) -> None:
    assert case.align().score == max(map(case.worth, case.all_alignments()))


@given(cases())
@settings(max_examples=300)
def test_its_matches_are_in_order_and_are_worth_its_score(case: Case) -> None:
    found = case.align()
    matches = tuple((match.index, match.first, match.last) for match in found.matches)
    assert matches in set(case.all_alignments())
    assert case.worth(matches) == found.score


@given(cases())
@settings(max_examples=300)
def test_a_match_s_margin_is_what_it_costs_to_put_its_elements_elsewhere(case: Case) -> None:
    for match in case.align().matches:
        assert match.margin == case.margin(match)


def test_a_margin_sees_a_longer_run_of_which_no_part_is_a_run() -> None:
    long = Case((Segment(0, 0, {0: 0.5}), Segment(0, 2, {1: 0.25})), (0.0, 0.0, 0.0), (0.0, 0.0), (True, True, True))
    assert [(match.index, match.margin) for match in long.align().matches] == [(0, 0.25)]


def test_a_clear_sequence_is_matched_one_to_one() -> None:
    found = of_labels(["甲", "乙", "丙"], ["甲", "乙", "丙"])
    assert [(m.index, m.first, m.last) for m in found.matches] == [(0, 0, 0), (1, 1, 1), (2, 2, 2)]
    assert all(match.margin > 0.5 for match in found.matches)


def test_a_row_without_a_legible_label_is_placed_by_its_neighbours() -> None:
    found = of_labels(["甲", "?", "丙"], ["甲", "乙", "丙"])
    assert [(m.index, m.first) for m in found.matches] == [(0, 0), (1, 1), (2, 2)]
    assert all(match.margin > 0.1 for match in found.matches)


def test_where_the_neighbours_leave_a_choice_the_margin_says_so() -> None:
    found = of_labels(["甲", "?", "丁"], ["甲", "乙", "丙", "丁"])
    open_match = next(match for match in found.matches if match.first == 1)
    assert open_match.margin == pytest.approx(0.0)


def test_rows_before_and_after_the_table_cost_nothing() -> None:
    assert of_labels(["x", "x", "甲", "乙", "x"], ["甲", "乙"]).score == of_labels(["甲", "乙"], ["甲", "乙"]).score


def test_a_strange_row_inside_is_left_out_at_its_cost() -> None:
    found = of_labels(["甲", "x", "乙"], ["甲", "乙"])
    assert [(m.index, m.first) for m in found.matches] == [(0, 0), (1, 2)]
    assert found.score == pytest.approx(of_labels(["甲", "乙"], ["甲", "乙"]).score - 0.4)


def test_an_absent_row_is_left_out_at_its_cost() -> None:
    found = of_labels(["甲", "丙"], ["甲", "乙", "丙"])
    assert [(m.index, m.first) for m in found.matches] == [(0, 0), (2, 1)]
    assert found.score == pytest.approx(2 - 0.25)


@pytest.mark.parametrize(("printed", "form"), [(0, 3), (3, 0), (0, 0), (2, 2)])
def test_nothing_to_match_gives_no_match(printed: int, form: int) -> None:
    found = align([Segment(i, i, {}) for i in range(printed)], [-0.4] * printed, [-0.25] * form)
    assert found == Alignment((), -0.25 * form)


def test_thousands_of_rows_against_a_whole_form_take_no_seconds() -> None:
    runs = [Segment(i, i, {i % 45: 1.0}) for i in range(5000)]
    began = time.process_time()
    assert len(align(runs, [-0.4] * 5000, [-0.25] * 45).matches) == 45
    assert time.process_time() - began < 5


def of_labels(printed: Sequence[str], form: Sequence[str]) -> Alignment:
    """An alignment of one-character labels: equal ones agree, ``?`` agrees with any a little less than not at all."""
    runs = [
        Segment(i, i, {j: -0.05 if label == "?" else 1.0 for j, other in enumerate(form) if label in ("?", other)})
        for i, label in enumerate(printed)
    ]
    return align(runs, [-0.4] * len(printed), [-0.25] * len(form))


# ---------------------------------------------------------------- similarity of labels

SECRET = Label.of("1.属于国家秘密", under=("三、本年度办理结果", "（三）不予公开"))
BANNED = Label.of("2.其他法律行政法规禁止公开", under=("三、本年度办理结果", "（三）不予公开"))


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(("1.属于国家秘密",), id="as-the-form-has-it"),
        pytest.param(("１．属于国家秘密",), id="full-width"),
        pytest.param(("1、属 于 国 家 秘 密",), id="other-punctuation-and-spaces"),
        pytest.param(("（三）不予公开", "1.属于国家秘密"), id="after-its-group"),
        pytest.param(
            ("三、本年度办理结果（三）不予公开1.属于国家秘密",),
            id="in-one-cell-with-its-groups",
        ),
        pytest.param(("", "—", "1.属于国家秘密"), id="after-empty-cells"),
    ],
)
def test_spellings_of_one_label_agree_wholly(parts: tuple[str, ...]) -> None:
    assert label_similarity(SECRET, folded(parts)) == 1.0


def test_a_known_spelling_agrees_as_the_form_s_own() -> None:
    label = Label.of("行政规范性文件", known=["规范性文件"])
    assert label_similarity(label, folded(["规范性文件"])) == label_similarity(label, folded(["行政规范性文件"])) == 1.0


def test_a_label_that_lost_characters_agrees_more_with_its_own_than_with_its_neighbours() -> None:
    printed = folded(["2.其他法律行政止公开"])
    assert 0.7 < label_similarity(BANNED, printed) < 1.0
    assert label_similarity(SECRET, printed) < 0.45


def test_a_row_whose_own_label_says_nothing_is_not_known_by_its_group() -> None:
    assert folded(["三、本年度办理结果", "（六）其他处理", "□□"]) == ()


def test_nothing_printed_agrees_with_nothing() -> None:
    assert folded(["", "—", " "]) == folded([]) == ()
    assert label_similarity(SECRET, ()) == label_similarity(Label.of(""), ("甲",), scattered=True) == 0.0


def test_among_lines_a_label_is_found_between_the_characters_of_its_groups() -> None:
    printed = folded(["果1.属于国（三）不予家秘密公开"])
    assert label_similarity(SECRET, printed, scattered=True) > 0.9
    assert label_similarity(SECRET, printed, scattered=True) > label_similarity(SECRET, printed) + 0.1


def test_among_lines_characters_that_belong_to_no_group_speak_against_it() -> None:
    printed = folded(["果1.属于国家秘密而这里还有别的字句若干"])
    assert label_similarity(SECRET, printed, scattered=True) < 0.7


@given(st.lists(st.text(max_size=8), max_size=3), st.booleans())
def test_agreement_is_a_share(parts: list[str], scattered: bool) -> None:
    for label in (SECRET, BANNED, Label.of(""), Label.of("其他", under=("法人或其他组织",))):
        assert 0.0 <= label_similarity(label, folded(parts), scattered=scattered) <= 1.0


def test_a_very_long_label_takes_no_seconds() -> None:
    began = time.process_time()
    assert label_similarity(BANNED, folded(["公开" * 50_000]), scattered=True) < 0.01
    assert time.process_time() - began < 2


def test_many_very_long_labels_take_no_seconds() -> None:
    began = time.process_time()
    for number in range(300):
        assert label_similarity(BANNED, (f"{number}{'9' * 50_000}",), scattered=True) == 0.0
    assert time.process_time() - began < 1
