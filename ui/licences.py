"""The licences of the program, of the model that comes with it, and of the packages it needs.

What the packages are is read from requirements.txt, which pins each with its licence and use.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from indexer.settings import PROJECT
from ui.paper import Node, element, table
from ui.words import say

_PACKAGE = re.compile(
    r"(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>\S+)\s+#\s*\[(?P<licence>[^]]+)\]\s*(?P<use>.*)"
)
_OWN = (
    "溯源按 Apache-2.0 许可证发布，全文见程序文件夹里的 LICENSE。",
    "随程序的语义模型 multilingual-e5-small 按 MIT 许可证发布，文字识别模型 PP-OCR 按 Apache-2.0 "
    "发布；自己设置的模型，许可证见其发布页。",
    "程序直接用到的软件包如下，它们又各自带有所需的软件包。",
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is needed, its licence and what it is used for, in English."""

    name: str
    version: str
    licence: str
    use: str


@cache
def read_packages() -> tuple[Package, ...]:
    """Return the packages of requirements.txt in its order."""
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return tuple(Package(**found.groupdict()) for found in map(_PACKAGE.match, lines) if found)


def write_licences() -> Iterator[Node]:
    """Yield the licence of the program, of the models, and the table of packages."""
    for line in _OWN:
        yield element("p", say(line))
    heads = [say(head) for head in ("软件包", "版本", "许可证", "用途")]
    rows = (
        (each.name, each.version, each.licence, element("span", each.use, lang="en"))
        for each in read_packages()
    )
    yield table(heads, rows, css="licences")
