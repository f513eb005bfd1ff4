"""What a file is by its content, and whether all of it has arrived."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.formats import PDF_JUNK_BYTES, format_of, format_of_head
from ingest.interfaces import Fault
from ingest.values import ScanFormat
from ingest.wholeness import fault_of
from tests.ingest.making import (
    digital_pdf,
    jpeg_bytes,
    pdf_bytes,
    picture,
    png_bytes,
    scanned_pdf,
    tiff_bytes,
    written,
)

WHOLE: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: pdf_bytes(scanned_pdf(2)),
    "born digital pdf": lambda: pdf_bytes(digital_pdf()),
    "linearized pdf": lambda: pdf_bytes(scanned_pdf(2), linearize=True),
    "jpeg": jpeg_bytes,
    "progressive jpeg": lambda: jpeg_bytes(progressive=True),
    "png": png_bytes,
    "tiff": lambda: tiff_bytes([picture(), picture()]),
    "tiff group4": lambda: tiff_bytes([picture(mode="1")] * 3, compression="group4"),
    "tiff big": lambda: tiff_bytes([picture()], big_tiff=True),
    "tiff jpeg": lambda: tiff_bytes([picture()], compression="jpeg"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_scan_is_known_and_without_fault(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "scan.xyz", WHOLE[name]())

    found = format_of(path)

    assert found is not None
    assert found.value in name
    assert fault_of(path) is None


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
@pytest.mark.parametrize("name", WHOLE)
def test_scan_cut_short_anywhere_is_not_whole(name: str, share: float, tmp_path: Path) -> None:
    content = WHOLE[name]()

    path = written(tmp_path / "scan", content[: max(20, int(len(content) * share))])

    assert fault_of(path) in {Fault.DAMAGED, Fault.NOT_A_SCAN}


@pytest.mark.parametrize("name", ["pdf", "jpeg", "png", "tiff group4", "tiff big"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_beginning_of_a_scan_counts_as_whole(name: str, data: st.DataObject, tmp_path: Path) -> None:
    """Whatever the moment at which a slow copy is looked at. A few last bytes may be padding: a line's end, zeros in a TIFF."""
    content = WHOLE[name]()
    length = data.draw(st.integers(0, len(content) - 16))

    path = written(tmp_path / "scan", content[:length])

    assert fault_of(path) is not None


@pytest.mark.parametrize("name", ["pdf", "png", "jpeg", "tiff"])
def test_place_kept_free_for_the_rest_is_not_whole(name: str, tmp_path: Path) -> None:
    """Explorer sets the final size first: the end of the file is zeros until the copy is done."""
    content = WHOLE[name]()
    half = len(content) // 2

    path = written(tmp_path / "scan", content[:half] + bytes(len(content) - half))

    assert fault_of(path) is not None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    beginning=st.sampled_from(
        [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b""]
    ),
    rest=st.binary(max_size=300),
)
def test_any_bytes_at_all_get_an_answer(beginning: bytes, rest: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "scan", beginning + rest)

    assert fault_of(path) is None or fault_of(path) in set(Fault)


def test_circle_of_tiff_pages_ends(tmp_path: Path) -> None:
    content = bytearray(tiff_bytes([picture(mode="1")], compression="group4"))
    first = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[first : first + 2], "little")
    end = first + 2 + 12 * count
    content[end : end + 4] = first.to_bytes(4, "little")

    path = written(tmp_path / "scan.tif", bytes(content))

    assert fault_of(path) is Fault.DAMAGED


def test_leading_junk_is_allowed_before_a_pdf(tmp_path: Path) -> None:
    content = b"X-Fax: 1\r\n" * 100 + pdf_bytes(digital_pdf())

    path = written(tmp_path / "fax.pdf", content)

    assert format_of(path) is ScanFormat.PDF
    assert fault_of(path) is None


@given(st.binary(min_size=PDF_JUNK_BYTES + 1, max_size=PDF_JUNK_BYTES + 100).filter(lambda junk: b"%PDF-" not in junk))
def test_more_junk_than_readers_bear_is_no_pdf(junk: bytes) -> None:
    assert format_of_head(b"x" + junk + b"%PDF-1.4") is None


def test_pdf_padded_with_zeros_after_its_end_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "scan.pdf", pdf_bytes(digital_pdf()) + bytes(5000))

    assert fault_of(path) is None


def test_film_behind_a_photograph_is_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "IMG_1.jpg", jpeg_bytes() + b"\0\0\0\x18ftypmp42" + bytes(3000))

    assert fault_of(path) is None


def test_thumbnail_s_end_is_not_the_photograph_s(tmp_path: Path) -> None:
    thumbnail = jpeg_bytes(picture(60, 80))
    exif = b"Exif\0\0" + b"II*\0\x08\0\0\0\0\0\0\0\0\0" + thumbnail
    content = jpeg_bytes(picture(), exif=exif)

    path = written(tmp_path / "IMG_2.jpg", content[: len(content) // 2])

    assert content.count(b"\xff\xd9") == 2
    assert fault_of(path) is Fault.DAMAGED


def test_png_with_a_hole_is_damaged(tmp_path: Path) -> None:
    content = bytearray(png_bytes(Image.effect_noise((300, 300), 60)))
    content[5000:7000] = bytes(2000)

    path = written(tmp_path / "scan.png", bytes(content))

    assert fault_of(path) is Fault.DAMAGED


def test_encrypted_pdf_says_so(tmp_path: Path) -> None:
    encryption = pikepdf.Encryption(owner="owner", user="secret")
    path = written(tmp_path / "scan.pdf", pdf_bytes(scanned_pdf(), encryption=encryption))

    assert fault_of(path) is Fault.ENCRYPTED


def test_pdf_that_only_forbids_printing_is_readable(tmp_path: Path) -> None:
    encryption = pikepdf.Encryption(owner="owner", user="")
    path = written(tmp_path / "scan.pdf", pdf_bytes(scanned_pdf(), encryption=encryption))

    assert fault_of(path) is None


def test_pdf_without_pages_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "scan.pdf", pdf_bytes(pikepdf.new()))

    assert fault_of(path) is Fault.NO_PAGES


def test_empty_file_says_so(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path / "scan.pdf", b"")) is Fault.EMPTY


def test_name_does_not_make_a_scan(tmp_path: Path) -> None:
    assert fault_of(written(tmp_path / "scan.pdf", b"PK\x03\x04 a word processor's file")) is Fault.NOT_A_SCAN


def test_link_folder_and_fifo_are_no_files(tmp_path: Path) -> None:
    real = written(tmp_path / "real.pdf", pdf_bytes(digital_pdf()))
    link = tmp_path / "link.pdf"
    link.symlink_to(real)
    fifo = tmp_path / "fifo.pdf"
    os.mkfifo(fifo)

    assert [fault_of(path) for path in (link, tmp_path, fifo)] == [Fault.NOT_REGULAR] * 3
