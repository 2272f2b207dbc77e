"""The code that decides -> one hash, the same on every Python, machine and checkout, for code that does the same.

In: the names of modules. Out: those and all of ours that they import, at their top or within functions; of each the
syntax tree without comments, docstrings, layout and annotations of functions; the data files that they declare
(``data_files``); and the foreign libraries that they import. An import or a file of ours that is not there is an error:
what can't be followed is never left out in silence.

A tree is written by us and not by ``ast.dump``, whose output differs between versions of Python. What was made of a
file is kept beside Python's own compiled code, in ``__pycache__``, by the same rule: the file's time and size.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
"""The library's folder; its name is that of the library."""

_SILENT_FIELDS = frozenset({"ctx", "kind", "returns", "type_comment", "type_ignores"})
"""Fields of a tree that change nothing of what it does, or that follow from the others."""
_BY_NAME = frozenset({"__import__", "import_module"})
_DECLARES = "data_files"
_KEPT = "fingerprints.json"
_KEPT_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Module:
    """What is known of one module. ``digest`` is that of its syntax tree.

    ``imports`` and ``lazy`` (within functions) are pairs of a module's full name and a name in it, which is empty where
    the module itself is imported. ``names`` are those bound at its top level, ``data`` the patterns that it declares.
    """

    digest: str
    imports: tuple[tuple[str, str], ...]
    lazy: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Modules with all that they import: ours by name, the files that they read, and the libraries by import name."""

    modules: tuple[str, ...]
    data: tuple[Path, ...]
    libraries: tuple[str, ...]
    digest: str


class NotFollowedError(Exception):
    """Code of ours imports or declares what cannot be followed: a defect of the library."""


# ---------------------------------------------------------------- modules and what they import


def code_of(
    roots: Iterable[str], *, lazily_shut: Collection[str] = (), outside: Collection[str] = (), root: Path = ROOT
) -> Code:
    """The code that begins at these modules. Raises ``NotFollowedError``.

    ``lazily_shut`` are modules that are not entered where a function imports them: readers of formats that are not read
    now. Those ``outside`` are entered from nowhere.
    """
    kept = _kept(root)
    modules: dict[str, Module] = {}
    libraries: set[str] = set()
    waiting = [(name, "the list of roots") for name in roots]
    while waiting:
        name, by = waiting.pop()
        for own in _with_parents(name):
            if own in modules:
                continue
            module = modules[own] = kept.module(own, by)
            for pairs, shut in ((module.imports, outside), (module.lazy, {*outside, *lazily_shut})):
                for base, wanted in pairs:
                    library = base.partition(".")[0]
                    if library == root.name:
                        found = kept.meant(base, wanted, own)
                        waiting += [(each, own) for each in found if each not in shut]
                    elif library not in sys.stdlib_module_names:
                        libraries.add(library)
    data = sorted({path for name, module in modules.items() for path in kept.data(name, module)})
    digest = hashlib.sha256()
    for name in sorted(modules):
        digest.update(f"{name} {modules[name].digest}\n".encode())
    for path in data:
        digest.update(f"{path.relative_to(root).as_posix()} {kept.data_digest(path)}\n".encode())
    kept.write()
    return Code(tuple(sorted(modules)), tuple(data), tuple(sorted(libraries)), f"sha256:{digest.hexdigest()}")


def _with_parents(name: str) -> Iterator[str]:
    """The packages around a module, which are run first, and it."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def parse(source: bytes, name: str, *, is_package: bool = False) -> Module:
    """What a module's source says. Raises ``NotFollowedError``, or ``SyntaxError`` where it is no Python."""
    tree = ast.parse(source)
    package = name if is_package else name.rpartition(".")[0]
    lazy = {node for outer in ast.walk(tree) if isinstance(outer, ast.FunctionDef) for node in _nested_imports(outer)}
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found[node in lazy] += _imported(node, package)
        elif isinstance(node, ast.Call) and _called(node) in _BY_NAME:
            raise NotFollowedError(f"{name}: line {node.lineno}: imports by name, which cannot be followed")
    return Module(
        hashlib.sha256(serialised(tree).encode()).hexdigest(),
        tuple(found[False]),
        tuple(found[True]),
        tuple(_bound(tree)),
        tuple(_declared(tree, name)),
    )


def _nested_imports(outer: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(outer) if isinstance(node, ast.Import | ast.ImportFrom))


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
        return
    base = node.module or ""
    if node.level:
        around = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*around, *([base] if base else [])])
    yield from ((base, alias.name) for alias in node.names)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _bound(tree: ast.Module) -> Iterator[str]:
    """The names that a module's top level binds, as far as another module may import them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def _declared(tree: ast.Module, name: str) -> Iterator[str]:
    """The patterns of the data files that a module declares."""
    top = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == _DECLARES:
            first, *patterns = node.args or [ast.Constant(None)]
            plain = all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in patterns)
            beside = isinstance(first, ast.Name) and first.id == "__file__"
            if id(node) not in top or not (beside and plain and patterns) or node.keywords:
                raise NotFollowedError(
                    f'{name}: line {node.lineno}: data files are declared as NAME = data_files(__file__, "…") alone'
                )
            yield from (str(each.value) for each in patterns if isinstance(each, ast.Constant))


# ---------------------------------------------------------------- a syntax tree as text


def serialised(tree: ast.AST) -> str:
    """A tree as text: equal for sources that do the same but for their comments, docstrings and layout."""
    parts: list[str] = []
    _write(tree, parts)
    return "\n".join(parts)


def _write(node: ast.AST, parts: list[str]) -> None:
    parts.append(type(node).__name__)
    in_signature = isinstance(node, ast.arg)
    for name in node._fields:
        value = getattr(node, name, None)
        # What is not there is not written: versions of Python differ in how they say so, and in which fields there are.
        nothing = value == [] or (value is None and not isinstance(node, ast.Constant))
        if nothing or name in _SILENT_FIELDS or (in_signature and name == "annotation"):
            continue
        parts.append(name)
        if isinstance(value, list):
            for each in _joined(value) if isinstance(node, ast.JoinedStr) else value:
                if isinstance(each, ast.AST):
                    if not _says_nothing(each):
                        _write(each, parts)
                else:
                    parts.append(ascii(each))
            parts.append("]")
        elif isinstance(value, ast.AST):
            _write(value, parts)
        else:
            # Not repr: which characters it shows as they are differs between versions, too.
            parts.append(ascii(value))
    parts.append(")")


def _says_nothing(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or another constant that stands for itself, or ``pass``."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _joined(values: list[ast.expr]) -> Iterator[ast.expr]:
    """The parts of an f-string with texts that follow each other as one, and none that is empty."""
    text = ""
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text += value.value
            continue
        if text:
            yield ast.Constant(text)
        text = ""
        yield value
    if text:
        yield ast.Constant(text)


# ---------------------------------------------------------------- data files, and what is kept of all files


def _data_digest(path: Path) -> str:
    """The hash of what a data file says: comments and layout of TOML and JSON are left out."""
    content = path.read_bytes()
    if path.suffix == ".toml":
        said: Any = tomllib.loads(content.decode())
    elif path.suffix == ".json":
        said = json.loads(content)
    else:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


@cache
def _kept(root: Path) -> _Kept:
    return _Kept(root)


class _Kept:
    """What was made of each file of the library, by its time and size, in memory and beside Python's compiled code."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known = _read_kept(root)
        self.new = False
        ours = Path(__file__).stat()
        self.by = f"{ours.st_mtime_ns} {ours.st_size}"
        """Which version of this module made it."""

    def meant(self, base: str, wanted: str, by: str) -> Iterator[str]:
        """The modules that an import of ours means: a module, or a package and what of it is a module."""
        path = self._path(base, by)
        yield base
        inner = f"{base}.{wanted}"
        if wanted and path.name == "__init__.py":
            if self._find(inner):
                yield inner
            elif wanted not in self.module(base, by).names:
                raise NotFollowedError(f"{by} imports {inner}, which is not there")

    def module(self, name: str, by: str) -> Module:
        path = self._path(name, by)
        return self._of(path, lambda: parse(path.read_bytes(), name, is_package=path.name == "__init__.py"))

    def data(self, name: str, module: Module) -> Iterator[Path]:
        folder = self._path(name, name).parent
        for pattern in module.data:
            fit = sorted(folder.glob(pattern))
            if not fit:
                raise NotFollowedError(f"{name} declares the data files {pattern}, which are not there")
            yield from fit

    def data_digest(self, path: Path) -> str:
        return self._of(path, lambda: Module(_data_digest(path), (), (), (), ())).digest

    def write(self) -> None:
        """Keep what is known. Where that cannot be written, nothing is kept."""
        if not self.new:
            return
        self.new = False
        folder = self.root / "__pycache__"
        text = json.dumps({key: asdict(module) for key, module in self.known.items()})
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            descriptor, beside = tempfile.mkstemp(dir=folder, prefix=f".{_KEPT}.")
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(beside).replace(folder / _KEPT)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise

    def _of(self, path: Path, make: Callable[[], Module]) -> Module:
        status = path.stat()
        name = path.relative_to(self.root).as_posix()
        key = f"{name} {status.st_mtime_ns} {status.st_size} {self.by}"
        if key not in self.known:
            # What was kept of the file before is of no use to anybody.
            self.known = {old: module for old, module in self.known.items() if old.partition(" ")[0] != name}
            self.known[key] = make()
            self.new = True
        return self.known[key]

    def _path(self, name: str, by: str) -> Path:
        path = self._find(name)
        if path is None:
            raise NotFollowedError(f"{by} imports {name}, which is not there")
        return path

    def _find(self, name: str) -> Path | None:
        parts = name.split(".")[1:]
        base = self.root.joinpath(*parts)
        package = base / "__init__.py"
        if package.is_file():
            return package
        module = base.with_name(f"{base.name}.py")
        return module if parts and module.is_file() else None


def _read_kept(root: Path) -> dict[str, Module]:
    """What an earlier run kept; nothing where that is not what a run writes."""
    path = root / "__pycache__" / _KEPT
    try:
        if path.stat().st_size > _KEPT_LIMIT:
            return {}
        kept: Mapping[str, Mapping[str, Any]] = json.loads(path.read_bytes())
        return {key: _module(entry) for key, entry in kept.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _module(entry: Mapping[str, Any]) -> Module:
    imports, lazy = (tuple((str(base), str(name)) for base, name in entry[key]) for key in ("imports", "lazy"))
    names, data = (tuple(map(str, entry[key])) for key in ("names", "data"))
    return Module(str(entry["digest"]), imports, lazy, names, data)


@cache
def file_digest(path: Path) -> str:
    """The hash of a large file, once a process; ``absent`` where it is not there."""
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError:
        return "absent"
