"""Gray seals: where they lie, what is left of a page without them, and the lines below them."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.grays import Gray
from ingest.line_signs import Sign
from ingest.normalise import squeezed
from ingest.ppocr import PpOcr
from ingest.seals import SealedPlace, sealed_places, without_seal
from ingest.text_boxes import TextBox
from ingest.under_seals import groups, is_better, surer_signs
from tests.ingest.pixels import level_page

DPI = 200
MM = DPI / 25.4
SIZE = round(148 * MM), round(105 * MM)
NUMBER = "1813284716"
PRINT, SEAL, PAPER = 40, 145, 250


def form(number: str = NUMBER, ink: int = PRINT) -> Image.Image:
    """Return a slip with a number and a sentence."""
    page = Image.new("L", SIZE, PAPER)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(34)
    draw.text((15 * MM, 30 * MM), f"Customer number: {number}", ink, font)
    draw.text((15 * MM, 75 * MM), "The meter is read on the first day of the month.", ink, font)
    return page


def sealed(page: Image.Image, x_mm: float, y_mm: float, level: int = SEAL, seed: int = 1) -> Gray:
    """Return the page with a worn seal of 40 mm about this place, as a gray scan shows one: nowhere darker than its ink."""
    side = round(40 * MM)
    ink = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(ink)
    draw.ellipse((3, 3, side - 3, side - 3), outline=level, width=round(MM))
    rays = [(math.tau * (ray + 0.2) / 10, side / (18 if ray % 2 else 6)) for ray in range(10)]
    draw.polygon([(side / 2 + far * math.cos(way), side / 2 + far * math.sin(way)) for way, far in rays], fill=level)
    chance = random.Random(seed)
    for _ in range(60):
        x, y = chance.randrange(side), chance.randrange(side)
        draw.ellipse((x, y, x + 4, y + 4), fill=235)
    pressed, left, top = np.asarray(page).copy(), round(x_mm * MM) - side // 2, round(y_mm * MM) - side // 2
    part = np.s_[top : top + side, left : left + side]
    pressed[part] = np.minimum(pressed[part], np.asarray(ink))
    return np.asarray(cv2.GaussianBlur(pressed, (0, 0), 0.7), np.uint8)


def signs(text: str, confidence: float = 0.99) -> tuple[Sign, ...]:
    return tuple(Sign(sign, confidence, 0.0, 1.0) for sign in text)


def test_seal_is_found_where_it_lies() -> None:
    (place,) = sealed_places(sealed(form(), 70, 45), DPI)

    assert (place.left + place.right) / 2 == pytest.approx(70 * MM, abs=3 * MM)
    assert (place.top + place.bottom) / 2 == pytest.approx(45 * MM, abs=3 * MM)
    assert 40 * MM < place.right - place.left < 50 * MM


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_seal_at_the_edge_of_a_page_is_found_and_its_place_ends_there(turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(sealed(form(), 22, 22), turns))

    (place,) = sealed_places(page, DPI)

    assert 0 <= place.left < place.right <= page.shape[1]
    assert 0 <= place.top < place.bottom <= page.shape[0]


@pytest.mark.parametrize("ink", [0, 40, 110])
def test_page_without_a_seal_has_no_sealed_place(ink: int) -> None:
    page = form(ink=ink)
    draw = ImageDraw.Draw(page)
    draw.text((15 * MM, 5 * MM), "RECEIPT", ink, ImageFont.load_default(110))  # strokes as broad as a seal's ring
    draw.rectangle((15 * MM, 50 * MM, 130 * MM, 65 * MM), outline=ink, width=2)

    assert sealed_places(np.asarray(page.resize((SIZE[0] - 7, SIZE[1] - 5))), DPI) == ()


def test_folds_and_what_shines_through_are_no_seal() -> None:
    light = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    light[:, 500:518] = light[400:420] = 205
    light[100:300, 700:900] = 220
    folded = cv2.multiply(np.asarray(form()), cv2.GaussianBlur(light, (0, 0), 3), scale=1 / 255)

    assert sealed_places(np.asarray(folded, np.uint8), DPI) == ()


@pytest.mark.parametrize("size", [(1, 1), (5, 900), (900, 5), (40, 40)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_picture_of_any_shape_is_looked_at(size: tuple[int, int], level: int) -> None:
    page = np.full(size, level, np.uint8)

    for place in sealed_places(page, DPI):
        assert without_seal(page, DPI, place).shape == page.shape


@pytest.mark.parametrize("dpi", [150, 200, 300, 400])
def test_seal_is_taken_off_and_print_stays_at_any_resolution(dpi: int) -> None:
    size = round(SIZE[0] * dpi / DPI), round(SIZE[1] * dpi / DPI)
    plain = np.asarray(cv2.resize(np.asarray(form()), size, interpolation=cv2.INTER_AREA), np.uint8)
    page = np.asarray(cv2.resize(sealed(form(), 70, 45), size, interpolation=cv2.INTER_AREA), np.uint8)

    (place,) = sealed_places(page, dpi)
    bare = without_seal(page, dpi, place)

    part = np.s_[place.top : place.bottom, place.left : place.right]
    assert np.mean((page[part] < 200) & (plain[part] > 240)) > 0.06  # the seal's ink
    assert np.mean((bare[part] < 200) & (plain[part] > 240)) < 0.005
    assert np.mean(bare[part][plain[part] < 60] < 100) > 0.95


def test_page_is_the_same_outside_of_the_sealed_place() -> None:
    page = sealed(form(), 70, 45)
    place = SealedPlace(400, 200, 700, 500)

    bare = without_seal(page, DPI, place)

    changed = bare != page
    assert changed.any()
    changed[place.top : place.bottom, place.left : place.right] = False
    assert not changed.any()


@pytest.mark.parametrize("level", [125, 145])
@pytest.mark.parametrize("seed", range(4))
def test_number_under_the_ring_and_the_star_of_a_gray_seal_is_read(seed: int, level: int) -> None:
    """Both readers leave out a digit with the seal."""
    page = sealed(form(), 78, 33, level, seed)

    lines = PpOcr().recognise(level_page(page, DPI), ("en",))

    assert f"customernumber:{NUMBER}" in [squeezed(line.text) for line in lines]


def test_pale_writing_under_a_seal_is_not_lost() -> None:
    """An ink as pale as the seal goes with it; what was read with the seal stays."""
    page = form()
    ImageDraw.Draw(page).text((58 * MM, 53 * MM), "By hand", 150, ImageFont.load_default(34))

    lines = PpOcr().recognise(level_page(sealed(page, 70, 45), DPI), ("en",))

    assert any("By hand" in line.text for line in lines)


def test_more_signs_surely_read_are_better() -> None:
    assert is_better([signs("546223136")], [signs("54622136")])
    assert not is_better([signs("5462136")], [signs("54622136")])


def test_more_signs_of_which_none_is_sure_are_not_better() -> None:
    assert not is_better([(*signs("986"), *signs("2", 0.4))], [signs("986")])
    assert not is_better([signs("98")], [(*signs("98"), *signs("62", 0.4))])


def test_same_signs_more_surely_read_are_better() -> None:
    assert is_better([signs("9862")], [(*signs("986"), *signs("7", 0.4))])


def test_line_in_one_piece_is_better_than_its_pieces_with_a_sign_read_twice() -> None:
    assert is_better([signs("4992621202")], [signs("4992621"), signs("1202")])
    assert not is_better([signs("499")], [signs("4992621"), signs("1202")])


def test_reading_that_is_no_surer_is_not_better() -> None:
    assert not is_better([signs("No. 18")], [signs("No. 13")])
    assert not is_better([], [signs("No. 13", 0.3)])
    assert not is_better([], [])


def test_sign_that_the_other_reading_has_more_surely_stands_but_is_doubtful() -> None:
    best = surer_signs((*signs("用户"), *signs("容", 0.6), *signs("号1")), signs("用户编号1"))

    assert "".join(sign.text for sign in best) == "用户编号1"
    assert best[2].confidence < 0.5


@pytest.mark.parametrize("sealed", ["183284716", "18138284716", ""])
def test_which_signs_there_are_is_for_the_reading_without_the_seal_to_say(sealed: str) -> None:
    assert surer_signs(signs(NUMBER, 0.5), signs(sealed)) == signs(NUMBER, 0.5)


def test_lines_that_stand_beside_each_other_in_one_row_hang_together() -> None:
    def box(left: float, right: float, y: float = 100.0) -> TextBox:
        return TextBox((left + right) / 2, y, right - left, 40.0, 0.0)

    first = [box(0, 100), box(110, 200), box(0, 200, 300), box(400, 500)]
    second = [box(0, 200), box(0, 90, 305), box(100, 200, 295), box(600, 700)]

    assert list(groups(first, second)) == [([0, 1], [0]), ([2], [1, 2])]
