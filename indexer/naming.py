"""The names by which documents are cited, so written that one document's are equal.

A name is folded and loses its quotes, its inner brackets and 中华人民共和国; what may be left out
of it (its edition, its issuer, the notice that hands it out) makes further names of it.
"""

import re
from dataclasses import dataclass
from hashlib import blake2b

from indexer.text import folded

_IGNORED = re.compile("中华人民共和国|[\"'《》〈〉<>、,\\s]|[。;:]$")
# What tells an edition: （试行）, （2018年修正）, （第二次修订）, （2019年版）, (2019-02-12).
# The years of a plan are no edition: they tell it from another plan.
_AMENDED = "(?:第.次)?(?:修正文?本?|修订本?|修改)"
_EDITION = re.compile(
    f"\\[(?:试行|暂行|已?废止|失效|(?:(?:19|20)\\d\\d年?)?{_AMENDED}|(?:19|20)\\d\\d年?[版本]|"
    f"(?:19|20)\\d\\d[年.-]\\d{{1,2}}[月.-]\\d{{1,2}}日?(?:{_AMENDED})?)\\]$"
)
_HANDED_OUT = re.compile(
    "(?:^|关于)(?:重新|修订|联合|正式)?(?:印发|公布|发布|颁布|下达|制定)(?:实施|施行)?(.+?)"
    "(?:的(?:通知|公告|通告|决定|命令|令|函))?$"
)
_IN_BRACKETS = re.compile("《([^《》]*(?:《[^《》]*》[^《》]*)*)》")
_ISSUER = re.compile(
    "^([\u4e00-\u9fff\\[\\]·]{2,60}?(?:政府|办公[室厅]|[局委厅部院会署处组]|中心|银行|总工会|法院|检察院))(?=关于)"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one document.

    `full` is its title, `plain` the same without edition, `about` that without the issuer that
    stands before 关于 (`issuer`), `carried` what a notice hands out; "" and () where there is none.
    """

    full: str
    plain: str
    about: str = ""
    issuer: str = ""
    carried: tuple[str, ...] = ()


def names_of(title: str) -> Names:
    """Return the names of a document by its title."""
    full = normalise(title)
    plain = without_edition(full)
    issuer = _ISSUER.match(plain)
    handed = _HANDED_OUT.search(plain)
    bracketed = [normalise(name) for name in _IN_BRACKETS.findall(folded(title))] if handed else []
    carried = bracketed or ([handed[1]] if handed else [])
    return Names(
        full=full,
        plain=plain,
        about=plain[issuer.end() :] if issuer else plain if plain.startswith("关于") else "",
        issuer=issuer[1] if issuer else "",
        carried=tuple(without_edition(name) for name in carried if name),
    )


def normalise(name: str) -> str:
    """Return a name so that ways of writing it are equal."""
    key = folded(name)
    return _IGNORED.sub("", key) or key


def without_edition(key: str) -> str:
    """Return a normalised name without what tells its edition."""
    while shorter := _EDITION.sub("", key):
        if shorter == key:
            break
        key = shorter
    return key


def key_of(name: str) -> int:
    """Return a number of 64 bits, signed, that stands for a name where many are compared."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
