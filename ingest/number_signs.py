"""Reads a crop that holds one number, in several cuts, and says how far the readings agree.

The readers have mostly seen the number already, with its line. A look that only repeats that adds nothing; one that is cut and scaled
differently moves the edges of the signs to other pixels, and a sign that hangs on those changes. Not for which signs a number may have
(`classifiers`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ingest.grays import Gray
from ingest.line_signs import LineReader, Sign, cut_out
from ingest.text_boxes import TextBox
from ingest.values import NumberLook

_SIGN = re.compile(r"[0-9A-Z-]")
_LEAST_SURE = (
    0.45  # of a look that stands alone: readers see letters in blank paper, but not surely, and never the same ones
)
_MARGINS = (0.0, 0.10, 0.18)  # of the crop's height, cut off above and below


def number_in(crop: Gray, readers: Sequence[LineReader]) -> tuple[NumberLook, ...]:
    """Return the opinions, surest first: digits, capitals and hyphens, each as sure as its share of the looks, as sure as those are.

    What one look out of many says has little confidence, and may all the same be what stands there: a sign that hangs on the
    edges of the cut is where readers differ.
    """
    lines = list(_cuts(crop))
    looks = [_number(reader.read(line)) for reader in readers for line in lines]
    agreed: dict[str, float] = defaultdict(float)
    seen = Counter(text for text, _ in looks)
    for text, confidence in looks:
        if text and (seen[text] > 1 or confidence >= _LEAST_SURE):
            agreed[text] += confidence / len(looks)
    opinions = [NumberLook(text, confidence) for text, confidence in agreed.items()]
    return tuple(sorted(opinions, key=lambda look: (-look.confidence, look.text)))


def _cuts(crop: Gray) -> Iterator[Gray]:
    height, width = crop.shape
    for margin in _MARGINS:
        inner = height * (1 - 2 * margin)
        yield cut_out(crop, TextBox(width / 2, height / 2, width, inner, 0.0))


def _number(signs: Sequence[Sign]) -> tuple[str, float]:
    kept = [sign for sign in signs if _SIGN.fullmatch(sign.text.upper())]
    return "".join(sign.text.upper() for sign in kept), min((sign.confidence for sign in kept), default=0.0)
