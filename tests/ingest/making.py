"""Makes real small scans, whole and damaged, for the tests of the ingest floor."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw
from zope.interface import implementer

from ingest.interfaces import IClock

A4_PT = (595.276, 841.89)
NOON = datetime(2024, 11, 3, 12, 0, tzinfo=UTC)


@implementer(IClock)
@dataclass
class SetClock:
    """A clock that stands still until it is told to move; its sleep moves it."""

    moment: datetime = NOON
    slept: list[float] = field(default_factory=list)
    on_sleep: Callable[[], None] | None = None

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        if self.on_sleep is not None:
            self.on_sleep()

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def picture(width: int = 620, height: int = 877, mode: str = "L") -> Image.Image:
    """Return a page whose corner at the top left is black, with a stroke at the right: no two turns of it look alike."""
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, width // 4, height // 8), fill=0)
    draw.rectangle((width * 3 // 4, height // 2, width * 3 // 4 + 20, height * 3 // 4), fill=0)
    return page.convert(mode)


def dark_corner(page: Image.Image) -> str:
    """Return which corner is black."""
    gray = page.convert("L")
    near, far_x, far_y = 8, gray.width - 9, gray.height - 9
    corners = {
        "top left": (near, near),
        "top right": (far_x, near),
        "bottom left": (near, far_y),
        "bottom right": (far_x, far_y),
    }
    dark = [name for name, place in corners.items() if _gray(gray, place) < 100]
    assert len(dark) == 1, dark
    return dark[0]


def _gray(page: Image.Image, place: tuple[int, int]) -> float:
    value = page.getpixel(place)
    assert isinstance(value, int | float)
    return value


def jpeg_bytes(page: Image.Image | None = None, **options: object) -> bytes:
    return _saved(page or picture(), "JPEG", **options)


def png_bytes(page: Image.Image | None = None, **options: object) -> bytes:
    return _saved(page or picture(), "PNG", **options)


def tiff_bytes(pages: Iterable[Image.Image] | None = None, **options: object) -> bytes:
    first, *others = list(pages) if pages is not None else [picture()]
    return _saved(first, "TIFF", save_all=True, append_images=others, **options)


def _saved(page: Image.Image, image_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    page.save(stream, image_format, **options)
    return stream.getvalue()


def scanned_pdf(
    pages: int = 1,
    page: Image.Image | None = None,
    size_pt: tuple[float, float] = A4_PT,
    rotate: int = 0,
    matrix: str | None = None,
    extra: bytes = b"",
) -> pikepdf.Pdf:
    """Return a PDF whose pages are each one JPEG picture that covers the page, as scanners write them."""
    pdf = pikepdf.new()
    image = page or picture()
    width, height = size_pt
    for _ in range(pages):
        stream = pikepdf.Stream(pdf, jpeg_bytes(image, quality=95))
        stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
        stream["/Width"], stream["/Height"] = image.width, image.height
        stream["/ColorSpace"] = pikepdf.Name.DeviceRGB if image.mode == "RGB" else pikepdf.Name.DeviceGray
        stream["/BitsPerComponent"], stream["/Filter"] = 8, pikepdf.Name.DCTDecode
        laid = matrix or f"{width} 0 0 {height} 0 0"
        add_page(pdf, f"q {laid} cm /Im0 Do Q\n".encode() + extra, size_pt, {"/Im0": stream}, rotate)
    return pdf


def add_page(
    pdf: pikepdf.Pdf,
    content: bytes,
    size_pt: tuple[float, float] = A4_PT,
    pictures: dict[str, pikepdf.Object] | None = None,
    rotate: int = 0,
) -> pikepdf.Page:
    """Add a page with this content; /F1 is Helvetica."""
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary({"/F1": font}), XObject=pikepdf.Dictionary(pictures or {}))
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, *size_pt],
        Resources=resources,
        Contents=pikepdf.Stream(pdf, content),
        Rotate=rotate,
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf.pages[-1]


def digital_pdf(text: str = "Customer No. 1687189159 of the register", rotate: int = 0) -> pikepdf.Pdf:
    """Return a PDF that was born digital: one line of visible text near the top left."""
    pdf = pikepdf.new()
    add_page(pdf, f"BT /F1 14 Tf 72 760 Td ({text}) Tj ET".encode("latin-1"), rotate=rotate)
    return pdf


def pdf_bytes(pdf: pikepdf.Pdf, **options: object) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
