"""manifest.json of a generation: what it holds, how it was made, and of which segments."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.errors import IndexUnusable

# Raised whenever the form on disk changes; an index of another form is refused.
SCHEMA_VERSION = 6
REBUILD = "请运行 python -m indexer build 重建索引。"

_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and how it was made.

    `content` is the same for two generations exactly when all documents and settings are;
    `generation` also tells how the documents are spread over segments, and what else the inventory
    says. `identity` stands for a built-in model and its precision without loading it
    (`embedding.identify_vectors`); `conditions` says what the files were read with
    (`reading.conditions`). `segments` are ids, each of them a hash of its segment;
    `inventory` is the sha256 of inventory.sqlite. `recall` is the share of the nearest passages
    that the vector structure finds, 1 where every vector is compared.
    """

    schema: int
    content: str
    model: str
    identity: str
    fingerprint: str
    dimension: int
    passage_tokens: int
    reading_version: int
    linking_version: int
    conditions: str
    generation: str = ""
    created: str = ""
    documents: int = 0
    passages: int = 0
    sentences: int = 0
    recall: float = 1.0
    segments: tuple[str, ...] = ()
    inventory: str = ""

    def write(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / _FILE).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest.

    Raises:
        IndexUnusable: it is missing, damaged, or of another version.
    """
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        schema = found["schema"]
        if schema != SCHEMA_VERSION:
            raise IndexUnusable(
                f"索引的格式版本是 {schema}，本程序使用版本 {SCHEMA_VERSION}。", REBUILD
            )
        return Manifest(**{**found, "segments": tuple(found["segments"])})
    except OSError as error:
        raise IndexUnusable("索引不完整：清单文件打不开。", REBUILD) from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexUnusable("索引已损坏：清单文件读不懂。", REBUILD) from error


def generation_id(*parts: str) -> str:
    """Return the id of a generation made of all that tells it from another."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
