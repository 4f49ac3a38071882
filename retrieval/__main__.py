"""Commands of the read side: search, ask, find, document; one question or a batch."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from indexer.errors import QuestionError, SuyuanError
from indexer.generations import open_live
from indexer.records import Document, Field, Header, Link, Locality
from indexer.script import SCRIPTS
from indexer.settings import Settings, read_settings
from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.engine import Engine
from retrieval.exact import Order, Within
from retrieval.facets import check_known
from retrieval.relations import relate
from retrieval.results import (
    ALL,
    Answer,
    Citation,
    ExactResult,
    Excerpt,
    Filters,
    Hit,
    Source,
    Statement,
)
from retrieval.standing import STATUSES

Row = dict[str, Any]
_FIELDS = tuple(
    field.name for field in fields(Header) if field.name not in ("locality", "mentions")
)


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
        if run is not _find:
            command.add_argument(
                "--plain", action="store_true", help="问题里的地区、年份、文种都只当作普通的词"
            )
        command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        command.set_defaults(run=run)
    commands.choices["search"].add_argument(
        "--collapse", action="store_true", help="同样的表述只列一次，各文件、各地区的段落轮流列出"
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
    command = commands.add_parser("document", help="显示一份文件的原文和要素")
    command.add_argument("path", metavar="路径", help="文件在语料文件夹里的路径")
    command.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    command.set_defaults(run=_document)
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
        return {"question": question, "ms": round(took, 2), "hits": [_hit(hit) for hit in hits]}

    if given.batch:
        return _run_batch(given.batch, answer, {"hits": []})
    row = answer(given.question)
    if given.json:
        _print(row | _understood(engine, given.question, ignored))
        return 0
    for hit in row["hits"]:
        place = " > ".join(hit["headings"])
        print(f"{hit['rank']}. 《{hit['title']}》{hit['doc_number'] or ''} {place}")
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

    def answer(question: str) -> Row:
        return _answer(engine.ask(question, filters, ignored))

    if given.batch:
        empty = {"refused": True, "text": "", "statements": [], "citations": [], "localities": [],
                 "coverage": None, "nearest": []}  # fmt: skip
        return _run_batch(given.batch, answer, empty)
    if given.json:
        _print(answer(given.question) | _understood(engine, given.question, ignored))
        return 0
    _show_answer(engine.ask(given.question, filters, ignored))
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
        return _run_batch(given.batch, lambda expression: _exact(find(expression)), empty)
    if given.json:
        _print(_exact(find(given.question)))
    else:
        _show_exact(find(given.question))
    return 0


def _document(settings: Settings, given: argparse.Namespace) -> int:
    generation = open_live(settings.index)
    try:
        document = generation.document(given.path)
        row = _document_row(document) | _relations_row(generation, document.id)
    finally:
        generation.close()
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


def _run_batch(path: Path, answer: Callable[[str], Row], empty: Row) -> int:
    """Print one JSON object for each question; one that cannot be asked says why in `error`."""
    for row in _questions(path):
        try:
            found = answer(str(row["question"]))
        except QuestionError as error:
            found = {"question": row["question"], "ms": 0.0, **empty, "reason": str(error)}
        _print({"id": row["id"], **found})
    return 0


def _questions(path: Path) -> Iterator[Row]:
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
            yield {"id": row["id"], "question": row["question"]}
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionError(
                f"问题文件 {path} 第 {number} 行不是含 id 和 question 的 JSON 对象。",
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
    )
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


def _source(source: Source) -> Row:
    return {
        "document": source.document,
        "title": source.title,
        "doc_number": source.doc_number or None,
        "issuer": source.issuer or None,
        "locality": source.locality or None,
        "issued_on": source.issued_on or None,
    }


def _hit(hit: Hit) -> Row:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        **_source(hit.source),
        "headings": list(passage.headings),
        "start": passage.span.start,
        "end": passage.span.end,
        "pages": list(passage.pages),
        "text": passage.text,
        **(_same(hit) if hit.same else {}),
    }


def _same(hit: Hit) -> Row:
    same = [
        {**_source(copy.source), "start": copy.span.start, "end": copy.span.end}
        for copy in hit.same
    ]
    return {"same": same, "may_be_more": hit.may_be_more}


def _citation(citation: Citation) -> Row:
    return {
        "number": citation.number,
        **_source(citation.source),
        "headings": list(citation.headings),
        "start": citation.span.start,
        "end": citation.span.end,
        "pages": list(citation.pages),
        "confidence": citation.confidence,
        "cells": [{"column": column, "words": words} for column, words in citation.cells],
        "quote": citation.quote,
    }


def _statement(statement: Statement) -> Row:
    return {"text": statement.text, "citations": list(statement.citations)}


def _answer(answer: Answer) -> Row:
    coverage = answer.coverage
    return {
        "question": answer.question,
        "ms": round(answer.milliseconds, 2),
        "refused": answer.refused,
        "reason": answer.reason or None,
        "text": answer.text,
        "statements": [_statement(statement) for statement in answer.statements],
        "citations": [_citation(citation) for citation in answer.citations],
        "localities": [
            {"name": group.name, "statements": [_statement(s) for s in group.statements]}
            for group in answer.localities
        ],
        "coverage": coverage
        and {
            "localities": coverage.localities,
            "with": coverage.with_answer,
            "without": list(coverage.without),
        },
        "nearest": [_hit(hit) for hit in answer.nearest],
    }


def _exact(result: ExactResult) -> Row:
    return {
        "question": result.expression,
        "ms": round(result.milliseconds, 2),
        "documents": result.documents,
        "matches": result.matches,
        "hits": [
            {
                "rank": hit.rank,
                **_source(hit.source),
                "matches": hit.matches,
                "in_title": hit.is_in_title,
                "excerpts": [_excerpt(excerpt) for excerpt in hit.excerpts],
            }
            for hit in result.hits
        ],
    }


def _excerpt(excerpt: Excerpt) -> Row:
    return {
        "headings": list(excerpt.headings),
        "start": excerpt.span.start,
        "end": excerpt.span.end,
        "pages": list(excerpt.pages),
        "excluded": excerpt.excluded or None,
        "text": excerpt.text,
        "matches": [{"start": match.start, "end": match.end} for match in excerpt.matches],
    }


def _document_row(document: Document) -> Row:
    header = document.header
    return {
        "document": document.id,
        "text": document.text,
        **{name: _field(getattr(header, name)) for name in _FIELDS},
        "localities": [_place(header.locality)] if header.locality else [],
        "mentions": [_place(place) for place in header.mentions],
        "outline": _outline(document, -1),
        "pages": [
            {
                "number": page.number,
                "start": page.span.start,
                "end": page.span.end,
                "confidence": page.confidence,
            }
            for page in document.pages
        ],
        "excluded": [
            {"reason": each.reason, "start": each.span.start, "end": each.span.end}
            for each in document.exclusions
        ],
        "cautions": [{"fact": each.fact, "cure": each.cure} for each in document.cautions],
    }


def _relations_row(generation: Generation, document_id: str) -> Row:
    """Return the 时效, with the document that proves it, every reference and citation, and the
    versions."""
    catalogue = Catalogue(generation, date.today())
    found = relate(generation, catalogue, document_id)
    proof = found.standing
    return {
        "status": proof.span
        and {
            "value": proof.value,
            "start": proof.span.start,
            "end": proof.span.end,
            "document": proof.document,
        },
        "references": [
            {
                "name": link.reference.name or None,
                "doc_number": link.reference.doc_number or None,
                **_done(link),
                "document": link.cited or None,
            }
            for link in generation.links_from(document_id)
        ],
        "cited_by": [
            {"document": link.citing, **_done(link)} for link in generation.links_to(document_id)
        ],
        "versions": [_source(source) for source in found.versions],
    }


def _done(link: Link) -> Row:
    reference = link.reference
    return {
        "action": reference.action,
        "start": reference.span.start,
        "end": reference.span.end,
    }


def _field(field: Field | None) -> Row | None:
    if field is None:
        return None
    return {"value": field.value, "start": field.span.start, "end": field.span.end}


def _place(place: Locality) -> Row:
    return {
        "value": place.value,
        "start": place.span.start,
        "end": place.span.end,
        "parents": list(place.parents),
    }


def _outline(document: Document, parent: int) -> list[Row]:
    """Return the sections below one, each with those below it."""
    return [
        {
            "number": section.number,
            "heading": section.heading,
            "level": section.level,
            "start": section.span.start,
            "end": section.span.end,
            "children": _outline(document, position),
        }
        for position, section in enumerate(document.sections)
        if section.parent == parent
    ]


def _show_exact(result: ExactResult) -> None:
    print(f"命中 {result.documents} 份文件，{result.matches} 处。\n")
    for hit in result.hits:
        source = hit.source
        facts = " ".join(fact for fact in (source.doc_number, source.issued_on) if fact)
        print(f"{hit.rank}. 《{source.title}》{facts}")
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
    for citation in answer.citations:
        source = citation.source
        number = f"（{source.doc_number}）" if source.doc_number else ""
        place = " > ".join(citation.headings)
        print(f"\n[{citation.number}] 《{source.title}》{number} {source.issued_on} {place}")
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
            print(f"- 《{hit.source.title}》 {' > '.join(hit.passage.headings)}")


def _print(row: Row) -> None:
    print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it, as it ends other tools
    sys.exit(main())
