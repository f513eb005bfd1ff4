"""JPEG strips of a TIFF become one JPEG of the same coded bytes, or stay apart."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ingest.encoded_pictures import image_strips
from ingest.image_pages import opened_image
from ingest.tiff_jpeg import NotJoinable, joined_jpeg
from ingest.tiff_pictures import tiff_picture
from ingest.values import ScanFormat
from tests.ingest.making import tiff_bytes, written
from tests.ingest.test_image_record import coloured, pictures_of, record_of

JPEG_TABLES, ROWS_PER_STRIP = 347, 278


def strips_of(content: bytes) -> tuple[list[bytes], bytes]:
    with Image.open(io.BytesIO(content)) as image:
        return list(image_strips(image)), image.tag_v2[JPEG_TABLES]  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("rows", [8, 64, 216, 220])
def test_joined_strips_decode_to_the_same_pixels(rows: int, mode: str) -> None:
    content = tiff_bytes([coloured(mode)], compression="jpeg", tiffinfo={ROWS_PER_STRIP: rows})
    strips, tables = strips_of(content)

    joined = joined_jpeg(strips, tables, rows, is_rgb=mode == "RGB")

    with Image.open(io.BytesIO(joined)) as ours, Image.open(io.BytesIO(content)) as theirs:
        assert ours.tobytes() == theirs.tobytes()


def test_more_strips_than_restart_markers_have_numbers_are_joined() -> None:
    content = tiff_bytes([coloured("L").resize((40, 400))], compression="jpeg", tiffinfo={ROWS_PER_STRIP: 16})
    strips, tables = strips_of(content)

    joined = joined_jpeg(strips, tables, 16, is_rgb=False)

    assert len(strips) == 25
    with Image.open(io.BytesIO(joined)) as ours, Image.open(io.BytesIO(content)) as theirs:
        assert ours.tobytes() == theirs.tobytes()


def test_colours_halved_down_the_page_stay_as_they_are_coded(tmp_path: Path) -> None:
    """Only the rows at the edge of a strip may be smoothed otherwise: a decoder sees the next strip's colour there."""
    page = coloured("YCbCr")
    content = tiff_bytes([page], compression="jpeg", tiffinfo={ROWS_PER_STRIP: 16})

    _, record = record_of(tmp_path, ".tif", content)

    assert pictures_of(record)[0]["/Filter"] == "/DCTDecode"
    assert len(pictures_of(record)[0]["raw"]) < 1.02 * len(content)
    with pikepdf.open(record) as pdf, Image.open(io.BytesIO(content)) as theirs:
        stream: Any = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
        ours = np.asarray(pikepdf.PdfImage(stream).as_pil_image())
        inner = (np.arange(page.height) % 16 > 0) & (np.arange(page.height) % 16 < 15)
        assert np.array_equal(ours[inner], np.asarray(theirs.convert("RGB"))[inner])


def test_record_of_jpeg_strips_is_hardly_larger_than_the_scan(tmp_path: Path) -> None:
    pages = [coloured("L").resize((1240, 1754))] * 2

    scan, record = record_of(tmp_path, ".tif", tiff_bytes(pages, compression="jpeg"))

    assert record.stat().st_size < scan.stat().st_size + 3_000


def garbled(strips: list[bytes], change: Any) -> list[bytes]:
    return [strips[0], change(strips[1]), *strips[2:]]


@pytest.mark.parametrize(
    "change",
    [
        lambda strip: strip[:-2],
        lambda strip: strip[:40],
        lambda strip: b"",
        lambda strip: b"\xff\xd8\xff\xd9",
        lambda strip: strip[:-2] + b"\xff\xd0\x00\xff\xd9",
        lambda strip: strip.replace(b"\xff\xc0", b"\xff\xc2"),
        lambda strip: b"\xff\xd8\xff\xdd\x00\x04\x00\x02" + strip[2:],
    ],
    ids=["no end", "cut short", "empty", "no scan", "restarts", "progressive", "interval"],
)
def test_strips_that_differ_are_not_joined(change: Any) -> None:
    strips, tables = strips_of(tiff_bytes([coloured("L")], compression="jpeg", tiffinfo={ROWS_PER_STRIP: 64}))

    with pytest.raises(NotJoinable):
        joined_jpeg(garbled(strips, change), tables, 64, is_rgb=False)


def test_strips_that_end_within_a_row_of_blocks_are_not_joined() -> None:
    strips, tables = strips_of(tiff_bytes([coloured("L")], compression="jpeg", tiffinfo={ROWS_PER_STRIP: 64}))

    with pytest.raises(NotJoinable):
        joined_jpeg(strips, tables, 60, is_rgb=False)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=3), st.binary(max_size=40), st.integers(1, 100))
def test_no_bytes_make_joining_fail_otherwise_than_by_saying_so(strips: list[bytes], tables: bytes, rows: int) -> None:
    with pytest.raises(NotJoinable):
        joined_jpeg([b"\xff\xd8" + strip for strip in strips], b"\xff\xd8" + tables, rows, is_rgb=False)


def test_jpeg_that_cannot_be_joined_keeps_its_pixels(tmp_path: Path) -> None:
    four_inks = coloured("CMYK")
    content = tiff_bytes([four_inks], compression="jpeg")
    scan = written(tmp_path / "a.tif", content)

    with opened_image(scan, ScanFormat.TIFF, 1) as image:
        picture = tiff_picture(image)

    assert picture.entries["/Filter"] == pikepdf.Name.FlateDecode
