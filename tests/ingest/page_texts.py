"""Makes pages as read by hand, so that the text layer's tests need no recogniser, and looks for text in a PDF as a viewer does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from ingest.text_layer import write_record_pdf
from ingest.values import Box, Line, PageText, ScanFormat, TextSource, Word

WIDTH_PX, HEIGHT_PX, DPI = 620, 877, 75.0


def word(text: str, left: float, top: float, width: float | None = None, height: float = 14.0) -> Word:
    """Return a word whose signs are as wide as they are printed, unless a width is given."""
    usual = sum(1.0 if ord(sign) > 0x2E7F else 0.5 for sign in text) * height
    return Word(text, Box(left, top, left + (usual if width is None else width), top + height), 0.9)


def line(text: str, *words: Word) -> Line:
    return Line(text, words, Box.around([each.box for each in words]))


LABELLED = line(
    "户号：1687189159 姓名：沈树林", word("户号：", 62, 90), word("1687189159", 125, 90), word("姓名：沈树林", 400, 90)
)
SPACED = line("姓名", word("姓", 62, 200), word("名", 104, 200))
LINES = (LABELLED, SPACED, line("Heat supply contract No. 12", word("Heat supply contract No. 12", 62, 300)))
ALL_TEXT = "\n".join(printed.text for printed in LINES)


def page_text(
    page_number: int = 1,
    lines: tuple[Line, ...] = LINES,
    size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX),
    dpi: float = DPI,
    rotation_cw: int = 0,
    source: TextSource = TextSource.RECOGNISED,
) -> PageText:
    """Return a page as read; `size_px` is that of the upright page."""
    width, height = size_px
    return PageText(page_number, width, height, dpi, rotation_cw, 0.0, not lines, source, lines, ())


@dataclass(frozen=True, slots=True)
class Found:
    """What a viewer finds on a page of a PDF."""

    text: str
    size_pt: tuple[float, float]
    inside: tuple[str, ...]


def found_in(path: Path, page: PageText, page_index: int = 0) -> Found:
    """Return all text of the page, its displayed size, and for each word of `page` what stands inside its box as displayed."""
    with pypdfium2.PdfDocument(path) as pdf:
        shown = pdf[page_index]
        texts = shown.get_textpage()
        everything = texts.get_text_range().replace("\r\n", "\n")
        inside = tuple(
            texts.get_text_bounded(*_in_points(shown, page, each.box))
            for printed in page.lines
            for each in printed.words
        )
        size = shown.get_size()
        texts.close()
        shown.close()
    return Found(everything, size, inside)


def _in_points(shown: pypdfium2.PdfPage, page: PageText, box: Box) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top in the page's own frame, which /Rotate does not turn."""
    width, height = shown.get_size()
    left, right = (x / page.width_px * width for x in (box.left, box.right))
    top, bottom = (y / page.height_px * height for y in (box.top, box.bottom))
    x0, y0, x1, y1 = shown.get_cropbox()
    crop_left, crop_bottom, crop_right, crop_top = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    corners = {
        0: (crop_left + left, crop_top - bottom, crop_left + right, crop_top - top),
        90: (crop_left + top, crop_bottom + left, crop_left + bottom, crop_bottom + right),
        180: (crop_right - right, crop_bottom + top, crop_right - left, crop_bottom + bottom),
        270: (crop_right - bottom, crop_top - right, crop_right - top, crop_top - left),
    }
    return corners[shown.get_rotation()]


def record_of(scan: Path, scan_format: ScanFormat, *pages: PageText, stamp: str | None = None) -> Path:
    path = scan.with_name("record.pdf")
    write_record_pdf(scan, scan_format, pages or (page_text(),), path, stamp)
    return path


def words_of(page: PageText) -> list[str]:
    return [each.text for printed in page.lines for each in printed.words]


def found_inside(record: Path, page: PageText) -> list[str]:
    return [" ".join(text.split()) for text in found_in(record, page).inside]


def upright(size_px: tuple[int, int], turns: int) -> tuple[int, int]:
    return size_px[::-1] if turns % 180 else size_px
