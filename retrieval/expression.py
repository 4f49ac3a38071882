"""What is typed into the box of the exact search, as a tree: phrases, 文号, AND, OR, NOT.

White space between terms means AND; NOT binds more than AND, AND more than OR; parentheses group;
words between quotation marks are one phrase, to the letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from indexer.errors import QuestionError
from indexer.text import CHINESE_DIGITS, folded, read_number, simplify

_LONGEST = 2_000  # characters, as for a question
_MOST_TERMS = 50  # each is a pass over all texts
_DEEPEST = 20  # parentheses inside parentheses


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand in a text as they are, in any width, script and white space."""

    text: str


@dataclass(frozen=True, slots=True)
class DocNumber:
    """A 文号 by its parts: what its 机关代字 has in it, 年份, 序号; all but one may be absent."""

    organ: str = ""
    year: int | None = None
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Anything but the part."""

    part: "Expression"


Expression: TypeAlias = Phrase | DocNumber | And | Or | Not

# What closes each opening quotation mark. Input methods put any mark of the first family at either
# end; between the marks of one family those of another are words of the phrase.
_QUOTES = {**dict.fromkeys('"“”„〝〞', '"“”〝〞'), "‘": "’", "「": "」", "『": "』"}
_OPERATORS: dict[str, type[And] | type[Or] | type[Not]] = {
    **{"and": And, "or": Or, "not": Not},
    **{"与": And, "或": Or, "非": Not},  # between white space; nobody searches for such a word
}
_WORD_ENDS = re.compile(r'[\s"“”„〝〞‘「『]')
_FIELD = re.compile(r"(?:文号|发文字号)\s*:\s*")
_HAN = "[\u3400-\u9fff]"
_YEAR = f"(?:19|20)\\d\\d|[{''.join(CHINESE_DIGITS)}]{{4}}"
# 国发, 国发〔2022〕, 〔2022〕3号, 国发 2022 3, 教育部公告2022年第3号, 国务院令第588号: the parts of
# a 文号 in their order, any of them absent. A bare number is a year where it can be one.
_PARTS = re.compile(
    f"(?P<organ>{_HAN}{{1,24}}?(?:[(〔\\[【]{_HAN}{{1,6}}[)〕\\]】])?)?"
    f"(?:\\s*(?:[(〔\\[【](?P<year>{_YEAR})年?[)〕\\]】]|(?P<bare>{_YEAR})年?(?!\\d)))?"
    "(?:\\s*第?(?:(?P<serial>\\d{1,12})\\s*号?|(?P<han>[零〇○一二三四五六七八九十百千]{1,7})号))?"
    "(?=[\\s)]|$)"
)
_SAYS_SO = "请写机关代字、年份、序号中的一样或几样，例如 文号:国发 2022 3。"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A token that is no term: a parenthesis or an operator."""

    text: str


_Token: TypeAlias = Phrase | DocNumber | _Sign
_OPEN, _CLOSE, _NOT = _Sign("("), _Sign(")"), _Sign("not")


def parse_expression(typed: str) -> Expression:
    """Return the tree of what was typed.

    Raises:
        QuestionError: it is empty or too long, a quotation mark or a parenthesis stands alone, an
            operator has nothing to join, or it only says what is not wanted.
    """
    if not typed.strip():
        raise QuestionError("检索式是空的。", "请输入要查找的词，例如 “大班额” AND 学位。")
    if len(typed) > _LONGEST:
        raise QuestionError(
            f"检索式有 {len(typed)} 个字，超过 {_LONGEST} 字的上限。", "请缩短，或分几次查找。"
        )
    tokens = list(_tokens(typed))
    if sum(not isinstance(token, _Sign) for token in tokens) > _MOST_TERMS:
        raise QuestionError(f"检索式里的词超过 {_MOST_TERMS} 个。", "请减少词数，或分几次查找。")
    tree = _Parser(tokens).parse()
    if not _is_positive(tree):
        raise QuestionError(
            "检索式只说了不要什么，几乎所有文件都符合。",
            "请加上要查找的词，例如 学校 NOT 幼儿园；用 OR 连接的每一边都要有要查找的词。",
        )
    return tree


def terms(tree: Expression, wanted: bool = True) -> Iterator[Phrase | DocNumber]:
    """Yield the terms of a tree that are wanted (`wanted` false: those that are not), in order."""
    if isinstance(tree, Not):
        yield from terms(tree.part, not wanted)
    elif isinstance(tree, And | Or):
        for part in tree.parts:
            yield from terms(part, wanted)
    elif wanted:
        yield tree


def _is_positive(tree: Expression) -> bool:
    """Tell whether whatever fits the tree has one of its wanted terms."""
    match tree:
        case Not():
            return False
        case And(parts):
            return any(map(_is_positive, parts))
        case Or(parts):
            return all(map(_is_positive, parts))
    return True


def _tokens(typed: str) -> Iterator[_Token]:
    """Yield terms, operators and parentheses in order."""
    plain = simplify(typed)  # of the same length: full-width marks are half-width ones
    at, end = 0, len(plain)
    while at < end:
        rest = plain[at]
        field = _FIELD.match(plain, at)
        if rest.isspace():
            at += 1
        elif rest in "()":
            yield _Sign(rest)
            at += 1
        elif field:
            number, at = _doc_number(plain, field.end())
            yield number
        elif rest in _QUOTES:
            close = _closing(plain, at)
            yield _phrase(typed[at + 1 : close])
            at = close + 1
        elif rest in "+-" and at + 1 < end and not plain[at + 1].isspace():
            if rest == "-":
                yield _NOT
            at += 1
        else:
            stop = _word_end(plain, at)
            operator = plain[at:stop].lower()
            yield _Sign(operator) if operator in _OPERATORS else _phrase(typed[at:stop])
            at = stop


def _closing(plain: str, at: int) -> int:
    """Return where the quotation that opens at `at` closes."""
    closing = _QUOTES[plain[at]]
    for position in range(at + 1, len(plain)):
        if plain[position] in closing:
            return position
    raise QuestionError(f"引号不成对：{plain[at:][:20]}", "请补上另一半引号，或删去多出的引号。")


def _word_end(plain: str, at: int) -> int:
    """Return where the word at `at` ends: 国发(2022)3号 is one, its parentheses group nothing."""
    depth = 0
    for position in range(at, len(plain)):
        sign = plain[position]
        if _WORD_ENDS.match(sign):
            return position
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return position
    return len(plain)


def _phrase(words: str) -> Phrase:
    if not folded(words):
        raise QuestionError("引号里没有字。", "请在引号里写上要查找的词，或删去引号。")
    return Phrase(words.strip())


def _doc_number(plain: str, at: int) -> tuple[DocNumber, int]:
    """Return the 文号 whose parts stand at `at`, in quotation marks or not, and where they end."""
    if plain[at : at + 1] and plain[at] in _QUOTES:
        close = _closing(plain, at)
        number, end = _doc_number(plain[at + 1 : close].strip(), 0)
        if end < len(plain[at + 1 : close].strip()):
            raise QuestionError(f"“{plain[at + 1 : close]}”不是文号的几个部分。", _SAYS_SO)
        return number, close + 1
    found = _PARTS.match(plain, at)
    if found is None or not found[0].strip():
        raise QuestionError("“文号:”后面没有可用的内容。", _SAYS_SO)
    year, serial = found["year"] or found["bare"], found["serial"] or found["han"]
    number = DocNumber(
        organ=found["organ"] or "",
        year=read_number(year) if year else None,
        serial=read_number(serial) if serial else None,
    )
    return number, found.end()


class _Parser:
    """Walks through the tokens once (recursive descent)."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def parse(self) -> Expression:
        tree = self._either(0)
        if self._at < len(self._tokens):
            raise QuestionError("多了一个右括号。", _PAIR)
        return tree

    def _either(self, depth: int) -> Expression:
        parts = [self._all(depth)]
        while self._next_is(Or):
            self._at += 1
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._at < len(self._tokens) and not (
            self._tokens[self._at] == _CLOSE or self._next_is(Or)
        ):
            if self._next_is(And):
                self._at += 1
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Expression:
        is_wanted = True
        while self._next_is(Not):
            self._at += 1
            is_wanted = not is_wanted
        part = self._operand(depth)
        return part if is_wanted else Not(part)

    def _operand(self, depth: int) -> Expression:
        if self._at == len(self._tokens):
            last = self._tokens[-1]
            raise QuestionError(f"“{_shown(last)}”后面缺少要查找的词。", "请补上词，或删去它。")
        token = self._tokens[self._at]
        self._at += 1
        if token == _OPEN:
            return self._group(depth + 1)
        if isinstance(token, _Sign):
            raise QuestionError(
                f"“{_shown(token)}”前面缺少要查找的词。",
                f"请补上词，或删去它；要查找“{token.text}”这个字，请把它放进引号。",
            )
        return token

    def _group(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise QuestionError("括号套得太深。", f"请不要超过 {_DEEPEST} 层。")
        inside = self._either(depth)
        if self._at == len(self._tokens):
            raise QuestionError("少了一个右括号。", _PAIR)
        self._at += 1
        return inside

    def _next_is(self, kind: type[And] | type[Or] | type[Not]) -> bool:
        if self._at == len(self._tokens):
            return False
        token = self._tokens[self._at]
        return isinstance(token, _Sign) and _OPERATORS.get(token.text) is kind


_PAIR = "请让括号成对；括号若是词的一部分，请把整个词放进引号。"


def _shown(token: _Token) -> str:
    """Return a token as a person typed it, nearly."""
    return token.text.upper() if isinstance(token, _Sign | Phrase) else "文号"
