"""Upload notices: what reading each gives is reported before anything of it is in the library, then
the person chooses what is taken in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from indexer.errors import SuyuanError
from indexer.intake import SAME_CONTENT, SAME_NAME, SAME_NUMBER, SAME_TITLE, Examined, Like
from indexer.settings import read_settings
from indexer.staging import Staged
from retrieval.results import Facet
from ui import paper
from ui.address import Address, kept_params
from ui.inbox import Inbox, the_inbox
from ui.paper import Node, element, link
from ui.picking import key_of
from ui.rebuilding import update_index
from ui.scripts import as_shown
from ui.telling import go_on
from ui.views import UPDATE
from ui.words import notice, say

_SECONDS_BETWEEN_LOOKS = 0.5
_TIME = "%m-%d %H:%M"
_HEADS = ("文件", "识别结果", "情况", "收下")
_FORMS = "Word、WPS、PDF、OFD、Excel、网页、文本、图片或它们的 .zip"


@dataclass(frozen=True, slots=True)
class Line:
    """An upload in the report: what was found in it, what of the corpus each part is like, and
    whether it is to be taken in."""

    staged: Staged
    found: tuple[Examined, ...]
    like: tuple[Like | None, ...]
    is_wanted: bool

    @property
    def is_readable(self) -> bool:
        return any(each.is_readable for each in self.found)


def show_intake(asked: Address, folders: Sequence[Facet]) -> None:
    """Show the field to upload with, and the report of what waits with what can be done."""
    inbox = the_inbox()
    st.header(say("上传文件"))
    _show_field(inbox)
    if not inbox.files():
        return
    if inbox.is_busy:
        _attend(asked)
        return
    with st.spinner(say("正在与库中文件比对…")):
        lines = read_lines(inbox)
    paper.show("report of uploads", *write_lines(lines, asked))
    _show_choice(inbox, lines, folders)


def _show_field(inbox: Inbox) -> None:
    """Show the field; what is dropped there waits at once, and the field is empty again."""
    number = st.session_state.setdefault("upload field", 0)
    files = st.file_uploader(
        say(f"{_FORMS}；先检查，确认后才收录"), accept_multiple_files=True, key=f"upload {number}"
    )
    if not files:
        return
    errors = []
    with st.spinner(say("正在保存…")):
        for file in files:
            try:
                inbox.staging.put(file.name, file.getvalue())
            except SuyuanError as error:
                errors.append(say(str(error)))
    st.session_state["upload field"] = number + 1
    go_on(*([notice(*errors)] if errors else []))


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _attend(asked: Address) -> None:
    """Show how far the examination has come, and what it has found so far."""
    inbox = the_inbox()
    if not inbox.is_busy:
        st.rerun()
    done, total, detail = inbox.progress
    words = f"正在检查上传的文件 {done} / {total}" if total else "正在检查上传的文件…"
    st.progress(min(done / total, 1.0) if total else 0.0, text=say(words))
    if detail:
        paper.show("examining", element("p", detail))
    lines = [line for line in read_lines(inbox) if line.found]
    paper.show("report so far", *(write_lines(lines, asked, is_final=False) if lines else []))


def read_lines(inbox: Inbox) -> list[Line]:
    """Return the report; the address says of which uploads the reader has decided otherwise than
    is proposed: what can be read is taken in, unless the corpus has it already."""
    changed = set(st.query_params.get_all("other"))
    lines = []
    for staged in inbox.staging.files():
        found = inbox.examined(staged)
        like = tuple(inbox.like(found))
        is_new = any(
            each.is_readable and not (other and other.sort == SAME_CONTENT)
            for each, other in zip(found, like, strict=True)
        )
        is_wanted = any(each.is_readable for each in found) and is_new != (staged.id in changed)
        lines.append(Line(staged, found, like, is_wanted))
    return lines


def write_lines(lines: Sequence[Line], asked: Address, is_final: bool = True) -> list[Node]:
    """Return the report as a table: a row for each upload, of an archive one for each member."""
    heads = (element("th", say(head), scope="col") for head in _HEADS)
    rows = [row for line in lines for row in _rows(line, asked, is_final)]
    table = element(
        "table",
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
        css="uploads",
    )
    return [*_sum_up(lines), table] if is_final else [table]


def _sum_up(lines: Sequence[Line]) -> Iterator[Node]:
    """Yield how many uploads there are and can be read, and what to do about the others."""
    readable = sum(line.is_readable for line in lines)
    words = f"检查报告：上传 {len(lines)} 份，{readable} 份可读"
    yield element("h3", say(words))
    hint = "下列文件还没有收录。"
    if readable < len(lines):
        hint += "读不了的请按说明处理后重新上传。"
    yield element("p", say(hint), css="coverage")


def _rows(line: Line, asked: Address, is_final: bool) -> Iterator[Node]:
    """Yield the rows of an upload: of an archive one for itself and one for each member."""
    when = datetime.fromtimestamp(line.staged.at).strftime(_TIME)
    name = [line.staged.name, element("div", say(f"{when} 上传"), css="facts")]
    choice = list(_choice(line, asked)) if is_final else []
    members = list(zip(line.found, line.like, strict=True))
    if [each.file for each, _ in members] == [line.staged.name]:
        ((each, like),) = members
        yield _row((name, _fields(each), _state(each, like, asked), choice))
        return
    readable = sum(each.is_readable for each in line.found)
    words = say(f"压缩包：{len(members)} 份文件，{readable} 份可读；收下时整包存入。")
    yield _row((name, [], [words], choice))
    for each, like in members:
        inside = [each.file.removeprefix(f"{line.staged.name}/")]
        yield _row((inside, _fields(each), _state(each, like, asked), []), css="member")


def _row(cells: Sequence[Sequence[Node]], css: str = "") -> Node:
    """Return a row; a cell with nothing in it is out of sight where rows are cards."""
    return element(
        "tr",
        *(
            element("td", *([element("div", *cell)] if cell else []), data_label=say(head))
            for head, cell in zip(_HEADS, cells, strict=True)
        ),
        css=css,
    )


def _fields(each: Examined) -> list[Node]:
    """Return what was recognised in a file."""
    if not each.is_readable:
        return ["—"]
    title: Node = element("strong", as_shown(each.title) if each.title else say("没有认出标题"))
    fields = (
        as_shown(each.doc_number), as_shown(each.issuer), each.issued_on, say(each.locality),
        as_shown(each.kind),
    )  # fmt: skip
    size = f"{each.pages} 页，" if each.pages else ""
    return [
        title,
        element("div", "　".join(filter(None, fields)), css="facts"),
        element("div", say(f"{size}{each.characters} 字"), css="facts"),
        element(
            "details",
            element("summary", say("看看开头")),
            element("blockquote", as_shown(each.opening)),
        ),
    ]


def _state(each: Examined, like: Like | None, asked: Address) -> list[Node]:
    """Return whether a file can be read, what to mind, and what it is like."""
    if not each.is_readable:
        fact = element("div", element("strong", say("读不了：")), say(each.fact))
        return [fact, element("div", say(each.cure), css="facts")]
    nodes: list[Node] = [element("div", say("可收录"))]
    for caution in each.cautions:
        nodes.append(element("div", element("strong", say("请核对：")), say(caution.fact)))
        nodes.append(element("div", say(caution.cure), css="facts"))
    if each.excluded:
        kept_out = "，".join(f"{reason} {count} 字" for reason, count in each.excluded)
        nodes.append(element("div", say(f"留在原文、不参与检索：{kept_out}"), css="facts"))
    if like:
        nodes += _likeness(each, like, asked)
    return nodes


def _likeness(each: Examined, like: Like, asked: Address) -> Iterator[Node]:
    """Yield what of the library a file is like, and what follows."""
    file: Node = like.file
    if like.is_indexed:
        file = link("document", asked.params(doc=like.file, view=UPDATE), like.file)
    yield element("div", element("strong", say(f"{like.sort}：")), say("库中已有 "), file)
    yield element("div", say(_advice(each, like)), css="facts")
    if like.is_indexed and like.sort in (SAME_NUMBER, SAME_TITLE):
        way = {**kept_params(asked), "do": "remove", "pick": key_of(like.file)}
        yield element("div", link("library", asked.params(**way), say("移出库中那份")))


def _advice(each: Examined, like: Like) -> str:
    """Return what likeness to a file of the library means, in words."""
    if like.sort == SAME_CONTENT:
        return "内容一字不差，不必再收；收下也只算一份。"
    if like.sort == SAME_NAME:
        return "只是文件名相同；存入同一文件夹时另取名，不覆盖。"
    if each.issued_on and like.dated and each.issued_on != like.dated:
        age = "较新" if each.issued_on > like.dated else "较旧"
        kind = f"可能是{age}的版本（库中 {like.dated}，这份 {each.issued_on}）"
    else:
        kind = "可能是它的另一版本"
    return f"{kind}。收下后两份都在；若要替换，请移出旧的一份。"


def _choice(line: Line, asked: Address) -> Iterator[Node]:
    """Yield what is chosen, and the link that chooses otherwise."""
    if not line.is_readable:
        yield say("不收")
        return
    yield element("strong", say("收下" if line.is_wanted else "不收"))
    kept = kept_params(asked)
    others = set(st.query_params.get_all("other")) ^ {line.staged.id}
    way = {**kept, "other": sorted(others)}
    words = "改为不收" if line.is_wanted else "改为收下"
    label = f"{say(words)} {line.staged.name}"
    yield element("div", link("library", asked.params(**way), say(words), aria_label=label))


def _show_choice(inbox: Inbox, lines: Sequence[Line], folders: Sequence[Facet]) -> None:
    """Show where the files go, and the buttons that take them in or give them up."""
    wanted = [line.staged for line in lines if line.is_wanted]
    corpus = read_settings().corpus
    with st.container(horizontal=True, vertical_alignment="bottom"):
        folder = st.selectbox(
            say("存入文件夹"),
            ["", *(each.value for each in folders if (corpus / each.value).is_dir())],
            format_func=lambda name: name or say("（语料文件夹本身）"),
            accept_new_options=True,
            key="upload folder",
            width=280,
        )
        is_begun = st.button(
            say(f"收下 {len(wanted)} 份并立即收录"), type="primary", disabled=not wanted
        )
        is_taken = st.button(say("只收下，稍后收录"), disabled=not wanted)
        is_given_up = st.button(say("全部放弃"))
    if is_begun or is_taken:
        _take_in(inbox, wanted, folder or "", is_begun)
    elif is_given_up:
        for line in lines:
            inbox.staging.discard(line.staged)
        go_on(notice(say(f"已放弃 {len(lines)} 份上传的文件。")), without=("other",))


def _take_in(inbox: Inbox, wanted: Sequence[Staged], folder: str, begins: bool) -> None:
    """Put files into the corpus, have the index follow if that is asked for, and say what became
    of each."""
    lines: list[str] = []
    saved = 0
    with st.spinner(say("正在存入…")):
        for staged in wanted:
            try:
                lines.append(f"{say('已存入')} {inbox.take_in(staged, folder)}")
                saved += 1
            except SuyuanError as error:
                lines.append(say(str(error)))
    hint = [] if begins or not saved else [say("更新索引后即可检索。")]
    fact = say(f"收下了 {saved} 份文件。" if saved else "没有收下文件。")
    is_updating = begins and saved > 0
    if is_updating:
        update_index()
    go_on(notice(fact, *lines, *hint), follows=is_updating, without=("other",))
