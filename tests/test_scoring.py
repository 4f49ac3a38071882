"""How well each sentence would answer by itself: its words, its figures, its year, its role.

Vectors are left out of it here, so that a test sees what the words alone do.
"""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build
from indexer.generations import open_live
from indexer.settings import Settings
from indexer.store import Generation
from retrieval.answering import quote_together
from retrieval.catalogue import Catalogue
from retrieval.fusion import Candidate
from retrieval.query import Query, understand
from retrieval.scoring import Asked, Scored, score_sentences, weigh_words
from tests.make import cut

Open = Callable[..., Generation]
_EACH_SECTION = 24  # tokens of a passage, so that each section is one and has its own headings
DAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def open_index(tmp_path_factory: pytest.TempPathFactory) -> Open:
    def opened(notices: Mapping[str, str], tokens: int = 220) -> Generation:
        folder = tmp_path_factory.mktemp("scoring")
        (folder / "corpus").mkdir()
        for name, text in notices.items():
            (folder / "corpus" / name).write_text(text, encoding="utf-8")
        settings = Settings(folder / "corpus", folder / "index", "hashing", passage_tokens=tokens)
        build(settings)
        return open_live(settings.index)

    return opened


def asked_of(generation: Generation, query: Query) -> list[Scored]:
    """Every sentence of an index, as near to a question as every other."""
    catalogue = Catalogue(generation, DAY)
    nowhere = np.zeros(generation.manifest.dimension, dtype=np.float32)
    weights = weigh_words(generation, query)
    candidates = [Candidate(p, 0.0, 0.0, 0.0) for p in range(len(generation.document_of))]
    asked = Asked(query, nowhere, 0.0, weights)
    return score_sentences(generation, candidates, asked, catalogue.about)


def score(generation: Generation, question: str) -> dict[str, Scored]:
    """The sentences of an index for a question, best first."""
    return {each.text: each for each in asked_of(generation, understand(question, (), DAY))}


def answering_clause(generation: Generation, question: str) -> str | None:
    """The clause of the best sentence that an answer would point at."""
    best, *_ = asked_of(generation, understand(question, (), DAY))
    (quotation,) = quote_together([best], ())
    text = generation.document(quotation.document).text
    return cut(text, quotation.focus) if quotation.focus else None


GOALS = (
    "主要预期目标是：城镇新增就业50万人以上，城镇调查失业率控制在百分之五左右；粮食产量稳定在360亿斤以上；"
    "居民消费价格涨幅百分之二左右；单位生产总值能耗下降百分之三；新建学校12所，新增学位5000个。"
)


@pytest.fixture(scope="module")
def goals(open_index: Open) -> Generation:
    text = f"云溪市2025年政府工作报告\n二、2025年主要目标\n{GOALS}\n各级干部要真抓实干。"
    return open_index({"a.txt": text})


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("粮食产量目标是多少", "粮食产量稳定在360亿斤以上"),
        ("城镇新增就业目标是多少", "城镇新增就业50万人以上"),
        ("单位生产总值能耗下降多少", "单位生产总值能耗下降百分之三"),
        ("新增学位多少个", "新增学位5000个"),
    ],
)
def test_one_clause_of_a_long_sentence_answers(
    goals: Generation, question: str, clause: str
) -> None:
    found = answering_clause(goals, question)
    assert found is not None
    assert clause in found
    assert len(found) < 2 * len(clause)


@pytest.mark.slow
def test_words_that_stand_in_one_clause_count_more_than_scattered_ones(open_index: Open) -> None:
    together = "本市的农村公路养护经费由财政承担，其他各项工作按照原有的分工和进度继续抓好落实。"
    scattered = "本市的农村工作继续抓好落实，公路保持畅通，养护队伍保持稳定，各项经费由财政承担。"
    text = f"云溪市工作意见\n{scattered}\n{together}"
    found = score(open_index({"a.txt": text}), "农村公路养护经费由谁承担")
    assert found[together].coverage > found[scattered].coverage
    assert next(iter(found)) == together


@pytest.mark.slow
def test_what_stands_above_a_sentence_counts_less_than_its_own_words(open_index: Open) -> None:
    own, introduced, headed, alone = (
        "1.满80周岁的，高龄津贴每月100元；",
        "1.满90周岁的，每月200元；",
        "满70周岁的，每月50元。",
        "满60周岁的，每月30元。",
    )
    text = (
        f"云溪市工作意见\n一、其他\n{alone}\n二、老人待遇\n按下列标准发放：\n{own}\n"
        f"三、津贴待遇\n高龄津贴按下列标准发放：\n{introduced}\n四、高龄津贴\n{headed}"
    )
    found = score(open_index({"a.txt": text}, _EACH_SECTION), "高龄津贴")
    covered = [found[each].coverage for each in (own, introduced, headed, alone)]
    assert covered[0] > covered[1] > 0
    assert covered[0] > covered[2] > 0
    assert covered[0] == pytest.approx(1)
    assert covered[3] == 0


@pytest.mark.slow
def test_a_compound_counts_less_by_its_parts_and_nothing_without_them(open_index: Open) -> None:
    whole, parts, none = "河道采砂许可每年办理。", "办理采砂的许可要收费。", "码头每年检修。"
    text = f"云溪市工作意见\n{parts}\n{whole}\n{none}"
    found = score(open_index({"a.txt": text}), "采砂许可")
    assert found[whole].coverage >= found[parts].coverage > found[none].coverage == 0


@pytest.mark.slow
def test_the_title_of_another_document_says_little_of_a_sentence(open_index: Open) -> None:
    says, cites = "船舶停泊收费按吨位核定。", "经费依照《船舶停泊收费办法》列支。"
    found = score(open_index({"a.txt": f"云溪市工作意见\n{cites}\n{says}"}), "船舶停泊收费")
    assert found[says].coverage > found[cites].coverage > 0


@pytest.mark.slow
def test_a_figure_of_the_kind_that_is_asked_counts(open_index: Open) -> None:
    people, money, none = "参加培训200人。", "参加培训补贴300元。", "参加培训自愿报名。"
    index = open_index({"a.txt": f"云溪市工作意见\n{none}\n{money}\n{people}"})
    found = score(index, "参加培训多少人")
    assert [found[each].figure for each in (people, money, none)] == [1, 0, 0]
    assert next(iter(found)) == people
    assert next(iter(score(index, "参加培训补贴多少元"))) == money
    assert {each.figure for each in score(index, "怎么参加培训").values()} == {0}


@pytest.mark.slow
def test_a_figure_in_another_clause_counts_less(open_index: Open) -> None:
    far = "参加培训的学员由各乡镇推荐并经过县里统一审核，食宿自理，往返路费由学员所在的单位报销300元。"
    near = "参加培训的学员由各乡镇推荐并经过县里统一审核，食宿自理，参加培训的学员每期补贴生活费300元。"
    found = score(open_index({"a.txt": f"云溪市工作意见\n{far}\n{near}"}), "参加培训补贴多少元")
    assert found[near].figure == 1
    assert next(iter(found)) == near


@pytest.mark.slow
def test_an_aim_is_told_from_a_result_and_a_year_from_another(open_index: Open) -> None:
    result, aim = "城镇新增就业51万人。", "城镇新增就业50万人以上。"
    text = f"云溪市2025年政府工作报告\n2024年工作回顾\n{result}\n2025年主要目标\n{aim}"
    index = open_index({"a.txt": f"{text}\n各级干部要真抓实干。"}, _EACH_SECTION)
    for question, right, wrong in (
        ("2025年城镇新增就业目标是多少", aim, result),
        ("2024年城镇新增就业完成多少", result, aim),
        ("去年城镇新增就业多少人", result, aim),
    ):
        found = score(index, question)
        assert found[wrong].frame < found[right].frame, question
        assert next(iter(found)) == right, question


@pytest.mark.slow
def test_a_sentence_that_plays_the_role_asked_for_is_preferred(open_index: Open) -> None:
    plain, responsible = "河道清淤要抓紧推进。", "河道清淤由水务局牵头负责。"
    found = score(
        open_index({"a.txt": f"云溪市工作意见\n{plain}\n{responsible}"}), "河道清淤由谁负责"
    )
    assert found[responsible].score > found[plain].score


@pytest.mark.slow
def test_an_item_is_preferred_to_its_lead_in(open_index: Open) -> None:
    lead_in, item = "高龄津贴按下列标准发放：", "1.高龄津贴按每月100元发放，标准每年调整；"
    found = score(open_index({"a.txt": f"云溪市工作意见\n{lead_in}\n{item}"}), "高龄津贴发放标准")
    assert found[item].score > found[lead_in].score
    above = found[item].lead_in
    assert above and above.words == lead_in


def test_years_weigh_nothing_and_rare_words_most(open_index: Open) -> None:
    text = "云溪市工作意见\n" + "\n".join(f"第{n}条 学校办理登记。" for n in "一二三四五六七八九")
    index = open_index({"a.txt": text + "\n第十条 渡口办理登记。"})
    weights = weigh_words(index, understand("2025年学校、渡口和机场的登记目标", (), DAY))
    assert not [word for word in weights if "2025" in word]
    assert weights["机场"] >= weights["渡口"] >= weights["学校"]
    assert 0 < weights["目标"] < weights["机场"]


@pytest.mark.slow
def test_sentences_of_one_score_stand_in_the_order_of_their_places(open_index: Open) -> None:
    text = "云溪市公告\n渡口停运。\n渡口停运。"
    found = asked_of(open_index({"b.txt": text + "停", "a.txt": text}), understand("渡口", (), DAY))
    places = [(each.passage.document, each.span) for each in found if each.text == "渡口停运。"]
    assert len(places) == 4
    assert places == sorted(places)


_WORDS = (
    "粮食",
    "产量",
    "就业",
    "目标",
    "学校",
    "学位",
    "多少",
    "2025年",
    "机场",
    "《办法》",
    "?",
    "能耗",
)


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map("".join))
def test_every_sentence_is_scored_once_and_no_share_is_above_one(
    goals: Generation, words: str
) -> None:
    query = understand(f"云溪{words}", (), DAY)
    found = asked_of(goals, query)
    every = [s for p in goals.passages(range(len(goals.document_of))) for s in p.sentences]
    assert sorted(each.span for each in found) == sorted(every)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found:
        assert -1e-9 <= each.coverage <= 1 + 1e-9
        assert -1 <= each.frame <= 1
        assert 0 <= each.figure <= 1
    assert asked_of(goals, query) == found
