"""Read a file into a `Source`: its text, and what its form says about that text.

`READERS` is the table of suffixes; one module reads one form. A reader raises `ReadError` for
what it cannot read and invents nothing.
"""

import os
from collections.abc import Callable
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers import markdown, plain, web
from indexer.readers.source import Source

READERS: dict[str, Callable[[bytes], Source]] = {
    ".txt": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": web.read,
    ".htm": web.read,
}


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """Return a file's content.

    Raises:
        ReadError: it cannot be opened, is empty, or is larger than `max_bytes`.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise ReadError(
                f"文件有 {size / 1e6:.0f} MB，超过单个文件 {max_bytes / 1e6:.0f} MB 的上限。",
                "请拆成几个文件，或用 SUYUAN_MAX_FILE_MB 调大上限后重建索引。",
            )
        content = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"文件打不开（{os.strerror(error.errno or 0)}）。", "请检查文件的读取权限后重建索引。"
        ) from error
    if not content.strip():
        raise ReadError("文件是空的。", "请补上内容，或把它移出语料文件夹。")
    return content


def read_source(name: str, content: bytes) -> Source:
    """Read the content of a file called `name` (its suffix says the form).

    Raises:
        ReadError: the form is unknown, or the content is not of that form.
    """
    suffix = Path(name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise ReadError(
            f"暂不支持 {suffix or '没有扩展名的'} 文件。",
            f"请另存为 {'、'.join(READERS)} 之一后重建索引。",
        )
    source = reader(content)
    if not any(character.isalnum() for character in source.text):
        raise ReadError("文件里没有文字。", "请检查文件内容；若是扫描件，请先识别成文字。")
    return source
