"""A read page as one JSON object and back, exactly: the form in which costly reading survives a crash.

Not a promise to the outside: `guidang --json` has its own form. A change of form raises `VERSION`; pages kept in another
version are read again rather than guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.values import Barcode, Box, ImageQuality, Line, PageText, Side, TextSource, Word

VERSION = 2


class PageNotKept(ValueError):
    """This text is no page that was kept by this version: half-written, or written by another one."""


def page_to_json(page: PageText) -> str:
    """Return the page as one line of JSON (UTF-8 text kept as it is, no newline inside)."""
    return json.dumps(
        {
            "v": VERSION,
            "page_number": page.page_number,
            "width_px": page.width_px,
            "height_px": page.height_px,
            "dpi": page.dpi,
            "rotation_cw": page.rotation_cw,
            "skew_degrees": page.skew_degrees,
            "is_blank": page.is_blank,
            "source": page.source.value,
            "lines": [_line_out(line) for line in page.lines],
            "barcodes": [[code.text, code.symbology, _box_out(code.box)] for code in page.barcodes],
            "quality": page.quality and _quality_out(page.quality),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def page_from_json(text: str) -> PageText:
    """Return the page; raises PageNotKept for anything that `page_to_json` of this version did not write."""
    try:
        parts = json.loads(text)
        if not isinstance(parts, dict) or parts.get("v") != VERSION:
            raise PageNotKept("not a page of this version")
        return _page_in(parts)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise PageNotKept(f"not a kept page: {type(error).__name__}") from error


def _page_in(parts: Mapping[str, Any]) -> PageText:
    return PageText(
        page_number=int(parts["page_number"]),
        width_px=int(parts["width_px"]),
        height_px=int(parts["height_px"]),
        dpi=float(parts["dpi"]),
        rotation_cw=int(parts["rotation_cw"]),
        skew_degrees=float(parts["skew_degrees"]),
        is_blank=bool(parts["is_blank"]),
        source=TextSource(parts["source"]),
        lines=tuple(_line_in(line) for line in parts["lines"]),
        barcodes=tuple(Barcode(code[0], code[1], _box_in(code[2])) for code in parts["barcodes"]),
        quality=None if parts["quality"] is None else _quality_in(parts["quality"]),
    )


def _quality_out(of: ImageQuality) -> list[Any]:
    return [of.dpi, of.line_px, of.paper, of.contrast, of.tilt_degrees, [side.value for side in of.cut_sides]]


def _quality_in(parts: Sequence[Any]) -> ImageQuality:
    *figures, sides = parts
    dpi, line_px, paper, contrast, tilt_degrees = map(float, figures)
    return ImageQuality(dpi, line_px, paper, contrast, tilt_degrees, tuple(map(Side, sides)))


def _line_out(line: Line) -> list[Any]:
    return [line.text, _box_out(line.box), [[w.text, _box_out(w.box), w.confidence] for w in line.words]]


def _line_in(parts: Sequence[Any]) -> Line:
    text, box, words = parts
    return Line(text, tuple(Word(word[0], _box_in(word[1]), float(word[2])) for word in words), _box_in(box))


def _box_out(box: Box) -> list[float]:
    return [box.left, box.top, box.right, box.bottom]


def _box_in(sides: Sequence[float]) -> Box:
    left, top, right, bottom = sides
    return Box(left, top, right, bottom)
