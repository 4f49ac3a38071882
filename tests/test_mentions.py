"""What a text offers to be linked is kept whole, and counts as far as titles are known."""

import pytest
from hypothesis import given

from indexer.mentions import pack, unpack
from indexer.records import Document, Header
from indexer.references import read_mentions
from tests.make import any_text, make_document, notice_text

OFFERS = """白鹭市关于废止部分文件的通知
白鹭市人民政府《关于加强停车的意见》（白政发〔2021〕7号，以下简称《意见》）。依照刑法第三条、大學法第四條，落实《意见》。
现将《养犬规定》印发给你们。
下列文件予以废止：
1.停车办法（白政发〔2001〕2号）
2.《养犬办法》
"""


@given(notice_text)
def test_what_is_stored_of_a_notice_comes_back_whole(text: str) -> None:
    mentions = read_mentions(Document("a.txt", "", f"{OFFERS}{text}", Header(), (), ()))
    assert mentions.printed
    assert mentions.bare
    assert mentions.items
    assert unpack(pack(mentions)) == mentions


@given(any_text)
def test_what_is_stored_of_any_text_comes_back_whole(text: str) -> None:
    mentions = read_mentions(
        Document("a.txt", "", f"{text}依刑法第三条《{text}》", Header(), (), ())
    )
    assert unpack(pack(mentions)) == mentions


@pytest.mark.parametrize(
    ("titles", "names"),
    [((), []), (("刑法",), ["刑法"]), (("大学法",), ["大學法"]), (("刑法", "大学法"), ["刑法", "大學法"])],
)  # fmt: skip
def test_a_title_without_brackets_counts_where_it_is_known(
    titles: tuple[str, ...], names: list[str]
) -> None:
    found = read_mentions(make_document(OFFERS)).among(titles)
    assert [each.reference.name for each in found if not each.reference.is_document] == names


def test_what_tells_which_document_is_meant_is_kept_with_the_mention() -> None:
    found = read_mentions(make_document(OFFERS)).among(())
    about = next(each for each in found if each.reference.name == "关于加强停车的意见")
    assert (about.issuer, about.hands_out) == ("白鹭市人民政府", False)
    assert [each.reference.name for each in found if each.hands_out] == ["养犬规定"]
