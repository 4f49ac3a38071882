"""An invented corpus with every sort of file in it, and all that a person sees of its index."""

import io
import zipfile
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.build import verify
from indexer.errors import IndexUnusable, QuestionError
from indexer.generations import live_generation
from indexer.readers import read_source
from indexer.readers.confinement import Children
from indexer.records import Document, Report
from indexer.settings import Settings
from retrieval.engine import Engine
from retrieval.results import Answer, ExactResult, Facets, Filters, Hit, Relations, Source

PLACES = (
    ("云南省玉溪市", "玉溪市", "玉教发"),
    ("云南省保山市", "保山市", "保教发"),
    ("云南省施甸县", "施甸县", "施教发"),
    ("四川省泸州市", "泸州市", "泸教发"),
    ("甘肃省天水市", "天水市", "天教发"),
)
SUBJECTS = {
    "大班额化解": "大班额比例控制在百分之{n}以内，{n}6人以上的班级要逐年消除",
    "校车安全": "每辆校车每月检查{n}次，驾驶人每年培训不少于{n}0学时",
    "课后服务": "课后服务每周开展{n}天，每课时收费不得超过{n}元",
    "营养改善": "每名学生每天补助{n}元，由市财政局按学期拨付",
    "学前教育": "公办幼儿园在园幼儿占比达到{n}5%，普惠性幼儿园覆盖率达到9{n}%",
}
QUESTIONS = (
    "各地大班额比例控制在百分之几",
    "校车每月检查几次",
    "施甸县课后服务每课时收费不得超过多少元",
    "营养改善补助由谁拨付",
    "玉教发〔2021〕11号是什么文件",
    "校舍安全管理办法什么时候施行",
    "2022年以来哪些通知提到普惠性幼儿园覆盖率",
    "航天员的选拔标准有哪些",
)
EXPRESSIONS = ("检查", '"市财政局" AND 学期', "文号:保教发", "普惠性幼儿園", "泸州 NOT 校车")

_NOTICE = """{place}教育局关于做好{subject}工作的通知
{mark}〔{year}〕{number}号

各县（区）教育局：
根据《{place}校舍安全管理办法》和上级要求，现就{subject}工作通知如下。
一、总体要求
{demand}。各学校要在{month}月底前报送方案。
二、保障措施
（一）组织保障。{place}教育局牵头，每季度通报{n}次。
（二）经费保障。所需经费由{place}财政局统筹安排。
三、监督检查
对{subject}工作落实不力的，要约谈学校负责人{n}人次以上。

{place}教育局
{year}年{month}月{n}日
"""
_RULES = """{place}人民政府关于印发《{place}校舍安全管理办法》的通知
{mark}〔{year}〕{number}号

各县（区）人民政府：
现将《{place}校舍安全管理办法》印发给你们，请遵照执行。{old}
{place}人民政府
{year}年1月{number}日

{place}校舍安全管理办法

第一章 总则
第一条 为了加强校舍安全管理，制定本办法。
第二条 校舍每年鉴定{number}次，鉴定为危房的应当立即停用。
第二章 附则
第三条 本办法自{year}年3月1日起施行，有效期五年。
"""
_TABLE = """# 泸州市教育局关于公布学位计划的公告

泸教发〔2022〕77号

| 县区 | 小学学位 | 初中学位 |
|---|---|---|
| 江阳区 | 1200 | 800 |
| 龙马潭区 | 950 | 610 |
| 纳溪区 | 700 | 430 |

以上学位计划于2022年9月前完成。

泸州市教育局
2022年4月8日
"""
_TRADITIONAL = """松陵縣教育局關於普惠性幼兒園的實施方案
松教發〔2021〕12號
一、工作目標
普惠性幼兒園覆蓋率達到百分之九十，公辦幼兒園在園幼兒占比達到百分之六十。
松陵縣教育局
2021年3月2日
"""
_PAGE = """<html><head><meta charset="utf-8"><title>天水市教育局</title></head><body>
<p>首页 > 政务公开</p><h1>天水市教育局关于校车安全检查结果的通报</h1><p>天教发〔2023〕66号</p>
<p>经检查，全市校车共三百一十二辆，合格率百分之九十八。</p><p>不合格的校车停运整改。</p>
<p>天水市教育局</p><p>2023年11月9日</p><p>【打印】【关闭】</p></body></html>"""


def invented_corpus() -> dict[str, bytes]:
    """Return the files of a corpus, by name: notices of several places on several subjects, two
    versions of one document, tables, a web page (with another ending, too), a file in Traditional
    characters, copies, an archive, and files that cannot be read or are no notices."""
    files: dict[str, str | bytes] = {}
    for at, (_, place, mark) in enumerate(PLACES):
        for subject_at, subject in enumerate(SUBJECTS):
            name = f"{place}/{2019 + subject_at}/{subject}.txt"
            files[name] = notice(place, mark, subject, at + 1, 2019 + subject_at)
    for number, year in enumerate((2018, 2023), start=1):
        files[f"办法/施甸县{year}.txt"] = _RULES.format(
            place="施甸县",
            mark="施政发",
            year=year,
            number=number,
            old="《施甸县校舍安全管理办法》（施政发〔2018〕1号）同时废止。\n" if number > 1 else "",
        )
    files["办法/玉溪市.txt"] = _RULES.format(
        place="玉溪市", mark="玉政发", year=2020, number=3, old=""
    )
    files["泸州市/学位.md"] = _TABLE
    files["松陵.txt"] = _TRADITIONAL
    files["天水市/通报.html"] = _PAGE
    files["天水市/旧通报.doc"] = _PAGE.replace("三百一十二", "二百九十").replace("66", "55")
    files["copies/又一份.txt"] = files["保山市/2020/校车安全.txt"]
    files["包.zip"] = zip_of(
        {
            "a/通知.txt": notice("曲靖市", "曲教发", "校车安全", 7, 2022),
            "b/copy.txt": files["玉溪市/2019/大班额化解.txt"],
        }
    )
    files["坏.txt"] = bytes(range(256))
    files["空.txt"] = b""
    files["表.xyz"] = "不支持的表"
    files["下载.txt.part"] = "没有下完"
    files["~$锁.docx"] = b"x"
    return {name: _bytes(content) for name, content in files.items()}


def notice(place: str, mark: str, subject: str, number: int, year: int) -> str:
    """Return a notice whose figures follow from its number (1 to 9)."""
    demand = SUBJECTS.get(subject, "各项任务都要在{n}月前完成").format(n=number)
    return _NOTICE.format(
        place=place,
        mark=mark,
        subject=subject,
        demand=demand,
        n=number,
        number=10 + number,
        year=year,
        month=number + 1,
    )


def zip_of(members: Mapping[str, str | bytes]) -> bytes:
    """Return an archive; the same members give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), _bytes(content))
    return file.getvalue()


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def write_corpus(corpus: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files and no others."""
    for path in sorted(corpus.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(corpus).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


@dataclass(frozen=True)
class Seen:
    """Everything that a person sees of an index, but for how long it took."""

    documents: tuple[Document, ...]
    sources: tuple[Source, ...]
    searches: dict[str, tuple[Hit, ...]]
    answers: dict[str, Answer]
    exact: dict[str, ExactResult]
    facets: Facets
    relations: dict[str, Relations]
    examples: tuple[str, ...]
    findings: tuple[object, ...]


def see(
    settings: Settings,
    questions: tuple[str, ...] = QUESTIONS,
    expressions: tuple[str, ...] = EXPRESSIONS,
) -> Seen | None:
    """Return what the live index shows; None where there is none."""
    try:
        engine = Engine.open(settings)
    except IndexUnusable as error:
        if "还没有索引" in error.fact:
            return None
        raise
    sources = engine.sources()
    names = [source.document for source in sources]
    return Seen(
        documents=tuple(map(engine.document, names)),
        sources=sources,
        searches=searches(engine, questions),
        answers={question: answer(engine, question) for question in questions},
        exact={
            expression: replace(engine.find(expression, limit=100), milliseconds=0.0)
            for expression in expressions
        },
        facets=engine.facets(Filters(first_year=2020)),
        relations={name: engine.relations(name) for name in names},
        examples=engine.examples(),
        findings=engine.findings(),
    )


_looked_at: dict[object, Seen | None] = {}


def look(
    settings: Settings,
    questions: tuple[str, ...] = QUESTIONS,
    expressions: tuple[str, ...] = EXPRESSIONS,
) -> Seen | None:
    """Verify the live index and return what it shows, worked out once for each generation: its id
    is made of the hashes of all that it consists of, and they have just been compared."""
    if live_generation(settings.index) is None:
        return None
    key = verify(settings).generation, questions, expressions
    if key not in _looked_at:
        _looked_at[key] = see(settings, questions, expressions)
    return _looked_at[key]


def searches(engine: Engine, questions: tuple[str, ...] = QUESTIONS) -> dict[str, tuple[Hit, ...]]:
    """Return the best passages for each question, by both legs and with their scores."""
    return {question: engine.search(question, 20) for question in questions}


def answer(engine: Engine, question: str) -> Answer:
    """Return an answer without the time that it took."""
    try:
        return replace(engine.ask(question), milliseconds=0.0)
    except QuestionError as error:
        return Answer(question, 0.0, True, str(error))


def outcome(report: Report) -> Report:
    """Return what a build and the check before it must say alike."""
    return replace(report, generation="", passages=0, embedded=0, excluded=(), seconds=0.0)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in the process that builds: starting children takes ten times as long as the
    rest of such a build, and what they do is the matter of test_confinement."""
    monkeypatch.setattr(Children, "start", read_here)


def read_here(self: Children, name: str, load, step) -> Future:
    """Do what `Children.start` does, without a child."""
    future: Future = Future()
    try:
        future.set_result(read_source(name, load(), step))
    except Exception as error:
        error.__cause__ = error.__context__ = None  # as of an error that comes from a child
        future.set_exception(error)
    return future
