"""What sort of answer a question wants."""

import re
from dataclasses import dataclass
from typing import Literal

# A document or its fields; wording to reuse; each place's say; a figure; one place's say; any.
QuestionType = Literal["lookup", "wording", "across", "number", "one-place", "open"]

_ACROSS = re.compile(
    "各(地|省|市(?!场)|县|区(?!域|间|段)|州|个?地区|个?城市|自治)|不同(地区|地方)|"
    "(哪些|哪几个?|所有)(地方|地区|省|市|县|城市|州)"
)
# These compare years or offices as often as places: of one place they ask for no others.
_PERHAPS_ACROSS = re.compile("分别|各级|全国")
_DATES = "成文日期|印发日期|发布日期|落款日期|施行日期|失效日期"
_LOOKUP = re.compile(
    "(?:是|叫|属于)(?:一?[份个])?什么文件|是哪一?[份个](?:文件|通知|办法|方案|意见)|"
    "哪一?[份个](?:文件|通知|办法|方案|意见|公告|条例)(?:是|的)?[^，,]{0,12}"
    "(?:发布|印发|成文|公布|文号|日期)|"
    f"(?:文号|发文字号|索引号|发文机关|发布机构|{_DATES}|主送机关|主送单位|抄送机关|签发人)"
    "(?=$|[是为呢吗?？和、]|分别)|"
    "(?:什么时候|何时|哪天|哪一天|哪年|由?谁|哪个部门|哪个机关)(?:印发|发布|出台|颁布)(?=的?(?:$|[?？]))|"
    "(?:主送|抄送)(?:给)?(?:谁|哪些|哪个)"
)
_SHOWN = "条款|条文|表述|写法|说法|用语|措辞|提法|句式|原文|原话|范文|范例|先例|模板"
_WORDING = re.compile(
    "(?:有没有|有无|是否|哪里|哪份文件|谁)[^，,。]{0,8}(?:写过|写到|写入|表述过|用过)|"
    f"(?:类似|相似|相同|现成|参考|找|摘|引用|借鉴|查)[^，,。]{{0,24}}?(?:{_SHOWN})|"
    f"(?:{_SHOWN})?(?:怎么|如何|怎样|咋)(?:写|表述|措辞|行文)|"
    f"(?<=的)(?:{_SHOWN})(?=$|[?？是有]|里?(?:怎么|如何))|原文(?=在|里)"
)
_MEASURES = "金额|人数|面积|上限|下限|额度|增速|增幅|标准|目标|数量|总额|年限|时限|比例"
_NUMBER = re.compile(
    f"(?:{_MEASURES})(?=$|[?？]|(?:分别)?[是为](?:多少|几))|"
    "多少|(?<!哪)几(?![乎率何点])|百分之(?=多少|几)|占比|多[大高长久远重宽深]"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A type of answer and the words that ask for it, "" where it follows from the rest."""

    type: QuestionType
    words: str


def words_across(plain: str) -> str:
    """Return the words of a simplified question that ask for each place's say, or ""."""
    return _words(_ACROSS, plain) or _words(_PERHAPS_ACROSS, plain)


def classify(plain: str, about_document: bool, across: str, places: int) -> Wanted:
    """Return what a simplified question wants.

    `about_document` says that a document's own fields answer it, `across` are the words that ask
    across places, `places` is how many places it names.
    """
    if places == 1 and _PERHAPS_ACROSS.fullmatch(across):
        across = ""
    lookup = _words(_LOOKUP, plain)
    if about_document or (lookup and not across):
        return Wanted("lookup", lookup)
    if wording := _words(_WORDING, plain):
        return Wanted("wording", wording)
    if across or places > 1:
        return Wanted("across", across)
    if number := _words(_NUMBER, plain):
        return Wanted("number", number)
    return Wanted("one-place" if places else "open", "")


def _words(pattern: re.Pattern[str], plain: str) -> str:
    found = pattern.search(plain)
    return found[0] if found else ""
