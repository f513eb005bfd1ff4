"""What every recogniser promises, whichever reads: the same tests for each, on real pages of the demo."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from zope.interface.verify import verifyObject

from ingest.interfaces import IRecogniser
from ingest.normalise import folded
from ingest.pages import decode
from ingest.prepare import Prepared, displayed_frame, prepared
from ingest.recognisers import RECOGNISERS, named
from ingest.values import Box, Line, Word
from tests.ingest.pixels import level_page

SCANS = Path(__file__).parents[2] / "demo" / "scans"
TRANSFER = "客户服务/新建文件185.jpg"
OLD_NUMBER, NEW_NUMBER = "1813284716", "1813280745"

pytestmark = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.tesseract if name == "tesseract" else ()) for name in RECOGNISERS]
)


@cache
def recogniser(name: str) -> IRecogniser:
    return named(name)


@cache
def ready(name: str, scan: str) -> Prepared:
    return prepared(displayed_frame(decode(SCANS / scan, 1)), recogniser(name).needs)


@cache
def lines_of(name: str, scan: str = TRANSFER) -> tuple[Line, ...]:
    page = ready(name, scan)
    return recogniser(name).recognise(page, ("zh", "en"))


def word_with(name: str, text: str) -> Word:
    (word,) = [word for line in lines_of(name) for word in line.words if text in word.text]
    return word


def test_it_is_a_recogniser_and_knows_its_name(name: str) -> None:
    assert verifyObject(IRecogniser, recogniser(name))
    assert recogniser(name).name == name


def test_nothing_is_missing_for_chinese_and_english(name: str) -> None:
    assert recogniser(name).missing(("zh", "en")) == ()


def test_language_that_it_cannot_read_is_missing(name: str) -> None:
    missing = recogniser(name).missing(("zh", "xx"))

    assert len(missing) == 1
    assert missing[0].endswith("-xx")


def test_form_is_read_row_by_row(name: str) -> None:
    rows = [line.text.replace(" ", "") for line in lines_of(name)]

    old = next(index for index, row in enumerate(rows) if OLD_NUMBER in row)
    new = next(index for index, row in enumerate(rows) if NEW_NUMBER in row)
    assert "户号" in rows[old]
    assert "户名" in rows[old]
    assert old < new


def test_texts_are_normalised_and_never_empty(name: str) -> None:
    lines = lines_of(name)

    assert all(line.text == folded(line.text) and line.text for line in lines)
    assert all(word.text == folded(word.text) and word.text for line in lines for word in line.words)


def test_words_stand_from_left_to_right_inside_their_line(name: str) -> None:
    for line in lines_of(name):
        lefts = [word.box.left for word in line.words]

        assert lefts == sorted(lefts)
        assert line.box == Box.around([word.box for word in line.words])


def test_confidences_are_shares(name: str) -> None:
    sure = [word.confidence for line in lines_of(name) for word in line.words]

    assert all(0.0 <= confidence <= 1.0 for confidence in sure)
    assert len(set(sure)) > 10  # not one figure for everything


@pytest.mark.parametrize("number", [OLD_NUMBER, NEW_NUMBER])
def test_box_of_a_number_holds_its_ink_and_little_else(name: str, number: str) -> None:
    page, box = ready(name, TRANSFER), word_with(name, number).box
    inside = page.pixels[round(box.top) : round(box.bottom), round(box.left) : round(box.right)] < 128
    beside = page.pixels[round(box.top) : round(box.bottom), round(box.right) : round(box.right + box.height / 4)] < 128

    assert 0.1 < np.mean(inside) < 0.6
    assert inside[:, :4].any()
    assert not beside.any()


def test_printed_number_is_rather_sure_at_the_first_look(name: str) -> None:
    """tesseract lets the wide gap before it weigh on a number; the second look is the sure one."""
    assert word_with(name, OLD_NUMBER).confidence > 0.5


def test_number_is_read_from_a_crop_of_its_own(name: str) -> None:
    page, box = ready(name, TRANSFER), word_with(name, OLD_NUMBER).box
    margin = box.height / 4
    crop = page.crop(
        round(box.left - margin), round(box.top - margin), round(box.right + margin), round(box.bottom + margin)
    )

    best, *others = recogniser(name).read_number(crop, page.dpi)

    assert best.text == OLD_NUMBER
    assert best.confidence > 0.7
    assert all(other.confidence <= best.confidence and other.text != OLD_NUMBER for other in others)


def test_nothing_is_read_from_blank_paper(name: str) -> None:
    paper = level_page(np.full((1754, 1240), 250, np.uint8))

    assert recogniser(name).recognise(paper, ("zh", "en")) == ()
    assert recogniser(name).read_number(paper.crop(0, 0, 300, 60), 150.0) == ()


def test_nothing_is_read_from_a_crop_of_one_pixel(name: str) -> None:
    assert recogniser(name).read_number(np.full((1, 1), 255, np.uint8), 300.0) == ()


def test_english_page_is_read_word_by_word(name: str) -> None:
    lines = lines_of(name, "财务/IMG_20231110_0198.pdf")

    words = [word.text for line in lines for word in line.words]
    assert "Heating" in " ".join(words)
    assert sum(word.isascii() for word in words) > 0.8 * len(words)


def test_same_pixels_are_read_the_same(name: str) -> None:
    page = ready(name, TRANSFER)

    assert recogniser(name).recognise(page, ("zh", "en")) == lines_of(name)


def test_rows_come_from_the_top(name: str) -> None:
    middles = [(line.box.top + line.box.bottom) / 2 for line in lines_of(name)]
    usual = np.median([line.box.height for line in lines_of(name)])

    assert all(after > before - usual for before, after in pairwise(middles))


def test_drawing_without_text_gives_no_sure_words(name: str) -> None:
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for step in range(100, 1100, 120):
        draw.line((100, step, 1100, step), fill=0, width=3)
        draw.line((step, 100, step, 1100), fill=0, width=3)

    lines = recogniser(name).recognise(level_page(np.asarray(page)), ("zh", "en"))

    assert [word.text for line in lines for word in line.words if word.confidence > 0.8] == []
