"""The title of a notice: what its form marks as one, what reads like one, or what it announces."""

import re
from collections.abc import Iterator, Sequence

from indexer.doc_number import is_doc_number
from indexer.labels import is_label, starts_with_label
from indexer.records import Field, Span
from indexer.text import read_date

# Kinds of official documents (文种) and of the plans and rules that notices carry.
KINDS = (
    "实施方案|工作方案|行动方案|方案|行动计划|工作计划|实施计划|计划|规划纲要|规划|实施办法|管理办法|"
    "暂行办法|办法|实施细则|细则|实施意见|指导意见|若干意见|意见|若干规定|暂行规定|规定|条例|决定|命令|"
    "公报|公告|通告|通知|通报|政府工作报告|工作报告|报告|请示|批复|议案|复函|函|会议纪要|纪要|决议|法|"
    "解释|工作要点|要点|措施|指南|标准|制度|规范|规则|规程|章程|预案|公约|倡议书|清单|目录|问答|解读|摘要"
)
KIND_END = re.compile(rf"({KINDS})(?:[(\[〔【][^)\]〕】]{{1,14}}[)\]〕】])*$")
ORGAN = re.compile(
    "^[\u4e00-\u9fff()、·和与及 ]{2,60}?(政府|办公[室厅]|[局委厅部院会署处社团]|委员会|领导小组|"
    "指挥部|中心|银行|总队|联合会|法院|检察院|大学|学院)$"
)
TOP_LINES = 14  # a title stands among the first lines that are not blank
_ABOUT = re.compile(f"关于.+({KINDS})")
_LED_BY_ORGAN = re.compile("关于|印发|转发")
_NUMBERED = re.compile(
    "^(第[零〇一二三四五六七八九十百千\\d]+[编章节条]|[一二三四五六七八九十]+、|"
    "[(][一二三四五六七八九十\\d]+[)]|\\d+[.、])"
)
_PREAMBLE = re.compile("^(>|【[^】]*】|[\\[(]|说明:|注:|提示:|编者按)")
_NO_TITLE = ("签发", "#", "-", "——", "•", "首页", "当前位置", "附件")
_NAMED = re.compile("(?:印发|制定|出台|发布|实施|公布|下发)[了]?《([^《》]{6,80})》")
_SITE_SUFFIX = re.compile("[-_—|丨·][^-_—|丨·]{2,16}$")
_SITE_NAME = re.compile("(网|网站|门户|平台|首页)$")
_MARKUP = " *_"
_STOP = re.compile("[。!?;]")
_CLAUSE_END = re.compile("[。!?;,]")
_LONGEST = 160
_CUT = 60  # a title taken from the first sentence is cut here
_SHORTEST_CLAUSE = 8


def find_title(
    text: str, plain: str, lines: Sequence[Span], headings: Sequence[tuple[Span, int]]
) -> Field | None:
    """Return the title; None only where there is no line at all that could give one.

    `plain` is the simplified text, `headings` what the file's form marks as headings.
    """
    top = lines[:TOP_LINES]
    span = (
        _marked(plain, top, headings) or _printed(text, plain, top) or _from_content(plain, lines)
    )
    return Field("".join(text[span.start : span.end].split("\n")), span) if span else None


def first_body_line(plain: str, lines: Sequence[Span]) -> int:
    """Return the offset of the first whole sentence, or the end of the text."""
    return next((line.start for line in lines if _is_body(plain, line)), len(plain))


def _marked(plain: str, top: Sequence[Span], headings: Sequence[tuple[Span, int]]) -> Span | None:
    """Return the heading of the highest level near the top; the only h1 wherever it stands.

    A site's name is often marked as a heading too, and so are the chapters of a text whose title
    is printed above them without being marked.
    """
    named = [(level, span) for span, level in headings if not _names_no_text(plain, span)]
    first_level = [span for level, span in named if level == 1]
    if len(first_level) == 1:
        return first_level[0]
    near = [(level, span) for level, span in named if top and span.start <= top[-1].start]
    marked = min(near)[1] if near else None
    above = (span for span in _candidates(plain, top) if marked and span.end <= marked.start)
    return None if any(_is_formal(plain[span.start : span.end]) for span in above) else marked


def _names_no_text(plain: str, span: Span) -> bool:
    """Tell the name of a site or an organ, and a numbered chapter."""
    words = plain[span.start : span.end]
    is_organ = ORGAN.match(words.removesuffix("文件"))
    return bool(_SITE_NAME.search(words) or is_organ or _NUMBERED.match(words))


def _printed(text: str, plain: str, top: Sequence[Span]) -> Span | None:
    """Return the line, or lines, that read like a title."""
    candidates = list(_candidates(plain, top))
    formal = [span for span in candidates if _is_formal(plain[span.start : span.end])]
    body = first_body_line(plain, top) if top else len(text)
    leading = [span for span in candidates if span.start < body]
    chosen = next(iter(formal or leading), None)
    if chosen is None:
        return None
    for later in leading:  # a page's own title line repeats the article's with the site's name
        words = plain[chosen.start : chosen.end]
        if words.startswith(plain[later.start : later.end]) and _SITE_SUFFIX.search(words):
            chosen = later
    return chosen


def _candidates(plain: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Yield lines that can be a title; one printed over several lines is one."""
    skip_to = 0
    for index, line in enumerate(lines):
        span = _without_markup(plain, line)
        words = plain[span.start : span.end]
        if line.start < skip_to or not _can_be_title(words):
            continue
        if index and _LED_BY_ORGAN.match(words):
            span = _with_organ_above(plain, span, lines[index - 1])
        end = span.end
        if not KIND_END.search(words):
            for after in lines[index + 1 : index + 4]:
                joined = "".join(plain[span.start : after.end].split())
                more = plain[after.start : after.end]
                if not _can_be_title(more) or _ABOUT.search(more) or len(joined) > _LONGEST:
                    break
                if KIND_END.search(joined) and ("关于" in joined or "“" in joined):
                    end = after.end
                    break
        skip_to = end
        yield Span(span.start, end)


def _with_organ_above(plain: str, span: Span, above: Span) -> Span:
    """Return a title with the organ that is printed in the line above it."""
    words = plain[above.start : above.end]
    is_organ = ORGAN.match(words) and not plain[above.end : span.start].strip()
    return Span(above.start, span.end) if is_organ else span


def _without_markup(plain: str, line: Span) -> Span:
    """Return a line without the marks that Markdown sets around bold words."""
    words = plain[line.start : line.end]
    left = len(words) - len(words.lstrip(_MARKUP))
    return Span(line.start + left, line.start + max(left, len(words.rstrip(_MARKUP))))


def _can_be_title(words: str) -> bool:
    return (
        4 <= len(words) <= _LONGEST
        and not _STOP.search(words)
        and words[-1] not in ",:、"
        and "|" not in words
        and not _NUMBERED.match(words)
        and not _PREAMBLE.match(words)
        and not words.startswith(_NO_TITLE)
        and read_date(words[:12]) is None
        and not starts_with_label(words)
        and not is_label(words)
        and not is_doc_number(words.partition("签发")[0].strip())
        and not ORGAN.match(words.removesuffix("文件"))
    )


def _is_formal(words: str) -> bool:
    joined = "".join(words.split())
    return len(joined) >= 6 and bool(_ABOUT.search(joined) or KIND_END.search(joined))


def _is_body(plain: str, line: Span) -> bool:
    words = plain[line.start : line.end]
    return bool(_STOP.search(words)) and not _PREAMBLE.match(words)


def _from_content(plain: str, lines: Sequence[Span]) -> Span | None:
    """Return a title for a notice that prints none: the document it announces, else its start."""
    for found in _NAMED.finditer(plain):
        if KIND_END.search(found[1]):
            return Span(*found.span(1))
    for line in lines:
        words = plain[line.start : line.end]
        if "|" in words or _PREAMBLE.match(words) or is_label(words.split(":")[0]):
            continue
        if is_doc_number(words) or words.endswith(":"):
            continue
        stop = _CLAUSE_END.search(words, _SHORTEST_CLAUSE)
        end = stop.start() if stop else len(words)
        return Span(line.start, line.start + min(end, _CUT))
    return None
