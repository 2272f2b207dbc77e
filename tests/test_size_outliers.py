"""A figure whose size is not that of what was read in it is told from the others of its page."""

from __future__ import annotations

import pytest

from gongkai.read.scan.cells import Doubt, Rectangle
from gongkai.read.scan.size_outliers import size_outliers

STEP, HEIGHT = 4.5, 6.0
USUAL = ("12", "7", "340", "5", "18", "2056", "0", "11", "93")


def figure(said: str, row: int, printed: str = "", size: float = 1.0, high: float = 1.0) -> tuple[Rectangle, Doubt]:
    """A figure as it is read and, if that is something else, as it is printed."""
    width = size * (STEP * len(printed or said) - 0.25 * STEP)
    top = 20.0 * row
    return (100.0, top, 100.0 + width, top + high * size * HEIGHT), Doubt(False, (said,), 1.0)


def told(*more: tuple[Rectangle, Doubt]) -> list[str]:
    """What is read in the figures that stand out from the usual ones."""
    figures = dict([*(figure(said, row) for row, said in enumerate(USUAL)), *more])
    return [figures[box].candidates[0] for box in sorted(size_outliers(figures))]


def test_figures_of_the_size_of_their_digits_do_not_stand_out() -> None:
    assert told(figure("1234567", 20)) == []


def test_a_long_figure_that_is_set_smaller_does_not_stand_out() -> None:
    assert told(figure("1234567", 20, size=0.7)) == []


@pytest.mark.parametrize(("printed", "read"), [("360047", "36004"), ("19", "9"), ("6", "16"), ("22", "222")])
def test_a_figure_that_lost_a_digit_or_got_one_stands_out(printed: str, read: str) -> None:
    assert told(figure(read, 20, printed)) == [read]


@pytest.mark.parametrize("high", [0.2, 2.2], ids=["a-speck", "two-below-each-other"])
def test_what_is_not_as_high_as_figures_are_stands_out(high: float) -> None:
    assert told(figure("2", 20, high=high)) == ["2"]


def test_a_counter_does_not_make_a_figure_stand_out() -> None:
    box, doubt = figure("12件", 20, high=1.4)
    assert told((box, doubt)) == []


def test_few_figures_say_nothing_of_each_other() -> None:
    assert size_outliers(dict([figure("1", 0), figure("2", 1, high=3.0)])) == set()


def test_a_figure_that_is_in_doubt_is_no_measure_and_is_not_told() -> None:
    box, _ = figure("2", 20, high=2.2)
    assert told((box, Doubt(True, ("2",)))) == []
