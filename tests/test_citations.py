"""The one door through which a quote reaches a reader; test_answering.py has its lock."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import CitationError
from indexer.records import Passage, Span
from indexer.settings import PROJECT, Settings
from retrieval.answering import Quotation
from retrieval.citations import Citations, cite, confirm, confirm_passage
from retrieval.engine import Engine
from retrieval.query import Query, understand
from retrieval.results import Source, Statement
from tests.make import make_document, span_of

TEXT = (
    "云溪市停车办法\n\n第一条　夜间停车每晚十元，残疾人免收。\n\n第二条　本办法自印发之日起施行。\n"
)
QUOTE = "夜间停车每晚十元，残疾人免收。"
# Records with words of a document that are not checked against it again: `quote_at` gives them.
_QUOTING = {"Excerpt", "Relation", "Standing"}


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for folder in ("retrieval", "ui"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield f"{folder}/{path.name}", node, node.func.id


@pytest.mark.slow
def test_citations_are_made_in_one_module_and_no_quote_is_replaced() -> None:
    assert {path for path, _, name in _calls() if name == "Citation"} == {"retrieval/citations.py"}
    replaced = [node for _, node, name in _calls() if name == "replace"]
    assert not [n for n in replaced if {k.arg for k in n.keywords} & {"quote", "span", "excerpt"}]


@pytest.mark.slow
def test_other_records_with_a_quote_take_it_where_citations_do() -> None:
    made = {path for path, node, name in _calls() if name in _QUOTING and len(node.args) != 1}
    taken = {path for path, _, name in _calls() if name == "quote_at"}
    assert made
    assert made <= taken


def test_the_words_marked_in_a_quote_lie_in_it() -> None:
    document = make_document(TEXT)
    source = Source(document.id, document.title, "", "", "", "", "")
    citation = cite(1, document, source, (), span_of(TEXT, QUOTE))
    value, outside = span_of(TEXT, "十元"), span_of(TEXT, "第二条")
    confirm(replace(citation, values=(value,), focus=value), document)
    for wrong in (replace(citation, values=(value, outside)), replace(citation, focus=outside)):
        with pytest.raises(CitationError, match="原文不一致"):
            confirm(wrong, document)


NOTICE = (
    "云溪市津贴办法\n津贴按下列标准发放：\n（一）满80周岁的，每人每月100元；\n"
    "（二）满90周岁的，每人每月200元。\n各乡镇按月造册。\n"
)
LEAD_IN, FIRST, SECOND = (
    "津贴按下列标准发放：",
    "（一）满80周岁的，每人每月100元；",
    "（二）满90周岁的，每人每月200元。",
)


def _quotation(*quotes: str, focus: str = "") -> Quotation:
    spans = tuple(span_of(NOTICE, quote) for quote in quotes)
    return Quotation("a.txt", ("一、标准",), spans, span_of(NOTICE, focus) if focus else None)


def _citations() -> Citations:
    document = make_document(NOTICE)
    source = Source(document.id, document.title, "", "", "", "", "")
    return Citations({"a.txt": document}.__getitem__, lambda _: source)


def _ask(question: str) -> Query:
    return understand(question, (), date(2025, 6, 1))


def test_each_stretch_of_a_quotation_is_cited_and_the_statement_says_them_in_order() -> None:
    citations = _citations()
    statement = citations.state(_quotation(LEAD_IN, SECOND), _ask("津贴怎么发"))
    assert statement == Statement(f"{LEAD_IN}\n{SECOND}", (1, 2))
    assert [(c.number, c.quote, c.headings) for c in citations.made] == [
        (1, LEAD_IN, ("一、标准",)),
        (2, SECOND, ("一、标准",)),
    ]


def test_a_stretch_that_several_statements_need_is_cited_once() -> None:
    citations = _citations()
    query = _ask("津贴怎么发")
    first = citations.state(_quotation(LEAD_IN, FIRST), query)
    second = citations.state(_quotation(LEAD_IN, SECOND), query)
    assert (first.citations, second.citations) == ((1, 2), (1, 3))
    assert [c.quote for c in citations.made] == [LEAD_IN, FIRST, SECOND]


def test_the_figures_asked_for_and_the_clause_that_answers_are_marked_where_they_stand() -> None:
    citations = _citations()
    citations.state(
        _quotation(LEAD_IN, SECOND, focus="每人每月200元。"), _ask("满90周岁每月津贴多少元")
    )
    lead_in, item = citations.made
    assert (lead_in.focus, lead_in.values) == (None, ())
    assert item.focus is not None
    assert item.words_of(item.focus) == "每人每月200元。"
    assert [item.words_of(value) for value in item.values] == ["200元"]


def test_no_figure_is_marked_where_none_is_asked() -> None:
    citations = _citations()
    citations.state(_quotation(SECOND), _ask("津贴由谁造册"))
    assert citations.made[0].values == ()


def test_a_stretch_outside_its_document_is_never_stated() -> None:
    citations = _citations()
    outside = Quotation("a.txt", (), (Span(0, len(NOTICE) + 1),), None)
    with pytest.raises(CitationError):
        citations.state(outside, _ask("津贴怎么发"))
    assert citations.made == ()


def test_a_passage_that_does_not_stand_there_is_refused() -> None:
    span = span_of(TEXT, QUOTE)
    confirm_passage(Passage("a.txt", span, QUOTE, (), ()), TEXT)
    for passage in (
        Passage("a.txt", span, "夜间停车每晚五元，残疾人免收。", (), ()),
        Passage("a.txt", Span(span.start + 1, span.end + 1), QUOTE, (), ()),
    ):
        with pytest.raises(CitationError, match="原文不一致"):
            confirm_passage(passage, TEXT)


@pytest.mark.slow
def test_no_passage_and_no_answer_is_shown_that_its_document_does_not_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "停车.txt").write_text(TEXT, encoding="utf-8")
    build(settings := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    engine = Engine.open(settings)
    question = "夜间停车每晚多少钱"
    assert engine.search(question)
    changed = {"停车.txt": TEXT.replace("十元", "五元")}
    monkeypatch.setattr(engine._index, "texts", lambda _: changed, raising=False)
    for look in (engine.search, engine.ask):
        with pytest.raises(CitationError, match="原文不一致"):
            look(question)


@pytest.mark.slow
def test_any_stretch_of_a_document_is_cited_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "停车.txt").write_text(TEXT, encoding="utf-8")
    build(settings := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    engine = Engine.open(settings)
    citation = engine.cite("停车.txt", span_of(TEXT, QUOTE))
    assert (citation.quote, citation.place) == (QUOTE, "第一条")
    assert citation.forms.official == "《云溪市停车办法》第一条"
    with pytest.raises(CitationError):
        engine.cite("停车.txt", Span(0, 9_999))
