"""A reranker puts the best candidates in the order of its own scores, within its budget."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.errors import ModelError, SuyuanError
from indexer.generations import open_live
from indexer.settings import Settings, read_settings
from indexer.store import Generation
from retrieval import reranking
from retrieval.fusion import Candidate
from retrieval.reranking import Reranker, load_reranker, rerank

QUESTION = "各地怎样办理"
WORDS = "甲乙丙丁戊己庚辛各地怎样办理关于的通知一二三四五，。？\n0123456789"
# The more 甲, the more the model that likes it likes the text; the order is 3, 1, 2, 0.
TEXTS = ["乙丙丁戊己庚辛乙", "甲甲甲丙丁戊己庚", "甲乙丙丁戊己庚辛", "甲甲甲甲甲甲甲辛"]
PLENTY = 1e9


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Rerankers of one layer: one that likes 甲, one that dislikes it, an untrained one, one with
    three labels, and an embedding model, which is none."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertModel,
        PreTrainedTokenizerFast,
    )

    root = tmp_path_factory.mktemp("rerankers")
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    words = {word: place for place, word in enumerate([*marks, *dict.fromkeys(WORDS)])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", sep_token="[SEP]",
        cls_token="[CLS]", model_max_length=64,
    )  # fmt: skip
    shape = {
        "vocab_size": len(words), "hidden_size": 8, "num_hidden_layers": 1,
        "num_attention_heads": 1, "intermediate_size": 8, "max_position_embeddings": 64,
    }  # fmt: skip

    def save(name: str, model: Any) -> None:
        model.save_pretrained(root / name)
        fast.save_pretrained(root / name)

    torch.manual_seed(7)
    wild = BertConfig(**shape, num_labels=1, initializer_range=1.0)
    save("untrained", BertForSequenceClassification(wild))
    save("labels", BertForSequenceClassification(BertConfig(**shape, num_labels=3)))
    save("embedding", BertModel(BertConfig(**shape)))
    for name, liking in (("likes", 1.0), ("dislikes", -1.0)):
        # Attention is even, values go through as they are, and nothing else has a weight: the
        # score is the share of 甲. The wide epsilon keeps shares apart when layers normalise.
        config = BertConfig(**shape, num_labels=1, layer_norm_eps=1.0)
        model = BertForSequenceClassification(config)
        with torch.no_grad():
            for parameter_name, parameter in model.named_parameters():
                parameter.fill_(1.0 if "LayerNorm.weight" in parameter_name else 0.0)
            direction = torch.tensor([1.0, -1.0] * 4)
            model.bert.embeddings.word_embeddings.weight[words["甲"]] = direction
            layer = model.bert.encoder.layer[0].attention
            for part in (layer.self.value, layer.output.dense, model.bert.pooler.dense):
                part.weight.copy_(torch.eye(8))
            model.classifier.weight.copy_(liking * direction)
        save(name, model)
    return {path.name: path for path in root.iterdir()}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """One notice for each text, in their order; each is one passage."""
    folder = tmp_path_factory.mktemp("corpus")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(f"关于{text}的通知\n{text}。\n", encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    build(Settings(folder, index, "hashing"))
    return open_live(index)


def load(folder: Path, cache: Path) -> Reranker:
    loaded = load_reranker(str(folder), cache, 10_000)
    assert loaded is not None
    return loaded


def candidates(generation: Generation) -> list[Candidate]:
    assert len(generation.document_of) == len(TEXTS)
    return [Candidate(place, 0.9 - place / 10, 0.8, 1.0) for place in range(len(TEXTS))]


def test_the_environment_names_the_model_and_the_budget() -> None:
    chosen = read_settings({"SUYUAN_RERANKER": " a/b ", "SUYUAN_RERANK_MS": "1500"})
    assert (chosen.reranker, chosen.rerank_milliseconds) == ("a/b", 1500)
    assert (read_settings({}).reranker, read_settings({}).rerank_milliseconds) == ("", 800)
    with pytest.raises(SuyuanError, match="SUYUAN_RERANK_MS"):
        read_settings({"SUYUAN_RERANK_MS": "0"})


def test_without_a_name_there_is_none(tmp_path: Path) -> None:
    assert load_reranker("", tmp_path, 800) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("model", ["/no/such/folder", "./models", "~/models/x", "bge", "a/b/c"])
def test_a_missing_folder_is_said_in_chinese(model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        load_reranker(model, tmp_path, 800)
    assert raised.value.fact == f"重排模型文件夹 {Path(model).expanduser()} 不存在。"
    assert "SUYUAN_RERANKER" in raised.value.cure


@pytest.mark.model
def test_the_order_is_the_model_s(
    folders: dict[str, Path], generation: Generation, tmp_path: Path
) -> None:
    titles = dict.fromkeys(generation.ids, "")
    given = candidates(generation)
    found = {}
    for name in ("likes", "dislikes"):
        reranker = load(folders[name], tmp_path)
        found[name] = rerank(generation, reranker, QUESTION, given, titles)
    assert [candidate.position for candidate in found["likes"]] == [3, 1, 2, 0]
    assert [candidate.position for candidate in found["dislikes"]] == [0, 2, 1, 3]


@pytest.mark.model
def test_a_place_keeps_its_score_and_a_passage_what_the_legs_said(
    folders: dict[str, Path], generation: Generation, tmp_path: Path
) -> None:
    given = [Candidate(p, 0.9 - p / 10, 0.5 + p / 10, float(p)) for p in range(len(TEXTS))]
    reranker = load(folders["likes"], tmp_path)
    found = rerank(generation, reranker, QUESTION, given, dict.fromkeys(generation.ids, ""))
    assert [candidate.score for candidate in found] == [candidate.score for candidate in given]
    legs = {candidate.position: (candidate.dense, candidate.lexical) for candidate in given}
    assert {c.position: (c.dense, c.lexical) for c in found} == legs


@pytest.mark.model
def test_a_title_is_read_with_the_passage(
    folders: dict[str, Path], generation: Generation, tmp_path: Path
) -> None:
    titles = dict.fromkeys(generation.ids, "") | {"0.txt": "甲" * 40}
    reranker = load(folders["likes"], tmp_path)
    found = rerank(generation, reranker, QUESTION, candidates(generation), titles)
    assert [candidate.position for candidate in found] == [0, 3, 1, 2]


@pytest.mark.model
def test_what_the_budget_leaves_unread_follows_as_it_was(
    folders: dict[str, Path], generation: Generation, tmp_path: Path
) -> None:
    loaded = load(folders["likes"], tmp_path)
    passages = generation.passages(range(len(TEXTS)))
    two = sum(len(QUESTION) + len(f"\n{p.text}") + 20 for p in passages[:2])
    titles = dict.fromkeys(generation.ids, "")
    given = candidates(generation)
    hurried = Reranker(loaded._model, "hurried", seconds=1.0, budget=two)
    found = rerank(generation, hurried, QUESTION, given, titles)
    assert [candidate.position for candidate in found] == [1, 0, 2, 3]
    late = Reranker(loaded._model, "late", seconds=1.0, budget=10)
    assert rerank(generation, late, QUESTION, given, titles) == given


@pytest.mark.model
def test_scores_are_those_of_the_cross_encoder(folders: dict[str, Path], tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    plain = CrossEncoder(str(folders["untrained"]), activation_fn=Identity())
    texts = [text * (1 + place % 3) for place, text in enumerate(TEXTS * 5)]
    expected = plain.predict([(QUESTION, text) for text in texts])
    scores = load(folders["untrained"], tmp_path).score(QUESTION, texts)
    assert scores == pytest.approx([float(score) for score in expected], abs=1e-4)
    assert len(set(scores)) > 2


@pytest.mark.model
def test_equally_good_passages_keep_their_order(
    folders: dict[str, Path], generation: Generation, tmp_path: Path
) -> None:
    given = [Candidate(place, 0.5, 0.5, 0.5) for place in (0, 0, 3, 0)]
    reranker = load(folders["likes"], tmp_path)
    found = rerank(generation, reranker, QUESTION, given, dict.fromkeys(generation.ids, ""))
    assert [candidate.position for candidate in found] == [3, 0, 0, 0]
    assert rerank(generation, reranker, QUESTION, [], {}) == []


@pytest.mark.model
def test_several_threads_get_the_same_scores(folders: dict[str, Path], tmp_path: Path) -> None:
    reranker = load(folders["untrained"], tmp_path)
    texts = [text * (1 + place % 3) for place, text in enumerate(TEXTS * 3)]
    expected = reranker.score(QUESTION, texts)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reranker.score(QUESTION, texts), range(12)))
    assert found == [expected] * 12


@pytest.mark.model
def test_a_model_is_loaded_once(folders: dict[str, Path], tmp_path: Path) -> None:
    def at(milliseconds: int) -> Reranker | None:
        return load_reranker(str(folders["likes"]), tmp_path, milliseconds)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(at, (9_000, 10_000))
    assert first is not None and second is not None
    assert first._model is second._model
    assert second._allowed > first._allowed


@pytest.mark.model
def test_the_speed_is_measured_once_on_a_machine(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(folders["likes"], tmp_path)
    (speed,) = json.loads((tmp_path / "reranking.json").read_text(encoding="utf-8")).values()
    reranking._load.cache_clear()
    monkeypatch.setattr(reranking, "_measure_speed", lambda *_: pytest.fail("measured again"))
    again = load(folders["likes"], tmp_path)
    assert again._allowed == first._allowed == 10 / speed


@pytest.mark.model
@pytest.mark.parametrize("damage", ["", "{", "[]", '{"a": "b"}', '{"a": 0}', "null"])
def test_a_damaged_memory_of_speeds_is_measured_anew(
    folders: dict[str, Path], tmp_path: Path, damage: str
) -> None:
    (tmp_path / "reranking.json").write_text(damage, encoding="utf-8")
    load(folders["likes"], tmp_path)
    (speed,) = json.loads((tmp_path / "reranking.json").read_text(encoding="utf-8")).values()
    assert speed > 0


@pytest.mark.model
def test_a_model_too_slow_for_the_budget_is_refused_with_the_cure(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reranking, "_measure_speed", lambda *_: 0.01)
    with pytest.raises(ModelError) as raised:
        load_reranker(str(folders["likes"]), tmp_path, 800)
    assert "800 毫秒内读不完两段" in raised.value.fact
    assert "SUYUAN_RERANK_MS" in raised.value.cure


@pytest.mark.model
@pytest.mark.parametrize("kind", ["labels", "embedding"])
def test_a_model_of_another_kind_is_refused(
    folders: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    with pytest.raises(ModelError, match="不是重排模型"):
        load_reranker(str(folders[kind]), tmp_path, 800)


@pytest.mark.model
@pytest.mark.parametrize("damage", ["empty", "cut", "no weights", "unknown"])
def test_a_broken_folder_is_said_in_chinese(
    folders: dict[str, Path], tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "broken"
    if damage == "empty":
        folder.mkdir()
    else:
        shutil.copytree(folders["likes"], folder)
    if damage == "cut":
        (folder / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{")
    elif damage == "no weights":
        (folder / "model.safetensors").unlink()
    elif damage == "unknown":
        (folder / "config.json").write_text(json.dumps({"model_type": "nothing"}))
    with pytest.raises(ModelError, match=r"打不开.*SUYUAN_RERANKER"):
        load_reranker(str(folder), tmp_path, 800)


@pytest.mark.model
def test_loading_a_folder_makes_no_network_call(
    folders: dict[str, Path], tmp_path: Path, calls: list[object]
) -> None:
    assert load(folders["likes"], tmp_path).name == "likes"
    assert calls == []


@pytest.mark.model
def test_an_unreachable_hub_is_said_in_chinese(tmp_path: Path, calls: list[object]) -> None:
    with pytest.raises(ModelError, match="重排模型 nobody/no-such-model 打不开"):
        load_reranker("nobody/no-such-model", tmp_path, 800)
    assert 1 <= len(calls) <= 2  # asked once, at one or two addresses, not for a minute


@pytest.mark.model
def test_a_hub_model_that_is_here_makes_no_network_call(
    folders: dict[str, Path],
    tmp_path: Path,
    calls: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository, commit = tmp_path / "models--nobody--likes", "0123456789" * 4
    shutil.copytree(folders["likes"], repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    found = load_reranker("nobody/likes", tmp_path, 10_000)
    assert found is not None
    assert (found.name, calls) == ("nobody/likes", [])
