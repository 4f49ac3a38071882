"""How many header fields are read rightly.

    python -m benchmarks.fields

Three sets, the latter two where the shared documents are at hand:

- written: notices put together here from places of the national division, organs, 文号 and dates
  in every way of writing them, in both scripts and in three forms (printed after GB/T 9704-2012,
  a web page's header table, bare text); every element is known.
- rules: regulations whose file name carries their date; counted where the head of the text has it.
- rules in Traditional characters: 最新異動日期 and title, as the file name and label have them.

A field is right if its value is; absent where it is there counts as wrong, as does one that is
there where the notice has none.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from opencc import OpenCC

from benchmarks.runs import this_run
from indexer.division import division
from indexer.notices import read_document
from indexer.records import Field, Header
from indexer.settings import PROJECT
from indexer.text import find_dates, read_date, simplify

_SHARED = PROJECT.parent / "shared" / "corpora"
_NOTICES = 600
_ORGANS = (
    "人民政府", "人民政府办公室", "教育体育局", "发展和改革委员会", "民政局", "财政局",
    "住房和城乡建设局", "人力资源和社会保障局", "卫生健康委员会", "农业农村局", "医疗保障局",
)  # fmt: skip
_SUBJECTS = (
    "加强学位建设", "规范校外培训", "做好高龄津贴发放工作", "化解义务教育学校大班额",
    "推进高标准农田建设", "优化营商环境", "加快普惠托育服务发展", "提高最低生活保障标准",
    "开展生活垃圾分类",
)  # fmt: skip
_KINDS = ("通知", "意见", "通告", "实施方案", "公告")
_CODES = ("政发", "政办发", "政规", "教发", "发改规", "民函", "财社", "建", "人社规", "卫办发")
_BRACKETS = ("〔〕", "[]", "（）", "()", "【】", "﹝﹞")
_NAMES = ("王建国", "李敏", "欧阳春", "赵一")
_BODY = (
    "为贯彻落实有关要求，结合实际，现就有关事项提出如下要求。\n一、总体要求\n坚持统筹推进，到2025年底全面完成。\n"
    "二、主要任务\n（一）摸清底数。各县于每年3月底前报送台账。\n（二）落实责任。各部门按照职责分工抓好落实。\n"
    "三、保障措施\n加强经费保障，强化督导考核。\n"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A notice and the value of each of its fields; a field that is not named is not there."""

    text: str
    truth: dict[str, str]


def main() -> None:
    """Measure every set, print a table and keep the figures."""
    figures = {"written": measure_written()}
    if _SHARED.is_dir():
        figures["rules"] = measure_rules(_SHARED / "laws_cn")
        figures["rules in Traditional characters"] = measure_traditional(_SHARED / "laws_tw")
    for name, row in figures.items():
        print(f"\n{name}")
        for field, share in row.items():
            print(f"  {field:14s} {share:.3f}")
    print(f"\n{this_run().save('fields', figures)}")


def measure_written() -> dict[str, float]:
    """Return the share of written notices in which each field is right."""
    right: Counter[str] = Counter()
    names = {name for written in _written() for name in written.truth}
    for number, written in enumerate(_written()):
        header = read_document(f"{number}.txt", written.text.encode()).header
        for name in names:
            found: Field | None = getattr(header, name)
            value = simplify(found.value) if found else None
            right[name] += value == written.truth.get(name)
    order = [field.name for field in fields(Header) if field.name in names]
    return {name: right[name] / _NOTICES for name in order} | {"notices": float(_NOTICES)}


def measure_rules(folder: Path) -> dict[str, float]:
    """Return the share of regulations whose date is the one of the file name."""
    right = total = 0
    for path in sorted(folder.rglob("*.md")):
        named = re.search(r"\((\d{4}-\d\d-\d\d)\)\.md$", path.name)
        document = read_document(path.name, path.read_bytes())
        head = document.text.split("INFO END")[0]
        dates = {read_date(head[date.start : date.end]) for date in find_dates(head)}
        if named and named[1] in dates:
            total += 1
            right += _value(document.header.issued_on) == named[1]
    return {"issued_on": right / total, "documents": float(total)}


def measure_traditional(folder: Path) -> dict[str, float]:
    """Return the shares of regulations whose date and title are those of label and file name."""
    dates = titles = total = 0
    for path in sorted(folder.rglob("*.md")):
        document = read_document(path.name, path.read_bytes())
        labelled = re.search(r"最新異動日期：(\d{8})", document.text)
        total += 1
        wanted = labelled[1] if labelled else ""
        dates += _value(document.header.issued_on).replace("-", "") == wanted
        titles += document.title == path.stem.rsplit("_", 1)[0]
    return {"issued_on": dates / total, "title": titles / total, "documents": float(total)}


def _written() -> Iterator[Written]:
    dice = random.Random(20261121)
    converter = OpenCC("s2t")
    places = sorted(name for name in division() if len(name) > 2)
    for number in range(_NOTICES):
        written = (_printed, _web, _bare)[number % 3](dice, dice.choice(places))
        text = str(converter.convert(written.text)) if dice.random() < 0.4 else written.text
        yield Written(text, written.truth)


def _printed(dice: random.Random, place: str) -> Written:
    """A notice with every element, printed after GB/T 9704-2012."""
    truth = _common(dice, place)
    signed, printed = (_date(dice) for _ in range(2))
    number, standard = _doc_number(dice, place)
    truth |= {
        "doc_number": standard, "issued_on": signed[1],
        "copy_number": f"{dice.randrange(1, 999):06}",
        "secrecy": dice.choice(("秘密", "机密★1年", "秘密★6个月")),
        "urgency": dice.choice(("特急", "加急")), "signer": dice.choice(_NAMES),
        "signature": truth["issuer"], "note": "此件公开发布",
        "annex_note": "1.任务分解表 2.填报说明", "printed_by": f"{place}人民政府办公室",
        "printed_on": printed[1], "copied_to": "县委办公室,县人大常委会办公室",
    }  # fmt: skip
    gap = dice.choice(("　　", "  ", "\n"))
    title = truth["title"].replace("关于", dice.choice(("关于", "\n关于")), 1)
    text = (
        f"{truth['copy_number']}\n{truth['secrecy']}{gap}{truth['urgency']}\n{truth['issuer']}文件\n"
        f"{number}　　　　签发人：{truth['signer']}\n\n{title}\n\n各县（市、区）人民政府：\n{_BODY}"
        f"附件：1.任务分解表\n　　　2.填报说明\n\n{truth['issuer']}\n{signed[0]}\n"
        "（此件公开发布）\n\n附件1\n任务分解表\n学校 | 班数\n一小 | 12\n\n"
        "抄送：县委办公室，县人大常委会办公室。\n"
        f"{truth['printed_by']}　　{printed[0]}印发\n"
    )
    return Written(text, {**truth, "addressee": "各县(市、区)人民政府"})


def _web(dice: random.Random, place: str) -> Written:
    """A notice below a web page's header table, some cells of which are empty."""
    truth = _common(dice, place)
    day, standard = _date(dice), ""
    cells = {"索引号": f"{dice.randrange(10**8, 10**9)}/2023-{dice.randrange(10**4, 10**5)}"}
    if dice.random() < 0.7:
        cells["文号"], standard = _doc_number(dice, place)
        truth["doc_number"] = standard
    cells |= {"发布机构": truth["issuer"], "发布日期": day[0]}
    empty = dice.choice(("文号", "时效", "主题分类"))
    cells = {**cells, empty: cells.get(empty, "")}
    rows = [f"{label} | {value}" for label, value in cells.items()]
    text = f"{' | '.join(rows)}\n{truth['title']}\n各县教育局：\n{_BODY}"
    truth |= {"published_on": day[1], "index_number": cells["索引号"], "addressee": "各县教育局"}
    return Written(text, truth)


def _bare(dice: random.Random, place: str) -> Written:
    """A notice as copied into a text file: title, 文号 in brackets, text, signature."""
    truth = _common(dice, place)
    signed = _date(dice)
    number, standard = _doc_number(dice, place)
    truth |= {"doc_number": standard, "issued_on": signed[1], "signature": truth["issuer"]}
    beside = dice.choice(("\n", "　　"))
    text = (
        f"{truth['title']}\n（{number}）\n各乡镇人民政府，县直各单位：\n{_BODY}"
        f"{truth['issuer']}{beside}{signed[0]}\n"
    )
    return Written(text, {**truth, "addressee": "各乡镇人民政府,县直各单位"})


def _common(dice: random.Random, place: str) -> dict[str, str]:
    issuer = place + dice.choice(_ORGANS)
    kind = dice.choice(_KINDS)
    title = f"{issuer}关于{dice.choice(_SUBJECTS)}的{kind}"
    return {"title": title, "issuer": issuer, "kind": kind, "locality": place}


def _doc_number(dice: random.Random, place: str) -> tuple[str, str]:
    """Return a 文号 as written and in its standard form."""
    code = simplify(place)[0] + dice.choice(_CODES)
    year, serial = dice.randrange(1998, 2027), dice.randrange(1, 400)
    brackets = dice.choice(_BRACKETS)
    written_year = dice.choice((str(year), _full_width(str(year)), _chinese(year)))
    written = (
        f"{code}{brackets[0]}{written_year}{brackets[1]}{dice.choice(('', '第', ' '))}{serial}号"
    )
    return written, f"{code}〔{year}〕{serial}号"


def _date(dice: random.Random) -> tuple[str, str]:
    """Return a date as written and as YYYY-MM-DD."""
    year, month, day = dice.randrange(1998, 2027), dice.randrange(1, 13), dice.randrange(1, 29)
    written = (
        f"{year}年{month}月{day}日",
        f"{year} 年 {month} 月 {day} 日",
        f"{_full_width(f'{year}年{month}月{day}日')}",
        f"{_chinese(year)}年{_count(month)}月{_count(day)}日",
    )
    return dice.choice(written), f"{year}-{month:02}-{day:02}"


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text)


def _chinese(year: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    head = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")


def _value(field: Field | None) -> str:
    return field.value if field else ""


if __name__ == "__main__":
    main()
