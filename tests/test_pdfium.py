"""PDFium is the same on every machine: whatever fonts a machine has, a file is read and drawn alike."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import build
from gongkai.names.registry import COLUMNS
from gongkai.read.pdf.pdfium import FONT, pdfium
from gongkai.read.pdf.pdfium_objects import page_chars
from tests.reports.cases import OLDER, Case
from tests.reports.pdf import Drawn
from tests.reports.typefaces import FOLDER, TYPEFACES, is_there

UPSTREAM = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
"""SHA-256 of the file in the release Sans2.004 of notofonts/noto-cjk, and in Debian's fonts-noto-cjk."""

FONT_FOLDERS = ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")
"""Where PDFium looks for fonts on Linux if it isn't told otherwise."""


def test_the_font_is_the_one_that_its_makers_released() -> None:
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() == UPSTREAM


def test_nobody_takes_pdfium_from_elsewhere() -> None:
    root = Path(build.__file__).parent
    places = [path for folder in ("gongkai", "tests", "bench") for path in (root / folder).rglob("*.py")]
    importing = [
        path for path in places if re.search(r"^\s*(import|from) pypdfium2", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert [path.relative_to(root).as_posix() for path in importing] == ["gongkai/read/pdf/pdfium.py"]


@pytest.mark.parametrize(("digits", "width"), [("12345", 500), ("12345", 900), ("申请", 1000), ("申请", 700)])
def test_where_a_pdf_states_widths_they_go_before_those_of_the_font_that_stands_in(
    digits: str, width: int, tmp_path: Path
) -> None:
    path = tmp_path / "stated.pdf"
    path.write_bytes(stated_widths(digits, width))
    with pdfium.PdfDocument(path) as pdf:
        chars = page_chars(pdf[0])
    assert "".join(char[0] for char in chars) == digits
    assert [round(right - left, 1) for _, left, _, right, *_ in chars] == [width / 100] * len(digits)
    assert [round(x, 1) for *_, x, _, _ in chars] == [
        round(50 + place * width / 100, 1) for place in range(len(digits))
    ]


def stated_widths(text: str, width: int) -> bytes:
    """A page with a text in a font that is not embedded, 10 points high, all of whose characters have one width."""
    stream = b"BT /F 10 Tf 50 100 Td <%s> Tj ET" % text.encode("utf-16-be").hex().encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/FontDescriptor 7 0 R/DW %d>>" % width,
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 859"
        b"/Descent -141/CapHeight 700/StemV 80>>",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def test_the_second_reader_takes_its_tables_of_characters_from_its_own_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMAP_PATH", str(tmp_path))
    (tmp_path / "to-unicode-Adobe-GB1.json.gz").write_bytes(b"of this machine")
    answer = subprocess.run(
        [sys.executable, "-c", READ_TWICE, Case().write(tmp_path)],
        capture_output=True, check=True, encoding="utf-8", cwd=Path(build.__file__).parent,
    )  # fmt: skip
    assert "政府信息公开" in answer.stdout


READ_TWICE = """
import sys
from pathlib import Path
from gongkai.model import Line
from gongkai.read.pdf.second_reader import read_pages
print("".join(block.text for block in read_pages(Path(sys.argv[1]), [1]) if isinstance(block, Line)))
"""


def may_hide_fonts() -> bool:
    """Whether this machine lets us lay other folders over those of its fonts, for one process."""
    return shutil.which("unshare") is not None and not subprocess.run(["unshare", "-m", "true"], check=False).returncode


@pytest.mark.skipif(not may_hide_fonts(), reason="needs unshare -m, as root")
@pytest.mark.skipif(not all(map(is_there, TYPEFACES)), reason="needs the typefaces that tests/install brings")
def test_packages_and_pictures_are_the_same_bytes_whatever_fonts_a_machine_has(tmp_path: Path) -> None:
    machines = {"none": (), "one": ("kai",), "several": TYPEFACES}
    trees = {}
    for name, typefaces in machines.items():
        fonts = tmp_path / name / "fonts"
        fonts.mkdir(parents=True)
        for typeface in typefaces:
            shutil.copytree(FOLDER / typeface, fonts / typeface)
        trees[name] = built(tmp_path / name, fonts)
    assert trees["none"]
    assert {Path(name).name for name in trees["none"]} >= {"provenance.csv", "page-1.webp"}
    assert trees["one"] == trees["none"]
    assert trees["several"] == trees["none"]


def built(project: Path, fonts: Path) -> dict[str, str]:
    """Two reports built where a machine has these fonts alone: the hash of each file of the packages and the site."""
    datasets = project / "datasets"
    datasets.mkdir()
    known = [",".join(COLUMNS), "990100-ren-min-zheng-fu,示例市人民政府,,990100,city,government,", ""]
    (datasets / "agencies.csv").write_text("\n".join(known), encoding="utf-8")
    for year, case in ((2023, Case()), (2020, Case(OLDER, drawn=Drawn("none", latin=True)))):
        folder = project / str(year)
        folder.mkdir()
        case.write(folder).rename(datasets / f"{year}.pdf")
        (datasets / f"{year}.origin.toml").write_text(f'agency = "示例市人民政府"\nyear = {year}\n', encoding="utf-8")
    mounts = [f'mount --bind "{fonts}" {folder}' for folder in FONT_FOLDERS if Path(folder).is_dir()]
    command = [sys.executable, build.__file__, "--readings", "double", "--source-images", "all"]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", " && ".join([*mounts, 'exec "$@"']), "sh", *command],
        cwd=project, capture_output=True, check=False, encoding="utf-8", env={**os.environ, "TZ": "Asia/Shanghai"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for top in (datasets, project / "site")
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }
