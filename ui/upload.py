"""Put an uploaded notice into the corpus folder, without ever replacing one that is there."""

from pathlib import Path

from indexer.errors import SuyuanError
from indexer.readers import SUFFIXES

_NAME_BYTES = 200  # file systems allow 255; the number needs some room


def save_notice(corpus: Path, name: str, content: bytes) -> str:
    """Return the name under which the notice was saved: `name`, or a numbered one if it is taken.

    Raises:
        SuyuanError: the name is no safe file name of a notice, or the folder cannot be written.
    """
    safe = _check_name(name)
    try:
        corpus.mkdir(parents=True, exist_ok=True)
        return _write_new(corpus / safe, content).name
    except OSError as error:
        raise SuyuanError(
            f"“{safe}”没有存入：{error.strerror}。",
            f"请检查语料文件夹 {corpus} 能否写入、磁盘是否已满。",
        ) from error


def _check_name(name: str) -> str:
    safe = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if safe.startswith(".") or not safe.isprintable() or len(safe.encode()) > _NAME_BYTES:
        raise SuyuanError(
            f"“{safe}”不能用作文件名。", "请改名后再上传：不以点开头，不含控制字符，不过长。"
        )
    if not safe.lower().endswith(SUFFIXES):
        raise SuyuanError(f"“{safe}”不是可收录的格式。", f"目前可收录 {'、'.join(SUFFIXES)} 文件。")
    return safe


def _write_new(path: Path, content: bytes) -> Path:
    """Write to a path that nothing has: 通知.txt, else 通知-2.txt, 通知-3.txt and so on."""
    number = 1
    while True:
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            file = target.open("xb")
        except FileExistsError:
            number += 1
            continue
        try:
            with file:
                file.write(content)
        except OSError:
            target.unlink(missing_ok=True)
            raise
        return target
