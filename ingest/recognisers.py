"""Makes a recogniser by the name that the configuration gives; reading children call it once and keep it warm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.interfaces import IRecogniser
from ingest.ppocr import PpOcr
from ingest.tesseract import Tesseract

RECOGNISERS: Mapping[str, Callable[[], IRecogniser]] = {"ppocr": PpOcr, "tesseract": Tesseract}


def named(name: str) -> IRecogniser:
    """Return a new recogniser of this name; raises KeyError where there is none."""
    return RECOGNISERS[name]()
