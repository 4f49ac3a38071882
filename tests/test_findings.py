"""What is to be known of files is one table, the gravest first."""

from indexer.findings import Finding, findings_of
from indexer.records import Problem, Report


def test_every_sort_of_finding_is_listed_with_reason_and_cure() -> None:
    report = Report(
        generation="x",
        problems=(Problem("a.pdf", "有密码。", "请去掉密码。"),),
        skipped=(Problem("l.txt", "链接。", "请复制。"),),
        cautions=(Problem("b.pdf", "识别把握低。", "请核对。"),),
        duplicates=(("c.txt", "d.txt"),),
    )
    assert findings_of(report) == (
        Finding("未能收录", "a.pdf", "有密码。", "请去掉密码。"),
        Finding("请核对", "b.pdf", "识别把握低。", "请核对。"),
        Finding("内容重复", "c.txt", "与 d.txt 内容相同。", "已收录那一份，无需处理。"),
        Finding("未处理", "l.txt", "链接。", "请复制。"),
    )
    assert findings_of(Report("x")) == ()
