"""Every question of a set with what was answered, as a table for docs/evaluation.md.

    python -m benchmarks.transcript --sets notices                  print the tables of some sets
    python -m benchmarks.transcript --into docs/evaluation.md       put them in place there
    python -m benchmarks.transcript --at notices=INDEX              use an index that is there

A table's place is between `<!-- table NAME -->` and `<!-- end NAME -->`. The last column is written
by hand, a plain word on each failure; it stays when the table is made again, as long as the
question fails, and the command says which failures have no word yet and which were answered
otherwise when theirs was written.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.answers import Judged, clause_of, judge_answer
from benchmarks.filling import fill_place, read_place
from benchmarks.kept import prepare
from benchmarks.quality import add_keep, find_sources
from benchmarks.sets import Question, Source, read_questions
from indexer.errors import SuyuanError
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine

_SETS = "notices,own,provinces"
_HEAD = "| id | type | question | answer | evidence | quotes | first quote begins | remark |"
_WORDS = 24  # characters of a quote, fewer than what may be copied from beside the project
_REMARK = 7  # the column
_RULE = "|---" * (_REMARK + 1) + "|"
_BAR = re.compile(r"(?<!\\)\|")  # between cells


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the questions of the sets and print or put in place a table of each."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="逐题列出问答结果")
    parser.add_argument("--sets", default=_SETS, help="问题集的名字，用逗号隔开")
    parser.add_argument("--into", type=Path, help="把表格写进这个 Markdown 文件")
    parser.add_argument("--at", action="append", default=[], metavar="问题集=索引")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    at = dict(each.split("=", 1) for each in given.at)
    try:
        for source in find_sources(given.sets):
            before = read_rows(read_place(given.into, source.name) if given.into else "")
            questions, where = _open(source, at.get(source.name), given.keep, settings)
            engine = Engine.open(where)
            judged = [judge_answer(engine, question) for question in questions]
            table = write_table(judged, before)
            for word in find_unsaid(table, before):
                print(f"{source.name} {word}", file=sys.stderr)
            if given.into:
                fill_place(given.into, source.name, table)
            else:
                print(f"\n{source.name}\n\n{table}")
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def write_table(judged: Sequence[Judged], before: Mapping[str, Sequence[str]]) -> str:
    """Return the table of some answers; a failure keeps the remark that its row had before."""
    rows = [_HEAD, _RULE]
    for each in judged:
        old = before.get(each.question.id, ())
        remark = old[_REMARK] if old and not each.is_right else ""
        rows.append(f"| {' | '.join([*_cells(each), remark])} |")
    return "\n".join(rows)


def read_rows(table: str) -> dict[str, list[str]]:
    """Return the cells of a table that was written before, by the id of the question."""
    lines = [line for line in table.split("\n") if line not in (_HEAD, _RULE)]
    rows = [[cell.strip() for cell in _BAR.split(line)[1:-1]] for line in lines]
    return {cells[0]: cells for cells in rows if len(cells) == _REMARK + 1}


def find_unsaid(table: str, before: Mapping[str, Sequence[str]]) -> list[str]:
    """Return, in Chinese, which failures lack a remark, and which remarks are of other answers."""
    said = []
    for name, cells in read_rows(table).items():
        if cells[3].endswith("✗") and not cells[_REMARK]:
            said.append(f"{name}：答错了，还没有说明。")
        elif cells[_REMARK] and cells[:_REMARK] != before[name][:_REMARK]:
            said.append(f"{name}：答案变了，请核对说明“{cells[_REMARK]}”。")
    return said


def _cells(judged: Judged) -> list[str]:
    question, answer = judged.question, judged.answer
    outcome = "refused" if answer.refused else "answered"
    first = "".join(clause_of(each) for each in answer.citations[:1])
    return [
        question.id,
        question.type,
        question.text.replace("|", r"\|"),
        outcome if judged.is_right else f"{outcome} ✗",
        f"{sum(judged.held)}/{len(judged.held)}" if judged.held else "",
        f"{sum(judged.right)}/{len(judged.right)}" if judged.right else "",
        " ".join(first.split())[:_WORDS].replace("|", r"\|"),
    ]


def _open(
    source: Source, index: str | None, keep: Path, settings: Settings
) -> tuple[Sequence[Question], Settings]:
    """Return the questions of a set and the settings of its index."""
    if index:
        return read_questions(source), replace(settings, index=Path(index))
    asked, at = prepare(source, keep, settings)
    return asked.questions, at


if __name__ == "__main__":
    sys.exit(main())
