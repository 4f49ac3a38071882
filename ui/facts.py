"""What is known of the program, of its settings and of the open index, as rows of a table."""

import platform
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

from indexer.generations import disk_size
from indexer.settings import PROJECT, Settings, variables
from retrieval.calibration import calibrated
from retrieval.engine import Engine
from retrieval.refusal import shipped
from ui.paper import Node, element, table
from ui.words import say

_Fact = tuple[str, Node]


def write_facts(facts: Iterable[_Fact]) -> Node:
    """Return facts as a list of names and values."""
    rows = (element("div", element("dt", say(name)), element("dd", of)) for name, of in facts)
    return element("dl", *rows, css="known")


def program_facts(settings: Settings) -> Iterator[_Fact]:
    """Yield what runs here, with which models."""
    yield "程序", say(f"溯源 {_version()}") + (f"（{revision()}）" if revision() else "")
    yield "Python", platform.python_version()
    yield "重排模型", settings.reranker or say("未设置")
    model = f"{settings.llm_model}，{variables(settings)['SUYUAN_LLM_BASE_URL']}"
    yield "语言模型", model if settings.llm_base_url else say("未设置；答案只由原文句子组成")


def index_facts(engine: Engine, settings: Settings) -> Iterator[_Fact]:
    """Yield what the open index holds and how it was made."""
    made, sources = engine.index.manifest, engine.sources()
    places = {source.locality for source in sources if source.locality}
    years = sorted({source.issued_on[:4] for source in sources if source.issued_on})
    yield "索引编号", made.generation
    yield (
        "建立时间",
        datetime.fromisoformat(made.created).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
    )
    yield "内容", say(f"{made.documents} 份文件，{made.passages} 段，{made.sentences} 句")
    span = f"，{years[0]}—{years[-1]} 年" if years else ""
    yield "涉及", say(f"{len(places)} 个地区{span}")
    yield (
        "占用磁盘",
        say(f"{disk_size(settings.index) / 1e6:,.1f} MB（含可退回的旧索引和向量缓存）"),
    )
    sizes = engine.index.sizes()
    gone = sum(size.held - size.live for size in sizes)
    yield "分段", say(f"{len(sizes)} 个" + (f"，其中 {gone} 段已失效，合并时清除" if gone else ""))
    yield "语义模型", say(f"{made.model}，{settings.precision}，{made.dimension} 维")
    yield "向量标识", made.identity or made.fingerprint
    how = "逐条比对" if made.recall == 1 else f"近似查找，召回率 {made.recall:.1%}"
    yield "向量查找", say(how)
    yield "段落大小", say(f"至多 {made.passage_tokens} 个词元")
    yield "拒答阈值", say(_threshold(engine, settings))


def _threshold(engine: Engine, settings: Settings) -> str:
    shipped_one = shipped()
    refuser = calibrated(settings.index, engine.index.manifest, shipped_one)
    origin = "随程序" if refuser.threshold == shipped_one.threshold else "按本语料校准"
    return f"{refuser.threshold:.3f}（{origin}）；把握低于它的问题不作回答"


def write_variables(settings: Settings) -> Node:
    """Return the table of what can be set, with what is in force."""
    usual = variables(Settings())
    rows: list[Sequence[Node]] = [
        (
            element("code", name, translate="no"),
            element("span", value, translate="no") if value else say("空"),
            say("默认" if value == usual[name] else "已设置"),
        )
        for name, value in variables(settings).items()
    ]
    return table([say(head) for head in ("环境变量", "当前值", "来源")], rows, css="variables")


@cache
def _version() -> str:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


@cache
def revision() -> str:
    """Return which revision of the source runs, "" where that is not known."""
    try:
        found = subprocess.run(
            ["git", "-C", str(PROJECT), "describe", "--always", "--dirty=+"],
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
