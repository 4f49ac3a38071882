"""The list of documents: found by words, in every order, as a plain count finds them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.text import folded
from retrieval.listing import Listing
from retrieval.results import Source

PLACES = ("云南省", "玉溪市", "施甸县")
titles = st.sampled_from(("关于化解大班额的通知", "《高龄津貼辦法》", "ＡＢ方案", "", "啊", "阿"))
sources = st.lists(
    st.builds(
        Source,
        document=st.sampled_from(("甲/a.txt", "乙/b\0c.txt")),
        title=titles,
        doc_number=st.sampled_from(("", "柳政办发〔2023〕5号")),
        issuer=st.sampled_from(("", "柳溪市人民政府")),
        locality=st.sampled_from(("", *PLACES)),
        issued_on=st.sampled_from(("", "2021-01-02", "2023-05-06")),
        kind=st.just(""),
    ),
    max_size=8,
)
words = st.sampled_from(("", "大班额", "津贴 办法", "5号 柳溪", "ab", "无"))
ORDERS = ("date", "-date", "title", "-title", "place", "-place")


@settings(max_examples=50)
@given(sources, words, st.sampled_from(ORDERS), st.none() | st.sets(st.integers(0, 7)))
def test_what_is_listed_has_the_words_and_stands_in_order(rows, asked, order, among):
    listing = Listing(rows, PLACES)
    positions = None if among is None else sorted(at for at in among if at < len(rows))
    found = listing.find(asked, order, positions)
    looked_at = rows if positions is None else [rows[at] for at in positions]
    expected = [
        row
        for row in looked_at
        if all(
            folded(word) in folded(f"{row.title} {row.doc_number} {row.issuer} {row.document}")
            for word in asked.split()
        )
    ]
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    if order.endswith("date"):
        days = [row.issued_on for row in found]
        known = [day for day in days if day]
        assert known == sorted(known, reverse=order == "date")
        assert days == known + [""] * (len(days) - len(known))
    if order.endswith("place"):
        ranks = [PLACES.index(row.locality) for row in found if row.locality]
        assert ranks == sorted(ranks, reverse=order == "-place")
        assert all(not row.locality for row in found[len(ranks) :])


def test_titles_stand_in_the_order_of_their_sounds() -> None:
    rows = [
        Source(title, title, "", "", "", "", "") for title in ("赵", "《包》", "啊", "钱", "孙")
    ]
    listing = Listing(rows, ())
    assert [row.title for row in listing.find("", "title")] == ["啊", "《包》", "钱", "孙", "赵"]
    assert [row.title for row in listing.find("", "-title")] == ["赵", "孙", "钱", "《包》", "啊"]
