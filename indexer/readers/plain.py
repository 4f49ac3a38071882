"""Plain text, as saved from an editor or copied from a web page."""

from indexer.readers.encoding import decode
from indexer.readers.pipes import find_tables
from indexer.readers.source import Source, Step, ignore_steps


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .txt file."""
    text = decode(content)
    return Source(text, tables=tuple(find_tables(text)))
