"""Looking at a page from afar: halves are made once, and never of a picture that may have changed since."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from ingest import grays
from ingest.grays import Gray, halved, shrunk_to


def picture(width: int, height: int) -> Gray:
    return np.random.default_rng(4).integers(0, 256, (height, width), np.uint8)


def test_half_is_made_once_of_a_picture_that_cannot_change() -> None:
    page = picture(41, 60)
    page.flags.writeable = False

    first, second = halved(page), halved(page)

    assert first is second
    assert first.shape == (30, 20)
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1


def test_half_follows_a_picture_that_was_written_to() -> None:
    page = np.full((40, 40), 255, np.uint8)
    before = halved(page)

    page[:] = 0

    assert int(before.max()) == 255
    assert int(halved(page).max()) == 0


def test_half_is_forgotten_with_its_picture() -> None:
    known = len(grays._halves)
    page = picture(64, 64)
    page.flags.writeable = False
    shrunk_to(page, (16, 16))

    del page
    gc.collect()

    assert known == len(grays._halves)


def test_remembered_halves_are_what_would_be_made_anew() -> None:
    page = picture(333, 517)
    still = page.copy()
    still.flags.writeable = False

    shrunk_to(still, (100, 150))

    assert np.array_equal(shrunk_to(page, (40, 60)), shrunk_to(still, (40, 60)))


def test_single_pixel_stays_one() -> None:
    assert halved(picture(1, 1)).shape == (1, 1)
