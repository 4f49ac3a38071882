"""What a question asks about, and what of it: 大班额 and 标准 in 大班额的标准是多少.

Questions that lean on another (经费谁负责, 那幼儿园呢) are made whole with the subject of that one.
Give simplified text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.records import Span
from indexer.terms import content_words, is_ordinary_word, word_at

# Words that ask; 几 only where it counts, not in 近几年 and 好几个.
_WHICH = (
    "为什么|什么|多少|怎么|怎样|如何|咋|哪|谁|何时|何地|为何|何种|多[久长大高远重宽深]|"
    "(?<![好近前后来这那隔十过\\d])几(?=[个年天岁月人所项条次日名级种类倍点成张份]|[?,;]|$)"
)
_WHETHER = "是否|能否|可否|会否|有无|是不是|能不能|可不可以|要不要|有没有|会不会|算不算|行不行|吗"
WHICH, WHETHER = re.compile(_WHICH), re.compile(_WHETHER)
# Words that ask, in clauses that ask nothing: 不知道是谁扔的, 无论采取什么措施.
_INDEFINITE = re.compile(
    "不知道?|不清楚|不明确|无法(?:确定|判断|查清)|难以(?:确定|判断)|不管|无论|不论|任何|哪怕|"
    "(?:什么|谁|哪里|怎么)(?:也|都)|没什么|^(?:如果|若|假如|倘若|只要|一旦|因为|由于|虽然|尽管|即使)"
)
# 能确定由哪一主体负责公开的 is a condition.
_CONDITION = re.compile(
    "(?<![是做办发定写管出到])(?:的|时|后|以后|之后|的话|情况下|之?中|之间|(?<!哪)里)$"
)

# Where what is said of the subject begins.
_SAID = re.compile(
    f"(?:[由归让被](?=谁|哪|什么)|(?:分别|都|还|各)?(?:应当|应该|必须|需要|需|应(?!急|用|对|届|收|付)|可以|"
    "可(?=[否以])|要(?!求|素|点|件)|(?<![失功智性节技潜职产才])能(?![力源够级动耗效量人]|不能)|会(?![计议员场展])|得(?!到|分|失))|"
    "(?<![但凡就于都可也还只正算不])是(?!非)|(?<![享具含没所拥])有(?=什么|哪|多|没|无|何|几|关规定)|"
    "(?:不?合[法规理]|有效|无效|违[法规]|可行)(?=吗?$)|包括|包含|指(?=什么|的是|哪)|"
    f"属于|每(?=[天日年月次班亩户人个所校吨周季名])|各(?=[级出占自])|达到(?=多|什么)|[占](?=多|比)|{_WHICH}|{_WHETHER})"
)
# What may stand before the subject of a question, and after it.
_OPENING = re.compile(
    "(?:请问|请教|想问|我想(?:知道|了解|问)|想知道|问一下|麻烦问|查一下|另外|还有(?![哪什多没谁几])|以及|并且|而且|同时|"
    "那么|对于|关于|针对|按照|根据|依据|[,、:;。?!\\s])+"
)
_OPENING_WORDS = frozenset("那并且和与及在对就按")  # only as words: 就业 and 对口 are others
_AFTER_NAMES = frozenset("的地内里")  # 昭通市的, 2023年里
_CLOSING = re.compile(
    "(?:方面|问题|工作中|[,、:;。?!的呢吗\\s对在按都各最]|分别|一般|目前|现在|到底|究竟)+$"
)

# What any subject may have: these alone say nothing without one.
_ASPECTS = (
    "牵头单位|牵头部门|责任单位|责任部门|配合单位|负责单位|主管部门|主管单位|实施主体|责任主体|完成时限|"
    "完成时间|办理流程|办理时间|办理条件|申请条件|申请材料|申报材料|申报条件|申请对象|适用范围|适用对象|"
    "补助标准|补贴标准|收费标准|资助标准|奖励标准|处罚标准|建设标准|配备标准|具体标准|资金来源|经费来源|"
    "时间表|时间|时限|期限|日期|标准|经费|资金|费用|金额|数额|额度|上限|下限|比例|目标|任务|对象|范围|条件|"
    "流程|程序|步骤|手续|材料|责任|职责|后果|处罚|罚款|要求|规定|措施|做法|办法|安排|政策|依据|原因|目的|"
    "意义|定义|含义|内容|方式|方法|形式|人员|人数|数量|规模|面积|年限|频次|频率|次数|指标|监督|考核|奖励|补助|"
    "补贴|原则|重点|进度|效果|种类|类型|特征|性质|效力|特点|区别|影响|作用|钱"
)
# These may as well be verbs: 要求哪天前移交.
_VERBS = frozenset("要求 规定 安排 处罚 罚款 监督 考核 奖励 补助 补贴 影响".split())
_ASPECT = re.compile(f"(?:具体|相关|有关|主要|总的|其)?(?:{_ASPECTS})")
_OF_SUBJECT = re.compile(f"(?P<of>的?)(?P<aspect>(?:{_ASPECTS}))$")
# 不分类怎么罚 says what of the subject is wrong, 未成年人怎么办 who.
_FAILING = re.compile(
    "(?!未成年|不动产|不良|超市|没收)(?:不|未|没有?|超|逾|拒|违反)[\u4e00-\u9fff]{1,4}"
)
_VERB = 2  # characters of what follows an asking word and may be a verb
_LONGEST = 40  # characters of a subject that is taken over: more is a story
# 什么是扒窃 and 哪些学校 name a thing next, never a verb.
_NAMES_NEXT = re.compile("哪|什么(?:是|叫|样的)|谁是|何[为谓]")
# It stands for what was named before.
POINTING = re.compile("(?:其|它们?|该|此|这[个些项种类]?|上述|前述|前者|后者|那[个些项种类])")
# 谁负责县中发展提升: where the question begins by asking, the subject follows its verb.
_ASKED_FIRST = re.compile(
    "(?:什么(?:是|叫做?|样的)|哪[些个几一]+(?:单位|部门|机关|机构|人|地方|情况|情形)?|由?谁|"
    "(?:怎么|怎样|如何|咋)|何时|什么(?:时候|时间)|(?:哪[年天]))"
    "(?:来|去|可以|能|应当?|应该|要|需要|会)?"
    "(?:负责|牵头|承担|组织|主管|监管|管理?|办理?|申请|申报|认定|理解|处理|处置|处罚|推进|开展|落实|完成|实施|"
    "计算|确定|判断|界定|享受|领取?|缴纳|报名|登记)?"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a question says what it asks about; `aspect` is what of it, as far as that is named
    with the subject. Both are empty where they are not said."""

    span: Span
    aspect: Span
    is_joined: bool = False  # 大班额标准, not 大班额的标准
    is_told: bool = False  # the aspect says more than 标准: 补助标准, or is joined

    def end_for(self, leaning: "Leaning") -> int:
        """Return where the words end that a leaning question takes over: 村医补助标准 for 怎么申请,
        大班额 of 大班额的标准 for 超了怎么办."""
        return self.aspect.end if self.is_told and not leaning.has_aspect else self.span.end


@dataclass(frozen=True, slots=True)
class Leaning:
    """A question without a subject of its own: where its words begin after what stands for one,
    what joins them to a subject, and whether they say what of it is asked (经费)."""

    start: int
    joint: str
    has_aspect: bool


def asks(clause: str) -> bool:
    """Tell whether a clause asks something; of several clauses, whether one does."""
    if "," in clause:
        return any(asks(each) for each in clause.split(","))
    if _INDEFINITE.search(clause) or _CONDITION.search(clause):
        return False
    return bool(WHICH.search(clause) or WHETHER.search(clause))


def has_noun(words: str) -> bool:
    """Tell whether some words name a thing: 超了 and 逾期 do not."""
    return any(len(w) > 1 and not is_ordinary_word(w) for w in content_words(words))


def find_start(clause: str, named: Sequence[Span] = (), at: int = 0) -> int:
    """Return where a clause's own words begin: after what opens a question, places and years."""
    is_after_name = False
    while True:
        begun = next((span for span in named if span.start == at), None)
        if begun:
            at, is_after_name = begun.end, True
        elif opening := _OPENING.match(clause, at):
            at = opening.end()
        elif (is_after_name and clause[at : at + 1] in _AFTER_NAMES) or (
            clause[at : at + 1] in _OPENING_WORDS
            and len(word_at(clause, at)) == 1
            and not WHICH.match(clause, at + 1)  # 在哪里办
        ):
            at += 1
        else:
            return at


def begins_by_asking(clause: str, at: int) -> bool:
    """Tell whether the words at an offset ask, and a verb may follow: 谁负责, 什么时候."""
    return bool(_ASKED_FIRST.match(clause, at)) and not _NAMES_NEXT.match(clause, at)


def find_subject(clause: str, named: Sequence[Span] = ()) -> Subject:
    """Return the subject of a clause; `named` are places and years, which are none of it."""
    start = find_start(clause, named)
    first = _ASKED_FIRST.match(clause, start)
    if first:
        start = find_start(clause, named, first.end())
    said = _SAID.search(clause, start)
    end = said.start() if said else len(clause)
    end = _cut(clause, start, end)
    whole = clause[start:end]
    if _ASPECT.fullmatch(whole):
        return Subject(Span(start, start), Span(start, end))
    aspect = _OF_SUBJECT.search(whole)
    if aspect and aspect.start() and (aspect["of"] or len(content_words(whole)) > 1):
        return Subject(
            Span(start, _cut(clause, start, start + aspect.start())),
            Span(start + aspect.start("aspect"), end),
            not aspect["of"],
            not aspect["of"] or len(content_words(aspect["aspect"])) > 1,
        )
    return Subject(Span(start, end), Span(end, end))


def find_leaning(clause: str, named: Sequence[Span], head: str) -> Leaning | None:
    """Return how a question leans on the one before it, `head`; None where it has a subject of its
    own, be it one that the head names too."""
    start, subject = find_start(clause, named), find_subject(clause, named)
    own = clause[slice(*subject.span)]
    if pointing := POINTING.match(clause, start):
        is_of = pointing.end() < subject.aspect.end
        return Leaning(pointing.end(), "的" if is_of else "", is_of)
    # 什么时候年检 has a verb where 谁负责河道清淤 has a subject.
    is_verb = begins_by_asking(clause, start) and len(own) <= _VERB
    if not is_verb and not _FAILING.fullmatch(own) and (has_noun(own) or (own and own in head)):
        return None
    is_said = not begins_by_asking(clause, start) and (
        subject.is_joined or subject.aspect.start == start
    )
    has_aspect = is_said and subject.aspect.start < subject.aspect.end
    is_named = has_aspect and clause[slice(*subject.aspect)] not in _VERBS
    return Leaning(start, "的" if is_named else "", has_aspect)


def write_lead(text: str, subject: Subject, named: Sequence[Span], leaning: Leaning) -> str:
    """Return what a leaning question takes over from another: its places and years (`named`), then
    its subject."""
    names = "".join(text[slice(*span)] for span in named)
    return names + text[subject.span.start : subject.end_for(leaning)] + leaning.joint


def is_aspect(words: str) -> bool:
    """Tell whether words name what any subject may have: 标准, 牵头单位."""
    return bool(_ASPECT.fullmatch(words))


def can_lead(subject: str) -> bool:
    """Tell whether the subject of one question can be taken over by another."""
    return has_noun(subject) and not asks(subject) and len(subject) <= _LONGEST


def _cut(clause: str, start: int, end: int) -> int:
    closing = _CLOSING.search(clause, start, end)
    return closing.start() if closing else end
