"""Count which frequent words the language of rules uses, and write retrieval/rule_words.txt.

    python -m benchmarks.register

Counted are the 55,374 articles of STARD's collection and the paragraphs of the provincial reports,
set against the general dictionary's own counts. Only words go into the file, no text. Needs
../shared; takes twenty seconds.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.sets import choose_sources
from indexer.settings import PROJECT
from indexer.terms import content_words, frequency
from retrieval.register import FREQUENT

_FILE = PROJECT / "retrieval" / "rule_words.txt"
# The dictionary met 孩子 17,466 times and rules never, 产假 21 and 14 times, 工资 4,976 and 349. A
# word is of rules where they have it once in fifty of the dictionary's times, of both where it is
# once in two hundred.
_RULES, _BOTH = 1 / 50, 1 / 200
_SHORTEST = 20  # characters of a paragraph; shorter lines are headings


def main() -> None:
    """Count and write."""
    counts: Counter[str] = Counter()
    for text in _texts():
        counts.update(set(content_words(text)))
    frequent = {word: frequency(word) for word in sorted(counts)}
    shares = {w: (counts[w] + 1) / often for w, often in frequent.items() if often >= FREQUENT}
    rules = [word for word, share in shares.items() if share >= _RULES]
    both = [word for word, share in shares.items() if _BOTH <= share < _RULES]
    _FILE.write_text("\n".join(map(" ".join, (rules, both))) + "\n", encoding="utf-8")
    print(f"{_FILE.name}：{len(rules)} + {len(both)}")


def _texts() -> Iterator[str]:
    laws, reports = choose_sources(["stard", "provinces"])
    for line in laws.corpus.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        yield f"{article.get('title') or ''}\n{article['text']}"
    for path in sorted(_files(reports.corpus)):
        for paragraph in path.read_text(encoding="utf-8").splitlines():
            if len(paragraph) >= _SHORTEST:
                yield paragraph


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in (".txt", ".md"))


if __name__ == "__main__":
    main()
