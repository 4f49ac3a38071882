"""What each part of the ranking is worth: every set with one part off, or set otherwise.

    python -m benchmarks.ablation [--sets notices,own] [--limit 300]

A star marks what is better so than with the ranking as it is.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.answers import measure_answers
from benchmarks.judging import Judge, Suyuan
from benchmarks.kept import prepare
from benchmarks.metrics import Figures, average
from benchmarks.quality import add_keep, find_sources, thin
from benchmarks.runs import this_run
from benchmarks.sets import QuestionSet
from benchmarks.tables import format_table
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine
from retrieval.ranking import RANKING, Ranking

_WHOLE = "as it is"
PARTS: tuple[tuple[str, Ranking], ...] = (
    (_WHOLE, RANKING),
    ("without the question map", replace(RANKING, moved=0.0)),
    ("without words", replace(RANKING, meaning=1.0)),
    ("without meaning", replace(RANKING, meaning=0.0)),
    ("without sentences", replace(RANKING, sentence=0.0)),
    ("without pairs", replace(RANKING, pairs=0.0)),
    ("without turns of places", replace(RANKING, turn=0.0)),
    ("named places do not count", replace(RANKING, named=0.0)),
    ("named places limit", replace(RANKING, named=9.0)),
)
# Questions of a set; a part that makes no difference on so many makes none worth having.
_QUESTIONS = 300
_OF_ANSWERS = ("cov", "answered", "refused")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every part on the sets asked for, print a table of each and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="排序各部分的作用")
    parser.add_argument("--sets", default="", help="问题集的名字，用逗号隔开")
    parser.add_argument("--limit", type=int, default=_QUESTIONS, help="每个问题集至多问几个问题")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    figures = {}
    try:
        for source in find_sources(given.sets):
            asked, at = prepare(source, given.keep, settings)
            figures[source.name] = measure(thin(asked, given.limit), at)
            print(f"\n{source.name}（* 优于现在的排序）")
            print(format_table(figures[source.name], mark_against=_WHOLE))
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    part = list(figures) if given.sets else []  # must not take the place of the whole
    print(f"\n{this_run().save('-'.join(['ablation', *part]), figures)}")
    return 0


def measure(asked: QuestionSet, settings: Settings) -> dict[str, Figures]:
    """Return the figures of a set for every part; those of answers begin with ask."""
    generation = open_live(settings.index)
    judge = Judge(asked, generation)
    figures = {}
    for name, ranking in PARTS:
        engine = Engine.open(settings, ranking=ranking)
        product = Suyuan(engine, generation)
        rows = judge.score([product.rank(each.text, judge.depth) for each in judge.questions])
        figures[name] = average(rows)
        if not asked.by_documents:
            answers = measure_answers(engine, asked.questions)
            figures[name] |= {f"ask {k}": answers[k] for k in _OF_ANSWERS if k in answers}
    return figures


if __name__ == "__main__":
    sys.exit(main())
