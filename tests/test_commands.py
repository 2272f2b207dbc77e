import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from gongkai.build.commands import bring_up_to_date, extract_files
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.errors import UsageError
from gongkai.model import Finding
from gongkai.names.registry import Registry
from gongkai.package.folder import file_facts, read_package
from gongkai.package.validate import validate_all
from gongkai.system.atomic_folders import scratch_folder
from tests.builders import extract_invented, write_invented

WATER, TAX = "示例市水务局", "示例市税务局"
"""Two names of one place with one pinyin: without a registry both would have one id."""
ID = "990101-shui-wu-ju"


def build(datasets: Path, jobs: int = 2) -> RunReport:
    run_report = RunReport()
    bring_up_to_date(datasets, Options(jobs=jobs, extract=extract_invented), run_report)
    return run_report


def extract(files: list[Path], output: Path, datasets: Path, *, replace: bool = False) -> RunReport:
    run_report = RunReport()
    extract_files(files, output, datasets, Options(jobs=2, replace=replace, extract=extract_invented), run_report)
    return run_report


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


# ---------------------------------------------------------------- reports that wait


def test_a_report_that_waits_is_filed_with_its_origin_and_its_agency_registered(tmp_path: Path) -> None:
    write_invented(tmp_path, "upload.txt", "whoever")
    (tmp_path / "upload.origin.toml").write_text(f'agency = "{WATER}"\nyear = 2022\n', encoding="utf-8")
    run_report = build(tmp_path)
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert {name for name in tree(tmp_path) if "/" not in name} == {"agencies.csv", "index.csv"}
    assert (tmp_path / ID / "2022" / "report.txt").read_text(encoding="utf-8") == "whoever 2023 "
    assert (tmp_path / ID / "2022" / "origin.toml").exists()
    entry = Registry.read(tmp_path / "agencies.csv").by_id(ID)
    assert entry
    assert (entry.name, entry.kind) == (WATER, "department")
    assert [problem for _, problems in validate_all(tmp_path) for problem in problems] == []


def test_nothing_else_that_lies_there_is_taken_for_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("README.md", "LICENSE", ".gitkeep"):
        (tmp_path / name).touch()
    assert build(tmp_path).exit_status == 0
    assert lines(capsys) == []


def test_a_statement_that_belongs_to_no_report_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "uplaod.origin.toml").write_text("year = 2023")
    assert build(tmp_path).exit_status == 1
    (line,) = lines(capsys)
    assert line.startswith(f"{tmp_path / 'uplaod.origin.toml'}: no report uplaod.pdf")


@pytest.mark.parametrize("trouble", ["refuse", "stumble", "die"])
def test_a_refused_report_stays_where_it_lies_and_the_others_are_filed(
    trouble: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_invented(tmp_path, "a.txt", WATER, 2021)
    refused = write_invented(tmp_path, "b.pdf", WATER, 2022, trouble)
    write_invented(tmp_path, "c.txt", WATER, 2023)
    run_report = build(tmp_path)
    assert (run_report.exit_status, run_report.reports, run_report.refused) == (1, 2, 1)
    assert refused.exists()
    (line,) = lines(capsys)
    assert line.startswith(f"{refused}: ")
    assert line.isprintable()


def test_a_second_report_of_an_agency_and_year_is_an_error_that_names_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    second = write_invented(tmp_path, "b.txt", WATER, 2023, "reissued")
    assert build(tmp_path).exit_status == 1
    (line,) = lines(capsys)
    filed = tmp_path / ID / "2023" / "report.txt"
    assert line.startswith(f"{second}: {filed} is a report of {WATER} for 2023 too")
    assert second.exists()
    assert filed.read_text(encoding="utf-8") == f"{WATER} 2023 "


def test_the_same_file_again_is_removed_with_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    before = tree(tmp_path)
    again = write_invented(tmp_path, "again.txt", WATER)
    run_report = build(tmp_path)
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert tree(tmp_path) == before
    assert lines(capsys) == [f"{again}: is the same file as {tmp_path / ID / '2023' / 'report.txt'}, and was removed"]


def test_the_same_file_with_a_new_statement_is_not_removed(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    write_invented(tmp_path, "again.txt", WATER)
    (tmp_path / "again.origin.toml").write_text('note = "from the archive"')
    assert build(tmp_path).exit_status == 1
    assert (tmp_path / "again.txt").exists()
    assert (tmp_path / "again.origin.toml").exists()


def test_a_statement_for_two_files_is_kept_until_both_are_filed(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    write_invented(tmp_path, "a.pdf", TAX, 2023, "refuse")
    (tmp_path / "a.origin.toml").write_text('note = "both"')
    build(tmp_path)
    assert (tmp_path / "a.origin.toml").exists()


@pytest.mark.parametrize("jobs", [1, 4])
def test_two_new_agencies_with_one_id_get_ids_of_their_own_by_the_order_of_their_files(
    jobs: int, tmp_path: Path
) -> None:
    write_invented(tmp_path, "a.txt", WATER, 2023, "slow")
    write_invented(tmp_path, "b.txt", TAX)
    write_invented(tmp_path, "c.txt", TAX, 2022)
    assert build(tmp_path, jobs).exit_status == 0
    registry = Registry.read(tmp_path / "agencies.csv")
    water, tax = registry.find(WATER), registry.find(TAX)
    assert water
    assert tax
    assert (water.id, tax.id) == (ID, f"{ID}-{hashlib.sha256(TAX.encode()).hexdigest()[:4]}")
    assert sorted(path.name for path in (tmp_path / tax.id).iterdir()) == ["2022", "2023"]
    assert [problem for _, problems in validate_all(tmp_path) for problem in problems] == []


def test_an_id_that_stands_in_the_registry_is_never_minted_again(tmp_path: Path) -> None:
    (tmp_path / "agencies.csv").write_text(
        f"id,name,aliases,division_code,level,kind,predecessor\n990101-shui-li-ju,{WATER},,990101,county,department,\n",
        encoding="utf-8",
    )
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    assert (tmp_path / "990101-shui-li-ju" / "2023").is_dir()


def test_a_lost_registry_comes_back_from_the_packages(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    (tmp_path / "agencies.csv").unlink()
    write_invented(tmp_path, "b.txt", TAX)
    build(tmp_path)
    registry = Registry.read(tmp_path / "agencies.csv")
    assert [entry.agency.name for entry in registry] == [WATER, TAX]


def test_a_run_that_is_stopped_loses_no_id_that_it_gave(tmp_path: Path) -> None:
    class Stopped(RunReport):
        def report(self, findings: Iterable[Finding]) -> None:
            super().report(findings)
            raise KeyboardInterrupt

    write_invented(tmp_path, "a.txt", WATER)
    write_invented(tmp_path, "b.txt", TAX)
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(tmp_path, Options(extract=extract_invented), Stopped())
    entry = Registry.read(tmp_path / "agencies.csv").by_id(ID)
    assert entry
    assert (entry.name, entry.kind) == (WATER, "department")
    assert {path.name for path in tmp_path.iterdir()} == {ID, "agencies.csv", "b.txt"}


# ---------------------------------------------------------------- packages that are there


def test_a_report_that_has_not_changed_is_not_extracted_again(tmp_path: Path) -> None:
    write_invented(tmp_path, "年报 2023.txt", WATER)
    build(tmp_path)
    before = tree(tmp_path)
    identity = (tmp_path / ID / "2023").stat().st_ino
    run_report = build(tmp_path)
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert tree(tmp_path) == before
    assert (tmp_path / ID / "2023").stat().st_ino == identity


def test_a_missing_package_is_made_around_its_report(tmp_path: Path) -> None:
    folder = tmp_path / ID / "2023"
    folder.mkdir(parents=True)
    write_invented(folder, "report.txt", WATER)
    assert build(tmp_path).exit_status == 0
    assert read_package(folder).report.agency.name == WATER


def test_a_changed_statement_makes_the_package_anew_and_stays(tmp_path: Path) -> None:
    write_invented(tmp_path, "年报 2023.txt", WATER)
    build(tmp_path)
    folder = tmp_path / ID / "2023"
    (folder / "origin.toml").write_text('url = "https://www.example.org/"')
    (folder / "corrections.csv").write_text("resource,row,column,value,reason,evidence,by,date\n")
    assert build(tmp_path).exit_status == 0
    report = read_package(folder).report
    assert report.origin.url == "https://www.example.org/"
    assert report.source.name == "年报 2023.txt"
    assert (folder / "corrections.csv").exists()


def test_a_package_that_somebody_broke_is_made_again_from_its_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    before = tree(tmp_path)
    (tmp_path / ID / "2023" / "requests.csv").write_text("broken")
    assert build(tmp_path).exit_status == 0
    assert tree(tmp_path) == before
    (line,) = lines(capsys)
    assert line.startswith(f"{tmp_path / ID / '2023' / 'requests.csv'}: ")
    assert line.endswith("the package is made again")


def test_a_report_whose_reading_now_fails_keeps_the_package_that_it_had(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    folder = tmp_path / ID / "2023"
    (folder / "origin.toml").write_text("yeer = 2023")
    before = tree(tmp_path)
    assert build(tmp_path).exit_status == 1
    assert tree(tmp_path) == before


def test_a_foreign_file_in_a_package_is_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    (tmp_path / ID / "2023" / "notes.txt").write_text("mine")
    assert build(tmp_path).exit_status == 1
    (line,) = lines(capsys)
    assert line.startswith(f"{tmp_path / ID / '2023' / 'notes.txt'}: does not belong in a package")
    assert (tmp_path / ID / "2023" / "notes.txt").exists()


def test_a_report_in_another_agencys_folder_is_told_where_it_belongs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "990101-cai-zheng-ju" / "2021"
    folder.mkdir(parents=True)
    write_invented(folder, "report.txt", WATER)
    assert build(tmp_path).exit_status == 1
    (line,) = lines(capsys)
    assert f"is the report of {WATER} for 2023; move its folder to {ID}/2023" in line
    assert [path.name for path in folder.iterdir()] == ["report.txt"]


def test_what_a_run_that_died_left_is_mended(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    build(tmp_path)
    before = tree(tmp_path)
    (tmp_path / ID / "2023").rename(tmp_path / ID / ".2023.old")
    (tmp_path / ".building-99999999").mkdir()
    build(tmp_path)
    assert tree(tmp_path) == before
    assert {path.name for path in tmp_path.iterdir()} == {ID, "agencies.csv", "index.csv"}


def test_what_a_run_works_in_is_left_alone_by_another(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first:
        with scratch_folder(tmp_path) as second:
            assert first.is_dir()
        assert not second.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_lies_where_a_run_works_and_is_no_folder_is_in_nobodys_way(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", WATER)
    (tmp_path / ID).mkdir()
    (tmp_path / ID / ".2022.old").symlink_to("/")
    (tmp_path / ID / ".2023.old").touch()
    (tmp_path / ".building-1").touch()
    assert build(tmp_path).exit_status == 0
    assert [path.name for path in (tmp_path / ID).iterdir()] == ["2023"]


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        build(tmp_path / "nowhere")


# ---------------------------------------------------------------- files that are given


@pytest.fixture
def given(tmp_path: Path) -> Path:
    (tmp_path / "given").mkdir()
    return tmp_path / "given"


def test_given_files_are_only_read_and_so_is_the_registry(given: Path, tmp_path: Path) -> None:
    file = write_invented(given, "a.txt", "whoever")
    (given / "a.origin.toml").write_text(f'agency = "{WATER}"', encoding="utf-8")
    before = tree(given)
    run_report = extract([file], tmp_path / "out", tmp_path / "datasets")
    assert (run_report.exit_status, run_report.reports) == (0, 1)
    assert tree(given) == before
    assert (tmp_path / "out" / ID / "2023" / "origin.toml").exists()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {ID}
    assert not (tmp_path / "datasets").exists()


def test_a_package_from_the_same_bytes_is_made_again_and_one_from_others_is_not(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = write_invented(given, "a.txt", WATER), tmp_path / "out"
    extract([file], out, given)
    before = tree(out)
    (out / ID / "2023" / "requests.csv").write_text("broken")
    assert extract([file], out, given).exit_status == 0
    assert tree(out) == before

    other = write_invented(given, "b.txt", WATER, 2023, "reissued")
    assert extract([other], out, given).exit_status == 1
    assert tree(out) == before
    (line,) = lines(capsys)
    assert line.startswith(f"{other}: {out / ID / '2023'} holds another report")

    assert extract([other], out, given, replace=True).exit_status == 0
    assert read_package(out / ID / "2023").report.source.sha256 == file_facts(other).sha256


def test_what_people_wrote_beside_a_report_stays_when_its_package_is_made_again(given: Path, tmp_path: Path) -> None:
    file, out = write_invented(given, "a.txt", WATER), tmp_path / "out"
    extract([file], out, given)
    (out / ID / "2023" / "origin.toml").write_text('note = "by hand"')
    assert extract([file], out, given).exit_status == 0
    assert read_package(out / ID / "2023").report.origin.note == "by hand"
    assert (out / ID / "2023" / "origin.toml").exists()


def test_two_given_reports_of_one_agency_and_year_are_an_error_that_names_both(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write_invented(given, "b.txt", WATER, 2023, "slow")
    second = write_invented(given, "a.txt", WATER, 2023, "reissued")
    same = write_invented(given, "c.txt", WATER, 2023, "slow")
    run_report = extract([first, second, same], tmp_path / "out", given)
    assert (run_report.exit_status, run_report.reports) == (1, 1)
    (line,) = lines(capsys)
    assert line.startswith(f"{second}: {first} is a report of {WATER} for 2023 too")


def test_a_file_that_is_not_there_costs_a_line_and_no_other_file(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_invented(given, "a.txt", WATER)
    run_report = extract([given / "b.txt", given, file], tmp_path / "out", given)
    assert (run_report.exit_status, run_report.reports, run_report.refused) == (1, 1, 2)
    assert lines(capsys) == [
        f"{given / 'b.txt'}: no such file; check its name",
        f"{given}: is a folder; name the files in it",
    ]


def test_an_output_that_is_a_file_is_wrong_usage(given: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="another --output"):
        extract([], tmp_path / "out", given)
