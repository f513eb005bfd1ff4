"""Writes a PDF of pictures page by page, so that of a scan of any length only one picture is in memory.

Why not pikepdf alone: it keeps all that was added until it saves, and copies from one PDF to another through memory (629 MiB for 300 pages
of JPEG in TIFF, measured). What is written here is read again by pikepdf, piece by piece, to get its text. A plain file: PDF 1.7 with a
cross-reference table (ISO 32000-1, 7.5); each page shows one picture that fills it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, BinaryIO

import pikepdf

from ingest.pictures import Picture

PICTURE_NAME = "/Im0"
_COMPONENTS = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_ROOT, _PAGES = 1, 2


class PictureFile:
    """A PDF under way; complete after `finish`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offsets: dict[int, int] = {}
        self._last = _PAGES
        self._pages: list[int] = []
        self._profiles: dict[bytes, int] = {}
        stream.write(b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n")

    def add_page(self, picture: Picture, size_pt: tuple[float, float]) -> None:
        """Add a page of this size (before it is turned) that the picture fills, mirrored and turned as it asks."""
        width, height = size_pt
        across, left = (-width, width) if picture.turn.is_mirrored else (width, 0.0)
        content = f"q {across:g} 0 0 {height:g} {left:g} 0 cm {PICTURE_NAME} Do Q\n".encode("ascii")
        page = pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=[0, 0, width, height], Rotate=picture.turn.rotate_cw)
        references = {
            "/Parent": b"%d 0 R" % _PAGES,
            "/Contents": b"%d 0 R" % self._add_stream({}, {}, content),
            "/Resources": b"<</XObject<<%s %d 0 R>>>>" % (PICTURE_NAME.encode(), self._add_picture(picture)),
        }
        self._pages.append(self._add(_dictionary(page, references)))

    def finish(self) -> None:
        """Write what makes it a whole PDF."""
        kids = b" ".join(b"%d 0 R" % number for number in self._pages)
        self._write(_PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._pages), kids))
        self._write(_ROOT, b"<</Type/Catalog/Pages %d 0 R>>" % _PAGES)
        start = self._stream.tell()
        self._stream.write(b"xref\n0 %d\n0000000000 65535 f \n" % (self._last + 1))
        for number in range(1, self._last + 1):
            self._stream.write(b"%010d 00000 n \n" % self._offsets[number])
        self._stream.write(
            b"trailer <</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (self._last + 1, _ROOT, start)
        )

    def _add_picture(self, picture: Picture) -> int:
        entries = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image} | dict(picture.entries)
        references: dict[str, bytes] = {}
        if picture.mask is not None:
            references["/SMask"] = b"%d 0 R" % self._add_picture(picture.mask)
        if picture.profile is not None:
            colour_space = entries.pop("/ColorSpace")
            references["/ColorSpace"] = b"[/ICCBased %d 0 R]" % self._profile(picture.profile, colour_space)
        return self._add_stream(entries, references, picture.content)

    def _profile(self, profile: bytes, colour_space: Any) -> int:
        """Return the object of this colour profile, written once however many pictures have it."""
        if profile not in self._profiles:
            entries = {
                "/N": _COMPONENTS[str(colour_space)],
                "/Alternate": colour_space,
                "/Filter": pikepdf.Name.FlateDecode,
            }
            self._profiles[profile] = self._add_stream(entries, {}, zlib.compress(profile, 9))
        return self._profiles[profile]

    def _add_stream(self, entries: Mapping[str, Any], references: Mapping[str, bytes], content: bytes) -> int:
        head = _dictionary(pikepdf.Dictionary(dict(entries) | {"/Length": len(content)}), references)
        return self._add(head + b"\nstream\n" + content + b"\nendstream")

    def _add(self, content: bytes) -> int:
        self._last += 1
        self._write(self._last, content)
        return self._last

    def _write(self, number: int, content: bytes) -> None:
        self._offsets[number] = self._stream.tell()
        self._stream.write(b"%d 0 obj\n" % number)
        self._stream.write(content)
        self._stream.write(b"\nendobj\n")


def _dictionary(entries: pikepdf.Dictionary, references: Mapping[str, bytes]) -> bytes:
    """Return the dictionary as it stands in a file; pikepdf has no way to write a reference to an object that it does not hold."""
    referring = b"".join(b"%s %s" % (key.encode("ascii"), reference) for key, reference in references.items())
    return b"%s%s>>" % (entries.unparse().removesuffix(b">>"), referring)
