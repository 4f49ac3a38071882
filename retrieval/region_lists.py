"""Lists of places by name (西部省份, 长三角各地), each as an official document states it.

A name means its places only where the wording counts them: 西部省份, 西部各地, 长三角三省一市. In
西部大开发, 东北方向 or 省、自治区、直辖市 it names no list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from indexer.division import short_names
from indexer.records import Span


@dataclass(frozen=True, slots=True)
class Region:
    """A list of places: its name, the official document it follows, the short names of its places.

    `named` is how it is called (a pattern; "" where only `counted` asks for it), `counted` what
    means the list by itself.
    """

    name: str
    source: str
    members: str
    named: str
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that a question asks for: its name, its places, where the words stand.

    `is_sure` is False where the wording may as well be a subject: 西部地区教师补贴.
    """

    name: str
    places: tuple[str, ...]
    span: Span
    is_sure: bool = True


_FOUR_PARTS = "国家统计局《东西中部和东北地区划分方法》（2011年6月13日）"
_SIX_PARTS = "GB/T 2260《中华人民共和国行政区划代码》的首位数字"
_HALVES = "GB/T 2260《中华人民共和国行政区划代码》的中南，按通行说法分为华中、华南"
_DIVISION = "民政部《中华人民共和国行政区划简册》"
_PEARL_RIVER = "广州 深圳 珠海 佛山 惠州 东莞 中山 江门 肇庆"
_AUTONOMOUS = "内蒙古 广西 西藏 宁夏 新疆"
_NUMBER = "(?:[一二两三四五六七八九十]{1,3}|\\d{1,2})(?:个|大)?"
_EACH = "各个?|所有|全部|哪些|哪几个?"

REGIONS = (
    Region("东部", _FOUR_PARTS, "北京 天津 河北 上海 江苏 浙江 福建 山东 广东 海南", "东部"),
    Region("中部", _FOUR_PARTS, "山西 安徽 江西 河南 湖北 湖南", "中部"),
    Region(
        "西部",
        _FOUR_PARTS,
        "内蒙古 广西 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆",
        "西部",
    ),
    Region("东北", _FOUR_PARTS, "辽宁 吉林 黑龙江", "东北", "东三省"),
    Region("华北", _SIX_PARTS, "北京 天津 河北 山西 内蒙古", "华北"),
    Region("华东", _SIX_PARTS, "上海 江苏 浙江 安徽 福建 江西 山东", "华东"),
    Region("华中", _HALVES, "河南 湖北 湖南", "华中"),
    Region("华南", _HALVES, "广东 广西 海南", "华南"),
    Region("中南", _SIX_PARTS, "河南 湖北 湖南 广东 广西 海南", "中南"),
    Region("西南", _SIX_PARTS, "重庆 四川 贵州 云南 西藏", "西南"),
    Region("西北", _SIX_PARTS, "陕西 甘肃 青海 宁夏 新疆", "西北"),
    Region(
        "京津冀",
        "中共中央、国务院《京津冀协同发展规划纲要》（2015年）",
        "北京 天津 河北",
        "京津冀",
    ),
    Region(
        "长三角",
        "中共中央、国务院《长江三角洲区域一体化发展规划纲要》（2019年）",
        "上海 江苏 浙江 安徽",
        "长三角|长江三角洲",
        "苏浙沪皖|江浙沪皖|沪苏浙皖",
    ),
    Region(
        "粤港澳大湾区",
        "中共中央、国务院《粤港澳大湾区发展规划纲要》（2019年）",
        f"香港 澳门 {_PEARL_RIVER}",
        "粤港澳大湾区|大湾区",
    ),
    Region(
        "珠三角",
        "国务院批复的《珠江三角洲地区改革发展规划纲要（2008—2020年）》",
        _PEARL_RIVER,
        "珠三角|珠江三角洲",
    ),
    Region(
        "成渝",
        "中共中央、国务院《成渝地区双城经济圈建设规划纲要》（2021年）；该圈所在的省市",
        "重庆 四川",
        "成渝|川渝",
    ),
    Region(
        "长江经济带",
        "《国务院关于依托黄金水道推动长江经济带发展的指导意见》（国发〔2014〕39号）",
        "上海 江苏 浙江 安徽 江西 湖北 湖南 重庆 四川 云南 贵州",
        "长江经济带",
    ),
    Region(
        "黄河流域",
        "中共中央、国务院《黄河流域生态保护和高质量发展规划纲要》（2021年）",
        "青海 四川 甘肃 宁夏 内蒙古 山西 陕西 河南 山东",
        "黄河流域|沿黄",
    ),
    Region(
        "沿海",
        "《中国海洋统计年鉴》主要统计指标解释中的沿海地区",
        "天津 河北 辽宁 上海 江苏 浙江 福建 山东 广东 广西 海南",
        "沿海(?=[^市县]{0,4}省|地区|各地)",
    ),
    Region(
        "边疆",
        "国务院办公厅《兴边富民行动“十三五”规划》（国办发〔2017〕50号）的陆地边境省区",
        "内蒙古 辽宁 吉林 黑龙江 广西 云南 西藏 甘肃 新疆",
        "(?:边疆|边境|沿边)(?=[^市县]{0,4}省|地区|各地)",
    ),
    Region(
        "民族自治区",
        _DIVISION,
        _AUTONOMOUS,
        "",
        f"(?:{_NUMBER}|{_EACH})?(?:少数民族|民族)自治区|(?:五(?:个|大)?|5个?|{_EACH})自治区",
    ),
    Region(
        "民族八省区",
        "财政部民族地区转移支付的范围：五个自治区和视同民族地区的云南、贵州、青海",
        f"{_AUTONOMOUS} 贵州 云南 青海",
        "",
        "(?:少数)?民族[八8]个?省区?|[八8]个民族省区",
    ),
    Region(
        "直辖市",
        _DIVISION,
        "北京 天津 上海 重庆",
        "",
        f"(?:四(?:个|大)?|4个?|{_EACH})直辖市|直辖市(?=各自|都|分别)",
    ),
    Region(
        "计划单列市",
        "1993年国务院保留的五个计划单列市",
        "大连 青岛 宁波 厦门 深圳",
        "",
        f"(?:五(?:个|大)?|5个?|{_EACH})计划单列市|计划单列市(?=各自|都|分别)",
    ),
    Region(
        "副省级市",
        "中央机构编制委员会《关于副省级市若干问题的意见》（中编发〔1995〕5号）",
        "广州 武汉 哈尔滨 沈阳 成都 南京 西安 长春 济南 杭州 大连 青岛 深圳 厦门 宁波",
        "",
        f"(?:十五个|15个?|{_EACH})副省级城?市|副省级城?市(?=各自|都|分别)",
    ),
    Region(
        "省会城市",
        f"{_DIVISION}：省、自治区人民政府驻地",
        "石家庄 太原 呼和浩特 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 "
        "南宁 海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐",
        "",
        f"(?:二十七个|27个?|{_EACH})省会(?:城市)?|省会城市(?=各自|都|分别)",
    ),
)  # fmt: skip
# What counts places: 西部(地区)(的)(各 | 12个)省(区市), 长三角三省一市, 西部各地.
_UNIT = (
    "省区市|省[(]区、?市[)]|省份|省市|省区|省|自治区|州市|市州|城市|市|县区|区县|县|地区|地方|地"
)
_COUNTED = (
    f"(?:地区|区域)?的?(?:(?:{_EACH}|{_NUMBER})(?:{_UNIT})(?:{_NUMBER}(?:{_UNIT}))?|"
    "省区市|省[(]区、?市[)]|省份|省市|省区|城市)(?![级委府直域内外场民值])"
)
# 西部地区 alone is a subject as often as a list.
_OPEN_NAME = "地区(?=[的对在各有怎如都分教是])"
_ONLY_BEFORE = re.compile("(?:请问|比较|对比|列出|汇总|梳理|看看|查)?(?:一下)?")
# 各省、自治区、直辖市 is every place.
_EVERY = re.compile("省[份级、和及各,，]*自治区|自治区[、和及各,，]*直辖市|设区的市")
_PAIRS = {"中西部": ("中部", "西部"), "中东部": ("中部", "东部")}

# A level of the division, where each of its places is asked: 各省, 各州市, 各县区.
_EVERY_ONE = "(?:各个?|所有|全部)"
_NO_LEVEL = "(?![场值面级直委府属域辖民内外城容长间段位块])"
_LEVELS = tuple(
    (
        level,
        re.compile(f"(?:{_EVERY_ONE}(?:{every}){_NO_LEVEL}|哪(?:些|几个?)(?:{which}){_NO_LEVEL})"),
    )
    for level, every, which in (
        ("省", "省(?:、?自治区、?直辖市|区市|市|区|份)?", "省份?"),
        ("市", "(?:地级|设区)?(?:州市|市州|市[(]州[)]|地市|盟市|州|市(?![县区]))", "市|州市?"),
        ("县", "县市区|市县区|县区|区县|县市|县[(][^()]+[)]|县|区|旗县", "县区?|区县"),
    )
)


def find_lists(plain: str) -> list[Listed]:
    """Return the lists that a simplified question asks for, in its order; 中西部 is two."""
    lists: list[Listed] = []
    every = [Span(*found.span()) for found in _EVERY.finditer(plain)]
    for found in _pattern().finditer(plain):
        span = Span(*found.span())
        is_sure = found["open"] is None
        if not is_sure and not _ONLY_BEFORE.fullmatch(plain[: span.start]):
            continue
        if not any(span.overlaps(each) for each in every):
            for name in _PAIRS.get(found["pair"] or "") or (_name_of(found),):
                lists.append(Listed(name, members(name), span, is_sure))
    return lists


def mentions(plain: str) -> Iterator[Span]:
    """Yield where lists are named, asked for or not: 大湾区 is no district."""
    return (Span(*found.span()) for found in _mention().finditer(plain))


@cache
def members(name: str) -> tuple[str, ...]:
    """Return the full names of the places of a list, in the order of its source."""
    region = next(region for region in REGIONS if region.name == name)
    return tuple(short_names()[short][0].name for short in region.members.split())


def describe(name: str) -> str:
    """Return which places a list has and the document that states it."""
    region = next(region for region in REGIONS if region.name == name)
    return f"{'、'.join(region.members.split())}；依据{region.source}"


def _name_of(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(
        region.name
        for number, region in enumerate(REGIONS)
        if groups.get(f"named{number}") or groups.get(f"counted{number}")
    )


@cache
def _pattern() -> re.Pattern[str]:
    whole = "|".join(
        f"(?P<counted{number}>{region.counted})"
        for number, region in enumerate(REGIONS)
        if region.counted
    )
    names = "|".join(
        f"(?P<named{number}>{region.named})"
        for number, region in enumerate(REGIONS)
        if region.named
    )
    pairs = "|".join(_PAIRS)
    return re.compile(f"{whole}|(?:(?P<pair>{pairs})|{names})(?:{_COUNTED}|(?P<open>{_OPEN_NAME}))")


@cache
def _mention() -> re.Pattern[str]:
    names = "|".join((*_PAIRS, *(region.named for region in REGIONS if region.named)))
    return re.compile(f"(?:{names})(?:区域|地区|片区)?")


def find_level(plain: str) -> tuple[str, Span] | None:
    """Return the level whose places a simplified question asks one by one, and where it says so;
    None where it names no level or several."""
    found = [
        (level, Span(*match.span()))
        for level, pattern in _LEVELS
        for match in pattern.finditer(plain)
    ]
    return found[0] if len({level for level, _ in found}) == 1 else None
