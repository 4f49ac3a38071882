"""The words of a question are found in passages of either script."""

from indexer.records import Passage, Span
from retrieval.highlighting import find_words


def marked(text: str, *wanted: str) -> list[str]:
    passage = Passage("a.txt", Span(10, 10 + len(text)), text, (), ())
    return [text[span.start - 10 : span.end - 10] for span in find_words(passage, wanted)]


def test_words_are_found_in_either_script_and_in_order() -> None:
    assert marked("增加學位，化解大班额；学位", "大班额", "学位") == ["學位", "大班额", "学位"]


def test_of_a_compound_that_is_not_there_the_parts_are_found() -> None:
    assert marked("教育经费逐年增长，经费足额到位", "教育经费") == ["教育经费"]
    assert marked("经费足额到位", "教育经费") == ["经费"]


def test_single_characters_are_left_alone() -> None:
    assert marked("人人有学上", "人") == []
