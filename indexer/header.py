"""What a notice says of itself: title, 文号, issuer, dates, kind, locality, each with its proof."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.places import place_at_start, places_in
from indexer.records import Exclusion, Field, Header, Span
from indexer.text import find_dates, fold, read_date, simplify

# Labels of header tables and "label: value" lines, white space removed, in Simplified characters.
# None marks a label whose value is not kept: it is listed so that it is never taken for a value.
_LABELS: dict[str, str | None] = {
    **dict.fromkeys(("索引号", "信息索引号", "公开索引号"), "index_number"),
    **dict.fromkeys(("文号", "发文字号", "发文文号", "文件编号", "发文号", "公文文号"), "doc_number"),
    **dict.fromkeys(
        ("发文机关", "发布机构", "发布机关", "发文机构", "制发机关", "发文单位", "发布单位",
         "制定机关", "公开机构", "公开主体", "印发机关", "责任单位", "生成单位"), "issuer"),
    **dict.fromkeys(("来源", "信息来源", "稿件来源", "文章来源"), "source"),
    **dict.fromkeys(
        ("成文日期", "发文日期", "印发日期", "生成日期", "制发日期", "成文时间", "发文时间",
         "最新异动日期", "修正日期", "修订日期"), "issued_on"),
    **dict.fromkeys(
        ("发布日期", "公开日期", "公布日期", "发布时间", "公开时间", "上传时间", "时间", "日期"),
        "published_on"),
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称"), "title"),
    **dict.fromkeys(("时效", "时效性", "有效性", "效力状态", "是否有效", "状态"), "status"),
    **dict.fromkeys(("文种", "公文种类", "体裁分类", "体裁"), "kind"),
    **dict.fromkeys(
        ("公开目录", "主题分类", "主题词", "主题", "关键词", "浏览量", "浏览次数", "点击数", "点击量",
         "阅读量", "公开方式", "公开范围", "公开形式", "公开属性", "公开时限", "生效日期", "失效日期",
         "废止日期", "有效期", "实施日期", "施行日期", "类别", "信息分类", "分类", "组配分类",
         "服务对象", "字号", "字体", "作者", "编辑", "责任编辑", "审核", "信息类别", "语种", "载体类型",
         "备注", "内容概述", "概述", "附件", "联系电话", "签发人", "密级", "紧急程度", "信息格式",
         "法规性质", "法规类别", "网址"), None),
}  # fmt: skip
_LABEL_WORDS = "|".join(
    r"\s*".join(label) for label in sorted(_LABELS, key=len, reverse=True) if len(label) > 1
)
_LABELLED = re.compile(
    rf"(?P<label>{_LABEL_WORDS})\s*[】\]]?\s*[:：]\s*(?P<value>.*?)(?=\s+(?:{_LABEL_WORDS})\s*[:：]|$)"
)
_HEADER_LINES = 40
_TITLE_LINES = 14

# Kinds of official documents (文种) and of the plans and rules that notices carry.
KINDS = (
    "实施方案|工作方案|行动方案|方案|行动计划|工作计划|实施计划|计划|规划纲要|规划|实施办法|管理办法|暂行办法|"
    "办法|实施细则|细则|实施意见|指导意见|若干意见|意见|若干规定|暂行规定|规定|条例|决定|命令|公报|公告|通告|"
    "通知|通报|政府工作报告|工作报告|报告|请示|批复|议案|复函|函|会议纪要|纪要|决议|法|解释|工作要点|要点|措施|"
    "指南|标准|制度|规范|规则|规程|章程|预案|公约|倡议书|清单|目录|问答|解读|摘要"
)
_KIND_END = re.compile(rf"({KINDS})(?:[(\[〔【][^)\]〕】]{{1,14}}[)\]〕】])*$")
_ABOUT = re.compile(f"关于.+({KINDS})")
_DOC_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,14})\[((?:19|20)\d\d)\](?:第)?(\d{1,5})号")
_ORGAN = re.compile(
    "^[\u4e00-\u9fff()、·和与及 ]{2,60}?(政府|办公[室厅]|[局委厅部院会署处社团]|委员会|领导小组|指挥部|中心|银行|总队|"
    "联合会|法院|检察院|大学|学院)$"
)
_ISSUER_IN_TITLE = re.compile(
    "^([\u4e00-\u9fff()、·]{2,40}?(?:政府|办公[室厅]|局|委员会|委|厅|部|院|署|领导小组|指挥部|常务委员会|代表大会))"
    "(?=等[一二三四五六七八九十\\d]*[个]?(?:部门|单位)?|关于|印发|\\d{4}年|转发|[::]|公告|通告|[\u4e00-\u9fff ]*?关于)"
)
_NUMBERED = re.compile(
    "^(第[零〇一二三四五六七八九十百千\\d]+[编章节条]|[一二三四五六七八九十]+、|[(][一二三四五六七八九十\\d]+[)]|\\d+[.、])"
)
_PREAMBLE = re.compile("^(【[^】]*】|[\\[(]|说明[::]|注[::]|提示[::]|编者按)")
_NAMED = re.compile("(?:印发|制定|出台|发布|实施|公布|下发)[了]?《([^《》]{6,80})》")
_STOP = re.compile("[。!?;]")
_SITE_SUFFIX = re.compile("[-_—|丨·][^-_—|丨·]{2,16}$")
_TITLE_MAX = 160


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a header line: its normalised label form, and where it stands."""

    plain: str
    span: Span


def read_header(
    text: str,
    lines: Sequence[Span],
    headings: Sequence[tuple[Span, int]],
    exclusions: Sequence[Exclusion],
) -> Header:
    """Return the header fields of a notice.

    `lines` are its non-blank lines, `headings` what its form marks as headings, `exclusions` what
    its form marks as outside the article.
    """
    plain = simplify(text)
    inside = [line for line in lines if not any(e.span.overlaps(line) for e in exclusions)]
    fields = dict(_labelled_fields(plain, inside[:_HEADER_LINES]))
    title = _find_title(text, plain, inside, headings) or fields.get("title")
    signature = _find_signature(plain, inside)
    issuer = (
        fields.get("issuer")
        or _issuer_in_title(plain, title)
        or (signature[0] if signature else None)
        or fields.get("source")
    )
    return Header(
        title=title,
        doc_number=fields.get("doc_number") or _find_doc_number(text, inside, title),
        index_number=fields.get("index_number"),
        issuer=issuer,
        issued_on=fields.get("issued_on") or (signature[1] if signature else None),
        published_on=fields.get("published_on") or _web_date(plain, inside),
        kind=_kind_of(plain, title) or fields.get("kind"),
        status=fields.get("status"),
        localities=_localities(plain, issuer, title, inside),
    )


def find_doc_numbers(text: str) -> list[tuple[str, Span]]:
    """Return every 文号 of a text as 机关代字〔年份〕序号号 with its span.

    Brackets and digits of any kind make the same 文号.
    """
    whole = fold(text)
    found = []
    for match in _DOC_NUMBER.finditer(whole.text):
        span = whole.original(*match.span())
        found.append((f"{match[1]}〔{match[2]}〕{int(match[3])}号", span))
    return found


def is_label(words: str) -> bool:
    """Tell whether a cell is a label of a header table rather than a value."""
    return "".join(words.split()).rstrip(":：") in _LABELS


def _labelled_fields(plain: str, lines: Sequence[Span]) -> Iterator[tuple[str, Field]]:
    """Yield the fields that labels announce, the first value of each label winning."""
    seen: set[str] = set()
    for label, value in _pairs(plain, lines):
        name = _LABELS.get("".join(label.split()))
        if name is None or name in seen:
            continue
        field = _checked(name, plain, value)
        if field is not None:
            seen.add(name)
            yield name, field


def _pairs(plain: str, lines: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    for line in lines:
        words = plain[line.start : line.end]
        if "|" in words or "\t" in words:
            cells = [
                _Cell(words[m.start() : m.end()].strip(), _strip(plain, m, line.start))
                for m in re.finditer(r"[^|\t]+", words)
            ]
            cells = [cell for cell in cells if cell.plain]
            for cell, after in zip(cells, cells[1:], strict=False):
                if is_label(cell.plain) and not is_label(after.plain):
                    yield cell.plain.rstrip(":："), after.span
        for match in _LABELLED.finditer(words):
            if len(words) > _TITLE_MAX or (match.start() and not words[match.start() - 1].isspace()
                                           and words[match.start() - 1] not in "[【|"):
                continue
            start = line.start + match.start("value")
            stop = words.find("|", match.start("value"))
            end = line.start + (min(match.end("value"), stop) if stop >= 0 else match.end("value"))
            value = plain[start:end].rstrip(" 】]")
            if value.strip() and not is_label(value):
                yield match["label"], Span(start, start + len(value))


def _strip(plain: str, match: re.Match[str], offset: int) -> Span:
    start, end = match.start() + offset, match.end() + offset
    while start < end and plain[start].isspace():
        start += 1
    while end > start and plain[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _checked(name: str, plain: str, span: Span) -> Field | None:
    """Return the field if its value looks like one of its kind; a neighbour's label does not."""
    value = plain[span.start : span.end]
    if name in ("issued_on", "published_on"):
        day = read_date(value)
        dates = find_dates(value)
        if day is None:
            return None
        return Field(day, Span(span.start + dates[0].start, span.start + dates[0].end))
    if name == "doc_number":
        numbers = find_doc_numbers(value)
        if not numbers:
            return None
        number, where = numbers[0]
        return Field(number, Span(span.start + where.start, span.start + where.end))
    if name == "index_number" and not re.search(r"\d{3}", value):
        return None
    if name in ("issuer", "source") and not _ORGAN.match(value):
        return None
    if name == "title" and len(value) < 4:
        return None
    return Field(value, span)


def _find_title(
    text: str, plain: str, lines: Sequence[Span], headings: Sequence[tuple[Span, int]]
) -> Field | None:
    top = [span for span, level in headings if level == 1] or [span for span, _ in headings[:1]]
    if top and lines and top[0].start <= lines[min(len(lines), _TITLE_LINES) - 1].start:
        return _title_field(text, top[0])
    candidates = list(_title_candidates(plain, lines[:_TITLE_LINES]))
    formal = [span for span in candidates if _is_formal(plain[span.start : span.end])]
    first_body = next((line.start for line in lines if _is_body(plain, line)), len(text))
    leading = [span for span in candidates if span.start < first_body]
    chosen = next(iter(formal or leading), None)
    if chosen is None:
        return _title_from_content(text, plain, lines)
    for later in leading:  # a page's own title line repeats the article's with the site's name
        words = plain[chosen.start : chosen.end]
        if words.startswith(plain[later.start : later.end]) and _SITE_SUFFIX.search(words):
            chosen = later
    return _title_field(text, chosen)


def _title_candidates(plain: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Yield lines that can be a title; one printed over several lines is one."""
    skip_to = 0
    for index, line in enumerate(lines):
        words = plain[line.start : line.end]
        if line.start < skip_to or not _can_be_title(words):
            continue
        end = line.end
        if not _KIND_END.search(words):
            for after in lines[index + 1 : index + 4]:
                joined = "".join(plain[line.start : after.end].split())
                if not _can_be_title(plain[after.start : after.end]) or len(joined) > _TITLE_MAX:
                    break
                if _KIND_END.search(joined) and ("关于" in joined or "“" in joined):
                    end = after.end
                    break
        skip_to = end
        yield Span(line.start, end)


def _can_be_title(words: str) -> bool:
    return (
        4 <= len(words) <= _TITLE_MAX
        and not _STOP.search(words)
        and words[-1] not in ",，:：、"
        and "|" not in words
        and not _NUMBERED.match(words)
        and not _PREAMBLE.match(words)
        and not words.startswith(("#", "-", "——", "•", "首页", "当前位置", "附件"))
        and read_date(words[:12]) is None
        and not _LABELLED.match(words)
        and not is_label(words)
        and not _DOC_NUMBER.fullmatch(fold(words).text)
        and not _ORGAN.match(words)
    )


def _is_formal(words: str) -> bool:
    joined = "".join(words.split())
    return len(joined) >= 6 and bool(_ABOUT.search(joined) or _KIND_END.search(joined))


def _is_body(plain: str, line: Span) -> bool:
    words = plain[line.start : line.end]
    return bool(_STOP.search(words)) and not _PREAMBLE.match(words)


def _title_from_content(text: str, plain: str, lines: Sequence[Span]) -> Field | None:
    """Return a title for a notice that prints none: the document it announces, else its start."""
    for match in _NAMED.finditer(plain):
        if _KIND_END.search(match[1]):
            return _title_field(text, Span(*match.span(1)))
    for line in lines:
        words = plain[line.start : line.end]
        if "|" in words or _PREAMBLE.match(words) or is_label(words.split(":")[0]):
            continue
        end = next((m.start() for m in re.finditer("[。!?;,，]", words) if m.start() >= 8), len(words))
        return _title_field(text, Span(line.start, line.start + min(end, 60)))
    return None


def _title_field(text: str, span: Span) -> Field:
    return Field("".join(text[span.start : span.end].split("\n")), span)


def _issuer_in_title(plain: str, title: Field | None) -> Field | None:
    if title is None:
        return None
    match = _ISSUER_IN_TITLE.match(plain[title.span.start : title.span.end])
    if match is None:
        after_mark = re.search("[丨|]([^丨|::]{4,30})[::]", plain[title.span.start : title.span.end])
        if after_mark is None or not _ORGAN.match(after_mark[1]):
            return None
        start = title.span.start + after_mark.start(1)
        return Field(after_mark[1], Span(start, start + len(after_mark[1])))
    return Field(match[1], Span(title.span.start, title.span.start + match.end(1)))


def _find_signature(plain: str, lines: Sequence[Span]) -> tuple[Field | None, Field] | None:
    """Return the issuer and the date of the signature: a date alone in its line below an organ."""
    for index, line in enumerate(lines):
        words = plain[line.start : line.end]
        dates = find_dates(words)
        alone = len(dates) == 1 and dates[0].end - dates[0].start == len(words)
        if not alone or "年" not in words or index == 0:
            continue
        day = read_date(words)
        if day is None:
            continue
        date_field = Field(day, line)
        organs: list[Span] = []
        for above in reversed(lines[max(0, index - 8) : index]):
            first = re.match(r"\S+", plain[above.start : above.end])
            if first is None or not _ORGAN.match(first[0]):
                break
            organs.append(Span(above.start, above.start + first.end()))
        if not organs:
            if index > 5:
                return None, date_field
            continue
        top = organs[-1]
        return Field(plain[top.start : top.end], top), date_field
    return None


def _find_doc_number(text: str, lines: Sequence[Span], title: Field | None) -> Field | None:
    """Return a 文号 that stands alone in a line near the top or in brackets after the title."""
    for line in lines[:_TITLE_LINES]:
        words = text[line.start : line.end]
        numbers = find_doc_numbers(words)
        if len(numbers) != 1:
            continue
        value, span = numbers[0]
        rest = (words[: span.start] + words[span.end :]).strip(" ()（）〔〕[]　")
        is_in_title = title is not None and title.span.contains(
            Span(line.start + span.start, line.start + span.end)
        )
        if not rest or (is_in_title and words.rstrip(")） ").endswith(words[span.start : span.end])):
            return Field(value, Span(line.start + span.start, line.start + span.end))
    return None


def _web_date(plain: str, lines: Sequence[Span]) -> Field | None:
    """Return the date of a web page's line such as 2024-10-17 15:21:26."""
    for line in lines[:_TITLE_LINES]:
        words = plain[line.start : line.end]
        dates = find_dates(words)
        if dates and dates[0].start == 0 and re.fullmatch(r"[\d\-/.年月日: ]{8,22}(来源.*)?", words):
            day = read_date(words)
            if day and "年" not in words[: dates[0].end]:
                return Field(day, Span(line.start, line.start + dates[0].end))
    return None


def _kind_of(plain: str, title: Field | None) -> Field | None:
    if title is None:
        return None
    words = plain[title.span.start : title.span.end]
    match = _KIND_END.search(words)
    if match is None:
        return None
    start = title.span.start + match.start(1)
    return Field(match[1], Span(start, start + len(match[1])))


def _localities(
    plain: str, issuer: Field | None, title: Field | None, lines: Sequence[Span]
) -> tuple[Field, ...]:
    """Return the issuing locality: of the issuer, else of the title, else of the opening lines."""
    for field in (issuer, title):
        if field is None:
            continue
        found = place_at_start(plain[field.span.start : field.span.end].lstrip("“《 "))
        if found:
            name, start, end = found
            offset = plain.index(plain[field.span.start : field.span.end].lstrip("“《 "), field.span.start)
            return (Field(name, Span(offset + start, offset + end)),)
        inside = places_in(plain[field.span.start : field.span.end])
        if inside:
            name, start = inside[-1]
            return (Field(name, Span(field.span.start + start, field.span.start + start + len(name))),)
    counts: dict[str, int] = {}
    first: dict[str, Span] = {}
    for line in lines[:_TITLE_LINES]:
        for name, start in places_in(plain[line.start : line.end]):
            counts[name] = counts.get(name, 0) + 1
            first.setdefault(name, Span(line.start + start, line.start + start + len(name)))
    if not counts:
        return ()
    name = max(counts, key=lambda place: (counts[place], -first[place].start))
    return (Field(name, first[name]),)
