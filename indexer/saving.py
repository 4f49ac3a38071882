"""A notice comes into the corpus folder, under a name of its own: none is ever overwritten."""

from pathlib import Path

from indexer.errors import SuyuanError
from indexer.readers import SUFFIXES

_NAME_BYTES = 200  # file systems allow 255; the number needs some room
_DEEPEST = 8  # folders in folders


def save_notice(corpus: Path, name: str, content: bytes, folder: str = "") -> str:
    """Return the path below the corpus under which a notice was saved: `name` in `folder`, or a
    numbered one where that is taken.

    Raises:
        SuyuanError: the name is no safe file name of a notice, or the folder cannot be written.
    """
    safe = check_name(name)
    if not safe.lower().endswith(SUFFIXES):
        raise SuyuanError(f"“{safe}”不是可收录的格式。", f"目前可收录 {'、'.join(SUFFIXES)} 文件。")
    parent = corpus / check_folder(folder)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        target = make_file(parent / safe)
        try:
            target.write_bytes(content)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SuyuanError(
            f"“{safe}”没有存入：{error.strerror}。",
            f"请检查语料文件夹 {corpus} 能否写入、磁盘是否已满。",
        ) from error
    return target.relative_to(corpus).as_posix()


def check_name(name: str) -> str:
    """Return the last part of a path, as a browser may give it, if it is a safe name of a file.

    Raises:
        SuyuanError: it is not.
    """
    safe = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not _is_safe(safe):
        raise SuyuanError(
            f"“{safe}”不能用作文件名。", "请改名后再上传：不以点开头，不含控制字符，不过长。"
        )
    return safe


def check_folder(folder: str) -> str:
    """Return a folder below the corpus as a path with forward slashes, "" for the corpus itself.

    Raises:
        SuyuanError: it leads elsewhere, or to where nothing is indexed.
    """
    parts = [part.strip() for part in folder.replace("\\", "/").split("/")]
    named = [part for part in parts if part]
    if len(named) > _DEEPEST or not all(map(_is_safe, named)):
        raise SuyuanError(
            f"“{folder}”不能用作文件夹。", "请改名：各级不以点开头，不含控制字符，不过长。"
        )
    return "/".join(named)


def make_file(path: Path) -> Path:
    """Make an empty file at a path that nothing has, and return it: 通知.txt, else 通知-2.txt,
    通知-3.txt and so on.

    Raises:
        OSError: none can be made there.
    """
    number = 1
    while True:
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            target.open("xb").close()
        except FileExistsError:
            number += 1
        else:
            return target


def _is_safe(name: str) -> bool:
    is_hidden = not name or name.startswith(".")
    return not is_hidden and name.isprintable() and len(name.encode()) <= _NAME_BYTES
