"""Zips that are no Word file, and Word files that are hostile: refused with a line that says why, or read."""
# a case a line reads as a table

from __future__ import annotations

import random
import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.errors import ReportError, UnreadableFile
from gongkai.model import Line
from gongkai.read import read
from gongkai.system.limits import LIMITS, in_force
from tests.reports.content import make_content
from tests.reports.docx import Typed, write_docx
from tests.reports.oracle import extract
from tests.reports.sheets import sheets
from tests.reports.word import cell, pack, paragraph, table


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


def make_zip(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    return path


TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


def test_another_zip_that_is_named_docx_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    assert ".docm" in refusal(pack(path, paragraph("正文"), main_type=TYPE))
    assert ".xlsx" in refusal(make_zip(path, xl__workbook_xml=""))
    assert ".pptx" in refusal(make_zip(path, ppt__presentation_xml=""))
    assert "OFD" in refusal(make_zip(path, OFD_xml=""))
    assert ".odt" in refusal(make_zip(path, mimetype="application/vnd.oasis.opendocument.text"))
    assert "a zip" in refusal(make_zip(path, note_txt="x"))
    assert "a zip" in refusal(make_zip(path))


def test_a_word_file_under_another_name_is_to_be_renamed(tmp_path: Path) -> None:
    path = pack(tmp_path / "file.pdf", paragraph("正文"))
    assert "rename it to file.docx" in refusal(path)


def test_a_password_is_asked_to_be_removed(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000) + "EncryptedPackage".encode("utf-16-le"))
    assert "password" in refusal(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))
    assert "old Office file" in refusal(path)


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "file.docx", paragraph("正文"))
    data = bytearray(path.read_bytes())
    for place in (m.start() for m in re.finditer(rb"PK\x01\x02", bytes(data))):
        data[place + 8] |= 1
    path.write_bytes(data)
    assert "damaged" in refusal(path) or "password" in refusal(path)


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("<w:p>" * 3 * LIMITS.part_depth + "</w:p>" * 3 * LIMITS.part_depth, id="nested-too-deeply"),
        pytest.param("<w:p></w:r>", id="no-xml"),
        pytest.param("\x00", id="no-characters"),
        pytest.param('<w:altChunk r:id="rId9"/>', id="another-file-embedded"),
        pytest.param(paragraph(), id="nothing-printed"),
        pytest.param(paragraph(inner="<w:r><w:drawing><a:blip/></w:drawing></w:r>"), id="a-picture-alone"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(inner: str, tmp_path: Path) -> None:
    refusal(pack(tmp_path / "file.docx", inner))


def test_a_document_type_is_refused_before_its_entities_count(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 9))
    head = (
        f'<?xml version="1.0"?><!DOCTYPE w:document [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    path = pack(tmp_path / "file.docx", "", more={"word/document.xml": f"{head}<document>&l8;&f;</document>"})
    assert "document type" in refusal(path)


def test_sizes_are_counted_while_unpacking(tmp_path: Path) -> None:
    path = pack(tmp_path / "file.docx", paragraph(" " * 200_000 + "正文"))
    assert path.stat().st_size < 10_000
    with in_force(replace(LIMITS, part_bytes=100_000)):
        assert "too large" in refusal(path)


def test_elements_are_counted_while_parsing(tmp_path: Path) -> None:
    with in_force(replace(LIMITS, part_elements=1000)):
        assert "too many elements" in refusal(pack(tmp_path / "file.docx", paragraph("正文") * 400))


def test_a_part_packed_in_a_way_that_word_never_packs_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
    assert "zip" in refusal(path)


def test_a_table_as_wide_as_no_page_is_no_table(tmp_path: Path) -> None:
    body = table([cell("a", 999_999_999), cell("b", 60), cell("c", 70), cell("d", 190)], ["e"])
    document = read(pack(tmp_path / "file.docx", body))
    assert [block.text for block in document.blocks if isinstance(block, Line)] == list("abcde")


def test_what_lies_outside_the_file_is_never_opened(tmp_path: Path) -> None:
    relation = '<Relationship Type="x/{}" Target="{}" TargetMode="{}"/>'.format
    relations = (
        '<Relationships xmlns="x">' + relation("officeDocument", "file:///etc/passwd", "External") + "</Relationships>"
    )
    assert lines(tmp_path / "file.docx", paragraph("正文"), relations) == ["正文"]
    relations = (
        '<Relationships xmlns="x">' + relation("officeDocument", "../../../../etc/passwd", "") + "</Relationships>"
    )
    refusal(pack(tmp_path / "file.docx", paragraph("正文"), more={"_rels/.rels": relations}))


def test_the_deepest_nesting_that_is_let_in_can_be_walked(tmp_path: Path) -> None:
    open_, shut = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    depth = (LIMITS.part_depth - 6) // 3
    assert lines(tmp_path / "file.docx", open_ * depth + paragraph("底") + shut * depth) == ["底"]
    box = ("<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>")
    depth = (LIMITS.part_depth - 6) // 4
    assert lines(tmp_path / "file.docx", box[0] * depth + paragraph("底") + box[1] * depth) == ["底"]
    wrapper = ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>")
    depth = (LIMITS.part_depth - 6) // 2
    assert lines(tmp_path / "file.docx", wrapper[0] * depth + paragraph("底") + wrapper[1] * depth) == ["底"]


SAMPLE = make_content(seed=8)


@given(seed=st.integers(0, 2**32), where=st.sampled_from(["zip", "xml"]))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    seed: int, where: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same damage in every run
    path = tmp_path_factory.mktemp("damaged") / "file.docx"
    typed = Typed(numbered=True, title="alternate", noise=True, labels_numbered=True)
    write_docx(path, SAMPLE, sheets(SAMPLE), typed)
    if where == "xml":
        with zipfile.ZipFile(path) as file:
            members = {name: file.read(name) for name in file.namelist()}
        name = chance.choice(sorted(members))
        members[name] = damaged(members[name], chance)
        with zipfile.ZipFile(path, "w") as file:
            for member, data in members.items():
                file.writestr(member, data)
    else:
        path.write_bytes(damaged(path.read_bytes(), chance))
    with suppress(ReportError):
        extract(path, "single")


def lines(path: Path, body: str, relations: str = "") -> list[str]:
    document = read(pack(path, body, more={"_rels/.rels": relations} if relations else {}))
    return [block.text for block in document.blocks if isinstance(block, Line)]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them changed, doubled or gone; in XML, mostly values of attributes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed))
        end = min(start + chance.choice((1, 8, 200)), len(changed))
        match chance.randrange(4):
            case 0:
                del changed[start:end]
            case 1:
                changed[start:end] = changed[start:end] * 2
            case 2:
                changed[start] = chance.randrange(256)
            case _:
                quoted = [m.span(1) for m in re.finditer(rb'="([^"]*)"', bytes(changed))]
                if quoted:
                    a, b = chance.choice(quoted)
                    changed[a:b] = chance.choice((b"", b"-1", b"999999999", b"x", b"1.5", b"restart", "二".encode()))
    return bytes(changed) or b"PK"
