"""The files that documents were read from, as far as they are still what was read."""

import contextlib
import hashlib
import os
from pathlib import Path

from indexer.errors import ReadError
from indexer.folder import File, FileChanged, Folder
from indexer.hash_cache import stat_data
from indexer.records import Document
from indexer.scanning import open_hashes
from indexer.settings import Settings


class OriginalMissing(ReadError):
    """The corpus folder no longer has the file."""


class OriginalChanged(ReadError):
    """The file is not what it was when it was read."""


class Originals:
    """The files of a corpus folder, by their documents; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = os.path.realpath(settings.corpus)
        self._folder = Folder(settings.corpus, settings.max_file_bytes)
        self._files: dict[str, File] = {}  # those that had to be looked for

    def read(self, document: Document) -> bytes:
        """Return the content that a document was read from.

        Raises:
            OriginalMissing: the file is not there, or not of this name.
            OriginalChanged: its content is another one.
            ReadError: it cannot be opened or unpacked.
        """
        try:
            with contextlib.closing(self._folder):
                content = self._folder.read(self._file(document.id))
        except FileChanged as error:  # another archive stands there, or what is no file
            raise _missing() from error
        if hashlib.sha256(content).hexdigest() != document.sha256:
            raise OriginalChanged(
                "原件在收录之后改动过，已与这里的文字不同。", "请更新索引，再对照新的原件。"
            )
        return content

    def _file(self, name: str) -> File:
        """Return the file of a name: mostly its path below the folder; the names of members of
        archives, and those that were made readable, are found as a build finds them."""
        path = os.path.realpath(Path(self._root, name))
        if path.startswith(f"{self._root}/") and os.path.isfile(path):
            return File(name, path, "", stat_data(os.stat(path)))
        known = self._files.get(name)
        if known is None or not _is_as_found(known):
            hashes = open_hashes(self._settings)
            self._files = {each.name: each for each in self._folder.listing(hashes).files}
        if name not in self._files:
            raise _missing()
        return self._files[name]


def _is_as_found(file: File) -> bool:
    return os.path.isfile(file.path) and stat_data(os.stat(file.path)) == file.stat


def _missing() -> OriginalMissing:
    return OriginalMissing(
        "语料文件夹里已没有这份原件。", "需要核对时请把它放回原处；这里的文字是收录时读出的。"
    )
