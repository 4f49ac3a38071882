"""Header tables and "label: value" lines: which value belongs to which field.

An empty cell is an absent field: a label is never taken for its neighbour's value.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.records import Span

# Labels without white space in Simplified characters, and the field each announces. None marks a
# label whose value is not kept: it is listed so that it is never taken for a value.
_LABELS: dict[str, str | None] = {
    **dict.fromkeys(("索引号", "信息索引号", "公开索引号"), "index_number"),
    **dict.fromkeys(
        ("文号", "发文字号", "发文文号", "文件编号", "发文号", "公文文号"), "doc_number"),
    **dict.fromkeys(
        ("发文机关", "发布机构", "发布机关", "发文机构", "制发机关", "发文单位", "发布单位",
         "制定机关", "公开机构", "公开主体", "印发机关", "生成单位"), "issuer"),
    **dict.fromkeys(("来源", "信息来源", "稿件来源", "文章来源"), "source"),
    **dict.fromkeys(
        ("成文日期", "发文日期", "印发日期", "生成日期", "制发日期", "成文时间", "发文时间",
         "最新异动日期", "修正日期", "修订日期"), "issued_on"),
    **dict.fromkeys(
        ("发布日期", "公开日期", "公布日期", "发布时间", "公开时间", "上传时间", "时间", "日期"),
        "published_on"),
    **dict.fromkeys(("施行日期", "实施日期", "生效日期", "执行日期", "生效时间"), "effective_on"),
    **dict.fromkeys(("失效日期", "废止日期", "失效时间", "废止时间"), "expires_on"),
    **dict.fromkeys(("签发人",), "signer"),
    **dict.fromkeys(("密级",), "secrecy"),
    **dict.fromkeys(("紧急程度",), "urgency"),
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称"), "title"),
    **dict.fromkeys(("时效", "时效性", "有效性", "效力状态", "是否有效", "状态"), "status"),
    **dict.fromkeys(("文种", "公文种类", "体裁分类", "体裁"), "kind"),
    **dict.fromkeys(
        ("公开目录", "主题分类", "主题词", "主题", "关键词", "浏览量", "浏览次数", "点击数",
         "点击量", "阅读量", "公开方式", "公开范围", "公开形式", "公开属性", "公开时限",
         "有效期", "类别", "信息分类", "分类", "组配分类", "服务对象", "字号", "字体", "作者",
         "编辑", "责任编辑", "审核", "信息类别", "语种", "载体类型", "备注", "内容概述", "概述",
         "附件", "联系电话", "信息格式", "责任单位", "法规性质", "法规类别", "网址"), None),
}  # fmt: skip
_LABEL_WORDS = "|".join(
    r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True) if len(label) > 1
)
_LABELLED = re.compile(
    rf"(?<![^\s\[【|])(?P<label>{_LABEL_WORDS})\s*[】\]]?\s*:\s*(?!\s|(?:{_LABEL_WORDS})\s*:)"
    rf"(?P<value>[^|]*?)(?=\s+(?:{_LABEL_WORDS})\s*:|\||$)"
)
_LABEL_FIRST = re.compile(rf"(?:{_LABEL_WORDS})\s*[】\]]?\s*:")
_CELL = re.compile(r"(?:^|\||\t+)([^|\t]*)")
_LINE_LENGTH = 300  # a longer line is a paragraph


def labelled_values(plain: str, lines: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """Yield the name of a field and the span of what a label announces for it, in order.

    `plain` is simplified text; a label that announces nothing yields nothing.
    """
    for line in lines:
        if line.end - line.start > _LINE_LENGTH:
            continue
        for label, value in (*_cells(plain, line), *_colons(plain, line)):
            name = _LABELS.get("".join(label.split()))
            if name and not is_label(plain[value.start : value.end]):
                yield name, value


def is_label(words: str) -> bool:
    """Tell whether words are a label of a header table rather than a value."""
    return "".join(words.split()).rstrip(":") in _LABELS


def starts_with_label(words: str) -> bool:
    """Tell a "label: value" line, whether or not there is a value."""
    return bool(_LABEL_FIRST.match(words))


def _cells(plain: str, line: Span) -> Iterator[tuple[str, Span]]:
    """Yield the cells of a row (| or tabs between them) that are labels, with the next cell."""
    words = plain[line.start : line.end]
    if "|" not in words and "\t" not in words:
        return
    cells = [_trimmed(plain, line.start, *cell.span(1)) for cell in _CELL.finditer(words)]
    for label, value in pairwise(cells):
        name = plain[label.start : label.end]
        if is_label(name) and value.start < value.end:
            yield name.rstrip(":"), value


def _colons(plain: str, line: Span) -> Iterator[tuple[str, Span]]:
    """Yield the labels of a line that have a colon, with what follows it."""
    for found in _LABELLED.finditer(plain[line.start : line.end]):
        value = found["value"].rstrip(" 】]")
        if value:
            start = line.start + found.start("value")
            yield found["label"], Span(start, start + len(value))


def _trimmed(plain: str, offset: int, start: int, end: int) -> Span:
    words = plain[offset + start : offset + end]
    left = len(words) - len(words.lstrip())
    return Span(offset + start + left, offset + start + max(left, len(words.rstrip())))
