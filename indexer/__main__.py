"""Commands of the write side: build, check, status, verify, rollback, watch."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

from indexer.build import build, check, verify
from indexer.errors import SuyuanError
from indexer.findings import findings_of
from indexer.generations import (
    generation_folder,
    live_folder,
    previous_generation,
    switch_to,
)
from indexer.records import Progress, Report
from indexer.settings import Settings, read_settings
from indexer.store import Generation, read_manifest

_PARTLY = 3
_BAR = 30
_POLL = 2.0  # seconds between two looks of `watch`


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
        print("\n已停止。原有索引照常可用，已算好的部分下次不会重算。", file=sys.stderr)
        return 130


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
    report = build(settings, _Bar())
    _show(report, given.json, "已")
    return _PARTLY if report.problems else 0


def _check(settings: Settings, given: argparse.Namespace) -> int:
    report = check(settings)
    _show(report, given.json, "将")
    return _PARTLY if report.problems else 0


def _status(settings: Settings, given: argparse.Namespace) -> int:
    manifest = read_manifest(live_folder(settings.index))
    if given.json:
        print(json.dumps(asdict(manifest), ensure_ascii=False))
        return 0
    print(f"索引 {manifest.generation}，建于 {manifest.created}")
    print(f"模型 {manifest.model}（{manifest.dimension} 维，指纹 {manifest.fingerprint[:12]}）")
    counts = manifest.documents, manifest.passages, manifest.sentences
    print("文件 {} 份，段落 {} 段，句子 {} 句".format(*counts))
    return 0


def _verify(settings: Settings, given: argparse.Namespace) -> int:
    manifest = verify(settings)
    print(f"索引完好：{manifest.documents} 份文件，{manifest.passages} 段，全部校验通过。")
    return 0


def _rollback(settings: Settings, given: argparse.Namespace) -> int:
    name = previous_generation(settings.index)
    if name is None:
        raise SuyuanError("没有更早的索引可以退回。", "当前索引没有改动。")
    Generation(generation_folder(settings.index, name)).close()
    switch_to(settings.index, name)
    print(f"已退回到索引 {name}。")
    return 0


def _watch(settings: Settings, given: argparse.Namespace) -> int:
    """Build whenever the folder has changed and then kept still for one look."""
    print(f"正在关注 {settings.corpus}，按 Ctrl-C 停止。", file=sys.stderr)
    built = seen = None
    while True:
        now = _stamps(settings.corpus)
        if now == seen and now != built:
            try:
                report = build(settings, lambda _: None)
                if not report.changes_nothing:
                    _show(report, given.json, "已")
            except SuyuanError as error:
                print(f"错误：{error}", file=sys.stderr)
            built = now
        seen = now
        time.sleep(_POLL)


def _stamps(folder: Path) -> frozenset[tuple[str, int, int]]:
    found = set()
    for path in folder.rglob("*"):
        try:
            stat = path.lstat()
        except OSError:
            continue  # moved since, or locked: a build says so, the next look may see it
        found.add((path.as_posix(), stat.st_size, stat.st_mtime_ns))
    return frozenset(found)


def _show(report: Report, as_json: bool, tense: str) -> None:
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
    for sort, findings in groupby(findings_of(report), lambda finding: finding.sort):
        listed = list(findings)
        print(f"{sort} {len(listed)} 项：")
        for finding in listed:
            print(f"  {finding.file}：{finding.fact}{finding.cure}")
    if tense == "已":
        print(
            f"索引 {report.generation}：{report.passages} 段，新算 {report.embedded} 段，"
            f"用时 {report.seconds:.1f} 秒。"
        )


class _Bar:
    """A progress bar on stderr, drawn only where a person looks at it."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._drawn = 0.0
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            self._stage, self._started = progress.stage, time.monotonic()
        now = time.monotonic()
        done = progress.done >= progress.total
        if not sys.stderr.isatty() or (now - self._drawn < 0.1 and not done):
            return
        self._drawn = now
        share = progress.done / progress.total if progress.total else 1.0
        bar = "█" * int(share * _BAR) + "░" * (_BAR - int(share * _BAR))
        rate = progress.done / max(now - self._started, 1e-3)
        left = (progress.total - progress.done) / rate if rate else 0.0
        tail = f"，剩余约 {left:.0f} 秒" if 0 < progress.done < progress.total else ""
        end = "\n" if done else ""
        now_at = f"，{progress.detail}" if progress.detail else ""
        line = f"\r{progress.stage} {bar} {progress.done}/{progress.total}{tail}{now_at}\033[K"
        print(line, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it, as it ends other tools
    sys.exit(main())
