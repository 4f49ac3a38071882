"""Where uploaded files wait, beside the index, until a person takes them into the corpus or not.

Each lies in a folder of its own, named after the time at which it came, so that two of one name
keep apart and a restart of the program loses none.
"""

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import SuyuanError
from indexer.saving import check_name, save_notice

_KEPT = 7 * 24 * 3600  # seconds; what nobody decided on in a week was forgotten
_PREFIX_DIGITS = 19  # of nanoseconds, so that names sort as the files came


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that waits; `id` is the name of its folder."""

    id: str
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def at(self) -> float:
        """When it came, in seconds since 1970."""
        return int(self.id.split("-")[0]) / 1e9


class Staging:
    """The files that wait in one folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> Staged:
        """Have a file wait.

        Raises:
            SuyuanError: its name is no safe one, or the folder cannot be written.
        """
        safe = check_name(name)
        own: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            stamp = f"{time.time_ns():0{_PREFIX_DIGITS}}-"
            own = Path(tempfile.mkdtemp(prefix=stamp, dir=self.folder))
            path = own / safe
            path.write_bytes(content)
        except OSError as error:
            if own is not None:
                shutil.rmtree(own, ignore_errors=True)
            raise SuyuanError(
                f"“{safe}”没有上传成功：{error.strerror}。",
                f"请检查索引文件夹 {self.folder.parent} 能否写入、磁盘是否已满。",
            ) from error
        return Staged(own.name, path)

    def files(self) -> tuple[Staged, ...]:
        """Return what waits, as it came."""
        if not self.folder.is_dir():
            return ()
        found = (
            Staged(own.name, path)
            for own in sorted(self.folder.iterdir())
            if own.name.split("-")[0].isdecimal()
            for path in own.iterdir()
        )
        return tuple(found)

    def take_in(self, staged: Staged, corpus: Path, folder: str = "") -> str:
        """Put a file into the corpus and return its path there; it waits no longer.

        Raises:
            SuyuanError: it is no longer there, or cannot be saved; it then goes on waiting.
        """
        try:
            content = staged.path.read_bytes()
        except OSError as error:
            raise SuyuanError(
                f"“{staged.name}”已不在待收文件中。", "它可能已被收下或放弃；还需要时请重新上传。"
            ) from error
        saved = save_notice(corpus, staged.name, content, folder)
        self.discard(staged)
        return saved

    def discard(self, staged: Staged) -> None:
        """Forget a file."""
        shutil.rmtree(self.folder / staged.id, ignore_errors=True)

    def forget_old(self) -> None:
        """Forget what has waited for longer than anybody will come back to it."""
        for staged in self.files():
            if time.time() - staged.at > _KEPT:
                self.discard(staged)
