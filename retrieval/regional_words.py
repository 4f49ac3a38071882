"""Words that the mainland and Taiwan use for the same thing: 信息 and 资讯, 初中 and 国中.

They widen what the lexical leg looks for; a question and a text are never rewritten. Words of
computing come from OpenCC's table of phrases, those of schools, offices and welfare are listed
here, from the laws of both sides.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from indexer.terms import frequency
from indexer.text import simplify

# Mainland words | words of Taiwan, simplified.
_PAIRS = """
信息|资讯
质量|品质
网络|网路
软件|软体
硬件|硬体
数字|数位
用户|使用者
搜索|搜寻
个人信息|个人资料 个资
初中|国中 国民中学
小学|国小 国民小学
普通高中 高中|高级中学 高级中等学校
中职 中等职业学校|高职 高级职业学校
职业教育|技职教育 技职
幼儿园|幼稚园
高校 高等学校|大专校院
保育员|教保员 教保服务人员
课程标准|课程纲要 课纲
校外培训 校外培训机构 培训机构|补习班 短期补习班
课后服务|课后照顾
校园欺凌 欺凌|霸凌
辍学|中辍
助学贷款|就学贷款
评估|评鉴
中考|会考
残疾 残疾人|身心障碍 身心障碍者
养老服务|长照 长期照顾
医保 医疗保险|健保 全民健康保险
最低生活保障 低保|低收入户
志愿者|志工
主管部门|主管机关
罚款|罚锾
职工|劳工
工资|薪资
合同|契约
劳动合同|劳动契约
工伤|职业灾害
身份证|身分证
知识产权|智慧财产权
公租房 保障性住房|社会住宅
地铁 轨道交通|捷运
公交 公交车|公车
出租车|计程车
自行车|脚踏车
塑料|塑胶
视频|视讯 影片
复印|影印
"""
# A word of Taiwan that mainland texts use as often as this, as the word cutter counts, has a
# meaning of its own there: 档案 (1172) is no 文件, 支援 (2000) no 支持. 网路 has 73, 程式 197.
_MAINLAND_USE = 200
_LONGEST = 4  # words of the cutter in one entry: 国 中, 大专 校院
_SHORTEST = 2  # characters; 宏 and 埠 are too short to mean one thing


def expansions(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the words of a question, as `terms.words` gives them, that the other side calls
    something else, each with what it is called there.

    Only whole words count, one or several in a row: 国中 is two words of the cutter, and none in
    全国中小学. The cutter, which does not know it, makes 国 and 中学 of 国中学生.
    """
    table = _table()
    candidates = dict.fromkeys((*_runs(words), *_runs(_whole(words))))
    return {word: table[word] for word in candidates if word in table}


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Yield each word and the next ones with it."""
    for start, first in enumerate(words):
        after = words[start : start + _LONGEST]
        yield from ("".join(after[:count]) for count in range(1, len(after) + 1))
        if len(first) == 1 and len(after) > 1:
            yield first + after[1][:1]


def _whole(words: Sequence[str]) -> list[str]:
    """Return the words without those inside a compound, which come right before it."""
    whole: list[str] = []
    for word in words:
        while whole and whole[-1] in word:
            whole.pop()
        whole.append(word)
    return whole


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Return what each word is called on the other side, in both directions."""
    found: dict[str, dict[str, None]] = {}
    rows = [tuple(side.split() for side in row.split("|")) for row in _PAIRS.split("\n") if row]
    for mainland, taiwan in (*rows, *_phrases()):
        for one, others in ((mainland, taiwan), (taiwan, mainland)):
            for word in one:
                found.setdefault(word, {}).update(dict.fromkeys(others))
    return {word: tuple(others) for word, others in found.items()}


def _phrases() -> list[tuple[list[str], list[str]]]:
    """Return the rows of OpenCC's table that mean the same in any text."""
    table = (files("opencc") / "dictionary" / "TWPhrases.txt").read_text(encoding="utf-8")
    rows = []
    for line in filter(None, simplify(table).splitlines()):
        mainland, _, written = line.partition("\t")
        taiwan = [word for word in written.split() if _is_told(word, mainland)]
        if taiwan and len(mainland) >= _SHORTEST:
            rows.append(([mainland], taiwan))
    return rows


def _is_told(word: str, mainland: str) -> bool:
    return word != mainland and len(word) >= _SHORTEST and frequency(word) <= _MAINLAND_USE
