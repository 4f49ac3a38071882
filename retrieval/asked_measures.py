"""What figures a question asks for: of which measure, in which unit."""

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.measures import MEASURES, UNIT, Figure, Measure


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures a question asks for: of which measures, any where there are none; in which
    unit (多少所), if it names one; of a share whether a proportion (占比), a rise or a fall."""

    measures: tuple[Measure, ...] = ()
    unit: str = ""
    share: str = ""


PROPORTION, RISE, FALL = "proportion", "rise", "fall"
_HAN = "[\u4e00-\u9fff]"
# 多少人, 几天. 哪几个 and 几乎 ask no number.
_HOW_MANY = re.compile(f"(?:多少|(?<!哪)几(?![乎率何点]))(?P<unit>{UNIT})?(?P<noun>{_HAN}{{0,6}})")
_PERSONS = re.compile(f"{_HAN}{{0,4}}?(?:[人生师员工童者民兵]|干部|专家|教授)")
# What the interrogative itself says of the measure.
_ASKING: tuple[tuple[tuple[Measure, ...], re.Pattern[str]], ...] = (
    (("share",), re.compile("百分之(?:多少|几)|几(?:比几|分之几|成|倍)")),
    (("money",), re.compile("多少钱|几块钱")),
    (("age",), re.compile("几岁|多大(?:年龄|岁数|年纪)")),
    (("time", "date"), re.compile("多久|多长的?时间")),
    (
        ("date", "time"),
        re.compile("[什啥]么?时[候间]|何[时年]|哪一?[年天日]|哪个月|几[月号点]|什么日期"),
    ),
    (("length", "time"), re.compile("多(?:[高宽远深厚]|长(?!的?时间))")),
    (("area", "length", "weight", "count", "people", "age"), re.compile("多大")),
    (("weight",), re.compile("多重")),
)
# What is measured, as the question says it; the last of these stands for the whole.
_MEASURED: tuple[tuple[tuple[Measure, ...], str, str], ...] = (
    (("share",), PROPORTION, "比例|占比|比重|百分[比率]|(?<![效频汇])率|师生比|生师比|配比|强度"),
    (("share",), RISE, "(?<!新)增长率?|增速|[增涨升]幅"),
    (("share",), FALL, "[降跌减]幅|下降"),
    (("people",), "", "人数|名额|编制|定员|人次"),
    (
        ("money",),
        "",
        "金额|经费|资金|补助|补贴|津贴|补偿|工资|薪酬|报酬|奖励|奖金|罚款|罚金|收费|费用?|价格|单价|"
        "押金|保证金|投资额|租金|限价|待遇|额度",
    ),
    (
        ("time", "date"),
        "",
        "时限|期限|年限|工期|任期|学制|有效期|保存期|试用期|周期|时长|寿命|限期|天数",
    ),
    (("date", "time"), "", "日期|时间节点|(?:截止|完成|开始|结束)时间|时间表"),
    (("area",), "", "面积|用地规模|占地"),
    (("length",), "", "距离|高度|长度|宽度|间距|半径|厚度|里程|层高"),
    (("weight",), "", "重量|产量|吨位|容量"),
    (("age",), "", "年龄|岁数"),
    (("score",), "", "分数|分值|得分|成绩"),
    (("lessons", "time"), "", "课时|学时"),
)
_MEASURED_WORD = re.compile(
    "|".join(f"(?P<m{number}>{words})" for number, (_, _, words) in enumerate(_MEASURED))
)
# These say that a figure is meant, not of what measure.
WHOLE = "数量|总数|总量|总额|数目|目标|标准|[上下]限|限额|指标|个数|次数|规模"
_ALL_MEASURED = "|".join(words for *_, words in _MEASURED)
# Money and what grows are what many questions are about; only the others say at the end of a
# question without an interrogative that a figure is asked for (巩固率目标).
_SURE = "|".join(each for _, _, each in _MEASURED if not each.startswith(("(?<!新)", "金额")))
_ENDS = re.compile(
    f"(?:{WHOLE}|金额|额度|{_SURE}|增速|[增涨降]幅)(?:的?(?:{WHOLE}))?(?:都|各|分别)*"
    "(?:$|[?？。]|[是为有达](?:到|$|[?？]|多|几)|怎么[定算])|"
    f"(?:什么样?|怎样|怎么样|多[大高])的?(?:{WHOLE}|{_ALL_MEASURED})"
)


@lru_cache(maxsize=256)
def asked_measures(plain: str) -> Asked | None:
    """Return what figures a simplified question asks for, None where it asks for none."""
    told = [(found.start(), each) for each, words in _ASKING for found in words.finditer(plain)]
    many = list(_HOW_MANY.finditer(plain))
    units = [found["unit"] for found in many if found["unit"]]
    told += [(f.start(), (MEASURES[f["unit"]],)) for f in many if f["unit"]]
    told += [(f.start(), ("people",)) for f in many if not f["unit"] and _PERSONS.match(f["noun"])]
    measures = tuple(dict.fromkeys(m for _, each in sorted(told) for m in each))
    if not (told or many or _ENDS.search(plain)):
        return None
    named = [each for each in _MEASURED_WORD.finditer(plain)]
    share = ""
    if named and (not measures or measures == ("share",)):
        found, share, _ = _MEASURED[int((named[-1].lastgroup or "m0")[1:])]
        measures = measures or found
    return Asked(measures, units[0] if len(units) == 1 else "", share)


def fits(asked: Asked, figure: Figure) -> bool:
    """Tell whether a figure is of the kind asked for; when, how long and how old only if so."""
    if not asked.measures:
        return figure.measure not in ("date", "time", "age")
    return figure.measure in asked.measures or (
        figure.measure == "number" and not {"date", "time"} & set(asked.measures)
    )
