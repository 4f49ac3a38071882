"""Links kept up to date are those of the whole corpus, whatever its history."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.link_tables import LINK_TABLES, LinkTables, rows_of
from indexer.links import relink
from indexer.records import Document, Links
from tests.make import make_document
from tests.whole_links import links_of

ACTIONS = ("废止", "修改", "印发")
TITLES = (
    "停车条例", "中华人民共和国停车条例", "停车条例（试行）", "停车条例（2018年修正）", "停车办法", "条例", "样本规则",
    "白鹭市人民政府关于加强停车的意见", "关于加强停车的意见", "白鹭市人民政府关于印发停车办法的通知", "停车工作要点",
    "关于印发《停车办法》《停车条例》的通知", "产业目录（2019年本）", "产业目录（2024年本）", "关于废止部分文件的决定",
    "关于修改《停车条例》的决定",
)  # fmt: skip
NUMBERS = ("", "白政发〔2021〕7号", "青政发〔2021〕7号")
PLACES = ("", "白鹭市", "青岚市")
DAYS = ("", "2010年1月1日", "2018年1月1日")
SENTENCES = (
    "根据《{}》，制定本规定。", "《{}》同时废止。", "现将《{}》印发给你们，请遵照执行。", "依照{}第三条处理。", "违反{}规定的，处罚。",
    "对《{}》作如下修改：", "将{}第三条修改为：“三”。", "现印发{}规定的事项，请遵照执行。", "请按白政发〔2021〕7号文件办理。",
    "见《{}》（青政发〔2021〕7号，以下简称《要求》）。落实《要求》。", "白鹭市人民政府《{}》", "青岚市人民政府 {}规定如下。",
    "下列文件予以废止：\n1.{}（白政发〔2021〕7号）\n2.{}第三条\n3.《{}》\n4.见{}第三条《停车办法》",
    "下列规章予以修改：\n1.依{}第三条《停车办法》\n2.《{}》", "根据《关于印发〈{}〉的通知》执行。", "依照中华人民共和国{}第六条。",
    "依照{}（以下简称条例）第六条。", "阅读《青岚故事》。",
)  # fmt: skip


@cache
def document(path: str, title: str, number: str, place: str, day: str, body: str) -> Document:
    signature = f"{place}人民政府" if place else ""
    return make_document("\n".join((title, number, "各区：", body, signature, day)), path)


paths = st.sampled_from(["a.txt", "b.txt", "c.txt", "甲.txt", "乙/a.txt", "é.txt", "Z.txt"])


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Document | None]]:
    """What becomes of some paths at once, again and again: a document or, at None, nothing.

    All of it is about few titles, so that much of it is connected.
    """
    titles = st.sampled_from(
        draw(st.lists(st.sampled_from(TITLES), min_size=1, max_size=3, unique=True))
    )
    bodies = st.lists(
        st.tuples(st.sampled_from(SENTENCES), titles).map(
            lambda said: said[0].replace("{}", said[1])
        ),
        max_size=3,
    ).map("\n".join)
    contents = st.tuples(
        titles, st.sampled_from(NUMBERS), st.sampled_from(PLACES), st.sampled_from(DAYS), bodies
    )
    changes = draw(
        st.lists(
            st.dictionaries(
                paths, st.one_of(contents, contents, st.none()), min_size=1, max_size=4
            ),
            max_size=6,
        )
    )
    return [
        {path: content and document(path, *content) for path, content in change.items()}
        for change in changes
    ]


class Corpus:
    """A corpus whose links are kept up to date from one change to the next."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._numbers: dict[str, int] = {}
        self._next = 0
        self.documents: dict[str, Document] = {}

    def change(self, wanted: Mapping[str, Document | None]) -> None:
        removed = [self._numbers.pop(path) for path in wanted if path in self._numbers]
        for path, each in wanted.items():
            self.documents.pop(path, None)
            if each is not None:
                self.documents[path], self._numbers[path] = each, self._next
                self._next += 1
        relink(self._database, removed, self._added(wanted))

    def _added(self, wanted: Mapping[str, Document | None]) -> Iterator[tuple[int, Document]]:
        yield from ((self._numbers[path], each) for path, each in wanted.items() if each)

    def links(self) -> Links:
        tables = LinkTables(rows_of(self._database))
        return tables.whole()

    def links_of_each(self) -> list[object]:
        tables = LinkTables(rows_of(self._database))
        each = [
            (path, tables.links_from(number), tables.links_to(number))
            for path, number in sorted(self._numbers.items())
        ]
        return [*each, tables.changes(ACTIONS)]

    def kept(self) -> list[list[tuple[object, ...]]]:
        """What stands in the tables, with paths for the numbers of documents."""
        names = {number: path for path, number in self._numbers.items()}
        kept = []
        for table, columns in TABLES.items():
            rows = self._database.execute(f"SELECT * FROM {table}").fetchall()
            kept.append(
                sorted(
                    tuple(names[value] if at in columns and value is not None else value
                          for at, value in enumerate(row))
                    for row in rows
                )
            )  # fmt: skip
        return kept


# The tables, and which of their columns are numbers of documents.
TABLES = {
    "known": (0,), "held": (1,), "bare": (1,), "mentions": (0,), "designations": (), "sought": (), "links": (0, 9),
}  # fmt: skip


def linked_anew(documents: Sequence[Document]) -> Corpus:
    corpus = Corpus(opened())
    corpus.change({each.id: each for each in documents})
    return corpus


def opened() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(LINK_TABLES)
    return database


def expected_of_each(whole: Links, paths: Sequence[str]) -> list[object]:
    each = [
        (
            path,
            [link for link in whole.references if link.citing == path],
            [link for link in whole.references if link.cited == path],
        )
        for path in paths
    ]
    done = [link for link in whole.references if link.cited and link.reference.action in ACTIONS]
    return [*each, done]


def check(history: Sequence[Mapping[str, Document | None]]) -> None:
    with closing(opened()) as database:
        corpus = Corpus(database)
        for change in history:
            corpus.change(change)
            paths = sorted(corpus.documents)
            whole = links_of([corpus.documents[path] for path in paths])
            assert corpus.links() == whole
            assert corpus.links_of_each() == expected_of_each(whole, paths)
        anew = linked_anew(list(corpus.documents.values()))
        assert corpus.kept() == anew.kept()


@pytest.mark.slow
@settings(max_examples=400)
@given(histories())
def test_links_kept_up_to_date_are_those_of_the_whole_corpus(
    history: list[dict[str, Document | None]],
) -> None:
    check(history)


def notice(path: str, title: str, *lines: str, number: str = "", place: str = "") -> Document:
    return document(path, title, number, place, "", "\n".join(lines))


def linked(*documents: Document) -> Corpus:
    return linked_anew(documents)


def test_a_name_told_apart_by_place_parts_documents_that_are_known_by_their_number() -> None:
    """What tells them apart comes with a document that has not the number that is cited."""
    number = "白政发〔2021〕7号"
    corpus = linked(
        notice("a.txt", "停车办法", number=number),
        notice("b.txt", "停车办法", number=number, place="白鹭市"),
        notice("c.txt", "养犬通告", f"请按{number}文件办理。", place="望溪县"),
    )
    assert [each.cited for each in corpus.links().references] == ["a.txt"]
    assert corpus.links().versions == (("a.txt", "b.txt"),)
    corpus.change({"d.txt": notice("d.txt", "停车办法", place="青岚市")})
    assert [each.cited for each in corpus.links().references] == [""]
    assert corpus.links().versions == ()
    corpus.change({"d.txt": None})
    assert [each.cited for each in corpus.links().references] == ["a.txt"]


def test_a_title_that_comes_and_goes_is_known_without_brackets_meanwhile() -> None:
    corpus = linked(notice("a.txt", "养犬通告", "依照停车条例第三条处理。"))
    assert corpus.links().references == ()
    corpus.change({"b.txt": notice("b.txt", "停车条例")})
    assert [each.cited for each in corpus.links().references] == ["b.txt"]
    corpus.change({"b.txt": None, "c.txt": notice("c.txt", "停车条例")})
    assert [each.cited for each in corpus.links().references] == ["c.txt"]
    corpus.change({"c.txt": None})
    assert corpus.links().references == ()


def test_a_change_that_failed_leaves_nothing_and_can_be_made_again() -> None:
    with closing(opened()) as database:
        relink(database, (), [(0, notice("a.txt", "停车条例"))])
        database.commit()

        def failing() -> Iterator[tuple[int, Document]]:
            yield 1, notice("b.txt", "养犬通告", "根据《停车条例》制定。")
            raise OSError("full")

        with pytest.raises(OSError, match="full"):
            relink(database, [0], failing())
        database.rollback()
        assert LinkTables(rows_of(database)).all_links() == []
        relink(database, (), [(1, notice("b.txt", "养犬通告", "根据《停车条例》制定。"))])
        assert [each.cited for each in LinkTables(rows_of(database)).all_links()] == ["a.txt"]


@pytest.mark.slow
def test_a_change_looks_at_nothing_that_it_does_not_concern() -> None:
    """The steps of SQLite are counted; they are the same among ten documents and two hundred."""
    assert steps_of_a_change(among=200) == pytest.approx(steps_of_a_change(among=10), rel=0.05)


def steps_of_a_change(among: int) -> int:
    others = [
        notice(
            f"{at}.txt", f"第{at}号停车条例", f"根据《第{at - 1}号停车条例》，依照养犬规定第{at}条制定。",
            number=f"青政发〔2021〕{at}号", place="青岚市",
        )
        for at in range(among)
    ]  # fmt: skip
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with closing(opened()) as database:
        relink(database, (), enumerate(others))
        known = notice("停车.txt", "停车条例", "根据《第3号停车条例》，依照停车条例第三条制定。")
        database.set_progress_handler(count, 1)
        relink(database, (), [(among, known)])
        relink(database, [among], ())
    return steps
