"""Turn bytes into text: UTF-8, GB18030, Big5 and UTF-16 told apart."""

import codecs
import re

from charset_normalizer import from_bytes

from indexer.errors import ReadError
from indexer.text import simplify

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Han characters of the first level of GB2312 (3,755 common ones) make up more than .95 of real
# notices; text decoded with a wrong table stays below .6.
_COMMON_SHARE = 0.75
_SAMPLE = 200_000
_HAN = re.compile("[\u4e00-\u9fff]")


def decode(content: bytes, declared: str | None = None) -> str:
    """Return the text with line ends as "\\n"; `declared` is an encoding the file itself names.

    Raises:
        ReadError: the bytes are no text, or no encoding makes readable text of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _lines(_strict(content[len(mark) :], encoding))
    candidates = ["utf-8", *([declared] if declared else [])]
    if content[:4096].count(0) * 8 > len(content[:4096]) or b"\0" in content:
        candidates = ["utf-16-le", "utf-16-be"]
    for encoding in candidates:
        text = _attempt(content, encoding)
        if text is not None and _is_readable(text):
            return _lines(text)
    if b"\0" in content:
        raise ReadError("文件不是文本（含二进制数据）。", "请确认扩展名与内容相符，或移出语料文件夹。")
    guesses = {"gb18030": _attempt(content, "gb18030"), "big5hkscs": _attempt(content, "big5hkscs")}
    texts = [text for text in guesses.values() if text is not None and _is_readable(text)]
    if not texts:
        guess = from_bytes(content[:_SAMPLE]).best()
        text = _attempt(content, guess.encoding) if guess else None
        if text is None or not _is_readable(text):
            raise ReadError("文件的编码认不出来，或部分内容已损坏。", "请用编辑器另存为 UTF-8 后重建索引。")
        texts = [text]
    return _lines(max(texts, key=_common_share))


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"文件标明是 {encoding.upper()} 编码，但第 {error.start + 1} 个字节起已损坏。",
            "请用编辑器打开检查，另存为 UTF-8 后重建索引。",
        ) from error


def _attempt(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None  # the next encoding is tried; that none fits is reported by the caller


def _is_readable(text: str) -> bool:
    """Tell text from bytes that a table happened to accept."""
    sample = text[:_SAMPLE]
    odd = sum(c < " " and c not in "\n\r\t\f" for c in sample)
    return odd * 100 <= len(sample) and _common_share(sample) >= _COMMON_SHARE


def _common_share(text: str) -> float:
    """Return the share of Han characters that are common ones; 1 where there are no others."""
    han = _HAN.findall(simplify(text[:_SAMPLE]))
    strange = sum("\ue000" <= c <= "\uf8ff" or "\uff66" <= c <= "\uff9f" for c in text[:_SAMPLE])
    if not han:
        return 0.0 if strange else 1.0
    common = sum(b"\xb0" <= c.encode("gb2312", "ignore")[:1] <= b"\xd7" for c in han)
    return common / (len(han) + strange)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
