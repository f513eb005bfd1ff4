"""Makes a recogniser by the name that the configuration gives; reading children call it once and keep it warm.

Each is imported when it is made: the parent knows their names only, and OpenCV stays out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.interfaces import IRecogniser


def _ppocr() -> IRecogniser:
    from ingest.ppocr import PpOcr

    return PpOcr()


def _tesseract() -> IRecogniser:
    from ingest.tesseract import Tesseract

    return Tesseract()


RECOGNISERS: Mapping[str, Callable[[], IRecogniser]] = {"ppocr": _ppocr, "tesseract": _tesseract}


def named(name: str) -> IRecogniser:
    """Return a new recogniser of this name; raises KeyError where there is none."""
    return RECOGNISERS[name]()
