"""Whatever a PDF holds, it ends within its limits: in a package whose figures are right, or in a line that says why."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.build.worker import Task, TaskResult, run_tasks
from gongkai.errors import NotAReport
from gongkai.names.registry import Registry
from gongkai.read.pdf import non_text_ink
from gongkai.read.pdf.reader import read_pdf
from gongkai.system.forked_step import StepFailed, attempt
from gongkai.system.limits import LIMITS, Limits, in_force
from gongkai.system.sandbox import run_in_sandbox
from tests.hostile.kinds import KINDS, LONG, REFUSED, write
from tests.hostile.raw import Pdf
from tests.reports.cases import PLAIN, SPARSE, Case
from tests.reports.oracle import extract, extract_task, wrongs
from tests.reports.sheets import Written
from tests.test_sandbox import alive, wait_until

QUICK = replace(LIMITS, page_time_s=2, step_time_s=1, memory_mib=1000, step_memory_mib=700)
"""Less than files have: whatever takes too much takes too much of this as well, and sooner."""
TRIED = sorted(KINDS.keys() - LONG)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, TaskResult]:
    """How each kind ended, read beside the others as in any run."""
    folder = tmp_path_factory.mktemp("hostile")
    report = Case(SPARSE, Written(blanks=("", "/"))).write(folder).read_bytes()

    def tasks() -> Iterator[Task]:
        for name in TRIED:
            path = folder / f"{name}.pdf"
            path.write_bytes(write(name, report))
            # The second reader draws nothing: of pictures and pages it sees what any report has.
            seldom = name.startswith(("picture", "page", "pattern", "shading", "encrypted", "program"))
            yield Task(path, folder / f"scratch-{name}", readings="auto" if seldom else "double")

    return {
        result.task.file.stem: result
        for result in run_tasks(tasks(), Registry(), 2, extract=extract_task, limits=QUICK)
    }


@pytest.mark.parametrize("name", TRIED)
def test_a_report_with_harm_in_it_is_read_right_or_costs_one_line(name: str, ended: dict[str, TaskResult]) -> None:
    result = ended[name]
    if result.package:
        assert name not in REFUSED
        assert wrongs(SPARSE, result.package.report, result.package.findings) == []
    else:
        assert re.match(REFUSED.get(name, "must be read"), result.problem)
        assert "\n" not in result.problem


def test_each_kind_that_is_named_exists() -> None:
    assert REFUSED.keys() | LONG <= KINDS.keys()


# ---------------------------------------------------------------- long documents


def with_text(tmp_path: Path, text: str) -> Path:
    """A PDF of many pages of prose."""
    prose = tuple(text * 9 for _ in range(90))
    content = replace(
        PLAIN,
        title=(text,),
        introduction=prose,
        headings={},
        prose={},
        signature=(),
        values={},
        blocks=dict.fromkeys(PLAIN.blocks, ()),
    )
    return Case(content).write(tmp_path)


def pages_unseen(count: int) -> Limits:
    return replace(LIMITS, pdf_pages_unseen=count)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("且说那一日春光明媚，", "say nothing of 信息公开", id="a-novel"),
        pytest.param("论政府信息公开制度，", "no table of requests", id="a-book-about-it"),
    ],
)
def test_a_book_is_refused_before_its_pages_are_read(
    text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_text(tmp_path, text)
    monkeypatch.setattr("gongkai.read.pdf.reader.read_page", pytest.fail)
    with in_force(pages_unseen(2)), pytest.raises(NotAReport, match=why):
        read_pdf(path)


def test_a_report_longer_than_most_is_read(tmp_path: Path) -> None:
    path = Case().write(tmp_path)
    with in_force(pages_unseen(1)):
        report, findings = extract(path)
    assert wrongs(PLAIN, report, findings) == []


def test_a_page_of_more_characters_than_a_page_holds_is_refused(tmp_path: Path) -> None:
    path = Case().write(tmp_path)
    with in_force(replace(LIMITS, pdf_characters_per_page=100)), pytest.raises(NotAReport, match=r"a page of .* 100"):
        read_pdf(path)


# ---------------------------------------------------------------- what is said of a file, and what cannot be drawn


def test_a_blank_on_a_page_that_cannot_be_drawn_is_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Case(SPARSE, Written(blanks=("",))).write(tmp_path)
    monkeypatch.setattr(non_text_ink, "_picture", lambda *_: None)
    report, findings = extract(path, "single")
    assert wrongs(SPARSE, report, findings) == []
    left = {(f.row, f.column) for f in findings if f.check == "reading" and f.resource == "requests"}
    blank = {(k.row, k.column) for k, value in SPARSE.values.items() if k.resource == "requests" and value is None}
    assert blank
    assert blank <= left


def test_a_title_that_is_no_text_is_none(tmp_path: Path) -> None:
    pdf = Pdf(Case().write(tmp_path).read_bytes())
    pdf.replace(pdf.info, b"/Title (untitled)", b"/Title <FEFFD800DC00D800>")
    (tmp_path / "a.pdf").write_bytes(bytes(pdf))
    assert read_pdf(tmp_path / "a.pdf").title


# ---------------------------------------------------------------- a step of its own


def refuse() -> None:
    raise NotAReport("on purpose")


STEPS: dict[str, Callable[[], object]] = {
    "answer": lambda: ["an answer"],
    "refusal": refuse,
    "hang": lambda: sum(iter(int, 1)),
    "swell": lambda: bytearray(1 << 30),
    "crash": os.abort,
    "stumble": lambda: next(iter(())),
}


def try_steps(out: Path) -> None:
    """In a sandbox: what each step comes to, one after another."""
    told = {}
    for name, step in STEPS.items():
        try:
            told[name] = repr(attempt(step))
        except (StepFailed, NotAReport) as error:
            told[name] = type(error).__name__
    out.write_text(json.dumps(told))


def test_a_step_that_fails_leaves_its_reader_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "told"
    assert list(run_in_sandbox([out], try_steps, 1, limits=QUICK)) == [(out, "")]
    assert json.loads(out.read_text()) == {
        "answer": "['an answer']",
        "refusal": "NotAReport",
        **dict.fromkeys(("hang", "swell", "crash", "stumble"), "StepFailed"),
    }


def kill_the_reader(out: Path) -> None:
    """In a step: the reader that waits for it dies."""

    def step() -> None:
        out.write_text(str(os.getpid()))
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(3000)

    attempt(step)


def test_a_step_ends_with_its_reader(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    ((_, problem),) = run_in_sandbox([out], kill_the_reader, 1, limits=replace(QUICK, time_s=3000.0))
    assert problem.startswith("its reader died (SIGKILL)")
    wait_until(lambda: not alive([int(out.read_text())]))


def test_outside_a_sandbox_a_step_is_simply_done() -> None:
    here = os.getpid()
    assert attempt(os.getpid) == here
    assert time.monotonic() <= attempt(time.monotonic)
