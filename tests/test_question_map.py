"""The map that moves lay questions: it belongs to one model and moves nothing else."""

import numpy as np
import pytest

from indexer.embedding import identify_model, load_encoder
from indexer.settings import read_settings
from retrieval.question_map import map_question

LAY = (
    (
        "老板拖着工钱不给怎么办",
        "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。",
    ),
    ("离婚了娃归哪个养", "离婚后，不满两周岁的子女，以由母亲直接抚养为原则。"),
    ("楼上漏水泡了我家找谁赔", "不动产的相邻权利人因用水、排水等造成损害的，应当给予赔偿。"),
)


def unit(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def test_a_question_of_another_model_is_not_moved() -> None:
    vector = unit(1)
    assert map_question(vector, "") is vector
    assert map_question(vector, identify_model("hashing")) is vector


def test_a_moved_question_keeps_its_length_and_most_of_its_direction() -> None:
    for seed in range(20):
        moved = map_question(unit(seed), identify_model("default"))
        assert moved.dtype == np.float32
        assert np.linalg.norm(moved) == pytest.approx(1, abs=1e-5)
        assert 0.7 < float(moved @ unit(seed)) < 1


@pytest.mark.model
def test_a_lay_question_comes_nearer_to_its_rule_than_to_the_others() -> None:
    settings = read_settings()
    encoder = load_encoder("", settings.cache)
    rules = np.stack([encoder.encode_question(rule) for _, rule in LAY])
    for place, (question, _) in enumerate(LAY):
        own = encoder.encode_question(question)
        moved = map_question(own, identify_model("default"))
        assert int((rules @ moved).argmax()) == place
        lead = np.delete(rules, place, axis=0)
        before = float(rules[place] @ own - (lead @ own).max())
        after = float(rules[place] @ moved - (lead @ moved).max())
        assert after > before
