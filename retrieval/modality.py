"""What a text obliges to (应当, 每年) and what it denies, so that two texts can be compared."""

import re

# Words that decide what a sentence obliges to, how far and when, each with others for the same. A
# single character is looked for only where it stands for itself: 应 in 学校应制定, not in 相应.
_SENSES = {
    form: group.split()[0]
    for group in (
        "应当 应该", "不应 不应当 不应该", "必须 务必", "可以 可",
        "不得 不准 不许 不允许 不可 不可以", "不得不 不得已", "不能", "不宜", "不予", "不再",
        "不必 无需 无须", "禁止", "严禁", "允许 准许", "鼓励 提倡 倡导", "支持", "强制", "自愿",
        "原则上", "一律", "全部 所有 一切", "任何", "仅 仅限", "只能", "免予 免于 免除",
        "废止", "撤销", "取消", "暂停", "恢复", "增加", "减少", "提高", "降低",
        "一半 半数", "减半", "加倍 翻番", "大部分 多数", "少数 个别", "每年", "每月", "每周",
        "每天 每日", "每学期", "今年", "明年", "去年", "立即 即日起", "长期", "永久",
    )
    for form in group.split()
}  # fmt: skip
_SENSE = re.compile(
    f"{'|'.join(sorted((form for form in _SENSES if len(form) > 1), key=len, reverse=True))}"
    "|仅(?!仅)|(?<![相适反响回对供感呼顺理一])应(?![急对用届变聘考付邀有招试])"
    "|(?<![必无])须(?!知)|(?<![许认不])可(?![以行能靠持操视见靠观谓])"
)
_SINGLE = {"应": "应当", "须": "必须", "可": "可以", "仅": "仅"}
_DENIAL = re.compile(
    "不(?![仅断但同论管久只足满妨时懈良])(?:得|予|再|能|应当?|宜|可以?|准|许|允许|要|会|必)?|未(?![来成])经?|"
    "无(?![论障缝线人偿害])|没有|严禁|禁止|杜绝|防止|避免|切勿|取消|停止|暂停|拒绝"
)
_DENIED_LENGTH = 2  # characters behind a denial that are surely denied: most words have two
CLAUSE = re.compile("[^,，。;；:：!?！？、\n]+")


def find_senses(plain: str) -> dict[str, str]:
    """Return what a folded text says must or may be, each with the words that say it."""
    found = (match[0] for match in _SENSE.finditer(plain))
    return {_SENSES.get(words, _SINGLE.get(words, words)): words for words in found}


class Denials:
    """What a folded text denies: the two characters behind each denial, and with these the two
    before, as they would stand without it; the ends of a clause count as characters.

    A denial may reach over the rest of its clause; what stands before it or in another is affirmed.
    """

    def __init__(self, plain: str) -> None:
        self._clauses = [f"\n{clause}\n" for clause in CLAUSE.findall(plain)]
        self._parts = [_DENIAL.split(clause, maxsplit=1) for clause in self._clauses]
        self.denied: list[tuple[str, str]] = []
        for clause in self._clauses:
            for denial in _DENIAL.finditer(clause):
                words = clause[denial.end() : denial.end() + _DENIED_LENGTH]
                before = clause[max(0, denial.start() - _DENIED_LENGTH) : denial.start()]
                modal = denial[0][1:] if denial[0][0] == "不" else ""  # 不能清偿: 清偿, 能清偿
                self.denied += [(words, before + words)]
                self.denied += [(words, before + modal + words)] if modal else []

    def has(self, words: str) -> bool:
        return any(words in clause for clause in self._clauses)

    def affirms(self, words: str) -> bool:
        is_whole = not words.endswith("\n")  # a single character says too little
        return is_whole and any(words in parts[0] for parts in self._parts)

    def may_deny(self, words: str) -> bool:
        return any(words in part for _, *behind in self._parts for part in behind)
