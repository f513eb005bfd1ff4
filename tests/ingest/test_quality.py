"""How well a page was scanned, measured on a real scan and on what bad scanning makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from ingest.decoded import DecodedPage
from ingest.grays import Gray
from ingest.pages import decode
from ingest.ppocr import PpOcr
from ingest.prepare import gray_of
from ingest.reading import read_page
from ingest.values import ImageQuality, ReadingOptions, Side, TextSource

SCANS = Path(__file__).parents[2] / "demo" / "scans"
RECEIPT = SCANS / "财务" / "20231110012128.tif"  # 300 dpi, tilted by 1.24 degrees clockwise
OPTIONS = ReadingOptions("ppocr", ("zh", "en"), 100, 60.0)
DPI = 300.0


@cache
def receipt() -> Gray:
    return gray_of(decode(RECEIPT, 1).pixels)


def quality(
    pixels: Gray, dpi: tuple[float, float] = (DPI, DPI), *, is_stated: bool = True, is_bilevel: bool = False
) -> ImageQuality:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if is_bilevel:
        image = image.convert("1")
    size = image.width / dpi[0] * 72, image.height / dpi[1] * 72
    page = read_page(DecodedPage(1, image, *dpi, *size, None, is_stated), PpOcr(), OPTIONS)
    assert page.quality is not None
    return page.quality


def resized(pixels: Gray, across: float, down: float) -> Gray:
    return np.asarray(cv2.resize(pixels, None, fx=across, fy=down, interpolation=cv2.INTER_AREA), np.uint8)


def turned_by(pixels: Gray, degrees: float) -> Gray:
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255,)), np.uint8)


def first_ink(pixels: Gray, axis: int) -> int:
    """Return the first row (1) or column (0) that bears writing."""
    ink = (pixels < 128).sum(axis=axis)
    return int(np.flatnonzero(ink > 8)[0])


def test_good_scan_measures_as_one() -> None:
    found = quality(receipt())

    assert found.dpi == DPI
    assert found.line_px > 40
    assert found.paper > 0.9
    assert found.contrast > 0.4
    assert abs(found.tilt_degrees + 1.24) < 0.2
    assert found.cut_sides == ()


@pytest.mark.parametrize("dpi", [72.0, 100.0, 150.0])
def test_coarse_scan_has_the_resolution_that_it_states_and_small_lines(dpi: float) -> None:
    found = quality(resized(receipt(), dpi / DPI, dpi / DPI), (dpi, dpi))

    assert found.dpi == dpi
    assert abs(found.line_px - quality(receipt()).line_px * dpi / DPI) < 4


def test_guessed_resolution_is_none() -> None:
    found = quality(resized(receipt(), 1 / 3, 1 / 3), (100.0, 100.0), is_stated=False)

    assert found.dpi == 0.0
    assert 0 < found.line_px < 25


def test_coarser_axis_counts() -> None:
    found = quality(resized(receipt(), 1.0, 0.5), (300.0, 150.0))

    assert found.dpi == 150.0


def test_standard_fax_is_as_fine_as_its_finer_axis() -> None:
    black = np.where(receipt() < 160, 0, 255).astype(np.uint8)

    found = quality(resized(black, 204 / DPI, 98 / DPI), (204.0, 98.0), is_bilevel=True)

    assert found.dpi == 204.0


def test_faint_scan_has_little_contrast() -> None:
    faint = (225 - (255.0 - receipt()) * 0.15).astype(np.uint8)

    assert quality(faint).contrast < 0.2


def test_dark_scan_has_dark_paper() -> None:
    dark = (receipt() * 0.4).astype(np.uint8)

    assert quality(dark).paper < 0.5


@pytest.mark.parametrize("degrees", [7.0, 13.0, -18.0])
def test_tilt_is_that_of_the_image_also_where_it_is_too_much_to_straighten(degrees: float) -> None:
    level = turned_by(receipt(), 1.24)

    found = quality(turned_by(level, degrees))

    assert abs(found.tilt_degrees - degrees) < 0.7


def _without_left(page: Gray) -> Gray:
    return page[:, first_ink(page, 0) + 120 :]


def _without_right(page: Gray) -> Gray:
    return page[:, : page.shape[1] - first_ink(page[:, ::-1], 0) - 120]


def _without_top(page: Gray) -> Gray:
    return page[first_ink(page, 1) + 22 :]


@pytest.mark.parametrize(
    ("cut", "side"),
    [(_without_left, Side.LEFT), (_without_right, Side.RIGHT), (_without_top, Side.TOP)],
)
def test_writing_that_runs_over_a_side_is_seen(cut: Callable[[Gray], Gray], side: Side) -> None:
    assert side in quality(cut(turned_by(receipt(), -1.24))).cut_sides


def test_dark_border_of_a_scanner_is_no_writing() -> None:
    bordered = receipt().copy()
    bordered[:, :20] = 20
    bordered[:14] = 20

    assert quality(bordered).cut_sides == ()


def test_rules_that_end_at_the_edge_are_no_writing() -> None:
    ruled = receipt().copy()
    ruled[200:3000:90, :40] = 0

    assert quality(ruled).cut_sides == ()


def test_page_without_an_image_to_judge_has_no_quality() -> None:
    blank = Image.new("L", (1654, 2339), 250)

    page = read_page(DecodedPage(1, blank, 200.0, 200.0, 595.0, 842.0, None), PpOcr(), OPTIONS)

    assert page.source is TextSource.NONE
    assert page.quality is None


@pytest.mark.parametrize("path", sorted(SCANS.rglob("*.jp*g")), ids=lambda path: path.name)
def test_photographs_and_pictures_of_the_demo_are_well_scanned(path: Path) -> None:
    found = read_page(decode(path, 1), PpOcr(), OPTIONS).quality

    assert found is not None
    assert found.cut_sides == ()
    assert found.paper > 0.5
    assert found.contrast > 0.2
