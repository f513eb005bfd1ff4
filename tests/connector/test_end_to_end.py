"""The main job with every part real: demo scans in a folder end in the archive, and bad files beside a note."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest

from connector.assembly import build
from connector.config import load
from connector.connector_app import Connector
from ingest.interfaces import Fault
from metadata.values import RecordEntry, RecordState, ScanState
from tests.connector.example_config import written

DEMO = Path(__file__).parents[2] / "demo"
INBOX = "客户服务"
AT_ONCE = (("quiet_seconds = 2", "quiet_seconds = 0"), ("patience_seconds = 600", "patience_seconds = 0"))


@pytest.fixture
def connector(tmp_path: Path) -> Iterator[Connector]:
    """A connector with the demo's customers and empty inboxes."""
    shutil.copy(DEMO / "customers.csv", tmp_path / "customers.csv")
    config = load(written(tmp_path, *AT_ONCE, ("max_pages = 1000", "max_pages = 20")))
    for inbox in config.inboxes:
        inbox.path.mkdir(parents=True)
    with closing(build(config, {})) as connector:
        yield connector


def _work(connector: Connector) -> None:
    connector.look()
    connector.look()
    connector.work()


@pytest.mark.tesseract
def test_scan_dropped_into_the_folder_ends_in_the_archive(connector: Connector, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / INBOX
    shutil.copy(DEMO / "scans" / INBOX / "SCAN0053.PDF", inbox)

    _work(connector)

    assert sorted(p.name for p in (inbox / "done").iterdir()) == ["SCAN0053.PDF"]
    records = list(connector.journal.records())
    assert records
    assert all(record.state in (RecordState.INDEXED, RecordState.HELD) for record in records)
    assert all(_stands(connector, record) for record in records)
    assert len(list((tmp_path / "archive").rglob("*.pdf"))) == len(records)
    assert not any((inbox / ".guidang").iterdir())


def _stands(connector: Connector, record: RecordEntry) -> bool:
    assert record.store_id is not None
    assert record.digests is not None
    stored = connector.store.read_back(record.store_id, record.digests)
    return stored is not None and stored.digests_agree and stored.reference_code == record.reference_code


def _make_bad_files(inbox: Path) -> dict[str, Fault]:
    """Put one of each kind of bad file into the inbox; return what is wrong with each."""
    good = (DEMO / "scans" / INBOX / "SCAN0053.PDF").read_bytes()
    with pikepdf.open(DEMO / "scans" / INBOX / "SCAN0053.PDF") as pdf:
        pdf.save(inbox / "encrypted.pdf", encryption=pikepdf.Encryption(owner="x", user="y"))
    many = pikepdf.new()
    for _ in range(21):
        many.add_blank_page()
    many.save(inbox / "many.pdf")
    pikepdf.new().save(inbox / "no pages.pdf")
    (inbox / "truncated.pdf").write_bytes(good[: len(good) // 2])
    (inbox / "empty.pdf").write_bytes(b"")
    (inbox / "letter.docx").write_bytes(b"PK\x03\x04 no scan at all")
    (inbox / "named so.pdf").write_bytes(b"just some text, not a PDF")
    (inbox / "new\nline.pdf").write_bytes(b"not a scan, with a newline in its name")
    (inbox / os.fsdecode(b"bytes\xff\xfe.pdf")).write_bytes(b"not a scan, with a name that is no UTF-8")
    (inbox / "link.pdf").symlink_to("/etc/hostname")
    (inbox / "folder.pdf").mkdir()
    return {
        "encrypted.pdf": Fault.ENCRYPTED,
        "many.pdf": Fault.TOO_MANY_PAGES,
        "no pages.pdf": Fault.NO_PAGES,
        "truncated.pdf": Fault.DAMAGED,
        "empty.pdf": Fault.EMPTY,
        "letter.docx": Fault.NOT_A_SCAN,
        "named so.pdf": Fault.NOT_A_SCAN,
        "new_line.pdf": Fault.NOT_A_SCAN,
        "bytes\ufffd\ufffd.pdf": Fault.NOT_A_SCAN,
        "link.pdf": Fault.NOT_REGULAR,
        "folder.pdf": Fault.NOT_REGULAR,
    }


@pytest.mark.tesseract
def test_every_bad_file_ends_in_failed_with_a_note_and_the_others_go_on(connector: Connector, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / INBOX
    wanted = _make_bad_files(inbox)
    shutil.copy(DEMO / "scans" / INBOX / "SCAN0053.PDF", inbox / "good.pdf")

    _work(connector)

    found = {s.original_name: s.reason_code for s in connector.journal.scans(frozenset({ScanState.QUARANTINED}))}
    assert found == {name: fault.value for name, fault in wanted.items()}
    failed = {path.name for path in (inbox / "failed").iterdir()}
    for name in wanted:
        assert name in failed
        assert any(other.startswith(name) and other.endswith((".note.txt", ".说明.txt")) for other in failed), name
    assert sorted(path.name for path in (inbox / "done").iterdir()) == ["good.pdf"]
    assert [path.name for path in inbox.iterdir() if path.name not in {"done", "failed", ".guidang"}] == []
    sums = connector.journal.balance()["scans"]
    assert (sums["QUARANTINED"], sums["CLOSED"], sums["seen"]) == (len(wanted), 1, len(wanted) + 1)


@pytest.mark.tesseract
def test_log_of_a_day_names_no_customer(connector: Connector, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / INBOX
    shutil.copy(DEMO / "scans" / INBOX / "SCAN0053.PDF", inbox)
    _work(connector)

    log = (tmp_path / "data" / "guidang.log").read_text(encoding="utf-8")

    assert "CLOSED" in log
    for line in (DEMO / "customers.csv").read_text(encoding="utf-8-sig").splitlines()[1:]:
        number, name = line.split(",")[:2]
        assert number not in log
        assert name not in log
    assert "SCAN0053" not in json.dumps(log)
