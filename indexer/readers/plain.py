"""Plain text, as saved from an editor or copied from a web page."""

from indexer.readers.encoding import decode
from indexer.readers.source import Source


def read(content: bytes) -> Source:
    """Read a .txt file."""
    return Source(decode(content))
