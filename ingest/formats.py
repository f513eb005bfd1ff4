"""What a file is by its content: PDF, TIFF, JPEG, PNG, or no scan at all. Whether it is whole, `wholeness` says.

Opens files without following a link and without waiting for a fifo, so that the parent may look into what strangers put there.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ingest.values import ScanFormat

PDF_JUNK_BYTES = 1024
"""ISO 32000-1, Annex H.3.4.1: readers accept `%PDF-` anywhere in the first 1024 bytes; fax gateways put mail headers before it."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TIFF_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def format_of_head(head: bytes) -> ScanFormat | None:
    """Return what begins with these bytes (the first 1029 or more); None if it is no scan."""
    if head.startswith(b"\xff\xd8\xff"):
        return ScanFormat.JPEG
    if head.startswith(PNG_SIGNATURE):
        return ScanFormat.PNG
    if head.startswith(_TIFF_SIGNATURES):
        return ScanFormat.TIFF
    if b"%PDF-" in head[: PDF_JUNK_BYTES + 5]:
        return ScanFormat.PDF
    return None


def head_of(path: Path) -> bytes:
    """Return the first bytes, enough for `format_of_head`; raises OSError (ELOOP for a link), never waits for a fifo."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return stream.read(PDF_JUNK_BYTES + 5)


def format_of(path: Path) -> ScanFormat | None:
    """Return what the file is by its content; None if it is no scan."""
    return format_of_head(head_of(path))
