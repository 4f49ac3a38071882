"""The parts of a Word file that its text is read from, and what is noted while it is read."""

from collections.abc import Iterator

from indexer.errors import ReadError
from indexer.readers.numbering import Numbering
from indexer.readers.package import DAMAGED_CURE, Element, Package
from indexer.readers.word_markup import W, find, is_on, value_of
from indexer.readers.word_styles import Styles
from indexer.records import Caution

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MAIN = "word/document.xml"
_APART = ("separator", "continuationSeparator", "continuationNotice")  # no notes, but lines


class WordFile:
    """An open Word file."""

    def __init__(self, content: bytes) -> None:
        """Open a file.

        Raises:
            ReadError: it is protected by a password, damaged, or no Word file.
        """
        self._package = Package(content)
        offered = [r.target for r in self._package.relations("") if r.kind == "officeDocument"]
        name = (*offered, _MAIN)[0]
        root = self._package.xml(name)
        body = find(root, "body")
        if body is None:
            raise ReadError("文件里没有 Word 文档的正文。", DAMAGED_CURE)
        self.body: Element = body
        self._relations = self._package.relations(name)
        self.styles = Styles(self._named("styles"))
        self.numbering = Numbering(self._named("numbering"), self.styles.numbering)
        self._notes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        self._marks: dict[Element, str] = {}
        self._cautions: dict[Caution, None] = {}

    @property
    def has_macros(self) -> bool:
        return any(relation.kind == "vbaProject" for relation in self._relations)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return tuple(self._cautions)

    def caution(self, fact: str, cure: str) -> None:
        """Note something that a person should know; the same thing is noted once."""
        self._cautions[Caution(fact, cure)] = None

    def note(self, kind: str, identity: str) -> Element | None:
        """Return a footnote or an endnote."""
        return self._notes[kind].get(identity)

    def mark(self, note: Element) -> tuple[str, bool]:
        """Return a note's mark, numbered as the text refers to them, and whether it is new."""
        is_new = note not in self._marks
        return self._marks.setdefault(note, f"[{len(self._marks) + 1}]"), is_new

    def related(self, identity: str) -> Element | None:
        """Return the part that the body names by a relationship; None where there is none."""
        return self._first(r.target for r in self._relations if r.identity == identity)

    def running_heads(self) -> Iterator[tuple[str, Element]]:
        """Yield the headers and footers that are printed, each once, with what they are."""
        settings = self._named("settings")
        has_even = settings is not None and is_on(settings.find(f"{W}evenAndOddHeaders"))
        seen: set[str] = set()
        for section in self.body.iter(f"{W}sectPr"):
            printed = {"", "default"}
            printed |= {"even"} if has_even else set()
            printed |= {"first"} if is_on(section.find(f"{W}titlePg")) else set()
            for kind, reason in (("header", "页眉"), ("footer", "页脚")):
                for reference in section.iterfind(f"{W}{kind}Reference"):
                    identity = str(reference.get(f"{R}id", ""))
                    if value_of(reference, "type") in printed and identity not in seen:
                        seen.add(identity)
                        part = self.related(identity)
                        if part is not None:
                            yield reason, part

    def _named(self, kind: str) -> Element | None:
        return self._first(r.target for r in self._relations if r.kind == kind)

    def _first(self, targets: Iterator[str]) -> Element | None:
        target = next(targets, None)
        return None if target is None else self._package.xml(target)

    def _notes_of(self, kind: str) -> dict[str, Element]:
        part = self._named(f"{kind}s")
        notes = () if part is None else part.iterfind(f"{W}{kind}")
        return {value_of(n, "id"): n for n in notes if value_of(n, "type") not in _APART}
