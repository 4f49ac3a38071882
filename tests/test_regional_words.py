"""Words that the mainland and Taiwan use for the same thing."""

import pytest

from indexer.terms import words
from retrieval.regional_words import expansions


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("資訊教育", {"资讯": ("信息",)}),
        ("信息教育", {"信息": ("资讯",)}),
        ("數位學習的品質", {"数位": ("数字",), "品质": ("质量",)}),
        ("國中教師", {"国中": ("初中",)}),
        ("國中學生", {"国中": ("初中",)}),
        ("初中教师", {"初中": ("国中", "国民中学")}),
        ("網路與軟體", {"网路": ("网络",), "软体": ("软件",)}),
        ("幼稚園", {"幼稚园": ("幼儿园",)}),
        ("身心障礙學生", {"身心障碍": ("残疾", "残疾人")}),
        ("大專校院", {"大专校院": ("高校", "高等学校")}),
        ("人工智慧", {"人工智慧": ("人工智能",)}),
        ("智慧財產權的保護", {"智慧财产权": ("知识产权",)}),
        ("民主議定程式", {"程式": ("程序",)}),
        ("网络安全", {"网络": ("网路",)}),
        # Parts of other words, and words with a meaning of their own on the mainland.
        ("全国中部地区", {}),
        ("档案管理", {}),
        ("支援农村教师", {}),
        ("智慧城市", {}),
        ("计划", {}),
        ("", {}),
    ],
)
def test_whole_words_are_expanded_both_ways(
    question: str, found: dict[str, tuple[str, ...]]
) -> None:
    assert expansions(words(question)) == found
