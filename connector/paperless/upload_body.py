"""A multipart/form-data body that reads the file while it is sent: a record of 300 pages never stands in memory.

Not a general encoder: text parts first, then one file. The names of the parts and of the file are ours, so they need no quoting.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO


class UploadTooSlow(OSError):
    """The whole upload took longer than it may."""


class UploadBody:
    """Read by requests while it sends; its length is known beforehand. Use as a context manager."""

    def __init__(
        self,
        parts: Sequence[tuple[str, str]],
        file_name: str,
        path: Path,
        deadline_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._boundary = secrets.token_hex(16)
        self._head = BytesIO(self._text_parts(parts) + self._file_head(file_name))
        self._tail = BytesIO(f"\r\n--{self._boundary}--\r\n".encode())
        self._path = path
        self._file: BinaryIO | None = None
        self._monotonic = monotonic
        self._deadline_seconds = deadline_seconds
        self._deadline = 0.0
        self._length = len(self._head.getvalue()) + path.stat().st_size + len(self._tail.getvalue())

    @property
    def content_type(self) -> str:
        """Return the value of the Content-Type header."""
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        return self._length

    def __enter__(self) -> UploadBody:
        self._file = self._path.open("rb")
        self._deadline = self._monotonic() + self._deadline_seconds
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, b"" at the end; raises UploadTooSlow."""
        if self._monotonic() > self._deadline:
            raise UploadTooSlow(str(self._deadline_seconds))
        chunk = self._head.read(size)
        if not chunk and self._file:
            chunk = self._file.read(size)
        return chunk or self._tail.read(size)

    def _text_parts(self, parts: Sequence[tuple[str, str]]) -> bytes:
        return b"".join(
            f'--{self._boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in parts
        )

    def _file_head(self, file_name: str) -> bytes:
        return (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="document"; filename="{file_name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
