"""A record made of a PDF holds its own pages only, and nothing that acts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest

from ingest.pdf_parts import keep_pages
from tests.ingest.making import pdf_bytes, picture, scanned_pdf, written


def saved(pdf: pikepdf.Pdf, tmp_path: Path, *page_numbers: int) -> bytes:
    """Return the record's bytes, all its objects and streams uncompressed."""
    with pikepdf.open(written(tmp_path / "scan.pdf", pdf_bytes(pdf))) as scan:
        keep_pages(scan, page_numbers)
        return pdf_bytes(
            scan,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )


def link(**entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 10, 10], **entries)


def script(text: bytes = b"app.alert(1)") -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=text)


def test_scripts_launchers_and_embedded_files_go_and_links_stay(tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    payload = pdf.make_stream(b"MZ PAYLOAD")
    attached = pikepdf.Dictionary(F=b"evil.exe", EF=pikepdf.Dictionary(F=payload))
    pdf.Root["/OpenAction"] = script()
    pdf.Root["/AA"] = pikepdf.Dictionary(WC=script())
    pdf.Root["/Names"] = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([b"a", script()])),
        EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([b"evil.exe", attached])),
    )
    pdf.pages[0].obj["/AA"] = pikepdf.Dictionary(O=script())
    pdf.pages[0].obj["/Annots"] = pikepdf.Array(
        [
            link(A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=b"evil.exe")),
            link(A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=b"http://kept.example", Next=script())),
            link(A=pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit]))),
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=attached
            ),
        ]
    )

    record = saved(pdf, tmp_path, 1, 2)

    for gone in (b"JavaScript", b"app.alert", b"Launch", b"evil.exe", b"PAYLOAD", b"/OpenAction", b"/AA"):
        assert gone not in record
    assert b"http://kept.example" in record
    assert record.count(b"/GoTo") == 1


def test_outline_of_a_whole_scan_stays_without_its_scripts(tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    with pdf.open_outline() as outline:
        outline.root.extend([pikepdf.OutlineItem("first", 0), pikepdf.OutlineItem("second", 1)])
    pdf.Root["/Outlines"]["/First"]["/A"] = script()
    pdf.Root["/Outlines"]["/First"]["/Next"]["/Next"] = pdf.Root["/Outlines"]["/First"]

    record = saved(pdf, tmp_path, 1, 2)

    assert b"second" in record
    assert b"JavaScript" not in record


def test_part_of_a_scan_holds_no_picture_outline_or_link_target_of_the_rest(tmp_path: Path) -> None:
    pdf = scanned_pdf(3)
    shared = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(
            {f"/Im{index}": page.obj["/Resources"]["/XObject"]["/Im0"] for index, page in enumerate(pdf.pages)}
        )
    )
    for index, page in enumerate(pdf.pages):
        page.obj["/Resources"] = pdf.make_indirect(shared)
        page.obj["/Contents"] = pdf.make_stream(f"q 595 0 0 842 0 0 cm /Im{index} Do Q % page {index}".encode())
    pdf.pages[1].obj["/Annots"] = pikepdf.Array([link(Dest=pikepdf.Array([pdf.pages[2].obj, pikepdf.Name.Fit]))])
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("third", 2))

    record = saved(pdf, tmp_path, 2)

    assert record.count(b"/Subtype /Image") == 1
    assert b"% page 1" in record
    assert b"% page 0" not in record
    assert b"% page 2" not in record
    assert b"third" not in record


@pytest.mark.parametrize(
    ("page_number", "kept", "gone"), [(1, b"value one", b"value two"), (2, b"value two", b"value one")]
)
def test_form_keeps_the_fields_shown_on_its_pages(page_number: int, kept: bytes, gone: bytes, tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    parent = pdf.make_indirect(pikepdf.Dictionary(T=b"parent", FT=pikepdf.Name.Tx))
    widgets = [
        pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                Rect=[0, 0, 99, 20],
                Parent=parent,
                V=value,
                P=page.obj,
                AA=pikepdf.Dictionary(K=script()),
            )
        )
        for page, value in zip(pdf.pages, (b"value one", b"value two"), strict=True)
    ]
    parent["/Kids"] = pikepdf.Array(widgets)
    for page, widget in zip(pdf.pages, widgets, strict=True):
        page.obj["/Annots"] = pikepdf.Array([widget])
    pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array([parent]), XFA=pdf.make_stream(b"<xdp/>"))

    record = saved(pdf, tmp_path, page_number)

    assert kept in record
    assert gone not in record
    assert b"<xdp/>" not in record
    assert b"JavaScript" not in record


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/Annots", pikepdf.Dictionary(A=1)),
        ("/Annots", pikepdf.Array([1, pikepdf.Name.X])),
        ("/Annots", pikepdf.Array([link(A=pikepdf.String("not an action"))])),
    ],
)
def test_annotations_that_are_none_do_no_harm(key: str, value: pikepdf.Object, tmp_path: Path) -> None:
    pdf = scanned_pdf(page=picture())
    pdf.pages[0].obj[key] = value

    record = saved(pdf, tmp_path, 1)

    assert b"not an action" not in record


@pytest.mark.parametrize(
    "form",
    [
        pikepdf.Dictionary(),
        pikepdf.Dictionary(Fields=3),
        pikepdf.Dictionary(Fields=pikepdf.Array([1])),
        pikepdf.Dictionary(Fields=pikepdf.Array([pikepdf.Dictionary(Kids=3)])),
    ],
)
def test_form_without_a_field_that_is_shown_goes(form: pikepdf.Object, tmp_path: Path) -> None:
    pdf = scanned_pdf()
    pdf.Root["/AcroForm"] = form

    record = saved(pdf, tmp_path, 1)

    assert b"/AcroForm" not in record
