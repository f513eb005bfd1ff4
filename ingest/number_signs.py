"""Reads a crop that holds one number, in several cuts, and says how far the readings agree.

The better reader has mostly seen the number already, with its line. A look that only repeats that adds nothing; one that is cut and scaled
differently moves the edges of the signs to other pixels, and a sign that hangs on those changes. Not for which signs a number may have
(`classifiers`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.grays import Gray
from ingest.line_signs import LineReader, Sign, cut_out
from ingest.text_boxes import TextBox

_SIGN = re.compile(r"[0-9A-Z-]")
_MARGINS = (0.0, 0.10, 0.18)  # of the crop's height, cut off above and below


def number_in(crop: Gray, reader: LineReader) -> tuple[str, float]:
    """Return the digits, capitals and hyphens, and the confidence (the share of looks that agree, as sure as each is)."""
    looks = [_number(reader.read(line)) for line in _cuts(crop)]
    agreed: dict[str, float] = defaultdict(float)
    for text, confidence in looks:
        agreed[text] += confidence / len(looks)
    best = max((text for text in agreed if text), key=lambda text: agreed[text], default="")
    return best, agreed[best] if best else 0.0


def _cuts(crop: Gray) -> Iterator[Gray]:
    height, width = crop.shape
    for margin in _MARGINS:
        inner = height * (1 - 2 * margin)
        yield cut_out(crop, TextBox(width / 2, height / 2, width, inner, 0.0))


def _number(signs: Sequence[Sign]) -> tuple[str, float]:
    kept = [sign for sign in signs if _SIGN.fullmatch(sign.text.upper())]
    return "".join(sign.text.upper() for sign in kept), min((sign.confidence for sign in kept), default=0.0)
