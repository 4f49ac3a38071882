"""The place that issued a notice and the places that it names, from every kind of evidence."""

import pytest

from indexer.division import division
from indexer.records import Document, Locality
from tests.make import cut, make_document

TASKS = "一、加强领导。\n二、落实责任。\n三、按时报送。"


def issuing(document: Document) -> str:
    place = document.header.locality
    return "/".join((*place.parents, place.value)) if place else ""


def proof(document: Document) -> str:
    place = document.header.locality
    return cut(document.text, place.span) if place else ""


def mentioned(document: Document) -> list[str]:
    return ["/".join((*place.parents, place.value)) for place in document.header.mentions]


# Titles as they are really written, with the place that each proves alone.
TITLES = {
    "云南省": "云南省人民政府办公厅关于印发云南省教育领域改革方案的通知、中共云南省委 云南省人民政府关于加快发展的意见、关于印发《云南省高龄津贴管理办法》的通知、2025年云南省政府工作报告、二〇二五年云南省政府工作报告、云南省实施《中华人民共和国义务教育法》办法、国家税务总局云南省税务局关于公布办税指南的公告、云南省教育厅 云南省财政厅关于下达资金的通知",
    "云南省/玉溪市": "玉溪市教育体育局等九部门关于印发实施方案的通知、听政策丨玉溪市教育体育局:促进公平、《玉溪市学前教育管理办法》政策解读、2023年度玉溪市教育工作要点、玉溪市2023年国民经济和社会发展统计公报、中共玉溪市委办公室关于做好招生工作的通知",
    "云南省/玉溪市/江川区": "江川县人民政府关于做好招生工作的通知、玉溪市江川区人民政府关于做好招生工作的通知",
    "云南省/大理白族自治州": "大理州人民政府办公室关于做好招生工作的通知、云南省大理白族自治州洱海保护管理条例",
    "云南省/昆明市/昆明高新技术产业开发区": "昆明高新技术产业开发区管理委员会关于做好招生工作的通知",
    "北京市/朝阳区": "北京市朝阳区教育委员会关于做好招生工作的通知、北京市朝阳区2023年招生工作意见",
    "宁夏回族自治区": "2025年宁夏政府工作报告、宁夏回族自治区学校安全条例",
    "广东省/深圳市": "深圳经济特区学前教育条例",
    "国家": "国务院办公厅关于做好招生工作的通知、中华人民共和国义务教育法、教育部等六部门关于做好招生工作的意见、中共中央 国务院关于深化改革的意见、最高人民法院关于审理案件若干问题的解释、国家发展改革委关于做好招生工作的通知、卫生部关于做好防疫工作的通知",
    "青岚市": "青岚市教育局关于做好招生工作的通知、青岚市学前教育管理办法",
    "青岚市/临枫区": "青岚市临枫区教育局关于做好招生工作的通知",
    "": "做好全市招生工作的通知、关于进一步做好招生工作的通知、城市绿化管理办法、学区制管理办法、奋力谱写教育新篇章、关于做好国家级示范校建设的通知",
}


@pytest.mark.parametrize(
    ("chain", "title"), [(chain, title) for chain in TITLES for title in TITLES[chain].split("、")]
)
def test_a_title_alone_tells_the_place(chain: str, title: str) -> None:
    assert issuing(make_document(f"{title}\n{TASKS}")) == chain


@pytest.mark.parametrize(
    ("text", "chain", "words"),
    [
        # Organs before what the title is about, whoever is answered or asked.
        (
            f"关于同意昆明市设立学校的批复\n昆明市人民政府：\n{TASKS}\n云南省人民政府\n2023年5月6日",
            "云南省", "云南省",
        ),
        (f"发布机构 | 施甸县教育体育局 |\n关于做好招生工作的通知\n{TASKS}", "云南省/保山市/施甸县", "施甸县"),
        (
            f"关于转发省教育厅文件的通知\n{TASKS}\n玉溪市教育体育局 玉溪市财政局\n2023年5月6日",
            "云南省/玉溪市", "玉溪市",
        ),
        (f"雲南省玉溪市教育體育局關於做好招生工作的通知\n{TASKS}", "云南省/玉溪市", "玉溪市"),
        # Who passed a rule, not who approved it; a title that begins with a district of his.
        (
            "商丘古城保护条例\n2018年10月1日 商丘市第五届人民代表大会常务委员会第一次会议通过\n"
            "2018年11月29日 河南省第十三届人民代表大会常务委员会第七次会议批准\n第一条 为了保护，制定本条例。",
            "河南省/商丘市", "商丘市",
        ),
        (
            "上海市浦东新区推进改革规定\n2022年9月22日上海市第十五届人民代表大会常务委员会第四十四次会议通过\n"
            "第一条 为了改革，制定本规定。",
            "上海市", "上海市",
        ),
        (
            "济南市增设电梯规定\n2017年10月31日 莱芜市第十八届人民代表大会常务委员会第五次会议通过\n"
            "第一条 为了方便，制定本规定。",
            "山东省/济南市", "济南市",
        ),
        (
            "上海航运交易所管理规定\n1996年9月19日 经国务院批准\n1996年10月3日 中华人民共和国交通部令第8号发布\n"
            "第一条 为了管理，制定本规定。",
            "国家", "中华人民共和国",
        ),
        (
            f"政府工作报告\n——2025年1月14日在宁夏回族自治区第十三届人民代表大会第三次会议上\n{TASKS}",
            "宁夏回族自治区", "宁夏回族自治区",
        ),
        # A 文号 with what the text names.
        (f"云政发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}", "云南省", "云政发〔2023〕5号"),
        (f"云政发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}\n请昆明市、玉溪市抓好落实。", "云南省", "云政发〔2023〕5号"),
        (f"玉政办发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}\n请报玉溪市教育体育局。", "云南省/玉溪市", "玉溪市"),
        (f"青政发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}\n请报青岛市教育局。", "山东省/青岛市", "青岛市"),
        (f"玉政办发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}", "", ""),
        (f"国办发〔2023〕5号\n关于做好招生工作的通知\n{TASKS}\n请北京市抓好落实。", "国家", "国办发〔2023〕5号"),
        # What the text calls its own place.
        (f"关于做好我县招生工作的通知\n保山市施甸县全县学校要做好工作。\n{TASKS}", "云南省/保山市/施甸县", "施甸县"),
        (f"全市教育工作综述\n云南省玉溪市、昆明市、昆明市加强合作。今年我市招生平稳，玉溪市、玉溪市学位充足。\n{TASKS}", "云南省/玉溪市", "玉溪市"),
        (f"我市教育工作综述\n玉溪教育再上台阶，我市学位充足。\n{TASKS}", "云南省/玉溪市", "玉溪"),
        (f"我省教育工作综述\n云南教育再上台阶，我省学位充足。\n{TASKS}", "云南省", "云南"),
        (f"责任单位：玉溪市教育局\n做好招生工作\n{TASKS}", "云南省/玉溪市", "玉溪市"),
        # Rules of the nation that name nobody.
        ("网络管理办法\n第一条 在中华人民共和国境内使用网络，适用本办法。", "国家", "中华人民共和国境内"),
        ("树木保护条例\n第一条 国务院林业主管部门负责全国树木保护工作。", "国家", "国务院林业主管部门负责全国"),
        # A short name in a former one's place.
        (f"襄樊市人民政府关于做好招生工作的通知\n{TASKS}", "湖北省/襄阳市", "襄樊市"),
        (f"关于做好招生工作的通知\n全市学校适应城市建设。\n{TASKS}", "", ""),
    ],
)  # fmt: skip
def test_the_best_evidence_tells_the_place(text: str, chain: str, words: str) -> None:
    document = make_document(text)
    assert (issuing(document), proof(document)) == (chain, words)


def test_a_parent_in_the_text_tells_which_namesake_is_meant() -> None:
    title = "朝阳区教育委员会关于做好招生工作的通知"
    assert issuing(make_document(f"{title}\n{TASKS}")) == "朝阳区"
    assert (
        issuing(make_document(f"{title}\n按照北京市要求，做好工作。\n{TASKS}")) == "北京市/朝阳区"
    )
    assert (
        issuing(make_document(f"{title}\n按照长春市要求，做好工作。\n{TASKS}"))
        == "吉林省/长春市/朝阳区"
    )


@pytest.mark.parametrize(
    ("text", "chain", "words"),
    [
        (
            "教育部辦法\n網址：https://law.moj.gov.tw/LawClass\n第1條　本辦法依法訂定之。",
            "台湾省",
            "law.moj.gov.tw",
        ),
        ("學校辦法\n第1條　本辦法自中華民國一百年一月一日施行。", "台湾省", "中華民國"),
        ("教育部办法\n第一条 中华民国时期的档案，适用本办法。", "国家", "教育部"),
        ("云南省档案办法\n第一条 中华民国三十八年以前的档案，适用本办法。", "云南省", "云南省"),
    ],
)
def test_an_authority_of_taiwan_is_told_by_its_host_or_its_years(
    text: str, chain: str, words: str
) -> None:
    document = make_document(text)
    assert (issuing(document), proof(document)) == (chain, words)


def test_mentions_are_the_other_places_in_the_order_of_the_text() -> None:
    document = make_document(
        "玉溪市教育体育局关于做好招生工作的通知\n"
        "云南省玉溪市学习昭通市、施甸县和昭通市的经验，赴江川县、北京市朝阳区调研。\n" + TASKS
    )
    assert issuing(document) == "云南省/玉溪市"
    assert mentioned(document) == [
        "云南省/昭通市", "云南省/保山市/施甸县", "云南省/玉溪市/江川区", "北京市", "北京市/朝阳区",
    ]  # fmt: skip
    assert [cut(document.text, place.span) for place in document.header.mentions] == [
        "昭通市", "施甸县", "江川县", "北京市", "朝阳区",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "应当会同县人民政府",
        "适应城市建设",
        "加强主城区、老城区建设",
        "新建区域",
        "新建县教育云平台",
        "朝阳区",
        "和县里",
        "各县（市、区）",
    ],
)
def test_what_may_be_mere_words_is_no_mention(words: str) -> None:
    document = make_document(f"玉溪市教育体育局关于做好招生工作的通知\n{words}。\n{TASKS}")
    assert mentioned(document) == []


def test_a_county_whose_name_may_be_words_is_told_by_its_city() -> None:
    document = make_document(f"玉溪市教育体育局关于调研的通知\n到洛阳市，看老城区。\n{TASKS}")
    assert mentioned(document) == ["河南省/洛阳市", "河南省/洛阳市/老城区"]


def test_a_list_of_places_is_kept_to_its_first_fifty() -> None:
    cities = [name for name, found in division().items() if len(found[0].code) == 4][:80]
    document = make_document(f"国务院关于调研的通知\n{'、'.join(cities)}。\n{TASKS}")
    assert [place.value for place in document.header.mentions] == cities[:50]


def test_a_locality_carries_what_it_lies_in() -> None:
    document = make_document(f"施甸县教育体育局关于做好招生工作的通知\n{TASKS}")
    assert document.header.locality == Locality("施甸县", (0, 3), ("云南省", "保山市"))
    assert document.locality == "施甸县"
