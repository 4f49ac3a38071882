"""Commands of the read side: search, ask, find, document, compare; one question or a batch."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import get_args

from indexer.errors import LanguageModelError, QuestionError, SuyuanError
from indexer.generations import open_live
from indexer.script import SCRIPTS
from indexer.settings import Settings, read_settings
from retrieval.catalogue import Catalogue
from retrieval.comparison import compare
from retrieval.engine import Engine
from retrieval.exact import Order, Within
from retrieval.facets import check_known
from retrieval.precedents import Order as PrecedentOrder
from retrieval.precedents import Precedents, Wanted
from retrieval.redline import write_precedents, write_redline
from retrieval.results import ALL, Answer, ExactResult, Filters
from retrieval.rows import (
    Row,
    answer_row,
    comparison_row,
    document_row,
    exact_row,
    hit_row,
    precedents_row,
    relations_row,
    side_row,
)
from retrieval.self_check import TRIED, UNTRIED, check_itself
from retrieval.standing import STATUSES
from retrieval.titles import in_title_marks
from retrieval.trial_questions import ASKED, Trial


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        settings = replace(settings, index=given.index or settings.index)
        return int(given.run(settings, given))
    except SuyuanError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m retrieval", description="溯源：检索和问答")
    commands = parser.add_subparsers(required=True, metavar="命令")
    for name, run, help_text in (
        ("search", _search, "查找与问题相关的段落"),
        ("ask", _ask, "用原文句子回答问题，注明出处"),
        ("find", _find, "按原文字词精确查找，可用引号、AND、OR、NOT、括号和“文号:”"),
        ("precedents", _precedents, "为拟写的语句找先例：哪些文件写过，逐字相差多少"),
    ):
        command = commands.add_parser(name, help=help_text)
        asked = command.add_mutually_exclusive_group(required=True)
        asked.add_argument("question", nargs="?", metavar="问题")
        asked.add_argument("--batch", type=Path, metavar="文件", help="每行一个 JSON 问题的文件")
        command.add_argument("-k", type=_positive, default=10, metavar="条数", help="返回几段")
        command.add_argument("--place", action="append", default=[], metavar="地区")
        command.add_argument("--kind", action="append", default=[], metavar="文种")
        command.add_argument("--from-year", type=int, metavar="年份")
        command.add_argument("--to-year", type=int, metavar="年份")
        command.add_argument("--issuer", action="append", default=[], metavar="机关")
        command.add_argument("--status", action="append", default=[], choices=STATUSES, help="时效")
        command.add_argument(
            "--script", action="append", default=[], choices=SCRIPTS, help="文件用简体还是繁体"
        )
        command.add_argument(
            "--folder", action="append", default=[], metavar="文件夹", help="语料里的，含下级"
        )
        command.add_argument("--document", action="append", default=[], metavar="路径", help="文件")
        if run in (_search, _ask):
            command.add_argument(
                "--plain", action="store_true", help="问题里的地区、年份、文种都只当作普通的词"
            )
        command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        command.set_defaults(run=run)
    commands.choices["ask"].add_argument(
        "--prose", action="store_true", help="再由语言模型改写成连贯文字，逐句与所引原文核对"
    )
    commands.choices["search"].add_argument(
        "--collapse", action="store_true", help="同样的表述只列一次，各文件、各地区的段落轮流列出"
    )
    commands.choices["ask"].add_argument(
        "--after",
        action="append",
        default=[],
        metavar="上一问",
        help="接着它问，例如“那昭通呢”；可重复，先问的在前",
    )
    command = commands.choices["find"]
    command.add_argument("--title", action="store_true", help="只查标题")
    command.add_argument(
        "--within",
        choices=get_args(Within),
        default="document",
        help="各词要同在一份文件、一个章节、一个段落或一句话里",
    )
    command.add_argument(
        "--sort", choices=get_args(Order), default="relevance", help="按相关程度或日期排序"
    )
    command.add_argument(
        "--offset", type=_not_negative, default=0, metavar="份数", help="略过前几份文件"
    )
    command = commands.choices["precedents"]
    command.add_argument(
        "--sort", choices=get_args(PrecedentOrder), default="likeness", help="按相似程度或日期排序"
    )
    command.add_argument(
        "--offset", type=_not_negative, default=0, metavar="条数", help="初稿只有一句时，略过前几条"
    )
    command = commands.add_parser("document", help="显示一份文件的原文和要素")
    command.add_argument("path", metavar="路径", help="文件在语料文件夹里的路径")
    command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    command.set_defaults(run=_document)
    command = commands.add_parser(
        "compare", help="两份文件逐条对照（旧版在前）；或用一个问题对照几份文件、几个地区"
    )
    command.add_argument("paths", nargs="*", metavar="路径", help="旧版和新版在语料文件夹里的路径")
    command.add_argument("--question", metavar="问题", help="各份文件、各个地区都来回答的问题")
    command.add_argument("--document", action="append", default=[], metavar="路径")
    command.add_argument("--place", action="append", default=[], metavar="地区")
    command.add_argument("--all", action="store_true", help="没有改动的条文也列出")
    command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    command.set_defaults(run=_compare)
    command = commands.add_parser("calibrate", help="按这份语料校准何时拒答，结果存在索引旁")
    command.add_argument(
        "--questions",
        type=Path,
        metavar="文件",
        help="自己的问题，每行 JSON：question 和 answerable；不给则由语料生成",
    )
    command.set_defaults(run=_calibrate)
    command = commands.add_parser("selfcheck", help="让索引回答由它自己生成的题目，看对了多少")
    command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    command.set_defaults(run=_self_check)
    for command in commands.choices.values():
        command.add_argument("--index", type=Path, metavar="文件夹", help="索引文件夹")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("要大于 0")
    return number


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("不能小于 0")
    return number


def _search(settings: Settings, given: argparse.Namespace) -> int:
    engine = Engine.open(settings)
    engine.wait()
    filters = _filters(given, engine)
    ignored = _ignored(given)

    def answer(question: str) -> Row:
        started = time.perf_counter()
        hits = engine.search(question, given.k, filters, ignored, given.collapse)
        took = (time.perf_counter() - started) * 1000
        return {"question": question, "ms": round(took, 2), "hits": [hit_row(hit) for hit in hits]}

    if given.batch:
        return _run_batch(given.batch, answer, {"hits": []})
    row = answer(given.question)
    if given.json:
        _print(row | _understood(engine, given.question, ignored))
        return 0
    for hit in row["hits"]:
        place = " > ".join(hit["headings"])
        print(f"{hit['rank']}. {in_title_marks(hit['title'])}{hit['doc_number'] or ''} {place}")
        print(f"   {hit['document']} 第 {hit['start']}–{hit['end']} 字，得分 {hit['score']:.3f}")
        print(f"   {' '.join(hit['text'].split())}\n")
        if hit.get("same"):
            least = "至少" if hit["may_be_more"] else ""
            print(f"   {least}另有 {len(hit['same'])} 份文件有同样表述：")
            print("".join(f"   - {copy['document']}\n" for copy in hit["same"]))
    return 0


def _ask(settings: Settings, given: argparse.Namespace) -> int:
    engine = Engine.open(settings)
    engine.wait()
    filters = _filters(given, engine)
    ignored = _ignored(given)

    if given.prose and not engine.has_language_model:
        raise LanguageModelError(
            "没有设置语言模型。", "请设置 SUYUAN_LLM_BASE_URL 和 SUYUAN_LLM_MODEL，或去掉 --prose。"
        )

    turns: list[str] = []
    for turn in given.after:
        turns.append(engine.follow(turns, turn, filters).question)

    def ask(question: str) -> Answer:
        return engine.ask(engine.follow(turns, question, filters).question, filters, ignored)

    def answer(question: str) -> Row:
        found = ask(question)
        followed = {"follow_up": question} if turns else {}
        prose = {"prose": _prose_row(engine, found)} if given.prose else {}
        return answer_row(found) | followed | prose

    if given.batch:
        empty = {"refused": True, "text": "", "statements": [], "citations": [], "localities": [],
                 "coverage": None, "nearest": []}  # fmt: skip
        return _run_batch(given.batch, answer, empty)
    if given.json:
        row = answer(given.question)
        _print(row | _understood(engine, row["question"], ignored))
        return 0
    found = ask(given.question)
    if turns:
        print(f"理解为：{found.question}\n")
    _show_answer(found)
    if given.prose and not found.refused:
        _show_prose(engine, found)
    return 0


def _find(settings: Settings, given: argparse.Namespace) -> int:
    engine = Engine.open(settings)
    filters = _filters(given, engine)

    def find(expression: str) -> ExactResult:
        return engine.find(
            expression,
            in_title=given.title,
            within=given.within,
            order=given.sort,
            offset=given.offset,
            limit=given.k,
            filters=filters,
        )

    if given.batch:
        empty = {"documents": 0, "matches": 0, "hits": []}
        return _run_batch(given.batch, lambda expression: exact_row(find(expression)), empty)
    if given.json:
        _print(exact_row(find(given.question)))
    else:
        _show_exact(find(given.question))
    return 0


def _precedents(settings: Settings, given: argparse.Namespace) -> int:
    engine = Engine.open(settings)
    filters = _filters(given, engine)
    wanted = Wanted(given.k, given.offset, given.sort, of_each=given.k)

    def find(draft: str) -> Precedents:
        return engine.precedents(draft, wanted, filters)

    if given.batch:
        return _run_batch(given.batch, lambda draft: precedents_row(find(draft)), {"sentences": []})
    if given.json:
        _print(precedents_row(find(given.question)))
    else:
        for line in write_precedents(find(given.question)):
            print(line)
    return 0


def _document(settings: Settings, given: argparse.Namespace) -> int:
    generation = open_live(settings.index)
    document = generation.document(given.path)
    row = document_row(document) | relations_row(generation, document.id)
    if given.json:
        _print(row)
        return 0
    for label, name in (
        ("标题", "title"), ("文种", "kind"), ("文号", "doc_number"), ("索引号", "index_number"),
        ("发文机关", "issuer"), ("成文日期", "issued_on"), ("发布日期", "published_on"),
        ("施行日期", "effective_on"), ("有效期至", "expires_on"), ("时效", "status"),
    ):  # fmt: skip
        found = row[name]
        value = found["value"] if isinstance(found, dict) else found
        print(f"{label}：{value or '—'}")
    print(f"地区：{'、'.join(place['value'] for place in row['localities']) or '—'}\n")
    print(document.text)
    return 0


def _calibrate(settings: Settings, given: argparse.Namespace) -> int:
    engine = Engine.open(settings)
    asked = [
        Trial(str(row["question"]), ASKED, row["answerable"])
        for row in (_questions(given.questions, ("question",)) if given.questions else ())
    ]
    found = engine.calibrate(asked)
    print(
        f"拒答阈值 {found.threshold:.3f}，按 {found.questions} 个问题定："
        f"应答的回答了 {found.answered:.1%}，应拒的拒答了 {found.refused:.1%}。"
    )
    return 0


def _self_check(settings: Settings, given: argparse.Namespace) -> int:
    found = check_itself(Engine.open(settings))
    if given.json:
        _print(asdict(found))
        return 0
    for name, (label, _) in TRIED.items():
        outcome = found.outcomes[name]
        print(f"{label}：{outcome.right} / {outcome.tried}")
        for missed in outcome.missed:
            print(f"  未通过：{' '.join(missed.split())}")
    print(f"向量召回率 {found.recall:.3f}，用时 {found.seconds} 秒。")
    print(UNTRIED)
    return 0


def _compare(settings: Settings, given: argparse.Namespace) -> int:
    if given.question is None:
        return _compare_versions(settings, given)
    if given.paths or len(given.document) + len(given.place) < 2:
        raise QuestionError(
            "按问题对照至少要有两份文件或两个地区。", "请用 --document 或 --place 逐个指明。"
        )
    engine = Engine.open(settings)
    engine.wait()
    sides = engine.ask_each(given.question, given.document, given.place)
    if given.json:
        _print({"question": given.question, "sides": [side_row(side) for side in sides]})
        return 0
    for number, side in enumerate(sides):
        print("\n" * bool(number) + f"== {side.name}")
        if side.answer.refused:
            print("没有找到。")
        else:
            _show_answer(side.answer)
    return 0


def _compare_versions(settings: Settings, given: argparse.Namespace) -> int:
    if len(given.paths) != 2 or given.document or given.place:
        raise QuestionError(
            "逐条对照要有两份文件。", "请写明旧版和新版的路径；按问题对照请加 --question。"
        )
    generation = open_live(settings.index)
    old, new = (generation.document(path) for path in given.paths)
    catalogue = Catalogue(generation, date.today())
    comparison = compare(old, new, catalogue.source(old.id), catalogue.source(new.id))
    if given.json:
        _print(comparison_row(comparison))
        return 0
    for line in write_redline(comparison, is_whole=given.all):
        print(line)
    return 0


def _run_batch(path: Path, answer: Callable[[str], Row], empty: Row) -> int:
    """Print one JSON object for each question; one that cannot be asked says why in `error`."""
    for row in _questions(path):
        try:
            found = answer(str(row["question"]))
        except QuestionError as error:
            found = {"question": row["question"], "ms": 0.0, **empty, "reason": str(error)}
        _print({"id": row["id"], **found})
    return 0


def _questions(path: Path, wanted: Sequence[str] = ("id", "question")) -> Iterator[Row]:
    """Yield the rows of a file of questions: what is wanted, and whether there is an answer."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"问题文件 {path} 读不出来。", "请检查路径，文件须为 UTF-8。"
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            is_answerable = bool(row.get("answerable", True))
            yield {name: row[name] for name in wanted} | {"answerable": is_answerable}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionError(
                f"问题文件 {path} 第 {number} 行不是含 {' 和 '.join(wanted)} 的 JSON 对象。",
                "请改正这一行。",
            ) from error


def _filters(given: argparse.Namespace, engine: Engine) -> Filters:
    filters = Filters(
        localities=tuple(given.place),
        kinds=tuple(given.kind),
        first_year=given.from_year,
        last_year=given.to_year,
        issuers=tuple(given.issuer),
        statuses=tuple(given.status),
        scripts=tuple(given.script),
        folders=tuple(given.folder),
        documents=tuple(given.document),
    )
    for document in filters.documents:
        engine.source(document)  # one that is not there is a slip, not an answer
    check_known(filters, engine.facets())
    return filters


def _ignored(given: argparse.Namespace) -> tuple[str, ...]:
    return (ALL,) if given.plain else ()


def _understood(engine: Engine, question: str, ignored: Sequence[str]) -> Row:
    """Return what narrows or shapes the search of a question, without what is off."""
    understood = [each for each in engine.understood(question, ignored) if not each.is_off]
    return {
        "understood": [
            {"kind": each.kind, "text": each.text, "value": each.value, "effect": each.effect}
            for each in understood
        ]
    }


def _show_exact(result: ExactResult) -> None:
    print(f"命中 {result.documents} 份文件，{result.matches} 处。\n")
    for hit in result.hits:
        source = hit.source
        facts = " ".join(fact for fact in (source.doc_number, source.issued_on) if fact)
        print(f"{hit.rank}. {in_title_marks(source.title)}{facts}")
        print(f"   {source.document}，{hit.matches} 处")
        for excerpt in hit.excerpts:
            place = " > ".join(excerpt.headings)
            print(f"   第 {excerpt.span.start}–{excerpt.span.end} 字 {place}".rstrip())
            print(f"     {' '.join(excerpt.text.split())}")
        print()


def _show_answer(answer: Answer) -> None:
    print(answer.text)
    coverage = answer.coverage
    if coverage and not answer.refused:
        silent = f"；其余未检出：{'、'.join(coverage.without)}" if coverage.without else ""
        counts = f"语料库含 {coverage.localities} 个地区，{coverage.with_answer} 个有相关表述"
        print(f"\n{counts}{silent}。")
    if answer.missing:
        print(f"\n未找到有关内容：{'、'.join(answer.missing)}。")
    for citation in answer.citations:
        source = citation.source
        facts = "，".join(fact for fact in (source.issued_on, source.status) if fact)
        print(f"\n[{citation.number}] {citation.forms.official} {facts}".rstrip())
        pages = f" 第 {'、'.join(map(str, citation.pages))} 页" if citation.pages else ""
        print(f"    {source.document}{pages} 第 {citation.span.start}–{citation.span.end} 字")
        if citation.cells:
            cells = "；".join(f"{name}：{words}" for name, words in citation.cells)
            print(f"    表格一行：{cells}")
        if citation.confidence is not None:
            print(f"    扫描件，文字识别把握 {citation.confidence:.2f}，引用前请核对原件")
    if answer.nearest:
        print("\n可能相关：")
        for hit in answer.nearest:
            print(f"- {in_title_marks(hit.source.title)} {' > '.join(hit.passage.headings)}")


def _prose_row(engine: Engine, answer: Answer) -> Row:
    """Return what the language model made of an answer, and why it stopped, if it did."""
    sentences: list[Row] = []
    failure = None
    try:
        for each in engine.prose(answer):
            row = {"text": each.text, "citations": list(each.citations)}
            sentences.append(row | {"trusted": each.is_trusted, "reason": each.reason or None})
    except LanguageModelError as error:
        failure = str(error)
    return {"sentences": sentences, "failure": failure}


def _show_prose(engine: Engine, answer: Answer) -> None:
    print("\n连贯表述（由语言模型改写，逐句与所引原文核对）：")
    try:
        for each in engine.prose(answer):
            marks = "".join(f"[{number}]" for number in each.citations)
            doubt = f"　（未采信：{each.reason}）" if each.reason else ""
            print(f"{each.text}{marks}{doubt}", flush=True)
    except LanguageModelError as error:
        print(f"语言模型未能写完：{error}以上原文摘录不受影响。", file=sys.stderr)


def _print(row: Row) -> None:
    print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it, as it ends other tools
    sys.exit(main())
