"""Pages as the user sees them, from every format, with their true resolution."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import AppendingTiffWriter

from ingest import image_pages
from ingest.decoded import DecodedPage
from ingest.image_modes import plain
from ingest.interfaces import Fault, ScanUnreadable
from ingest.pages import decode, page_count
from ingest.resolution import true_dpi
from tests.ingest.making import (
    A4_PT,
    add_page,
    dark_corner,
    digital_pdf,
    jpeg_bytes,
    pdf_bytes,
    picture,
    png_bytes,
    scanned_pdf,
    tiff_bytes,
    written,
)


def decoded_pdf(tmp_path: Path, pdf: pikepdf.Pdf, page_number: int = 1) -> DecodedPage:
    return decode(written(tmp_path / "scan.pdf", pdf_bytes(pdf)), page_number)


# ------------------------------------------------------------------ PDF: one picture covers the page


def test_scanned_page_is_the_embedded_picture_itself(tmp_path: Path) -> None:
    page = decoded_pdf(tmp_path, scanned_pdf(page=picture(1240, 1754)))

    assert page.pixels.size == (1240, 1754)
    assert page.pixels.mode == "L"
    assert page.own_lines is None
    assert page.dpi_x == pytest.approx(150, abs=0.5)
    assert (page.width_pt, page.height_pt) == pytest.approx(A4_PT)


@pytest.mark.parametrize(
    ("rotate", "corner"), [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")]
)
def test_rotate_turns_what_is_displayed(tmp_path: Path, rotate: int, corner: str) -> None:
    page = decoded_pdf(tmp_path, scanned_pdf(rotate=rotate))

    assert dark_corner(page.pixels) == corner
    assert (page.pixels.width > page.pixels.height) == (rotate in {90, 270})
    assert (page.width_pt > page.height_pt) == (rotate in {90, 270})


MATRICES = {
    "upright": "595 0 0 842 0 0",
    "flipped down": "595 0 0 -842 0 842",
    "mirrored": "-595 0 0 842 595 0",
    "upside down": "-595 0 0 -842 595 842",
    "quarter left": "0 842 -595 0 595 0",
    "quarter right": "0 -842 595 0 0 842",
    "transposed": "0 842 595 0 0 0",
    "transposed back": "0 -842 -595 0 595 842",
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("name", MATRICES)
def test_taken_out_looks_as_pdfium_renders_it(tmp_path: Path, name: str, rotate: int) -> None:
    """Every way to lay a picture on a page: the short way must show the same as the long one."""
    import pypdfium2

    page = picture(842, 595) if "quarter" in name or "transposed" in name else picture(595, 842)
    path = written(
        tmp_path / "scan.pdf",
        pdf_bytes(scanned_pdf(page=page, size_pt=(595, 842), matrix=MATRICES[name], rotate=rotate)),
    )

    ours = decode(path, 1).pixels
    with pypdfium2.PdfDocument(path) as document:
        theirs = document[0].render(scale=1).to_pil().convert("L")

    assert ours.size == theirs.size
    assert np.abs(np.asarray(ours, float) - np.asarray(theirs, float)).mean() < 3


def test_margin_round_the_picture_is_kept_so_that_boxes_fit_the_page(tmp_path: Path) -> None:
    page = decoded_pdf(tmp_path, scanned_pdf(page=picture(570, 820), size_pt=(595, 842), matrix="570 0 0 820 10 10"))

    assert page.pixels.size == (595, 842)
    assert np.asarray(page.pixels)[:5].min() == 255
    assert page.dpi_x == pytest.approx(72)


def test_crop_box_cuts_what_is_displayed(tmp_path: Path) -> None:
    pdf = scanned_pdf(page=picture(600, 800), size_pt=(600, 800))
    pdf.pages[0].obj["/CropBox"] = pikepdf.Array([0, 400, 600, 800])

    page = decoded_pdf(tmp_path, pdf)

    assert page.pixels.size == (600, 400)
    assert dark_corner(page.pixels) == "top left"
    assert (page.width_pt, page.height_pt) == (600, 400)


def test_picture_inside_a_form_is_found(tmp_path: Path) -> None:
    pdf = scanned_pdf(page=picture(595, 842), size_pt=(595, 842))
    page = pdf.pages[0]
    form = pikepdf.Stream(pdf, b"q 0.5 0 0 0.5 0 0 cm /Im0 Do Q")
    form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    form["/BBox"], form["/Matrix"] = pikepdf.Array([0, 0, 1, 1]), pikepdf.Array([2, 0, 0, 2, 0, 0])
    form["/Resources"] = pikepdf.Dictionary(XObject=page.obj["/Resources"]["/XObject"])
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/Fm0": form}))
    page.obj["/Contents"] = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Fm0 Do Q")

    decoded = decoded_pdf(tmp_path, pdf)

    assert decoded.pixels.size == (595, 842)


@pytest.mark.parametrize(
    "extra",
    [
        b"BT 3 Tr /F1 12 Tf 72 700 Td (hidden and wrong) Tj ET",
        b"BT 7 Tr /F1 12 Tf 72 700 Td (hidden and wrong) Tj ET",
        b"BT /F1 12 Tf 72 700 Td () Tj ET",
    ],
)
def test_hidden_text_layer_is_left_aside(tmp_path: Path, extra: bytes) -> None:
    page = decoded_pdf(tmp_path, scanned_pdf(page=picture(1240, 1754), extra=extra))

    assert page.own_lines is None
    assert page.pixels.size == (1240, 1754)


def test_visible_stamp_over_a_scan_is_rendered_and_read(tmp_path: Path) -> None:
    stamp = b"BT /F1 60 Tf 100 300 Td (RECEIVED 2024) Tj ET"

    bare = decoded_pdf(tmp_path, scanned_pdf(page=picture(1654, 2339)))
    page = decoded_pdf(tmp_path, scanned_pdf(page=picture(1654, 2339), extra=stamp))

    assert page.own_lines is None
    assert page.dpi_x == pytest.approx(200, abs=1)
    assert np.asarray(page.pixels.convert("L")).mean() < np.asarray(bare.pixels).mean()


def test_annotation_over_a_scan_is_shown(tmp_path: Path) -> None:
    pdf = scanned_pdf(page=picture(1654, 2339))
    look = pikepdf.Stream(pdf, b"0 0 0 rg 0 0 200 100 re f")
    look["/Type"], look["/Subtype"], look["/BBox"] = (
        pikepdf.Name.XObject,
        pikepdf.Name.Form,
        pikepdf.Array([0, 0, 200, 100]),
    )
    pdf.pages[0].obj["/Annots"] = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[300, 100, 500, 200], F=4,
                AP=pikepdf.Dictionary(N=look),
            )
        ]
    )  # fmt: skip

    page = decoded_pdf(tmp_path, pdf)

    x, y = int(400 / 595 * page.pixels.width), int((842 - 150) / 842 * page.pixels.height)
    assert page.pixels.convert("L").getpixel((x, y)) == 0


def test_page_in_strips_is_rendered_whole(tmp_path: Path) -> None:
    pdf = scanned_pdf(
        page=picture(595, 421), size_pt=(595, 842), matrix="595 0 0 421 0 421", extra=b"q 595 0 0 421 0 0 cm /Im0 Do Q"
    )

    page = decoded_pdf(tmp_path, pdf)

    gray = np.asarray(page.pixels.convert("L"))
    assert gray[20, 20] < 50
    assert gray[gray.shape[0] // 2 + 20, 20] < 50


def test_inverted_bilevel_fax_is_black_on_white(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    stream = pikepdf.Stream(pdf, picture(1728, 2200, "1").tobytes())
    stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    stream["/Width"], stream["/Height"] = 1728, 2200
    stream["/ColorSpace"], stream["/BitsPerComponent"] = pikepdf.Name.DeviceGray, 1
    add_page(pdf, b"q 609.88 0 0 808.16 0 0 cm /Im0 Do Q", (609.88, 808.16), {"/Im0": stream})

    page = decoded_pdf(tmp_path, pdf)

    assert page.pixels.mode == "1"
    assert dark_corner(page.pixels) == "top left"
    assert (page.dpi_x, page.dpi_y) == pytest.approx((204, 196), abs=0.1)


# ------------------------------------------------------------------ PDF: born digital


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_born_digital_page_keeps_its_text_where_it_is_displayed(tmp_path: Path, rotate: int) -> None:
    """Where the text stands on end as displayed, the page is read instead: its upright turn must be found."""
    page = decoded_pdf(tmp_path, digital_pdf(rotate=rotate))

    if rotate:
        assert page.own_lines is None
        return
    assert page.own_lines is not None
    [line] = page.own_lines
    assert line.text == "Customer No. 1687189159 of the register"
    assert {word.confidence for word in line.words} == {1.0}
    number = next(word for word in line.words if word.text == "1687189159")
    dark = np.asarray(page.pixels.convert("L")) < 128
    box = number.box
    inside = dark[int(box.top) : int(box.bottom) + 1, int(box.left) : int(box.right) + 1]
    assert inside.mean() > 0.1
    assert dark[: int(line.box.top) - 2].sum() == dark[int(line.box.bottom) + 2 :].sum() == 0


def test_text_turned_upright_by_rotate_is_kept(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    add_page(pdf, b"BT /F1 14 Tf 0 1 -1 0 100 100 Tm (Customer No. 1687189159) Tj ET", rotate=90)

    page = decoded_pdf(tmp_path, pdf)

    assert page.own_lines is not None
    [line] = page.own_lines
    assert line.text == "Customer No. 1687189159"
    dark = np.asarray(page.pixels.convert("L")) < 128
    rows, columns = np.where(dark)
    assert (line.box.top - 2, line.box.left - 2) <= (rows.min(), columns.min())
    assert (rows.max(), columns.max()) <= (line.box.bottom + 2, line.box.right + 2)


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 14 Tf 72 760 Td (12) Tj ET",  # a page number is not all there is to read
        b"BT /F1 14 Tf 3 Tr 72 760 Td (Customer No. 1687189159) Tj ET 0 0 100 100 re f",  # hidden text alone
        b"BT /F1 14 Tf 72 760 Td (Customer No. 1687189159) Tj 3 Tr (hidden) Tj ET",  # a mixture
        b"0 0 100 100 re f",
        b"",
    ],
)
def test_page_without_trustworthy_text_of_its_own_is_read(tmp_path: Path, content: bytes) -> None:
    pdf = pikepdf.new()
    add_page(pdf, content)

    assert decoded_pdf(tmp_path, pdf).own_lines is None


def test_large_pasted_picture_on_a_digital_page_is_read_too(tmp_path: Path) -> None:
    stamp = b"BT /F1 14 Tf 72 760 Td (Copy of the identity card follows) Tj ET"
    small = scanned_pdf(page=picture(), size_pt=(595, 842), matrix="100 0 0 140 50 50", extra=stamp)
    large = scanned_pdf(page=picture(), size_pt=(595, 842), matrix="500 0 0 400 50 50", extra=stamp)

    assert decoded_pdf(tmp_path, small).own_lines is not None
    assert decoded_pdf(tmp_path, large).own_lines is None


def test_pages_are_the_right_ones(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    for number in range(1, 4):
        add_page(pdf, b"BT /F1 14 Tf 72 760 Td (This is page number %d) Tj ET" % number)
    path = written(tmp_path / "scan.pdf", pdf_bytes(pdf))

    pages = [decode(path, number) for number in (1, 2, 3)]

    assert page_count(path) == 3
    assert [page.own_lines[0].text[-1] for page in pages if page.own_lines] == ["1", "2", "3"]


def test_pdf_in_a_folder_with_any_name_can_be_decoded(tmp_path: Path) -> None:
    path = written(tmp_path / "扫描 ü \U0001f600.pdf", pdf_bytes(digital_pdf()))

    assert decode(path, 1).own_lines is not None


# ------------------------------------------------------------------ TIFF, JPEG, PNG


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        ("1", "group3"), ("1", "group4"), ("1", "packbits"), ("1", None), ("L", "tiff_lzw"), ("L", "tiff_adobe_deflate"),
        ("L", "jpeg"), ("RGB", "jpeg"), ("RGB", "tiff_lzw"), ("P", None), ("CMYK", "tiff_lzw"), ("RGBA", "tiff_lzw"),
    ],
)  # fmt: skip
def test_every_page_of_a_tiff_is_decoded(tmp_path: Path, mode: str, compression: str | None) -> None:
    turned = picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT).convert(mode)
    content = tiff_bytes([picture(mode=mode), turned, picture(mode=mode)], compression=compression, dpi=(75, 75))
    path = written(tmp_path / "scan.tif", content)

    pages = [decode(path, number) for number in (1, 2, 3)]

    assert page_count(path) == 3
    assert [dark_corner(page.pixels) for page in pages] == ["top left", "top right", "top left"]
    assert {page.pixels.mode for page in pages} <= {"1", "L", "RGB"}
    assert {(page.dpi_x, page.dpi_y) for page in pages} == {(75.0, 75.0)}


def test_thumbnail_in_a_tiff_is_no_page(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with AppendingTiffWriter(stream, new=True) as writer:
        for page, is_thumbnail in ((picture(), 0), (picture(60, 80), 1), (picture().rotate(180), 0)):
            page.save(writer, "TIFF", tiffinfo={254: is_thumbnail})
            writer.newFrame()
    path = written(tmp_path / "scan.tif", stream.getvalue())

    assert page_count(path) == 2
    assert dark_corner(decode(path, 2).pixels) == "bottom right"


CORNERS = {
    1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left",
    5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left",
}  # fmt: skip


@pytest.mark.parametrize("orientation", CORNERS)
@pytest.mark.parametrize("image_format", ["jpeg", "png", "tiff", "tiff deflate"])
def test_orientation_is_applied_once_and_turns_the_resolution_too(
    tmp_path: Path, image_format: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    match image_format:
        case "jpeg":
            content = jpeg_bytes(picture(800, 1600), exif=exif, dpi=(100, 200))
        case "png":
            content = png_bytes(picture(800, 1600), exif=exif, dpi=(100, 200))
        case _:
            compression = "tiff_adobe_deflate" if "deflate" in image_format else None
            content = tiff_bytes(
                [picture(800, 1600)], tiffinfo={274: orientation}, dpi=(100, 200), compression=compression
            )
    path = written(tmp_path / "scan", content)

    page = decode(path, 1)

    is_turned = orientation >= 5
    assert dark_corner(page.pixels) == CORNERS[orientation]
    assert page.pixels.size == ((1600, 800) if is_turned else (800, 1600))
    assert (page.dpi_x, page.dpi_y) == pytest.approx((200, 100) if is_turned else (100, 200), abs=0.1)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg_bytes(picture(800, 1600), exif=exif))))
    assert np.abs(np.asarray(page.pixels, float) - np.asarray(upright, float)).mean() < 1


@pytest.mark.parametrize("dpi_down", [196.0, 98.0])
def test_fax_pages_have_unequal_resolutions(tmp_path: Path, dpi_down: float) -> None:
    height = round(11.5 * dpi_down)
    path = written(
        tmp_path / "fax.tif", tiff_bytes([picture(1728, height, "1")], compression="group3", dpi=(204, dpi_down))
    )

    page = decode(path, 1)

    assert (page.dpi_x, page.dpi_y) == (204.0, dpi_down)
    assert page.height_pt == pytest.approx(11.5 * 72, abs=1)


def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    deep = Image.fromarray((np.asarray(picture(), dtype=np.uint16) * 257) // 2)
    path = written(tmp_path / "deep.png", png_bytes(deep))

    page = decode(path, 1)

    assert page.pixels.mode == "L"
    assert np.asarray(page.pixels).max() == 127


def test_transparent_is_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))

    assert decode(written(tmp_path / "a.png", png_bytes(clear)), 1).pixels.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "F", "I;16"]
)
def test_every_mode_becomes_a_plain_one(mode: str) -> None:
    page = Image.new(mode, (4, 4)) if mode in {"LAB", "HSV", "I;16", "PA"} else picture(40, 40).convert(mode)

    assert plain(page).mode in {"1", "L", "RGB"}
    assert plain(page).size == page.size


def test_page_of_more_pixels_than_the_limit_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_pages, "MAX_PIXELS", 1000)
    path = written(tmp_path / "bomb.png", png_bytes())

    with pytest.raises(ScanUnreadable) as raised:
        decode(path, 1)

    assert raised.value.fault is Fault.TOO_LARGE


def test_decompression_bomb_is_refused_without_being_decoded(tmp_path: Path) -> None:
    bomb = png_bytes(Image.new("1", (30_000, 30_000)), optimize=True)

    with pytest.raises(ScanUnreadable) as raised:
        decode(written(tmp_path / "bomb.png", bomb), 1)

    assert raised.value.fault is Fault.TOO_LARGE


@pytest.mark.parametrize("content", [jpeg_bytes()[:3000], tiff_bytes()[:-900], b"%PDF-1.7 nothing %%EOF", b"hello"])
def test_damaged_scan_is_unreadable_and_says_so(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path / "scan", content)

    with pytest.raises(ScanUnreadable):
        page_count(path)


def test_page_that_cannot_be_decoded_is_damaged(tmp_path: Path) -> None:
    content = bytearray(tiff_bytes([picture()], compression="tiff_adobe_deflate"))
    content[8:200] = b"\x55" * 192  # its skeleton is whole; libtiff bears the same in a fax without a word

    with pytest.raises(ScanUnreadable) as raised:
        decode(written(tmp_path / "scan.tif", bytes(content)), 1)

    assert raised.value.fault is Fault.DAMAGED


# ------------------------------------------------------------------ true resolution


@pytest.mark.parametrize(
    ("size", "stated", "is_bilevel", "expected"),
    [
        ((2480, 3508), (300.0, 300.0), False, (300, 300)),
        ((1240, 1754), None, False, (150, 150)),  # nothing said: A4
        ((2480, 3508), (72.0, 72.0), False, (300, 300)),  # a default that makes no paper
        ((595, 842), (72.0, 72.0), False, (72, 72)),  # a default that does
        ((420, 595), (72.0, 72.0), False, (72, 72)),  # A5 at 72
        ((2480, 3508), (1.0, 1.0), False, (300, 300)),
        ((3000, 4000), (72.0, 72.0), False, (342, 342)),  # a photograph
        ((4000, 3000), (96.0, 96.0), False, (342, 342)),
        ((2550, 3300), None, False, (300, 300)),  # Letter
        ((945, 4000), None, False, (300, 300)),  # a till receipt, 80 mm
        ((1728, 2200), None, True, (204, 196)),
        ((1728, 1100), None, True, (204, 98)),
        ((1728, 1100), (204.0, 98.0), True, (204, 98)),
        ((1728, 2200), (204.0, 196.0), True, (204, 196)),
        ((2480, 3508), (300.0, 3.0), False, (300, 300)),  # nonsense in one axis
        ((1000, 1400), (600.0, 600.0), False, (600, 600)),  # a small slip, truly 600
    ],
)
def test_resolution_is_what_makes_a_paper(
    size: tuple[int, int], stated: tuple[float, float] | None, is_bilevel: bool, expected: tuple[int, int]
) -> None:
    assert true_dpi(*size, stated, is_bilevel=is_bilevel) == pytest.approx(expected, rel=0.01)


@given(
    width=st.integers(1, 20000),
    height=st.integers(1, 20000),
    stated=st.none() | st.tuples(st.floats(0.001, 1e6), st.floats(0.001, 1e6)),
    is_bilevel=st.booleans(),
)
def test_resolution_is_always_usable(
    width: int, height: int, stated: tuple[float, float] | None, is_bilevel: bool
) -> None:
    across, down = true_dpi(width, height, stated, is_bilevel=is_bilevel)

    assert 50 <= across <= 2600
    assert 50 <= down <= 2600
    assert 0.4 <= across / down <= 2.5
