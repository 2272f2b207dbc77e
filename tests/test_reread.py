"""A package must be what its report gives: whoever writes a figure by hand can write its hash, too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import build
from gongkai.model import Key
from gongkai.package.folder import read_package, write_package
from tests.builders import AGENCY, check_report, make_report, write_printed
from tests.test_build import project

__all__ = ["project"]

FORGED = Key("proactive_disclosure", "1/normative_documents", "in_force")
"""Of which no sum of the form speaks."""


@pytest.fixture
def folder(project: Path) -> Path:
    """The package of a report that was filed."""
    write_printed(project / "datasets" / "年报.txt", make_report())
    assert build.main(["--source-images", "none"]) == 0
    return project / "datasets" / AGENCY.id / "2023"


def test_packages_that_are_what_their_reports_give_are_valid(folder: Path) -> None:
    assert folder.is_dir()
    assert build.main(["validate", "--reread"]) == 0


def test_a_figure_that_was_written_into_a_package_with_its_hashes_is_found(
    folder: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = read_package(folder)
    true = package.report.figures[FORGED]
    figure = true._replace(value=Decimal(4321), printed="4321")
    forged = replace(package.report, figures={**package.report.figures, FORGED: figure})
    descriptor = package.descriptor["built_from"]
    write_package(
        forged,
        check_report(forged),
        folder / "report.txt",
        project / "forged",
        readings=descriptor["readings"],
    )
    shutil.rmtree(folder)
    (project / "forged").rename(folder)
    assert build.main(["validate"]) == 0
    capsys.readouterr()
    assert build.main(["validate", "--reread"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{'/'.join(FORGED)} is {true.value} in print and 4321 here" in line
