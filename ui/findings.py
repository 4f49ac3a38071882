"""What is to be known of files that are not in the index, or to be checked: by what sort, why, and
what to do."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from indexer.findings import DUPLICATE, SKIPPED, UNREAD, UNSURE, Finding
from retrieval.engine import Engine
from ui import paper
from ui.address import Address
from ui.downloads import make_csv, offer_csv
from ui.paper import Node, element, link
from ui.picking import key_of
from ui.views import PROBLEMS
from ui.words import say

_MOST_ROWS = 200  # of one sort on the page; the file has all
_MEANINGS = {
    UNREAD: "这些文件不在索引里，检索不到。按“办法”处理后更新索引即可收录。",
    UNSURE: "这些文件已收录，但读取时有拿不准的地方，引用前请与原件核对。",
    DUPLICATE: "内容相同的文件只收录一份，不影响检索。",
    SKIPPED: "这些不是公文，收录时跳过。",
}
_CSV_HEADS = ("文件", "情况", "说明", "办法")


def show_findings(engine: Engine, findings: Sequence[Finding], asked: Address) -> None:
    """Show the findings by their sorts, and a button that downloads them all."""
    if not findings:
        paper.show("findings", element("p", say("没有需要留意的文件。")))
        return
    known = {source.document for source in engine.sources()}
    paper.show("findings", *write_sorts(findings, known, asked))
    offer_csv("下载清单（CSV）", "需要留意的文件", partial(write_file, findings))


def write_file(findings: Sequence[Finding]) -> bytes:
    """Return findings as CSV."""
    rows = ((each.file, say(each.sort), say(each.fact), say(each.cure)) for each in findings)
    return make_csv(_CSV_HEADS, rows)


def write_sorts(findings: Sequence[Finding], known: set[str], asked: Address) -> list[Node]:
    """Return findings, which come sort by sort, each sort with its number and what it means; a file
    that is one of the `known` documents can be opened, one that could not be read taken out."""
    nodes: list[Node] = []
    for sort, group in groupby(findings, key=lambda each: each.sort):
        found = list(group)
        rows = [_row(each, known, asked) for each in found[:_MOST_ROWS]]
        heads = (element("th", say(head), scope="col") for head in ("文件", "说明", "办法"))
        more = len(found) - len(rows)
        nodes.append(
            element(
                "section",
                element("h2", say(f"{sort}（{len(found)}）")),
                element("p", say(_MEANINGS[sort]), css="coverage"),
                element(
                    "table",
                    element("thead", element("tr", *heads)),
                    element("tbody", *rows),
                    css="findings",
                ),
                *([element("p", say(f"另有 {more} 项，见下载的清单。"))] if more else []),
            )
        )
    return nodes


def _row(finding: Finding, known: set[str], asked: Address) -> Node:
    file: Node = finding.file
    if finding.file in known:
        file = link("document", asked.params(doc=finding.file, view=PROBLEMS), finding.file)
    cure = [element("div", say(finding.cure))]
    if finding.sort in (UNREAD, DUPLICATE):
        way = asked.params(view=PROBLEMS, do="remove", pick=key_of(finding.file))
        label = f"{say('移出')} {finding.file}"
        cure.append(element("div", link("library", way, say("移出"), aria_label=label)))
    cells = (("文件", file), ("说明", say(finding.fact)), ("办法", element("div", *cure)))
    return element("tr", *(element("td", cell, data_label=say(head)) for head, cell in cells))
