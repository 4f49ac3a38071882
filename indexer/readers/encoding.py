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
_FIRST_LEVEL = frozenset(
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
    if row < 0xD7 or cell < 0xFA
)
# Letters of other scripts: a Chinese text has some, bytes read with a wrong table have many.
_FOREIGN = re.compile("[\u00aa-\u024f\u0370-\u1fff\ua000-\ud7ff\ue000-\uf8ff\uff66-\uff9f]")
# Punctuation, circled numbers and pictures, which stand in a name of any script.
_PLAIN = re.compile(
    "[\u00b7\u2010-\u203f\u2460-\u24ff\u3000-\u301f\uff00-\uff65\U00010000-\U0010ffff]"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
_SAMPLE = 200_000  # characters


def decode(content: bytes, declared: str | None = None) -> str:
    """Return the text with line ends as "\\n"; `declared` is an encoding the file itself names.

    Raises:
        ReadError: the bytes are no text, or no encoding makes readable text of them.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _lines(_strict(content[len(mark) :], encoding))
    text = _unmarked(content, declared)
    if text is not None:
        return _lines(text)
    if b"\0" in content:
        raise ReadError(
            "文件不是文本（含二进制数据）。", "请确认扩展名与内容相符，或移出语料文件夹。"
        )
    if _is_damaged_utf8(content):
        _strict(content, "utf-8")  # says where it is broken
    raise ReadError("文件的编码认不出来，或部分内容已损坏。", "请用编辑器另存为 UTF-8 后重建索引。")


def decode_name(name: bytes) -> str:
    """Return a file's name as a person reads it; bytes that nobody can read stand as \\xNN."""
    text = _attempt(name, "utf-8")
    if text and _common_han_share(text) == 1:
        return text  # nothing can make more sense, and of most names it is so
    texts = [text, *(_attempt(name, encoding) for encoding in ("gb18030", "big5hkscs"))]
    possible = [text for text in texts if text is not None]
    # What makes sense goes before what is possible: 通知 in GBK happens to be UTF-8 too.
    best = max(possible, key=_common_han_share, default=None)
    if best is not None and _common_han_share(best) < _COMMON_SHARE:
        best = possible[0]
    return best or name.decode("ascii", "backslashreplace")


def _common_han_share(name: str) -> float:
    """Return the share of common Han characters among all that says something but ASCII."""
    others = [sign for sign in simplify(name) if not sign.isascii() and not _PLAIN.match(sign)]
    return sum(sign in _FIRST_LEVEL for sign in others) / len(others) if others else 1.0


def _unmarked(content: bytes, declared: str | None) -> str | None:
    """Return the first reading of bytes without a mark that makes sense."""
    if b"\0" in content:
        return _best(content, "utf-16-le", "utf-16-be")
    text = _best(content, "utf-8")
    if text is None and declared:
        text = _best(content, declared)
    if text is None:
        text = _best(content, "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
    if text is None:
        guess = from_bytes(content[:_SAMPLE]).best()
        text = _best(content, guess.encoding) if guess else None
    return text


def _best(content: bytes, *encodings: str) -> str | None:
    """Return the reading with the most common, then the most Chinese characters.

    None where no reading is readable.
    """
    texts = (_attempt(content, encoding) for encoding in encodings)
    readable = [text for text in texts if text is not None and _is_readable(text)]
    return max(readable, key=lambda text: (common_share(text), _han(text)), default=None)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"文件是 {encoding.upper()} 编码，但第 {error.start + 1} 个字节起已损坏。",
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
    tolerated = len(sample) // 100 if _han(sample) else 0  # stray control characters
    if len(_CONTROL.findall(sample)) > tolerated:
        return False
    return common_share(sample) >= _COMMON_SHARE


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell UTF-8 with a few broken characters."""
    text = content.decode("utf-8", "replace")
    return _is_readable(text) and text.count("\ufffd") * 20 <= len(text)


def _han(text: str) -> int:
    return len(_HAN.findall(text[:_SAMPLE]))


def common_share(text: str) -> float:
    """Return the share of common Han characters and Latin letters among all letters."""
    sample = text[:_SAMPLE]
    han = _HAN.findall(simplify(sample))
    foreign = len(_FOREIGN.findall(sample))
    latin = len(_LATIN.findall(sample))
    if not han and not foreign:
        return 1.0
    common = sum(character in _FIRST_LEVEL for character in han)
    if han:
        return common / (len(han) + foreign)
    return latin / (latin + foreign)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
