"""One page of each template and language, as it was when a person last looked at it: ``tests/golden/``.

A page that changed is shown by its difference. Where the change is meant, ``pytest tests/test_golden.py
--regenerate-golden`` writes the pages anew, and what it changed is read before it is committed.
"""

import re
import shutil
from pathlib import Path

import pytest

from gongkai.model import REQUESTS, Agency, Finding, Key
from gongkai.publish.site import render_site
from tests.builders import make_package
from tests.kinds import pages_by_kind

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(__file__).parents[1] / "site_templates"
SAME_TEMPLATE = "patterns/dark/"
PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区"}
OFFICE = Agency("990000-ren-min-zheng-fu-ban-gong-ting", "虚构省人民政府办公厅", "990000", "province", "office")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agency in two years, the later with a contradiction, a blank and an unread figure; and an office."""
    folder = tmp_path_factory.mktemp("golden")
    datasets = folder / "datasets"
    datasets.mkdir()
    make_package(datasets, edition="2019", year=2022)
    granted, blank, unread = (
        Key(REQUESTS, *place)
        for place in (("granted", "total"), ("partially_granted", "natural_person"), ("unavailable_not_held", "total"))
    )
    make_package(
        datasets,
        (
            Finding(check="row_total", severity="error", at=granted, expected="6", actual="7", message="in words"),
            Finding(
                check="balance",
                severity="error",
                at=Key(REQUESTS, column="total"),
                expected="12",
                actual="13",
                message="in words",
            ),
            Finding(check="reading", severity="error", at=unread, actual="3 ?", message="in words"),
            Finding(check="missing_cell", severity="info", at=blank, message="in words"),
        ),
        values={granted: 7, blank: None, unread: None},
    )
    make_package(datasets, agency=OFFICE)
    target = folder / "site"
    problems = render_site(
        datasets, target, base_url="https://example.org/gongkai/", templates=TEMPLATES, name_of=PLACES.get
    )
    assert problems == ()
    return target


def test_the_pages_are_those_that_were_looked_at(site: Path, request: pytest.FixtureRequest) -> None:
    names = [path.as_posix() for kind, path in pages_by_kind(site).items() if not kind.endswith(SAME_TEMPLATE)]
    pages = {name: (site / name).read_text(encoding="utf-8") for name in names}
    if request.config.getoption("regenerate_golden"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, text in pages.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
    golden = {path.relative_to(GOLDEN).as_posix(): path for path in GOLDEN.rglob("*.html")}
    assert set(pages) == set(golden)
    for name, path in golden.items():
        assert _lines(pages[name]) == _lines(path.read_text(encoding="utf-8")), name


def _lines(text: str) -> list[str]:
    """Without the sizes of zips: the hash of our code is in them, and zlib packs as it likes."""
    return re.sub(r"(ZIP · )[\d.]+( kB)", r"\1…\2", text).splitlines()
