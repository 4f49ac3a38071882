"""Tell words of rules from everyday words: 产假 and 残疾人 from 孩子 and 东西.

Who asks in the language of rules about 产假 is not answered by a text that never says 产假; who
asks about 爸妈 or 娃 may well be, because rules call them something else. A word is everyday where
the general dictionary has met it often and rules hardly ever; `rule_words.txt` lists the frequent
words that rules do use (`python -m benchmarks.register` counts them). A rare word is taken for one
of rules: a name or a technical term mostly is.
"""

from functools import cache
from pathlib import Path

from indexer.terms import frequency

_FILE = Path(__file__).with_name("rule_words.txt")
FREQUENT = 100  # times that the dictionary has met a word; below it, a word is not listed
# How much a word belongs to rules: one that they use as freely as other texts do, one that they
# use less, and one that is hardly theirs.
_RULES, _BOTH, _EVERYDAY = 1.0, 0.4, 0.0


def formality(word: str) -> float:
    """Return how much a word belongs to the language of rules: 1, 0.4, or 0 for everyday ones."""
    if word.isascii() or frequency(word) < FREQUENT:
        return _RULES
    rules, both = _listed()
    return _RULES if word in rules else _BOTH if word in both else _EVERYDAY


@cache
def _listed() -> tuple[frozenset[str], frozenset[str]]:
    """Return the frequent words that rules use freely, and those that they use less."""
    rules, both = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(rules.split()), frozenset(both.split())


def rule_words() -> tuple[str, ...]:
    """Return the frequent words that rules use freely, in the order of the dictionary."""
    return tuple(sorted(_listed()[0]))
