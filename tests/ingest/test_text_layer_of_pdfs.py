"""Records of PDFs of every odd kind: our words stand in their boxes, and the page looks as it did."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ingest.values import ScanFormat
from tests.ingest.making import pdf_bytes, scanned_pdf, written
from tests.ingest.page_texts import (
    ALL_TEXT,
    HEIGHT_PX,
    LINES,
    WIDTH_PX,
    found_in,
    found_inside,
    line,
    page_text,
    record_of,
    upright,
    words_of,
)


def shifted(pdf: pikepdf.Pdf) -> tuple[int, int]:
    """Move everything that pages inherit up the tree, with an origin that is not at 0, 0."""
    page = pdf.pages[0].obj
    root: Any = pdf.Root["/Pages"]
    page["/Contents"] = pdf.make_stream(b"q 595.276 0 0 841.89 -50 100 cm /Im0 Do Q")
    root["/Resources"], root["/Rotate"] = page["/Resources"], 90
    root["/MediaBox"] = pikepdf.Array([-50, 100, 545.276, 941.89])
    for key in ("/MediaBox", "/Resources", "/Rotate"):
        del page[key]
    return HEIGHT_PX, WIDTH_PX


def cropped(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].obj["/CropBox"] = pikepdf.Array([50, 60, 500, 700])
    return 450, 640


def in_user_units(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].obj["/UserUnit"] = 2.0
    return WIDTH_PX, HEIGHT_PX


def upside_down_box(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].obj["/MediaBox"] = pikepdf.Array([595.276, 841.89, 0, 0])
    return WIDTH_PX, HEIGHT_PX


def turned_backwards(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].obj["/Rotate"] = -90
    return HEIGHT_PX, WIDTH_PX


def unbalanced(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].contents_add(b"Q Q q q 0.5 0 0 0.5 100 100 cm q")
    return WIDTH_PX, HEIGHT_PX


def unterminated(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].contents_add(b"BT (no end Tj ET")
    return WIDTH_PX, HEIGHT_PX


def two_pictures(pdf: pikepdf.Pdf) -> tuple[int, int]:
    halves = b"q 595 0 0 420 0 421 cm /Im0 Do Q q 595 0 0 421 0 0 cm /Im0 Do Q"
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(halves)
    return WIDTH_PX, HEIGHT_PX


def without_content(pdf: pikepdf.Pdf) -> tuple[int, int]:
    del pdf.pages[0].obj["/Contents"]
    return WIDTH_PX, HEIGHT_PX


def without_resources(pdf: pikepdf.Pdf) -> tuple[int, int]:
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"0 0 9 9 re f")
    del pdf.pages[0].obj["/Resources"]
    return WIDTH_PX, HEIGHT_PX


@pytest.mark.parametrize(
    "odd",
    [
        shifted,
        cropped,
        in_user_units,
        upside_down_box,
        turned_backwards,
        unbalanced,
        unterminated,
        two_pictures,
        without_content,
        without_resources,
    ],
)
@pytest.mark.parametrize("rotation_cw", [0, 90])
def test_words_stand_in_their_boxes_and_the_page_looks_the_same_however_odd_the_pdf(
    odd: Callable[[pikepdf.Pdf], tuple[int, int]], rotation_cw: int, tmp_path: Path
) -> None:
    pdf = scanned_pdf()
    size = upright(odd(pdf), rotation_cw)
    scan = written(tmp_path / "a.pdf", pdf_bytes(pdf))
    lines = tuple(line(each.text, *each.words) for each in LINES[:2])
    page = page_text(lines=lines, rotation_cw=rotation_cw, size_px=size)

    record = record_of(scan, ScanFormat.PDF, page)

    assert [re.sub(r"\s", "", text) for text in words_of(page)] == found_inside(record, page)
    with pypdfium2.PdfDocument(scan) as old, pypdfium2.PdfDocument(record) as new:
        after = new[0]
        assert (old[0].get_rotation() + rotation_cw) % 360 == after.get_rotation()
        after.set_rotation(old[0].get_rotation())
        assert old[0].render().to_numpy().tobytes() == after.render().to_numpy().tobytes()


@pytest.mark.parametrize(
    "options",
    [
        {"encryption": pikepdf.Encryption(owner="owner", user="", R=6)},
        {"encryption": pikepdf.Encryption(owner="owner", user="", R=3, aes=False, metadata=False)},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
    ],
    ids=["encrypted", "encrypted long ago", "object streams", "linearized"],
)
def test_record_of_a_pdf_stored_in_any_way_is_plain(options: dict[str, Any], tmp_path: Path) -> None:
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(), **options))

    record = record_of(scan, ScanFormat.PDF)

    assert found_in(record, page_text()).text == ALL_TEXT
    with pikepdf.open(record) as pdf:
        assert not pdf.is_encrypted
        assert pdf.check_pdf_syntax() == []


def test_scan_whose_name_is_no_unicode_is_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"scan\xff\xfe.pdf")
    scan = written(tmp_path / name, pdf_bytes(scanned_pdf()))

    record = record_of(scan, ScanFormat.PDF)

    assert found_in(record, page_text()).text == ALL_TEXT
