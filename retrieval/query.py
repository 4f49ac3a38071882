"""Understand a question once: its words, its places, its years, its 文号, what answer it wants.

What is understood limits the search only where the wording surely means it; the reader sees it
and can switch it off, one by one, which makes ordinary words of it again.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indexer.division import NATION
from indexer.doc_number import find_doc_numbers
from indexer.errors import QuestionError
from indexer.records import Span
from indexer.terms import content_words, words
from indexer.text import find_dates, folded, read_date, simplify
from retrieval.asked_fields import asked_fields, is_about_document
from retrieval.document_kinds import find_kinds
from retrieval.periods import find_periods
from retrieval.question_types import QuestionType, classify, words_across
from retrieval.region_lists import describe, find_level, find_lists, mentions
from retrieval.regions import MASK, find_regions, is_known, masked
from retrieval.results import ALL, FORM, LIMIT, MISSING, PREFERENCE, Understood

MAX_QUESTION = 2_000
_INDEX_DIGITS = 6
_INDEX_NUMBER = re.compile(r"[0-9a-z][0-9a-z/\-]{7,}")
_TITLE = re.compile("《[^《》]{2,}》")
_LEVEL_NAMES = {"省": "各省", "市": "各州市", "县": "各县区"}
_SHOWN_TYPES: frozenset[QuestionType] = frozenset(("across", "wording", "number", "lookup"))


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    `topic` is the text without the places it names and the years that limit it. `content` are the
    distinct words of the topic that carry meaning, without dates, 文号 and a 文种 that limits it.
    `places` are localities of the corpus, or regions around them, that were named; `unknown_places`
    are named ones that the corpus has nothing from. `years` are both inclusive, and a document
    without a date lies outside; they narrow the search only where `years_limit` says so, `kinds`
    (文种) always. `level` is 省, 市 or 县 where each place of that level is asked. `fields`
    are those of a document that are asked for, of use where `looks_up`. `understood` is all of it
    as the reader sees it, with what is switched off.
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
    level: str
    years: tuple[int, int] | None
    years_limit: bool
    kinds: tuple[str, ...]
    question_type: QuestionType
    fields: tuple[str, ...]
    looks_up: bool
    understood: tuple[Understood, ...]


@dataclass(frozen=True, slots=True)
class _Trait:
    """Something understood, where the question says it, and what it stands for."""

    shown: Understood
    span: Span
    places: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    level: str = ""

    @property
    def narrows(self) -> bool:
        return self.shown.effect in (LIMIT, MISSING)


def understand(
    question: str,
    localities: Collection[str],
    today: date,
    ignored: Collection[str] = (),
) -> Query:
    """Return the query that a question asks.

    `localities` are those of the corpus; one without any has no places to ask for. `ignored` are
    the ids of what the reader has switched off, or ALL.

    Raises:
        QuestionError: the question is empty, too long, or has no word to search for.
    """
    text = _checked(question)
    plain = simplify(text)
    numbers = find_doc_numbers(text)
    given = [span for _, span in numbers]
    traits = list(_traits(plain, given, localities, today))
    on = [trait for trait in traits if not _is_off(trait.shown.id, ignored)]
    narrowing = [trait for trait in on if trait.narrows]
    rest = masked(plain, [*given, *(t.span for t in narrowing if t.shown.kind != "kind")])
    dates = find_dates(text)
    kinds = [trait.span for trait in narrowing if trait.shown.kind == "kind"]
    content = tuple(content_words(masked(rest, [*dates, *kinds])))
    index_numbers = _index_numbers(text)
    fields = asked_fields(plain)
    across = next((t.shown.text for t in on if len(t.places) > 1), "") or words_across(plain)
    named = [trait for trait in on if trait.places]
    about_document = is_about_document(fields, content, bool(numbers or index_numbers), bool(dates))
    answer = classify(plain, about_document, across, len(named))
    shown = [trait.shown for trait in traits]
    if answer.type in _SHOWN_TYPES:
        said = answer.words or "".join(plain[slice(*span)] for span in given[:1])
        shown.append(Understood("type", answer.type, said, FORM))
    type_is_on = not _is_off(f"type:{answer.type}", ignored)
    years, years_limit = _years(on)
    return Query(
        text=text,
        plain=plain,
        topic=" ".join(rest.replace(MASK, " ").split()) or plain,
        content=content,
        doc_numbers=tuple(number for number, _ in numbers),
        index_numbers=index_numbers,
        dates=tuple(filter(None, (read_date(text[slice(*span)]) for span in dates))),
        places=tuple(dict.fromkeys(place for trait in named for place in trait.places)),
        unknown_places=tuple(
            dict.fromkeys(trait.shown.text for trait in on if trait.shown.effect == MISSING)
        ),
        asks_across=bool(across) and not _is_off("type:across", ignored),
        level=next((trait.level for trait in on if trait.level), ""),
        years=years,
        years_limit=years_limit,
        kinds=tuple(dict.fromkeys(t.shown.value for t in on if t.shown.kind == "kind")),
        question_type=answer.type if type_is_on else "one-place" if named else "open",
        fields=fields,
        looks_up=not _is_off("type:lookup", ignored),
        understood=tuple(
            replace(each, is_off=_is_off(each.id, ignored))
            for each in {each.id: each for each in shown}.values()
        ),
    )


def _is_off(name: str, ignored: Collection[str]) -> bool:
    return name in ignored or ALL in ignored


def _checked(question: str) -> str:
    """Return what is asked, without white space around it."""
    text = question.strip()
    if not text:
        raise QuestionError("问题是空的。", "请输入要问的内容，例如“各地对大班额的要求是什么”。")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"问题有 {len(text)} 个字，超过 {MAX_QUESTION} 字的上限。",
            "请把问题写短些，或分几次问。",
        )
    if not words(simplify(text)):
        raise QuestionError("问题里没有可以检索的文字。", "请用汉字、字母或数字写出要问的内容。")
    return text


def _traits(
    plain: str, numbers: Sequence[Span], localities: Collection[str], today: date
) -> Iterator[_Trait]:
    """Yield the places, years and kinds that a question names, in the order in which the reader
    sees them. What stands in a 文号, in a date or in the title of a document is no such thing."""
    titles = [Span(*found.span()) for found in _TITLE.finditer(plain)]
    running = masked(plain, [*numbers, *titles])
    places = list(_places(running, localities))
    periods = find_periods(masked(running, find_dates(plain)), today)
    yield from places
    for period in periods:
        effect = LIMIT if period.is_limit else PREFERENCE
        shown = Understood("year", period.name(today), plain[slice(*period.span)], effect)
        yield _Trait(shown, period.span, years=period.years)
    if numbers:
        return  # the document is given
    named = [*(trait.span for trait in places), *(period.span for period in periods)]
    for kind in find_kinds(running, named):
        yield _Trait(Understood("kind", kind.name, kind.name, LIMIT), kind.span)


def _places(running: str, localities: Collection[str]) -> Iterator[_Trait]:
    """Yield the places that are asked: one, all of a list, or each of a level."""
    if not localities:
        return
    lists = find_lists(running)
    inside = [*(each.span for each in lists), *mentions(running)]
    regions = find_regions(masked(running, inside), localities)
    for each in lists:
        known = tuple(place for place in each.places if is_known(place, localities))
        # 西部地区 by itself asks for places where the corpus has nothing but places.
        if each.is_sure or (known and not regions and NATION not in localities):
            yield _place(each.name, running, each.span, known, describe(each.name))
    for asked in regions:
        known = (asked.name,) if is_known(asked.name, localities) else ()
        yield _place(asked.name, running, asked.span, known)
    level = find_level(masked(running, inside))
    if level:
        shown = Understood("place", _LEVEL_NAMES[level[0]], running[slice(*level[1])], FORM)
        yield _Trait(shown, level[1], level=level[0])


def _place(name: str, running: str, span: Span, known: tuple[str, ...], note: str = "") -> _Trait:
    effect = LIMIT if known else MISSING
    return _Trait(Understood("place", name, running[slice(*span)], effect, note), span, known)


def _years(on: Sequence[_Trait]) -> tuple[tuple[int, int] | None, bool]:
    """Return the years from the first to the last that limit, else that are named, and whether
    they limit."""
    limiting = [trait for trait in on if trait.years and trait.narrows]
    years = [t.years for t in limiting or on if t.years]
    if not years:
        return None, False
    return (min(first for first, _ in years), max(last for _, last in years)), bool(limiting)


def _index_numbers(text: str) -> tuple[str, ...]:
    """Return what looks like an 索引号: a long run of letters, digits and dashes, mostly digits."""
    found = _INDEX_NUMBER.findall(folded(text))
    return tuple(number for number in found if sum(map(str.isdigit, number)) >= _INDEX_DIGITS)
