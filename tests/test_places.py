from __future__ import annotations

import re

import pytest

from gongkai.names.places import Gazetteer, load_gazetteer

INVENTED = Gazetteer(
    [
        ("990000", "虚构省"),
        ("990100", "示例市"),
        ("990102", "青柳区"),
        ("990121", "霜林县"),
        ("990200", "独岛市"),
        ("992900", "南柯泽族月族自治州"),
        ("992921", "泽族自治县"),
        ("980000", "幻境市"),
        ("980102", "青柳区"),
    ],
    former=[("990103", "旧港区"), ("990121", "霜林县")],
    nationalities=["泽族", "月族"],
    usual={"泽族自治县": ["幻县"]},
)


def codes(places: object) -> list[str]:
    return [place.code for place in places]  # type: ignore[attr-defined]


def test_a_name_that_two_places_have_answers_with_both() -> None:
    assert codes(INVENTED.named("青柳区")) == ["980102", "990102"]


@pytest.mark.parametrize(
    ("short", "code"),
    [
        pytest.param("霜林", "990121", id="a-county-without-its-suffix"),
        pytest.param("南柯", "992900", id="an-autonomous-prefecture-without-its-nationalities"),
        pytest.param("南柯州", "992900", id="or-only-without-them"),
        pytest.param("南柯自治州", "992900", id="and-so"),
        pytest.param("幻县", "992921", id="a-short-name-of-its-own"),
        pytest.param("泽县", "", id="a-nationality-is-not-cut-to-one-character"),
    ],
)
def test_short_names_are_found_as_short_names_only(short: str, code: str) -> None:
    assert codes(INVENTED.called(short)) == ([code] if code else [])
    assert INVENTED.named(short) == ()


def test_levels_and_parents_follow_from_the_codes() -> None:
    district, county_of_municipality = INVENTED.by_code("990102"), INVENTED.by_code("980102")
    assert district is not None
    assert county_of_municipality is not None
    assert (district.level, district.parents) == ("county", ("990000", "990100"))
    assert county_of_municipality.parents == ("980000",)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("990102", "示例市青柳区"),
        ("980102", "幻境市青柳区"),
        ("990121", "霜林县"),
        ("990100", "示例市"),
        ("990103", "示例市旧港区"),
    ],
)
def test_a_district_is_named_with_its_city_and_any_other_place_alone(code: str, name: str) -> None:
    place = INVENTED.by_code(code)
    assert place is not None
    assert INVENTED.official_name(place) == name


def test_a_division_that_exists_no_longer_is_still_found_and_says_so() -> None:
    (gone,) = INVENTED.named("旧港区")
    assert gone.former
    assert [place.former for place in INVENTED.named("霜林县")] == [False]


def test_a_name_behind_another_in_running_text_is_the_place_inside_it() -> None:
    text = "虚构省示例市青柳区和青柳区，城区改造"
    assert [(text[start:end], codes(places)) for start, end, places in INVENTED.mentions(text)] == [
        ("虚构省", ["990000"]),
        ("示例市", ["990100"]),
        ("青柳区", ["990102"]),
        ("青柳区", ["980102", "990102"]),
    ]


@pytest.mark.parametrize(
    ("text", "is_full"),
    [
        pytest.param("南柯州", True, id="a-short-name-that-says-what-it-is"),
        pytest.param("霜林", False, id="one-that-does-not"),
    ],
)
def test_a_short_name_that_says_what_it_is_is_as_good_as_a_full_one(text: str, is_full: bool) -> None:
    assert next(full for _, _, full in INVENTED.begins(text, 0)) is is_full
    assert bool(list(INVENTED.mentions(f"在{text}"))) is is_full


def test_only_a_city_without_counties_has_its_townships_itself() -> None:
    has = {code: INVENTED.has_counties(place) for code in ("990100", "990200") if (place := INVENTED.by_code(code))}
    assert has == {"990100": True, "990200": False}


class TestTheOfficialList:
    def test_every_code_has_six_digits_and_lies_in_its_province(self) -> None:
        for place in load_gazetteer():
            assert re.fullmatch("[0-9]{6}", place.code)
            assert all(parent[:2] == place.code[:2] for parent in place.parents)
            assert place.level == "province" or place.parents

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("鼓楼区", ["320106", "320302", "350102", "410204"]),
            ("长安区", ["130102", "610116"]),
            ("江北区", ["330205", "500105"]),
            ("东莞市", ["441900"]),
            ("济源市", ["419001"]),
            ("山西省", ["140000"]),
            ("陕西省", ["610000"]),
            ("台湾省", ["710000"]),
            ("江干区", ["330104"]),
            ("崇川区", ["320613"]),
            ("公主岭市", ["220184"]),
        ],
    )
    def test_names_have_the_codes_that_they_should_have(self, name: str, found: list[str]) -> None:
        assert codes(load_gazetteer().named(name)) == found

    @pytest.mark.parametrize(
        ("name", "official"),
        [
            ("碑林区", "西安市碑林区"),
            ("万柏林区", "太原市万柏林区"),
            ("神农架林区", "神农架林区"),
            ("六枝特区", "六枝特区"),
        ],
    )
    def test_a_district_whose_name_only_ends_like_a_forest_s_is_a_district(self, name: str, official: str) -> None:
        (place,) = load_gazetteer().named(name)
        assert load_gazetteer().official_name(place) == official

    @pytest.mark.parametrize(
        ("short", "names"),
        [
            ("湘西州", ["湘西土家族苗族自治州"]),
            ("鄂温克", ["鄂温克族自治旗"]),
            ("内蒙古", ["内蒙古自治区"]),
            ("凤阳", ["凤阳县"]),
            ("吉林", ["吉林省", "吉林市"]),
        ],
    )
    def test_short_names_lead_to_full_ones(self, short: str, names: list[str]) -> None:
        assert [place.name for place in load_gazetteer().called(short)] == names

    def test_no_two_divisions_share_a_name_with_which_their_bodies_are_named(self) -> None:
        gazetteer = load_gazetteer()
        named = [gazetteer.official_name(place) for place in gazetteer]
        assert len(set(named)) == len(named)
