"""Writing and moving so that a power cut leaves the old or the new, never half: the few system calls everyone shares.

Why: on ext4 a rename without fsync leaves a 0-byte file at the final name, and fsync without the folder's fsync undoes the
rename (seen, after a power cut). Network file systems refuse fsync of a folder; that is borne, there is no better.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_NOT_SYNCABLE = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF, errno.ENOSYS})
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigests:
    """SHA-256 and MD5 (hex) and the length of the bytes they were made of."""

    sha256: str
    md5: str
    size_bytes: int


def fsync_folder(path: Path) -> None:
    """Make the names in this folder durable, where the file system can."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SYNCABLE:
            raise
    finally:
        os.close(descriptor)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make this folder and its parents, durably; one that is there already is left as it is."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=mode, exist_ok=True)
    fsync_folder(path.parent)


@contextmanager
def written_durably(path: Path) -> Iterator[Path]:
    """Give a place beside `path` to write to; what is written there is synced and stands at `path` once the block ends well.

    The old or the new stands at `path`, whatever happens midway. The part beside it always has the same name, so that writing again
    after a crash takes away what the crash left.
    """
    beside = path.with_name(f".{digests_of_bytes(os.fsencode(path.name)).sha256[:20]}.part")
    try:
        yield beside
        descriptor = os.open(beside, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write the content at `path`: the old or the new stands there, whatever happens midway."""
    with written_durably(path) as beside:
        beside.write_bytes(content)


def digests_of(path: Path) -> FileDigests:
    """Return the digests of a regular file in one pass, without following a link."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
        sha256 = hashlib.sha256()
        md5 = hashlib.md5(usedforsecurity=False)
        size = 0
        while chunk := stream.read(_CHUNK_BYTES):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
    return FileDigests(sha256.hexdigest(), md5.hexdigest(), size)


def digests_of_bytes(content: bytes) -> FileDigests:
    """Return the digests of these bytes."""
    return FileDigests(
        hashlib.sha256(content).hexdigest(), hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content)
    )


class CopyDiffers(OSError):
    """A copy was read back and is not what was copied: the disk or the network share is at fault, or the file still grows."""


def copy_durably(source: Path, target: Path) -> FileDigests:
    """Copy a regular file's bytes, time and mode to `target` (new), synced and read back; raises CopyDiffers.

    The source is opened without blocking, so that a fifo given by mistake cannot hang us. Midway a part may stand at `target`.
    """
    with (
        os.fdopen(os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as reading,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as writing,
    ):
        sha256 = hashlib.sha256()
        while chunk := reading.read(_CHUNK_BYTES):
            sha256.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
        stat = os.fstat(reading.fileno())
        os.utime(writing.fileno(), ns=(stat.st_atime_ns, stat.st_mtime_ns))
        os.fchmod(writing.fileno(), stat.st_mode & 0o777 | 0o600)
    digests = digests_of(target)
    if digests.sha256 != sha256.hexdigest():
        raise CopyDiffers(errno.EIO, "the copy differs from what was copied")
    return digests
