from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import frictionless
import pytest

from gongkai.build.commands import bring_up_to_date, extract_files
from gongkai.build.options import Options
from gongkai.build.run_report import RunReport
from gongkai.errors import UnreadableFile
from gongkai.model import Correction, Figure, Finding, Key, Report
from gongkai.package.corrections import correct, corrections_from, read_corrections, rows_of
from gongkai.package.csv_tables import csv_bytes
from gongkai.package.folder import read_package, write_package
from gongkai.package.validate import validate_all
from gongkai.publish.catalog import Catalog
from tests.builders import extract_invented, make_original, make_report, source_of, write_invented

HEADER = "resource,row,column,value,reason,evidence,by,date"
GRANTED = Key("requests", "granted", "total")
ISSUED = Key("proactive_disclosure", "1/regulations", "issued")
FEES = Key("proactive_disclosure", "8/fees", "amount")
WHY = "看错一位,第2页表三第三行,张三,2024-05-06"
AGENCY = "示例市水务局"
PLACE = Path("990101-shui-wu-ju", "2023")


def line(key: Key, value: str, why: str = WHY) -> str:
    return f"{','.join(key)},{value},{why}"


def content(*lines: str) -> bytes:
    return "".join(f"{each}\n" for each in (HEADER, *lines)).encode()


def correction(key: Key, value: int | str | None) -> Correction:
    number = None if value is None else Decimal(value)
    return Correction(key, number, "看错一位", "第2页表三第三行", "张三", date(2024, 5, 6))


def with_figure(report: Report, key: Key, **changes: object) -> Report:
    figure = report.figures[key]._replace(**changes)  # type: ignore[arg-type]  # the test names fields of a Figure
    return replace(report, figures={**report.figures, key: figure})


# ---------------------------------------------------------------- the file


def test_a_file_states_figures_with_their_reasons() -> None:
    stated = corrections_from(content(line(GRANTED, "8"), line(FEES, "12.75"), line(ISSUED, "")))
    assert stated == (correction(GRANTED, 8), correction(FEES, "12.75"), correction(ISSUED, None))


def test_a_change_may_be_below_zero() -> None:
    key = Key("proactive_disclosure", "6/penalties", "change")
    assert corrections_from(content(line(key, "-3"))) == (correction(key, -3),)


def test_no_file_states_nothing() -> None:
    assert read_corrections(None) == ()


def test_what_a_spreadsheet_leaves_is_read() -> None:
    saved = b"\xef\xbb\xbf" + content(f" {line(GRANTED, ' 8 ')}", ",,,,,,,").replace(b"\n", b"\r\n") + b"\r\n"
    assert corrections_from(saved) == (correction(GRANTED, 8),)


def test_what_a_spreadsheet_makes_of_days_and_widths_is_read() -> None:
    lines = (f"{HEADER},,", line(GRANTED, "8", "看错一位,第2页表三第三行,张三,2024/5/6,,"))
    assert corrections_from("\n".join(lines).encode()) == (correction(GRANTED, 8),)


REFUSED = [
    pytest.param(b"", "the first line is not resource,row", id="empty"),
    pytest.param(b"row,value\n", "the first line is not resource,row", id="another-header"),
    pytest.param(content("requests,granted,total,8"), "line 2 has 4 cells where 8 are expected", id="too-short"),
    pytest.param(content(line(GRANTED, "eight")), "line 2: value 'eight' is not a number", id="words"),
    pytest.param(content(line(GRANTED, "1e3")), "line 2: value '1e3' is not a number", id="an-exponent"),
    pytest.param(content(line(GRANTED, "NaN")), "line 2: value 'NaN' is not a number", id="no-number"),
    pytest.param(content(line(GRANTED, "９")), "line 2: value '９' is not a number", id="full-width"),
    pytest.param(content(line(GRANTED, "-8")), "line 2: value -8 is below zero, which total", id="below-zero"),
    pytest.param(content(line(GRANTED, "8.5")), "line 2: value 8.5 is a count, and not whole", id="half"),
    pytest.param(content(line(GRANTED, "8.0")), "line 2: value 8.0 is not whole, which total", id="a-decimal-point"),
    pytest.param(content(line(FEES, "-1")), "line 2: value -1 is below zero, which amount", id="an-amount-below-zero"),
    pytest.param(content(line(GRANTED, "8", ",第2页,张三,2024-05-06")), "line 2: reason is empty", id="no-reason"),
    pytest.param(content(line(GRANTED, "8", "看错, ,张三,2024-05-06")), "line 2: evidence is empty", id="no-evidence"),
    pytest.param(content(line(GRANTED, "8", "看错,第2页,,2024-05-06")), "line 2: by is empty", id="nobody"),
    pytest.param(content(line(GRANTED, "8", "看错,第2页,张三,")), "line 2: date '' is not a date", id="no-date"),
    pytest.param(
        content(line(GRANTED, "8", "看错,第2页,张三,5/6/2024")), "is not a date such as", id="a-date-in-words"
    ),
    pytest.param(content(line(GRANTED, "8", "看错,第2页,张三,2024-02-30")), "is not a date", id="no-day"),
    pytest.param(content(line(GRANTED, "8", "看错,第2页,张三,20240506")), "is not a date", id="a-date-of-digits"),
    pytest.param(content(line(GRANTED, "8", '"看\n错",第2页,张三,2024-05-06')), "line 3: reason", id="two-lines"),
    pytest.param(content(line(GRANTED, "8"), line(GRANTED, "9")), "line 3: requests/granted/total is", id="twice"),
    pytest.param(content(line(GRANTED, "8")) + "错".encode("gbk"), "not in UTF-8", id="another-encoding"),
    pytest.param(content(line(GRANTED, '"8')), "not a CSV file", id="a-quote-that-stays-open"),
    pytest.param(content("x" * 1_000_000), "larger than", id="without-end"),
]


@pytest.mark.parametrize(("said", "problem"), REFUSED)
def test_a_file_that_states_no_corrections_is_refused_in_one_line(said: bytes, problem: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        corrections_from(said, "upload.corrections.csv")
    assert str(refused.value).startswith("upload.corrections.csv: ")
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------- the report


def test_a_correction_replaces_the_figure_and_keeps_where_it_stands() -> None:
    report = make_report()
    corrected, _ = correct(report, (), (correction(GRANTED, 8),))
    before, after = report.figures[GRANTED], corrected.figures[GRANTED]
    assert after == Figure(GRANTED, Decimal(8), "8", before.unit, "correction", before.box)
    assert corrected.corrections == (correction(GRANTED, 8),)
    assert {key for key, figure in corrected.figures.items() if figure != report.figures[key]} == {GRANTED}


def test_an_empty_correction_says_that_the_cell_is_blank() -> None:
    corrected, _ = correct(make_report(), (), (correction(GRANTED, None),))
    assert (corrected.figures[GRANTED].value, corrected.figures[GRANTED].printed) == (None, "")


def test_a_figure_that_was_not_found_in_print_can_be_corrected() -> None:
    report = make_report()
    figures = {key: figure for key, figure in report.figures.items() if key != FEES}
    corrected, _ = correct(replace(report, figures=figures), (), (correction(FEES, "3.5"),))
    assert corrected.figures[FEES] == Figure(FEES, Decimal("3.5"), "3.5", "10k_cny", "correction", None)


def test_the_doubt_about_a_figure_that_a_person_read_goes_and_all_others_stay() -> None:
    settled = Finding(
        check="reading",
        severity="error",
        at=GRANTED,
        expected="6",
        actual="8",
        message="left empty: two readings differ",
    )
    stay = (
        Finding(check="reading", severity="error", at=ISSUED, message="left empty"),
        Finding(check="reading", severity="error", at=Key("requests", "granted"), message="a whole row"),
        Finding(check="form", severity="warning", at=GRANTED, message="another label"),
    )
    report = with_figure(make_report(), GRANTED, value=None, printed="?")
    _, left = correct(report, (settled, *stay), (correction(GRANTED, 6),))
    assert left == stay


def test_a_doubtful_cell_that_is_blank_in_print_can_be_said_to_be_blank() -> None:
    doubt = Finding(check="reading", severity="error", at=GRANTED, actual="~", message="left empty")
    report = with_figure(make_report(), GRANTED, value=None, printed="~")
    corrected, left = correct(report, (doubt,), (correction(GRANTED, None),))
    assert (corrected.figures[GRANTED].reader, left) == ("correction", ())


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        pytest.param(correction(Key("demands", "granted", "total"), 1), "no such table", id="table"),
        pytest.param(correction(Key("requests", "gifts", "total"), 1), "no such row", id="row"),
        pytest.param(correction(Key("requests", "other_handling", "total"), 1), "no such row", id="another-forms-row"),
        pytest.param(correction(Key("requests", "granted", "sum"), 1), "no such column", id="column"),
        pytest.param(
            correction(Key("proactive_disclosure", "8/fees", "decisions"), 1), "use one of amount", id="measure"
        ),
        pytest.param(correction(GRANTED, 6), "already gives 6; remove this correction", id="needless"),
        pytest.param(correction(FEES, "12.5"), "already gives 12.50; remove", id="needless-otherwise-written"),
    ],
)
def test_a_correction_of_no_cell_or_of_nothing_is_refused(stated: Correction, problem: str) -> None:
    with pytest.raises(UnreadableFile, match=r"corrections\.csv: ") as refused:
        correct(make_report(), (), (correction(ISSUED, 8), stated))
    assert problem in str(refused.value)


@pytest.mark.parametrize("found", [True, False])
def test_a_blank_that_was_read_as_one_needs_no_correction(found: bool) -> None:
    report = with_figure(make_report(), GRANTED, value=None, printed="—")
    if not found:
        report = replace(report, figures={key: f for key, f in report.figures.items() if key != GRANTED})
    with pytest.raises(UnreadableFile, match="already gives a blank; remove this correction"):
        correct(report, (), (correction(GRANTED, None),))


# ---------------------------------------------------------------- from the file to the package


def build(datasets: Path) -> RunReport:
    run_report = RunReport()
    bring_up_to_date(datasets, Options(extract=extract_invented), run_report)
    return run_report


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def problems_of(datasets: Path) -> list[str]:
    return [problem for _, problems in validate_all(datasets) for problem in problems]


@pytest.fixture
def filed(tmp_path: Path) -> Path:
    """A folder of datasets with one package."""
    write_invented(tmp_path, "a.txt", AGENCY)
    assert build(tmp_path).exit_status == 0
    return tmp_path


def test_a_correction_beside_a_report_is_applied_before_the_checks_and_recorded(filed: Path) -> None:
    (filed / PLACE / "corrections.csv").write_bytes(content(line(GRANTED, "8"), line(ISSUED, "")))
    assert build(filed).exit_status == 0
    assert problems_of(filed) == []
    package = read_package(filed / PLACE)
    assert package.report.value(*GRANTED) == 8
    assert package.report.corrections == (correction(GRANTED, 8), correction(ISSUED, None))
    found = {(f.check, f.row, f.column) for f in package.findings}
    assert {("row_total", "granted", "total"), ("processed_total", "processed_total", "total")} <= found
    assert ("missing_cell", ISSUED.row, ISSUED.column) in found
    rows = (filed / PLACE / "provenance.csv").read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if row.endswith(",correction")] == [
        "proactive_disclosure,1/regulations,issued,1,100.00,80.00,118.00,93.00,,correction",
        "requests,granted,total,2,220.00,110.00,238.00,123.00,8,correction",
    ]
    assert frictionless.validate(str(filed / PLACE / "datapackage.json")).flatten(["note"]) == []
    before = tree(filed)
    assert build(filed).exit_status == 0
    assert tree(filed) == before


def test_a_file_from_a_spreadsheet_is_kept_as_the_contract_has_it(filed: Path) -> None:
    plain = content(line(GRANTED, "8"))
    (filed / PLACE / "corrections.csv").write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert build(filed).exit_status == 0
    assert (filed / PLACE / "corrections.csv").read_bytes() == plain
    assert frictionless.validate(str(filed / PLACE / "datapackage.json")).valid


def test_a_correction_that_is_withdrawn_is_undone(filed: Path) -> None:
    (filed / PLACE / "corrections.csv").write_bytes(content(line(GRANTED, "8")))
    build(filed)
    (filed / PLACE / "corrections.csv").unlink()
    assert build(filed).exit_status == 0
    report = read_package(filed / PLACE).report
    assert report.value(*GRANTED) == 6
    assert report.corrections == ()
    assert problems_of(filed) == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param([line(GRANTED, "8"), line(Key("requests", "gifts", "total"), "1")], "no such row", id="no-cell"),
        pytest.param([line(GRANTED, "6")], "the extraction already gives 6", id="needless"),
        pytest.param([line(GRANTED, "x")], "line 2: value 'x'", id="no-number"),
    ],
)
def test_a_correction_that_is_refused_leaves_the_package_as_it_was(
    lines: list[str], problem: str, filed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (filed / PLACE / "corrections.csv").write_bytes(content(*lines))
    before = tree(filed)
    write_invented(filed, "b.txt", AGENCY, 2022)
    run_report = build(filed)
    assert (run_report.exit_status, run_report.refused, run_report.reports) == (1, 1, 1)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"{filed / PLACE / 'report.txt'}: corrections.csv: ")
    assert problem in told
    after = tree(filed)
    assert {name: after[name] for name in before if name not in ("agencies.csv", "index.csv")} == {
        name: text for name, text in before.items() if name not in ("agencies.csv", "index.csv")
    }


def test_corrections_beside_a_report_that_waits_go_into_its_package(tmp_path: Path) -> None:
    write_invented(tmp_path, "a.txt", AGENCY)
    (tmp_path / "a.corrections.csv").write_bytes(content(line(GRANTED, "8")))
    assert build(tmp_path).exit_status == 0
    assert read_package(tmp_path / PLACE).report.value(*GRANTED) == 8
    assert (tmp_path / PLACE / "corrections.csv").exists()
    assert not (tmp_path / "a.corrections.csv").exists()
    assert not (tmp_path / PLACE / "history.csv").exists()


def test_corrections_of_no_report_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.corrections.csv").write_bytes(content())
    assert build(tmp_path).exit_status == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"{tmp_path / 'b.corrections.csv'}: no report b.pdf")


def test_the_same_file_with_new_corrections_is_not_removed(filed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_invented(filed, "again.txt", AGENCY)
    (filed / "again.corrections.csv").write_bytes(content(line(GRANTED, "8")))
    assert build(filed).exit_status == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert f"write what you correct into {filed / PLACE / 'corrections.csv'}" in told
    assert (filed / "again.txt").exists()
    assert (filed / "again.corrections.csv").exists()


def test_corrections_beside_a_given_file_count_and_those_in_its_package_stay(tmp_path: Path) -> None:
    def extract(*, stated: bool) -> Report:
        folder = tmp_path / ("stated" if stated else "bare")
        folder.mkdir()
        file = write_invented(folder, "a.txt", AGENCY)
        if stated:
            (folder / "a.corrections.csv").write_bytes(content(line(GRANTED, "8")))
        extract_files([file], tmp_path / "out", tmp_path, Options(extract=extract_invented), RunReport())
        return read_package(tmp_path / "out" / PLACE).report

    assert extract(stated=True).value(*GRANTED) == 8
    assert extract(stated=False).corrections == (correction(GRANTED, 8),)


# ---------------------------------------------------------------- validation


def twist(old: bytes, new: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        pytest.param(twist(b",8,", b",9,"), "is not the file whose hash and bytes", id="another-value"),
        pytest.param(twist(b",8,", b",x,"), "line 2: value 'x' is not a number", id="no-number"),
        pytest.param(twist(b"resource", b"table"), "the first line is not", id="another-header"),
        pytest.param(lambda path: path.write_bytes(b"\xff\x00"), "not in UTF-8", id="no-text"),
        pytest.param(lambda path: path.unlink(), "missing, though datapackage.json lists it", id="missing"),
    ],
)
def test_corrections_that_somebody_broke_are_told_in_one_line(
    harm: Callable[[Path], object], problem: str, filed: Path
) -> None:
    path = filed / PLACE / "corrections.csv"
    path.write_bytes(content(line(GRANTED, "8")))
    build(filed)
    harm(path)
    (told,) = problems_of(filed)
    assert told.startswith(f"{path}: ")
    assert problem in told


def test_corrections_that_no_package_was_made_with_are_told(filed: Path) -> None:
    path = filed / PLACE / "corrections.csv"
    path.write_bytes(content(line(GRANTED, "8")))
    (told,) = problems_of(filed)
    assert told.startswith(f"{path}: the package was made without it; ")


def test_a_link_for_corrections_is_not_followed(filed: Path) -> None:
    (filed / PLACE / "corrections.csv").symlink_to("/dev/zero")
    (told,) = problems_of(filed)
    assert "no regular file" in told


# ---------------------------------------------------------------- the catalog


def test_the_catalog_gives_corrections_back(tmp_path: Path) -> None:
    report, _ = correct(make_report(), (), (correction(GRANTED, 8), correction(FEES, None)))
    corrections, original = tmp_path / "given.csv", make_original(tmp_path)
    corrections.write_bytes(csv_bytes("corrections", rows_of(report.corrections)))
    report = replace(report, source=source_of(original))
    write_package(report, (), original, tmp_path / "package", corrections_file=corrections)
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        catalog.add(report, (), tmp_path / "package", "0.1.0")
        (again,) = catalog.reports_of(report.agency)
    assert again.report.corrections == report.corrections
