"""The division: present places, former names and what they are now, short names."""

import pytest

from indexer.division import division, former_names, present_names, short_names, stem
from indexer.places import resolve


def chains(name: str) -> list[str]:
    return ["/".join((*place.parents, place.name)) for place in former_names().get(name, ())]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("玉溪市", "玉溪"), ("内蒙古自治区", "内蒙古"), ("甘南藏族自治州", "甘南"), ("和县", "和县"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"), ("新疆维吾尔自治区", "新疆"), ("青岚市", "青岚"),
        ("伊犁哈萨克自治州", "伊犁"), ("六枝特区", "六枝"), ("浦东新区", "浦东"), ("阿拉善盟", "阿拉善"),
    ],
)  # fmt: skip
def test_short_names(name: str, short: str) -> None:
    assert stem(name) == short


def test_the_division_has_provinces_cities_and_counties() -> None:
    places = [place for found in division().values() for place in found]
    levels = [sum(len(place.parents) == level for place in places) for level in range(3)]
    assert levels[0] == 34
    assert levels[1] > 333 and levels[2] > 2_700
    assert [place.parents for place in division()["施甸县"]] == [("云南省", "保山市")]
    assert len(division()["朝阳区"]) == 2


@pytest.mark.parametrize(
    ("name", "present"),
    [
        ("大理州", "大理白族自治州"), ("新平县", "新平彝族傣族自治县"), ("广西自治区", "广西壮族自治区"),
        ("深圳经济特区", "深圳市"), ("海南经济特区", "海南省"), ("干县", "乾县"),
    ],
)  # fmt: skip
def test_places_are_known_by_plain_names_too(name: str, present: str) -> None:
    assert [place.name for place in present_names()[name]] == [present]


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("江川县", "云南省/玉溪市/江川区"), ("襄樊市", "湖北省/襄阳市"), ("蓟县", "天津市/蓟州区"),
        ("通县", "北京市/通州区"), ("萧山市", "浙江省/杭州市/萧山区"), ("中甸县", "云南省/迪庆藏族自治州/香格里拉市"),
        ("潞西市", "云南省/德宏傣族景颇族自治州/芒市"), ("思茅地区", "云南省/普洱市"), ("东川市", "云南省/昆明市/东川区"),
        ("路南县", "云南省/昆明市/石林彝族自治县"), ("川沙县", "上海市/浦东新区"), ("临川市", "江西省/抚州市/临川区"),
        ("大足县", "重庆市/大足区"), ("毕节地区", "贵州省/毕节市"), ("淮阴市", "江苏省/淮安市"),
    ],
)  # fmt: skip
def test_a_former_name_is_its_present_place(name: str, chain: str) -> None:
    assert chains(name) == [chain]


@pytest.mark.parametrize(
    ("name", "chain"), [("崇文区", "北京市/崇文区"), ("南汇区", "上海市/南汇区")]
)
def test_a_dissolved_place_stands_for_itself(name: str, chain: str) -> None:
    assert chains(name) == [chain]


def test_a_name_that_is_borne_today_means_the_present_place() -> None:
    assert chains("昭通市") == ["云南省/昭通市/昭阳区"]
    assert resolve("昭通市") == division()["昭通市"][0]


def test_a_short_name_means_the_highest_place() -> None:
    assert [place.name for place in short_names()["吉林"]] == ["吉林省"]
    assert [place.name for place in short_names()["海南"]] == ["海南省"]
    assert [place.name for place in short_names()["施甸"]] == ["施甸县"]
