"""The figures of a quote that a question asks for: of the measure that it asks for, and beside its
words."""

import re
from collections.abc import Iterator, Sequence

from indexer.records import Span
from indexer.text import simplify
from retrieval.asked_measures import (
    FALL,
    PROPORTION,
    RISE,
    WHOLE,
    Asked,
    asked_measures,
    fits,
)
from retrieval.measures import Figure, find_figures
from retrieval.query import Query

# Words of a question that say nothing of the subject: that a figure is asked, and years.
_SAYS_NOTHING = re.compile(
    f"\\d|^(?:预期|主要|{WHOLE}|比例|占比|比重|百分[比率]|增长率?|增速|[增涨升降跌减]幅|下降|"
    "最[高低多少长短大小]|多久|多长时间|多大)+$"
)
_SENTENCE_END = re.compile("[。!?\n]")
_CLAUSE_END = re.compile("[,;:、|。!?\n]")
# What may stand between two figures that are of one thing.
_VERBS = re.compile(
    "同比|实现|增长|增加|提高|上升|下降|降低|控制|保持|稳定|达到?|为|是|到|至|在|和|与|及|或|并|其中|分别|"
    "[\\s()\\[\\]]"
)
_HIGHER = re.compile("[,、;]?(?:力争|争取|确保).*")
# What a figure's own words say a share is, the first that fits.
_SHARES = (
    (PROPORTION, re.compile("占|比重|比例|[^效频]率")),
    (FALL, re.compile("降|减|跌")),
    (RISE, re.compile("增|涨|升|提高")),
)
# Weighed on invented clauses and on the goals of thirty-one provincial reports.
_SHORT = 3  # characters of a name that stands for a whole clause like the one before
_NAMES = 3  # the part of a clause, from its beginning, that names who is counted
_FRAME = 0.5  # what introduces a sentence, against a figure's own words
_OTHER_SHARE = 0.4  # 占比 where 增长 is asked, and the other way round
_SAYS_ENOUGH = 0.1  # of the subject, to choose between figures
_AS_NEAR = 0.8  # of the nearest one's share: they answer together


def wants_figure(query: Query) -> bool:
    """Tell whether a question asks for a figure."""
    return asked_measures(query.plain) is not None


def fitting_figures(query: Query, text: str) -> tuple[Span, ...]:
    """Return where a text has figures of the kind that a question asks for, whatever of."""
    asked = asked_measures(query.plain)
    if asked is None:
        return ()
    return tuple(figure.span for figure in find_figures(text) if fits(asked, figure))


def asked_values(
    query: Query, document_text: str, span: Span, focus: Span | None = None
) -> tuple[Span, ...]:
    """Return the figures of a quote that a question asks for, as spans of the document, in order.

    Where `focus`, the clause of the quote that answers, has one of their kind, only its count.
    Empty where the question asks for no figure, or it cannot be told which it would be.
    """
    if not wants_figure(query):
        return ()
    quote = document_text[span.start : span.end]
    figures = find_figures(quote)
    inside = Span(focus.start - span.start, focus.end - span.start) if focus else None
    chosen = asked_figures(query, quote, figures, inside)
    return tuple(Span(span.start + each.start, span.start + each.end) for each in chosen)


def asked_figures(
    query: Query, text: str, figures: Sequence[Figure], focus: Span | None = None
) -> tuple[Span, ...]:
    """Return where those figures of a text stand that a question asks for.

    They are of the measure that is asked for, and the words that each of them belongs to have the
    most of the question's own words.
    """
    asked = asked_measures(query.plain)
    if asked is None:
        return ()
    fitting = [number for number, figure in enumerate(figures) if fits(asked, figure)]
    in_focus = [n for n in fitting if focus and figures[n].span.overlaps(focus)]
    fitting = in_focus or fitting
    if any(figures[n].unit == asked.unit for n in fitting if asked.unit):
        fitting = [n for n in fitting if figures[n].unit == asked.unit]
    is_any = not asked.measures or asked.measures == ("share",)
    if len(fitting) > 1 or (fitting and is_any and not in_focus):
        near = _nearness(query, asked, simplify(text), figures)
        best = max(near[n] for n in fitting)
        if best >= _SAYS_ENOUGH or (best and len(fitting) == 1):
            fitting = [n for n in fitting if near[n] >= _AS_NEAR * best]
        elif not in_focus:
            fitting = []
    return tuple(_joined([figures[n].span for n in fitting], text))


def _joined(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """Yield the spans, of an aim and a higher one (7%以上、力争达到8%) one for both."""
    last: Span | None = None
    for span in spans:
        if last and _HIGHER.fullmatch(simplify(text[last.end : span.end])):
            last = Span(last.start, span.end)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _nearness(query: Query, asked: Asked, plain: str, figures: Sequence[Figure]) -> list[float]:
    """Return for each figure what share of the question's subject the words around it have.

    Its own stand in its clause. A figure with none but a verb (、力争达到8%) has those of the one
    before; one with a short name in front that counts the same (小学每班40人，初中50人) has those
    that do not begin there, where the other is named. What introduces a sentence belongs to each
    of its figures, but says less of it.
    """
    subject = _subject(query.content)
    whole = sum(subject.values())
    near: list[float] = []
    own: set[str] = set()
    frame: set[str] = set()
    share = before_it = said = ""
    last: Figure | None = None
    ends = [*(figure.span.start for figure in figures[1:]), len(plain)]
    for figure, end in zip(figures, ends, strict=True):
        *sentences, between = _SENTENCE_END.split(
            plain[last.span.end if last else 0 : figure.span.start]
        )
        *before, lead = _CLAUSE_END.split(between)
        if sentences or last is None:
            own, frame = set(), _pairs(*before)
        elif ":" in between:
            frame |= _pairs(*before[1:])
        if not before and not sentences:
            lead = before_it + lead
        tail = _CLAUSE_END.split(plain[figure.span.end : end], maxsplit=1)[0]
        named = _VERBS.sub("", lead)
        if named or not own or ";" in between:
            is_short = last is not None and len(named) <= _SHORT and figure.unit == last.unit
            is_same = is_short and figure.measure != "share" and not sentences
            own = _pairs(lead, tail) | (_pairs(said[len(said) // _NAMES :]) if is_same else set())
            said = said if is_same else lead
            share = next((each for each, words in _SHARES if words.search(lead)), "")
        before_it = "" if fits(asked, figure) else lead + plain[slice(*figure.span)]
        score = sum(
            weight if pair in own else _FRAME * weight
            for pair, weight in subject.items()
            if pair in own or pair in frame
        )
        if asked.share and share and asked.share != share:
            score *= _OTHER_SHARE
        near.append(score / whole if whole else 0.0)
        last = figure
    return near


def _subject(content: Sequence[str]) -> dict[str, float]:
    """Return the pairs of characters of a question's subject; the last word is what it is about
    and weighs twice what the first does."""
    told = [word for word in content if not _SAYS_NOTHING.search(word)]
    last = max(1, len(told) - 1)
    return {pair: 1 + number / last for number, word in enumerate(told) for pair in _pairs(word)}


def _pairs(*texts: str) -> set[str]:
    """Return the pairs of neighbouring characters of texts."""
    return {text[at : at + 2] for text in texts for at in range(len(text) - 1)}
