"""文号: the number of an official document, one value for every way of writing it.

机关代字〔年份〕序号号 (党政机关公文处理工作条例, article 9, 5), orders and announcements
(国务院令第588号, 教育部公告2022年第3号), and the form of Taiwan (字第…号). Brackets, digits and
scripts of any kind are one.
"""

import re
from collections.abc import Iterator

from indexer.records import Span
from indexer.text import CHINESE_DIGITS, fold, read_number

_HAN = "[\u4e00-\u9fff]"
_YEAR = f"((?:19|20)\\d\\d|[{''.join(CHINESE_DIGITS)}]{{4}})"
_SERIAL = "(\\d{1,5}|[零〇○一二三四五六七八九十百千]{1,7})"
_CODE = re.compile(
    f"({_HAN}{{2,14}}|{_HAN}{{2,12}}\\[{_HAN}{{1,6}}\\])\\[{_YEAR}年?\\]第?{_SERIAL}号"
)
_ORDER = re.compile(
    f"({_HAN}{{0,24}}(?:主席|国务院|政府|部|委员会|委|局|署|院|会|厅|办公室|银行)(?:令|公告|通告))"
    f"\\[?(?:{_YEAR}年?\\]?)?第?{_SERIAL}号"
)
_TAIWAN = re.compile(f"((?:{_HAN}|[\\[\\]]){{2,16}}字)第(\\d{{6,12}}[a-z]?)号")
# What leads to a code in a sentence and is not part of it.
_VERBS = (
    "根据|按照|依据|依照|遵照|参照|执行|贯彻|落实|转发|印发|废止|修改|修订|替代|代替|见|按|文件"
)
_LEAD = re.compile(f'(?:(?<=[号》\\]"])[和及与或]|.*(?:{_VERBS})|(?<=.)原)?(?={_HAN}{{2}})')
# An organ's name is not parted by these, a sentence before it is.
_LEAD_TO_ORGAN = re.compile(f"(?:.*[的了由经被将年月日以据按照为])?(?={_HAN}{{2}})")
_STATE = "中华人民共和国"  # goes without saying


def find_doc_numbers(text: str) -> list[tuple[str, Span]]:
    """Return every 文号 of a text in its standard form, with its span, in order."""
    whole = fold(text)
    found = sorted(_numbers(whole.text))
    return [(value, whole.original(start, end)) for start, end, value in found]


def is_doc_number(words: str) -> bool:
    """Tell whether words are a 文号 and nothing else."""
    return [span for _, span in find_doc_numbers(words)] == [Span(0, len(words))]


def _numbers(folded: str) -> Iterator[tuple[int, int, str]]:
    for match in _CODE.finditer(folded):
        start, code = _without_lead(match, _LEAD)
        code = code.replace("[", "(").replace("]", ")")
        yield start, match.end(), f"{code}〔{read_number(match[2])}〕{read_number(match[3])}号"
    for match in _ORDER.finditer(folded):
        start, code = _without_lead(match, _LEAD_TO_ORGAN)
        year = f"{read_number(match[2])}年" if match[2] else ""
        code = code.removeprefix(_STATE) if len(code) > len(_STATE) + 2 else code
        yield start, match.end(), f"{code}{year}第{read_number(match[3])}号"
    for match in _TAIWAN.finditer(folded):
        code = match[1].replace("[", "(").replace("]", ")")
        yield match.start(), match.end(), f"{code}第{match[2].upper()}号"


def _without_lead(match: re.Match[str], lead: re.Pattern[str]) -> tuple[int, str]:
    """Return where the code begins, and the code, without the words that lead to it."""
    before = lead.match(match.string, *match.span(1))
    start = before.end() if before else match.start(1)
    return start, match.string[start : match.end(1)]
