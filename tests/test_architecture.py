"""The house: which room may import from which, and that none goes in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import gongkai
from gongkai import publish

ROOT = Path(gongkai.__file__).parent
ROOMS = ("", "system", "names", "read", "extract", "checks", "package", "build", "publish")
"""From the ground up: a room imports from itself and from those before it. The first is the top level itself."""


def module_of(path: Path) -> str:
    """The name below ``gongkai``; that of the library itself is empty."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imports_of(path: Path) -> Iterator[str]:
    """The modules of ours that one imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "gongkai":
            base = node.module.removeprefix("gongkai").lstrip(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}".lstrip(".")
                yield inner if is_module(inner) else base
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("gongkai.") for alias in node.names if alias.name.startswith("gongkai.")
            )


MODULES = {module_of(path): set(imports_of(path)) - {""} for path in sorted(ROOT.rglob("*.py"))}


def room_of(module: str) -> str:
    first = module.split(".")[0]
    return first if (ROOT / first).is_dir() else ""


def test_each_room_is_in_the_order_and_drawn_in_the_librarys_docstring() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert rooms == set(ROOMS[1:])
    assert gongkai.__doc__
    assert all(f"{room}/" in gongkai.__doc__ for room in rooms)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_from_a_later_room(module: str) -> None:
    height = ROOMS.index(room_of(module))
    later = {imported for imported in MODULES[module] if ROOMS.index(room_of(imported)) > height}
    assert not later


def test_no_import_goes_in_a_circle_not_even_within_functions() -> None:
    try:
        TopologicalSorter(MODULES).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


# ---------------------------------------------------------------- what documents name

NAMED = re.compile(r"`((?:gongkai|site_templates)/[\w/]+\.(?:py|html))::([\w.]+)`")
DOCUMENTS = {path.relative_to(ROOT.parent).as_posix(): path for path in sorted((ROOT.parent / "docs").glob("*.md"))}


def defined_in(path: Path) -> set[str]:
    """What a module defines, with what its classes define behind a dot; of a template its macros."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return set(re.findall(r"\{%-? macro (\w+)", text))
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = [(node.name, node) for node in ast.parse(text).body if isinstance(node, kinds)]
    inner = ((f"{name}.{each.name}", each) for name, of in names for each in of.body if isinstance(each, kinds))
    return {name for name, _ in (*names, *inner)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_function_that_a_document_names_exists(document: str) -> None:
    named = NAMED.findall(DOCUMENTS[document].read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT.parent / file).is_file() or name not in defined_in(ROOT.parent / file)
    ]
    assert missing == []


def test_a_figures_walk_passes_the_rooms_in_their_order() -> None:
    """Down to build, from where a report is read; then as the house is drawn, with build once more before publish."""
    walk = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## One figure's walk")[2]
    rooms = re.findall(r"^\*\*(\w+)\*\*: ", walk, re.MULTILINE)
    assert rooms == ["build", "read", "extract", "checks", "package", "build", "publish"]
    steps = [int(number) for number in re.findall(r"^([0-9]+)\. ", walk, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(NAMED.findall(walk)) >= len(steps)


def test_publish_knows_packages_and_nothing_of_how_they_are_made() -> None:
    imported = {name for module, names in MODULES.items() if room_of(module) == "publish" for name in names}
    assert {room_of(name) for name in imported}.isdisjoint({"build", "extract"})


def test_the_modules_of_publish_stand_in_their_order_in_its_docstring() -> None:
    drawn = (publish.__doc__ or "").partition("::\n\n")[2].partition("\n\n")[0]
    # A line that begins further in goes on with the line above it.
    lines = re.sub(r"\n {14,}", " ", drawn).splitlines()
    height = {f"publish.{name}": number for number, line in enumerate(lines) for name in line.split()[1:]}
    assert set(height) == {module for module in MODULES if module.startswith("publish.")}
    for module in height:
        above = {imported for imported in MODULES[module] if height.get(imported, 0) > height[module]}
        assert not above, module
