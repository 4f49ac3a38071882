"""What a basket is exported as, whatever the form of the file: quotes, and where they are from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from retrieval.basket import REASONS, Kept
from retrieval.results import Citation, CitationForms
from retrieval.titles import in_title_marks

Form = Literal["official", "gbt7714_2015", "gbt7714_2025"]
FORMS: dict[Form, str] = {
    "official": "公文格式",
    "gbt7714_2015": "GB/T 7714—2015",
    "gbt7714_2025": "GB/T 7714—2025",
}
# What every file calls itself and its parts.
TITLE, NOTE, SOURCES, UNSURE = "资料摘编", "批注", "资料来源", "未能核实的摘录"
UNSURE_HINT = "以下文字与库中现有原文对不上，查对原件以前请勿引用。"
# What neither Word nor a workbook can hold: all but the characters of XML 1.0.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Material:
    """A basket to be exported on a day, cited in one form; `say` puts its own words into the
    reader's script, never those of a notice."""

    kept: tuple[Kept, ...]
    form: Form
    day: date
    say: Callable[[str], str] = str

    @property
    def confirmed(self) -> tuple[tuple[Citation, Kept], ...]:
        """What may be cited, with its citation."""
        return tuple((each.citation, each) for each in self.kept if each.citation)

    @property
    def unconfirmed(self) -> tuple[Kept, ...]:
        """What may not be cited; an export shows it apart, and says why."""
        return tuple(each for each in self.kept if each.citation is None)

    @property
    def sources(self) -> tuple[str, ...]:
        """How each document that is cited is cited as a whole, once, in the order of the quotes."""
        whole = {k.item.document: self.cited(k.whole) for k in self.kept if k.whole}
        return tuple(whole.values())

    def cited(self, forms: CitationForms) -> str:
        """Return the chosen form."""
        return str(getattr(forms, self.form))

    def reason(self, kept: Kept) -> str:
        """Return why an item may not be cited."""
        return self.say(f"未核实：{REASONS[kept.state]}")

    def label(self, kept: Kept) -> str:
        """Return what stands above an item that may not be cited."""
        return f"{in_title_marks(kept.item.title)}〔{self.reason(kept)}〕"

    @property
    def counts(self) -> str:
        """The line below the title."""
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        counts = f"引文 {len(self.confirmed)} 条，来源 {len(self.sources)} 份文件"
        return self.say(f"导出日期：{day}　{counts}")


def legal(text: str) -> str:
    """Return a text without the characters that no XML can hold, which nobody sees."""
    return _ILLEGAL.sub("", text)
