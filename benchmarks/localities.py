"""How many issuing localities are found rightly.

    python -m benchmarks.localities [--every 5]

The truth is what the shared documents' folders and file names say, never what the program reads:

- rules of provinces: the folder names the province; where the file's name begins with a place of
  that province, the longest such name is the place.
- rules of the nation: all other rules.
- reports: reports of provincial governments, whose file names name the province.
- rules of Taiwan: documents of its authorities in Traditional characters.
- notices: five notices, whose place was read by eye.

A place counts as right if its present full name is; a province if it is the place or what the
place lies in. None found counts as wrong.
"""

import argparse
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.runs import this_run
from indexer.division import NATION, division
from indexer.errors import ReadError
from indexer.notices import read_document
from indexer.settings import PROJECT

_SHARED = PROJECT.parent / "shared"
_LAWS = _SHARED / "corpora" / "laws_cn"
_LOCAL = "地方性法规"
_NOBODYS = "其他"  # a folder of papers that no authority issued
_TAIWAN = "台湾省"
_NOTICES = {"000": "昭通市", "001": "合作市", "002": "玉溪市", "003": "银川市", "004": "施甸县"}
_WORST = 20  # confusions that are kept


@dataclass(frozen=True, slots=True)
class Known:
    """A document and what it is known to be of; `place` is "" where only the province is."""

    name: str
    path: Path
    province: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """How many documents there are, in how many the place is known too, the shares that are right
    and the worst confusions."""

    documents: int
    province: float
    places: int
    place: float | None
    wrong: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table and keep the figures."""
    parser = argparse.ArgumentParser(description="发文地区识别的准确率")
    parser.add_argument("--every", type=int, default=1, help="每几份文件取一份")
    given = parser.parse_args(arguments)
    figures: dict[str, Measured] = {}
    for name, known in (
        ("rules of provinces", _provincial_rules()),
        ("rules of the nation", _national_rules()),
        ("reports", _reports()),
        ("rules of Taiwan", _rules_of_taiwan()),
        ("notices", _notices()),
    ):
        figures[name] = found = measure(list(known)[:: given.every])
        place = f"  place {found.place:.4f} of {found.places}" if found.place is not None else ""
        print(f"{name:20s} province {found.province:.4f} of {found.documents}{place}")
        for confusion in found.wrong:
            print(f"    {confusion}")
    print(this_run().save("localities", {name: asdict(each) for name, each in figures.items()}))


def measure(known: Sequence[Known]) -> Measured:
    """Compare what is found with what is known."""
    provinces: list[bool] = []
    places: list[bool] = []
    wrong: Counter[str] = Counter()
    for each in known:
        found, around = _read(each)
        provinces.append(each.province in (found, *around))
        if each.place:
            places.append(found == each.place)
        if not (places if each.place else provinces)[-1]:
            wrong[f"{each.place or each.province} -> {found or '—'}"] += 1
    return Measured(
        documents=len(known),
        province=statistics.mean(provinces) if known else 0.0,
        places=len(places),
        place=statistics.mean(places) if places else None,
        wrong=tuple(f"{names} ({count})" for names, count in wrong.most_common(_WORST)),
    )


def _read(known: Known) -> tuple[str, tuple[str, ...]]:
    """Return the locality that is found and what it lies in."""
    try:
        locality = read_document(known.name, known.path.read_bytes()).header.locality
    except ReadError:
        return "", ()
    return (locality.value, locality.parents) if locality else ("", ())


def _provincial_rules() -> Iterator[Known]:
    for path in sorted((_LAWS / _LOCAL).rglob("*.md")):
        province = _province(path.parent.name)
        places = [
            name
            for name, found in division().items()
            if path.name.startswith(name)
            and any(province in (name, *place.parents) for place in found)
        ]
        yield Known("规则.md", path, province, max(places, key=len, default=""))


def _national_rules() -> Iterator[Known]:
    for path in sorted(_LAWS.rglob("*.md")):
        if path.relative_to(_LAWS).parts[0] not in (_LOCAL, _NOBODYS):
            yield Known("规则.md", path, NATION)


def _reports() -> Iterator[Known]:
    for path in sorted((_SHARED / "corpora" / "provincial_2025").glob("*.docx")):
        yield Known("报告.docx", path, _province(path.name.split("年", 1)[1][:2]))


def _rules_of_taiwan() -> Iterator[Known]:
    for path in sorted((_SHARED / "corpora" / "laws_tw").rglob("*.md")):
        yield Known("规则.md", path, _TAIWAN)


def _notices() -> Iterator[Known]:
    for path in sorted((_SHARED / "corpus").glob("*.txt")):
        place = _NOTICES[path.name[:3]]
        (found,) = division()[place]
        yield Known("通知.txt", path, found.parents[0], place)


def _province(start: str) -> str:
    return next(n for n, p in division().items() if n.startswith(start) and not p[0].parents)


if __name__ == "__main__":
    main()
