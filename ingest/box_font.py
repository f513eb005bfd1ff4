"""The font of the invisible text: a box, whole or half as wide, stands for every sign, and a map says which sign is meant.

Nothing is ever drawn with it. The box is there because PDFium (so Chrome) loses all text of an *empty* glyph on pages that are turned by
90 or 270 degrees (measured), and because it is what viewers highlight: it fills the em from the descent to the ascent. Two widths, because PDFium takes a sign's place from its glyph.
A sign that has a gap after it, but no blank, gets a copy with an advance that bridges the gap.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

UNITS_PER_EM = 1000
DESCENT = 0.2
"""Of the em, below the baseline; the ascent is the rest."""
ADVANCE_STEP = 0.05
"""Advances of their own are counted in such steps, in ems."""

_NAME = "GuidangBox"
_LAST_NARROW = 0x245F
_NARROW_UNITS = 500
_SPECIAL_FIRST, _SPECIAL_LAST = 0xD800, 0xF8FF
_LAST_BASIC = 0xFFFF
_UNKNOWN = "\ufffd"
_WHOLE_GLYPH, _HALF_GLYPH = b"\x00\x01", b"\x00\x02"
_MAX_RANGES = 100  # a CMap block may hold so many (Adobe Technical Note 5014)

_CMAP_HEAD = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def/CMapType 2 def
1 begincodespacerange<0000><FFFF>endcodespacerange
"""
_CMAP_TAIL = b"endcmap CMapName currentdict/CMap defineresource pop end end\n"


def width_of(sign: str) -> float:
    """Return how wide the sign is in this font, in ems: a whole one for Han signs and the like, half a one for letters and digits."""
    return 0.5 if ord(sign) <= _LAST_NARROW else 1.0


class SignCodes:
    """The two-byte codes of all signs shown in one PDF; what has no code shows as U+FFFD.

    A sign of the basic plane is its own code. Codes that no text uses (surrogates, private use) stand for the signs beyond, and for
    signs with an advance of their own.
    """

    def __init__(self) -> None:
        self._used: set[int] = set()
        self._special: dict[tuple[str, int], int] = {}

    def encoded(self, text: str, last_advance: float | None = None) -> bytes:
        """Return the text as the hexadecimal string that shows it, and note its signs as used.

        The last sign moves on by so many ems, to a twentieth, instead of its usual width: there is no gap then, in which readers of
        the PDF would suppose a blank.
        """
        codes = [self._code(sign) for sign in text]
        if last_advance is not None:
            codes[-1] = self._special_code(
                text[-1], round(round(last_advance / ADVANCE_STEP) * ADVANCE_STEP * UNITS_PER_EM)
            )
        return b"<%s>" % "".join(f"{code:04X}" for code in codes).encode("ascii")

    def _code(self, sign: str) -> int:
        code = ord(sign)
        if _SPECIAL_FIRST <= code <= _SPECIAL_LAST or not sign.isprintable():
            return self._code(_UNKNOWN)
        if code > _LAST_BASIC:
            return self._special_code(sign, UNITS_PER_EM)
        self._used.add(code)
        return code

    def _special_code(self, sign: str, advance_units: int) -> int:
        """Return the code of this sign with this advance; where none is left, what the sign has without."""
        following = _SPECIAL_FIRST + len(self._special)
        known = self._special.get((sign, advance_units))
        if known is None and following > _SPECIAL_LAST:
            return self._code(sign if ord(sign) <= _LAST_BASIC else _UNKNOWN)
        return known or self._special.setdefault((sign, advance_units), following)

    def to_unicode(self) -> bytes:
        """Return the CMap from the codes to Unicode: a range for each row of 256 signs that is used, since a range may not cross rows."""
        rows = sorted({code >> 8 for code in self._used})
        ranges = [b"<%02X00><%02XFF><%02X00>\n" % (row, row, row) for row in rows]
        ranges += [
            b"<%04X><%04X><%s>\n" % (code, code, sign.encode("utf-16-be").hex().encode("ascii"))
            for (sign, _), code in self._special.items()
        ]
        return _CMAP_HEAD + b"".join(_blocks(ranges)) + _CMAP_TAIL

    def widths(self) -> pikepdf.Array:
        """Return the advances of the codes that have not a whole em (ISO 32000-1, 9.7.4.3)."""
        special = [pikepdf.Array([code, [advance]]) for (_, advance), code in self._special.items()]
        return pikepdf.Array([0, _LAST_NARROW, _NARROW_UNITS, *(item for pair in special for item in pair)])

    def glyphs(self) -> bytes:
        """Return the glyph's number for each code, two bytes each."""
        numbers = bytearray(_HALF_GLYPH * (_LAST_NARROW + 1) + _WHOLE_GLYPH * (_LAST_BASIC - _LAST_NARROW))
        for (sign, _), code in self._special.items():
            if ord(sign) <= _LAST_NARROW:
                numbers[2 * code : 2 * code + 2] = _HALF_GLYPH
        return bytes(numbers)


def _blocks(ranges: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(ranges), _MAX_RANGES):
        block = ranges[start : start + _MAX_RANGES]
        yield b"%d beginbfrange\n%sendbfrange\n" % (len(block), b"".join(block))


def add_font(pdf: pikepdf.Pdf, codes: SignCodes) -> pikepdf.Object:
    """Add the font to the PDF for the signs used so far, and return it (a Type0 font with Identity-H)."""
    name = pikepdf.Name("/" + _NAME)
    descent = round(DESCENT * UNITS_PER_EM)
    font_file = compressed_stream(pdf, box_font())
    font_file["/Length1"] = len(box_font())
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=[0, -descent, UNITS_PER_EM, UNITS_PER_EM - descent],
        ItalicAngle=0,
        Ascent=UNITS_PER_EM - descent,
        Descent=-descent,
        CapHeight=UNITS_PER_EM - descent,
        StemV=80,
        FontFile2=font_file,
    )
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=UNITS_PER_EM,
        W=codes.widths(),
        CIDToGIDMap=compressed_stream(pdf, codes.glyphs()),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=compressed_stream(pdf, codes.to_unicode()),
        )
    )


def compressed_stream(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Stream:
    """Add these bytes to the PDF as a stream, compressed by zlib."""
    stream = pikepdf.Stream(pdf, _compressed(content))
    stream["/Filter"] = pikepdf.Name.FlateDecode
    return stream


@lru_cache(maxsize=4)  # the font and its glyphs (130 kB), the same for nearly every record
def _compressed(content: bytes) -> bytes:
    return zlib.compress(content, 9)


@cache
def box_font() -> bytes:
    """Return the TrueType font, the same bytes each time (about 400)."""
    widths = {".notdef": UNITS_PER_EM, "box": UNITS_PER_EM, "half": _NARROW_UNITS}
    low, high = -round(DESCENT * UNITS_PER_EM), UNITS_PER_EM - round(DESCENT * UNITS_PER_EM)
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder(list(widths))
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph()} | {n: _box(widths[n], low, high) for n in ("box", "half")})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=high, descent=low)
    builder.setupMaxp()
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def _box(width: int, low: int, high: int) -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo((0, low))
    for corner in ((0, high), (width, high), (width, low)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
