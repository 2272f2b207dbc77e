from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest

from gongkai.build.commands import add_files, bring_up_to_date, extract_files
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.build.worker import Task
from gongkai.checks.registry import accounting_checks
from gongkai.errors import PackageError
from gongkai.model import Change, Correction, Figure, Key, Origin, Report
from gongkai.names.registry import Registry
from gongkai.package.fingerprint import built_from
from gongkai.package.folder import published, read_package
from gongkai.package.history import changes, history_from, rows_of
from gongkai.package.validate import validate_all
from gongkai.publish.catalog import Catalog
from tests.builders import extract_invented, make_package, make_report, write_invented

GRANTED = Key("requests", "granted", "total")
NATURAL = Key("requests", "granted", "natural_person")
FEES = Key("proactive_disclosure", "8/fees", "amount")
AGENCY = "示例市水务局"
PLACE = Path("990101-shui-wu-ju", "2023")
PERIOD_END = date(2023, 12, 31)
CORRECTION = Correction(GRANTED, Decimal(8), "看错", "第2页", "张三", date(2024, 5, 6))
CORRECTIONS = "resource,row,column,value,reason,evidence,by,date\nrequests,granted,total,8,看错,第2页,张三,2024-05-06\n"
REISSUED = "requests/granted/total=7 requests/granted/natural_person=7"
CHANGED = (
    Change(PERIOD_END, NATURAL, Decimal(6), Decimal(7), "reissue"),
    Change(PERIOD_END, GRANTED, Decimal(6), Decimal(7), "reissue"),
)


def corrected(report: Report, stated: Correction = CORRECTION) -> Report:
    figure = report.figures[stated.key]._replace(value=stated.value, reader="correction")
    return replace(report, figures={**report.figures, stated.key: figure}, corrections=(stated,))


def between(old: Report, new: Report) -> tuple[Change, ...]:
    return changes(old.source.sha256, old.figures, new)


# ---------------------------------------------------------------- what became of each figure


def test_a_report_that_says_the_same_has_no_history() -> None:
    assert between(make_report(), make_report(values={FEES: Decimal("12.5")})) == ()


def test_another_reading_of_the_same_file_is_the_extractors() -> None:
    new = make_report(values={GRANTED: 7, FEES: None})
    assert between(make_report(), new) == (
        Change(PERIOD_END, FEES, Decimal("12.50"), None, "extractor"),
        Change(PERIOD_END, GRANTED, Decimal(6), Decimal(7), "extractor"),
    )


def test_another_file_is_a_reissue_whoever_read_it() -> None:
    source = replace(make_report().source, sha256="0" * 64)
    new = replace(corrected(make_report()), source=source)
    assert [change.cause for change in between(make_report(), new)] == ["reissue"]


def test_a_correction_that_is_set_counts_from_its_own_day_and_one_that_goes_from_the_reports() -> None:
    plain, mended = make_report(), corrected(make_report())
    assert between(plain, mended) == (Change(date(2024, 5, 6), GRANTED, Decimal(6), Decimal(8), "correction"),)
    assert between(mended, plain) == (Change(PERIOD_END, GRANTED, Decimal(8), Decimal(6), "correction"),)


def test_a_row_that_the_form_no_longer_has_is_not_forgotten() -> None:
    old = make_report("2019", {Key("requests", "other_handling", "total"): 3})
    gone = [change for change in between(old, make_report("2021")) if change.key.row == "other_handling"]
    assert gone[-1].key.column == "total"
    assert gone[-1].old == 3
    assert gone[-1].new is None


@pytest.mark.parametrize(
    ("epoch", "retrieved", "day"),
    [
        pytest.param("86400", date(2024, 3, 1), date(1970, 1, 2), id="the-builds"),
        pytest.param("", date(2024, 3, 1), date(2024, 3, 1), id="when-it-was-retrieved"),
        pytest.param("", None, PERIOD_END, id="the-periods-end"),
    ],
)
def test_the_day_of_a_change_is_read_from_no_clock(
    epoch: str, retrieved: date | None, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    new = make_report(values={GRANTED: 7}, origin=Origin(retrieved=retrieved))
    assert [change.date for change in between(make_report(), new)] == [day]


def test_the_builds_day_goes_before_that_of_a_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert [change.date for change in between(make_report(), corrected(make_report()))] == [date(1970, 1, 2)]


def test_a_history_comes_back_as_it_went() -> None:
    history = between(make_report(), make_report(values={GRANTED: 7, FEES: None}))
    assert history_from(rows_of(history)) == history


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param(["soon", *GRANTED, "6", "7", "reissue"], "row 2: Invalid isoformat", id="no-date"),
        pytest.param(["2024-01-01", *GRANTED, "six", "7", "reissue"], "row 2: 'six' is not a number", id="no-number"),
        pytest.param(["2024-01-01", *GRANTED, "6", "7", "mood"], "row 2: 'mood' is not one of", id="no-cause"),
    ],
)
def test_a_row_that_is_no_change_is_refused(row: list[str], problem: str) -> None:
    with pytest.raises(PackageError, match=rf"history\.csv: {problem}"):
        history_from([row])


# ---------------------------------------------------------------- what was published


def test_what_somebody_wrote_into_a_package_was_never_published(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    was = published(folder)
    assert was
    assert was[1][GRANTED].value == 6
    path = folder / "requests.csv"
    path.write_bytes(path.read_bytes().replace(b",6,", b",9,"))
    assert published(folder) is None


def test_what_an_older_version_published_is_known_whatever_other_files_it_had(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    (folder / "findings.csv").unlink()
    was = published(folder)
    assert was
    assert was[0] == make_report().source.sha256


def test_nothing_was_published_where_no_package_is(tmp_path: Path) -> None:
    assert published(tmp_path / "nowhere") is None


# ---------------------------------------------------------------- on record in the package


def build(datasets: Path, *, strict: bool = False) -> RunReport:
    run_report = RunReport(accounting_checks(), strict)
    bring_up_to_date(datasets, Options(extract=extract_invented), run_report)
    return run_report


def add(files: list[Path], datasets: Path, *, replace: bool = False) -> RunReport:
    run_report = RunReport()
    add_files(files, datasets, Options(replace=replace, extract=extract_invented), run_report)
    return run_report


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def problems_of(datasets: Path) -> list[str]:
    return [problem for _, problems in validate_all(datasets) for problem in problems]


def history(datasets: Path) -> tuple[Change, ...]:
    return read_package(datasets / PLACE).report.history


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    """A folder of datasets with one package, which has no history."""
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    write_invented(datasets, "a.txt", AGENCY)
    assert build(datasets).exit_status == 0
    assert not (datasets / PLACE / "history.csv").exists()
    return datasets


def test_a_report_that_waits_replaces_another_where_its_origin_says_so(
    filed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_invented(filed, "b.txt", AGENCY, 2023, REISSUED)
    (filed / "b.origin.toml").write_text("replace = true")
    run_report = build(filed)
    assert (run_report.exit_status, run_report.reports, run_report.with_findings) == (0, 1, 1)
    assert capsys.readouterr().err == ""
    assert history(filed) == CHANGED
    assert (filed / PLACE / "history.csv").read_text(encoding="utf-8").splitlines() == [
        "date,resource,row,column,old,new,cause",
        "2023-12-31,requests,granted,natural_person,6,7,reissue",
        "2023-12-31,requests,granted,total,6,7,reissue",
    ]
    assert problems_of(filed) == []
    assert frictionless.validate(str(filed / PLACE / "datapackage.json")).flatten(["note"]) == []
    assert {path.name for path in filed.iterdir()} == {"agencies.csv", "index.csv", PLACE.parent.name}
    before = tree(filed)
    assert build(filed).exit_status == 0
    assert tree(filed) == before


def test_a_strict_run_counts_the_report_that_replaced_and_not_the_one_that_was_replaced(filed: Path) -> None:
    write_invented(filed, "b.txt", AGENCY, 2023, REISSUED)
    (filed / "b.origin.toml").write_text("replace = true")
    assert build(filed, strict=True).exit_status == 1
    write_invented(filed, "c.txt", AGENCY)
    (filed / "c.origin.toml").write_text("replace = true")
    assert build(filed, strict=True).exit_status == 0


def test_a_reissue_that_waits_without_saying_so_is_refused(filed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(filed)
    waiting = write_invented(filed, "b.txt", AGENCY, 2023, REISSUED)
    assert build(filed).exit_status == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert "keep one of the two, or state replace = true in b.origin.toml" in told
    assert tree(filed) == {**before, "b.txt": waiting.read_bytes()}


def test_a_reissue_of_a_reissue_is_added_to_the_record(filed: Path, tmp_path: Path) -> None:
    second = write_invented(tmp_path, "b.txt", AGENCY, 2023, REISSUED)
    third = write_invented(tmp_path, "c.txt", AGENCY, 2023, "requests/granted/total=8")
    assert add([second], filed, replace=True).exit_status == 0
    assert add([third], filed, replace=True).exit_status == 0
    assert history(filed) == (
        *CHANGED,
        Change(PERIOD_END, NATURAL, Decimal(7), Decimal(6), "reissue"),
        Change(PERIOD_END, GRANTED, Decimal(7), Decimal(8), "reissue"),
    )
    assert problems_of(filed) == []


def test_a_reissue_with_the_same_figures_has_no_history(filed: Path, tmp_path: Path) -> None:
    assert add([write_invented(tmp_path, "b.txt", AGENCY, 2023, "again")], filed, replace=True).exit_status == 0
    assert not (filed / PLACE / "history.csv").exists()


def test_what_people_stated_of_the_replaced_report_is_not_taken_for_the_new_one(
    filed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (filed / PLACE / "origin.toml").write_text('note = "the first edition"')
    (filed / PLACE / "corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    build(filed)
    assert add([write_invented(tmp_path, "b.txt", AGENCY, 2023, "again")], filed, replace=True).exit_status == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in told] == [
        str(filed / PLACE / "origin.toml"),
        str(filed / PLACE / "corrections.csv"),
    ]
    report = read_package(filed / PLACE).report
    assert (report.origin, report.corrections) == (Origin(), ())
    assert [change.cause for change in report.history] == ["correction", "reissue"]


def test_a_correction_is_put_on_record(filed: Path) -> None:
    (filed / PLACE / "corrections.csv").write_text(CORRECTIONS, encoding="utf-8")
    assert build(filed).exit_status == 0
    assert history(filed) == (Change(date(2024, 5, 6), GRANTED, Decimal(6), Decimal(8), "correction"),)


def test_a_changed_extractor_is_put_on_record(filed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.build.staleness.built_from", lambda *facts: built_from(*facts) | {"code": "another"})
    run_report = RunReport()
    bring_up_to_date(filed, Options(extract=extract_otherwise), run_report)
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert history(filed) == (Change(PERIOD_END, FEES, Decimal("12.50"), Decimal(3), "extractor"),)


def extract_otherwise(task: Task, registry: Registry) -> tuple[Report, tuple[()]]:
    report, _ = extract_invented(task, registry)
    figure: Figure = report.figures[FEES]._replace(value=Decimal(3), printed="3")
    return replace(report, figures={**report.figures, FEES: figure}), ()


def test_figures_that_somebody_broke_are_mended_without_a_record(filed: Path) -> None:
    path = filed / PLACE / "requests.csv"
    path.write_bytes(path.read_bytes().replace(b",6,", b",9,"))
    assert build(filed).exit_status == 0
    assert not (filed / PLACE / "history.csv").exists()


def test_a_record_stays_when_its_package_is_made_again(filed: Path, tmp_path: Path) -> None:
    add([write_invented(tmp_path, "b.txt", AGENCY, 2023, REISSUED)], filed, replace=True)
    (filed / PLACE / "origin.toml").write_text('note = "a note"')
    assert build(filed).exit_status == 0
    assert read_package(filed / PLACE).report.origin.note == "a note"
    assert history(filed) == CHANGED


def test_a_record_that_cannot_be_read_is_never_written_over(
    filed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add([write_invented(tmp_path, "b.txt", AGENCY, 2023, REISSUED)], filed, replace=True)
    (filed / PLACE / "history.csv").write_text("gone\n")
    before = tree(filed)
    assert add([write_invented(tmp_path, "c.txt", AGENCY)], filed, replace=True).exit_status == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert "history.csv: the header is not date,resource" in told
    assert told.endswith("put it back as it was")
    assert tree(filed) == before


# ---------------------------------------------------------------- add


def test_added_files_are_filed_registered_and_only_read(tmp_path: Path) -> None:
    datasets = tmp_path / "datasets"
    datasets.mkdir()
    file = write_invented(tmp_path, "a.txt", "whoever")
    (tmp_path / "a.origin.toml").write_text(f'agency = "{AGENCY}"', encoding="utf-8")
    run_report = add([file], datasets)
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert file.exists()
    assert (tmp_path / "a.origin.toml").exists()
    assert (datasets / PLACE / "origin.toml").exists()
    assert Registry.read(datasets / "agencies.csv").find(AGENCY)


def test_an_added_file_that_waits_is_filed_as_any_that_waits(filed: Path) -> None:
    waiting = write_invented(filed, "b.txt", AGENCY, 2023, REISSUED)
    assert add([waiting.parent / ".." / "datasets" / "b.txt"], filed, replace=True).exit_status == 0
    assert history(filed) == CHANGED
    assert not waiting.exists()


@pytest.mark.parametrize("stated", [False, True])
def test_an_added_file_replaces_another_only_where_that_is_said(
    stated: bool, filed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(filed)
    file = write_invented(tmp_path, "b.txt", AGENCY, 2023, REISSUED)
    if stated:
        (tmp_path / "b.origin.toml").write_text("replace = true")
    assert add([file], filed).exit_status == (0 if stated else 1)
    assert (tree(filed) == before) is not stated
    assert ("--replace replaces it" in capsys.readouterr().err) is not stated


def test_a_foreign_file_stops_a_reissue(filed: Path, tmp_path: Path) -> None:
    (filed / PLACE / "notes.txt").write_text("mine")
    before = tree(filed)
    assert add([write_invented(tmp_path, "b.txt", AGENCY, 2023, "again")], filed, replace=True).exit_status == 1
    waiting = write_invented(filed, "b.txt", AGENCY, 2023, "again")
    assert add([waiting], filed, replace=True).exit_status == 1
    assert tree(filed) == {**before, "b.txt": waiting.read_bytes()}


def test_an_extracted_reissue_has_its_history_too(tmp_path: Path) -> None:
    for name, more in (("a.txt", ""), ("b.txt", REISSUED)):
        file = write_invented(tmp_path, name, AGENCY, 2023, more)
        extract_files([file], tmp_path / "out", tmp_path, Options(replace=True, extract=extract_invented), RunReport())
    assert history(tmp_path / "out") == CHANGED


# ---------------------------------------------------------------- validation and the catalog


def twist(old: bytes, new: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        pytest.param(twist(b",6,7,", b",5,7,"), "is not the file whose hash and bytes", id="another-figure"),
        pytest.param(twist(b",6,7,", b",x,7,"), "row 2: 'x' is not a number", id="no-number"),
        pytest.param(twist(b"2023-", b"soon-"), "row 2: Invalid isoformat", id="no-date"),
        pytest.param(twist(b"reissue", b"mood"), "row 2: 'mood' is not one of", id="no-cause"),
        pytest.param(twist(b"date", b"day"), "the header is not", id="another-header"),
        pytest.param(twist(b",6,7,reissue", b""), "row 2 has 4 cells", id="too-short"),
        pytest.param(lambda path: path.write_bytes(b"\xff"), "not a CSV file in UTF-8", id="no-text"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes().split(b"\n")[0]), "no change", id="no-rows"),
        pytest.param(lambda path: path.unlink(), "missing, though datapackage.json lists it", id="missing"),
    ],
)
def test_a_history_that_somebody_broke_is_told_in_one_line(
    harm: Callable[[Path], object], problem: str, filed: Path, tmp_path: Path
) -> None:
    add([write_invented(tmp_path, "b.txt", AGENCY, 2023, REISSUED)], filed, replace=True)
    harm(filed / PLACE / "history.csv")
    (told,) = problems_of(filed)
    assert told.startswith(f"{filed / PLACE / 'history.csv'}: ")
    assert problem in told


def test_a_history_that_no_build_wrote_is_told(filed: Path) -> None:
    row = "2024-01-01,requests,granted,total,5,6,reissue"
    (filed / PLACE / "history.csv").write_text(f"date,resource,row,column,old,new,cause\n{row}\n")
    (told,) = problems_of(filed)
    assert told.startswith(f"{filed / PLACE / 'history.csv'}: the package was made without it")


def test_the_catalog_gives_the_history_back(tmp_path: Path) -> None:
    changes = (*CHANGED, Change(PERIOD_END, FEES, None, Decimal("1.50"), "extractor"))
    folder = make_package(tmp_path, history=changes)
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        catalog.add(make_report(history=changes), (), folder, "0.1.0")
        (again,) = catalog.reports_of(make_report().agency)
    assert again.report.history == changes
