from __future__ import annotations

import os
from pathlib import Path

import pytest

from gongkai.errors import Conflict, UsageError
from gongkai.model import Agency
from gongkai.names.registry import COLUMNS, Entry, Registry

CITY = Agency("990100-ren-min-zheng-fu", "示例市人民政府", "990100", "city", "government")
BUREAU = Agency("990100-cai-zheng-ju", "示例市财政局", "990100", "city", "department")
HEADER = ",".join(COLUMNS)


def test_a_file_that_is_not_there_is_an_empty_registry(tmp_path: Path) -> None:
    assert len(Registry.read(tmp_path / "agencies.csv")) == 0


def test_what_is_written_is_read_back_sorted_by_id(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_bytes(Registry([Entry(CITY, ("示例市府", "示例府"), "990100-old"), Entry(BUREAU)]).to_bytes())
    assert path.read_text(encoding="utf-8").splitlines() == [
        HEADER,
        "990100-cai-zheng-ju,示例市财政局,,990100,city,department,",
        "990100-ren-min-zheng-fu,示例市人民政府,示例市府|示例府,990100,city,government,990100-old",
    ]
    again = Registry.read(path)
    assert [entry.agency for entry in again] == [BUREAU, CITY]
    assert again.find("示例府") == again.by_id(CITY.id) == CITY


def test_an_alias_of_two_agencies_finds_neither() -> None:
    registry = Registry([Entry(CITY, ("示例",)), Entry(BUREAU, ("示例", "示例财政"))])
    assert registry.find("示例") is None
    assert registry.find("示例财政") == BUREAU


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        pytest.param(["id,name"], "the columns are not", id="other-columns"),
        pytest.param([], "the columns are not", id="empty"),
        pytest.param([HEADER, "../../x,示例市财政局,,990100,city,,"], "not an agency id", id="an-id-that-is-a-path"),
        pytest.param([HEADER, "990100-CAI,示例市财政局,,990100,city,,"], "not an agency id", id="upper-case"),
        pytest.param([HEADER, "990100-cai,,,990100,city,,"], "no name", id="no-name"),
        pytest.param([HEADER, "990100-cai,示例市财政局,,99010,city,,"], "not six digits", id="a-short-code"),
        pytest.param([HEADER, "990100-cai,示例市财政局,,990100,town,,"], "as its level", id="an-unknown-level"),
        pytest.param([HEADER, "990100-cai,示例市财政局,,990100,city"], "5 cells", id="a-short-row"),
        pytest.param([HEADER, f"990100-{'x' * 300},示例市财政局,,990100,city,,"], "no line of at most", id="a-long-id"),
        pytest.param([HEADER, '990100-cai,"示例市\n财政局",,990100,city,,'], "no line of at most", id="two-lines"),
        pytest.param([HEADER, '990100-cai,"示例市'], "unexpected end of data", id="an-open-quote"),
        pytest.param(
            [HEADER, "990100-cai,示例市财政局,,990100,city,,", "990100-cai,示例市水务局,,990100,city,,"],
            "two agencies have the id",
            id="one-id-twice",
        ),
        pytest.param(
            [HEADER, "990100-cai,示例市财政局,,990100,city,,", "990100-shui,示例市财政局,,990100,city,,"],
            "two rows have the name",
            id="one-name-twice",
        ),
    ],
)
def test_a_file_that_is_no_registry_is_refused_in_one_line(tmp_path: Path, rows: list[str], complaint: str) -> None:
    path = tmp_path / "agencies.csv"
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(UsageError, match=complaint) as error:
        Registry.read(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_registry_that_is_no_file_itself_is_never_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "agencies.csv"
    if kind == "link":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    with pytest.raises(UsageError, match="no regular file"):
        Registry.read(path)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_bytes("示例".encode("gbk"))
    with pytest.raises(UsageError, match="UTF-8"):
        Registry.read(path)


def test_a_spreadsheet_s_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "agencies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + Registry([Entry(CITY)]).to_bytes())
    assert Registry.read(path).find(CITY.name) == CITY


def test_an_agency_is_added_to_another_registry_and_this_one_stays() -> None:
    registry = Registry([Entry(CITY, ("示例府",))])
    more = registry.with_agency(BUREAU)
    assert (len(registry), len(more)) == (1, 2)
    assert more.find("示例府") == CITY
    assert more.with_agency(BUREAU) is more


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Agency(CITY.id, "示例市仁民政府", "990100", "city"), id="an-id-of-another-name"),
        pytest.param(Agency("990100-x", CITY.name, "990100", "city"), id="a-name-of-another-id"),
        pytest.param(Agency("../x", "示例市审计局", "990100", "city"), id="an-id-that-is-a-path"),
    ],
)
def test_an_agency_that_contradicts_the_registry_is_a_conflict(other: Agency) -> None:
    with pytest.raises(Conflict):
        Registry([Entry(CITY)]).with_agency(other)
