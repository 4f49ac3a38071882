"""What the library page shows, a view at a time; which one, the address says."""

from ui.address import Address, read_choice
from ui.paper import Node, element, link
from ui.words import say

# The value of `view` of each; a bare address shows the first. The ways to the document page and
# back keep it.
FILES, OVERVIEW, UPDATE, PROBLEMS, REMOVED = VIEWS = (
    "files", "overview", "update", "problems", "removed",
)  # fmt: skip
_NAMES = dict(zip(VIEWS, ("文件", "概览", "收录与更新", "需要留意", "已移出"), strict=True))


def read_view() -> str:
    """Return the view that the address asks for."""
    return read_choice("view", VIEWS)


def write_views(shown: str, asked: Address, counts: dict[str, int]) -> Node:
    """Return the links to the views; `counts` says of some how many things are in them."""
    links = (
        link(
            "library",
            asked.params(**({} if view == FILES else {"view": view})),
            say(name) + (f"（{counts[view]}）" if counts.get(view) else ""),
            css="view",
            aria_current="page" if view == shown else "",
        )
        for view, name in _NAMES.items()
    )
    return element("nav", *links, css="views", aria_label=say("文件库的各部分"))
