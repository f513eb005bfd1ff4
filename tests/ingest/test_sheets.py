"""Machine-readable codes on a page, wherever they stand and however they are turned."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from ingest.sheets import barcodes_of


def code_image(text: str, symbology: zxingcpp.BarcodeFormat) -> Image.Image:
    made = zxingcpp.create_barcode(text, symbology)
    return Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=4))).convert("L")


def page_with(*placed: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    page = Image.new("L", (1240, 1754), 255)
    for picture, place in placed:
        page.paste(picture, place)
    return page


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("symbology", "name"), [(zxingcpp.BarcodeFormat.Code128, "Code128"), (zxingcpp.BarcodeFormat.QRCode, "QRCode")]
)
def test_code_is_read_however_the_page_is_turned(symbology: zxingcpp.BarcodeFormat, name: str, turn: int) -> None:
    page = page_with((code_image("3119262009", symbology), (300, 500))).rotate(turn, expand=True, fillcolor=255)

    (found,) = barcodes_of(np.asarray(page))

    assert ("3119262009", name) == (found.text, found.symbology)


@pytest.mark.parametrize("down", [0.2, 0.25, 0.3, 0.65, 0.7])
def test_square_that_a_rule_of_the_form_crosses_is_read(down: float) -> None:
    """A label is stuck over a line of the form, or the form is printed over it."""
    made = zxingcpp.create_barcode("1324218929", zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=8))).convert("L")
    page = page_with((code, (300, 500)))
    height = 500 + down * code.height
    ImageDraw.Draw(page).line((50, height, 1200, height + 4), fill=60, width=3)
    scanned = page.filter(ImageFilter.GaussianBlur(0.8)).rotate(1, fillcolor=255, resample=Image.Resampling.BICUBIC)

    assert [code.text for code in barcodes_of(np.asarray(scanned))] == ["1324218929"]


def test_box_is_where_the_code_stands() -> None:
    picture = code_image("GUIDANG-SEP", zxingcpp.BarcodeFormat.QRCode)
    page = page_with((picture, (300, 500)))

    (found,) = barcodes_of(np.asarray(page))

    assert 300 <= found.box.left < found.box.right <= 300 + picture.width + 1
    assert 500 <= found.box.top < found.box.bottom <= 500 + picture.height + 1


@pytest.mark.parametrize("size", [(1240, 1754), (2480, 3508)])
def test_code_on_end_is_told_where_it_stands(size: tuple[int, int]) -> None:
    picture = code_image("3119262009", zxingcpp.BarcodeFormat.Code128).rotate(90, expand=True)
    page = Image.new("L", size, 255)
    page.paste(picture, (700, 500))

    (found,) = barcodes_of(np.asarray(page))

    assert 695 <= found.box.left < found.box.right <= 700 + picture.width + 5
    assert 495 <= found.box.top < found.box.bottom <= 500 + picture.height + 5


def test_equal_codes_at_two_places_are_two() -> None:
    code = code_image("GUIDANG-SEP", zxingcpp.BarcodeFormat.Code128)

    found = barcodes_of(np.asarray(page_with((code, (100, 200)), (code, (100, 1400)))))

    assert [code.text for code in found] == ["GUIDANG-SEP", "GUIDANG-SEP"]
    assert found[0].box.bottom < found[1].box.top


def test_codes_come_from_the_top() -> None:
    lower = code_image("3119262009", zxingcpp.BarcodeFormat.Code128)
    upper = code_image("GUIDANG-SEP", zxingcpp.BarcodeFormat.QRCode)

    found = barcodes_of(np.asarray(page_with((lower, (200, 1200)), (upper, (700, 200)))))

    assert [code.text for code in found] == ["GUIDANG-SEP", "3119262009"]


def test_page_without_codes_has_none() -> None:
    assert barcodes_of(np.full((500, 400), 255, np.uint8)) == ()


def test_page_of_one_pixel_has_none() -> None:
    assert barcodes_of(np.zeros((1, 1), np.uint8)) == ()
