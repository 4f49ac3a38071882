"""What copies, and where what was copied is shown; the button that copies the address of what is
shown, so that it can be sent to others."""

from ui.paper import Node, element
from ui.words import say


def write_copied() -> Node:
    """Return where is shown what a button beside it has copied."""
    return element(
        "output",
        css="copied",
        data_done=say("已复制："),
        data_refused=say("浏览器不允许自动复制，请点选后按 Ctrl+C："),
    )


def write_copy_link() -> Node:
    """Return the button; the address is the browser's own at the moment it is pressed."""
    return element(
        "div",
        element("button", say("复制链接"), data_copy_address="address"),
        write_copied(),
        css="copy copy-address",
    )
