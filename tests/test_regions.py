"""The places that a question names, in full, in short, by former names and in chains."""

import pytest

from retrieval.regions import Regions, find_regions

LOCALITIES = ("玉溪市", "昭通市", "施甸县", "江川区", "大理白族自治州", "北京市朝阳区", "望溪县")


@pytest.mark.parametrize(
    ("question", "known", "unknown"),
    [
        ("云南施甸的学校", ("施甸县",), ()),
        ("云南省施甸县的学校", ("施甸县",), ()),
        ("云南省保山市施甸县的学校", ("施甸县",), ()),
        ("云南和施甸", ("云南省", "施甸县"), ()),
        ("玉溪、昭通怎么做", ("玉溪市", "昭通市"), ()),
        ("江川县的学校", ("江川区",), ()),
        ("大理州教育", ("大理白族自治州",), ()),
        ("北京朝阳区的学校", ("北京市朝阳区",), ()),
        ("北京市朝阳区的学校", ("北京市朝阳区",), ()),
        ("朝阳区的学校", ("朝阳区",), ()),
        ("长春市朝阳区的学校", (), ("长春市朝阳区",)),
        ("云南红塔的学校", (), ("云南红塔",)),
        ("上海浦东新区的学校", (), ("上海浦东新区",)),
        ("襄樊市的学校", (), ("襄樊市",)),
        ("望溪县的学校", ("望溪县",), ()),
        ("墨川市的学校", (), ("墨川市",)),
        # Words, not counties, after a region.
        ("云南公安机关怎么做", ("云南省",), ()),
        ("云南新建学校", ("云南省",), ()),
        ("适应城市建设", (), ()),
    ],
)
def test_the_places_of_a_question(
    question: str, known: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    found = find_regions(question, LOCALITIES)
    assert (found.known, found.unknown) == (known, unknown)


def test_what_is_left_of_a_question_keeps_its_length() -> None:
    assert find_regions("云南施甸的学校", LOCALITIES) == Regions(("施甸县",), (), "，，，，的学校")


def test_a_short_name_means_the_larger_place() -> None:
    assert find_regions("吉林的学校", ("吉林省", "吉林市")).known == ("吉林省",)
    assert find_regions("吉林市的学校", ("吉林省", "吉林市")).known == ("吉林市",)
