"""The registry of formats: that all follows from an entry, shown with one that nobody has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gongkai.build.stages import complete_report
from gongkai.errors import UnreadableFile
from gongkai.model import Document, Grid
from gongkai.names.registry import Registry
from gongkai.package import fingerprint, schema
from gongkai.package.fingerprint import code_for
from gongkai.package.folder import read_package, write_package
from gongkai.package.validate import check_package
from gongkai.publish.site import render_site
from gongkai.read import formats, read
from gongkai.read.formats import FORMATS, UNREAD, Format, Kept, Method, Words
from gongkai.read.text import read_text
from tests.builders import AGENCY, make_report, write_printed
from tests.test_site import PLACES, TEMPLATES

DOCUMENTED = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
HEAD = "%SLIP 1.0\n"


def read_slip(path: Path) -> Document:
    """Text, of which each line but the first is as it stands."""
    text = path.with_name("slip-as-text.txt")
    text.write_text(path.read_text(encoding="utf-8").removeprefix(HEAD), encoding="utf-8")
    document = read_text(text)
    blocks = (replace(block, reader="slip") if isinstance(block, Grid) else block for block in document.blocks)
    return replace(document, blocks=tuple(blocks), reader="slip")


SLIP = Format(
    name=Words("竹简", "bamboo slip"),
    saved_as=Words("竹简（.slip）", "bamboo slip (.slip)"),
    what="a bamboo slip",
    kept=(Kept(".slip", "text/x-slip"),),
    aliases=(".slp",),
    methods=(Method("slip", Words("竹简文字", "writing on bamboo")),),
    read=read_slip,
    modules=("gongkai.read.docx.numbering",),
    libraries={"zoneinfo_of_bamboo": ("bamboo",)},
    is_told_by=lambda head: head.startswith(HEAD.encode()),
    unlike="not a bamboo slip; dig again",
    missing="plant some bamboo",
)


@pytest.fixture
def with_slips(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A format more, known from its entry alone."""
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, SLIP))
    kept = (schema.table_schema, schema._codes, schema._schema, fingerprint._maker)
    for each in kept:
        each.cache_clear()
    yield
    monkeypatch.undo()
    for each in kept:
        each.cache_clear()


def a_slip(folder: Path, name: str = "report.slip") -> Path:
    path = write_printed(folder / name, make_report())
    path.write_text(HEAD + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.usefixtures("with_slips")
def test_a_new_format_is_told_from_its_content_and_read(tmp_path: Path) -> None:
    assert read(a_slip(tmp_path)).reader == "slip"
    assert read(a_slip(tmp_path, "report.slp")).reader == "slip"
    assert refusal(a_slip(tmp_path, "report.txt")) == "not a .txt but a bamboo slip: rename it to report.slip"
    (tmp_path / "other.slip").write_text("paper", encoding="utf-8")
    assert refusal(tmp_path / "other.slip") == "not a bamboo slip; dig again"


def test_before_it_is_declared_it_is_not_read(tmp_path: Path) -> None:
    assert refusal(a_slip(tmp_path)) == f".slip: {formats.SAVE_OTHERWISE}"


@pytest.mark.usefixtures("with_slips")
def test_where_its_library_is_missing_its_entry_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(_: Path) -> Document:
        raise ModuleNotFoundError(name="bamboo")

    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, replace(SLIP, read=unable)))
    assert refusal(a_slip(tmp_path)) == ("a bamboo slip is read with bamboo, which is not installed; plant some bamboo")


def test_that_a_module_of_ours_is_missing_is_a_defect_and_no_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(_: Path) -> Document:
        raise ModuleNotFoundError(name="gongkai.read.slips")

    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, replace(SLIP, read=unable)))
    with pytest.raises(ModuleNotFoundError):
        read(a_slip(tmp_path))


@pytest.mark.usefixtures("with_slips")
@pytest.mark.parametrize("name", ["published.slip", "published.slp"])
def test_a_new_format_is_packaged_validated_and_shown(name: str, tmp_path: Path) -> None:
    origin = tmp_path / "origin.toml"
    origin.write_text(f'agency = "{AGENCY.name}"\nyear = 2023\n', encoding="utf-8")
    file, folder = a_slip(tmp_path, name), tmp_path / "datasets" / AGENCY.id / "2023"
    registry = Registry.read(tmp_path / "agencies.csv").with_agency(AGENCY)
    report, findings = complete_report(file, registry, origin)
    write_package(report, findings, file, folder, origin)
    package, problems = check_package(folder)
    assert problems == []
    assert package is not None
    assert (folder / "report.slip").read_bytes() == file.read_bytes()
    assert package.report.source.suffix == ".slip"
    original = next(each for each in package.descriptor["resources"] if each["name"] == "report")
    assert (original["path"], original["mediatype"]) == ("report.slip", "text/x-slip")
    assert {figure.reader for figure in read_package(folder).report.figures.values()} == {"slip"}
    fields = next(each for each in package.descriptor["resources"] if each["name"] == "provenance")["schema"]["fields"]
    assert fields[-1]["constraints"]["enum"][-2:] == ["slip", "correction"]
    render_site(tmp_path / "datasets", tmp_path / "site", templates=TEMPLATES, name_of=PLACES.get)
    page = tmp_path / "site" / "en" / "agency" / AGENCY.id / "2023"
    assert "writing on bamboo" in (page / "index.html").read_text(encoding="utf-8")
    # What no browser is known to leave alone is offered as plain text; pages of both languages share one copy.
    assert [path.name for path in (tmp_path / "site").rglob("report.slip*")] == ["report.slip.txt"]
    for prefix, words in (("", "Word（.docx）、文本或竹简（.slip）"), ("en/", "text or bamboo slip (.slip)")):
        assert words in (tmp_path / "site" / f"{prefix}contribute" / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("with_slips")
def test_the_modules_of_a_new_format_count_for_it_alone() -> None:
    assert "gongkai.read.docx.numbering" in code_for(".slip").modules
    assert "gongkai.read.docx.numbering" in code_for(".slp").modules
    assert "gongkai.read.docx.numbering" not in code_for(".txt").modules


def test_markdown_is_read_as_text_and_kept_under_its_name(tmp_path: Path) -> None:
    origin = tmp_path / "origin.toml"
    origin.write_text(f'agency = "{AGENCY.name}"\nyear = 2023\n', encoding="utf-8")
    file = write_printed(tmp_path / "a.md", make_report())
    registry = Registry.read(tmp_path / "agencies.csv").with_agency(AGENCY)
    report, findings = complete_report(file, registry, origin)
    folder = tmp_path / AGENCY.id / "2023"
    write_package(report, findings, file, folder, origin)
    assert report.reader == "text"
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    assert [descriptor["resources"][-1][key] for key in ("path", "mediatype")] == ["report.md", "text/markdown"]


# ---------------------------------------------------------------- the registry itself


def test_no_two_formats_claim_one_suffix_one_code_or_one_name() -> None:
    suffixes = [suffix for each in (*FORMATS, *UNREAD) for suffix in each.suffixes]
    codes = formats.reader_codes()
    assert len(suffixes) == len(set(suffixes))
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"\.[a-z]+", suffix) for suffix in suffixes)


@pytest.mark.parametrize("given", FORMATS, ids=lambda given: given.suffix)
def test_each_format_names_its_methods_whole(given: Format) -> None:
    codes = [method.code for method in given.methods]
    assert all(not method.without_rules or method.without_rules in codes for method in given.methods)
    assert given.second is None or given.second.method in codes
    assert (given.pictures is None) is (given.picture_modules == ())


@pytest.mark.parametrize("given", FORMATS, ids=lambda given: given.suffix)
def test_each_format_is_documented(given: Format) -> None:
    table = DOCUMENTED[: DOCUMENTED.index("## How right")]
    assert all(f"`{suffix}`" in table for suffix in given.suffixes)
    assert all(f"`{method.code}`" in table for method in given.methods)


@pytest.mark.parametrize("suffix", [suffix for other in UNREAD if other.told for suffix in other.suffixes[:1]])
def test_what_is_not_read_is_documented(suffix: str) -> None:
    unread = DOCUMENTED[DOCUMENTED.index("## What is not read") :]
    assert f"`{suffix}`" in unread or "pictures" in unread
