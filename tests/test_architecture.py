"""The house: which room may import from which, and that none goes in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import gongkai

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
