"""Commands of the write side: build, check, status, verify, rollback, watch."""

import signal

if __name__ == "__main__":  # the imports below take seconds, and Ctrl-C in them has nothing to tidy
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from threading import Event

from indexer.build import build, check
from indexer.errors import BuildStopped, IndexUnusable, SuyuanError
from indexer.findings import Finding, findings_of
from indexer.folder import Settled
from indexer.generations import (
    building,
    disk_size,
    generation_folder,
    list_generations,
    live_folder,
    open_live,
    previous_generation,
    switch_to,
)
from indexer.manifest import read_manifest
from indexer.progress_line import ProgressLine
from indexer.records import Problem, Report
from indexer.settings import Settings, read_settings
from indexer.store import Generation
from indexer.watching import Watch, keep_up

_PARTLY = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        settings = read_settings()
        settings = replace(
            settings,
            corpus=given.corpus or settings.corpus,
            index=given.index or settings.index,
        )
        return int(given.run(settings, given))
    except SuyuanError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"\n{BuildStopped()}", file=sys.stderr)
        return BuildStopped.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indexer", description="溯源：建立和维护索引")
    commands = parser.add_subparsers(required=True, metavar="命令")
    for name, run, help_text in (
        ("build", _build, "建立或更新索引"),
        ("check", _check, "只查看将有哪些变化，不改动索引"),
        ("status", _status, "显示当前索引的情况"),
        ("verify", _verify, "检查当前索引是否完好"),
        ("rollback", _rollback, "退回到上一个索引"),
        ("watch", _watch, "持续关注语料文件夹，有变化就更新索引"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--corpus", type=Path, metavar="文件夹", help="语料文件夹")
        command.add_argument("--index", type=Path, metavar="文件夹", help="索引文件夹")
        command.add_argument("--json", action="store_true", help="以 JSON 输出报告")
        command.set_defaults(run=run)
    return parser


def _build(settings: Settings, given: argparse.Namespace) -> int:
    with ProgressLine() as show:
        report = build(settings, show)
    _show(report, given.json, "已")
    return _PARTLY if report.problems else 0


def _check(settings: Settings, given: argparse.Namespace) -> int:
    report = check(settings)
    _show(report, given.json, "将")
    return _PARTLY if report.problems else 0


def _status(settings: Settings, given: argparse.Namespace) -> int:
    manifest = read_manifest(live_folder(settings.index))
    previous = [
        each for each in list_generations(settings.index) if each.generation != manifest.generation
    ]
    size, cached = map(disk_size, (settings.index, settings.index / "embeddings.sqlite"))
    facts = asdict(manifest)
    if given.json:
        facts |= {"bytes": size, "previous": [asdict(each) for each in previous]}
        print(json.dumps(facts, ensure_ascii=False))
        return 0
    print(f"索引 {manifest.generation}，建于 {_local_time(manifest.created)}")
    counts = manifest.documents, manifest.passages, manifest.sentences
    print("文件 {} 份，段落 {} 段，句子 {} 句".format(*counts))
    print(f"模型 {manifest.model}（{manifest.dimension} 维，指纹 {manifest.fingerprint[:12]}）")
    if "recall" in facts:
        how = "逐条比对" if facts["recall"] == 1 else f"近似查找，召回率 {facts['recall']:.1%}"
        print(f"向量：{how}")
    print(f"占用磁盘 {size / 1e6:.0f} MB，其中可重算的向量缓存 {cached / 1e6:.0f} MB")
    for each in previous:
        made = f"建于 {_local_time(each.created)}，文件 {each.documents} 份"
        print(f"可退回：索引 {each.generation}，{made}")
    return 0


def _local_time(created: str) -> str:
    return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _verify(settings: Settings, given: argparse.Namespace) -> int:
    manifest = read_manifest(live_folder(settings.index))
    damage = _damage(settings)
    if given.json:
        print(json.dumps([asdict(each) for each in damage], ensure_ascii=False))
    elif damage:
        print(f"索引有 {len(damage)} 处损坏：")
        for each in damage:
            print(f"  {each.file}：{each.fact}{each.cure}")
    else:
        print(f"索引完好：{manifest.documents} 份文件，{manifest.passages} 段，全部校验通过。")
    return IndexUnusable.exit_code if damage else 0


def _damage(settings: Settings) -> list[Problem]:
    """Return all that is wrong with the live index."""
    try:
        return open_live(settings.index).find_faults()
    except IndexUnusable as error:
        return [Problem("索引", error.fact, error.cure)]


def _rollback(settings: Settings, given: argparse.Namespace) -> int:
    with building(settings.index):
        name = previous_generation(settings.index)
        if name is None:
            raise SuyuanError("没有更早的索引可以退回。", "当前索引没有改动。")
        Generation(generation_folder(settings.index, name))  # which checks that it can be used
        switch_to(settings.index, name)
    print(f"已退回到索引 {name}。语料没有改动，下次更新索引会再按语料更新。")
    return 0


def _watch(settings: Settings, given: argparse.Namespace) -> int:
    told: set[Finding] = set()
    last = ""

    def update(settled: Settled) -> bool:
        nonlocal last
        try:
            with ProgressLine() as show:
                report = build(settings, show, settled)
        except SuyuanError as error:
            if str(error) != last:  # said once, not at each attempt
                print(f"错误：{error}", file=sys.stderr)
            last = str(error)
            return False
        last = ""
        if not report.changes_nothing:
            _show(report, given.json, "已", told)
        told.clear()
        told.update(findings_of(report))
        return True

    print(f"正在关注 {settings.corpus}，按 Ctrl-C 停止。", file=sys.stderr)
    try:
        keep_up(Watch(settings.corpus), update, Event())
    except KeyboardInterrupt:
        print("\n已停止关注。索引照常可用，已算好的部分下次不会重算。", file=sys.stderr)
    return 0


def _show(report: Report, as_json: bool, tense: str, told: Collection[Finding] = ()) -> None:
    """Print a report, without the findings that a person was told before."""
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
        return
    for name, files in (("新增", report.added), ("更新", report.changed), ("移除", report.removed)):
        if files:
            print(f"{tense}{name} {len(files)} 份：")
            for file in files:
                print(f"  {file}")
    print(f"没有变化的 {len(report.unchanged)} 份。")
    if report.excluded:
        kept_out = "，".join(f"{reason} {count} 字" for reason, count in report.excluded)
        print(f"不进入检索的内容：{kept_out}。")
    untold = [finding for finding in findings_of(report) if finding not in told]
    for sort, findings in groupby(untold, lambda finding: finding.sort):
        listed = list(findings)
        print(f"{sort} {len(listed)} 项：")
        for finding in listed:
            print(f"  {finding.file}：{finding.fact}{finding.cure}")
    if tense == "已":
        print(
            f"索引 {report.generation}：{report.passages} 段，新算 {report.embedded} 段，"
            f"用时 {report.seconds:.1f} 秒。"
        )


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it, as it ends other tools
    for leave in (signal.SIGINT, signal.SIGTERM):
        signal.signal(leave, signal.default_int_handler)
    sys.exit(main())
