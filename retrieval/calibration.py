"""A threshold of refusal for one corpus, saved beside its index.

The shipped threshold was set on several corpora. `python -m retrieval calibrate` asks a corpus
about itself (`trial_questions`), or takes questions of the office's own, and moves the threshold
within bounds: what is generated is plainer than what people ask. Where there is none, or it was
made for another content, model or set of weights, the shipped one counts.
"""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from indexer.manifest import Manifest
from retrieval.refusal import Refuser

FILE = "refusal.json"
_BOUND = 1.5  # by how much the odds of the shipped threshold may change, either way
_STEPS = 41
_ANSWERED, _REFUSED = 0.97, 0.95  # shares that are aimed at
_AGAIN = "如需按本语料校准，请运行 python -m retrieval calibrate。"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How probable it was that a question is answered, and whether it should be."""

    probability: float
    is_answerable: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, what it belongs to, and what it gave: shares of the questions it was set on."""

    content: str
    fingerprint: str
    weights: str
    threshold: float
    questions: int
    answered: float
    refused: float


def calibrate(manifest: Manifest, refuser: Refuser, outcomes: Sequence[Outcome]) -> Calibration:
    """Return the threshold that comes nearest to both aims, within bounds around the refuser's own,
    which stays where it reaches them."""
    low, high = (_by_odds(refuser.threshold, factor) for factor in (1 / _BOUND, _BOUND))
    steps = np.linspace(low, high, _STEPS).round(3).tolist()

    def missed(threshold: float) -> tuple[float, float]:
        answered, refused = _shares(outcomes, threshold)
        short = max(0.0, _ANSWERED - answered) + max(0.0, _REFUSED - refused)
        return round(short, 6), abs(threshold - refuser.threshold)

    threshold = min((refuser.threshold, *steps), key=missed)
    return Calibration(
        manifest.content,
        manifest.fingerprint,
        identify(refuser),
        threshold,
        len(outcomes),
        *_shares(outcomes, threshold),
    )


def write_calibration(index: Path, calibration: Calibration) -> Path:
    """Write a calibration beside the index, atomically, and return the file."""
    path = index / FILE
    draft = index / f".{FILE}"
    draft.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")
    with draft.open() as written:
        os.fsync(written.fileno())
    draft.replace(path)
    return path


def calibrated(index: Path, manifest: Manifest, refuser: Refuser) -> Refuser:
    """Return the refuser with the threshold saved for an index; as it is where there is none, or
    where it is not of this content, model and weights, which the log then says."""
    path = index / FILE
    try:
        found = Calibration(**json.loads(path.read_text(encoding="utf-8")))
        threshold = float(found.threshold)
    except FileNotFoundError:
        return refuser
    except (OSError, ValueError, TypeError) as error:
        _log.warning("拒答阈值文件 %s 读不出来（%s），用随程序的阈值。%s", path, error, _AGAIN)
        return refuser
    given = (found.content, found.fingerprint, found.weights)
    if given != (manifest.content, manifest.fingerprint, identify(refuser)):
        _log.warning("拒答阈值文件 %s 不是为当前索引定的，用随程序的阈值。%s", path, _AGAIN)
        return refuser
    return replace(refuser, threshold=threshold)


def calibration_stamp(index: Path) -> int:
    """Return what changes when a calibration is saved for an index, 0 where there is none."""
    path = index / FILE
    return path.stat().st_mtime_ns if path.exists() else 0


def identify(refuser: Refuser) -> str:
    """Return what stands for the weights of a refuser."""
    return hashlib.sha256(repr((refuser.weights, refuser.intercept)).encode()).hexdigest()[:16]


def _by_odds(probability: float, factor: float) -> float:
    odds = probability / (1 - probability) * factor
    return odds / (1 + odds)


def _shares(outcomes: Sequence[Outcome], threshold: float) -> tuple[float, float]:
    """Return the shares of answerable questions answered and of unanswerable ones refused, 1 where
    there are none."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for each in outcomes:
        is_answered = each.probability >= threshold
        right[each.is_answerable].append(is_answered == each.is_answerable)
    answered, refused = (sum(r) / len(r) if r else 1.0 for r in (right[True], right[False]))
    return round(answered, 3), round(refused, 3)
