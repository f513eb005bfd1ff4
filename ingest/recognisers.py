"""The recognisers by the names that the configuration gives; reading children make one and keep it warm.

Known to the parent as well, which asks what is missing and no more: each is imported when it is first used, so that OpenCV and the decoders
stay in the children.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from zope.interface import implementer

from ingest.interfaces import IRecogniser
from ingest.values import Line, NumberLook, PixelNeeds

if TYPE_CHECKING:
    from ingest.grays import Gray
    from ingest.prepare import Prepared


def _ppocr() -> IRecogniser:
    from ingest.ppocr import PpOcr

    return PpOcr()


def _tesseract() -> IRecogniser:
    from ingest.tesseract import Tesseract

    return Tesseract()


RECOGNISERS: Mapping[str, Callable[[], IRecogniser]] = {"ppocr": _ppocr, "tesseract": _tesseract}

PIXEL_NEEDS: Mapping[str, PixelNeeds] = {
    # Enlarged, a page of 75 dpi has 1.6 instead of 2.0 % errors, one of 100 dpi 1.4 instead of 1.5 (18 forms shrunk to that).
    "ppocr": PixelNeeds(even_ground=False, straight_lines=False, tilt_told=True, least_dpi=110),
    # At 100 dpi enlarging takes the errors from 8.9 to 6.0 %; 300 dpi shrunk to 200 costs a fifth less and loses nothing (15 forms).
    "tesseract": PixelNeeds(even_ground=True, straight_lines=True, no_ruling=True, least_dpi=130, most_dpi=200),
}


def named(name: str) -> IRecogniser:
    """Return a new recogniser of this name; raises KeyError where there is none."""
    return RECOGNISERS[name]()


@implementer(IRecogniser)
@dataclass(frozen=True)
class OnDemand:
    """`IRecogniser` that is made when something is first asked of it but its name and needs."""

    name: str

    @property
    def needs(self) -> PixelNeeds:
        """Return what must be done to a page's pixels."""
        return PIXEL_NEEDS[self.name]

    @cached_property
    def _made(self) -> IRecogniser:
        return named(self.name)

    def missing(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return what must be installed before these languages can be read; () if ready."""
        return self._made.missing(languages)

    def recognise(self, page: Prepared, languages: tuple[str, ...]) -> tuple[Line, ...]:
        """Return the lines in reading order."""
        return self._made.recognise(page, languages)

    def read_number(self, crop: Gray, dpi: float) -> tuple[NumberLook, ...]:
        """Return the opinions on a crop that holds one number."""
        return self._made.read_number(crop, dpi)
