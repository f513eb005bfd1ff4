"""The strings of a printed line: all its text, in its order, every sign near the place its word's box gives it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.box_font import width_of
from ingest.line_bands import bands_of
from ingest.line_runs import Run, runs_of
from ingest.rows import line_of
from ingest.values import Box, Line, Word
from tests.ingest.page_texts import line, word

HEIGHT = 20.0
texts = st.text(st.sampled_from("户号姓名热力单位0123456789ABCdefg:-./,°□☑"), min_size=1, max_size=12)
gaps = st.floats(0, 8 * HEIGHT)
stretches = st.floats(0.7, 1.6)


@st.composite
def rows(draw: st.DrawFn) -> Line:
    """Return a row of words that stand side by side, some close, some far apart, of slightly different heights."""
    words: list[Word] = []
    left = draw(st.floats(0, 300))
    for text in draw(st.lists(texts, min_size=1, max_size=8)):
        width = sum(width_of(sign) for sign in text) * HEIGHT * draw(stretches)
        top = draw(st.floats(-3, 3))
        words.append(Word(text, Box(left, 100 + top, left + width, 100 + top + HEIGHT), 0.9))
        left += width + draw(gaps)
    return line_of(words)


boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    st.floats(0, 2000),
    st.floats(0, 60),
    st.floats(0, 400),
    st.floats(0, 60),
)
wild_rows = st.lists(st.builds(Word, texts, boxes, st.just(0.5)), min_size=1, max_size=10).map(line_of)


def shown(runs: tuple[Run, ...]) -> str:
    return "".join(piece.text for run in runs for piece in run.pieces).rstrip()


def places(runs: tuple[Run, ...]) -> list[tuple[str, float]]:
    """Return each sign and where it begins when the runs are shown, blanks left out."""
    found: list[tuple[str, float]] = []
    for run in runs:
        em, at = run.stretch * run.band.height, run.left
        for piece in run.pieces:
            for sign in piece.text:
                if sign != " ":
                    found.append((sign, at))
                at += width_of(sign) * em
            if piece.last_advance is not None:
                at += (piece.last_advance - width_of(piece.text[-1])) * em
            at += piece.step * em
    return found


@given(rows())
def test_every_sign_stands_near_its_place(row: Line) -> None:
    wanted: list[tuple[str, float]] = []
    for each in row.words:
        at, unit = each.box.left, each.box.width / sum(width_of(sign) for sign in each.text)
        for sign in each.text:
            wanted.append((sign, at))
            at += width_of(sign) * unit

    found = places(runs_of(row))

    assert [sign for sign, _ in wanted] == [sign for sign, _ in found]
    assert max(abs(a - b) for (_, a), (_, b) in zip(wanted, found, strict=True)) <= 0.36 * HEIGHT


@given(wild_rows)
def test_text_of_a_line_is_shown_whole_whatever_its_boxes(row: Line) -> None:
    runs = runs_of(row)

    assert row.text == shown(runs)
    assert all(run.stretch > 0 and run.band.height > 0 for run in runs)


@given(wild_rows)
def test_signs_advance_far_enough_to_be_told_apart(row: Line) -> None:
    """Both poppler (a tenth of the size) and PDFium (7 %) drop a sign that stands where the same sign stands already."""
    for run in runs_of(row):
        size = run.band.height

        at = [place for _, place in places((run,))]

        signs = [sign for piece in run.pieces for sign in piece.text if sign != " "]
        for (one, left), (other, right) in pairwise(zip(signs, at, strict=True)):
            assert one != other or right - left > 0.1 * size


def test_one_string_shows_a_line_whose_words_share_a_stretch() -> None:
    (run,) = runs_of(line("户号：1687189159", word("户号：", 10, 0), word("1687189159", 60, 0)))

    assert len(run.pieces) == 2
    assert run.pieces[0].last_advance is not None


def test_cells_far_apart_are_stepped_over_without_a_bridge() -> None:
    runs = runs_of(line("用户名称沈树林", word("用户名称", 10, 0), word("沈树林", 400, 0)))

    ((first, second),) = (run.pieces for run in runs)
    assert first.last_advance is None
    assert first.step > 10
    assert second.text == "沈树林"


def test_small_print_beside_a_title_gets_its_own_height() -> None:
    title, small = word("过户申请表", 100, 0, height=60), word("云州市恒暖热力", 600, 30, height=20)

    bands = bands_of(line("过户申请表云州市恒暖热力", title, small))

    assert [band.height for band in bands] == [60.0, 20.0]


def test_words_on_end_are_laid_lower_instead_of_being_pressed() -> None:
    on_end = word("备注事项", 10, 0, width=20, height=100)

    (run,) = runs_of(line("备注事项", on_end))

    assert run.stretch >= 0.33
    assert run.band.height < 100


def test_word_whose_box_reaches_over_the_next_ends_where_that_begins() -> None:
    over, under = word("查阅", 126, 0, width=164), word("人信息", 204, 0, width=80)

    found = places(runs_of(line("查阅人信息", over, under)))

    assert [sign for sign, _ in found] == ["查", "阅", "人", "信", "息"]
    assert abs(dict(found)["人"] - 204) < 5
