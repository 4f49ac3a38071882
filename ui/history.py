"""What was asked and searched in this tab of the browser, each a link back to it.

The browser keeps it (ui/js/history.js), so that a reload loses nothing and nobody else sees it.
"""

import json

from ui import paper
from ui.address import Address, chosen
from ui.paper import address_of, element
from ui.words import say


def show_history(page: str, asked: Address, **more: str) -> None:
    """Show the list, newest first; what is asked now is put at its head, as a link to a `page` of
    the application with `more` parameters."""
    entry = {"words": _words(asked), "href": address_of(page, asked.params(**more))}
    told = json.dumps(entry, ensure_ascii=False) if asked.question else "none"
    paper.show(
        "history",
        element(
            "section",
            element("h2", say("本次问过和查过的")),
            element("ol", css="history", translate="no", data_history=told),
            element("button", say("清除记录"), css="plain", data_forget="all"),
            css="asked-before",
            hidden="hidden",
        ),
    )


def _words(asked: Address) -> str:
    """Return what is asked, and of what."""
    filters = asked.filters
    years = (filters.first_year or "", filters.last_year or "")
    limits = [say(value) for values in chosen(filters).values() for value in values]
    limits += ["—".join(map(str, years))] if any(years) else []
    return f"{asked.question}（{'、'.join(limits)}）" if limits else asked.question
