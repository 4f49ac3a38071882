"""The elements of an official document that stand around its text: 版头, 主送机关, 署名, 版记.

As 党政机关公文处理工作条例 (中办发〔2012〕14号), article 9, names them and GB/T 9704-2012, 7,
places them. All functions take simplified text and the document's non-blank lines; each field
carries the span that proves it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Field, Span
from indexer.text import find_dates, read_date
from indexer.title import ORGAN

_TOP_LINES = 10  # 版头: lines above the title
_MARK_LENGTH = 40  # characters of a line of 版头
_COPY_NUMBER = re.compile("(?:份号:?|№|No\\.?)?\\s*(\\d{6})(?!\\d)")
_SECRECY = re.compile(
    "(?:密级:?)?\\s*((?:绝密|机密|秘密|内部(?:资料|文件))(?:\\s*[★☆*].{0,6}?)?)(?=\\s|$)"
)
_URGENCY = re.compile("(?:紧急程度:?)?\\s*(特提|特急|加急|急件|平急)(?=\\s|$)")
SIGNER = re.compile("签发人?\\s*:\\s*([\u4e00-\u9fff·]{2,6}(?:[ 、,]+[\u4e00-\u9fff·]{2,4})*)")
_LETTERHEAD = re.compile("(\\S{2,60}?)(?:文件|\\(.{2,6}\\))$")
_ADDRESSEE = re.compile("[^。!?;:]{2,400}:$")
_ADDRESSED = re.compile(
    "^(?:各|省|市|县|区|州|本|驻|直属|有关|中央|国务院|[\u4e00-\u9fff]{1,30}?(?:政府|[局厅部委院会处校司]|"
    "办公室|公司|单位|企业|学校|中心))"
)
_NO_ADDRESSEE = re.compile(
    "如下:$|(?:包括|分别|规定|要求|通知|公告|内容|意见|指出|强调|认为|提出|决定|电话|地址|邮编|原则|是|为):$|[\\d“]"
)
_ANNEX_NOTE = re.compile("附件?\\s*:\\s*(?=\\S)")
_ANNEX_ITEM = re.compile("\\s*\\d{1,2}\\s*[、.．]")
_NOTE = re.compile("\\(.{4,120}\\)$")
_COPIED_TO = re.compile("(?:抄送|抄报|分送)\\s*(?:机关)?\\s*:\\s*(?=\\S)")
_PRINTED = re.compile(
    "(?:印发机关:?)?\\s*(\\S{2,60}?)\\s+(\\S{4}\\s*年[^年日]{2,9}日)\\s*(?:印发|印制|印)$"
)
_TITLE_LINES = 5  # a date alone in one of the first lines belongs to the title
_LINES_OF_ORGANS = 8
_LONGEST_ORGANS = 120  # characters of the line that organ and date share


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs a notice and when; `line` is the position of the line that dates it."""

    line: int
    organs: tuple[Field, ...]
    day: Field

    @property
    def joined(self) -> Field | None:
        """All organs as one field, from the first to the last."""
        if not self.organs:
            return None
        names = "、".join(organ.value for organ in self.organs)
        return Field(names, Span(self.organs[0].span.start, self.organs[-1].span.end))


def find_elements(
    plain: str, lines: Sequence[Span], title: Field | None, signature: Signature | None
) -> dict[str, Field]:
    """Return the elements by the names that `Header` gives them."""
    above = [line for line in lines[:_TOP_LINES] if not title or line.end <= title.span.start]
    below = [line for line in lines if not title or line.start >= title.span.end]
    found: dict[str, Field] = {}
    for name, field in (
        *_head(plain, above),
        *_addressee(plain, below),
        *_annex_note(plain, below),
        *_note(plain, lines, signature),
        *_foot(plain, below),
    ):
        found.setdefault(name, field)
    return found


def find_letterhead(plain: str, lines: Sequence[Span], title: Field | None) -> Field | None:
    """Return the organ that the red head names: 云南省人民政府文件."""
    for line in lines[:_TOP_LINES]:
        if title is not None and line.start >= title.span.start:
            return None
        words = "".join(plain[line.start : line.end].split())
        found = _LETTERHEAD.match(words)
        if found and ORGAN.match(found[1]):
            end = plain.rindex(found[1][-1], line.start, line.end - 2) + 1
            return Field(found[1], Span(line.start, end))
    return None


def find_signature(plain: str, lines: Sequence[Span], title: Field | None) -> Signature | None:
    """Return who signs: the organs above or beside a date that ends their lines.

    A date alone signs too, unless it stands among the first lines.
    """
    for index, line in enumerate(lines):
        day = _signing_day(plain, line)
        if day is None or (title is not None and line.start < title.span.end):
            continue
        beside = Span(line.start, day.span.start)
        if beside.start < beside.end:
            organs = _organs(plain, beside)
            if not organs:
                continue
        else:
            organs = _organs_above(plain, lines[:index])
        if organs or index > _TITLE_LINES:
            return Signature(index, tuple(organs), day)
    return None


def _head(plain: str, above: Sequence[Span]) -> Iterator[tuple[str, Field]]:
    """Yield 份号, 密级, 紧急程度 and 签发人 from the lines above the title."""
    for line in above:
        for found in SIGNER.finditer(plain, line.start, line.end):
            yield "signer", Field("、".join(re.split("[ 、,]+", found[1])), Span(*found.span(1)))
        if line.end - line.start <= _MARK_LENGTH:
            yield from _marks(plain, line)


def _marks(plain: str, line: Span) -> Iterator[tuple[str, Field]]:
    """Yield the marks that a line begins with, one after the other."""
    at = line.start
    forms = {"copy_number": _COPY_NUMBER, "secrecy": _SECRECY, "urgency": _URGENCY}
    while matches := {n: m for n, form in forms.items() if (m := form.match(plain, at, line.end))}:
        name, mark = matches.popitem()
        yield name, Field("".join(mark[1].split()), Span(*mark.span(1)))
        at = mark.end()


def _addressee(plain: str, below: Sequence[Span]) -> Iterator[tuple[str, Field]]:
    """Yield 主送机关: organs with a colon in a line of their own, before the first sentence."""
    for line in below[:_TOP_LINES]:
        words = plain[line.start : line.end]
        if _ADDRESSEE.match(words) and _ADDRESSED.match(words) and not _NO_ADDRESSEE.search(words):
            yield "addressee", Field(words[:-1], Span(line.start, line.end - 1))
            return
        if re.search("[。!?;]", words):
            return


def _annex_note(plain: str, below: Sequence[Span]) -> Iterator[tuple[str, Field]]:
    """Yield 附件说明: the annexes that a notice lists below its text."""
    for index, line in enumerate(below):
        found = _ANNEX_NOTE.match(plain, line.start, line.end)
        if found is None:
            continue
        last = line
        for item in below[index + 1 :]:
            if not _ANNEX_ITEM.match(plain, item.start, item.end):
                break
            last = item
        span = Span(found.end(), last.end)
        yield "annex_note", Field(_on_one_line(plain, span), span)
        return


def _note(
    plain: str, lines: Sequence[Span], signature: Signature | None
) -> Iterator[tuple[str, Field]]:
    """Yield 附注: words in round brackets below the date."""
    if signature is None:
        return
    for line in lines[signature.line + 1 : signature.line + 2]:
        if _NOTE.match(plain, line.start, line.end):
            span = Span(line.start + 1, line.end - 1)
            yield "note", Field(_on_one_line(plain, span), span)
            return


def _foot(plain: str, below: Sequence[Span]) -> Iterator[tuple[str, Field]]:
    """Yield 抄送机关, 印发机关 and 印发日期 of 版记."""
    for index, line in enumerate(below):
        found = _COPIED_TO.match(plain, line.start, line.end)
        if found:
            span = Span(found.end(), _copied_to_end(plain, below, index))
            yield "copied_to", Field(_on_one_line(plain, span), span)
        if line.end - line.start > _LONGEST_ORGANS:
            continue
        printed = _PRINTED.match(plain, line.start, line.end)
        day = read_date(printed[2]) if printed else None
        if printed and day and ORGAN.match(printed[1]):
            yield "printed_by", Field(printed[1], Span(*printed.span(1)))
            yield "printed_on", Field(day, Span(*printed.span(2)))


def _copied_to_end(plain: str, below: Sequence[Span], index: int) -> int:
    """Return where a list of organs ends that may run over several lines: at its full stop."""
    for line in below[index : index + _LINES_OF_ORGANS]:
        stop = plain.find("。", line.start, line.end)
        if stop >= 0:
            return stop
        if not plain.endswith((",", ";", "、"), line.start, line.end):
            return line.end
    return below[index].end


def _signing_day(plain: str, line: Span) -> Field | None:
    """Return the date that ends a line of signature."""
    if line.end - line.start > _LONGEST_ORGANS or "年" not in plain[line.start : line.end]:
        return None
    words = plain[line.start : line.end]
    dates = find_dates(words)
    if len(dates) != 1 or dates[0].end != len(words):
        return None
    day = read_date(words)
    return Field(day, Span(line.start + dates[0].start, line.end)) if day else None


def _organs_above(plain: str, lines: Sequence[Span]) -> list[Field]:
    """Return the organs of the last lines, in order."""
    organs: list[Field] = []
    for line in reversed(lines[-_LINES_OF_ORGANS:]):
        found = _organs(plain, line)
        if not found:
            break
        organs = found + organs
    return organs


def _organs(plain: str, span: Span) -> list[Field]:
    """Return the organs that a line consists of, white space between them; none if of more."""
    names = list(re.finditer(r"\S+", plain[span.start : span.end]))
    if not all(ORGAN.match(name[0]) for name in names):
        return []
    return [Field(n[0], Span(span.start + n.start(), span.start + n.end())) for n in names]


def _on_one_line(plain: str, span: Span) -> str:
    return " ".join(plain[span.start : span.end].split())
