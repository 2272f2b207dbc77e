"""The few figures that a page says in words: only what a report states, and no change where none can be told."""

from __future__ import annotations

from decimal import Decimal

from gongkai.model import REQUESTS, Key
from gongkai.publish.report_summary import headline, summarise
from tests.builders import make_report


def test_a_group_with_a_blank_is_stated_only_if_the_forms_own_sum_holds_without_it() -> None:
    blank = Key(REQUESTS, "unavailable_needs_creation", "total")
    assert summarise(make_report(values={blank: None})).unavailable == Decimal(3)
    broken = summarise(make_report(values={blank: None, Key(REQUESTS, "processed_total", "total"): 11}))
    assert broken.unavailable is None
    assert broken.granted == Decimal(6)


def test_a_change_is_given_only_against_the_year_before_and_in_per_cent_only_of_thirty_or_more() -> None:
    received = Key(REQUESTS, "new_received", "total")
    few, many, more = (summarise(make_report(values={received: number})) for number in (10, 40, 50))
    assert headline(more, None)[0].change is None
    assert (headline(more, many)[0].change, headline(more, many)[0].percent) == (Decimal(10), Decimal(25))
    assert (headline(more, few)[0].change, headline(more, few)[0].percent) == (Decimal(40), None)
