"""The button that puts a quote into the basket; it stands wherever a quote is shown."""

import json

from indexer.records import Span
from retrieval.basket import LONGEST_QUOTE, MOST_ITEMS
from retrieval.results import Source
from ui.paper import Node, element
from ui.words import say


def write_collect(source: Source, span: Span, quote: str) -> Node:
    """Return the button that puts what stands at `span` of a document, `quote`, into the basket of
    this browser, and takes it out again; beside it is said what it did."""
    if len(quote) > LONGEST_QUOTE:
        return element("span", say("文字太长，放不进资料篮"), css="collecting")
    kept = {
        "document": source.document,
        "start": span.start,
        "end": span.end,
        "quote": quote,
        "title": source.title,
    }
    button = element(
        "button",
        say("放入资料篮"),
        data_collect=json.dumps(kept, ensure_ascii=False),
        data_offered=say("放入资料篮"),
        data_collected=say("已在资料篮"),
        data_most=str(MOST_ITEMS),
        css="collect",
    )
    said = element(
        "output",
        data_in=say("已放入，再点一下即移出；资料篮里共 {} 条。"),
        data_out=say("已移出；资料篮里还有 {} 条。"),
        data_full=say("资料篮里已有 {} 条，放不下了，请先移出一些。"),
        data_refused=say("浏览器不允许保存，没有放入。请允许本站保存数据后再试。"),
    )
    return element("span", button, said, css="collecting")
