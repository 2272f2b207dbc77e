from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.errors import UnreadableFile
from gongkai.model import Document, Line
from gongkai.read.text import read_text
from gongkai.system.limits import LIMITS

FULL = "本年度共收到政府信息公开申请十二件，均已在法定期限内答复。"


def read(folder: Path, content: str | bytes) -> Document:
    path = folder / "report.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_text(path)


def lines(document: Document) -> list[Line]:
    assert all(isinstance(block, Line) for block in document.blocks)
    return [block for block in document.blocks if isinstance(block, Line)]


def texts(document: Document) -> list[str]:
    return [line.text for line in lines(document)]


def places(document: Document) -> list[list[tuple[str, float, float]]]:
    return [[(word.text, word.x0, word.x1) for word in line.words] for line in lines(document)]


# ---------------------------------------------------------------- decoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_the_encodings_that_are_in_use(encoding: str, tmp_path: Path) -> None:
    content = f"示例市虚构局\n{FULL}\n".encode(encoding)
    if encoding in ("utf-16-le", "utf-16-be"):
        content = "\ufeff".encode(encoding) + content
    assert texts(read(tmp_path, content)) == ["示例市虚构局", FULL]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str, tmp_path: Path) -> None:
    assert texts(read(tmp_path, end.join(["甲", "", "乙"]))) == ["甲", "乙"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x00\x01\x02 binary", id="null-bytes"),
        pytest.param("文字\x00文字".encode(), id="a-null-byte-in-text"),
        pytest.param(b"\xff\xff\xff", id="no-encoding"),
        pytest.param(
            b"\xff\xff\xff\xff",
            id="no-encoding-of-even-length",
        ),
        pytest.param(b"\xff\xfea", id="half-a-character"),
        pytest.param(b"a" * (LIMITS.text_bytes + 1), id="too-long"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="text"):
        read(tmp_path, content)


def test_an_empty_text_is_a_document_without_lines(tmp_path: Path) -> None:
    document = read(tmp_path, " \n\n\t\n")
    assert document.blocks == ()
    assert document.reader == "text"


# ---------------------------------------------------------------- lines


def test_look_alikes_are_read_as_the_characters_that_they_are_drawn_as(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "⼀、总体情况\n")) == ["一、总体情况"]


def test_spaces_between_chinese_words_go_and_those_between_latin_ones_stay(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "示例市   虚构局\nannual report 2023 12\n")) == [
        "示例市虚构局",
        "annual report 2023 12",
    ]


def test_an_indented_line_begins_a_paragraph_and_a_full_one_may_go_on(tmp_path: Path) -> None:
    document = read(tmp_path, f"    {FULL}\n{FULL}\n三件。\n")
    assert [(line.starts, line.full) for line in lines(document)] == [(True, True), (False, True), (False, False)]


# ---------------------------------------------------------------- pages


def test_a_form_feed_begins_a_page(tmp_path: Path) -> None:
    document = read(tmp_path, "甲\n乙\n丙\n\f丁\n戊\n己\n")
    assert document.pages == 2
    assert [line.page for line in lines(document)] == [1, 1, 1, 2, 2, 2]


def test_page_numbers_at_the_edge_of_pages_are_no_text(tmp_path: Path) -> None:
    document = read(tmp_path, "标题\n甲\n乙\n- 1 -\n\f丙\n丁\n戊\n2\n")
    assert texts(document) == ["标题", "甲", "乙", "丙", "丁", "戊"]


def test_without_page_breaks_only_decorated_page_numbers_go_from_the_middle(tmp_path: Path) -> None:
    body = "\n".join("甲乙丙丁戊己")
    document = read(tmp_path, f"标题\n{body}\n- 1 -\n庚\n12\n{body}\n")
    assert texts(document) == ["标题", *"甲乙丙丁戊己", "庚", "12", *"甲乙丙丁戊己"]


# ---------------------------------------------------------------- columns


def row(label: str, figures: list[str], *, wide: bool) -> str:
    """A line of a table whose columns stand straight by characters, or on a terminal (a Chinese one takes two)."""
    taken = sum(2 for _ in label) if wide else len(label)
    return label + " " * (30 - taken) + "".join(f"{figure:>6}" for figure in figures)


@pytest.mark.parametrize("wide", [False, True], ids=["by-characters", "by-width"])
def test_where_columns_were_kept_words_of_one_column_stand_at_one_place(wide: bool, tmp_path: Path) -> None:
    labels = ["一、新收", "二、上年结转申请", "予以公开的", "结"]
    document = read(tmp_path, "\n".join(row(label, ["1", "22", "333", "4", "5"], wide=wide) for label in labels))
    ends = {tuple(x1 for _, _, x1 in words[-5:]) for words in places(document)}
    assert ends == {(36.0, 42.0, 48.0, 54.0, 60.0)}


def test_a_blank_cell_leaves_a_gap_where_columns_were_kept(tmp_path: Path) -> None:
    table = [row("甲", ["1", "2", "3", "4", "5"], wide=False) for _ in range(3)]
    gap = row("乙", ["1", "", "3", "4", "5"], wide=False)
    words = places(read(tmp_path, "\n".join([*table, gap])))[-1]
    assert [(text, x1) for text, _, x1 in words[1:]] == [("1", 36.0), ("3", 48.0), ("4", 54.0), ("5", 60.0)]


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(["甲 1 2 3 4 5", "乙丙丁 1 22 3 4 5", "戊 1 2 3 4 555"], id="single-spaces"),
        pytest.param([row("甲", ["1", "2", "3", "4", "5"], wide=False)], id="one-line-shows-no-columns"),
        pytest.param(["只有文字", "没有数字"], id="prose"),
    ],
)
def test_where_columns_were_not_kept_only_the_order_of_words_is_known(table: list[str], tmp_path: Path) -> None:
    for words in places(read(tmp_path, "\n".join(table))):
        assert {(x0, x1) for _, x0, x1 in words} == {(0.0, 0.0)}


# ---------------------------------------------------------------- never


@given(st.text("甲乙12 .-/\t\n\f\r\u3000件第页一二\u2028\x1c", max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_character_of_a_text_is_lost_but_page_numbers_and_spaces(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, f"首行\n次行\n{text}\n末二\n末行".replace("\f", ""))
    kept = "".join("".join(word.text for word in line.words) for line in lines(document))
    assert kept.startswith("首行次行")
    assert kept.endswith("末二末行")
    if "-" not in text and "页" not in text and "第" not in text:
        assert kept == "".join(f"首行次行{text}末二末行".split()).replace("\f", "")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("1\n" * 50_000, id="figures"),
        pytest.param("字\f" * 20_000, id="pages"),
        pytest.param("字" * 1_000_000, id="one-long-word"),
        pytest.param("\n" * 500_000, id="empty-lines"),
        pytest.param("甲 1 2 3 4 5\n" * 8_000, id="rows"),
        pytest.param(
            ("1 " * 4_000 + "\n") * 2,
            id="lines-of-thousands-of-words",
        ),
    ],
)
def test_an_absurd_text_takes_no_seconds(content: str, tmp_path: Path) -> None:
    began = time.process_time()
    read(tmp_path, content)
    assert time.process_time() - began < 2
