"""What comparing reports finds goes into their packages after filing, and whenever what was compared changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gongkai.build.commands import bring_up_to_date, extract_files
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.checks.cross_report_checks import is_cross_report
from gongkai.checks.report_checks import report_findings
from gongkai.model import REQUESTS, REVIEWS, Agency, Finding, Key
from gongkai.names.registry import COLUMNS, Registry
from gongkai.package.fingerprint import comparer_hash
from gongkai.package.folder import read_package
from gongkai.package.index import PackageIndex
from gongkai.package.validate import validate_all
from tests.builders import AGENCY, compare_packages, extract_invented, make_package, make_report, write_invented
from tests.test_validate import describe_again, edit_descriptor, edit_text

CARRIED_IN = {Key(REQUESTS, "carried_in", column): 3 for column in ("total", "natural_person")}
"""What the built report for the year before carries out."""
OTHER = Agency("990102-ren-min-zheng-fu", "示例市第二区人民政府", "990102", "county")
THIRD = Agency("990103-ren-min-zheng-fu", "示例市第三区人民政府", "990103", "county")
NAME = "示例市水务局"
ID = "990101-shui-wu-ju"
WITHOUT_COPIES = {key: 0 for key in make_report().figures if key.resource != REQUESTS}
"""Values with which only the table of requests is one that another report may share."""


def make(datasets: Path, *noted: Finding, **changes: Any) -> Path:
    """The package of a built report with what the first pass finds."""
    return make_package(datasets, (*noted, *report_findings(make_report(**changes))), **changes)


def findings(folder: Path) -> set[tuple[str, ...]]:
    """What the second pass found: check, severity, resource, row, column, expected and actual."""
    found = [finding.essence for finding in read_package(folder).findings if is_cross_report(finding)]
    assert len(set(found)) == len(found)
    return set(found)


def checks(folder: Path) -> set[str]:
    return {finding[0] for finding in findings(folder)}


def compared_with(folder: Path) -> list[str]:
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    compared = descriptor["compared_with"]
    return [f"{entry['agency']}/{entry['year']}" for entry in compared["reports"]] if compared else []


def problems_of(datasets: Path) -> list[str]:
    return [problem for _, problems in validate_all(datasets) for problem in problems]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def carrying_out(number: int) -> dict[Key, int]:
    """Values of a report that adds up and carries out so many."""
    counts = {"carried_out": number, "granted": 9 - number, "processed_total": 12 - number}
    return {Key(REQUESTS, row, column): n for row, n in counts.items() for column in ("total", "natural_person")}


def different(number: int) -> dict[Key, int]:
    """Values with which no table is that of another report."""
    places = {REQUESTS: "denied_third_party", REVIEWS: "litigation_direct"}
    keys = [Key(REQUESTS, places[REQUESTS], "natural_person"), Key(REVIEWS, places[REVIEWS], "upheld")]
    return {**dict.fromkeys(keys, number), Key("proactive_disclosure", "6/penalties", "decisions"): number}


# ---------------------------------------------------------------- what is found


def test_a_report_is_compared_with_the_one_for_the_year_before(tmp_path: Path) -> None:
    before = make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023, values=different(4))
    assert compare_packages(tmp_path) == [folder]
    assert {finding for finding in findings(folder) if finding[0] == "carry_over"} == {
        ("carry_over", "warning", REQUESTS, "carried_in", "total", "3", "2"),
        ("carry_over", "warning", REQUESTS, "carried_in", "natural_person", "3", "2"),
    }
    assert findings(before) == set()
    assert (compared_with(before), compared_with(folder)) == ([], [f"{AGENCY.id}/2022"])


def test_what_the_first_pass_found_stays_before_it_and_nothing_else_is_touched(tmp_path: Path) -> None:
    first = Finding(check="form", severity="warning", at=Key(REQUESTS, "granted"), message="予以公开: altered")
    make(tmp_path, year=2022)
    folder = make(tmp_path, first, year=2023, values=different(4))
    before = tree(folder)
    compare_packages(tmp_path)
    after = tree(folder)
    assert {name for name in after if after[name] != before.get(name)} == {"findings.csv", "datapackage.json"}
    assert read_package(folder).findings[0] == first
    old, new = (json.loads(content["datapackage.json"]) for content in (before, after))
    assert old["compared_with"] is None
    assert new["compared_with"]["checks"] == comparer_hash()
    assert old["built_from"] == new["built_from"]
    assert problems_of(tmp_path) == []


def test_a_second_time_nothing_is_made_anew(tmp_path: Path) -> None:
    for year in (2021, 2022, 2023):
        make(tmp_path, year=year)
        make(tmp_path, year=year, agency=OTHER)
    assert len(compare_packages(tmp_path)) == 6
    before = tree(tmp_path)
    assert compare_packages(tmp_path) == []
    assert tree(tmp_path) == before
    assert problems_of(tmp_path) == []


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param(None, id="removed"),
        pytest.param({"values": carrying_out(2)}, id="replaced"),
        pytest.param({"scope": "agency"}, id="of-another-scope"),
    ],
)
def test_findings_go_when_the_report_that_they_rest_on_changes(instead: dict[str, Any] | None, tmp_path: Path) -> None:
    before = make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023, values=different(4), scope="region")
    compare_packages(tmp_path)
    assert "carry_over" in checks(folder)
    shutil.rmtree(before)
    if instead is not None:
        make(tmp_path, year=2022, **instead)
    assert folder in compare_packages(tmp_path)
    assert "carry_over" not in checks(folder)
    assert problems_of(tmp_path) == []


def test_a_report_that_comes_later_for_an_earlier_year_is_compared(tmp_path: Path) -> None:
    folder = make(tmp_path, year=2023, values=different(4))
    compare_packages(tmp_path)
    assert "carry_over" not in checks(folder)
    make(tmp_path, year=2022)
    compare_packages(tmp_path)
    assert "carry_over" in checks(folder)


def test_a_report_with_nothing_to_compare_it_with_is_left_as_it_was_made(tmp_path: Path) -> None:
    folder = make(tmp_path)
    before = tree(folder)
    assert compare_packages(tmp_path) == []
    assert tree(folder) == before
    assert json.loads(before["datapackage.json"])["compared_with"] is None


def test_a_gap_of_a_year_is_not_bridged(tmp_path: Path) -> None:
    make(tmp_path, year=2021)
    folder = make(tmp_path, year=2023, values=different(4))
    compare_packages(tmp_path)
    assert (findings(folder), compared_with(folder)) == (set(), [])


def test_other_thresholds_or_code_make_the_second_pass_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, year=2022)
    folder = make(tmp_path)
    compare_packages(tmp_path)
    monkeypatch.setattr("gongkai.package.index.comparer_hash", lambda: f"sha256:{'0' * 64}")
    assert compare_packages(tmp_path) == [folder]


# ---------------------------------------------------------------- copied tables


def test_agencies_with_one_table_are_both_told_and_named(tmp_path: Path) -> None:
    own = make(tmp_path, values=WITHOUT_COPIES)
    other = make(tmp_path, values=WITHOUT_COPIES, agency=OTHER)
    compare_packages(tmp_path)
    assert findings(own) == {("copied_table", "info", REQUESTS, "", "", "", f"{OTHER.name} 2023")}
    assert findings(other) == {("copied_table", "info", REQUESTS, "", "", "", f"{AGENCY.name} 2023")}
    assert compared_with(own) == [f"{OTHER.id}/2023"]
    shutil.rmtree(other)
    assert compare_packages(tmp_path) == [own]
    assert findings(own) == set()


def test_of_many_agencies_with_one_table_the_nearest_in_time_are_named(tmp_path: Path) -> None:
    own = make(tmp_path, values=WITHOUT_COPIES)
    for number, year in enumerate((2018, 2024, 2023, 2019, 2021), 2):
        agency = Agency(f"99010{number}-ren-min-zheng-fu", f"示例市第{number}区人民政府", f"99010{number}", "county")
        make(tmp_path, values=WITHOUT_COPIES, agency=agency, year=year)
    compare_packages(tmp_path)
    named = "示例市第4区人民政府 2023; 示例市第3区人民政府 2024; 示例市第6区人民政府 2021"
    assert findings(own) == {("copied_table", "info", REQUESTS, "", "", "", named)}


def test_the_table_of_the_year_before_is_told_and_an_older_one_is_not(tmp_path: Path) -> None:
    values = {**WITHOUT_COPIES, **CARRIED_IN}
    for year in (2020, 2022, 2023):
        make(tmp_path, year=year, values=values)
    compare_packages(tmp_path)
    copies = {year: findings(tmp_path / AGENCY.id / year) for year in ("2020", "2022", "2023")}
    assert copies["2020"] == copies["2022"] == set()
    assert ("copied_table", "warning", REQUESTS, "", "", "", f"{AGENCY.name} 2022") in copies["2023"]


def test_tables_of_zeros_are_no_copies_however_many_there_are(tmp_path: Path) -> None:
    zeros = dict.fromkeys(make_report().figures, 0)
    folders = [make(tmp_path, values=zeros, agency=agency) for agency in (AGENCY, OTHER, THIRD)]
    compare_packages(tmp_path)
    assert [findings(folder) for folder in folders] == [set()] * 3
    assert [compared_with(folder) for folder in folders] == [[]] * 3


def test_a_hash_that_is_only_claimed_makes_no_copy(tmp_path: Path) -> None:
    own = make(tmp_path, values=WITHOUT_COPIES)
    liar = make(tmp_path, values={**WITHOUT_COPIES, **different(4)}, agency=OTHER)
    claimed = json.loads((own / "datapackage.json").read_bytes())["resources"][0]["hash"]
    edit_descriptor(liar, lambda d: d["resources"][0].update(hash=claimed))
    compare_packages(tmp_path)
    assert findings(own) == set()


# ---------------------------------------------------------------- what is not valid


def test_a_package_that_was_changed_by_hand_is_neither_compared_nor_mended(tmp_path: Path) -> None:
    before = make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023, values=different(4))
    edit_text(before / "requests.csv", ",6,", ",7,")
    harmed = tree(before)
    compare_packages(tmp_path)
    assert tree(before) == harmed
    assert "carry_over" not in checks(folder)
    content = tree(folder)
    compare_packages(tmp_path)
    assert tree(folder) == content


def test_a_finding_of_the_second_pass_that_is_made_up_is_told(tmp_path: Path) -> None:
    make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023, values=different(4))
    compare_packages(tmp_path)
    made_up = "carry_over,warning,requests,carried_in,research_institution,9,0,made up\n"
    edit_text(folder / "findings.csv", "message\n", "message\n" + made_up)
    describe_again(folder)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(
        f"{folder}/findings.csv: claims a finding carry_over of requests/carried_in/research_inst"
    )
    assert "(9 against 0)" in problem


def test_a_finding_of_the_second_pass_that_is_missing_is_told(tmp_path: Path) -> None:
    make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023, values=different(4))
    compare_packages(tmp_path)
    lines = (folder / "findings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "carried_in,total,3,2" not in line]
    assert len(kept) == len(lines) - 1
    (folder / "findings.csv").write_text("".join(kept), encoding="utf-8")
    describe_again(folder)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(
        f"{folder}/findings.csv: lacks a finding carry_over of requests/carried_in/total (3 against 2)"
    )


def test_a_package_that_was_taken_from_its_folder_is_as_valid_as_it_was(tmp_path: Path) -> None:
    make(tmp_path, year=2022)
    folder = make(tmp_path, year=2023)
    compare_packages(tmp_path)
    assert findings(folder)
    shutil.copytree(folder, tmp_path / "alone" / folder.relative_to(tmp_path))
    assert problems_of(tmp_path / "alone") == []


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([], id="a-list"),
        pytest.param({}, id="nothing"),
        pytest.param({"checks": "x", "predecessor": None, "reports": []}, id="no-hash"),
        pytest.param({"checks": f"sha256:{'0' * 64}", "predecessor": "../x", "reports": []}, id="no-id"),
        pytest.param({"checks": f"sha256:{'0' * 64}", "predecessor": None, "reports": [1]}, id="no-report"),
        pytest.param(
            {
                "checks": f"sha256:{'0' * 64}",
                "predecessor": None,
                "reports": [{"agency": AGENCY.id, "year": True, "hash": f"sha256:{'0' * 64}"}],
            },
            id="no-year",
        ),
    ],
)
def test_a_strangers_word_on_what_was_compared_is_read_field_by_field(value: Any, tmp_path: Path) -> None:
    folder = make(tmp_path)
    edit_descriptor(folder, lambda d: d.update(compared_with=value))
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"{folder / 'datapackage.json'}: compared_with")
    assert compare_packages(tmp_path) == []


# ---------------------------------------------------------------- mergers


def registry(tmp_path: Path, predecessor: str) -> Registry:
    rows = [",".join(COLUMNS)]
    rows += [
        f"{AGENCY.id},{AGENCY.name},,990101,county,government,{predecessor}",
        f"{OTHER.id},{OTHER.name},,990102,county,,",
    ]
    (tmp_path / "agencies.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Registry.read(tmp_path / "agencies.csv")


@pytest.mark.parametrize(
    ("predecessors_years", "breaks"),
    [
        pytest.param([2022], True, id="its-last-report-is-for-the-year-before"),
        pytest.param([], True, id="nobody-knows-when"),
        pytest.param([2022, 2023], False, id="it-still-reports"),
        pytest.param([2020], False, id="that-was-long-ago"),
    ],
)
def test_years_are_not_compared_over_a_merger(predecessors_years: list[int], breaks: bool, tmp_path: Path) -> None:
    make(tmp_path, year=2022)
    make(tmp_path, year=2023, values=different(4))
    for year in predecessors_years:
        make(tmp_path, year=year, agency=OTHER, values=different(5))
    index = PackageIndex(tmp_path, registry(tmp_path, OTHER.id))
    entry = index.get(AGENCY.id, 2023)
    assert entry
    others = index.partners(entry).other_reports(None)
    assert (others.break_before != "") == breaks


def test_a_merger_in_the_registry_is_on_record_in_the_package(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", NAME, 2022)
    write_invented(tmp_path, "b.txt", NAME, 2023)
    build(tmp_path)
    folder = tmp_path / ID / "2023"
    assert "carry_over" in checks(folder)
    text = (tmp_path / "agencies.csv").read_text(encoding="utf-8").splitlines()
    text[1] += "990102-shui-li-ju"
    (tmp_path / "agencies.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    build(tmp_path)
    assert "carry_over" not in checks(folder)
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    assert descriptor["compared_with"]["predecessor"] == "990102-shui-li-ju"
    assert problems_of(tmp_path) == []


# ---------------------------------------------------------------- from filing on


def build(datasets: Path) -> RunReport:
    run_report = RunReport()
    bring_up_to_date(datasets, Options(jobs=2, extract=extract_invented), run_report)
    return run_report


def test_filing_compares_what_it_files_and_a_second_run_makes_nothing_anew(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", NAME, 2023)
    write_invented(tmp_path, "b.txt", NAME, 2022)
    first = build(tmp_path)
    assert "carry_over" in checks(tmp_path / ID / "2023")
    before, times = tree(tmp_path), {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    second = build(tmp_path)
    assert tree(tmp_path) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert second.summary == first.summary
    assert second.with_findings == 1
    assert problems_of(tmp_path) == []


def test_files_that_are_given_are_compared_under_their_output(tmp_path: Path) -> None:
    files = [write_invented(tmp_path, f"{year}.txt", NAME, year) for year in (2022, 2023)]
    run_report = RunReport()
    extract_files(files, tmp_path / "out", tmp_path, Options(jobs=2, extract=extract_invented), run_report)
    assert "carry_over" in checks(tmp_path / "out" / ID / "2023")
    assert (run_report.reports, run_report.with_findings) == (2, 1)
    assert problems_of(tmp_path / "out") == []
