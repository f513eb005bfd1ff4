"""What libraries raise over a stranger's damaged bytes, all of which means: the scan is bad.

A named list and not `Exception`: running out of memory and our own bugs outside decoding must not be taken for bad scans. Trouble with the
disk or the share is an OSError with an error number; Pillow's own complaints carry none.
"""

from __future__ import annotations

import struct
import zlib

import pikepdf
import pypdfium2

DECODER_COMPLAINTS: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,  # Pillow: a broken PNG or TIFF
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    struct.error,
    zlib.error,
    pikepdf.PdfError,
    pypdfium2.PdfiumError,
)
