"""A follow-up made whole by a language model, where one is set and its words can be trusted.

A model knows better than rules what 那幼儿园呢 stands for, and may make things up: its question is
taken only if it is short and names no thing, place, year, number or 文号 that was not said.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from indexer.doc_number import find_doc_numbers
from indexer.errors import LanguageModelError
from indexer.terms import content_words
from indexer.text import folded, simplify
from retrieval.follow_up import FollowUp
from retrieval.language_model import LanguageModel, Message
from retrieval.query import understand
from retrieval.subjects import has_noun

_TURNS = 3  # questions before the last that the model sees; older ones are seldom meant
_LONGER = 12  # characters that a whole question may have beyond those it is made of
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?|[零一二三四五六七八九十百千万亿]{2,}")
_TASK = (
    "你把对话中的追问改写成一个不依赖上文、可以单独检索的问题。只补全追问省略的内容，"
    "不回答问题，不添加地名、年份、数字、文号或其他上文没有的信息；追问本来就完整的，原样返回。"
    "只输出改写后的问题，一行，不加引号和解释。"
)


def rewrite(
    model: LanguageModel,
    turns: Sequence[str],
    follow_up: str,
    localities: Collection[str],
    today: date,
    found: FollowUp,
) -> FollowUp:
    """Return the follow-up as the model makes it whole; as rules `found` it where the model fails,
    which is said, or cannot be trusted.

    `turns` are the questions before it, oldest first, each whole.

    Raises:
        QuestionError: a turn or the follow-up is empty, too long, or has no word to search for.
    """
    recent = [*turns[-_TURNS:], follow_up]
    asked = "\n".join((*(f"问：{turn}" for turn in recent[:-1]), f"追问：{follow_up}"))
    try:
        reply = model.complete((Message("system", _TASK), Message("user", asked)))
    except LanguageModelError as error:
        return replace(found, failure=error.fact)
    is_short = len(reply) <= len(recent[-2]) + len(follow_up) + _LONGER
    # isprintable: one line, and no signs that are unseen or turn the direction of what follows
    if not content_words(reply) or not reply.isprintable() or not is_short:
        return found
    said = simplify("\n".join(recent))
    if any(has_noun(word) and word not in said for word in content_words(simplify(reply))):
        return found
    if not _facts([reply], localities, today) <= _facts(recent, localities, today):
        return found
    return FollowUp(reply, is_alone=reply == follow_up.strip())


def _facts(questions: Iterable[str], localities: Collection[str], today: date) -> set[str]:
    """Return the places, years, numbers and 文号 that questions name, each in its normal form."""
    found: set[str] = set()
    for question in questions:
        understood = understand(question, localities, today).understood
        found.update(each.id for each in understood if each.kind in ("place", "year"))
        found.update(number for number, _ in find_doc_numbers(question))
        found.update(_NUMBER.findall(folded(question)))
    return found
