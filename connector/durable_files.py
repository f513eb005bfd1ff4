"""Writes files so that after a power cut they are there whole or not at all: write beside, flush, place, flush the folder.

Seen on ext4: a rename without fsync leaves an empty file at the final name; fsync without the folder's fsync undoes the rename.
Not for the journal: SQLite does this itself.
"""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from metadata.values import Digests

_CHUNK_BYTES = 1 << 20
_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EACCES))
"""What file systems without hard links (FAT, many network shares) answer to `link`."""


def digests_of(path: Path) -> Digests:
    """Return both digests of the bytes that stand there now; raises OSError."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK_BYTES):
            sha256.update(chunk)
            md5.update(chunk)
    return Digests(sha256.hexdigest(), md5.hexdigest())


def make_folder(path: Path) -> None:
    """Make the folder and the missing ones above it, durably."""
    missing: list[Path] = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def flush_folder(path: Path) -> None:
    """Make the names in this folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_beside(source: Path, temporary: Path) -> Digests:
    """Copy the bytes to `temporary`, durably, replacing what stood there; return the digests of what was copied."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with source.open("rb") as reader, temporary.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            sha256.update(chunk)
            md5.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return Digests(sha256.hexdigest(), md5.hexdigest())


def place(temporary: Path, target: Path) -> None:
    """Move a finished file to a name that nothing bears; raises FileExistsError if something does."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists() or target.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        temporary.rename(target)
    else:
        temporary.unlink()
    flush_folder(target.parent)
    if temporary.parent != target.parent:
        flush_folder(temporary.parent)


def write_text(target: Path, text: str, temporary_folder: Path) -> None:
    """Write or replace a small text file (UTF-8), whole or not at all; both folders on the same file system."""
    digest = hashlib.sha256(str(target).encode("utf-8", "surrogateescape")).hexdigest()
    temporary = temporary_folder / f"{digest[:32]}.text"
    with temporary.open("w", encoding="utf-8", newline="\n") as writer:
        writer.write(text)
        writer.flush()
        os.fsync(writer.fileno())
    temporary.replace(target)
    flush_folder(target.parent)
