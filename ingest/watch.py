"""Events of a folder as a hint that a look is worth while now; never the truth, and never needed.

Why only a hint: inotify drops events after 16,384 (seen), gives none on network mounts, and runs out of watches. Our own moves
and our own reading make events, too; those are not passed on, or every look would cause the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from ingest.names import OWN_FOLDERS

log = logging.getLogger(__name__)

_READING = frozenset({"opened", "closed_no_write"})


class _Handler(FileSystemEventHandler):
    def __init__(self, top: Path, callback: Callable[[], None]) -> None:
        self._top = top
        self._callback = callback

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass it on unless it is our own reading or inside our own folders."""
        if event.event_type not in _READING and not is_own(self._top, str(event.src_path)):
            self._callback()


def is_own(top: Path, source: str) -> bool:
    """Return whether something happened in one of our own folders, or to the inbox as a whole by our moves."""
    try:
        parts = Path(source).relative_to(top).parts
    except ValueError:
        return False
    return bool(parts) and parts[0] in OWN_FOLDERS


class Watch:
    """Events of one folder and its subfolders."""

    def __init__(self, top: Path, callback: Callable[[], None]) -> None:
        self._top = top
        self._callback = callback
        self._observer: BaseObserver | None = None
        self._has_warned = False

    def start(self) -> bool:
        """Begin, or begin anew after a mount has come back; return whether there will be events."""
        self.stop()
        observer = Observer()
        try:
            observer.schedule(_Handler(self._top, self._callback), str(self._top), recursive=True)
            observer.start()
        except OSError as error:
            if not self._has_warned:
                log.warning("no events for an inbox (error %s): its listing alone is used", error.errno)
            self._has_warned = True
            return False
        self._observer = observer
        return True

    def stop(self) -> None:
        """End; may be called twice."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=5.0)
            self._observer = None
