"""A claim that was cut short at any of its steps: the scan is found again, once, and nothing of it is lost."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.claim import claim, take_copy
from ingest.inbox import Inbox, InboxPlace
from ingest.interfaces import InboxUnusable
from ingest.settle import SettleRule
from ingest.wholeness import fault_of
from tests.ingest.inboxes import PATIENCE, PDF, QUIET, looked, standing_in
from tests.ingest.making import SetClock, written


def test_claim_that_the_journal_never_heard_of_is_recovered(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    scans = looked(inbox, clock)

    again = Inbox(InboxPlace("service", top), SetClock(), fault_of)

    assert again.recover() == scans


def test_crash_between_making_the_work_folder_and_the_move_leaves_the_file_in_the_inbox(
    inbox: Inbox, top: Path, clock: SetClock
) -> None:
    written(top / "a.pdf", PDF)
    (top / ".guidang" / "20241103T120000000000-0123456789" / "original").mkdir(parents=True)

    recovered = inbox.recover()
    claimed = looked(inbox, clock)

    assert recovered == ()
    assert [scan.original_name for scan in claimed] == ["a.pdf"]


def test_crash_while_copying_leaves_the_file_in_the_inbox(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "incoming", PDF[:100])
    (work / "original").mkdir()

    recovered = inbox.recover()

    assert recovered == ()
    assert not work.exists()
    assert len(looked(inbox, clock)) == 1


def test_crash_between_copy_and_removal_does_not_take_the_scan_twice(inbox: Inbox, top: Path, clock: SetClock) -> None:
    source = written(top / "a.pdf", PDF)
    seen = source.lstat()
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "original" / "a.pdf", PDF)
    note = (
        f'{{"source": "{os.fsencode(source).hex()}", "size_bytes": {seen.st_size}, "changed_ns": {seen.st_mtime_ns}}}'
    )
    written(work / "source.json", note.encode())

    [scan] = inbox.recover()
    claimed = looked(inbox, clock)

    assert scan.path.read_bytes() == PDF
    assert claimed == ()
    assert standing_in(top) == []


def test_new_file_under_the_old_name_survives_the_recovery_of_a_copy(inbox: Inbox, top: Path) -> None:
    written(top / "a.pdf", PDF + b"another scan")
    work = top / ".guidang" / "20241103T120000000000-0123456789"
    written(work / "original" / "a.pdf", PDF)
    note = f'{{"source": "{os.fsencode(top / "a.pdf").hex()}", "size_bytes": {len(PDF)}, "changed_ns": 1}}'
    written(work / "source.json", note.encode())

    inbox.recover()

    assert standing_in(top) == ["a.pdf"]


def test_one_claimed_scan_that_cannot_be_read_does_not_hold_up_the_others(
    inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad sector under one scan; the others are recovered, and this one with a later look, once it can be read."""
    for name in ("a.pdf", "bad.pdf", "c.pdf"):
        written(top / name, PDF)
    looked(inbox, clock)
    real_open, is_broken = os.open, [True]

    def broken(path: Path, *rest: int) -> int:
        if is_broken[0] and str(path).endswith("bad.pdf"):
            raise OSError(errno.EIO, "Input/output error")
        return real_open(path, *rest)

    monkeypatch.setattr(os, "open", broken)
    after = Inbox(InboxPlace("service", top, is_polled=True), clock, fault_of)

    recovered_at_first = [scan.original_name for scan in after.recover()]
    still_broken = after.look()
    is_broken[0] = False
    later = [scan.original_name for scan in after.look()]

    assert recovered_at_first == ["a.pdf", "c.pdf"]
    assert still_broken == ()
    assert later == ["bad.pdf"]


def test_spoilt_note_of_a_copy_does_not_stop_the_recovery(inbox: Inbox, top: Path, clock: SetClock) -> None:
    written(top / "a.pdf", PDF)
    (scan,) = looked(inbox, clock)
    written(top / "a.pdf", PDF)
    (scan.path.parents[1] / "source.json").write_bytes(b"\0\0\0\0")

    assert [found.scan_id for found in inbox.recover()] == [scan.scan_id]
    assert (top / "a.pdf").exists()


def test_full_disk_is_called_full(inbox: Inbox, top: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    written(top / "a.pdf", PDF)
    real_mkdir, is_full = Path.mkdir, [False]

    def mkdir(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if is_full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real_mkdir(self, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    inbox.look()
    clock.pass_by(QUIET)
    is_full[0] = True

    with pytest.raises(InboxUnusable) as raised:
        inbox.look()

    assert "full" in str(raised.value)
    assert (top / "a.pdf").read_bytes() == PDF


def test_work_folder_that_holds_kept_pages_is_not_thrown_away(inbox: Inbox, top: Path) -> None:
    kept = written(top / ".guidang" / "20241103T120000000000-0123456789" / "pages.jsonl", b"{}")

    assert inbox.recover() == ()
    assert kept.exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_work_folder_on_another_file_system_copies_verifies_and_deletes(top: Path, clock: SetClock) -> None:
    elsewhere = Path("/dev/shm") / f"guidang-test-{os.getpid()}"
    elsewhere.mkdir()
    try:
        (top / ".guidang").symlink_to(elsewhere)
        inbox = Inbox(InboxPlace("service", top, rule=SettleRule(QUIET, PATIENCE)), clock, fault_of)
        written(top / "a.pdf", PDF)
        (top / "link.pdf").symlink_to("a.pdf")

        scans = looked(inbox, clock)
        kept = [inbox.put_away(scan, "done", None, "") for scan in scans if not scan.path.is_symlink()]

        assert sorted(scan.original_name for scan in scans) == ["a.pdf", "link.pdf"]
        assert standing_in(top) == []
        assert [path.read_bytes() for path in kept] == [PDF]
    finally:
        for path in sorted(elsewhere.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        elsewhere.rmdir()


def test_parts_of_a_claim_can_be_called_alone(top: Path) -> None:
    """The tests above stand for crashes between them."""
    path = written(top / "a.pdf", PDF)

    claimed = claim(path, None, top / ".guidang" / "one")
    copied = take_copy(claimed, top / ".guidang" / "two")

    assert copied.read_bytes() == PDF
