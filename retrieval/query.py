"""Understand a question once: its words, its places, its 文号, whether it asks across places."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from indexer.doc_number import find_doc_numbers
from indexer.errors import QuestionError
from indexer.records import Span
from indexer.terms import content_words, words
from indexer.text import find_dates, folded, read_date, simplify
from retrieval.regions import find_regions

MAX_QUESTION = 2_000
_ACROSS = re.compile(
    "各(地|省|市|县|区|州|个?地区|个?城市|级|自治)|分别|不同(地区|地方)|全国|"
    "(哪些|哪几个?|所有)(地方|地区|省|市|县|城市|州)"
)
_INDEX_DIGITS = 6
_INDEX_NUMBER = re.compile(r"[0-9a-z][0-9a-z/\-]{7,}")


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    `topic` is the text without the places it names. `content` are the distinct words of the topic
    that carry meaning, dates and 文号 taken out. `places` are localities of the corpus, or regions
    around them, that were named; `unknown_places` are named ones that the corpus has nothing from.
    """

    text: str
    plain: str
    topic: str
    content: tuple[str, ...]
    doc_numbers: tuple[str, ...]
    index_numbers: tuple[str, ...]
    dates: tuple[str, ...]
    places: tuple[str, ...]
    unknown_places: tuple[str, ...]
    asks_across: bool


def understand(question: str, localities: Collection[str]) -> Query:
    """Return the query that a question asks; `localities` are those of the corpus.

    Raises:
        QuestionError: the question is empty, too long, or has no word to search for.
    """
    text = question.strip()
    if not text:
        raise QuestionError("问题是空的。", "请输入要问的内容，例如“各地对大班额的要求是什么”。")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"问题有 {len(text)} 个字，超过 {MAX_QUESTION} 字的上限。",
            "请把问题写短些，或分几次问。",
        )
    plain = simplify(text)
    if not words(plain):
        raise QuestionError("问题里没有可以检索的文字。", "请用汉字、字母或数字写出要问的内容。")
    numbers = find_doc_numbers(text)
    regions = find_regions(_without(plain, [span for _, span in numbers]), localities)
    rest = regions.rest
    return Query(
        text=text,
        plain=plain,
        topic=" ".join(rest.replace("，", " ").split()) or plain,
        content=tuple(content_words(_without(rest, find_dates(rest)))),
        doc_numbers=tuple(number for number, _ in numbers),
        index_numbers=_index_numbers(text),
        dates=tuple(
            day for span in find_dates(text) if (day := read_date(text[span.start : span.end]))
        ),
        places=regions.known,
        unknown_places=regions.unknown,
        asks_across=bool(_ACROSS.search(plain)),
    )


def _index_numbers(text: str) -> tuple[str, ...]:
    """Return what looks like an 索引号: a long run of letters, digits and dashes, mostly digits."""
    found = _INDEX_NUMBER.findall(folded(text))
    return tuple(number for number in found if sum(map(str.isdigit, number)) >= _INDEX_DIGITS)


def _without(text: str, spans: list[Span]) -> str:
    for span in sorted(spans, reverse=True):
        text = text[: span.start] + "，" + text[span.end :]
    return text
