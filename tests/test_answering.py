"""Fusing the legs, choosing sentences, and the door that quotes go through."""

from dataclasses import replace

import pytest

from indexer.errors import CitationError
from indexer.readers.composing import Cell, Composer
from indexer.records import Document, Header, Passage, Span
from retrieval.answering import Limits, Scored, choose
from retrieval.citations import cite, confirm
from retrieval.results import Citation, Source
from tests.make import span_of

TEXT = "普通高中班额不得超过55人。严禁新增大班额。"
DOCUMENT = Document("a.txt", "0" * 64, TEXT, Header(), (), ())
SOURCE = Source("a.txt", "通知", "", "", "青岚市", "", "")


def _scored(text: str, score: float, document: str = "a.txt") -> Scored:
    span = Span(0, len(text))
    passage = Passage(document, span, text, (), (span,))
    return Scored(passage, span, score, 0.9, 1.0)


def test_only_sentences_near_the_best_are_chosen_and_each_once() -> None:
    scored = [
        _scored("甲句。", 1.0),
        _scored("甲 句", 0.95),
        _scored("乙句。", 0.8),
        _scored("丙句。", 0.5),
    ]
    chosen = choose(scored, Limits(0.7, each=9, whole=9), lambda _: "青岚市")
    assert [s.text for s in chosen["青岚市"]] == ["甲句。", "乙句。"]


def test_each_locality_is_limited_and_the_best_comes_first() -> None:
    scored = [
        _scored("乙一。", 1.0, "b"),
        _scored("甲一。", 0.9, "a"),
        _scored("乙二。", 0.9, "b"),
        _scored("甲二。", 0.8, "a"),
    ]
    chosen = choose(scored, Limits(0.5, each=1, whole=9), str)
    assert {place: [s.text for s in found] for place, found in chosen.items()} == {
        "b": ["乙一。"],
        "a": ["甲一。"],
    }
    assert list(choose(scored, Limits(0.5, each=9, whole=2), str)) == ["b", "a"]


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
