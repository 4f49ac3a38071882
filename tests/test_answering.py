"""Sentences are chosen, quoted with what they need, and go through the door of citations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking import cut_passages
from indexer.errors import CitationError, ReadError
from indexer.readers.composing import Cell, Composer
from indexer.records import Document, Header, Passage, Span
from retrieval.answering import Limits, Quotation, choose, quote_together
from retrieval.citations import cite, confirm
from retrieval.results import Citation, Source
from retrieval.scoring import Scored
from tests.make import cut, make_document, notice_text, span_of

TEXT = "普通高中班额不得超过55人。严禁新增大班额。"
DOCUMENT = Document("a.txt", "0" * 64, TEXT, Header(), (), ())
SOURCE = Source("a.txt", "通知", "", "", "青岚市", "", "")


WIDE = Limits(first=0.5, further=0.5, each=9, whole=9)
NOTICE = """松陵县关于老年人待遇的通知
本县建立津贴制度。该制度自2024年起实施。
高龄津贴按下列标准按月发放：
（一）满80周岁的，每人100元；
（二）满90周岁的，每人200元；
（三）满100周岁的，每人500元。
一、申领办法
到乡镇便民服务中心登记。凭身份证办理。
"""
LEAD_IN = "高龄津贴按下列标准按月发放："
WHOLE = NOTICE[NOTICE.index(LEAD_IN) : NOTICE.index("\n一、")]  # the list


def _scored(
    text: str, score: float, document: str = "a.txt", frame: float = 0.0, figure: float = 0.0
) -> Scored:
    span = Span(0, len(text))
    passage = Passage(document, span, text, (), (span,))
    return Scored(passage, 0, score, 1.0, 1.0, frame, figure, -1)


def _texts(chosen: Mapping[str, Sequence[Scored]]) -> dict[str, list[str]]:
    return {place: [each.text for each in found] for place, found in chosen.items()}


def _sentences(text: str, limit: int = 5_000) -> dict[str, Scored]:
    """The sentences of a notice, as if each had been found."""
    return {
        quote: Scored(passage, number, 1.0, 1.0, 1.0, 0.0, 0.0, -1)
        for passage in cut_passages(make_document(text), len, limit)
        for number, quote in enumerate(passage.quotes())
    }


def _quoted(text: str, chosen: Sequence[str], words: Sequence[str] = ()) -> list[list[str]]:
    """What is quoted together for some sentences of a notice, each stretch by itself."""
    every = _sentences(text)
    found = quote_together([every[sentence] for sentence in chosen], words)
    return [[cut(text, span) for span in quotation.spans] for quotation in found]


def test_only_sentences_near_the_best_are_chosen_and_each_once() -> None:
    scored = [
        _scored("甲句。", 1.0),
        _scored("甲 句", 0.95),
        _scored("乙句。", 0.8),
        _scored("丙句。", 0.5),
    ]
    chosen = choose(scored, Limits(0.7, 0.7, each=9, whole=9), lambda _: "青岚市")
    assert _texts(chosen) == {"青岚市": ["甲句。", "乙句。"]}


def test_each_locality_is_limited_and_the_best_comes_first() -> None:
    scored = [
        _scored("乙一。", 1.0, "b"),
        _scored("甲一。", 0.9, "a"),
        _scored("乙二。", 0.9, "b"),
        _scored("甲二。", 0.8, "a"),
    ]
    one = choose(scored, Limits(0.5, 0.5, each=1, whole=9), str)
    assert _texts(one) == {"b": ["乙一。"], "a": ["甲一。"]}
    two = choose(scored, Limits(0.5, 0.5, each=9, whole=2), str)
    assert list(two) == ["b", "a"]
    assert sum(map(len, two.values())) == 2


def test_the_further_sentences_of_a_locality_are_measured_by_its_own_first() -> None:
    scored = [
        _scored("甲一。", 1.0, "a"),
        _scored("乙一。", 0.7, "b"),
        _scored("甲二。", 0.68, "a"),
        _scored("乙二。", 0.65, "b"),
    ]
    chosen = choose(scored, Limits(0.6, 0.9, each=9, whole=9), str)
    assert _texts(chosen) == {"a": ["甲一。"], "b": ["乙一。", "乙二。"]}


def test_a_sentence_of_another_year_or_sort_answers_nothing() -> None:
    scored = [_scored("去年五万。", 1.0, frame=-0.5), _scored("今年六万。", 0.9, frame=0.5)]
    assert _texts(choose(scored, WIDE, str)) == {"a.txt": ["今年六万。"]}
    assert choose(scored[:1], WIDE, str) == {}


def test_beside_a_figure_that_is_asked_for_nothing_without_one_is_shown() -> None:
    scored = [
        _scored("每月100元。", 1.0, "a", figure=1),
        _scored("按月发放。", 0.9, "a"),
        _scored("每年1000元。", 0.8, "a", figure=1),
        _scored("由乡镇发放。", 0.8, "b"),
    ]
    assert _texts(choose(scored, WIDE, str)) == {
        "a": ["每月100元。", "每年1000元。"],
        "b": ["由乡镇发放。"],
    }


def test_two_localities_may_say_the_same() -> None:
    scored = [_scored("不超过55人。", 1.0, "a"), _scored("不超过55人。", 1.0, "b")]
    assert _texts(choose(scored, WIDE, str)) == {"a": ["不超过55人。"], "b": ["不超过55人。"]}


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose([], WIDE, str) == {}


_any_scored = st.lists(
    st.builds(
        _scored,
        st.sampled_from(("甲。", "甲乙。", "丙丁。", "戊。")),
        st.floats(0.01, 2),
        st.sampled_from("abc"),
        st.sampled_from((-0.5, 0.0, 1.0)),
        st.sampled_from((0.0, 0.5, 1.0)),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda each: -each.score))
_any_limits = st.builds(
    Limits, st.floats(0, 1), st.floats(0, 1), st.integers(1, 3), st.integers(1, 6)
)


@given(_any_scored, _any_limits)
def test_what_is_chosen_keeps_to_the_limits_and_to_the_order(
    scored: list[Scored], limits: Limits
) -> None:
    chosen = choose(scored, limits, str)
    assert sum(map(len, chosen.values())) <= limits.whole
    for place, found in chosen.items():
        assert 1 <= len({each.span for each in found}) <= limits.each  # drawn ones share places
        assert [scored.index(each) for each in found] == sorted(map(scored.index, found))
        assert {each.passage.document for each in found} == {place}
        assert min(each.frame for each in found) >= 0
        assert found[0].score >= limits.first * scored[0].score
    firsts = [found[0].score for found in chosen.values()]
    assert firsts == sorted(firsts, reverse=True)


def test_a_sentence_of_a_text_stands_alone() -> None:
    assert _quoted(NOTICE, ["凭身份证办理。"], ["身份证"]) == [["凭身份证办理。"]]


def test_an_item_comes_with_its_list_where_the_lead_in_says_what_was_asked() -> None:
    item = "（二）满90周岁的，每人200元；"
    assert _quoted(NOTICE, [item], ["高龄津贴", "90"]) == [[WHOLE]]
    assert _quoted(NOTICE, [item], ["周岁", "200"]) == [[item]]


def test_items_of_one_list_make_one_quotation() -> None:
    items = ["（三）满100周岁的，每人500元。", "（二）满90周岁的，每人200元；"]
    assert _quoted(NOTICE, items, ["高龄津贴"]) == [[WHOLE]]


def test_a_lead_in_comes_with_all_its_items() -> None:
    assert _quoted(NOTICE, [LEAD_IN], ["高龄津贴"]) == [[WHOLE]]


TITLE, MATERIALS = "松陵县关于材料的通知", "申请人应当提交下列材料："
ITEMS = [f"（{n}）第{n}类材料，{'一份' * 50}；" for n in "一二三四五六七"]


def test_of_a_list_that_is_too_long_its_lead_in_and_the_items_that_answer_are_quoted() -> None:
    text = "\n".join((TITLE, MATERIALS, *ITEMS))
    assert _quoted(text, [MATERIALS], ["材料"]) == [[MATERIALS]]
    assert _quoted(text, [ITEMS[2]], ["申请人"]) == [[MATERIALS, ITEMS[2]]]
    assert _quoted(text, [ITEMS[0]], ["申请人"]) == [[f"{MATERIALS}\n{ITEMS[0]}"]]
    chosen = [ITEMS[3], ITEMS[1], ITEMS[2]]
    assert _quoted(text, chosen, ["申请人"]) == [[MATERIALS, "\n".join(ITEMS[1:4])]]


def test_the_lead_in_of_an_item_far_below_is_not_quoted() -> None:
    text = "\n".join((TITLE, MATERIALS, *ITEMS))
    assert _quoted(text, [ITEMS[6]], ["申请人"]) == [[ITEMS[6]]]


def test_items_of_one_list_count_as_one_sentence_of_the_limit() -> None:
    every = _sentences(NOTICE)
    items = [each for text, each in every.items() if text.startswith("（")]
    others = [every["凭身份证办理。"], every["到乡镇便民服务中心登记。"]]
    chosen = choose([*items, *others], Limits(0.5, 0.5, each=2, whole=9), str)
    assert _texts(chosen) == {"a.txt": [each.text for each in (*items, others[0])]}


def test_what_is_quoted_already_is_not_quoted_again() -> None:
    item = "（二）满90周岁的，每人200元；"
    assert _quoted(NOTICE, [LEAD_IN, item], ["周岁"]) == [[WHOLE]]


def test_a_sentence_that_points_back_comes_with_the_one_before() -> None:
    assert _quoted(NOTICE, ["该制度自2024年起实施。"]) == [
        ["本县建立津贴制度。该制度自2024年起实施。"]
    ]


@pytest.mark.parametrize("begins", ["其他材料", "其中一份", "此外无须"])
def test_not_every_such_word_points_back(begins: str) -> None:
    sentence = f"{begins}由乡镇留存。"
    text = f"松陵县关于津贴的通知\n本县建立津贴制度。{sentence}"
    expected = f"本县建立津贴制度。{sentence}" if begins == "此外无须" else sentence
    assert _quoted(text, [sentence]) == [[expected]]


def test_the_first_sentence_of_a_passage_has_none_before_it_to_point_at() -> None:
    text = "该通知继续有效。"
    passage = Passage("a.txt", Span(0, len(text)), text, (), (Span(0, len(text)),))
    found = quote_together([Scored(passage, 0, 1.0, 1.0, 1.0, 0.0, 0.0, -1)], ())
    assert found == [Quotation("a.txt", (), (Span(0, len(text)),), None)]


def test_two_documents_are_never_quoted_as_one() -> None:
    same = [_scored("不超过55人。", 1.0, document) for document in ("a.txt", "b.txt")]
    assert [q.document for q in quote_together(same, ())] == ["a.txt", "b.txt"]


LONG = (
    "各乡镇要认真组织，切实把各项惠民政策落实到每一个村组；高龄津贴按每人每月100元发放，不得拖欠；"
    "残疾人护理补贴按每人每月80元发放，由县残联核定；临时救助随申请随办理，最多不超过三个工作日。"
)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (0, "各乡镇要认真组织，"),
        (2, "高龄津贴按每人每月100元发放，"),
        (7, "最多不超过三个工作日。"),
    ],
)
def test_the_clause_that_answers_is_named_in_a_long_sentence(clause: int, words: str) -> None:
    (sentence,) = [each for each in _sentences(LONG).values() if each.text == LONG]
    (quotation,) = quote_together([replace(sentence, clause=clause)], ())
    assert quotation.focus is not None
    assert cut(LONG, quotation.focus) == words


def test_the_item_that_answers_is_named_in_a_long_list() -> None:
    text = "\n".join((TITLE, MATERIALS, *(item[:40] + "；" for item in ITEMS[:3])))
    item = ITEMS[1][:40] + "；"
    (quotation,) = quote_together([_sentences(text)[item]], ["申请人"])
    assert [cut(text, span) for span in quotation.spans] == [text[text.index(MATERIALS) :]]
    assert quotation.focus == span_of(text, item)


def test_a_short_sentence_or_one_of_one_clause_has_no_focus() -> None:
    for quotation in quote_together(_sentences(NOTICE).values(), ()):
        assert quotation.focus is None
    assert quote_together(_sentences(LONG).values(), ())[0].focus is None


@given(notice_text, st.data())
def test_what_is_quoted_holds_what_was_chosen_and_names_a_clause_inside_it(
    text: str, data: st.DataObject
) -> None:
    try:
        document = make_document(text)
    except ReadError:
        return
    passages = cut_passages(document, len, data.draw(st.integers(10, 90)))
    every = [
        Scored(p, number, 1.0, 1.0, 1.0, 0.0, 0.0, data.draw(st.integers(-1, 3)))
        for p in passages
        for number in range(len(p.sentences))
    ]
    chosen = data.draw(st.lists(st.sampled_from(every), max_size=4)) if every else []
    words = data.draw(st.lists(st.sampled_from(("工作", "加强", "要求", "负责")), max_size=2))
    found = quote_together(chosen, words)
    for sentence in chosen:
        assert any(span.contains(sentence.span) for q in found for span in q.spans)
    for quotation in found:
        assert list(quotation.spans) == sorted(quotation.spans)
        for before, after in pairwise(quotation.spans):
            assert cut(text, Span(before.end, after.start)).strip()
        assert quotation.focus is None or any(s.contains(quotation.focus) for s in quotation.spans)


def test_a_citation_quotes_exactly_its_span() -> None:
    citation = cite(1, DOCUMENT, SOURCE, ("一、班额",), Span(0, 14))
    assert citation.quote == "普通高中班额不得超过55人。"
    confirm(citation, DOCUMENT)


def test_a_citation_knows_its_pages_and_names_the_cells_of_its_row() -> None:
    composer = Composer()
    composer.page(3, 0.97)
    rows = [["学校", "学位"], ["一小", "240"], ["二小", "300"]]
    composer.table([[Cell(words) for words in row] for row in rows])
    composer.page(4, 0.91)
    composer.paragraph("以上学位当年建成。")
    source = composer.source()
    document = replace(DOCUMENT, text=source.text, tables=source.tables, pages=source.pages)

    def cited(quote: str) -> Citation:
        return cite(1, document, SOURCE, (), span_of(source.text, quote))

    row = cited("二小 | 300")
    assert (row.pages, row.confidence) == ((3,), 0.97)
    assert row.cells == (("学校", "二小"), ("学位", "300"))
    assert cited("学校 | 学位").cells == ()
    assert (cited("以上学位当年建成。").pages, cited("以上学位当年建成。").cells) == ((4,), ())


@pytest.mark.parametrize("span", [Span(5, 5), Span(-1, 3), Span(0, 999), Span(9, 4)])
def test_a_span_outside_the_document_is_refused(span: Span) -> None:
    with pytest.raises(CitationError):
        cite(1, DOCUMENT, SOURCE, (), span)


@pytest.mark.parametrize("quote", ["普通高中班额不得超过50人。", "普通高中班额不得超过55人", ""])
def test_a_quote_that_does_not_stand_there_is_refused(quote: str) -> None:
    with pytest.raises(CitationError, match="原文不一致"):
        confirm(Citation(1, SOURCE, (), Span(0, 14), quote), DOCUMENT)


def test_a_quote_of_another_document_is_refused() -> None:
    citation = cite(1, DOCUMENT, SOURCE, (), Span(0, 14))
    other = Document("b.txt", "0" * 64, TEXT, Header(), (), ())
    with pytest.raises(CitationError):
        confirm(citation, other)
