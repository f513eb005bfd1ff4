"""What a page of a record shows: one picture as an object of a PDF, and the turn that displays it. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image


@dataclass(frozen=True, slots=True)
class Turn:
    """How stored pixels become displayed ones: mirrored left to right first, then turned clockwise."""

    is_mirrored: bool = False
    rotate_cw: int = 0

    def shown(self, pixels: Image.Image) -> Image.Image:
        """Return the stored pixels as displayed."""
        if self.is_mirrored:
            pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return pixels.transpose(_TRANSPOSE[self.rotate_cw]) if self.rotate_cw else pixels


_TRANSPOSE = {
    90: Image.Transpose.ROTATE_270,  # Pillow counts counter-clockwise
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
_TURN_OF_TAG = {
    2: Turn(is_mirrored=True),
    3: Turn(rotate_cw=180),
    4: Turn(is_mirrored=True, rotate_cw=180),
    5: Turn(is_mirrored=True, rotate_cw=270),
    6: Turn(rotate_cw=90),
    7: Turn(is_mirrored=True, rotate_cw=90),
    8: Turn(rotate_cw=270),
}


def turn_of_tag(orientation: object) -> Turn:
    """Return what the orientation tag of EXIF and TIFF asks for; a value that it does not have asks for nothing, as viewers see it."""
    return _TURN_OF_TAG.get(orientation, Turn()) if isinstance(orientation, int) else Turn()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready for a PDF: its stream as it stands there, what the stream's dictionary says of it, and what goes with it.

    The entries hold no references. `mask` is its transparency, `profile` the ICC profile of its colours.
    """

    content: bytes
    entries: Mapping[str, Any] = field(default_factory=dict)
    turn: Turn = field(default_factory=Turn)
    mask: Picture | None = None
    profile: bytes | None = None
