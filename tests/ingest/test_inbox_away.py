"""An inbox on a share that goes away, files that cannot be moved, events, and a writer in real time."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from ingest.claim import ChangedAfterAll, claim
from ingest.clock import SystemClock
from ingest.inbox import MOST_CLAIMS_A_LOOK, Inbox, InboxPlace
from ingest.interfaces import Fault, InboxUnusable
from ingest.settle import SettleRule
from ingest.values import Scan
from ingest.wholeness import fault_of
from tests.ingest.inboxes import PATIENCE, PDF, QUIET, looked
from tests.ingest.making import SetClock, pdf_bytes, scanned_pdf, written


def test_vanished_share_is_said_and_recovers_by_itself(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    inbox.look()
    top.rename(top.with_name("away"))

    with pytest.raises(InboxUnusable) as raised:
        inbox.look()
    top.with_name("away").rename(top)
    back = looked(inbox, clock)

    assert "service" in str(raised.value)
    assert [scan.original_name for scan in back] == ["a.pdf"]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_bare_mount_point_is_not_taken_for_the_inbox(tmp_path: Path, clock: SetClock) -> None:
    """The share is unmounted: its folder is there, empty, on another device. Nothing may be made in it."""
    share = Path("/dev/shm") / f"guidang-share-{os.getpid()}"
    bare = tmp_path / "bare"
    share.mkdir()
    bare.mkdir()
    top = tmp_path / "inbox"
    try:
        top.symlink_to(share)
        inbox = Inbox(InboxPlace("service", top, is_polled=True), clock, fault_of)
        inbox.look()
        top.unlink()
        top.symlink_to(bare)

        with pytest.raises(InboxUnusable):
            inbox.look()
        assert list(bare.iterdir()) == []

        top.unlink()
        top.symlink_to(share)
        assert inbox.look() == ()
    finally:
        (share / ".guidang").rmdir()
        share.rmdir()


def test_one_file_that_cannot_be_moved_does_not_stop_the_others(
    inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(top / "a.pdf", PDF)
    written(top / "b.pdf", PDF)
    real_rename = os.rename

    def rename(source: Path, target: Path) -> None:
        if source.name == "a.pdf":
            raise PermissionError(13, "no")
        real_rename(source, target)

    monkeypatch.setattr(os, "rename", rename)

    claimed = looked(inbox, clock)

    assert [scan.original_name for scan in claimed] == ["b.pdf"]
    with pytest.raises(InboxUnusable):
        inbox.look()


def test_event_hints_but_our_own_moves_do_not(top: Path, clock: SetClock) -> None:
    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0, 0)), clock, fault_of)
    hinted = threading.Event()
    inbox.look()
    inbox.hint(hinted.set)
    try:
        written(top / "sub" / "a.pdf", PDF)
        assert hinted.wait(5)
        time.sleep(0.3)
        hinted.clear()

        (top / "sub" / "a.pdf").read_bytes()
        written(top / ".guidang" / "x" / "pages.jsonl", b"{}")

        assert not hinted.wait(0.5)
    finally:
        inbox.close()


def test_events_begin_when_an_inbox_that_was_away_is_there(tmp_path: Path, clock: SetClock) -> None:
    top = tmp_path / "mounted later"
    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0, 0)), clock, fault_of)
    hinted = threading.Event()
    inbox.hint(hinted.set)
    try:
        with pytest.raises(InboxUnusable):
            inbox.look()
        top.mkdir()
        inbox.look()
        time.sleep(0.2)
        hinted.clear()

        written(top / "a.pdf", PDF)

        assert hinted.wait(5)
    finally:
        inbox.close()


def test_folder_that_is_filled_while_it_is_claimed_is_given_back(top: Path) -> None:
    written(top / "new.pdf" / "a.pdf", PDF)

    with pytest.raises(ChangedAfterAll):
        claim(top / "new.pdf", None, top / ".guidang" / "one")

    assert (top / "new.pdf" / "a.pdf").read_bytes() == PDF


def test_backlog_is_not_looked_through_before_the_first_is_claimed(top: Path, clock: SetClock) -> None:
    """100,000 files: each would be opened to see whether it is whole before one of them is taken."""
    opened: list[Path] = []

    def find_fault(path: Path) -> Fault | None:
        opened.append(path)
        return None

    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, find_fault)
    for number in range(MOST_CLAIMS_A_LOOK + 50):
        written(top / f"{number}.pdf", PDF)

    looked(inbox, clock)

    assert len(opened) == MOST_CLAIMS_A_LOOK


def test_real_writer_in_real_time_is_left_alone_until_it_has_finished(top: Path) -> None:
    """A scanner that writes for a second, page by page, at its final name; looked at all the while."""
    whole = pdf_bytes(scanned_pdf(5))
    path = top / "scan.pdf"

    def write_slowly() -> None:
        with path.open("wb") as stream:
            for start in range(0, len(whole), len(whole) // 10):
                stream.write(whole[start : start + len(whole) // 10])
                stream.flush()
                time.sleep(0.1)

    inbox = Inbox(InboxPlace("service", top, rule=SettleRule(0.25, 600)), SystemClock(), fault_of)
    writer = threading.Thread(target=write_slowly)
    writer.start()
    claimed: tuple[Scan, ...] = ()
    deadline = time.monotonic() + 20
    while not claimed and time.monotonic() < deadline:
        claimed = inbox.look()
        time.sleep(0.02)
    writer.join()

    assert [scan.path.read_bytes() for scan in claimed] == [whole]
