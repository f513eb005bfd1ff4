"""Reading one page whole: blank, upright, prepared, laid back onto the page as displayed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
from zope.interface import implementer

from ingest.decoded import DecodedPage
from ingest.grays import Gray
from ingest.interfaces import IRecogniser
from ingest.pages import decode
from ingest.ppocr import PpOcr
from ingest.prepare import Prepared
from ingest.reading import read_number, read_page
from ingest.tesseract import Tesseract
from ingest.values import UNREAD, Box, Line, NumberLook, PixelNeeds, ReadingOptions, TextSource, Word

SCANS = Path(__file__).parents[2] / "demo" / "scans"
OPTIONS = ReadingOptions("tesseract", ("zh", "en"), 100, 60.0)
RECEIPT = SCANS / "财务" / "20231110012128.tif"  # 300 dpi, tilted by 1.24 degrees clockwise
NUMBER = "3644010284"


@implementer(IRecogniser)
class InkFinder:
    """Calls all the ink of what it is given one word, so that a test sees where boxes go."""

    needs = PixelNeeds(even_ground=True, straight_lines=True)

    def __init__(self, confidence: float = 0.95, signs: int = 4) -> None:
        self.name = "ink finder"
        self._text = "墨" * signs
        self.asked = 0
        self._confidence = confidence

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        return ()

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        self.asked += 1
        rows, columns = np.nonzero(page.pixels < 128)
        if not len(rows):
            return ()
        box = Box(float(columns.min()), float(rows.min()), float(columns.max()) + 1, float(rows.max()) + 1)
        return (Line(self._text, (Word(self._text, box, self._confidence),), box),)

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        return (NumberLook("3119262009", 0.9),)


def decoded(pixels: Image.Image, dpi: float = 200.0, lines: tuple[Line, ...] | None = None) -> DecodedPage:
    return DecodedPage(1, pixels, dpi, dpi, pixels.width / dpi * 72, pixels.height / dpi * 72, lines)


def paper() -> Image.Image:
    return Image.new("L", (1654, 2339), 250)


def backs_of_signs(level: int) -> Image.Image:
    page = paper()
    draw = ImageDraw.Draw(page)
    for row in range(300, 1500, 60):
        for column in range(250, 1300, 40):
            draw.ellipse((column, row, column + 24, row + 28), outline=level, width=3)
    return page


def test_blank_page_is_not_read() -> None:
    recogniser = InkFinder()

    page = read_page(decoded(paper()), recogniser, OPTIONS)

    assert page.is_blank
    assert TextSource.NONE is page.source
    assert page.lines == ()
    assert recogniser.asked == 0


def test_faint_page_on_which_nothing_is_surely_read_is_blank() -> None:
    page = read_page(decoded(backs_of_signs(level=215)), InkFinder(confidence=0.3), OPTIONS)

    assert page.is_blank
    assert page.lines == ()


def test_faint_page_that_reads_well_is_no_blank_page() -> None:
    class Reader(InkFinder):
        def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
            box = Box(250, 300, 800, 340)
            return (Line("停热申请", (Word("停热申请", box, 0.9),), box),)

    page = read_page(decoded(backs_of_signs(level=215)), Reader(), OPTIONS)

    assert not page.is_blank
    assert page.text == "停热申请"


def pale_print(level: int) -> Image.Image:
    """Return a page written all over in an ink that eyes hardly see, with the grain of a scanner."""
    page = paper()
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    for row in range(8):
        draw.text((150, 300 + 90 * row), f"Customer number 36440102{row}4, heating contract", level, font)
    grain = np.random.default_rng(1).normal(0, 2, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("level", [235, 240])
def test_page_written_in_the_palest_pencil_is_kept_and_its_contrast_told(level: int) -> None:
    page = read_page(decoded(pale_print(level)), PpOcr(), OPTIONS)

    assert not page.is_blank
    assert "3644010214" in page.text
    assert page.quality is not None
    assert page.quality.contrast < 0.1


@pytest.mark.parametrize("level", [215, 235, 240])
def test_back_that_the_front_shines_through_is_blank(level: int) -> None:
    back = ImageOps.mirror(pale_print(level)).filter(ImageFilter.GaussianBlur(2))

    assert read_page(decoded(back), PpOcr(), OPTIONS).is_blank


def test_dark_ink_that_nobody_can_read_is_no_blank_page() -> None:
    page = read_page(decoded(backs_of_signs(level=30)), InkFinder(confidence=0.1), OPTIONS)

    assert not page.is_blank


def test_page_that_was_born_digital_keeps_its_own_text() -> None:
    recogniser = InkFinder()
    own = (Line("供热合同", (Word("供热合同", Box(10, 10, 90, 30), 1.0),), Box(10, 10, 90, 30)),)

    page = read_page(decoded(paper(), lines=own), recogniser, OPTIONS)

    assert (TextSource.OWN, own, 0) == (page.source, page.lines, recogniser.asked)


def test_fax_is_described_in_square_pixels() -> None:
    scan = decode(SCANS / "财务" / "20231107155631.tiff", 1)

    page = read_page(scan, InkFinder(), OPTIONS)

    assert scan.pixels.width == page.width_px
    assert round(scan.pixels.height * scan.dpi_x / scan.dpi_y) == page.height_px
    assert max(scan.dpi_x, scan.dpi_y) == page.dpi


@pytest.mark.parametrize("turned_cw", [0, 90, 180, 270])
def test_page_scanned_any_way_up_is_described_upright(turned_cw: int) -> None:
    scan = decode(RECEIPT, 1)
    pixels = scan.pixels.rotate(-turned_cw, expand=True)

    page = read_page(replace(scan, pixels=pixels), InkFinder(signs=60), OPTIONS)

    assert (360 - turned_cw) % 360 == page.rotation_cw
    assert scan.pixels.size == (page.width_px, page.height_px)


def test_turned_page_with_hardly_any_text_is_left_as_scanned_where_that_reads_as_well() -> None:
    """Photographs and blank backs make the orientation model guess."""
    scan = decode(RECEIPT, 1)
    upside_down = replace(scan, pixels=scan.pixels.rotate(180))
    recogniser = InkFinder()

    page = read_page(upside_down, recogniser, OPTIONS)

    assert page.rotation_cw == 0
    assert recogniser.asked == 2


class ReadsOneWayOnly(InkFinder):
    """A recogniser that reads signs on the first page it is given, and none on any other."""

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        lines = super().recognise(page, languages)
        return lines if self.asked == 1 else ()


@pytest.mark.parametrize(("signs", "rotation_cw"), [(1, 0), (3, 0), (10, 180)])
def test_photograph_with_a_sign_or_two_is_left_as_scanned(signs: int, rotation_cw: int) -> None:
    """A boiler's gauge reads as a digit one way up and as nothing the other."""
    scan = decode(RECEIPT, 1)

    page = read_page(replace(scan, pixels=scan.pixels.rotate(180)), ReadsOneWayOnly(signs=signs), OPTIONS)

    assert page.rotation_cw == rotation_cw


def test_box_outside_of_the_page_reads_as_nothing() -> None:
    scan = decoded(backs_of_signs(level=30))
    page = read_page(scan, InkFinder(), OPTIONS)

    assert read_number(scan, page, Box(5000, 5000, 5100, 5030), InkFinder()) == ()


class Blind(InkFinder):
    """A recogniser that finds lines, and no number anywhere."""

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        return ()


def test_empty_place_reads_as_nothing_whatever_the_recogniser_makes_of_it() -> None:
    scan = decoded(backs_of_signs(level=30))
    page = read_page(scan, InkFinder(), OPTIONS)

    assert read_number(scan, page, Box(1200, 2000, 1500, 2060), InkFinder()) == ()


def test_writing_that_cannot_be_read_is_told_from_an_empty_place() -> None:
    pixels = paper()
    ImageDraw.Draw(pixels).text((300, 1000), "WWWW", fill=30, font=ImageFont.load_default(size=50))
    scan = decoded(pixels)
    page = read_page(scan, InkFinder(), OPTIONS)
    place = page.lines[0].box

    assert read_number(scan, page, place, Blind()) == (NumberLook(UNREAD, 0.0),)
    assert read_number(scan, page, place, InkFinder()) == (NumberLook("3119262009", 0.9),)


@pytest.mark.tesseract
@pytest.mark.parametrize(("tilt", "turned_cw"), [(0, 0), (5, 0), (-7, 180)])
def test_receipt_is_read_and_its_number_found_again_however_it_lay(tilt: float, turned_cw: int) -> None:
    """Laid level, the ends of a line that is tilted by 5 degrees are 60 pixels away from their ink."""
    flat = decode(RECEIPT, 1)
    pixels = flat.pixels.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC).rotate(-turned_cw)
    scan, recogniser = replace(flat, pixels=pixels), Tesseract()

    page = read_page(scan, recogniser, OPTIONS)
    (line,) = [line for line in page.lines if NUMBER in digits_of(line.text)]
    number = Box.around([word.box for word in line.words if word.text.isdigit() and word.text in NUMBER])
    (look,) = read_number(scan, page, number, recogniser)

    assert "收据" in page.text
    assert page.skew_degrees == pytest.approx(tilt - 1.24, abs=0.2)
    assert digits_of(look.text) == NUMBER
    assert look.confidence > 0.5


def digits_of(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
