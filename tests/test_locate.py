from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.extract.tables.locate import LocatedTable, locate
from gongkai.extract.tables.rows import rows_of_grids, rows_of_lines
from gongkai.form import EDITIONS, Edition, load_form, load_forms
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, REVIEWS, Grid, Key, Line
from tests.grids import LEFT, UP, block_rows, edges_of, grid, line, table_grid

FORMS = load_forms()


def numbered(edition: Edition, resource: str) -> dict[Key, str]:
    """A different figure for each place, so that a figure that moved is seen."""
    table = load_form(edition).table(resource)
    instead = {row.id for block in table.blocks for row in block.rows if row.instead_of}
    places = table.keys()
    return {key: str(1000 + 7 * i) for i, key in enumerate(places) if key.row not in instead}


def printed(found: LocatedTable) -> dict[Key, str]:
    return {key: source.cell.text for key, source in found.sources.items()}


def ruled(resource: str, *grids: Grid) -> LocatedTable:
    return locate(resource, rows_of_grids(grids), FORMS)


def requests_rows(figures: Mapping[Key, str], edition: Edition = "2021") -> list[list[str]]:
    block = load_form(edition).table(REQUESTS).blocks[0]
    return block_rows(REQUESTS, block, lambda key: figures.get(key, ""))


def requests_lines(figures: Mapping[Key, str], gap: str = "  ") -> list[str]:
    """The requests table as lines of text, without its group labels."""
    block = load_form("2021").table(REQUESTS).blocks[0]
    lines = ["申请人情况", "法人或其他组织", "".join(f"{column.label:<8}" for column in block.columns)]
    for row in block.rows:
        if not row.instead_of:
            cells = [figures.get(block.key(REQUESTS, row, column), "") for column in block.columns]
            label = row.label[:20]
            lines.append(label + "　" * (24 - len(label)) + gap.join(f"{cell:>6}" for cell in cells))
    return lines


def adding_up(figures: Mapping[Key, str]) -> dict[Key, str]:
    """The figures with totals that are sums, as lines need: their columns are told by number."""
    sums = {
        key.row: sum(int(text) for k, text in figures.items() if k.row == key.row and k.column != "total")
        for key in figures
    }
    return {key: str(sums[key.row]) if key.column == "total" else text for key, text in figures.items()}


def without(rows: list[list[str]], *numbers: int) -> list[list[str]]:
    """The rows of a table without some; a group's label then stands before the row that is now its first."""
    kept = [list(row) for row in rows]
    for number in sorted(numbers, reverse=True):
        below = kept[number + 1] if number + 1 < len(kept) else []
        for column, text in enumerate(below[:3]):
            if text == UP and kept[number][column] not in (UP, LEFT):
                below[column] = kept[number][column]
        del kept[number]
    return kept


def place_of(rows: list[list[str]], figure: str) -> int:
    return next(i for i, row in enumerate(rows) if figure in row)


def relabelled(figures: Mapping[Key, str], labels: Mapping[str, str], gone: str = "") -> LocatedTable:
    """The requests table with other labels, and without the row ``gone``."""
    rows = requests_rows(figures)
    rows = without(rows, place_of(rows, figures[Key(REQUESTS, gone, "total")])) if gone else rows
    return ruled(REQUESTS, grid([[labels.get(cell, cell) for cell in row] for row in rows], edges_of(len(rows[0]))))


def unruled(lines: list[str], width: float = 5.0) -> LocatedTable:
    return locate(REQUESTS, rows_of_lines([line(text, width=width) for text in lines if text.strip()], "text"), FORMS)


def told(found: LocatedTable) -> set[tuple[str, str]]:
    """What the findings name: rows and columns."""
    return {(finding.row, finding.column) for finding in found.findings}


# ---------------------------------------------------------------- as the form prints it


@pytest.mark.parametrize(("edition", "resource", "edged"), list(product(EDITIONS, RESOURCES, (True, False))))
def test_a_table_as_the_form_prints_it_is_found_whole(edition: Edition, resource: str, edged: bool) -> None:
    figures = numbered(edition, resource)
    found = ruled(resource, table_grid(edition, resource, figures, edged=edged))
    assert printed(found) == figures
    assert found.findings == ()
    assert found.score == pytest.approx(1.0)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_edition_of_each_block_is_told_from_its_columns(edition: Edition) -> None:
    found = ruled(PROACTIVE, table_grid(edition, PROACTIVE, numbered(edition, PROACTIVE)))
    own = {block.title for block in load_form(edition).table(PROACTIVE).blocks}
    assert {title for title, said in found.editions.items() if said == edition} == own
    assert set(found.editions.values()) <= {edition, None}


def test_blocks_of_both_editions_in_one_table_are_told_apart() -> None:
    first = load_form("2019").table(PROACTIVE).blocks[0]
    others = load_form("2021").table(PROACTIVE).blocks[1:]
    figures = numbered("2019", PROACTIVE) | numbered("2021", PROACTIVE)
    drawn = [block_rows(PROACTIVE, block, lambda key: figures[key]) for block in (first, *others)]
    rows = [[row[0], *[UP if row[0] == UP else LEFT] * (4 - len(row)), *row[1:]] for block in drawn for row in block]
    found = ruled(PROACTIVE, grid(rows, edges_of(4)))
    assert found.editions[first.title] == "2019"
    assert {found.editions[block.title] for block in others} == {"2021"}
    assert all(text == figures[key] for key, text in printed(found).items())
    assert Key(PROACTIVE, "1/regulations", "newly_made") in found.sources
    assert Key(PROACTIVE, "8/fees", "amount") in found.sources


def test_other_handling_as_one_row_is_found_as_that_row() -> None:
    block = load_form("2021").table(REQUESTS).blocks[0]
    replaced = {id for row in block.rows for id in row.instead_of}
    rows = [row for row in block.rows if row.id not in replaced]
    table = block_rows(REQUESTS, block, lambda key: "9" if key.row == "other_handling" else "0", rows)
    found = ruled(REQUESTS, grid(table, edges_of(len(table[0]))))
    assert "other_handling" in found.rows
    assert not found.rows & replaced
    assert {key.row for key, text in printed(found).items() if text == "9"} == {"other_handling"}


def test_three_rows_of_other_handling_are_not_taken_for_one() -> None:
    found = ruled(REQUESTS, table_grid("2021", REQUESTS, numbered("2021", REQUESTS)))
    assert "other_handling" not in found.rows


# ---------------------------------------------------------------- blanks


def test_blank_cells_keep_their_places_and_move_no_figure() -> None:
    figures = {key: text if i % 3 else "" for i, (key, text) in enumerate(numbered("2021", REQUESTS).items())}
    found = ruled(REQUESTS, table_grid("2021", REQUESTS, figures))
    assert printed(found) == figures


def test_a_blank_in_print_is_a_spot_and_what_is_not_printed_is_none() -> None:
    figures = numbered("2021", REVIEWS) | {Key(REVIEWS, "litigation_direct", "other"): "/"}
    found = ruled(REVIEWS, table_grid("2021", REVIEWS, figures))
    assert found.sources[Key(REVIEWS, "litigation_direct", "other")].cell.text == "/"


# ---------------------------------------------------------------- what is absent, altered or strange


@pytest.mark.parametrize("gone", ["granted", "denied_third_party", "unavailable_still_unclear", "carried_out"])
def test_a_row_that_is_not_printed_has_no_spot_and_moves_no_other(gone: str) -> None:
    figures = numbered("2021", REQUESTS)
    found = relabelled(figures, {}, gone=gone)
    assert gone not in found.rows
    assert printed(found) == {key: text for key, text in figures.items() if key.row != gone}


@pytest.mark.parametrize("gone", ["natural_person", "research_institution", "total"])
def test_a_column_that_is_not_printed_has_no_spot_and_moves_no_other(gone: str) -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    place = rows[-1].index(figures[Key(REQUESTS, "carried_out", gone)])
    rows = [[*row[:place], *row[place + 1 :]] for row in rows]
    if gone == "natural_person":
        rows[0][place] = "申请人情况"
    found = ruled(REQUESTS, grid(rows, edges_of(len(rows[0]))))
    expected = {key: text for key, text in figures.items() if key.column != gone}
    assert printed(found) == expected


def test_a_label_that_lost_characters_keeps_its_row_and_is_a_form_finding() -> None:
    figures = numbered("2021", REQUESTS)
    found = relabelled(figures, {"2.其他法律行政法规禁止公开": "2.其他法律行政止公开"})
    assert printed(found) == figures
    (finding,) = found.findings
    assert (finding.check, finding.severity, finding.row) == ("form", "warning", "denied_prohibited_by_law")
    assert (finding.expected, finding.actual) == ("2.其他法律行政法规禁止公开", "2.其他法律行政止公开")


@pytest.mark.parametrize("label", ["１．属于国家秘密", "1、属于国家秘密", "1.属 于 国 家 秘 密", "1.属于国家秘密："])
def test_a_label_in_other_punctuation_is_not_altered(label: str) -> None:
    figures = numbered("2021", REQUESTS)
    found = relabelled(figures, {"1.属于国家秘密": label})
    assert printed(found) == figures
    assert found.findings == ()


def test_a_lone_illegible_label_is_placed_by_its_neighbours() -> None:
    figures = numbered("2021", REQUESTS)
    found = relabelled(figures, {"4.保护第三方合法权益": "□□□□"})
    assert printed(found) == figures
    assert [f.row for f in found.findings] == ["denied_third_party"]


def test_a_row_that_may_be_two_rows_of_the_form_is_left_empty_with_a_finding() -> None:
    figures = numbered("2021", REQUESTS)
    found = relabelled(figures, {"5.属于三类内部事务信息": "□□□□"}, gone="denied_third_party")
    open_rows = {"denied_third_party", "denied_internal_affairs"}
    assert printed(found) == {key: text for key, text in figures.items() if key.row not in open_rows}
    assert {f.row for f in found.findings if f.check == "reading" and f.severity == "error"} & open_rows


@pytest.mark.parametrize("illegible", ["2.", "3.", "123"])
def test_a_group_s_label_is_not_its_row_s(illegible: str) -> None:
    figures = numbered("2021", REQUESTS)
    labels = [
        row.label for row in load_form("2021").table(REQUESTS).blocks[0].rows if row.under[-1:] == ("（六）其他处理",)
    ]
    found = relabelled(figures, {label: "□□□□" for label in labels if label[0] in illegible})
    assert not [key for key in found.sources if key.row == "other_handling"]
    assert {key: text for key, text in printed(found).items() if figures.get(key) != text} == {}


def test_a_strange_row_is_not_read_and_is_told() -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    strange = [[*["平台浏览点击次数统计", LEFT, LEFT], *["88888"] * 7]]
    found = ruled(REQUESTS, grid([*rows[:6], *strange, *rows[6:]], edges_of(len(rows[0]))))
    assert printed(found) == figures
    assert [(f.check, f.severity) for f in found.findings] == [("form", "warning")]
    assert "平台浏览点击次数统计" in found.findings[0].message


def test_a_figure_that_spans_two_columns_is_put_into_neither() -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    merged = [Key(REQUESTS, "granted", column) for column in ("commercial_enterprise", "research_institution")]
    rows = [[LEFT if cell == figures[merged[1]] else cell for cell in row] for row in rows]
    found = ruled(REQUESTS, grid(rows, edges_of(len(rows[0]))))
    assert printed(found) == {key: text for key, text in figures.items() if key not in merged}
    assert {(key.row, key.column) for key in merged} <= told(found)
    assert {f.severity for f in found.findings} == {"error"}


# ---------------------------------------------------------------- other tables, pieces, lines


def test_other_tables_and_prose_are_not_the_form_s() -> None:
    other = grid([["序号", "单位", "预算数"], ["1", "示例市虚构局", "350"], ["2", "示例市虚构委", "20"]], edges_of(3))
    for resource in RESOURCES:
        assert ruled(resource, other).score < 0.5
    for resource in RESOURCES:
        assert locate(resource, [], FORMS).sources == {}
        assert locate(resource, [], FORMS).score == 0.0


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_table_is_found_among_all_three(resource: str) -> None:
    figures = {other: numbered("2021", other) for other in RESOURCES}
    grids = [table_grid("2021", other, figures[other]) for other in RESOURCES]
    assert printed(ruled(resource, *grids)) == figures[resource]


@pytest.mark.parametrize("after", [4, 9, 12, 20, 27])
@pytest.mark.parametrize("again", [False, True], ids=["once", "header-again"])
def test_a_table_that_goes_on_over_the_page_is_one_table(after: int, again: bool) -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    header, lower = rows[:3], [list(row) for row in rows[after:]]
    # A group's cell ends at the foot of its page: on the next one it stands without its label.
    lower[0] = ["" if cell == UP else cell for cell in lower[0]]
    edges = edges_of(len(rows[0]))
    found = ruled(REQUESTS, grid(rows[:after], edges), grid([*header, *lower] if again else lower, edges, page=2))
    assert printed(found) == figures
    assert {source.cell.box.page for source in found.sources.values() if source.cell.box} == {1, 2}


@pytest.mark.parametrize("figures_above", [False, True])
def test_a_row_that_a_page_break_parts_is_one_row(figures_above: bool) -> None:
    figures = numbered("2021", REQUESTS)
    rows = requests_rows(figures)
    place = place_of(rows, figures[Key(REQUESTS, "not_processed_reissue", "total")])
    upper, lower = list(rows[place]), ["", *rows[place][1:]]
    upper[2], lower[1:3] = "5.要求行政机关确认或", ["", "重新出具已获取信息"]
    (lower if figures_above else upper)[3:] = [""] * 7
    below = [["" if i == 0 and cell == UP else cell for i, cell in enumerate(rows[place + 1])], *rows[place + 2 :]]
    edges = edges_of(len(rows[0]))
    found = ruled(REQUESTS, grid([*rows[:place], upper], edges), grid([lower, *below], edges, page=2))
    assert printed(found) == figures
    assert found.findings == ()


def test_lines_that_keep_their_columns_are_read_by_where_the_words_stand() -> None:
    figures = adding_up(numbered("2021", REQUESTS))
    found = unruled(requests_lines(figures))
    assert printed(found) == figures
    assert found.score > 0.9


def test_a_blank_that_left_no_trace_in_a_line_moves_no_figure() -> None:
    figures = {
        key: text if i % 9 else "" for i, (key, text) in enumerate(adding_up(numbered("2021", REQUESTS)).items())
    }
    found = unruled(requests_lines(figures))
    assert printed(found) == figures


def test_where_only_the_order_of_words_is_known_complete_lines_are_read_and_others_left_empty() -> None:
    figures = adding_up(numbered("2021", REQUESTS))
    short = Key(REQUESTS, "granted", "research_institution")
    found = unruled(requests_lines({**figures, short: ""}), width=0.0)
    assert {key: text for key, text in printed(found).items() if key.row != "granted"} == {
        key: text for key, text in figures.items() if key.row != "granted"
    }
    assert not [key for key in found.sources if key.row == "granted"]
    assert {(f.check, f.severity) for f in found.findings if f.row == "granted"} == {("reading", "error")}


# ---------------------------------------------------------------- whatever the noise


@dataclass(frozen=True, slots=True)
class Noise:
    """What befell a requests table: blank cells, altered labels (kind, place), lost rows, the row before a break."""

    blank: frozenset[int]
    altered: dict[int, tuple[str, int]]
    lost: frozenset[int]
    page_break: int

    def figures(self) -> dict[Key, str]:
        return {key: "" if i in self.blank else text for i, (key, text) in enumerate(FIGURES.items())}

    def grids(self) -> list[Grid]:
        rows = requests_rows(self.figures())
        header, body = rows[:3], rows[3:]
        for number, (kind, place) in self.altered.items():
            leaf = max(i for i in range(3) if body[number][i] not in (LEFT, UP))
            body[number][leaf] = _altered(body[number][leaf], kind, place)
        body = without(body, *self.lost)
        cut = min(self.page_break, len(body) - 1)
        below_break = ["" if cell == UP else cell for cell in body[cut]]
        edges = edges_of(len(header[0]))
        return [grid([*header, *body[:cut]], edges), grid([below_break, *body[cut + 1 :]], edges, page=2)]


def _altered(label: str, kind: str, place: int) -> str:
    at = min(place, max(len(label) - 2, 0))
    return {
        "lost": label[:at] + label[at + 2 :],
        "swapped": label[:at] + label[at : at + 2][::-1] + label[at + 2 :],
        "illegible": "□" * len(label),
        "remark": f"{label}（见说明）",
    }[kind]


FIGURES = numbered("2021", REQUESTS)
ROWS = len(FIGURES) // 7
noises = st.builds(
    Noise,
    blank=st.frozensets(st.integers(0, len(FIGURES) - 1), max_size=40),
    altered=st.dictionaries(
        st.integers(0, ROWS - 1),
        st.tuples(st.sampled_from(["lost", "swapped", "remark"]), st.integers(0, 12)),
        max_size=8,
    ),
    lost=st.frozensets(st.integers(0, ROWS - 1), max_size=3),
    page_break=st.integers(1, ROWS - 1),
)


@given(noises)
@settings(max_examples=150)
def test_whatever_the_noise_a_figure_is_in_its_place_or_in_none(noise: Noise) -> None:
    figures = noise.figures()
    found = ruled(REQUESTS, *noise.grids())
    assert {key: text for key, text in printed(found).items() if text != figures.get(key)} == {}
    open_rows = {finding.row for finding in found.findings if finding.check == "reading"}
    absent = {key.row for key in figures if key not in found.sources}
    assert absent <= open_rows | {row for row in absent if row not in found.rows}


@pytest.mark.parametrize("illegible", [5, 21])
def test_a_row_known_by_its_group_alone_is_put_nowhere(illegible: int) -> None:
    noise = Noise(frozenset(), {illegible: ("illegible", 0)}, frozenset({illegible - 1}), 1)
    figures = noise.figures()
    found = ruled(REQUESTS, *noise.grids())
    assert {key: text for key, text in printed(found).items() if text != figures.get(key)} == {}


# ---------------------------------------------------------------- hostile


def test_thousands_of_rows_take_no_minute() -> None:
    rows = requests_rows(numbered("2021", REQUESTS))
    began = time.process_time()
    ruled(REQUESTS, grid(rows * 60, edges_of(len(rows[0]))))
    assert time.process_time() - began < 10


def test_hundreds_of_lines_of_prose_take_no_minute() -> None:
    prose = [Line(f"第{i}段文字，说明政府信息公开工作{'详细' * (i % 7)}情况。") for i in range(150)]
    lines = [line(block.text) for block in prose] * 4
    began = time.process_time()
    locate(REQUESTS, rows_of_lines(lines, "text"), FORMS)
    assert time.process_time() - began < 10


def test_more_lines_than_a_report_has_are_no_table_and_take_no_time() -> None:
    table = [line(text, width=5.0) for text in requests_lines(adding_up(FIGURES)) if text.strip()]
    assert locate(REQUESTS, rows_of_lines(table, "text"), FORMS).score > 0.9
    began = time.process_time()
    found = locate(REQUESTS, rows_of_lines([*table, *[line("政府信息公开工作情况")] * 20_000], "text"), FORMS)
    assert (found.score, found.sources) == (0.0, {})
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([["1"]], id="one-figure"),
        pytest.param([[""] * 7] * 40, id="blanks"),
        pytest.param([["9" * 400] * 7] * 40, id="huge-figures"),
        pytest.param([["总计"] * 60] * 60, id="one-label"),
        pytest.param([["NaN", "\ufffd", "\x00", "\ud800"]] * 9, id="characters"),
        pytest.param([["（一）予以公开" * 500, "1"]] * 9, id="long-labels"),
    ],
)
def test_an_absurd_grid_is_no_table_and_no_crash(cells: list[list[str]]) -> None:
    for resource in RESOURCES:
        for edges in (edges_of(len(cells[0])), ()):
            assert locate(resource, rows_of_grids([grid(cells, edges)]), FORMS).score < 0.5


# ---------------------------------------------------------------- figures that are wrapped, rows that a page parts


def test_rows_between_which_the_rest_of_a_figure_stands_are_left_open() -> None:
    figures = adding_up(numbered("2021", REQUESTS))
    lines = requests_lines(figures)
    wrapped = next(i for i, text in enumerate(lines) if figures[Key(REQUESTS, "granted", "total")] in text)
    whole = lines[wrapped]
    lines[wrapped] = whole[:-1] + " "
    lines.insert(wrapped + 1, " " * (len(whole) - 2) + whole[-1])
    found = unruled(lines)
    rows = {"granted", "partially_granted"}
    assert {key.row for key in figures if key not in found.sources} == rows
    assert {(row, "") for row in rows} <= told(found)
    assert all(printed(found)[key] == text for key, text in figures.items() if key.row not in rows)


def test_a_figure_that_is_wrapped_in_its_cell_is_no_label() -> None:
    figures = numbered("2021", REQUESTS)
    key = Key(REQUESTS, "granted", "natural_person")
    found = ruled(REQUESTS, table_grid("2021", REQUESTS, {**figures, key: "10\n49"}))
    assert found.sources[key].cell.text == "10\n49"
    assert found.sources[key].certain
