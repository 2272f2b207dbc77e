import csv
import json
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.errors import PackageError, UsageError
from gongkai.form import EDITIONS, Edition, load_form
from gongkai.model import PROACTIVE, REVIEWS, Box, Figure, Finding, Key, Origin, Report, Table
from gongkai.package.fingerprint import code_for
from gongkai.package.folder import file_names, is_agency_id, iter_packages, read_package, write_package
from tests.builders import AGENCY, CONTENT, check_report, make_original, make_package, make_report

COLUMNS = {
    "requests.csv": "outcome,label,natural_person,commercial_enterprise,research_institution,"
    "public_welfare_organization,legal_services_organization,other_organization,total",
    "proactive_disclosure.csv": "article_item,category,label,measure,value,unit",
    "reviews_litigation.csv": "channel,label,upheld,corrected,other,pending,total",
    "sections.csv": "number,heading,text",
    "provenance.csv": "resource,row,column,page,x0,top,x1,bottom,printed,reader",
    "findings.csv": "check,severity,resource,row,column,expected,actual,message",
    "statements.csv": "section,start,end,text,resource,row,column,value,agrees",
}
TOTAL = Key("requests", "granted", "total")
FINDING = Finding(
    check="reading",
    severity="error",
    at=Key("requests", "granted", "total"),
    actual="6",
    message="two readings differ: 6 and 8",
)


def written(report: Report, folder: Path, findings: tuple[Finding, ...] = (), **more: Any) -> Path:
    write_package(
        report, findings, make_original(folder, f"published{report.source.suffix}"), folder / "package", **more
    )
    return folder / "package"


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def without_figures(report: Report, *keys: Key) -> Report:
    return replace(report, figures={key: figure for key, figure in report.figures.items() if key not in keys})


def with_figure(report: Report, figure: Figure) -> Report:
    return replace(report, figures={**report.figures, figure.key: figure})


def mixed_report() -> Report:
    """Blocks of both editions in one table."""
    older, newer = (load_form(edition).table(PROACTIVE) for edition in ("2019", "2021"))
    rows = (*(row for row in newer.rows() if row.id[0] == "1"), *(row for row in older.rows() if row.id[0] != "1"))
    report = make_report("2021")
    tables = tuple(Table(PROACTIVE, "mixed", rows) if t.resource == PROACTIVE else t for t in report.tables)
    figures = {key: figure for key, figure in report.figures.items() if key.resource != PROACTIVE}
    change = Key(PROACTIVE, "5/licensing", "change")
    figures[change] = Figure(change, Decimal(-2), "减2", "items", "html")
    return replace(report, form="mixed", tables=tables, figures=figures)


# ---------------------------------------------------------------- what is written


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_figures_of_a_built_report_add_up(edition: Edition) -> None:
    assert check_report(make_report(edition)) == ()


def test_a_package_holds_the_contracts_files_with_the_contracts_columns(tmp_path: Path) -> None:
    folder = written(make_report(), tmp_path)
    assert {path.name for path in folder.iterdir()} == {*COLUMNS, "datapackage.json", "report.pdf"}
    assert {path.name for path in folder.iterdir()} < set(file_names())
    for name, header in COLUMNS.items():
        content = (folder / name).read_bytes()
        assert content.decode().splitlines()[0] == header
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")


def test_the_original_lies_in_the_package_byte_for_byte(tmp_path: Path) -> None:
    assert (written(make_report(), tmp_path) / "report.pdf").read_bytes() == CONTENT


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_outcome_and_channel_and_figure_of_the_form_has_a_row_also_where_nothing_is_printed(
    edition: Edition, tmp_path: Path
) -> None:
    report = replace(make_report(edition), figures={})
    folder = written(report, tmp_path)
    assert [row["outcome"] for row in rows_of(folder, "requests.csv")] == [
        row.id for row in report.table("requests").rows
    ]
    assert len(rows_of(folder, "reviews_litigation.csv")) == 3
    proactive = rows_of(folder, "proactive_disclosure.csv")
    assert [(f"{row['article_item']}/{row['category']}", row["measure"]) for row in proactive] == [
        (row.id, column) for row in report.table(PROACTIVE).rows for column in row.columns
    ]
    assert {row["value"] for row in proactive} == {""}
    assert rows_of(folder, "provenance.csv") == []


def test_a_figure_that_the_report_leaves_out_still_has_its_forms_unit(tmp_path: Path) -> None:
    rows = rows_of(written(replace(make_report("2019"), figures={}), tmp_path), "proactive_disclosure.csv")
    assert {row["measure"]: row["unit"] for row in rows} == {
        "newly_made": "documents",
        "newly_disclosed": "documents",
        "total_disclosed": "documents",
        "prior_year_items": "items",
        "change": "items",
        "decisions": "decisions",
        "projects": "projects",
        "amount": "10k_cny",
    }


def test_a_blank_is_an_empty_cell_and_zero_is_zero(tmp_path: Path) -> None:
    other = Key("requests", "granted", "other_organization")
    folder = written(make_report(values={TOTAL: None, other: 0}), tmp_path)
    granted = next(row for row in rows_of(folder, "requests.csv") if row["outcome"] == "granted")
    assert (granted["total"], granted["other_organization"]) == ("", "0")


def test_an_amount_keeps_its_decimals(tmp_path: Path) -> None:
    amount = Key(PROACTIVE, "8/fees", "amount")
    folder = written(make_report(values={amount: Decimal("1234567.10")}), tmp_path)
    assert rows_of(folder, "proactive_disclosure.csv")[-1]["value"] == "1234567.10"


def test_provenance_has_a_row_for_each_figure_in_print_and_none_for_the_others(tmp_path: Path) -> None:
    report = without_figures(make_report(), TOTAL)
    rows = rows_of(written(report, tmp_path), "provenance.csv")
    assert {Key(row["resource"], row["row"], row["column"]) for row in rows} == set(report.figures)
    assert len(rows) == len(report.figures)


def test_a_box_is_given_to_a_hundredth_of_a_point_and_left_empty_without_pages(tmp_path: Path) -> None:
    boxed = Figure(TOTAL, Decimal(6), "6 件", "requests", "pdf-text", Box(2, 1.23456, 2.0, 3.999, 14.5))
    unplaced = Figure(Key("requests", "granted", "natural_person"), Decimal(6), "６", "requests", "html")
    folder = written(with_figure(with_figure(make_report(), boxed), unplaced), tmp_path)
    found = {(row["row"], row["column"]): list(row.values())[3:] for row in rows_of(folder, "provenance.csv")}
    assert found["granted", "total"] == ["2", "1.23", "2.00", "4.00", "14.50", "6 件", "pdf-text"]
    assert found["granted", "natural_person"] == ["", "", "", "", "", "６", "html"]


def test_control_characters_of_a_report_reach_no_csv(tmp_path: Path) -> None:
    figure = Figure(TOTAL, Decimal(6), "6\x00\x1b[31m\ud800", "requests", "pdf-lines")
    folder = written(with_figure(make_report(), figure), tmp_path)
    printed = next(
        row["printed"]
        for row in rows_of(folder, "provenance.csv")
        if row["column"] == "total" and row["row"] == "granted"
    )
    assert printed == "6[31m\ufffd"


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second = (written(make_report(), tmp_path / name, (FINDING,)) for name in ("a", "b"))
    assert contents(first) == contents(second)


# ---------------------------------------------------------------- the descriptor


def test_the_descriptor_says_what_the_contract_asks(tmp_path: Path) -> None:
    origin = Origin(url="https://www.example.org/report.pdf", retrieved=date(2024, 2, 3))
    folder = written(make_report(origin=origin), tmp_path)
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert "profile" not in descriptor
    assert descriptor["name"] == f"{AGENCY.id}-2023"
    assert descriptor["created"] == "2024-02-03T00:00:00Z"
    assert [licence["name"] for licence in descriptor["licenses"]] == ["CC0-1.0"]
    (source,) = descriptor["sources"]
    assert source["title"] == "report.pdf"
    assert source["path"] == "https://www.example.org/report.pdf"
    assert descriptor["report"] == {
        "year": 2023,
        "form": "2021",
        "scope": "unknown",
        "agency": {"id": AGENCY.id, "name": AGENCY.name, "division_code": "990101", "level": "county"},
        "period_start": "2023-01-01",
        "period_end": "2023-12-31",
        "reader": "pdf-lines",
        "extractor_version": descriptor["report"]["extractor_version"],
    }
    assert [resource["path"] for resource in descriptor["resources"]] == [*COLUMNS, "report.pdf"]
    for resource in descriptor["resources"][:-1]:
        assert resource["dialect"] == {"delimiter": ","}
        assert resource["schema"]["missingValues"] == [""]
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])
    assert descriptor["resources"][-1]["description"] == "官方发布文件，随附供核对"
    assert "licenses" not in descriptor["resources"][-1]


def test_a_source_without_a_known_address_has_no_path(tmp_path: Path) -> None:
    descriptor = json.loads((written(make_report(), tmp_path) / "datapackage.json").read_bytes())
    assert "path" not in descriptor["sources"][0]


@pytest.mark.parametrize(
    ("changes", "epoch", "created"),
    [
        pytest.param({}, "86400", "1970-01-02T00:00:00Z", id="SOURCE_DATE_EPOCH"),
        pytest.param({"origin": Origin(retrieved=date(2024, 2, 3))}, None, "2024-02-03T00:00:00Z", id="retrieved"),
        pytest.param({"created": date(2024, 1, 30)}, None, "2024-01-30T00:00:00Z", id="the-documents-own-date"),
        pytest.param({"period_end": date(2023, 11, 30)}, None, "2023-11-30T00:00:00Z", id="the-periods-end"),
        pytest.param({"period_end": None}, None, "2023-12-31T00:00:00Z", id="the-years-end"),
    ],
)
def test_created_is_a_time_that_the_same_report_always_gives(
    changes: dict[str, Any], epoch: str | None, created: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    descriptor = read_package(written(make_report(**changes), tmp_path)).descriptor
    assert descriptor["created"] == created


@pytest.mark.parametrize("epoch", ["soon", "9" * 30])
def test_a_source_date_epoch_that_is_no_time_is_refused(
    epoch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        written(make_report(), tmp_path)


@pytest.mark.parametrize("suffix", [".pdf", ".txt", ".html", ".htm", ".docx"])
def test_frictionless_itself_finds_a_package_valid_whatever_its_report_is(suffix: str, tmp_path: Path) -> None:
    report = make_report(source=replace(make_report().source, name=f"年报{suffix}", suffix=suffix))
    folder = written(report, tmp_path, (FINDING,))
    assert frictionless.validate(str(folder / "datapackage.json")).flatten(["fieldName", "note"]) == []
    with (folder / "requests.csv").open("a") as file:
        file.write("granted,twice,1,1,1,1,1,1,1\n")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_what_a_package_was_made_from_changes_with_each_of_its_makers(tmp_path: Path) -> None:
    origin, corrections = tmp_path / "origin.toml", tmp_path / "corrections.csv"
    origin.write_text("year = 2023\n")
    corrections.write_text("resource,row,column,value,reason,evidence,by,date\n")
    variants: list[dict[str, Any]] = [
        {},
        {"origin_file": origin},
        {"corrections_file": corrections},
        {"readings": "double"},
    ]
    made = []
    for number, more in enumerate(variants):
        (tmp_path / str(number)).mkdir()
        made.append(read_package(written(make_report(), tmp_path / str(number), **more)).descriptor["built_from"])
    assert len({json.dumps(each, sort_keys=True) for each in made}) == len(variants)
    assert {each["code"] for each in made} == {code_for(".pdf").digest}


# ---------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize(
    ("report", "message"),
    [
        pytest.param(make_report(values={TOTAL: Decimal(-1)}), "minimum", id="a-count-below-zero"),
        pytest.param(make_report(values={TOTAL: Decimal("1.5")}), "integer", id="a-count-that-is-not-whole"),
        pytest.param(
            with_figure(make_report(), Figure(Key("requests", "gifts", "total"), None, "", "requests", "html")),
            "requests/gifts/total",
            id="a-figure-without-a-row",
        ),
        pytest.param(replace(make_report(), sections=make_report().sections * 2), "twice", id="a-section-twice"),
        pytest.param(
            replace(make_report(), source=replace(make_report().source, sha256="0" * 64)),
            "has changed",
            id="another-file",
        ),
        pytest.param(
            replace(make_report(), source=replace(make_report().source, suffix=".exe")), ".exe", id="another-format"
        ),
    ],
)
def test_what_is_not_valid_is_never_left_on_disk(report: Report, message: str, tmp_path: Path) -> None:
    original = make_original(tmp_path)
    with pytest.raises(PackageError, match=message):
        write_package(report, (), original, tmp_path / "datasets" / "2023")
    assert list((tmp_path / "datasets").iterdir()) == []


def test_a_folder_that_is_there_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = written(make_report(), tmp_path)
    before = contents(folder)
    with pytest.raises(PackageError, match="there already"):
        written(make_report(year=2022), tmp_path)
    assert contents(folder) == before


# ---------------------------------------------------------------- and back


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(make_report("2021"), id="2021"),
        pytest.param(make_report("2019"), id="2019"),
        pytest.param(mixed_report(), id="mixed"),
        pytest.param(make_report(values={TOTAL: None}), id="a-blank"),
        pytest.param(without_figures(make_report(), TOTAL), id="a-figure-that-is-not-printed"),
        pytest.param(
            with_figure(make_report(), Figure(TOTAL, None, "6或8", "requests", "pdf-text", Box(2, 1.0, 2.0, 3.0, 4.0))),
            id="a-figure-that-could-not-be-read",
        ),
        pytest.param(
            with_figure(
                make_report(), Figure(Key(PROACTIVE, "8/fees", "amount"), Decimal("12.5"), "12.5", "unstated", "text")
            ),
            id="an-amount-without-a-unit",
        ),
        pytest.param(
            replace(
                make_report(),
                tables=tuple(replace(t, form=None) if t.resource == REVIEWS else t for t in make_report().tables),
                figures={key: figure for key, figure in make_report().figures.items() if key.resource != REVIEWS},
            ),
            id="a-table-that-is-missing",
        ),
        pytest.param(
            make_report(
                title="",
                period_start=None,
                period_end=None,
                created=date(2024, 1, 30),
                origin=Origin("示例市虚构区人民政府", 2023, "agency", note="重新排版\n第二行", replace=True),
            ),
            id="dates-and-origin",
        ),
    ],
)
def test_a_report_comes_back_from_its_package_as_it_was(report: Report, tmp_path: Path) -> None:
    package = read_package(written(report, tmp_path, (FINDING,)))
    assert replace(package.report, agency=report.agency) == report
    assert replace(package.report.agency, kind=report.agency.kind) == report.agency
    assert package.findings == (FINDING,)


KEYS = sorted(make_report().figures)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(0, 10**9), max_size=20),
    absent=st.sets(st.sampled_from(KEYS), max_size=20),
    text=st.text(max_size=50),
)
def test_whatever_figures_are_blank_absent_or_large_they_come_back_in_their_places(
    values: dict[Key, Any], absent: set[Key], text: str, tmp_path: Path
) -> None:
    report = without_figures(make_report(values=values), *absent)
    report = replace(report, sections=(replace(report.sections[0], text=text),))
    shutil.rmtree(tmp_path / "package", ignore_errors=True)
    found = read_package(written(report, tmp_path)).report
    assert found.figures == report.figures
    assert found.tables == report.tables


def test_the_agencys_kind_is_the_registrys_to_keep(tmp_path: Path) -> None:
    assert read_package(written(make_report(), tmp_path)).report.agency.kind == ""


HOSTILE: list[Any] = [
    pytest.param(b"", id="empty"),
    pytest.param(b"[]", id="no-object"),
    pytest.param(b'{"a":' * 100_000, id="deep"),
    pytest.param(b"\xff\xfe{}", id="another-encoding"),
    pytest.param(b'{"report": 1}', id="another-type"),
    pytest.param(b'{"x": "' + b"x" * 2_000_000 + b'"}', id="huge"),
]


@pytest.mark.parametrize("content", HOSTILE)
def test_a_descriptor_that_is_none_of_ours_is_one_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    folder = written(make_report(), tmp_path)
    (folder / "datapackage.json").write_bytes(content)
    with pytest.raises(PackageError, match=r"package/datapackage\.json: "):
        read_package(folder)


@pytest.mark.parametrize("name", [*COLUMNS, "datapackage.json"])
def test_a_link_in_a_package_is_not_followed(name: str, tmp_path: Path) -> None:
    folder = written(make_report(), tmp_path)
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PackageError, match="regular file"):
        read_package(folder)


def test_a_figure_with_a_value_and_no_provenance_is_refused(tmp_path: Path) -> None:
    folder = written(make_report(), tmp_path)
    lines = (folder / "provenance.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "provenance.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(PackageError, match="no row that says where it was read"):
        read_package(folder)


def test_packages_are_found_by_agency_and_year_and_nothing_else_is(tmp_path: Path) -> None:
    later, earlier = make_package(tmp_path, year=2023), make_package(tmp_path, year=2021)
    (tmp_path / "agencies.csv").touch()
    (tmp_path / "Notes" / "2023").mkdir(parents=True)
    (tmp_path / "Notes" / "2023" / "datapackage.json").touch()
    (tmp_path / "990102-x" / "2023").mkdir(parents=True)
    (tmp_path / "990103-x").symlink_to(tmp_path / AGENCY.id)
    assert list(iter_packages(tmp_path)) == [earlier, later]


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("990101-ren-min-zheng-fu", True),
        ("000000-x", True),
        ("990101-", False),
        ("990101-ju\n", False),
        ("990101-../..", False),
        ("９９０１０１-ju", False),
        ("990101-Ju", False),
        ("990101-" + "a" * 300, False),
    ],
)
def test_only_an_agencys_id_becomes_a_folders_name(text: str, fit: bool) -> None:
    assert is_agency_id(text) is fit
