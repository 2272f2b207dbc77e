"""Each setting of extraction decides something: moved far, it makes of some small case something else.

The cases are tables of the form that a seeded chance damages as print and recognition do, and the smallest inputs of
the functions that a table's reading is made of. A setting may be moved a little without harm; three times as large, or
a third, it may not, and a case says why. ``NOT_HELD`` names what no case shows yet.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache, partial

import pytest

from gongkai.extract.outline import OUTLINE, outline, paragraphs
from gongkai.extract.second_reading import SECOND_READING, is_doubtful
from gongkai.extract.tables import alignment
from gongkai.extract.tables.alignment import Label, label_similarity
from gongkai.extract.tables.column_positions import ColumnSpan, spans_between_borders, spans_of_columns, stands_in
from gongkai.extract.tables.columns import Columns, find_columns
from gongkai.extract.tables.duplicate_prints import locate_all
from gongkai.extract.tables.find_tables import find_tables
from gongkai.extract.tables.locate import LocatedTable, locate
from gongkai.extract.tables.row_matching import _holds
from gongkai.extract.tables.rows import PrintedCell, PrintedRow, rows_of_grids, rows_of_lines
from gongkai.extract.tables.settings import COLUMNS, COSTS, LABELS, TABLES
from gongkai.form import Edition, load_form, load_forms
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, REVIEWS, Grid, Line, Word
from tests.builders import make_report
from tests.grids import LEFT, UP, block_rows, edges_of, grid, line
from tests.test_locate import adding_up, numbered, requests_lines, requests_rows

FORMS = load_forms()
SETTINGS = (LABELS, COSTS, COLUMNS, TABLES, OUTLINE, SECOND_READING)
FACTORS = (3, 1 / 3)

Move = tuple[str, float]
"""A setting, as ``Class.field``, and the factor by which it is moved."""


# ---------------------------------------------------------------- tables that chance damages


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - damage, not secrets


def damaged_label(label: str, chance: random.Random) -> str:
    """A label that lost or changed characters, or all of them."""
    kind = chance.choice(["lost", "lost", "changed", "none", "other", "short"])
    if kind == "none":
        return ""
    if kind == "other":
        return "".join(chance.sample("平台浏览点击信息公开申请处理次数统计其他情况", 6))
    kept = chance.choice([0.3, 0.4, 0.5, 0.6, 0.8])
    if kind == "short":
        return label[: max(1, int(kept * len(label)))]
    other = "" if kind == "lost" else "某"
    return "".join(char if chance.random() < kept else other for char in label)


def damaged_rows(seed: int) -> list[list[str]]:
    """The requests table with damaged labels, without some rows, with blanks and with rows that the form lacks."""
    chance = seeded(seed)
    edition: Edition = chance.choice(["2021", "2019"])
    figures = numbered(edition, REQUESTS)
    blank = chance.choice([0.0, 0.3, 0.9])
    rows = requests_rows({key: "" if chance.random() < blank else text for key, text in figures.items()}, edition)
    damage = chance.choice([0.1, 0.3, 0.6])
    printed = []
    for number, row in enumerate(rows):
        if number > 2 and chance.random() < damage / 4 and UP in row[:2]:
            continue
        if number > 2 and chance.random() < damage / 6:
            printed.append([damaged_label("其他未列明情况", chance), LEFT, LEFT, *["88888"] * 7])
        labels = [
            damaged_label(text, chance) if text not in (LEFT, UP) and chance.random() < damage else text
            for text in row[:3]
        ]
        heads = [
            damaged_label(text, chance) if number < 3 and chance.random() < damage / 2 else text for text in row[3:]
        ]
        printed.append([*labels, *(heads if number < 3 else row[3:])])
    return printed


def damaged_grids(seed: int) -> object:
    """What is read of such a table with rules, which may go on over a page with columns that stand elsewhere."""
    rows = damaged_rows(seed)
    chance = seeded(-seed)
    edges = edges_of(len(rows[0]))
    cut = chance.randrange(4, len(rows)) if chance.random() < 0.6 else len(rows)
    lower = [list(row) for row in rows[cut:]]
    if lower:
        lower[0] = ["" if cell == UP else cell for cell in lower[0]]
    shift = chance.choice([0.0, 1.0, 4.0, 10.0])
    moved = [x + chance.choice([0.0, 0.5, 1.5]) + shift for x in edges]
    grids = [grid(rows[:cut], edges), *([grid(lower, moved, page=2)] if lower else [])]
    return read(locate(REQUESTS, rows_of_grids(grids), FORMS))


def damaged_lines(seed: int) -> object:
    """What is read of such a table without rules, in which labels are wrapped."""
    chance = seeded(seed)
    lines = []
    damage = chance.choice([0.1, 0.3, 0.6])
    for text in requests_lines(adding_up(numbered("2021", REQUESTS))):
        label, figures = text[:24].rstrip("　"), text[24:]
        label = damaged_label(label, chance) if chance.random() < damage else label
        parts = [label]
        if chance.random() < damage and len(label) > 3:
            cuts = sorted(chance.sample(range(1, len(label)), chance.choice([1, 1, 2])))
            parts = [label[a:b] for a, b in zip([0, *cuts], [*cuts, len(label)], strict=True)]
        beside = chance.randrange(len(parts))
        for number, part in enumerate(parts):
            rest = figures if number == beside else ""
            lines.append(part.ljust(24, "　") + rest if chance.random() > damage / 4 or not rest else rest)
    width = chance.choice([5.0, 5.0, 0.0])
    rows = rows_of_lines([line(text, width=width) for text in lines if text.strip()], "text")
    return read(locate(REQUESTS, rows, FORMS))


def read(table: LocatedTable) -> object:
    """What is read of a table: its figures and what is said of it."""
    return (
        {key: source.cell.text for key, source in table.sources.items()},
        [(finding.check, finding.at, finding.message) for finding in table.findings],
        table.rows,
        dict(table.editions),
        table.is_trusted,
    )


def damaged_table(resource: str, seed: int) -> object:
    """What is read of one of the other tables: its blocks below each other, damaged as the requests are."""
    chance = seeded(seed)
    edition: Edition = chance.choice(["2021", "2019"])
    figures = numbered(edition, resource)
    damage = chance.choice([0.1, 0.3, 0.6])
    blocks = load_form(edition).table(resource).blocks
    drawn = [block_rows(resource, block, lambda key: figures.get(key, "0")) for block in blocks]
    width = max(len(block[0]) for block in drawn)
    rows = []
    for row in (row for block in drawn for row in block):
        cells = [row[0], *[UP if row[0] == UP else LEFT] * (width - len(row)), *row[1:]]
        for place, text in enumerate(cells):
            if text.isdecimal():
                cells[place] = "" if chance.random() < damage / 3 else text
            elif text not in (LEFT, UP) and chance.random() < damage:
                cells[place] = damaged_label(text, chance)
        # A column before the table's own, in which the row without a label may have one.
        rows.append([chance.choice(["", "", "合计"]) if row[0].isdecimal() else "", *cells])
        if chance.random() < damage / 8:
            rows.append(["", damaged_label("其他未列明情况", chance), *["88888"] * (width - 1)])
    return read(locate(resource, rows_of_grids([grid(rows, edges_of(width + 1))]), FORMS))


def texts_of(columns: Columns, row: PrintedRow) -> list[list[str] | None]:
    """What stands in each column in a row; ``None`` where that is open."""
    return [None if placed is None else [each.cell.text for each in placed] for placed in columns.figures([row])]


def damaged_columns(seed: int) -> object:
    """Which columns are told of rows under damaged headers."""
    chance = seeded(seed)
    resource = chance.choice([REQUESTS, REVIEWS])
    block = load_form("2021").table(resource).blocks[0]
    damage = chance.choice([0.1, 0.3, 0.6])
    kept = [column for column in block.columns if chance.random() > damage / 4]
    heads = [damaged_label(column.label, chance) if chance.random() < damage else column.label for column in kept]
    over = ["".join(column.under) if chance.random() > damage else "" for column in kept]
    for _ in range(chance.choice([0, 0, 1])):
        place = chance.randrange(len(heads) + 1)
        heads.insert(place, damaged_label("其他情况", chance))
        over.insert(place, "")
    rows = [["", *over], ["", *heads]]
    rows += [
        ["甲", *(str(chance.randrange(99)) if chance.random() > damage / 3 else "" for _ in heads)] for _ in range(3)
    ]
    zone_and_body = rows_of_grids([grid(rows, edges_of(len(rows[0])))])
    return told(find_columns(block.columns, zone_and_body[:2], zone_and_body[2:]))


def told(columns: Columns | None) -> object:
    """Where columns stand, whatever their headers say."""
    return columns and [span and (round(span.x0), round(span.x1)) for span in columns.spans]


def damaged_line_columns(seed: int) -> object:
    """What stands in the columns of lines of which none is complete."""
    chance = seeded(seed)
    block = load_form("2021").table(REQUESTS).blocks[0]
    gaps = [chance.choice([1, 2, 4, 6])] * 7 if chance.random() < 0.5 else chance.choices([1, 2, 4], k=7)
    texts = [
        "甲".ljust(6, "　") + "".join(column.label + " " * gap for column, gap in zip(block.columns, gaps, strict=True))
    ]
    for _ in range(4):
        text = chance.choice(["甲", "甲乙丙丁戊己"]).ljust(6, "　")
        for column, gap in zip(block.columns, gaps, strict=True):
            figure = "" if chance.random() < 0.3 else str(chance.choice([7, 123, 12345678]))
            text += figure.rjust(len(column.label) + chance.choice([0, 0, 1])) + " " * gap
        texts.append(text.rstrip())
    rows = rows_of_lines([line(text, width=chance.choice([1.0, 1.0, 0.5])) for text in texts], "text")
    columns = find_columns(block.columns, rows[:1], rows[1:])
    if columns is None:
        return None
    return [texts_of(columns, row) for row in rows[1:]]


def damaged_outline(seed: int) -> object:
    """The sections of a report whose headings are damaged."""
    chance = seeded(seed)
    damage = chance.choice([0.1, 0.3])
    texts = [
        chance.choice(["示例市人民政府", "示例市" * chance.choice([3, 8, 14, 20])]),
        "2023年政府信息公开工作年度报告",
    ]
    texts[1] = "关于" * chance.choice([0, 2, 14, 30]) + texts[1]
    contents = chance.random() < 0.4
    for with_text in [False, True] if contents else [True]:
        for section in FORMS[0].sections:
            heading = chance.choice([section.heading, "概述" if section.number == 1 else section.heading])
            if chance.random() < damage:
                heading = "".join(char for char in heading if chance.random() < chance.choice([0.6, 0.9]))
            if chance.random() < damage:
                heading += "某" * chance.choice([2, 8, 20])
            number = chance.choice(
                [section.number, section.number, 7 - section.number if chance.random() < damage else section.number]
            )
            form = chance.choice(["{}、{}", "{}、{}", "（{}）{}", "{1}"])
            texts.append(form.format("一二三四五六"[number - 1], heading))
            if with_text:
                texts += ["本年度无。"] * chance.choice([0, 1, 2, 2])
    found = outline([Line(text) for text in texts], FORMS)
    return found.title, found.introduction, [(part.number, part.heading, len(part.blocks)) for part in found.parts]


# ---------------------------------------------------------------- the smallest inputs


def labels_of_any_length() -> object:
    return [label_similarity(Label.of("甲" * length), ("甲" * (length + 9),)) > 0.5 for length in (50, 500, 2000)]


def a_label_among_those_of_its_group() -> object:
    label = Label.of("1.属于国家秘密", under=["三、本年度办理结果", "（三）不予公开"])
    printed = "三1本属年于度国办家理秘结密果三不予公开"
    return label_similarity(label, (printed,), scattered=True) >= LABELS.well_found_similarity


def a_label_in_many_lines() -> object:
    """A label of which each character stands in a line of its own."""
    lines = requests_lines(adding_up(numbered("2021", REQUESTS)))
    place = next(i for i, text in enumerate(lines) if text.startswith("5.要求行政机关确认"))
    label, rest = lines[place][:24].rstrip("　"), lines[place][24:]
    lines[place : place + 1] = [char.ljust(24, "　") + (rest if i == 9 else "") for i, char in enumerate(label)]
    return read(locate(REQUESTS, rows_of_lines([line(text, width=5.0) for text in lines], "text"), FORMS))


def figures_between_a_label_and_its_last_character() -> object:
    """Whether a label that lost characters above its figures, or only its last one, holds them."""
    label = Label.of("3.危及三安全一稳定")
    wrapped = [("3.危及三安全一稳", "定"), ("3.危及", "定")]
    return [
        _holds(rows_of_lines([line(text) for text in (above, "1 2 3", below)], "text"), label)
        for above, below in wrapped
    ]


def a_row_that_a_page_parts() -> object:
    """A row whose label is parted anywhere by a page's end, with all its figures above or below."""
    said = []
    for cut in (3, 9, 11, 15):
        for above in (True, False):
            rows = requests_rows(numbered("2021", REQUESTS))
            place = next(i for i, row in enumerate(rows) if "要求行政机关确认" in "".join(row))
            upper, lower = list(rows[place]), ["", *rows[place][1:]]
            label = upper[2]
            upper[2], lower[1:3] = label[:cut], ["", label[cut:]]
            (upper if not above else lower)[3:] = [""] * 7
            below = [
                ["" if i == 0 and cell == UP else cell for i, cell in enumerate(rows[place + 1])],
                *rows[place + 2 :],
            ]
            edges = edges_of(len(rows[0]))
            pieces = [grid([*rows[:place], upper], edges), grid([lower, *below], edges, page=2)]
            said.append(read(locate(REQUESTS, rows_of_grids(pieces), FORMS)))
    return said


def figures_without_a_label(count: int) -> object:
    """The table whose only row has no label, as lines, with so many figures in that row."""
    heads = "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3
    texts = ["行政复议 行政诉讼", "未经复议直接起诉 复议后起诉", heads, " ".join(map(str, range(1, count + 1)))]
    return read(locate(REVIEWS, rows_of_lines([line(text, width=0.0) for text in texts], "text"), FORMS))


def a_word_that_reaches_into_the_next_column(by: float) -> object:
    columns = Columns(
        load_form("2021").table(REQUESTS).blocks[0].columns[:3],
        tuple(ColumnSpan(x, x + 10, start=x + 4) for x in (0.0, 10.0, 20.0)),
        "line 0",
        0.0,
        1.0,
        1.0,
    )
    words = (Word("12", 5.0, 14.0 + by), Word("7", 25.0, 26.0))
    (row,) = rows_of_lines([Line("12 7", words)], "text")
    return texts_of(columns, row)


def borders_that_are_nearly_one() -> object:
    grids = [grid([["甲", "1", "2"]], edges) for edges in ((0.0, 60, 100, 140), (0.0, 62, 105, 140))]
    return len(spans_between_borders(rows_of_grids(grids)))


def figures_beside_a_blocks_only_column() -> object:
    (span,) = spans_of_columns([[PrintedCell("7", 100.0, 110.0, None)]])
    return [stands_in(PrintedCell("8", x, x + 2.0, None), span, False) for x in (105.0, 150.0, 250.0)]


def a_table_and_another_in_an_annex(rows: int) -> object:
    """The requests table with so many of its rows in its section, and all of another behind the last one."""
    heading, annex = "三、收到和处理政府信息公开申请情况", "六、其他需要报告的事项"
    figures = numbered("2021", REQUESTS)
    first, other = requests_rows(figures), requests_rows({key: text + "9" for key, text in figures.items()})
    edges = edges_of(len(first[0]))
    blocks: list[Line | Grid] = [
        Line(heading),
        grid(first[:rows], edges),
        Line(annex),
        Line("附件"),
        grid(other, edges, page=2),
    ]
    return read(find_tables(blocks, outline(blocks, FORMS), "pdf-lines", FORMS).located[REQUESTS])


def a_table_among_other_rows(count: int) -> object:
    rows = requests_rows(numbered("2021", REQUESTS))
    others = grid([["说明"]] * count, edges_of(1), page=2)
    return locate(REQUESTS, rows_of_grids([grid(rows, edges_of(len(rows[0]))), others]), FORMS).is_trusted


def rows_between_header_and_table(row: list[str], count: int) -> object:
    """The table with so many strange rows below its header."""
    rows = requests_rows(numbered("2021", REQUESTS))
    rows = [*rows[:3], *[row] * count, *rows[5:]]
    return read(locate(REQUESTS, rows_of_grids([grid(rows, edges_of(len(rows[0])))]), FORMS))


def lines_between_header_and_table(count: int) -> object:
    lines = requests_lines(adding_up(numbered("2021", REQUESTS)))
    lines = [*lines[:3], *["说明"] * count, *lines[3:]]
    return read(locate(REQUESTS, rows_of_lines([line(text, width=5.0) for text in lines], "text"), FORMS))


def lines_that_begin_with_numbers(count: int) -> object:
    rows = rows_of_lines([line(f"{number} 甲乙 5 6") for number in range(1, count + 1)], "text")
    return [row.labels for row in rows]


def contents_with_a_section_more_than_the_report() -> object:
    contents = [f"{'一二三四'[i]}、{section.heading}" for i, section in enumerate(FORMS[0].sections[:4])]
    body = [text for heading in contents[:3] for text in (heading, "本年度无。", "见下。")]
    parts = outline([Line(text) for text in [*contents, *body]], FORMS).parts
    return [(part.number, len(part.blocks)) for part in parts]


def a_heading_with_a_remark() -> object:
    headings = [
        (len(text), section.number, text)
        for form in FORMS
        for section in form.sections
        for text in (section.heading, *section.known)
    ]
    _, number, longest = max(headings)
    blocks = [Line(f"{'一二三四五六'[number - 1]}、{longest}" + "某" * 8), Line("本年度无。")]
    return [part.number for part in outline(blocks, FORMS).parts]


def a_title_in_lines(count: int) -> object:
    title = "示例市人民政府政府信息公开工作年度报告"
    step = -(-len(title) // count)
    lines = [Line(title[at : at + step]) for at in range(0, len(title), step)]
    return outline([*lines, Line("一、总体情况"), Line("本年度无。")], FORMS).title


def a_name_above_the_title(count: int) -> object:
    names = [Line("示例市") for _ in range(count - 1)] + [Line("人民政府")]
    return outline([Line("机密。"), *names, Line("2023年政府信息公开工作年度报告"), Line("一、总体情况")], FORMS).title


def a_signature_of_lines(count: int) -> object:
    end = [Line("六、其他需要报告的事项"), Line("无其他需要报告的事项。"), *[Line("示例市水务局")] * count]
    return outline(end, FORMS).signature


def paragraphs_of_lines(lines: int, indented: int) -> object:
    """Lines that end with their sentence before the margin, of which so many are indented."""
    return paragraphs([Line("本年度公开信息", starts=number < indented) for number in range(lines)])


def a_table_and_some_of_its_rows() -> object:
    """The requests table, and its upper half again with other figures."""
    figures = numbered("2021", REQUESTS)
    first, again = requests_rows(figures), requests_rows({key: text + "9" for key, text in figures.items()})
    edges = edges_of(len(first[0]))
    return read(locate_all(REQUESTS, rows_of_grids([grid(first, edges), grid(again[:16], edges, page=2)]), FORMS))


def two_rows_of_figures(*columns: int) -> object:
    """Two rows of one grid, the lower one with figures in these of its columns, whose cells are half as wide."""
    upper = ["甲", *[text for number in range(4) for text in (str(number + 1), LEFT)]]
    lower = ["乙", *["7", LEFT] * 4]
    for column in columns:
        lower[2 * column + 2] = "8"
    return [row.piece for row in rows_of_grids([grid([upper, lower], edges_of(9))])]


def figures_that_lost_their_label(count: int) -> object:
    lines = requests_lines(adding_up(numbered("2021", REQUESTS)))
    place = next(i for i, text in enumerate(lines) if text.startswith("4.保护第三方"))
    figures = lines[place][24:].split()[:count]
    lines[place] = "　" * 24 + lines[place][24 : lines[place].index(figures[-1]) + len(figures[-1])]
    return read(locate(REQUESTS, rows_of_lines([line(text, width=5.0) for text in lines], "text"), FORMS))


def a_report_with_blanks(share: float) -> object:
    report = make_report()
    figures = {key: figure._replace(value=Decimal(0), printed="0") for key, figure in report.figures.items()}
    for table in RESOURCES:
        keys = [key for key in figures if key.resource == table]
        for key in keys[: round(share * len(keys))]:
            figures[key] = figures[key]._replace(value=None, printed="")
    return is_doubtful(replace(report, figures=figures), ())


STRANGE = ["平台浏览点击次数统计", LEFT, LEFT, *["88888"] * 7]
REMARK = ["说明", LEFT, LEFT, *[""] * 7]
SMALLEST: dict[str, Callable[[], object]] = {
    "labels of any length": labels_of_any_length,
    "a label among those of its group": a_label_among_those_of_its_group,
    "a label in many lines": a_label_in_many_lines,
    "figures before a label's last character": figures_between_a_label_and_its_last_character,
    "a row that a page parts": a_row_that_a_page_parts,
    "two figures without a label": partial(figures_without_a_label, 2),
    "five figures without a label": partial(figures_without_a_label, 5),
    "a word that reaches far": partial(a_word_that_reaches_into_the_next_column, 0.9),
    "a word that reaches a little": partial(a_word_that_reaches_into_the_next_column, 0.3),
    "borders that are nearly one": borders_that_are_nearly_one,
    "figures beside a lone column": figures_beside_a_blocks_only_column,
    "nearly a whole table and an annex": partial(a_table_and_another_in_an_annex, -4),
    "half a table and an annex": partial(a_table_and_another_in_an_annex, 15),
    "a table among 600 rows": partial(a_table_among_other_rows, 600),
    "a table among 1500 rows": partial(a_table_among_other_rows, 1500),
    "strange rows below the header": partial(rows_between_header_and_table, STRANGE, 5),
    "remarks below the header": partial(rows_between_header_and_table, REMARK, 7),
    "lines below the header": partial(lines_between_header_and_table, 30),
    "many lines below the header": partial(lines_between_header_and_table, 100),
    "two numbered lines": partial(lines_that_begin_with_numbers, 2),
    "five numbered lines": partial(lines_that_begin_with_numbers, 5),
    "contents that have more": contents_with_a_section_more_than_the_report,
    "a heading with a remark": a_heading_with_a_remark,
    "a title in three lines": partial(a_title_in_lines, 3),
    "a title in lines of a character": partial(a_title_in_lines, 19),
    "a name in two lines": partial(a_name_above_the_title, 2),
    "a name in five lines": partial(a_name_above_the_title, 5),
    "a signature of two lines": partial(a_signature_of_lines, 2),
    "a signature of five lines": partial(a_signature_of_lines, 5),
    "one indent in 24 lines": partial(paragraphs_of_lines, 24, 1),
    "two indents in 12 lines": partial(paragraphs_of_lines, 12, 2),
    "a table and half of it again": a_table_and_some_of_its_rows,
    "figures in one other column": partial(two_rows_of_figures, 1),
    "figures in three other columns": partial(two_rows_of_figures, 0, 1, 2),
    "one figure that lost its label": partial(figures_that_lost_their_label, 1),
    "four figures that lost their label": partial(figures_that_lost_their_label, 4),
    "few blanks": partial(a_report_with_blanks, 0.1),
    "many blanks": partial(a_report_with_blanks, 0.4),
}

DAMAGED: dict[str, tuple[Callable[[int], object], tuple[int, ...]]] = {
    "requests with rules": (damaged_grids, (1, 9, 26, 40, 47, 49)),
    "requests in lines": (damaged_lines, (0, 20, 26, 33)),
    "proactive disclosure": (partial(damaged_table, PROACTIVE), (5, 13, 28)),
    "reviews": (partial(damaged_table, REVIEWS), (5,)),
    "headers": (damaged_columns, (40, 76)),
    "columns in lines": (damaged_line_columns, (10, 40)),
    "headings": (damaged_outline, (3, 8, 18, 35)),
}
"""The seeds that show most, of some hundred that were tried."""
CASES = {f"{name} {seed}": partial(of, seed) for name, (of, seeds) in DAMAGED.items() for seed in seeds} | SMALLEST

NOT_HELD: dict[Move, str] = {
    ("AlignmentCosts.missing_heading", 1 / 3): "a heading that is left out costs little as it is",
    ("AlignmentCosts.label_before_nameless", 1 / 3): "the row without a label is taken either way",
    ("AlignmentCosts.nameless_gain", 3): "nothing else is like the row without a label",
    ("AlignmentCosts.nameless_gain", 1 / 3): "nothing else is like the row without a label",
    ("AlignmentCosts.whole_halves_weight", 3): "two halves that make a label win by far",
    ("ColumnSettings.spanning_weight", 1 / 3): "the order of columns tells what their spanning headers do",
    ("ColumnSettings.headless_column", 1 / 3): "as good as nothing already",
    ("OutlineSettings.more_chars", 3): "a heading with more characters behind it is not similar enough",
    ("SecondReadingSettings.time_ratio", 3): "a matter of time, not of what is read",
    ("SecondReadingSettings.time_ratio", 1 / 3): "a matter of time, not of what is read",
}
"""The moves that no case shows, and why, as far as it is known."""


# ---------------------------------------------------------------- the settings


@cache
def usual(case: str) -> object:
    """What is read of a case with all settings as they are."""
    return CASES[case]()


@contextmanager
def moved(setting: str, factor: float) -> Iterator[None]:
    """The setting is so many times as large meanwhile: the one instance that all modules read."""
    owner, name = setting.split(".")
    instance = next(each for each in SETTINGS if type(each).__name__ == owner)
    before = getattr(instance, name)
    object.__setattr__(instance, name, int(before * factor) if isinstance(before, int) else before * factor)
    alignment._scattered_share.cache_clear()
    try:
        yield
    finally:
        object.__setattr__(instance, name, before)
        alignment._scattered_share.cache_clear()


MOVES: list[Move] = [
    (f"{type(each).__name__}.{field.name}", factor) for each in SETTINGS for field in fields(each) for factor in FACTORS
]


def read_otherwise(setting: str, factor: float) -> bool:
    """Whether a case is read otherwise with the setting moved."""
    expected = {case: usual(case) for case in CASES}
    with moved(setting, factor):
        return any(CASES[case]() != read for case, read in expected.items())


@pytest.mark.parametrize(("setting", "factor"), [move for move in MOVES if move not in NOT_HELD])
def test_a_setting_that_is_moved_far_makes_of_a_case_something_else(setting: str, factor: float) -> None:
    assert read_otherwise(setting, factor)


@pytest.mark.parametrize(("setting", "factor"), NOT_HELD)
def test_what_is_named_as_not_held_is_a_setting_and_not_held(setting: str, factor: float) -> None:
    """Where this fails a case has come to hold it: strike it from the list."""
    assert (setting, factor) in MOVES
    assert not read_otherwise(setting, factor)


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_read_alike_each_time(case: str) -> None:
    assert CASES[case]() == usual(case)
