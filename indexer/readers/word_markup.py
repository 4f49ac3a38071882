"""Names and values in the markup of Word files (ECMA-376 part 1, 17)."""

import re

from indexer.readers.package import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off")
_INTEGER = re.compile(r"-?\d{1,9}")


def find(parent: Element | None, name: str) -> Element | None:
    """Return a w: child of an element that may be missing."""
    return None if parent is None else parent.find(W + name)


def value_of(element: Element | None, name: str = "val") -> str:
    """Return a w: attribute of an element that may be missing; "" where there is none."""
    return "" if element is None else str(element.get(f"{W}{name}", ""))


def integer_of(element: Element | None, name: str = "val") -> int | None:
    """Return a w: attribute as a number; None where there is none, or no number of that size."""
    value = value_of(element, name)
    return int(value) if _INTEGER.fullmatch(value) else None


def is_on(element: Element | None) -> bool:
    """Tell whether a property is there and not switched off (17.17.4)."""
    return element is not None and value_of(element) not in _OFF
