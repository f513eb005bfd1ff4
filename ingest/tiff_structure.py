"""The skeleton of a TIFF: its chain of tag folders (IFDs), which are pages, and whether their data lies within the file.

For wholeness and for finding a page; decoding is Pillow's. Classic TIFF (TIFF 6.0) and BigTIFF, both byte orders. Plain Python over
bytes with every offset checked, so that a crafted chain (loops, offsets far outside) ends in TiffBroken.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MAX_FOLDERS = 20_000

_SUBFILE_TYPE, _STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES, _JPEG_OFFSET = 254, 273, 279, 324, 325, 513
_WANTED = frozenset({_SUBFILE_TYPE, _STRIP_OFFSETS, _STRIP_BYTES, _TILE_OFFSETS, _TILE_BYTES, _JPEG_OFFSET})
_INTEGER_FORMATS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_REDUCED_IMAGE = 1
_MAX_VALUES = 1_000_000


class TiffBroken(ValueError):
    """An offset leads outside the file or in a circle: the file is cut short or damaged."""


class Bytes(Protocol):
    """What a file looks like here: `bytes` or an `mmap`."""

    def __len__(self) -> int: ...

    def __getitem__(self, key: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class TiffFolder:
    """One tag folder. `frame_index` counts from 0 along the chain, as Pillow's `seek` does."""

    frame_index: int
    is_thumbnail: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    is_big: bool

    def unpack(self, form: str, raw: bytes) -> tuple[int, ...]:
        try:
            return struct.unpack(self.order + form, raw)
        except struct.error as error:
            raise TiffBroken("cut short") from error


def tiff_pages(content: Bytes) -> tuple[int, ...]:
    """Return the frame index of each page, thumbnails (reduced-resolution images) left out unless there is nothing else."""
    folders = tiff_folders(content)
    pages = tuple(folder.frame_index for folder in folders if not folder.is_thumbnail)
    return pages or tuple(folder.frame_index for folder in folders)


def tiff_folders(content: Bytes) -> tuple[TiffFolder, ...]:
    """Return the tag folders in the order of the chain; raises TiffBroken unless all their data lies within the file."""
    layout = _Layout("<" if content[0:2] == b"II" else ">", content[2:3] == b"+" or content[3:4] == b"+")
    (offset,) = layout.unpack("Q", content[8:16]) if layout.is_big else layout.unpack("I", content[4:8])
    folders: list[TiffFolder] = []
    seen: set[int] = set()
    while offset:
        if offset in seen or len(folders) >= MAX_FOLDERS:
            raise TiffBroken("the chain of pages goes in a circle")
        seen.add(offset)
        tags, offset = _folder(content, layout, offset)
        _check_extents(tags, len(content))
        is_thumbnail = bool(tags.get(_SUBFILE_TYPE, (0,))[0] & _REDUCED_IMAGE)
        folders.append(TiffFolder(len(folders), is_thumbnail))
    return tuple(folders)


def _folder(content: Bytes, layout: _Layout, offset: int) -> tuple[dict[int, tuple[int, ...]], int]:
    """Return the wanted tags' values and the next folder's offset."""
    count_size, entry_size, next_form = (8, 20, "Q") if layout.is_big else (2, 12, "I")
    (count,) = layout.unpack("Q" if layout.is_big else "H", content[offset : offset + count_size])
    end = offset + count_size + count * entry_size
    if end > len(content):
        raise TiffBroken("a folder of tags lies beyond the end")
    tags = dict(_entries(content, layout, offset + count_size, count))
    (following,) = layout.unpack(next_form, content[end : end + struct.calcsize(f"={next_form}")])
    return tags, following


def _entries(content: Bytes, layout: _Layout, start: int, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the wanted tags with their values; every tag's values must lie within the file."""
    entry_size, form, inline = (20, "HHQ", 8) if layout.is_big else (12, "HHI", 4)
    for position in range(start, start + count * entry_size, entry_size):
        at = position + entry_size - inline
        tag, kind, number = layout.unpack(form, content[position:at])
        size = number * _TYPE_BYTES.get(kind, 0)
        if size > inline:
            (at,) = layout.unpack("Q" if layout.is_big else "I", content[at : at + inline])
        if at + size > len(content):
            raise TiffBroken("a tag's values lie beyond the end")
        if tag in _WANTED and kind in _INTEGER_FORMATS and 0 < number <= _MAX_VALUES:
            yield tag, layout.unpack(f"{number}{_INTEGER_FORMATS[kind]}", content[at : at + size])


def _check_extents(tags: dict[int, tuple[int, ...]], size_bytes: int) -> None:
    """Raise TiffBroken unless the folder has image data and all of it lies within the file."""
    for offsets_tag, lengths_tag in ((_STRIP_OFFSETS, _STRIP_BYTES), (_TILE_OFFSETS, _TILE_BYTES)):
        if offsets_tag in tags:
            offsets = tags[offsets_tag]
            lengths = tags.get(lengths_tag, (1,) * len(offsets))
            if any(at + length > size_bytes for at, length in zip(offsets, lengths, strict=False)):
                raise TiffBroken("image data lies beyond the end")
            return
    if _JPEG_OFFSET not in tags:
        raise TiffBroken("a page has no image data")
