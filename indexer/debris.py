"""Find what a web page leaves around a notice: links, comments, editors' lines, captions.

It stays in `Document.text`; it is only kept out of the passages.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from indexer.places import place_at_start
from indexer.records import Exclusion, Span
from indexer.text import simplify

_RELATED = re.compile(
    "^[【\\[]?(相关(阅读|链接|新闻|文章|文件|解读|信息|报道|推荐|稿件|附件下载)|延伸阅读|推荐阅读|"
    "热点(新闻|推荐)|更多(新闻|推荐|阅读)|上一[篇条]|下一[篇条]|猜你喜欢|友情链接)[】\\]]?\\s*(?P<colon>:|$)?"
)
_COMMENTS = re.compile(
    "^[【\\[]?(评论(留言|区|列表)?|网友(评论|留言|热评)|(发表|我要|最新|全部|写)(评论|留言)|"
    "登录后.{0,4}评论)[】\\]]?\\s*([(]?\\d*条?[)]?)\\s*:?$"
)
_EDITORS = re.compile(
    "^[(【\\[]?\\s*(纠错|(责任|本文|网络)?编辑|责编|编审|编校|审[核校]|校对|终审|监制|作者|记者|通讯员|"
    "供稿|摄影|图文|图片来源|稿源|录入|值班(主任|编委))\\s*[】\\]]?\\s*[:\\s]"
)
_BUTTONS = re.compile(
    "^[【\\[(]?(分享(到|至)?|打印(本页|此页)?|关闭(窗口|本页)?|收藏|返回(顶部|首页|列表)|扫一扫|"
    "字[体号]|我要纠错|纠错|点击下载|下载(word|pdf)?|大\\s*中\\s*小|浏览(次数|量)|阅读(次数|量)|"
    "点击(次数|数))([】\\]):\\s|/]|$)",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(
    "^(当前位置|您?(现在|当前)?(所在)?的?位置|首页)\\s*([:>»/|]|$)|^[^。]{0,12}首页\\s*[>»]"
)
# 承办单位 and 技术支持 are also words of notices: with a colon they sign a page.
_FOOTER = re.compile(
    "^(主办|承办|主管|维护|运维|技术支持)(单位)?\\s*:|版权所有|copyright|icp备|公网安备|^备案号|"
    "网站标识码|^(网站地图|联系我们)",
    re.IGNORECASE,
)
_SITE_NAME = re.compile("^\\s*[-_—|丨·]\\s*[^-_—|丨·。]{2,20}$")
_LIST_ITEM = re.compile("^[-·•*>\\d]|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}\\]?$")
_SENTENCE_END = re.compile("[。!?;…]")
_INSTITUTION = re.compile(
    "(大学|学院|中学|小学|学校|幼儿园|校区|分校|医院|书院|中心校|一中|二中|实验学校|公司|基地|广场|"
    "车间|现场)$"
)
_DEPICTED = re.compile(
    "^(图为|图[一二三四五六七八九十\\d]+[:\\s]|资料图|配图)|[(](摄影|图)?[:/].{0,12}摄?[)]$|(?<!拍)摄[)]?$"
)
_ORGAN_END = re.compile(
    "(政府|办公[室厅]|[局委厅部院署处社]|委员会|协会|联合会|理事会|领导小组|中心|银行|支队|大队)$"
)
_NUMBERED = re.compile("^([#(]|第\\S{1,6}[编章节条]|[一二三四五六七八九十]+、|\\d+[.、])")
_CAPTION_LENGTH = 30
_EDITORS_LENGTH = 60
# A footer's words only count among the last lines.
_FOOTER_LINES = 12


def find_debris(
    text: str, lines: Sequence[Span], headings: Collection[Span], title: Span | None
) -> tuple[Exclusion, ...]:
    """Return the stretches that are not the notice, in order.

    `lines` are the non-blank lines, `headings` what the file's form marks as headings, `title`
    the notice's title where it stands in a line of its own: the body begins below it, and a
    photo's caption stands only between paragraphs of the body.
    """
    plain = simplify(text)
    body_from = title.end if title else 0
    marked = {heading.start for heading in headings}
    found = []
    for index, (line, by_words) in enumerate(_by_words(plain, lines, title)):
        reason = by_words or _caption(plain, lines, index, body_from, marked)
        if reason:
            found.append(Exclusion(reason, line))
    return tuple(found)


def _by_words(plain: str, lines: Sequence[Span], title: Span | None) -> Iterator[tuple[Span, str]]:
    """Yield each line with why its words show that it is not the notice, or ""."""
    list_reason = ""
    for index, line in enumerate(lines):
        words = plain[line.start : line.end]
        if _opens_links(words):
            list_reason = "相关链接"
        elif _COMMENTS.match(words):
            list_reason = "评论"
        elif list_reason and not _continues_list(words, list_reason):
            list_reason = ""
        is_near_end = index >= len(lines) - _FOOTER_LINES
        reason = list_reason or _line_reason(words, is_near_end)
        if not reason and title and _is_page_title(plain, line, title):
            reason = "网页标题"
        yield line, reason


def _opens_links(words: str) -> bool:
    """Tell 相关文件： above a list of links from 相关文件应当归档。 in a notice."""
    found = _RELATED.match(words)
    if found is None:
        return False
    return found["colon"] is not None or not _SENTENCE_END.search(words)


def _continues_list(words: str, reason: str) -> bool:
    """Tell whether a line still belongs to the links or comments that were opened above it."""
    if reason == "评论":
        return True  # comments close a page; whole sentences are common in them
    return bool(_LIST_ITEM.search(words)) or not _SENTENCE_END.search(words)


def _line_reason(words: str, is_near_end: bool) -> str:
    if len(words) <= _EDITORS_LENGTH and _EDITORS.match(words):
        return "编辑署名"
    if len(words) <= _EDITORS_LENGTH and _BUTTONS.match(words):
        return "页面按钮"
    if _BREADCRUMB.search(words) and not _SENTENCE_END.search(words):
        return "导航"
    if is_near_end and _FOOTER.search(words) and not _SENTENCE_END.search(words):
        return "页脚"
    return ""


def _is_page_title(plain: str, line: Span, title: Span) -> bool:
    """Tell the line that repeats the title with the site's name after it (…-新华网)."""
    name = plain[title.start : title.end]
    words = plain[line.start : line.end]
    return words.startswith(name) and bool(_SITE_NAME.match(words[len(name) :]))


def _caption(
    plain: str, lines: Sequence[Span], index: int, body_from: int, marked: Collection[int]
) -> str:
    line = lines[index]
    below_title = line.start >= body_from and line.start not in marked
    return "图片说明" if below_title and _is_caption(plain, lines, index) else ""


def _is_caption(plain: str, lines: Sequence[Span], index: int) -> bool:
    """Tell a photo's caption: a short line without a stop between paragraphs that names a place or
    an institution and is neither a heading nor an organ's signature."""
    words = plain[lines[index].start : lines[index].end]
    if len(words) > _CAPTION_LENGTH or _SENTENCE_END.search(words) or words[-1] in ":,、":
        return False
    if _DEPICTED.search(words):
        return True
    if _NUMBERED.match(words) or _ORGAN_END.search(words) or index + 1 >= len(lines):
        return False
    before = plain[lines[index - 1].start : lines[index - 1].end] if index else ""
    after = plain[lines[index + 1].start : lines[index + 1].end]
    stands_between = before.endswith(("。", "”", "!", "…")) and bool(_SENTENCE_END.search(after))
    return stands_between and bool(_INSTITUTION.search(words) or place_at_start(words))
