"""A record made of a TIFF, JPEG or PNG shows the scanner's own pictures: the same bytes or the same pixels, the right way up."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageCms

from ingest.encoded_pictures import png_chunks
from ingest.interfaces import Fault, ScanUnreadable
from ingest.pages import decode, page_count
from ingest.text_layer import write_record_pdf
from ingest.values import PageText, ScanFormat
from tests.ingest.making import jpeg_bytes, picture, png_bytes, tiff_bytes, written
from tests.ingest.page_texts import page_text

ORIENTATION = 274
FORMATS = {".jpg": ScanFormat.JPEG, ".png": ScanFormat.PNG, ".tif": ScanFormat.TIFF}


def coloured(mode: str = "RGB") -> Image.Image:
    """Return a small page with colours, grays and noise, no two turns of it alike."""
    noise = np.random.default_rng(7).integers(0, 30, (220, 160, 3))
    samples = np.asarray(picture(160, 220, "RGB")).astype(int) - noise
    samples[150:200, 20:90] -= np.array([0, 90, 150])
    return Image.fromarray(samples.clip(0, 255).astype(np.uint8)).convert(mode)


def deep() -> Image.Image:
    """Return gray in 16 bits that uses all of them."""
    return Image.fromarray(np.random.default_rng(7).integers(0, 65536, (220, 160), dtype=np.uint16))


def clear(mode: str) -> Image.Image:
    """Return a page that becomes transparent towards the top."""
    page = coloured(mode)
    page.putalpha(Image.linear_gradient("L").resize(page.size))
    return page


def pages_of(scan: Path) -> tuple[PageText, ...]:
    """Return all pages of the scan as read, as large as they are displayed."""
    texts = []
    for number in range(1, page_count(scan) + 1):
        decoded = decode(scan, number)
        dpi = max(decoded.dpi_x, decoded.dpi_y)
        size = round(decoded.width_pt / 72 * dpi), round(decoded.height_pt / 72 * dpi)
        texts.append(page_text(number, (), size, dpi))
    return tuple(texts)


def record_of(tmp_path: Path, suffix: str, content: bytes) -> tuple[Path, Path]:
    scan = written(tmp_path / f"scan{suffix}", content)
    record = tmp_path / "record.pdf"
    write_record_pdf(scan, FORMATS[suffix], pages_of(scan), record, None)
    return scan, record


def pictures_of(record: Path) -> list[dict[str, Any]]:
    """Return what the dictionary of each page's picture says, and its raw bytes under "raw"."""
    with pikepdf.open(record) as pdf:
        streams = [page.obj["/Resources"]["/XObject"]["/Im0"] for page in pdf.pages]
        return [
            {key: str(value) for key, value in stream.items()} | {"raw": stream.read_raw_bytes()} for stream in streams
        ]


def displayed(record: Path, size: tuple[int, int], index: int = 0) -> np.ndarray[Any, Any]:
    """Return the page as PDFium shows it."""
    with pypdfium2.PdfDocument(record) as pdf:
        page = pdf[index]
        return np.asarray(page.render(scale=size[0] / page.get_width()).to_pil().convert("RGB").resize(size))


def looks_alike(scan: Path, record: Path, tolerance: float = 2.0) -> bool:
    """Return whether every page is shown in the record as it is decoded from the scan."""
    for index in range(page_count(scan)):
        wanted = decode(scan, index + 1).pixels.convert("RGB")
        difference = np.asarray(wanted).astype(int) - displayed(record, wanted.size, index)
        if np.abs(difference).mean() > tolerance:
            return False
    return True


@pytest.mark.parametrize("orientation", range(1, 9))
def test_jpeg_of_any_orientation_keeps_its_bytes_and_stands_upright(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    scan, record = record_of(tmp_path, ".jpg", jpeg_bytes(coloured(), exif=exif))

    assert pictures_of(record)[0]["raw"] == scan.read_bytes()
    assert looks_alike(scan, record)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_of_any_colours_keeps_its_bytes_and_looks(mode: str, tmp_path: Path) -> None:
    scan, record = record_of(tmp_path, ".jpg", jpeg_bytes(coloured(mode), progressive=True))

    assert pictures_of(record)[0]["raw"] == scan.read_bytes()
    # Pillow and PDFium do not agree on how four inks look.
    assert looks_alike(scan, record, 15.0 if mode == "CMYK" else 2.0)


@pytest.mark.parametrize(
    "page", [coloured("1"), coloured("L"), coloured(), coloured("P"), deep()], ids=lambda p: p.mode
)
def test_plain_png_keeps_its_bytes(page: Image.Image, tmp_path: Path) -> None:
    scan, record = record_of(tmp_path, ".png", png_bytes(page))

    data = b"".join(content for name, content in png_chunks(scan.read_bytes()) if name == b"IDAT")
    assert pictures_of(record)[0]["raw"] == data
    assert looks_alike(scan, record)


@pytest.mark.parametrize(
    "content",
    [
        png_bytes(clear("RGB")),
        png_bytes(clear("L")),
        png_bytes(coloured("P"), transparency=3),
        png_bytes(coloured("L"), transparency=200),
    ],
    ids=["RGBA", "LA", "P", "L"],
)
def test_png_with_transparency_keeps_its_pixels(content: bytes, tmp_path: Path) -> None:
    scan, record = record_of(tmp_path, ".png", content)

    assert "/SMask" in pictures_of(record)[0]
    assert looks_alike(scan, record)


def test_interlaced_png_keeps_its_pixels(tmp_path: Path) -> None:
    page = coloured("L").resize((8, 8))
    rows = np.asarray(page)
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    lines = b"".join(
        b"\0" + row.tobytes() for top, left, down, across in passes for row in rows[top::down, left::across]
    )
    header = (8).to_bytes(4, "big") * 2 + bytes((8, 0, 0, 0, 1))
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )

    _, record = record_of(tmp_path, ".png", content)

    with pikepdf.open(record) as pdf:
        stream: Any = pdf.pages[0].obj["/Resources"]["/XObject"]["/Im0"]
        kept = pikepdf.PdfImage(stream).as_pil_image()
    assert kept.tobytes() == page.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("mode", "compression", "image_filter"),
    [("1", "group4", "/CCITTFaxDecode"), ("L", "jpeg", "/DCTDecode"), ("RGB", "tiff_lzw", "/FlateDecode")],
)
def test_tiff_of_any_orientation_stands_upright(
    orientation: int, mode: str, compression: str, image_filter: str, tmp_path: Path
) -> None:
    content = tiff_bytes([coloured(mode)], compression=compression, tiffinfo={ORIENTATION: orientation})

    scan, record = record_of(tmp_path, ".tif", content)

    assert pictures_of(record)[0]["/Filter"] == image_filter
    assert looks_alike(scan, record)


def test_single_g4_strip_keeps_its_bytes(tmp_path: Path) -> None:
    scan, record = record_of(tmp_path, ".tif", tiff_bytes([coloured("1")], compression="group4", strip_size=1 << 30))

    assert pictures_of(record)[0]["raw"] in scan.read_bytes()
    assert looks_alike(scan, record)


@pytest.mark.parametrize("photometric", [0, 1])
def test_g4_in_strips_becomes_one_strip_of_the_same_pixels(photometric: int, tmp_path: Path) -> None:
    content = tiff_bytes([coloured("1")], compression="group4", tiffinfo={278: 16, 262: photometric})

    scan, record = record_of(tmp_path, ".tif", content)

    assert pictures_of(record)[0]["/Filter"] == "/CCITTFaxDecode"
    assert looks_alike(scan, record)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize(
    "page",
    [coloured("1"), coloured("L"), coloured(), coloured("P"), clear("RGB"), clear("L"), deep()],
    ids=lambda p: p.mode,
)
def test_tiff_of_other_compressions_keeps_its_pixels(
    page: Image.Image, compression: str | None, tmp_path: Path
) -> None:
    scan, record = record_of(tmp_path, ".tif", tiff_bytes([page], compression=compression))

    assert looks_alike(scan, record)


@pytest.mark.parametrize("compression", ["group3", "tiff_ccitt"])
def test_older_fax_compressions_keep_their_pixels(compression: str, tmp_path: Path) -> None:
    scan, record = record_of(tmp_path, ".tif", tiff_bytes([coloured("1")], compression=compression))

    assert looks_alike(scan, record)


def test_pages_of_one_tiff_may_be_stored_in_many_ways(tmp_path: Path) -> None:
    pages = [coloured(), coloured("1"), coloured("P"), clear("L")]

    scan, record = record_of(tmp_path, ".tif", tiff_bytes(pages, compression="tiff_lzw"))

    assert looks_alike(scan, record)


def test_fax_of_uneven_resolution_is_as_large_as_the_paper(tmp_path: Path) -> None:
    page = coloured("1").resize((1728, 1145))

    _, record = record_of(tmp_path, ".tif", tiff_bytes([page], compression="group4", dpi=(204, 98)))

    with pypdfium2.PdfDocument(record) as pdf:
        width, height = pdf[0].get_size()
    assert (round(width), round(height)) == (610, 841)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_colour_profile_stays_with_the_picture(suffix: str, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    save = {".jpg": jpeg_bytes, ".png": png_bytes, ".tif": lambda page, **options: tiff_bytes([page] * 2, **options)}

    _, record = record_of(tmp_path, suffix, save[suffix](coloured(), icc_profile=profile))

    with pikepdf.open(record) as pdf:
        spaces = {page.obj["/Resources"]["/XObject"]["/Im0"]["/ColorSpace"][1].objgen for page in pdf.pages}
        (kept,) = (pdf.get_object(objgen).read_bytes() for objgen in spaces)
    assert kept == profile


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_that_a_pdf_cannot_hold_are_refused(mode: str, tmp_path: Path) -> None:
    samples = np.full((220, 160), 70_000, np.float32 if mode == "F" else np.int32)

    with pytest.raises(ScanUnreadable) as raised:
        record_of(tmp_path, ".tif", tiff_bytes([Image.fromarray(samples)]))

    assert raised.value.fault is Fault.PIXELS_DIFFER
    assert [path.name for path in tmp_path.iterdir()] == ["scan.tif"]
