"""A draft as the sentences that precedents are looked for, one by one."""

from indexer.chunking import split_sentences
from indexer.errors import QuestionError
from indexer.records import Span
from retrieval.near_wording import Draft
from retrieval.numbering import read_mark

MAX_DRAFT = 2_000  # characters
_MOST_SENTENCES = 40
SHORTEST = 4  # signs; fewer say nothing: 附则
_WRAPPED = 20  # characters of a line that may have been broken inside a sentence
_STOPS = "。！？!?…；;：:”’」』）)】》"  # where one of these ends a line, a sentence may well end
_GOES_ON = "，,、"


def split_draft(draft: str) -> tuple[Span, ...]:
    """Return the sentences of a draft; a line that was broken inside one does not end it.

    Raises:
        QuestionError: the draft is empty, too long, or says too little.
    """
    if not draft.strip():
        raise QuestionError("还没有初稿。", "请贴入拟写的一句话、一个条款或一段话。")
    if len(draft) > MAX_DRAFT:
        raise QuestionError(
            f"初稿有 {len(draft)} 个字，超过 {MAX_DRAFT} 字的上限。", "请分段查找。"
        )
    found = [span for span in _unbroken(draft) if _says_enough(draft[slice(*span)])]
    if not found:
        raise QuestionError(
            f"初稿太短，不足 {SHORTEST} 个字。", "请写出完整的一句话，或其中的一个分句。"
        )
    if len(found) > _MOST_SENTENCES:
        raise QuestionError(
            f"初稿有 {len(found)} 句，超过 {_MOST_SENTENCES} 句的上限。", "请分段查找。"
        )
    return tuple(found)


def _unbroken(draft: str) -> list[Span]:
    joined: list[Span] = []
    for span in split_sentences(draft):
        above = draft[slice(*joined[-1])] if joined else "。"
        is_broken = above[-1] in _GOES_ON or (len(above) >= _WRAPPED and above[-1] not in _STOPS)
        if is_broken and not read_mark(draft[span.start : span.end]):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _says_enough(written: str) -> bool:
    return len(Draft(written).signs) >= SHORTEST
