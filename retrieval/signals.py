"""What both legs say of a question and of what was found for it, in a few numbers."""

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from indexer.store import Generation
from indexer.terms import bigrams, normalised
from retrieval.figures import wants_figure
from retrieval.fusion import Candidate
from retrieval.matching import match_meaning
from retrieval.query import Query
from retrieval.register import formality
from retrieval.scoring import Scored

# Everyday questions that no corpus of notices answers. How near the nearest passage comes to them
# is this model's and this corpus's own background: 0.83 for E5, which squeezes all cosines into
# 0.80 to 0.94, and near 0 for others.
_OFF_TOPIC = (
    "红烧肉怎么做才不腻",
    "世界杯冠军是哪支球队",
    "手机屏幕碎了怎么修",
    "这首歌的歌词是谁写的",
    "猫为什么喜欢纸箱",
    "恐龙是怎么灭绝的",
    "吉他弦多久换一次",
    "象棋开局怎么走",
)
# Questions to authorities on as many things as possible: what is near to all of them is near to
# none. Few of them are answered by one corpus, and one that is moves the mean by a fortieth.
_OTHERS = (
    "申请护照需要哪些材料",
    "小区物业费由谁来定",
    "高速公路限速是多少",
    "农产品出口怎么报关",
    "森林防火期是什么时候",
    "献血以后有什么优待",
    "食品过期了还能卖吗",
    "公司注销要登几次公告",
    "发明专利保护多少年",
    "工伤怎么认定",
    "老房子装电梯谁出钱",
    "养犬要办什么证",
    "出租车起步价多少元",
    "污水排放标准是多少",
    "古树名木怎么保护",
    "图书馆几点开门",
    "退役军人有哪些安置办法",
    "房屋拆迁怎么补偿",
    "网约车司机要什么资格",
    "水库由哪个单位管理",
    "烟花爆竹在哪些地方禁止燃放",
    "彩票公益金用在什么地方",
    "药品价格由谁监管",
    "旅行社要交多少保证金",
    "婚姻登记要带什么证件",
    "遗失的身份证怎么补办",
    "矿山企业的安全责任",
    "船舶检验多久一次",
    "统计数据造假怎么处罚",
    "科研经费怎么报账",
    "外国人在华就业的条件",
    "会计档案保存多少年",
)
_NEAREST = 10  # passages whose sentences are set against other questions
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_LOOKED_AT = 20  # best sentences whose words are looked at
_EVERYDAY = 4  # everyday words beyond which a question is as plain as it can be


@dataclass(frozen=True, slots=True)
class Signals:
    """What both legs say of a question and the best sentences for it.

    `among_questions`: how many deviations the nearest sentence stands above what it has with other
    questions, about 0 to 10 (normalising scores by a cohort, as in the verification of speakers).
    `coverage`: the share of the question's words, by rarity, in the best sentence and around it,
    0..1. `everyday`: how many of its words are everyday ones, four or more being 1. `answering`:
    the share of its words of rules, by rarity, in the best sentence that could answer at all: with
    a figure where one is asked for, and of the year that is asked; 0..1. `near_answering`: how far
    the nearest of these stands above the background, 1 being the same text; 0 where none could.
    """

    among_questions: float
    coverage: float
    everyday: float
    answering: float
    near_answering: float


NOTHING = Signals(*[0.0] * len(fields(Signals)))


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """A question, its own vector [d], the weights of its words, and what was found for it, best
    first; `titles` gives each document's."""

    query: Query
    vector: NDArray[np.float32]
    weights: Mapping[str, float]
    candidates: Sequence[Candidate]
    scored: Sequence[Scored]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What a question and a corpus have in common where it answers nothing: the cosine that counts
    as none, and other questions, [m, d]."""

    cosine: float
    questions: NDArray[np.float32]


def measure_background(
    generation: Generation, encode: Callable[[str], NDArray[np.float32]]
) -> float:
    """Return the cosine that a question on nothing in the corpus typically reaches."""
    best = [
        max(match_meaning(generation, encode(question), 1, None).values())
        for question in _OFF_TOPIC
    ]
    return statistics.median(best)


def measure_backdrop(
    generation: Generation, encode: Callable[[str], NDArray[np.float32]]
) -> Backdrop:
    """Return the backdrop of an open index."""
    return Backdrop(
        measure_background(generation, encode),
        np.stack([encode(question) for question in (*_OFF_TOPIC, *_OTHERS)]),
    )


def find_absent(generation: Generation, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words of a question that the corpus nowhere has, in their order."""
    return tuple(
        word
        for word in weights
        if any(generation.words.doc_freq("pairs", pair) == 0 for pair in bigrams(word))
    )


def measure_signals(generation: Generation, matched: Matched, backdrop: Backdrop) -> Signals:
    """Return the signals of a question for which something was found."""
    query, weights, scored = matched.query, matched.weights, matched.scored
    formal = {word: weight * formality(word) for word, weight in weights.items()}
    saying = [
        (_share(formal, _said_at(sentence, matched.titles)), sentence)
        for sentence in scored[:_LOOKED_AT]
    ]
    able = _able(query, saying, matched.titles)
    return Signals(
        among_questions=_among_questions(generation, matched, backdrop),
        coverage=max(each.coverage for each in scored),
        answering=max((share for share, _ in able), default=0.0),
        near_answering=max((_height(each.cosine, backdrop) for _, each in able), default=0.0),
        everyday=min(1.0, sum(1 - formality(word) for word in query.content) / _EVERYDAY),
    )


def _among_questions(generation: Generation, matched: Matched, backdrop: Backdrop) -> float:
    """Return how many deviations the nearest sentence's cosine with the question stands above its
    cosines with other questions."""
    nearest = sorted(matched.candidates, key=lambda c: (-c.dense, c.position))[:_NEAREST]
    positions = np.array([candidate.position for candidate in nearest], dtype=np.int64)
    vectors, _ = generation.sentences_of(positions)
    if not len(vectors):
        return 0.0
    cosines = vectors @ matched.vector
    best = int(cosines.argmax())
    others = backdrop.questions @ vectors[best]
    spread = float(others.std())
    return (float(cosines[best]) - float(others.mean())) / spread if spread else 0.0


def _said_at(sentence: Scored, titles: Mapping[str, str]) -> str:
    """Return a sentence with its headings and title, normalised."""
    passage = sentence.passage
    return normalised("\n".join((titles[passage.document], *passage.headings, sentence.text)))


def _share(weights: Mapping[str, float], said: str | Sequence[str]) -> float:
    """Return the share of words, by weight, that a text or a list has; 0 where none weighs."""
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in said) / whole if whole else 0.0


def _height(cosine: float, backdrop: Backdrop) -> float:
    return (cosine - backdrop.cosine) / (1 - backdrop.cosine)


def _able(
    query: Query, saying: Sequence[tuple[float, Scored]], titles: Mapping[str, str]
) -> list[tuple[float, Scored]]:
    """Return those sentences that could answer: with a figure of the kind that is asked for, and
    of a year that is."""
    years = set(_YEAR.findall(query.plain))
    able = list(saying)
    if wants_figure(query):
        able = [each for each in able if each[1].figure > 0]
    if years:
        able = [each for each in able if not (said := _years_of(each[1], titles)) or said & years]
    return able


def _years_of(sentence: Scored, titles: Mapping[str, str]) -> set[str]:
    """Return the years that a sentence is of: its own, else those of its headings, nearest first,
    else of the title."""
    passage = sentence.passage
    for text in (sentence.text, *reversed(passage.headings), titles[passage.document]):
        if found := set(_YEAR.findall(normalised(text))):
            return found
    return set()
