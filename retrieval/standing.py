"""时效: whether a document is in force on a day, only where a sentence of the corpus proves it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.records import Header, Link, Span
from indexer.text import simplify

IN_FORCE, AMENDED, REPEALED = "现行有效", "已修改", "已废止"
EXPIRED, AHEAD, UNKNOWN = "试行期满", "尚未施行", "未知"
STATUSES = (IN_FORCE, AMENDED, REPEALED, EXPIRED, AHEAD, UNKNOWN)
CHANGES = AMENDS, REPEALS = "修改", "废止"  # the actions of links that change a document

# What a label (时效性：…) says.
_LABELS = {
    REPEALED: re.compile("废止|失效|无效|作废"),
    AMENDED: re.compile("修改|修订|修正"),
    AHEAD: re.compile("尚未|未施行|未生效|即将"),
    IN_FORCE: re.compile("^(?!.*(?:尚未|未施行|未生效|即将)).*(?:有效|现行|生效)"),
}
_MARKED = re.compile("[(【\\[〔]已?(?:废止|失效)[^()]{0,6}[)】\\]〕]")  # （已废止） in a title
_AMENDING = re.compile("修改|修正|修订|废止|清理")  # in the title of what amends others


@dataclass(frozen=True, slots=True)
class Proof:
    """A value of 时效 and what proves it: a stretch of one document, nothing for 未知."""

    value: str
    document: str
    span: Span


class Standings:
    """What the corpus says of the 时效 of its documents on a day.

    Where several things are so, the first of these counts: repealed, amended, expired, not yet in
    force, in force. That a document took effect proves that it is in force as long as the corpus
    has no newer version and no sentence against it.
    """

    def __init__(
        self,
        headers: Mapping[str, Header],
        versions: Sequence[Sequence[str]],
        changes: Sequence[Link],
        today: date,
    ) -> None:
        self._headers = headers
        self._today = today.isoformat()
        self._dated = {document: header.dated for document, header in headers.items()}
        self._versions = {document: family for family in versions for document in family}
        self._changes: dict[str, list[Link]] = {}
        for change in changes:
            self._changes.setdefault(change.cited, []).append(change)

    def versions_of(self, document: str) -> Sequence[str]:
        """Return all versions of a document, oldest first; none where it is alone."""
        return self._versions.get(document, ())

    def of(self, document: str) -> Proof | None:
        """Return the 时效 of a document, None where nothing proves it."""
        return (
            self._repealed(document)
            or self._amended(document)
            or self._over_or_ahead(document)
            or self._in_force(document)
        )

    def _repealed(self, document: str) -> Proof | None:
        header = self._headers[document]
        for link in self._changes.get(document, ()):
            began = self._headers[link.citing].began
            is_earlier = not (header.began and began) or header.began < began
            if link.reference.action == REPEALS and is_earlier and began <= self._today:
                return Proof(REPEALED, link.citing, link.reference.sentence)
        title = header.title
        if title and _MARKED.search(simplify(title.value)):
            return Proof(REPEALED, document, title.span)
        return self._labelled(document, REPEALED)

    def _amended(self, document: str) -> Proof | None:
        dated = self._dated[document]
        for newer in self._newer(document):
            amended = self._headers[newer].amended_on
            if amended and dated < amended.value <= self._today:
                return Proof(AMENDED, newer, amended.span)
        for link in self._changes.get(document, ()):
            by = self._headers[link.citing]
            is_later = bool(dated) and dated < self._dated[link.citing] <= self._today
            amends = by.title and _AMENDING.search(simplify(by.title.value))
            if link.reference.action == AMENDS and is_later and amends:
                return Proof(AMENDED, link.citing, link.reference.sentence)
        return self._labelled(document, AMENDED)

    def _over_or_ahead(self, document: str) -> Proof | None:
        header = self._headers[document]
        if header.expires_on and header.expires_on.value < self._today:
            return Proof(EXPIRED, document, header.expires_on.span)
        if header.effective_on is None:
            return self._labelled(document, AHEAD)
        if header.effective_on.value > self._today:
            return Proof(AHEAD, document, header.effective_on.span)
        return None

    def _in_force(self, document: str) -> Proof | None:
        header = self._headers[document]
        if self._newer(document):
            return None
        field = header.expires_on or header.effective_on or header.effect
        labelled = self._labelled(document, IN_FORCE)
        return labelled or (Proof(IN_FORCE, document, field.span) if field else None)

    def _newer(self, document: str) -> list[str]:
        """Return the versions of a later day that are in force, oldest first."""
        own = self._headers[document]
        return [
            other
            for other in self._versions.get(document, ())
            for header in [self._headers[other]]
            if self._dated[document] < self._dated[other] <= self._today
            and header.began <= self._today
            and (header.amended_on or header.began != own.began)  # else it is the same text
        ]

    def _labelled(self, document: str, value: str) -> Proof | None:
        label = self._headers[document].status
        if label and _LABELS[value].search(simplify(label.value)):
            return Proof(value, document, label.span)
        return None
