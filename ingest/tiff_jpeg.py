"""A TIFF page stored as JPEG strips, as one JPEG of the same bytes: nothing is decoded, nothing is encoded anew.

Every strip is a JPEG by itself whose prediction starts afresh, and so does every restart interval of a JPEG: one with an interval as long
as a strip is the strips' coded rows, each followed by a restart marker (ITU-T T.81, E.1.4). Scanners write such TIFFs by the thousand; encoded
without loss they would be up to 5.7 times as large (measured). Where a page is stored in any other way (tiles, strips that end within a
row of blocks, differing tables), None: it is encoded like any other.
Not for decoding; what the joined JPEG shows is proven on the finished PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_START, _END = b"\xff\xd8", b"\xff\xd9"
_BASELINE = frozenset({0xC0, 0xC1})  # Huffman coded, sequential
_TABLES = frozenset({0xC4, 0xDB})
_SCAN, _RESTART_INTERVAL = 0xDA, 0xDD
_IGNORED = frozenset({0xFE, *range(0xE0, 0xF0)})  # comments, application data
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_BLOCK_PX = 8
_THREE_COLOURS = 3
_MOST_PX = 65_535
_MOST_INTERVAL = 65_535


class NotJoinable(ValueError):
    """The strips cannot be one JPEG as they are."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """One strip taken apart: its tables, its frame header (without length) with the height left out, its scan header, its coded rows."""

    tables: bytes
    frame_marker: int
    frame: bytes
    height_px: int
    scan: bytes
    coded: bytes


def joined_jpeg(strips: Sequence[bytes], tables: bytes | None, rows_per_strip: int, *, is_rgb: bool) -> bytes:
    """Return the strips as one JPEG; `tables` is the tag JPEGTables. Raises NotJoinable.

    `is_rgb` says that the samples are red, green and blue, which a decoder takes for luminance and colour unless told.
    """
    shared = _segments_of(tables) if tables else b""
    parts = [_strip(strip) for strip in strips]
    first = parts[0]
    if any(
        (part.tables, part.frame_marker, part.frame, part.scan)
        != (first.tables, first.frame_marker, first.frame, first.scan)
        for part in parts
    ):
        raise NotJoinable("the strips differ in their tables or headers")
    height_px = sum(part.height_px for part in parts)
    if not 0 < height_px <= _MOST_PX:
        raise NotJoinable("too high for a JPEG")
    restart = b""
    if len(parts) > 1:
        interval = _interval(first, rows_per_strip)
        if any(part.height_px != rows_per_strip for part in parts[:-1]) or parts[-1].height_px > rows_per_strip:
            raise NotJoinable("a strip is not as high as it should be")
        restart = _segment(_RESTART_INTERVAL, interval.to_bytes(2, "big"))
    head = [_START, _adobe(is_rgb) if _components(first) == _THREE_COLOURS else b"", shared, first.tables]
    frame = first.frame[:1] + height_px.to_bytes(2, "big") + first.frame[1:]
    head += [_segment(first.frame_marker, frame), restart, _segment(_SCAN, first.scan)]
    return b"".join([*head, *_with_restarts([part.coded for part in parts]), _END])


def _with_restarts(coded: Sequence[bytes]) -> Iterator[bytes]:
    for index, rows in enumerate(coded):
        if index:
            yield bytes((0xFF, 0xD0 + (index - 1) % 8))
        yield rows


def _components(strip: _Strip) -> int:
    return strip.frame[3]


def _interval(strip: _Strip, rows_per_strip: int) -> int:
    """Return how many blocks or groups of blocks (MCU) a strip holds; raises NotJoinable where that is no whole number of rows."""
    width_px = int.from_bytes(strip.frame[1:3], "big")
    samplings = [(byte >> 4, byte & 15) for byte in strip.frame[5::3]]
    across, down = max(across for across, _ in samplings), max(down for _, down in samplings)
    if len(samplings) == 1:
        across = down = 1  # a single component is not interleaved: each block by itself
    unit_height_px = _BLOCK_PX * down
    if rows_per_strip % unit_height_px:
        raise NotJoinable("a strip ends within a row of blocks")
    interval = -(-width_px // (_BLOCK_PX * across)) * (rows_per_strip // unit_height_px)
    if interval > _MOST_INTERVAL:
        raise NotJoinable("a strip has too many blocks")
    return interval


def _strip(content: bytes) -> _Strip:
    tables: list[bytes] = []
    frame: tuple[int, bytes] | None = None
    for marker, payload, end in _segments(content):
        if marker in _TABLES:
            tables.append(_segment(marker, payload))
        elif marker in _BASELINE and frame is None:
            frame = marker, payload
        elif marker == _SCAN and frame is not None:
            kind, header = frame
            bare = header[:1] + header[3:]
            if header[0] != _BLOCK_PX or payload[0] != header[5]:
                raise NotJoinable("more than one scan, or deep samples")
            height_px = int.from_bytes(header[1:3], "big")
            return _Strip(b"".join(tables), kind, bare, height_px, payload, _coded(content, end))
        elif marker not in _IGNORED:
            raise NotJoinable(f"marker {marker:#x}")
    raise NotJoinable("no scan")


def _coded(content: bytes, start: int) -> bytes:
    """Return the coded rows, which must run to an end-of-image without any other marker."""
    found = _MARKER.search(content, start)
    if found is None or found.group() != _END:
        raise NotJoinable("restart markers, or no end")
    return content[start : found.start()].rstrip(b"\xff")  # fill bytes before a marker


def _segments_of(tables: bytes) -> bytes:
    """Return the table segments of the tag JPEGTables, which is a JPEG of tables only."""
    return b"".join(_segment(marker, payload) for marker, payload, _ in _segments(tables) if marker in _TABLES)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield marker, payload and end of each segment up to the first scan or the end; raises NotJoinable where there is no order."""
    if content[:2] != _START:
        raise NotJoinable("no start")
    position = 2
    while position + 2 <= len(content):
        if content[position] != 0xFF:
            raise NotJoinable("no marker")
        marker = content[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == _END[1]:
            return
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        end = position + 2 + length
        if length < 2 or end > len(content):
            raise NotJoinable("cut short")
        yield marker, content[position + 4 : end], end
        position = end


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _adobe(is_rgb: bool) -> bytes:
    """Return the marker that says whether three colours are red, green and blue (ITU-T T.872, 6.5.3)."""
    return _segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00" + bytes((0 if is_rgb else 1,)))
