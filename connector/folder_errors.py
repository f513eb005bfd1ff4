"""What can go wrong with a folder, told as one of the store's four errors."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connector.folder_pointers import OWN_FOLDER
from connector.interfaces import StoreForbidden, StoreRefused, StoreUnreachable
from ingest.message import N_, Message, os_reason
from metadata.values import StoreId

_NO_RIGHT = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class ArchiveGone(OSError):
    """The archive folder holds nothing of ours, though records were filed there: most likely its disk is not mounted."""

    def __init__(self, archive: Path) -> None:
        super().__init__(errno.ENOENT, "the archive is not there", str(archive))

    def told(self) -> tuple[Message, Message]:
        """Return what happened and what to do."""
        facts = {"folder": self.filename, "own": OWN_FOLDER}
        return (
            Message(N_("The archive folder {folder} is empty or gone, though records were filed there."), facts),
            Message(
                N_(
                    "Mount its disk, or restore it from the backup; filing goes on by itself. If it is to begin empty, make the folder {own} in it."
                ),
                facts,
            ),
        )


@contextmanager
def told_as_store_errors(archive: Path) -> Iterator[None]:
    """Turn an OSError into StoreForbidden (rights) or StoreUnreachable (full, away, broken)."""
    try:
        yield
    except ArchiveGone as error:
        raise StoreUnreachable(*error.told()) from error
    except OSError as error:
        facts, why = {"folder": str(archive)}, {"reason": os_reason(error)}
        if error.errno in _NO_RIGHT:
            raise StoreForbidden(
                Message(N_("Cannot write to the archive folder {folder}: {reason}."), facts, why),
                Message(N_("Give the account that runs guidang the right to write there.")),
            ) from error
        if error.errno in _FULL:
            raise StoreUnreachable(
                Message(N_("The archive folder {folder} is full: {reason}."), facts, why),
                Message(N_("Make room there; filing goes on by itself.")),
            ) from error
        raise StoreUnreachable(
            Message(N_("Cannot reach the archive folder {folder}: {reason}."), facts, why),
            Message(N_("See that the disk is there and mounted; filing goes on by itself.")),
        ) from error


def bytes_changed() -> StoreRefused:
    """The PDF to be filed is not the one whose digest was journalled."""
    return StoreRefused(
        Message(N_("The PDF that was to be filed is not the one that was made: its digest differs.")),
        Message(N_("Check the disk on which guidang keeps its work, then put the scan back into the inbox.")),
    )


def not_there(store_id: StoreId) -> StoreRefused:
    """A record that was to be amended is gone."""
    return StoreRefused(
        Message(N_("Record {record} does not stand in the archive any more."), {"record": store_id}),
        Message(N_("Restore it from the backup, or put its scan back into the inbox.")),
    )
