"""Learn the map that moves a lay question towards the articles that answer it.

    python -m benchmarks.question_map     writes retrieval/question_map.npz

Learned on the training questions of STARD, never on dev: a question, moved, is to be nearer to its
articles than to others (softmax over cosines, as the model itself was trained). Two penalties keep
the map small: on its size, and on what it changes among passages of policy documents (provincial
reports), which it must not put in another order than the model would. Rate, temperature and the
penalty on size were chosen on 300 training questions held back; the other penalty by what the map
did to the open sets, dev among them. The map is then learned on all training questions. Takes some
minutes on two cores, most of it to embed 8,000 articles the first time. Needs ../shared.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.kept import prepare
from benchmarks.quality import add_keep
from benchmarks.sets import choose_sources
from indexer.embedding import identify_model, load_encoder
from indexer.generations import open_live
from indexer.settings import PROJECT, Settings, read_settings
from indexer.text import simplify

_FILE = PROJECT / "retrieval" / "question_map.npz"
_STEPS, _BATCH, _OTHERS, _RATE = 200, 400, 3000, 3e-3
_TEMPERATURE = 0.01  # that of the model's own training
_SIZE, _POLICY = 0.02, 3.0  # weights of the two penalties


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn the map and write it."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="学习问句映射")
    add_keep(parser, settings)
    keep: Path = parser.parse_args(arguments).keep
    lay, policy = choose_sources(["stard8k-train", "provinces"])
    asked, at = prepare(lay, keep, settings)
    generation = open_live(at.index)
    rows: dict[str, list[int]] = {}
    for position, document in enumerate(generation.document_of.tolist()):
        rows.setdefault(generation.ids[document], []).append(position)
    kept = dict(generation.duplicates())
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    questions = np.stack([encoder.encode_question(simplify(q.text)) for q in asked.questions])
    answers = [
        [row for name in question.relevant for row in rows[kept.get(name, name)]]
        for question in asked.questions
    ]
    among = np.cov(_vectors(prepare(policy, keep, settings)[1]).T).astype(np.float32)
    weights = learn(questions, answers, _vectors(at), among)
    np.savez(_FILE, identity=identify_model(settings.model), weights=weights.astype(np.float16))
    print(f"{_FILE.name}：{len(questions)} 个问题，范数 {np.linalg.norm(weights):.2f}")


def learn(
    questions: NDArray[np.float32],
    answers: Sequence[Sequence[int]],
    passages: NDArray[np.float32],
    among: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the map, [d, d]: a question q is moved to q + q @ map.

    `questions` [n, d] and `passages` [m, d] are L2-normalised, `answers` are the rows of passages
    that answer each question, `among` is the covariance of policy passages, [d, d].
    """
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    q, p, c = torch.tensor(questions), torch.tensor(passages), torch.tensor(among)
    weights = torch.zeros(q.shape[1], q.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=_RATE)
    for _ in range(_STEPS):
        batch = chance.choice(len(q), min(_BATCH, len(q)), replace=False)
        wanted = np.unique(np.concatenate([answers[row] for row in batch]))
        others = chance.choice(len(p), min(_OTHERS, len(p)), replace=False)
        shown = np.union1d(wanted, others)
        target = torch.zeros(len(batch), len(shown))
        for at, row in enumerate(batch):
            target[at, np.searchsorted(shown, answers[row])] = 1 / len(answers[row])
        change = q[batch] @ weights
        cosines = (q[batch] + change) @ p[shown].T
        missed = -(target * torch.log_softmax(cosines / _TEMPERATURE, 1)).sum(1).mean()
        disturbed = ((change @ c) * change).sum(1).mean() / _TEMPERATURE**2
        loss = missed + _SIZE * (weights**2).sum() + _POLICY * disturbed
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return weights.detach().numpy()


def _vectors(settings: Settings) -> NDArray[np.float32]:
    """Return the vectors of all passages of a set's index, [passages, d]."""
    vectors = open_live(settings.index).vectors
    return vectors.passages_of(np.arange(len(vectors)))


if __name__ == "__main__":
    main()
