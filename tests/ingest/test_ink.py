"""What counts as ink on a page, and what does not."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from ingest.ink import Ink, ink_of

DPI = 200
MM = DPI / 25.4
SIZE = round(210 * MM), round(297 * MM)


def ink_on(page: Image.Image) -> Ink:
    return ink_of(np.asarray(page), DPI)


def paper() -> Image.Image:
    return Image.new("L", SIZE, 252)


def with_signs(page: Image.Image, level: int, count: int = 8) -> Image.Image:
    """Return the page with a row of crosses of 3 mm, about what Han signs of 10 points look like."""
    draw = ImageDraw.Draw(page)
    for number in range(count):
        x, y = 40 * MM + number * 4 * MM, 60 * MM
        draw.line((x, y, x + 3 * MM, y + 3 * MM), fill=level, width=3)
        draw.line((x, y + 3 * MM, x + 3 * MM, y), fill=level, width=3)
        draw.line((x, y + 1.5 * MM, x + 3 * MM, y + 1.5 * MM), fill=level, width=3)
    return page


def test_white_page_is_blank() -> None:
    assert Ink.NONE is ink_on(paper())


def test_one_short_line_of_print_is_ink() -> None:
    assert Ink.PLAIN is ink_on(with_signs(paper(), level=20))


def test_pencil_is_faint_ink() -> None:
    assert Ink.FAINT is ink_on(with_signs(paper(), level=175))


@pytest.mark.parametrize("level", [235, 240])
@pytest.mark.parametrize("grain", [1.5, 3.0])
def test_many_marks_far_paler_than_pencil_are_traces(level: int, grain: float) -> None:
    page = with_signs(paper(), level=level, count=30)
    noise = np.random.default_rng(1).normal(0, grain, (SIZE[1], SIZE[0]))

    assert Ink.TRACES is ink_of(np.clip(np.asarray(page) + noise, 0, 255).astype(np.uint8), DPI)


@pytest.mark.parametrize("grain", [1.5, 3.0, 6.0])
def test_grain_of_the_scanner_is_no_ink(grain: float) -> None:
    noise = np.random.default_rng(1).normal(0, grain, (SIZE[1], SIZE[0]))

    assert Ink.NONE is ink_of(np.clip(np.asarray(paper()) + noise, 0, 255).astype(np.uint8), DPI)


def test_print_that_shines_through_is_at_most_faint() -> None:
    page = with_signs(paper(), level=190).filter(ImageFilter.GaussianBlur(2))

    assert ink_on(page) in (Ink.NONE, Ink.TRACES, Ink.FAINT)


def test_dust_and_fax_noise_are_no_ink() -> None:
    page, dice = paper(), random.Random(7)
    draw = ImageDraw.Draw(page)
    for _ in range(300):
        x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        draw.rectangle((x, y, x + dice.randrange(3), y + dice.randrange(3)), fill=0)

    assert Ink.NONE is ink_on(page)


@pytest.mark.parametrize("holes_mm", [(108.5, 188.5), (45, 125, 205), (35, 105, 175, 245)])
def test_punch_holes_are_no_ink(holes_mm: tuple[float, ...]) -> None:
    page = paper()
    draw = ImageDraw.Draw(page)
    for middle in holes_mm:
        draw.ellipse((9 * MM, (middle - 3) * MM, 15 * MM, (middle + 3) * MM), fill=10)

    assert Ink.NONE is ink_on(page)


def test_dark_border_of_the_scanner_is_no_ink() -> None:
    page = paper()
    draw = ImageDraw.Draw(page)
    draw.polygon([(0, 0), (SIZE[0], 0), (SIZE[0], 40), (0, 8)], fill=30)
    draw.rectangle((SIZE[0] - 12, 0, SIZE[0], SIZE[1]), fill=30)

    assert Ink.NONE is ink_on(page)


def test_picture_that_fills_the_page_is_ink() -> None:
    page = paper()
    ImageDraw.Draw(page).rectangle((0, 0, SIZE[0], SIZE[1] * 2 // 3), fill=90)

    assert ink_on(page) is Ink.PLAIN


def test_signature_alone_is_ink() -> None:
    page = paper()
    ImageDraw.Draw(page).line([(400, 900), (450, 870), (480, 920), (560, 860), (600, 910)], fill=40, width=4)

    assert ink_on(page) is Ink.PLAIN


def test_folds_and_streaks_are_no_ink() -> None:
    page = paper()
    draw = ImageDraw.Draw(page)
    for x in (300, 700, 1100, 1400):
        draw.line((x, 200, x + 5, 2200), fill=100, width=3)

    assert Ink.NONE is ink_on(page)


@pytest.mark.parametrize("dpi", [100, 200, 300, 600])
def test_print_is_seen_at_any_resolution(dpi: int) -> None:
    page = with_signs(paper(), level=20).resize((round(210 / 25.4 * dpi), round(297 / 25.4 * dpi)))

    assert Ink.PLAIN is ink_of(np.asarray(page), dpi)


def test_tiny_picture_is_blank_rather_than_an_error() -> None:
    speck: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)

    assert Ink.NONE is ink_of(speck, 300)
