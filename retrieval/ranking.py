"""What decides the order of passages, in one record, so that each part can be measured alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of a search; every one was set on questions with known evidence, and what each
    part gives is in docs/evaluation.md.

    `meaning` is the share of nearness in a passage's score, the rest is that of its words; 0 or 1
    leaves a leg out. `sentence` is the share of the best sentence in a passage's cosine. `pairs` is
    what pairs of characters count beside words. `turn` is what a passage loses for each better one
    of its locality where a question asks across localities. `named` is what a passage gains by
    being of a place that the question names. `moved` is how far the question goes from lay words
    towards the language of rules, 1 as learned.
    """

    meaning: float = 0.46
    sentence: float = 0.5
    pairs: float = 0.8
    turn: float = 0.04
    named: float = 0.15
    moved: float = 1.0


RANKING = Ranking()
