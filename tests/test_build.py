import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import build
from gongkai.build.run_report import RunReport
from gongkai.errors import one_line
from gongkai.model import Finding, Key
from gongkai.names.registry import COLUMNS
from gongkai.package.folder import read_package
from tests.builders import AGENCY, check_report, make_package, make_report, write_printed

UNBALANCED = {Key("requests", "carried_out", "total"): 9}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, whose registry knows the invented agency."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datasets").mkdir()
    registry = [",".join(COLUMNS), f"{AGENCY.id},{AGENCY.name},,{AGENCY.division_code},{AGENCY.level},{AGENCY.kind},"]
    (tmp_path / "datasets" / "agencies.csv").write_text("\n".join([*registry, ""]), encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as people run it, in a process of its own, in the folder of the test."""
    return subprocess.run(
        [sys.executable, Path(build.__file__), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


# ---------------------------------------------------------------- the whole job


def test_a_report_that_is_dropped_in_becomes_a_package_and_a_page(project: Path) -> None:
    write_printed(project / "datasets" / "年报.txt", make_report())
    done = run("--readings", "single", SOURCE_DATE_EPOCH="86400")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1 report, 0 refused, 0 with findings\n")
    package = read_package(project / "datasets" / AGENCY.id / "2023")
    expected = make_report()
    assert {key: figure.value for key, figure in package.report.figures.items()} == {
        key: figure.value for key, figure in expected.figures.items()
    }
    assert package.descriptor["created"] == "1970-01-02T00:00:00Z"
    assert (project / "site" / "agency" / AGENCY.id / "2023" / "index.html").exists()
    assert {path.name for path in project.iterdir()} == {"datasets", "site"}
    assert {path.name for path in (project / "datasets").iterdir()} == {"agencies.csv", "index.csv", AGENCY.id}


def test_the_whole_job_does_the_others_where_one_is_refused(project: Path) -> None:
    make_package(project / "datasets")
    (project / "datasets" / "empty.pdf").touch()
    done = run("--site", "public", "--jobs", "1")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("datasets/empty.pdf: ")
    assert done.stdout == "1 report, 1 refused, 0 with findings\n"
    assert (project / "public" / "agency" / AGENCY.id / "2023" / "index.html").exists()
    assert "empty.pdf" in (project / "public" / "coverage" / "index.html").read_text(encoding="utf-8")


def test_a_failed_accounting_check_fails_only_a_strict_run(project: Path) -> None:
    make_package(project / "datasets", check_report(make_report(values=UNBALANCED)), values=UNBALANCED)
    done = run()
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1 report, 0 refused, 1 with findings\n")
    assert run("--strict").returncode == 1


# ---------------------------------------------------------------- extract, validate, render


def test_extract_reads_a_file_and_writes_its_package(project: Path) -> None:
    file = write_printed(project / "upload.txt", make_report())
    done = run("extract", file, "--output", "out", "--jobs", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert read_package(project / "out" / AGENCY.id / "2023").report.value("requests", "granted", "total") == 6
    assert file.exists()
    assert run("validate", "out").returncode == 0


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 broken", b"\x00" * 1000, b"<html></html>"])
@pytest.mark.parametrize("suffix", [".pdf", ".txt", ".html", ".docx", ".doc", ".exe"])
def test_a_file_that_cannot_be_read_costs_one_line_without_a_traceback(
    suffix: str, content: bytes, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / f"x{suffix}").write_bytes(content)
    assert build.main(["extract", f"x{suffix}", "--output", "out"]) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"x{suffix}: ")
    assert list((project / "out").iterdir()) == []


def test_validate_takes_a_folder_or_else_the_datasets(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_package(project / "datasets")
    (project / "elsewhere").mkdir()
    assert build.main(["validate"]) == 0
    (folder / "requests.csv").write_text("broken")
    assert build.main(["validate", "elsewhere"]) == 0
    assert build.main(["validate", "--datasets", "elsewhere"]) == 0
    assert build.main(["validate"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"datasets/{AGENCY.id}/2023/requests.csv: ")


BROKEN: list[tuple[str, Callable[[Path], object]]] = [
    ("requests.csv", lambda path: path.write_text("broken")),
    ("sections.csv", lambda path: path.write_bytes(path.read_bytes().replace("引号".encode(), b"quotes", 1))),
    ("provenance.csv", lambda path: path.unlink()),
    ("report.pdf", lambda path: path.write_bytes(b"%PDF-1.4 another\n")),
    ("notes.txt", lambda path: path.touch()),
    ("history.csv", lambda path: path.write_text("date\n")),
    ("corrections.csv", lambda path: path.write_text("resource\n")),
]


@pytest.mark.parametrize(("name", "harm"), [pytest.param(*each, id=each[0]) for each in BROKEN])
def test_validate_tells_each_file_that_somebody_broke_in_one_line(
    name: str, harm: Callable[[Path], object], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(make_package(project / "datasets") / name)
    assert build.main(["validate"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"datasets/{AGENCY.id}/2023/{name}: ")


def test_add_files_a_report_and_replaces_it_on_request(project: Path) -> None:
    first = write_printed(project / "first.txt", make_report())
    second = write_printed(project / "second.txt", make_report(values=UNBALANCED))
    assert run("add", first, "--jobs", "1", "--readings", "single").returncode == 0
    refused = run("add", second, "--readings", "single")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    done = run("add", second, "--replace", "--readings", "single", SOURCE_DATE_EPOCH="86400")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1 report, 0 refused, 1 with findings\n")
    history = (project / "datasets" / AGENCY.id / "2023" / "history.csv").read_text(encoding="utf-8")
    assert history.splitlines()[1:] == ["1970-01-02,requests,carried_out,total,3,9,reissue"]
    assert run("validate").returncode == 0
    assert second.exists()


def test_whoever_reads_only_the_beginning_of_a_difference_sees_no_error(project: Path) -> None:
    for name, year in (("datasets", 2022), ("others", 2023)):
        (project / name).mkdir(exist_ok=True)
        make_package(project / name, year=year)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, build.__file__, "diff", "datasets", "others"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""


def test_validate_is_strict_on_request(project: Path) -> None:
    make_package(project / "datasets", check_report(make_report(values=UNBALANCED)), values=UNBALANCED)
    assert build.main(["validate"]) == 0
    assert build.main(["validate", "--strict"]) == 1


def test_render_shows_the_packages_that_are_there_and_tells_those_that_it_cannot_read(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_package(project / "datasets", year=2022)
    (make_package(project / "datasets") / "datapackage.json").write_text("{}")
    assert build.main(["render", "--site", "public", "--base-url", "https://www.example.org/gongkai/"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"datasets/{AGENCY.id}/2023/datapackage.json: ")
    assert (project / "public" / "agency" / AGENCY.id / "2022" / "index.html").exists()


# ---------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "x.pdf"],
        ["extract", "--output", "out"],
        ["publish"],
        ["--jobs", "0"],
        ["--jobs", "many"],
        ["--readings", "triple"],
        ["--data", "datasets"],
    ],
)
def test_a_command_that_is_not_understood_ends_with_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        build.main(arguments)
    assert ended.value.code == 2
    assert "usage: build.py" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "epoch", "line"),
    [
        pytest.param(["--datasets", "nowhere"], "", "nowhere: no such folder", id="no-datasets"),
        pytest.param(["validate", "nowhere"], "", "nowhere: no such folder", id="nothing-to-validate"),
        pytest.param(["validate"], "soon", "SOURCE_DATE_EPOCH=soon: ", id="no-time"),
        pytest.param(["render", "--site", "."], "", "/", id="a-site-that-would-replace-the-datasets"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(
    arguments: list[str],
    epoch: str,
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert build.main(arguments) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(line)


def test_a_broken_registry_is_one_line_and_status_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "datasets" / "agencies.csv").write_text("a,b\n1,2\n")
    assert build.main([]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("datasets/agencies.csv: ")


def test_an_option_counts_before_the_command_and_after_it(project: Path) -> None:
    make_package(project / "datasets")
    (project / "datasets").rename(project / "other")
    assert build.main(["--datasets", "other", "validate"]) == 0
    assert build.main(["validate", "--datasets", "other"]) == 0


# ---------------------------------------------------------------- what is told


def test_what_a_file_says_is_shown_as_one_line_without_control_characters() -> None:
    assert one_line("a\x1b[31m\nb\u202ec\t d") == "a [31m b c d"
    assert len(one_line("x" * 10**6)) < 2000


def test_a_file_s_name_is_told_in_utf_8_whatever_the_locale_takes_it_for() -> None:
    taken_for_ascii = "年报.pdf".encode().decode("ascii", "surrogateescape")
    assert one_line(f"{taken_for_ascii}: broken") == "年报.pdf: broken"
    assert one_line("\udcff\ud800.pdf: broken") == ".pdf: broken"


@pytest.mark.parametrize(
    ("findings", "strict", "status", "summary"),
    [
        pytest.param((), True, 0, "1 report, 0 refused, 0 with findings", id="none"),
        pytest.param(
            (Finding(check="missing_cell", severity="info"),),
            True,
            0,
            "1 report, 0 refused, 0 with findings",
            id="a-blank-is-info",
        ),
        pytest.param(
            (Finding(check="form", severity="warning"),),
            True,
            0,
            "1 report, 0 refused, 1 with findings",
            id="not-accounts",
        ),
        pytest.param(
            (Finding(check="balance", severity="error"),),
            False,
            0,
            "1 report, 0 refused, 1 with findings",
            id="lenient",
        ),
        pytest.param(
            (Finding(check="balance", severity="error"),), True, 1, "1 report, 0 refused, 1 with findings", id="strict"
        ),
    ],
)
def test_a_finding_is_counted_and_changes_the_status_only_where_asked(
    findings: tuple[Finding, ...], strict: bool, status: int, summary: str
) -> None:
    run_report = RunReport(frozenset({"balance"}), strict)
    run_report.report(findings)
    assert (run_report.exit_status, run_report.summary) == (status, summary)
