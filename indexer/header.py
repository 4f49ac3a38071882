"""What a notice says of itself: title, 文号, issuer, dates, kind, locality, each with its proof."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from indexer.doc_number import find_doc_numbers
from indexer.elements import SIGNER, find_elements, find_letterhead, find_signature
from indexer.labels import labelled_values
from indexer.localities import find_localities
from indexer.records import Field, Header, Span
from indexer.text import find_dates, read_date, simplify
from indexer.title import KIND_END, ORGAN, TOP_LINES, find_title, first_body_line

_HEADER_LINES = 40
_ISSUER_IN_TITLE = re.compile(
    "^([\u4e00-\u9fff()、·]{2,40}?(?:政府|办公[室厅]|局|委员会|委|厅|部|院|署|领导小组|指挥部|"
    "代表大会))"
    "(?=等[一二三四五六七八九十\\d]*[个]?(?:部门|单位)?|关于|印发|\\d{4}年|转发|:|公告|通告|"
    "\\s[\u4e00-\u9fff、 ]*?关于)"
)
_COLUMN = re.compile("[^丨|]{1,20}[丨|]")  # the name of a column: 听政策丨银川市教育局:…
# A rule's history stands below its title: 2018年5月24日…会议通过, a report's: …日在…会议上.
_PASSED = re.compile("通过|公布|发布|颁布|印发|修订|修正|批准|次会议|会议上")
_DATES = ("issued_on", "published_on", "effective_on", "expires_on", "printed_on")
_DELIVERED = re.compile("次会议上")  # 2025年1月14日在…第三次会议上…作政府工作报告。
_COMPACT_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_WEB_DATE = re.compile(r"[\d\-/.: ]{8,22}(来源.*)?")
_HISTORY_LENGTH = 1000


def read_header(text: str, lines: Sequence[Span], headings: Sequence[tuple[Span, int]]) -> Header:
    """Return the header fields of a notice.

    `lines` are its non-blank lines, `headings` what its form marks as headings with their level;
    both without what its form marks as outside the article.
    """
    plain = simplify(text)
    fields = _labelled_fields(plain, lines[:_HEADER_LINES])
    title = find_title(text, plain, lines, headings) or fields.get("title")
    signature = find_signature(plain, lines, title)
    elements = fields | find_elements(plain, lines, title, signature)
    issuer = (
        fields.get("issuer")
        or _issuer_in_title(plain, title)
        or (signature.organs[0] if signature and signature.organs else None)
        or find_letterhead(plain, lines, title)
        or fields.get("source")
    )
    signed_on = signature.day if signature else None
    doc_number = fields.get("doc_number") or _find_doc_number(text, lines, title)
    organs = (issuer, signature.joined if signature else None, elements.get("printed_by"))
    places = find_localities(plain, lines, organs, title, doc_number)
    return Header(
        title=title,
        doc_number=doc_number,
        index_number=fields.get("index_number"),
        issuer=issuer,
        issued_on=fields.get("issued_on") or _passed_on(plain, lines) or signed_on,
        published_on=fields.get("published_on") or _web_date(plain, lines),
        kind=_kind_of(plain, title) or fields.get("kind"),
        status=fields.get("status"),
        signature=signature.joined if signature else None,
        copy_number=elements.get("copy_number"),
        secrecy=elements.get("secrecy"),
        urgency=elements.get("urgency"),
        signer=elements.get("signer"),
        addressee=elements.get("addressee"),
        annex_note=elements.get("annex_note"),
        note=elements.get("note"),
        copied_to=elements.get("copied_to"),
        printed_by=elements.get("printed_by"),
        printed_on=elements.get("printed_on"),
        effective_on=elements.get("effective_on"),
        expires_on=elements.get("expires_on"),
        locality=places.issuing,
        mentions=places.mentions,
    )


def _labelled_fields(plain: str, lines: Sequence[Span]) -> dict[str, Field]:
    """Return the fields that labels announce, the first sound value of each winning."""
    fields: dict[str, Field] = {}
    for name, value in labelled_values(plain, lines):
        if name not in fields:
            field = _checked(name, plain, value)
            if field is not None:
                fields[name] = field
    return fields


def _checked(name: str, plain: str, span: Span) -> Field | None:
    """Return the field if its value looks like one of its kind."""
    value = plain[span.start : span.end]
    if name in _DATES:
        return _date_field(plain, span) or _compact_date(plain, span)
    if name == "doc_number":
        numbers = find_doc_numbers(value)
        return _moved(*numbers[0], span.start) if numbers else None
    sound = {
        "index_number": bool(re.search(r"\d{3}", value)),
        "issuer": bool(ORGAN.match(value)),
        "source": bool(ORGAN.match(value)),
        "title": len(value) >= 4,
    }
    return Field(value, span) if sound.get(name, True) else None


def _moved(value: str, span: Span, offset: int) -> Field:
    return Field(value, Span(span.start + offset, span.end + offset))


def _date_field(plain: str, span: Span) -> Field | None:
    """Return the first date of a span."""
    words = plain[span.start : span.end]
    day = read_date(words)
    return _moved(day, find_dates(words)[0], span.start) if day else None


def _compact_date(plain: str, span: Span) -> Field | None:
    """Return the date of a cell that holds eight digits (20241017)."""
    found = _COMPACT_DATE.match(plain, span.start, span.end)
    if found is None:
        return None
    try:
        day = date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None
    return Field(day, Span(*found.span()))


def _issuer_in_title(plain: str, title: Field | None) -> Field | None:
    if title is None:
        return None
    words = plain[title.span.start : title.span.end]
    column = _COLUMN.match(words)
    start = column.end() if column else 0
    found = _ISSUER_IN_TITLE.match(words[start:])
    return _moved(found[1], Span(*found.span(1)), title.span.start + start) if found else None


def _passed_on(plain: str, lines: Sequence[Span]) -> Field | None:
    """Return the latest date at which a rule was passed, published or amended."""
    body = first_body_line(plain, lines[:_HEADER_LINES])
    days = [
        day
        for line in lines[:_HEADER_LINES]
        if line.start < body or _DELIVERED.search(plain, line.start, line.end)
        if line.end - line.start <= _HISTORY_LENGTH
        for day in _passings(plain, line)
    ]
    return max(days, key=lambda day: day.value, default=None)


def _passings(plain: str, line: Span) -> Iterator[Field]:
    """Yield the dates of a line of history, each with what happened on it after it."""
    words = plain[line.start : line.end]
    dates = find_dates(words)
    if not dates or words[: dates[0].start].strip("(—- "):
        return
    ends = [*(day.start for day in dates[1:]), len(words)]
    for day, end in zip(dates, ends, strict=True):
        alone = words.strip("() ") == words[day.start : day.end] and words[0] == "("
        if alone or _PASSED.search(words, day.end, end):
            field = _date_field(plain, Span(line.start + day.start, line.start + day.end))
            if field is not None:
                yield field


def _find_doc_number(text: str, lines: Sequence[Span], title: Field | None) -> Field | None:
    """Return a 文号 that stands alone in a line near the top or in brackets after the title."""
    for line in lines[:TOP_LINES]:
        words = text[line.start : line.end]
        numbers = find_doc_numbers(words) if len(words) <= _HISTORY_LENGTH else []
        if len(numbers) != 1:
            continue
        field = _moved(*numbers[0], line.start)
        rest = text[line.start : field.span.start] + text[field.span.end : line.end]
        rest = SIGNER.sub("", simplify(rest))
        after = text[field.span.end : line.end].strip(")） *")
        in_title = title is not None and title.span.contains(field.span)
        if not rest.strip(" ()（）〔〕[]*　") or (in_title and not after):
            return field
    return None


def _web_date(plain: str, lines: Sequence[Span]) -> Field | None:
    """Return the date of a web page's line such as 2024-10-17 15:21:26."""
    for line in lines[:TOP_LINES]:
        if _WEB_DATE.fullmatch(plain, line.start, line.end):
            day = _date_field(plain, line)
            if day and day.span.start == line.start:
                return day
    return None


def _kind_of(plain: str, title: Field | None) -> Field | None:
    if title is None:
        return None
    found = KIND_END.search(plain[title.span.start : title.span.end])
    return _moved(found[1], Span(*found.span(1)), title.span.start) if found else None
