"""A notice that no corpus has, to be added and removed while time is taken."""

_TEXT = """松陵市教育局关于做好第{number}批校园饮水设施更新工作的通知
松教发〔2026〕{number}号
各区县教育局：
一、更新范围
第{number}批更新共涉及{number}所学校的直饮水设施，须于2026年10月底前完成。
二、经费
所需经费由市级财政承担百分之{number}。
松陵市教育局
2026年9月{number}日
"""


def newcomer(number: int) -> tuple[str, str]:
    """Return the name and text of the notice of a number, 1 to 30."""
    return f"新增{number}.txt", _TEXT.format(number=number)
