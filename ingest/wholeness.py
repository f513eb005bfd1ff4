"""Whether a scan is structurally whole: the question "has all of it arrived?", and "is it cut short?".

For settling and for refusing a truncated scan, in which pages may be missing without anybody noticing. Not for judging whether
the pixels can be decoded: that is found out when they are. JPEG, PNG and TIFF are walked here by plain Python over bytes, which
no crafted file can crash; a PDF's page tree needs pikepdf, so `fault_of` runs in a limited child.
"""

from __future__ import annotations

import mmap
import re
import stat
import zlib
from pathlib import Path

import pikepdf

from ingest.decoder_complaints import DECODER_COMPLAINTS
from ingest.formats import PNG_SIGNATURE, format_of
from ingest.interfaces import Fault
from ingest.tiff_structure import TiffBroken, tiff_folders
from ingest.values import ScanFormat

_PDF_TAIL_BYTES = 2048
"""`%%EOF` is looked for in so many last bytes that are not zero: scanners append serial numbers, and some pad with zeros."""

_JPEG_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_END = 0xD9
_BLANK = b"\x00\t\n\r\x0c "


def fault_of(path: Path) -> Fault | None:
    """Return why this file is not a whole scan, None where it is one (its pixels may still turn out undecodable).

    An encrypted PDF is complete as it stands: ENCRYPTED. Raises OSError where the disk or the share is at fault.
    """
    seen = path.lstat()
    if not stat.S_ISREG(seen.st_mode):
        return Fault.NOT_REGULAR
    if seen.st_size == 0:
        return Fault.EMPTY
    try:
        return _content_fault(path)
    except PermissionError:
        return Fault.NOT_READABLE


def _content_fault(path: Path) -> Fault | None:
    scan_format = format_of(path)
    if scan_format is None:
        return Fault.NOT_A_SCAN
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        match scan_format:
            case ScanFormat.JPEG:
                return None if _jpeg_is_whole(content) else Fault.DAMAGED
            case ScanFormat.PNG:
                return None if _png_is_whole(content) else Fault.DAMAGED
            case ScanFormat.TIFF:
                return _tiff_fault(content)
            case ScanFormat.PDF:
                if not _pdf_ends(content):
                    return Fault.DAMAGED
    return _pdf_fault(path)


def _jpeg_is_whole(content: mmap.mmap) -> bool:
    """Return whether the markers lead from the start to an end-of-image.

    Walked rather than searched from the end: an EXIF thumbnail has an end of its own, and phones append films and trailers.
    """
    position = 2
    while True:
        found = _JPEG_NEXT_MARKER.search(content, position)
        if found is None:
            return False
        marker = found.group()[1]
        position = found.end()
        if marker == _JPEG_END:
            return True
        if marker in _JPEG_WITHOUT_LENGTH:
            continue
        length = int.from_bytes(content[position : position + 2], "big")
        if length < 2 or position + length > len(content):
            return False
        position += length


def _png_is_whole(content: mmap.mmap) -> bool:
    """Return whether the chunks lead to IEND with right checksums (a preallocated copy has holes of zeros in it)."""
    position = len(PNG_SIGNATURE)
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        end = position + 8 + length
        if end + 4 > len(content):
            return False
        if zlib.crc32(memoryview(content)[position + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            return False
        if content[position + 4 : position + 8] == b"IEND":
            return True
        position = end + 4
    return False


def _tiff_fault(content: mmap.mmap) -> Fault | None:
    """Return DAMAGED where a folder of tags or a strip lies beyond the end, NO_PAGES where there is none."""
    try:
        folders = tiff_folders(content)
    except TiffBroken:
        return Fault.DAMAGED
    return None if folders else Fault.NO_PAGES


def _pdf_ends(content: mmap.mmap) -> bool:
    """Return whether `%%EOF` stands at the end; a truncated PDF may else be repaired into one with fewer pages."""
    end = len(content)
    while end > 0:
        tail = content[max(0, end - _PDF_TAIL_BYTES) : end].rstrip(_BLANK)
        if tail:
            end = max(0, end - _PDF_TAIL_BYTES) + len(tail)
            return b"%%EOF" in content[max(0, end - _PDF_TAIL_BYTES) : end]
        end -= _PDF_TAIL_BYTES
    return False


def _pdf_fault(path: Path) -> Fault | None:
    """Return ENCRYPTED, NO_PAGES or DAMAGED as pikepdf finds it."""
    try:
        # A stream, not the path: pikepdf takes no name that is not UTF-8, and scanners send such names.
        with path.open("rb") as stream, pikepdf.open(stream) as pdf:
            return None if len(pdf.pages) else Fault.NO_PAGES
    except pikepdf.PasswordError:
        return Fault.ENCRYPTED
    except DECODER_COMPLAINTS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return Fault.DAMAGED
