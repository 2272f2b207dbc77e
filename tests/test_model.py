"""What the types say of themselves: a blank, what could not be read, and what was not found are three things."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import gongkai
from gongkai.model import REQUESTS, WHOLE_REPORT, Figure, Finding, Key
from tests.builders import make_report

AT = Key(REQUESTS, "granted", "total")


@pytest.mark.parametrize(
    ("value", "printed", "is_blank", "is_unread"),
    [
        pytest.param(7, "7", False, False, id="read"),
        pytest.param(0, "0", False, False, id="a-zero-is-no-blank"),
        pytest.param(None, "", True, False, id="empty"),
        pytest.param(None, " — ", True, False, id="a-stroke"),
        pytest.param(None, "7?", False, True, id="printed-and-not-read"),
        pytest.param(7, "", False, False, id="a-person-reads-what-the-print-does-not-show"),
    ],
)
def test_a_figure_is_read_blank_or_unread(value: int | None, printed: str, is_blank: bool, is_unread: bool) -> None:
    figure = Figure(AT, None if value is None else Decimal(value), printed, "requests", "pdf-lines")
    assert (figure.is_blank, figure.is_unread) == (is_blank, is_unread)
    assert make_report(figures={AT: figure}).is_unread(AT) is is_unread


def test_a_figure_that_was_not_found_in_print_is_not_known_either() -> None:
    assert make_report(figures={}).is_unread(AT)
    assert make_report(figures={}).value(*AT) is None


def test_what_is_blank_in_print_is_asked_of_the_figure_everywhere() -> None:
    modules = sorted(Path(gongkai.__file__).parent.rglob("*.py"))
    asking = [path.name for path in modules if re.search(r"is_blank\(\w+\.printed", path.read_text(encoding="utf-8"))]
    assert asking == ["model.py"]


def test_a_finding_names_a_figure_a_row_a_column_a_table_or_the_report() -> None:
    finding = Finding(check="jump", severity="info", at=AT, message="in words")
    assert (finding.resource, finding.row, finding.column) == AT
    assert Finding(check="jump", severity="info").at == WHOLE_REPORT == ("", "", "")
    assert finding.essence == ("jump", "info", *AT, "", "")
    with pytest.raises(TypeError):
        Finding("jump", "info", AT)  # type: ignore[call-arg]
