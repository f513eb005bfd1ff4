"""Reading prepared pixels with the tesseract program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from zope.interface.verify import verifyObject

from ingest.interfaces import IRecogniser
from ingest.pages import decode
from ingest.prepare import Prepared, displayed_frame, prepared
from ingest.tesseract import Tesseract
from ingest.values import Line
from tests.ingest.pixels import level_page

SCANS = Path(__file__).parents[2] / "demo" / "scans"


def test_tesseract_keeps_the_promise_of_a_recogniser() -> None:
    assert verifyObject(IRecogniser, Tesseract())


def test_language_that_is_not_installed_is_named_by_its_package() -> None:
    missing = Tesseract().missing(("xx",))

    assert "tesseract-ocr-xx" in missing


@pytest.mark.tesseract
def test_nothing_is_missing_for_chinese_and_english() -> None:
    assert Tesseract().missing(("zh", "en")) == ()


@pytest.mark.tesseract
def test_speck_is_no_error() -> None:
    assert Tesseract().read_number(np.zeros((1, 1), np.uint8), 200.0) == ()


def ready(name: str, page_number: int = 1) -> Prepared:
    return prepared(displayed_frame(decode(SCANS / name, page_number)), Tesseract.needs)


@pytest.fixture(scope="module")
def transfer() -> tuple[Prepared, tuple[Line, ...]]:
    """The transfer form of the demo, as it was read."""
    page = ready("客户服务/新建文件185.jpg")
    return page, Tesseract().recognise(page, ("zh", "en"))


@pytest.mark.tesseract
def test_chinese_form_is_read_row_by_row(transfer: tuple[Prepared, tuple[Line, ...]]) -> None:
    _, lines = transfer

    rows = [line.text.replace(" ", "") for line in lines]
    old = next(index for index, row in enumerate(rows) if "1813284716" in row)
    new = next(index for index, row in enumerate(rows) if "1813280745" in row)
    assert "户号" in rows[old]
    assert "户名" in rows[old]
    assert old < new


@pytest.mark.tesseract
def test_words_stand_where_their_ink_is(transfer: tuple[Prepared, tuple[Line, ...]]) -> None:
    page, lines = transfer
    (number,) = [word for line in lines for word in line.words if "1813284716" in word.text]

    box = number.box
    inside = page.pixels[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]

    assert 0.1 < np.mean(inside < 128) < 0.6
    assert 0.5 < number.confidence <= 1.0


@pytest.mark.tesseract
def test_number_is_read_alone_from_its_crop(transfer: tuple[Prepared, tuple[Line, ...]]) -> None:
    page, lines = transfer
    (number,) = [word for line in lines for word in line.words if "1813284716" in word.text]
    box = number.box
    crop = page.crop(int(box.left) - 8, int(box.top) - 8, int(box.right) + 8, int(box.bottom) + 8)

    (look,) = Tesseract().read_number(crop, page.dpi)

    assert "1813284716" in look.text
    assert look.confidence > 0.5


@pytest.mark.tesseract
def test_white_paper_gives_nothing() -> None:
    paper = level_page(np.full((300, 800), 255, np.uint8), 200.0)

    assert Tesseract().recognise(paper, ("zh", "en")) == ()
    assert Tesseract().read_number(paper.pixels, 200.0) == ()
