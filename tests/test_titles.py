"""A title in title marks: never two pairs of the same ones, and not a character more or less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.titles import in_title_marks, inner_marks


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("停车办法", "《停车办法》"),
        ("《停车办法》政策解读", "《〈停车办法〉政策解读》"),
        ("关于印发《停车办法》的通知", "《关于印发〈停车办法〉的通知》"),
        ("《停车办法》", "《停车办法》"),
        ("《甲办法》和《乙办法》", "《〈甲办法〉和〈乙办法〉》"),
        ("", "《》"),
    ],
)
def test_what_a_title_names_stands_in_single_marks(title: str, shown: str) -> None:
    assert in_title_marks(title) == shown


@given(st.text("《》〈〉甲乙"))
def test_only_the_marks_of_a_title_change(title: str) -> None:
    bare = str.maketrans("", "", "《》〈〉")
    assert len(inner_marks(title)) == len(title)
    assert in_title_marks(title).translate(bare) == title.translate(bare)
