"""Reads the signs of one line: PP-OCR's recognition models and what their answer means (connectionist temporal classification).

The model looks at a line 48 pixels high in steps of 8 pixels and says for each step how likely each sign of its list stands there, or none.
A sign is a run of steps with the same most likely answer. Lines are read one by one: in batches the cheaper model takes half again as
long (0.056 CPU s a page one by one, 0.067 by four, 0.088 by eight), for memory is slower than the arithmetic.
Not for where lines stand (`text_boxes`) nor for words (`line_words`).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grays import Gray, levelling
from ingest.onnx_models import ModelFile, Numbers, model_path, session
from ingest.text_boxes import TextBox

LINE_HEIGHT_PX = 48
_LEAST_WIDTH_PX = 16
_MOST_WIDTH_PX = 4800  # a line of some 150 signs; a longer one is squeezed
_NOTHING = 0  # the first answer: no sign at this step
_RIVALS = 3
_DOUBTFUL = 0.95  # rivals are looked for below


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign as read, in NFKC (so it may be several letters, as of ㎡), never a blank alone unless `text` is " ".

    `left`, `right` as shares (0.0-1.0) of the line's width; `rivals` what else it may be, likeliest first, and how likely.
    """

    text: str
    confidence: float
    left: float
    right: float
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LineReader:
    """One of the recognition models with its list of signs."""

    model: ModelFile
    list_of_signs: ModelFile

    def read(self, line: Gray) -> tuple[Sign, ...]:
        """Return the signs of a line (`cut_out`) from left to right; raises RecogniserMissing."""
        levels = (line.astype(np.float32) / 127.5 - 1)[None, None]
        likely = session(self.model).run(None, {"x": np.repeat(levels, 3, axis=1)})[0][0]
        return tuple(_signs(likely, _answers(self.list_of_signs)))


TINY = LineReader(ModelFile.TINY_RECOGNITION, ModelFile.TINY_SIGNS)
SMALL = LineReader(ModelFile.SMALL_RECOGNITION, ModelFile.SMALL_SIGNS)


def cut_out(page: Gray, box: TextBox) -> Gray:
    """Return the line upright and level, 48 pixels high."""
    width, height = max(box.width, 1.0), max(box.height, 1.0)
    pixels = min(max(round(width * LINE_HEIGHT_PX / height), _LEAST_WIDTH_PX), _MOST_WIDTH_PX)
    cos, sin = math.cos(math.radians(box.degrees)), math.sin(math.radians(box.degrees))
    step_x, step_y = width / pixels, height / LINE_HEIGHT_PX
    left = box.middle_x - cos * width / 2 + sin * height / 2
    top = box.middle_y - sin * width / 2 - cos * height / 2
    way = np.array([[cos * step_x, -sin * step_y, left], [sin * step_x, cos * step_y, top]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    line = cv2.warpAffine(page, way, (pixels, LINE_HEIGHT_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(line, np.uint8)


def tilted(box: TextBox, size: tuple[int, int], tilt_degrees: float) -> TextBox:
    """Return a box of the level page where it stands on the page itself, this wide and high, whose lines tilt (counter-clockwise)."""
    if not tilt_degrees:
        return box
    x, y = levelling(size, -tilt_degrees) @ (box.middle_x, box.middle_y, 1.0)
    return TextBox(float(x), float(y), box.width, box.height, box.degrees - tilt_degrees)


def levelled(place: TextBox, size: tuple[int, int], tilt_degrees: float) -> TextBox:
    """Return a box of the page itself where it stands on the level page; the way back of `tilted`."""
    return tilted(place, size, -tilt_degrees)


def downwards(box: TextBox) -> TextBox:
    """Return the same box as a line that is read from the top down: lying on its right side, as the models know such lines."""
    return TextBox(box.middle_x, box.middle_y, box.height, box.width, box.degrees + 90)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the model's answers mean: the sign of each, and which answers mean the same sign in NFKC (： and :)."""

    texts: tuple[str, ...]
    alike: tuple[NDArray[np.intp], ...]


@cache
def _answers(list_of_signs: ModelFile) -> _Answers:
    listed = model_path(list_of_signs).read_text("utf-8").removesuffix("\n").split("\n")
    texts = tuple(unicodedata.normalize("NFKC", sign.rstrip("\r")) for sign in ("", *listed, " "))
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text, []).append(place)
    together = {text: np.array(found, np.intp) for text, found in places.items()}
    return _Answers(texts, tuple(together[text] for text in texts))


def _signs(likely: Numbers, answers: _Answers) -> Iterator[Sign]:
    steps = len(likely)
    best = likely.argmax(axis=1)
    for answer, run in groupby(range(steps), key=lambda step: int(best[step])):
        if answer == _NOTHING:
            continue
        at = list(run)
        peak = likely[max(at, key=lambda step: float(likely[step, answer]))]
        confidence = float(peak[answers.alike[answer]].sum())
        rivals = _rivals(peak, answer, answers) if confidence < _DOUBTFUL else ()
        yield Sign(answers.texts[answer], min(confidence, 1.0), at[0] / steps, (at[-1] + 1) / steps, rivals)


def _rivals(peak: Numbers, answer: int, answers: _Answers) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for place in np.argsort(peak)[: -4 * _RIVALS : -1]:
        text = answers.texts[place]
        if text != answers.texts[answer] and text not in found:
            found[text] = float(peak[answers.alike[int(place)]].sum())
    return tuple(found.items())[:_RIVALS]
