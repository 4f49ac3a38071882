"""Cut Chinese text into the words that the lexical leg counts, and weigh what a word means."""

import re
from functools import cache

import rjieba

from indexer.text import CHINESE_DIGITS, folded, simplify

# Words of policy texts that the general dictionary cuts apart or glues to a neighbour (对大班额):
# subjects, and the vocabulary of documents themselves.
_SUBJECTS = (
    "大班额 班额 县管校聘 省管校用 集团化办学 学区制 毛入园率 毛入学率 巩固率 控辍保学 指标到校 "
    "双减 两案一课 公办园 民办园 配套园 无证园 优质均衡 普及普惠 县中 托管帮扶 挂牌督导 责任督学 "
    "专任教师 课后服务 校外培训 随迁子女 师德失范 放管服 一网通办 营商环境 负面清单 高标准农田 "
    "河长制 林长制 网格化 居家养老 医养结合 托育 长期护理保险 高龄津贴 最低生活保障 特困人员 "
    "城镇新增就业 地区生产总值 一般公共预算 固定资产投资 社会消费品零售总额"
).split()
_DOCUMENT_WORDS = (
    "普惠性 覆盖率 专兼职 教职工 起始年级 新入学 牵头单位 配合单位 责任单位 完成时限 规上 "
    "规模以上 政府工作报告 试行 废止 施行 印发 索引号 文号 主送机关 发文机关"
).split()
# The frequency only has to beat the path it replaces.
_POLICY_FREQUENCY = 20_000

# Words that carry no meaning of their own in a question or a clause.
_FUNCTION_TERMS = (
    "的 了 是 在 和 与 及 或 对 为 以 于 把 被 将 有 没有 能 能不能 可以 可 应 应当 要 会 都 也 "
    "就 还 又 等 等等 其 其他 该 此 这 那 这个 那个 它 他 她 我 我们 你 您 谁 哪 哪些 哪个 哪里 "
    "哪份 什么 怎么 怎样 怎么样 如何 为什么 多少 几 吗 呢 吧 啊 请问 请 一下 一个 关于 有关 "
    "相关 方面 情况 问题 内容 里 里面 上 中 下 之 而 且 并 并且 从 由 到 至 向 按 按照 根据 所 "
    "各 每 个 所有 是否 是不是 需要 必须 进行 具体 分别 时候 地 得 着 过 各地 各省 各市 各县 "
    "地方 地区 规定 要求 政策 表述 文件 说法 做法 措施 安排 提出 提到 指 写 是什么 么 不"
)
_FUNCTION_WORDS = frozenset(_FUNCTION_TERMS.split())
_ASKING = re.compile("[各哪几每份]")
_CHINESE_YEAR = re.compile("[零〇○一二三四五六七八九]{4}(?=年)")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9.%\-]*|[\u3007\u3400-\u9fff\uf900-\ufaff]+")
_NEIGHBOURS = 8  # characters on each side that decide how a text is cut at an offset
_HAN_RUN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9.%]+")


@cache
def _cutter() -> rjieba.Jieba:
    cutter = rjieba.Jieba()
    for word in (*_SUBJECTS, *_DOCUMENT_WORDS):
        cutter.add_word(word, _POLICY_FREQUENCY, "n")
    return cutter


def normalised(text: str) -> str:
    """Return the folded text with years in digits (二〇二二年 is 2022年)."""
    plain = folded(text)
    return _CHINESE_YEAR.sub(lambda year: "".join(CHINESE_DIGITS[d] for d in year[0]), plain)


def words(text: str) -> list[str]:
    """Return the words of a text in order, compound words followed by the words inside them."""
    found: list[str] = []
    for run in _TOKEN.findall(normalised(text)):
        if is_latin(run):
            found.append(run.strip(".-"))
        else:
            found.extend(_cutter().cut_for_search(run, False))
    return [word for word in found if word]


def cut_words(plain: str) -> list[str]:
    """Return the words of a folded text in order, compounds whole, and what stands between them:
    together they are the text."""
    return list(_cutter().cut(plain, False))


def bigrams(text: str) -> list[str]:
    """Return overlapping pairs of characters, which need no dictionary to agree on."""
    found: list[str] = []
    for run in _HAN_RUN.findall(normalised(text)):
        if is_latin(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def content_words(text: str) -> list[str]:
    """Return the distinct words that carry meaning, compounds not taken apart, in order.

    哪些, 各县, 每个 and the like only ask. Single characters in a row are a word that the
    dictionary lacks (容缺); one by itself carries too little.
    """
    found: dict[str, None] = {}
    for run in _TOKEN.findall(normalised(text)):
        if is_latin(run):
            found.setdefault(run.strip(".-"))
            continue
        single = ""
        for piece in [*_cutter().cut(run, False), ""]:
            means = piece not in _FUNCTION_WORDS and not _ASKING.match(piece)
            if len(piece) == 1 and means:
                single += piece
                continue
            if len(single) > 1:
                found.setdefault(single)
            single = ""
            if piece and means:
                found.setdefault(piece)
    found.pop("", None)
    return list(found)


def tagged_words(plain: str) -> list[tuple[str, str]]:
    """Return the words of a normalised text in order, each with its part of speech as the general
    dictionary has it (n, vn, v and so on)."""
    return [
        (word, tag) for run in _HAN_RUN.findall(plain) for word, tag in _cutter().tag(run, False)
    ]


def frequency(word: str) -> int:
    """Return how often the word cutter's dictionary has met a word; 0 where it does not know it."""
    return int(_cutter().suggest_freq(word)) if _cutter().has_word(word) else 0


def word_at(text: str, at: int) -> str:
    """Return the word of a simplified text that begins at an offset, or "": 应城市 in 适应城市
    begins none."""
    offset = max(0, at - _NEIGHBOURS)
    for word in _cutter().cut(text[offset : at + _NEIGHBOURS], False):
        if offset >= at:
            return word if offset == at else ""
        offset += len(word)
    return ""


def is_latin(run: str) -> bool:
    """Tell whether a token is letters and digits rather than Han characters."""
    return run[0].isascii()


def is_subject(word: str) -> bool:
    """Tell whether a word is one of the subjects of policy texts listed here."""
    return word in _SUBJECTS


@cache
def is_ordinary_word(word: str) -> bool:
    """Tell whether a word is an everyday verb, adjective or adverb (合作, 贫困), not a name."""
    tags = _cutter().tag(simplify(word), False)
    return len(tags) == 1 and tags[0][1][0] in "vad"


@cache
def is_common_noun(word: str) -> bool:
    """Tell whether the general dictionary knows a word as something other than a name."""
    tags = _cutter().tag(simplify(word), False)
    return len(tags) == 1 and tags[0][1] in ("n", "v", "vn", "a", "ad", "d", "b", "l", "i", "j")
