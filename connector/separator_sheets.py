"""Draws separator sheets: a PDF of A4 pages with a QR code and a Code 128 that say what `ingest.cutter` looks for, and Patch T.

The bars are rectangles, the text stands in two fonts that every viewer and printer knows without a file (Helvetica; STSong-Light of
Adobe's Chinese pack, for which viewers take a Chinese font of the system), so a sheet is a few kilobytes and prints at any size.
Not for finding codes on scans (`ingest.sheets`), nor for what they mean (`ingest.cutter`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pikepdf
import zxingcpp
from numpy.typing import NDArray

POINTS_PER_MM = 72 / 25.4
_A4_MM = 210.0, 297.0
_MIDDLE_MM = _A4_MM[0] / 2
_QR_MM = 80.0
"""Larger than a code that is stuck on a paper: by its size the cutter knows a sheet, whatever stands on it."""
_LINE_CODE_MM = 170.0, 22.0
_PATCH_TOP_MM, _NARROW_MM, _WIDE_MM = 10.0, 0.08 * 25.4, 0.20 * 25.4
"""Kodak A-61599: at least 0.25 inches from the edges, the end at most 3.75 inches from the leading one."""
_MOST_MODULES = 500
"""Of a Code 128 that wide: a module of 0.34 mm is 2.7 dots of a fax machine."""

_TITLE_TOP_MM, _QR_TOP_MM, _TEXT_TOP_MM, _LINE_CODE_TOP_MM = 50.0, 60.0, 155.0, 250.0
_TITLES_MM, _TITLE_SIZES = (25.0, 90.0), (40.0, 24.0)
_LEFT_MM, _VALUES_MM = 25.0, 75.0
_ROW_MM = 8.0
_VALUE_SIZE, _SENTENCE_SIZE = 16.0, 12.0
_HELVETICA, _SONG = "/F1", "/F2"


@dataclass(frozen=True, slots=True)
class SheetText:
    """What a person reads on a sheet in one language: its name, pairs of label and value, and what to do with it."""

    title: str
    pairs: Sequence[tuple[str, str]]
    sentence: str


def code_text(separator_code: str, given: Sequence[tuple[str, str]]) -> str:
    """Return what the code says: the separator code, then `key=value` for what is given; neither holds blanks."""
    return " ".join([separator_code, *(f"{key}={value}" for key, value in given)])


def sheets_pdf(separator_code: str, given: Sequence[tuple[str, str]], texts: Sequence[SheetText], copies: int) -> bytes:
    """Return a PDF of so many equal sheets; the same sheet gives the same bytes. `texts` stand below one another, the first largest."""
    content = "\n".join(_drawn(separator_code, given, texts)).encode("ascii")
    with pikepdf.new() as pdf:
        fonts = pikepdf.Dictionary({_HELVETICA: pdf.make_indirect(_helvetica()), _SONG: pdf.make_indirect(_song())})
        drawn = pdf.make_stream(content)
        for _ in range(copies):
            page = pdf.add_blank_page(page_size=(_points(_A4_MM[0]), _points(_A4_MM[1])))
            page.obj.Resources = pikepdf.Dictionary(Font=fonts)
            page.obj.Contents = drawn
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True, compress_streams=True)
    return written.getvalue()


def _drawn(separator_code: str, given: Sequence[tuple[str, str]], texts: Sequence[SheetText]) -> Iterator[str]:
    """Yield the page's drawing, measured from the top left in millimetres."""
    for text, left, size in zip(texts, _TITLES_MM, _TITLE_SIZES, strict=False):
        yield _text(left, _TITLE_TOP_MM, size, text.title)
    yield from _patch()
    yield from _squares(code_text(separator_code, given))
    top = _TEXT_TOP_MM
    for text in texts:
        for label, value in text.pairs:
            yield _text(_LEFT_MM, top, _VALUE_SIZE, label)
            yield _text(_VALUES_MM, top, _VALUE_SIZE, value)
            top += _ROW_MM
        yield _text(_LEFT_MM, top, _SENTENCE_SIZE, text.sentence)
        top += _ROW_MM + _ROW_MM / 2
    yield from _bars(separator_code, given)


def _patch() -> Iterator[str]:
    """Yield Patch T across the head of the sheet, for scanners that look for it themselves: narrow, wide, narrow, wide."""
    top = _PATCH_TOP_MM
    for bar in (_NARROW_MM, _WIDE_MM, _NARROW_MM, _WIDE_MM):
        yield _rectangle(_MIDDLE_MM - _LINE_CODE_MM[0] / 2, top, _LINE_CODE_MM[0], bar)
        top += bar + _NARROW_MM


def _squares(said: str) -> Iterator[str]:
    """Yield the QR code in the middle of the page; level H bears a hole punched into it."""
    code = zxingcpp.create_barcode(said, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    modules = _modules(code)
    side = _QR_MM / len(modules)
    left = _MIDDLE_MM - _QR_MM / 2
    for row, dark in enumerate(modules):
        for start, stop in _runs(dark):
            yield _rectangle(left + start * side, _QR_TOP_MM + row * side, (stop - start) * side, side)


def _bars(separator_code: str, given: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the Code 128; it says only what is plain ASCII and fits in bars broad enough to be read. The QR code says all."""
    fitting = [(key, value) for key, value in given if value.isascii()]
    while separator_code.isascii():
        code = zxingcpp.create_barcode(code_text(separator_code, fitting), zxingcpp.BarcodeFormat.Code128)
        bars = _modules(code)[0]
        if len(bars) <= _MOST_MODULES or not fitting:
            yield from _line_code(bars)
            return
        fitting.pop()


def _line_code(bars: NDArray[np.bool_]) -> Iterator[str]:
    width, height = _LINE_CODE_MM
    step = width / len(bars)
    for start, stop in _runs(bars):
        yield _rectangle(_MIDDLE_MM - width / 2 + start * step, _LINE_CODE_TOP_MM, (stop - start) * step, height)


def _modules(code: zxingcpp.Barcode) -> NDArray[np.bool_]:
    """Return where the code is dark, a module a place, without the white around it."""
    return np.asarray(np.array(code.to_image(scale=1, add_quiet_zones=False)) < 128)


def _runs(dark: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    ends = np.flatnonzero(np.diff(dark.astype(np.int8), prepend=0, append=0))
    yield from zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True)


def _rectangle(left_mm: float, top_mm: float, width_mm: float, height_mm: float) -> str:
    place = left_mm, _A4_MM[1] - top_mm - height_mm, width_mm, height_mm
    return " ".join(f"{_points(value):.3f}" for value in place) + " re f"


def _text(left_mm: float, base_mm: float, size_pt: float, text: str) -> str:
    font = _HELVETICA if text.isascii() else _SONG
    shown = text.encode("ascii" if text.isascii() else "utf-16-be").hex()
    place = f"{_points(left_mm):.2f} {_points(_A4_MM[1] - base_mm):.2f}"
    return f"BT {font} {size_pt:g} Tf {place} Td <{shown}> Tj ET"


def _points(millimetres: float) -> float:
    return millimetres * POINTS_PER_MM


def _helvetica() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip


def _song() -> pikepdf.Dictionary:
    """Return STSong-Light, named but not embedded, addressed in UTF-16; Latin letters (glyphs 1 to 95) are half as wide as Han signs."""
    name = pikepdf.Name("/STSong-Light")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=name, Flags=6, FontBBox=[-25, -254, 1000, 880], ItalicAngle=0,
        Ascent=880, Descent=-120, CapHeight=880, StemV=93,
    )  # fmt: skip
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0, BaseFont=name, FontDescriptor=descriptor, DW=1000,
        W=[1, 95, 500], CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"GB1", Supplement=4),
    )  # fmt: skip
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=name, Encoding=pikepdf.Name("/UniGB-UTF16-H"),
        DescendantFonts=[descendant],
    )  # fmt: skip
