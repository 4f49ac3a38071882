"""A file's bytes become its visible text, and a bad file says what is wrong with it."""

import codecs
import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.readers import markdown, plain, read_source, web
from indexer.readers.encoding import decode
from indexer.readers.source import Source
from tests.make import cut

SIMPLIFIED = (
    "为切实解决我市城区义务教育学校大班额问题，改善办学条件，促进教育公平，根据有关要求，结合实际，制定本方案。\n"
    "一、到2025年底，全市学前三年毛入园率达到95%以上，普惠性幼儿园覆盖率达到88%。\n"
)
TRADITIONAL = (
    "為切實解決我縣義務教育學校大班額問題，改善辦學條件，促進教育公平，根據有關要求，結合實際，制定本計劃。\n"
    "一、到2025年底，全縣學前三年毛入園率達到93%以上，普惠性幼兒園覆蓋率達到88%。\n"
)
BYTES = SIMPLIFIED.encode()
WORDS = st.lists(
    st.sampled_from("教育学校政府管理工作发展实施方案保障经费年级人民市县区所"), min_size=50
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@given(letters=WORDS, numbers=st.booleans())
def test_chinese_text_is_read_in_any_encoding(
    encoding: str, letters: list[str], numbers: bool
) -> None:
    text = "".join(letters) + ("，共12所。\n" if numbers else "。")
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
        *((TRADITIONAL, encoding) for encoding in ("utf-8", "gb18030", "big5", "utf-16-le")),
    ],
)
def test_both_scripts_are_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_text_with_a_mark_is_read() -> None:
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")) == SIMPLIFIED


def test_line_ends_are_those_of_unix() -> None:
    assert decode("甲\r\n乙\r丙\n".encode()) == "甲\n乙\n丙\n"


def test_a_declared_encoding_helps_but_does_not_decide() -> None:
    short = "第一条".encode("gb18030")
    assert decode(short, "gb2312") == "第一条"
    assert decode(SIMPLIFIED.encode(), "gb2312") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("gb18030"), "no-such-encoding") == SIMPLIFIED


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (bytes(range(256)) * 20, "文件不是文本（含二进制数据）。"),
        (b"PK\x03\x04\x14\x00\x06\x00" + os.urandom(5000), "文件不是文本（含二进制数据）。"),
        (SIMPLIFIED.encode() + b"\0" + SIMPLIFIED.encode(), "文件不是文本（含二进制数据）。"),
        (
            BYTES + b"\xff\xfe\x81" + BYTES,
            f"文件是 UTF-8 编码，但第 {len(BYTES) + 1} 个字节起已损坏。",
        ),
        (
            BYTES + "题".encode()[:2],
            f"文件是 UTF-8 编码，但第 {len(BYTES) + 1} 个字节起已损坏。",
        ),
        (
            codecs.BOM_UTF16_LE + "甲乙".encode("utf-16-le") + b"\x00\xd8",
            "文件是 UTF-16-LE 编码，但第 5 个字节起已损坏。",
        ),
        (codecs.BOM_UTF8 + b"\xff", "文件是 UTF-8 编码，但第 1 个字节起已损坏。"),
        (bytes(range(128, 256)) * 40, "文件的编码认不出来，或部分内容已损坏。"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_with_the_reason(content: bytes, fact: str) -> None:
    with pytest.raises(ReadError) as error:
        read_source("a.txt", content)
    assert error.value.fact == fact


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for reader in (plain, markdown, web):
        with suppress(ReadError):
            text = reader.read(content).text
            assert not any("\ud800" <= c <= "\udfff" for c in text)


@pytest.mark.parametrize("name", ["a.exe", "a", "a.txt.bak", ".txt"])
def test_an_unknown_form_is_named(name: str) -> None:
    with pytest.raises(ReadError, match="暂不支持"):
        read_source(name, SIMPLIFIED.encode())


@pytest.mark.parametrize("name", ["a.txt", "a.markdown", "a.htm", "A.TXT", "b.Md"])
def test_a_known_form_is_read(name: str) -> None:
    assert "大班额" in read_source(name, SIMPLIFIED.encode()).text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b""),
        ("a.txt", "\u3000\n".encode()),
        ("a.md", "。……\n——".encode()),
        ("a.html", b"<p></p><img alt=x>"),
        ("a.html", b"<html><head><title>x</title></head></html>"),
    ],
)
def test_a_file_without_words_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ReadError, match="文件里没有文字"):
        read_source(name, content)


# -- Markdown ------------------------------------------------------------------------------------


def test_markdown_marks_headings_and_comments() -> None:
    text = "# 通知 #\n\n##\n### 一、目标\n<!-- 编者\n注 -->\n正文 # 不是标题\n<!-- 没有结束"
    source = read_source("a.md", text.encode())
    assert source.text == text
    assert [(cut(text, span), level) for span, level in source.headings] == [
        ("通知", 1),
        ("一、目标", 3),
    ]
    assert [(e.reason, cut(text, e.span)) for e in source.exclusions] == [
        ("注释", "<!-- 编者\n注 -->")
    ]


# -- web pages -----------------------------------------------------------------------------------


def page(body: str) -> Source:
    return read_source("a.html", f"<html><head><title>题</title></head><body>{body}".encode())


def excluded(source: Source) -> list[tuple[str, str]]:
    return [(each.reason, cut(source.text, each.span)) for each in source.exclusions]


def test_a_table_row_is_one_line_and_an_empty_cell_stays_empty() -> None:
    source = page(
        "<table><tr><td>索引号</td><td>01</td><td>文号</td><td></td></tr>"
        "<tr><th><p>时效</p></th><td><p>有</p><p>效</p></td></tr></table>"
    )
    assert source.text == "索引号 | 01 | 文号 | \n时效 | 有 效\n"


def test_a_table_that_lays_out_the_page_is_no_row() -> None:
    source = page(
        "<table><tr><td><ul><li><a>首页</a></li><li><a>新闻</a></li><li><a>公开</a></li></ul></td>"
        "<td><h1>通知</h1><p>第一段。</p><p>第二段。</p></td></tr></table>"
    )
    assert source.text == "首页\n新闻\n公开\n通知\n第一段。\n第二段。\n"
    assert excluded(source) == [("链接列表", "首页\n新闻\n公开")]


def test_what_stands_around_the_article_is_marked() -> None:
    source = page(
        "<header><div>某县人民政府</div><nav><a>首页</a></nav></header>"
        "<div class='bread crumbs'>当前位置</div>"
        "<div class='main'><h1>通知</h1><p>正文<b>重点</b>。</p><figure><figcaption>图</figcaption></figure>"
        "</div><div id=share>分享</div><div class='related'>相关</div><footer>主办</footer>"
        "<script>var a</script><style>p{}</style><button>打印</button><input value=x>"
    )
    assert excluded(source) == [
        ("导航", "某县人民政府\n首页"),
        ("导航", "当前位置"),
        ("图片说明", "图"),
        ("页面按钮", "分享"),
        ("相关链接", "相关"),
        ("页脚", "主办"),
    ]
    assert source.text == "某县人民政府\n首页\n当前位置\n通知\n正文重点。\n图\n分享\n相关\n主办\n"
    assert [(cut(source.text, span), level) for span, level in source.headings] == [("通知", 1)]


@pytest.mark.parametrize(
    "body",
    [
        "<header><h1>通知</h1></header><p>正文。</p>",
        "<div class='article-head top'><h2>通知</h2></div><p>正文。</p>",
        "<p>见<a>甲</a>、<a>乙</a>、<a>丙</a>等三个文件的规定执行。</p>",
        "<p><a>只有</a><a>两个</a></p>",
    ],
)
def test_the_article_is_not_taken_for_its_surroundings(body: str) -> None:
    assert excluded(page(body)) == []


def test_a_page_without_a_body_is_read() -> None:
    assert read_source("a.html", "只有文字".encode()).text == "只有文字\n"


@pytest.mark.parametrize(
    "meta", ['<meta charset="gb2312">', "<META http-equiv=x content='a;charset=GBK'>"]
)
def test_a_page_says_its_encoding(meta: str) -> None:
    source = read_source("a.html", f"{meta}<p>第一条</p>".encode("gb18030"))
    assert source.text == "第一条\n"


def test_deep_nesting_is_read() -> None:
    assert page("<div>" * 5000 + "通知").text.strip() == "通知"


TAGS = st.sampled_from(
    "<p> </p> <div class=nav> </div> <table> <tr> <td> </td> </tr> </table> <a> </a> <h1> </h1> "
    "<ul> <li> <br> <!-- --> <script> </script> <b> <title> <body> </html> &nbsp; &lt; < > <x <header> "
    "</header> <svg> <template> <math> 文字 12 ， <p\x00>".split(" ")
)


@given(st.lists(st.one_of(TAGS, st.text(max_size=5)), max_size=40).map("".join))
def test_any_page_gives_text_and_spans_inside_it(body: str) -> None:
    try:
        source = read_source("a.html", f"<p>字</p>{body}".encode("utf-8", "ignore"))
    except ReadError:
        return
    before = 0
    for each in source.exclusions:
        assert before <= each.span.start < each.span.end <= len(source.text)
        assert cut(source.text, each.span) == cut(source.text, each.span).strip()
        before = each.span.end
    for span, level in source.headings:
        assert 0 <= span.start < span.end <= len(source.text) and 1 <= level <= 6
