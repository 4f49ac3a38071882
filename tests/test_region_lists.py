"""Lists of places: which wordings ask for one, and what it holds."""

import pytest

from indexer.division import division
from retrieval.region_lists import REGIONS, describe, find_level, find_lists, members


@pytest.mark.parametrize(
    ("question", "names", "words"),
    [
        ("西部省份的大班额", ["西部"], "西部省份"),
        ("西部各省的目标", ["西部"], "西部各省"),
        ("西部12个省区市", ["西部"], "西部12个省区市"),
        ("中西部省份", ["中部", "西部"], "中西部省份"),
        ("东北三省", ["东北"], "东北三省"),
        ("东三省", ["东北"], "东三省"),
        ("华东六省一市", ["华东"], "华东六省一市"),
        ("西北各省区", ["西北"], "西北各省区"),
        ("西南各州市", ["西南"], "西南各州市"),
        ("华北各地怎么做", ["华北"], "华北各地"),
        ("长三角三省一市", ["长三角"], "长三角三省一市"),
        ("京津冀三地", ["京津冀"], "京津冀三地"),
        ("粤港澳大湾区九市", ["粤港澳大湾区"], "粤港澳大湾区九市"),
        ("川渝两地", ["成渝"], "川渝两地"),
        ("沿海省份", ["沿海"], "沿海省份"),
        ("边疆省区", ["边疆"], "边疆省区"),
        ("少数民族自治区", ["民族自治区"], "少数民族自治区"),
        ("五个自治区", ["民族自治区"], "五个自治区"),
        ("民族八省区", ["民族八省区"], "民族八省区"),
        ("四个直辖市", ["直辖市"], "四个直辖市"),
        ("五个计划单列市", ["计划单列市"], "五个计划单列市"),
        ("各副省级城市", ["副省级市"], "各副省级城市"),
        ("各省会城市", ["省会城市"], "各省会城市"),
        ("长江经济带11省市", ["长江经济带"], "长江经济带11省市"),
        ("沿黄九省区", ["黄河流域"], "沿黄九省区"),
    ],
)
def test_a_list_is_asked_for(question: str, names: list[str], words: str) -> None:
    found = find_lists(question)
    assert [each.name for each in found] == names
    assert {question[slice(*each.span)] for each in found} == {words}
    assert all(each.is_sure for each in found)


@pytest.mark.parametrize(
    "question",
    ["西部大开发", "粤港澳大湾区建设", "京津冀教育协同", "东北方向", "沿海城市", "边境县",
     "各省、自治区、直辖市人民政府", "省、自治区、直辖市的规定", "直辖市人民政府的职责", "设区的市、自治州",
     "广东对西部地区的帮扶", "中部崛起", "长三角一体化"],
)  # fmt: skip
def test_a_name_that_counts_no_places_asks_for_none(question: str) -> None:
    assert find_lists(question) == []


def test_a_bare_region_may_be_a_subject() -> None:
    (found,) = find_lists("西部地区的教师补贴")
    assert (found.name, found.is_sure) == ("西部", False)


def test_every_member_is_a_place_of_the_division_and_stands_once() -> None:
    for region in REGIONS:
        places = members(region.name)
        assert len(set(places)) == len(places) == len(region.members.split())
        assert set(places) <= set(division()), region.name


def test_the_four_parts_are_all_provinces_of_the_mainland_once() -> None:
    parts = [place for name in ("东部", "中部", "西部", "东北") for place in members(name)]
    assert len(parts) == len(set(parts)) == 31


def test_the_six_parts_agree_with_the_codes() -> None:
    codes = {place.name: place.code for places in division().values() for place in places}
    parts = {"华北": "1", "东北": "2", "华东": "3", "中南": "4", "西南": "5", "西北": "6"}
    for name, digit in parts.items():
        provinces = [n for n, c in codes.items() if c[0] == digit and not division()[n][0].parents]
        assert sorted(members(name)) == sorted(provinces), name


def test_a_list_says_what_it_holds_and_where_it_is_stated() -> None:
    assert describe("长三角") == (
        "上海、江苏、浙江、安徽；依据中共中央、国务院《长江三角洲区域一体化发展规划纲要》（2019年）"
    )


@pytest.mark.parametrize(
    ("question", "level", "words"),
    [
        ("各省2025年目标", "省", "各省"),
        ("各省区市的目标", "省", "各省区市"),
        ("哪些省份提出", "省", "哪些省份"),
        ("云南各州市的目标", "市", "各州市"),
        ("各市(州)的目标", "市", "各市(州)"),
        ("哪几个市有补贴", "市", "哪几个市"),
        ("各县区学前教育目标", "县", "各县区"),
        ("各县(市、区)的目标", "县", "各县(市、区)"),
    ],
)
def test_a_level_is_asked_for(question: str, level: str, words: str) -> None:
    found = find_level(question)
    assert found is not None
    assert (found[0], question[slice(*found[1])]) == (level, words)


@pytest.mark.parametrize(
    "question", ["各市场主体", "各区域", "各省级部门", "各市县", "各地", "各级"]
)
def test_what_is_no_level_is_none(question: str) -> None:
    assert find_level(question) is None
