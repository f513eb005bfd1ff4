"""Tells which way up a page was scanned, by a small model that looks at its middle.

Measured on 656 pages of the corpus in all four positions: the middle alone is right for 648; with both ends of the page asked where it is
not sure, 653, at 8 and 17 CPU ms a page. The other three are photographs of boilers with hardly a word: no position stands out, and they
are left as they are. Not for small tilts (`prepare`).
"""

from __future__ import annotations

import numpy as np

from ingest.grays import Gray, shrunk_to
from ingest.onnx_models import ModelFile, Numbers, session

_SHORT_SIDE_PX = 256  # the model was trained on the middle 224 of 256
_CROP_PX = 224
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)  # of the pictures it was trained on (ImageNet), red, green, blue
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_SURE = 0.9
_STANDS_OUT = 0.5  # blank pages and photographs without words stay below


def clockwise_turn(frame: Gray) -> int:
    """Return the clockwise turn (0, 90, 180, 270) that makes the page upright; 0 where none stands out.

    Raises RecogniserMissing where the model is not installed.
    """
    small = _shrunk(frame)
    likely = _likelihoods(_crop(small, 0.5))
    if likely.max() < _SURE:
        likely = np.mean([likely, *(_likelihoods(_crop(small, end)) for end in (0.0, 1.0))], axis=0)
    if likely.max() < _STANDS_OUT:
        return 0
    turned_clockwise = int(np.argmax(likely)) * 90  # what the model's labels mean
    return (360 - turned_clockwise) % 360


def _shrunk(frame: Gray) -> Gray:
    height, width = frame.shape
    scale = _SHORT_SIDE_PX / min(height, width)
    size = (max(_CROP_PX, round(width * scale)), max(_CROP_PX, round(height * scale)))
    return shrunk_to(frame, size)


def _crop(small: Gray, along: float) -> Numbers:
    """Return a square of the page as the model wants it: from its middle, or from so far along its longer side (0.0-1.0)."""
    height, width = small.shape
    down, right = (along, 0.5) if height >= width else (0.5, along)
    top, left = int((height - _CROP_PX) * down), int((width - _CROP_PX) * right)
    square = small[top : top + _CROP_PX, left : left + _CROP_PX].astype(np.float32) / 255
    wanted = (square[None] - _MEAN[:, None, None]) / _DEVIATION[:, None, None]
    return np.asarray(wanted[None], np.float32)


def _likelihoods(crop: Numbers) -> Numbers:
    return np.asarray(session(ModelFile.ORIENTATION).run(None, {"x": crop})[0][0], np.float32)
