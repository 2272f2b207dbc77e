"""The index, and that no build falls below it unnoticed."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import build as command
from gongkai.build.commands import add_files, bring_up_to_date
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.build.worker import Task
from gongkai.errors import UsageError
from gongkai.model import Figure, Finding, Key, Report
from gongkai.names.registry import Registry
from gongkai.package.baseline import (
    Baseline,
    baseline_bytes,
    baseline_entries,
    baseline_entry,
    open_figures,
    read_baseline,
)
from gongkai.package.folder import read_package
from gongkai.package.validate import validate_all
from tests.builders import AGENCY, compare_packages, extract_invented, make_package, make_report, write_invented

GRANTED = Key("requests", "granted", "total")
FEES = Key("proactive_disclosure", "8/fees", "amount")
OTHER = Key("requests", "granted", "natural_person")
WATER, TAX = "示例市水务局", "示例市税务局"
ID = "990101-shui-wu-ju"
HEADER = "agency,year,source_sha256,figures_read,figures_open,errors,warnings\n"
EMPTIED = (
    "resource,row,column,value,reason,evidence,by,date\n"
    "proactive_disclosure,8/fees,amount,,看错,第2页,张三,2024-05-06\n"
)


def read_worse(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    """A version of ours that leaves two figures open that it read before."""
    report, findings = extract_invented(task, registry)
    figures = {key: report.figures[key]._replace(value=None, printed="8 | 9") for key in (GRANTED, FEES)}
    open_ = tuple(
        Finding(check="reading", severity="error", at=key, actual="8 | 9", message="left empty") for key in figures
    )
    return replace(report, figures={**report.figures, **figures}), (*findings, *open_)


def read_otherwise(task: Task, registry: Registry) -> tuple[Report, tuple[Finding, ...]]:
    """A version of ours that leaves another figure open."""
    report, findings = extract_invented(task, registry)
    figure = report.figures[OTHER]._replace(value=None, printed="8 | 9")
    open_ = Finding(check="reading", severity="error", at=OTHER, actual="8 | 9", message="left empty")
    return replace(report, figures={**report.figures, OTHER: figure}), (*findings, open_)


def run(datasets: Path, *, accept: bool = False, extract: Callable[..., object] = extract_invented) -> RunReport:
    run_report = RunReport()
    options = Options(extract=extract, accept_removals=accept)  # type: ignore[arg-type]
    bring_up_to_date(datasets, options, run_report)
    return run_report


def add(
    datasets: Path, *files: Path, accept: bool = False, extract: Callable[..., object] = extract_invented
) -> RunReport:
    run_report = RunReport()
    options = Options(replace=True, extract=extract, accept_removals=accept)  # type: ignore[arg-type]
    add_files(files, datasets, options, run_report)
    return run_report


def upgrade(monkeypatch: pytest.MonkeyPatch, number: str = "1") -> None:
    """Makes believe that another version of the code is at work, so that all packages are stale."""
    from gongkai.build import staleness
    from gongkai.package.fingerprint import built_from

    monkeypatch.setattr(staleness, "built_from", lambda *facts: built_from(*facts) | {"code": f"sha256:{number * 64}"})


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def problems_of(datasets: Path) -> list[str]:
    return [problem for _, problems in validate_all(datasets) for problem in problems]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for name, agency, year in (("a.txt", WATER, 2022), ("b.txt", WATER, 2023), ("c.txt", TAX, 2023)):
        write_invented(folder, name, agency, year)
    assert run(folder).exit_status == 0
    return folder


@pytest.fixture
def datasets(three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three reports of two agencies, filed, with their index."""
    shutil.copytree(three, tmp_path / "datasets")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "datasets"


# ---------------------------------------------------------------- a line


def test_a_report_has_a_line_with_its_figures_and_findings() -> None:
    report = make_report(values={GRANTED: None})
    findings = [
        Finding(check="balance", severity="error"),
        Finding(check="jump", severity="warning"),
        Finding(check="missing_cell", severity="info"),
    ]
    entry = baseline_entry(report, findings)
    assert (entry.agency, entry.year, entry.source_sha256) == (AGENCY.id, 2023, report.source.sha256)
    assert (entry.figures_read, entry.figures_open) == (len(report.figures) - 1, 0)
    assert (entry.errors, entry.warnings) == (1, 1)


READING = Finding(check="reading", severity="error", at=GRANTED)
ROW = Finding(check="form", severity="warning", at=Key("requests", "granted"))


@pytest.mark.parametrize(
    ("figure", "finding", "is_open"),
    [
        pytest.param({"value": None, "printed": "8 | 9"}, READING, True, id="not-readable"),
        pytest.param({"value": None, "printed": ""}, READING, True, id="a-place-that-something-hides"),
        pytest.param(
            {"value": None, "printed": "8?"}, replace(READING, at=GRANTED._replace(column="")), True, id="by-its-row"
        ),
        pytest.param(
            {"value": None, "printed": "8?"}, replace(READING, at=GRANTED._replace(row="")), True, id="by-its-column"
        ),
        pytest.param(None, ROW, True, id="not-found"),
        pytest.param({"value": None, "printed": "/"}, ROW, False, id="a-blank-in-a-row-whose-label-was-altered"),
        pytest.param(
            {"value": None, "printed": ""},
            Finding(check="missing_cell", severity="info", at=GRANTED),
            False,
            id="a-blank",
        ),
        pytest.param({"value": None, "reader": "correction"}, READING, False, id="blank-as-a-person-says"),
        pytest.param({}, READING, False, id="read-with-a-doubt"),
        pytest.param(
            {"value": None, "printed": "8?"}, Finding(check="reading", severity="warning"), False, id="nothing-is-named"
        ),
        pytest.param(
            {"value": None, "printed": "8?"},
            replace(READING, at=GRANTED._replace(row="denied")),
            False,
            id="another-row",
        ),
        pytest.param(
            {"value": None, "printed": "8?"},
            replace(READING, at=GRANTED._replace(resource="x")),
            False,
            id="another-table",
        ),
    ],
)
def test_a_figure_is_open_where_it_was_not_read_or_not_found(
    figure: dict[str, object] | None, finding: Finding, is_open: bool
) -> None:
    report = make_report()
    figures: dict[Key, Figure] = dict(report.figures)
    own = figures.pop(GRANTED)
    if figure is not None:
        figures[GRANTED] = own._replace(**figure)  # type: ignore[arg-type]
    assert open_figures(replace(report, figures=figures), [finding]) == is_open


# ---------------------------------------------------------------- written by a build


def test_the_first_build_writes_the_index_and_another_one_leaves_it(datasets: Path) -> None:
    path = datasets / "index.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[0] == HEADER
    assert lines[1:] == sorted(lines[1:])
    assert [line.split(",")[1] for line in lines[1:]].count("2023") == 2
    assert read_baseline(datasets) == baseline_entries(datasets)
    identity = path.stat().st_ino
    assert run(datasets).exit_status == 0
    assert path.stat().st_ino == identity
    assert problems_of(datasets) == []


def test_the_findings_of_the_second_pass_are_counted(tmp_path: Path) -> None:
    make_package(tmp_path, year=2022)
    make_package(tmp_path)
    assert run(tmp_path).exit_status == 0
    package = read_package(tmp_path / AGENCY.id / "2023")
    index = read_baseline(tmp_path)
    assert index
    assert index[AGENCY.id, 2023].warnings == sum(f.severity == "warning" for f in package.findings) > 0


def test_added_reports_are_added_and_lines_that_were_there_stay(datasets: Path, tmp_path: Path) -> None:
    before = read_baseline(datasets)
    assert before
    assert add(datasets, write_invented(tmp_path, "d.txt", TAX, 2022)).exit_status == 0
    after = read_baseline(datasets)
    assert after == baseline_entries(datasets)
    assert len(after) == len(before) + 1


def test_adding_does_not_forget_what_somebody_removed(datasets: Path, tmp_path: Path) -> None:
    (datasets / ID / "2022").rename(tmp_path / "away")
    assert add(datasets, write_invented(tmp_path, "d.txt", TAX, 2022)).exit_status == 0
    assert (ID, 2022) in (read_baseline(datasets) or {})
    assert run(datasets).removals == 1


def test_the_index_is_no_report_that_waits(datasets: Path) -> None:
    run_report = run(datasets)
    assert (run_report.refused, run_report.invalid) == (0, 0)


# ---------------------------------------------------------------- less than before


def test_a_version_that_reads_worse_puts_nothing_into_place_and_says_what_would_be_lost(
    datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(datasets)
    upgrade(monkeypatch)
    run_report = run(datasets, extract=read_worse)
    assert (run_report.exit_status, run_report.removals, run_report.refused) == (1, 3, 0)
    assert tree(datasets) == before
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[0].startswith(f"{datasets / ID / '2022'}: 2 figures that were read before would be lost with")
    assert "requests/granted/total" in told[0]
    assert "proactive_disclosure/8/fees/amount" in told[0]
    assert "--accept-removals" in told[0]


def test_what_is_accepted_is_put_into_place_told_and_written(
    datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_baseline(datasets)
    upgrade(monkeypatch)
    run_report = run(datasets, extract=read_worse, accept=True)
    assert (run_report.exit_status, run_report.removals) == (0, 0)
    assert [line.rpartition("; ")[2] for line in capsys.readouterr().err.splitlines()] == ["accepted"] * 3
    after = read_baseline(datasets)
    assert before
    assert after == baseline_entries(datasets)
    assert {place: entry.figures_read + 2 for place, entry in after.items()} == {
        place: entry.figures_read for place, entry in before.items()
    }
    assert {entry.figures_open for entry in after.values()} == {2}


def test_a_figure_that_is_gained_makes_up_for_none_that_is_lost(
    datasets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(monkeypatch)
    assert run(datasets, extract=read_worse, accept=True).exit_status == 0
    monkeypatch.undo()
    monkeypatch.chdir(datasets.parent)
    upgrade(monkeypatch, "2")
    before = tree(datasets)
    assert run(datasets, extract=read_otherwise).removals == 3
    assert tree(datasets) == before


def test_a_version_that_reads_more_needs_nobody_to_accept_it(datasets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        upgrade(patch)
        assert run(datasets, extract=read_worse, accept=True).exit_status == 0
    upgrade(monkeypatch, "2")
    assert run(datasets).exit_status == 0
    assert {entry.figures_open for entry in (read_baseline(datasets) or {}).values()} == {0}


def test_a_reissue_with_fewer_figures_waits_until_that_is_accepted(datasets: Path, tmp_path: Path) -> None:
    before = tree(datasets)
    file = write_invented(tmp_path, "again.txt", WATER, 2023, "reissued")
    assert add(datasets, file, extract=read_worse).removals == 1
    assert tree(datasets) == before
    waiting = write_invented(datasets, "again.txt", WATER, 2023, "reissued")
    (datasets / "again.origin.toml").write_text("replace = true")
    assert run(datasets, extract=read_worse).removals == 1
    assert waiting.exists()
    assert run(datasets, extract=read_worse, accept=True).exit_status == 0
    assert not waiting.exists()
    assert read_baseline(datasets) == baseline_entries(datasets)


def test_a_reissue_with_all_figures_needs_nobody_to_accept_it(datasets: Path, tmp_path: Path) -> None:
    file = write_invented(tmp_path, "again.txt", WATER, 2023, "requests/granted/total=7")
    assert add(datasets, file).exit_status == 0
    assert read_baseline(datasets) == baseline_entries(datasets)


def test_a_person_may_empty_a_figure_and_fill_it_again(datasets: Path) -> None:
    path = datasets / ID / "2023" / "corrections.csv"
    before = read_baseline(datasets)
    path.write_text(EMPTIED, encoding="utf-8")
    assert run(datasets).exit_status == 0
    assert read_package(path.parent).report.figures[FEES].value is None
    after = read_baseline(datasets)
    assert before
    assert after
    assert after[ID, 2023].figures_read == before[ID, 2023].figures_read - 1
    assert after[ID, 2023].figures_open == 0
    path.unlink()
    assert run(datasets).exit_status == 0
    assert read_baseline(datasets) == before


def test_a_correction_hides_no_figure_that_is_lost_beside_it(datasets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (datasets / ID / "2023" / "corrections.csv").write_text(EMPTIED, encoding="utf-8")
    (datasets / ID / "2022").rename(datasets.parent / "2022")
    upgrade(monkeypatch)
    run_report = run(datasets, extract=read_otherwise)
    assert run_report.removals == 3  # the year that is away, and a figure of each of the others
    assert not (datasets / ID / "2023" / "history.csv").exists()


# ---------------------------------------------------------------- gone


@pytest.mark.parametrize(
    ("take_away", "line"),
    [
        pytest.param(f"{ID}/2022", "2022: the report for 2022 is gone, or its package cannot be read; ", id="a-year"),
        pytest.param(f"{ID}", ": is gone, with its reports for 2022, 2023; ", id="an-agency"),
    ],
)
def test_what_is_gone_stops_every_build_until_it_is_accepted_once(
    take_away: str, line: str, datasets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (datasets / take_away).rename(tmp_path / "away")
    index = (datasets / "index.csv").read_bytes()
    for _ in range(2):
        run_report = run(datasets)
        assert (run_report.exit_status, run_report.removals) == (1, 1)
        (told,) = capsys.readouterr().err.splitlines()
        assert line in told
        assert (datasets / "index.csv").read_bytes() == index
    assert any("no package is" in problem for problem in problems_of(datasets))
    assert run(datasets, accept=True).exit_status == 0
    assert run(datasets).exit_status == 0
    assert problems_of(datasets) == []


def test_a_report_that_lies_under_another_id_now_is_told_where(
    datasets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = datasets / "agencies.csv"
    registry.write_bytes(registry.read_bytes().replace(ID.encode() + b",", b"990101-shui-li-ju,", 1))
    (datasets / ID).rename(datasets / "990101-shui-li-ju")
    run_report = run(datasets)
    assert run_report.removals == 1
    assert f"the report lies in {datasets / '990101-shui-li-ju'}/2022 now" in capsys.readouterr().err
    assert run(datasets, accept=True).exit_status == 0
    assert {agency for agency, _ in read_baseline(datasets) or {}} >= {"990101-shui-li-ju"}


def test_fewer_figures_than_the_index_has_are_told_though_the_better_package_is_gone(
    datasets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = datasets / "index.csv"
    entries = read_baseline(datasets)
    assert entries
    entries[ID, 2023] = replace(entries[ID, 2023], figures_read=999)
    path.write_bytes(baseline_bytes(entries))
    assert run(datasets).removals == 1
    assert "figures are read where 999 were before" in capsys.readouterr().err


def test_a_package_that_somebody_broke_is_told_once_and_nothing_is_published_without_it(
    datasets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = (datasets / "index.csv").read_bytes()
    (datasets / ID / "2023" / "corrections.csv").write_text(EMPTIED.replace(",,", ",x,"), encoding="utf-8")
    run_report = run(datasets)
    assert (run_report.exit_status, run_report.refused, run_report.removals) == (1, 1, 1)
    (told,) = capsys.readouterr().err.splitlines()
    assert "corrections.csv: line 2: value 'x'" in told
    assert (datasets / "index.csv").read_bytes() == index


def test_an_index_that_is_gone_is_written_anew(datasets: Path) -> None:
    content = (datasets / "index.csv").read_bytes()
    (datasets / "index.csv").unlink()
    assert problems_of(datasets) == []
    assert run(datasets).exit_status == 0
    assert (datasets / "index.csv").read_bytes() == content


# ---------------------------------------------------------------- runs that die


class Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "where",
    [
        "gongkai.build.ingest.move_in",
        "gongkai.package.baseline.Baseline.note",
        "gongkai.package.baseline.Baseline.write",
    ],
)
def test_a_run_that_dies_makes_no_later_one_stop(
    where: str, datasets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever it dies: before a package with a figure less is in its place, just after, and before the end."""
    (datasets / ID / "2023" / "corrections.csv").write_text(EMPTIED, encoding="utf-8")
    write_invented(datasets, "d.txt", TAX, 2021)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, die)
        with pytest.raises(Killed):
            run(datasets)
    capsys.readouterr()
    run_report = run(datasets)
    assert (run_report.exit_status, capsys.readouterr().err) == (0, "")
    assert read_baseline(datasets) == baseline_entries(datasets)
    assert len(baseline_entries(datasets)) == 4


# ---------------------------------------------------------------- an index that somebody broke

LINE = f"{ID},2023,{'0' * 64},1,0,0,0\n"
BROKEN: dict[str, bytes] = {
    "empty": b"",
    "another-header": b"a,b\n",
    "no-end": (HEADER + LINE).encode().rstrip(b"\n"),
    "windows-line-ends": (HEADER + LINE).replace("\n", "\r\n").encode(),
    "no-text": HEADER.encode() + b"\xff\n",
    "an-id-that-climbs": (HEADER + LINE.replace(ID, "../../x")).encode(),
    "no-hash": (HEADER + LINE.replace("0" * 64, "0" * 63)).encode(),
    "below-zero": (HEADER + LINE.replace(",1,", ",-1,")).encode(),
    "a-number-without-end": (HEADER + LINE.replace(",1,", f",{'9' * 5000},")).encode(),
    "a-cell-more": (HEADER + LINE.replace("\n", ",0\n")).encode(),
    "twice": (HEADER + LINE * 2).encode(),
    "out-of-order": (HEADER + LINE + LINE.replace("2023", "2022")).encode(),
    "a-merge": (HEADER + "<<<<<<< HEAD\n" + LINE).encode(),
    "a-terminal": (HEADER + "\x1b[2J\n").encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_index_costs_one_line_and_nothing_is_done(
    content: bytes, datasets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (datasets / "index.csv").write_bytes(content)
    before = tree(datasets)
    for arguments, status in (([], 2), (["render"], 2), (["validate"], 1)):
        assert command.main(arguments) == status
        (told,) = capsys.readouterr().err.splitlines()
        assert told.startswith("datasets/index.csv: ")
        assert told.isprintable()
        assert len(told) < 400
    assert tree(datasets) == before
    assert not (datasets.parent / "site").exists()


def test_an_index_that_is_a_link_is_refused(datasets: Path, tmp_path: Path) -> None:
    (datasets / "index.csv").rename(tmp_path / "elsewhere.csv")
    (datasets / "index.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(UsageError, match="no regular file"):
        Baseline.read(datasets, print)


# ---------------------------------------------------------------- the command line


@pytest.fixture
def filed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packages that the command finds up to date, with their index and their site."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "datasets").mkdir()
    for year in (2022, 2023):
        make_package(tmp_path / "datasets", year=year)
    assert command.main([]) == 0
    assert (tmp_path / "site" / "agency" / AGENCY.id / "2022" / "index.html").exists()
    return tmp_path / "datasets"


@pytest.mark.parametrize("arguments", [[], ["render"]])
def test_a_site_with_less_than_before_is_not_published(
    arguments: list[str], filed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (filed / AGENCY.id / "2022").rename(filed.parent / "away")
    site = (filed.parent / "site").stat().st_ino
    capsys.readouterr()
    assert command.main(arguments) == 1
    said = capsys.readouterr()
    (told,) = said.err.splitlines()
    assert told.startswith(f"datasets/{AGENCY.id}/2022: ")
    assert (filed.parent / "site").stat().st_ino == site
    assert arguments or said.out == "1 report, 0 refused, 1 removal (nothing was published), 0 with findings\n"
    assert command.main([*arguments, "--accept-removals"]) == 0
    assert not (filed.parent / "site" / "agency" / AGENCY.id / "2022").exists()
    # Who renders alone changes nothing in datasets/.
    assert ((AGENCY.id, 2022) in (read_baseline(filed) or {})) is bool(arguments)


def test_validate_tells_an_index_that_is_out_of_date(filed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_package(filed, year=2015)
    compare_packages(filed)
    entries = read_baseline(filed)
    assert entries
    entries[AGENCY.id, 2023] = replace(entries[AGENCY.id, 2023], warnings=77)
    (filed / "index.csv").write_bytes(baseline_bytes(entries))
    capsys.readouterr()
    assert command.main(["validate"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        f"datasets/index.csv: lacks datasets/{AGENCY.id}/2015; run build.py to bring it up to date",
        f"datasets/index.csv: datasets/{AGENCY.id}/2023 has warnings 77, and its package "
        f"{baseline_entries(filed)[AGENCY.id, 2023].warnings}; run build.py to bring it up to date",
    ]


def test_what_is_extracted_elsewhere_has_no_index(filed: Path, tmp_path: Path) -> None:
    file = next(filed.glob("*/2023/report.*"))
    command.main(["extract", str(file), "--output", str(tmp_path / "out")])
    assert not (tmp_path / "out" / "index.csv").exists()


def test_the_number_of_a_decimal_is_counted_like_any() -> None:
    assert baseline_entry(make_report(values={FEES: Decimal("0.01")}), ()).figures_read == len(make_report().figures)
