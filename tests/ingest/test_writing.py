"""Whether something is written in a place of a form: rules, boxes, dirt and neighbours do not count."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.grays import Gray
from ingest.writing import is_written, marks_in

SIGN_PX = 30.0


def cell(
    text: str = "", *, rules: bool = True, boxes: bool = False, above: str = "", ink: int = 40, dirt: bool = False
) -> Gray:
    """Return a cell of a form, 600 x 66 pixels, with this in it."""
    image = Image.new("L", (600, 66), 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=34)
    if rules:
        draw.line((0, 4, 600, 4), fill=60, width=3)
        draw.line((0, 60, 600, 60), fill=60, width=3)
        draw.line((90, 0, 90, 66), fill=60, width=3)
    for index in range(10 if boxes else 0):
        draw.rectangle((120 + 40 * index, 10, 160 + 40 * index, 54), outline=90, width=2)
    for index, sign in enumerate(text if boxes else ""):
        draw.text((130 + 40 * index, 12), sign, fill=ink, font=font)
    if text and not boxes:
        draw.text((120, 12), text, fill=ink, font=font)
    draw.text((120, -28), above, fill=ink, font=font)
    if dirt:
        rng = np.random.default_rng(1)
        for x, y in rng.integers((0, 8), (600, 56), (60, 2)):
            draw.ellipse((x, y, x + 2, y + 2), fill=30)
    return np.asarray(image, np.uint8)


@pytest.mark.parametrize(
    "empty",
    [
        cell(),
        cell(rules=False),
        cell(boxes=True),
        cell(above="1136250642", rules=False),
        cell(dirt=True),
        cell(boxes=True, dirt=True, above="gypq"),
    ],
    ids=["rules", "nothing", "empty boxes", "the row above", "dirt", "all of them"],
)
def test_empty_place_is_not_written(empty: Gray) -> None:
    assert not is_written(empty, SIGN_PX)


@pytest.mark.parametrize(
    "written",
    [
        cell("1136250642"),
        cell("1136250642", rules=False),
        cell("1136250642", boxes=True),
        cell("11"),
        cell("1136250642", ink=180),
        cell("1136250642", dirt=True, above="gypq"),
    ],
    ids=["between rules", "plain", "in boxes", "two strokes", "pale", "among dirt"],
)
def test_number_is_written(written: Gray) -> None:
    assert is_written(written, SIGN_PX)


def test_one_mark_is_not_enough() -> None:
    assert marks_in(cell("1"), SIGN_PX) == 1
    assert not is_written(cell("1"), SIGN_PX)


def test_signs_that_touch_each_other_count_by_their_width() -> None:
    image = Image.new("L", (600, 66), 250)
    ImageDraw.Draw(image).ellipse((120, 18, 180, 50), outline=40, width=4)
    joined = np.asarray(image, np.uint8)

    assert marks_in(joined, SIGN_PX) == 2


@pytest.mark.parametrize("shape", [(0, 0), (2, 600), (66, 1)])
def test_hardly_any_pixels_are_not_written(shape: tuple[int, int]) -> None:
    assert marks_in(np.zeros(shape, np.uint8), SIGN_PX) == 0
