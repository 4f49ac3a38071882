"""The pages of the original of a document as pictures, each drawn when it is looked at."""

import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import PurePosixPath

from indexer.errors import ReadError
from indexer.originals import Originals
from indexer.readers.confinement import Children
from indexer.readers.drawing import Picture, request, unpack_picture
from indexer.records import Document
from indexer.settings import Settings

_KEPT = 64  # pictures of a tenth to half a megabyte
_PATIENCE = 30  # seconds for one page, which takes a tenth of one


class PageImages:
    """Draws pages in children, because a file may be hostile; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._originals = Originals(settings)
        seconds = min(_PATIENCE, settings.read_seconds)
        self._children = Children(
            replace(settings, read_seconds=seconds), "indexer.readers.drawing", unpack_picture
        )
        self._kept: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, document: Document, number: int) -> Picture:
        """Return page `number` of the file that a document was read from.

        Raises:
            OriginalMissing, OriginalChanged: that file is there no more.
            ReadError: it has no such page, or none can be drawn of it.
        """
        content = self._originals.read(document)
        key = (document.sha256, number)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        suffix = PurePosixPath(document.id).suffix
        try:
            picture = self._children.read(request(number, suffix), content)
        except ReadError as error:
            raise ReadError(
                f"画不出这一页：{error.fact}", "文字不受影响；要核对时请用别的程序打开原件。"
            ) from error
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return picture

    def close(self) -> None:
        """End the children."""
        with self._children:
            pass
