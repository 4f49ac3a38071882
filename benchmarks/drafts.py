"""Drafts whose precedent is known: sentences of a corpus, altered the way writers alter them; and
drafts that have none."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from indexer.places import find_places
from indexer.records import Span
from indexer.store import Generation
from indexer.text import simplify
from retrieval.differences import shifted
from retrieval.draft_sentences import split_draft
from retrieval.near_wording import Draft

_SIGNS = range(12, 90)  # of a sentence that is drawn
_TOWN = "临川市"
_LINE = 26  # characters, as on a page of print
_NUMERALS = "一二三四五六七八九"
_NUMBER = re.compile(rf"\d+|(?<![\u4e00-\u9fff])[{_NUMERALS}](?=[是要个项年月日])|[{_NUMERALS}]十")
# What writers put for one another.
_SYNONYMS = dict(
    pair.split(":")
    for pair in (
        "应当:应 不得:严禁 加强:强化 推进:推动 完善:健全 建立:设立 开展:组织开展 落实:执行 "
        "提高:提升 促进:推动 确保:保证 给予:予以 鼓励:支持 制定:出台 组织:安排 按照:依照 "
        "负责:承担 严格:从严 以内:之内 不少于:不低于 超过:多于 包括:涵盖 符合:满足 有关:相关"
    ).split()
)
_SYNONYM = re.compile("|".join(_SYNONYMS))
_WIDTHS = str.maketrans("，；：（）０１２３４５６７８９", ",;:()0123456789")


@dataclass(frozen=True, slots=True)
class Origin:
    """A sentence of a document that a draft is made of."""

    document: str
    span: Span
    text: str


def draw_sentences(generation: Generation, count: int) -> list[Origin]:
    """Return sentences of a corpus, evenly spaced over its passages, at most one of each."""
    passages = len(generation.document_of)
    step = max(1, passages // (2 * count))
    found = []
    for passage in generation.passages(range(0, passages, step)):
        for span in passage.sentences:
            text = passage.text[slice(*shifted(span, -passage.span.start))]
            is_plain = text.endswith("。") and "|" not in text
            if is_plain and len(Draft(text).signs) in _SIGNS and len(split_draft(text)) == 1:
                found.append(Origin(passage.document, span, text))
                break
    return found[:: max(1, len(found) // count)][:count]


def alter(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield drafts made of a sentence, each with what was done; one that would be as it was, or
    short of half of it, is left out."""
    done: Mapping[str, Callable[[str], str]] = {
        "another place": _move,
        "other numbers": _recount,
        "a clause left out": _shorten,
        "a clause more": _lengthen,
        "clauses swapped": _swap,
        "synonyms": _reword,
        "Traditional": _convert,
        "punctuation, width": _repunctuate,
        "all of these": lambda text: _convert(_reword(_recount(_shorten(_move(text))))),
    }
    yield "as it is", sentence
    for name, change in done.items():
        draft = change(sentence)
        if draft != sentence and 2 * len(draft) >= len(sentence):
            yield name, draft


def _move(text: str) -> str:
    """Put another town where one is named, else before the sentence."""
    plain = simplify(text)
    named = [place.span for place in find_places(plain, 0, len(plain))]
    at = named[0] if named else Span(0, 0)
    return f"{text[: at.start]}{_TOWN}{text[at.end :]}"


def _recount(text: str) -> str:
    def other(found: re.Match[str]) -> str:
        number = found[0]
        if number.isdigit():
            return str(int(number) + 3)
        at = _NUMERALS.index(number[0])
        return _NUMERALS[(at + 2) % len(_NUMERALS)] + number[1:]

    return _NUMBER.sub(other, text)


def _shorten(text: str) -> str:
    """Leave out the shortest clause but the first."""
    clauses = re.split("(?<=[，；])", text)
    if len(clauses) < 3:
        return text
    least = min(range(1, len(clauses) - 1), key=lambda at: len(clauses[at]))
    return "".join(clauses[:least] + clauses[least + 1 :])


def _lengthen(text: str) -> str:
    return f"{text.rstrip('。')}，并将办理情况及时向社会公开。"


def _swap(text: str) -> str:
    """Change the places of two items of a list, else of two clauses."""
    for sign in "、，":
        parts = text.split(sign)
        if len(parts) > 3:  # the first and the last have words of what is around
            return sign.join((parts[0], parts[2], parts[1], *parts[3:]))
    return text


def _reword(text: str) -> str:
    return _SYNONYM.sub(lambda found: _SYNONYMS[found[0]], text)


def _convert(text: str) -> str:
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def _repunctuate(text: str) -> str:
    """Write it as it comes out of a file of print: narrow signs, a line broken; one other comma."""
    narrow = text.translate(_WIDTHS).replace("、", "，", 1)
    return f"{narrow[:_LINE]}\n{narrow[_LINE:]}" if len(narrow) > _LINE else narrow


# What no notice on public affairs says.
UNRELATED: Sequence[str] = (
    "今晚想吃火锅还是烧烤，你来定吧。",
    "把鸡蛋打散后加入少许盐，热锅凉油快速翻炒即可出锅。",
    "红方炮二平五，黑方马八进七，双方形成中炮对屏风马。",
    "她推开窗，雪落了一夜，院子里的梅花开了。",
    "猫咪绝育后应当佩戴伊丽莎白圈七天，防止舔舐伤口。",
    "弹奏这段和弦时左手小指要按住第五弦三品。",
    "外星飞船穿过虫洞之后，船员发现时间倒流了十年。",
    "浮潜时先用鼻子轻轻呼气，面镜里的水就会排出去。",
    "毛线起四十针，第一行全下针，第二行全上针。",
    "守门员扑出点球以后，全队冲上去把他抱了起来。",
    "咖啡豆中度烘焙，研磨到细砂糖粗细，水温九十二度。",
    "小狐狸对王子说，你要对你驯养过的东西负责到底。",
    "换挡之前松油门踩离合，听到发动机声音变低再挂挡。",
    "这首交响曲第二乐章由双簧管奏出主题，弦乐轻轻拨奏。",
    "先把底漆打磨平整，再薄薄喷两遍清漆，阴干一晚。",
    "骑士掷出二十面骰，命中巨龙，造成十二点火焰伤害。",
    "函数没有返回值，循环里的变量又没有初始化，所以报错。",
    "望远镜对准猎户座，能看见星云中央四颗亮星。",
    "面团发到两倍大，排气后整形，烤箱预热到一百八十度。",
    "鱼缸换水不要超过三分之一，新水要晾晒一天。",
    "他打出一记反手直线，对手来不及移动，比赛结束了。",
    "相机光圈开到最大，背景虚化，人物眼睛对焦。",
    "恐龙化石的牙齿呈锯齿状，说明它吃肉。",
    "魔术师从空帽子里变出一只白兔，孩子们都笑了。",
)
# What the project's own notices say, in other words, and a piece of the sentence that says it.
MEANT: Sequence[tuple[str, str]] = (
    ("满八十岁的本地老人每个月都能领到补助金。", "高龄津贴"),
    ("骗取老人补助的要把钱退回来，犯罪的交给司法部门。", "虚报、冒领"),
    ("开办公司的全部手续一天之内办完。", "1个工作日"),
    ("给企业的补助资金不用申请，名单公布后十天内到账。", "免申即享"),
    ("政府部门买中小企业的货，一个月内要付钱，不能拖。", "30日内支付"),
    ("一年里对一家公司上门检查不能多于两回。", "不超过2次"),
    ("打了差评的群众要全部回访，问题要全部改正。", "差评"),
    ("餐厨垃圾当天产生当天运走。", "日产日清"),
    ("把分好的垃圾又混在一起运的单位，要限期整改。", "混装混运"),
    ("回收旧玻璃、旧衣服的，按重量给补贴。", "每吨补贴120元"),
    ("政府机关和学校等不准再用一次性杯子。", "一次性杯具"),
    ("下雨积水太深的地下通道要马上封起来，不让车和人过。", "立即封闭"),
    ("独自居住的老年人、残疾人要有专人负责通知到位。", "叫应"),
    ("发布大暴雨警报时工地全部停工。", "停止户外作业"),
    ("受灾的人可以到安置点领水和吃的。", "饮用水、方便食品"),
    ("一年级新生一个班最多四十五个人。", "不超过45人"),
    ("超过六十五人的特大班在秋季开学前要全部消除。", "超大班额全部清零"),
)
