"""Patch T found, and nothing else taken for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.grays import Gray
from ingest.pages import decode
from ingest.patches import SYMBOLOGY, TEXT, patches_of
from ingest.prepare import displayed_frame

SCANS = Path(__file__).parents[2] / "demo" / "scans"
N, W = 0.08, 0.20
PATCH_T, PATCH_3, PATCH_2 = (N, W, N, W), (W, N, W, N), (W, N, N, W)


def sheet(bars: tuple[float, ...], dpi: float = 200.0, length: float = 2.5, spread: float = 0.0, dark: int = 0) -> Gray:
    """Return an A4 page with these bars (inches), each broader by `spread` at both edges."""
    page: NDArray[np.uint8] = np.full((round(11.69 * dpi), round(8.27 * dpi)), 245, np.uint8)
    top = 1.0
    for bar in bars:
        rows = slice(round((top - spread) * dpi), round((top + bar + spread) * dpi))
        page[rows, round(2.0 * dpi) : round((2.0 + length) * dpi)] = dark
        top += bar + N
    return page


@pytest.mark.parametrize("dpi", [100.0, 150.0, 200.0, 204.0, 300.0, 600.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_patch_t_is_found_at_every_resolution_however_the_sheet_went_through(dpi: float, turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(sheet(PATCH_T, dpi), turns))

    (found,) = patches_of(page, dpi)

    assert (found.text, found.symbology) == (TEXT, SYMBOLOGY)
    longer, shorter = sorted((found.box.width / dpi, found.box.height / dpi), reverse=True)
    assert abs(longer - 2.5) < 0.5
    assert abs(shorter - 0.8) < 0.1


def test_box_is_where_the_bars_are() -> None:
    (found,) = patches_of(sheet(PATCH_T, 200.0), 200.0)

    assert abs(found.box.left - 400) <= 40
    assert abs(found.box.right - 900) <= 40
    assert abs(found.box.top - 200) <= 8
    assert abs(found.box.bottom - 360) <= 8


def test_head_and_foot_cannot_be_told() -> None:
    assert len(patches_of(sheet(PATCH_3), 200.0)) == 1


@pytest.mark.parametrize("spread", [-0.012, 0.012])
def test_bars_that_print_broader_or_thinner_are_found(spread: float) -> None:
    assert len(patches_of(sheet(PATCH_T, spread=spread), 200.0)) == 1


def test_gray_bars_are_found() -> None:
    assert len(patches_of(sheet(PATCH_T, dark=120), 200.0)) == 1


def test_other_patch_codes_are_none() -> None:
    assert patches_of(sheet(PATCH_2), 200.0) == ()


def test_bars_too_short_for_a_patch_are_none() -> None:
    assert patches_of(sheet(PATCH_T, length=1.2), 200.0) == ()


@pytest.mark.parametrize("step", [20, 31, 47])
def test_lines_of_a_form_are_none(step: int) -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    for row in range(200, 2000, step):
        page[row : row + step // 3, 150:1500] = 0

    assert patches_of(page, 200.0) == ()


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 400))
def test_noise_is_none(seed: int, blob: int, share: int) -> None:
    random = np.random.default_rng(seed)
    coarse = (random.random((1200 // blob + 1, 900 // blob + 1)) * 1000 < share * 2).astype(np.uint8)
    page = (255 * (1 - np.kron(coarse, np.ones((blob, blob), np.uint8)))).astype(np.uint8)

    assert patches_of(page, 100.0) == ()


def test_white_and_black_pages_bear_none() -> None:
    assert patches_of(np.full((500, 400), 255, np.uint8), 100.0) == ()
    assert patches_of(np.zeros((500, 400), np.uint8), 100.0) == ()


def test_no_page_of_the_demo_bears_one() -> None:
    for path in sorted(SCANS.rglob("*.jp*g")) + sorted(SCANS.rglob("*.tif*")):
        frame = displayed_frame(decode(path, 1))

        assert patches_of(frame.pixels, frame.dpi) == (), path.name
