"""What every page has around its contents: the language, Streamlit's own words in Chinese, what was
typed and not sent, and a line that says when documents are shown converted."""

import streamlit as st

from ui import paper
from ui.paper import element, read_scripts
from ui.preferences import cookie
from ui.scripts import is_converted, is_traditional
from ui.words import say

# What Streamlit says in English, most of it for those who hear controls rather than see them.
_WORDS = (
    ("^Skip to main content$", "跳到正文"),
    ("^Sidebar$", "侧栏"),
    ("^App pages$", "各页"),
    ("^(Open|Expand) sidebar$", "展开侧栏"),
    ("^(Close|Collapse) sidebar$", "收起侧栏"),
    ("^Main menu$", "菜单"),
    ("^Link to heading$", "本节链接"),
    ("^Open$", "展开选项"),
    ("^Dismiss$", "关闭"),
    ("^Clear all$", "全部清除"),
    ("^Clear value$", "清除"),
    ("^Selected values$", "已选"),
    (r"^Remove\s+(.*)$", "移除 $1"),
    (r"^Help for (.*)$", "$1的说明"),
    (r"^(\d+) options? available\.$", "有 $1 个选项"),
    ("^Choose an option$", "请选择"),
    ("^Close$", "关闭"),
    ("^Connection error$", "与程序的连接断开了"),
    (
        r"^Is Streamlit still running\?.*",
        "程序可能已经停止。请在运行它的机器上重新启动，启动后这一页会自己恢复。",
    ),
)
_mount = st.components.v2.component(
    "suyuan_frame", js=read_scripts("going_back.js", "drafts.js", "frame.js")
)


def set_up() -> None:
    """Put up what stands around the contents; it shows nothing."""
    data = {
        "language": "zh-Hant" if is_traditional() else "zh-Hans",
        "words": [(pattern, say(words)) for pattern, words in _WORDS],
        "cookie": cookie(),
    }
    _mount(key="frame", data=data)


def say_converted() -> None:
    """Say, where documents are shown converted, that they are."""
    if is_converted():
        words = say("文件文字已转换显示，引用请以原文为准；复制和导出的是原文。")
        paper.show("converted", element("p", words, css="converted"))
