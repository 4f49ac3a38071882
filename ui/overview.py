"""The library at a glance: its documents by place, year, 文种 and 时效, and what they speak of.

Every bar is a link: to the documents that it counts, of a topic to where they name it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from indexer.places import administrative_order
from retrieval.engine import Engine
from retrieval.regions import level_of
from retrieval.results import Facet, Facets, Filters, Source, TopicCount
from ui import paper
from ui.address import Address, chosen, make_filters
from ui.paper import Node, element, link
from ui.words import say

_TOP = 10  # bars of a plot; the rest is one click away
_REST = 100
_TOPICS = 12
_SILENT = 60  # places that are named as silent on a topic
_YEARS = 20  # of which each has its column; what is older is one


@dataclass(frozen=True, slots=True)
class Bar:
    """A value, how many documents have it, the way to them, and whether it is filtered by."""

    name: str
    documents: int
    way: Address
    is_chosen: bool = False


def show_overview(engine: Engine, asked: Address) -> None:
    """Show the plots of the documents that the address asks for."""
    with st.spinner(say("正在统计…")):
        filters = _narrowed(engine, asked)
        facets = engine.facets(filters)
    if not facets.documents:
        paper.show("overview", element("p", say("没有符合条件的文件。")))
        return
    plots = [
        element("p", say(summary(engine.sources(filters))), css="coverage"),
        element(
            "div",
            element("div", *write_places(facets, asked)),
            element(
                "div",
                *write_years(facets.years, asked),
                *write_values("文种", "kind", facets.kinds, asked),
                *write_values("时效", "status", facets.statuses, asked),
            ),
            css="plots",
        ),
    ]
    paper.show("overview", *plots)
    with st.spinner(say("正在统计主题…")):
        topics = engine.topics(filters)
    paper.show("topics", *write_topics(topics, facets.documents, asked))


def _narrowed(engine: Engine, asked: Address) -> Filters:
    """Return the filters; words in the box narrow to the documents that have them."""
    if not asked.question:
        return asked.filters
    found = tuple(each.document for each in engine.listed(asked.question))
    return replace(asked.filters, documents=found or ("",))


def summary(sources: Sequence[Source]) -> str:
    """Return the figures that say how large the library is."""
    places = {source.locality for source in sources} - {""}
    days = sorted({source.issued_on for source in sources} - {""})
    parts = [f"{len(sources)} 份文件"]
    if places:
        parts.append(f"{len(places)} 个地区")
    if days:
        first, last = days[0][:4], days[-1][:4]
        parts.append(f"{first} 年" if first == last else f"{first}—{last} 年")
        parts.append(f"最近一份 {days[-1]}")
    return f"{'，'.join(parts)}。点任一条即列出这些文件。"


def write_places(facets: Facets, asked: Address) -> Iterator[Node]:
    """Yield the plot of places, level by level: what lies in a place counts for it, too."""
    levels: dict[str, list[Facet]] = {}
    for facet in facets.localities:
        if facet.documents:
            levels.setdefault(_level(facet), []).append(facet)
    parts: list[Node] = []
    for level in filter(levels.__contains__, ("国家", "省", "市", "县")):
        if len(levels) > 1:
            parts.append(element("h3", say(_level_words(level, len(levels[level])))))
        parts += _bars("place", levels[level], asked)
    if parts:
        yield _plot("按地区", *parts, *_without_place(facets, asked))


def _level(facet: Facet) -> str:
    return "国家" if facet.value == "国家" else level_of(facet.value)


def _level_words(level: str, count: int) -> str:
    return "国家" if level == "国家" else f"{level}级 {count} 个"


def write_years(years: Sequence[Facet], asked: Address) -> Iterator[Node]:
    """Yield the plot of years, from old to new, those without documents among them; columns on a
    wide screen, bars on a narrow one."""
    counts = {int(each.value): each.documents for each in years if each.documents}
    if not counts:
        return
    last = max(counts)
    first = max(min(counts), last - _YEARS + 1)
    bars = [
        Bar(say(f"{year} 年"), counts.get(year, 0), _of_years(asked, year, year),
            _is_asked(asked.filters, year))
        for year in range(first, last + 1)
    ]  # fmt: skip
    if older := sum(count for year, count in counts.items() if year < first):
        bars.insert(0, Bar(say(f"{first - 1} 年及以前"), older, _of_years(asked, None, first - 1)))
    yield _plot("按年份", _list(bars, "bars columns"))


def _is_asked(filters: Filters, year: int) -> bool:
    first, last = filters.first_year, filters.last_year
    return bool(first or last) and (first or year) <= year <= (last or year)


def _of_years(asked: Address, first: int | None, last: int | None) -> Address:
    return replace(asked, filters=replace(asked.filters, first_year=first, last_year=last))


def write_values(
    heading: str, name: str, values: Sequence[Facet], asked: Address
) -> Iterator[Node]:
    """Yield the plot of one kind of value, by the parameter that filters by it."""
    found = [facet for facet in values if facet.documents]
    if found:
        yield _plot(f"按{heading}", *_bars(name, found, asked))


def _bars(name: str, facets: Sequence[Facet], asked: Address) -> Iterator[Node]:
    """Yield the bars of values, the most documents first; what is beyond the first few on a click,
    and of very many only some."""
    ranked = sorted(facets, key=lambda facet: (-facet.documents, _tie(name, facet.value)))
    most = ranked[0].documents
    bars = [_bar(name, facet, asked) for facet in ranked[: _TOP + _REST]]
    yield _list(bars[:_TOP], "bars", most)
    if rest := bars[_TOP:]:
        left_out = len(ranked) - len(bars)
        more = [element("p", say(f"另有 {left_out} 个，可在筛选里选。"))] if left_out else []
        words = say(f"其余 {len(ranked) - _TOP} 个")
        yield element("details", element("summary", words), _list(rest, "bars", most), *more)


def write_topics(topics: Sequence[TopicCount], documents: int, asked: Address) -> list[Node]:
    """Return what the documents speak of, and which places are silent on each."""
    if not topics:
        return []
    shown, rest = topics[:_TOPICS], topics[_TOPICS:]
    more = element(
        "details",
        element("summary", say(f"其余 {len(rest)} 个主题")),
        element("ul", *(_topic(each, documents, asked) for each in rest), css="topics"),
    )
    hint = "标题和各级小标题里常见的词；数字是全文提到它的文件，点开可查看原文。"
    return [
        _plot(
            "涉及的主题",
            element("p", say(hint), css="coverage"),
            element("ul", *(_topic(each, documents, asked) for each in shown), css="topics"),
            *([more] if rest else []),
            css="wide",
        )
    ]


def _topic(topic: TopicCount, documents: int, asked: Address) -> Node:
    """Return one topic: the way to where it is named, how many documents and places do, the way to
    ask of it, and the places that are silent."""
    exact = replace(asked, question=f"“{topic.name}”")
    many = len(topic.places) + len(topic.silent) > 1
    question = f"各地对{topic.name}的要求是什么" if many else f"{topic.name}有哪些要求"
    count = say(f"{topic.documents} 份文件")
    places = say(f"，{len(topic.places)} 个地区") if topic.places else ""
    rule = _rule(topic.name, topic.documents, documents, count + places)
    # No search can be narrowed to what has the words in the box.
    is_whole = not asked.question
    bar = link("search", exact.params(mode="exact"), *rule, css="bar")
    return element(
        "li",
        bar if is_whole else element("span", *rule, css="bar"),
        element(
            "div",
            link("", replace(asked, question=question).params(), say("提问")),
            *_silent(topic, asked),
            css="topic-more",
        ),
    )


def _silent(topic: TopicCount, asked: Address) -> Iterator[Node]:
    """Yield the places whose documents do not name a topic."""
    if not topic.silent:
        return
    named = topic.silent[:_SILENT]
    links = [link("library", _with(asked, "place", place).params(), say(place)) for place in named]
    joined = [node for each in links for node in (each, "、")][:-1]
    more = len(topic.silent) - len(named)
    yield element(
        "details",
        element("summary", say(f"{len(topic.silent)} 个地区没有提到")),
        element("p", *joined, say(f"等 {len(topic.silent)} 个") if more else ""),
    )


def _tie(name: str, value: str) -> tuple[int | str, ...]:
    """Return what orders values of one figure: places by the division, others as they come."""
    return administrative_order(value) if name == "place" else ()


def _bar(name: str, facet: Facet, asked: Address) -> Bar:
    is_chosen = facet.value in chosen(asked.filters)[name]
    return Bar(say(facet.value), facet.documents, _with(asked, name, facet.value), is_chosen)


def _with(asked: Address, name: str, value: str) -> Address:
    """Return the address with one value of a parameter in the place of those that it has."""
    named = {**chosen(asked.filters), name: (value,)}
    years = asked.filters.first_year, asked.filters.last_year
    return replace(asked, filters=make_filters(named, *years))


def _list(bars: Sequence[Bar], css: str, most: int | None = None) -> Node:
    top = most or max(bar.documents for bar in bars)
    items = (
        element(
            "li",
            link(
                "library",
                bar.way.params(),
                *_rule(bar.name, bar.documents, top, say(f"{bar.documents} 份")),
                css="bar",
                aria_current="true" if bar.is_chosen else "",
            )
            if bar.documents
            else element("span", *_rule(bar.name, 0, top, say("0 份")), css="bar"),
        )
        for bar in bars
    )
    return element("ul", *items, css=css)


def _rule(name: str, value: int, most: int, words: str) -> tuple[Node, ...]:
    """Return the name, the drawn rule and the figure of a bar; the rule says nothing to who hears
    the page."""
    share = f"--share: {value / most:.4f}"
    return (
        element("span", name, css="bar-name"),
        element("span", element("span", style=share), css="bar-rule", aria_hidden="true"),
        element("span", words, css="bar-count"),
    )


def _plot(heading: str, *nodes: Node, css: str = "") -> Node:
    return element("section", element("h2", say(heading)), *nodes, css=f"plot {css}".strip())


def _without_place(facets: Facets, asked: Address) -> Iterator[Node]:
    """Yield how many documents name no place, where no place is filtered by."""
    known = sum(each.documents for each in facets.localities if not each.parents)
    if known < facets.documents and not asked.filters.localities:
        words = f"另有 {facets.documents - known} 份未注明地区。"
        yield element("p", say(words), css="coverage")
