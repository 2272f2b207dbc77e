"""The forms, against the tables of the published contract, typed here once more by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gongkai import form as form_module
from gongkai.errors import UsageError
from gongkai.form import EDITIONS, Edition, load_form, load_forms, printed_rows
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, REVIEWS, Key

OUTCOMES = """
new_received carried_in granted partially_granted
denied_state_secret denied_prohibited_by_law denied_security_stability denied_third_party denied_internal_affairs
denied_deliberative_process denied_enforcement_file denied_administrative_query
unavailable_not_held unavailable_needs_creation unavailable_still_unclear
not_processed_petition not_processed_repeated not_processed_publication not_processed_excessive not_processed_reissue
other_not_corrected_in_time other_fee_unpaid other_miscellaneous other_handling processed_total carried_out
""".split()
THREE_OTHERS = ["other_not_corrected_in_time", "other_fee_unpaid", "other_miscellaneous"]
APPLICANTS = """
natural_person commercial_enterprise research_institution public_welfare_organization legal_services_organization
other_organization
""".split()
CHANNELS = ["administrative_review", "litigation_direct", "litigation_after_review"]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]

DOCUMENTS_2021 = [("issued", "documents"), ("repealed", "documents"), ("in_force", "documents")]
DOCUMENTS_2019 = [("newly_made", "documents"), ("newly_disclosed", "documents"), ("total_disclosed", "documents")]
ITEMS_2019 = [("prior_year_items", "items"), ("change", "items"), ("decisions", "decisions")]
MEASURES = {
    "2021": {
        "1/regulations": DOCUMENTS_2021,
        "1/normative_documents": DOCUMENTS_2021,
        "5/licensing": [("decisions", "decisions")],
        "6/penalties": [("decisions", "decisions")],
        "6/coercive_measures": [("decisions", "decisions")],
        "8/fees": [("amount", "10k_cny")],
    },
    "2019": {
        "1/regulations": DOCUMENTS_2019,
        "1/normative_documents": DOCUMENTS_2019,
        "5/licensing": ITEMS_2019,
        "5/other_services": ITEMS_2019,
        "6/penalties": ITEMS_2019,
        "6/coercive_measures": ITEMS_2019,
        "8/fees": [("prior_year_items", "items"), ("change", "items")],
        "9/central_procurement": [("projects", "projects"), ("amount", "10k_cny")],
    },
}
LABELS = {
    "new_received": "一、本年新收政府信息公开申请数量",
    "carried_in": "二、上年结转政府信息公开申请数量",
    "granted": "（一）予以公开",
    "denied_state_secret": "1.属于国家秘密",
    "denied_prohibited_by_law": "2.其他法律行政法规禁止公开",
    "denied_security_stability": "3.危及“三安全一稳定”",
    "denied_third_party": "4.保护第三方合法权益",
    "denied_internal_affairs": "5.属于三类内部事务信息",
    "denied_deliberative_process": "6.属于四类过程性信息",
    "denied_enforcement_file": "7.属于行政执法案卷",
    "denied_administrative_query": "8.属于行政查询事项",
    "unavailable_not_held": "1.本机关不掌握相关政府信息",
    "unavailable_needs_creation": "2.没有现成信息需要另行制作",
    "unavailable_still_unclear": "3.补正后申请内容仍不明确",
    "not_processed_petition": "1.信访举报投诉类申请",
    "not_processed_repeated": "2.重复申请",
    "not_processed_publication": "3.要求提供公开出版物",
    "not_processed_excessive": "4.无正当理由大量反复申请",
    "not_processed_reissue": "5.要求行政机关确认或重新出具已获取信息",
    "other_handling": "（六）其他处理",
    "processed_total": "（七）总计",
    "carried_out": "四、结转下年度继续办理",
    "1/regulations": "规章",
    "5/licensing": "行政许可",
    "6/penalties": "行政处罚",
    "6/coercive_measures": "行政强制",
    "8/fees": "行政事业性收费",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_review": "复议后起诉",
}


def outcomes_of(edition: Edition) -> list[str]:
    return [outcome for outcome in OUTCOMES if edition == "2021" or outcome not in THREE_OTHERS]


@pytest.mark.parametrize("edition", EDITIONS)
def test_section_three_has_the_contract_s_outcomes_and_applicants_in_order(edition: Edition) -> None:
    rows = load_form(edition).table(REQUESTS).rows()
    assert [row.id for row in rows] == outcomes_of(edition)
    assert {row.columns for row in rows} == {(*APPLICANTS, "total")}


@pytest.mark.parametrize("edition", EDITIONS)
def test_section_two_has_the_contract_s_categories_measures_and_units_in_order(edition: Edition) -> None:
    table = load_form(edition).table(PROACTIVE)
    units = {
        block.key(PROACTIVE, row, column): column.unit
        for block in table.blocks
        for row in block.rows
        for column in block.columns
    }
    measures = {row.id: [(c, units[Key(PROACTIVE, row.id, c)]) for c in row.columns] for row in table.rows()}
    assert measures == MEASURES[edition]
    assert list(measures) == list(MEASURES[edition])


@pytest.mark.parametrize("edition", EDITIONS)
def test_section_four_has_three_channels_and_their_results_in_order(edition: Edition) -> None:
    rows = load_form(edition).table(REVIEWS).rows()
    assert [(row.id, list(row.columns)) for row in rows] == [(channel, RESULTS) for channel in CHANNELS]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_row_carries_the_standard_label(edition: Edition) -> None:
    labels = {row.id: row.label for table in load_form(edition).tables for row in table.rows()}
    assert {id: label for id, label in labels.items() if id in LABELS} == {
        id: label for id, label in LABELS.items() if id in labels
    }
    assert labels["partially_granted"].startswith("（二）部分公开")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_form_has_the_three_tables_in_sections_two_to_four_and_six_sections(edition: Edition) -> None:
    form = load_form(edition)
    assert form.edition == edition
    assert [(table.resource, table.section) for table in form.tables] == list(zip(RESOURCES, (2, 3, 4), strict=True))
    assert [section.number for section in form.sections] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_figure_s_address_stands_in_a_form_once(edition: Edition) -> None:
    keys: list[Key] = []
    for table in load_form(edition).tables:
        keys += table.keys()
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_identities_are_those_that_the_contract_checks(edition: Edition) -> None:
    identities = {
        identity.check: (identity.resource, identity.across, list(identity.left), list(identity.right))
        for identity in load_form(edition).identities
    }
    outcomes = outcomes_of(edition)
    handled = outcomes[outcomes.index("granted") : outcomes.index("processed_total")]
    assert identities == {
        "balance": (REQUESTS, "columns", ["new_received", "carried_in"], ["processed_total", "carried_out"]),
        "row_total": (REQUESTS, "rows", APPLICANTS, ["total"]),
        "processed_total": (REQUESTS, "columns", handled, ["processed_total"]),
        "review_total": (REVIEWS, "rows", RESULTS[:-1], ["total"]),
    }


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_form_and_identity_says_where_it_comes_from(edition: Edition) -> None:
    form = load_form(edition)
    assert edition in form.source
    assert all(identity.source and identity.label for identity in form.identities)


def test_forms_come_newest_first_and_are_read_once() -> None:
    assert [form.edition for form in load_forms()] == ["2021", "2019"]
    assert load_form("2019") is load_form("2019")


@pytest.mark.parametrize(
    ("present", "printed"),
    [
        pytest.param(set(), THREE_OTHERS, id="nothing-printed"),
        pytest.param(set(THREE_OTHERS), THREE_OTHERS, id="three-rows"),
        pytest.param({"other_handling"}, ["other_handling"], id="one-row"),
        pytest.param({"other_handling", "other_fee_unpaid"}, THREE_OTHERS, id="both-printed-the-three-stand"),
        pytest.param({"granted"}, THREE_OTHERS, id="other-rows-printed"),
    ],
)
def test_other_handling_stands_in_for_its_three_rows_only_where_it_alone_is_printed(
    present: set[str], printed: list[str]
) -> None:
    rows = [row.id for row in printed_rows(load_form("2021").table(REQUESTS), present)]
    assert [id for id in rows if id.startswith("other_")] == printed
    assert [id for id in rows if not id.startswith("other_")] == [o for o in OUTCOMES if not o.startswith("other_")]


@pytest.mark.parametrize("present", [set(), {"other_handling"}, {"granted"}], ids=str)
def test_the_2019_form_always_has_other_handling_as_one_row(present: set[str]) -> None:
    rows = [row.id for row in printed_rows(load_form("2019").table(REQUESTS), present)]
    assert rows == outcomes_of("2019")


def test_a_table_that_was_not_found_still_has_all_its_rows() -> None:
    rows = printed_rows(load_form("2021").table(REQUESTS), set())
    assert [row.id for row in rows] == [outcome for outcome in OUTCOMES if outcome != "other_handling"]


@pytest.mark.parametrize("content", ["not toml =", "", 'edition = "2021"\nsource = "x"\nsection = 3', "table = []"])
def test_a_file_that_is_no_form_is_the_project_s_own_error(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "2021.toml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(form_module, "_FORMS", {"2021.toml": tmp_path / "2021.toml"})
    load_form.cache_clear()
    try:
        with pytest.raises(UsageError, match="not a form"):
            load_form("2021")
    finally:
        load_form.cache_clear()


def test_a_form_cannot_be_changed_by_who_reads_it() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_form("2021").edition = "2019"  # type: ignore[misc]
