"""Which clause of one text became which of another: by their words, in order as far as possible."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.likeness import FAINTLY, HELD, SOMEWHAT, Likeness, liken

# How like two clauses are taken to be one, by the share of their words, the rarer the more: where
# only they have their number between two neighbours, where they stand between two at all, anywhere
# in the order, and where one has moved.
_ALIKE_NUMBERED, _ALIKE_BESIDE, _ALIKE, _ALIKE_AFAR = FAINTLY, SOMEWHAT, 0.35, 0.42
_RIVAL = 0.7  # a clause is not paired with one that is so much less like it than another
_REPEATS = 16  # ways of pairing a text that occurs several times; beyond them in order


@dataclass(frozen=True, slots=True)
class Match:
    """A clause of the old text and the one of the new that it became, by their positions.

    Where one is None the other was removed or added, and `within` is the clause of the other text
    that has most of its words, if one has. `keeps_order` is false where it changed places with
    clauses that weigh more.
    """

    old: int | None
    new: int | None
    keeps_order: bool = True
    within: int | None = None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two clauses that may be one. `weight` is how much text the pair keeps in its place."""

    old: int
    new: int
    likeness: float
    weight: float


def align(
    old: Sequence[str],
    new: Sequence[str],
    numbers: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> list[Match]:
    """Return every clause of two texts once, given in folded words, in the order of the new text;
    what was removed stands where it was. `numbers` are what the clauses of both are counted by."""
    same = _identical(old, new)
    twins_old, twins_new = {each.old for each in same}, {each.new for each in same}
    rest_old = [i for i in range(len(old)) if i not in twins_old]
    rest_new = [j for j in range(len(new)) if j not in twins_new]
    likes = [
        replace(each, old=rest_old[each.old], new=rest_new[each.new])
        for each in liken([old[i] for i in rest_old], [new[j] for j in rest_new])
    ]
    similar = _similar(likes, old, new)
    chain = _heaviest_chain([*same, *(each for each in similar if each.likeness >= _ALIKE)])
    chain = _heaviest_chain([*chain, *_beside(chain, similar)])
    found = {each.old: each.new for each in (*same, *chain)}
    taken = set(found.values())
    for each in sorted(similar, key=lambda e: (-e.likeness, e.old, e.new)):
        if each.likeness >= _ALIKE_AFAR and each.old not in found and each.new not in taken:
            found[each.old] = each.new
            taken.add(each.new)
    namesakes = set(_namesakes(chain, numbers, found))
    numbered = [
        _pair(e, old, new)
        for e in likes
        if e.both >= _ALIKE_NUMBERED and (e.old, e.new) in namesakes
    ]
    chain = _heaviest_chain([*chain, *numbered])
    found |= {each.old: each.new for each in chain}
    return list(_in_order(found, chain, likes, len(old), len(new)))


def _similar(likes: Sequence[Likeness], old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Return the pairs that are somewhat alike, without those of which one clause is much more
    like another."""
    best_old: dict[int, float] = {}
    best_new: dict[int, float] = {}
    for each in likes:
        best_old[each.old] = max(each.both, best_old.get(each.old, 0.0))
        best_new[each.new] = max(each.both, best_new.get(each.new, 0.0))
    return [
        _pair(e, old, new)
        for e in likes
        if e.both >= max(_ALIKE_BESIDE, _RIVAL * best_old[e.old], _RIVAL * best_new[e.new])
    ]


def _pair(like: Likeness, old: Sequence[str], new: Sequence[str]) -> _Pair:
    size = min(len(old[like.old]), len(new[like.new]))
    return _Pair(like.old, like.new, like.both, like.both * size)


def _beside(chain: Sequence[_Pair], pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """Yield the pairs of which both stand between the same two neighbours of a chain."""
    olds, news = [each.old for each in chain], [each.new for each in chain]
    kept_old, kept_new = set(olds), set(news)
    for each in pairs:
        is_free = each.old not in kept_old and each.new not in kept_new
        if is_free and bisect_left(olds, each.old) == bisect_left(news, each.new):
            yield each


def _namesakes(
    chain: Sequence[_Pair], numbers: tuple[Sequence[str], Sequence[str]], found: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the clauses without a partner that alone have their number between the same two
    neighbours of a chain, in both texts."""
    sides = zip(numbers, (set(found), set(found.values())), strict=True)
    neighbours = ([each.old for each in chain], [each.new for each in chain])
    here, there = (
        _free(_places(names), paired, beside)
        for (names, paired), beside in zip(sides, neighbours, strict=True)
    )
    for (number, stretch), olds in here.items():
        news = there.get((number, stretch), [])
        if number and len(olds) == len(news) == 1:
            yield olds[0], news[0]


def _identical(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Return pairs of clauses with the same words: of each as many as both texts have.

    Rare words come first; what is said many times is paired between two neighbours that are paired
    already, and what is left after that in its order.
    """
    here, there = _places(old), _places(new)
    rare = [words for words in here if len(here[words]) * len(there.get(words, ())) <= _REPEATS]
    pairs = _heaviest_chain(
        _twins(words, i, j) for words in rare for i in here[words] for j in there.get(words, ())
    )
    for neighbours in (pairs, ()):
        between_old = _free(here, [each.old for each in pairs], [each.old for each in neighbours])
        between_new = _free(there, [each.new for each in pairs], [each.new for each in neighbours])
        rest = [
            _twins(words, i, j)
            for (words, stretch), left in between_old.items()
            for i, j in zip(left, between_new.get((words, stretch), ()), strict=False)
        ]
        pairs = _heaviest_chain([*pairs, *rest]) if neighbours else [*pairs, *rest]
    return pairs


def _twins(words: str, old: int, new: int) -> _Pair:
    return _Pair(old, new, 1.0, len(words) + 1.0)


def _free(
    places: dict[str, list[int]], paired: Iterable[int], neighbours: Sequence[int]
) -> dict[tuple[str, int], list[int]]:
    """Return where words stand that are not paired, by the stretch between two neighbours."""
    done = set(paired)
    found: dict[tuple[str, int], list[int]] = {}
    for words, positions in places.items():
        for at in positions:
            if at not in done:
                found.setdefault((words, bisect_left(neighbours, at)), []).append(at)
    return found


def _places(texts: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, words in enumerate(texts):
        places.setdefault(words, []).append(at)
    return places


def _heaviest_chain(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Return the pairs of greatest weight in all that are in order in both texts."""
    ordered = sorted(pairs, key=lambda each: (each.old, -each.new))  # of one clause, one pair
    size = max((each.new for each in ordered), default=0) + 1
    tops = [-1] * (size + 1)  # a Fenwick tree over the new text: the best chain that ends so early
    weights: list[float] = []
    before: list[int] = []
    for at, pair in enumerate(ordered):
        place, best = pair.new, -1
        while place > 0:
            if tops[place] >= 0 and (best < 0 or weights[tops[place]] > weights[best]):
                best = tops[place]
            place &= place - 1
        before.append(best)
        weights.append(pair.weight + (weights[best] if best >= 0 else 0.0))
        place = pair.new + 1
        while place <= size:
            if tops[place] < 0 or weights[at] > weights[tops[place]]:
                tops[place] = at
            place += place & -place
    at = max(range(len(ordered)), key=lambda each: weights[each], default=-1)
    chain: list[_Pair] = []
    while at >= 0:
        chain.append(ordered[at])
        at = before[at]
    return chain[::-1]


def _in_order(
    found: dict[int, int],
    chain: Sequence[_Pair],
    likes: Sequence[Likeness],
    olds: int,
    news: int,
) -> Iterator[Match]:
    """Yield every clause once: what a stretch between two clauses that stayed has lost, then what
    it has now."""
    old_of = {j: i for i, j in found.items()}
    taken_into = _holders((each.of_old, each.old, each.new) for each in likes)
    taken_from = _holders((each.of_new, each.new, each.old) for each in likes)
    i = j = 0
    for stop_old, stop_new in (*((each.old, each.new) for each in chain), (olds, news)):
        for lost in range(i, stop_old):
            if lost not in found:
                yield Match(lost, None, within=taken_into.get(lost))
        for here in range(j, stop_new):
            if here in old_of:
                yield Match(old_of[here], here, keeps_order=False)
            else:
                yield Match(None, here, within=taken_from.get(here))
        if stop_new < news:
            yield Match(stop_old, stop_new)
        i, j = stop_old + 1, stop_new + 1


def _holders(shares: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Return for each clause the one of the other text that has most of its words."""
    best: dict[int, tuple[float, int]] = {}
    for share, clause, other in shares:
        if share >= HELD:
            best[clause] = max(best.get(clause, (0.0, 0)), (share, -other))
    return {clause: -other for clause, (_, other) in best.items()}
