"""PP-OCR on ONNX Runtime, from where lines stand to words and second looks."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ingest.grays import Gray, levelling
from ingest.line_signs import SMALL, TINY, LineReader, Sign, cut_out
from ingest.line_words import words_of
from ingest.normalise import squeezed
from ingest.number_signs import number_in
from ingest.ppocr import PpOcr, missing_packages
from ingest.prepare import Prepared
from ingest.second_look import is_doubtful, joined_opinions
from ingest.text_boxes import TextBox, text_boxes
from tests.ingest.pixels import level_page

FONT_PX = 40


def printed(*texts: tuple[int, int, str], size: tuple[int, int] = (1200, 800)) -> Gray:
    """Return a page with texts at (left, top)."""
    page = Image.new("L", size, 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(FONT_PX)
    for left, top, text in texts:
        draw.text((left, top), text, fill=0, font=font)
    return np.asarray(page, np.uint8)


def tilted(page: Gray, degrees: float) -> Gray:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=(255,)), np.uint8)


def signs(text: str, confidence: float = 0.99) -> tuple[Sign, ...]:
    """Return signs of equal width, one a letter."""
    return tuple(Sign(sign, confidence, at / len(text), (at + 1) / len(text)) for at, sign in enumerate(text))


def bars(count: int, width: int = 20, gap: int = 10) -> Gray:
    """Return a line of black bars: ink whose edges are known."""
    line = np.full((48, count * (width + gap)), 255, np.uint8)
    for at in range(count):
        line[12:36, at * (width + gap) : at * (width + gap) + width] = 0
    return line


def level(line: Gray) -> TextBox:
    height, width = line.shape
    return TextBox(width / 2, height / 2, float(width), float(height), 0.0)


@pytest.mark.parametrize("degrees", [-8.0, -1.5, 0.0, 1.5, 8.0])
def test_box_follows_a_tilted_line(degrees: float) -> None:
    page = tilted(printed((200, 380, "Customer No. 1813284716")), degrees)

    (box,) = text_boxes(page, 960)

    assert box.degrees == pytest.approx(degrees, abs=1.0)
    assert 450 < box.width < 560
    assert 35 < box.height < 75


def test_box_lies_around_its_ink() -> None:
    page = printed((300, 200, "Heating contract"))
    rows, columns = np.nonzero(page < 128)

    (box,) = text_boxes(page, 960)

    assert box.middle_x == pytest.approx((columns.min() + columns.max()) / 2, abs=6)
    assert box.middle_y == pytest.approx((rows.min() + rows.max()) / 2, abs=6)
    assert 0 <= box.width - (columns.max() - columns.min()) < 60
    assert 0 <= box.height - (rows.max() - rows.min()) < 40


def test_text_inside_a_closed_frame_is_found() -> None:
    page = printed((300, 200, "Heating contract"))
    framed = np.asarray(cv2.rectangle(page.copy(), (270, 170), (700, 280), (0,), 4), np.uint8)

    assert len(text_boxes(framed, 960)) == 1


@pytest.mark.parametrize("size", [(1, 1), (5, 4000), (4000, 5), (40, 40)])
def test_page_of_any_shape_without_text_has_no_lines(size: tuple[int, int]) -> None:
    assert text_boxes(np.full((size[1], size[0]), 255, np.uint8), 960) == ()


@pytest.mark.parametrize("reader", [TINY, SMALL], ids=["tiny", "small"])
def test_signs_are_read_in_order_with_their_places(reader: LineReader) -> None:
    page = printed((100, 100, "No. 1813284716"), size=(500, 250))
    (box,) = text_boxes(page, 960)

    read = reader.read(cut_out(page, box))

    assert "".join(sign.text for sign in read).replace(" ", "") == "No.1813284716"
    assert all(0 <= sign.left < sign.right <= 1 for sign in read)
    assert [sign.left for sign in read] == sorted(sign.left for sign in read)
    assert min(sign.confidence for sign in read if sign.text.isdigit()) > 0.9


def test_doubtful_sign_tells_what_else_it_may_be() -> None:
    """An l, an I and a 1 look alike alone."""
    page = printed((30, 20, "l"), size=(100, 90))

    read = [sign for sign in TINY.read(cut_out(page, level(page))) if sign.confidence < 0.95]

    assert read
    assert all(rival != sign.text and 0 < likely <= sign.confidence for sign in read for rival, likely in sign.rivals)


@pytest.mark.parametrize("text", ["1813284716", "A", "", " "])
def test_sure_line_needs_no_second_look(text: str) -> None:
    assert not is_doubtful(signs(text))


@pytest.mark.parametrize(("text", "confidence"), [("3", 0.97), ("热", 0.69), ("x", 0.1)])
def test_one_doubtful_sign_makes_the_line_doubtful(text: str, confidence: float) -> None:
    assert is_doubtful((*signs("18"), *signs(text, confidence)))


def test_doubtful_marks_and_blanks_need_no_second_look() -> None:
    assert not is_doubtful((*signs("18"), *signs(" :，", 0.2)))


@pytest.mark.parametrize("line", ["Die Übergabestation", "THE HEAT SUBSTATION"])
def test_line_of_latin_words_is_looked_at_again_sooner(line: str) -> None:
    unsure, sure = (*signs(line), *signs("n", 0.84)), (*signs(line), *signs("n", 0.86))

    assert is_doubtful(unsure)
    assert not is_doubtful(sure)


@pytest.mark.parametrize("line", ["换热站", "换热站 Substation North", "DN25 MX24H226S", "312,40 EUR"])
def test_han_and_codes_are_looked_at_again_no_sooner(line: str) -> None:
    assert not is_doubtful((*signs(line), *signs("n", 0.75)))


def test_two_readers_who_agree_make_a_sign_as_sure_as_they_are_on_the_average() -> None:
    joined = joined_opinions(signs("18", 0.6), signs("18", 0.9))

    assert [sign.confidence for sign in joined] == [pytest.approx(0.8)] * 2


def test_second_reader_decides_a_digit_but_it_is_never_surely_read() -> None:
    joined = joined_opinions(signs("1873", 0.99), signs("1813", 0.99))

    assert "".join(sign.text for sign in joined) == "1813"
    assert joined[2].confidence < 0.5
    assert min(joined[place].confidence for place in (0, 1, 3)) > 0.9


@pytest.mark.parametrize(("first", "second", "doubtful"), [("1873", "183", 1), ("873", "73", 0), ("187", "1874", 3)])
def test_digit_that_only_one_of_them_read_leaves_a_doubt(first: str, second: str, doubtful: int) -> None:
    joined = joined_opinions(signs(first), signs(second))

    assert "".join(sign.text for sign in joined) == second
    assert [place for place, sign in enumerate(joined) if sign.confidence < 0.5] == [doubtful]


def test_second_reader_who_sees_nothing_leaves_nothing() -> None:
    assert joined_opinions(signs("18"), ()) == ()


@given(st.text("018热:- ", max_size=12), st.text("018热:- ", max_size=12))
def test_joined_opinion_is_the_second_and_never_surer_than_the_surer(first: str, second: str) -> None:
    joined = joined_opinions(signs(first, 0.7), signs(second, 0.9))

    assert "".join(sign.text for sign in joined) == second
    assert all(sign.confidence <= 0.9 for sign in joined)


def test_word_boxes_end_where_ink_ends() -> None:
    line = bars(4)

    words = words_of(line, level(line), signs("户号18"))

    assert [word.text for word in words] == ["户号", "18"]
    assert [(word.box.left, word.box.right) for word in words] == [(0, 50), (60, 110)]


def test_words_are_centred_on_their_place_in_a_tilted_line() -> None:
    line = bars(4)
    box = TextBox(200.0, 100.0, 120.0, 48.0, 30.0)

    first, last = words_of(line, box, signs("户号18"))

    turned = math.radians(30)
    for word, along in ((first, 25.0 - 60), (last, 85.0 - 60)):
        assert (word.box.left + word.box.right) / 2 == pytest.approx(200 + along * math.cos(turned))
        assert (word.box.top + word.box.bottom) / 2 == pytest.approx(100 + along * math.sin(turned))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("客户编号:1813284716", ["客户编号:", "1813284716"]),
        ("户名:张三", ["户名:", "张三"]),
        ("No. 18-13", ["No.", "18-13"]),
        ("供热面积97.46平方米", ["供热面积", "97.46", "平方米"]),
        ("户名(盖章)", ["户名", "(盖章)"]),
        ("现将有关情况说明", ["现将有关", "情况说明"]),
        ("Heating contract", ["Heating", "contract"]),
    ],
)
def test_label_value_and_unit_are_words_of_their_own(text: str, words: list[str]) -> None:
    line = bars(len(text))

    assert words == [word.text for word in words_of(line, level(line), signs(text))]


def test_each_doubtful_digit_is_a_word_of_its_own_with_its_own_confidence() -> None:
    text = "1813"
    read = (*signs("18")[:2], *signs("1", 0.4), *signs("3"))
    placed = tuple(Sign(sign.text, sign.confidence, at / 4, (at + 1) / 4) for at, sign in enumerate(read))
    line = bars(len(text))

    words = words_of(line, level(line), placed)

    assert [(word.text, word.confidence) for word in words] == [("18", 0.99), ("1", 0.4), ("3", 0.99)]


def test_wide_gap_parts_words() -> None:
    line = np.concatenate([bars(2), np.full((48, 60), 255, np.uint8), bars(2)], axis=1)
    width = line.shape[1]
    places = [(0, 20), (30, 50), (120, 140), (150, 170)]
    read = tuple(
        Sign(sign, 0.99, left / width, right / width) for sign, (left, right) in zip("1234", places, strict=True)
    )

    assert [word.text for word in words_of(line, level(line), read)] == ["12", "34"]


@given(st.lists(st.sampled_from(["户", "号", "1", "-", ":", " ", "A", "㎡"]), max_size=15), st.integers(0, 3))
def test_no_sign_is_lost_or_made_up(texts: list[str], seed: int) -> None:
    line = np.random.default_rng(seed).integers(0, 255, (48, max(16, 20 * len(texts))), np.uint8)
    read = tuple(Sign(text, 0.9, at / len(texts), (at + 1) / len(texts)) for at, text in enumerate(texts))

    words = words_of(line, level(line), read)

    assert "".join(word.text for word in words) == "".join(texts).replace(" ", "").replace("㎡", "m2")
    assert all(word.box.width > 0 for word in words)
    assert all(one.box.left <= other.box.left for one, other in itertools.pairwise(words))


def test_number_with_capitals_and_hyphens_is_read_from_its_crop() -> None:
    best = number_in(printed((20, 10, "HN-2019-90407"), size=(340, 70)), (SMALL, TINY))[0]

    assert best.text == "HN-2019-90407"
    assert best.confidence > 0.8


def test_smeared_number_is_not_surely_read() -> None:
    crop = cv2.GaussianBlur(printed((20, 10, "1813284716"), size=(260, 70)), (0, 0), 9)

    looks = number_in(np.asarray(crop, np.uint8), (SMALL, TINY))

    assert all(look.confidence < 0.5 for look in looks)
    assert len({look.text for look in looks}) == len(looks)


@pytest.mark.parametrize("ink", [0, 200, 222])
def test_page_is_read_however_faint_it_is(ink: int) -> None:
    """Paper at 240 and ink at 222 differ by 18 gray levels."""
    page = printed((200, 200, "Customer No. 1813284716"), (200, 320, "Heating contract"))
    faint = np.where(page < 128, ink, 240).astype(np.uint8)

    lines = PpOcr().recognise(level_page(faint), ("en",))

    assert [squeezed(line.text) for line in lines] == ["customerno.1813284716", "heatingcontract"]


def test_light_writing_on_a_dark_ground_is_read() -> None:
    """Flyers are printed so; most of the page is ink."""
    page = printed((200, 200, "GRAND OPENING"))
    dark = np.where(page < 128, 250, 90).astype(np.uint8)
    dark[:40] = 70

    lines = PpOcr().recognise(level_page(dark), ("en",))

    assert "GRAND OPENING" in [line.text for line in lines]


@pytest.mark.parametrize("degrees", [-6.0, -0.6, 0.6, 6.0])
def test_tilted_page_is_read_as_if_it_had_been_straightened(degrees: float) -> None:
    page = printed((150, 200, "Customer No. 1813284716"), (800, 1500, "Heating contract"))
    size = page.shape[1], page.shape[0]
    askew = cv2.warpAffine(page, levelling(size, -degrees), size, borderValue=(255,))
    told = Prepared(np.asarray(askew, np.uint8), 150.0, degrees, np.eye(3), degrees)

    lines = PpOcr().recognise(told, ("en",))

    level = PpOcr().recognise(level_page(page), ("en",))
    assert [squeezed(line.text) for line in level] == [squeezed(line.text) for line in lines]
    for line, other in zip(lines, level, strict=True):
        assert (other.box.left, other.box.top) == pytest.approx((line.box.left, line.box.top), abs=6)
        assert (other.box.right, other.box.bottom) == pytest.approx((line.box.right, line.box.bottom), abs=6)


def test_signs_below_one_another_are_a_line_of_their_own() -> None:
    """Side headings of invoices (购买方) are written so; here a line turned by a quarter stands for them."""
    heading = printed((10, 5, "Customer"), size=(200, 56))
    page = printed((300, 100, "Heating contract"))
    page = page.copy()
    page[80:280, 150:206] = np.rot90(heading, -1)

    lines = PpOcr().recognise(level_page(page), ("en",))

    assert {line.text for line in lines} == {"Heating contract", "Customer"}


def test_packages_that_are_not_installed_are_named() -> None:
    assert missing_packages() == ()
    assert missing_packages("no_runtime", "no_models") == ("no_runtime", "no_models")
