"""Divisions stand under the places that hold them."""

from __future__ import annotations

from gongkai.publish.regions import region_tree

PLACES = {"990000": "虚构省", "990100": "示例市", "990101": "虚构区"}


def test_regions_stand_under_the_places_that_hold_them_and_unknown_codes_under_their_number() -> None:
    names = {**PLACES, "999000": "省直辖县级行政区划", "999001": "虚构县", "990100": "示例市"}
    regions = region_tree({"990101": (2, 3), "990000": (1, 1), "999001": (1, 1), "123456": (1, 1)}, names.get)
    assert regions["990101"].parents == ("990000", "990100")
    assert regions["990000"].children == ("990100", "999001")
    assert (regions["990000"].agencies, regions["990000"].agencies_below) == (1, 3)
    assert regions["999001"].parents == ("990000",)
    assert (regions["123456"].name, regions["123456"].parents) == ("123456", ())
