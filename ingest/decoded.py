"""A page's pixels on their way from the file to the recogniser; lives only inside a reading child."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image

from ingest.values import Line


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """One page as the file displays it today (after /Rotate or EXIF), in pixels that cover the whole displayed page.

    `dpi_x`, `dpi_y` are true resolutions (72 dpi and the like corrected to what a paper size makes plausible);
    `width_pt`, `height_pt` the displayed page in points, so that the text layer can be laid on it.
    `is_dpi_stated`: the file itself says so, and can be believed; otherwise the resolution is guessed from a usual paper size.
    `own_lines` is the text of a page that was born digital, boxes at `max(dpi_x, dpi_y)`; None where it must be read.
    """

    page_number: int
    pixels: Image.Image
    dpi_x: float
    dpi_y: float
    width_pt: float
    height_pt: float
    own_lines: tuple[Line, ...] | None
    is_dpi_stated: bool = True

    def without_pixels(self) -> DecodedPage:
        """Return what is known of the page with one white pixel: a page in colour takes 35 MB, and is read in gray."""
        return replace(self, pixels=Image.new("L", (1, 1), 255))
