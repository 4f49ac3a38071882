"""What is shown of one answer, a part at a time; which one, the address says.

A tab is a link to the same answer with another `tab`, so it can be sent, opened beside and gone
back from. All parts are there at once: ui/js/tabs.js shows another as soon as it is clicked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ui.address import Address, kept_params
from ui.paper import Node, element, link
from ui.words import say


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of an answer: the value of `tab` that asks for it, its name in Simplified, what it
    shows."""

    tab: str
    name: str
    nodes: Sequence[Node]


def write_tabs(panels: Sequence[Panel], asked: Address, *beside: Node) -> list[Node]:
    """Return the row of tabs, with something beside it, and the panels, of which one is shown: the
    first where the address asks for one that is not there."""
    tabs = [panel.tab for panel in panels]
    shown = asked.tab if asked.tab in tabs else tabs[0]
    row = (_tab(panel, panel.tab == shown, asked) for panel in panels)
    return [
        element(
            "div",
            element("div", *row, css="tabs", role="tablist", aria_label=say("答案的各部分")),
            *beside,
            css="tab-row",
        ),
        *(_panel(panel, panel.tab == shown) for panel in panels),
    ]


def _tab(panel: Panel, is_shown: bool, asked: Address) -> Node:
    place = replace(asked, tab=panel.tab)
    return link(
        "",
        place.params(**kept_params(place)),
        say(panel.name),
        css="tab",
        role="tab",
        id=f"tab-{panel.tab}",
        aria_controls=f"panel-{panel.tab}",
        aria_selected="true" if is_shown else "false",
        tabindex="0" if is_shown else "-1",
    )


def _panel(panel: Panel, is_shown: bool) -> Node:
    return element(
        "div",
        *panel.nodes,
        css="panel",
        role="tabpanel",
        id=f"panel-{panel.tab}",
        aria_labelledby=f"tab-{panel.tab}",
        hidden="" if is_shown else "hidden",
    )
