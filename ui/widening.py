"""The same question for all places, where one was asked for."""

from collections.abc import Sequence
from dataclasses import replace

from retrieval.engine import Engine
from retrieval.results import LIMIT, Understood
from ui.address import Address
from ui.paper import Node, element, link
from ui.words import say

_ALL_PLACES = "各地"


def write_widening(
    engine: Engine, question: str, understood: Sequence[Understood], asked: Address
) -> list[Node]:
    """Return links that put a question to all places, or to some that the reader chooses; nothing
    where no place limits it, or the corpus has no second one."""
    places = [each for each in understood if each.kind == "place" and each.effect == LIMIT]
    places = [each for each in places if not each.is_off]
    named = (*(each.value for each in places), *asked.filters.localities)
    if not named or len({source.locality for source in engine.sources()} - {""}) < 2:
        return []
    whole = replace(
        asked,
        question=_widened(question, [each.text for each in places]),
        filters=replace(asked.filters, localities=()),
        after=(),
    )
    told = say(f"这个问题只问了{'、'.join(named)}，没有可以对比的其他地区。可以：")
    beside = replace(asked, tab="").params(by="question", at=list(dict.fromkeys(named)))
    return [
        element("p", told, css="coverage"),
        element(
            "div",
            link("", whole.params(), say(f"对各地提这个问题：{whole.question}"), css="wider"),
            link("compare", beside, say("选几个地区对照"), css="wider"),
            css="examples",
        ),
    ]


def _widened(question: str, places: Sequence[str]) -> str:
    """Return a question with 各地 for the first place that it names, and without the others."""
    for number, place in enumerate(places):
        question = question.replace(place, "" if number else _ALL_PLACES, 1)
    return question if _ALL_PLACES in question else f"{_ALL_PLACES}{question}"
