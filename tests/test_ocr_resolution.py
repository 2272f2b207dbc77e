from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.extract import report as stage
from gongkai.extract.ocr_resolution import MOST_COMBINATIONS, resolve
from gongkai.figures import read_figure
from gongkai.identities import identity_results
from gongkai.model import PROACTIVE, REQUESTS, REVIEWS, Cell, Document, Figure, Finding, Grid, Key, Report, Verdict
from gongkai.read import read
from tests.builders import make_report
from tests.reports.cases import PLAIN, Case
from tests.reports.oracle import extract, is_named

GRANTED = Key(REQUESTS, "granted", "natural_person")
RECEIVED = Key(REQUESTS, "new_received", "natural_person")
UPHELD = Key(REVIEWS, "administrative_review", "upheld")
CORRECTED = Key(REVIEWS, "administrative_review", "corrected")
LICENSING = Key(PROACTIVE, "5/licensing", "decisions")


def doubted(report: Report, said: Mapping[Key, Sequence[str]]) -> tuple[Report, dict[Key, list[Figure]]]:
    """The report with these figures empty, and what a recogniser says they may be."""
    figures = dict(report.figures)
    candidates = {}
    for key, texts in said.items():
        figures[key] = figures[key]._replace(value=None, printed=texts[0])
        candidates[key] = [figures[key]._replace(value=read_figure(text).value, printed=text) for text in texts]
    return replace(report, figures=figures), candidates


def chosen(said: Mapping[Key, Sequence[str]], report: Report | None = None) -> dict[Key, tuple[str, Finding]]:
    found = resolve(*doubted(report or make_report(), said), said)
    return {key: (figure.printed, finding) for key, (figure, finding) in found.items()}


def test_the_one_candidate_with_which_every_sum_holds_is_taken_with_a_warning_that_says_why() -> None:
    found = chosen({GRANTED: ["8", "6"]})
    assert list(found) == [GRANTED]
    text, finding = found[GRANTED]
    assert text == "6"
    assert (finding.check, finding.severity) == ("reading", "warning")
    assert Key(finding.resource, finding.row, finding.column) == GRANTED
    assert "'6' and not '8'" in finding.message
    assert "总计" in finding.message


def test_figures_that_share_a_sum_are_chosen_together() -> None:
    found = chosen({GRANTED: ["8", "6"], RECEIVED: ["16", "10"], UPHELD: ["7", "2"]})
    assert {key: text for key, (text, _) in found.items()} == {GRANTED: "6", RECEIVED: "10", UPHELD: "2"}


EMPTY = {
    "two fit, as a blank counts as zero": {Key(REVIEWS, "administrative_review", "other"): ["0", "—"]},
    "two combinations fit": {UPHELD: ["1", "2"], CORRECTED: ["2", "1"]},
    "none fits": {GRANTED: ["8", "5"]},
    "one sum holds and another does not": {GRANTED: ["7"]},
    "no sum has it": {LICENSING: ["7"]},
}


@pytest.mark.parametrize("said", EMPTY.values(), ids=EMPTY)
def test_what_the_sums_do_not_decide_stays_empty(said: Mapping[Key, Sequence[str]]) -> None:
    assert chosen(said, make_report(values={Key(REQUESTS, "granted", "total"): 7})) == {}


def test_two_candidates_that_write_one_number_are_one() -> None:
    assert chosen({GRANTED: ["6件", "6", "8"]})[GRANTED][0] == "6件"


@pytest.mark.parametrize("printed", ["?", None], ids=["illegible", "not-found"])
def test_a_sum_of_which_another_term_was_not_read_decides_nothing(printed: str | None) -> None:
    report = make_report()
    figures = dict(report.figures)
    other = Key(REQUESTS, "granted", "other_organization")
    if printed is None:
        del figures[other]
    else:
        figures[other] = figures[other]._replace(value=None, printed=printed)
    assert chosen({GRANTED: ["6", "8"]}, replace(report, figures=figures)) == {}


def test_totals_that_are_blank_in_every_row_decide_nothing_and_forbid_nothing() -> None:
    rows = [row.id for row in make_report().table(REQUESTS).rows]
    report = make_report(values={Key(REQUESTS, row, "total"): None for row in rows})
    assert chosen({GRANTED: ["8", "6"]}, report)[GRANTED][0] == "6"


def test_a_zero_that_may_be_the_mark_of_a_blank_stays_empty_where_its_table_has_blanks() -> None:
    own = Key(REVIEWS, "administrative_review", "other")
    assert chosen({own: ["0", "6"]})[own][0] == "0"
    report = make_report()
    marked = {other: report.figures[other]._replace(value=None, printed="/") for other in _blanks_of(report)}
    slashed = replace(report, figures={**report.figures, **marked})
    assert chosen({own: ["0", "6"]}, slashed) == {}
    assert list(chosen({own: ["0", "6"], UPHELD: ["7", "2"]}, slashed)) == [UPHELD]


def _blanks_of(report: Report) -> list[Key]:
    """The zeros of another channel."""
    return [key for key, f in report.figures.items() if key.row == "litigation_direct" and f.value == 0]


def test_a_page_of_doubtful_figures_takes_no_time() -> None:
    row = make_report().table(REQUESTS).rows[0]
    said = {Key(REQUESTS, row.id, column): [str(n) for n in range(MOST_COMBINATIONS)] for column in row.columns}
    assert chosen(said) == {}


def believed(
    said: Mapping[Key, Sequence[str]], *, unsure: Container[Key] = (), report: Report | None = None
) -> dict[Key, tuple[Decimal | None, str, str]]:
    """What becomes of figures that were read without a doubt, as the first of what they may be."""
    report, candidates = doubted(report or make_report(), said)
    figures = {**report.figures, **{key: own[0] for key, own in candidates.items()}}
    found = resolve(replace(report, figures=figures), candidates, (), unsure)
    return {key: (figure.value, finding.severity, finding.check) for key, (figure, finding) in found.items()}


def test_a_figure_that_no_sum_confirms_and_that_may_be_another_is_that_one_where_the_sums_then_hold() -> None:
    assert believed({GRANTED: ["8", "6"]}) == {GRANTED: (Decimal(6), "warning", "reading")}


def test_a_figure_that_no_sum_confirms_and_that_may_be_another_is_left_empty_where_the_sums_do_not_decide() -> None:
    assert believed({GRANTED: ["8", "5"]}) == {GRANTED: (None, "error", "reading")}


def test_a_figure_that_no_sum_has_and_that_may_be_another_is_left_empty() -> None:
    assert believed({LICENSING: ["8", "7"]}) == {LICENSING: (None, "error", "reading")}


UNQUESTIONED = {
    "it may be nothing else": {GRANTED: ["8"]},
    "a sum confirms it": {UPHELD: ["2", "7"]},
    "no sum has it, and it may be nothing else": {LICENSING: ["8"]},
}


@pytest.mark.parametrize("said", UNQUESTIONED.values(), ids=UNQUESTIONED)
def test_a_figure_is_not_questioned_where(said: Mapping[Key, Sequence[str]]) -> None:
    assert believed(said) == {}


def test_an_agency_s_own_wrong_sum_questions_no_figure_of_its_row_that_its_column_confirms() -> None:
    report = make_report(values={Key(REQUESTS, "granted", "total"): 7})
    candidates = {GRANTED: [report.figures[GRANTED], report.figures[GRANTED]._replace(value=Decimal(7), printed="7")]}
    assert resolve(report, candidates, ()) == {}


def test_a_figure_of_few_pixels_is_believed_where_a_sum_confirms_it() -> None:
    assert believed({GRANTED: ["6"], UPHELD: ["2"]}, unsure={GRANTED, UPHELD}) == {}


def test_a_figure_of_few_pixels_that_no_sum_has_is_left_empty() -> None:
    assert believed({LICENSING: ["8"]}, unsure={LICENSING}) == {LICENSING: (None, "error", "reading")}


def test_a_figure_of_few_pixels_is_left_empty_where_one_of_its_sums_fails_though_another_holds() -> None:
    report = make_report(values={Key(REQUESTS, "granted", "total"): 7})
    assert believed({GRANTED: ["6"]}, unsure={GRANTED}, report=report) == {GRANTED: (None, "error", "reading")}
    assert believed({GRANTED: ["6"]}, report=report) == {}


KEYS = [key for key in make_report().figures if key.resource != PROACTIVE]
SAID = st.lists(st.sampled_from(["0", "1", "2", "3", "6", "9", "10", "12", "—"]), min_size=1, max_size=3, unique=True)


@given(st.dictionaries(st.sampled_from(KEYS), SAID, max_size=5))
def test_whatever_is_doubtful_a_figure_is_one_of_its_candidates_and_its_sums_hold(said: dict[Key, list[str]]) -> None:
    report, candidates = doubted(make_report(), said)
    found = resolve(report, candidates, said)
    read = replace(report, figures={**report.figures, **{key: figure for key, (figure, _) in found.items()}})
    for key, (figure, _) in found.items():
        assert figure in candidates[key]
        own = [result for result in identity_results(read) if any(key in side for side in result.terms)]
        assert {result.verdict for result in own} == {Verdict.HOLDS}
    assert all(read.figures[key] == figure for key, figure in report.figures.items() if key not in found)


def doubting(document: Document, candidates: Mapping[str, tuple[str, ...]]) -> Document:
    """The document with each cell that holds one of these texts in doubt."""

    def doubt(cell: Cell) -> Cell:
        own = candidates.get(cell.text)
        return cell._replace(text=own[0], doubtful=True, candidates=own) if own else cell

    blocks = [replace(b, cells=tuple(map(doubt, b.cells))) if isinstance(b, Grid) else b for b in document.blocks]
    return replace(document, blocks=tuple(blocks))


def test_a_doubtful_figure_of_a_report_is_read_where_its_sums_decide_and_else_left_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Key(REQUESTS, "new_received", "natural_person")
    true = PLAIN.values[key]
    assert [other for other, value in PLAIN.values.items() if value == true] == [key]
    path = Case().write(tmp_path)
    for wrong, decided in ((str(Decimal(true or 0) + 60), True), ("?", False)):
        own = (wrong, str(true)) if decided else (wrong,)
        with monkeypatch.context() as patch:
            patch.setattr(stage, "read", lambda path, own=own: doubting(read(path), {str(true): own}))
            report, findings = extract(path, "single")
        assert report.value(*key) == (true if decided else None)
        assert is_named(key, findings)
        assert {f.severity for f in findings if f.check == "reading"} == {"warning" if decided else "error"}
        assert all(report.value(*other) == value for other, value in PLAIN.values.items() if other != key)
