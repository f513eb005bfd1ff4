"""Preparing a page for the recogniser, and the way back to the page as displayed."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ingest.decoded import DecodedPage
from ingest.pages import decode
from ingest.photo import Corners, paper_corners
from ingest.placing import inked_box, laid_in_frame
from ingest.prepare import Frame, displayed_frame, evened, gray_of, prepared, turned
from ingest.skew import skew_of
from ingest.values import Box, Line, PixelNeeds, Word

SCANS = Path(__file__).parents[2] / "demo" / "scans"
ALL = PixelNeeds(even_ground=True, straight_lines=True)
NOTHING = PixelNeeds(even_ground=False, straight_lines=False)
TABLE_COLOUR = (120, 84, 56)


def decoded(pixels: Image.Image, dpi_x: float = 100.0, dpi_y: float = 100.0) -> DecodedPage:
    return DecodedPage(1, pixels, dpi_x, dpi_y, pixels.width / dpi_x * 72, pixels.height / dpi_y * 72, None)


def printed_page(width: int = 827, height: int = 1169) -> Image.Image:
    """Return rows of black dashes, as print looks from afar."""
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    for row in range(100, height - 100, 30):
        for column in range(90, width - 90 - row % 70, 22):
            draw.rectangle((column, row, column + 15, row + 12), fill=0)
    return page


def tilted(page: Image.Image, degrees: float) -> NDArray[np.uint8]:
    """Return the page turned counter-clockwise."""
    return np.asarray(page.rotate(degrees, resample=Image.Resampling.BILINEAR, fillcolor=255))


def photograph(
    page: Image.Image, corners: Corners, size: tuple[int, int], colour: tuple[int, int, int] = TABLE_COLOUR
) -> NDArray[np.uint8]:
    """Return the page as it lies on a table."""
    width, height = page.size
    sheet = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = cv2.getPerspectiveTransform(sheet, np.array(corners, np.float32))
    table = np.full((size[1], size[0], 3), colour, np.uint8)
    laid = cv2.warpPerspective(
        np.asarray(page.convert("RGB")), there, size, dst=table, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(laid, np.uint8)


def marked_page() -> Image.Image:
    page = Image.new("L", (827, 1169), 235)
    ImageDraw.Draw(page).rectangle((380, 560, 440, 600), fill=20)
    return page


def test_red_ink_is_light_and_every_other_ink_dark() -> None:
    page = Image.new("RGB", (3, 1))
    page.putdata([(210, 30, 40), (30, 40, 160), (0, 0, 0)])

    red, blue, black = (int(level) for level in gray_of(page)[0])

    assert red > 200
    assert blue < 60
    assert black == 0


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
def test_every_mode_becomes_gray_levels(mode: str) -> None:
    assert gray_of(Image.new("L", (30, 20), 255).convert(mode)).shape == (20, 30)


def test_fax_becomes_square_at_its_finer_resolution() -> None:
    frame = displayed_frame(decoded(Image.new("1", (1728, 1146), 1), dpi_x=204, dpi_y=98))

    assert frame.dpi == 204
    assert (1728, round(1146 * 204 / 98)) == (frame.width_px, frame.height_px)


@pytest.mark.parametrize("rotation_cw", [0, 90, 180, 270])
def test_corners_of_the_sheet_turn_with_the_page(rotation_cw: int) -> None:
    pixels = np.full((100, 60), 255, np.uint8)
    pixels[10, 5] = 0  # where the top left corner is
    frame = Frame(pixels, 100, ((5.5, 10.5), (50, 12), (52, 90), (6, 88)), is_bilevel=False)

    upright = turned(frame, rotation_cw)

    assert upright.corners is not None
    dark = {(x + 0.5, y + 0.5) for y, x in np.argwhere(upright.pixels == 0)}
    assert dark & set(upright.corners) == dark
    assert turned(upright, 360 - rotation_cw).corners == frame.corners


def test_white_page_needs_no_evening() -> None:
    page = np.asarray(printed_page())

    assert evened(page, 100) is page


def test_shadow_is_evened_out_and_the_print_kept() -> None:
    page = np.asarray(printed_page())
    shadow = np.linspace(0.45, 1.0, page.shape[1])
    shaded = np.asarray(page * shadow, np.uint8)

    even = evened(shaded, 100)

    assert int(np.percentile(even[page == 255], 2)) > 235
    assert int(np.percentile(even[page == 0], 98)) < 20


@settings(max_examples=25, deadline=None)
@given(st.floats(min_value=-9.5, max_value=9.5))
def test_tilt_of_print_is_found(degrees: float) -> None:
    assert abs(skew_of(tilted(printed_page(), degrees), 100) - degrees) < 0.25


def test_page_without_print_has_no_tilt() -> None:
    assert skew_of(np.full((1169, 827), 255, np.uint8), 100) == 0.0


def test_tilted_page_is_straightened() -> None:
    frame = Frame(tilted(printed_page(), 4.0), 100, None, is_bilevel=False)

    ready = prepared(frame, ALL)

    assert pytest.approx(ready.skew_degrees, abs=0.2) == 4.0
    assert pytest.approx(skew_of(ready.pixels, 100), abs=0.2) == 0.0


def test_crop_of_a_page_whose_tilt_is_told_is_cut_from_the_level_page() -> None:
    frame = Frame(tilted(printed_page(), 4.0), 100, None, is_bilevel=False)
    straightened = prepared(frame, PixelNeeds(even_ground=False, straight_lines=True))

    told = prepared(frame, PixelNeeds(even_ground=False, straight_lines=False, tilt_told=True))

    assert told.pixels is frame.pixels
    assert told.tilt_degrees == told.skew_degrees == straightened.skew_degrees
    assert np.array_equal(told.to_frame, straightened.to_frame)
    apart = np.abs(told.crop(100, 200, 700, 900).astype(int) - straightened.crop(100, 200, 700, 900).astype(int))
    assert apart.max() <= 2  # OpenCV rounds places to a 32nd of a pixel


def test_recogniser_that_needs_nothing_gets_the_page_as_it_is() -> None:
    frame = Frame(tilted(printed_page(), 4.0), 100, None, is_bilevel=False)

    ready = prepared(frame, NOTHING)

    assert ready.pixels is frame.pixels
    assert ready.skew_degrees == 0.0


def test_skew_that_is_known_is_not_measured_again() -> None:
    frame = Frame(tilted(printed_page(), 4.0), 100, None, is_bilevel=False)

    ready = prepared(frame, ALL, skew_degrees=-2.5)

    assert ready.skew_degrees == -2.5


@settings(max_examples=40, deadline=None)
@given(
    skew=st.floats(min_value=-10, max_value=10),
    left=st.floats(min_value=100, max_value=500),
    top=st.floats(min_value=100, max_value=1000),
    width=st.floats(min_value=10, max_value=90),
)
def test_laid_box_finds_its_ink_again(skew: float, left: float, top: float, width: float) -> None:
    to_frame = turn_about(skew)
    first = Word("户号", Box(100, top, 160, top + 30), 0.9)
    second = Word("3119262009", Box(left + 61, top, left + 61 + width, top + 30), 0.9)
    line = Line("户号 3119262009", (first, second), first.box.joined(second.box))

    (laid,) = laid_in_frame((line,), to_frame)
    found = inked_box(laid.words[1].box, (laid,), to_frame)

    assert sides(second.box) == pytest.approx(sides(found), abs=0.5)


@settings(max_examples=40, deadline=None)
@given(skew=st.floats(min_value=-8, max_value=8), right=st.floats(min_value=20, max_value=300))
def test_place_behind_a_line_is_found_where_the_line_would_go_on(skew: float, right: float) -> None:
    to_frame = turn_about(skew)
    label = Word("户号", Box(100, 300, 160, 330), 0.9)
    unread = Box(160 + right, 300, 400 + right, 330)

    (laid,) = laid_in_frame((Line("户号", (label,), label.box),), to_frame)
    asked = Box(laid.box.right + right, laid.box.top, laid.box.right + right + 240, laid.box.bottom)
    found = inked_box(asked, (laid,), to_frame)

    assert sides(unread) == pytest.approx(sides(found), abs=0.5)


@settings(max_examples=40, deadline=None)
@given(st.floats(min_value=-10, max_value=10))
def test_line_is_laid_level_about_its_own_middle(skew: float) -> None:
    to_frame = turn_about(skew)
    words = tuple(Word("热", Box(x, 200, x + 30, 230), 0.9) for x in (100, 300, 640))
    line = Line("热热热", words, Box(100, 200, 670, 230))

    (laid,) = laid_in_frame((line,), to_frame)

    middle = cv2.perspectiveTransform(np.array([[(385.0, 215.0)]]), to_frame)[0, 0]
    assert tuple(middle) == pytest.approx(((laid.box.left + laid.box.right) / 2, (laid.box.top + laid.box.bottom) / 2))
    assert pytest.approx((laid.box.width, laid.box.height)) == (570, 30)
    gaps = [after.box.left - before.box.left for before, after in zip(laid.words, laid.words[1:], strict=False)]
    assert pytest.approx(gaps) == [200, 340]


CORNERS: tuple[Corners, ...] = (
    ((110, 90), (880, 130), (860, 1210), (70, 1180)),
    ((60, 160), (900, 60), (940, 1240), (120, 1270)),
    ((2, 80), (940, 120), (930, 1200), (2, 1250)),
)


@pytest.mark.parametrize("corners", CORNERS)
def test_sheet_on_a_table_is_found(corners: Corners) -> None:
    found = paper_corners(Image.fromarray(photograph(printed_page(), corners, (1000, 1330))))

    assert found is not None
    for wanted, corner in zip(corners, found, strict=True):
        assert math.dist(wanted, corner) < 12


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=4, max_size=4),
    st.sampled_from([(40, 35, 30), TABLE_COLOUR, (60, 90, 160), (150, 60, 60)]),
)
def test_sheet_is_found_on_any_dark_or_coloured_table(
    moved: list[tuple[float, float]], colour: tuple[int, int, int]
) -> None:
    (a, b, c, d) = (
        (x + dx, y + dy)
        for (x, y), (dx, dy) in zip(((110, 90), (880, 90), (880, 1210), (110, 1210)), moved, strict=True)
    )

    found = paper_corners(Image.fromarray(photograph(printed_page(), (a, b, c, d), (1000, 1330), colour)))

    assert found is not None
    assert max(math.dist(wanted, corner) for wanted, corner in zip((a, b, c, d), found, strict=True)) < 12


def test_sheet_that_runs_over_the_end_of_the_picture_loses_nothing_of_what_is_seen() -> None:
    corners = ((-40.0, 90.0), (780.0, 130.0), (760.0, 1210.0), (-60.0, 1180.0))

    found = paper_corners(Image.fromarray(photograph(printed_page(), corners, (1000, 1330))))

    assert found is not None
    top_left, top_right, bottom_right, bottom_left = found
    assert max(top_left[0], bottom_left[0]) <= 1
    assert max(math.dist(top_right, corners[1]), math.dist(bottom_right, corners[2])) < 12


def test_sheet_half_in_shadow_is_found() -> None:
    picture = photograph(printed_page(), CORNERS[0], (1000, 1330)).astype(np.float64)
    picture[:, :, :] *= np.linspace(0.5, 1.0, 1000)[None, :, None]

    found = paper_corners(Image.fromarray(picture.astype(np.uint8)))

    assert found is not None
    for wanted, corner in zip(CORNERS[0], found, strict=True):
        assert math.dist(wanted, corner) < 12


def test_scan_of_a_page_is_no_photograph_of_a_sheet() -> None:
    page = printed_page().convert("RGB")
    ImageDraw.Draw(page).rectangle((60, 60, 760, 1100), outline=(0, 0, 0), width=4)

    assert paper_corners(page) is None


def test_light_box_on_a_dark_poster_with_more_of_it_is_no_sheet() -> None:
    poster = Image.new("RGB", (827, 1169), (30, 60, 120))
    draw = ImageDraw.Draw(poster)
    draw.rectangle((100, 120, 727, 700), fill=(250, 250, 250))
    draw.rectangle((40, 760, 787, 1140), fill=(250, 250, 250))

    assert paper_corners(poster) is None


@pytest.mark.parametrize("name", ["客户服务/新建文件185.jpg", "财务/IMG_20231106_0021.pdf"])
def test_colour_scans_are_no_photographs(name: str) -> None:
    assert displayed_frame(decode(SCANS / name, 1)).corners is None


def test_photograph_is_flattened_and_its_boxes_find_their_way_back() -> None:
    picture = photograph(marked_page(), CORNERS[1], (1000, 1330))
    ready = prepared(displayed_frame(decoded(Image.fromarray(picture))), NOTHING)
    rows, columns = np.nonzero(ready.pixels < 100)
    mark = Box(float(columns.min()), float(rows.min()), float(columns.max()) + 1, float(rows.max()) + 1)

    (laid,) = laid_in_frame((Line("■", (Word("■", mark, 0.9),), mark),), ready.to_frame)

    there_y, there_x = (places.mean() for places in np.nonzero(picture[:, :, 0] < 60))
    assert (there_x, there_y) == pytest.approx(
        ((laid.box.left + laid.box.right) / 2, (laid.box.top + laid.box.bottom) / 2), abs=3
    )


@pytest.mark.parametrize(("dpi", "read_at"), [(100, 200), (150, 150), (205, 205), (300, 200), (600, 200)])
def test_page_is_read_at_a_resolution_the_recogniser_likes_and_found_again(dpi: float, read_at: float) -> None:
    needs = PixelNeeds(even_ground=False, straight_lines=False, least_dpi=130, most_dpi=200)
    frame = Frame(np.asarray(marked_page()), dpi, None, is_bilevel=False)

    ready = prepared(frame, needs)
    rows, columns = np.nonzero(ready.pixels < 100)
    mark = Box(float(columns.min()), float(rows.min()), float(columns.max()) + 1, float(rows.max()) + 1)
    (laid,) = laid_in_frame((Line("■", (Word("■", mark, 0.9),), mark),), ready.to_frame)

    assert ready.dpi == pytest.approx(read_at)
    assert ready.pixels.shape[0] == pytest.approx(frame.height_px * read_at / dpi, abs=1)
    assert sides(laid.words[0].box) == pytest.approx((380, 560, 441, 601), abs=2.5)


def turn_about(skew: float) -> NDArray[np.float64]:
    turn = np.vstack([cv2.getRotationMatrix2D((413.5, 584.5), -skew, 1.0), [0, 0, 1]])
    return np.asarray(np.linalg.inv(turn), np.float64)


def sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
