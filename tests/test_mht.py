"""A page saved as one file is read as the page it holds."""

import base64
import email.policy
import quopri
import random
from contextlib import suppress
from email.message import EmailMessage

import lxml.html
import pytest

from indexer.errors import ReadError
from indexer.readers import mht
from tests.damage import mutate

BODY = (
    "<h1>关于印发方案的通知</h1><p>为切实解决义务教育学校大班额问题，制定本方案。</p>"
    "<table><tr><th>学校</th><th>班数</th></tr><tr><td>一小</td><td>12</td></tr></table>"
)
TRADITIONAL = "<p>為切實解決義務教育學校大班額問題，制定本計劃。</p>"
TEXT = (
    "关于印发方案的通知\n为切实解决义务教育学校大班额问题，制定本方案。\n学校 | 班数\n一小 | 12\n"
)


def archive(*parts: tuple[str, str, str, str], start: str = "") -> bytes:
    """Write a page as browsers do: parts of type, charset, encoding and words."""
    lines = [
        "From: <Saved by a browser>",
        "Subject: =?utf-8?Q?=E9=80=9A=E7=9F=A5?=",
        "MIME-Version: 1.0",
    ]
    named = f' start="{start}";' if start else ""
    lines += [
        f'Content-Type: multipart/related;{named} type="text/html";',
        '\tboundary="----=_Part"',
        "",
    ]
    for number, (kind, charset, transfer, words) in enumerate(parts):
        said = f'; charset="{charset}"' if charset else ""
        content = words.encode(charset or "utf-8")
        encode = base64.encodebytes if transfer == "base64" else quopri.encodestring
        encoded = encode(content).decode("ascii")
        lines += ["------=_Part", f"Content-Type: {kind}{said}", f"Content-ID: <part{number}>"]
        lines += [
            f"Content-Transfer-Encoding: {transfer}",
            f"Content-Location: file:///C:/{number}.htm",
            "",
            encoded,
        ]
    return "\r\n".join([*lines, "------=_Part--", ""]).encode("ascii")


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["", "utf-8", "gb2312", "utf-16"])
def test_the_page_is_read_whatever_its_coding(charset: str, transfer: str) -> None:
    source = mht.read(
        archive(("text/html", charset, transfer, BODY), ("image/png", "", "base64", "x"))
    )
    assert source.text == TEXT
    assert [table.heads for table in source.tables] == [1]
    assert source.cautions == ()


def test_traditional_pages_are_read() -> None:
    source = mht.read(archive(("text/html", "big5", "quoted-printable", TRADITIONAL)))
    assert source.text == "為切實解決義務教育學校大班額問題，制定本計劃。\n"


def test_a_page_in_utf_16_is_read() -> None:
    content = archive(("text/html", "utf-8", "quoted-printable", BODY)).decode("ascii")
    assert mht.read(content.encode("utf-16")).text == TEXT


def test_the_part_named_as_the_start_is_the_page() -> None:
    frame = ("text/html", "utf-8", "base64", "<p>框架里的广告。</p>")
    source = mht.read(archive(frame, ("text/html", "utf-8", "base64", BODY), start="<part1>"))
    assert source.text == TEXT
    assert [caution.fact for caution in source.cautions] == [
        "网页存档里另有 1 个框架或附属网页，没有读入。"
    ]


def test_of_a_page_of_frames_the_one_that_says_most_is_read() -> None:
    frames = ("text/html", "utf-8", "base64", "<frameset><frame src=a><frame src=b></frameset>")
    menu = ("text/html", "utf-8", "base64", "<p>目录</p>")
    assert mht.read(archive(frames, menu, ("text/html", "utf-8", "base64", BODY))).text == TEXT


def test_a_page_without_other_parts_is_read() -> None:
    message = EmailMessage(email.policy.SMTP)
    message.set_content(BODY, subtype="html")
    assert mht.read(message.as_bytes()).text == TEXT


def test_no_character_is_lost_or_invented() -> None:
    message = email.message_from_bytes(archive(("text/html", "gb2312", "quoted-printable", BODY)))
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/html"]
    html = part.get_payload(decode=True).decode("gb2312")
    expected = lxml.html.fromstring(html).text_content()
    got = mht.read(message.as_bytes()).text.replace(" | ", "")
    assert "".join(got.split()) == "".join(expected.split())


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (archive(("text/plain", "utf-8", "base64", "正文")), "网页存档里没有网页。"),
        (b"MIME-Version: 1.0\n\n", "网页存档里没有网页。"),
        (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                for n in range(5000)
            ),
            "网页存档的结构不正常。",
        ),
    ],
    ids=["only text", "nothing", "boxes in boxes"],
)
def test_an_archive_without_a_page_is_refused(content: bytes, fact: str) -> None:
    with pytest.raises(ReadError) as error:
        mht.read(content)
    assert error.value.fact == fact


@pytest.mark.slow
def test_mutated_files_are_read_or_refused() -> None:
    good = archive(
        ("text/html", "gb2312", "quoted-printable", BODY), ("text/html", "", "base64", TRADITIONAL)
    )
    for seed in range(300):
        with suppress(ReadError):
            mht.read(mutate(good, random.Random(seed)))
