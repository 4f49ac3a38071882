"""Programs that keep an index on the disk and are measured whole: this one, and txtai.

Each has its model loaded when it is made. Files that come later are named beforehand, because txtai
is given the passages that this program has cut: it reads and cuts nothing.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from benchmarks.passages import embedded_texts
from indexer.build import build
from indexer.embedding import load_encoder
from indexer.generations import open_live
from indexer.settings import Settings
from indexer.text import simplify
from retrieval.engine import Engine

_SHOWN = 10  # passages of a search

Texts = dict[str, list[str]]  # what is embedded of each file, a text for each passage


class Program(Protocol):
    """A program whose index lies in `folder`."""

    folder: Path

    def index(self) -> None:
        """Index the corpus from nothing, so that it is on the disk and can be searched."""

    def add(self, name: str, text: str) -> None:
        """Index one file more."""

    def remove(self, name: str) -> None:
        """Take a file out of the index."""

    def search(self, question: str) -> Collection[str]:
        """Return the files of the best passages."""


class Suyuan:
    """This program, as the application uses it: a build, and the index opened anew."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.index
        self._settings = settings
        # The last model is kept, and the builds and engines to come use it.
        load_encoder(settings.model, settings.cache, settings.precision).encode_question("预热")

    def index(self) -> None:
        build(self._settings)
        self.engine = Engine.open(self._settings)

    def add(self, name: str, text: str) -> None:
        (self._settings.corpus / name).write_text(text, encoding="utf-8")
        self.index()

    def remove(self, name: str) -> None:
        (self._settings.corpus / name).unlink()
        self.index()

    def search(self, question: str) -> Collection[str]:
        return {hit.source.document for hit in self.engine.search(question, k=_SHOWN)}

    def texts(self) -> Texts:
        """Return what was embedded of each file that is in the index now."""
        generation = open_live(self.folder)
        found: Texts = {name: [] for name in generation.ids}
        owners = generation.document_of.tolist()
        for owner, text in zip(owners, embedded_texts(generation), strict=True):
            found[generation.ids[owner]].append(text)
        return found


class Txtai:
    """txtai's hybrid index with its defaults and the texts kept; a change saves it whole."""

    def __init__(self, model: Path, folder: Path, texts: Texts, later: Collection[str]) -> None:
        from txtai import Embeddings

        self.folder = folder
        self._texts = texts
        self._later = later
        # It finds the prompt of a question in the model's folder, and not that of a passage.
        self._embeddings: Any = Embeddings(
            path=str(model),
            method="sentence-transformers",
            instructions={"data": "passage: "},
            hybrid=True,
            content=True,
        )
        self._embeddings.batchtransform(["预热"])

    def index(self) -> None:
        names = [name for name in self._texts if name not in self._later]
        self._embeddings.index([row for name in names for row in self._rows(name)])
        self._embeddings.save(str(self.folder))

    def add(self, name: str, text: str) -> None:
        self._embeddings.upsert(self._rows(name))
        self._embeddings.save(str(self.folder))

    def remove(self, name: str) -> None:
        self._embeddings.delete([key for key, *_ in self._rows(name)])
        self._embeddings.save(str(self.folder))

    def search(self, question: str) -> Collection[str]:
        found = self._embeddings.search(simplify(question), _SHOWN)
        return {str(hit["id"]).rsplit("#", 1)[0] for hit in found}

    def _rows(self, name: str) -> list[tuple[str, str, None]]:
        return [(f"{name}#{at}", text, None) for at, text in enumerate(self._texts[name])]


def write_texts(path: Path, texts: Texts) -> None:
    """Hand over what was embedded to the process of another program."""
    path.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def read_texts(path: Path) -> Texts:
    """Return what was handed over."""
    found: Texts = json.loads(path.read_text(encoding="utf-8"))
    return found
