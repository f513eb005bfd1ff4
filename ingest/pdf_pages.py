"""Pages of a PDF as the user sees them: the scanner's picture taken out as it is, or the page rendered, or its own text.

1. One plain picture covers the page and nothing visible is drawn besides: it is taken out (24 ms against 106 ms for rendering,
   measured) and laid into the page's frame; a hidden text layer, good or bad, is left aside and the page read again.
2. Visible text, no covering picture, hardly any pictures at all: born digital, keeps its own text (`pdf_text`).
3. Anything else (strips, stencils, stamps over scans, filled forms): rendered by PDFium and read.
Runs in a limited child.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from ingest.decoded import DecodedPage
from ingest.decoder_complaints import DECODER_COMPLAINTS
from ingest.image_modes import MAX_PIXELS, plain
from ingest.interfaces import Fault, ScanUnreadable
from ingest.page_frame import PageFrame, frame_of
from ingest.pdf_content import Bounds, DrawnImage, Matrix, PageContent, content_of, multiplied
from ingest.pdf_text import own_lines
from ingest.resolution import true_dpi
from ingest.values import Line

POINTS_PER_INCH = 72.0
RENDER_DPI = 300.0
_RENDER_DPI_RANGE = (200.0, 400.0)
_RENDER_MAX_PIXELS = 50_000_000
_COVERS = 0.9  # of both sides of the page: scanners leave a margin, drivers centre
_ALIGNED = 0.004  # of the side: 0.2 degrees; more and the picture is rendered
_FEW_PICTURES = 0.25  # of the page: a logo, a seal, a code, but no pasted scan whose words would be missed
_SILENT_ANNOTATIONS = frozenset({"/Link", "/Popup"})


def pdf_page_count(path: Path) -> int:
    """Return the number of pages; raises ScanUnreadable."""
    with opened_pdf(path) as pdf:
        count = len(pdf.pages)
        if count == 0:
            raise ScanUnreadable(Fault.NO_PAGES, path.name)
        return count


@contextmanager
def opened_pdf(path: Path) -> Iterator[pikepdf.Pdf]:
    """Open the PDF; whatever pikepdf raises inside becomes ScanUnreadable (ENCRYPTED, DAMAGED)."""
    try:
        # A stream, not the path: pikepdf takes no name that is not UTF-8, and scanners send such names.
        with path.open("rb") as stream, pikepdf.open(stream) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise ScanUnreadable(Fault.ENCRYPTED, path.name) from error
    except DECODER_COMPLAINTS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk or the share, not the scan
        raise ScanUnreadable(Fault.DAMAGED, path.name) from error


def decode_pdf(path: Path, page_number: int) -> DecodedPage:
    """Return the page as displayed, by the numbered rule above; raises ScanUnreadable."""
    with opened_pdf(path) as pdf:
        if not 1 <= page_number <= len(pdf.pages):
            raise ScanUnreadable(Fault.DAMAGED, path.name)
        page = pdf.pages[page_number - 1]
        frame = frame_of(page)
        content = content_of(page)
        annotated = has_shown_annotations(page)
        if not annotated and (picture := _covering(content, frame)) is not None:
            pixels = _taken_out(picture, frame)
            if pixels is not None:
                return _scanned(page_number, pixels, picture, frame)
        digital = not annotated and _may_be_digital(content, frame)
        dpi = _render_dpi(content, frame)
        pixels, lines = _rendered(path, page_number, dpi, frame if digital else None)
        return _decoded(page_number, pixels, (dpi, dpi), frame, lines)


def has_shown_annotations(page: pikepdf.Page) -> bool:
    """Return whether stamps, notes or form fields are shown on top of the page's content."""
    annotations = page.obj.get("/Annots")
    return isinstance(annotations, pikepdf.Array) and any(
        isinstance(annotation, pikepdf.Dictionary)
        and str(annotation.get("/Subtype", "")) not in _SILENT_ANNOTATIONS
        and "/AP" in annotation
        for annotation in list(annotations)
    )


def _shown(bounds: Bounds, frame: PageFrame) -> tuple[float, float]:
    """Return the width and height of the part that lies on the page, in points of its own frame."""
    left, bottom = max(bounds[0], frame.left), max(bounds[1], frame.bottom)
    right, top = min(bounds[2], frame.left + frame.width_pt), min(bounds[3], frame.bottom + frame.height_pt)
    return max(0.0, right - left), max(0.0, top - bottom)


def _covering(content: PageContent, frame: PageFrame) -> DrawnImage | None:
    """Return the one plain picture that is all one sees of the page; None where there is more or less to see."""
    if len(content.images) != 1 or content.has_visible_text or content.has_painting or not content.is_complete:
        return None
    image = content.images[0]
    width, height = _shown(image.bounds, frame)
    is_covering = width >= _COVERS * frame.width_pt and height >= _COVERS * frame.height_pt
    return image if image.is_plain and is_covering and _is_aligned(image.matrix) else None


def _is_aligned(matrix: Matrix) -> bool:
    a, b, c, d, _, _ = matrix
    upright = abs(b) <= _ALIGNED * abs(a) and abs(c) <= _ALIGNED * abs(d)
    turned = abs(a) <= _ALIGNED * abs(b) and abs(d) <= _ALIGNED * abs(c)
    return upright or turned


def _may_be_digital(content: PageContent, frame: PageFrame) -> bool:
    """Return whether the page's own visible text can be all there is to read on it."""
    if not content.has_visible_text or content.has_invisible_text:
        return False
    shown = (_shown(image.bounds, frame) for image in content.images)
    return sum(width * height for width, height in shown) <= _FEW_PICTURES * frame.width_pt * frame.height_pt


def _taken_out(image: DrawnImage, frame: PageFrame) -> Image.Image | None:
    """Return the picture's pixels as displayed, the page's frame filled; None where pikepdf cannot decode it (JBIG2, odd colours)."""
    stream = image.stream
    if stream is None or int(stream.Width) * int(stream.Height) > MAX_PIXELS:
        return None
    try:
        picture = plain(pikepdf.PdfImage(stream).as_pil_image())
        picture.load()
    except DECODER_COMPLAINTS:
        return None
    a, b, c, d, _, _ = shown = multiplied(image.matrix, frame.to_display)
    if abs(b) > abs(a):
        picture = picture.transpose(Image.Transpose.TRANSPOSE)
        across, down = -c, b  # the picture's rows run against the unit square's second axis
    else:
        across, down = a, -d
    if across < 0:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if down < 0:
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return _framed(picture, shown, frame)


def _framed(picture: Image.Image, shown: Matrix, frame: PageFrame) -> Image.Image:
    """Return the picture cut or widened with white to cover exactly the displayed page."""
    left, top, right, bottom = (
        min(shown[4], shown[4] + shown[0] + shown[2]),
        min(shown[5], shown[5] + shown[1] + shown[3]),
        max(shown[4], shown[4] + shown[0] + shown[2]),
        max(shown[5], shown[5] + shown[1] + shown[3]),
    )
    width_pt, height_pt = frame.displayed_pt
    per_x, per_y = picture.width / (right - left), picture.height / (bottom - top)
    size = max(1, round(width_pt * per_x)), max(1, round(height_pt * per_y))
    offset = round(left * per_x), round(top * per_y)
    if all(abs(move) <= 1 for move in offset) and all(
        abs(ours - theirs) <= 2 for ours, theirs in zip(size, picture.size, strict=True)
    ):
        return picture
    paper = Image.new(picture.mode, size, 1 if picture.mode == "1" else "white")
    paper.paste(picture, offset)
    return paper


def _scanned(page_number: int, pixels: Image.Image, image: DrawnImage, frame: PageFrame) -> DecodedPage:
    width_pt, height_pt = frame.displayed_pt
    stated = pixels.width / width_pt * POINTS_PER_INCH, pixels.height / height_pt * POINTS_PER_INCH
    bits = int(image.stream.get("/BitsPerComponent", 8)) if image.stream is not None else 8
    dpi = true_dpi(pixels.width, pixels.height, stated, is_bilevel=bits == 1)
    return _decoded(page_number, pixels, dpi, frame, None, is_dpi_stated=dpi == stated)


def _decoded(
    page_number: int,
    pixels: Image.Image,
    dpi: tuple[float, float],
    frame: PageFrame,
    lines: tuple[Line, ...] | None,
    *,
    is_dpi_stated: bool = True,
) -> DecodedPage:
    width_pt, height_pt = frame.displayed_pt
    return DecodedPage(page_number, pixels, *dpi, width_pt, height_pt, lines, is_dpi_stated)


def _render_dpi(content: PageContent, frame: PageFrame) -> float:
    """Return at which resolution to render: that of the pictures where they make up the page, else 300, within limits."""
    dpi = RENDER_DPI
    area = frame.width_pt * frame.height_pt
    for image in content.images:
        width, height = _shown(image.bounds, frame)
        if image.stream is None or width * height < area / 4:
            continue
        a, b, c, d, _, _ = image.matrix
        sides_pt = math.hypot(a, b), math.hypot(c, d)
        pictures = max(int(image.stream.Width) / sides_pt[0], int(image.stream.Height) / sides_pt[1]) * POINTS_PER_INCH
        dpi = min(_RENDER_DPI_RANGE[1], max(_RENDER_DPI_RANGE[0], pictures))
    pixels = area / POINTS_PER_INCH**2 * dpi**2
    return dpi if pixels <= _RENDER_MAX_PIXELS else dpi * math.sqrt(_RENDER_MAX_PIXELS / pixels)


def _rendered(
    path: Path, page_number: int, dpi: float, digital: PageFrame | None
) -> tuple[Image.Image, tuple[Line, ...] | None]:
    """Return the page rendered with its stamps and form fields, and its own lines where `digital` allows them."""
    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        page = document[page_number - 1]
        pixels = page.render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB")
        lines = None if digital is None else own_lines(page, digital.to_display, dpi)
        page.close()
    return pixels, lines
