"""A corpus of any size: real files first, then the same again with varied words."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import rjieba

from indexer.errors import CorpusError

_SEED = 20261122
_SHARE = 0.1  # of the words that are changed: enough that no passage stays as it was
_HAN = re.compile("[\u4e00-\u9fff]{2,4}")
_READ = 300  # files from which words are taken
_WORDS = 5_000  # of each length, the most frequent


class Varied:
    """Files of a corpus, and variations of them, in which words are changed for others of the
    corpus that are as long, so that they differ in what they say and not in their form."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._files = [
            (folder, path)
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        ]
        if not self._files:
            places = "、".join(map(str, folders))
            raise CorpusError(f"{places} 里没有文件可用。", "请用 --corpus 指定别处。")
        random.Random(_SEED).shuffle(self._files)
        self._words = self._read_words()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield names and texts, without end."""
        for round_ in count():
            for folder, path in self._files:
                name = path.relative_to(folder).as_posix()
                text = path.read_text(encoding="utf-8")
                yield (
                    (name, text)
                    if not round_
                    else (f"{round_}/{name}", self.vary(text, name, round_))
                )

    def vary(self, text: str, name: str, round_: int) -> str:
        """Return a text with some words changed, the same ones each time."""
        dice = random.Random(f"{_SEED} {name} {round_}")
        return "".join(
            dice.choice(self._words[len(word)])
            if _HAN.fullmatch(word) and dice.random() < _SHARE
            else word
            for word in rjieba.cut(text)
        )

    def _read_words(self) -> dict[int, list[str]]:
        found: Counter[str] = Counter()
        for _, path in self._files[:_READ]:
            found.update(_HAN.findall(" ".join(rjieba.cut(path.read_text(encoding="utf-8")))))
        ordered = [word for word, _ in found.most_common()]
        return {size: [w for w in ordered if len(w) == size][:_WORDS] for size in (2, 3, 4)}
