"""What cited quotes prove of a sentence that somebody else wrote: the first doubt, or none.

The sentence may come from a language model that is confused, or that a text misled. So nothing is
believed that cannot be found again: figures, dates, 文号, titles, terms in quotation marks, places,
organs, what must, may and must not be, what is denied, and most of the words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.doc_number import find_doc_numbers
from indexer.places import find_formed, find_national, find_places, find_short
from indexer.terms import content_words
from indexer.text import folded, simplify
from retrieval.amounts import Quantity, find_bounds, find_quantities
from retrieval.modality import CLAUSE, Denials, find_senses
from retrieval.results import Citation

_TITLE = re.compile("《([^《》]+)》|〈([^〈〉]+)〉")
_QUOTED = re.compile('“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|‘([^‘’]+)’|"([^"]+)"')
_STOPS = "。，、；！？,;!?"  # that a sentence in quotation marks may end with, and its source not
# Letters other than Chinese characters, and numbers in circles that folding leaves (❺).
_FOREIGN = re.compile("[a-z][a-z0-9._:/@-]*|[^\\W\\d_a-z\u3007\u3400-\u9fff]+|[\u2776-\u2793]")
# An organ with the level that it is said to be of, where one is said: 县教育局, 财政厅.
_HAN = "[\u4e00-\u9fff]"
_ORGAN = re.compile(
    f"(?:[省市县区州旗镇乡](?:(?![的由和与及对向经将把被各在为应要须可]){_HAN}){{2,8}}?|{_HAN}{{2}})"
    "(?:局|厅|署|委员会|法院|检察院|办公室|领导小组|办事处|委(?![托派任员]))|"
    "[国省市县区州旗镇乡]级?(?:人民)?政府"
)
_SAYS_ENOUGH = 2  # words that mean something, for a clause to be about something
# Words with which one reports what a text says, beside those without a meaning of their own.
_REPORTING = frozenset(
    "明确 强调 指出 要求 规定 提出 此外 同时 其中 另外 该市 该县 该省 当地 包括 例如 对于 通过 "
    "为了 即 如果 因此 所以 但 但是 不过 以及 并且 还有 还要 也要 做到 文件 通知 方案 办法 内容 "
    "目标 方面 相关 有关 原文 上述 根据 按照 依据 需要 旨在 以便 从而 确保 实现 来说 而言 首先 "
    "其次 最后 一是 二是 三是".split()
)
_NUMERIC = re.compile(r"[\d.,%零〇一二两三四五六七八九十百千万亿]+[\u4e00-\u9fff]?")
# Of the words that mean something; below it a sentence says something else than its quotes. Of
# 1,144 sentences of three corpora one is doubted beside its own quote, for the mark of a footnote
# in it, and 3 pass beside another's.
_LEAST_SHARE = 0.6
# By how much another place has more of the words before it is said to be the one that is meant.
_CLEARLY = 0.3


@dataclass(frozen=True)
class Evidence:
    """The citations that a sentence gives, and the others of the same answer."""

    cited: tuple[Citation, ...]
    others: tuple[Citation, ...] = ()

    def doubt(self, sentence: str) -> str:
        """Return the first reason not to trust a sentence, in Chinese; "" where there is none."""
        return next(self._doubts(sentence), "")

    def _doubts(self, sentence: str) -> Iterator[str]:
        yield from self._names(sentence)
        bare = self._without_known_names(sentence)
        for quantity in find_quantities(bare):
            if not quantity.is_said_by(self._quantities):
                yield f"“{quantity.words}”在所引原文里没有"
        yield from self._senses(bare)
        yield from self._denials(bare)
        yield from self._misplaced(bare)
        yield from self._strange_words(sentence)

    @cached_property
    def _quotes(self) -> str:
        return "\n".join(folded(citation.quote) for citation in self.cited)

    @cached_property
    def _about(self) -> str:
        """What is said of the quotes beside them: who says it and under what heading."""
        return "\n".join(_about(citation) for citation in self.cited)

    @cached_property
    def _quantities(self) -> tuple[Quantity, ...]:
        return tuple(q for citation in self.cited for q in find_quantities(citation.quote))

    @cached_property
    def _other_places(self) -> tuple[str, ...]:
        """Places that the other citations are from; an invented name has no other sure sign."""
        return tuple(
            folded(other.source.locality) for other in self.others if other.source.locality
        )

    def _names(self, sentence: str) -> Iterator[str]:
        """Yield names that neither the quotes have nor what stands beside them."""
        known = f"{self._quotes}\n{self._about}"
        numbers = tuple(
            number
            for citation in self.cited
            for words in (citation.quote, citation.source.doc_number, citation.source.title)
            for number, _ in find_doc_numbers(words)
        )
        for number, _ in find_doc_numbers(sentence):
            if not number.endswith(numbers):  # words may lead to it: 市教育局在柳教发〔2023〕5号
                yield f"文号“{number}”在所引原文里没有"
        for pattern in (_TITLE, _QUOTED):
            for match in pattern.finditer(sentence):
                words = next(filter(None, match.groups()))
                if folded(words).strip(_STOPS) not in known:
                    yield f"“{words}”在所引原文里没有"
        plain, whole = simplify(sentence), folded(sentence)
        found = [
            *_FOREIGN.findall(whole),
            *_named_places(plain),
            *(place for place in self._other_places if place in whole),
            *(match[0] for match in _ORGAN.finditer(whole)),
        ]
        for name in found:
            if name not in known:
                yield f"“{name}”在所引原文里没有"

    def _without_known_names(self, sentence: str) -> str:
        """Return the sentence without whole names that the citations prove: the years of a title
        are no figures of the sentence."""
        plain = folded(sentence)
        for citation in self.cited:
            source = citation.source
            for name in (source.title, source.doc_number, source.issuer, source.locality):
                if name:
                    plain = plain.replace(folded(name), "《》")
        return plain

    def _senses(self, plain: str) -> Iterator[str]:
        """Yield what must or may be, and bounds, that the quotes do not say of anything."""
        for find in (find_senses, find_bounds):
            said = find(self._quotes)
            for sense, words in find(plain).items():
                if sense not in said:
                    yield f"“{words}”在所引原文里没有"

    def _denials(self, plain: str) -> Iterator[str]:
        """Yield what the quotes deny and the sentence affirms, or the other way round."""
        claimed, proven = Denials(plain), Denials(self._quotes)
        if claimed.denied and not proven.denied:
            yield "所引原文里没有这样的否定"
        for words, undenied in claimed.denied:
            if not proven.may_deny(words) and (proven.affirms(words) or proven.has(undenied)):
                yield f"所引原文没有否定“{words.strip()}”"
        for words, undenied in proven.denied:
            is_affirmed = claimed.affirms(words) and not proven.affirms(words)
            if is_affirmed or (claimed.has(undenied) and not proven.has(undenied)):
                yield f"所引原文否定了“{words.strip()}”"

    def _misplaced(self, plain: str) -> Iterator[str]:
        """Yield figures that stand in the quotes, but beside other words."""
        clauses = [
            (words, find_quantities(clause))
            for citation in self.cited
            for clause, words in _clauses(folded(citation.quote))
        ]
        for clause, words in _clauses(plain):
            for quantity in find_quantities(clause):
                shares = {True: 0.0, False: 0.0}
                for around, quantities in clauses:
                    has_it = quantity.is_said_by(quantities)
                    share = len(around & words) / max(1, len(words))
                    shares[has_it] = max(shares[has_it], share)
                if shares[False] > shares[True] + _CLEARLY:
                    yield f"“{quantity.words}”在所引原文里说的是别的事"

    def _strange_words(self, sentence: str) -> Iterator[str]:
        """Yield that too few of the words are the quotes' own, or more are another's."""
        words = _meant(sentence)
        share = _share(words, f"{self._quotes}\n{self._about}")
        for other in self.others:
            if _share(words, f"{folded(other.quote)}\n{_about(other)}") > share + _CLEARLY:
                yield f"更像出自[{other.number}]"
        if share < _LEAST_SHARE:
            strange = [word for word in words if word not in self._quotes]
            yield f"多数词语在所引原文里没有（{'、'.join(strange[:4])}）"


def _about(citation: Citation) -> str:
    source = citation.source
    said = (source.title, source.doc_number, source.issuer, source.locality, *citation.headings)
    return "\n".join(map(folded, said))


def _named_places(plain: str) -> Iterator[str]:
    """Yield the places and national organs that a simplified text names."""
    formed = (find_formed(clause[0]) for clause in CLAUSE.finditer(plain))
    for each in (*find_places(plain, 0, len(plain)), *find_short(plain), *find_national(plain)):
        yield plain[each.span.start : each.span.end]
    yield from (each.place.name for each in formed if each)


def _clauses(plain: str) -> list[tuple[str, frozenset[str]]]:
    """Return the clauses of a folded text with their words; one that says little by itself
    (到2025年) goes with the next."""
    found: list[tuple[str, frozenset[str]]] = []
    held = ""
    for match in CLAUSE.finditer(plain):
        clause = f"{held},{match[0]}" if held else match[0]
        words = frozenset(_meant(clause))
        held = "" if len(words) >= _SAYS_ENOUGH else clause
        if not held:
            found.append((clause, words))
    return [*found, (held, frozenset(_meant(held)))] if held else found


def _meant(text: str) -> list[str]:
    """Return the words of a text that mean something and are neither figures nor reporting."""
    return [
        word
        for word in content_words(text)
        if word not in _REPORTING and not _NUMERIC.fullmatch(word)
    ]


def _share(words: Sequence[str], known: str) -> float:
    return sum(word in known for word in words) / len(words) if words else 1.0
