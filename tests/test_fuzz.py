"""A moment of fuzzing in each run: what it looks for is not found, and would be if it were there."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai.model import REQUESTS, Key
from tests.fuzz import judge as judging
from tests.fuzz.edits import Damaged, damaged
from tests.fuzz.judge import judge
from tests.fuzz.seeds import NAMES, seed
from tests.reports.oracle import extract


@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(damaged(), min_size=12, max_size=12))
def test_whatever_is_done_to_a_file_it_ends_well(tmp_path_factory: object, cases: list[Damaged]) -> None:
    folder = tmp_path_factory.mktemp("fuzz")  # type: ignore[attr-defined]
    assert [verdict.complaints for verdict in judge(cases, folder) if verdict.complaints] == []


def test_each_report_that_is_damaged_is_read_right_as_it_is(tmp_path: Path) -> None:
    whole = [Damaged(name, True, seed(name).data) for name in NAMES]
    assert {verdict.ending for verdict in judge(whole, tmp_path)} == {"read"}


def test_a_figure_whose_print_was_damaged_is_not_judged_and_the_others_are(tmp_path: Path) -> None:
    own = seed("pdf-ruled")
    path = tmp_path / "a.pdf"
    path.write_bytes(own.data)
    everything = judging._judged(own, path)
    assert everything == own.content.values.keys()
    judged = []
    for place in [found.start() for found in re.finditer(rb" Tj", own.data)][50:60]:
        path.write_bytes(own.data[:place] + b"   " + own.data[place + 3 :])
        judged.append(judging._judged(own, path))
    assert all(some <= everything for some in judged)
    assert any(some < everything for some in judged)
    assert all(len(some) > len(everything) / 2 for some in judged)


def test_a_wrong_figure_and_one_that_is_lost_are_found(tmp_path: Path) -> None:
    own = seed("docx")
    path = tmp_path / "a.docx"
    path.write_bytes(own.data)
    report, findings = extract(path)
    key, other = Key(REQUESTS, "granted", "total"), Key(REQUESTS, "carried_out", "total")
    figures = dict(report.figures)
    figures[key] = figures[key]._replace(value=Decimal(987654))
    figures[other] = figures[other]._replace(value=None)
    spoilt = replace(report, figures=figures)
    found = judging._wrong_figures(own, judging._judged(own, path), spoilt, ())
    assert len(found) == 2
    assert "is read as" in found[1]
    assert "lost in silence" in found[0]
    assert judging._wrong_figures(own, judging._judged(own, path), report, findings) == []
