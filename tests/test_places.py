"""Places are known from the national division, invented ones by their form."""

import pytest

from indexer.places import (
    NATION,
    administrative_order,
    division,
    lies_in,
    parents,
    place_at_start,
    places_in,
    stem,
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("云南省玉溪市教育体育局", ("玉溪市", 3, 6)),
        ("玉溪市教育体育局等九部门", ("玉溪市", 0, 3)),
        ("青岚市临枫区教育局", ("临枫区", 3, 6)),
        ("白鹭市民政局", ("白鹭市", 0, 3)),
        ("鹤汀县政府", ("鹤汀县", 0, 3)),
        ("中共合作市委", ("合作市", 2, 5)),
        ("汐湾区人民政府防汛抗旱指挥部", ("汐湾区", 0, 3)),
        ("深圳经济特区社会信用条例", ("深圳经济特区", 0, 6)),
        ("国务院办公厅", (NATION, 0, 3)),
        ("教育部等部门", (NATION, 0, 3)),
        # What only looks like a place inside or after one.
        ("上海市促进浦东新区商事调解规定", ("上海市", 0, 3)),
        ("宁波市荣誉市民条例", ("宁波市", 0, 3)),
        ("衢州市历史文化街区保护条例", ("衢州市", 0, 3)),
        ("城市民族工作条例", None),
        ("全市教育工作要点", None),
        ("开发区管理办法", None),
        ("学区制管理", None),
        ("偏远地区教育补助办法", None),
        ("高新区管理办法", None),
        ("", None),
    ],
)
def test_the_place_at_the_start(text: str, place: tuple[str, int, int] | None) -> None:
    assert place_at_start(text) == place


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("在云南省玉溪市和施甸县", [("云南省", 1), ("玉溪市", 4), ("施甸县", 8)]),
        ("县人民政府向望溪县第十八届人民代表大会报告", [("望溪县", 6)]),
        ("各县（市、区）人民政府", []),
    ],
)
def test_the_places_in_a_text(text: str, places: list[tuple[str, int]]) -> None:
    assert places_in(text) == places


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("玉溪市", "玉溪"), ("内蒙古自治区", "内蒙古"), ("甘南藏族自治州", "甘南"), ("和县", "和县"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"), ("新疆维吾尔自治区", "新疆"), ("青岚市", "青岚"),
    ],
)  # fmt: skip
def test_short_names(name: str, short: str) -> None:
    assert stem(name) == short


def test_what_a_place_lies_in() -> None:
    assert parents("施甸县") == ("云南省", "保山市")
    assert len(division()["朝阳区"]) > 1
    assert parents("朝阳区") == ()
    assert parents("青岚市") == ()


@pytest.mark.parametrize(
    ("name", "region", "fact"),
    [
        ("施甸县", "云南省", True), ("施甸县", "施甸县", True), ("云南省", "施甸县", False),
        ("青岚市", "云南省", False), (NATION, "云南省", False),
    ],
)  # fmt: skip
def test_lying_in_a_region(name: str, region: str, fact: bool) -> None:
    assert lies_in(name, region) is fact


def test_the_nation_comes_first_and_unknown_places_last() -> None:
    names = ["青岚市", "云南省", "北京市", NATION, "玉溪市"]
    assert sorted(names, key=administrative_order) == [
        NATION, "北京市", "云南省", "玉溪市", "青岚市",
    ]  # fmt: skip
