"""Taking the ruling of forms out of a page."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ingest.grays import Gray
from ingest.ruling import without_ruling

DPI = 200
MM = DPI / 25.4


def signs() -> Image.Image:
    """Return print without a straight stroke of 12 mm."""
    page = Image.new("L", (800, 600), 255)
    draw = ImageDraw.Draw(page)
    for left in range(100, 700, 45):
        draw.ellipse((left, 250, left + 30, 280), outline=0, width=4)
        draw.line((left, 300, left + 30, 330), fill=0, width=4)
    return page


def table_around(page: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 200, 740, 400), outline=0, width=3)
    draw.line((400, 200, 400, 400), fill=60, width=3)
    draw.line((60, 345, 740, 345), fill=60, width=2)
    return page


def test_table_goes_and_its_print_stays() -> None:
    bare = np.asarray(signs())

    cleared = without_ruling(np.asarray(table_around(signs())), DPI)

    ink = bare < 128
    assert np.mean(cleared[ink] < 128) > 0.97
    assert np.count_nonzero(cleared[~ink] < 128) == 0


def test_page_without_ruling_is_left_as_it_is() -> None:
    page = np.asarray(signs())

    assert without_ruling(page, DPI) is page


def test_stroke_of_a_large_title_is_no_rule() -> None:
    page = Image.new("L", (800, 600), 255)
    ImageDraw.Draw(page).rectangle((200, 200, 200 + round(10 * MM), 206), fill=0)

    assert np.array_equal(np.asarray(page), without_ruling(np.asarray(page), DPI))


@given(st.integers(1, 60), st.integers(1, 60), st.floats(20, 1200))
def test_page_of_any_size_keeps_it(width: int, height: int, dpi: float) -> None:
    page: Gray = np.zeros((height, width), np.uint8)

    assert without_ruling(page, dpi).shape == (height, width)
