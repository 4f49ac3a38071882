"""How what was found divides by place, kind and year, each value a link that narrows the search."""

from collections.abc import Callable, Mapping, Sequence

from retrieval.results import Facet, Facets
from ui.address import Address
from ui.paper import Node, element, link
from ui.words import say

_SHOWN = 6  # values of a kind, those of most documents; all are in the sidebar


def write_breakdown(
    facets: Facets, asked: Address, page: str, more: Mapping[str, str]
) -> list[Node]:
    """Return a line for each kind of value that is not chosen yet and of which there are several;
    the links lead to a `page` of the application with `more` parameters."""
    filters = asked.filters
    kinds: list[tuple[str, Sequence[Facet], bool, Callable[[str], Address]]] = [
        (
            "地区",
            facets.localities,
            bool(filters.localities),
            lambda value: asked.having("place", value),
        ),
        ("文种", facets.kinds, bool(filters.kinds), lambda value: asked.having("kind", value)),
        (
            "年份",
            facets.years,
            bool(filters.first_year or filters.last_year),
            lambda value: asked.of_year(int(value)),
        ),
    ]
    lines: list[Node] = []
    for label, values, is_chosen, narrowed in kinds:
        there = sorted((v for v in values if v.documents), key=lambda v: -v.documents)
        if is_chosen or len(there) < 2:
            continue
        links = (
            link(
                page,
                narrowed(each.value).params(**more),
                say(each.value),
                " ",
                element("span", str(each.documents), css="count"),
            )
            for each in there[:_SHOWN]
        )
        lines.append(element("div", element("dt", say(label)), element("dd", *links)))
    return [element("dl", *lines, css="breakdown")] if lines else []
