"""How long a search and an answer take, and how much of it is the embedding of the question.

    python -m benchmarks.latency [--sets notices provinces]

Each question set is asked on its own corpus; how the times grow with the corpus is measured by
`benchmarks.scale`.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle, islice

from benchmarks.kept import prepare
from benchmarks.metrics import Figures
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.sets import choose_sources
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.embedding import load_encoder
from indexer.errors import SuyuanError
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine

_ASKED = 200  # questions at most
_LEAST = 30  # times that questions are asked, also where there are fewer
_WARM = 5  # questions asked before, not counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each set, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="检索和问答的时间")
    parser.add_argument("--sets", nargs="+", default=["notices", "provinces"], metavar="SET")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    try:
        figures = dict(measure_sets(given, settings))
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"至多 {_ASKED} 个问题，毫秒")
    print(format_table(figures))
    print(this_run().save("-".join(["latency", *given.sets]), figures))
    return 0


def measure_sets(given: argparse.Namespace, settings: Settings) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of each set, with its own questions on its own corpus."""
    for source in choose_sources(given.sets):
        asked, at = prepare(source, given.keep, settings)
        yield source.name, measure(at, [question.text for question in asked.questions])


def measure(settings: Settings, questions: Sequence[str]) -> Figures:
    """Return p50 and p95 of a search and of an answer, p50 of the embedding in them, and its share
    of the search. Few questions are asked several times."""
    engine = Engine.open(settings)
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    for question in islice(cycle(questions), _WARM):
        engine.ask(question)
    searches, answers, embeddings = [], [], []
    count = min(_ASKED, max(_LEAST, len(questions)))
    for question in islice(cycle(questions), _WARM, _WARM + count):
        searches.append(seconds(partial(engine.search, question)) * 1000)
        answers.append(seconds(partial(engine.ask, question)) * 1000)
        embeddings.append(seconds(partial(encoder.encode_question, question)) * 1000)
    middle, embedding = statistics.median(searches), statistics.median(embeddings)
    return {
        "p50 ms": middle,
        "p95 ms": percentile(searches, 0.95),
        "embedding p50 ms": embedding,
        "share of p50": embedding / middle,
        "ask p50 ms": statistics.median(answers),
        "ask p95 ms": percentile(answers, 0.95),
    }


if __name__ == "__main__":
    sys.exit(main())
