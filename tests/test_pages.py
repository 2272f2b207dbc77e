"""The registry of page kinds: what is written, listed and led to follows from it, and from nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import meta, nodes

from gongkai.model import REQUESTS, Agency, Key
from gongkai.publish import pages as registry
from gongkai.publish.page_views import SiteInputs
from gongkai.publish.pages import MadeFrom, Navigation, PageKind, joined, made_from, page_kinds
from gongkai.publish.site import Frame, render_site
from gongkai.publish.templates import Templates, environment_of
from tests.builders import AGENCY, make_package
from tests.kinds import kind_of

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "site_templates"
OTHER = Agency("990102-ren-min-zheng-fu", "示例市示例县人民政府", "990102", "county", "government")
PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区", "990102": "示例县"}


@dataclass(frozen=True, slots=True)
class ThanksPage:
    agencies: int


def thanks_pages(inputs: SiteInputs) -> Iterator[ThanksPage]:
    yield ThanksPage(sum(1 for _ in inputs.catalog.agencies()))


def render(datasets: Path, site: Path, templates: Path = TEMPLATES) -> Path:
    address = "https://example.org/gongkai/"
    assert render_site(datasets, site, base_url=address, templates=templates, name_of=PLACES.get) == ()
    return site


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    folder = tmp_path / "datasets"
    folder.mkdir()
    make_package(folder)
    make_package(folder, agency=OTHER)
    return folder


def test_a_new_kind_of_page_is_an_entry_and_a_template(
    datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "thanks.html").write_text(
        '{% extends "base.html" %}{% block content %}<h1>{{ _("Agencies") }} {{ agencies }}</h1>{% endblock %}',
        encoding="utf-8",
    )
    thanks = PageKind(
        "thanks",
        "thanks/",
        "thanks.html",
        ThanksPage,
        thanks_pages,
        made_from("catalog"),
        navigation=Navigation(25, "Agencies"),
    )
    monkeypatch.setattr(registry, "OF_SITE", (*registry.OF_SITE, thanks))

    site = render(datasets, tmp_path / "site", templates)

    for prefix, word, before, after in (
        ("", "机关", "核对提示", "收录情况"),
        ("en/", "Agencies", "Findings", "Coverage"),
    ):
        assert f"<h1>{word} 2</h1>" in (site / prefix / "thanks" / "index.html").read_text(encoding="utf-8")
        assert f"<loc>https://example.org/gongkai/{prefix}thanks/</loc>" in (site / "sitemap.xml").read_text()
        for page in (site / prefix).rglob("*.html"):
            if prefix or "en" not in page.relative_to(site).parts:
                header = page.read_text(encoding="utf-8").partition("<main")[0]
                links = re.findall(r'<a href="[^"]*?([a-z]+/)">([^<]+)</a>', header.partition("site-nav")[2])
                at = links.index(("thanks/", word))
                assert (links[at - 1][1], links[at + 1][1]) == (before, after), page
        assert kind_of(f"{prefix}thanks/") == f"{prefix}thanks/"


def test_every_page_that_is_written_is_of_one_kind_and_every_kind_is_written(datasets: Path, tmp_path: Path) -> None:
    site = render(datasets, tmp_path / "site")
    addresses = {path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("*.html")}
    patterns = {re.sub(r"\{.*?\}", "*", kind.address) for kind in page_kinds()}
    assert {kind_of(address) for address in addresses} == patterns | {f"en/{pattern}" for pattern in patterns}


def test_the_views_are_of_the_type_that_the_registry_says(datasets: Path, tmp_path: Path) -> None:
    seen: set[str] = set()
    for of in ("OF_SITE", "OF_AGENCY", "OF_REPORT"):
        for kind in getattr(registry, of):
            assert kind.view.__dataclass_params__.frozen, kind.name
            seen.add(kind.name)
    assert len(seen) == len(page_kinds())
    with pytest.MonkeyPatch.context() as patch:
        made: list[tuple[str, bool]] = []
        address_of = PageKind.address_of

        def spy(kind: PageKind[object], view: registry.View) -> str:
            made.append((kind.name, type(view) is kind.view))
            return address_of(kind, view)

        patch.setattr(PageKind, "address_of", spy)
        render(datasets, tmp_path / "site")
    assert {name for name, _ in made} == seen
    assert all(fits for _, fits in made)


def test_a_template_asks_for_nothing_but_what_its_view_and_the_frame_have() -> None:
    environment = environment_of(TEMPLATES, Templates(TEMPLATES).languages[0])
    everywhere = set(environment.globals) | {field.name for field in fields(Frame)} | {"_", "ngettext", "self"}
    for kind in page_kinds():
        parsed = environment.parse((TEMPLATES / kind.template).read_text(encoding="utf-8"))
        imported = {node.target for node in parsed.find_all(nodes.Import)}
        targets = [node.target for node in parsed.find_all(nodes.Assign)]
        names = (name for target in targets for name in (target, *target.find_all(nodes.Name)))
        assigned = {name.name for name in names if isinstance(name, nodes.Name)}
        asked = meta.find_undeclared_variables(parsed) - imported - assigned
        assert asked - everywhere <= {field.name for field in fields(kind.view)}, kind.name


def test_what_a_page_is_made_from_is_named_and_nothing_else_changes_it(datasets: Path, tmp_path: Path) -> None:
    """One report changes: pages that are made from no report, or from other agencies' alone, are what they were."""
    assert {name for kind in page_kinds() for name in kind.made_from} == set(get_args(MadeFrom))
    before = render(datasets, tmp_path / "before")
    shutil.rmtree(datasets / AGENCY.id)
    make_package(datasets, values={Key(REQUESTS, "granted", "total"): 5})
    after = render(datasets, tmp_path / "after")

    kinds = {re.sub(r"\{.*?\}", "*", kind.address): kind for kind in page_kinds()}
    changed: set[str] = set()
    same: set[str] = set()
    for path in before.rglob("*.html"):
        name = path.relative_to(before)
        pattern = kind_of(name.as_posix().removesuffix("index.html")).removeprefix("en/")
        stays = path.read_bytes() == (after / name).read_bytes()
        (same if stays else changed).add(kinds[pattern].name)
        if not kinds[pattern].made_from or (
            OTHER.id in name.parts and kinds[pattern].made_from <= {"agency", "regions"}
        ):
            assert stays, name
    assert {"home", "region", "indicator", "agency", "report", "source"} <= changed
    assert {"method", "contribute", "indicators", "not_found", "patterns"} <= same - changed


def test_kinds_that_join_are_listed_with_the_kind_before_them() -> None:
    kinds = registry.OF_REPORT
    assert [[kind.name for kind in together] for together in joined(kinds)] == [["report", "source"]]
    assert [[kind.name for kind in together] for together in joined(registry.OF_SITE)][:2] == [
        ["home", "region"],
        ["not_found"],
    ]


def test_the_documentation_lists_every_kind_of_page_as_the_registry_has_it() -> None:
    text = (ROOT / "docs" / "site.md").read_text(encoding="utf-8")
    rows = [
        f"| `{kind.name}` | `/{kind.address}` | `{kind.template}` | {', '.join(sorted(kind.made_from)) or '–'} |"
        f" {kind.navigation.label if kind.navigation else ''} |".replace("|  |", "| |")
        for kind in page_kinds()
    ]
    assert [line for line in text.splitlines() if line.startswith("| `") and ".html`" in line] == rows
    assert all(f"| {name} | " in text for name in get_args(MadeFrom))
