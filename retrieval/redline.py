"""A comparison, or a draft beside its precedents, as plain text: [-words that went-], {+words that
came+}."""

from collections.abc import Iterator, Sequence

from indexer.records import Span
from retrieval.comparison import (
    ADDED,
    MODIFIED,
    MOVED,
    REMOVED,
    RENUMBERED,
    UNCHANGED,
    Change,
    Comparison,
    Wording,
)
from retrieval.precedents import COME, GONE, KEPT, Precedent, Precedents, say_kind, say_none
from retrieval.results import Citation
from retrieval.titles import in_title_marks
from retrieval.usage import Usage
from retrieval.usage import sum_up as say_usage

STANDING = (UNCHANGED, RENUMBERED)  # what reads as it did


def write_redline(comparison: Comparison, *, is_whole: bool) -> Iterator[str]:
    """Yield the lines of a comparison; unless it is whole, only of the clauses that changed."""
    for label, source in (("旧", comparison.old), ("新", comparison.new)):
        yield f"{label}：{in_title_marks(source.title)}{source.issued_on} {source.document}"
    yield sum_up(comparison)
    for change in comparison.changes:
        if is_whole or change.status not in STANDING:
            yield ""
            yield from _write_change(change)


def sum_up(comparison: Comparison) -> str:
    """Return how many clauses changed, and how."""
    counts = [f"{status} {comparison.count(status)} 条" for status in (MODIFIED, ADDED, REMOVED)]
    further = [
        f"{status} {comparison.count(status)} 条"
        for status in (MOVED, RENUMBERED, UNCHANGED)
        if comparison.count(status)
    ]
    return f"{'，'.join((*counts, *further))}。"


def say_within(change: Change) -> str:
    """Return where most words of a clause went or came from, "" where they did not."""
    if change.within is None:
        return ""
    called = change.within.number or "一段"
    if change.status == REMOVED:
        return f"大部分文字并入新版{called}"
    return f"大部分文字出自旧版{called}"


def write_precedents(found: Precedents) -> Iterator[str]:
    """Yield the lines of what was found for a draft: the words of notices, with the words that a
    draft does not have and those that only it has."""
    for number, sentence in enumerate(found.sentences):
        yield from [""] * bool(number)
        yield f"== {_on_one_line(sentence.text)}"
        if sentence.usage:
            yield from _write_usage(sentence.usage)
        else:
            yield say_none(sentence)
        for each in sentence.precedents:
            yield ""
            yield f"{each.citation.number}. {say_kind(each)}　{each.citation.forms.official}"
            yield f"   {_facts(each.citation)}"
            yield f"   {_on_one_line(''.join(_set_apart(each, found.draft)))}"
            if each.same:
                yield f"   另有 {len(each.same)} 份文件有同样表述："
                yield from (f"   - {copy.source.document}" for copy in each.same)


def _write_usage(usage: Usage) -> Iterator[str]:
    yield say_usage(usage)
    for label, citation in (("最早", usage.earliest), ("最晚", usage.latest)):
        if citation:
            yield f"{label}：{citation.forms.official} {_facts(citation)}"


def _facts(citation: Citation) -> str:
    source, span = citation.source, citation.span
    facts = (source.issued_on, source.status, source.document, f"第 {span.start}–{span.end} 字")
    return " ".join(filter(None, facts))


def _set_apart(precedent: Precedent, draft: str) -> Iterator[str]:
    """Yield the words of a precedent as the marks of this module have them."""
    marks = {KEPT: ("", ""), GONE: ("[-", "-]"), COME: ("{+", "+}")}
    for kind, words in precedent.pieces(draft):
        before, after = marks[kind]
        yield f"{before}{words}{after}"


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


def _write_change(change: Change) -> Iterator[str]:
    numbers = [each.number for each in (change.old, change.new) if each]
    place = "→".join(dict.fromkeys(filter(None, numbers)))
    notes = [say_within(change), "位置有变" if change.has_moved else ""]
    yield "　".join(filter(None, (change.status, place, *notes)))
    if change.status == MODIFIED:
        if change.old:
            yield f"  旧：{_marked(change.old, [e.old for e in change.edits], '[-', '-]')}"
        if change.new:
            yield f"  新：{_marked(change.new, [e.new for e in change.edits], '{+', '+}')}"
        return
    wording = change.new or change.old
    if wording:
        yield f"  {_marked(wording, (), '', '')}"


def _marked(wording: Wording, marks: Sequence[Span], before: str, after: str) -> str:
    """Return a wording on one line with marks set around some of its spans."""
    pieces, at = [], wording.span.start
    for mark in marks:
        pieces.append(wording.words_of(Span(at, mark.start)))
        if mark.start < mark.end:
            pieces.append(f"{before}{wording.words_of(mark)}{after}")
        at = mark.end
    pieces.append(wording.words_of(Span(at, wording.span.end)))
    return _on_one_line("".join(pieces))
