"""Whether a sentence's origin is found when the sentence is altered, and what has none is refused.

    python -m benchmarks.precedents [--sets own,notices,provinces] [--count 100]
    python -m benchmarks.precedents --at laws=INDEX        put to an index that is there, too

Of each corpus sentences are drawn, evenly spaced, and altered the way writers alter them
(drafts.py). *First* is the share whose origin, or a document with the very same words, comes first;
*worded* the share for which it is found by wording at all. A draft on nothing in the corpus is to
be *refused*: nothing is shown. Sentences of the other corpora are put to each, too, though nobody
knows which of them have a precedent there; what is meant in other words to the project's own
notices alone.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.drafts import MEANT, UNRELATED, Origin, alter, draw_sentences
from benchmarks.kept import prepare
from benchmarks.metrics import Figures
from benchmarks.quality import add_keep, find_sources
from benchmarks.runs import this_run
from benchmarks.tables import format_table
from benchmarks.timing import percentile
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine
from retrieval.precedents import CHANGED, SAME, DraftSentence, Precedent, Wanted

_SETS = "own,notices,provinces"
_OWN = "own"
_WANTED = Wanted(k=10)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each corpus, print the tables and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="找先例的准确程度")
    parser.add_argument("--sets", default=_SETS, help="语料的名字，用逗号隔开")
    parser.add_argument("--count", type=int, default=100, help="每份语料取多少句")
    parser.add_argument("--at", action="append", default=[], metavar="名字=索引")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    figures: dict[str, dict[str, Figures]] = {}
    try:
        places = dict(_indexes(given, settings))
        drawn = {n: draw_sentences(open_live(at.index), given.count) for n, at in places.items()}
        for name, at in places.items():
            others = [origin.text for n, found in drawn.items() if n != name for origin in found]
            figures[name] = measure(at, drawn[name], others, MEANT if name == _OWN else ())
            print(f"\n{name}\n{format_table(figures[name], '初稿')}")
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if not given.at:  # a trial is not kept
        print(f"\n{this_run().save('precedents', figures)}")
    return 0


def _indexes(given: argparse.Namespace, settings: Settings) -> Iterator[tuple[str, Settings]]:
    """Yield each corpus by name with the settings of its index."""
    places = dict(each.split("=", 1) for each in given.at)
    for source in find_sources(given.sets) if given.sets else ():
        if source.name not in places:
            yield source.name, prepare(source, given.keep, settings)[1]
    for name, index in places.items():
        yield name, replace(settings, index=Path(index))


def measure(
    settings: Settings,
    drawn: Sequence[Origin],
    others: Sequence[str] = (),
    meant: Sequence[tuple[str, str]] = (),
) -> dict[str, Figures]:
    """Return the figures of each way of altering what was drawn, of drafts without a precedent, of
    sentences of `others`, and of what is `meant` in other words, with a piece of the quote."""
    engine = Engine.open(settings)
    engine.wait()
    rows: defaultdict[str, list[Figures]] = defaultdict(list)
    for origin in drawn:
        for name, draft in alter(origin.text):
            rows[name].append(_judge(engine, origin, draft))
    for name, drafts in (("unrelated", UNRELATED), ("of another corpus", others)):
        for draft in drafts:
            sentence, took = _find(engine, draft)
            is_worded, is_refused = sentence.usage is not None, not sentence.found
            rows[name].append({"worded": is_worded, "refused": is_refused, "ms": took})
    for draft, piece in meant:
        sentence, took = _find(engine, draft)
        quotes = [each.citation.quote for each in sentence.precedents]
        rows["in other words"].append(
            {
                "first": any(piece in quote for quote in quotes[:1]),
                "first 3": any(piece in quote for quote in quotes[:3]),
                "refused": not quotes,
                "ms": took,
            }
        )
    return {name: _mean(found) for name, found in rows.items()}


def _judge(engine: Engine, origin: Origin, draft: str) -> Figures:
    sentence, took = _find(engine, draft)
    ranks = [_has(precedent, origin) for precedent in sentence.precedents]
    worded = [
        each for each in sentence.precedents if each.kind in (SAME, CHANGED) and _has(each, origin)
    ]
    return {
        "first": any(ranks[:1]),
        "first 3": any(ranks[:3]),
        "worded": bool(worded),
        "identical": any(each.kind == SAME for each in worded),
        "ms": took,
    }


def _find(engine: Engine, draft: str) -> tuple[DraftSentence, float]:
    """Return what was found, and in how many milliseconds; of a draft that falls into two sentences
    for the longer one."""
    found = engine.precedents(draft, _WANTED)
    return max(found.sentences, key=lambda sentence: len(sentence.text)), found.milliseconds


def _has(precedent: Precedent, origin: Origin) -> bool:
    """Tell whether a precedent, or a copy of it, stands in the sentence that a draft is made of."""
    cited = precedent.citation
    places = [(cited.source.document, cited.span)]
    places += [(copy.source.document, copy.span) for copy in precedent.same]
    return any(
        document == origin.document and span.overlaps(origin.span) for document, span in places
    )


def _mean(found: Sequence[Figures]) -> Figures:
    """Return how many there are, the mean of each figure, and p95 of the time."""
    times = [figures["ms"] for figures in found]
    shares = {
        name: statistics.mean(figures[name] for figures in found)
        for name in found[0]
        if name != "ms"
    }
    return {
        "drafts": float(len(found)),
        **shares,
        "p50 ms": statistics.median(times),
        "p95 ms": percentile(times, 0.95),
    }


if __name__ == "__main__":
    sys.exit(main())
