"""What helps on where a question found no answer."""

from datetime import date

from indexer.encoder import HashingEncoder
from indexer.records import Passage, Span
from retrieval.hints import Hints, find_hints
from retrieval.query import understand
from retrieval.results import Hit, Source

TODAY = date(2026, 11, 22)


def hit(text: str) -> Hit:
    passage = Passage("a.txt", Span(0, len(text)), text, (), ())
    source = Source("a.txt", "", "", "", "", "", "")
    return Hit(1, 0.5, 0.5, 0.5, passage, source)


def test_words_of_the_question_that_are_there_and_subjects_that_are_near() -> None:
    query = understand("幼儿园教师的补贴", (), TODAY)
    near = [hit("幼儿园教师待遇逐步提高，保育员、义务教育另行规定。"), hit("义务教育均衡发展。")]
    found = find_hints(query, ["补贴"], near, HashingEncoder())
    assert found.words == ("幼儿园", "教师")
    assert "义务教育" in found.subjects
    assert "幼儿园" not in found.subjects  # the question has it


def test_without_a_passage_there_are_no_subjects() -> None:
    query = understand("航天员选拔", (), TODAY)
    assert find_hints(query, query.content, (), HashingEncoder()) == Hints((), ())
