"""The keys of ui/js/keys.js, told to those who look for them."""

from ui.paper import Node, element
from ui.words import say

_KEYS = (
    ("/", "光标到输入框"),
    ("j　k", "下一条、上一条结果；文件里是下一段、上一段（已选时也可用 ↓ ↑）"),
    ("Enter", "打开所选的结果；引用所选的段落"),
    ("n　p", "下一页、上一页，原件也是（在结果上也可用 → ←）"),
)


def write_keys() -> Node:
    """Return the list of keys, folded, and the button that switches them off and on."""
    rows = (
        element("div", element("dt", element("kbd", key)), element("dd", say(does)))
        for key, does in _KEYS
    )
    return element(
        "details",
        element("summary", say("快捷键")),
        element("dl", *rows),
        element(
            "button",
            css="plain",
            data_keys="keys",
            data_on=say("停用单键快捷键"),
            data_off=say("启用单键快捷键"),
        ),
        css="keys",
    )
