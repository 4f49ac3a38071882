"""The thing that a question is about, and which other thing takes its place: 小学 that of 幼儿园,
师生比 that of 班额.

What stands for what follows from how words end, which in Chinese is where their kind is. Give
simplified text.
"""

import re
from collections.abc import Sequence

from indexer.records import Span
from indexer.terms import content_words, is_ordinary_word
from retrieval.slots import Edit
from retrieval.subjects import (
    Subject,
    asks,
    find_subject,
    has_noun,
    is_aspect,
)

# The last characters of words for things of one kind.
_KINDS_OF_THINGS = (
    "园校学中院所站室馆店堂厂场企司社班",  # where something is done
    "人者员师生工户民童长警医妇手",  # who
    "车船机铁轨",  # vehicles
    "河湖库渠江海塘",  # waters
    "猪牛羊鸡鸭禽畜鱼蜂",  # animals
    "稻麦豆米粮菜果茶棉薯",  # plants
    "气水尘声废圾污",  # what pollutes
    "证照",  # permits
    "路桥道街线",  # ways
    "村镇乡城郊",  # town and country
    "肥药种",  # what farms use
    "贴助金保险",  # what is paid
)
_TIME = re.compile("[年月季]$|学期$")  # 前一年 is no thing
_LONGEST = 40  # characters of a subject whose thing can be told
_PEOPLE = re.compile(f"[{_KINDS_OF_THINGS[1]}]$")
_MEASURE = re.compile("[率比额数量度费价积龄]$|[租押佣]金$")  # 班额, 师生比, 收费
_TAIL = re.compile(
    "(?:分别|都|各)?(?:应当?|需要?)?(?:是|为|有|达到|规定)?(?:多少|什么|谁|哪[些里个]|几|怎样|如何|怎么样?)(?:规定|要求|算)?的?(?=[?]?$)"
)
_AMOUNT = re.compile(
    "标准|比例|金额|额度|数额|上限|下限|人数|数量|规模|面积|年限|指标|费用|经费|资金|费$"
)


def replace_object(plain: str, named: Sequence[Span], thing: str) -> list[Edit] | None:
    """Return the edits that put a thing in place of the like of it in a question, None where the
    question has none. `named` are the question's places, years and kinds. What ends in 的 (民办的),
    and people, qualify a subject that has none of their like.
    """
    subject = find_subject(plain, named)
    own, aspect = plain[slice(*subject.span)], plain[slice(*subject.aspect)]
    new = find_subject(thing)
    new_own, new_aspect = thing[slice(*new.span)], thing[slice(*new.aspect)]
    if _TIME.search(thing) or not content_words(own) or asks(own) or len(own) > _LONGEST:
        return None
    if thing.endswith("的") or _PEOPLE.search(thing):
        start, end = _like(plain, subject, own, thing.rstrip("的")) or (subject.span.start,) * 2
        joint = "的" if start == end else ""
        return [(Span(start, end), thing.rstrip("的") + joint)]
    is_whole = bool(new_own and new_aspect and has_noun(new_own))
    if is_whole and new.is_joined and (like := _like(plain, subject, own, thing, 2)):
        return [(like, thing)]
    if is_whole:
        whole = Span(subject.span.start, max(subject.span.end, subject.aspect.end))
        return [(whole, thing), *_tail(plain, whole.end, new_aspect)]
    if new_aspect or is_measure(thing):
        return _of_aspect(plain, subject, own, aspect, thing)
    return [(_like(plain, subject, own, thing) or _whole(plain, subject, own, thing), thing)]


def is_measure(thing: str) -> bool:
    """Tell whether a thing is what of another is asked, rather than a thing by itself."""
    return is_aspect(thing) or bool(_MEASURE.search(thing))


def _of_aspect(plain: str, subject: Subject, own: str, aspect: str, thing: str) -> list[Edit]:
    """Return how another aspect of the same subject is asked for."""
    last = content_words(own)[-1]
    if aspect:
        old = subject.aspect
    elif is_measure(last) and own.endswith(last) and len(last) < len(own):
        old = Span(subject.span.end - len(last), subject.span.end)
    else:
        return [(Span(subject.span.end, len(plain)), f"的{thing}{_ask(thing)}")]
    return [(old, thing), *_tail(plain, old.end, thing)]


def _tail(plain: str, end: int, aspect: str) -> list[Edit]:
    """Return how what follows an aspect asks for it: 时限是多少 is 时限是什么."""
    tail = _TAIL.match(plain, end)
    return [(Span(*tail.span()), _ask(aspect))] if tail else []


def _ask(aspect: str) -> str:
    return "是多少" if _AMOUNT.search(aspect) or _MEASURE.search(aspect) else "是什么"


def _like(plain: str, subject: Subject, own: str, thing: str, least: int = 1) -> Span | None:
    """Return where a subject has the word that ends most like a thing, if any does enough; with
    what is before it, where the thing is such a word and what is before it."""
    found = [word for word in content_words(own) if word in own and not is_measure(word)]
    nearest = max(found, key=lambda word: _likeness(word, thing), default="")
    if not nearest or _likeness(nearest, thing) < least:
        return None
    at = own.index(nearest)
    end = subject.span.start + at + len(nearest)
    is_last = thing.endswith(nearest) and len(thing) > len(nearest)
    return Span(subject.span.start + (own.rfind("的", 0, at) + 1 if is_last else at), end)


def _whole(plain: str, subject: Subject, own: str, thing: str) -> Span:
    """Return where a subject has its thing: what its last 的 leads to, without a measure; of a
    compound whose first word is another thing than the rest, that."""
    end, last = subject.span.end, content_words(own)[-1]
    if is_measure(last) and own.endswith(last) and len(last) < len(own):
        end -= len(last)
        end -= plain[end - 1] == "的"
    start = plain.rfind("的", subject.span.start, end) + 1 or subject.span.start
    first, *rest = content_words(plain[start:end]) or [""]
    # 国道 stands for 城区 alone in 城区限速, 生活垃圾 for 医疗废物 as a whole.
    is_first = len(content_words(thing)) == 1 and (
        len(rest) > 1 or any(is_ordinary_word(word) for word in rest)
    )
    return Span(start, start + len(first) if is_first and plain.startswith(first, start) else end)


def _likeness(word: str, thing: str) -> int:
    """Return how many characters two words end alike in, doubled; 1 where they end in characters
    of one kind of things."""
    alike = 0
    while alike < min(len(word), len(thing)) and word[-1 - alike] == thing[-1 - alike]:
        alike += 1
    is_of_kind = any(word[-1] in kind and thing[-1] in kind for kind in _KINDS_OF_THINGS)
    return 2 * alike or int(is_of_kind)
