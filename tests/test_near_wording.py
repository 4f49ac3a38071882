"""What is worded like a draft is found at its place, whole clauses of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.near_wording import Draft, Worded, find_wording
from tests.make import characters

CLAUSE = "新建居民区要同步规划配套学校，起始年级班额不得超过45人。"
AROUND = "一、学位\n各县区要摸清底数，{}所需经费由财政保障。\n二、校车\n每辆校车每月检查两次。"


def said(texts: list[str], found: list[Worded]) -> list[str]:
    return [texts[each.text][slice(*each.span)] for each in found]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("（三）加强领导，落实责任。", "加强领导，落实责任"),
        ("第十二条　加强领导，落实责任。", "加强领导，落实责任"),
        ("3．加强领导", "加强领导"),
        ("“加强领导”。", "加强领导"),
        ("2023年底前完成50%", "2023年底前完成50%"),
        ("", ""),
        ("。！", ""),
    ],
)
def test_a_draft_is_its_words_without_their_number_and_the_stops_around(
    written: str, words: str
) -> None:
    assert written[slice(*Draft(written).span)] == words


@pytest.mark.parametrize(
    "draft",
    [
        CLAUSE,
        "（二）新建居民区要同步规划配套学校，起始年级班额不得超过45人",
        "新建居民區要同步規劃配套學校，起始年級班額不得超過４５人。",
        "新建居民区要同步规划配套学校,\n起始年级 班额不得超过45人",
    ],
)
def test_the_same_words_are_found_in_any_script_width_and_spacing(draft: str) -> None:
    texts = ["校车停放整齐。", AROUND.format(CLAUSE)]
    first = find_wording(Draft(draft), texts)[0]
    assert (first.text, first.share) == (1, 1.0)
    assert texts[1][slice(*first.span)] == CLAUSE.rstrip("。")
    assert first.words == Draft(draft).words


def test_a_clause_inside_a_long_sentence_is_found_by_itself() -> None:
    texts = [AROUND.format(CLAUSE)]
    found = find_wording(Draft("起始年级班额不得超过50人"), texts)
    assert said(texts, found)[0] == "起始年级班额不得超过45人"


def test_a_run_goes_over_stops_and_lines_where_the_draft_does() -> None:
    texts = ["二、目标\n（一）新建居民区要同步规划配套学校；\n（二）起始年级班额不得超过45人。"]
    (first, *_) = find_wording(Draft(CLAUSE), texts)
    assert said(texts, [first]) == [texts[0][8:-1]]
    assert 0.9 < first.share < 1


def test_what_has_no_words_in_common_is_not_found() -> None:
    assert find_wording(Draft("每辆校车每月检查两次"), [CLAUSE]) == []
    assert find_wording(Draft(""), [CLAUSE]) == find_wording(Draft(CLAUSE), []) == []
    assert find_wording(Draft(CLAUSE), ["", "\n"]) == []


notices = st.lists(
    st.one_of(
        st.just(CLAUSE),
        st.sampled_from(
            [
                "（一）要同步规划配套学校。",
                "新建居民区",
                "第三条 不得超过45人，",
                "\n",
                "㎡①| 1,200",
            ]
        ),
        st.text(characters, max_size=20),
    ),
    max_size=8,
).map("".join)


@given(st.lists(notices, max_size=4), notices)
def test_stretches_lie_in_their_texts_and_apart_best_first(texts: list[str], draft: str) -> None:
    sought = Draft(draft)
    found = find_wording(sought, texts)
    assert [each.share for each in found] == sorted((e.share for e in found), reverse=True)
    for at, each in enumerate(found):
        text = texts[each.text]
        assert 0 <= each.span.start < each.span.end <= len(text)
        assert Draft(text[slice(*each.span)]).words in each.words
        assert not any(
            other.text == each.text and other.span.overlaps(each.span) for other in found[:at]
        )
    if len(sought.signs) > 1 and draft in texts:
        assert found and found[0].share == 1
