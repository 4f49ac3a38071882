"""Lines on pages: columns, ruled cells, running heads, and how words are joined."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.composing import Cell, Composer
from indexer.readers.glyphs import Glyph, join_words, read_lines, unit_width
from indexer.readers.layout import compose
from indexer.readers.page_tables import goes_on, join_tables
from indexer.readers.paragraphs import levels
from indexer.readers.printed import Box, Line, PrintedPage, RuledTable, common_size, name_pages
from indexer.readers.ruling import Rule, find_lattices
from indexer.readers.running_heads import part_pages, with_neighbours
from indexer.records import Span
from tests.make import cut

SIZE = 16.0


def glyphs_of(
    words: str, x: float = 80, y: float = 100, size: float = SIZE, pitch: float = 1.0
) -> list[Glyph]:
    """Characters side by side; `pitch` is how far apart, in letters."""
    return [
        Glyph(each, x + n * pitch * size, x + n * pitch * size + size, y, size)
        for n, each in enumerate(words)
    ]


def line(words: str, y: float, x: float = 80, size: float = SIZE) -> Line:
    return Line(words, Box(x, y - size / 2, x + len(words) * size, y + size / 2), size)


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("普惠性幼", "儿园", "普惠性幼儿园"),
        ("the plan of", "the city", "the plan of the city"),
        ("所属ABC", "三类", "所属ABC三类"),
        ("kinder-", "gartens", "kinder-gartens"),
        ("2020-", "2025年", "2020-2025年"),
        ("（see", "below）", "（see below）"),
        ("说“好", "word”", "说“好word”"),
    ],
)
def test_what_a_lines_end_has_parted_is_joined(before: str, after: str, joined: str) -> None:
    assert join_words(before, after) == joined


@pytest.mark.parametrize(
    ("words", "width"), [("各县区", 1), ("“十四五”", 2), ("展，继续", 2), ("2025年", 2), ("", 0)]
)
def test_no_lines_end_parts_a_word_or_its_marks(words: str, width: float) -> None:
    assert unit_width(words) == width


def test_a_raised_figure_stands_in_its_line() -> None:
    raised = Glyph("2", 128, 134, 95, 9)
    row = [*glyphs_of("面积米"), raised, *glyphs_of("。", 134)]
    assert [each.words for each in read_lines(row)] == ["面积米2。"]


def test_letters_printed_twice_to_look_bold_are_read_once() -> None:
    words = glyphs_of("总体要求")
    shifted = [each._replace(left=each.left + 0.4, right=each.right + 0.4) for each in words]
    pairs = [each for pair in zip(words, shifted, strict=True) for each in pair]
    assert [each.words for each in read_lines(words + shifted)] == ["总体要求"]
    assert [each.words for each in read_lines(pairs)] == ["总体要求"]


def test_repeated_letters_side_by_side_are_kept() -> None:
    assert [each.words for each in read_lines(glyphs_of("人人有责"))] == ["人人有责"]


def test_columns_near_each_other_are_two_lines() -> None:
    left, right = glyphs_of("左栏的文字"), glyphs_of("右栏的文字", 80 + 7 * SIZE, 103)
    assert [each.words for each in read_lines(left + right)] == ["左栏的文字", "右栏的文字"]


def test_stretches_written_at_different_times_are_one_line() -> None:
    row = glyphs_of("甲“乙”丙")
    assert [each.words for each in read_lines([row[0], row[2], row[4], row[1], row[3]])] == [
        "甲“乙”丙"
    ]


def grid(xs: tuple[float, ...], ys: tuple[float, ...]) -> tuple[list[Rule], list[Rule]]:
    return [Rule(y, xs[0], xs[-1]) for y in ys], [Rule(x, ys[0], ys[-1]) for x in xs]


def places(across: list[Rule], down: list[Rule]) -> list[tuple[int, int, int, int]]:
    (lattice,) = find_lattices(across, down, 3.0)
    return [(each.row, each.column, each.rows, each.columns) for each in lattice.places]


def test_ruled_lines_make_cells() -> None:
    assert places(*grid((0, 50, 100), (0, 20, 40))) == [
        (0, 0, 1, 1),
        (0, 1, 1, 1),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]


def test_a_missing_side_merges_cells_across_or_down() -> None:
    across, down = grid((0, 50, 100), (0, 20, 40))
    assert places(across, [down[0], Rule(50, 20, 40), down[2]]) == [
        (0, 0, 1, 2),
        (1, 0, 1, 1),
        (1, 1, 1, 1),
    ]
    assert places([across[0], Rule(20, 50, 100), across[2]], down) == [
        (0, 0, 2, 1),
        (0, 1, 1, 1),
        (1, 1, 1, 1),
    ]


def test_a_table_open_at_its_sides_has_its_outer_columns() -> None:
    across, down = grid((0, 50, 100, 150), (0, 20, 40))
    assert len(places(across, down[1:3])) == 6


def test_double_and_broken_rules_are_one() -> None:
    across, down = grid((0, 50, 100), (0, 20, 40))
    broken = [Rule(rule.at, a, b) for rule in across for a, b in ((0, 49), (51, 100))]
    assert places(
        [*broken, *(Rule(each.at + 1.5, each.start, each.end) for each in across)], down
    ) == places(across, down)


def test_a_frame_and_an_underline_are_no_table() -> None:
    assert find_lattices(*grid((0, 100), (0, 40)), 3.0) == []
    assert find_lattices([Rule(10, 0, 100)], [], 3.0) == []


@given(
    xs=st.lists(st.integers(0, 60), min_size=3, max_size=6, unique=True),
    ys=st.lists(st.integers(0, 60), min_size=2, max_size=6, unique=True),
    gone=st.sets(st.integers(0, 60), max_size=12),
)
def test_cells_cover_a_table_once(xs: list[int], ys: list[int], gone: set[int]) -> None:
    wide, high = [10.0 * x for x in sorted(xs)], [10.0 * y for y in sorted(ys)]
    across = [Rule(y, a, b) for y in high for a, b in itertools.pairwise(wide)]
    down = [Rule(x, a, b) for x in wide for a, b in itertools.pairwise(high)]
    kept = [rule for number, rule in enumerate(across) if number not in gone]
    for lattice in find_lattices(kept, down, 3.0):
        covered = [
            (row, column)
            for each in lattice.places
            for row in range(each.row, each.row + each.rows)
            for column in range(each.column, each.column + each.columns)
        ]
        whole = [
            (row, column)
            for row in range(len(lattice.ys) - 1)
            for column in range(len(lattice.xs) - 1)
        ]
        assert sorted(covered) == whole


def table(*rows: str, xs: tuple[float, ...] = (100, 200, 300)) -> RuledTable:
    cells = tuple(tuple(Cell(words) for words in row.split("|")) for row in rows)
    return RuledTable(Box(0, 0, xs[-1], 100), xs, cells)


def test_a_row_cut_by_the_end_of_a_page_is_whole_before_the_repeated_names() -> None:
    first = table("序号|学校|任务", "1|第一小学|新建教学楼，配套建设运动场和图书")
    second = table("序号|学校|任务", "||室，改善办学条件。", "2|第二小学|改建。")
    joined = join_tables([first, second])
    assert ["|".join(cell.words for cell in row) for row in joined.rows] == [
        "序号|学校|任务",
        "1|第一小学|新建教学楼，配套建设运动场和图书室，改善办学条件。",
        "序号|学校|任务",
        "2|第二小学|改建。",
    ]
    assert (joined.heads, joined.repeated, joined.starts) == (1, frozenset({2}), (0, 2))


def test_a_row_that_says_something_of_its_own_is_not_joined() -> None:
    joined = join_tables([table("1|第一小学|新建。"), table("|第二小学|改建。")])
    assert len(joined.rows) == 2


def test_tables_of_other_columns_do_not_go_on() -> None:
    assert goes_on(table("1|2|3"), table("4|5|6"))
    assert not goes_on(table("1|2|3"), table("4|5|6", xs=(50, 200, 300)))
    assert not goes_on(table("1|2|3"), table("4|5", xs=(200, 300)))


def pages_with(heads: list[str], y: float = 50) -> list[PrintedPage]:
    body = [line(f"正文第{n}行的文字", 120 + 28 * n) for n in range(8)]
    return [
        PrintedPage(number, 595, 842, (line(head, y, size=10.5), *body))
        for number, head in enumerate(heads, 1)
    ]


def test_a_head_that_counts_the_pages_runs_on_and_one_that_counts_otherwise_does_not() -> None:
    running = [
        page.heads for page in part_pages(pages_with(["第1卷 第3期", "第1卷 第4期", "第1卷 第5期"]))
    ]
    assert running == [
        (("第1卷 第3期", "页眉"),),
        (("第1卷 第4期", "页眉"),),
        (("第1卷 第5期", "页眉"),),
    ]
    counted = part_pages(pages_with(["表1", "表2", "表5"], 100))
    assert [page.heads for page in counted] == [(), (), ()]


def test_a_small_head_that_stands_alone_on_a_later_page_is_one() -> None:
    first, second = part_pages([pages_with([""])[0], pages_with(["", "左页的页眉"])[1]])
    assert (first.heads, second.heads) == ((), (("左页的页眉", "页眉"),))


def test_lines_of_a_list_in_the_same_place_on_two_pages_are_text() -> None:
    pages = [*pages_with(["合格"], 92), PrintedPage(2, 595, 842, pages_with(["合格"], 92)[0].lines)]
    assert [page.heads for page in part_pages(pages)] == [(), ()]


@given(st.lists(st.integers(), max_size=12), st.integers(1, 4))
def test_every_page_comes_once_with_those_near_it(items: list[int], reach: int) -> None:
    numbered = list(enumerate(items))
    for at, (item, others) in enumerate(with_neighbours(iter(numbered), reach)):
        assert item == numbered[at]
        assert others == numbered[max(0, at - reach) : at] + numbered[at + 1 : at + 1 + reach]
    assert len(list(with_neighbours(iter(numbered), reach))) == len(items)


@pytest.mark.parametrize(
    ("numbers", "named"),
    [
        ([3], "第3页"),
        ([3, 7], "第3、7页"),
        ([1, 2, 3, 5, 8, 9], "第1—3、5、8—9页"),
        (range(1, 60, 2), "第" + "、".join(map(str, range(1, 40, 2))) + "等页"),
    ],
)
def test_pages_are_named_as_one_says_them(numbers: list[int], named: str) -> None:
    assert name_pages(numbers) == named


def test_headings_are_ranked_by_their_letters() -> None:
    headings = [
        (Span(0, 4), 22.0),
        (Span(10, 14), 18.0),
        (Span(20, 24), 17.8),
        (Span(30, 34), 14.0),
    ]
    assert [level for _, level in levels(headings)] == [1, 2, 2, 3]
    assert [level for _, level in levels(headings[1:] + headings[:1])] == [3, 3, 4, 2]
    assert list(levels([])) == []


def test_the_common_size_is_that_of_most_characters() -> None:
    lines = [
        line("标题", 80, size=22),
        line("正文第一行的文字", 120),
        line("正文第二行", 148, size=16.2),
    ]
    assert common_size(lines) == pytest.approx(16.08, abs=0.01)
    assert common_size([]) == 0


printed_line = st.builds(
    line,
    st.text("一二三第条项、，。（）abc12—附件\t ", min_size=1, max_size=30)
    .filter(str.strip)
    .map(str.strip),
    st.integers(1, 30).map(lambda row: 28.0 * row),
    st.sampled_from([80.0, 112.0, 300.0, 320.0]),
    st.sampled_from([9.0, 10.5, 16.0, 22.0]),
)
printed_table = st.lists(
    st.sampled_from(["1|甲", "2|乙丙", "|丁", "序号|名称"]), min_size=1, max_size=4
).map(lambda rows: table(*rows, xs=(100, 200)))
printed_pages = st.lists(
    st.tuples(
        st.lists(printed_line, max_size=25),
        st.lists(printed_table, max_size=2),
        st.sampled_from([None, 0.9]),
    ),
    max_size=6,
).map(
    lambda pages: [
        PrintedPage(number, 595, 842, tuple(lines), tuple(tables), (("斜印", "水印"),), sure)
        for number, (lines, tables, sure) in enumerate(pages, 1)
    ]
)


@given(printed_pages)
def test_whatever_is_printed_comes_once_and_every_page_has_its_stretch(
    pages: list[PrintedPage],
) -> None:
    composer = Composer()
    compose(iter(pages), composer)
    source = composer.source()
    printed = [each.words for page in pages for each in page.lines] + ["斜印" for _ in pages]
    printed += [
        cell.words for page in pages for each in page.tables for row in each.rows for cell in row
    ]
    assert solid("".join(printed)) == solid(source.text)
    assert [page.number for page in source.pages] == [page.number for page in pages]
    assert "".join(cut(source.text, page.span) for page in source.pages) == source.text


def solid(words: str) -> Counter[str]:
    return Counter(each for each in words if not each.isspace() and each != "|")
