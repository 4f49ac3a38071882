"""Fit the model that decides whether a question is answered, and draw its curve.

    python -m benchmarks.refusal               fit, report, write retrieval/refusal_model.json
    python -m benchmarks.refusal --dry         report on the model as it is
    python -m benchmarks.refusal --held laws=Q.jsonl=INDEX   report on questions kept back, too
    python -m benchmarks.refusal --at own=INDEX              use an index that is there
    python -m benchmarks.refusal --out DIR                   write model and curve elsewhere
    python -m benchmarks.refusal --into docs/evaluation.md   put the table in place there, too

Fitted on the open questions and the project's own, on STARD's training questions put to their
corpora; reported, too, on what these corpora ask of themselves (near_misses.py). Every kind
of question weighs by the root of its number, answerable and unanswerable alike. Reported, never
fitted: STARD's dev questions, a law left out, and what is kept back. Each set is also judged by a
model that has seen nothing of it. Every signal speaks for an answer; one whose weight
would not is left out. Takes some minutes.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from benchmarks.filling import fill_place
from benchmarks.kept import prepare
from benchmarks.metrics import Figures
from benchmarks.near_misses import Case, foreign_cases, own_cases, trial_cases
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.sets import Source, choose_sources
from benchmarks.tables import format_table
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.engine import Engine
from retrieval.refusal import Refuser, Weight, read_refuser, shipped
from retrieval.signals import Signals

_MODEL = PROJECT / "retrieval" / "refusal_model.json"
_CURVE = PROJECT / "docs" / "images" / "refusal.svg"
_FITTED = ("notices", "own")
_FOREIGNERS = ("notices", "own", "stard8k-train")  # whose questions are put to these corpora, too
_REPORTED = ("stard8k",)
_SAME_TOWNS = ("notices", "own")  # sets that tell of the same towns
_MOST, _FOREIGN, _TRIALS = 200, 60, 40  # questions of a set, of another set, sentences
# What is generated is answerable too plainly and changed too plainly, and what is left of a corpus
# too often says the same: fitted on it, the model knew less of what people ask.
_UNFITTED = (
    "law left out",
    "a silent place",
    "left out",
    "whole",
    "words left out",
    "another object",
    "another year",
)
_THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))
_ASKED = ("answerable", "unanswerable")  # kinds of questions that people asked
_COLORS = ("#1b6ca8", "#b3392f", "#3d7d3a", "#8a5a00", "#6b4c9a", "#444444")
_REFUSED = 0.95  # of unanswerable questions, where the threshold can have it
_ANSWERED = 0.97


@dataclass(frozen=True, slots=True)
class Measured:
    """A case with its signals; `is_open` is false where a place that the corpus lacks decides."""

    case: Case
    signals: Signals
    is_open: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, fit, report and write."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="拒答模型")
    add_keep(parser, settings)
    parser.add_argument("--dry", action="store_true", help="不重新拟合，只报告")
    parser.add_argument("--held", action="append", default=[], metavar="名字=问题=索引")
    parser.add_argument("--at", action="append", default=[], metavar="问题集=索引")
    parser.add_argument("--out", type=Path, help="模型和曲线写到别的文件夹")
    parser.add_argument("--into", type=Path, help="把表格写进这个 Markdown 文件")
    given = parser.parse_args(arguments)
    try:
        figures = run(given, settings)
        if given.into:
            fill_place(given.into, "refusal", write_table(figures["questions"]))
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if not (given.at or given.held or given.dry or given.out):  # a trial is not kept
        print(f"\n{this_run().save('refusal', figures)}")
    return 0


def run(given: argparse.Namespace, settings: Settings) -> dict[str, dict[str, Figures]]:
    """Do what the arguments ask and return the figures."""
    places = dict(each.split("=", 1) for each in given.at)
    foreign = choose_sources(_FOREIGNERS)
    fitted = [
        _Set(source, _locate(source, places, given.keep, settings))
        for source in choose_sources(_FITTED)
    ]
    found = [each for one in fitted for each in one.measure(foreign)]
    seen = [m for m in found if m.is_open and m.case.kind not in _UNFITTED]
    refuser = shipped() if given.dry else _fit(seen)
    others = [
        _Set(source, _locate(source, places, given.keep, settings))
        for source in choose_sources(_REPORTED)
    ]
    for each in given.held:
        name, questions, index = each.split("=", 2)
        source = Source(name, Path(questions), Path(questions))
        others.append(_Set(source, replace(settings, index=Path(index))))
    held = [each for one in others for each in one.measure(())]
    if not given.dry:
        _write(refuser, len(seen), given.out / _MODEL.name if given.out else _MODEL)
    curve = given.out / _CURVE.name if given.out else _CURVE
    curve.write_text(draw_curve([*found, *held], refuser), encoding="utf-8")
    figures = {"questions": _report([*found, *held], refuser)}
    print(format_table(figures["questions"], "问题"))
    if not given.dry:
        figures["unseen"] = _crossed(seen)
        print("\n没有见过这一组的模型：")
        print(format_table(figures["unseen"], "问题"))
    return figures


class _Set:
    """A set and the index of its corpus."""

    def __init__(self, source: Source, settings: Settings) -> None:
        self.source = source
        self._settings = settings

    def measure(self, others: Sequence[Source]) -> list[Measured]:
        """Return the signals of its questions, of those of others, and of its corpus's own."""
        engine, generation = Engine.open(self._settings), open_live(self._settings.index)
        name = self.source.name
        cases = list(own_cases(self.source, engine, generation, _MOST))
        for other in others:
            if name not in _SAME_TOWNS or other.name not in _SAME_TOWNS:
                cases += foreign_cases(name, other, _FOREIGN)
        if others:
            cases += trial_cases(name, generation, _TRIALS)
        return list(_measured(cases, engine))


def _measured(cases: Iterable[Case], engine: Engine) -> Iterable[Measured]:
    for case in cases:
        support = engine.support(case.text, case.without)
        if support and support.has_documents:
            yield Measured(case, support.signals, not support.unknown_places)
        elif support:
            yield Measured(case, support.signals, is_open=False)


def _locate(source: Source, places: dict[str, str], keep: Path, settings: Settings) -> Settings:
    if source.name in places:
        return replace(settings, index=Path(places[source.name]))
    return prepare(source, keep, settings)[1]


def _fit(measured: Sequence[Measured]) -> Refuser:
    """Return the model that tells answerable from unanswerable questions best."""
    names = [field.name for field in fields(Signals)]
    while True:
        weights, intercept = _regress(measured, names)
        wrong = [w.signal for w in weights if w.of <= 0]
        if not wrong:
            refuser = Refuser(weights, intercept, 0.5)
            return replace(refuser, threshold=_choose_threshold(measured, refuser))
        names = [name for name in names if name not in wrong]


def _regress(
    measured: Sequence[Measured], names: Sequence[str]
) -> tuple[tuple[Weight, ...], float]:
    values = np.array([[getattr(m.signals, name) for name in names] for m in measured])
    answerable = np.array([m.case.is_answerable for m in measured])
    means, deviations = values.mean(axis=0), values.std(axis=0)
    model = LogisticRegression(C=1.0)
    model.fit((values - means) / deviations, answerable, sample_weight=_importance(measured))
    rows = zip(names, model.coef_[0], means, deviations, strict=True)
    weights = tuple(Weight(name, *(round(float(v), 3) for v in row)) for name, *row in rows)
    return weights, round(float(model.intercept_[0]), 3)


def _importance(measured: Sequence[Measured]) -> NDArray[np.float64]:
    """Return the weight of each case: both outcomes alike, a kind by the root of its number."""
    kinds = [(m.case.is_answerable, m.case.set, m.case.kind) for m in measured]
    weights = np.array([kinds.count(kind) ** -0.5 for kind in kinds])
    answerable = np.array([kind[0] for kind in kinds])
    for outcome in (answerable, ~answerable):
        weights[outcome] *= len(weights) / 2 / weights[outcome].sum()
    return weights


def _choose_threshold(measured: Sequence[Measured], refuser: Refuser) -> float:
    """Return the threshold that comes nearest to both aims on questions that people asked."""
    asked = [m for m in measured if m.case.kind in _ASKED]
    asked = [m for m in asked if m.case.set in ("notices", "own")]

    def missed(threshold: float) -> float:
        answered, refused = _rates(asked, replace(refuser, threshold=threshold))
        return max(0.0, _ANSWERED - answered) + max(0.0, _REFUSED - refused)

    return min(_THRESHOLDS, key=lambda threshold: (round(missed(threshold), 6), -threshold))


def _rates(measured: Iterable[Measured], refuser: Refuser) -> tuple[float, float]:
    """Return the shares of answerable questions answered and of unanswerable ones refused."""
    outcomes: dict[bool, list[bool]] = {True: [], False: []}
    for each in measured:
        is_answered = each.is_open and refuser.decide(each.signals).is_enough
        outcomes[each.case.is_answerable].append(is_answered == each.case.is_answerable)
    answered, refused = (float(np.mean(outcomes[key] or [True])) for key in (True, False))
    return answered, refused


def _report(measured: Sequence[Measured], refuser: Refuser) -> dict[str, Figures]:
    """Return a row for each set and kind: how many, and the share treated rightly at thresholds."""
    rows: dict[str, Figures] = {}
    groups: dict[tuple[str, str, bool], list[Measured]] = {}
    for each in measured:
        key = (each.case.set, each.case.kind, each.case.is_answerable)
        groups.setdefault(key, []).append(each)
    for (name, kind, is_answerable), group in groups.items():
        row: Figures = {"n": float(len(group))}
        for threshold in (refuser.threshold, *_THRESHOLDS[1::3]):
            answered, refused = _rates(group, replace(refuser, threshold=threshold))
            row.setdefault(f"{threshold:.2f}", answered if is_answerable else refused)
        rows[f"{name}: {kind}, to be {'answered' if is_answerable else 'refused'}"] = row
    return rows


def write_table(report: Mapping[str, Figures]) -> str:
    """Return the report as a table of Markdown."""
    columns = list(next(iter(report.values())))
    rows = [f"| questions | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, figures in report.items():
        cells = [f"{int(figures['n'])}", *(f"{figures[c]:.3f}".lstrip("0") for c in columns[1:])]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _crossed(measured: Sequence[Measured]) -> dict[str, Figures]:
    """Return what models give that are fitted without the set they are judged on."""
    rows: dict[str, Figures] = {}
    for name in _FITTED:
        others = [m for m in measured if m.case.set != name]
        refuser = _fit(others)
        own = [m for m in measured if m.case.set == name and "answerable" in m.case.kind]
        answered, refused = _rates(own, refuser)
        rows[name] = {"answered": answered, "refused": refused}
    return rows


def _write(refuser: Refuser, count: int, path: Path) -> None:
    run = this_run()
    model = {
        "fitted_on": f"{', '.join(_FITTED)} ({count} questions)",
        "date": run.date,
        "commit": run.commit,
        "threshold": refuser.threshold,
        "intercept": refuser.intercept,
        "signals": {
            w.signal: {"weight": w.of, "mean": w.mean, "deviation": w.deviation}
            for w in refuser.weights
        },
    }
    text = json.dumps(model, ensure_ascii=False, indent=1)
    read_refuser(json.loads(text))
    path.write_text(text + "\n", encoding="utf-8")


def draw_curve(measured: Sequence[Measured], refuser: Refuser) -> str:
    """Return an SVG: answered against refused over all thresholds, a line for each set of
    questions that people asked, a dot at the threshold."""
    asked: dict[str, list[Measured]] = {}
    for each in measured:
        if each.case.kind in _ASKED:
            asked.setdefault(each.case.set, []).append(each)
    lines = []
    sets = [(n, own) for n, own in asked.items() if len({m.case.is_answerable for m in own}) > 1]
    for at, (name, own) in enumerate(sets):
        points = [_rates(own, replace(refuser, threshold=step / 100)) for step in range(101)]
        path = " ".join(_place(*point) for point in points)
        x, y = _place(*_rates(own, refuser)).split(",")
        color = _COLORS[at % len(_COLORS)]
        lines += [
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>',
            f'<text x="60" y="{300 - 18 * at}" fill="{color}">{name}</text>',
        ]
    for tenth in range(0, 11, 2):
        x, y = _place(tenth / 10, tenth / 10).split(",")
        lines += [
            f'<text x="{x}" y="338" text-anchor="middle">{tenth / 10}</text>',
            f'<text x="38" y="{y}" text-anchor="end">{tenth / 10}</text>',
        ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 360" font-family="sans-serif" '
        'font-size="12">\n<rect width="480" height="360" fill="white"/>\n'
        '<path d="M45 20V320H465" fill="none" stroke="black"/>\n'
        + "\n".join(lines)
        + '\n<text x="255" y="355" text-anchor="middle">unanswerable questions refused</text>\n'
        '<text x="50" y="14">answerable questions answered</text>\n</svg>\n'
    )


def _place(answered: float, refused: float) -> str:
    """Return where a point lies in the drawing."""
    return f"{45 + 420 * refused:.1f},{320 - 300 * answered:.1f}"


if __name__ == "__main__":
    sys.exit(main())
