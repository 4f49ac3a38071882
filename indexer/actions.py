"""What a sentence does with a document that it names: 依据, 修改, 废止, 印发, 转发, 解释, 引用."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.records import Field, Span
from indexer.text import lines

CITES, RESTS_ON, AMENDS, REPEALS = "引用", "依据", "修改", "废止"
ISSUES, FORWARDS, EXPLAINS = "印发", "转发", "解释"

_NEAR = 160  # characters on either side of a title in which its verb stands
_NO_STOP = "[^,;。:《》]"
_ENDS = (
    "(?:废止|废除|作废|失效|停止(?:执行|施行|实施)|不再(?:执行|施行|适用)|终止(?:执行|施行))"
    "(?![前后的之日期])"
)
_ADVERB = "(?:同时|即行|即|予以|自行|相应|一并|也|均|现|依法|宣布|自然|随之|全部|一律|并|亦|应当?)*"
_REPEALED = re.compile(
    f"(?:等{_NO_STOP}{{0,20}}|[、和及与以]{_NO_STOP}{{0,30}}?)?,?\\s*"
    f"(?:自{_NO_STOP}{{2,30}}起,?|{_ADVERB}于{_NO_STOP}{{2,30}})?{_ADVERB}{_ENDS}"
)
# Of a part alone: 《…》中有关…的规定同时废止 changes what it stands in.
_PARTLY_REPEALED = re.compile(
    f"(?:中|第|{_NO_STOP}{{0,20}}部分){_NO_STOP}{{0,40}}?{_ADVERB}{_ENDS}"
)
_REPEALING = re.compile(
    f"(?:废止|废除|停止(?:执行|施行))(?:了|下列|以下)?(?:{_NO_STOP}{{0,16}}:)?\\s*$"
)
_AMENDED = re.compile(
    "[^,;。:《》)]{0,24}?(?:作(?:出|了)?(?:如下|以下|相应)?(?:修改|修正|修订|补充)|"
    "(?:予以|进行)(?:了)?(?:修改|修正|修订)|修改为|修正为)|"
    "中?第[^,;。:《》)]{1,40}?(?:改为|删去|删除|增加)"
)
_AMENDING = re.compile("(?:修改|修订|修正)(?:了|下列|以下)?\\s*$")
_HANDED_ON = re.compile(
    f"(?:等{_NO_STOP}{{0,16}}|[、和及与]{_NO_STOP}{{0,20}})?\\s*(?:已经?[^。;《》]{{0,60}}?)?,?\\s*"
    "现?(?:予以?|随文|一并)?(印发|转发|批转|公布|发布|下发)"
    "(?=给|如下|[,。;]|$|实施|执行|施行|你|于|后)"
)
_HANDING_ON = re.compile("(印发|转发|批转|制发|下发|公布|发布|出台)了?\\s*$")
_ON_BASIS = re.compile(
    "(?:根据|依据|依照|按照|遵照|参照|比照)[^,;。:]*$|(?<!无)[按照][^,;。:法]{0,10}$|"
    "(?<![无相])依(?!法|次|然|旧|赖|靠|职权)[^,;。:]*$|"
    "为[^,;。:]{0,16}?(?:贯彻|落实|实施|执行)[^,;。:]*$"
)
_CARRYING_OUT = re.compile("(?:实施|贯彻|执行)\\s*$")
_EXPLAINING = re.compile("(?:适用|执行|应用|办理|理解)\\s*$")
_EXPLANATIONS = ("解释", "批复", "答复", "解答")
_CLAUSE_END = re.compile("[,;。:]")
_OF_ONE_LIST = re.compile(
    "\\s*(?:[、和及与以或](?!.*(?:根据|依照|按照|依据))[^;。:]*|,[^,;。:]*的)?$"
)

# 下列规章予以废止：, 现决定废止以下4件文件。 and the heading 废止的规范性文件目录.
_LIST_LEAD = re.compile(
    "^[^\n]{0,150}?(?:废止|失效|停止执行|修改|修正|修订)[^\n]{0,150}?(?:[:。]|目录|清单)[ \t]*$",
    re.MULTILINE,
)
_LEADS_TO_DOCUMENTS = re.compile(
    "(?!.*(?:情形|情事|行为|之一|不得|应当))(?:.*(?:下列|以下|如下)[^,;。:]{0,24}"
    "(?:法规|规章|文件|法律|条例|规定|决定|办法|通知|解释)[^;。:]*[:。]$|.*(?:目录|清单)$)"
)
_HEAD_LENGTH = 60
_ENDING = re.compile("废止|失效|停止执行")
_ABOUT_ENDING = re.compile(f"关于{_NO_STOP}*(?:废止|失效|停止执行)")
_CHANGING = re.compile("修改|修正|修订")
_STAYS = re.compile("继续有效|继续执行|予以保留|部分条款")
_ITEM = re.compile(
    r"\s*(?:(?:[(\[]?[\d一二三四五六七八九十百]+[)\]]?\s*[、.,)|]|[-*•|])\s*|(?=《))"
)
_COLUMNS = re.compile(r"\D*\|\D*")  # the row that names a list's columns
# What a document does itself: 现将…印发给你们, 现予公布.
_NOW = re.compile("现(?:将|把|予|印发|转发|批转|公布|发布)|兹将|^\\s*将|[,;。:]将")


def handing_on(plain: str, start: int, end: int) -> str:
    """Return 印发 or 转发 where what stands before `end` hands on what follows it, else ""."""
    found = _HANDING_ON.search(plain, max(start, end - _NEAR), end)
    return _handed(found) if found else ""


def action_on(plain: str, near: Span, named: Span, sentence: Span, title: Field) -> str:
    """Return what is done with what stands at `named` by the words on either side of it.

    `near` bounds those words: the sentence, or what lies between the names before and after;
    `title` is that of the document itself, in simplified characters.
    """
    in_title = title.span.start <= named.start < title.span.end
    before = plain[max(near.start, named.start - _NEAR) : named.start]
    after = plain[named.end : min(near.end, named.end + _NEAR)]
    said = plain[max(sentence.start, named.start - _NEAR) : named.start]
    clause = before[max((stop.end() for stop in _CLAUSE_END.finditer(before)), default=0) :]
    if _PARTLY_REPEALED.match(after):
        return AMENDS
    if _REPEALED.match(after) or _REPEALING.search(before):
        return REPEALS
    amends = in_title or _CHANGING.search(title.value)
    if _AMENDED.match(after) or (amends and _AMENDING.search(before)):
        return AMENDS
    handed = _HANDED_ON.match(after)
    if handed and _NOW.search(said + handed[0]):
        return _handed(handed)
    handing = _HANDING_ON.search(before)
    if handing and (in_title or _NOW.search(said)):
        return _handed(handing)
    if _ON_BASIS.search(clause) or (in_title and _CARRYING_OUT.search(before)):
        return RESTS_ON
    explains = in_title and title.value.endswith(_EXPLANATIONS)
    return EXPLAINS if explains and _EXPLAINING.search(before) else CITES


def share_in_lists(plain: str, named: Sequence[Span], actions: Sequence[str]) -> list[str]:
    """Return the actions with what a sentence says of a list given to each name in it:
    根据《甲》、《乙》 and 《甲》、国务院发布的《乙》同时废止."""
    shared = list(actions)
    joined = [
        bool(_OF_ONE_LIST.match(plain[left.end : right.start])) for left, right in pairwise(named)
    ]
    for at in reversed(range(len(joined))):
        if joined[at] and shared[at] == CITES and shared[at + 1] not in (CITES, RESTS_ON):
            shared[at] = shared[at + 1]
    for at, is_joined in enumerate(joined):
        if is_joined and shared[at + 1] == CITES:
            shared[at + 1] = shared[at]
    return shared


def listed_items(plain: str, own_title: str) -> Iterator[tuple[Span, str]]:
    """Yield the items of lists of documents that are repealed or amended, without their numbers,
    with the action: what a line announces, or what the document's own title says it does."""
    leads = {
        found.start(): action
        for found in _LIST_LEAD.finditer(plain)
        if (action := _announced(found[0].strip()))
    }
    does = _action_of(own_title) if _ABOUT_ENDING.search(own_title) else ""
    if not leads and not does:
        return
    action = ""
    for row in lines(plain):
        item = _ITEM.match(plain, row.start, row.end)
        if announced := leads.get(plain.rfind("\n", 0, row.start) + 1):
            action = announced
        elif item is None and not _COLUMNS.fullmatch(plain, row.start, row.end):
            action = ""
        elif item and (action or does) and not _STAYS.search(plain, row.start, row.end):
            yield Span(item.end(), row.end), action or does


def _announced(lead: str) -> str:
    """Return the action of the list that a line leads to, "" where it leads to none."""
    is_text = lead.endswith((":", "。"))
    is_lead = (is_text or len(lead) <= _HEAD_LENGTH) and _LEADS_TO_DOCUMENTS.match(lead)
    return _action_of(lead) if is_lead else ""


def _action_of(words: str) -> str:
    """Return the one action that words name; some documents repeal and amend."""
    ends, changes = _ENDING.search(words), _CHANGING.search(words)
    if (ends and changes) or _STAYS.search(words):
        return ""
    return REPEALS if ends else AMENDS if changes else ""


def _handed(found: re.Match[str]) -> str:
    return FORWARDS if found[1] in ("转发", "批转") else ISSUES
