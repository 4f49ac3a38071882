"""The kinds of documents (文种) that a question asks for, and whether a document is of one.

办法, 意见 and 方案 are everyday words, and 通知 is a verb: a kind limits the search only where the
wording asks for documents of it (哪些办法规定, 2022年印发的通知, 云南省的实施意见里).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Span
from indexer.text import simplify
from retrieval.results import Source

# The official documents of 党政机关公文处理工作条例, article 8, and what they carry. The first are
# documents wherever they stand as nouns, the others are words of every day too.
_FORMAL = (
    "政府工作报告|工作报告|实施方案|工作方案|行动方案|行动计划|实施计划|工作计划|规划纲要|实施办法|管理办法|"
    "暂行办法|试行办法|实施细则|细则|实施意见|指导意见|若干意见|若干规定|暂行规定|会议纪要|工作要点|应急预案|"
    "通知|通告|公告|通报|批复|复函|条例"
)
_EVERYDAY = "办法|意见|方案|规划|计划|规定|决定|决议|命令|公报|报告|规则|规程|章程|预案|函"
_ANY = f"{_FORMAL}|{_EVERYDAY}"
# A kind is named where the word ends: 通知书, 方案设计 and 报告人 name something else.
_ENDS = (
    "(?![书人单栏函制性者会员们权期费])"
    "(?=里|[中内](?![心国介断等级小学部央午标止旬期容])|[对是有提规要明写涉包关怎如都还也讲说的和与、，,。?？!！;；]|$)"
)
_SAYS = (
    "(?:里面?|中|内)?(?:都|也|还|是|曾|已经?)?(?:怎么|如何)?"
    "(?:规定|提到|提及|提出|写明|写到|写了|写过|载明|明确|涉及|要求|包含|讲到|说到|表述)"
)
_WHICH = "(?:哪些|哪几[份个部]|哪一?[份个部]|所有的?|全部的?|各[地省市县区级])"
_ABOUT = "(?:关于[^，,。;；?？!！]{2,40}?的|[^，,。;；?？!！]{0,10}?的)?"
_ISSUED = "(?:印发|出台|颁布|制发|转发|下发|发布|公布|制定)"
# Who issues no official document: 公司下发的通知.
_PRIVATE = re.compile(
    "公司|单位|企业|老板|法院|学校|物业|银行|平台|房东|开发商|商家|医院|协会|村委"
)
_FORMS = (
    re.compile(f"{_WHICH}{_ABOUT}(?P<kind>{_FORMAL}){_ENDS}"),
    re.compile(f"{_WHICH}{_ABOUT}(?P<kind>{_EVERYDAY})(?={_SAYS})"),
    re.compile(
        f"(?P<by>[^，,。;；?？!！]{{0,12}}){_ISSUED}[了过]?的?"
        f"[^，,。;；?？!！]{{0,24}}?(?P<kind>{_FORMAL}){_ENDS}"
    ),
    re.compile(
        f"(?P<by>[^，,。;；?？!！]{{0,12}})(?:印发|出台|颁布)的"
        f"(?:[^，,。;；?？!！]{{0,24}}的)?(?P<kind>{_EVERYDAY})(?=里|{_SAYS}|有?哪些|[?？]?$)"
    ),
    re.compile(f"(?P<kind>政府工作报告|工作报告)(?:里面?|[中上](?![级部])|{_SAYS})"),
)
# 关于化解大班额的通知 at the start, after a place or years; 实施意见里 right after these alone.
_TITLE = re.compile(f"关于[^，,。;；?？!！]{{2,60}}?的(?P<kind>{_FORMAL}){_ENDS}")
_OF_PLACE = re.compile(f"的?(?P<kind>{_FORMAL})(?:里面?|[中内](?![心国介断等级小学部央])|{_SAYS})")


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A kind that a question asks documents of, and where it names it."""

    name: str
    span: Span


def find_kinds(plain: str, before: Sequence[Span]) -> list[AskedKind]:
    """Return the kinds that a simplified question asks documents of, in its order.

    `before` are the places and years that the question names: a kind right after one is its.
    """
    found: dict[Span, AskedKind] = {}
    for match in _matches(plain, before):
        is_private = "by" in match.re.groupindex and _PRIVATE.search(match["by"])
        span = Span(*match.span("kind"))
        if not is_private and not any(span.overlaps(each) for each in found):
            found[span] = AskedKind(match["kind"], span)
    return [found[span] for span in sorted(found)]


def _matches(plain: str, before: Sequence[Span]) -> Iterator[re.Match[str]]:
    ends = [span.end for span in before]
    yield from filter(None, (_TITLE.match(plain, at) for at in (0, *ends)))
    yield from filter(None, (_OF_PLACE.match(plain, at) for at in ends))
    for form in _FORMS:
        yield from form.finditer(plain)


def is_of_kind(source: Source, kinds: Sequence[str]) -> bool:
    """Tell whether a document is of one of some kinds, or carries one: 关于印发…方案的通知 is both.

    意见 stands for 实施意见 and 指导意见 too. One whose title shows no kind may be of any: 通知 is
    what people call most documents, and a title is often cut short.
    """
    if not source.kind:
        return True
    title = simplify(source.title)
    return any(source.kind.endswith(kind) or (len(kind) > 1 and kind in title) for kind in kinds)
