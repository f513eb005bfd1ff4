"""What a reading child is asked to do: functions of a path and values, importable by name, with nothing kept but a warm recogniser.

The parent imports this module only to name the tasks; so the decoders and OpenCV are imported inside them, and the parent stays small
and never has a stranger's bytes near a decoder. In a child they are loaded already (`preload`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from ingest.interfaces import Fault, IRecogniser
from ingest.values import Box, NumberLook, PageText, ReadingOptions

RecogniserFactory = Callable[[str], IRecogniser]


@cache
def warm_recogniser(factory: RecogniserFactory, name: str) -> IRecogniser:
    """Return this child's recogniser, made once."""
    return factory(name)


def find_fault(path: Path) -> Fault | None:
    """Return why the file is not a whole scan."""
    from ingest.wholeness import fault_of

    return fault_of(path)


def count_pages(path: Path) -> int:
    """Return how many pages the scan has; raises ScanUnreadable unless it is whole."""
    from ingest.pages import page_count

    return page_count(path)


def read_page(path: Path, page_number: int, factory: RecogniserFactory, options: ReadingOptions) -> PageText:
    """Return the page as read."""
    from ingest.pages import decode
    from ingest.reading import read_page as read

    return read(decode(path, page_number), warm_recogniser(factory, options.recogniser), options)


def read_number(path: Path, page: PageText, box: Box, factory: RecogniserFactory, name: str) -> tuple[NumberLook, ...]:
    """Return what a number-only look at this box reads."""
    from ingest.pages import decode
    from ingest.reading import read_number as read

    return read(decode(path, page.page_number), page, box, warm_recogniser(factory, name))


def write_record_pdf(path: Path, pages: tuple[PageText, ...], out_path: Path, stamp: str | None) -> None:
    """Write the searchable PDF of these pages."""
    from ingest.pages import scan_format
    from ingest.text_layer import write_record_pdf as write

    write(path, scan_format(path), pages, out_path, stamp)
