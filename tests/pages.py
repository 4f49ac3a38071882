"""The pages of the application without a browser, and small libraries for them to show: a plug-in
of pytest, so that all such tests share one."""

import gc
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from indexer.build import build
from indexer.settings import Settings, read_settings

APP = Path(__file__).resolve().parent.parent / "app.py"

HOSTILE = "$x^2$ :red[红] **粗** # 井 [链](javascript:alert(1)) <script>alert(1)</script> <b>b</b>"
# Nearly the words of two notices: the small encoder knows no meaning.
QUESTION = "各地大班额的比例控制在百分之三以内"
NOTICES = {
    "a/柳溪.txt": """柳溪市人民政府办公室关于化解大班额的通知
柳政办发〔2023〕5号

各县区人民政府：
一、总体要求
大班额的比例控制在百分之三以内。56人及以上的班级逐年化解。
二、工作措施
新建学校三所，增加学位两千个。
柳溪市人民政府办公室
2023年5月6日
""",
    "b/松陵.md": """# 松陵縣教育局關於消除大班額的實施方案

松教發〔2021〕12號

## 一、工作目標

大班額的比例控制在百分之三以內。到2022年底，消除66人以上的班級。

## 二、保障

加強督導檢查。

松陵縣教育局
2021年3月2日
""",
    "c/石门.txt": f"""石门区水务局关于河道清淤的通知
石水发〔2022〕8号

各街道办事处：
一、清淤范围
本次清淤共计十二公里，{HOSTILE}，由水务局负责。
石门区水务局
2022年9月1日
""",
}


def write_notices(corpus: Path, notices: Mapping[str, str]) -> None:
    for name, text in notices.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_library(folder: Path, notices: Mapping[str, str]) -> Path:
    """Write notices into a folder's corpus/, index them into its index/, and return the folder."""
    write_notices(folder / "corpus", notices)
    build(Settings(folder / "corpus", folder / "index", "hashing"), lambda _: None)
    return folder


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Point the application at a folder with a corpus/ and an index/ and the small encoder."""
    monkeypatch.setenv("SUYUAN_CORPUS", str(folder / "corpus"))
    monkeypatch.setenv("SUYUAN_INDEX", str(folder / "index"))
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    st.cache_resource.clear()
    return read_settings(os.environ)


@pytest.fixture(scope="session", autouse=True)
def sparing() -> Iterator[None]:
    """Leave out what takes longer than a page without a server does: for each run Streamlit looks
    for components in all packages that are installed, and for each index that is opened anew the
    collector would look through all tests for what is gone."""
    with pytest.MonkeyPatch.context() as patched:
        looked_up = cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", looked_up)
        patched.setattr(gc, "unfreeze", int)
        yield


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the module's own NOTICES, where it has some, else of those here."""
    notices = getattr(request.module, "NOTICES", NOTICES)
    return make_library(tmp_path_factory.mktemp("library"), notices)


@pytest.fixture
def library(built: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The application over it."""
    return settle(built, monkeypatch)


def open_page(page: str = "", /, **params: str | list[str]) -> AppTest:
    """Open a page at an address."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page:
        app.switch_page(f"ui/{page}.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def papers(app: AppTest) -> list[Any]:
    """Return what the page shows through ui/paper: lists of [tag, attributes, child, ...]."""
    data = [json.loads(each.proto.json) for each in app.get("bidi_component")]
    return [each["nodes"] for each in data if "nodes" in each]


def elements(node: Any) -> Iterator[list[Any]]:
    """Yield every element of nodes, in order."""
    if not isinstance(node, list):
        return
    if node and isinstance(node[0], str) and len(node) > 1 and isinstance(node[1], dict):
        yield node
        node = node[2:]
    for child in node:
        yield from elements(child)


def text_of(node: Any) -> str:
    """Return the words of nodes as the browser would show them, without the cards of marks."""
    if isinstance(node, str):
        return node
    if len(node) > 1 and isinstance(node[0], str) and isinstance(node[1], dict):
        node = [] if node[1].get("role") == "tooltip" else node[2:]
    return "".join(text_of(child) for child in node)


def shown(app: AppTest) -> str:
    return "\n".join(text_of(nodes) for nodes in papers(app))


def found(app: AppTest, tag: str, css: str = "") -> list[list[Any]]:
    return [
        node
        for node in elements(papers(app))
        if node[0] == tag and css in ("", *node[1].get("class", "").split())
    ]


def streamlit_words(app: AppTest) -> str:
    """Return the words that Streamlit itself renders, as Markdown or as a label."""
    kinds = ("title", "subheader", "caption", "markdown", "html", "button")
    return "\n".join(
        f"{getattr(each, 'label', '')} {getattr(each, 'value', '')} {getattr(each, 'body', '')}"
        for kind in kinds
        for each in app.get(kind)
    )


def press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
