import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongkai.checks.registry import accounting_checks
from gongkai.errors import UsageError
from gongkai.model import Agency, Finding, Key
from gongkai.package.folder import write_package
from gongkai.package.validate import check_package, validate_all
from tests.builders import AGENCY, check_report, compare_packages, make_original, make_package, make_report
from tests.test_folder import mixed_report

CARRIED_OUT = Key("requests", "carried_out", "total")


def problems_of(datasets: Path) -> list[str]:
    return [problem for _, problems in validate_all(datasets) for problem in problems]


def edit_text(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_descriptor(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_bytes())
    change(descriptor)
    path.write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def describe_again(folder: Path) -> None:
    """Give the descriptor the hashes and sizes that the files have now, as somebody who knows the format would."""
    from gongkai.package.folder import file_facts

    def change(descriptor: dict[str, Any]) -> None:
        for resource in descriptor["resources"]:
            facts = file_facts(folder / resource["path"])
            resource |= {"hash": f"sha256:{facts.sha256}", "bytes": facts.size}

    edit_descriptor(folder, change)


# ---------------------------------------------------------------- what is valid


def test_packages_that_this_project_wrote_are_valid(tmp_path: Path) -> None:
    make_package(tmp_path, year=2022, edition="2019")
    make_package(tmp_path, year=2023)
    compare_packages(tmp_path)
    (tmp_path / "agencies.csv").write_text("id,name,aliases,division_code,level,kind,predecessor\n")
    assert problems_of(tmp_path) == []


def test_a_report_that_mixes_both_forms_is_valid(tmp_path: Path) -> None:
    folder = tmp_path / AGENCY.id / "2023"
    write_package(mixed_report(), (), make_original(tmp_path), folder)
    assert check_package(folder)[1] == []


def test_a_package_whose_figures_do_not_add_up_is_valid_with_its_findings(tmp_path: Path) -> None:
    values = {CARRIED_OUT: 9}
    make_package(tmp_path, check_report(make_report(values=values)), values=values)
    assert problems_of(tmp_path) == []


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        problems_of(tmp_path / "nowhere")


# ---------------------------------------------------------------- files


def replace_in(file: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit_text(folder / file, old, new)


def append_to(file: str, text: str) -> Callable[[Path], None]:
    return lambda folder: edit_text(folder / file, "\n", "\n" + text)


HARM = [
    pytest.param(lambda f: (f / "notes.txt").touch(), "notes.txt", "does not belong", id="a-foreign-file"),
    pytest.param(lambda f: (f / "drafts").mkdir(), "drafts", "does not belong", id="a-foreign-folder"),
    pytest.param(lambda f: (f / "sections.csv").unlink(), "sections.csv", "missing", id="a-missing-table"),
    pytest.param(lambda f: (f / "report.pdf").unlink(), "report.pdf", "no report lies here", id="a-missing-report"),
    pytest.param(lambda f: (f / "report.txt").touch(), "report.pdf", "keep one", id="two-reports"),
    pytest.param(append_to("report.pdf", "%"), "report.pdf", "is not the file that", id="another-report"),
    pytest.param(replace_in("requests.csv", ",6,", ",7,"), "requests.csv", "hash and bytes", id="another-figure"),
    pytest.param(
        replace_in("requests.csv", ",6,", ",six,"), "requests.csv", "'six' is not allowed", id="a-figure-in-words"
    ),
    pytest.param(append_to("findings.csv", "x,y\n"), "findings.csv", "has 2 cells", id="a-row-too-short"),
    pytest.param(replace_in("requests.csv", "outcome", "result"), "requests.csv", "header", id="another-header"),
    pytest.param(lambda f: (f / "datapackage.json").write_text("{"), "datapackage.json", "not JSON", id="no-json"),
    pytest.param(
        lambda f: (f / "origin.toml").write_text("year = 2023"), "origin.toml", "something else", id="a-new-statement"
    ),
    pytest.param(lambda f: (f / "origin.toml").write_text("year = 1"), "origin.toml", "year must", id="no-statement"),
]


@pytest.mark.parametrize(("harm", "file", "message"), HARM)
def test_a_package_that_was_changed_by_hand_is_told_by_file(
    harm: Callable[[Path], None], file: str, message: str, tmp_path: Path
) -> None:
    folder = make_package(tmp_path)
    harm(folder)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"{folder / file}: ")
    assert message in problem


@pytest.mark.parametrize("name", ["requests.csv", "datapackage.json", "report.pdf", "origin.toml"])
def test_a_link_is_no_file_of_a_package(name: str, tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to("/dev/zero")
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"{folder / name}: ")
    assert "no regular file" in problem


def test_each_of_several_faults_is_a_line_of_its_own(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    edit_text(folder / "requests.csv", ",6,", ",7,")
    edit_text(folder / "sections.csv", "引号", "quotes")
    assert [problem.split(": ")[0] for problem in problems_of(tmp_path)] == [
        str(folder / "requests.csv"),
        str(folder / "sections.csv"),
    ]


# ---------------------------------------------------------------- what the hashes do not tell


FORGED = [
    pytest.param("requests.csv", ",6,", ",-6,", "minimum", id="a-count-below-zero"),
    pytest.param("requests.csv", ",6,", ",6.5,", "integer", id="a-count-that-is-not-whole"),
    pytest.param("requests.csv", ",6,", ",06,", "not written as the contract has it", id="a-leading-zero"),
    pytest.param("requests.csv", "granted,", "gifts,", "gifts", id="another-outcome"),
    pytest.param("requests.csv", "（一）予以公开", "予以公开", "rows are not those", id="another-label"),
    pytest.param("requests.csv", "\n", "\r\n", "not written as the contract has it", id="another-line-end"),
    pytest.param("reviews_litigation.csv", "upheld", "kept", "header", id="another-header"),
    pytest.param("proactive_disclosure.csv", ",7,documents", ",-7,documents", "below zero", id="documents-below-zero"),
    pytest.param("proactive_disclosure.csv", ",7,documents", ",7.5,documents", "not whole", id="half-a-document"),
    pytest.param("provenance.csv", "requests,granted,total", "requests,gifts,total", "no figure", id="no-such-figure"),
    pytest.param("provenance.csv", "pdf-lines", "guess", "guess", id="another-reader"),
    pytest.param("provenance.csv", ",100.00,", ",100,", "not written as", id="a-box-otherwise-written"),
    pytest.param("requests.csv", ",6,", f",{'9' * 16},", "not a number", id="more-than-can-be-added-exactly"),
    pytest.param("sections.csv", "1,总体情况", "9,总体情况", "maximum", id="a-ninth-section"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), FORGED)
def test_a_row_or_value_that_is_not_allowed_is_told_though_its_hash_is_right(
    file: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    folder = make_package(tmp_path)
    content = (folder / file).read_bytes()
    assert old.encode() in content
    (folder / file).write_bytes(content.replace(old.encode(), new.encode(), 1))
    describe_again(folder)
    problems = problems_of(tmp_path)
    assert any(problem.startswith(str(folder / file)) and message in problem for problem in problems), problems


def test_a_row_that_the_form_asks_for_may_not_be_left_out(tmp_path: Path) -> None:
    report = make_report()
    figures = {key: figure for key, figure in report.figures.items() if key.row != "denied_third_party"}
    make_package(tmp_path, figures=figures)
    folder = tmp_path / AGENCY.id / "2023"
    lines = (folder / "requests.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("denied_third_party")]
    (folder / "requests.csv").write_text("".join(kept), encoding="utf-8")
    describe_again(folder)
    assert [problem for problem in problems_of(tmp_path) if "rows are not those of the 2021 form" in problem]


def test_an_accounting_finding_that_is_left_out_is_told(tmp_path: Path) -> None:
    folder = make_package(tmp_path, values={CARRIED_OUT: 9})
    told = problems_of(tmp_path)
    assert any("lacks a finding balance of requests/total (12 against 18)" in problem for problem in told)
    assert all(problem.startswith(str(folder / "findings.csv")) for problem in told)


def test_an_accounting_finding_that_the_figures_do_not_give_is_told(tmp_path: Path) -> None:
    invented = Finding(
        check="balance",
        severity="error",
        at=Key("requests", column="total"),
        expected="12",
        actual="13",
        message="does not balance",
    )
    make_package(tmp_path, (invented,))
    (problem,) = problems_of(tmp_path)
    assert "claims a finding balance of requests/total (12 against 13)" in problem


def test_the_accounting_checks_are_those_of_the_contract() -> None:
    assert accounting_checks() == {"balance", "row_total", "processed_total", "review_total"}


# ---------------------------------------------------------------- descriptors from strangers


def set_resource(place: int, **properties: Any) -> Callable[[dict[str, Any]], None]:
    return lambda descriptor: descriptor["resources"][place].update(properties)


DESCRIPTORS = [
    pytest.param(set_resource(0, path="../../secret.csv"), "resources[0].path", id="a-path-out"),
    pytest.param(set_resource(0, path="/etc/passwd"), "resources[0].path", id="an-absolute-path"),
    pytest.param(set_resource(0, path="http://127.0.0.1:9/x.csv"), "resources[0].path", id="an-address"),
    pytest.param(set_resource(-1, path="../../../etc/passwd"), "resources[7].path", id="a-report-elsewhere"),
    pytest.param(set_resource(0, schema="http://127.0.0.1:9/s.json"), "resources[0].schema", id="a-remote-schema"),
    pytest.param(set_resource(0, schema={"$ref": "http://127.0.0.1:9/"}), "resources[0].schema", id="a-remote-ref"),
    pytest.param(set_resource(0, schema={"fields": []}), "resources[0].schema.fields", id="a-schema-without-fields"),
    pytest.param(set_resource(0, data=[]), "resources[0].data", id="data-inline"),
    pytest.param(lambda d: d.update(profile="http://127.0.0.1:9/"), "profile", id="a-profile"),
    pytest.param(lambda d: d.update({"$schema": "file:///etc/passwd"}), "$schema", id="another-standard"),
    pytest.param(lambda d: d["resources"].append({"name": "x", "path": "/etc/passwd"}), "resources", id="one-more"),
    pytest.param(lambda d: d["resources"].pop(3), "no resource sections", id="one-less"),
    pytest.param(lambda d: d.update(title="<script>"), "title", id="another-title"),
    pytest.param(lambda d: d.update(created="yesterday"), "created", id="no-time"),
    pytest.param(lambda d: d.update(created=5), "created", id="a-number-for-a-time"),
    pytest.param(lambda d: d.update(built_from={}), "built_from", id="made-from-nothing"),
    pytest.param(lambda d: d["built_from"].update(code="x"), "no hash", id="made-by-something"),
    pytest.param(lambda d: d["built_from"].update(used=["pypdfium2"]), "used is not", id="made-with-a-list"),
    pytest.param(lambda d: d["built_from"]["used"].update(x="\u001b[2J"), "used is not", id="made-with-no-version"),
    pytest.param(lambda d: d["built_from"]["used"].update(x=5), "used is not", id="made-with-a-number"),
    pytest.param(
        lambda d: d["built_from"].update(used={f"x{i}": "1" for i in range(99)}), "used is not", id="made-with-much"
    ),
    pytest.param(lambda d: d["report"].update(year=True), "year is missing or not", id="a-year-that-is-true"),
    pytest.param(lambda d: d["report"].update(year=0), "the year is none", id="the-year-zero"),
    pytest.param(
        lambda d: d["report"]["agency"].update(division_code="../../x"), "six digits", id="a-code-that-climbs"
    ),
    pytest.param(lambda d: d["report"].pop("extractor_version"), "extractor_version is missing", id="of-no-version"),
    pytest.param(lambda d: d["report"].update(year=2022), "move the folder there", id="another-year"),
    pytest.param(lambda d: d["report"].update(form="2008"), "form is '2008'", id="another-form"),
    pytest.param(lambda d: d["report"].update(period_end="soon"), "period_end is not a date", id="no-date"),
    pytest.param(lambda d: d["report"].update(extractor_version="\u001b[2J"), "extractor_version", id="no-version"),
    pytest.param(lambda d: d["report"]["agency"].update(id="../../x"), "cannot have", id="an-id-that-climbs"),
    pytest.param(lambda d: d["report"]["agency"].update(id="990101-x"), "move the folder", id="another-agency"),
    pytest.param(lambda d: d["sources"][0].update(hash="sha256:" + "0" * 64), "source", id="another-source"),
    pytest.param(lambda d: d.update(origin={"mood": "good"}), "origin", id="a-statement-of-unknown-kind"),
    pytest.param(lambda d: d.update(report=None), "report is missing", id="no-report"),
    pytest.param(lambda d: d.update(sources=[]), "sources", id="no-source"),
    pytest.param(lambda d: d.update(resources={"x": 1}), "resources", id="resources-of-another-type"),
]


@pytest.mark.parametrize(("change", "message"), DESCRIPTORS)
def test_a_strangers_descriptor_is_refused_without_a_request_or_a_read_elsewhere(
    change: Callable[[dict[str, Any]], Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_package(tmp_path)
    (tmp_path / "secret.csv").write_text("secret")
    edit_descriptor(folder, change)
    opened: list[Path] = []
    plain_open = Path.open

    def watched_open(self: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(self)
        return plain_open(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", watched_open)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a request was made"))
    problems = problems_of(tmp_path)
    assert any(message in problem for problem in problems), problems
    assert {path.parent for path in opened} == {folder}


@pytest.mark.parametrize("half", [b"\\ud800", b"\xed\xa0\x80"], ids=["escaped", "in-bytes"])
def test_half_of_a_character_is_refused_in_one_line(half: bytes, tmp_path: Path) -> None:
    path = make_package(tmp_path) / "datapackage.json"
    path.write_bytes(path.read_bytes().replace("示例市".encode(), half, 1))
    assert "not JSON" in problems_of(tmp_path)[0]


def test_a_descriptor_without_end_is_refused_unread(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    with (folder / "datapackage.json").open("r+b") as file:
        file.truncate(10**10)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(f"{folder / 'datapackage.json'}: larger than")


# ---------------------------------------------------------------- several packages


def test_two_agencies_with_one_id_are_told(tmp_path: Path) -> None:
    make_package(tmp_path, year=2022)
    make_package(tmp_path, agency=Agency(AGENCY.id, "示例市另一区人民政府", "990101", "county"))
    compare_packages(tmp_path)
    (problem,) = problems_of(tmp_path)
    assert "示例市虚构区人民政府" in problem
    assert "示例市另一区人民政府" in problem


def test_one_agency_with_two_ids_is_told(tmp_path: Path) -> None:
    make_package(tmp_path)
    make_package(tmp_path, agency=Agency("990101-shi", AGENCY.name, "990101", "county"))
    compare_packages(tmp_path)
    (problem,) = problems_of(tmp_path)
    assert AGENCY.id in problem
    assert "990101-shi" in problem


def test_folders_in_which_no_package_can_lie_are_told(tmp_path: Path) -> None:
    make_package(tmp_path)
    (tmp_path / "Notes").mkdir()
    (tmp_path / AGENCY.id / "old").mkdir()
    (tmp_path / AGENCY.id / "2022").mkdir()
    (tmp_path / ".git").mkdir()
    assert {problem.split(": ")[0] for problem in problems_of(tmp_path)} == {
        str(tmp_path / "Notes"),
        str(tmp_path / AGENCY.id / "2022" / "datapackage.json"),
        str(tmp_path / AGENCY.id / "old"),
    }


def test_every_problem_is_one_line(tmp_path: Path) -> None:
    folder = make_package(tmp_path)
    for name in ("requests.csv", "findings.csv", "provenance.csv"):
        (folder / name).write_bytes(b'"\n\x00\xff')
    assert all("\n" not in problem for problem in problems_of(tmp_path))
