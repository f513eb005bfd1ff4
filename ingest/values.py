"""What the lowest floor hands up: a scan, its pages as read text with boxes, and the page ranges of its records.

All boxes are in pixels at `dpi` from the top left of the page *as displayed* (upright, after /Rotate); where a scanner's
resolution differs by axis (fax), the frame is square at the larger one. Confidences are 0.0-1.0. No value is ever edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NewType

ScanId = NewType("ScanId", str)

UNREAD = "?"
"""What a look at a place says where something is written that could not be read: never a sign of a number."""


@dataclass(frozen=True, slots=True)
class NumberLook:
    """One opinion of the image on what stands in a place for a number: digits, Latin capitals, hyphens; or UNREAD."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the top left; right and bottom are exclusive. May be of zero height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    @staticmethod
    def around(boxes: Sequence[Box]) -> Box:
        """Return the smallest box around all; raises ValueError where there are none."""
        return Box(
            min(b.left for b in boxes),
            min(b.top for b in boxes),
            max(b.right for b in boxes),
            max(b.bottom for b in boxes),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of signs as the recogniser gave it, normalised (NFKC), never empty."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: words from left to right, never empty; `text` has no blanks between Han signs."""

    text: str
    words: tuple[Word, ...]
    box: Box

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the words, weighted by their length."""
        signs = sum(len(w.text) for w in self.words)
        return sum(w.confidence * len(w.text) for w in self.words) / signs if signs else 0.0


@dataclass(frozen=True, slots=True)
class Barcode:
    """A machine-readable code; `symbology` is zxing-cpp's name, such as "Code128" or "QRCode"."""

    text: str
    symbology: str
    box: Box


class TextSource(StrEnum):
    """Where the text of a page comes from."""

    RECOGNISED = "recognised"
    OWN = "own"  # born digital: the file's own text
    NONE = "none"  # blank page


class Side(StrEnum):
    """A side of a page as displayed upright."""

    LEFT = "left"
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """What was measured of a page's image as it was scanned, before anything was prepared.

    `dpi` is that of the coarser axis as the file states it, 0.0 where the file says nothing that can be believed (photographs).
    `line_px` is the usual height of a line of text in pixels of that axis, 0.0 where hardly a line was read. `paper` is how bright the
    paper is about the writing (0.0 black to 1.0 white), `contrast` how much darker the ink is, as a share of that. `tilt_degrees` is how far the
    lines tilt on the image, positive = counter-clockwise, whatever was straightened for reading. Text runs over the `cut_sides`.
    """

    dpi: float
    line_px: float
    paper: float
    contrast: float
    tilt_degrees: float
    cut_sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """One page of a scan, read: lines in reading order (rows from the top, left to right), codes, and its geometry.

    `page_number` counts from 1 in the scan. `rotation_cw` is the clockwise turn (0, 90, 180, 270) that makes the page
    upright, on top of what the file already asks for (/Rotate, EXIF); `skew_degrees` what was left and straightened for reading only (positive = counter-clockwise tilt).
    `quality` is None where there is no scanned image to judge: blank pages, and those that were born digital.
    """

    page_number: int
    width_px: int
    height_px: int
    dpi: float
    rotation_cw: int
    skew_degrees: float
    is_blank: bool
    source: TextSource
    lines: tuple[Line, ...]
    barcodes: tuple[Barcode, ...]
    quality: ImageQuality | None = None

    @property
    def text(self) -> str:
        """Return the lines joined by newlines."""
        return "\n".join(line.text for line in self.lines)


class ScanFormat(StrEnum):
    """What a scan is by its content."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that is ours: claimed, standing in its own work folder, its bytes fixed and digested."""

    scan_id: ScanId
    inbox: str
    original_name: str  # as the clerk saw it; undecodable bytes replaced
    path: Path
    sha256: str
    md5: str
    size_bytes: int
    received_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read the pages of a scan; `languages` are ISO 639 codes such as ("zh", "en")."""

    recogniser: str
    languages: tuple[str, ...]
    max_pages: int
    page_timeout_seconds: float


@dataclass(frozen=True, slots=True)
class PixelNeeds:
    """What a recogniser needs done to a page's pixels, besides turning them upright, before it reads them well.

    Each step costs time, and was measured for each recogniser (docs/benchmarks.md).
    """

    even_ground: bool  # stains, shadows and low contrast evened out
    straight_lines: bool  # a skew of up to 10 degrees taken out
    tilt_told: bool = False  # such a skew measured and told, for recognisers that follow tilted lines by themselves
    no_ruling: bool = False  # the long lines of tables and forms taken out
    least_dpi: float = 0.0  # coarser pages are enlarged to twice their size
    most_dpi: float = 300.0  # finer pages are shrunk to this


class BatchMode(StrEnum):
    """How an inbox's scans are cut into records."""

    SHEETS = "sheets"  # separator sheets with a barcode, wherever one stands (the default)
    BLANK = "blank"  # blank sheets stand between records, too
    SINGLE = "single"  # one scan is one record; sheets are ignored


@dataclass(frozen=True, slots=True)
class CutRange:
    """The pages of one record, first and last from 1, inclusive, without separator sheets; its own blank backs stay in.

    `given` is what the separator sheet before it said, such as {"kind": "contract"}; empty where it said nothing.
    """

    first: int
    last: int
    given: tuple[tuple[str, str], ...] = ()
