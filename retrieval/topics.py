"""What a corpus speaks of: topics that its titles and headings name again and again.

A topic is a noun of the dictionary (义务教育), or two words side by side (教师队伍), that says what
a text is about. A document speaks of it where the exact search finds it, so that every figure can
be followed to its documents.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.labels import is_label
from indexer.store import Generation
from indexer.terms import bigrams, frequency, is_subject, normalised, tagged_words
from retrieval.catalogue import Catalogue
from retrieval.exact import documents_having
from retrieval.results import TopicCount

_MOST = 24  # topics
_READ = 3_000  # titles, and headings of passages, that are read at most, evenly spread
_CONSIDERED = 200  # of what these name, most often first
_RECURS = 2  # documents that a topic is in, at least
_LENGTHS = range(3, 7)  # characters
_NOUNS = frozenset(("n", "nz", "nl", "vn", "an", "j", "l", "b"))  # and what stands before one
_LAST = frozenset(("n", "nz", "nl", "vn", "j", "l"))
# What plans, rules and notices have whatever they are about.
_GENERAL = frozenset(
    "发展 建设 工作 重点 任务 目标 措施 体系 机制 制度 水平 能力 领域 方面 情况 问题 内容 项目 "
    "行动 计划 规划 方案 办法 意见 通知 公告 报告 决定 规定 条例 细则 规则 解释 事项 要求 原则 "
    "总体 全面 主要 重大 基本 人民 群众 单位 部门 机关 机构 组织 领导 实施 办公室 办公厅 会议 "
    "政府 活动 方式 作用 力度 质量 深化 推进 促进 强化 积极 综合 时代 格局 局面 动力 活力 成果 "
    "成效 优势 格式 附件 名单 材料 程序 职责 责任 范围 对象 条件 标准 年度 时间 部分 名称 示范 "
    "试点 专项 相关 有关 具体 法律 法规 附则 总则 人员 代表 委员 委员会 若干 事业 大局 底线 思想 "
    "思路 主义 特色 精神 战略 品质 工程 适用 案件 满意 现代化 开放 壮大 升级 高质量 共同体 "
    "影响力 示范区 新一轮 因地制宜 经济社会 经济运行 "
    "监督管理 监督检查 合法权益 违法行为 当事人".split()
)
_ENDS = re.compile("[化性型类式内间者局厅委办法]$")
_KNOWN_WORDS = 6e7  # that the dictionary's frequencies are of
_LEAST_TIMES = 400  # what it has met less often counts as met so often
_FEW = 50  # documents of a corpus whose headings need not recur
_INSIDE = 0.6  # of the documents that name a topic; where so many name a longer one, that is meant
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Topic:
    """Words that name a topic, and the positions of the documents that have them, ascending."""

    name: str
    documents: NDArray[np.int64]


class Topics:
    """The topics of a corpus, found when they are first asked for; safe to use from several
    threads."""

    def __init__(self, index: Generation, catalogue: Catalogue) -> None:
        self._index = index
        self._catalogue = catalogue
        self._lock = Lock()
        self._found: tuple[Topic, ...] | None = None

    def count(self, among: Sequence[int] | None = None) -> tuple[TopicCount, ...]:
        """Return how many of some documents (None: all) have each topic, most first, and the
        localities of these documents that have it or are silent on it."""
        with self._lock:
            if self._found is None:
                self._found = find_topics(self._index, self._catalogue)
        asked = self._catalogue.localities_of(among)
        counts = [self._count(topic, among, asked) for topic in self._found]
        return tuple(sorted(filter(lambda each: each.documents, counts), key=_most_first))

    def _count(self, topic: Topic, among: Sequence[int] | None, asked: Sequence[str]) -> TopicCount:
        having = topic.documents if among is None else np.intersect1d(topic.documents, among)
        places = {self._catalogue.locality_of(at) for at in having.tolist()}
        return TopicCount(
            topic.name,
            len(having),
            tuple(place for place in asked if place in places),
            tuple(place for place in asked if place not in places),
        )


def find_topics(index: Generation, catalogue: Catalogue) -> tuple[Topic, ...]:
    """Return the topics that titles and headings name most; the same for the same corpus."""
    named = _named(index, catalogue)
    scores = {
        name: math.sqrt(times * _passages(index, name)) * _rarity(name)
        for name, times in named.items()
    }
    found: list[Topic] = []
    for name in sorted(scores, key=lambda name: (-scores[name], name)):
        if not any(_stands_for(other, name, named) for other in named):
            documents = documents_having(index, name)
            if len(documents) >= _RECURS:
                found.append(Topic(name, documents))
        if len(found) == _MOST:
            break
    return tuple(found)


def _named(index: Generation, catalogue: Catalogue) -> dict[str, int]:
    """Return what titles and headings name, with the number of documents in which they do."""
    titles = [(source.document, source.title) for source in _spread(catalogue.sources)]
    passages = index.passages(_spread(range(len(index.document_of))))
    headings = [(each.document, heading) for each in passages for heading in each.headings]
    seen = {(document, name) for document, text in (*titles, *headings) for name in _names(text)}
    counts = Counter(name for _, name in seen)
    least = 1 if len(index.ids) < _FEW else _RECURS
    often = [(name, times) for name, times in counts.items() if times >= least]
    return dict(sorted(often, key=lambda each: (-each[1], each[0]))[:_CONSIDERED])


def _spread(items: Sequence[T]) -> Sequence[T]:
    """Return items evenly spread over all, so many as may be read."""
    return items[:: -(-len(items) // _READ) or 1]


@lru_cache(maxsize=4 * _READ)
def _names(text: str) -> frozenset[str]:
    """Return the nouns and pairs of words in a title or a heading that may be topics."""
    words = tagged_words(normalised(text))
    alone = ((word,) for word in words)
    groups = [group for group in (*alone, *pairwise(words)) if group[-1][1] in _LAST]
    found = (
        "".join(word for word, _ in group)
        for group in groups
        if all(len(w) > 1 and tag in _NOUNS and w not in _GENERAL for w, tag in group)
    )
    return frozenset(name for name in found if len(name) in _LENGTHS and _says_what(name))


def _says_what(name: str) -> bool:
    """Tell a name that says what a text is about; the dictionary has 行动计划 as one word."""
    ends = {name, *(name[:size] for size in (2, 3)), *(name[-size:] for size in (2, 3))}
    return _GENERAL.isdisjoint(ends) and not is_label(name) and not _ENDS.search(name)


def _passages(index: Generation, name: str) -> int:
    """Return in how many documents a passage has all pairs of characters of a name: in hardly any
    more than have the name itself, and much faster told."""
    positions = index.words.having_all("pairs", bigrams(name))
    return len(np.unique(index.document_of[positions]))


def _rarity(name: str) -> float:
    """Return how much a name says by itself: the less usual its words are elsewhere, the more."""
    words = [word for word, _ in tagged_words(name)]
    return sum(
        math.log(
            _KNOWN_WORDS / (_LEAST_TIMES if is_subject(w) else max(_LEAST_TIMES, frequency(w)))
        )
        for w in words
    ) / len(words)


def _stands_for(other: str, name: str, named: Mapping[str, int]) -> bool:
    """Tell whether a longer name is meant wherever a shorter one is in it."""
    return name != other and name in other and named[other] >= _INSIDE * named[name]


def _most_first(count: TopicCount) -> tuple[int, str]:
    return -count.documents, count.name
