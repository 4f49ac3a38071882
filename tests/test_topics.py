"""What a corpus speaks of, by figures that anybody can count after."""

from pathlib import Path

import pytest

from indexer.generations import open_live
from indexer.settings import Settings
from indexer.text import folded
from retrieval.engine import Engine
from retrieval.results import Filters, TopicCount
from retrieval.topics import _names, find_topics
from tests.pages import make_library

PLACES = ("柳溪市", "云岭市", "石门区", "松陵县")
TOPICS = ("学前教育", "高龄津贴", "生活垃圾")


def notices() -> dict[str, str]:
    """Notices of four places: each has all topics but one, the last writes in Traditional."""
    found = {}
    for number, place in enumerate(PLACES):
        for topic in TOPICS:
            if TOPICS[number % 3] == topic:
                continue
            text = (
                f"{place}人民政府办公室关于做好{topic}工作的通知\n\n一、总体要求\n做好各项工作。\n"
                f"二、{topic}的经费\n按规定安排。\n{place}人民政府办公室\n202{number}年5月6日\n"
            )
            name = f"{place}/{topic}.txt"
            found[name] = text.replace("学前教育", "學前教育") if place == "松陵县" else text
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = make_library(tmp_path_factory.mktemp("topics"), notices())
    return Engine.open(Settings(folder / "corpus", folder / "index", "hashing"))


def counted(engine: Engine, name: str, filters: Filters) -> TopicCount:
    """Count what has a topic by reading every document."""
    sources = engine.sources(filters)
    having = [s for s in sources if name in folded(engine.document(s.document).text)]
    with_it = {source.locality for source in having}
    every = [place for place in PLACES if place in {source.locality for source in sources}]
    order = sorted(every, key=[s.locality for s in engine.listed("", "place")].index)
    return TopicCount(
        name,
        len(having),
        tuple(place for place in order if place in with_it),
        tuple(place for place in order if place not in with_it),
    )


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(localities=("柳溪市", "松陵县")),
        Filters(first_year=2022),
        Filters(kinds=("无",)),
    ],
)
def test_the_figures_are_those_of_a_count_by_hand(engine: Engine, filters: Filters) -> None:
    topics = engine.topics(filters)
    expected = [counted(engine, name, filters) for name in TOPICS]
    shown = {topic.name: topic for topic in topics}
    assert [shown[each.name] for each in expected if each.documents] == [
        each for each in expected if each.documents
    ]
    assert all(topic == counted(engine, topic.name, filters) for topic in topics)
    assert list(topics) == sorted(topics, key=lambda each: (-each.documents, each.name))


def test_a_figure_is_that_of_the_search_which_it_leads_to(engine: Engine) -> None:
    for topic in engine.topics():
        assert engine.find(f"“{topic.name}”").documents == topic.documents


def test_topics_say_what_texts_are_about() -> None:
    assert _names("关于做好学前教育工作的通知") == {"学前教育"}
    assert (
        _names("一、总体要求") == _names("（二）加强组织领导") == _names("第三章 法律责任") == set()
    )
    assert "行动计划" not in _names("学前教育三年行动计划")


@pytest.mark.slow
def test_the_same_corpus_has_the_same_topics(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        folder = make_library(tmp_path / name, notices())
        engine = Engine.open(Settings(folder / "corpus", folder / "index", "hashing"))
        generation = open_live(folder / "index")
        topics = find_topics(generation, engine._catalogue)
        found.append([(topic.name, topic.documents.tolist()) for topic in topics])
    assert found[0] == found[1]
    assert {name for name, _ in found[0]} >= set(TOPICS)


@pytest.mark.slow
def test_a_corpus_of_nothing_recurring_has_no_topic(tmp_path: Path) -> None:
    folder = make_library(tmp_path, {"a.txt": "公告\n\n一、事项\n今天停水。\n"})
    engine = Engine.open(Settings(folder / "corpus", folder / "index", "hashing"))
    assert engine.topics() == ()
    assert engine.topics(Filters(first_year=1999)) == ()
