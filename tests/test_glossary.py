"""Chinese words on English pages: marked as Chinese, with their English or pinyin; on Chinese pages they stay alone."""

from pathlib import Path

import pytest

from gongkai.errors import UsageError
from gongkai.form import load_forms
from gongkai.package.schema import TABLES, table_schema
from gongkai.publish.glossary import Glossary, load_glossary

TEMPLATES = Path(__file__).parents[1] / "site_templates"
ENGLISH = load_glossary(TEMPLATES, "en")
CHINESE = load_glossary(TEMPLATES, "zh-Hans")


def official_labels() -> set[str]:
    labels = {table_schema(name).title for name in TABLES}
    for block in (block for form in load_forms() for table in form.tables for block in table.blocks):
        labels |= {block.title, block.stub}
        for row in block.rows:
            labels |= {row.label, *row.under}
        for column in block.columns:
            labels |= {column.label, *column.under}
    return labels - {""}


def test_every_label_of_the_official_forms_has_its_english_and_nothing_else_has() -> None:
    assert set(ENGLISH.labels) == official_labels()
    assert set(ENGLISH.sections) == {section.number for form in load_forms() for section in form.sections}


def test_a_label_stands_in_chinese_with_its_english_beside_it() -> None:
    assert ENGLISH.glossed("总计") == '<span lang="zh-Hans">总计</span> <span class="gloss">Total</span>'
    assert CHINESE.glossed("总计") == "总计"


def test_a_heading_of_the_reports_own_takes_the_english_of_its_section() -> None:
    assert ENGLISH.glossed("一、概述", ENGLISH.sections[1]).endswith('<span class="gloss">Overview</span>')
    assert ENGLISH.glossed("一、概述") == '<span lang="zh-Hans">一、概述</span>'


def test_chinese_within_english_is_marked_alone() -> None:
    text = "Table three (国办公开办函〔2021〕30号), <b>"
    assert ENGLISH.quoting(text) == 'Table three (<span lang="zh-Hans">国办公开办函〔2021〕30号</span>), &lt;b&gt;'
    assert CHINESE.quoting("表三（30号）") == "表三（30号）"


def test_a_name_stands_in_chinese_with_its_pinyin_beside_it() -> None:
    assert ENGLISH.named("示例市").endswith('<span class="pinyin" lang="zh-Latn-pinyin">Shili Shi</span>')
    assert CHINESE.named("示例市") == "示例市"
    assert ENGLISH.named("990101") == "990101"


@pytest.mark.parametrize("glossary", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_what_a_stranger_writes_is_escaped(glossary: Glossary) -> None:
    for marked in (glossary.chinese("<b>甲"), glossary.glossed("<b>甲", "<b>A"), glossary.named("<b>甲")):
        assert "<b>" not in marked
        assert "&lt;b&gt;甲" in marked


@pytest.mark.parametrize("text", ["", "[labels]\n[sections]\na = 1", "[[labels"], ids=["empty", "no-number", "broken"])
def test_a_glossary_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "glossary.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"glossary\.toml: not a glossary"):
        load_glossary(tmp_path, "en")
