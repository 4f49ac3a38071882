"""Read a file into a `Source`: its text, and what its form says about that text.

`FORMATS` is the table of forms; one module reads one or a few of them. What the content is
decides, not what the file is called. A reader raises `ReadError` for what it cannot read and
invents nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers.encoding import decode
from indexer.readers.signatures import recognise
from indexer.readers.source import Source, Step, ignore_steps
from indexer.records import Caution

Reader = Callable[[bytes, Step], Source]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of file: what people call it, its suffixes, the module that reads it ("" for none),
    and the labels that `recognise` gives its content; `cure` is what to do about one that has no
    reader."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    labels: tuple[str, ...] = ()
    cure: str = ""


FORMATS = (
    Format("纯文本", (".txt",), "plain"),
    Format("Markdown 文本", (".md", ".markdown"), "markdown"),
    Format("网页", (".html", ".htm", ".shtml"), "web", ("html",)),
    Format("网页存档", (".mht", ".mhtml"), "mht", ("mime",)),
    Format("Word 文档", (".docx", ".docm"), "word", ("docx",)),
    Format("Word 97-2003 文档", (".doc", ".wps"), "office", ("doc", "word xml")),
    Format("RTF 文档", (".rtf",), "office", ("rtf",)),
    Format("ODF 文本文档", (".odt",), "office", ("odt",)),
    Format("PDF 文档", (".pdf",), "pdf", ("pdf",)),
    Format("OFD 版式文档", (".ofd",), "ofd", ("ofd",)),
    Format("Excel 工作簿", (".xlsx", ".xlsm"), "sheet", ("xlsx",)),
    Format("Excel 97-2003 工作簿", (".xls",), "sheet", ("xls",)),
    Format("文本表格", (".csv", ".tsv"), "delimited"),
    Format(
        "图片", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), "image", ("image",)
    ),
    # `indexer.folder` opens these; here come those that it could not, or that are called otherwise.
    Format(
        "ZIP 压缩包", (".zip",), "", ("zip",),
        "请确认它是完好的压缩包、扩展名是 .zip，或解压后放入里面的文件。",
    ),
    Format(
        "压缩包", (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"), "", ("packed",),
        "请解压后放入里面的文件，或改存为 .zip。",
    ),
    Format("演示文稿", (".pptx", ".ppt"), "", ("slides",), "请另存为 .pdf 后重建索引。"),
    Format("ODF 表格", (".ods",), "", ("ods",), "请另存为 .xlsx 后重建索引。"),
    Format("Excel 二进制工作簿", (".xlsb",), "", ("xlsb",), "请另存为 .xlsx 后重建索引。"),
    Format(
        "加密的 Office 文档", (), "", ("encrypted",),
        "请用 Word 或 WPS 打开后去掉密码，另存一份再重建索引。",
    ),
)  # fmt: skip
SUFFIXES = tuple(
    suffix for each in FORMATS if each.module or "zip" in each.labels for suffix in each.suffixes
)

_BY_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
_BY_LABEL = {label: each for each in FORMATS for label in each.labels}
# Text that quotes a page or a mail is still text.
_WRITTEN = {"plain", "markdown", "delimited"}
_MARKUP = {"html", "mime"}
_TEXTUAL = _WRITTEN | {"web"}
_SAMPLE = 4096  # bytes in which a file that is no text shows it


def read_source(name: str, content: bytes, step: Step = ignore_steps) -> Source:
    """Read the content of a file called `name`.

    Raises:
        ReadError: the form is unknown, or the content is not of that form.
    """
    suffix = Path(name).suffix.lower()
    form = find_format(suffix, content)
    source = _load_reader(form)(content, step)
    if not any(character.isalnum() for character in source.text):
        raise ReadError("文件里没有文字。", "请检查文件内容；若是扫描件，请换清晰些的。")
    if suffix in form.suffixes:
        return source
    fact = f"{_differ(suffix, form)}（{form.suffixes[0]}）；已按内容读取。"
    return replace(source, cautions=(Caution(fact, "建议改正扩展名。"), *source.cautions))


def find_format(suffix: str, content: bytes) -> Format:
    """Return the form of a file: what its content is, or, where that does not show, its suffix.

    Raises:
        ReadError: neither is known, or there is no reader for that form.
    """
    said, label = _BY_SUFFIX.get(suffix), recognise(content)
    if said is not None and said.module in _WRITTEN and label in _MARKUP:
        return said
    form = _BY_LABEL.get(label) or (said and _text_form(said, content)) or said
    if form is None:
        raise ReadError(
            f"暂不支持{f' {suffix} ' if suffix else '没有扩展名的'}文件。",
            f"请另存为 {'、'.join(SUFFIXES)} 之一后重建索引。",
        )
    if not form.module:
        raise ReadError(_refusal(form, suffix), form.cure)
    return form


def _text_form(said: Format, content: bytes) -> Format | None:
    """Return the form of text that stands under a suffix of another form; None for no text."""
    sample = content[:_SAMPLE]
    if not said.module or said.module in _TEXTUAL or b"\0" in sample or b"%PDF-" in sample:
        return None
    try:
        decode(content)
    except ReadError:
        return None  # the reader of that suffix says what is wrong
    return _BY_SUFFIX[".csv" if said.module == "sheet" else ".txt"]


def _refusal(form: Format, suffix: str) -> str:
    if "encrypted" in form.labels:
        return "文件有打开密码，读不了。"
    if suffix == ".zip" and suffix in form.suffixes:
        return "压缩包打不开，可能已损坏或不完整。"
    if suffix in form.suffixes:
        return f"暂不支持 {suffix} 文件（{form.name}）。"
    return f"{_differ(suffix, form)}，暂不支持。"


def _differ(suffix: str, form: Format) -> str:
    said = f"扩展名是 {suffix}" if suffix else "文件没有扩展名"
    return f"{said}，内容其实是{' ' if form.name[0].isascii() else ''}{form.name}"


def _load_reader(form: Format) -> Reader:
    """Import a reader only when a file of its form comes: some bring large libraries."""
    reader: Reader = import_module(f"indexer.readers.{form.module}").read
    return reader
