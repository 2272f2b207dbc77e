import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.package import code_hash as fingerprint
from gongkai.package.code_hash import Code, NotFollowedError, code_of, parse, serialised

SOURCE = '''"""A module."""

from pathlib import Path

MOST = 20
"""What it is."""


class Reader:
    """It reads."""

    size: int | None = None

    def read(self, path: Path, *names: str, limit: float = 1.5, **more: object) -> list[str]:
        """The lines."""
        text = f"{path!r}: {limit:.{MOST}f}" "。\\u3100\\U00031350" f"{names}"
        return [line for line in text.split() if line and not more] or [str(-1), None, ..., b"\\xff", 1e400]
'''
VECTOR = "4be77befd88ac4148502d99ed945f4805397d074c1f0241c75a5db23f5d56906"


def changed(path: Path, text: str) -> None:
    """Write a file so that its time is another, however fast the clock."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    files = {
        "__init__.py": "",
        "first.py": "from lib import second\nfrom lib.room import one\nimport json\nimport numpy as np\n",
        "second.py": "def use():\n    from lib.third import work\n    import cv2\n    return work\n",
        "third.py": "def work():\n    return 1\n",
        "apart.py": "",
        "room/__init__.py": "one = 1\n",
        "room/data.py": 'from lib.apart import data_files\nDATA = data_files(__file__, "*.toml", "more/*.json")\n',
        "room/a.toml": "most = 20\n",
        "room/more/b.json": '{"a": 1}',
    }
    for name, text in files.items():
        path = tmp_path / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        changed(path, text)
    return tmp_path / "lib"


def code(library: Path, *roots: str, **how: set[str]) -> Code:
    return code_of(roots, root=library, **how)


# ---------------------------------------------------------------- a tree


def test_a_tree_is_written_alike_by_every_version_of_python() -> None:
    assert hashlib.sha256(serialised(ast.parse(SOURCE)).encode()).hexdigest() == VECTOR


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"""A module."""\n', "# no more\n", id="a-docstring"),
        pytest.param('"""What it is."""\n', "", id="a-docstring-of-a-constant"),
        pytest.param('        """The lines."""\n', "        # The lines.\n        pass\n", id="a-comment"),
        pytest.param("MOST = 20\n", "MOST = (\n    20  # so many\n)\n", id="layout"),
        pytest.param('"。\\u3100\\U00031350"', "'。\\u3100\\U00031350'", id="quotes"),
        pytest.param(" -> list[str]", "", id="the-type-of-an-answer"),
        pytest.param("path: Path,", "path: str,", id="the-type-of-an-argument"),
    ],
)
def test_what_changes_nothing_is_not_seen(old: str, new: str) -> None:
    assert old in SOURCE
    assert parse(SOURCE.replace(old, new).encode(), "x").digest == parse(SOURCE.encode(), "x").digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("MOST = 20", "MOST = 21", id="a-number"),
        pytest.param("size: int", "length: int", id="a-field"),
        pytest.param("limit: float = 1.5", "limit: float = 1.25", id="a-default"),
        pytest.param("and not more", "or not more", id="an-operator"),
        pytest.param("None, ...", "...", id="a-none-less"),
        pytest.param("!r}", "}", id="how-a-text-is-made"),
        pytest.param('b"\\xff"', 'b"\\xfe"', id="a-byte"),
        pytest.param("。", "．", id="a-character"),
    ],
)
def test_what_changes_something_is_seen(old: str, new: str) -> None:
    assert old in SOURCE
    assert parse(SOURCE.replace(old, new, 1).encode(), "x").digest != parse(SOURCE.encode(), "x").digest


# ---------------------------------------------------------------- what counts


def test_all_that_is_imported_counts_also_within_functions(library: Path) -> None:
    found = code(library, "lib.first")
    assert found.modules == ("lib", "lib.first", "lib.room", "lib.second", "lib.third")
    assert found.libraries == ("cv2", "numpy")
    assert found.data == ()


def test_what_functions_import_may_be_shut_and_what_modules_import_may_not(library: Path) -> None:
    shut = {"lib.second", "lib.third"}
    assert code(library, "lib.first", lazily_shut=shut).modules == ("lib", "lib.first", "lib.room", "lib.second")
    assert code(library, "lib.first", outside=shut).modules == ("lib", "lib.first", "lib.room")


@pytest.mark.parametrize(
    "text",
    [
        "import lib.third",
        "import lib.third as other",
        "from . import third",
        "from .third import work",
        "from lib import third, second",
        "class A:\n    def f(self):\n        import lib.third",
        "try:\n    from lib.third import *\nexcept ImportError:\n    pass",
    ],
)
def test_every_way_of_importing_is_followed(text: str, library: Path) -> None:
    changed(library / "first.py", f"{text}\n")
    assert "lib.third" in code(library, "lib.first").modules


def test_a_module_of_a_room_imports_what_lies_beside_it(library: Path) -> None:
    changed(library / "room" / "data.py", "from . import one\nfrom .. import third\nfrom ..second import use\n")
    assert {"lib.room", "lib.second", "lib.third"} <= set(code(library, "lib.room.data").modules)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        pytest.param("first.py", "from lib.fourth import x", "lib.first imports lib.fourth", id="a-module"),
        pytest.param("first.py", "from lib import fourth", "imports lib.fourth", id="a-module-of-a-package"),
        pytest.param("first.py", "def f():\n    import lib.room.two", "imports lib.room.two", id="within-a-function"),
        pytest.param("first.py", "import importlib\nimportlib.import_module('lib.third')", "by name", id="by-name"),
        pytest.param("first.py", "__import__('lib.third')", "by name", id="by-a-name-of-python"),
    ],
)
def test_an_import_that_cannot_be_followed_is_an_error(name: str, text: str, told: str, library: Path) -> None:
    changed(library / name, text)
    with pytest.raises(NotFollowedError, match=told):
        code(library, "lib.first")


def test_a_root_that_is_not_there_is_an_error(library: Path) -> None:
    with pytest.raises(NotFollowedError, match=r"the list of roots imports lib\.zeroth"):
        code(library, "lib.zeroth")


# ---------------------------------------------------------------- data files


def test_the_data_files_that_a_module_declares_count_with_it(library: Path) -> None:
    found = code(library, "lib.room.data")
    assert [path.name for path in found.data] == ["a.toml", "b.json"]
    assert code(library, "lib.first").data == ()


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        pytest.param("a.toml", "most = 21\n", False, id="a-threshold"),
        pytest.param("a.toml", "# so many\nmost  =  20\n", True, id="a-comment"),
        pytest.param("a.toml", "most = '20'\n", False, id="a-text-for-a-number"),
        pytest.param("more/b.json", '{ "a":1 }\n', True, id="layout"),
        pytest.param("more/b.json", '{"a": 2}', False, id="a-value"),
        pytest.param("c.toml", "", False, id="one-more"),
    ],
)
def test_what_a_data_file_says_counts_and_not_how_it_is_written(
    name: str, text: str, same: bool, library: Path
) -> None:
    before = code(library, "lib.room.data").digest
    changed(library / "room" / name, text)
    assert (code(library, "lib.room.data").digest == before) is same


@pytest.mark.parametrize(
    "text",
    [
        'DATA = data_files(__file__, f"{x}.toml")',
        'DATA = data_files("elsewhere", "*.toml")',
        "DATA = data_files(__file__)",
        "DATA = data_files()",
        'def f():\n    return data_files(__file__, "*.toml")',
    ],
)
def test_a_declaration_that_cannot_be_read_is_an_error(text: str, library: Path) -> None:
    changed(library / "room" / "data.py", f"{text}\n")
    with pytest.raises(NotFollowedError, match="declared as NAME"):
        code(library, "lib.room.data")


def test_a_declared_file_that_is_not_there_is_an_error(library: Path) -> None:
    (library / "room" / "a.toml").unlink()
    with pytest.raises(NotFollowedError, match=r"declares the data files \*\.toml"):
        code(library, "lib.room.data")


# ---------------------------------------------------------------- what is kept


def kept(library: Path) -> Path:
    return library / "__pycache__" / "fingerprints.json"


def test_what_is_kept_gives_the_same_answer_and_no_file_is_parsed_again(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code(library, "lib.first")
    fingerprint._kept.cache_clear()
    monkeypatch.setattr(fingerprint, "parse", lambda *_, **__: pytest.fail("parsed again"))
    assert code(library, "lib.first") == first


def test_a_file_that_changed_is_read_again_and_what_was_kept_of_it_is_dropped(library: Path) -> None:
    first = code(library, "lib.first")
    size = kept(library).stat().st_size
    changed(library / "third.py", "def work():\n    return 2\n")
    assert code(library, "lib.first").digest != first.digest
    assert kept(library).stat().st_size == size


@pytest.mark.parametrize("text", ["", "[]", '{"x": 1}', '{"x": {"digest": "0"}}', "[" * 100_000])
def test_what_somebody_broke_is_not_used(text: str, library: Path) -> None:
    first = code(library, "lib.first")
    kept(library).write_text(text)
    fingerprint._kept.cache_clear()
    assert code(library, "lib.first") == first


def test_nothing_is_kept_where_nothing_can_be_written(library: Path) -> None:
    (library / "__pycache__").touch()
    assert code(library, "lib.first").modules
    assert (library / "__pycache__").read_bytes() == b""


def test_a_second_process_agrees(library: Path) -> None:
    script = "from pathlib import Path; from gongkai.package.code_hash import code_of; import sys\n"
    script += "print(code_of(['lib.first'], root=Path(sys.argv[1])).digest)"
    command = [sys.executable, "-c", script, str(library)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert answer.stdout.strip() == code(library, "lib.first").digest
