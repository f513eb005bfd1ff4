"""What the tests of an inbox share: a good scan, two looks with a wait between, and what the clerk sees in the folder."""

from __future__ import annotations

from pathlib import Path

from ingest.inbox import Inbox
from ingest.values import Scan
from tests.ingest.making import SetClock, digital_pdf, pdf_bytes

PDF = pdf_bytes(digital_pdf())
QUIET, PATIENCE = 5.0, 600.0


def looked(inbox: Inbox, clock: SetClock, seconds: float = QUIET) -> tuple[Scan, ...]:
    """Look, wait, and look again: what had settled comes out."""
    first = inbox.look()
    clock.pass_by(seconds)
    return first + inbox.look()


def standing_in(folder: Path) -> list[str]:
    """Return what the clerk sees in the folder, our own folders left out."""
    return sorted(p.name for p in folder.iterdir() if p.name not in {".guidang", "done", "failed", "rejected"})
