"""How many references are found and resolved, what 时效 is proven, and how long that takes.

    python -m benchmarks.links [--corpus DIR ...] [--sample 100]

Without a corpus: the regulations of both scripts where they lie beside the project, else the
project's own corpus. `--sample` prints so many references and standings drawn at random, each with
the words that prove it, for reading by eye.
"""

import argparse
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.runs import this_run
from indexer.chunking import sentence_at
from indexer.errors import ReadError
from indexer.link_tables import LINK_TABLES, LinkTables, rows_of
from indexer.links import relink
from indexer.notices import read_document
from indexer.records import Document, Links, Span
from indexer.settings import PROJECT
from retrieval.standing import CHANGES, UNKNOWN, Standings

_SHARED = PROJECT.parent / "shared" / "corpora"
_SEED = 7
_TODAY = date(2025, 6, 1)  # figures of two days can be compared
_CHANGED = 100  # documents that are linked anew, one at a time
_AROUND = 40  # characters shown on either side of a reference


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each corpus, print its figures and keep them."""
    laws = [folder for folder in (_SHARED / "laws_cn", _SHARED / "laws_tw") if folder.is_dir()]
    parser = argparse.ArgumentParser(description="引用和时效")
    parser.add_argument("--corpus", type=Path, nargs="*", default=laws or [PROJECT / "corpus"])
    parser.add_argument("--sample", type=int, default=0)
    given = parser.parse_args(arguments)
    figures = {}
    for folder in given.corpus:
        print(f"\n{folder.name}")
        figures[folder.name] = measure(_read(folder), given.sample)
        for name, value in figures[folder.name].items():
            print(f"  {name:24s} {value:12.3f}")
    print(f"\n{this_run().save('links', figures)}")


def measure(documents: Sequence[Document], sample: int) -> dict[str, float]:
    """Return the figures of a corpus: counts, shares and seconds."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(LINK_TABLES)
        started = time.perf_counter()
        relink(database, (), enumerate(documents))
        linked = time.perf_counter() - started
        changed = _change_one(database, documents)
        tables = LinkTables(rows_of(database))
        links = tables.whole()
    headers = {document.id: document.header for document in documents}
    changes = [each for each in links.references if each.reference.action in CHANGES and each.cited]
    started = time.perf_counter()
    standings = Standings(headers, links.versions, changes, _TODAY)
    proofs = {name: standings.of(name) for name in headers}
    judged = time.perf_counter() - started
    _show(documents, links, standings, sample)
    printed = [each for each in links.references if each.reference.is_document]
    actions = Counter(each.reference.action for each in links.references)
    values = Counter(proof.value if proof else UNKNOWN for proof in proofs.values())
    return {
        "documents": len(documents),
        "million_characters": sum(len(document.text) for document in documents) / 1e6,
        "references": len(links.references),
        "in_brackets_or_by_number": len(printed),
        "resolved_of_these": sum(bool(each.cited) for each in printed) / max(1, len(printed)),
        **{f"action_{name}": count for name, count in actions.most_common()},
        "titles_with_versions": len(links.versions),
        "with_effective_day": sum(bool(header.effective_on) for header in headers.values()),
        **{f"standing_{name}": count for name, count in values.most_common()},
        "link_s": linked,
        "relink_one_ms": 1000 * changed,
        "standing_s": judged,
    }


def _change_one(database: sqlite3.Connection, documents: Sequence[Document]) -> float:
    """Return the median seconds that it takes to link one document anew."""
    drawn = random.Random(_SEED).sample(range(len(documents)), min(_CHANGED, len(documents)))
    seconds = []
    for new, number in enumerate(drawn, start=len(documents)):
        started = time.perf_counter()
        relink(database, [number], [(new, documents[number])])
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def _read(folder: Path) -> list[Document]:
    documents = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            name = path.relative_to(folder).as_posix()
            documents.append(read_document(name, path.read_bytes()))
        except ReadError as error:
            print(f"  {path.name}: {error.fact}")
    return documents


def _show(documents: Sequence[Document], links: Links, standings: Standings, sample: int) -> None:
    """Print references and standings drawn at random with the words that prove them."""
    draw = random.Random(_SEED)
    texts = {document.id: document.text for document in documents}
    for each in draw.sample(links.references, min(sample, len(links.references))):
        made = each.reference
        around = Span(
            max(made.sentence.start, made.span.start - _AROUND),
            min(made.sentence.end, made.span.end + _AROUND),
        )
        words = " ".join(texts[each.citing][around.start : around.end].split())
        print(f"  {made.action} {made.name}{made.doc_number} -> {each.cited or '—'} | {words}")
    for name in draw.sample(sorted(texts), min(sample, len(texts))):
        proof = standings.of(name)
        if proof is None:
            print(f"  {UNKNOWN} {name}")
            continue
        span = sentence_at(texts[proof.document], proof.span)
        words = " ".join(texts[proof.document][span.start : span.end].split())
        print(f"  {proof.value} {name} | {proof.document} | {words}")


if __name__ == "__main__":
    main()
