from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from gongkai.errors import UnreadableFile
from gongkai.model import Origin
from gongkai.package.origin import _RULES, read_origin


def origin_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "report.origin.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_what_a_person_states_is_read(tmp_path: Path) -> None:
    content = """
        agency = "示例市财政局"
        year = 2023
        scope = "agency"
        url = "https://www.example.org/年报.html?a=1#b"
        publisher = "示例市人民政府"
        published = 2024-01-30
        retrieved = 2024-02-03
        licence = "none stated"
        note = "typeset anew\\nfrom published figures"
        replace = true
    """
    assert read_origin(origin_file(tmp_path, content)) == Origin(
        agency="示例市财政局",
        year=2023,
        scope="agency",
        url="https://www.example.org/年报.html?a=1#b",
        publisher="示例市人民政府",
        published=date(2024, 1, 30),
        retrieved=date(2024, 2, 3),
        licence="none stated",
        note="typeset anew\nfrom published figures",
        replace=True,
    )


def test_nothing_is_stated_where_there_is_no_file_or_an_empty_one(tmp_path: Path) -> None:
    assert read_origin(None) == Origin()
    assert read_origin(origin_file(tmp_path, "# nothing yet\n")) == Origin()


def test_a_byte_order_mark_of_a_text_editor_does_no_harm(tmp_path: Path) -> None:
    assert read_origin(origin_file(tmp_path, b"\xef\xbb\xbfyear = 2023\n")).year == 2023


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('yeer = 2023\nagency = "x"', r"'yeer' is not a known key; use agency, year", id="unknown-key"),
        pytest.param('year = "2023"', "year must be the year", id="a-year-in-quotes"),
        pytest.param("year = true", "year must be the year", id="a-year-that-is-true"),
        pytest.param("year = 23", "year must be the year", id="a-short-year"),
        pytest.param("agency = 5", "agency must be the agency's full", id="no-text"),
        pytest.param('agency = "  "', "agency must be", id="an-empty-text"),
        pytest.param('agency = "a\\u001b[31m"', "agency must be", id="a-control-character"),
        pytest.param('publisher = "' + "x" * 3000 + '"', "publisher must be", id="a-text-without-end"),
        pytest.param('scope = "city"', "one of region, agency, unknown", id="another-scope"),
        pytest.param('url = "javascript:alert(1)"', "web address", id="no-web-address"),
        pytest.param('url = "https://x.org/ y"', "web address", id="a-space-in-an-address"),
        pytest.param('published = "2024-01-30"', "a date without quotes", id="a-date-in-quotes"),
        pytest.param("retrieved = 2024-01-30T10:00:00", "a date without quotes", id="a-time-too"),
        pytest.param('replace = "yes"', "true or false", id="no-truth"),
        pytest.param("year = ", "not TOML in UTF-8", id="no-toml"),
        pytest.param(b"agency = '\xb2\xc6'", "not TOML in UTF-8", id="another-encoding"),
        pytest.param("#" * 200_000, "larger than", id="huge"),
        pytest.param("a = " + "[" * 50_000, "not TOML", id="deep"),
    ],
)
def test_a_statement_that_cannot_count_is_refused_with_what_is_expected(
    content: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match=message) as caught:
        read_origin(origin_file(tmp_path, content))
    assert "\n" not in str(caught.value).strip()


def test_every_key_has_a_rule() -> None:
    assert set(_RULES) == {field.name for field in fields(Origin)}
