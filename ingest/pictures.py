"""What a page of a record shows: one picture as an object of a PDF, and the turn that displays it. Values only."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
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


_COMPONENTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
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

    `mask` is its transparency, `profile` the ICC profile of its colours.
    """

    content: bytes
    entries: Mapping[str, Any] = field(default_factory=dict)
    turn: Turn = field(default_factory=Turn)
    mask: Picture | None = None
    profile: bytes | None = None

    def added_to(self, pdf: pikepdf.Pdf, profiles: dict[bytes, pikepdf.Object]) -> pikepdf.Stream:
        """Return the picture as a new object of the PDF; `profiles` are those that stand in it already, and gets this one's."""
        stream = pikepdf.Stream(pdf, self.content)
        stream["/Type"], stream["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
        for key, value in self.entries.items():
            stream[key] = value
        if self.mask is not None:
            stream["/SMask"] = self.mask.added_to(pdf, profiles)
        if self.profile is not None:
            if self.profile not in profiles:
                profiles[self.profile] = _profile(pdf, self.profile, stream["/ColorSpace"])
            stream["/ColorSpace"] = profiles[self.profile]
        return stream


def _profile(pdf: pikepdf.Pdf, profile: bytes, colour_space: pikepdf.Object) -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, zlib.compress(profile, 9))
    stream["/Filter"] = pikepdf.Name.FlateDecode
    stream["/N"] = _COMPONENTS[str(colour_space)]
    stream["/Alternate"] = colour_space
    return pdf.make_indirect(pikepdf.Array([pikepdf.Name.ICCBased, stream]))
