"""What reading uploaded files gives, before anything of them is indexed or even in the corpus.

They are read as a build reads them: the same limits, the same children, the same fields. What took
long is kept for the build that follows.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import CorpusError
from indexer.naming import names_of
from indexer.reading import Duplicate, Unchanged, Unread, read_all
from indexer.records import Caution, Document
from indexer.resolution import NUMBER, PLAIN
from indexer.scanning import scan
from indexer.settings import Settings
from indexer.store import Generation

_OPENING = 300  # characters of a text by which a person sees how well it was read
SAME_CONTENT, SAME_NUMBER, SAME_TITLE, SAME_NAME = "内容相同", "文号相同", "标题相同", "文件名相同"


@dataclass(frozen=True, slots=True)
class Examined:
    """What was read of an uploaded file, or of a member of an uploaded archive.

    `upload` is what it came in; `file` is its path in there, with an archive as one more folder.
    Where it cannot be read `fact` and `cure` say why, and what to do; else they are "".
    """

    upload: str
    file: str
    sha256: str
    fact: str = ""
    cure: str = ""
    title: str = ""
    doc_number: str = ""
    issuer: str = ""
    issued_on: str = ""
    locality: str = ""
    kind: str = ""
    pages: int = 0
    characters: int = 0
    opening: str = ""
    cautions: tuple[Caution, ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()

    @property
    def is_readable(self) -> bool:
        return not self.fact


@dataclass(frozen=True, slots=True)
class Like:
    """A file of the corpus that is like an uploaded one, and in what: the first of content, 文号,
    title and file name in which one is. `dated` is the day of its text, "" where none is known."""

    sort: str
    file: str
    is_indexed: bool
    dated: str = ""


def examine(
    settings: Settings,
    folder: Path,
    uploads: Collection[str],
    live: Generation | None,
    progress: Callable[[int, int, str], None],
) -> Iterator[Examined]:
    """Yield what is to be known of some uploads, each a folder in `folder`; what cannot be read
    stops nothing. `live` spares the reading of what it has."""
    staged = replace(settings, corpus=folder)
    try:
        found = scan(staged, lambda _: None)
    except CorpusError:
        return  # there is none
    wanted = tuple(file for file in found.files if _upload(file.name) in uploads)
    for skipped in found.skipped:
        if _upload(skipped.file) in uploads:
            yield Examined(*_parts(skipped.file), "", skipped.fact, skipped.cure)
    seen: dict[str, Examined] = {}
    for outcome in read_all(staged, replace(found, files=wanted), live, progress):
        match outcome:
            case Unread(problem, sha256):
                made = Examined(*_parts(problem.file), sha256, problem.fact, problem.cure)
            case Duplicate(name, kept):
                upload, file = _parts(name)
                made = replace(seen[kept], upload=upload, file=file)
            case Unchanged(name, listed):
                assert live is not None
                made = _examined(name, live.document(listed.id))
            case Document() as document:
                made = _examined(document.id, document)
        seen[f"{made.upload}/{made.file}"] = made
        yield made


class Holdings:
    """What uploads are compared with: every file of the corpus by its content and its name, and by
    文号 and title the documents that are indexed."""

    def __init__(self, settings: Settings, live: Generation | None) -> None:
        self._live = live
        self._documents = frozenset(live.ids if live else ())
        try:
            files = scan(settings, lambda _: None).files
        except CorpusError:
            files = ()
        self._by_content = {file.sha256: file.name for file in reversed(files)}
        self._by_name: dict[str, str] = {_last(file.name): file.name for file in reversed(files)}

    def like(self, examined: Examined) -> Like | None:
        """Return what of the corpus is most like an upload, None where nothing is."""
        if same := self._by_content.get(examined.sha256):
            return Like(SAME_CONTENT, same, same in self._documents)
        if self._live is not None and examined.is_readable:
            named = (
                (SAME_NUMBER, examined.doc_number, NUMBER),
                (SAME_TITLE, names_of(examined.title).plain if examined.title else "", PLAIN),
            )
            for sort, name, roles in named:
                held = self._live.holders(name, roles) if name else []
                near = [each for each in held if _may_be_of(each[1], examined.locality)]
                if near:
                    file, _, day = max(near, key=lambda each: each[2])
                    return Like(sort, file, True, day)
        same = self._by_name.get(_last(examined.file))
        return Like(SAME_NAME, same, same in self._documents) if same else None


def _may_be_of(locality: str, other: str) -> bool:
    """Tell whether two documents may be of one place: many places have a plan of one title."""
    return not (locality and other) or locality == other


def _examined(name: str, document: Document) -> Examined:
    header = document.header
    fields = (header.doc_number, header.issuer, header.issued_on or header.published_on)
    doc_number, issuer, issued_on = (field.value if field else "" for field in fields)
    return Examined(
        *_parts(name),
        document.sha256,
        title=document.title if header.title else "",
        doc_number=doc_number,
        issuer=issuer,
        issued_on=issued_on,
        locality=document.locality,
        kind=header.kind.value if header.kind else "",
        pages=len(document.pages),
        characters=sum(not character.isspace() for character in document.text),
        opening=document.text[:_OPENING].strip(),
        cautions=document.cautions,
        excluded=document.excluded,
    )


def _parts(name: str) -> tuple[str, str]:
    """Return the upload that a staged file came in, and its path in there."""
    upload, _, file = name.partition("/")
    return upload, file


def _upload(name: str) -> str:
    return _parts(name)[0]


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]
