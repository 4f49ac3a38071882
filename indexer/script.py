"""The script of a text: 简体 or 繁体, whichever forms it has more of."""

from functools import cache

from indexer.text import read_script_table

SCRIPTS = SIMPLIFIED, TRADITIONAL = "简体", "繁体"

# Each mark stands for every character that only its own script has, itself among them.
_MARKS = {"STCharacters.txt": "简", "TSCharacters.txt": "簡"}


def script_of(text: str) -> str:
    """Return the script of a text; one that reads the same in both counts as Simplified.

    The majority decides, because a Simplified notice may name a person in Traditional characters.
    What only one script has is common: a quarter of the characters of a notice.
    """
    marked = text.translate(_telling())
    simplified, traditional = (marked.count(mark) for mark in _MARKS.values())
    return TRADITIONAL if traditional > simplified else SIMPLIFIED


@cache
def _telling() -> dict[int, str]:
    """Return the mark of each character of OpenCC's tables that the other script always writes
    otherwise; those of both (后, 里, 著) say nothing."""
    found: dict[int, str] = {}
    for table, mark in _MARKS.items():
        for key, forms in read_script_table(table):
            if len(key) == 1 and key not in forms:
                found[ord(key)] = mark
    return found
