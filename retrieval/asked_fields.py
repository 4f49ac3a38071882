"""The fields of a document (文号, date, issuer, title …) that a question asks for."""

import re
from collections.abc import Collection, Sequence

# What people call a field.
_WHEN = "(什么时候|哪天|何时)"
_FIELDS = (
    ("index_number", re.compile("索引号")),
    ("doc_number", re.compile("文号|发文字号")),
    (
        "published_on",
        re.compile(f"(发布|公开|公布)(日期|时间|日)|{_WHEN}(发布|公布|公开)"),
    ),
    (
        "issued_on",
        re.compile(f"(成文|印发|落款|签发|发文|制发)(日期|时间|日)|{_WHEN}(印发|成文|发文|出台)"),
    ),
    (
        "issuer",
        re.compile(
            "发文机关|发布机构|发文单位|印发(单位|机关)|(谁|哪个(单位|部门|机关))(印发|发布|发)的"
        ),
    ),
    ("addressee", re.compile("主送|(发|印发)给(谁|哪些|哪个)")),
    ("copied_to", re.compile("抄送")),
    ("signer", re.compile("签发人|谁签发")),
    ("secrecy", re.compile("密级")),
    ("urgency", re.compile("紧急程度")),
    (
        "effective_on",
        re.compile(f"(施行|生效|实施)(日期|时间)|{_WHEN}(起|开始)?(正式)?(施行|生效|实施|执行)"),
    ),
    (
        "expires_on",
        re.compile(f"有效期|(失效|到期)(日期|时间)|{_WHEN}(失效|到期)"),
    ),
    (
        "title",
        re.compile("标题|题目|名称|什么文件|哪一?(份|个|些)(文件|通知|办法|方案)|关于什么|叫什么"),
    ),
)
_LOOKUP_WORDS = frozenset(
    "文件 通知 办法 方案 意见 日期 时间 标题 题目 名称 文号 索引号 发布 公开 公布 印发 成文 落款 "
    "签发 发文 出台 机关 单位 部门 机构 发文机关 发布机构 一份 份文件 什么时候 发布日期 发文字号 "
    "一个 主送 抄送 签发人 密级 紧急 紧急程度 程度 施行 生效 有效期 有效 期 失效 到期 多久 开始 "
    "正式 截止 实施日期 施行日期".split()
)


def asked_fields(plain: str) -> tuple[str, ...]:
    """Return the names of the fields that a simplified question asks for."""
    return tuple(name for name, pattern in _FIELDS if pattern.search(plain))


def subject_words(content: Sequence[str]) -> list[str]:
    """Return the words of a question that do not ask for a field: what the document is about."""
    return [word for word in content if word not in _LOOKUP_WORDS]


def is_about_document(
    fields: Collection[str], content: Sequence[str], has_number: bool, has_date: bool
) -> bool:
    """Tell whether a question is answered from the fields of the document that it gives."""
    rest = subject_words(content)
    if has_number:
        return bool(fields) or not rest
    return has_date and bool(fields) and not rest
