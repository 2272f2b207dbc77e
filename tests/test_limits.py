"""One table says what a stranger's file may take; what it names is enforced where it says, and a test shows it."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path

import PIL.Image
import pytest
from reportlab.pdfgen.canvas import Canvas
from selectolax.lexbor import LexborHTMLParser

import build
from gongkai.errors import NotAReport, UnreadableFile
from gongkai.read import read
from gongkai.read.html.style import hidden_elements
from gongkai.read.pdf import text_layer
from gongkai.read.pdf.pdfium import pdfium
from gongkai.read.pdf.pdfium_objects import page_strokes
from gongkai.read.pdf.text_layer import Pictures, needs_ocr
from gongkai.system.limits import LIMITS, MIB, Limits, Row, current, in_force, table
from gongkai.system.resource_limits import _data

ROOT = Path(__file__).parents[1]


def uses(module: Path) -> set[str]:
    """The names of all attributes and keyword arguments in a module."""
    nodes = list(ast.walk(ast.parse(module.read_bytes())))
    found = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return found | {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}


TESTED = set().union(*(uses(path) for path in (ROOT / "tests").glob("test_*.py")))


def path_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.mark.parametrize("row", table(), ids=lambda row: row.name)
def test_each_limit_is_enforced_where_the_table_says_and_tested(row: Row) -> None:
    used = uses(path_of(row.where))
    if row.name.startswith("time_s"):  # both add up in the class itself
        used |= uses(ROOT / "gongkai" / "system" / "limits.py") if "time_limit_s" in used else set()
    assert row.name in used
    assert row.name in TESTED
    assert row.value > 0
    assert len(row.why) > 20


def test_the_table_has_every_limit_with_its_unit_in_its_name() -> None:
    assert [row.name for row in table()] == [own.name for own in fields(Limits)]


def test_the_limits_that_people_are_told_are_these() -> None:
    assert (LIMITS.time_s, LIMITS.time_s_per_scanned_page) == (45, 10)
    assert (LIMITS.memory_mib, LIMITS.scan_memory_mib) == (1536, 2048)
    assert LIMITS.scan_memory_mib * MIB == 2 << 30


def test_pages_that_are_recognised_earn_time_up_to_a_number_of_them() -> None:
    limits = replace(LIMITS, time_s=45, time_s_per_scanned_page=10, scanned_pages=40)
    assert [limits.time_limit_s(pages) for pages in (0, 1, 40, 10**9)] == [45, 55, 445, 445]


def test_other_limits_hold_only_meanwhile() -> None:
    with in_force(replace(LIMITS, pdf_pages=3)) as limits:
        assert current() is limits
    assert current() is LIMITS


# ---------------------------------------------------------------- what readers count


@contextmanager
def drawn(folder: Path, draw: Callable[[Canvas], None]) -> Iterator[pdfium.PdfPage]:
    canvas = Canvas(str(folder / "file.pdf"), pagesize=(300, 300))
    draw(canvas)
    canvas.showPage()
    canvas.save()
    with pdfium.PdfDocument(folder / "file.pdf") as pdf:
        yield pdf[0]


def rules(canvas: Canvas) -> None:
    for y in (50, 100, 150):
        canvas.line(20, y, 280, y)


def within(depth: int) -> Callable[[Canvas], None]:
    """Rules in a form in a form in a form …."""

    def draw(canvas: Canvas) -> None:
        canvas.beginForm("f0")
        rules(canvas)
        canvas.endForm()
        for number in range(1, depth):
            canvas.beginForm(f"f{number}")
            canvas.doForm(f"f{number - 1}")
            canvas.endForm()
        canvas.doForm(f"f{depth - 1}")

    return draw


def jagged(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.moveTo(20, 50)
    for step in range(50):
        path.lineTo(280 if step % 2 == 0 else 20, 50 + step // 2 * 2)
    canvas.drawPath(path)


def test_drawings_within_drawings_are_followed_to_a_depth(tmp_path: Path) -> None:
    with drawn(tmp_path, within(3)) as page:
        assert len(page_strokes(page)) == 3
        with in_force(replace(LIMITS, pdf_form_depth=2)):
            assert page_strokes(page) == []


def test_a_path_of_many_segments_is_a_drawing(tmp_path: Path) -> None:
    with drawn(tmp_path, jagged) as page:
        assert page_strokes(page)
        with in_force(replace(LIMITS, pdf_path_segments=40)):
            assert page_strokes(page) == []


def test_only_so_many_drawn_objects_of_a_page_are_looked_at(tmp_path: Path) -> None:
    def shapes(canvas: Canvas) -> None:
        for y in range(2 * text_layer.SETTINGS.drawn_shapes):
            canvas.line(20, y, 280, y)

    with drawn(tmp_path, shapes) as page:
        assert needs_ocr(page)
        with in_force(replace(LIMITS, pdf_objects_per_page=text_layer.SETTINGS.drawn_shapes - 1)):
            assert not needs_ocr(page)


def test_a_page_of_many_pixels_is_rendered_coarser(tmp_path: Path) -> None:
    raster = pytest.importorskip("gongkai.read.scan.raster")
    with drawn(tmp_path, rules) as page, in_force(replace(LIMITS, pixels_per_page=10_000)):
        picture, dots = raster.render(page)
        assert picture.shape == (100, 100, 3)
        assert dots == pytest.approx(1 / 3)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    raster = pytest.importorskip("gongkai.read.scan.raster")
    path = tmp_path / "photograph.pdf"
    PIL.Image.new("L", (400, 500)).save(path, "PDF")
    with pdfium.PdfDocument(path) as pdf:
        with in_force(replace(LIMITS, pixels_per_picture=200_000)):
            assert raster.render(pdf[0])[0].size
        fewer = replace(LIMITS, pixels_per_picture=199_999)
        with in_force(fewer), pytest.raises(NotAReport, match=r"a picture of 200000 pixels on a page"):
            raster.render(pdf[0])


def test_a_scan_of_too_many_pages_is_refused_before_one_is_recognised(tmp_path: Path) -> None:
    scan = pytest.importorskip("gongkai.read.scan.reader")
    pictures = Pictures(frozenset((1, 2, 3)), {})
    limits = replace(LIMITS, scanned_pages=2)
    with (
        drawn(tmp_path, rules) as page,
        in_force(limits),
        pytest.raises(NotAReport, match=r"3 scanned pages \(at most 2\)"),
    ):
        scan.merged(page.pdf, (1, 2, 3), (), pictures)


def test_formatting_that_never_ends_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "file.html"
    path.write_text("<body>" + "<b>" * 10 + "<p>x</p>" * 10, encoding="utf-8")
    with in_force(replace(LIMITS, html_restarted=50)), pytest.raises(UnreadableFile, match="never end"):
        read(path)


@pytest.mark.parametrize("limits", [replace(LIMITS, css_characters=9), replace(LIMITS, css_selectors=1)])
def test_style_sheets_are_searched_to_an_end(limits: Limits) -> None:
    page = LexborHTMLParser("<style>u{color:red} b{display:none} i{display:none}</style><p><b>1</b><i>2</i></p>")
    assert len(hidden_elements(page)) == 2
    with in_force(limits):
        assert len(hidden_elements(page)) == (1 if limits.css_selectors == 1 else 0)


def test_of_a_process_memory_what_its_libraries_map_is_no_data() -> None:
    assert 0 < LIMITS.library_mib < LIMITS.memory_mib
    with in_force(replace(LIMITS, library_mib=512)) as limits:
        assert _data(1536, limits) == 1024 * MIB


def tagged(count: int) -> str:
    return f"<p {' '.join(f'a{i}=1' for i in range(count))}>x"


FEW_ATTRIBUTES = replace(LIMITS, html_attributes=250)


@pytest.mark.parametrize(
    ("markup", "limits", "told"),
    [
        pytest.param(tagged(300), FEW_ATTRIBUTES, "attributes", id="of-one-element"),
        pytest.param(tagged(150) * 4, FEW_ATTRIBUTES, "attributes", id="of-many-elements"),
        pytest.param("<div>" * 60 + "x", replace(LIMITS, html_depth=50), "nested deeper", id="deep"),
    ],
)
def test_what_a_parser_would_compare_again_and_again_is_counted_before(
    markup: str, limits: Limits, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.html"
    path.write_text(f"<html><body>{markup}", encoding="utf-8")
    assert read(path).blocks
    with in_force(limits), pytest.raises(UnreadableFile, match=told):
        read(path)


def test_words_in_a_value_and_in_a_script_are_no_attributes(tmp_path: Path) -> None:
    path = tmp_path / "file.html"
    words = "a b=c 'd' " * 200
    path.write_text(f'<html><body><p title="{words}">x<script>if (a <b {words}) c()</script>', encoding="utf-8")
    with in_force(replace(LIMITS, html_attributes=100)):
        assert read(path).blocks


# ---------------------------------------------------------------- what people may change


def test_the_command_line_changes_time_and_memory_and_nothing_else() -> None:
    parsed = build._parser().parse_args(["--time-limit", "90", "--memory-limit", "3000"])
    assert build._limits(parsed) == replace(LIMITS, time_s=90.0, memory_mib=3000, scan_memory_mib=4000)
    assert build._limits(build._parser().parse_args([])) == LIMITS


@pytest.mark.parametrize("given", [("--time-limit", "0"), ("--time-limit", "1.5"), ("--memory-limit", "100")])
def test_a_limit_that_nothing_could_be_read_within_is_wrong_usage(given: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build._parser().parse_args(given)
    assert ended.value.code == 2
