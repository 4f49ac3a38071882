"""What a web page leaves around a notice is kept out of the passages, and nothing else is."""

import pytest

from indexer.records import Span
from tests.make import cut, make_document

BODY = "各部门要高度重视，落实责任。"


def debris(text: str) -> list[tuple[str, str]]:
    return [(e.reason, cut(text, e.span)) for e in make_document(text).exclusions]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("责任编辑：张三", "编辑署名"), ("編輯:李四", "编辑署名"), ("【糾錯】 責任編輯:王五", "编辑署名"),
        ("【打印】【关闭】", "页面按钮"), ("分享到：", "页面按钮"), ("字体：大 中 小", "页面按钮"),
        ("当前位置：首页 > 公开", "导航"), ("首页 > 政务公开 > 通知", "导航"),
        ("上一篇：关于开会的通知", "相关链接"), ("相关阅读", "相关链接"), ("评论留言", "评论"),
        ("网友评论（12条）", "评论"),
        ("图为学校运动会", "图片说明"), ("课间活动（李四 摄）", "图片说明"), ("青岚市第一小学", "图片说明"),
        ("主办单位：某市人民政府 ICP备00000000号", "页脚"), ("版权所有 某市教育局", "页脚"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_the_notice_is_excluded(line: str, reason: str) -> None:
    text = f"某某市关于开会的通知\n{BODY}\n{line}\n{BODY}"
    assert debris(text)[0] == (reason, line)


@pytest.mark.parametrize(
    "line",
    [
        "相关文件应当及时归档。", "编辑出版单位应当建立制度。", "打印机应当集中管理。", "评论工作要加强。",
        "主办单位为市教育局。", "（二）为其提供技术支持的；", "承办单位限期改正", "（一）青岚市第一小学", "一、青岚市第一小学", "第三章 学校", "## 第三章 学校",
        "青岚市教育局", "某某市人民政府办公室", "分享经验，推广做法。", "作者享有著作权。", "记者证管理",
    ],
)  # fmt: skip
def test_a_line_of_the_notice_is_kept(line: str) -> None:
    assert debris(f"某某市关于开会的通知\n{BODY}\n{line}\n{BODY}") == []


def test_links_below_a_notice_are_excluded_until_a_sentence_comes() -> None:
    text = f"某市关于开会的通知\n{BODY}\n相关链接：\n- 甲消息 2024-01-01\n乙消息\n{BODY}"
    assert [words for _, words in debris(text)] == ["相关链接：", "- 甲消息 2024-01-01", "乙消息"]


def test_everything_below_the_comments_is_excluded() -> None:
    text = f"某市关于开会的通知\n{BODY}\n评论留言\n说得好。\n支持！"
    assert [reason for reason, _ in debris(text)] == ["评论"] * 3


def test_a_line_that_repeats_the_title_with_the_site_is_excluded() -> None:
    text = f"某市关于开会的通知-某市人民政府网\n\n某市关于开会的通知\n{BODY}"
    assert debris(text) == [("网页标题", "某市关于开会的通知-某市人民政府网")]
    title = make_document(text).header.title
    assert title is not None and title.span == Span(19, 28)


def test_a_place_between_paragraphs_is_a_caption_where_the_title_is_a_part_of_the_text() -> None:
    text = f"近日印发《青岚市教育质量行动方案》，{BODY}\n青岚市第一小学\n{BODY}"
    assert debris(text) == [("图片说明", "青岚市第一小学")]


def test_what_is_excluded_stays_in_the_text() -> None:
    text = f"某市关于开会的通知\n{BODY}\n责任编辑：张三"
    assert make_document(text).text == text


def test_a_heading_of_a_page_is_no_caption() -> None:
    page = f"<h1>关于学校的报告</h1><p>{BODY}</p><h2>青岚市第一小学</h2><p>{BODY}</p>"
    document = make_document(page, "a.html")
    assert document.exclusions == ()
    assert [section.heading for section in document.sections] == ["青岚市第一小学"]
