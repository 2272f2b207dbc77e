"""Invented reports: who publishes, what is said, and figures that add up.

In: the edition of the form, a seed, and what a test wants otherwise. Out: a ``Content``, which is the truth that a
reading is measured by: the value of every figure that is printed, ``None`` for a blank. No agency in it exists.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gongkai.form import Block, Edition, FormTable, load_form
from gongkai.model import PROACTIVE, REQUESTS, RESOURCES, REVIEWS, Key
from gongkai.names.places import Gazetteer

PLACES = Gazetteer(
    [
        ("990000", "虚构省"),
        ("990100", "示例市"),
        ("990102", "青柳区"),
        ("990121", "霜林县"),
        ("990200", "独岛市"),
        ("990221", "石笋县"),
    ]
)
"""Invented places, with codes that no division has."""

MISCELLANEOUS = ("other_not_corrected_in_time", "other_fee_unpaid", "other_miscellaneous")
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_services_organization",
    "other_organization",
)
NUMERALS = "一二三四五六"


@dataclass(frozen=True)
class Body:
    """A publisher: the name that the title prints, its full name, and the code and level of its place."""

    printed: str
    name: str
    code: str
    level: str


CITY = Body("示例市人民政府", "示例市人民政府", "990100", "city")
COUNTY = Body("霜林县人民政府", "霜林县人民政府", "990121", "county")
DISTRICT = Body("青柳区人民政府", "示例市青柳区人民政府", "990102", "county")
DEPARTMENT = Body("示例市水务局", "示例市水务局", "990100", "city")
TOWNSHIP = Body("霜林县松石镇人民政府", "霜林县松石镇人民政府", "990121", "township")
OFFICE = Body("虚构省人民政府办公厅", "虚构省人民政府办公厅", "990000", "province")


@dataclass(frozen=True)
class Content:
    """One report: what is printed, figure by figure. ``blocks`` are those of each table, in the edition printed."""

    body: Body
    year: int
    form: str
    blocks: Mapping[str, tuple[Block, ...]]
    values: Mapping[Key, Decimal | None]
    title: tuple[str, ...]
    introduction: tuple[str, ...]
    headings: Mapping[int, str]
    prose: Mapping[int, tuple[str, ...]]
    signature: tuple[str, ...]
    tables: Mapping[int, tuple[tuple[tuple[str, ...], ...], ...]] = field(default_factory=dict)
    """By section, tables that are none of the form's: rows of cells, the first of them headers."""
    contents_list: bool = False
    cover: bool = False
    unstated: frozenset[Key] = field(default_factory=frozenset)
    """Amounts whose unit is printed nowhere."""

    def written(self, convert: Callable[[str], str]) -> Content:
        """The same report with its prose, title and headings in other characters."""

        def each(texts: Sequence[str]) -> tuple[str, ...]:
            return tuple(map(convert, texts))

        return replace(
            self,
            title=each(self.title),
            introduction=each(self.introduction),
            headings={number: convert(heading) for number, heading in self.headings.items()},
            prose={number: each(texts) for number, texts in self.prose.items()},
            signature=each(self.signature),
        )

    def without(self, *gone: str) -> Content:
        """The same report without these rows, columns or blocks (by id or title): they are not printed."""
        blocks = {
            resource: tuple(
                replace(
                    block,
                    rows=tuple(row for row in block.rows if row.id not in gone),
                    columns=tuple(column for column in block.columns if column.id not in gone),
                )
                for block in own
                if block.title not in gone
                and not all(row.id in gone for row in block.rows)
                and not all(column.id in gone for column in block.columns)
            )
            for resource, own in self.blocks.items()
        }
        kept = keys_of(blocks)
        return replace(self, blocks=blocks, values={key: v for key, v in self.values.items() if key in kept})

    def without_table(self, resource: str) -> Content:
        """The same report without one of its three tables."""
        values = {key: value for key, value in self.values.items() if key.resource != resource}
        return replace(self, blocks={**self.blocks, resource: ()}, values=values)

    def reordered(self, resource: str, rows: Sequence[str] = (), columns: Sequence[str] = ()) -> Content:
        """The same report with these rows or columns (by id) first in each block of a table."""
        blocks = tuple(
            replace(
                block,
                rows=tuple(sorted(block.rows, key=lambda row: _place(row.id, rows))),
                columns=tuple(sorted(block.columns, key=lambda column: _place(column.id, columns))),
            )
            for block in self.blocks[resource]
        )
        return replace(self, blocks={**self.blocks, resource: blocks})

    def blank(self, *where: str) -> Content:
        """The same report with these rows or columns left blank."""
        return replace(
            self, values={k: None if k.row in where or k.column in where else v for k, v in self.values.items()}
        )


def _place(id: str, order: Sequence[str]) -> int:
    return order.index(id) if id in order else len(order)


def keys_of(blocks: Mapping[str, Sequence[Block]]) -> set[Key]:
    return {key for resource, own in blocks.items() for key in FormTable(resource, 0, tuple(own)).keys()}  # noqa: SIM118  # of a table, not of a dict


def make_content(
    edition: Edition = "2021",
    *,
    seed: int = 1,
    body: Body = CITY,
    year: int = 2023,
    other_as_one: bool = False,
    sections_2019: Sequence[str] = (),
    scale: int = 1,
    zeros_blank: bool = False,
    broken: Mapping[Key, int] | None = None,
    **changes: object,
) -> Content:
    """An invented report.

    ``other_as_one``: （六）其他处理 as one row in the form of 2021. ``sections_2019``: titles of the blocks of section
    two that follow the form of 2019 in a report that follows the other one. ``scale`` makes the figures larger.
    ``zeros_blank``: a zero is printed as a blank. ``broken``: what to add to a figure, so that its sums fail.
    """
    chance = random.Random(seed)  # noqa: S311  # the same figures in every run
    form = load_form(edition)
    blocks = {resource: form.table(resource).blocks for resource in RESOURCES}
    if sections_2019:
        older = {block.title: block for block in load_form("2019").table(PROACTIVE).blocks}
        blocks[PROACTIVE] = tuple(older[b.title] if b.title in sections_2019 else b for b in blocks[PROACTIVE])
    as_one = other_as_one or edition == "2019"
    left_out = MISCELLANEOUS if as_one else ("other_handling",)
    values: dict[Key, Decimal | None] = {}
    values |= _requests([row.id for row in blocks[REQUESTS][0].rows if row.id not in left_out], chance, scale)
    values |= _reviews(chance, scale)
    values |= _proactive(blocks[PROACTIVE], chance, scale)
    for key, more in (broken or {}).items():
        values[key] = (values[key] or Decimal(0)) + more
    if zeros_blank:
        values = {key: value or None for key, value in values.items()}
    content = Content(
        body=body,
        year=year,
        form="mixed" if sections_2019 else edition,
        blocks=blocks,
        values=values,
        title=(body.printed, f"{year}年政府信息公开工作年度报告"),
        introduction=(
            f"根据《中华人民共和国政府信息公开条例》的规定，{body.printed}编制了本报告。"
            f"数据的统计期限为{year}年1月1日至{year}年12月31日。",
        ),
        headings={section.number: section.heading for section in form.sections},
        prose=_prose(values, chance, year),
        signature=(body.printed, f"{year + 1}年1月20日"),
    )
    content = content.without(*left_out) if as_one else content.without("other_handling")
    return replace(content, **changes)  # type: ignore[arg-type]  # a test names the fields that it wants otherwise


def _requests(rows: Sequence[str], chance: random.Random, scale: int) -> dict[Key, Decimal | None]:
    """Applications: the balance, the processed total and each row's total hold."""
    counts: dict[str, dict[str, int]] = {row: dict.fromkeys(APPLICANTS, 0) for row in rows}
    outcomes = [row for row in rows if row not in ("new_received", "carried_in", "processed_total", "carried_out")]
    for applicant, most in zip(APPLICANTS, (90, 25, 4, 3, 12, 6), strict=True):
        for row in outcomes:
            if chance.random() < 0.55:
                counts[row][applicant] = chance.randint(0, most) * scale
        processed = sum(counts[row][applicant] for row in outcomes)
        carried_in = min(chance.randint(0, 5) * scale, processed)
        carried_out = chance.randint(0, 4) * scale
        counts["processed_total"][applicant] = processed
        counts["carried_in"][applicant] = carried_in
        counts["carried_out"][applicant] = carried_out
        counts["new_received"][applicant] = processed + carried_out - carried_in
    found: dict[Key, Decimal | None] = {}
    for row, own in counts.items():
        found |= {Key(REQUESTS, row, applicant): Decimal(count) for applicant, count in own.items()}
        found[Key(REQUESTS, row, "total")] = Decimal(sum(own.values()))
    return found


def _reviews(chance: random.Random, scale: int) -> dict[Key, Decimal | None]:
    found: dict[Key, Decimal | None] = {}
    for channel in ("administrative_review", "litigation_direct", "litigation_after_review"):
        counts = [chance.choice((0, 1, 2, 3, 7, 11)) * scale for _ in range(4)]
        for column, count in zip(("upheld", "corrected", "other", "pending"), counts, strict=True):
            found[Key(REVIEWS, channel, column)] = Decimal(count)
        found[Key(REVIEWS, channel, "total")] = Decimal(sum(counts))
    return found


def _proactive(blocks: Sequence[Block], chance: random.Random, scale: int) -> dict[Key, Decimal | None]:
    found: dict[Key, Decimal | None] = {}
    for block in blocks:
        for row in block.rows:
            for column in block.columns:
                value = Decimal(chance.randint(0, 3000) * scale)
                if column.id == "amount":
                    value = Decimal(chance.randint(1, 9_999_999) * scale) / 100
                elif column.id == "change":
                    value = Decimal(chance.randint(-40, 40))
                elif column.unit == "documents":
                    value = Decimal(chance.randint(0, 60))
                found[block.key(PROACTIVE, row, column)] = value
    return found


def _prose(values: Mapping[Key, Decimal | None], chance: random.Random, year: int) -> dict[int, tuple[str, ...]]:
    received = values[Key(REQUESTS, "new_received", "total")]
    return {
        1: (
            f"（一）主动公开。对照事项清单逐项核对，门户网站全年发布各类信息{chance.randint(100, 9000)}条，"
            f"召开新闻发布会{chance.randint(1, 30)}场，发布政策解读{chance.randint(1, 90)}篇。",
            f"（二）依申请公开。全年收到政府信息公开申请{received}件，均在期限内作出答复。",
            "（三）政府信息管理。建立信息台账，做到来源可查、去向可追。",
        ),
        2: (),
        3: (),
        4: (),
        5: (
            f"{year}年的工作还有不足：公开的内容与群众的需要有差距，个别单位答复不够规范，解读的形式较为单一。",
            "下一步将着力改进：一是细化公开标准，二是加强对答复文书的指导，三是丰富解读方式。",
        ),
        6: ("本年度没有其他需要报告的事项。",),
    }
