"""One page of each kind and language, as it was when a person last looked at it: ``tests/golden/``.

What every page of a language has around its content, head, header and footer, stands once, in
``golden/furniture.txt`` and ``golden/en/furniture.txt``, with its links from the site's root. Of a page there is the
rest: the lines of its own around the content (its title, its description …), and its content. Pages that changed are
shown by their differences, all at once. Where the change is meant, ``pytest tests/test_golden.py --regenerate-golden``
writes what is looked at anew, and what that changed is read before it is committed.
"""

import re
import shutil
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urljoin

import pytest

from gongkai.model import REQUESTS, Agency, Finding, Key
from gongkai.publish.language import LANGUAGES
from gongkai.publish.site import render_site
from tests.builders import make_package
from tests.kinds import pages_by_kind

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(__file__).parents[1] / "site_templates"
MAIN = '<main id="content" class="page">'
ROOT = "/gongkai/"
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
    made = golden_of(site)
    if request.config.getoption("regenerate_golden"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, text in made.items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
    files = [path for path in GOLDEN.rglob("*") if path.is_file()]
    golden = {path.relative_to(GOLDEN).as_posix(): path.read_text(encoding="utf-8") for path in files}
    if told := differences(golden, made):
        pytest.fail("\n".join(told), pytrace=False)


def test_all_pages_that_differ_are_told_with_what_differs() -> None:
    golden = {"a.html": "1\n2\n", "b.html": "1\n", "gone.html": "1\n", "zip.html": "ZIP · 11 kB\n"}
    told = "\n".join(differences(golden, golden | {"a.html": "1\n3\n", "b.html": "2\n", "zip.html": "ZIP · 12 kB\n"}))
    assert all(line in told.split("\n") for line in ("--- a.html", "-2", "+3", "--- b.html", "-1", "+2"))
    assert "zip" not in told
    assert differences({"gone.html": ""}, {"new.html": ""}) == [
        "gone.html: is no page any more",
        "new.html: is a page that nobody has looked at",
    ]


def test_furniture_is_what_all_pages_of_a_language_have_around_their_content() -> None:
    head = '<head>\n<title>{0}</title>\n<a href="../x/">x</a>\n</head>\n'
    page = head + MAIN + "\n{0}\n</main>\n<foot>\n"
    pages = {f"{name}/index.html": page.format(name) for name in ("a", "b")}
    furniture, parts = parted(pages)
    assert furniture == '<head>\n<a href="/gongkai/x/">x</a>\n</head>\n…\n<foot>\n'
    assert parts["b/index.html"] == f"<title>b</title>\n{MAIN}\nb\n</main>\n"
    with pytest.raises(AssertionError, match=r"b/index\.html: no"):
        parted({"b/index.html": "<head>"})


def golden_of(site: Path) -> dict[str, str]:
    """What is looked at: the furniture of each language, and the rest of one page of each kind, by name."""
    kinds = {kind: path.as_posix() for kind, path in pages_by_kind(site).items() if not kind.endswith(SAME_TEMPLATE)}
    golden: dict[str, str] = {}
    for entry in LANGUAGES:
        # The root's own language is what is left when the others' are taken away.
        others = tuple(other.prefix for other in LANGUAGES if other.prefix and other.prefix != entry.prefix)
        names = [name for name in kinds.values() if name.startswith(entry.prefix) and not name.startswith(others)]
        furniture, parts = parted({name: (site / name).read_text(encoding="utf-8") for name in names})
        golden |= {f"{entry.prefix}furniture.txt": furniture, **parts}
    return golden


def parted(pages: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The lines that all pages have around their content, in their order, and of each page the rest."""
    around: dict[str, tuple[list[str], list[str]]] = {}
    contents: dict[str, str] = {}
    for name, text in pages.items():
        before, start, rest = text.partition(MAIN)
        content, end, after = rest.rpartition("</main>\n")
        assert start, f"{name}: no {MAIN}"
        assert end, f"{name}: no end of its content"
        around[name] = from_root(before, name).splitlines(), from_root(after, name).splitlines()
        contents[name] = start + content + end
    shared = [set.intersection(*(set(both[side]) for both in around.values())) for side in (0, 1)]
    furniture = {
        name: "\n".join([*filter(shared[0].__contains__, both[0]), "…", *filter(shared[1].__contains__, both[1]), ""])
        for name, both in around.items()
    }
    first = next(iter(furniture.values()))
    assert {name for name, text in furniture.items() if text != first} == set(), "their furniture is in another order"
    own = {
        name: [line for lines, common in zip(both, shared, strict=True) for line in lines if line not in common]
        for name, both in around.items()
    }
    return first, {name: "".join(f"{line}\n" for line in own[name]) + content for name, content in contents.items()}


def from_root(text: str, name: str) -> str:
    """A page's text with its links from the site's root, so that it is the same wherever the page lies."""
    base = f"{ROOT}{name}"
    return re.sub(
        r'(?<=[ \n])(href|src)="(?!https?:|#)([^"]*)"', lambda link: f'{link[1]}="{urljoin(base, link[2])}"', text
    )


def differences(golden: dict[str, str], made: dict[str, str]) -> list[str]:
    """Every page that is not what it was, with the lines that differ."""
    told = [f"{name}: is no page any more" for name in sorted(golden.keys() - made.keys())]
    told += [f"{name}: is a page that nobody has looked at" for name in sorted(made.keys() - golden.keys())]
    for name in sorted(golden.keys() & made.keys()):
        told += unified_diff(_lines(golden[name]), _lines(made[name]), name, name, n=1, lineterm="")
    return told


def _lines(text: str) -> list[str]:
    """Without the sizes of zips: the hash of our code is in them, and zlib packs as it likes."""
    return re.sub(r"(ZIP · )[\d.]+( kB)", r"\1…\2", text).splitlines()
