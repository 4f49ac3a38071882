"""Questions about the document behind an answer: its 文号, its dates, who issued it, whether it is
in force. They name no document, so the one that the answer cites is put into them.
"""

import re
from collections.abc import Sequence

from indexer.doc_number import find_doc_numbers
from indexer.terms import content_words
from indexer.text import simplify
from retrieval.asked_fields import asked_fields, subject_words
from retrieval.results import Source
from retrieval.titles import in_title_marks

_MOST = 3  # documents of an answer that such a question may mean
# Beside those for a field.
_ASKED = re.compile(
    "(?:这个?|这些|以上|上面)?(?:(?:文件)?(?:依据|根据|出处|来源)(?:在|是)?(?:什么|哪里?|哪(?:一?份|个|些))?|"
    "(?:是|出自|来自|在|根据|依据)?(?:哪(?:一?份|个|些|里)?|什么))(?:文件|通知|规定|办法)?(?:里|中)?"
    "(?:规定|写|说|提|要求)?的?|(?:这份文件|它|该文件)?(?:还|现在还?|目前还?)?(?:有效|失效|废止)了?[吗么没]"
)


def asks_document(bare: str) -> bool:
    """Tell whether some words, simplified and without final particles, ask about the document
    behind an answer and nothing else."""
    is_field = bool(asked_fields(bare)) and not subject_words(content_words(bare))
    return is_field or bool(_ASKED.fullmatch(bare))


def name_given(question: str) -> str:
    """Return the 文号 that a question gives, "" where it gives none."""
    return "、".join(question[slice(*span)] for _, span in find_doc_numbers(question))


def name_cited(words: str, sources: Sequence[Source]) -> str:
    """Return a name for the documents that are cited, "" where there are none: their 文号 if all
    have one and it is not what the words ask for, else the title of the first."""
    distinct = list({source.document: source for source in sources}.values())[:_MOST]
    if not distinct:
        return ""
    numbers = [source.doc_number for source in distinct]
    if all(numbers) and "doc_number" not in asked_fields(simplify(words)):
        return "、".join(numbers)
    return in_title_marks(distinct[0].title)


def ask_of(name: str, words: str) -> str:
    """Return the question that some words ask about a named document."""
    fields = [field for field in asked_fields(simplify(words)) if field != "title"]
    return name + (words if fields else "是什么文件")
