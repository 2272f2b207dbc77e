"""The same reports, built where everything else differs, give the same bytes: packages, pages, pictures, zips."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import build
from gongkai.model import Agency, Level
from gongkai.names.registry import Entry, Registry
from tests.reports.cases import Case
from tests.reports.content import CITY, COUNTY, DISTRICT, Body, Content, make_content
from tests.reports.docx import write_docx
from tests.reports.html import write_html
from tests.reports.sheets import sheets
from tests.torture import difference, tree

BODIES = {"990100-a": CITY, "990102-b": DISTRICT, "990121-c": COUNTY}
STATED = 'agency = "{agency}"\nurl = "https://www.example.org/"\nretrieved = 2024-05-01\n'


def _pdf(folder: Path, content: Content, name: str) -> None:
    Case(content).write(folder).rename(folder / name)


def _word(folder: Path, content: Content, name: str) -> None:
    write_docx(folder / name, content, sheets(content, Case(content).written))


def _web(folder: Path, content: Content, name: str) -> None:
    write_html(folder / name, content, sheets(content, Case(content).written))


def _text(folder: Path, content: Content, name: str) -> None:
    Case(content).write(folder, "cells").rename(folder / name)


REPORTS: tuple[tuple[Callable[[Path, Content, str], None], Content, str], ...] = (
    (_pdf, make_content(body=CITY, year=2023), "年报 2023.pdf"),
    (_web, make_content(body=CITY, year=2022, seed=2), "report.html"),
    (_word, make_content(body=DISTRICT, year=2023, seed=3), "青柳.docx"),
    (_text, make_content(body=COUNTY, year=2022, seed=4), "z.txt"),
)


@dataclass(frozen=True)
class Where:
    """Where a build runs, and how."""

    folder: str
    environment: dict[str, str] = field(default_factory=dict)
    jobs: int = 1
    umask: int = 0o022
    backwards: bool = False
    options: Sequence[str] = ()


HERE = Where("here", {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
ELSEWHERE = {
    "far-away": Where(
        "另一处 with spaces/深",
        {"TZ": "America/New_York", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1", "HOME": "/nowhere"},
        jobs=3,
        umask=0o077,
        backwards=True,
    ),
    "without-utf-8": Where(
        "另一处",
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "2"},
        jobs=2,
        options=("-X", "utf8=0"),
    ),
}


def _agency(id: str, body: Body) -> Agency:
    level: Level = "city" if body.level == "city" else "county"
    return Agency(id, body.name, body.code, level, "government")


def _build(root: Path, where: Where) -> dict[str, bytes | None]:
    """The datasets and the site that a build there comes to."""
    project = root / where.folder
    datasets = project / "datasets"
    datasets.mkdir(parents=True)
    for moment, (write, content, name) in enumerate(reversed(REPORTS) if where.backwards else REPORTS):
        write(datasets, content, name)
        os.utime(datasets / name, (10**9 + moment, 10**9 + moment))
        stated = STATED.format(agency=content.body.name)
        (datasets / f"{Path(name).stem}.origin.toml").write_text(stated, encoding="utf-8")
    (datasets / "损坏.pdf").write_bytes(b"no report")
    registry = Registry(Entry(_agency(id, body)) for id, body in BODIES.items())
    (datasets / "agencies.csv").write_bytes(registry.to_bytes())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, *where.options, build.__file__, "--jobs", str(where.jobs)],
        cwd=project,
        env=kept | {"HOME": str(root)} | where.environment,
        umask=where.umask,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert line.endswith(b": damaged, or not a PDF; download it again")
    assert done.stdout.startswith(b"4 reports, 1 refused, ")
    assert done.returncode == 1
    return tree(project)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes | None]:
    return _build(tmp_path_factory.mktemp("reproducible"), HERE)


def test_the_build_has_everything_that_could_differ(here: dict[str, bytes | None]) -> None:
    assert "site/agency/990100-a/2023/source/page-2.webp" in here
    assert "site/agency/990102-b/2023/990102-b-2023.zip" in here
    assert "损坏.pdf" in (here["site/coverage/index.html"] or b"").decode()
    assert b"carry_over" in (here["datasets/990100-a/2023/findings.csv"] or b"")


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_build_elsewhere_gives_the_same_bytes(where: Where, here: dict[str, bytes | None], tmp_path: Path) -> None:
    assert difference(_build(tmp_path, where), here) == ""
