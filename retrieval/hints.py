"""What helps on where a question found no answer: its words that the corpus has, and what the
passages nearest to it speak of."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from indexer.encoder import Encoder, PassageInput
from indexer.labels import is_label
from indexer.terms import content_words, is_common_noun, is_latin, is_subject
from retrieval.query import Query
from retrieval.results import Hit

_SUBJECT = (3, 6)  # characters of a word that names a subject rather than a generality
_COMPARED = 32  # words that are compared with the question
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Hints:
    """`words` are the question's words that the corpus has, in order; `subjects` are words of the
    nearest passages, the most like the question first."""

    words: tuple[str, ...]
    subjects: tuple[str, ...]


def find_hints(
    query: Query, absent: Collection[str], nearest: Sequence[Hit], encoder: Encoder
) -> Hints:
    """Return hints for a question; `absent` are its words that the corpus nowhere has."""
    words = tuple(word for word in query.content if word not in absent)
    named = _subjects(nearest, query.plain)
    if not named:
        return Hints(words, ())
    question = encoder.encode_question(query.topic)
    # As the sentences of one passage: sixteen calls of the encoder took nine times as long.
    ends = list(accumulate(len(word) + 1 for word in named))
    spans = tuple((end - len(word) - 1, end - 1) for word, end in zip(named, ends, strict=True))
    (vectors,) = encoder.encode_passages([PassageInput("", "\n".join(named), spans)])
    nearness = vectors.sentences @ question
    ranked = (named[at] for at in np.argsort(-nearness, kind="stable").tolist())
    return Hints(words, tuple(ranked)[:_SHOWN])


def _subjects(hits: Sequence[Hit], plain: str) -> list[str]:
    """Return words that name subjects in passages and are not in a question, those in most passages
    first."""
    counts = Counter(
        word
        for hit in hits
        for word in set(content_words(f"{hit.passage.text}\n{' '.join(hit.passage.headings)}"))
        if _SUBJECT[0] <= len(word) <= _SUBJECT[1]
        and not is_latin(word)
        and not is_label(word)
        and (is_subject(word) or is_common_noun(word))
        and word not in plain
    )
    return sorted(counts, key=lambda word: (not is_subject(word), -counts[word], word))[:_COMPARED]
