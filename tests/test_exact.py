"""The exact search finds what a plain scan of the texts finds, and shows where it stands."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.build import build
from indexer.concordance import Concordance, merge_concordance, write_concordance
from indexer.doc_number import is_doc_number
from indexer.errors import QuestionError
from indexer.notices import make_document as read_notice
from indexer.readers.source import Source as Text
from indexer.records import Document, Header
from indexer.settings import Settings
from indexer.text import fold, folded, simplify
from retrieval.__main__ import main
from retrieval.engine import Engine
from retrieval.exact import ExactQuery, _matches, find_exactly
from retrieval.expression import And, DocNumber, Expression, Not, Or, Phrase
from retrieval.results import ExactResult, Filters, Source
from tests.make import OWN, any_text, cut, notice_text

NOTICES = {
    "a/柳溪.txt": """柳溪市人民政府办公室关于化解大班额的通知
柳政办发〔2023〕5号

各县区人民政府：
一、总体要求
大班额的比例控制在百分之三以内。逐年增加学位。
二、工作措施
新建学校三所，增加学位两千个；大班额学校不得招收
转学生。根据某政发〔2022〕3号执行。
（一）督导
学位不足的，限期整改。
柳溪市人民政府办公室
2023年5月6日
""",
    "b/松陵.md": """# 松陵縣教育局關於實施方案的通知

松教發【二〇二一】十二號

## 一、工作目標

大班額的比例控制在百分之三以內。

## 二、保障

依照某政發[二〇二二]三號，加強督導。增加學位。

松陵縣教育局
2021年3月2日
""",
    "c/石门.txt": """石门区水务局关于河道清淤的通知
石水发〔2022〕8号

各街道办事处：
一、清淤范围
本次清淤共计十二公里，不涉及大班额。
石门区水务局
2022年9月1日

相关阅读：
- 大班额问题答记者问 2024-01-01
""",
}
A, B, C = NOTICES


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("exact")
    for name, text in NOTICES.items():
        path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = Settings(folder / "corpus", folder / "index", "hashing")
    assert build(made).problems == ()
    return made


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return Engine.open(settings)


def counts(result: ExactResult) -> dict[str, int]:
    return {hit.source.document: hit.matches for hit in result.hits}


def marked(engine: Engine, result: ExactResult) -> dict[str, list[str]]:
    """Return the words that are marked in each document, in its own characters."""
    return {
        hit.source.document: [
            cut(engine.document(hit.source.document).text, span)
            for excerpt in hit.excerpts
            for span in excerpt.matches
        ]
        for hit in result.hits
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("大班额", {A: 3, C: 2, B: 1}),
        ("大班額", {A: 3, C: 2, B: 1}),
        ("“大班额的比例”", {A: 1, B: 1}),
        ("大班额 学位", {A: 6, B: 2}),
        ("大班额 NOT 学位", {C: 2}),
        ("大班额 -通知", {}),
        ("清淤 OR 督导", {C: 3, A: 1, B: 1}),
        ("(清淤 OR 督导) 学位", {A: 4, B: 2}),
        ("“不得招收转学生”", {A: 1}),
        ("大班 OR 大班额", {A: 3, C: 2, B: 1}),
        ("两万", {}),
    ],
)
def test_documents_and_matches_are_counted(
    engine: Engine, typed: str, expected: dict[str, int]
) -> None:
    result = engine.find(typed)
    assert list(counts(result).items()) == list(expected.items())
    assert (result.documents, result.matches) == (len(expected), sum(expected.values()))


def test_the_words_marked_are_those_of_the_text(engine: Engine) -> None:
    assert marked(engine, engine.find("“招收转学生” OR 督导")) == {
        A: ["招收\n转学生", "督导"],
        B: ["督導"],
    }


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("document", {A: 6, B: 2}),
        ("section", {A: 5}),
        ("paragraph", {A: 4}),
        ("sentence", {A: 2}),
    ],
)
def test_the_terms_of_and_stand_within_one_part(
    engine: Engine, within: str, expected: dict[str, int]
) -> None:
    assert counts(engine.find("大班额 学位", within=within)) == expected  # type: ignore[arg-type]


def test_not_keeps_a_word_out_of_the_same_part_only(engine: Engine) -> None:
    assert counts(engine.find("学位 NOT 大班额", within="sentence")) == {A: 2, B: 1}


def test_a_phrase_alone_may_run_over_the_end_of_a_part(engine: Engine) -> None:
    assert counts(engine.find("“以内。逐年”", within="sentence")) == {A: 1}


def test_in_the_title_only_titles_are_searched(engine: Engine) -> None:
    assert counts(engine.find("大班额", in_title=True)) == {A: 1}
    assert counts(engine.find("教育局 方案 NOT 大班额", in_title=True)) == {B: 2}


def test_filters_narrow_an_exact_search(engine: Engine) -> None:
    assert counts(engine.find("大班额", filters=Filters(first_year=2022, last_year=2022))) == {C: 2}
    assert engine.find("大班额", filters=Filters(first_year=1999, last_year=1999)).hits == ()


@pytest.mark.parametrize(
    "typed",
    [
        "某政发〔2022〕3号",
        "某政發【二〇二二】三號",
        "“某政发(2022)第3号”",
        "文号:某政发 2022 3",
        "文号:某政发",
    ],
)
def test_a_doc_number_is_found_in_every_way_of_writing_it(engine: Engine, typed: str) -> None:
    result = engine.find(typed)
    assert marked(engine, result) == {A: ["某政发〔2022〕3号"], B: ["某政發[二〇二二]三號"]}
    assert (result.documents, result.matches) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("文号:松教发", {B: 1}),
        ("文号:2022", {A: 1, B: 1, C: 1}),
        ("文号:〔2022〕8号", {C: 1}),
        ("文号:12", {B: 1}),
        ("文号:2021 12", {B: 1}),
        ("文号:某政发 NOT 大班額学校", {B: 1}),
    ],
)
def test_a_doc_number_is_found_by_its_parts(
    engine: Engine, typed: str, expected: dict[str, int]
) -> None:
    assert counts(engine.find(typed)) == expected


def test_the_order_is_title_then_number_of_matches_or_date(engine: Engine) -> None:
    assert list(counts(engine.find("河道 OR 大班额"))) == [A, C, B]
    assert list(counts(engine.find("大班额", order="date"))) == [A, C, B]
    assert list(counts(engine.find("通知 OR 督导 OR 方案", order="date"))) == [A, C, B]


@pytest.mark.slow
def test_the_document_that_bears_a_number_comes_before_those_that_cite_it(tmp_path: Path) -> None:
    for name, text in {
        "a.txt": "某市关于落实的通知\n按照市发〔2022〕3号、市发〔2022〕三号执行。\n",
        "b.txt": "某市关于校车的通知\n市发〔2022〕3号\n各区：\n请执行。\n",
    }.items():
        (tmp_path / "corpus").mkdir(exist_ok=True)
        (tmp_path / "corpus" / name).write_text(text, "utf-8")
    build(made := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    engine = Engine.open(made)
    for typed in ("文号:市发 2022", "市發[二〇二二]3號"):
        assert list(counts(engine.find(typed)).items()) == [("b.txt", 1), ("a.txt", 2)]


def test_pages_of_results_follow_each_other(engine: Engine) -> None:
    whole = engine.find("大班额")
    pages = [engine.find("大班额", offset=n, limit=1) for n in range(4)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {(page.documents, page.matches) for page in pages} == {(3, 6)}
    assert [hit.rank for hit in whole.hits] == [1, 2, 3]


def test_an_excerpt_is_the_sentence_with_its_headings(engine: Engine) -> None:
    hit = engine.find("整改").hits[0]
    (excerpt,) = hit.excerpts
    text = engine.document(A).text
    assert excerpt.text == "学位不足的，限期整改。" == cut(text, excerpt.span)
    assert excerpt.headings == ("二、工作措施", "（一）督导")
    assert [cut(text, span) for span in excerpt.matches] == ["整改"]
    assert not hit.is_in_title and engine.find("化解").hits[0].is_in_title


@pytest.mark.slow
def test_excerpts_have_every_word_however_late_it_comes(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    text = "某市关于校车的通知\n" + "校车应当安全。\n" * 9 + "司机不得饮酒。\n"
    (tmp_path / "corpus" / "a.txt").write_text(text, "utf-8")
    build(made := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    (hit,) = Engine.open(made).find("校车 应当 饮酒").hits
    assert [excerpt.text for excerpt in hit.excerpts] == [
        "某市关于校车的通知",
        "校车应当安全。",
        "司机不得饮酒。",
    ]
    assert [len(excerpt.matches) for excerpt in hit.excerpts] == [1, 2, 1]


def test_matches_in_what_a_web_page_left_are_found_and_said_to_be(engine: Engine) -> None:
    first, second = engine.find("大班额 NOT 学位").hits[0].excerpts
    assert first.excluded == ""
    assert second.excluded and "答记者问" in second.text


@pytest.mark.slow
def test_long_sentences_are_cut_around_their_matches(tmp_path: Path) -> None:
    row = "，".join(["甲乙丙丁"] * 300 + ["稀见"] + ["戊己庚辛"] * 300)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(f"某市关于名单的通知\n{row}。\n", "utf-8")
    build(made := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    (excerpt,) = Engine.open(made).find("稀见").hits[0].excerpts
    assert "稀见" in excerpt.text and len(excerpt.text) == 162


def test_what_cannot_be_understood_is_refused(engine: Engine) -> None:
    with pytest.raises(QuestionError):
        engine.find("“大班额")


@pytest.fixture
def index(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SUYUAN_MODEL", settings.model)
    return str(settings.index)


def test_the_command_speaks_json(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["find", "大班额 学位", "--within", "sentence", "--json", "--index", index]
    assert main(given) == 0
    row = json.loads(capsys.readouterr().out)
    (hit,) = row.pop("hits")
    assert row.pop("ms") >= 0
    assert row == {"question": "大班额 学位", "documents": 1, "matches": 2}
    assert (hit["document"], hit["rank"], hit["matches"], hit["in_title"]) == (A, 1, 2, False)
    text = NOTICES[A]
    for excerpt in hit["excerpts"]:
        assert text[excerpt["start"] : excerpt["end"]] == excerpt["text"]
        for match in excerpt["matches"]:
            assert text[match["start"] : match["end"]] in ("大班额", "学位")


def test_the_command_shows_counts_and_excerpts(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["find", "大班额", "--sort", "date", "-k", "1", "--offset", "1", "--index"]
    assert main([*given, index]) == 0
    out = capsys.readouterr().out
    assert out.startswith("命中 3 份文件，6 处。\n")
    assert "2. 《石门区水务局关于河道清淤的通知》" in out and "柳溪" not in out
    assert main([*given, index, "--title"]) == 0
    assert main(["find", "“大班额", "--index", index]) == 2
    assert "引号不成对" in capsys.readouterr().err


# Random phrases. Every form of a character is one that folds to the same.

_QUOTES = ("“”", '""', "「」", "『』", "‘’")
_CLOSING = {"”": '"“”〝〞', '"': '"“”〝〞'}
# What these fold to depends on a neighbour, who may not be in the phrase.
_UNSURE = frozenset("着著画划覆复俱具&平台")


@cache
def _forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for code in range(0x21, 0x10000):
        if not 0xD800 <= code < 0xE000 and not chr(code).isspace():
            whole = fold(chr(code)).text
            if len(whole) == 1:
                forms.setdefault(whole, []).append(chr(code))
    return forms


def _written_otherwise(words: str, chance: random.Random) -> str:
    """Return words in another width and script, with other white space, that fold to the same."""
    parts = []
    for character in words:
        forms = _forms().get(fold(character).text, [character])
        parts.append(chance.choice(forms) if chance.random() < 0.5 else character)
        if "\u4e00" <= character <= "\u9fff" and chance.random() < 0.1:
            parts.append(chance.choice(" \u3000\n\t"))
    other = "".join(parts)
    return other if folded(other) == folded(words) else words


def _quoted(words: str, chance: random.Random) -> str | None:
    """Return words between marks that are not in them."""
    plain = simplify(words)
    usable = [q for q in _QUOTES if not set(_CLOSING.get(q[1], q[1])) & set(plain)]
    return (
        f"{usable[0][0]}{words}{chance.choice(usable)[1]}"[:-1] + usable[0][1] if usable else None
    )


@pytest.mark.slow
def test_ten_thousand_phrases_are_found_wherever_a_scan_finds_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("own")
    build(made := Settings(OWN, folder / "index", "hashing"))
    engine = Engine.open(made)
    documents = {s.document: engine.document(s.document) for s in engine.sources()}
    scanned = {name: folded(document.text) for name, document in documents.items()}
    chance = random.Random(20240101)
    done = 0
    for name, words in _random_stretches(list(documents.values()), chance):
        typed = _quoted(_written_otherwise(words, chance), chance)
        wanted = folded(words)
        if typed is None or not wanted:
            continue
        expected = {n: text.count(wanted) for n, text in scanned.items() if wanted in text}
        result = engine.find(typed, limit=len(documents))
        if {wanted[0], wanted[-1]} & _UNSURE or is_doc_number(words):
            assert name in counts(result), typed
        else:
            assert counts(result) == expected, typed
            assert (result.documents, result.matches) == (len(expected), sum(expected.values()))
            for spans in marked(engine, result).values():
                assert {folded(span) for span in spans} == {wanted}
        done += 1
        if done == 10_000:
            break


def _random_stretches(
    documents: list[Document], chance: random.Random
) -> Iterator[tuple[str, str]]:
    while True:
        document = chance.choice(documents)
        start = chance.randrange(len(document.text))
        yield document.id, document.text[start : start + chance.randint(1, 40)]


@pytest.mark.slow
@limits(max_examples=60)
@given(st.one_of(any_text, notice_text), st.data())
def test_every_stretch_of_a_text_is_found_in_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : start + data.draw(st.integers(1, 10))].strip()
    if not folded(words) or "&" in simplify(words):  # && is one sign of two characters
        return
    folder = tmp_path_factory.mktemp("text") / "concordance"
    write_concordance(folder, [Document("a.txt", "", text, Header(), (), ())])
    (found,) = _matches(Concordance(folder), ExactQuery(Phrase(words)))
    assert len(found.starts)


# Segments.


@dataclass(frozen=True)
class Library:
    """Documents in segments: what an exact search reads of a generation and its catalogue."""

    notices: Sequence[Document]  # in the order of their positions
    concordances: Sequence[tuple[Concordance, NDArray[np.int64]]]

    @cached_property
    def ids(self) -> list[str]:
        return [notice.id for notice in self.notices]

    def document(self, name: str) -> Document:
        return self.notices[self.ids.index(name)]

    @cached_property
    def sources(self) -> list[Source]:
        return [self.source(name) for name in self.ids]

    def source(self, name: str) -> Source:
        header = self.document(name).header
        number, day = header.doc_number, header.issued_on
        return Source(
            name, name, number.value if number else "", "", "", day.value if day else "", "", ""
        )

    def find(self, query: ExactQuery, allowed: Sequence[int] | None) -> object:
        page = find_exactly(self, self, query, allowed)  # type: ignore[arg-type]
        return page.documents, page.matches, page.hits


_TITLED = "关于印发方案的通知\n某教发〔2023〕5号\n"
_texts = st.one_of(any_text, notice_text, notice_text.map(f"{_TITLED}{{}}".format))


def _read(name: str, text: str) -> Document:
    return read_notice(name, "", Text(text))


def _segmented(
    folder: Path, notices: Sequence[Document], removed: Sequence[Document], chance: random.Random
) -> Library:
    """Spread documents and some that were removed over segments, some of which are merged."""
    rows = [(document, at) for at, document in enumerate(notices)]
    rows += [(document, -1) for document in removed]
    chance.shuffle(rows)
    cuts = sorted(chance.sample(range(1, len(rows)), chance.randrange(len(rows))))
    parts = [rows[a:b] for a, b in pairwise([0, *cuts, len(rows)])]
    for number, part in enumerate(parts):
        write_concordance(folder / str(number), [document for document, _ in part])
    numbers = list(range(len(parts)))
    merged = [number for number in numbers if chance.random() < 0.4]
    kept = [[at >= 0 or chance.random() < 0.5 for _, at in part] for part in parts]
    joined = [row for n in merged for row, k in zip(parts[n], kept[n], strict=True) if k]
    segments = [(folder / str(n), parts[n]) for n in numbers if n not in merged]
    if joined:
        merge_concordance(folder / "merged", [(folder / str(n), np.array(kept[n])) for n in merged])
        segments.insert(chance.randint(0, len(segments)), (folder / "merged", joined))
    return Library(
        notices,
        [(Concordance(at), np.array([position for _, position in rs])) for at, rs in segments],
    )


def _compare(folder: Path, texts: list[str], others: list[str], chance: random.Random) -> None:
    notices = [_read(f"{at}.txt", text) for at, text in enumerate(texts)]
    # What was removed is often an older form of what is there.
    removed = [_read("removed", text) for text in [*others, chance.choice(texts)]]
    write_concordance(folder / "fresh", notices)
    fresh = Library(notices, [(Concordance(folder / "fresh"), np.arange(len(notices)))])
    segmented = _segmented(folder, notices, removed, chance)
    for _ in range(10):
        query = _any_query(texts, chance)
        allowed = None
        if chance.random() < 0.3:
            allowed = [at for at in range(len(notices)) if chance.random() < 0.5]
        assert segmented.find(query, allowed) == fresh.find(query, allowed)


@pytest.mark.parametrize("seed", range(10))
def test_segments_give_what_one_segment_gives(tmp_path: Path, seed: int) -> None:
    _compare(tmp_path, list(NOTICES.values()), [NOTICES[A][:100]], random.Random(seed))


@pytest.mark.slow
@limits(max_examples=100)
@given(
    st.lists(_texts, min_size=1, max_size=6),
    st.lists(_texts, max_size=3),
    st.integers(0, 1 << 32).map(random.Random),
)
def test_segments_of_any_texts_give_what_one_segment_gives(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[str],
    others: list[str],
    chance: random.Random,
) -> None:
    _compare(tmp_path_factory.mktemp("segments"), texts, others, chance)


def _any_query(texts: Sequence[str], chance: random.Random) -> ExactQuery:
    return ExactQuery(
        _any_expression(texts, chance),
        chance.random() < 0.2,
        chance.choice(["document", "section", "paragraph", "sentence"]),
        chance.choice(["relevance", "date"]),
        chance.choice([0, 0, 1, 2]),
        chance.choice([1, 2, 10]),
    )


def _any_expression(texts: Sequence[str], chance: random.Random) -> Expression:
    """Return an expression of words from the texts, one that wants something."""
    text = chance.choice(texts)
    start = chance.randrange(len(text) + 1)
    words = text[start : start + chance.choice([1, 1, 2, 3, 8])]
    term = Phrase(words) if folded(words) else chance.choice(_ALWAYS)
    match chance.randrange(5):
        case 0:
            return And((term, _any_expression(texts, chance)))
        case 1:
            return Or((term, _any_expression(texts, chance)))
        case 2:
            return And((term, Not(_any_expression(texts, chance))))
        case _:
            return term


_ALWAYS = (Phrase("通知"), Phrase("某教发〔2023〕5号"), DocNumber("教发"), DocNumber(year=2023))


def test_what_was_removed_is_neither_found_nor_counted(tmp_path: Path) -> None:
    kept, removed = (_read(name, f"{_TITLED}增加学位。") for name in ("a.txt", "b.txt"))
    write_concordance(tmp_path / "texts", [removed, kept])
    library = Library([kept], [(Concordance(tmp_path / "texts"), np.array([-1, 0]))])
    for term in (Phrase("学位"), DocNumber("某教发"), Phrase("方案")):
        page = find_exactly(library, library, ExactQuery(term), None)  # type: ignore[arg-type]
        (hit,) = page.hits
        assert (page.documents, page.matches, hit.source.document) == (1, 1, "a.txt")
        assert page.everywhere.tolist() == [True]
