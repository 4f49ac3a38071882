"""Journeys with the real model: from files to hits and cited answers."""

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from opencc import OpenCC

from indexer.build import build
from indexer.errors import DocumentMissing, IndexUnusable
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.engine import Engine
from retrieval.results import Answer, Filters
from tests.pdf_files import Paper, picture, scan

pytestmark = pytest.mark.model
SHARED = PROJECT.parent / "shared" / "corpus"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project's own corpus, indexed with the default model."""
    folder = tmp_path_factory.mktemp("own")
    own = replace(read_settings({}), index=folder / "index", cache=read_settings().cache)
    assert build(own).problems == ()
    return own


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return Engine.open(settings)


@pytest.fixture(scope="module")
def notices(indexed: Settings) -> Engine:
    """The five real notices, where they are at hand."""
    if not SHARED.is_dir():
        pytest.skip("the five real notices are not beside the project")
    return Engine.open(indexed)


def _quotes(answer: Answer) -> dict[str, list[str]]:
    return {
        group.name: [statement.text for statement in group.statements]
        for group in answer.localities
    }


def _check_citations(engine: Engine, answer: Answer) -> None:
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        text = engine.document(citation.source.document).text
        assert text[citation.span.start : citation.span.end] == citation.quote
    cited = [number for statement in answer.statements for number in statement.citations]
    assert [*dict.fromkeys(cited)] == [citation.number for citation in answer.citations]


def test_a_question_across_places_is_answered_by_locality(engine: Engine) -> None:
    answer = engine.ask("各地对大班额的要求是什么")
    quotes = _quotes(answer)
    assert {"玉溪市", "昭通市", "青岚市", "鹤汀县"} <= set(quotes)
    assert any("55人" in quote for quote in quotes["玉溪市"])
    assert any("大班額" in quote for quote in quotes["昭通市"])
    assert answer.coverage is not None
    assert "银川市" in answer.coverage.without
    _check_citations(engine, answer)


def test_the_five_notices_answer_the_main_question(notices: Engine) -> None:
    answer = notices.ask("各地对大班额的要求是什么")
    quotes = _quotes(answer)
    assert set(quotes) == {"玉溪市", "昭通市"}
    for words in ("56人及以上大班额", "班额不得超过55人", "学前教育“大班额”"):
        assert any(words in quote for quote in quotes["玉溪市"]), words
    assert any("化解大班額" in quote for quote in quotes["昭通市"])
    assert answer.coverage is not None
    assert (answer.coverage.localities, answer.coverage.with_answer) == (5, 2)
    assert set(answer.coverage.without) == {"合作市", "银川市", "施甸县"}
    _check_citations(notices, answer)


def test_a_question_on_one_place_is_answered_from_its_documents_only(engine: Engine) -> None:
    answer = engine.ask("白鹭市高龄津贴的发放标准")
    assert {citation.source.locality for citation in answer.citations} == {"白鹭市"}
    assert answer.localities == ()
    assert len(answer.statements) <= 3
    _check_citations(engine, answer)


def test_localities_are_answered_for_in_administrative_order(engine: Engine) -> None:
    answer = engine.ask("各地对大班额的要求是什么")
    names = [group.name for group in answer.localities]
    known = engine._catalogue.localities
    assert len(names) > 3
    assert names == [place for place in known if place in names]
    assert answer.coverage is not None
    assert list(answer.coverage.without) == [
        place for place in known if place in answer.coverage.without
    ]


def test_an_item_of_a_list_is_quoted_with_its_lead_in(engine: Engine) -> None:
    answer = engine.ask("白鹭市90周岁老人高龄津贴每月多少元")
    (lines,) = [s.text.splitlines() for s in answer.statements if "150元" in s.text]
    assert lines[0] == "第四条 高龄津贴的最低标准为："
    assert "（二）90周岁至99周岁，每人每月150元；" in lines
    item = next(c for c in answer.citations if "150元" in c.quote)
    assert "150元" in [item.words_of(value) for value in item.values]
    _check_citations(engine, answer)


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("望溪县2024年城镇新增就业目标是多少", "城镇新增就业4200人", "4085人"),
        ("望溪县2023年城镇新增就业完成多少人", "城镇新增就业4085人", "4200人"),
        ("望溪县2024年粮食总产量目标", "粮食总产量稳定在21.6万吨以上", "21.3万吨"),
        ("望溪县2023年粮食总产量是多少", "粮食总产量21.3万吨", "21.6万吨"),
    ],
)
def test_a_year_is_not_answered_with_the_figure_of_another(
    engine: Engine, question: str, said: str, unsaid: str
) -> None:
    answer = engine.ask(question)
    assert said in answer.statements[0].text
    assert unsaid not in answer.text
    _check_citations(engine, answer)


def test_the_clause_that_answers_and_its_figure_are_marked_in_a_long_sentence(
    engine: Engine,
) -> None:
    citation = engine.ask("望溪县2024年粮食总产量目标是多少").citations[0]
    assert citation.focus is not None
    assert "粮食总产量稳定在21.6万吨以上" in citation.words_of(citation.focus)
    assert [citation.words_of(value) for value in citation.values] == ["21.6万吨以上"]


def test_each_part_of_a_question_is_answered_and_what_is_not_there_is_named(
    engine: Engine,
) -> None:
    answer = engine.ask("白鹭市高龄津贴逾期申领最多补发多久，火箭发射由谁审批")
    assert answer.missing == ("火箭发射由谁审批",)
    assert not answer.refused
    assert "因本人原因逾期申领的，最多补发12个月。" in answer.text
    _check_citations(engine, answer)


def test_parts_that_are_all_answered_leave_nothing_missing(engine: Engine) -> None:
    answer = engine.ask("白鹭市高龄津贴由哪个部门审核发放，逾期申领最多补发多久")
    assert answer.missing == ()
    assert "民政部门负责资格审核和发放" in answer.text
    assert "最多补发12个月" in answer.text
    _check_citations(engine, answer)


def test_a_question_of_which_no_part_is_answered_is_refused_whole(engine: Engine) -> None:
    answer = engine.ask("火箭发射由谁审批，葡萄酒关税税率是多少")
    assert answer.refused
    assert (answer.missing, answer.statements) == ((), ())


def test_a_place_that_the_corpus_lacks_is_named_in_the_refusal(engine: Engine) -> None:
    answer = engine.ask("杭州市普惠托育机构全日托收费标准")
    assert answer.refused
    assert "没有杭州市的文件" in answer.reason
    assert answer.statements == ()
    assert len(answer.nearest) == 3


def test_a_subject_that_the_corpus_lacks_is_refused(engine: Engine) -> None:
    answer = engine.ask("进口葡萄酒的关税税率是多少")
    assert answer.refused
    assert answer.reason.startswith("没有找到")


def test_a_doc_number_is_answered_with_the_title(engine: Engine) -> None:
    answer = engine.ask("砚湖政办发〔2021〕12号是什么文件")
    assert [citation.source.document for citation in answer.citations] == [
        "invented/砚湖县/砚湖政办发[2021]12号.txt"
    ]
    assert "高龄津贴" in answer.citations[0].quote
    _check_citations(engine, answer)


def test_a_field_of_a_named_document_is_answered_whatever_stands_before_its_number(
    engine: Engine,
) -> None:
    answer = engine.ask("文号为砚湖政办发[2021]12号的文件由谁印发的")
    (citation,) = answer.citations
    assert citation.quote.startswith("砚湖县人民政府办公室关于")


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("白鹭政规〔2023〕5号什么时候施行", "第十五条 本办法自2023年7月1日起施行，有效期5年。"),
        ("砚湖政办发〔2021〕12号主送哪些单位", "各乡镇人民政府，县直有关单位："),
        ("青岚市大班额化解工作方案的主送机关是谁", "各县（区）教育局，市直各义务教育学校："),
    ],
)
def test_what_a_notice_says_of_itself_can_be_asked(
    engine: Engine, question: str, quote: str
) -> None:
    assert [citation.quote for citation in engine.ask(question).citations] == [quote]


def test_a_date_of_publication_finds_its_document(engine: Engine) -> None:
    answer = engine.ask("哪份文件的发布日期是2020年11月30日")
    assert {citation.source.locality for citation in answer.citations} == {"施甸县"}
    assert any("2020" in citation.quote for citation in answer.citations)


def test_the_traditional_twin_returns_the_same_hits(engine: Engine) -> None:
    twin = OpenCC("s2t")
    for question in ("各地对大班额的要求是什么", "学前教育毛入园率目标", "营商环境计划怎么推进"):
        assert engine.search(twin.convert(question)) == engine.search(question)


def test_the_same_question_gets_the_same_answer(engine: Engine, settings: Settings) -> None:
    question = "普惠性托育全日托每月收费上限"
    first, second = engine.ask(question), Engine.open(settings).ask(question)
    assert replace(first, milliseconds=0.0) == replace(second, milliseconds=0.0)


def test_filters_narrow_the_search(engine: Engine) -> None:
    hits = engine.search("高龄津贴标准", filters=Filters(localities=("砚湖县",)))
    assert {hit.source.locality for hit in hits} == {"砚湖县"}
    hits = engine.search("高龄津贴标准", filters=Filters(first_year=2023, last_year=2023))
    assert {hit.source.issued_on[:4] for hit in hits} == {"2023"}
    hits = engine.search("高龄津贴标准", filters=Filters(kinds=("公告",)))
    assert {hit.source.kind for hit in hits} == {"公告"}


def test_filters_hold_for_questions_about_a_document_too(engine: Engine) -> None:
    question = "砚湖政办发〔2021〕12号是什么文件"
    assert not engine.ask(question, Filters(localities=("砚湖县",))).refused
    assert engine.ask(question, Filters(localities=("玉溪市",))).refused


def test_filters_that_nothing_passes_give_a_refusal(engine: Engine) -> None:
    answer = engine.ask("高龄津贴标准", Filters(first_year=1990, last_year=1991))
    assert answer.refused
    assert "没有文件符合所选的条件" in answer.reason


def test_hits_are_ranked_from_one_and_say_where_they_stand(engine: Engine) -> None:
    hits = engine.search("大班额化解任务", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        passage = hit.passage
        text = engine.document(passage.document).text
        assert text[passage.span.start : passage.span.end] == passage.text


def test_nothing_around_the_article_is_searchable(engine: Engine) -> None:
    hits = engine.search("相关阅读 打印 备案号 责任编辑", k=50)
    texts = "\n".join(hit.passage.text for hit in hits)
    for debris in ("相关阅读", "ICP备", "责任编辑", "打印本页"):
        assert debris not in texts


def test_facets_and_examples_come_from_the_corpus(engine: Engine) -> None:
    facets = engine.facets()
    assert {"玉溪市", "青岚市"} <= {facet.value for facet in facets.localities}
    assert [facet.value for facet in facets.years] == sorted(
        (facet.value for facet in facets.years), reverse=True
    )
    examples = engine.examples()
    assert 2 <= len(examples) <= 4
    for example in examples:
        assert not engine.ask(example).refused, example


def test_a_document_that_is_not_there_is_an_error(engine: Engine) -> None:
    with pytest.raises(DocumentMissing):
        engine.document("nowhere.txt")


def test_a_new_generation_makes_the_engine_stale(engine: Engine, settings: Settings) -> None:
    assert not engine.is_stale()
    pointer = settings.index / "CURRENT"
    live = pointer.read_text(encoding="ascii")
    pointer.write_text("another\n", encoding="ascii")
    try:
        assert engine.is_stale()
    finally:
        pointer.write_text(live, encoding="ascii")


def test_an_index_of_another_model_is_refused_with_the_cure(settings: Settings) -> None:
    with pytest.raises(IndexUnusable) as error:
        Engine.open(replace(settings, model="hashing"))
    assert "multilingual-e5-small" in error.value.fact
    assert "python -m indexer build" in error.value.cure


def test_a_removed_notice_is_nowhere_to_be_found(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    kept, gone = corpus / "kept.txt", corpus / "gone.txt"
    kept.write_text("关于普惠托育收费的通知\n全日托每月不超过1500元。\n", encoding="utf-8")
    gone.write_text("关于养犬管理的通告\n养犬须办证。\n", encoding="utf-8")
    small = replace(read_settings(), corpus=corpus, index=tmp_path / "index")
    build(small)
    assert Engine.open(small).search("养犬办证")[0].passage.document == "gone.txt"
    gone.unlink()
    build(small)
    engine = Engine.open(small)
    assert {hit.passage.document for hit in engine.search("养犬办证")} == {"kept.txt"}
    assert [source.document for source in engine.sources()] == ["kept.txt"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A folder as offices have it: a Word file with a table, a PDF, a scan, a zip."""
    place = tmp_path_factory.mktemp("folder")
    corpus = place / "corpus"
    corpus.mkdir()
    _word_with_table(corpus / "学位.docx")
    paper = Paper()
    for words in (
        "松陵县民政局关于发放高龄津贴的通知",
        "一、发放标准",
        "八十周岁以上老年人每人每月发放一百元。",
    ):
        paper.paragraph(words)
    paper.turn()
    paper.paragraph("二、申请办理")
    paper.paragraph("申请人持身份证到户籍所在地乡镇便民服务中心登记，当月办结。")
    (corpus / "津贴.pdf").write_bytes(paper.content())
    scanned = picture(
        "石门区水务局关于河道清淤的通告\n清淤施工每日十八时至次日六时停止作业，违者暂扣设备。",
        dpi=150,
    )
    with zipfile.ZipFile(corpus / "扫描.zip", "w") as archive:
        archive.writestr("2023/清淤.pdf", scan(scanned))
    mixed = replace(read_settings(), corpus=corpus, index=place / "index")
    report = build(mixed)
    assert (len(report.added), report.problems) == (3, ())
    return Engine.open(mixed)


def _word_with_table(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("柳溪市教育局关于公布学位安排的通知")
    document.add_paragraph("现将2024年秋季学位安排公布如下。")
    rows = [
        ["学校", "一年级学位", "七年级学位"],
        ["滨河学校", "240", "300"],
        ["云岭学校", "180", "225"],
    ]
    table = document.add_table(rows=0, cols=3)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(path))


def test_a_citation_says_its_place_as_officials_do(engine: Engine) -> None:
    citation = engine.ask("白鹭市高龄津贴逾期申领最多补发多久").citations[0]
    assert citation.quote == "因本人原因逾期申领的，最多补发12个月。"
    assert citation.place == "《白鹭市高龄津贴发放管理办法》第九条"
    assert citation.forms.official == (
        "《白鹭市人民政府关于印发白鹭市高龄津贴发放管理办法（2023年修订）的通知》"
        "（白鹭政规〔2023〕5号）所附《白鹭市高龄津贴发放管理办法》第九条"
    )


def test_a_cell_is_found_and_its_citation_names_the_row(folder: Engine) -> None:
    citation = folder.ask("云岭学校七年级学位有多少个").citations[0]
    assert citation.quote == "云岭学校 | 180 | 225"
    assert citation.cells == (("学校", "云岭学校"), ("一年级学位", "180"), ("七年级学位", "225"))


def test_a_quote_from_a_pdf_names_its_page(folder: Engine) -> None:
    citation = folder.ask("高龄津贴到哪里登记申请").citations[0]
    assert citation.quote == "申请人持身份证到户籍所在地乡镇便民服务中心登记，当月办结。"
    assert (citation.source.document, citation.pages) == ("津贴.pdf", (2,))
    assert citation.confidence is None


def test_a_quote_from_a_scan_in_an_archive_says_how_sure_it_is(folder: Engine) -> None:
    citation = folder.ask("河道清淤施工什么时间停止作业").citations[0]
    assert citation.source.document == "扫描.zip/2023/清淤.pdf"
    assert citation.quote == "清淤施工每日十八时至次日六时停止作业，违者暂扣设备。"
    assert citation.pages == (1,)
    assert citation.confidence is not None
    assert 0.9 < citation.confidence <= 1
