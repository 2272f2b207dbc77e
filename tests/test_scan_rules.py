"""Rules of pictures: what a table is drawn with is found, whatever its ink; what a character is drawn with is not."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from gongkai.read.scan.raster import Image, Raster, cleaned, shown, straightened
from gongkai.read.scan.rules import rules_of

DOTS = 200 / 72
ROWS = (300, 350, 400, 460, 520)
COLUMNS = (200, 500, 700, 1000, 1200)


def paper() -> Image:
    return np.full((1000, 1400), 255, np.uint8)


def solid(page: Image, a: tuple[int, int], b: tuple[int, int]) -> None:
    cv2.line(page, a, b, 0, 2)


def pale(page: Image, a: tuple[int, int], b: tuple[int, int]) -> None:
    cv2.line(page, a, b, 215, 2)


def dashed(page: Image, a: tuple[int, int], b: tuple[int, int]) -> None:
    steps = max(abs(b[0] - a[0]), abs(b[1] - a[1])) // 10
    for step in range(steps):
        x0, y0 = a[0] + (b[0] - a[0]) * step // steps, a[1] + (b[1] - a[1]) * step // steps
        x1, y1 = x0 + 6 * (b[0] > a[0]), y0 + 6 * (b[1] > a[1])
        cv2.line(page, (x0, y0), (x1, y1), 60, 2)


Draw = Callable[[Image, tuple[int, int], tuple[int, int]], None]


def table(draw: Draw) -> Image:
    page = paper()
    for y in ROWS:
        draw(page, (COLUMNS[0], y), (COLUMNS[-1], y))
    for x in COLUMNS:
        draw(page, (x, ROWS[0]), (x, ROWS[-1]))
    return page


def write(page: Image) -> Image:
    """Digits in every cell, bold and close together, as the characters of a heading are."""
    for y in ROWS[1:]:
        for x in COLUMNS[:-1]:
            cv2.putText(page, "1110711", (x + 20, y - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    return page


def found(page: Image) -> tuple[list[int], list[int]]:
    """Where rules lie across and down, in pixels, near ones once."""
    across, down, _ = rules_of(Raster(page, DOTS, np.eye(3)[:2], np.zeros_like(page)))
    return once(rule.at for rule in across), once(rule.at for rule in down)


def once(places: object) -> list[int]:
    kept: list[int] = []
    for place in sorted(round(at * DOTS) for at in places):  # type: ignore[attr-defined]  # floats, in points
        if not kept or place - kept[-1] > 5:
            kept.append(place)
    return kept


@pytest.mark.parametrize("draw", [solid, pale, dashed])
def test_rules_are_found_whatever_they_are_drawn_with(draw: Draw) -> None:
    across, down = found(write(table(draw)))
    assert across == pytest.approx(ROWS, abs=2)
    assert down == pytest.approx(COLUMNS, abs=2)


def test_a_piece_of_a_rule_that_is_nearly_gone_is_found() -> None:
    page = table(solid)
    page[ROWS[2] - 3 : ROWS[2] + 4, COLUMNS[1] + 4 : COLUMNS[2] - 3] = 255
    cv2.line(page, (COLUMNS[1], ROWS[2]), (COLUMNS[2], ROWS[2]), 225, 1)
    across, _, _ = rules_of(Raster(write(page), DOTS, np.eye(3)[:2], np.zeros_like(page)))
    middle = (COLUMNS[1] + COLUMNS[2]) / 2 / DOTS
    assert any(abs(rule.at * DOTS - ROWS[2]) < 3 and rule.start <= middle <= rule.end for rule in across)


def test_a_border_that_is_not_there_is_not_made_up() -> None:
    page = table(solid)
    page[ROWS[2] - 3 : ROWS[2] + 4, COLUMNS[1] + 4 : COLUMNS[2] - 3] = 255
    across, _, _ = rules_of(Raster(write(page), DOTS, np.eye(3)[:2], np.zeros_like(page)))
    middle = (COLUMNS[1] + COLUMNS[2]) / 2 / DOTS
    assert not any(abs(rule.at * DOTS - ROWS[2]) < 3 and rule.start <= middle <= rule.end for rule in across)


def test_strokes_of_characters_are_no_rules() -> None:
    page = paper()
    for row in range(100, 900, 60):
        cv2.putText(page, "HHTTLLEEIIHHTT1171", (100, row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 4)
    assert found(page) == ([], [])


@pytest.mark.parametrize("angle", [-3.0, 0.7, 2.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_is_straightened_and_the_way_back_leads_to_where_it_was(angle: float, turns: int) -> None:
    page = write(table(solid))
    cv2.circle(page, (900, 800), 8, 0, -1)
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    scan = cv2.warpAffine(page, turn, (width, height), borderValue=255)
    scan = np.ascontiguousarray(np.rot90(scan, -turns))
    raster = straightened(np.asarray(scan, np.uint8), np.zeros_like(scan), DOTS, turns)
    across, down = found(raster.grey)
    assert len(across) == len(ROWS)
    assert len(down) == len(COLUMNS)
    y, x = (round(float(np.mean(side))) for side in np.nonzero(raster.grey[750:860, 840:960] < 128))
    middle, height_of = (x + 840) / DOTS, (y + 750) / DOTS
    box = shown(raster.back, middle - 1, height_of - 1, middle + 1, height_of + 1)
    x0, top, x1, bottom = (side * DOTS for side in box)
    assert scan[round((top + bottom) / 2), round((x0 + x1) / 2)] < 128


def test_a_seal_is_wiped_off_and_the_print_beneath_it_stays() -> None:
    page = np.full((400, 400, 3), 235, np.uint8)
    cv2.circle(page, (200, 200), 90, (50, 40, 225), 12)  # blue, green, red
    cv2.line(page, (200, 60), (200, 340), (20, 20, 60), 4)
    grey, _ = cleaned(page)
    assert grey[200, 110] > 230
    assert grey[110, 200] < 90


def test_pale_ink_on_grey_paper_becomes_black_on_white() -> None:
    page = np.full((400, 400, 3), 200, np.uint8)
    cv2.putText(page, "110", (50, 200), cv2.FONT_HERSHEY_SIMPLEX, 3, (130, 130, 130), 6)
    grey, _ = cleaned(page)
    assert np.percentile(grey[140:210, 60:250], 5) < 60
    assert np.median(grey) > 250
