"""A title in title marks, as all that is shown or copied has it; the title itself never changes."""

_INNER = str.maketrans("《》", "〈〉")  # GB/T 15834-2011, 4.15.3: a title in a title


def in_title_marks(title: str) -> str:
    """Return a title in 《》, what it names itself in 〈〉; one that has its marks as it is."""
    if title.startswith("《") and title.find("》") == len(title) - 1:
        return title
    return f"《{inner_marks(title)}》"


def inner_marks(title: str) -> str:
    """Return a title, or a part of one, as it stands between 《 and 》; its length stays."""
    return title.translate(_INNER)
