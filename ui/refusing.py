"""No answer was found: why, what limits the search and how to lift it, and where else to look."""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.engine import Engine
from retrieval.results import LIMIT, MISSING, Answer, Understood
from ui import paper
from ui.address import Address
from ui.chips import write_off
from ui.paper import Node, element, link
from ui.quotes import write_passages
from ui.words import notice, say

_PLACES = 8  # localities of the corpus that are named


def write_refusal(answer: Answer, understood: Sequence[Understood], asked: Address) -> list[Node]:
    """Return why there is no answer, and links that ask again without what limits the search."""
    lifting = [*_lift_understood(understood, asked), *_lift_filters(asked)]
    ways = [element("p", say("放宽后再问："), *lifting, css="ways")] if lifting else []
    return [notice(say(answer.reason)), *ways]


def _lift_understood(understood: Sequence[Understood], asked: Address) -> list[Node]:
    limits = [each for each in understood if each.effect in (LIMIT, MISSING) and not each.is_off]
    return [
        link("", write_off(each, understood, asked), say(f"不限“{each.text}”")) for each in limits
    ]


def _lift_filters(asked: Address) -> list[Node]:
    if asked.filters.is_empty:
        return []
    return [link("", asked.without_filters().params(), say("去掉全部筛选"))]


def show_ways(
    engine: Engine, answer: Answer, understood: Sequence[Understood], asked: Address
) -> None:
    """Show what else can be tried, and what is nearest. It comes after the reason, because words
    are compared for it."""
    hints = engine.hints(answer, [each.id for each in understood if each.is_off])
    ways = [
        *_places(engine, understood),
        *_way("最相近的段落谈到：", list(map(_exactly, hints.subjects))),
        *_way("问题里的词，文件中出现过：", list(map(_exactly, hints.words))),
        *_way("换一种找法：", _elsewhere(replace(asked, question=answer.question))),
    ]
    nearest = write_passages(answer.nearest, asked)
    paper.show(
        "ways",
        element("h2", say("还可以这样找")),
        element("dl", *ways, css="ways-on"),
        *([element("h2", say("可能相关")), *nearest] if nearest else []),
    )


def _way(label: str, links: Sequence[Node]) -> list[Node]:
    if not links:
        return []
    return [element("div", element("dt", say(label)), element("dd", *links))]


def _places(engine: Engine, understood: Sequence[Understood]) -> list[Node]:
    """Return which localities the corpus has, where one was asked for that it has not."""
    if all(each.effect != MISSING or each.is_off for each in understood):
        return []
    places = [facet for facet in engine.facets().localities if facet.total]
    named = "、".join(facet.value for facet in places[:_PLACES])
    more = "等" if len(places) > _PLACES else ""
    return _way("语料库收录的地区：", [say(f"{named}{more}")] if named else [])


def _exactly(word: str) -> Node:
    """Return a link that finds a word in all documents."""
    return link("search", Address(word).params(mode="exact"), say(word))


def _elsewhere(asked: Address) -> list[Node]:
    """Return links to the other ways of finding something, with the same words."""
    same = replace(asked, after=(), tab="")
    return [
        link("search", same.params(mode="semantic"), say("语义检索意思相近的段落")),
        link("precedents", same.params(), say("查找先例")),
    ]
