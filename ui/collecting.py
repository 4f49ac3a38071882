"""The button that puts a quote into the basket; it stands wherever a quote is shown."""

import json

from indexer.records import Span
from retrieval.results import Source
from ui.paper import Node, element
from ui.words import say


def write_collect(source: Source, span: Span, quote: str) -> Node:
    """Return the button that puts what stands at `span` of a document, `quote`, into the basket of
    this browser, and takes it out again."""
    kept = {
        "document": source.document,
        "start": span.start,
        "end": span.end,
        "quote": quote,
        "title": source.title,
    }
    return element(
        "button",
        say("放入资料篮"),
        data_collect=json.dumps(kept, ensure_ascii=False),
        data_collected=say("移出资料篮"),
        css="collect",
    )
