"""Small records, and texts such as notices are made of, for tests."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from hypothesis import strategies as st

from indexer.division import former_names
from indexer.link_tables import LINK_TABLES, LinkTables, rows_of
from indexer.links import relink
from indexer.notices import read_document
from indexer.records import Document, Links, Span

PROJECT = Path(__file__).resolve().parent.parent
former_names()  # takes longer than a property test allows the first document
OWN = PROJECT / "corpus"
SHARED = PROJECT.parent / "shared"


def make_document(text: str, name: str = "a.txt") -> Document:
    """Read a text as the file `name` would be."""
    return read_document(name, text.encode())


def link(documents: Sequence[Document]) -> Links:
    """Return the links of some documents, in the order of their paths."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(LINK_TABLES)
        relink(database, (), enumerate(documents))
        return LinkTables(rows_of(database)).whole()


def span_of(text: str, part: str) -> Span:
    """Where a part that occurs once stands."""
    assert text.count(part) == 1, part
    return Span(text.index(part), text.index(part) + len(part))


def cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


def sayings(text: str, spans: tuple[Span, ...] | list[Span]) -> int:
    """How many letters, digits and Chinese characters the spans cover."""
    return sum(c.isalnum() for span in spans for c in cut(text, span))


# Characters that the reading of a notice treats in some special way, among any others.
_SPECIAL = "著畫划計计&＆ \u3000\n\t〔〕（）()【】「」“”Ａａ①㎡ﬁ…—·字臺台麼么。！？!?；：:,，、|#*>-1２三年月日号第章条一"
characters = st.one_of(
    st.sampled_from(_SPECIAL), st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFFF)
)
any_text = st.text(characters, max_size=120)

_LINES = (
    "关于印发某某市实施方案的通知", "某某市人民政府办公室", "某政办发〔2023〕5号", "2023年5月6日",
    "索引号 | 000014349/2023-00012 | 文号 | ", "各县（区）人民政府：", "第一章　总则", "第二章 附则",
    "第一条　为了规范管理，制定本办法。", "第十二条 本办法自发布之日起施行。", "一、总体要求", "二、", "三、重点任务。落实责任",
    "（一）加强领导。各部门要高度重视，落实责任。", "(二)经费保障", "1.按时报送。", "2．每校不少于3人；", "（1）细化方案；",
    "①第一项", "——坚持统筹。科学谋划。", "——某市教育局", "■推进改革，守好阵地", "问：怎么申请？", "答：一、先登记。二、再审核。",
    "答：可以。", "附件：1.任务分解表", "2.填报说明", "附件1", "附件", "某某市实施方案", "（此件公开发布）", "现印发《某某市实施方案》。",
    "青岚市第一小学", "图为学校（李四 摄）", "相关阅读：", "- 某消息 2024-01-01", "评论留言", "责任编辑：张三", "【打印】", "工作安排",
    "# 标题", "## 一、目标", "**二、任务**", "> 说明：摘要。", "<!-- 注 -->", "地区 | 数量 |", "|---|---|", "1 | 2 |", "",
    "   ", "“引文。”他说：“好！”然后？是的！http://a.cn/?id=1&b=2", "全市共有学校12所，其中小学8所，在校生1.2万人", "。。。",
)  # fmt: skip
line = st.one_of(st.sampled_from(_LINES), st.text(characters, max_size=40))
notice_text = st.lists(line, min_size=1, max_size=25).map("\n".join)
