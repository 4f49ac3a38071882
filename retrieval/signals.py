"""What both legs say of a question and of what was found for it, in a few numbers."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from indexer.store import Generation
from indexer.terms import bigrams, normalised
from retrieval.figures import wants_figure
from retrieval.fusion import Candidate
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
_LOOKED_AT = 20  # best sentences whose words are looked at
_EVERYDAY = 4  # everyday words beyond which a question is as plain as it can be


@dataclass(frozen=True, slots=True)
class Signals:
    """What both legs say of a question and of the best sentences that could answer it: with a
    figure where one is asked for, and not of another year or sort than is asked.

    `coverage`: the share of the question's words, by rarity, that the best of them answers for,
    0..1. `answering`: the share of its words of rules, by rarity, that one of them has, with its
    headings and title; 0..1. `near_answering`: how far the nearest of them stands above the
    background, 1 being the same text. These are 0 where no sentence could answer. `everyday`: how
    many of the question's words are everyday ones, four or more being 1.
    """

    coverage: float
    answering: float
    near_answering: float
    everyday: float


NOTHING = Signals(*[0.0] * len(fields(Signals)))


@dataclass(frozen=True, slots=True)
class Matched:
    """A question, the weights of its words, and what was found for it, best first; `titles` gives
    each document's."""

    query: Query
    weights: Mapping[str, float]
    candidates: Sequence[Candidate]
    scored: Sequence[Scored]
    titles: Mapping[str, str]


def measure_background(
    generation: Generation, encode: Callable[[str], NDArray[np.float32]]
) -> float:
    """Return the cosine that a question on nothing in the corpus typically reaches."""
    best = [
        max(generation.vectors.nearest(encode(question), 1).values(), default=0.0)
        for question in _OFF_TOPIC
    ]
    return statistics.median(best)


def find_absent(generation: Generation, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Return the words of a question that the corpus nowhere has, in their order."""
    return tuple(
        word
        for word in weights
        if any(generation.words.frequency("pairs", pair) == 0 for pair in bigrams(word))
    )


def measure_signals(matched: Matched) -> Signals:
    """Return the signals of a question for which something was found."""
    query = matched.query
    formal = {word: weight * formality(word) for word, weight in matched.weights.items()}
    able = _able(query, matched.scored[:_LOOKED_AT])
    said = {_said_at(sentence, matched.titles) for sentence in able}
    return Signals(
        coverage=able[0].coverage if able else 0.0,
        answering=max((_share(formal, words) for words in said), default=0.0),
        near_answering=max((each.nearness for each in able), default=0.0),
        everyday=min(1.0, sum(1 - formality(word) for word in query.content) / _EVERYDAY),
    )


def _said_at(sentence: Scored, titles: Mapping[str, str]) -> str:
    """Return a sentence with its headings and title, normalised."""
    passage = sentence.passage
    return normalised("\n".join((titles[passage.document], *passage.headings, sentence.text)))


def _share(weights: Mapping[str, float], said: str | Sequence[str]) -> float:
    """Return the share of words, by weight, that a text or a list has; 0 where none weighs."""
    whole = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in said) / whole if whole else 0.0


def _able(query: Query, scored: Sequence[Scored]) -> list[Scored]:
    """Return those sentences that could answer: with a figure of the kind that is asked for, and
    not of another year or sort than is asked."""
    wants = wants_figure(query)
    return [each for each in scored if each.frame >= 0 and (each.figure > 0 or not wants)]
