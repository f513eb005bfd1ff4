"""What another program hid on a scanned page goes; what is seen stays to the last pixel."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from ingest.hidden_text import strip_hidden_text
from ingest.page_frame import frame_of
from tests.ingest.making import pdf_bytes, scanned_pdf, written

VISIBLE_FIRST = b"BT /F1 12 Tf 0 Tr 100 700 Td (visible) Tj ET "


def form(pdf: pikepdf.Pdf, content: bytes, resources: pikepdf.Object | None = None) -> pikepdf.Stream:
    """Return a form that draws this content."""
    stream = pikepdf.Stream(pdf, content)
    stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    stream["/BBox"] = pikepdf.Array([0, 0, 600, 850])
    if resources is not None:
        stream["/Resources"] = resources
    return stream


def with_form(pdf: pikepdf.Pdf, drawn: pikepdf.Object, before: bytes = b"") -> pikepdf.Pdf:
    """Let every page draw the form after what it draws already."""
    for page in pdf.pages:
        page.obj["/Resources"]["/XObject"]["/Fm0"] = drawn
        page.contents_add(b"q " + before + b" /Fm0 Do Q")
    return pdf


def stripped(pdf: pikepdf.Pdf, tmp_path: Path) -> tuple[str, bool]:
    """Return the text of the first page after stripping, and whether its pixels are still the same."""
    before = written(tmp_path / "before.pdf", pdf_bytes(pdf))
    page = pdf.pages[0]
    strip_hidden_text(pdf, page, frame_of(page))
    after = written(tmp_path / "after.pdf", pdf_bytes(pdf))
    with pypdfium2.PdfDocument(before) as old, pypdfium2.PdfDocument(after) as new:
        text = new[0].get_textpage().get_text_range()
        is_same = old[0].render().to_numpy().tobytes() == new[0].render().to_numpy().tobytes()
    return text, is_same


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG) Tj ET",
        b"BT /F1 12 Tf 3 Tr 1 0 0 1 30 30 Tm [(WR) -20 (ONG)] TJ 14 TL T* (WRONG) Tj (WRONG) ' 1 2 (WRONG) \" ET",
        b"q 3 Tr BT /F1 12 Tf 9 9 Td (WRONG) Tj ET Q BT /F1 12 Tf 50 50 Td (kept) Tj ET",
        b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG) Tj 0 Tr 0 -20 Td (kept) Tj 3 Tr 20 TL (WRONG) ' 0 Tr (kept) ' ET",
        b"/X Tr BT /F1 12 Tf 3 Tr (WRONG) Tj ET",
        b"/OC /MC0 BDC BT /F1 12 Tf 3 Tr (WRONG) Tj ET EMC",
    ],
)
def test_text_drawn_in_mode_3_goes(content: bytes, tmp_path: Path) -> None:
    text, is_same = stripped(scanned_pdf(extra=VISIBLE_FIRST + content), tmp_path)

    assert "WRONG" not in text
    assert text.count("kept") == content.count(b"kept")
    assert "visible" in text
    assert is_same


def test_text_under_a_picture_that_covers_the_page_goes(tmp_path: Path) -> None:
    pdf = scanned_pdf()
    page = pdf.pages[0]
    page.contents_add(b"BT /F1 12 Tf 100 700 Td (WRONG) Tj ET ", prepend=True)
    page.contents_add(VISIBLE_FIRST)

    text, is_same = stripped(pdf, tmp_path)

    assert text.strip() == "visible"
    assert is_same


def test_text_beside_a_smaller_picture_stays(tmp_path: Path) -> None:
    pdf = scanned_pdf(matrix="400 0 0 400 50 50")
    pdf.pages[0].contents_add(b"BT /F1 12 Tf 100 700 Td (visible) Tj ET ", prepend=True)

    text, is_same = stripped(pdf, tmp_path)

    assert text.strip() == "visible"
    assert is_same


@pytest.mark.parametrize("owns_resources", [True, False])
def test_text_hidden_in_a_form_goes_from_every_page_that_draws_it(owns_resources: bool, tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    inner = form(pdf, b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG) Tj ET", pdf.pages[0].obj["/Resources"])
    names = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/Fm1": inner})) if owns_resources else None
    outer = form(pdf, b"/Fm1 Do", names)
    if not owns_resources:
        for page in pdf.pages:
            page.obj["/Resources"]["/XObject"]["/Fm1"] = inner
    with_form(pdf, outer)
    second = pdf.pages[1]

    strip_hidden_text(pdf, second, frame_of(second))
    text, is_same = stripped(pdf, tmp_path)

    with pypdfium2.PdfDocument(tmp_path / "after.pdf") as saved:
        assert saved[1].get_textpage().get_text_range().strip() == ""
    assert text.strip() == ""
    assert is_same


def test_form_drawn_while_text_is_hidden_hides_its_text_for_that_page_only(tmp_path: Path) -> None:
    pdf = scanned_pdf(2)
    shared = form(pdf, b"BT /F1 12 Tf 100 700 Td (seen or hidden) Tj ET", pdf.pages[0].obj["/Resources"])
    for page, mode in zip(pdf.pages, (b"3 Tr", b"0 Tr"), strict=True):
        page.obj["/Resources"] = pikepdf.Dictionary(dict(page.obj["/Resources"].items()))
        page.obj["/Resources"]["/XObject"] = pikepdf.Dictionary(
            dict(page.obj["/Resources"]["/XObject"].items()) | {"/Fm0": shared}
        )
        page.contents_add(b"q " + mode + b" /Fm0 Do Q")

    text, is_same = stripped(pdf, tmp_path)

    with pypdfium2.PdfDocument(tmp_path / "after.pdf") as saved:
        assert saved[1].get_textpage().get_text_range().strip() == "seen or hidden"
    assert text.strip() == ""
    assert is_same


def test_text_that_clips_what_follows_stays(tmp_path: Path) -> None:
    clipped = b"q BT /F1 200 Tf 7 Tr 50 300 Td (CLIP) Tj ET 0.5 g 0 0 600 800 re f Q"

    text, is_same = stripped(scanned_pdf(extra=clipped), tmp_path)

    assert "CLIP" in text
    assert is_same


def test_hidden_text_that_places_visible_text_stays(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 3 Tr 100 700 Td (before) Tj 0 Tr (visible) Tj ET"

    text, is_same = stripped(scanned_pdf(extra=content), tmp_path)

    assert text.strip() == "beforevisible"
    assert is_same


def test_drawn_letters_stay_whatever_the_mode(tmp_path: Path) -> None:
    """A Type 3 font is drawn in mode 3, too (ISO 32000-1, 9.3.6)."""
    pdf = scanned_pdf()
    glyph = pdf.make_stream(b"500 0 0 0 500 500 d1 0 0 500 500 re f")
    pdf.pages[0].obj["/Resources"]["/Font"]["/T3"] = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type3,
        FontBBox=[0, 0, 500, 500],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=pikepdf.Dictionary(a=glyph),
        Encoding=pikepdf.Dictionary(Differences=pikepdf.Array([97, pikepdf.Name.a])),
        FirstChar=97,
        LastChar=97,
        Widths=[500],
        Resources=pikepdf.Dictionary(),
    )
    pdf.pages[0].contents_add(b"BT /T3 40 Tf 3 Tr 200 300 Td (aaa) Tj ET")

    text, is_same = stripped(pdf, tmp_path)

    assert text.strip() == "aaa"
    assert is_same


def test_page_without_hidden_text_is_not_touched() -> None:
    pdf = scanned_pdf(extra=VISIBLE_FIRST)
    before = pdf.pages[0].obj["/Contents"].read_raw_bytes()

    is_changed = strip_hidden_text(pdf, pdf.pages[0], frame_of(pdf.pages[0]))

    assert not is_changed
    assert before == pdf.pages[0].obj["/Contents"].read_raw_bytes()


def test_font_of_hidden_text_goes_with_it() -> None:
    pdf = scanned_pdf(extra=b"BT /F1 12 Tf 3 Tr 100 700 Td (WRONG) Tj ET")

    strip_hidden_text(pdf, pdf.pages[0], frame_of(pdf.pages[0]))

    assert "/F1" not in pdf.pages[0].obj["/Resources"].get("/Font", pikepdf.Dictionary())
