"""The searchable PDF: our text where it is printed, the scanner's pages untouched, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from ingest.interfaces import Fault, ScanUnreadable
from ingest.text_layer import STAMP_KEY, write_record_pdf
from ingest.values import PageText, ScanFormat, TextSource
from tests.ingest.making import (
    add_page,
    digital_pdf,
    jpeg_bytes,
    pdf_bytes,
    picture,
    png_bytes,
    scanned_pdf,
    tiff_bytes,
    written,
)
from tests.ingest.page_texts import HEIGHT_PX, LINES, WIDTH_PX, found_in, page_text


def record_of(scan: Path, scan_format: ScanFormat, *pages: PageText, stamp: str | None = None) -> Path:
    path = scan.with_name("record.pdf")
    write_record_pdf(scan, scan_format, pages or (page_text(),), path, stamp)
    return path


def picture_bytes(path: Path, page_index: int = 0) -> bytes:
    with pikepdf.open(path) as pdf:
        (picture_stream,) = pdf.pages[page_index].obj["/Resources"]["/XObject"].values()
        return picture_stream.read_raw_bytes()


@pytest.mark.parametrize("rotation_cw", [0, 90, 180, 270])
@pytest.mark.parametrize("own_rotation", [0, 90, 180, 270])
def test_every_word_is_found_inside_its_box_whatever_the_turn(
    tmp_path: Path, own_rotation: int, rotation_cw: int
) -> None:
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(rotate=own_rotation)))
    is_landscape = (own_rotation + rotation_cw) % 180 == 90
    page = page_text(rotation_cw=rotation_cw, size_px=(HEIGHT_PX, WIDTH_PX) if is_landscape else (WIDTH_PX, HEIGHT_PX))

    record = record_of(scan, ScanFormat.PDF, page)

    found = found_in(record, page)
    words = [word.text for printed in page.lines for word in printed.words]
    assert words == [" ".join(text.split()) for text in found.inside]


def test_lines_come_out_whole_and_without_blanks_between_han_signs(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes())

    record = record_of(scan, ScanFormat.JPEG)

    assert [printed.text for printed in LINES] == found_in(record, page_text()).text.splitlines()


def test_jpeg_stands_in_the_record_byte_for_byte(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.jpg", jpeg_bytes(picture(mode="RGB")) + b"trailer of a telephone")

    record = record_of(scan, ScanFormat.JPEG)

    assert scan.read_bytes() == picture_bytes(record)


def test_same_scan_gives_same_bytes_and_another_stamp_others(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.png", png_bytes())

    first, again, other = (record_of(scan, ScanFormat.PNG, stamp=stamp).read_bytes() for stamp in ("R-1", "R-1", "R-2"))

    assert first == again
    assert first != other
    with pikepdf.open(tmp_path / "record.pdf") as record:
        assert str(record.docinfo[STAMP_KEY]) == "R-2"


def test_record_that_is_a_part_of_a_scan_holds_nothing_of_the_rest(tmp_path: Path) -> None:
    pdf = scanned_pdf()
    shared = pdf.pages[0].obj["/Resources"]
    for shade in (40, 80):
        other = scanned_pdf(page=picture().point(lambda value, shade=shade: max(value, shade)))
        shared["/XObject"][f"/Im{shade}"] = pdf.copy_foreign(other.pages[0].obj["/Resources"]["/XObject"]["/Im0"])
        page = add_page(pdf, f"q 595 0 0 842 0 0 cm /Im{shade} Do Q".encode())
        page.obj["/Resources"] = shared
    scan = written(tmp_path / "a.pdf", pdf_bytes(pdf))

    record = record_of(scan, ScanFormat.PDF, page_text(2))

    with pikepdf.open(record) as kept:
        pictures = [o for o in kept.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        assert 1 == len(kept.pages) == len(pictures)


def test_hidden_text_of_another_program_is_dropped_and_visible_text_stays(tmp_path: Path) -> None:
    hidden = b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG READING) Tj 0 Tr 0 -20 Td (stamped) Tj ET"
    scan = written(tmp_path / "a.pdf", pdf_bytes(scanned_pdf(extra=hidden)))

    record = record_of(scan, ScanFormat.PDF)

    text = found_in(record, page_text()).text
    assert "WRONG" not in text
    assert "stamped" in text
    assert "户号：1687189159" in text


def test_page_born_digital_keeps_its_own_text_only(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.pdf", pdf_bytes(digital_pdf("Customer No. 1687189159")))
    page = page_text(source=TextSource.OWN)

    record = record_of(scan, ScanFormat.PDF, page)

    assert found_in(record, page).text == "Customer No. 1687189159"


def test_tiff_that_a_pdf_cannot_hold_exactly_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    scan = written(tmp_path / "a.tif", tiff_bytes([picture(mode="F")]))

    with pytest.raises(ScanUnreadable) as raised:
        record_of(scan, ScanFormat.TIFF)

    assert Fault.PIXELS_DIFFER is raised.value.fault
    assert [scan] == list(tmp_path.iterdir())
