"""What relates a notice to others, as nodes: 时效, versions, references both ways; each with the
sentence that says so, one click from where it stands."""

from collections.abc import Iterable, Sequence

from retrieval.results import Relation, Relations, Source, Standing
from ui.address import Address
from ui.marks import apart
from ui.paper import Node, element, link
from ui.words import say

_IN_FORCE = "现行有效"


def write_standing(standing: Standing, asked: Address) -> Node:
    """Return 时效 with the sentence that proves it."""
    if standing.span is None:
        return say(standing.value)
    start, end = map(str, standing.span)
    place = asked.params(doc=standing.document, start=start, end=end)
    hint = "文件库中未见修改或废止；" if standing.value == _IN_FORCE else ""
    return element(
        "span",
        link("document", place, say(standing.value), title=say("查看原文依据")),
        element("span", say(f"{hint}依据："), standing.quote, css="proof"),
    )


def write_relations(relations: Relations, document_id: str, asked: Address) -> list[Node]:
    """Return the versions and both directions of citing, each in a box that opens."""
    boxes = (
        ("历次版本", _versions(relations.versions, document_id, asked)),
        ("引用的文件", _listed(relations.cites, asked)),
        ("被这些文件引用", _listed(relations.cited_by, asked)),
    )
    return [
        element(
            "details",
            element("summary", say(f"{name}（{len(items)}）")),
            element("ul", *items),
            css="relations",
        )
        for name, items in boxes
        if items
    ]


def _versions(versions: Sequence[Source], document_id: str, asked: Address) -> list[Node]:
    here = [version.document for version in versions].index(document_id) if versions else 0
    return [
        element(
            "li",
            version.title
            if version.document == document_id
            else link("document", asked.params(doc=version.document), version.title),
            "　",
            element("span", *apart((version.issued_on, say(version.status))), css="facts"),
            *_side_by_side(versions, at, here, asked),
        )
        for at, version in enumerate(versions)
    ]


def _side_by_side(versions: Sequence[Source], at: int, here: int, asked: Address) -> list[Node]:
    """Return the link that sets a version beside the one that is shown, the older one first."""
    if at == here:
        return []
    old, new = (versions[each].document for each in sorted((at, here)))
    params = asked.params(by="clause", old=old, new=new)
    return ["　", link("compare", params, say("与本版对照"))]


def _listed(relations: Iterable[Relation], asked: Address) -> list[Node]:
    return [
        element(
            "li",
            element("span", say(relation.action), css="action"),
            _name(relation, asked),
            link("document", _place(relation, asked), relation.quote, css="proof"),
        )
        for relation in relations
    ]


def _name(relation: Relation, asked: Address) -> Node:
    """Return the other document's name, which opens it where the corpus has it."""
    if relation.source is None:
        return relation.name
    return link("document", asked.params(doc=relation.source.document), relation.name)


def _place(relation: Relation, asked: Address) -> dict[str, str | list[str]]:
    start, end = map(str, relation.span)
    return asked.params(doc=relation.document, start=start, end=end)
