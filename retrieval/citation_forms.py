"""How a quote is cited: the way officials do, and by GB/T 7714 of 2015 and of 2025.

All is made of the document's own fields, in the script that they are written in; what the document
does not say (a publisher, a place of publication, an address, a day of access) is left out.

GB/T 7714-2015: an official document is an electronic resource (4.6), like the notice of a municipal
office among the examples of 4.6.2: 题名：文号[A/OL]. (日期). The organ is the author (8.1.4), and
the numeric system may do without one (8.1.3); 文号 follows the title, as what explains it (8.2). A
is the code of archives and R of reports (annex B). A file at hand is on a disk, DK, and its path is
the way to it (8.6). An electronic resource needs neither place nor name of a publisher (8.4).

GB/T 7714-2025, in force from 2026-07-01, has no official document among its examples any more. It
puts what was 4.6 under each type: 档案 are 题名：档号[A/DK]. 形成日期：引文页码. 路径 (8.12.3) and
报告 likewise (8.8.3), so the date stands without brackets; those, and a day of access, are for web
pages (8.11). Its examples are set with full-width commas, colons and brackets, and a narrow full
stop. That a notice is A by 2025 too is our reading: nothing in A.1 is nearer, and Z (其他) is for
what is no official document. The text of 2025 was read in a reproduction that its makers compared
with the printed standard (github.com/hushidong/biblatex-gb7714-2025), not in print.

Where a file has no pages nothing stands for them, as in the examples of web pages (2015, 4.6.2;
2025, 8.11): numbers of pages are figures (2025, 7.7). Where in the text a quote stands is said by
the official form.
"""

from indexer.records import Document, Field
from indexer.text import simplify
from retrieval.official_outline import own_script
from retrieval.results import CitationForms
from retrieval.titles import in_title_marks

_REPORT, _OFFICIAL, _OTHER = "R", "A", "Z"
_CARRIER = "DK"  # 磁盘: where the corpus lies is all that is known of it


def cite_forms(
    document: Document, issued_on: str, place: str, pages: tuple[int, ...]
) -> CitationForms:
    """Return the forms of a citation; `issued_on` is the document's day as YYYY-MM-DD or "",
    `place` what `official_place` says, `pages` where the quote stands in a file with pages."""
    where = "-".join(dict.fromkeys(map(str, (pages[0], pages[-1])))) if pages else ""
    author, number = _author(document), _as_written(document, document.header.doc_number)
    title = document.title if document.header.title else f"[{document.title}]"
    entry = f"{author}{title}{number and f'：{number}'}[{_code(document)}/{_CARRIER}]."
    year = f"{issued_on[:4]}：{where}" if where else ""
    by_2015 = f" {year}({issued_on})." if issued_on else ""
    by_2025 = f" {issued_on}{where and f'：{where}'}." if issued_on else ""
    return CitationForms(
        official=_official(document, number, place, pages),
        gbt7714_2015=f"{entry}{by_2015} {document.id}.",
        gbt7714_2025=f"{entry}{by_2025} {document.id}.",
    )


def copy_text(quote: str, form: str) -> str:
    """Return a quote in quotation marks, and below it how it is cited."""
    return f"“{quote}”\n{form}"


def _official(document: Document, number: str, place: str, pages: tuple[int, ...]) -> str:
    """Return 《标题》（文号）第三部分第（二）条; of a plan in a notice, 所附《方案》第三部分."""
    title = in_title_marks(document.title) if document.header.title else document.title
    joined = f"所附{place}" if place.startswith("《") else place
    numbers = "、".join(map(str, pages))
    paged = f"第{numbers}页".translate(own_script(document)) if pages else ""
    return f"{title}{number and f'（{number}）'}{joined or paged}"


def _author(document: Document) -> str:
    """Return the organ with the stop that ends it; 等 where the title names more than it."""
    organ = _as_written(document, document.header.issuer)
    if not organ:
        return ""
    return f"{organ}，等. " if f"{organ}等" in document.title else f"{organ}. "


def _code(document: Document) -> str:
    """Return the code of the type of document (2015, table B.1; 2025, table A.1)."""
    header = document.header
    if header.kind and header.kind.value.endswith("报告"):
        return _REPORT
    return _OFFICIAL if header.kind or header.doc_number else _OTHER


def _as_written(document: Document, field: Field | None) -> str:
    """Return the normal form of a field in the characters of the document: 鶴汀政發〔2022〕15號."""
    if field is None:
        return ""
    written = "".join(document.text[slice(*field.span)].split())
    if len(written) != len(field.value):
        return field.value
    pairs = zip(written, field.value, strict=True)
    return "".join(own if simplify(own) == normal else normal for own, normal in pairs)
