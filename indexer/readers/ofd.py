"""OFD (GB/T 33190-2016): pages of characters with their places, put together as those of a PDF.

ofdkit 0.2.0 gives runs of text without the places of their characters, ruled lines, colours and
pictures, of which columns, tables and red heads are told, so the file is read here.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from indexer.errors import ReadError
from indexer.readers.composing import Composer
from indexer.readers.glyphs import read_lines
from indexer.readers.imprint import WATERMARK, imprint
from indexer.readers.layout import compose
from indexer.readers.ofd_page import PageContent, Resources, read_box
from indexer.readers.package import Element, Package
from indexer.readers.printed import Box, PrintedPage, name_pages
from indexer.readers.source import Source, Step, ignore_steps

_CURE = "请用 OFD 阅读器打开检查，另存或转成 .pdf 后重建索引。"
_LOOK = "需要时请用 OFD 阅读器查看。"
_MOST = 1_000_000_000  # bytes of XML in all pages
_MOST_PAGES = 20_000
_A4 = Box(0, 0, 210, 297)
_FEW = 40  # letters: a stamp of the scanner, a page number
_SCANNED = 0.5  # of the page is covered by one picture
_ILLUSTRATED = 0.1
_NAMED = 5  # attachments
_SHARED = ("PublicRes", "DocumentRes")
# What may be so of pages, and what to do about it.
_DAMAGED = ("已损坏，没有读出。", _CURE)
_PICTURES = ("有图片，图片里的文字没有读。", "需要引用图片里的文字时，请查看原件。")
_HIDDEN = ("有看不见的文字，没有收入。", _LOOK)
_LAYER = ("是扫描页，文字取自文件自带的识别结果。", "引用前请核对原件。")
_LEFT_OUT = ("是扫描页，没有识别。", "请转成 .pdf 后重建索引。")


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read an .ofd file; the pages of several documents in it follow one another.

    Raises:
        ReadError: it is damaged, or no OFD file.
    """
    composer = Composer()
    _Reading(Package(content, _CURE, _MOST), step, composer).read()
    return composer.source()


@dataclass(frozen=True, slots=True)
class _Document:
    """One document of a file: where it is, its pages, and what they share."""

    place: str
    root: Element
    pages: tuple[Element, ...]
    resources: Resources
    box: Box
    templates: dict[str, str] = field(default_factory=dict)  # number -> part


class _Reading:
    """Reads the pages of a file one by one, and remembers what a person should know of them."""

    def __init__(self, package: Package, step: Step, composer: Composer) -> None:
        self._package = package
        self._step = step
        self._composer = composer
        self._names = frozenset(package.names())
        self._trees: dict[str, Element | None] = {}  # of parts that several pages share
        self._recognised: list[tuple[int, float]] = []
        self._noted: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def read(self) -> None:
        """Put the pages together, those of each document for themselves.

        Raises:
            ReadError: there is no page, or not one can be read.
        """
        documents = list(self._documents())
        count = sum(len(document.pages) for document in documents)
        if not 0 < count <= _MOST_PAGES:
            raise ReadError(f"OFD 有 {count} 页，能读的是 1 到 {_MOST_PAGES} 页。", _CURE)
        first = 1
        for document in documents:
            compose(self._pages(document, first, count), self._composer)
            first += len(document.pages)
        if len(self._noted[_DAMAGED]) == count:
            raise ReadError("OFD 的每一页都已损坏，没有读出。", _CURE)
        self._add_cautions()

    def _pages(self, document: _Document, first: int, count: int) -> Iterator[PrintedPage]:
        for number, page in enumerate(document.pages, start=first):
            self._step(number - 1, count)
            yield self._page(document, page, number)

    def _add_cautions(self) -> None:
        for (fact, cure), numbers in self._noted.items():
            if numbers:
                self._composer.caution(f"{name_pages(numbers)}{fact}", cure)
        if self._recognised:
            from indexer.readers.recognition import note_confidence

            note_confidence(self._recognised, self._composer)

    def _documents(self) -> Iterator[_Document]:
        root = self._package.xml("OFD.xml")
        if root is None:
            raise ReadError("文件里没有 OFD.xml，不是 OFD 文件。", _CURE)
        for body in root.iterfind("{*}DocBody"):
            place = self._find("", body.findtext("{*}DocRoot"))
            document = self._tree(place)
            if document is None:
                self._composer.caution("有一个文档的内容找不到，没有读入。", _CURE)
                continue
            self._note_attachments(place, document)
            yield self._shared(place, document)

    def _shared(self, place: str, root: Element) -> _Document:
        common = root.find("{*}CommonData")
        pages = tuple(root.iterfind("{*}Pages/{*}Page"))
        if common is None:
            return _Document(place, root, pages, Resources(), _A4)
        parts = [
            self._find(place, each.text) for each in common.iterfind("*") if _name(each) in _SHARED
        ]
        return _Document(
            place,
            root,
            pages,
            self._resources(parts, Resources()),
            read_box(common.findtext("{*}PageArea/{*}PhysicalBox")) or _A4,
            {
                template.get("ID", ""): self._find(place, template.get("BaseLoc"))
                for template in common.iterfind("{*}TemplatePage")
            },
        )

    def _resources(self, parts: Iterable[str], known: Resources) -> Resources:
        units, params, media = dict(known.units), dict(known.params), dict(known.media)
        for part in parts:
            root = self._tree(part)
            if root is None:
                continue
            folder = posixpath.join(posixpath.dirname(part), root.get("BaseLoc", ""), "")
            for each in root.iter("{*}CompositeGraphicUnit", "{*}DrawParam", "{*}MultiMedia"):
                number = each.get("ID", "")
                if _name(each) == "MultiMedia":
                    media[number] = self._find(folder, each.findtext("{*}MediaFile"))
                else:
                    (params if _name(each) == "DrawParam" else units)[number] = each
        return Resources(units, params, media)

    def _find(self, base: str, said: str | None) -> str:
        """Return the part that a path names: from the file it stands in, or from the top, as many
        programs write it; "" where there is none."""
        path = (said or "").strip().replace("\\", "/")
        if not path:
            return ""
        inside = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path))[1:]
        top = posixpath.normpath(posixpath.join("/", path))[1:]
        return next((each for each in (inside, top) if each.lower() in self._names), "")

    def _tree(self, part: str) -> Element | None:
        """Return the root of a part that is not a page; a damaged one is left out and said."""
        if part not in self._trees:
            try:
                self._trees[part] = self._package.xml(part) if part else None
            except ReadError as error:
                self._trees[part] = None
                self._composer.caution(f"有一部分没有读入：{error.fact}", _CURE)
        return self._trees[part]

    # -- one page --------------------------------------------------------------------------------

    def _page(self, document: _Document, page: Element, number: int) -> PrintedPage:
        try:
            return self._look(document, page, number)
        except ReadError:
            self._noted[_DAMAGED].append(number)
            return PrintedPage(number, 1.0, 1.0)

    def _look(self, document: _Document, page: Element, number: int) -> PrintedPage:
        place = self._find(document.place, page.get("BaseLoc"))
        root = self._package.xml(place) if place else None
        if root is None:
            raise ReadError("页面内容找不到。", _CURE)
        own = [self._find(place, each.text) for each in root.iterfind("{*}PageRes")]
        resources = self._resources(own, document.resources) if own else document.resources
        box = read_box(root.findtext("{*}Area/{*}PhysicalBox")) or document.box
        content = PageContent(box, resources)
        templates = list(root.iterfind("{*}Template"))
        for is_above in (False, True):
            if is_above:
                content.add_layers(root)
            for template in templates:
                if (template.get("ZOrder") == "Foreground") == is_above:
                    self._add_template(content, document, template)
        for annotation in self._annotations(document, page.get("ID", "")):
            content.add_annotation(annotation)
        content.finish()
        return self._printed(content, number)

    def _add_template(self, content: PageContent, document: _Document, template: Element) -> None:
        root = self._tree(document.templates.get(template.get("TemplateID", ""), ""))
        if root is not None:
            content.add_layers(root)

    def _annotations(self, document: _Document, page: str) -> Iterator[Element]:
        part = self._find(document.place, document.root.findtext("{*}Annotations"))
        root = self._tree(part)
        if root is None:
            return
        for each in root.iterfind("{*}Page"):
            if each.get("PageID") == page:
                annotations = self._tree(self._find(part, each.findtext("{*}FileLoc")))
                if annotations is not None:
                    yield from annotations.iterfind("{*}Annot")

    def _printed(self, content: PageContent, number: int) -> PrintedPage:
        largest = max(content.pictures, key=lambda picture: picture.share, default=None)
        share = largest.share if largest else 0.0
        letters = len(content.glyphs) + len(content.turned)
        if content.hidden and share >= _SCANNED > 0 and letters < _FEW:
            content.glyphs += content.hidden
            self._noted[_LAYER].append(number)
        elif largest and letters < _FEW and share >= _SCANNED:
            seen = self._recognise(largest.part, number)
            if seen is not None and seen.letters > letters:
                return seen
        else:
            if content.hidden or content.beside:
                self._noted[_HIDDEN].append(number)
            if share >= _ILLUSTRATED:
                self._noted[_PICTURES].append(number)
        page = imprint(
            PrintedPage(number, content.width, content.height),
            content.glyphs,
            content.turned,
            content.across,
            content.down,
        )
        marks = tuple((line.words, WATERMARK) for line in read_lines(content.marks))
        return replace(page, aside=(*page.aside, *marks))

    def _recognise(self, part: str, number: int) -> PrintedPage | None:
        """Return what can be made out on the picture of a page; None where that is not to be."""
        from indexer.readers.image import decode_pictures
        from indexer.readers.recognition import MOST_RECOGNISED, recognise

        picture = self._package.media(part) if part else None
        if picture is None or len(self._recognised) == MOST_RECOGNISED:
            self._noted[_LEFT_OUT].append(number)
            return None
        try:
            pixels, _ = next(decode_pictures(picture))
        except ReadError:
            self._noted[_LEFT_OUT].append(number)
            return None
        page = recognise(pixels, number)
        self._recognised.append((number, page.confidence or 0.0))
        return page

    # -- what is not read ------------------------------------------------------------------------

    def _note_attachments(self, place: str, document: Element) -> None:
        root = self._tree(self._find(place, document.findtext("{*}Attachments")))
        found = root.iterfind("{*}Attachment") if root is not None else ()
        names = [attachment.get("Name", "") for attachment in found]
        if names:
            self._composer.caution(
                f"文件里夹带了 {len(names)} 个附件（{'、'.join(names[:_NAMED])}），没有读入。",
                "需要时请另存出来放进语料文件夹。",
            )


def _name(element: Element) -> str:
    name: str = element.tag.rpartition("}")[2]
    return name
