"""A record that shows anything else than the scan is found out before it stands at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ingest.interfaces import Fault, ScanUnreadable
from ingest.pdf_proof import prove
from ingest.text_layer import write_record_pdf
from ingest.values import ScanFormat
from tests.ingest.making import jpeg_bytes, pdf_bytes, picture, png_bytes, scanned_pdf, tiff_bytes, written
from tests.ingest.page_texts import page_text

G4 = tiff_bytes([picture(mode="1")], compression="group4", strip_size=1 << 30)
JPEG_STRIPS = tiff_bytes([picture()], compression="jpeg")
SCANS = {
    "jpeg": (ScanFormat.JPEG, jpeg_bytes()),
    "four inks": (ScanFormat.JPEG, jpeg_bytes(picture(mode="CMYK"))),
    "png": (ScanFormat.PNG, png_bytes()),
    "palette": (ScanFormat.PNG, png_bytes(picture(mode="P"))),
    "clear": (ScanFormat.PNG, png_bytes(picture(mode="RGBA"))),
    "g4": (ScanFormat.TIFF, G4),
    "jpeg strips": (ScanFormat.TIFF, JPEG_STRIPS),
    "pdf": (ScanFormat.PDF, pdf_bytes(scanned_pdf())),
}


def picture_of(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]


def mirror(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"q -446.4 0 0 631.44 446.4 0 cm /Im0 Do Q")


def turn(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj["/Rotate"] = 90


def add_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


def lose_page(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0]


def lose_picture(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"")


def other_picture(pdf: pikepdf.Pdf) -> None:
    picture_of(pdf).write(jpeg_bytes(picture().rotate(180)), filter=pikepdf.Name.DCTDecode)


def inverted(pdf: pikepdf.Pdf) -> None:
    stream = picture_of(pdf)
    if "/DecodeParms" in stream and "/K" in stream["/DecodeParms"]:
        stream["/DecodeParms"]["/BlackIs1"] = not bool(stream["/DecodeParms"].get("/BlackIs1", False))
    elif "/Decode" in stream:
        del stream["/Decode"]
    else:
        stream["/Decode"] = pikepdf.Array([1, 0] * (3 if stream.get("/ColorSpace") == "/DeviceRGB" else 1))


CHANGES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "mirrored": mirror,
    "turned": turn,
    "a page more": add_page,
    "a page less": lose_page,
    "no picture": lose_picture,
    "another picture": other_picture,
    "inverted": inverted,
}


@pytest.mark.parametrize("kind", SCANS)
@pytest.mark.parametrize("change", list(CHANGES))
def test_altered_record_is_not_proven(kind: str, change: str, tmp_path: Path) -> None:
    scan_format, content = SCANS[kind]
    scan, record, altered = written(tmp_path / "scan", content), tmp_path / "record.pdf", tmp_path / "altered.pdf"
    write_record_pdf(scan, scan_format, (page_text(),), record, None)
    with pikepdf.open(record) as pdf:
        CHANGES[change](pdf)
        pdf.save(altered)

    prove(scan, scan_format, (page_text(),), record)
    with pytest.raises(ScanUnreadable) as raised:
        prove(scan, scan_format, (page_text(),), altered)

    assert raised.value.fault is Fault.PIXELS_DIFFER


def test_record_of_a_pdf_that_paints_over_the_page_is_not_proven(tmp_path: Path) -> None:
    scan, record = written(tmp_path / "scan.pdf", pdf_bytes(scanned_pdf())), tmp_path / "record.pdf"
    with pikepdf.open(scan) as pdf:
        pdf.pages[0].contents_add(b"0 0 300 300 re f")
        pdf.save(record)

    with pytest.raises(ScanUnreadable):
        prove(scan, ScanFormat.PDF, (page_text(),), record)


def test_record_of_a_pdf_whose_stamp_is_gone_is_not_proven(tmp_path: Path) -> None:
    pdf = scanned_pdf()
    shown = pdf.make_stream(b"1 0 0 rg 0 0 100 50 re f")
    shown["/Type"], shown["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    shown["/BBox"] = pikepdf.Array([0, 0, 100, 50])
    stamp = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Stamp,
        Rect=[300, 300, 400, 350],
        AP=pikepdf.Dictionary(N=shown),
        F=4,
    )
    pdf.pages[0].obj["/Annots"] = pikepdf.Array([pdf.make_indirect(stamp)])
    scan, record = written(tmp_path / "scan.pdf", pdf_bytes(pdf)), tmp_path / "record.pdf"
    write_record_pdf(scan, ScanFormat.PDF, (page_text(),), record, None)
    prove(scan, ScanFormat.PDF, (page_text(),), record)

    with pikepdf.open(record, allow_overwriting_input=True) as altered:
        del altered.pages[0].obj["/Annots"]
        altered.save(record)

    with pytest.raises(ScanUnreadable):
        prove(scan, ScanFormat.PDF, (page_text(),), record)
